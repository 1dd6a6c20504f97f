"""The HTML templates of `ui/templates`, in an environment that escapes every value put into them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional

from ui import i18n

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from rag.types import ScoredPassage

EXCERPT_CHARS = 280
"""Length of a related passage in the answer; the panel shows it whole."""

# Overrides would show a text in another order than the one it is stored in. Embeddings and isolates are left alone: the
# paragraph that they stand in bounds them.
_OVERRIDES = re.compile("([\u202d\u202e])")
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# HTML has no way to write these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def render(template: str, **values: Any) -> Markup:
    """The HTML of `template`; `values` are escaped unless they are Markup, which only this function makes."""
    from markupsafe import Markup

    return Markup(_environment().get_template(template).render(values))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("ui"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        languages=i18n.LANGUAGES, t=i18n.text, interface_language=i18n.interface_language, direction=direction
    )
    environment.filters.update(
        source=source,
        plain=plain,
        direction=direction_of,
        date=i18n.date_text,
        language_name=i18n.language_name,
        excerpt=excerpt,
        source_name=source_name,
        image_pages=i18n.image_pages_text,
    )
    return environment


def direction_of(text: str) -> str:
    """The direction that most of the text's letters are written in; "auto" where it has none.

    Better than a browser's own `auto`, which looks at the first letter: Arabic often begins with a Latin name.
    """
    kinds = Counter(bidirectional(character) for character in text)
    right, left = kinds["R"] + kinds["AL"], kinds["L"]
    return "auto" if right == left == 0 else "rtl" if right >= left else "ltr"


def direction(language: str) -> str:
    """The writing direction of an interface language, as HTML's `dir` names it."""
    return "rtl" if language == "ar" else "ltr"


def source(text: str) -> Markup:
    """Text that others wrote, as HTML: escaped, and what would reorder it on the screen shown by its name instead.

    The name comes from the style sheet, so it is no part of what is selected and copied. Control characters that HTML
    cannot carry become the replacement character.
    """
    from markupsafe import Markup, escape

    pieces = _OVERRIDES.split(_UNWRITABLE.sub("\ufffd", text))
    return Markup("").join(
        Markup('<span class="tw-control" data-code="U+{}"></span>').format(f"{ord(piece):04X}")
        if _OVERRIDES.fullmatch(piece)
        else escape(piece)
        for piece in pieces
    )


def plain(text: str) -> str:
    """Text that others wrote, for an attribute that a script shows: without what would reorder it on the screen."""
    return _REORDERING.sub("", _UNWRITABLE.sub("\ufffd", text))


def source_name(source: str) -> str:
    """A source as readers elsewhere are told of it: an address whole, a file by its name.

    Where its folder is on the server's disk means nothing to them, and is none of their business.
    """
    if source.lower().startswith(("http://", "https://")):
        return source
    return PureWindowsPath(source).name or source


def excerpt(found: ScoredPassage, chars: int = EXCERPT_CHARS) -> str:
    """A related passage from the sentence on that is nearest to the question, cut between words."""
    text = found.from_nearest
    left_out = "" if text == found.passage.text else "… "
    folded = " ".join(text.split())
    if len(folded) <= chars:
        return left_out + folded
    return f"{left_out}{folded[:chars].rsplit(' ', 1)[0]} …"
