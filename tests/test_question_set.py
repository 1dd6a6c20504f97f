from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sources import read_document, sample_documents
from evals import question_sets
from evals.cases import direction_of
from evals.errors import EvaluationError, QuestionSetError
from evals.question_set import Question, Span, load_question_set
from evals.question_sets.build import build
from evals.references import DocumentReferences, file_stem
from rag.types import DocumentSummary

GOOD = {"id": "a", "question": "متى أقرّ الكونغرس القانون؟", "language": "ar", "answers": ["2022"], "documents": ["d"]}


def write(tmp_path: Path, *lines: str | bytes | dict[str, object]) -> Path:
    path = tmp_path / "set.jsonl"
    encoded = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    path.write_bytes(b"\n".join(encoded))
    return path


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(QuestionSetError) as raised:
        load_question_set(path)
    assert "\n" not in str(raised.value)
    assert str(path) in raised.value.message
    return raised.value.problems


def test_every_field_is_read(tmp_path: Path) -> None:
    row = {
        **GOOD,
        "spans": [{"document": "e", "start": 3, "end": 9, "quote": "words."}],
        "answerable": True,
        "tags": ["list"],
        "turns": ["من هو؟"],
        "pair": "p1",
        "notes": "why",
    }
    assert load_question_set(write(tmp_path, row)).questions == (
        Question(
            id="a",
            question="متى أقرّ الكونغرس القانون؟",
            language="ar",
            answers=("2022",),
            documents=("d", "e"),
            spans=(Span("e", 3, 9, "words."),),
            tags=("list",),
            turns=("من هو؟",),
            pair="p1",
            notes="why",
        ),
    )


def test_rows_of_mixed_dev_are_accepted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "id": "1",
            "question": "q",
            "language": "ar",
            "document": "x-ar",
            "document_language": "ar",
            "answers": ["308"],
        },
        {"id": "2", "question": "q", "language": "ar", "document": "arcd-1", "answers": ["5"], "set": "arcd"},
        {"id": "3", "question": "q", "language": "en", "document": None, "answers": [], "answerable": False},
    )
    first, second, third = load_question_set(path).questions
    assert (first.documents, first.document_language, first.answerable) == (("x-ar",), "ar", True)
    assert (second.documents, second.tags) == (("arcd-1",), ("arcd",))
    assert (third.documents, third.answerable) == ((), False)


def test_fields_of_anyones_own_are_ignored(tmp_path: Path) -> None:
    assert load_question_set(write(tmp_path, {**GOOD, "difficulty": 3})).questions[0].id == "a"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "x"', "line 2: not JSON: "),
        ('["id"]', "line 2: a JSON object is expected, not a list"),
        ("[" * 100_000, "line 2: not JSON that can be read"),
        ({"question": "q", "language": "en", "answers": ["1"]}, "line 2: the field 'id' is missing"),
        ({**GOOD, "id": "x", "question": None}, "line 2 (x): the field 'question' is missing"),
        ({**GOOD, "id": "x", "question": "  "}, "line 2 (x): 'question' is empty"),
        ({**GOOD, "id": 7}, "line 2: 'id' should be text, not a number"),
        ({**GOOD, "id": "x", "answers": "2022"}, "line 2 (x): 'answers' should be a list of texts, not text"),
        ({**GOOD, "id": "x", "answers": [2022]}, "line 2 (x): 'answers' should be text, not a number"),
        ({**GOOD, "id": "x", "answerable": "no"}, "line 2 (x): 'answerable' should be true or false, not 'no'"),
        ({**GOOD, "id": "x", "answerable": False}, "line 2 (x): 'answers' are given although 'answerable' is false"),
        ({**GOOD, "id": "x", "language": "Arabic"}, "line 2 (x): 'language' should be a code"),
        ({**GOOD, "id": "x", "spans": [[1, 2]]}, "line 2 (x): span 1 should be {document, start, end}, not a list"),
        (
            {**GOOD, "id": "x", "spans": [{"document": "d", "start": -1, "end": 4}]},
            "line 2 (x): span 1: 'start' should be a whole number from 0, not -1",
        ),
        (
            {**GOOD, "id": "x", "spans": [{"document": "d", "start": True, "end": 4}]},
            "line 2 (x): span 1: 'start' should be a whole number from 0, not True",
        ),
        (
            {**GOOD, "id": "x", "spans": [{"document": "d", "start": 4, "end": 4}]},
            "line 2 (x): span 1 ends (4) before it starts (4)",
        ),
        ({**GOOD, "id": "x", "answerble": False}, "line 2 (x): unknown field 'answerble'; is 'answerable' meant?"),
        ({"id": "x", "question": "q", "language": "en"}, "line 2 (x): an answerable question needs"),
        ('{"id": "x", "question": "\\ud800", "language": "en"}', "line 2 (x): 'question' holds half a character"),
        (GOOD, "line 2: the id 'a' stands on line 1 already"),
        ("ما هي".encode("windows-1256"), "line 2: not UTF-8 (byte 1 of the line)"),
        ("\ufeff" + json.dumps(GOOD), "line 2: a byte order mark in the middle of the file"),
    ],
)
def test_a_problem_is_one_line_with_its_number(tmp_path: Path, line: str | dict[str, object], problem: str) -> None:
    found = problems_of(write(tmp_path, GOOD, line))
    assert len([p for p in found if p.startswith(problem)]) == 1, found


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    found = problems_of(write(tmp_path, *[{**GOOD, "id": str(n), "language": 5} for n in range(8)]))
    assert [p.split(" (")[0] for p in found] == [f"line {n}" for n in range(1, 9)]


