from __future__ import annotations

import contextlib
import csv
import gzip
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.repair import repair
from corpus.sources import read_document
from evals.errors import EvaluationError, QuestionSetError
from evals.importers import FORMATS, Imported, import_questions
from evals.importers.draft import Names, StorableText
from evals.importers.records import listed
from evals.question_set import Question, load_question_set
from rag import Engine
from ui.commands.evaluation_import import Format

Run = Callable[..., tuple[int, str, str]]

EN = "The law was adopted in December 2022. It asks the agencies for a strategy."
AR = " أُقِرّ القانون في ديسمبر 2022. وهو يطلب من الوكالات وضع استراتيجية."
AR_TWO = "صدرت الاستراتيجية في يونيو 2023."


def jsonl(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def as_json(path: Path, data: object, **options: Any) -> Path:
    path.write_text(json.dumps(data, ensure_ascii=False, **options), encoding="utf-8")
    return path


def qa(identifier: str, question: str, context: str, *answers: str, off: int = 0, **more: Any) -> dict[str, Any]:
    given = [{"text": answer, "answer_start": context.index(answer) + off} for answer in answers]
    return {"id": identifier, "question": question, "answers": given, **more}


def squad(*articles: tuple[str, list[tuple[str, list[dict[str, Any]]]]]) -> dict[str, Any]:
    return {
        "version": "1.1",
        "data": [
            {"title": title, "paragraphs": [{"context": context, "qas": qas} for context, qas in paragraphs]}
            for title, paragraphs in articles
        ],
    }


ARABIC = squad(
    (
        "Law",
        [
            (AR, [qa("1", "متى أُقِرّ القانون؟", AR, "ديسمبر 2022"), qa("2", "ماذا يطلب من الوكالات؟", AR, "استراتيجية")]),
            (AR_TWO, [qa("3", "متى صدرت الاستراتيجية؟", AR_TWO, "يونيو 2023")]),
        ],
    )
)
ENGLISH = squad(("Law", [(EN, [qa("1", "When was the law adopted?", EN, "December 2022", "December 2022")])]))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., tuple[Imported, dict[str, Question]]]:
    def call(name: str, *sources: Path, **options: Any) -> tuple[Imported, dict[str, Question]]:
        options = {"documents": tmp_path / "docs", **options}
        made = import_questions(name, sources, tmp_path / "set.jsonl", **options)
        found = load_question_set(tmp_path / "set.jsonl")
        assert (made.questions, made.digest) == (len(found.questions), found.digest)
        return made, {question.id: question for question in found.questions}

    return call


Make = Callable[..., tuple[Imported, dict[str, Question]]]


def problems_of(tmp_path: Path, name: str, *sources: Path) -> tuple[str, ...]:
    with pytest.raises(QuestionSetError) as raised:
        import_questions(name, sources, tmp_path / "set.jsonl", documents=tmp_path / "docs")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "set.jsonl").exists()
    assert not (tmp_path / "docs").exists()
    assert not list(tmp_path.glob(".*"))
    return raised.value.problems


def stored(folder: Path) -> dict[str, str]:
    return {path.stem: read_document(path).text for path in folder.iterdir()}


# --- SQuAD ---


@pytest.mark.parametrize("name", ["squad", "auto"])
def test_two_languages_of_a_set_are_pairs_with_true_spans(tmp_path: Path, make: Make, name: str) -> None:
    made, found = make(name, as_json(tmp_path / "a.ar.json", ARABIC), as_json(tmp_path / "a.en.json", ENGLISH))
    assert {key: (q.language, q.pair, q.documents) for key, q in found.items()} == {
        "ar-1": ("ar", "1", ("ar-Law",)),
        "2": ("ar", None, ("ar-Law",)),
        "3": ("ar", None, ("ar-Law",)),
        "en-1": ("en", "1", ("en-Law",)),
    }
    assert found["en-1"].answers == ("December 2022",)
    texts = stored(tmp_path / "docs")
    assert texts["ar-Law"] == f"{AR.strip()}\n\n{AR_TWO}"
    assert texts == {path.stem: path.read_text("utf-8") for path in (tmp_path / "docs").iterdir()}
    spans = [(texts[span.document][span.start : span.end], q.answers) for q in found.values() for span in q.spans]
    assert len(spans) == 4
    assert all((words,) == answers for words, answers in spans)
    assert (made.format, made.documents, made.left_out) == ("squad", 2, {})


