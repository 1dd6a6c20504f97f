"""Rows of a table as an answer: a figure in a row says nothing without the head of its column.

A row is a line of cells between bars, as the readers write the tables of Markdown, web pages and Word files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from corpus.furniture import is_table_row
from rag.analysis import Words
from rag.answering.selection.signals import TextOf
from rag.query_terms import QueryTerms
from rag.sentences import Span

SpansOf = Callable[[str, int, int], Sequence[tuple[Span, str]]]

REACH = 20_000
"""Code points before and after a row in which the rest of its table, and its head, are looked for."""
MAX_ROWS = 12
"""Rows that are quoted where the question names none of them; of a longer table, the one that was found."""
_GAP = 2
"""Code points between two rows of one table, at most."""


def table_of(document_id: str, span: Span, spans_of: SpansOf, text_of: TextOf) -> list[tuple[Span, str]]:
    """The rows, with their text, of the table that the row `span` is of, in order; the first is its head."""
    near = sorted(
        {one for one, _ in spans_of(document_id, max(0, span.start - REACH), span.end + REACH)},
        key=lambda one: one.start,
    )
    texts = text_of([(document_id, one.start, one.end) for one in near])
    lines = list(zip(near, texts, strict=True))
    at = next((place for place, (one, _) in enumerate(lines) if one.start == span.start), None)
    if at is None or not is_table_row(lines[at][1]):
        return []
    # From the last break before the row to the first one after it.
    breaks = [
        place
        for place, ((one, text), (other, following)) in enumerate(pairwise(lines), 1)
        if other.start - one.end > _GAP or not (is_table_row(text) and is_table_row(following))
    ]
    first = max((place for place in breaks if place <= at), default=0)
    last = min((place for place in breaks if place > at), default=len(lines))
    return lines[first:last]


def told_rows(rows: Sequence[tuple[Span, str]], found: Span, partition: str, terms: QueryTerms) -> list[Span]:
    """The head of a table and those of its rows that the question, whose `terms` they are, names; else all of them.

    `found` is the row that was found, `partition` that of the table's document.
    """
    head, *rest = rows
    shares, _ = terms.overlap(partition, [Words.of(text) for _, text in rest])
    most = max(shares, default=0.0)
    named = [row for (row, _), share in zip(rest, shares, strict=True) if most and share >= most]
    if not named or len(named) == len(rest):
        spans = [row for row, _ in rest]
        at = next((place for place, row in enumerate(spans) if row.start == found.start), 0)
        named = spans if len(spans) <= MAX_ROWS else spans[at : at + 1]
    return [head[0], *named]


def names_a_row(rows: Sequence[tuple[Span, str]], told: Sequence[Span]) -> bool:
    """Whether the rows that are told, the head among them, are some of the table's and not all."""
    return 1 < len(told) < len(rows)
