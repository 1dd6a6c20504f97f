from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from evals import question_sets
from evals.errors import QuestionSetError
from evals.question_set import SCHEMA_FILE, Question, QuestionSet, load_question_set
from evals.tables import COLUMNS

HEADER = ["id", "question", "language", "answers", "documents", "answerable", "tags", "turns", "pair", "notes"]
FULL = [
    "a1", "متى أقرّ الكونغرس القانون؟", "ar", "2022|عام 2022", "d1\nd2", "yes", "list | law", "من هو؟", "p1", "why",
]  # fmt: skip
QUESTION = Question(
    id="a1",
    question="متى أقرّ الكونغرس القانون؟",
    language="ar",
    answers=("2022", "عام 2022"),
    documents=("d1", "d2"),
    tags=("list", "law"),
    turns=("من هو؟",),
    pair="p1",
    notes="why",
)


def as_csv(*rows: list[str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def load(tmp_path: Path, data: bytes, name: str = "set.csv") -> QuestionSet:
    (tmp_path / name).write_bytes(data)
    return load_question_set(tmp_path / name)


def problems_of(tmp_path: Path, data: bytes, name: str = "set.csv") -> tuple[str, ...]:
    with pytest.raises(QuestionSetError) as raised:
        load(tmp_path, data, name)
    assert "\n" not in str(raised.value)
    return raised.value.problems


def book(path: Path, *rows: list[Any], empty_sheet: bool = False) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    if empty_sheet:
        sheet = made.create_sheet("questions")
    for row in rows:
        sheet.append(row)
    made.save(path)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1256", "utf-16"])
def test_every_column_is_read_however_it_was_saved(tmp_path: Path, encoding: str, delimiter: str) -> None:
    found = load(tmp_path, as_csv(HEADER, FULL, delimiter=delimiter, encoding=encoding))
    assert found.questions == (QUESTION,)
    assert found.name == "set"


def test_headings_are_arabic_too(tmp_path: Path) -> None:
    header = ["المعرّف", "السؤال", "اللغة", "الإجابات", "الوثائق", "قابل للاجابة", "الوسوم", "الأسئلة السابقة", "الزوج", "ملاحظات"]  # fmt: skip
    row = [*FULL[:2], "العربية", *FULL[3:5], "نعم", *FULL[6:]]
    assert load(tmp_path, as_csv(header, row)).questions == (QUESTION,)


def test_a_workbook_reads_like_a_csv_and_has_the_same_digest(tmp_path: Path) -> None:
    table = load(tmp_path, as_csv(HEADER, FULL))
    made = load_question_set(book(tmp_path / "set.xlsx", HEADER, FULL, empty_sheet=True))
    assert (made.questions, made.digest) == (table.questions, table.digest)
    (tmp_path / "set.jsonl").write_text(json.dumps(QUESTION.to_json()) + "\n", encoding="utf-8")
    assert load_question_set(tmp_path / "set.jsonl").digest == table.digest
    assert load(tmp_path, as_csv(HEADER, [*FULL[:-1], "other"])).digest != table.digest


def test_numbers_and_truth_of_a_workbook_are_text_and_flags(tmp_path: Path) -> None:
    path = book(
        tmp_path / "set.xlsx",
        ["id", "question", "answers", "answerable"],
        [7, "When?", 2022, True],
        [8, "Who?", None, False],
    )
    first, second = load_question_set(path).questions
    assert (first.id, first.answers, first.answerable) == ("7", ("2022",), True)
    assert not second.answerable


def test_language_is_detected_and_ids_follow_the_text(tmp_path: Path) -> None:
    rows = [["من هو الرئيس؟", "x"], ["Who is the president of the country?", "y"]]
    found = load(tmp_path, as_csv(["question", "answer"], *rows)).questions
    assert [q.language for q in found] == ["ar", "en"]
    turned = load(tmp_path, as_csv(["question", "answer"], *rows[::-1])).questions
    assert {q.id for q in turned} == {q.id for q in found}
    assert all(q.id.startswith("q-") for q in found)


def test_excels_hint_of_the_delimiter_and_empty_rows(tmp_path: Path) -> None:
    data = b"sep=;\r\n" + as_csv(
        ["id", "question", "answers"], ["", "", ""], ["a", "Who, and when?", "x"], delimiter=";"
    )
    assert load(tmp_path, data).questions[0].question == "Who, and when?"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["a", "Who?", "en", "x"], [], ["a", "When?", "en", "y"]], "row 4: the id 'a' stands on row 2 already"),
        ([["", "Who?", "en", "x"]], "row 2: the field 'id' is missing"),
        ([["a", "", "en", "x"]], "row 2 (a): the field 'question' is missing"),
        ([["a", "Who?", "Klingon", "x"]], "row 2 (a): 'language' should be a code"),
        ([["a", "1914?", "", "x"]], "row 2 (a): the question's language cannot be told"),
        ([["a", "Who?", "en", ""]], "row 2 (a): an answerable question needs"),
        ([["a", "Who?", "en", "#REF!"]], "row 2 (a): 'answers' holds the error #REF! of a formula"),
        ([["a", "Who?", "en", "x", "perhaps"]], "row 2 (a): 'answerable' should be yes or no, not 'perhaps'"),
        ([["a", "Who?", "en", "x", "no"]], "row 2 (a): 'answers' are given although 'answerable' is false"),
    ],
)
def test_a_problem_is_one_line_with_its_row(tmp_path: Path, rows: list[list[str]], problem: str) -> None:
    header = ["id", "question", "language", "answers", "answerable"]
    found = problems_of(tmp_path, as_csv(header, *rows))
    assert len(found) == 1
    assert found[0].startswith(problem), found


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (["id", "title"], "row 1: no column is headed 'question' or 'السؤال'; there are: id, title"),
        (["question", "answrs"], "row 1: unknown column 'answrs'; is 'answers' meant?"),
        (["السؤال", "الإجابت"], "row 1: unknown column 'الإجابت'; is 'الإجابات' meant?"),
        (["question", "السؤال"], "row 1: two columns are 'question'"),
        (["question", "spans"], "row 1: spans cannot be given in a table"),
    ],
)
def test_headings_that_will_not_do(tmp_path: Path, header: list[str], problem: str) -> None:
    assert problems_of(tmp_path, as_csv(header, ["Who?", "x"]))[0].startswith(problem)


