from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from respondents import WHEN, WHO, Troubled, made_of
from rich.console import Console

from corpus.sources import sample_documents
from evals import question_sets
from evals.benchmarks.latency import measure_cold, measure_warm
from evals.cases import read_cases
from evals.errors import EvaluationError, QuestionSetError
from evals.misses import misses
from evals.observation import observer
from evals.question_set import Question, QuestionSet, Span, load_question_set
from evals.report import render_table
from evals.report_misses import render_misses, worst
from evals.report_words import Language
from evals.resuming import corpus_digest
from evals.run import RunProgress, RunResult, evaluate, run_question_set
from evals.summary import Summary, summarise
from rag import Engine
from rag.errors import GenerationError


def printed(summary: Summary, width: int = 100) -> str:
    text = io.StringIO()
    Console(width=width, file=text).print(render_table(summary, tags=True))
    return text.getvalue()


@pytest.fixture(scope="module")
def bundled() -> QuestionSet:
    return load_question_set(question_sets.path("samples"))


@pytest.fixture(scope="module")
def result(samples_engine: Engine, bundled: QuestionSet, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """The bundled set, asked through the real engine."""
    return run_question_set(samples_engine, bundled, tmp_path_factory.mktemp("run"), observe=observer(samples_engine))


def test_the_bundled_set_runs_soundly(result: RunResult, bundled: QuestionSet) -> None:
    summary = result.summary
    assert (summary.failures, summary.problems) == ((), ())
    assert summary.asked == summary.cases == len(bundled.questions)
    assert summary.sound
    assert summary.overall["verbatim_rate"].mean == 1
    assert {"ar→ar", "en→en", "ar→en", "en→ar", "ar→none", "en→none"} <= set(summary.directions)
    assert summary.directions["ar→none"]["Success@5"].n == 0
    assert summary.directions["ar→none"]["false_answers"].n > 0
    assert summary.latency_ms.n == len(bundled.questions)


def test_the_bundled_set_is_answered_well(result: RunResult) -> None:
    # Floors a little below what was measured when they were set (.99, .53, .36, 1, .62, .17): the set is hard on
    # purpose. Its questions paraphrase, most of its lists stand in prose, its unanswerable ones are near misses.
    figures = {name: estimate.mean for name, estimate in result.summary.overall.items()}
    assert (figures["Success@5"] or 0) >= 0.95
    assert (figures["contained"] or 0) >= 0.45
    assert (figures["list_completeness"] or 0) >= 0.25
    assert figures["verbatim_rate"] == 1
    assert figures["false_answers"] is not None
    assert figures["false_answers"] <= 0.7
    assert figures["false_silences"] is not None
    assert figures["false_silences"] <= 0.25


def test_a_run_can_be_scored_again_from_its_folder(result: RunResult) -> None:
    cases = read_cases(result.out / "cases.jsonl")
    assert [case.to_json() for case in cases] == [case.to_json() for case in result.cases]
    written = json.loads((result.out / "summary.json").read_text(encoding="utf-8"))
    assert Summary.from_json(written).to_json() == written == result.summary.to_json()
    again = summarise(cases, result.summary.about)
    assert again.to_json()["metrics"] == written["metrics"]


def test_the_summary_says_what_was_run(result: RunResult, bundled: QuestionSet, samples_engine: Engine) -> None:
    written = json.loads((result.out / "summary.json").read_text(encoding="utf-8"))
    assert written["question_set"]["digest"] == bundled.digest
    assert written["mode"] == "quotes"
    assert written["index_generation"] == samples_engine.generation
    assert written["models"]["embedding"]
    total = len(bundled.questions)
    assert written["cases"] == {"total": total, "asked": total, "failed": 0, "invalid": 0}


def test_the_table_shows_every_direction_in_a_narrow_terminal(result: RunResult) -> None:
    text = printed(result.summary, width=80)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    for direction in result.summary.directions:
        assert direction in text
    asked = len(result.cases)
    assert f"{asked} of {asked} questions asked" in text
    assert "#list" in text
    assert "…" not in text


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_worst_misses_are_told_with_what_was_expected_and_answered(
    result: RunResult, tmp_path: Path, language: Language
) -> None:
    def told(shown: int) -> str:
        return "\n".join(line.plain for line in render_misses(result.cases, tmp_path, language, shown))

    wrong = worst(result.cases)
    kinds = [misses(one.scores)[0] for one in wrong]
    assert len(wrong) > 10
    assert kinds.index("false_silence") > kinds.index("false_answer")
    seen = told(10)
    assert [line[:2] for line in seen.splitlines() if line[:1].isdigit() and line[1] == "."] == [
        f"{number}." for number in range(1, 10)
    ]
    assert str(len(wrong)) in seen
    assert wrong[0].case.question.id in seen
    assert f"tawthiq eval report {tmp_path} --out {tmp_path / 'report.html'}" in seen
    said = {"ar": ("ليس في الوثائق", "المتوقع", "الجواب"), "en": ("not in the documents", "expected", "answered")}
    assert all(word in seen for word in said[language])
    everything = told(len(wrong))
    assert all(one.case.question.id in everything for one in wrong)


def test_nothing_is_told_where_nothing_went_wrong(samples_engine: Engine, tmp_path: Path) -> None:
    right = run_question_set(samples_engine, made_of(WHO), tmp_path)
    assert render_misses(right.cases, tmp_path, "ar") == []


def test_a_failure_is_kept_apart_from_low_scores(samples_engine: Engine, tmp_path: Path) -> None:
    troubled = Troubled(samples_engine, {WHEN.question: GenerationError("The model\ndid not answer.", "[Try] again.")})
    summary = run_question_set(troubled, made_of(WHEN, WHO), tmp_path).summary
    assert summary.failures == (("when", "The model did not answer. [Try] again."),)
    assert (summary.cases, summary.asked, summary.sound) == (2, 1, False)
    figure = summary.overall["Success@5"]
    assert (figure.mean, figure.n, figure.unscored) == (1.0, 1, 1)
    assert summary.directions["ar→en"]["contained"].n == 0
    assert "failed: when: The model did not answer. [Try] again." in printed(summary)


def test_control_characters_do_not_reach_the_terminal(samples_engine: Engine, tmp_path: Path) -> None:
    hostile = replace(WHO, id="[bold]\x1b[2J\n", documents=("gone",))
    text = printed(run_question_set(samples_engine, made_of(hostile, WHEN), tmp_path).summary)
    assert "not asked: [bold] [2J : the document 'gone' is not in the corpus" in text
    assert "\x1b" not in text


def test_a_defect_of_the_engine_does_not_end_the_run(samples_engine: Engine, tmp_path: Path) -> None:
    result = run_question_set(Troubled(samples_engine, {WHO.question: KeyError("x")}), made_of(WHO, WHEN), tmp_path)
    assert [(case.status, case.error) for case in result.cases] == [("failed", "KeyError: 'x'"), ("asked", None)]


def test_a_quote_that_is_not_verbatim_is_caught(samples_engine: Engine, tmp_path: Path) -> None:
    summary = run_question_set(Troubled(samples_engine, {}, [WHO.question]), made_of(WHO), tmp_path).summary
    assert summary.overall["verbatim_rate"].mean == 0
    assert not summary.sound


def test_earlier_turns_are_asked_first(samples_engine: Engine, tmp_path: Path) -> None:
    troubled = Troubled(samples_engine, {})
    turns = ("What is the Captagon Act?", "When was it passed?")
    run_question_set(troubled, made_of(replace(WHO, turns=turns)), tmp_path)
    assert troubled.asked == [
        (turns[0], (), "quotes"),
        (turns[1], turns[:1], "quotes"),
        (WHO.question, turns, "quotes"),
    ]


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (replace(WHO, documents=("gone",)), "the document 'gone' is not in the corpus"),
        (replace(WHO, spans=(Span("en-captagon-act", 0, 10**6),)), "span 1 ends at 1000000, 'en-captagon-act' at "),
        (replace(WHO, spans=(Span("en-captagon-act", 0, 4, "else"),)), "span 1: 'en-captagon-act' no longer holds its"),
    ],
)
def test_a_case_that_does_not_fit_the_corpus_is_not_asked(
    samples_engine: Engine, tmp_path: Path, question: Question, problem: str
) -> None:
    troubled = Troubled(samples_engine, {})
    summary = run_question_set(troubled, made_of(replace(question, id="x"), WHEN), tmp_path).summary
    assert [asked for asked, _, _ in troubled.asked] == [WHEN.question]
    [(identifier, said)] = summary.problems
    assert identifier == "x"
    assert said.startswith(problem)
    assert not summary.sound
    assert summary.overall["Success@5"].unscored == 1


