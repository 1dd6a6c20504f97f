"""The benchmark of generation: its arithmetic by hand, and a real run against a server that says what its script says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from openai_server import MODEL, OpenAIServer, Status, Text
from test_benchmarks import DOCUMENTS, QUESTIONS
from tiny_model import write_tiny_nli

from evals.alce import by_judge, by_overlap, citation_scores, verbatim
from evals.benchmarks import generation, mixed_dev
from evals.benchmarks.generation_replies import Asked, Shelf, load_replies, sample
from evals.benchmarks.generation_scores import outcome_of, references, table
from evals.errors import EvaluationError
from evals.question_set import load_question_set
from rag.answering.generation.generative import Draft
from rag.citations import Judgement
from rag.grounding.findings import Source
from rag.types import Statement

A, B, C = (Source(text, "en") for text in ("alpha", "beta", "gamma"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five documents and six questions, as mixed-dev has them, with XQuAD's answers in the other language to one."""
    place = tmp_path / "mixed"
    (place / "docs").mkdir(parents=True)
    for stem, text in DOCUMENTS.items():
        (place / "docs" / f"{stem}.txt").write_text(text, encoding="utf-8")
    rows = [
        {"id": name, "question": asked, "language": language, "document": stem, "answers": [answer]}
        for name, asked, language, stem, answer in QUESTIONS
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (place / "questions.jsonl").write_text(lines, encoding="utf-8")
    for language, answer in (("en", "Lake Victoria"), ("ar", "بحيرة فيكتوريا")):
        asked = {"id": "nile", "answers": [{"text": answer}]}
        data = {"data": [{"paragraphs": [{"qas": [asked]}]}]}
        (place / f"xquad-dev.{language}.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return place


# --- arithmetic ---


def test_each_direction_has_its_share_and_more_questions_begin_with_the_same(folder: Path) -> None:
    questions = load_question_set(folder / "questions.jsonl").questions
    drawn = sample(questions, 5, 0)
    assert [mixed_dev.group_of(question) for question in drawn] == list(mixed_dev.GROUPS)
    assert sample(questions, 5, 0) == drawn
    assert sample(questions, 6, 0)[:5] == drawn
    assert {question.id for question in sample(questions, 100, 4)} == {question.id for question in questions}


def entails(*true: tuple[str, frozenset[str]]):
    """A decider that knows which sets of sources entail which statement, and no others."""

    def decide(text: str, sources: Sequence[Source]) -> bool:
        return (text, frozenset(source.text for source in sources)) in true

    return decide


def test_a_statement_is_recalled_by_all_that_it_cites_together() -> None:
    decide = entails(("s", frozenset({"alpha", "beta"})), ("t", frozenset({"gamma"})))
    # s needs both of its citations, t its only one; u cites what does not entail it, v nothing.
    statements = [("s", [A, B]), ("t", [C]), ("u", [A]), ("v", [])]
    assert citation_scores(statements, decide) == (2 / 4, 3 / 4)


def test_a_citation_that_is_not_needed_is_not_precise() -> None:
    whole = frozenset({"alpha", "beta"})
    decide = entails(("s", whole), ("s", frozenset({"alpha"})))
    assert citation_scores([("s", [A, B])], decide) == (1.0, 1 / 2)


def test_without_citations_precision_is_0_and_without_statements_there_is_nothing() -> None:
    assert citation_scores([("s", [])], entails()) == (0.0, 0.0)
    assert citation_scores([], entails()) is None


def test_overlap_counts_stems_and_only_in_one_language() -> None:
    arabic = Source("ضبطت الشرطة الإيطالية أربعة عشر طنا من الأمفيتامين في ميناء ساليرنو.", "ar")
    decide = by_overlap("ar")
    assert decide("الشرطة الإيطالية ضبطت الأمفيتامين", [arabic])
    assert not decide("الشرطة الفرنسية اعتقلت مهربين", [arabic])
    assert decide("الشرطة", [arabic, A]) is None
    assert citation_scores([("الشرطة", [A])], decide) is None


def test_a_copied_sentence_is_entailed_whatever_the_judge_says() -> None:
    decide = by_judge(lambda text, sources: Judgement("unsupported", ()))
    source = Source("Bees dance.  They do\nit often.", "en")
    assert decide("They do it often", [source])
    assert not decide("They never do it.", [source])
    assert not verbatim(" . ", [source])


@pytest.mark.parametrize(
    ("text", "language", "outcome"),
    [
        ("ينبع نهر النيل من بحيرة فيكتوريا في قلب أفريقيا.", "ar", "answered"),
        ("The river Nile begins in lake Victoria.", "ar", "other language"),
        ("The river Nile begins in lake Victoria.", "en", "answered"),
    ],
)
def test_an_answer_in_another_language_is_none(text: str, language: str, outcome: str) -> None:
    assert outcome_of(Draft("answered", text, (Statement(text, (), "weak"),), (), ()), language) == outcome


def test_no_draft_and_an_empty_one() -> None:
    assert outcome_of(None, "en") == "failed"
    assert outcome_of(Draft("not_found", "", (), (), ()), "en") == "NOT_FOUND"


def test_a_reference_counts_in_both_languages(folder: Path) -> None:
    found = references(folder, load_question_set(folder / "questions.jsonl").questions)
    assert set(found["nile-ar"]) == set(found["nile-en"]) == {"بحيرة فيكتوريا", "Lake Victoria"}
    assert found["photo-en"] == ("1826",)


def test_the_table_pools_values_and_leaves_out_what_does_not_apply() -> None:
    rows = {"one": [("ARCD", {"m": [1.0, 0.0]}), ("ARCD", {"m": [1.0]})], "other": [("ARCD", {"m": []})]}
    lines = table(rows).splitlines()
    assert lines[0] == "| | one | other |"
    assert lines[2].startswith("| m | 0.67 [")
    assert lines[2].endswith("n 3 | – |")


# --- a real run ---


@pytest.fixture
def model(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> OpenAIServer:
    """The scripted model, set as a person sets it; it is asked for no translations."""
    monkeypatch.setenv("TAWTHIQ_LLM_MODEL", MODEL)
    monkeypatch.setenv("TAWTHIQ_TRANSLATION_TIMEOUT", "0")
    return server


def test_replies_are_kept_word_for_word_never_asked_twice_and_scored_without_a_model(
    folder: Path,
    tmp_path: Path,
    model: OpenAIServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    work, file = tmp_path / "work", tmp_path / "replies.jsonl"
    given = [str(folder), "--work", str(work), "--replies", str(file)]
    wrote = {
        "ar→ar": "ينبع نهر النيل من بحيرة فيكتوريا. [1]",
        "en→en": "NOT_FOUND",
        "ar→en": "وصف كارل فون فريش رقصة النحل في عام 1827. [1]",  # it was 1927
        "en→ar": "The Nile rises in Lake Victoria. [1] In 1492 Columbus sold it to Peru. [1]",
        "ARCD": None,
    }
    failing = Status(400, "no")
    model.script(*[failing if wrote[group] is None else Text(wrote[group]) for group in mixed_dev.GROUPS])
    assert generation.main([*given, "--questions", "5"]) == 0
    capsys.readouterr()
    assert len(model.requests) == 5
    with mixed_dev.opened(folder, work) as (engine, questions):
        shelf = Shelf(engine, questions)
        replies = load_replies(file, shelf)
    assert {one.group: one.reply.text if one.reply else None for one in replies} == wrote
    assert [bool(one.failure) for one in replies] == [False] * 4 + [True]
    for one in replies:
        assert one.model == MODEL
        assert 0 < one.retrieval_ms <= one.total_ms
        assert one.reply is None or one.reply.passages
        assert Asked.from_json(json.loads(json.dumps(one.to_json(shelf))), shelf) == one
    first = replies[0].reply
    assert first is not None
    assert first.passages[0].passage.text not in file.read_text(encoding="utf-8"), "places alone, no text of documents"
    assert replies[0].question not in file.read_text(encoding="utf-8")

    model.script(Text("NOT_FOUND"))
    assert generation.main([*given, "--questions", "6"]) == 0
    capsys.readouterr()
    assert len(model.requests) == 6, "only the sixth question is new"

    monkeypatch.delenv("TAWTHIQ_LLM_MODEL")
    nli = str(write_tiny_nli(tmp_path / "nli", ("entailment", "neutral", "contradiction"), "entailment"))
    assert generation.main([*given, "--nli", nli, "--show"]) == 0
    printed = capsys.readouterr().out
    assert len(model.requests) == 6
    rows = {line.split(" | ")[0].strip("| "): line.split(" | ")[1:] for line in reversed(printed.splitlines())}
    assert rows["replies: answered"][0].startswith("0.50 ")
    assert rows["replies: NOT_FOUND"][0].startswith("0.33 ")
    assert rows["replies: failed"][0].startswith("0.17 ")
    off, on = (float(cell.split()[0]) for cell in rows["without support (unsupported, uncited)"])
    assert off >= 0.5  # 1827, and Columbus
    assert on == 0.0
    assert rows["citation recall of passages, by NLI"][0].startswith("1.00 ")
    assert "removed, unsupported: In 1492 Columbus sold it to Peru." in printed
    assert f"6 replies of 6 questions, by {MODEL}" in printed


def test_each_direction_is_counted(folder: Path) -> None:
    questions = load_question_set(folder / "questions.jsonl").questions
    counted = Counter(mixed_dev.group_of(question) for question in sample(questions, 100, 0))
    assert counted == {"ar→ar": 1, "en→en": 2, "ar→en": 1, "en→ar": 1, "ARCD": 1}


def test_a_model_that_is_not_there_is_not_counted_as_its_failure(
    folder: Path,
    tmp_path: Path,
    model: OpenAIServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    file = tmp_path / "replies.jsonl"
    assert generation.main([str(folder), "--work", str(tmp_path / "work"), "--replies", str(file)]) == 1
    assert "cannot be asked" in capsys.readouterr().err
    assert not file.exists() or not file.read_text(encoding="utf-8")


def test_with_nothing_to_score_it_says_what_to_do(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generation.main([str(folder), "--work", str(tmp_path / "work")]) == 1
    said = capsys.readouterr().err.strip()
    assert "nothing to score" in said.splitlines()[-1]
    assert "TAWTHIQ_LLM_MODEL" in said


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "1"}', "null"])
def test_a_damaged_file_names_the_line(folder: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "replies.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with (
        mixed_dev.opened(folder, tmp_path / "work") as (engine, questions),
        pytest.raises(EvaluationError, match="line 2 is no reply"),
    ):
        load_replies(tmp_path / "replies.jsonl", Shelf(engine, questions))


def test_replies_on_documents_that_are_others_now_are_not_scored(folder: Path, tmp_path: Path) -> None:
    with mixed_dev.opened(folder, tmp_path / "work") as (engine, questions):
        shelf = Shelf(engine, questions)
        place = shelf.place_of(engine.search("Nile", limit=1)[0])
        assert shelf.passage_at(place).passage.text
        with pytest.raises(ValueError, match="another than the model was given"):
            shelf.passage_at({**place, "start": place["start"] + 1})
        with pytest.raises(ValueError, match="no document moon"):
            shelf.passage_at({**place, "document": "moon"})
