"""A run exported for Ragas: what is in a line, and the script that measures it without knowing Tawthiq."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai_server import OpenAIServer, Text

from evals.benchmarks.ragas_run import SAME, figures, score_all
from evals.export import ragas_rows
from evals.metrics.estimates import estimate
from evals.question_set import Question
from evals.run_folder import RunFolder, ScoredCase
from rag.types import Frame, Statement

Command = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "evals" / "benchmarks" / "ragas_run.py"
RAGAS_PYTHON = ROOT / ".venv-ragas" / "bin" / "python"


def exported(run: RunFolder, **changes: Any) -> Mapping[str, Any]:
    """The line of the run's first answered case, its question changed."""
    scored = next(one for one in run.cases if one.case.answer and one.case.answer.citations)
    case = replace(scored.case, question=replace(scored.case.question, **changes))
    return next(iter(ragas_rows(replace(run, cases=(ScoredCase(case, scored.scores),)))))


def test_every_asked_case_is_a_line(run: Command, samples_run: RunFolder, tmp_path: Path) -> None:
    out = tmp_path / "ragas.jsonl"
    code, said, _ = run("eval", "export", samples_run.path, "--format", "ragas", "--out", out, "--json")
    assert (code, json.loads(said)["samples"]) == (0, len(samples_run.cases))
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    for row, scored in zip(rows, samples_run.cases, strict=True):
        answer = scored.case.answer
        assert answer is not None
        question = scored.case.question
        assert (row["id"], row["user_input"]) == (question.id, "\n".join((*question.turns, question.question)))
        assert row["retrieved_contexts"] == [one.passage.text for one in answer.passages]
        if not scored.case.question.answerable:
            assert row.keys().isdisjoint({"reference", "reference_contexts", "reference_context_ids"})
        elif answer.status == "answered":
            assert row["response"] == "\n".join(row["quotes"])
            assert not re.search(r"\[\d+\]", row["response"])
    code, _, err = run("eval", "export", samples_run.path, "--out", tmp_path / "no" / "such" / "folder")
    assert (code, err.count("\n")) == (1, 1)


def test_reference_is_in_the_questions_script_and_a_list_is_whole(samples_run: RunFolder) -> None:
    both = ("law enforcement", "العقوبات", "ضغط دبلوماسي")
    assert exported(samples_run, language="ar", answers=both, tags=())["reference"] == "العقوبات"
    assert exported(samples_run, language="en", answers=both, tags=())["reference"] == "law enforcement"
    assert exported(samples_run, language="ar", answers=both, tags=("list",))["reference"] == "العقوبات\nضغط دبلوماسي"
    assert exported(samples_run, language="ar", answers=("2022",), tags=())["reference"] == "2022"
    assert "reference" not in exported(samples_run, answers=(), tags=())
    assert exported(samples_run, question="And then?", turns=("What first?",))["user_input"] == "What first?\nAnd then?"


def test_a_models_words_are_the_response_without_markers(samples_run: RunFolder) -> None:
    scored = next(one for one in samples_run.cases if one.case.answer and one.case.answer.citations)
    assert scored.case.answer is not None
    written = replace(
        scored.case.answer,
        text="Here: It did. [1] So it was. [2]",
        frame=Frame("Here: "),
        statements=(Statement("It did.", (1,), "supported"), Statement("So it was.", (2,), "weak")),
    )
    case = replace(scored.case, answer=written)
    (row,) = ragas_rows(replace(samples_run, cases=(ScoredCase(case, scored.scores),)))
    assert row["response"] == "It did.\nSo it was."


def test_a_question_that_was_never_asked_is_no_sample(samples_run: RunFolder) -> None:
    case = replace(samples_run.cases[0].case, question=Question("q", "Who?", "en"), answer=None, status="failed")
    assert list(ragas_rows(replace(samples_run, cases=(ScoredCase(case, {}),)))) == []


