"""The title and the author that a PDF states, where they are such, and the title that its first page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.pdf.lines import Line

_LARGER = 1.18
"""How much larger than running text a title is set."""
_LONGEST = 250
# What programs put there by themselves.
_NO_TITLE = re.compile(
    r"(?i)^(?:microsoft (?:word|excel|powerpoint|publisher)\b.*|(?:untitled|document|title|slide|presentation|book|"
    r"layout|print|page|sheet)\W*\d*|about:blank|https?://\S+|www\.\S+|\W*|عنوان|بدون عنوان.*|مستند\W*\d*|\S*://\S*)$"
    r"|\.(?:docx?|dotx?|rtf|odt|pdf|indd|qxd|qxp|pptx?|xlsx?|pub|txt|tex|dvi|html?|wpd|pages|md)$"
)
_LOGIN = re.compile(r"(?i)^(?:[a-z][a-z0-9._-]*|user\W*\d*|admin\w*|owner|windows user|.*\\.*|\W*|pc\W*\d*|hp|dell)$")


def stated_title(value: str) -> str | None:
    """The title that the file states; None for what a program wrote there: a file's name, "Microsoft Word - …"."""
    text = " ".join(value.split())
    if not text or len(text) > _LONGEST or _NO_TITLE.search(text) or ("_" in text and " " not in text):
        return None
    return text


def stated_author(value: str) -> str | None:
    """The author that the file states; None for the name of an account, which is one word in Latin letters."""
    text = " ".join(value.split())
    return None if not text or len(text) > _LONGEST or _LOGIN.match(text) else text


def shown_title(pages: Sequence[Sequence[Line]], body: float) -> str | None:
    """The largest lines of the first page that has text, where they are larger than the running text."""
    lines = next((lines for lines in pages if lines), ())
    if not lines:
        return None
    words = [line for line in lines if sum(sign.isalpha() for sign in line.text) >= 3]
    largest = max((line.size for line in words), default=0.0)
    if largest < _LARGER * body:
        return None
    first = next(at for at, line in enumerate(lines) if line in words and line.size > 0.95 * largest)
    end = first + 1
    while end < len(lines) and abs(lines[end].size - largest) <= 0.05 * largest and end - first < 6:
        end += 1
    text = " ".join(line.text for line in lines[first:end])
    return text if len(text) <= _LONGEST else None
