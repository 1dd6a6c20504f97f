"""Questions asked several at a time: the same run as one after another, and one that can be ended and gone on with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai_server import MODEL, Endless, OpenAIServer
from respondents import WHEN, WHO, Troubled, made_of

from evals import pool, question_sets
from evals.cases import Case, read_cases
from evals.compare import compare
from evals.errors import EvaluationError
from evals.metrics import METRICS
from evals.observation import observer
from evals.pool import Pool
from evals.question_set import Question, load_question_set
from evals.report_markdown import markdown_report
from evals.report_page import html_report
from evals.resuming import RunInterrupted
from evals.run import RunProgress, run_question_set
from evals.run_folder import RunFolder, read_run_folder
from evals.summary import Summary
from rag import Engine
from rag.types import Answer, History, Mode

KNOWN: dict[str, Any] = {"configuration": {"answer_threshold": 0.5}}
Command = Callable[..., tuple[int, str, str]]


def timeless(case: Case) -> dict[str, Any]:
    """What was recorded of a case, save how long it took."""
    data = case.to_json()
    del data["elapsed_ms"], data["first_token_ms"]
    if data["answer"]:
        del data["answer"]["elapsed_ms"], data["answer"]["digest"]  # which is of the time too
    return data


def several(count: int) -> list[Question]:
    """One question under several ids."""
    return [replace(WHO, id=f"who-{number}") for number in range(count)]


class Meeting(Troubled):
    """Answers nobody until `count` are asking."""

    def __init__(self, engine: Engine, count: int) -> None:
        super().__init__(engine, {})
        self.together = threading.Barrier(count, timeout=30)

    def ask(self, question: str, history: History = (), mode: Mode = "auto") -> Answer:
        self.together.wait()
        return super().ask(question, history, mode)


class Held(Troubled):
    """Answers no question of `held` before it is released."""

    def __init__(self, engine: Engine, held: str) -> None:
        super().__init__(engine, {})
        self.held = held
        self.released = threading.Event()

    def ask(self, question: str, history: History = (), mode: Mode = "auto") -> Answer:
        if question == self.held:
            self.released.wait(timeout=30)
        return super().ask(question, history, mode)


def untimed(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Figures without those of time, which depend on what else goes on."""
    return {name: figure for name, figure in figures.items() if METRICS[name].unit != "ms"}


def test_four_at_a_time_answer_as_one_does(
    samples_run: RunFolder, samples_home: Path, tmp_path: Path, samples_engine: Engine
) -> None:
    # An engine that has loaded nothing: the four threads also meet where its parts are opened.
    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    bundled = load_question_set(question_sets.path("samples"))
    with Engine.open(home, settings=samples_engine.settings) as engine:
        result = run_question_set(engine, bundled, tmp_path / "run", parallel=4, observe=observer(engine))
    assert list(map(timeless, result.cases)) == [timeless(one.case) for one in samples_run.cases]
    assert [case.question.id for case in read_cases(tmp_path / "run" / "cases.jsonl")] == [
        question.id for question in bundled.questions
    ]
    again = read_run_folder(tmp_path / "run")
    assert [untimed(one.scores) for one in again.cases] == [untimed(one.scores) for one in samples_run.cases]
    figures = [untimed(one.to_json()["metrics"]["all"]) for one in (result.summary, samples_run.summary)]
    assert figures[0] == figures[1]
    assert (result.summary.parallel, samples_run.summary.parallel) == (4, 1)


def test_as_many_as_were_said_are_asked_at_once(samples_engine: Engine, tmp_path: Path) -> None:
    result = run_question_set(Meeting(samples_engine, 3), made_of(*several(6)), tmp_path, parallel=3)
    assert [case.status for case in result.cases] == ["asked"] * 6
    with pytest.raises(EvaluationError, match="0 questions at a time"):
        run_question_set(samples_engine, made_of(WHO), tmp_path, parallel=0)


def test_the_turns_of_one_case_stay_in_their_order(samples_engine: Engine, tmp_path: Path) -> None:
    turns = ("What is the Captagon Act?", "When was it passed?")
    troubled = Troubled(samples_engine, {})
    questions = [replace(one, turns=turns) for one in several(4)]
    result = run_question_set(troubled, made_of(*questions), tmp_path, parallel=4)
    assert sorted(troubled.asked) == sorted(
        [(turns[0], (), "quotes"), (turns[1], turns[:1], "quotes"), (WHO.question, turns, "quotes")] * 4
    )
    assert len({json.dumps({**timeless(case), "id": "", "question": ""}) for case in result.cases}) == 1


