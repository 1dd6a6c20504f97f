"""`eval judge` with a real HTTP judge: verdicts, every way to fail, going on, and what reports say of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openai_server import MODEL, Dropped, OpenAIServer, Reply, Silent, Status, Text, openai_server

from evals.judging.judge import parts
from evals.question_set import Question, QuestionSet
from evals.report_page import html_report
from evals.report_words import words
from evals.run import run_question_set
from evals.run_folder import RunFolder, read_run_folder
from rag import Engine
from rag.settings import Settings

Command = Callable[..., tuple[int, str, str]]
CORRECT = '{"reason": "يقول ما يقوله المرجع", "verdict": "correct"}'


@pytest.fixture
def folder(samples_run: RunFolder, tmp_path: Path) -> Path:
    """A copy of the bundled set's run, which may be judged."""
    return Path(shutil.copytree(samples_run.path, tmp_path / "run"))


@pytest.fixture(scope="module")
def written(samples_home: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose answers a model wrote: one in each language, of two statements and of one that cites nothing."""
    home = tmp_path_factory.mktemp("judged") / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    changed = {
        "llm_model": MODEL,
        "grounding": "off",
        "translation_timeout": 0.0,
        "quote_translation_timeout": 0.0,
    }
    questions = (
        Question(
            "en", "What accompanies the published text of the US strategy?", "en", answers=("a classified annex",)
        ),
        Question("ar", "ماذا يرافق الاستراتيجية الأمريكية؟", "ar", answers=("ملحق سري",)),
    )
    out = tmp_path_factory.mktemp("runs") / "written"
    with pytest.MonkeyPatch.context() as patch, openai_server() as server:
        patch.setenv("OPENAI_BASE_URL", server.url)
        server.script(
            "A classified annex accompanies the published text. [1] The annex is long. [2]",
            "يرافق النص المنشور ملحق سري. [1] وهو طويل.",
        )
        with Engine.open(home, settings=settings.model_copy(update=changed)) as engine:
            run_question_set(engine, QuestionSet("two", "two.jsonl", questions, "1" * 64), out, mode="llm")
    return out


def eligible(folder: Path) -> list[str]:
    return [one.case.question.id for one in read_run_folder(folder).cases if parts(one.case)]


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "judgments.jsonl").read_text("utf-8").splitlines()]


def test_a_run_is_judged_and_the_judge_is_pinned(run: Command, folder: Path, server: OpenAIServer) -> None:
    server.respond = lambda _: Text(CORRECT)
    code, out, err = run("eval", "judge", folder, "--model", "openai:strict")
    assert code == 0, err
    names = eligible(folder)
    assert f"{len(names)} of {len(names)} answers judged by openai:strict" in out
    assert f"correct {len(names)}, partly 0, incorrect 0" in out
    request = server.requests[0]
    assert (request["model"], request["temperature"], request["seed"]) == ("strict", 0, 20230630)
    assert [one["id"] for one in lines(folder)] == names
    pin = json.loads((folder / "judge.json").read_text("utf-8"))["pin"]
    assert (pin["model"], pin["temperature"], pin["seed"], pin["repeats"]) == ("openai:strict", 0, 20230630, 1)
    assert all(len(sha256) == 64 for sha256 in pin["prompts"].values())
    assert not list(folder.glob(".*.part"))


def test_json_has_every_figure_with_its_interval(run: Command, folder: Path, server: OpenAIServer) -> None:
    names = eligible(folder)
    server.script(CORRECT, "incorrect", *["partly"] * (len(names) - 2))
    code, out, _ = run("eval", "judge", folder, "--model", "strict", "--json")
    data = json.loads(out)
    overall = data["metrics"]["all"]["judged_correct"]
    assert code == 0
    assert overall["mean"] == pytest.approx((1 + 0.5 * (len(names) - 2)) / len(names))
    assert overall["low"] < overall["mean"] < overall["high"]
    assert overall["n"] == len(names)
    assert data["metrics"]["directions"]["ar→none"]["judged_correct"]["mean"] is None
    assert sum(one["judged_correct"]["n"] for one in data["metrics"]["directions"].values()) == len(names)
    assert data["judges_itself"] is False
    assert data["usage"]["calls"] == len(names)
    assert lines(folder)[0]["reasons"] == ["يقول ما يقوله المرجع"]


FAILURES: dict[str, tuple[tuple[Reply | str, ...], str]] = {
    "nonsense": (("I like this answer.",), "it replied: I like this answer"),
    "a verdict amid words": (('Sure: {"verdict": "correct"}',), "it replied"),
    "timeout": ((Silent(3.0),), "did not finish in time"),
    "401": ((Status(401),), "refused the key"),
    "429": ((Status(429), Status(429)), "too many requests"),
    "500": ((Status(500), Status(500)), "server failed"),
    "dropped": ((Dropped('{"verdict": "corr'),), "broke off"),
    "empty": ((Text(""),), "was empty"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_what_fails_is_unscored_with_its_reason_and_asked_again(
    name: str, run: Command, folder: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAWTHIQ_LLM_TIMEOUT", "1.5")
    replies, reason = FAILURES[name]
    server.script(*replies, CORRECT)
    command = ("eval", "judge", folder, "--model", "strict", "--question-limit", 2)
    code, out, err = run(*command)
    assert code == 1, err
    assert "1 of " in out.splitlines()[0]
    told = [line for line in out.splitlines() if line.startswith("unscored: ")]
    assert len(told) == 1
    assert reason in told[0]
    first, second = lines(folder)
    assert told[0].startswith(f"unscored: {first['id']}: correctness: ")
    assert first["scores"]["judged_correct"] is None
    assert second["scores"]["judged_correct"] == 1
    data = json.loads((folder / "judge.json").read_text("utf-8"))
    assert (data["counts"]["failed"], data["metrics"]["all"]["judged_correct"]["mean"]) == (1, 1.0)
    assert (data["unscored"][0]["id"], data["unscored"][0]["part"]) == (first["id"], "correctness")
    before = len(server.requests)
    server.script("incorrect")
    code, out, _ = run(*command, "--json")
    assert (code, len(server.requests) - before) == (0, 1)
    assert json.loads(out)["metrics"]["all"]["judged_correct"]["mean"] == 0.5


def test_a_server_that_refuses_temperature_and_seed_is_told(run: Command, folder: Path, server: OpenAIServer) -> None:
    def respond(body: dict[str, Any]) -> Reply:
        return Status(400, "Unsupported parameter: seed") if "seed" in body else Text("correct")

    server.respond = respond
    code, out, _ = run("eval", "judge", folder, "--model", "strict", "--question-limit", 1)
    assert code == 0
    assert "1 cases: the server refused temperature or seed" in out
    assert lines(folder)[0]["plain"] is True


def test_repeats_and_how_far_they_agree(run: Command, folder: Path, server: OpenAIServer) -> None:
    server.script("correct", "partly", "correct", "incorrect", "incorrect", "incorrect")
    code, out, _ = run("eval", "judge", folder, "--model", "strict", "--question-limit", 2, "--repeats", 3, "--json")
    data = json.loads(out)
    assert code == 0
    assert data["repeats_agree"]["judged_correct"] == pytest.approx((2 / 3 + 1) / 2, abs=1e-5)
    assert data["metrics"]["all"]["judged_correct"]["mean"] == 0.5
    assert [request["seed"] for request in server.requests] == [20230630, 20230631, 20230632] * 2


def test_a_larger_limit_adds_to_a_smaller_one(run: Command, folder: Path, server: OpenAIServer) -> None:
    server.respond = lambda _: Text("correct")
    run("eval", "judge", folder, "--model", "strict", "--question-limit", 3, "--parallel", 3)
    first = {one["id"] for one in lines(folder)}
    assert len(first) == 3
    code, out, _ = run("eval", "judge", folder, "--model", "strict", "--question-limit", 5)
    assert code == 0
    assert first < {one["id"] for one in lines(folder)}
    assert len(server.requests) == len(lines(folder)) == 5
    assert f"{len(eligible(folder)) - 5} answers that could be judged were not asked about" in out


def test_a_killed_judging_goes_on_where_it_was(run: Command, folder: Path, server: OpenAIServer) -> None:
    server.script("correct", "partly", "incorrect", Silent(60.0))
    command = [sys.executable, "-m", "ui.cli", "eval", "judge", str(folder), "--model", "strict"]
    judging = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    try:
        until = time.monotonic() + 60
        while len(server.requests) < 4 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        judging.send_signal(signal.SIGKILL)
        judging.wait()
    kept = lines(folder)
    assert [one["verdict"] for one in kept] == ["correct", "partly", "incorrect"]
    assert json.loads((folder / "judge.json").read_text("utf-8"))["finished"] is False
    with (folder / "judgments.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "half')
    code, _, err = run("eval", "judge", folder, "--model", "other")
    assert (code, len(err.strip().splitlines())) == (1, 1)
    assert "was judged otherwise" in err
    assert "strict, now other" in err
    server.respond = lambda _: Text("correct")
    asked = len(server.requests)
    code, out, _ = run("eval", "judge", folder, "--model", "strict", "--json")
    assert code == 0
    assert len(server.requests) - asked == len(eligible(folder)) - 3
    assert lines(folder)[:3] == kept
    assert json.loads(out)["kept"] == 3
    code, _, _ = run("eval", "judge", folder, "--model", "other", "--restart", "--question-limit", 1)
    assert code == 0
    assert len(lines(folder)) == 1


def test_answers_asked_anew_are_judged_anew(run: Command, folder: Path, server: OpenAIServer) -> None:
    server.respond = lambda _: Text("correct")
    run("eval", "judge", folder, "--model", "strict", "--question-limit", 1)
    with (folder / "cases.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    code, _, err = run("eval", "judge", folder, "--model", "strict")
    assert code == 1
    assert "the run was asked anew" in err
    section = html_report(read_run_folder(folder)).partition('id="judge"')[2].partition("</section>")[0]
    assert words("ar")["judge.stale"] in section
    assert words("ar")["judge.note"] not in section


def test_what_cannot_be_judged_is_said_in_one_line(run: Command, tmp_path: Path, folder: Path) -> None:
    code, _, err = run("eval", "judge", tmp_path / "none", "--model", "m")
    assert (code, err.count("\n")) == (1, 1)
    code, out, _ = run("eval", "judge", folder, "--json")
    assert code == 1
    assert "--model" in json.loads(out)["error"]["hint"]
    code, _, err = run("eval", "judge", folder, "--model", "m")
    assert (code, err.count("\n")) == (1, 1)
    assert "OPENAI_API_KEY" in err
    (folder / "judge.json").write_text("{}", encoding="utf-8")
    assert run("eval", "report", folder, "--out", tmp_path / "r.md")[0] == 1


def test_a_models_statements_are_judged_and_it_is_told_that_it_judges_itself(
    run: Command, written: Path, server: OpenAIServer, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(written, tmp_path / "written"))
    english, arabic = (one.case.answer for one in read_run_folder(folder).cases)
    assert english is not None
    assert arabic is not None
    assert [len(english.statements), len(arabic.statements)] == [2, 2]
    assert arabic.statements[1].citations == ()
    server.script("correct", '{"1": "supported", "2": "unsupported"}', CORRECT, "supported")
    code, out, err = run("eval", "judge", folder, "--model", f"openai:{MODEL}")
    assert code == 0, err
    assert "it judges itself" in err
    assert "statements supported" in out
    data = json.loads((folder / "judge.json").read_text("utf-8"))
    assert data["judges_itself"] is True
    assert data["models_judged"] == [MODEL]
    assert [one["support"] for one in lines(folder)] == [[["supported", "unsupported"]]] * 2
    assert data["metrics"]["all"]["judged_supported"]["mean"] == 0.5
    asked = server.requests[3]["messages"][1]["content"]
    assert asked.count("<statement ") == 1  # the one that cites nothing is not asked about
    assert "ملحق سري" in asked
    page = html_report(read_run_folder(folder))
    assert words("ar")["judge.itself"] in page
    assert words("en")["judge.itself"] in page


def test_reports_show_what_was_judged_in_both_languages(
    run: Command, folder: Path, server: OpenAIServer, tmp_path: Path
) -> None:
    assert 'id="judge"' not in html_report(read_run_folder(folder))
    hostile = json.dumps({"reason": "<img src=x onerror=alert(1)> | خطأ في التاريخ", "verdict": "incorrect"})
    server.script(hostile, "nonsense <b>")
    run("eval", "judge", folder, "--model", "strict", "--question-limit", 2, "--parallel", 1)
    page, text = tmp_path / "r.html", tmp_path / "r.md"
    assert run("eval", "report", folder, "--out", page)[0] == 0
    assert run("eval", "report", folder, "--out", text)[0] == 0
    section = page.read_text("utf-8").partition('id="judge"')[2].partition("</section>")[0]
    for language in ("en", "ar"):
        assert words(language)["judge.heading"] in section
        assert words(language)["metric.judged_correct"] in section
        assert words(language)["judge.incorrect"] in section
    assert "خطأ في التاريخ" in section
    assert "<img" not in section
    assert "nonsense ‹b›" in section
    markdown = text.read_text("utf-8")
    assert "## Judged by a model" in markdown
    assert "خطأ في التاريخ" in markdown
    assert "&lt;img" in markdown
    assert "## Without a verdict (1)" in markdown


def test_the_judged_page_stands_in_a_browser(browser: Any, folder: Path, run: Command, server: OpenAIServer) -> None:
    server.respond = lambda _: Text("partly")
    assert run("eval", "judge", folder, "--model", "strict", "--parallel", 4)[0] == 0
    file = folder / "report.html"
    file.write_text(html_report(read_run_folder(folder)), encoding="utf-8")
    complaints: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    page.click("#language")
    assert words("ar")["judge.heading"] in page.inner_text("#judge")
    assert words("en")["judge.heading"] not in page.inner_text("#judge")
    page.close()
    assert complaints == []
