"""Question sets: JSONL, one question a line, validated with line numbers; or a table (`evals.tables`), with rows.

Fields: `id`, `question`, `language` (required); `answers`, `documents`, `spans` [{document, start, end, quote}] (the
`quote` is optional), `answerable`, `tags`, `turns`, `pair`, `notes`. `document`, `document_language` and `set` (it
becomes a tag) are accepted as other sets have them; fields of anyone's own are ignored. `question_set.schema.json`
describes a line as JSON Schema.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.errors import QuestionSetError

LIST_TAG = "list"
"""Questions with this tag are answered by all of their `answers` together; elsewhere any one of them will do."""

SCHEMA_FILE = Path(__file__).with_name("question_set.schema.json")
TABLE_SUFFIXES = frozenset((".csv", ".tsv", ".xlsx", ".xlsm", ".xls"))

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Span:
    """Where the answer stands: code points `start` to `end` of the stored text of the document `document` refers to.

    `quote`, where the set gives it, is what stands there: it tells when a document has changed since, and
    `python -m evals.question_sets.build` finds the offsets anew by it.
    """

    document: str
    start: int
    end: int
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One case of a question set.

    `documents` are references (document id, source, or file stem), any of which answers the question. `answers` are
    references in the words of the sources: alternatives, or, in a question tagged "list", the items that are all
    wanted. `turns` are the questions asked before this one, in order. `pair` is shared by the same question in two
    languages. `document_language` is given where the set states it; otherwise a run reads it off the document.
    """

    id: str
    question: str
    language: str
    answers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    answerable: bool = True
    tags: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    pair: str | None = None
    notes: str | None = None
    document_language: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The question as a line of a set, empty optional fields left out."""
        data = {key: value for key, value in asdict(self).items() if value not in ((), None) or key == "answers"}
        for span in data.get("spans", ()):
            if span["quote"] is None:
                del span["quote"]
        return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Question:
        """The question that `to_json` wrote. Raises ValueError, naming every problem, on anything else."""
        question, problems = _parse(data)
        if question is None:
            raise ValueError("; ".join(problems))
        return question


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A validated set. `digest` is the SHA-256 of its content: white space and key order do not change it."""

    name: str
    path: str
    questions: tuple[Question, ...]
    digest: str