def test_columns_of_anyones_own_are_ignored(tmp_path: Path) -> None:
    assert load(tmp_path, as_csv(["question", "answers", "difficulty"], ["Who?", "x", "3"])).questions[0].answers == (
        "x",
    )


def test_mixed_encodings_are_named_with_their_row(tmp_path: Path) -> None:
    header = as_csv(["question", "answers"])
    utf8 = as_csv(["متى أقرّ الكونغرس القانون؟", "2022"])
    legacy = as_csv(["كم عدد الدول المشاركة؟", "خمس"], encoding="windows-1256")
    assert problems_of(tmp_path, header + utf8 + legacy)[0].startswith("row 3: its bytes are not UTF-8")
    assert problems_of(tmp_path, header + legacy + utf8)[0].startswith("row 2: its bytes are not UTF-8")
    assert problems_of(tmp_path, b"\xef\xbb\xbf" + header + legacy)[0].startswith("row 2: its bytes are not UTF-8")
    within = utf8.replace(b",2022", ",خمس دول".encode("windows-1256"))
    assert problems_of(tmp_path, header + within)[0].startswith("row 2: its bytes are not UTF-8")
    cut = as_csv(["question", "answers"], ["متى؟", "2022"], encoding="utf-16")[:-1]
    assert problems_of(tmp_path, cut)[0].startswith("row 2: it is broken UTF-16")


