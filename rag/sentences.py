"""Sentences and list items of a text, as spans: Arabic, English and mixed.

Our own rules because general splitters cut Arabic at commas and colons. A sentence ends at `. ! ? ؟ ؛ … ۔` before
white space, not inside numbers, dates, abbreviations or initials. A list item stays whole. Nothing is longer than
`MAX_QUOTE_CHARS`: what would be is cut after a clause mark, so that every span can be quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.types import MAX_QUOTE_CHARS

Kind = Literal["sentence", "item", "heading"]


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, list item or heading at text[start:end], without white space around it."""

    start: int
    end: int
    kind: Kind = "sentence"


ITEM = re.compile(
    r"""[ \t]*(?:
        [-*•·▪◦‣–—●■]                      # bullets
      | \(?[0-9٠-٩۰-۹]{1,2}[ ]?(?:[-–.)]+)  # 1- 1. (1) ١- ١)
      | \([a-zA-Zأ-ي]\) | [a-zأ-ي][)]       # (a) a) أ)
    )[ \t]+(?=\S)""",
    re.VERBOSE,
)
"""How a line that is a list item begins."""

_END = re.compile(r"(?:[.!?؟۔]+|؛|…)[\"'»”’)\]]*(?=\s|$)")
_CLAUSE = re.compile(r"[،,:;–—](?=\s)")
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen col lt sgt capt sen rep gov hon rev st jr sr vs etc no vol pp fig art sec ch ed al inc ltd co
    corp dept est approx cf e.g i.e a.m p.m u.s u.k u.n e.u u.s.a jan feb mar apr jun jul aug sep sept oct nov dec
    أ.د د أ م ص ج ط هـ ق.م ب.م ت ش ر س ع كم سم مم كغ""".split()
)
_WORD_BEFORE = re.compile(r"[^\s(\[{«“\"']*$")
_TERMINAL = re.compile(r"[.!?؟؛…:۔][\"'»”’)\]]*$")


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """The spans of `text`, in order, not overlapping; together they hold every character that is not white space.

    `language` is accepted for symmetry with the other analysers: the rules hold for both languages at once, since one
    document may mix them.
    """
    del language
    spans: list[Span] = []
    for start, end in _blocks(text):
        marker = ITEM.match(text, start, end)
        if marker:
            spans.extend(_item(text, start, end))
        else:
            pieces = _sentences(text, start, end)
            heading = len(pieces) == 1 and end - start <= 90 and not _TERMINAL.search(text[start:end])
            spans.extend(Span(a, b, "heading" if heading else "sentence") for a, b in pieces)
    return spans


def _blocks(text: str) -> list[tuple[int, int]]:
    """Stretches that no sentence crosses: lines, or the lines of one hard-wrapped paragraph together."""
    lines: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    blocks: list[tuple[int, int]] = []
    group: list[tuple[int, int]] = []
    for start, end in [*lines, (at, at)]:
        if text[start:end].strip():
            group.append((start, end))
            continue
        blocks.extend(_unwrap(text, group))
        group = []
    return [span for start, end in blocks if (span := _strip(text, start, end))[0] < span[1]]


def _unwrap(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Joins lines that a fixed width broke: three or more, all but the last about equally long, none over 130."""
    lengths = [end - start for start, end in lines]
    wrapped = len(lines) >= 3 and max(lengths) <= 130 and min(lengths[:-1]) >= 0.7 * max(lengths) and max(lengths) >= 40
    if not wrapped:
        return lines
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        if joined and not ITEM.match(text, start, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _item(text: str, start: int, end: int) -> list[Span]:
    """A list item whole; one too long to quote becomes as few pieces as its sentences allow."""
    if end - start <= MAX_QUOTE_CHARS:
        return [Span(start, end, "item")]
    merged: list[tuple[int, int]] = []
    for a, b in _sentences(text, start, end):
        if merged and b - merged[-1][0] <= MAX_QUOTE_CHARS:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return [Span(a, b, "item" if number == 0 else "sentence") for number, (a, b) in enumerate(merged)]


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    marker = ITEM.match(text, start, end)
    search_from = marker.end() if marker else start
    pieces: list[tuple[int, int]] = []
    begin = start
    for mark in _END.finditer(text, search_from, end):
        if _ends_sentence(text, begin, mark, end):
            pieces.append((begin, mark.end()))
            begin = mark.end()
    pieces.append((begin, end))
    stripped = [_strip(text, a, b) for a, b in pieces]
    return [part for a, b in stripped if a < b for part in _cut(text, a, b)]


def _ends_sentence(text: str, begin: int, mark: re.Match[str], end: int) -> bool:
    rest = text[mark.end() : end].lstrip()
    if rest[:1].isdigit() and re.search(r"\b[A-Z]\.[A-Z]?$|\b[Nn]o$", text[begin : mark.start()]):
        return False  # "H.R. 6265", "No. 5"
    if not rest:
        return True
    if mark.group()[0] != ".":
        # "what?" he said: a lower-case Latin letter goes on with the sentence, except after a semicolon
        return mark.group() == "؛" or not rest[0].islower()
    if mark.group().startswith(".."):
        return not rest[0].islower()
    if rest[0].islower():
        return False
    word = _WORD_BEFORE.search(text, begin, mark.start())
    before = (word.group() if word else "").lstrip("وبلكف") if word and len(word.group()) <= 3 else (word.group() if word else "")
    whole = word.group() if word else ""
    if whole.lower() in _ABBREVIATIONS or before.lower() in _ABBREVIATIONS:
        # "the U.S. The …": an abbreviation of capitals may end a sentence, a title or an initial may not
        return whole.count(".") > 0 and whole.isupper() and rest[:4].lower() in {"the ", "it i", "in t", "but "}
    # an initial ("J. Smith", "م. عيسى"), not the pronoun or a list letter at the start of the text
    return not (len(whole) == 1 and whole.isalpha())


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cuts a sentence over `MAX_QUOTE_CHARS` after its last clause mark that fits, else at white space."""
    pieces: list[tuple[int, int]] = []
    while end - start > MAX_QUOTE_CHARS:
        limit = start + MAX_QUOTE_CHARS
        marks = [m.end() for m in _CLAUSE.finditer(text, start, limit)]
        late = [at for at in marks if at - start >= MAX_QUOTE_CHARS // 3 and end - at >= 40]
        if late:
            at = late[-1]
        else:
            spaces = [m.start() for m in re.finditer(r"\s", text[start:limit])]
            at = start + spaces[-1] if spaces and spaces[-1] > 0 else limit
        pieces.append(_strip(text, start, at))
        start, end = _strip(text, at, end)
    if start < end:
        pieces.append((start, end))
    return [(a, b) for a, b in pieces if a < b]
