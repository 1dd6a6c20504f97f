"""How two pieces of text are compared when answers are counted (the design's "How things are counted").

This is apart from the search normalisation in `rag.analysis` on purpose: search may be tuned at any time, while a
change here would silently change the meaning of every published figure.
"""

from __future__ import annotations

import re
import unicodedata

_DROPPED = {"Mn", "Cf"}
"""Unicode categories that go: combining marks (every Arabic diacritic is one), invisible format characters."""

_FOLDED = str.maketrans(
    {
        "آ": "ا",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",  # Farsi yeh, common in pasted Arabic
        "ة": "ه",
        "ـ": None,  # tatweel
    }
)

_SEPARATORS = re.compile(r"[\W_]+")
"""Everything that is neither letter nor digit: a run of it is one token border."""


def normalised_tokens(text: str) -> list[str]:
    """The tokens of `text` as they are compared.

    NFKC; Arabic diacritics and tatweel off; alef, yeh and teh-marbuta folded; lower case; punctuation and white space
    collapsed. Invisible format characters (direction marks, joiners) go too. Arabic-Indic digits stay as they are: NFKC
    does not fold them and neither do the rules.
    """
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    bare = "".join(c for c in composed if unicodedata.category(c) not in _DROPPED)
    return _SEPARATORS.sub(" ", bare.translate(_FOLDED)).split()


def contains(text: str, reference: str) -> bool:
    """Whether the tokens of `reference` stand together, in order, in `text`. A reference without tokens never does."""
    wanted = " ".join(normalised_tokens(reference))
    return bool(wanted) and f" {wanted} " in f" {' '.join(normalised_tokens(text))} "
