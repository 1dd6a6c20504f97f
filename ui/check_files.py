"""Tables of claims, from CSV and XLSX, and tables with verdicts, to CSV and XLSX.

What is read is other people's, and what is written is opened in a spreadsheet: no cell becomes a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.workbook import (
    BOOK_SUFFIXES,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    WorkbookDamaged,
    WorkbookTooLarge,
    first_sheet,
)
from rag.analysis import fold
from rag.errors import InvalidQuery

TEXT_SUFFIXES = frozenset((".csv", ".tsv"))

_NAMED = tuple(map(fold, ("claim", "claims", "statement", "ادعاء", "الادعاء", "العبارة", "النص")))
_SAMPLE_CHARS = 20_000
_SAMPLE_ROWS = 50
_NO_DELIMITER = "\x1f"
_TITLE_WORDS = 4
"""A first cell with more words is no name of a column, but a claim."""
_MAX_CELL_CHARS = 32_767
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?%?")
_FILLS = {"supported": "D9F2DD", "contradicted": "F9D6D5", "unclear": "FFF0C2", "not_found": "E7E7E7"}

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file below its `header`, each as long as it; `column` is the place of the claims.

    `named` is False where the file had no header: its names are then ours, in English.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    column: int
    named: bool = True

    def claim(self, row: Sequence[Cell]) -> str:
        return str(row[self.column]).strip()


@dataclass(frozen=True, slots=True)
class ResultCell:
    """A cell of a result: its text, where a click leads (a web address) and the verdict that colours it."""

    text: str
    link: str = ""
    verdict: str = ""


def is_table(name: str) -> bool:
    """Whether an argument names a file of claims rather than being a claim."""
    return "\n" not in name and Path(name).suffix.lower() in TEXT_SUFFIXES | BOOK_SUFFIXES | {".xls"}


def read_table(path: Path, column: str | None = None) -> Table:
    """The table in `path`, whose claims are in the column `column`, or one named so, or else the first of text.

    Raises InvalidQuery, whatever is wrong with the file.
    """
    if path.suffix.lower() == ".xls":
        raise InvalidQuery(f"{path.name} is a workbook of Excel 97.", "Save it as .xlsx or .csv.")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidQuery(f"{path}: {error.strerror or 'it cannot be opened'}.", "Name a file of claims.") from None
    if len(data) > MAX_BYTES:
        raise InvalidQuery(f"{path.name} is longer than {MAX_BYTES:,} bytes.", "Split it.")
    rows = _book(data, path.name) if path.suffix.lower() in BOOK_SUFFIXES else _text(data, path.name)
    filled = []
    for row in rows:
        while row and row[-1] == "":
            row.pop()
        if len(row) > MAX_COLUMNS:
            raise InvalidQuery(f"{path.name} has more than {MAX_COLUMNS} columns.", "Give a list of claims.")
        filled.append(row)
        if len(filled) > MAX_ROWS + 1:
            raise InvalidQuery(f"{path.name} has more than {MAX_ROWS:,} rows.", "Split it.")
    while filled and not filled[-1]:
        filled.pop()
    while filled and not filled[0]:
        filled.pop(0)
    if not filled:
        raise InvalidQuery(f"{path.name} is empty.", "Give a file with a column of claims.")
    return _table(filled, path.name, column)


def _table(rows: list[list[Cell]], name: str, column: str | None) -> Table:
    width = max(map(len, rows))
    whole = [tuple(row + [""] * (width - len(row))) for row in rows]
    header, body = tuple(" ".join(str(cell).split()) for cell in whole[0]), whole[1:]
    wanted = [fold(" ".join(column.split()))] if column is not None else _NAMED
    folded = [fold(cell) for cell in header]
    named = [at for one in wanted for at, cell in enumerate(folded) if cell == one]
    there = ", ".join(cell for cell in header if cell)[:200]
    if named:
        return Table(header, tuple(body), named[0])
    if column is not None:
        raise InvalidQuery(f"{name} has no column “{column}”.", f"Its columns are: {there}.")
    if max(len(cell.split()) for cell in header) > _TITLE_WORDS:  # claims from the first row on
        header, body = made_header(width, 0), whole
    for at in range(width):
        said = [str(row[at]) for row in body[:_SAMPLE_ROWS] if row[at] != ""]
        if said and sum(len(text.split()) > 2 and any(map(str.isalpha, text)) for text in said) * 2 > len(said):
            if body is whole:
                return Table(made_header(width, at), tuple(body), at, named=False)
            return Table(header, tuple(body), at)
    raise InvalidQuery(f"{name} has no column of claims.", f"Name it with --column; there are: {there}.")


def made_header(width: int, column: int) -> tuple[str, ...]:
    """Names for the columns of a table that has none, with claims in `column`."""
    return tuple("claim" if at == column else f"column {at + 1}" for at in range(width))


def _text(data: bytes, name: str) -> Iterator[list[Cell]]:
    from corpus.errors import SourceError
    from corpus.readers.decoding import decode

    try:
        text = decode(data, source=name).removeprefix("\ufeff").replace("\x00", "")
    except SourceError as error:
        raise InvalidQuery(f"{name} is not a table of text.", "Save it as CSV UTF-8, or as .xlsx.") from error
    first, _, rest = text.partition("\n")
    if len(first.strip()) == 5 and first[:4].lower() == "sep=":  # Excel's own hint
        delimiter, text = first[4], rest
    else:
        delimiter = _delimiter(text)
    csv.field_size_limit(_MAX_CELL_CHARS * 8)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield list(row)
    except csv.Error as error:
        raise InvalidQuery(f"{name} cannot be read as CSV: {error}.", "Save it as CSV UTF-8, or as .xlsx.") from None


def _delimiter(text: str) -> str:
    """What separates the cells: told by the first line, because claims have commas of their own."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"(?:[^"]|"")*"', "", first)
    # Before a space it is a claim's own punctuation, where there is no header.
    prose = len(outside.split()) > _TITLE_WORDS
    found = [mark for mark in ";\t|," if re.search(re.escape(mark) + (r"(?=\S|$)" if prose else ""), outside)]
    if not found:
        return _NO_DELIMITER
    try:
        return csv.Sniffer().sniff(text[:_SAMPLE_CHARS], "".join(found)).delimiter
    except csv.Error:
        return max(found, key=outside.count)


def _book(data: bytes, name: str) -> Iterator[list[Cell]]:
    try:
        for row in first_sheet(data):
            yield [str(cell) if isinstance(cell, bool) else cell for cell in row]
    except WorkbookTooLarge:
        raise InvalidQuery(f"{name} is too large once unpacked.", "Give a list of claims alone.") from None
    except WorkbookDamaged as error:
        hint = "Save it again as .xlsx, or as CSV UTF-8."
        raise InvalidQuery(f"{name} cannot be read as a workbook ({error}).", hint) from None


def harmless(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[Cell | ResultCell]]) -> None:
    """Writes a table as Excel reads it: UTF-8 with a byte order mark."""
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        for row in (header, *rows):
            writer.writerow([harmless(_plain(cell)) for cell in row])


def _plain(cell: Cell | ResultCell) -> Cell:
    text = cell.text if isinstance(cell, ResultCell) else cell
    # Half a character, which JSON may bring, cannot be written.
    return text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else text


def write_book(
    file: Path, header: Sequence[str], rows: Iterable[Sequence[Cell | ResultCell]], *, right_to_left: bool
) -> None:
    """Writes a table as a workbook: wrapped text, coloured verdicts, links, the first row kept in sight."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    widths = [12] * len(header)
    for number, row in enumerate((header, *rows), start=1):
        for at, content in enumerate(row, start=1):
            value = harmless(_plain(content))
            cell = sheet.cell(number, at)
            if isinstance(value, str):
                value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_MAX_CELL_CHARS]
                widths[at - 1] = max(widths[at - 1], min(60, len(value)))
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=0)
            if number == 1:
                cell.font = Font(bold=True)
            if isinstance(content, ResultCell):
                if content.verdict in _FILLS:
                    cell.fill = PatternFill("solid", fgColor=_FILLS[content.verdict])
                if content.link:
                    cell.hyperlink = content.link
                    cell.font = Font(color="0563C1", underline="single")
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width + 2
    book.save(file)