def test_unanswerable_questions_and_such_without_an_answer(tmp_path: Path, make: Make) -> None:
    data = squad(
        (
            "Law",
            [
                (
                    EN,
                    [
                        qa("1", "Who vetoed the law?", EN, "December", is_impossible=True),
                        {"id": "2", "question": "Who voted?", "answers": [], "is_impossible": False},
                        qa("3", "When?", EN, "December 2022", is_impossible=False),
                    ],
                )
            ],
        )
    )
    made, found = make("squad", as_json(tmp_path / "v2.json", data))
    assert (found["1"].answerable, found["1"].answers, found["1"].documents) == (False, (), ())
    assert list(found) == ["1", "3"]
    assert made.left_out == {"questions with no answer, not said to have none": 1}


def test_offsets_that_are_a_little_off_and_answers_that_are_not_there(tmp_path: Path, make: Make) -> None:
    context = f"{EN} In 2022 it was new. [citation needed]"
    rows = [qa("1", "When?", context, "2022", off=-2), qa("2", "What is needed?", context, "[citation needed]")]
    rows.append({"id": "3", "question": "Why?", "answers": [{"text": "no reason", "answer_start": 3}]})
    made, found = make("squad", as_json(tmp_path / "a.json", squad(("", [(context, rows)]))))
    assert [span.start for span in found["1"].spans] == [context.index("2022")]
    assert found["1"].documents == ("a-001",)
    assert (found["3"].spans, found["3"].answers) == ((), ("no reason",))
    assert made.left_out == {"spans of questions whose answers do not stand in their document": 2}


def test_flat_records_and_contexts_shared_by_files(tmp_path: Path, make: Make) -> None:
    def row(question: str) -> dict[str, Any]:
        answers = {"text": ["December 2022"], "answer_start": [EN.index("December")]}
        return {"id": "7", "title": "Law", "context": EN, "question": question, "answers": answers}

    english = jsonl(tmp_path / "context-en-question-en.jsonl", row("When was the law adopted?"))
    arabic = jsonl(tmp_path / "context-en-question-ar.jsonl", row("متى أُقِرّ القانون؟"))
    _, found = make("auto", english, arabic)
    assert {key: (q.pair, q.documents) for key, q in found.items()} == {
        "en-7": ("7", ("Law",)),
        "ar-7": ("7", ("Law",)),
    }
    assert stored(tmp_path / "docs") == {"Law": EN}


