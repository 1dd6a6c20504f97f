"""Question sets in CSV and XLSX, for people who work in spreadsheets.

The first filled row names the columns, in English or Arabic (`COLUMNS`); other columns are ignored. Several values in a
cell are parted by `|` or by line breaks. Without a column of languages each question's is detected; without a column of
ids a question is known by the digest of its text, so that sorting the rows changes no id.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import SourceError
from corpus.language import UNKNOWN, detect_language
from corpus.workbook import (
    BOOK_SUFFIXES,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Value,
    WorkbookDamaged,
    WorkbookTooLarge,
    first_sheet,
)
from evals.errors import QuestionSetError
from rag.analysis import fold

COLUMNS = {
    "id": ("id", "identifier", "الرقم", "المعرف", "رقم السؤال"),
    "question": ("question", "السؤال", "سؤال"),
    "language": ("language", "lang", "اللغة", "لغة السؤال"),
    "answers": ("answers", "answer", "الإجابات", "الإجابة", "الأجوبة", "الجواب"),
    "documents": ("documents", "document", "الوثائق", "الوثيقة", "المستندات", "المستند", "المصادر", "المصدر"),
    "answerable": ("answerable", "قابل للإجابة", "له إجابة", "لها إجابة"),
    "tags": ("tags", "tag", "الوسوم", "الوسم", "التصنيفات", "التصنيف"),
    "turns": ("turns", "الأسئلة السابقة", "الأدوار", "المحادثة"),
    "pair": ("pair", "الزوج", "المقابل"),
    "notes": ("notes", "note", "الملاحظات", "ملاحظات", "ملاحظة"),
    "document_language": ("document_language", "document language", "لغة الوثيقة", "لغة المصدر"),
}
"""The names of each field's column; upper case, diacritics and forms of alef and teh marbuta do not matter."""

_LISTS = frozenset(("answers", "documents", "tags", "turns"))
_SEVERAL = re.compile(r"[|\r\n\u2028\u2029]")
_FIELDS = {fold(name): field for field, names in COLUMNS.items() for name in names}
_TRUE = frozenset(map(fold, ("true", "yes", "y", "1", "نعم", "صحيح", "صح")))
_FALSE = frozenset(map(fold, ("false", "no", "n", "0", "لا", "خطأ", "غير صحيح")))
_LANGUAGES = {
    fold(name): code
    for code, names in {
        "ar": ("arabic", "العربية", "عربي", "عربية"),
        "en": ("english", "الإنجليزية", "إنجليزي"),
    }.items()
    for name in names
}
_BOOK_ERRORS = frozenset(("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#N/A"))
_BROKEN = re.compile("[\udc80-\udcff]")
_UTF8_ARABIC = re.compile("[\u0620-\u064a]")
_SAMPLE_CHARS = 20_000
_MAX_CELL_CHARS = 262_136
"""Eight times what Excel holds in a cell."""
_AS_TEXT = "Save it as CSV UTF-8, or as .xlsx."


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number in the spreadsheet, from 1, and its cells as text, stripped."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A row as fields of a question set's line, only those that are filled; `problems` are of its cells."""

    number: int
    data: dict[str, Any]
    problems: tuple[str, ...]


def read_questions(path: Path) -> list[QuestionRow]:
    """The rows of the question set in `path`, not yet validated as questions. Raises QuestionSetError."""
    rows = read_rows(path)
    if not rows:
        raise QuestionSetError(path, ["it holds no question"])
    header, fields = rows[0], _fields(path, rows[0])
    return [_question(row, fields, header.cells) for row in rows[1:]]


