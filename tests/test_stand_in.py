"""The gate and grounding: a model that makes things up is stopped once nothing checks what it says."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from evals import question_sets
from evals.benchmarks.stand_in import stand_in_model
from evals.gate import Floors, breaches, pinned
from evals.observation import observer
from evals.question_set import QuestionSet, load_question_set
from evals.run import run_question_set
from evals.run_folder import RunFolder, read_run_folder
from rag import Engine
from rag.settings import Grounding, load_settings


@pytest.fixture(scope="module")
def questions() -> QuestionSet:
    """Twelve answerable questions, half of them Arabic."""
    whole = load_question_set(question_sets.path("samples"))
    chosen = [
        question
        for language in ("ar", "en")
        for question in [one for one in whole.questions if one.language == language and one.answerable][:6]
    ]
    return replace(whole, questions=tuple(chosen))


@pytest.fixture(scope="module")
def home(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("stand-in") / "home"
    shutil.copytree(samples_home, copy, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    return copy


def answered(questions: QuestionSet, home: Path, out: Path, grounding: Grounding) -> RunFolder:
    with stand_in_model():
        settings = load_settings().model_copy(update={"grounding": grounding})
        with Engine.open(home, settings=settings) as engine:
            run_question_set(engine, questions, out, mode="llm", observe=observer(engine))
    return read_run_folder(out)


def test_what_nobody_says_is_stopped_at_the_gate_once_grounding_is_off(
    questions: QuestionSet, home: Path, tmp_path: Path
) -> None:
    grounded = answered(questions, home, tmp_path / "grounded", "remove")
    assert all(one.case.answer is not None for one in grounded.cases)
    shown = [one.text for case in grounded.cases if case.case.answer for one in case.case.answer.statements]
    assert shown
    assert not any("9631" in text or "9,631" in text for text in shown)
    assert grounded.summary.overall["unsupported"].mean == 0
    assert (grounded.summary.overall["removed"].mean or 0) > 0
    floors = Floors(questions.digest, pinned(grounded), ())
    assert breaches(answered(questions, home, tmp_path / "again", "remove"), floors, grounded) == []

    off = answered(questions, home, tmp_path / "off", "off")
    found = {one.metric for one in breaches(off, floors, grounded) if one.group == "all"}
    assert {"supported", "unsupported", "failed_number", "citation_recall", "citation_precision"} <= found
    assert (off.summary.overall["unsupported"].mean or 0) >= 0.3