def test_untitled_articles_stay_apart(tmp_path: Path, make: Make) -> None:
    first = as_json(tmp_path / "tydi.train.json", squad(("", [(EN, [qa("1", "When?", EN, "2022")])])))
    second = as_json(tmp_path / "tydi.dev.json", squad(("", [(AR, [qa("arabic-2", "متى؟", AR, "2022")])])))
    answers = {"text": ["2023"], "answer_start": [AR_TWO.index("2023")]}
    rows = [
        {"id": f"{at}", "context": text, "question": "When?", "answers": answers}
        for at, text in enumerate([AR_TWO, EN])
    ]
    rows[1]["answers"] = {"text": ["2022"], "answer_start": [EN.index("2022")]}
    _, found = make(
        "squad", first, second, jsonl(tmp_path / "flat.jsonl", *[{**row, "id": f"f{row['id']}"} for row in rows])
    )
    assert {key: q.documents for key, q in found.items()} == {
        "1": ("tydi.train-001",),
        "arabic-2": ("tydi.dev-001",),
        "f0": ("flat-001",),
        "f1": ("flat-002",),
    }


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("{", "line 1: not JSON: "),
        ('{\n"data": [}', "line 2: not JSON: "),
        ("{}", "line 1: an object with the list 'data' is expected"),
        (
            squad(("T", [(EN, [qa("1", "When?", EN, "2022")] * 2)])),
            "article 1, paragraph 1, question 2 (1): its id stands in article 1, paragraph 1, question 1 (1) already",
        ),
        (
            squad(("T", [(EN, [{"id": "1", "answers": []}])])),
            "article 1, paragraph 1, question 1: the field 'question'",
        ),
        (
            squad(("T", [(EN, [{"id": "1", "question": "Q?", "answers": [{"text": "2022"}]}])])),
            "article 1, paragraph 1, question 1 (1): an answer needs",
        ),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "article 1, paragraph 1: the text 'context' is missing"),
        ({"data": [{"title": "T"}]}, "article 1: the list 'paragraphs' is missing"),
    ],
)
def test_what_is_no_squad(tmp_path: Path, data: Any, problem: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    found = problems_of(tmp_path, "squad", path)
    assert len(found) == 1
    assert problem in found[0], found


words = st.text("ابتثلمن وي.،[]abc \n", min_size=3, max_size=60).filter(str.strip)


@given(st.lists(words, min_size=1, max_size=4), st.data())
def test_a_place_always_holds_its_words(paragraphs: list[str], data: st.DataObject) -> None:
    text = StorableText(paragraphs)
    at = data.draw(st.integers(0, len(paragraphs) - 1))
    start = data.draw(st.integers(0, len(paragraphs[at]) - 1))
    end = data.draw(st.integers(start + 1, len(paragraphs[at])))
    place = text.place(at, start, paragraphs[at][start:end])
    if place is not None:
        assert text.text[slice(*place)] == repair(paragraphs[at][start:end]).strip()


# --- BEIR, MIRACL ---


def beir(folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\nq2\td1\t0\nq3\td1\t0\n") -> Path:
    jsonl(
        folder / "corpus.jsonl",
        {"_id": "d1", "title": "The law", "text": EN},
        {"_id": "d2", "title": "", "text": AR},
        {"_id": "d3", "title": "empty", "text": ""},
    )
    jsonl(
        folder / "queries.jsonl",
        {"_id": "q1", "text": "When was the law adopted?"},
        {"_id": "q2", "text": "ماذا يطلب القانون من الوكالات؟"},
        {"_id": "q3", "text": "Who vetoed it?"},
        {"_id": "q4", "text": "Who wrote it?"},
    )
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["beir", "auto"])
def test_a_beir_folder(tmp_path: Path, make: Make, name: str) -> None:
    made, found = make(name, beir(tmp_path / "beir"))
    assert {key: (q.language, q.documents, q.tags) for key, q in found.items()} == {
        "q1": ("en", ("d1",), ("test",)),
        "q2": ("ar", ("d2",), ("test",)),
    }
    assert (tmp_path / "docs" / "d1.txt").read_text("utf-8") == f"The law\n\n{EN}\n"
    assert made.left_out == {
        "documents without text": 1,
        "queries whose judgements are all 0": 1,
        "queries that no judgement names": 1,
    }


def test_miracls_files(tmp_path: Path, make: Make) -> None:
    docs = tmp_path / "docs-0.jsonl.gz"
    rows = [{"docid": "12#0", "title": "القانون", "text": AR}, {"docid": "12_0", "title": "", "text": AR_TWO}]
    docs.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    topics = tmp_path / "topics.miracl-v1.0-ar-dev.tsv"
    topics.write_text("0\tمتى أُقِرّ القانون؟\n", encoding="utf-8")
    qrels = tmp_path / "qrels.miracl-v1.0-ar-dev.tsv"
    qrels.write_text("0\tQ0\t12#0\t1\n0\tQ0\t12_0\t0\n", encoding="utf-8")
    _, found = make("auto", docs, topics, qrels)
    assert found["0"].documents == ("12_0",)
    assert set(stored(tmp_path / "docs")) == {"12_0", "12_0-2"}


@pytest.mark.parametrize(
    ("qrels", "problem"),
    [
        ("query-id\tcorpus-id\tscore\nq1\td9\t1\n", "line 2: the document 'd9' is not in the corpus"),
        ("q9\td1\t1\n", "line 1: the query 'q9' is not among the queries"),
        ("q1\td1\t1\nq1 d1\n", "line 2: a query, a document and a number are expected"),
        ("", "4 left out: queries that no judgement names"),
    ],
)
def test_judgements_of_what_is_not_there(tmp_path: Path, qrels: str, problem: str) -> None:
    found = problems_of(tmp_path, "beir", beir(tmp_path / "beir", qrels))
    assert len(found) == 1
    assert problem in found[0]


def test_a_folder_without_judgements_and_ids_that_stand_twice(tmp_path: Path) -> None:
    folder = beir(tmp_path / "beir")
    jsonl(folder / "queries.jsonl", {"_id": "q1", "text": "Who?"}, {"_id": "q1", "text": "Who?"})
    assert problems_of(tmp_path, "beir", folder) == ("line 2: the query 'q1' is there already",)
    jsonl(folder / "corpus.jsonl", {"_id": "d1", "text": "x"}, {"_id": "d1", "text": "y"})
    assert problems_of(tmp_path, "beir", folder) == ("line 2: the document 'd1' is there already",)
    (folder / "qrels" / "test.tsv").unlink()
    assert problems_of(tmp_path, "beir", folder) == ("there is no qrels/….tsv",)


# --- Ragas, DeepEval ---

RAGAS = [
    {
        "user_input": "متى أُقِرّ القانون؟",
        "reference_contexts": [AR],
        "reference": "في ديسمبر 2022.",
        "synthesizer_name": "single_hop_specifc_query_synthesizer",
    },
    {"user_input": "What does it ask for?", "reference_contexts": [EN, AR], "reference": "A strategy."},
    {"user_input": "Who vetoed it?", "response": "Nobody.", "retrieved_contexts": [EN]},
]


def test_a_test_set_of_ragas(tmp_path: Path, make: Make) -> None:
    made, found = make("auto", jsonl(tmp_path / "testset.jsonl", *RAGAS))
    first, second = found.values()
    assert (first.language, first.answers, first.tags) == ("ar", ("في ديسمبر 2022.",), (RAGAS[0]["synthesizer_name"],))
    assert (second.language, len(second.documents)) == ("en", 2)
    assert first.documents[0] == second.documents[1]
    assert stored(tmp_path / "docs")[first.documents[0]] == AR.strip()
    assert made.left_out == {"records without a reference answer, contexts or a source": 1}


@pytest.mark.parametrize("printed", [json.dumps, str, lambda texts: "[" + "\n ".join(map(repr, texts)) + "]"])
def test_ragas_csv_whoever_printed_its_lists(tmp_path: Path, make: Make, printed: Callable[[Any], str]) -> None:
    with (tmp_path / "testset.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["user_input", "reference_contexts", "reference"])
        writer.writerow([RAGAS[1]["user_input"], printed([EN, AR]), "A strategy."])
    _, found = make("auto", tmp_path / "testset.csv")
    texts = stored(tmp_path / "docs")
    assert [texts[name] for question in found.values() for name in question.documents] == [EN, AR.strip()]


def test_ragas_before_0_2_and_conversations(tmp_path: Path, make: Make) -> None:
    old = {"question": "When?", "contexts": [EN], "ground_truth": "2022", "evolution_type": "simple"}
    evaluated = {"question": "When was it?", "contexts": [EN], "ground_truths": ["2022", "in 2022"], "answer": "x"}
    talk = [
        {"type": "human", "content": "من أقرّ القانون؟"},
        {"type": "ai", "content": "الكونغرس"},
        {"type": "human", "content": "ومتى؟"},
    ]
    _, found = make("ragas", as_json(tmp_path / "a.json", [old, evaluated, {"user_input": talk, "reference": "2022"}]))
    first, second, third = found.values()
    assert (len(first.documents), second.documents, second.answers) == (1, (), ("2022", "in 2022"))
    assert (third.question, third.turns) == ("ومتى؟", ("من أقرّ القانون؟",))


def test_contexts_without_a_folder_are_left_out_and_ids_stay_the_same(tmp_path: Path, make: Make) -> None:
    made, found = make("ragas", jsonl(tmp_path / "testset.jsonl", *RAGAS[:2]), documents=None)
    assert [question.documents for question in found.values()] == [(), ()]
    assert made.left_out == {"lists of contexts, for which no folder of documents is named": 2}
    again, turned = make("ragas", jsonl(tmp_path / "testset.jsonl", *RAGAS[1::-1]), documents=None, force=True)
    assert set(turned) == set(found)
    assert again.documents_folder is None


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"reference": "x"}], "line 1: the field 'user_input' is missing"),
        ([{"user_input": "Who?", "reference": {}}], "line 1: 'reference' should be a list of texts"),
        ([{"user_input": [1], "reference": "x"}], "line 1: 'user_input' should be text, or messages"),
        ([{"id": "1", "user_input": "Who?", "reference": "x"}] * 2, "line 2: the id '1' stands in line 1 already"),
        ([["Who?"]], "line 1: a JSON object is expected"),
    ],
)
def test_what_is_no_ragas(tmp_path: Path, rows: list[object], problem: str) -> None:
    assert problems_of(tmp_path, "ragas", jsonl(tmp_path / "a.jsonl", *rows))[0].startswith(problem)