def test_files_that_are_no_table(tmp_path: Path) -> None:
    assert problems_of(tmp_path, b"") == ("it holds no question",)
    assert problems_of(tmp_path, as_csv(["question"])) == ("it holds no question",)
    assert problems_of(tmp_path, b"nothing", "set.xlsx")[0].startswith("it cannot be read as a workbook")
    assert problems_of(tmp_path, b"", "set.xls") == ("it is a workbook of Excel 97",)
    assert "encoding cannot be told" in problems_of(tmp_path, bytes(range(256)) * 4)[0]
    with pytest.raises(QuestionSetError, match="there is no such file"):
        load_question_set(tmp_path / "absent.csv")


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"], exclude_characters="|"), min_size=1)


@given(st.lists(st.tuples(cells.filter(str.strip), cells.filter(str.strip)), min_size=1))
def test_what_a_spreadsheet_holds_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    table = [[str(at), question, "ar", answer] for at, (question, answer) in enumerate(rows)]
    folder = tmp_path_factory.mktemp("table")
    found = load(folder, as_csv(["id", "question", "language", "answers"], *table, encoding="utf-8-sig")).questions
    errors = {"#REF!"}
    assert [(q.question, q.answers) for q in found] == [(q.strip(), (a.strip(),)) for q, a in rows if a not in errors]


def test_every_field_has_a_column() -> None:
    assert {*COLUMNS, "spans"} == set(Question.__dataclass_fields__)


# --- the schema ---

GOOD: dict[str, Any] = {"id": "a", "question": "متى؟", "language": "ar", "answers": ["2022"]}


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    data = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(data)
    return jsonschema.Draft202012Validator(data)


@pytest.mark.parametrize(
    "row",
    [
        GOOD,
        {**GOOD, "answers": None, "document": "d"},
        {**GOOD, "answers": [], "spans": [{"document": "d", "start": 0, "end": 4}]},
        {**GOOD, "answers": [], "answerable": False},
        {**GOOD, "answerable": None, "spans": None, "tags": ["list"], "set": "arcd", "turns": ["?"], "pair": None},
        {**GOOD, "document_language": "en", "difficulty": 3, "notes": "n", "documents": ["d"]},
    ],
)
def test_schema_and_parser_accept_the_same(schema: jsonschema.Draft202012Validator, row: dict[str, Any]) -> None:
    Question.from_json(row)
    assert schema.is_valid(row)


@pytest.mark.parametrize(
    "change",
    [
        {"id": None}, {"id": 7}, {"id": " "}, {"question": []}, {"language": "Arabic"}, {"language": None},
        {"answers": "2022"}, {"answers": [2022]}, {"answers": [""]}, {"answers": []}, {"answers": None},
        {"documents": [None]}, {"document": 3}, {"spans": {}}, {"spans": [[1, 2]]},
        {"spans": [{"document": "d", "start": -1, "end": 4}]}, {"spans": [{"document": "d", "start": True, "end": 4}]},
        {"spans": [{"start": 1, "end": 4}]}, {"spans": [{"document": "d", "start": 0, "end": 0}]},
        {"spans": [{"document": "d", "start": 0, "end": 4, "quote": 5}]},
        {"answerable": "no"}, {"answerable": False}, {"tags": "list"}, {"set": 1}, {"turns": [1]}, {"pair": 2},
        {"notes": ["n"]}, {"document_language": "x"},
    ],
)  # fmt: skip
def test_schema_and_parser_refuse_the_same(schema: jsonschema.Draft202012Validator, change: dict[str, Any]) -> None:
    row = {**GOOD, **change}
    with pytest.raises(ValueError, match=r"."):
        Question.from_json(row)
    assert not schema.is_valid(row)


def test_the_schema_knows_every_field(schema: jsonschema.Draft202012Validator) -> None:
    assert isinstance(schema.schema, dict)
    assert set(schema.schema["properties"]) == {*Question.__dataclass_fields__, "document", "set"}


def test_the_bundled_set_fits_the_schema(schema: jsonschema.Draft202012Validator) -> None:
    lines = question_sets.path("samples").read_text(encoding="utf-8").splitlines()
    assert [error.message for line in lines for error in schema.iter_errors(json.loads(line))] == []
