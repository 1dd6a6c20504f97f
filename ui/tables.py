"""Tables of the command line, laid out in the direction of their language: the locale's, unless they say another."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from rag.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE
from ui import i18n
from ui.output import printable

_RIGHT_TO_LEFT = "\u200f"

T = TypeVar("T")


def grid(
    names: Sequence[str],
    rows: Sequence[Sequence[str | Text]],
    *,
    header: bool = True,
    whole: Collection[int] = (),
    numbers: Collection[int] = (),
    language: i18n.Language | None = None,
) -> Table:
    """A table without lines. In Arabic its first column stands at the right, and every cell keeps to the right.

    There each line of a cell is isolated, because a terminal that reorders Arabic would run two cells of one line
    together. Strings are plain text from anywhere. The columns `whole` and `numbers` do not wrap; of these the latter
    keep to the right in either language.
    """
    rtl = (language or i18n.command_language()) == "ar"
    table = Table(box=None, pad_edge=False, show_header=header)
    for at, name in _ordered(list(enumerate(names)), rtl=rtl):
        table.add_column(
            _Isolated(Text(name)) if rtl and name else name,
            overflow="fold",
            justify="right" if rtl or at in numbers else "left",
            no_wrap=at in whole or at in numbers,
        )
    for row in rows:
        cells = [Text(printable(cell)) if isinstance(cell, str) else cell for cell in row]
        table.add_row(*_ordered([_Isolated(cell) if rtl and cell.plain else cell for cell in cells], rtl=rtl))
    return table


def mirrored(table: Table, word: Callable[[str], str]) -> Table:
    """A table that is laid out from the left, in Arabic: as `grid` has it, its texts put through `word`."""
    top, right, bottom, left = table.padding
    padding, title = (top, left, bottom, right), word(str(table.title)) if table.title else None
    made = Table(box=table.box, padding=padding, header_style=table.header_style, title=title, title_justify="right")
    for column in reversed(table.columns):
        made.add_column(_cell(column.header, word), justify="right", no_wrap=column.no_wrap)
    for cells, row in zip(
        zip(*(column.cells for column in reversed(table.columns)), strict=True), table.rows, strict=True
    ):
        made.add_row(*(_cell(cell, word) for cell in cells), style=row.style)
    return made


def reworded(text: str | Text, word: Callable[[str], str]) -> Text:
    """`text` through `word`, indented and styled as it was, in all its parts where it is unchanged."""
    plain = str(text)
    said = plain[: len(plain) - len(plain.lstrip(" "))] + word(plain.lstrip(" "))
    return text if isinstance(text, Text) and said == plain else Text(said, style=getattr(text, "style", ""))


def _cell(cell: RenderableType, word: Callable[[str], str]) -> RenderableType:
    if not isinstance(cell, str | Text):
        return cell
    text = reworded(cell, word)
    return _Isolated(text) if text.plain else text


def _ordered(cells: Sequence[T], *, rtl: bool) -> Sequence[T]:
    return cells[::-1] if rtl else cells


@dataclass(frozen=True, slots=True)
class _Isolated:
    """A cell each of whose lines, as wide as its column, is isolated: a terminal takes every line for itself.

    A line has the direction of its paragraph, whatever it begins with, and what is isolated in it is so to its end.
    """

    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for paragraph in self.text.split(allow_blank=True):
            arabic = _is_rtl(paragraph.plain)
            depth = 0
            for line in paragraph.wrap(console, options.max_width, overflow="fold", no_wrap=options.no_wrap):
                line.rstrip()
                mark = _RIGHT_TO_LEFT if arabic and (depth or not _is_rtl(line.plain)) else ""
                opened = FIRST_STRONG_ISOLATE * depth
                depth = max(0, depth + line.plain.count(FIRST_STRONG_ISOLATE) - line.plain.count(POP_ISOLATE))
                yield Text.assemble(FIRST_STRONG_ISOLATE, mark, opened, line, POP_ISOLATE * (depth + 1))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self.text)


def _is_rtl(text: str) -> bool:
    """Whether a terminal would lay `text` out from right to left: by its first letter that is not isolated."""
    depth = 0
    for char in text:
        depth = max(0, depth + (char == FIRST_STRONG_ISOLATE) - (char == POP_ISOLATE))
        kind = unicodedata.bidirectional(char)
        if not depth and kind in ("L", "R", "AL"):
            return kind != "L"
    return False
