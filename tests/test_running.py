"""What is told of a run while it goes on is what its summary says in the end."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from respondents import WHEN, WHO, Troubled, made_of
from test_output import Terminal

from evals.cases import Case
from evals.question_set import Question
from evals.run import RunProgress, run_question_set
from evals.running import RunningFigures, RunningMean
from rag import Engine
from rag.errors import GenerationError
from ui import output
from ui.output import Output

NOT_THERE = Question("not", "How many goals did Brazil score in the 1970 final?", "en", answerable=False)


def test_means_failures_and_time_left_by_hand() -> None:
    now = [100.0]
    figures = RunningFigures(4, clock=lambda: now[0])
    assert figures.so_far().means == ()
    assert figures.so_far().seconds_left is None
    case = Case(WHO, "en→en", "asked")
    figures.add(case, {"contained": 1.0, "Success@5": None, "list_completeness": 0.1}, kept=True)
    assert figures.so_far().seconds_left is None  # nothing was asked yet by this run
    now[0] += 3
    figures.add(case, {"contained": 0.0, "Success@5": 1.0})
    figures.add(replace(case, status="invalid"), {"contained": None})
    assert figures.so_far().means == (RunningMean("contained", 0.5, 2), RunningMean("Success@5", 1.0, 1))
    assert (figures.so_far().failed, figures.so_far().seconds_left) == (0, 9.0)
    now[0] += 1
    figures.add(replace(case, status="failed"), {"contained": None})
    assert (figures.so_far().failed, figures.so_far().seconds_left) == (1, 4.0)
    for _ in range(2):
        figures.add(case, {})
    assert figures.so_far().seconds_left == 0


@pytest.mark.parametrize("parallel", [1, 3])
def test_the_last_estimate_is_the_summary(samples_engine: Engine, tmp_path: Path, parallel: int) -> None:
    fails = replace(WHO, id="fails", question="Who sponsored it?")
    troubled = Troubled(samples_engine, {fails.question: GenerationError("No answer.", "Try again.")})
    invalid = replace(WHO, id="invalid", documents=("gone",))
    steps: list[RunProgress] = []
    questions = made_of(WHO, WHEN, NOT_THERE, fails, invalid)
    summary = run_question_set(troubled, questions, tmp_path, parallel=parallel, progress=steps.append).summary
    assert [step.done for step in steps] == [0, 1, 2, 3, 4, 5]
    last = steps[-1].so_far
    assert last is not None
    assert {one.metric: (one.mean, one.n) for one in last.means} == {
        name: (summary.overall[name].mean, summary.overall[name].n)
        for name in ("contained", "Success@5", "false_answers")
    }
    assert (last.failed, last.seconds_left) == (len(summary.failures), 0)


def steps_of(done: int) -> RunProgress:
    figures = RunningFigures(4, clock=iter((0.0, 40.0)).__next__)
    for number in range(done):
        figures.add(Case(WHO, "en→en", "asked"), {"contained": float(number > 0), "false_answers": None})
    return RunProgress("asking", done, 4, so_far=figures.so_far())


def test_lines_say_how_far_a_run_is_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Output(as_json=False).progress() as progress:
        for done in range(4):
            progress(steps_of(done))
    assert capsys.readouterr().err == "Asking…\n"  # no second line within the first seconds
    monkeypatch.setattr(output, "PLAIN_SECONDS", 0)
    with Output(as_json=False).progress() as progress:
        for done in (0, 2):
            progress(steps_of(done))
    assert capsys.readouterr().err == (
        "Asking…\nAsking: 2 of 4, 50%, 0:00:40 left, in the quotes 0.50 (n 2), failed 0\n"
    )


def test_a_terminal_shows_the_estimate_under_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with Output(as_json=False).progress() as progress:
        for done in (0, 2):
            progress(steps_of(done))
    drawn = terminal.getvalue()
    assert "2/4" in drawn
    assert "50%, 0:00:40 left, in the quotes 0.50 (n 2), failed 0" in drawn
