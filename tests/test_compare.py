"""Comparing two runs where the question set changed, where cases failed, and by exact arithmetic."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from math import comb
from pathlib import Path

import pytest

from evals import question_sets
from evals.cases import Case
from evals.compare import ALL, compare, sign_flip_p
from evals.question_set import load_question_set
from evals.run import run_question_set
from evals.run_folder import RunFolder, ScoredCase, read_run_folder
from evals.summary import summarise
from rag import Engine
from ui.cli import main


@pytest.fixture(scope="module")
def run(samples_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The bundled set, asked through the real engine, and read from its folder."""
    out = tmp_path_factory.mktemp("runs") / "first"
    run_question_set(samples_engine, load_question_set(question_sets.path("samples")), out)
    return read_run_folder(out)


def changed(run: RunFolder, alter: Callable[[int, Case], Case], digest: str | None = None) -> RunFolder:
    """The run as it would be had every case been altered so, scored anew; of another set where `digest` is given."""
    cases = [alter(number, one.case) for number, one in enumerate(run.cases)]
    about = dict(run.summary.about)
    if digest is not None:
        about["question_set"] = {**about["question_set"], "digest": digest}
    return RunFolder(Path("changed"), summarise(cases, about), tuple(ScoredCase(one, {}) for one in cases))


@pytest.mark.parametrize(("up", "down"), [(0, 20), (3, 17), (10, 10), (40, 60), (300, 200)])
def test_right_and_wrong_are_tested_exactly_however_many(up: int, down: int) -> None:
    n, further = up + down, max(up, down)
    both_tails = 2 * sum(comb(n, k) for k in range(further, n + 1)) / 2**n
    assert sign_flip_p([1.0] * up + [-1.0] * down + [0.0] * 50) == pytest.approx(min(1.0, both_tails))


def test_differences_of_several_sizes_by_hand() -> None:
    # 3, 1 and 1 signed in 8 ways: 5, 3, 3, 1 and their negatives; as far from 0 as 5: two, as 3: six
    assert sign_flip_p([3, 1, 1]) == pytest.approx(2 / 8)
    assert sign_flip_p([3, 1, -1]) == pytest.approx(6 / 8)


def test_one_case_that_broke_is_shown_and_is_not_called_more_than_chance(run: RunFolder) -> None:
    at = next(n for n, one in enumerate(run.cases) if one.case.expected == one.case.ranking[:1])
    worse = changed(run, lambda n, case: replace(case, ranking=("wrong", *case.ranking)) if n == at else case)
    found = compare(run, worse)
    assert {one.verdict for one in found.differences} == {"same", "unscored"}
    assert {one.id for one in found.broken} == {run.cases[at].case.question.id}
    [hit] = [one for one in found.differences if (one.metric, one.group) == ("Success@1", ALL)]
    assert hit.before is not None
    assert hit.after is not None
    assert hit.after == pytest.approx(hit.before - 1 / hit.n)
    assert (hit.p, hit.corrected) == (1.0, 1.0)
    assert hit.low is not None
    assert hit.low <= hit.after - hit.before <= (hit.high or 0)


def test_a_changed_answer_key_is_another_question(run: RunFolder) -> None:
    """Else the same answer, measured by another reference, would be a case that broke."""
    keyed = [n for n, one in enumerate(run.cases) if one.case.question.answers][:3]

    def rewritten(n: int, case: Case) -> Case:
        return replace(case, question=replace(case.question, answers=("elsewhere",))) if n in keyed else case

    found = compare(run, changed(run, rewritten, digest="edited"), common=True)
    assert (found.cases, found.left_out, found.broken, found.fixed) == (len(run.cases) - 3, 3, (), ())


def test_notes_and_order_are_nothing_that_is_asked(run: RunFolder) -> None:
    noted = changed(run, lambda _, case: replace(case, question=replace(case.question, notes="seen")), digest="noted")
    shuffled = replace(noted, cases=noted.cases[::-1])
    assert compare(run, shuffled, common=True).left_out == 0


def test_cases_that_failed_are_named_since_no_figure_counts_them(
    run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken_off(n: int, case: Case) -> Case:
        return replace(case, status="failed", answer=None, stored=(), error="RuntimeError: boom") if n < 2 else case

    fallen = changed(run, broken_off)
    ids = tuple(one.case.question.id for one in run.cases[:2])
    assert compare(run, fallen).failed == ids
    assert compare(fallen, run).recovered == ids
    (tmp_path / "summary.json").write_text(json.dumps(fallen.summary.to_json()), encoding="utf-8")
    lines = "".join(json.dumps(one.case.to_json()) + "\n" for one in fallen.cases)
    (tmp_path / "cases.jsonl").write_text(lines, encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["eval", "compare", str(run.path), str(tmp_path)])
    assert not stopped.value.code
    out = " ".join(capsys.readouterr().out.split())
    assert f"2 without an answer in the second run alone, in no figure: {ids[0]}, {ids[1]}" in out


def test_what_no_case_was_measured_by_is_unscored(run: RunFolder) -> None:
    bare = changed(run, lambda _, case: replace(case, question=replace(case.question, answers=())))
    found = {one.metric: one for one in compare(bare, bare).differences if one.group == ALL}
    contained = found["contained"]
    assert (contained.n, contained.before, contained.p, contained.verdict) == (0, None, None, "unscored")
    assert found["Success@5"].verdict == "same"
