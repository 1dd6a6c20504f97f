"""Comparing two runs where the question set changed, where cases failed, and by exact arithmetic."""

from __future__ import annotations

import json
from dataclasses import replace
from math import comb
from pathlib import Path

import pytest
from changed_runs import changed, silenced

from evals import question_sets
from evals.cases import Case
from evals.compare import ALL, compare, holm, sign_flip_p
from evals.errors import EvaluationError
from evals.gate import breaches, read_floors
from evals.run_folder import RunFolder, read_run_folder
from ui.cli import main


@pytest.fixture
def run(samples_run: RunFolder) -> RunFolder:
    return samples_run


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


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ((1, 1, 1, 1), 2 / 16),  # of 16 ways to sign them, all + and all - are as far from 0
        ((1, 1, 1, -1), 10 / 16),  # sums of 4, 2, -2, -4
        ((1, -1), 1.0),
        ((0, 0, 0), 1.0),
        ((1,), 1.0),
        ((0.5,) * 10 + (0,) * 90, 2 / 1024),  # what did not change says nothing
    ],
)
def test_the_permutation_test_is_what_counting_by_hand_gives(differences: tuple[float, ...], p: float) -> None:
    assert sign_flip_p(differences) == pytest.approx(p)


def test_holm_by_hand() -> None:
    # .01 x 4 = .04; .02 x 3 = .06; .03 x 2 = .06; .5 x 1; never less than the one before
    assert holm([0.5, 0.01, 0.03, 0.02]) == pytest.approx([0.5, 0.04, 0.06, 0.06])
    assert holm([]) == []
    assert holm([0.4, 0.9]) == pytest.approx([0.8, 0.9])


def test_a_run_is_the_same_as_itself(run: RunFolder) -> None:
    found = compare(run, run)
    assert (found.cases, found.left_out, found.fixed, found.broken) == (len(run.cases), 0, (), ())
    assert {one.verdict for one in found.differences} == {"same", "unscored"}
    assert breaches(run, read_floors(question_sets.floors("samples")), run) == []


def test_silence_everywhere_is_caught_and_named(run: RunFolder) -> None:
    worse = changed(run, silenced)
    found = compare(run, worse)
    verdicts = {one.metric: one.verdict for one in found.differences if one.group == ALL}
    assert verdicts["false_silences"] == "worse"
    assert verdicts["false_answers"] in ("better", "same")
    assert verdicts["Success@5"] == "same"
    broken = {one.id for one in found.broken if one.metric == "false_silences"}
    before = [one.case for one in run.cases if one.case.question.answerable and one.case.answer is not None]
    assert broken == {case.question.id for case in before if case.answer and case.answer.status == "answered"}
    assert all(one.answer_after == "—" for one in found.broken)
    stopped = breaches(worse, read_floors(question_sets.floors("samples")), run)
    assert {"worse than its floor"} < {one.reason for one in stopped}
    # and the other way round it is fixed, not broken
    assert {one.id for one in compare(worse, run).fixed if one.metric == "false_silences"} == broken


def test_different_sets_are_compared_only_when_asked_to(run: RunFolder) -> None:
    about = {**run.summary.about, "question_set": {"digest": "other", "name": "other"}}
    other = RunFolder(Path("other"), replace(run.summary, about=about), run.cases[:10])
    with pytest.raises(EvaluationError, match=r"are runs of different question sets\..*--common"):
        compare(run, other)
    found = compare(run, other, common=True)
    assert (found.cases, found.left_out) == (10, len(run.cases) - 10)
    with pytest.raises(EvaluationError, match="no question in common"):
        compare(run, RunFolder(Path("none"), other.summary, ()), common=True)
    with pytest.raises(EvaluationError, match="not the one that the floors were pinned on"):
        breaches(other, read_floors(question_sets.floors("samples")))


def test_a_run_cut_off_is_refused(run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_bytes((run.path / "cases.jsonl").read_bytes())
    with pytest.raises(EvaluationError, match="was not finished"):
        read_run_folder(tmp_path)
    (tmp_path / "summary.json").write_bytes((run.path / "summary.json").read_bytes())
    (tmp_path / "cases.jsonl").write_bytes((run.path / "cases.jsonl").read_bytes()[:-400])
    with pytest.raises(EvaluationError, match=r"line \d+: not a recorded case"):
        read_run_folder(tmp_path)


def test_what_was_run_otherwise_is_named(run: RunFolder) -> None:
    about = {**run.summary.about, "mode": "llm", "configuration": {"answer_threshold": 0.8, "grounding": "remove"}}
    other = replace(run, summary=replace(run.summary, about=about))
    before = {**run.summary.about, "configuration": {"answer_threshold": 0.5, "grounding": "remove"}}
    found = compare(replace(run, summary=replace(run.summary, about=before)), other)
    assert found.changed == ("mode: quotes → llm", "answer_threshold: 0.5 → 0.8")
    assert compare(run, run).changed == ()
    assert {"auc", "consistency", "total_ms"} <= set(found.not_compared)
    assert {one.metric for one in found.differences}.isdisjoint(found.not_compared)
