"""Labels that people gave, from JSONL, CSV or a workbook: a row for each answer, or for each statement of an answer.

Columns, in English or Arabic (`COLUMNS`): the case's id, its label, and optionally a second person's label, the
judge's, the language, and the number of a statement, from 1. With statements the labels are of support, else of
correctness (`LABELS`). An empty label is one not given yet. Other columns are ignored.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.errors import LabelsError, QuestionSetError
from evals.judging.verdicts import CORRECTNESS, SUPPORT
from rag.analysis import fold

COLUMNS = {
    "id": ("id", "case", "case id", "question id", "identifier", "المعرف", "الرقم", "رقم السؤال", "رقم الحالة"),
    "label": ("label", "human", "human label", "verdict", "التصنيف", "الحكم", "حكم المقيم"),
    "label2": ("label2", "label 2", "human2", "second human", "second label", "التصنيف الثاني", "حكم المقيم الثاني"),
    "judge": ("judge", "judge label", "model", "حكم النموذج", "حكم الحكم الآلي"),
    "language": ("language", "lang", "اللغة", "لغة السؤال"),
    "statement": ("statement", "statement number", "الجملة", "رقم الجملة"),
}
LABELS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "correctness": {
        "correct": ("correct", "right", "1", "صحيح", "صحيحة", "صواب"),
        "partly": ("partly", "partly correct", "partial", "partially correct", "0.5", "0,5", ".5", "صحيح جزئيا",
                   "صحيحة جزئيا", "جزئيا", "جزئي"),
        "incorrect": ("incorrect", "wrong", "0", "خاطئ", "خاطئة", "خطأ", "غير صحيح", "غير صحيحة"),
    },
    "support": {
        "supported": ("supported", "yes", "true", "1", "مدعوم", "مدعومة", "مسند", "مسندة", "نعم"),
        "unsupported": ("unsupported", "not supported", "no", "false", "0", "غير مدعوم", "غير مدعومة", "غير مسند",
                        "غير مسندة", "لا"),
    },
}  # fmt: skip
"""What people call the labels of each scale; case, diacritics and forms of alef and teh marbuta do not matter."""
SCALES = {"correctness": CORRECTNESS, "support": SUPPORT}

_FIELDS = {fold(name): field for field, names in COLUMNS.items() for name in names}
_WORDS = {
    scale: {fold(word): label for label, words in labels.items() for word in words} for scale, labels in LABELS.items()
}
_LANGUAGES = {fold(name): code for name, code in (
    ("arabic", "ar"), ("العربية", "ar"), ("عربي", "ar"), ("english", "en"), ("الإنجليزية", "en"), ("إنجليزي", "en"),
)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """A row: what each rater called the answer `id`, or its statement number `statement`; None is not labelled."""

    place: str
    id: str
    statement: int | None
    language: str | None
    human: str | None
    human2: str | None
    judge: str | None

    @property
    def key(self) -> tuple[str, int | None]:
        return self.id, self.statement


@dataclass(frozen=True, slots=True)
class Labels:
    """The rows of a file, which scale they are on ("correctness", "support"), and whether it has the judge's labels."""

    path: Path
    scale: str
    rows: tuple[Labelled, ...]
    with_judge: bool
    with_second: bool


def read_labels(path: Path) -> Labels:
    """The labels in `path`. Raises LabelsError with a line for each problem, which names the line or the row."""
    try:
        records = list(_records(path))
    except QuestionSetError as error:
        raise LabelsError(path, error.problems, error.hint) from None
    given = {field for _, data in records for field in data}
    missing = [
        f"no {'column' if _is_table(path) else 'field'} {name!r}" for name in ("id", "label") if name not in given
    ]
    if not records or missing:
        raise LabelsError(path, missing if records else ["it holds no row"], "Give at least an id and a label.")
    scale = "support" if "statement" in given else "correctness"
    rows: list[Labelled] = []
    problems: list[str] = []
    places: dict[tuple[str, int | None], str] = {}
    for place, data in records:
        row, found = _labelled(place, data, scale)
        if row is not None and row.key in places:
            of = "" if row.statement is None else f", statement {row.statement}"
            found.append(f"{row.id!r}{of} again, after {places[row.key]}")
        problems += [f"{place}: {problem}" for problem in found]
        if row is not None:
            places.setdefault(row.key, place)
            rows.append(row)
    if problems:
        raise LabelsError(path, problems)
    return Labels(path, scale, tuple(rows), "judge" in given, "label2" in given)


def _labelled(place: str, data: Mapping[str, str], scale: str) -> tuple[Labelled | None, list[str]]:
    problems = []
    if "id" not in data:
        return None, ["no id"]
    statement = None
    if scale == "support":
        said = data.get("statement", "")
        if not said.isdecimal() or int(said) < 1:
            return None, [f"the statement should be a number from 1, not {said[:40]!r}"]
        statement = int(said)
    labels: dict[str, str | None] = {}
    for rater in ("label", "label2", "judge"):
        word = data.get(rater)
        labels[rater] = None if word is None else _WORDS[scale].get(fold(word))
        if word is not None and labels[rater] is None:
            known = ", ".join(SCALES[scale])
            problems.append(f"{word[:40]!r} is no label; known are {known}")
    language = data.get("language")
    if language is not None:
        language = _LANGUAGES.get(fold(language), language.lower())
    return Labelled(
        place, data["id"], statement, language, labels["label"], labels["label2"], labels["judge"]
    ), problems


def _records(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row's place and its filled fields. Raises QuestionSetError, and LabelsError for headings that are slips."""
    if _is_table(path):
        from evals.tables import read_rows

        rows = read_rows(path)
        if not rows:
            return
        fields = _fields(path, f"row {rows[0].number}", rows[0].cells)
        for row in rows[1:]:
            cells = zip(fields, row.cells, strict=False)
            yield f"row {row.number}", {field: cell for field, cell in cells if field and cell}
        return
    from evals.importers.records import read_json_lines

    for record in read_json_lines(path):
        names = _fields(path, record.place, tuple(map(str, record.data)))
        values = zip(names, record.data.values(), strict=True)
        texts = {field: _text(path, record.place, field, value) for field, value in values if field}
        yield record.place, {field: text for field, text in texts.items() if text}


def _fields(path: Path, place: str, names: tuple[str, ...]) -> list[str | None]:
    """The field of each heading, None for one of anyone's own."""
    fields: list[str | None] = []
    for heading in names:
        name = fold(" ".join(heading.replace("_", " ").split()))
        field = _FIELDS.get(name)
        if field is None and (near := difflib.get_close_matches(name, _FIELDS, n=1, cutoff=0.8)):
            raise LabelsError(path, [f"{place}: unknown column {heading!r}; is {_FIELDS[near[0]]!r} meant?"])
        if field is not None and field in fields:
            raise LabelsError(path, [f"{place}: two columns are {field!r}"])
        fields.append(field)
    return fields


def _text(path: Path, place: str, field: str, value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case str():
            return value.strip()
    raise LabelsError(path, [f"{place}: {field!r} should be text or a number"])


def _is_table(path: Path) -> bool:
    from evals.question_set import TABLE_SUFFIXES

    return path.suffix.lower() in TABLE_SUFFIXES