def test_a_set_for_other_documents_is_refused(samples_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"No question of small fits these documents; the first, who: .*'gone'"):
        run_question_set(samples_engine, made_of(replace(WHO, documents=("gone",))), tmp_path)


def test_an_interrupted_run_keeps_its_lines_and_no_summary(
    samples_engine: Engine, tmp_path: Path, result: RunResult
) -> None:
    (tmp_path / "summary.json").write_text((result.out / "summary.json").read_text(encoding="utf-8"), encoding="utf-8")

    def stop(step: RunProgress) -> None:
        if step.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_question_set(samples_engine, made_of(WHO, WHEN), tmp_path, progress=stop)
    assert [case.question for case in read_cases(tmp_path / "cases.jsonl")] == [WHO]
    assert not (tmp_path / "summary.json").exists()


KNOWN: dict[str, Any] = {"configuration": {"answer_threshold": 0.5}}


def cut_off(engine: Engine, out: Path, **options: Any) -> None:
    """A run of two questions that ends after the first, half of the second already written."""

    def stop(step: RunProgress) -> None:
        if step.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_question_set(engine, made_of(WHO, WHEN), out, progress=stop, about=KNOWN, **options)
    with (out / "cases.jsonl").open("a", encoding="utf-8") as lines:
        lines.write('{"id": "when", "sta')