GOLDENS = [
    {
        "input": "متى أُقِرّ القانون؟",
        "actual_output": None,
        "expected_output": "في ديسمبر 2022",
        "context": [AR, AR_TWO],
        "source_file": "data/ar-law.txt",
        "comments": "easy",
    },
    {"input": "What does it ask for?", "context": [EN], "source_file": "C:\\data\\en-law.md"},
    {"scenario": "A reader asks.", "expected_outcome": "An answer.", "turns": None},
]


def test_goldens_of_deepeval(tmp_path: Path, make: Make) -> None:
    made, found = make("auto", as_json(tmp_path / "goldens.json", GOLDENS, indent=4))
    first, second = found.values()
    assert (first.answers, len(first.documents), first.notes) == (("في ديسمبر 2022",), 2, "easy")
    assert stored(tmp_path / "docs")[second.documents[0]] == EN
    assert made.left_out == {"goldens of simulated conversations, which hold no question": 1}
    _, named = make("deepeval", as_json(tmp_path / "goldens.json", {"goldens": GOLDENS}), documents=None, force=True)
    assert [question.documents for question in named.values()] == [("ar-law",), ("en-law",)]


def test_goldens_in_csv(tmp_path: Path, make: Make) -> None:
    with (tmp_path / "goldens.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["input", "actual_output", "expected_output", "context", "source_file"])
        writer.writerow([GOLDENS[0]["input"], "", "في ديسمبر 2022", f"{AR}|{AR_TWO}", ""])
    _, found = make("auto", tmp_path / "goldens.csv")
    assert [len(question.documents) for question in found.values()] == [2]


def test_a_golden_without_input(tmp_path: Path) -> None:
    path = as_json(tmp_path / "a.json", [{"input": "Who?", "expected_output": "x"}, {"expected_output": "y"}])
    assert problems_of(tmp_path, "deepeval", path) == ("record 2: the field 'input' is missing",)


# --- tables, feedback ---


def test_a_table_becomes_jsonl_with_the_same_digest(tmp_path: Path, make: Make) -> None:
    table = tmp_path / "questions.csv"
    table.write_bytes("\ufeffالسؤال;الإجابات\nمتى أُقِرّ القانون؟;2022|عام 2022\n".encode())
    made, found = make("auto", table, documents=None)
    assert made.digest == load_question_set(table).digest
    assert [question.answers for question in found.values()] == [("2022", "عام 2022")]


def test_tables_that_will_not_do(tmp_path: Path) -> None:
    table = tmp_path / "questions.csv"
    table.write_bytes("question,answers\nمتى أُقِرّ القانون؟,2022\n".encode() + "متى صدرت؟,x\n".encode("windows-1256"))
    assert problems_of(tmp_path, "table", table)[0].startswith("row 3: its bytes are not UTF-8")
    assert problems_of(tmp_path, "auto", table)[0].startswith("row 3: its bytes are not UTF-8")
    assert problems_of(tmp_path, "table", jsonl(tmp_path / "a.jsonl", {})) == ("it is no CSV or XLSX",)
    table.write_text("id,question,answers\na,Who?,x\n", encoding="utf-8")
    assert problems_of(tmp_path, "table", table, table) == ("the id 'a' stands in another table already",)


def test_feedback_becomes_regression_cases(tmp_path: Path, make: Make, samples_engine: Engine) -> None:
    question = "متى أقرّ الكونغرس قانون الكبتاغون؟"
    answer = samples_engine.ask(question, mode="quotes")
    assert answer.citations
    shown = answer.to_json()
    silent = {**shown, "status": "not_found", "statements": [], "citations": [], "text": ""}
    rows = [
        {"question": question, "language": "ar", "answer": shown, "rating": "down"},
        {
            "question": question,
            "language": "ar",
            "answer": shown,
            "rating": "up",
            "comment": "good",
            "time": "2026-01-01",
        },
        {"question": "من فاز بكأس العالم؟", "language": "ar", "answer": silent, "rating": "up"},
        {"question": "When was it adopted?", "language": "en", "answer": shown, "rating": "down", "correction": "2022"},
        {"question": "When was it adopted?", "language": "en", "answer": shown, "rating": "down", "correction": "2023"},
    ]
    made, found = make("auto", jsonl(tmp_path / "feedback.jsonl", *rows), documents=None)
    praised, unanswerable, corrected = found.values()
    assert (praised.notes, praised.answers) == ("good", ())
    for span in praised.spans:
        assert samples_engine.document(span.document).text[span.start : span.end] == span.quote
    assert set(praised.documents) == {citation.document_id for citation in answer.citations}
    assert not unanswerable.answerable
    assert (corrected.answers, corrected.documents) == (("2023",), ())
    assert made.left_out == {
        "answers found wanting, without a correction": 1,
        "earlier ratings of the same question": 1,
    }


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"question": "Who?", "rating": "sideways"}, "line 1: 'rating' should be"),
        ({"question": "Who?", "rating": "up"}, "line 1: the field 'answer' is missing"),
        ({"question": "Who?", "rating": "up", "answer": {"text": "x"}}, "line 1: 'answer' is not an answer"),
        ({"rating": "up"}, "line 1: the field 'question' is missing"),
    ],
)
def test_what_is_no_feedback(tmp_path: Path, row: dict[str, Any], problem: str) -> None:
    assert problems_of(tmp_path, "feedback", jsonl(tmp_path / "a.jsonl", row))[0].startswith(problem)