def test_files_that_are_no_set(tmp_path: Path) -> None:
    assert problems_of(write(tmp_path, "", "  ")) == ("it holds no question",)
    assert problems_of(tmp_path / "absent.jsonl") == ("there is no such file",)
    assert problems_of(tmp_path) == ("it is a folder",)
    utf16 = tmp_path / "utf16.jsonl"
    utf16.write_text(json.dumps(GOOD), encoding="utf-16")
    assert problems_of(utf16) == ("line 1: it is UTF-16, not UTF-8",)


def test_a_leading_mark_and_windows_line_ends_are_harmless(tmp_path: Path) -> None:
    plain = load_question_set(write(tmp_path, GOOD, {**GOOD, "id": "b"}))
    (tmp_path / "set.jsonl").write_text(
        f"{json.dumps(GOOD)}\n\n{json.dumps({**GOOD, 'id': 'b'})}\n", encoding="utf-8-sig", newline="\r\n"
    )
    marked = load_question_set(tmp_path / "set.jsonl")
    assert marked == plain


def test_the_digest_follows_the_content_not_its_layout(tmp_path: Path) -> None:
    digest = load_question_set(write(tmp_path, GOOD)).digest
    reordered = json.dumps(dict(reversed(GOOD.items())), ensure_ascii=False, indent=None, separators=(", ", " : "))
    assert load_question_set(write(tmp_path, reordered)).digest == digest
    assert load_question_set(write(tmp_path, {**GOOD, "answers": ["2023"]})).digest != digest
    assert re.fullmatch("[0-9a-f]{64}", digest)


def test_a_line_separator_inside_a_text_does_not_cut_the_line(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps({**GOOD, "question": "one\u2028two\x85"}, ensure_ascii=False), encoding="utf-8")
    assert load_question_set(path).questions[0].question == "one\u2028two\x85"


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@settings(deadline=None)  # the first reads the schema
@given(texts, texts, st.lists(texts), st.lists(texts), st.lists(texts))
def test_a_question_survives_its_json(
    identifier: str, text: str, answers: list[str], documents: list[str], turns: list[str]
) -> None:
    question = Question(
        id=identifier,
        question=text,
        language="ar",
        answers=tuple(answers),
        documents=tuple(dict.fromkeys(documents)),
        spans=tuple(Span(d, 1, 2) for d in dict.fromkeys(documents)),
        answerable=bool(answers or documents),
        turns=tuple(turns),
    )
    assert Question.from_json(json.loads(json.dumps(question.to_json()))) == question