def test_a_run_that_was_cut_off_goes_on_where_it_was(samples_engine: Engine, tmp_path: Path) -> None:
    cut_off(samples_engine, tmp_path)
    troubled = Troubled(samples_engine, {})
    result = run_question_set(troubled, made_of(WHO, WHEN), tmp_path, about=KNOWN)
    assert [question for question, _, _ in troubled.asked] == [WHEN.question]
    assert result.summary.asked == 2
    assert result.summary.about["kept_from_a_run_cut_off"] == 1
    assert [case.to_json() for case in read_cases(tmp_path / "cases.jsonl")] == [c.to_json() for c in result.cases]


@pytest.mark.parametrize(
    ("changed", "options"),
    [
        ("mode", {"mode": "auto"}),
        ("configuration", {"about": {"configuration": {"answer_threshold": 0.9}}}),
        ("question set", {}),
    ],
)
@pytest.mark.parametrize("finished", [False, True])
def test_another_run_in_its_folder_is_replaced_by_restart_alone(
    samples_engine: Engine, tmp_path: Path, changed: str, options: dict[str, Any], finished: bool
) -> None:
    cut_off(samples_engine, tmp_path)
    if finished:
        run_question_set(samples_engine, made_of(WHO, WHEN), tmp_path, about=KNOWN)
    before = (tmp_path / "cases.jsonl").read_bytes()
    questions = made_of(WHO, WHEN)
    if changed == "question set":
        questions = replace(questions, digest="1" * 64)
    troubled = Troubled(samples_engine, {})
    options = {"about": KNOWN, **options}
    with pytest.raises(EvaluationError, match=f"holds another run; what differs: {changed}.*--restart"):
        run_question_set(troubled, questions, tmp_path, **options)
    assert (troubled.asked, (tmp_path / "cases.jsonl").read_bytes()) == ([], before)
    assert run_question_set(troubled, questions, tmp_path, restart=True, **options).summary.asked == 2
    assert [question for question, _, _ in troubled.asked] == [WHO.question, WHEN.question]