# --- writing, and the command ---


def test_nothing_is_overwritten_unasked(tmp_path: Path, make: Make) -> None:
    source = as_json(tmp_path / "a.json", ENGLISH)
    make("squad", source)
    before = (tmp_path / "set.jsonl").read_bytes()
    with pytest.raises(EvaluationError, match="is there already"):
        make("squad", source)
    (tmp_path / "set.jsonl").unlink()
    (tmp_path / "docs" / "own.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(EvaluationError, match="is not empty"):
        make("squad", source)
    make("squad", source, force=True)
    assert (tmp_path / "set.jsonl").read_bytes() == before
    assert {path.name for path in (tmp_path / "docs").iterdir()} == {"Law.txt", "own.txt"}
    assert not list(tmp_path.glob(".*"))


def test_targets_that_will_not_do(tmp_path: Path) -> None:
    source = as_json(tmp_path / "a.json", ENGLISH)
    for name, out, documents, problem in (
        ("squad", tmp_path / "set.csv", tmp_path / "docs", "would not be read as JSONL"),
        ("squad", tmp_path, tmp_path / "docs", "is a folder"),
        ("squad", source, tmp_path / "docs", "is what is imported"),
        ("squad", tmp_path / "set.jsonl", None, "carries its documents"),
        ("squad", tmp_path / "set.jsonl", source, "is no folder"),
        ("trec", tmp_path / "set.jsonl", None, "There is no format 'trec'"),
    ):
        with pytest.raises(EvaluationError, match=problem):
            import_questions(name, [source], out, documents=documents, force=True)
    assert json.loads(source.read_text("utf-8")) == ENGLISH


def test_files_that_cannot_be_told_or_read(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"The format of .* cannot be told\. Name it instead of auto"):
        import_questions("auto", [jsonl(tmp_path / "a.jsonl", {"x": 1})], tmp_path / "set.jsonl")
    assert problems_of(tmp_path, "squad", tmp_path / "absent.json") == ("there is no such file",)
    assert problems_of(tmp_path, "ragas", tmp_path) == ("it is a folder",)
    (tmp_path / "b.jsonl").write_bytes(b'{"user_input": "x"}\n\xff\n')
    assert problems_of(tmp_path, "ragas", tmp_path / "b.jsonl") == ("line 2: it is not UTF-8",)
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(b"{}")[:-4])
    assert problems_of(tmp_path, "ragas", tmp_path / "c.jsonl.gz") == ("it is damaged",)