def test_what_a_metric_fails_on_is_unscored_with_its_reason() -> None:
    async def broken(row: Mapping[str, Any]) -> float:
        if row["id"] == "b":
            raise RuntimeError("no\nserver")
        return float("nan") if row["id"] == "c" else 0.5

    async def absent(_: Mapping[str, Any]) -> None:
        return None

    rows = [{"id": name, "direction": "ar→en"} for name in "abc"]
    scores, failures = asyncio.run(score_all(rows, {"m": broken, "n": absent}))
    assert scores == [{"m": 0.5, "n": None}, {"m": None, "n": None}, {"m": None, "n": None}]
    assert failures == [
        {"id": "b", "metric": "m", "reason": "RuntimeError: no server"},
        {"id": "c", "metric": "m", "reason": "no number"},
    ]
    found = figures(rows, scores)["metrics"]["m"]
    assert found["all"] == {"mean": 0.5, "n": 1, "unscored": 2, "low": None, "high": None}
    assert found["directions"] == {"ar→en": found["all"]}


def test_the_same_measure_stands_beside_ours_and_a_difference_is_named() -> None:
    values = [1.0, 0.5, 0.0]
    rows = [{"id": str(n), "direction": "en→en", "scores": {"R@5": value}} for n, value in enumerate(values)]
    rows.append({"id": "none", "direction": "en→none", "scores": {}})
    scores: list[dict[str, float | None]] = [{"id_based_context_recall@5": value} for value in (1.0, 0.5, 1.0, None)]
    beside = figures(rows, scores)["beside"]
    assert list(beside) == ["R@5"]
    assert beside["R@5"]["differ"] == ["2"]
    ours = estimate([*values, None])
    assert ours.low is not None
    told = beside["R@5"]["tawthiq"]
    assert (told["mean"], told["n"], told["unscored"]) == (0.5, 3, 1)
    assert (told["low"], told["high"]) == (pytest.approx(ours.low), pytest.approx(ours.high))


def test_the_script_imports_nothing_of_ours_and_says_what_is_missing(tmp_path: Path) -> None:
    assert not re.search(
        r"^\s*(?:from|import) (?:evals|rag|corpus|ui)\b", SCRIPT.read_text("utf-8"), flags=re.MULTILINE
    )
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"user_input": "Who?"}\n{"question": "x"}\n', encoding="utf-8")
    command = [sys.executable, "-P", str(SCRIPT), str(bad), "--out", str(tmp_path / "r.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "line 2: no sample of Ragas" in done.stderr
    bad.write_text('{"user_input": "Who?"}\n', encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "make ragas" in done.stderr  # it is not installed here
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not RAGAS_PYTHON.exists(), reason="no .venv-ragas (make ragas builds it)")
def test_ragas_itself_measures_the_bundled_run(
    run: Command, samples_run: RunFolder, tmp_path: Path, server: OpenAIServer
) -> None:
    export, out = tmp_path / "ragas.jsonl", tmp_path / "ragas.json"
    run("eval", "export", samples_run.path, "--out", export)

    def respond(body: dict[str, Any]) -> Text:
        asked = str(body["messages"])
        if "StatementGeneratorOutput" in asked:
            return Text('{"statements": ["a", "b"]}')
        if "NLIStatementOutput" in asked:
            verdicts = [{"statement": name, "reason": "r", "verdict": int(name == "a")} for name in "ab"]
            return Text(json.dumps({"statements": verdicts}))
        return Text('{"claims": ["a", "b"]}')

    server.respond = respond
    done = subprocess.run(
        [str(RAGAS_PYTHON), "-P", str(SCRIPT), str(export), "--out", str(out), "--llm", "judge"],
        env={"PATH": os.environ["PATH"], "OPENAI_BASE_URL": server.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(out.read_text("utf-8"))
    assert data["failures"] == []
    for own in SAME.values():
        assert data["beside"][own]["differ"] == []
        assert data["beside"][own]["tawthiq"]["mean"] == pytest.approx(samples_run.summary.overall[own].mean, abs=1e-6)
    assert data["metrics"]["faithfulness"]["all"]["mean"] == 0.5
    assert 0 < data["metrics"]["chrf_score"]["all"]["mean"] < 1
    assert data["metrics"]["rouge_score"]["directions"]["ar→ar"]["n"] == 0  # its tokenizer drops Arabic letters