def read_records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows below the first filled one, as (number, heading → cell). Raises QuestionSetError."""
    rows = read_rows(path)
    names = rows[0].cells if rows else ()
    return [
        (row.number, {name: cell for name, cell in zip(names, row.cells, strict=False) if name and cell})
        for row in rows[1:]
    ]


def read_rows(path: Path) -> list[Row]:
    """The filled rows of a CSV file, or of a workbook's first sheet that has any.

    Raises QuestionSetError, naming the row, whatever is wrong with the file: encodings mixed, a damaged workbook, too
    many rows.
    """
    suffix = path.suffix.lower()
    if suffix == ".xls":
        raise QuestionSetError(path, ["it is a workbook of Excel 97"], _AS_TEXT)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror or "unreadable"
        raise QuestionSetError(path, [why], "Name a table of questions.") from None
    if len(data) > MAX_BYTES:
        raise QuestionSetError(path, [f"it is longer than {MAX_BYTES:,} bytes"], "Split it.")
    found = _book(data, path) if suffix in BOOK_SUFFIXES else _text(data, path)
    rows = []
    for number, cells in enumerate(found, start=1):
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MAX_COLUMNS:
            raise QuestionSetError(path, [f"row {number}: more than {MAX_COLUMNS} columns"])
        if cells:
            rows.append(Row(number, tuple(cells)))
        if len(rows) > MAX_ROWS + 1:
            raise QuestionSetError(path, [f"it has more than {MAX_ROWS:,} rows"], "Split it.")
    return rows


# -- columns and cells -----------------------------------------------------------------------------------------------


def _fields(path: Path, header: Row) -> list[str | None]:
    """The field of each column, None for one of anyone's own. Raises QuestionSetError for a heading that is a slip."""
    fields: list[str | None] = []
    problems = []
    for heading in header.cells:
        name = fold(" ".join(heading.split()))
        field = _FIELDS.get(name)
        if field is None and name in ("spans", "span"):
            problems.append(f"row {header.number}: spans cannot be given in a table; write the set as JSONL")
        elif field is None and (near := difflib.get_close_matches(name, _FIELDS, n=1, cutoff=0.8)):
            meant = next(one for one in COLUMNS[_FIELDS[near[0]]] if fold(one) == near[0])
            problems.append(f"row {header.number}: unknown column {heading!r}; is {meant!r} meant?")
        elif field is not None and field not in _LISTS and field in fields:
            problems.append(f"row {header.number}: two columns are {field!r}")
        fields.append(field)
    if not problems and "question" not in fields:
        there = ", ".join(cell for cell in header.cells if cell)[:200]
        problems.append(f"row {header.number}: no column is headed 'question' or 'السؤال'; there are: {there}")
    if problems:
        raise QuestionSetError(path, problems, "Correct the headings and try again.")
    return fields


def _question(row: Row, fields: Sequence[str | None], header: Sequence[str]) -> QuestionRow:
    data: dict[str, Any] = {}
    problems = []
    for column, (field, cell) in enumerate(zip(fields, row.cells, strict=False)):
        if field is None or not cell:
            continue
        if cell in _BOOK_ERRORS:
            problems.append(f"{header[column]!r} holds the error {cell} of a formula")
        elif field in _LISTS:
            data.setdefault(field, []).extend(part.strip() for part in _SEVERAL.split(cell) if part.strip())
        elif field == "answerable":
            said = fold(cell)
            if said in _TRUE or said in _FALSE:
                data[field] = said in _TRUE
            else:
                problems.append(f"{header[column]!r} should be yes or no, not {cell[:40]!r}")
        elif field in ("language", "document_language"):
            data[field] = _LANGUAGES.get(fold(cell), cell.lower())
        else:
            data[field] = cell
    question = data.get("question", "")
    if question and "language" not in data and not problems:
        data["language"] = detect_language(question)
        if data["language"] == UNKNOWN:
            problems.append("the question's language cannot be told; give it in a column 'language'")
    if question and "id" not in fields:
        data["id"] = "q-" + hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:10]
    return QuestionRow(row.number, data, tuple(problems))


# -- CSV -------------------------------------------------------------------------------------------------------------


def _text(data: bytes, path: Path) -> Iterator[list[str]]:
    text = _decoded(data, path)
    for row in _split(text, path):
        yield [cell.replace("\x00", "").strip() for cell in row]