def test_the_command(tmp_path: Path, run: Run) -> None:
    sources = as_json(tmp_path / "a.ar.json", ARABIC), as_json(tmp_path / "a.en.json", ENGLISH)
    target = ("--out", tmp_path / "set.jsonl", "--documents", tmp_path / "docs")
    code, out, _ = run("eval", "import", "squad", *sources, *target)
    assert code == 0
    assert "4 questions from squad written to" in out
    assert "2 documents written to" in out
    code, _, err = run("eval", "import", "squad", *sources, *target)
    assert (code, "is there already" in err) == (1, True)
    code, out, _ = run("eval", "import", "auto", *sources, *target, "--force", "--language", "ar", "--json")
    said = json.loads(out)
    assert (code, said["format"], said["questions"], said["documents"], said["left_out"]) == (0, "squad", 4, 2, {})
    assert {q.id for q in load_question_set(said["set"]).questions} == {"ar-ar-1", "ar-en-1", "2", "3"}
    code, _, err = run("eval", "import", "trec", *sources, *target)
    assert code == 2


def test_an_imported_set_fits_its_documents(tmp_path: Path, run: Run) -> None:
    sources = as_json(tmp_path / "a.ar.json", ARABIC), as_json(tmp_path / "a.en.json", ENGLISH)
    assert (
        run("eval", "import", "squad", *sources, "--out", tmp_path / "s.jsonl", "--documents", tmp_path / "d")[0] == 0
    )
    code, _, err = run("eval", "run", tmp_path / "s.jsonl", "--documents", tmp_path / "d", "--out", tmp_path / "r")
    assert code == 0, err
    cases = [json.loads(line) for line in (tmp_path / "r" / "cases.jsonl").read_text("utf-8").splitlines()]
    assert [case["status"] for case in cases] == ["asked"] * 4


