"""Signs to lines, in the order in which the page is read."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from corpus.pdf.columns import Row, columns
from corpus.pdf.glyphs import Glyph
from corpus.pdf.order import kind, logical, spaces

_SAME_BASELINE = 0.4
_NEAR, _STRAY = 0.55, 0.75
_BULLET = 2.2
"""How far from its item a dot may be drawn."""
_RAISED = 0.82
"""A sign smaller than this beside its line is raised or lowered: the number of a note, an exponent."""
_CELL_GAP = 2.0
_CELL = "\x1f"
_UNITS = frozenset(("m", "km", "cm", "mm", "م", "كم", "سم", "ft"))
_POWERS = {"2": "²", "3": "³", "٢": "²", "٣": "³"}


@dataclass(slots=True)
class Line:
    """A line of text: its edges, baseline and size in points, and how wide its first word is.

    `column` is its place among the page's columns. `cells`: whether it is a row of a table.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    page: int
    column: int
    rtl: bool
    first_word: float
    cells: bool = False

    @property
    def start(self) -> float:
        """How far it begins from the side where its language begins to write, growing inwards."""
        return -self.right if self.rtl else self.left

    @property
    def end(self) -> float:
        """How far it reaches, on the same scale."""
        return -self.left if self.rtl else self.right


def page_lines(glyphs: Sequence[Glyph], page: int, bullets: Sequence[Glyph] = ()) -> list[Line]:
    """The lines of a page in reading order; `bullets` are dots that may open items of a list."""
    letters, marks = _marks_apart(glyphs)
    rows = _rows(letters)
    _put_marks(rows, marks)
    rightwards = not _is_arabic(letters)
    lines: list[Line] = []
    for number, found in enumerate(columns(rows, rightwards)):
        # Anew: rows of columns beside each other may not stand at the same height.
        column = _rows([glyph for row in found for glyph in row])
        _put_bullets(column, bullets)
        mostly = not _is_arabic([glyph for row in column for glyph in row])
        kinds = [[kind(glyph.text) for glyph in row] for row in column]
        for at, row in enumerate(column):
            near = [one for other in kinds[max(0, at - 1) : at + 2] for one in other]
            lines.append(_line(row, _rightwards(kinds[at], near, mostly), page, number))
    return [line for line in lines if line.text]


