"""Reading what is imported: JSON, JSONL (also gzipped) and tables, as records that know their place."""

from __future__ import annotations

import ast
import gzip
import io
import json
import tokenize
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.errors import QuestionSetError
from evals.question_set import TABLE_SUFFIXES

AGAIN = "Correct the file and import it again."


@dataclass(frozen=True, slots=True)
class Record:
    """One object of a source; `place` is "line 3", "record 3" or "row 3"."""

    place: str
    data: Mapping[str, Any]


class Problems:
    """What is wrong with one source; `finish` raises it all as one QuestionSetError."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.found: list[str] = []

    def add(self, place: str, problem: str) -> None:
        self.found.append(f"{place}: {problem}")

    def finish(self) -> None:
        if self.found:
            raise QuestionSetError(self.source, self.found, AGAIN)

    def text(self, place: str, data: Mapping[str, Any], *names: str, required: bool = False) -> str | None:
        """The text under the first of `names` that is given; a number is its digits. "" and null count as absent."""
        name = next((one for one in names if data.get(one) not in (None, "")), None)
        value = data[name] if name is not None else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                self.add(place, f"the field {names[0]!r} is missing")
            return None
        if not isinstance(value, str):
            self.add(place, f"{name!r} should be text")
            return None
        return value.strip()

    def texts(self, place: str, data: Mapping[str, Any], *names: str) -> list[str]:
        """The texts under the first of `names` that is given: a list, or one text; empty ones are left out."""
        name = next((one for one in names if data.get(one) not in (None, "", [])), None)
        if name is None:
            return []
        value = [data[name]] if isinstance(data[name], str) else data[name]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.add(place, f"{name!r} should be a list of texts")
            return []
        return [one for one in value if one.strip()]


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unpacked where it is gzipped. Raises QuestionSetError."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix.lower() == ".gz" else data
    except FileNotFoundError:
        raise QuestionSetError(path, ["there is no such file"], "Name a file that is there.") from None
    except IsADirectoryError:
        raise QuestionSetError(path, ["it is a folder"], "Name its files.") from None
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is damaged"
        raise QuestionSetError(path, [why], "Name a file that can be read.") from None


def decode(data: bytes, path: Path) -> str:
    """UTF-8, or UTF-16 that says so. Raises QuestionSetError, naming the line."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise QuestionSetError(
            path, [f"line {line}: it is not {encoding.removesuffix('-sig').upper()}"], "Save it as UTF-8."
        ) from None


def read_json(path: Path) -> Any:
    """The content of a JSON file. Raises QuestionSetError, naming the line."""
    return _json(decode(read_bytes(path), path), path)


def _json(text: str, path: Path) -> Any:
    try:
        return json.loads(text, parse_constant=_nothing)
    except json.JSONDecodeError as error:
        problem = f"line {error.lineno}: not JSON: {error.msg} at column {error.colno}"
    except (ValueError, RecursionError):
        problem = "line 1: not JSON that can be read"
    raise QuestionSetError(path, [problem], AGAIN)


def _nothing(constant: str) -> None:
    """NaN, which pandas writes where a cell is empty and JSON does not have, is an absent value."""


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """The filled lines of a text file, each with its place."""
    for number, line in enumerate(decode(read_bytes(path), path).split("\n"), start=1):
        if line.strip():
            yield f"line {number}", line.rstrip("\r")


def read_json_lines(path: Path) -> Iterator[Record]:
    """The objects of a JSONL file. Raises QuestionSetError, naming the line."""
    for place, line in read_lines(path):
        try:
            data = json.loads(line, parse_constant=_nothing)
        except json.JSONDecodeError as error:
            problem = f"{place}: not JSON: {error.msg} at column {error.colno}"
            raise QuestionSetError(path, [problem], AGAIN) from None
        except (ValueError, RecursionError):
            raise QuestionSetError(path, [f"{place}: not JSON that can be read"], AGAIN) from None
        yield _record(path, place, data)


def read_records(path: Path, *keys: str) -> list[Record]:
    """The records of a table, of JSONL, or of JSON: a list, an object with one under one of `keys`, or one object.

    Columns are records too, as pandas writes them: `{"question": {"0": …}}`. Raises QuestionSetError.
    """
    if path.suffix.lower() in TABLE_SUFFIXES:
        from evals.tables import read_records as read_table

        return [Record(f"row {number}", data) for number, data in read_table(path)]
    text = decode(read_bytes(path), path)
    if _is_lines(text, path):
        return list(read_json_lines(path))
    data = _json(text, path)
    if isinstance(data, dict):
        listed = next((data[key] for key in keys if isinstance(data.get(key), list)), None)
        data = listed if listed is not None else _columns(data)
    if not isinstance(data, list):
        raise QuestionSetError(path, ["line 1: a list of records is expected"], AGAIN)
    return [_record(path, f"record {number}", one) for number, one in enumerate(data, start=1)]


def _is_lines(text: str, path: Path) -> bool:
    """Whether a file is JSONL: by its name, or because its first filled line is a whole object and others follow."""
    if {".jsonl", ".ndjson"} & {suffix.lower() for suffix in path.suffixes}:
        return True
    first, _, rest = text.lstrip().partition("\n")
    try:
        return isinstance(json.loads(first), dict) and bool(rest.strip())
    except (ValueError, RecursionError):
        return False


def _columns(data: Mapping[str, Any]) -> list[Any]:
    columns = {key: value for key, value in data.items() if isinstance(value, dict)}
    if not columns or len(columns) != len(data):
        return [data]
    rows = dict.fromkeys(row for column in columns.values() for row in column)
    return [{key: column.get(row) for key, column in columns.items()} for row in rows]


def _record(path: Path, place: str, data: Any) -> Record:
    if not isinstance(data, dict):
        raise QuestionSetError(path, [f"{place}: a JSON object is expected"], AGAIN)
    return Record(place, data)


def listed(cell: str) -> list[str]:
    """The texts of a list that a CSV holds as JSON or as Python prints it, numpy's lists without commas included."""
    if not cell.lstrip().startswith("["):
        return [cell]
    try:
        value = json.loads(cell)
        return value if isinstance(value, list) and all(isinstance(one, str) for one in value) else [cell]
    except ValueError:
        pass
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(cell).readline))
        texts = [ast.literal_eval(token.string) for token in tokens if token.type == tokenize.STRING]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return [cell]
    return [one for one in texts if isinstance(one, str)] or [cell]
