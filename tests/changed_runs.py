"""Runs as they would be had their cases come out otherwise, for the tests of what compares and gates them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from evals.cases import Case
from evals.run_folder import RunFolder, ScoredCase
from evals.summary import summarise


def changed(run: RunFolder, alter: Callable[[int, Case], Case], digest: str | None = None) -> RunFolder:
    """The run as it would be had every case been altered so, scored anew; of another set where `digest` is given."""
    cases = [alter(number, one.case) for number, one in enumerate(run.cases)]
    about = dict(run.summary.about)
    if digest is not None:
        about["question_set"] = {**about["question_set"], "digest": digest}
    return RunFolder(Path("changed"), summarise(cases, about), tuple(ScoredCase(one, {}) for one in cases))


def silenced(_: int, case: Case) -> Case:
    assert case.answer is not None
    answer = replace(case.answer, status="not_found", statements=(), citations=())
    return replace(case, answer=answer, stored=())