def _marks_apart(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """The signs, and the vowel marks among them."""
    letters: list[Glyph] = []
    marks: list[Glyph] = []
    for glyph in glyphs:
        (marks if all(unicodedata.combining(sign) for sign in glyph.text) else letters).append(glyph)
    return letters, marks


def _rows(glyphs: Sequence[Glyph]) -> list[Row]:
    """Signs on one baseline, from the top downwards, each row from left to right; raised signs with theirs."""
    rows: list[Row] = []
    sizes: list[float] = []
    for glyph in sorted(glyphs, key=lambda one: (-one.base, one.left)):
        near = rows[-1] if rows else None
        if near and near[0].base - glyph.base <= _SAME_BASELINE * max(sizes[-1], glyph.size):
            near.append(glyph)
            sizes[-1] = max(sizes[-1], glyph.size)
        else:
            rows.append([glyph])
            sizes.append(glyph.size)
    for row in _strays_put_back(rows):
        row.sort(key=_from_left)
    return [_without_doubles(row) for row in rows if row]


def _strays_put_back(rows: list[Row]) -> list[Row]:
    """Signs that stand a little above or below their line, in a gap of it, as PDFium says of letters with marks."""
    for one, two in pairwise(rows):
        short, full = (one, two) if len(one) < len(two) else (two, one)
        size = max(glyph.size for glyph in full)
        apart = abs(one[0].base - two[0].base)
        if not short or len(short) * 3 > len(full) or apart > _STRAY * size:
            continue
        if max(glyph.size for glyph in short) > 1.05 * size:
            continue
        if apart <= _NEAR * size or not any(_overlap(a, b) for a in short for b in full):
            two += one
            one.clear()
    return rows


def _overlap(one: Glyph, two: Glyph) -> bool:
    shared = min(one.right, two.right) - max(one.left, two.left)
    return shared > 0.6 * min(one.right - one.left, two.right - two.left) and shared > 0.1


def _from_left(glyph: Glyph) -> tuple[float, bool, float, int]:
    # The letters of a ligature share its place: Latin ones follow on each other from the left, Arabic ones from the
    # right, and an alef is read after the lam that it is written into.
    if kind(glyph.text) == "R":
        return (round(glyph.left, 2), glyph.text[0] not in "اأإآٱ", round(glyph.right, 2), -glyph.index)
    return (round(glyph.left, 2), True, 0.0, glyph.index)


def _without_doubles(row: Row) -> Row:
    """Without what some programs draw twice, a little apart, to make it bold."""
    kept: Row = []
    for glyph in row:
        if any(
            one.text == glyph.text
            and abs(one.left - glyph.left) < 0.08 * glyph.size
            and abs(one.index - glyph.index) > (2 if glyph.text.isascii() else 1)  # the letters of "ff" share a place
            for one in kept[-4:]
        ):
            continue
        kept.append(glyph)
    return kept


def _put_marks(rows: Sequence[Row], marks: Sequence[Glyph]) -> None:
    """Each vowel mark goes to the letter that it stands at."""
    placed: list[Glyph] = []
    for mark in marks:
        if any(_same_mark(mark, one) for one in placed[-4:]):
            continue
        placed.append(mark)
        middle = (mark.left + mark.right) / 2
        best: tuple[float, Glyph] | None = None
        for row in rows:
            if not row or abs(row[0].base - mark.base) > mark.size:
                continue
            for glyph in row:
                if kind(glyph.text) == "N" or glyph.left - 1 > mark.right or glyph.right + 1 < mark.left:
                    continue
                apart = abs((glyph.left + glyph.right) / 2 - middle) + abs(glyph.base - mark.base)
                if abs(glyph.index - mark.index) == 1 and glyph.index < mark.index:
                    apart -= 0.25 * mark.size
                if best is None or apart < best[0]:
                    best = (apart, glyph)
        if best is not None:
            best[1].marks += mark.text


def _put_bullets(rows: Sequence[Row], bullets: Sequence[Glyph]) -> None:
    """Each dot goes to the row that it stands before."""
    for row in rows:
        size, left, right = row[0].size, row[0].left, max(glyph.right for glyph in row)
        for dot in bullets:
            if not -0.05 * size < dot.base - row[0].base < 0.75 * size:
                continue
            here = Glyph(dot.text, dot.left, dot.right, row[0].base, size, -9)
            if 0.1 * size < left - dot.right < _BULLET * size:
                row.insert(0, here)
            elif 0.1 * size < dot.left - right < _BULLET * size:
                row.append(here)


def _same_mark(one: Glyph, two: Glyph) -> bool:
    near = abs(one.left - two.left) < 0.12 * one.size and abs(one.base - two.base) < 0.5 * one.size
    return near and one.text == two.text


def _is_arabic(glyphs: Sequence[Glyph]) -> bool:
    kinds = [kind(glyph.text) for glyph in glyphs]
    return kinds.count("R") > kinds.count("L")


def _rightwards(kinds: Sequence[str], near: Sequence[str], mostly: bool) -> bool:
    """Whether a line is read from left to right: by its letters where they are of one script, else by those near."""
    arabic, latin = kinds.count("R"), kinds.count("L")
    if not arabic or not latin:
        return latin > 0 if arabic or latin else mostly
    arabic, latin = near.count("R"), near.count("L")
    return mostly if abs(arabic - latin) * 4 < arabic + latin else latin > arabic


def _line(row: Row, rightwards: bool, page: int, column: int) -> Line:
    size = _main_size(row)
    base = statistics.median(glyph.base for glyph in row if glyph.size >= _RAISED * size)
    signs: list[str] = []
    raised = [glyph.size < _RAISED * size and glyph.base > base + 0.12 * size for glyph in row]
    before = spaces(row)
    for note, group in groupby(range(len(row)), key=lambda at: raised[at] and row[at].text.isdigit()):
        places = list(group)
        if before[places[0]]:
            signs.append(" ")
        if note:
            near = row[: places[0]] if rightwards else row[: places[-1] : -1]
            signs.append(_note("".join(row[at].text for at in places), "".join(one.text for one in near)))
            continue
        for number, at in enumerate(places):
            if number and before[at]:
                signs.append(_CELL if _far(row, at, size) else " ")
            signs.append(row[at].text + row[at].marks)
    text, cells = _as_cells(logical(signs, rightwards))
    left, right = row[0].left, max(glyph.right for glyph in row)
    first_word = _first_word(row, before, rightwards)
    return Line(text, left, right, base, size, page, column, not rightwards, first_word, cells)


def _note(number: str, before: str) -> str:
    """A raised number: an exponent after a unit, else the number of a note, in brackets as web pages have it."""
    if number in _POWERS and any(before.endswith(unit) for unit in _UNITS):
        return _POWERS[number]
    return f"[{number}]"


def _far(row: Row, at: int, size: float) -> bool:
    """Whether the sign at `at` stands as far from the one on its left as cells of a table do."""
    return row[at].left - max(glyph.right for glyph in row[:at]) > _CELL_GAP * size


def _as_cells(text: str) -> tuple[str, bool]:
    """The text of a line, cells in bars as Markdown has them, and whether it has cells."""
    cells = [" ".join(cell.split()) for cell in text.split(_CELL)]
    cells = [cell for cell in cells if cell]
    if len(cells) > 1 and not any(sign.isalpha() for sign in cells[0]) and len(cells) == 2 and len(cells[0]) <= 5:
        return " ".join(cells), False  # the marker of an item or the number of a heading
    return (f"| {' | '.join(cells)} |", True) if len(cells) > 1 else ("".join(cells), False)


def _main_size(row: Row) -> float:
    widths: dict[float, float] = {}
    for glyph in row:
        size = round(glyph.size, 1)
        widths[size] = widths.get(size, 0.0) + max(glyph.right - glyph.left, 0.1)
    return max(widths, key=lambda size: widths[size])


def _first_word(row: Row, before: Sequence[bool], rightwards: bool) -> float:
    """How wide the word is with which the line begins."""
    if rightwards:
        end = next((at for at in range(1, len(row)) if before[at]), len(row))
        return max(glyph.right for glyph in row[:end]) - row[0].left
    start = next((at for at in range(len(row) - 1, 0, -1) if before[at]), 0)
    return max(glyph.right for glyph in row) - row[start].left