def load_question_set(path: str | Path) -> QuestionSet:
    """Reads and validates the JSONL file, or the table (CSV, TSV, XLSX), at `path`.

    A byte order mark at its start is ignored. Raises QuestionSetError with one line for each problem, which names the
    line or the row: unreadable file, a wrong encoding, bad JSON, a missing or unknown field, a wrong type, a duplicate
    id, an empty set.
    """
    path = Path(path)
    if path.suffix.lower() in TABLE_SUFFIXES:
        return _load_table(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QuestionSetError(path, [_why_unreadable(error)], "Name a JSONL file, or a bundled set.") from None
    if data.startswith(_UTF16):
        raise QuestionSetError(path, ["line 1: it is UTF-16, not UTF-8"], "Save it as UTF-8.")

    collected = _Collected("line")
    # Split at line feeds alone: U+2028 and its like may stand inside a JSON string.
    for number, line in enumerate(data.removeprefix(_BOM).split(b"\n"), start=1):
        if line.strip():
            row, found = _read_row(line)
            if row is None:
                collected.problems += [f"line {number}: {problem}" for problem in found]
            else:
                collected.digest(row)
                collected.add(number, row)
    return collected.question_set(path)


def _load_table(path: Path) -> QuestionSet:
    """The digest is of the questions as JSON: a table and the JSONL that it is imported to have the same."""
    from evals.tables import read_questions

    collected = _Collected("row")
    for row in read_questions(path):
        question = collected.add(row.number, row.data, row.problems)
        if question is not None:
            collected.digest(question.to_json())
    return collected.question_set(path)


class _Collected:
    """The questions and the problems of a file, each known by its `place`, "line" or "row", and a number."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.problems: list[str] = []
        self._questions: list[Question] = []
        self._first: dict[str, int] = {}
        self._digest = hashlib.sha256()

    def add(self, number: int, row: Mapping[str, Any], found: Sequence[str] = ()) -> Question | None:
        question, problems = _parse(row) if not found else (None, list(found))
        self.problems += [f"{self.place} {number}{_named(row)}: {problem}" for problem in problems]
        if question is None:
            return None
        first = self._first.setdefault(question.id, number)
        if first != number:
            self.problems.append(
                f"{self.place} {number}: the id {question.id!r} stands on {self.place} {first} already"
            )
        self._questions.append(question)
        return question

    def digest(self, row: Mapping[str, Any]) -> None:
        self._digest.update(json.dumps(row, sort_keys=True, ensure_ascii=True).encode() + b"\n")

    def question_set(self, path: Path) -> QuestionSet:
        if self.problems:
            raise QuestionSetError(path, self.problems)
        if not self._questions:
            raise QuestionSetError(path, ["it holds no question"])
        return QuestionSet(path.stem, str(path), tuple(self._questions), self._digest.hexdigest())


def _why_unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return error.strerror or type(error).__name__


def _named(row: Mapping[str, Any] | None) -> str:
    identifier = row.get("id") if row else None
    return f" ({identifier})" if isinstance(identifier, str) and identifier.strip() and identifier.isprintable() else ""


def _read_row(line: bytes) -> tuple[dict[str, Any] | None, list[str]]:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [f"not UTF-8 (byte {error.start + 1} of the line)"]
    if text.startswith("\ufeff"):
        return None, ["a byte order mark in the middle of the file"]
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        return None, [f"not JSON: {error.msg} at column {error.colno}"]
    except (ValueError, RecursionError):  # a number of thousands of digits; thousands of nested brackets
        return None, ["not JSON that can be read"]
    if not isinstance(row, dict):
        return None, [f"a JSON object is expected, not {_kind(row)}"]
    return row, []


class _Fields:
    """Takes typed fields out of one row and collects what is wrong with them; null counts as absent."""

    def __init__(self, row: Mapping[str, Any], place: str = "") -> None:
        self.row = row
        self.place = place
        self.problems: list[str] = []

    def text(self, name: str, *, required: bool = False) -> str | None:
        value = self.row.get(name)
        if value is None:
            if required:
                self.problems.append(f"the field {self.place}{name!r} is missing")
            return None
        return value if self._is_text(name, value) else None

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.row.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            self.problems.append(f"{self.place}{name!r} should be a list of texts, not {_kind(value)}")
            return ()
        return tuple(item for item in value if self._is_text(name, item))

    def whole(self, name: str) -> int:
        value = self.row.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.problems.append(f"{self.place}{name!r} should be a whole number from 0, not {_shown(value)}")
            return 0
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.row.get(name)
        if value is not None and not isinstance(value, bool):
            self.problems.append(f"{self.place}{name!r} should be true or false, not {_shown(value)}")
        return value if isinstance(value, bool) else default

    def _is_text(self, name: str, value: object) -> bool:
        if not isinstance(value, str):
            self.problems.append(f"{self.place}{name!r} should be text, not {_kind(value)}")
        elif not value.strip():
            self.problems.append(f"{self.place}{name!r} is empty")
        elif any("\ud800" <= c <= "\udfff" for c in value):
            self.problems.append(f"{self.place}{name!r} holds half a character (a lone surrogate)")
        else:
            return True
        return False


def _parse(row: Mapping[str, Any]) -> tuple[Question | None, list[str]]:
    fields = _Fields(row)
    document, extra_tag = fields.text("document"), fields.text("set")
    spans = _parse_spans(fields)
    documents = (*fields.texts("documents"), *((document,) if document else ()), *(s.document for s in spans))
    question = Question(
        id=fields.text("id", required=True) or "",
        question=fields.text("question", required=True) or "",
        language=fields.text("language", required=True) or "",
        answers=fields.texts("answers"),
        documents=tuple(dict.fromkeys(documents)),
        spans=spans,
        answerable=fields.flag("answerable", True),
        tags=tuple(dict.fromkeys((*fields.texts("tags"), *((extra_tag,) if extra_tag else ())))),
        turns=fields.texts("turns"),
        pair=fields.text("pair"),
        notes=fields.text("notes"),
        document_language=fields.text("document_language"),
    )
    problems = fields.problems + _misspelt(row)
    if not problems:
        problems = _contradictions(question)
    return (None, problems) if problems else (question, [])


def _parse_spans(fields: _Fields) -> tuple[Span, ...]:
    value = fields.row.get("spans")
    if value is None:
        return ()
    if not isinstance(value, list):
        fields.problems.append(f"'spans' should be a list of {{document, start, end}}, not {_kind(value)}")
        return ()
    spans = []
    for position, item in enumerate(value, start=1):
        if not isinstance(item, dict):
            fields.problems.append(f"span {position} should be {{document, start, end}}, not {_kind(item)}")
            continue
        inner = _Fields(item, f"span {position}: ")
        document = inner.text("document", required=True) or ""
        span = Span(document, inner.whole("start"), inner.whole("end"), inner.text("quote"))
        if not inner.problems and span.start >= span.end:
            inner.problems.append(f"span {position} ends ({span.end}) before it starts ({span.start})")
        fields.problems += inner.problems
        spans.append(span)
    return tuple(spans)


_KNOWN = (*Question.__dataclass_fields__, "document", "set")


def _misspelt(row: Mapping[str, Any]) -> list[str]:
    """Fields of other people's own are ignored; one that is nearly a known name is a slip that would pass unseen."""
    problems = []
    for name in row:
        near = [] if name in _KNOWN else difflib.get_close_matches(name.lower(), _KNOWN, n=1, cutoff=0.8)
        if near:
            problems.append(f"unknown field {name!r}; is {near[0]!r} meant?")
    return problems


def _contradictions(question: Question) -> list[str]:
    problems = []
    for name in ("language", "document_language"):
        value = getattr(question, name)
        if value is not None and not _LANGUAGE.fullmatch(value):
            problems.append(f"{name!r} should be a code such as 'ar' or 'en', not {_shown(value)}")
    if question.answerable and not question.answers and not question.documents:
        problems.append("an answerable question needs 'answers' or 'documents' (or \"answerable\": false)")
    if not question.answerable and question.answers:
        problems.append("'answers' are given although 'answerable' is false")
    return problems


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")


def _shown(value: object) -> str:
    return repr(value)[:40] if isinstance(value, str | int | float) and value is not None else _kind(value)
