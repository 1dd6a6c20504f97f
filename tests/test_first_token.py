"""The time until a language model's first token: over real HTTP, from a server that writes slowly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai_server import MODEL, OpenAIServer, Status, Text
from respondents import Troubled, made_of

from evals.cases import Case, read_cases
from evals.question_set import Question
from evals.report_markdown import markdown_report
from evals.report_page import html_report
from evals.run import run_question_set
from evals.run_folder import read_run_folder
from evals.summary import Summary
from rag import Engine
from rag.settings import Settings
from rag.types import Answer
from ui.remote import RemoteEngine, open_engine
from ui.serving import start_in_thread

ANNEX = Question(
    "annex", "What accompanies the published text of the US strategy?", "en", answers=("classified annex",),
    documents=("en-us-strategy-2023",),
)  # fmt: skip
PAUSE = 0.15
SLOW = Text("A classified annex accompanies the published text. [1]", size=9, pause=PAUSE)


@pytest.fixture(scope="module")
def engine(samples_home: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over the samples for which a language model is set, which is asked for answers alone."""
    home = tmp_path_factory.mktemp("first-token") / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    changes = {"llm_model": MODEL, "llm_timeout": 20.0, "translation_timeout": 0.0, "quote_translation_timeout": 0.0}
    with Engine.open(home, settings=settings.model_copy(update=changes)) as opened:
        yield opened


def content(answer: Answer | None) -> dict[str, Any]:
    assert answer is not None
    return replace(answer, elapsed_ms=0).to_json()


def assert_streamed(case: Case) -> None:
    """The server paused before each of six pieces: once before the first token, and most often between it and the end.

    Of those four or five, one is asked for here, since a busy machine may see the first token late.
    """
    assert case.first_token_ms is not None
    assert case.elapsed_ms is not None
    assert case.first_token_ms >= PAUSE * 1000
    assert case.elapsed_ms - case.first_token_ms >= PAUSE * 1000


def test_the_first_token_is_timed_and_the_answer_is_what_ask_gives(
    engine: Engine, server: OpenAIServer, tmp_path: Path
) -> None:
    server.script(SLOW, SLOW)
    result = run_question_set(engine, made_of(ANNEX), tmp_path, mode="llm")
    [case] = result.cases
    assert case.answer is not None
    assert case.answer.mode == "llm"
    assert_streamed(case)
    assert content(case.answer) == content(engine.ask(ANNEX.question, mode="llm"))
    [read] = read_cases(tmp_path / "cases.jsonl")
    assert read.first_token_ms == round(case.first_token_ms or 0, 2)
    first = result.summary.first_token_ms
    assert (first.n, first.p50) == (1, read.first_token_ms)
    run = read_run_folder(tmp_path)
    assert run.summary.to_json() == result.summary.to_json()
    assert f"to the first token | p50 {first.p50:.0f} ms" in markdown_report(run)
    assert "Milliseconds until a language model" in html_report(run).split('id="data"')[0]


def test_through_a_running_server_the_first_token_is_timed_too(
    engine: Engine, server: OpenAIServer, tmp_path: Path
) -> None:
    server.script(SLOW, SLOW)
    with start_in_thread(engine), open_engine(engine.home, engine.settings, "tawthiq test") as remote:
        assert isinstance(remote, RemoteEngine)
        [case] = run_question_set(remote, made_of(ANNEX), tmp_path, mode="llm").cases
        assert_streamed(case)
        assert content(case.answer) == content(remote.ask(ANNEX.question, mode="llm"))


def test_the_turns_before_are_asked_of_the_model_and_only_the_question_is_timed(
    engine: Engine, server: OpenAIServer, tmp_path: Path
) -> None:
    server.script("The US strategy was published in 2023. [1]", SLOW)
    question = replace(ANNEX, turns=("When was the US strategy against captagon published?",))
    [case] = run_question_set(engine, made_of(question), tmp_path, mode="llm").cases
    asked = [request["messages"][-1]["content"] for request in server.requests]
    assert [ANNEX.question in one for one in asked] == [False, True]
    assert_streamed(case)


@pytest.mark.parametrize("reply", [Status(500, "out of order"), Text("NOT_FOUND", size=3)])
def test_what_no_model_wrote_has_no_first_token(
    engine: Engine, server: OpenAIServer, tmp_path: Path, reply: Status | Text
) -> None:
    server.script(*[reply] * 4)
    result = run_question_set(engine, made_of(ANNEX), tmp_path, mode="llm")
    assert result.cases[0].answer is not None
    assert result.cases[0].first_token_ms is None
    assert result.summary.first_token_ms.n == 0
    assert result.summary.latency_ms.n == 1


def test_quotes_and_what_does_not_stream_have_none(
    engine: Engine, samples_engine: Engine, server: OpenAIServer, tmp_path: Path
) -> None:
    [case] = run_question_set(engine, made_of(ANNEX), tmp_path / "quotes").cases
    assert (case.status, case.first_token_ms) == ("asked", None)
    server.script("A classified annex accompanies the published text. [1]")
    [case] = run_question_set(Troubled(engine, {}), made_of(ANNEX), tmp_path / "whole", mode="llm").cases
    assert case.answer is not None
    assert (case.answer.mode, case.first_token_ms) == ("llm", None)


def test_runs_of_before_are_read(engine: Engine, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    run_question_set(engine, made_of(ANNEX), tmp_path)
    for name, take in (("cases.jsonl", json.loads), ("summary.json", json.loads)):
        data = take((tmp_path / name).read_text(encoding="utf-8"))
        del data["first_token_ms"]
        data.pop("parallel", None)
        (tmp_path / name).write_text(json.dumps(data) + "\n", encoding="utf-8")
    older = read_run_folder(tmp_path)
    assert older.cases[0].case.first_token_ms is None
    assert older.summary == Summary.from_json(json.loads((tmp_path / "summary.json").read_text(encoding="utf-8")))
    assert run("eval", "compare", tmp_path, tmp_path)[0] == 0
