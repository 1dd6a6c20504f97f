"""Tables of the command line, laid out in the direction of the locale's language."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from ui import i18n
from ui.output import printable

_ISOLATE, _POP = "\u2068", "\u2069"


def grid(names: Sequence[str], rows: Sequence[Sequence[str | Text]], *, header: bool = True) -> Table:
    """A table without lines. In Arabic its first column stands at the right, and every cell keeps to the right.

    There each cell is isolated, because a terminal that reorders Arabic would run two cells of one line together.
    Strings are plain text from anywhere.
    """
    rtl = i18n.command_language() == "ar"
    table = Table(box=None, pad_edge=False, show_header=header)
    for name in _ordered(names, rtl=rtl):
        table.add_column(name, overflow="fold", justify="right" if rtl else "left")
    for row in rows:
        cells = [Text(printable(cell)) if isinstance(cell, str) else cell for cell in row]
        table.add_row(*_ordered([_isolated(cell) if rtl else cell for cell in cells], rtl=rtl))
    return table


def _ordered(cells: Sequence[str | Text], *, rtl: bool) -> Sequence[str | Text]:
    return cells[::-1] if rtl else cells


def _isolated(cell: Text) -> Text:
    return Text.assemble(_ISOLATE, cell, _POP) if cell.plain else cell