def test_what_is_done_first_is_written_first_and_put_in_order_at_the_end(
    samples_engine: Engine, tmp_path: Path
) -> None:
    held = Held(samples_engine, WHO.question)
    written: list[list[str]] = []

    def look(step: RunProgress) -> None:
        written.append([case.question.id for case in read_cases(tmp_path / "cases.jsonl")])
        if step.done == 1:
            held.released.set()

    result = run_question_set(held, made_of(WHO, WHEN), tmp_path, parallel=2, progress=look)
    assert written == [[], ["when"], ["when", "who"]]
    assert [case.question.id for case in result.cases] == ["who", "when"]
    assert [case.question.id for case in read_cases(tmp_path / "cases.jsonl")] == ["who", "when"]
    assert [one.scores["contained"] for one in read_run_folder(tmp_path).cases] == [1, 1]


def ended(held: Held, out: Path, *questions: Question, parallel: int = 2) -> RunInterrupted:
    """A run that is ended after its first case while another is held."""

    def stop(step: RunProgress) -> None:
        if step.done == 1:
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted) as raised:
        run_question_set(held, made_of(*questions), out, parallel=parallel, progress=stop, about=KNOWN)
    return raised.value


def test_a_run_that_is_ended_waits_for_nobody_and_goes_on_in_any_order(
    samples_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "GRACE_SECONDS", 0.05)
    held = Held(samples_engine, WHO.question)
    error = ended(held, tmp_path, WHO, WHEN)
    try:
        assert not held.released.is_set()
        assert (error.out, error.done, error.total, error.goes_on) == (tmp_path, 1, 2, True)
        assert [case.question.id for case in read_cases(tmp_path / "cases.jsonl")] == ["when"]
        assert not (tmp_path / "summary.json").exists()
    finally:
        held.released.set()
    troubled = Troubled(samples_engine, {})
    result = run_question_set(troubled, made_of(WHO, WHEN), tmp_path, about=KNOWN)
    assert [question for question, _, _ in troubled.asked] == [WHO.question]
    assert [case.question.id for case in read_cases(tmp_path / "cases.jsonl")] == ["who", "when"]
    assert result.summary.about["kept_from_a_run_cut_off"] == 1
    # One of its times was measured beside others.
    assert result.summary.parallel == 2


