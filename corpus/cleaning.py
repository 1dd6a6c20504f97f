"""Cleaning: from the repaired text of a page to its article. Cleaning only deletes.

What is furniture is decided by position: the head before the article, the tail after it, the blocks that a label opens
inside it ("Read also"), and by what single lines are (`corpus.furniture`). Running text is only ever given up after a
label that ends an article (comments, about the author), where it promotes the site itself, or as a teaser of a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.document import Removal
from corpus.furniture import INLINE_MARK, Kind, is_menu_line
from corpus.headline import find_headline, mark_headline
from corpus.page_blocks import mark_blocks, mark_tail
from corpus.page_edges import mark_end, mark_head
from corpus.page_lines import Line, lines_of, mark_running_heads

_FOOTNOTE = re.compile(r"(?<=[^\s\[\]])\[\d{1,3}\](?!\()")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`text` is the repaired text without the stretches in `removed`; `title` the headline, where one was found."""

    text: str
    removed: tuple[Removal, ...]
    title: str | None


def clean(text: str, *, title: str | None = None, scraped: bool = True) -> Cleaned:
    """Take the furniture out of `text`, which must be repaired (`corpus.repair`).

    `title` is the headline where the reader knows it. `scraped` says that the text may be a whole page: its head and
    tail are judged by position. Without it (Markdown, extracted HTML) only labelled furniture goes. Text in which
    nothing is recognised stays whole; a text of nothing but furniture becomes empty.
    """
    lines = lines_of(text)
    mark_running_heads(lines)
    headline = find_headline(lines, title) if scraped or title else None
    body = [i for i, line in enumerate(lines) if line.body]
    if scraped and body:
        mark_tail(lines, headline, body)
        mark_blocks(lines)
        mark_head(lines, headline)
        mark_end(lines)
    else:
        _mark_labels(lines, everything=scraped)
    found = title
    if headline is not None:
        said = lines[headline].text.strip()
        # The headline on the page has no site name after it, as the page's stated title often does.
        found = said if not title or said in title else title
        mark_headline(lines, headline)
    return _cut(text, lines, found)


def _mark_labels(lines: list[Line], *, everything: bool) -> None:
    """Where there is no running text to stand around, or the reader knew the page: only labelled furniture goes."""
    kinds = {Kind.PROMO, Kind.CREDIT, Kind.CLOSING} if everything else {Kind.PROMO}
    for line in lines:
        if line.kind in kinds or (line.kind in (Kind.NOISE, Kind.LINKS) and (everything or len(line.text) > 4)):
            line.reason = line.reason or line.kind.value
        elif everything and line.kind is Kind.NAV and is_menu_line(line.text):
            line.reason = line.reason or "menu"


def _cut(text: str, lines: list[Line], title: str | None) -> Cleaned:
    """Delete the marked lines with the blank lines after them, and the marked stretches inside the others."""
    spans: list[tuple[int, int, str]] = []
    for i, line in enumerate(lines):
        if line.reason is None:
            spans += [(line.start + m.start(), line.start + m.end(), "marker") for m in INLINE_MARK.finditer(line.text)]
        else:
            spans.append((line.start, lines[i + 1].start if i + 1 < len(lines) else len(text), line.reason))
    footnotes = [
        (line.start + m.start(), line.start + m.end(), "marker")
        for line in lines
        if line.reason is None
        for m in _FOOTNOTE.finditer(line.text)
    ]
    if len(footnotes) >= 3:
        spans = sorted(spans + footnotes)
    return _apply(text, spans, title)


def _apply(text: str, spans: list[tuple[int, int, str]], title: str | None) -> Cleaned:
    """`text` without `spans` (ordered, apart) and without the blank lines that they leave at its edges."""
    merged: list[tuple[int, int, str]] = []
    for start, end, reason in spans:
        if merged and merged[-1][1] == start and merged[-1][2] == reason:
            merged[-1] = (merged[-1][0], end, reason)
        else:
            merged.append((start, end, reason))
    if merged and merged[-1][1] == len(text):  # the tail goes with the blank lines before it
        first = len(merged) - 1
        while first and merged[first - 1][1] == merged[first][0]:
            first -= 1
        start, end, reason = merged[first]
        merged[first] = (len(text[:start].rstrip("\n")), end, reason)
    pieces, removed, position = [], [], 0
    for start, end, reason in merged:
        pieces.append(text[position:start])
        removed.append(Removal(start, text[start:end], reason))
        position = end
    pieces.append(text[position:])
    return Cleaned("".join(pieces), tuple(removed), title)