def test_from_json_refuses_anything_else() -> None:
    with pytest.raises(ValueError, match="'question' is missing"):
        Question.from_json({"id": "a", "language": "en", "answers": ["x"]})


# --- references and directions ---


def summary(identifier: str, source: str, language: str = "en") -> DocumentSummary:
    return DocumentSummary(identifier, source, "title", language, date(2023, 6, 30))


def test_a_document_is_found_by_id_source_or_stem() -> None:
    references = DocumentReferences(
        [summary("id1", "/data/one.ar.txt"), summary("id2", "https://example.org/news/%D8%AE%D8%A8%D8%B1.html?x=1")]
    )
    assert references.find("id1") == references.find("/data/one.ar.txt") == references.find("one.ar") == "id1"
    assert references.find("خبر") == "id2"


def test_decomposed_file_names_match() -> None:
    assert DocumentReferences([summary("id1", "/data/re\u0301sume\u0301.txt")]).find("résumé") == "id1"


def test_unknown_and_ambiguous_documents_are_named() -> None:
    references = DocumentReferences([summary("id1", "/a/same.txt"), summary("id2", "/b/same.md")])
    with pytest.raises(ValueError, match="'same' may be any of id1, id2"):
        references.find("same")
    with pytest.raises(ValueError, match="'other' is not in the corpus"):
        references.find("other")
    assert references.find("/b/same.md") == "id2"


@pytest.mark.parametrize(
    ("source", "stem"),
    [("/x/a.txt", "a"), ("a.ar.md", "a.ar"), ("https://h.org/p/q.html#f", "q"), ("https://h.org/p/", "p"), ("x", "x")],
)
def test_file_stem(source: str, stem: str) -> None:
    assert file_stem(source) == stem


def test_directions() -> None:
    question = Question("a", "q", "ar", answers=("x",))
    assert direction_of(question, {"en"}) == "ar→en"
    assert direction_of(question, {"en", "ar"}) == "ar→ar+en"
    assert direction_of(question, set()) == "ar→any"
    assert direction_of(replace(question, document_language="ar"), {"und"}) == "ar→ar"
    assert direction_of(replace(question, answerable=False), {"en"}) == "ar→none"


# --- the bundled set ---


def test_the_bundled_set_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples").mkdir()
    assert question_sets.path("samples").name == "samples.jsonl"
    assert question_sets.path("./samples") == Path("samples")
    with pytest.raises(QuestionSetError, match="Is the bundled set 'samples' meant"):
        question_sets.path("sample")
    with pytest.raises(EvaluationError, match="Bundled sets: samples"):
        question_sets.path("nothing/like/it.jsonl")


def test_build_moves_spans_after_an_edit(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    shutil.copytree(sample_documents(), documents)
    edited = shutil.copy(question_sets.path("samples"), tmp_path / "edited.jsonl")
    assert build(edited, documents, read_document) == 0
    target = documents / "ar-us-strategy-2023.md"
    target.write_text(
        re.sub(r"\A(---\n.*?\n---\n+)", r"\1جملة جديدة. ", target.read_text(encoding="utf-8"), flags=re.DOTALL),
        encoding="utf-8",
    )
    assert build(edited, documents, read_document) > 0
    text = read_document(target).text
    moved = [s for q in load_question_set(edited).questions for s in q.spans if s.document == target.stem]
    assert moved
    assert [s for s in moved if text[s.start : s.end] != s.quote] == []


def test_build_names_a_quote_that_is_gone_and_writes_nothing(tmp_path: Path) -> None:
    row = {**GOOD, "documents": ["en-captagon-act"], "spans": [{"document": "en-captagon-act", "quote": "Never said."}]}
    path = write(tmp_path, row)
    before = path.read_bytes()
    with pytest.raises(QuestionSetError, match=r"a: 'en-captagon-act' holds 0 times: 'Never said\.'"):
        build(path, sample_documents(), read_document)
    assert path.read_bytes() == before