def test_the_command_knows_every_format() -> None:
    assert set(get_args(Format)) == {"auto", *FORMATS}


keys = st.sampled_from(
    """data paragraphs context qas id question answers text answer_start is_impossible title user_input reference
    reference_contexts content type eval_sample input expected_output goldens scenario rating answer correction
    language citations passages models""".split()
)
leaves = st.none() | st.booleans() | st.integers(-2, 9) | st.just(float("nan")) | st.sampled_from(["", "Who?", "up"])
anything = st.recursive(leaves, lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=5))


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["auto", "squad", "ragas", "deepeval", "feedback"]), anything, st.sampled_from(["json", "jsonl"])
)
def test_whatever_it_is_given_a_set_or_one_error_comes_of_it(name: str, data: object, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = as_json(Path(folder) / f"a.{suffix}", data)
        with contextlib.suppress(EvaluationError):
            made = import_questions(name, [source], Path(folder) / "set.jsonl", documents=Path(folder) / "docs")
            assert len(load_question_set(made.out).questions) == made.questions


def test_names_are_safe_and_apart() -> None:
    names = Names()
    assert [names.stem(wanted) for wanted in ("../a/b", "A b", "a B", "", "قانون 2022", "x" * 200)] == [
        "a_b", "A_b-2", "a_B-3", "document", "قانون_2022", "x" * 80,
    ]  # fmt: skip


def test_lists_in_cells() -> None:
    assert listed("['a' 'b']") == listed('["a", "b"]') == listed("['a', 'b']") == ["a", "b"]
    assert listed("[1] is a footnote") == ["[1] is a footnote"]
    assert listed("plain") == ["plain"]