def test_lines_cut_off_anywhere_are_asked_again_and_the_rest_is_kept(samples_engine: Engine, tmp_path: Path) -> None:
    def stop(step: RunProgress) -> None:
        if step.done == 3:
            raise KeyboardInterrupt

    questions = [*several(3), WHEN]
    with pytest.raises(RunInterrupted):
        run_question_set(samples_engine, made_of(*questions), tmp_path, progress=stop, about=KNOWN)
    first, second, third = (tmp_path / "cases.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "cases.jsonl").write_bytes(third + second[:200] + b"\n\xff\xfe\n" + first + first)
    troubled = Troubled(samples_engine, {})
    result = run_question_set(troubled, made_of(*questions), tmp_path, about=KNOWN)
    assert len(troubled.asked) == 2
    assert [case.question.id for case in result.cases] == [question.id for question in questions]
    assert [one.case.question.id for one in read_run_folder(tmp_path).cases] == [q.id for q in questions]


def test_what_is_done_while_the_run_ends_is_kept() -> None:
    cases = [Case(question, "en→en", "asked") for question in several(3)]

    def ask(case: Case, stop: threading.Event) -> Case:
        if case.question.id != "who-0":
            stop.wait(timeout=30)
        return case

    asking = Pool(ask, cases, 3)
    assert next(iter(asking)) is cases[0]
    assert {case.question.id for case in asking.stop()} == {"who-1", "who-2"}
    assert asking.stop() == []


def test_what_ends_a_thread_ends_the_run() -> None:
    def ask(_: Case, __: threading.Event) -> Case:
        raise MemoryError("no more")

    with pytest.raises(MemoryError, match="no more"):
        list(Pool(ask, [Case(question, "en→en", "asked") for question in several(3)], 2))


@pytest.fixture
def home(samples_home: Path, tmp_path: Path) -> Path:
    target = tmp_path / "home"
    shutil.copytree(samples_home, target, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    return target


def test_ctrl_c_hangs_up_on_the_model_and_says_how_to_go_on(
    run: Command, home: Path, tmp_path: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAWTHIQ_LLM_MODEL", MODEL)
    questions = tmp_path / "set.jsonl"
    questions.write_text("".join(json.dumps(one.to_json()) + "\n" for one in several(4)), encoding="utf-8")
    server.script(Endless(seconds=200), Endless(seconds=200))
    finished = threading.Event()

    def press() -> None:
        while len(server.requests) < 2 and not finished.wait(0.05):
            pass
        # Python drops an interrupt that comes while something is finalised: on a busy machine more than one.
        while not finished.is_set():
            os.kill(os.getpid(), signal.SIGINT)
            finished.wait(20)

    # A shell has what it starts in the background ignore interrupts, these tests too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    presser = threading.Thread(target=press)
    presser.start()
    try:
        out = tmp_path / "run"
        code, _, err = run("eval", "run", questions, "--out", out, "--home", home, "--mode", "llm", "--parallel", "2")
    finally:
        finished.set()
        presser.join()
        signal.signal(signal.SIGINT, before)
    assert code == 130
    said = [line for line in err.splitlines() if line.startswith("tawthiq: ")]
    assert said == [f"tawthiq: Stopped: 0 of 4 cases are recorded in {out}. The same command goes on from there."]
    assert "Traceback" not in err
    assert server.hung_up.wait(timeout=30)
    until = time.monotonic() + 30
    while any(t.name.startswith("asking-") for t in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(t.name.startswith("asking-") for t in threading.enumerate())


def test_times_of_a_parallel_run_are_said_not_to_be_comparable(
    run: Command, samples_run: RunFolder, tmp_path: Path
) -> None:
    alone = Path(shutil.copytree(samples_run.path, tmp_path / "alone"))
    together = Path(shutil.copytree(samples_run.path, tmp_path / "together"))
    data = json.loads((together / "summary.json").read_text(encoding="utf-8"))
    assert data["parallel"] == 1
    (together / "summary.json").write_text(json.dumps({**data, "parallel": 4}), encoding="utf-8")
    line = "questions asked at a time: 1 before, 4 after; the runs' times are not comparable"
    assert line in run("eval", "compare", alone, together)[1]
    assert "not comparable" not in run("eval", "compare", alone, alone)[1]
    assert json.loads(run("eval", "compare", alone, together, "--json")[1])["parallel"] == [1, 4]
    parallel, single = read_run_folder(together), read_run_folder(alone)
    assert compare(single, parallel).differences == compare(single, single).differences
    for report in (markdown_report, html_report):
        assert "not comparable" in report(parallel)
    assert "فلا تُقارن هذه الأوقات" in html_report(parallel).split('id="data"')[0]
    assert "not comparable" not in markdown_report(single)
    assert "not comparable" not in html_report(single).split('id="data"')[0]


def test_a_set_is_asked_in_parallel_from_the_command_line(run: Command, home: Path, tmp_path: Path) -> None:
    questions = tmp_path / "set.jsonl"
    questions.write_text("".join(json.dumps(one.to_json()) + "\n" for one in (WHO, WHEN)), encoding="utf-8")
    call = ("eval", "run", questions, "--out", tmp_path / "run", "--home", home)
    code, out, err = run(*call, "--parallel", "2")
    assert code == 0, err
    assert "2 questions were asked at a time: these times are not comparable" in out
    assert read_run_folder(tmp_path / "run").summary.parallel == 2
    assert "not comparable" not in run(*call)[1]
    code, _, err = run(*call, "--parallel", "0")
    assert code == 2
    assert "--parallel" in err


def test_a_run_of_before_was_asked_one_after_another(samples_run: RunFolder) -> None:
    data = samples_run.summary.to_json()
    del data["parallel"], data["first_token_ms"]
    older = Summary.from_json(data)
    assert (older.parallel, older.first_token_ms.n) == (1, 0)