@pytest.mark.parametrize("options", [{"about": {"configuration": None}}, {"restart": True}])
def test_a_servers_run_and_one_begun_again_ask_everything_anew(
    samples_engine: Engine, tmp_path: Path, options: dict[str, Any]
) -> None:
    cut_off(samples_engine, tmp_path)
    troubled = Troubled(samples_engine, {})
    assert run_question_set(troubled, made_of(WHO, WHEN), tmp_path, **{"about": KNOWN, **options}).summary.asked == 2
    assert [question for question, _, _ in troubled.asked] == [WHO.question, WHEN.question]


def test_the_corpus_is_known_by_its_texts_not_by_their_length(samples_engine: Engine) -> None:
    documents = samples_engine.documents()
    assert corpus_digest(documents) == corpus_digest(reversed(documents))
    edited = [replace(documents[0], sha256="0" * 64), *documents[1:]]
    assert documents[0].sha256 == samples_engine.document(documents[0].document_id).sha256
    assert corpus_digest(edited) != corpus_digest(documents)


def test_a_finished_run_is_asked_again_and_so_is_what_failed(samples_engine: Engine, tmp_path: Path) -> None:
    cut_off(Troubled(samples_engine, {WHO.question: KeyError("x")}), tmp_path)  # type: ignore[arg-type]
    for _ in range(2):
        troubled = Troubled(samples_engine, {})
        assert run_question_set(troubled, made_of(WHO, WHEN), tmp_path, about=KNOWN).summary.sound
        assert len(troubled.asked) == 2


def test_a_half_written_line_is_named(result: RunResult, tmp_path: Path) -> None:
    lines = (result.out / "cases.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "cases.jsonl").write_bytes(b"".join(lines[:2]) + lines[2][:100])
    with pytest.raises(EvaluationError, match=r"cases\.jsonl, line 3: not a recorded case"):
        read_cases(tmp_path / "cases.jsonl")
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_cases(tmp_path / "absent.jsonl")


def test_a_folder_that_cannot_be_written_is_refused_before_asking(samples_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    troubled = Troubled(samples_engine, {})
    with pytest.raises(EvaluationError, match="cannot be written"):
        run_question_set(troubled, made_of(WHO), tmp_path / "file")
    assert troubled.asked == []


def test_evaluate_ingests_documents_into_a_fresh_home(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    name = "en-captagon-act.md"
    (documents / name).write_bytes((sample_documents() / name).read_bytes())
    (tmp_path / "set.jsonl").write_text(json.dumps(WHO.to_json()), encoding="utf-8")
    steps: list[RunProgress] = []
    result = evaluate(tmp_path / "set.jsonl", tmp_path / "out", documents=documents, progress=steps.append)
    assert result.summary.sound
    assert result.summary.overall["Success@1"].mean == 1
    assert result.summary.about["ingestion"]["added"] == 1
    assert replace(steps[-1], so_far=None) == RunProgress("asking", 1, 1)
    assert "indexing" in {step.stage for step in steps}


def test_evaluate_refuses_bad_arguments_before_opening_anything(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="Both a home and documents"):
        evaluate("samples", tmp_path / "out", home=tmp_path, documents=tmp_path)
    with pytest.raises(EvaluationError, match="There is nothing at"):
        evaluate("samples", tmp_path / "out", documents=tmp_path / "absent")
    with pytest.raises(QuestionSetError, match="no bundled set"):
        evaluate(tmp_path / "absent.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_benchmark_asks_each_question_once_and_counts_the_warm_ones(samples_engine: Engine) -> None:
    troubled = Troubled(samples_engine, {})
    warm = measure_warm(troubled, [WHO, WHEN, replace(WHO, id="again")], uncounted=0)
    assert sorted(troubled.asked) == sorted((one.question, (), "quotes") for one in (WHO, WHEN))
    assert (warm.all.n, warm.first.n) == (2, len({WHO.documents, WHEN.documents}))
    assert measure_warm(troubled, [WHO, WHEN], uncounted=1).all.n == 1


def test_the_benchmark_does_not_time_a_command_that_fails(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="ask ended with exit code"):
        measure_cold(tmp_path / "empty", [WHO.question], runs=1)


def test_an_empty_home_is_refused(tmp_path: Path) -> None:
    with Engine.open(tmp_path / "home") as engine, pytest.raises(EvaluationError, match="no documents to ask"):
        run_question_set(engine, made_of(WHO), tmp_path / "out")
