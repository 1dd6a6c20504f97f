"""Comparing runs and gating a release on them: arithmetic worked by hand, floors, and runs that are really worse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evals import question_sets
from evals.cases import Case
from evals.compare import ALL, compare, holm, sign_flip_p
from evals.errors import EvaluationError
from evals.gate import breaches, lowered, pinned, raised, read_floors, repinned, write_floors
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


def changed(run: RunFolder, alter: object) -> RunFolder:
    """The run as it would be had every case been altered so, scored anew."""
    cases = [alter(one.case) for one in run.cases]  # type: ignore[operator]
    return RunFolder(run.path, summarise(cases, run.summary.about), tuple(ScoredCase(one, {}) for one in cases))


def silenced(case: Case) -> Case:
    assert case.answer is not None
    answer = replace(case.answer, status="not_found", statements=(), citations=())
    return replace(case, answer=answer, stored=())


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


def test_floors_rise_by_themselves_and_fall_only_with_a_reason(run: RunFolder, tmp_path: Path) -> None:
    first = raised(None, run)
    assert first.values == pinned(run)
    assert first.values[ALL]["verbatim_rate"] == 1
    figure = run.summary.overall["Success@1"]
    assert figure.mean is not None
    assert first.values[ALL]["Success@1"] == pytest.approx(figure.mean - 1 / figure.n, abs=1e-5)
    ceiling = run.summary.overall["false_silences"]
    assert ceiling.mean is not None
    assert first.values[ALL]["false_silences"] == pytest.approx(ceiling.mean + 1 / ceiling.n, abs=1e-5)
    assert raised(first, changed(run, silenced)).values[ALL]["false_silences"] == first.values[ALL]["false_silences"]

    low = lowered(first, "Success@1", ALL, 0.1, "the set was made harder")
    assert low.values[ALL]["Success@1"] == 0.1
    assert low.history[-1]["reason"] == "the set was made harder"
    assert raised(low, run).values == first.values  # and up again
    for arguments, problem in (
        (("Success@1", ALL, 0.1, " "), "without a reason"),
        (("Success@1", ALL, 0.99, "x"), "is not below"),
        (("nothing", ALL, 0.1, "x"), "no floor nothing"),
        (("false_silences", ALL, 0.0, "x"), "is not below"),
    ):
        with pytest.raises(EvaluationError, match=problem):
            lowered(first, *arguments)
    with pytest.raises(EvaluationError, match="without a reason"):
        repinned(first, run, "")
    write_floors(low, tmp_path / "floors.json")
    assert read_floors(tmp_path / "floors.json").to_json() == low.to_json()
    (tmp_path / "bad.json").write_text('{"floors": 3}', encoding="utf-8")
    with pytest.raises(EvaluationError, match="not a file of floors"):
        read_floors(tmp_path / "bad.json")


def test_what_was_not_measured_is_no_pass(run: RunFolder) -> None:
    floors = read_floors(question_sets.floors("samples"))
    values = {**floors.values, "ar→fr": {"Success@1": 0.5}}
    [breach] = breaches(run, replace(floors, values=values))
    assert (breach.metric, breach.group, breach.value, breach.reason) == (
        "Success@1",
        "ar→fr",
        None,
        "it was not measured",
    )


def test_the_commands(run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def called(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            main([*arguments])
        return int(stopped.value.code or 0), capsys.readouterr().out

    code, out = called("eval", "compare", str(run.path), str(run.path))
    assert code == 0
    assert "Broken: none" in out
    code, out = called("eval", "gate", str(run.path), "--baseline", str(run.path))
    assert (code, out.strip()) == (0, "Passed.")
    floors = tmp_path / "floors.json"
    assert called("eval", "gate", str(run.path), "--floors", str(floors), "--raise")[0] == 0
    data = json.loads(floors.read_text(encoding="utf-8"))
    data["floors"][ALL]["contained"] = 0.999
    floors.write_text(json.dumps(data), encoding="utf-8")
    code, out = called("eval", "gate", str(run.path), "--floors", str(floors), "--json")
    assert code == 1
    assert [one["metric"] for one in json.loads(out)["breaches"]] == ["contained"]
    lower = ("--lower", "contained=0.1", "--reason", "references were rewritten")
    assert called("eval", "gate", str(run.path), "--floors", str(floors), *lower)[0] == 0
    assert called("eval", "gate", str(run.path), "--floors", str(floors))[0] == 0
    code, out = called("eval", "compare", str(run.path), str(tmp_path), "--json")
    assert code == 1
    assert "holds no run" in json.loads(out)["error"]["message"]