def _split(text: str, path: Path) -> Iterator[list[str]]:
    first, _, rest = text.partition("\n")
    if len(first.strip()) == 5 and first[:4].lower() == "sep=":  # Excel's own hint, which it shows as no row
        delimiter, text = first[4], rest
    else:
        delimiter = _delimiter(text)
    csv.field_size_limit(_MAX_CELL_CHARS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    done = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise QuestionSetError(path, [f"row {done + 1}: not CSV: {error}"], _AS_TEXT) from None
        if row is None:
            return
        done += 1
        yield row


def _delimiter(text: str) -> str:
    """What separates the cells, told by the headings: questions have commas of their own."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"(?:[^"]|"")*"', "", first)
    return max(",;\t", key=outside.count)


def _decoded(data: bytes, path: Path) -> str:
    """The text of a CSV file: UTF-8, UTF-16, or one of the tables of Arabic and Latin text (windows-1256, …).

    Raises QuestionSetError, naming the row, where some rows are UTF-8 and others are not: no table reads both.
    """
    from corpus.readers.decoding import decode

    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            row = len(list(_split(data[: error.start - error.start % 2].decode("utf-16", "replace"), path)))
            raise QuestionSetError(path, [f"row {max(1, row)}: it is broken UTF-16"], _AS_TEXT) from None
    if b"\x00" not in data:
        text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        if not _BROKEN.search(text):
            return text
        marked = data.startswith(b"\xef\xbb\xbf")  # which says of itself that it is UTF-8
        broken = _first_broken(text, path) if marked else _mixed(text, path)
        if broken is not None:
            number, cell = broken
            shown = _BROKEN.sub("\ufffd", cell)[:40]
            raise QuestionSetError(
                path, [f"row {number}: its bytes are not UTF-8, as other rows are: {shown!r}"], _AS_TEXT
            )
    try:
        return decode(data, source=path.name).removeprefix("\ufeff")
    except SourceError:
        raise QuestionSetError(path, [f"{_where_broken(data, path)}: the encoding cannot be told"], _AS_TEXT) from None


def _mixed(text: str, path: Path) -> tuple[int, str] | None:
    """The first row that is not UTF-8 where others are: (number, cell), or None where the whole file is no UTF-8.

    In windows-1256 a few pairs of bytes are UTF-8 by accident, a letter and a question mark among them: only a row that
    has several characters of it and nothing broken, or broken text between Arabic that is sound, tells.
    """
    broken, sound = None, False
    for number, row in enumerate(_split(text, path), start=1):
        cell = next((one for one in row if _BROKEN.search(one)), None)
        whole = "".join(row)
        if cell is None:
            sound = sound or sum(not one.isascii() for one in whole) >= 2
        else:
            broken = broken or (number, cell)
            sound = sound or len(_UTF8_ARABIC.findall(whole)) >= 3
    return broken if sound else None


def _first_broken(text: str, path: Path) -> tuple[int, str] | None:
    for number, row in enumerate(_split(text, path), start=1):
        for cell in row:
            if _BROKEN.search(cell):
                return number, cell
    return None


def _where_broken(data: bytes, path: Path) -> str:
    broken = _first_broken(data.replace(b"\x00", b"").decode("utf-8", "surrogateescape"), path)
    return f"row {broken[0]}" if broken else "row 1"


# -- workbooks -------------------------------------------------------------------------------------------------------


def _book(data: bytes, path: Path) -> Iterator[list[str]]:
    try:
        for row in first_sheet(data):
            yield [_cell(value) for value in row]
    except WorkbookTooLarge:
        raise QuestionSetError(path, ["it is too large once unpacked"], "Give a list of questions alone.") from None
    except WorkbookDamaged as error:
        why = f"it cannot be read as a workbook ({error})"
        raise QuestionSetError(path, [why], "Save it again as .xlsx, or as CSV UTF-8.") from None


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()
