"""Tables that people bring in spreadsheets: how large they may be, and the rows of a workbook.

Claims and question sets both come in them, as CSV or XLSX; each has errors of its own for what is wrong.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

MAX_BYTES = 64_000_000
MAX_UNPACKED = 512_000_000
"""Bytes of a workbook's parts once unpacked; more is no list of anything."""
MAX_ROWS = 50_000
MAX_COLUMNS = 200
BOOK_SUFFIXES = frozenset((".xlsx", ".xlsm"))

Value = str | int | float | bool


class WorkbookTooLarge(ValueError):
    """The parts of the workbook are larger than MAX_UNPACKED."""


class WorkbookDamaged(ValueError):
    """The workbook cannot be read; the message is the name of what went wrong."""


def first_sheet(data: bytes) -> Iterator[list[Value]]:
    """The rows of a workbook's first sheet that has any; a formula is the value that it last had.

    Empty cells are "", whole numbers int, dates in ISO form; a row has MAX_COLUMNS + 1 cells at the most, so that one
    too many is seen. Raises WorkbookTooLarge and WorkbookDamaged.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED:
            raise WorkbookTooLarge
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs state them wrongly
            some = False
            for row in sheet.iter_rows(values_only=True):
                cells = [_value(cell) for cell in row[: MAX_COLUMNS + 1]]
                some = some or any(str(cell).strip() for cell in cells)
                yield cells
            if some:
                return
    except WorkbookTooLarge:
        raise
    except Exception as error:  # a damaged workbook fails in a dozen ways of zip, XML and openpyxl
        raise WorkbookDamaged(type(error).__name__) from None


def _value(cell: Any) -> Value:
    match cell:
        case None:
            return ""
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return int(cell)
        case bool() | int() | float():
            return cell
        case datetime():
            return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
        case date():
            return cell.isoformat()
    return str(cell)
