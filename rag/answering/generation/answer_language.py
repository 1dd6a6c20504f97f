"""Whether a model wrote in the language that it was to write in: sentence by sentence, and not by what it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.language import detect_language

_QUOTED = re.compile(r"«[^»\n]*»|“[^”\n]*”|„[^“”\n]*[“”]|‹[^›\n]*›|‘[^’\n]*’|\"[^\"\n]*\"|https?://\S+|www\.\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_PARTICLES = frozenset(
    "al el ad ar as ash an at az ez bin ibn abu von van der den de la le du di da del of and the".split()
)
_NAME_WORDS = 3
"""Words in a script without capitals that may be a name and nothing else."""
_ENOUGH_WORDS = 5
"""Words that tell apart languages of one script: with fewer, names and borrowed words decide."""


def language_besides(sentences: Iterable[str], language: str) -> str | None:
    """The language of the first of `sentences` that is in another than `language`; None where there is none.

    Words in quotation marks, addresses and names do not count, and what is left too short to tell is taken as it should
    be. Codes are ISO 639-1.
    """
    for sentence in sentences:
        found = _language_of(_QUOTED.sub(" ", sentence), language)
        if found is not None and found != language:
            return found
    return None


def _language_of(text: str, expected: str) -> str | None:
    """The language of the writer's own words; None where they tell none."""
    words = _WORD.findall(text)
    if not words or _is_name(words, text):
        return None
    found = detect_language(text, prior=expected)
    same_script = bool(_ARABIC.search(text)) == (expected in ("ar", "fa", "ur", "ku"))
    if found == "und" or (same_script and len(words) < _ENOUGH_WORDS):
        return None
    return found


def _is_name(words: list[str], text: str) -> bool:
    """Whether there is nothing but a name, or several: capitals, or a few words of Arabic without a figure."""
    latin = [word for word in words if not _ARABIC.search(word)]
    if latin:
        return all(word[0].isupper() or word.lower() in _PARTICLES for word in latin) and len(latin) == len(words)
    return len(words) <= _NAME_WORDS and not any(character.isdigit() for character in text)
