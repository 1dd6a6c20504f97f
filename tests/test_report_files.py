"""A run as Markdown and as JUnit XML: what is in it is told, and none of it is markup."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.calibration import expected_calibration_error, reliability
from evals.misses import outcome
from evals.question_set import Question, QuestionSet
from evals.report_junit import junit_report
from evals.report_markdown import markdown_report
from evals.report_words import direction_label, metric_label, words
from evals.run import run_question_set
from evals.run_folder import RunFolder, read_run_folder
from rag import Engine
from ui.cli import main


@pytest.fixture
def run(samples_run: RunFolder) -> RunFolder:
    return samples_run


def test_calibration_by_hand() -> None:
    bins = reliability([0.1, 0.3, 0.9, 1.0], [False, True, True, True], bins=2)
    assert [(one.count, one.predicted, one.observed) for one in bins] == [(2, 0.2, 0.5), (2, 0.95, 1.0)]
    assert expected_calibration_error(bins) == pytest.approx(0.5 * 0.3 + 0.5 * 0.05)
    assert expected_calibration_error(reliability([], [])) is None


def test_markdown_has_every_figure_and_every_wrong_case(run: RunFolder) -> None:
    text = markdown_report(run)
    for direction in run.summary.directions:
        assert direction_label(direction, "en") in text
    assert f"{run.summary.overall['Success@1'].mean:.3f}" in text
    wrong = [one.case.question.id for one in run.cases if outcome(one) == "wrong"]
    assert wrong
    assert all(f"| {name} |" in text for name in wrong)


def test_junit_counts_what_is_there(run: RunFolder) -> None:
    root = ElementTree.fromstring(junit_report(run).encode())
    suite = root.find("testsuite")
    assert suite is not None
    outcomes = Counter(map(outcome, run.cases))
    assert suite.get("tests") == str(len(run.cases)) == str(len(suite.findall("testcase")))
    assert suite.get("failures") == str(outcomes["wrong"]) == str(len(suite.findall("testcase/failure")))


def test_hostile_text_is_no_markup(samples_engine: Engine, tmp_path: Path) -> None:
    hostile = Question(
        "x|y", "Who <script>alert(1)</script> sponsored | the ![a](http://evil.example/x) Captagon Act?", "en",
        answerable=False,
    )  # fmt: skip
    run_question_set(samples_engine, QuestionSet("s", "s", (hostile,), "0" * 64), tmp_path)
    run = read_run_folder(tmp_path)
    text = markdown_report(run)
    assert "<script>" not in text
    assert "![a](" not in text
    case = ElementTree.fromstring(junit_report(run).encode()).find("testsuite/testcase")
    assert case is not None
    assert "<script>" in (case.get("name") or "") + "".join(case.itertext())


def test_both_languages_have_the_same_words() -> None:
    assert list(words("ar")) == list(words("en"))
    assert metric_label("contained", "ar") == "المرجع في الاقتباسات"
    assert metric_label("nDCG@10", "ar") == "nDCG@10"
    assert direction_label("ar→en", "ar") == "العربية ← الإنجليزية"


def test_the_command(run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, begins in (("r.md", "# samples"), ("r.xml", "<?xml")):
        with pytest.raises(SystemExit) as stopped:
            main(["eval", "report", str(run.path), "--out", str(tmp_path / name)])
        assert not stopped.value.code
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    with pytest.raises(SystemExit) as stopped:
        main(["eval", "report", str(run.path), "--out", str(tmp_path / "r.pdf")])
    assert stopped.value.code == 2
    assert "--format" in capsys.readouterr().err
