"""Rows of signs to columns, read one after the other, in Arabic the right one first."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from corpus.pdf.glyphs import Glyph

_MIN_GUTTER = 0.9
"""Between columns, in sizes of the type."""
_MIN_COLUMN_ROWS = 4
_MIN_COLUMN_SHARE = 0.22
"""Of the width: numbers of a list stand in no column."""
_FILLED = 0.55
"""How much of its column the median row of running text takes up; cells of a table take less."""

Row = list[Glyph]
"""Signs on one baseline, from left to right."""
_Span = tuple[float, float]


def columns(rows: list[Row], rightwards: bool) -> list[list[Row]]:
    """The rows of a page in reading order, cut where columns of running text stand beside each other.

    `rightwards`: whether the left column is read first.
    """
    found: list[list[Row]] = []
    plain: list[Row] = []
    at = 0
    while at < len(rows):
        end, gutter = _band(rows, at)
        sides = _sides(rows[at:end], gutter) if gutter is not None else None
        if sides is None:
            plain.append(rows[at])
            at += 1
            continue
        if plain:
            found.append(plain)
            plain = []
        for side in sides if rightwards else sides[::-1]:
            found += columns(side, rightwards)
        at = end
    if plain:
        found.append(plain)
    return found


def _gaps(row: Row) -> list[_Span]:
    """Where a row has no sign, from far left to far right."""
    gaps: list[_Span] = []
    reach = float("-inf")
    for glyph in row:
        if glyph.left > reach:
            gaps.append((reach, glyph.left))
        reach = max(reach, glyph.right)
    return [*gaps, (reach, float("inf"))]


def _band(rows: list[Row], start: int) -> tuple[int, _Span | None]:
    """The longest stretch of rows from `start` that one gutter runs through, and that gutter."""
    left = min(glyph.left for row in rows[start:] for glyph in row)
    right = max(glyph.right for row in rows[start:] for glyph in row)
    best: tuple[int, _Span | None] = (start + 1, None)
    open_gaps: list[_Span] = [(left, right)]
    for end in range(start, len(rows)):
        size = max(glyph.size for glyph in rows[end])
        common = [
            (max(a, c), min(b, d))
            for a, b in open_gaps
            for c, d in _gaps(rows[end])
            if min(b, d) - max(a, c) >= _MIN_GUTTER * min(size, 14.0)
        ]
        inner = [gap for gap in common if _inside(gap, rows[start : end + 1])]
        if not common:
            break
        open_gaps = common
        if inner:
            best = (end + 1, max(inner, key=lambda gap: gap[1] - gap[0]))
    return best


def _inside(gap: _Span, rows: Sequence[Row]) -> bool:
    """Whether signs stand on both sides of the gap."""
    middle = (gap[0] + gap[1]) / 2
    before = any(row[0].left < middle for row in rows)
    return before and any(row[-1].right > middle for row in rows)


def _sides(rows: Sequence[Row], gutter: _Span | None) -> list[list[Row]] | None:
    """What stands left and right of the gutter, where both are columns of running text."""
    if gutter is None:
        return None
    middle = (gutter[0] + gutter[1]) / 2
    sides = [
        [part for row in rows if (part := [glyph for glyph in row if (glyph.left < middle) == left])]
        for left in (True, False)
    ]
    edges = [
        (min(row[0].left for row in side), max(max(g.right for g in row) for row in side)) if side else (0.0, 0.0)
        for side in sides
    ]
    whole = max(edges[0][1], edges[1][1]) - min(edges[0][0], edges[1][0])
    for side, (left, right) in zip(sides, edges, strict=True):
        if len(side) < _MIN_COLUMN_ROWS or right - left < _MIN_COLUMN_SHARE * whole:
            return None
        widths = [max(glyph.right for glyph in row) - row[0].left for row in side]
        if statistics.median(widths) < _FILLED * (right - left):
            return None
    return sides
