"""A small run: the same questions each time, spread over what is asked, and never taken for the whole set."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from respondents import WHEN, WHO, made_of

from evals import question_sets
from evals.cases import Case
from evals.compare import compare
from evals.drawing import drawn
from evals.errors import EvaluationError
from evals.gate import breaches, raised, read_floors
from evals.question_set import Question
from evals.report_markdown import markdown_report
from evals.report_page import html_report
from evals.resuming import RunInterrupted
from evals.run import RunProgress, run_question_set
from evals.run_folder import RunFolder, read_run_folder
from rag import Engine

Run = Callable[..., tuple[int, str, str]]
SEVERAL = [*(replace(WHO, id=f"who-{n}") for n in range(3)), *(replace(WHEN, id=f"متى-{n}") for n in range(3))]


def case(number: int, language: str, answerable: bool, tag: str) -> Case:
    question = Question(f"سؤال {number}", "؟", language, answerable=answerable, tags=(tag,))
    return Case(question, f"{language}→ar", "asked")


@given(
    rows=st.lists(st.tuples(st.sampled_from(["ar", "en"]), st.booleans(), st.sampled_from("ab")), max_size=40),
    limits=st.tuples(st.integers(1, 45), st.integers(1, 45)),
)
def test_a_draw_is_a_part_in_order_and_holds_the_smaller_one(
    rows: list[tuple[str, bool, str]], limits: tuple[int, int]
) -> None:
    cases = [case(number, *row) for number, row in enumerate(rows)]
    less, more = (drawn(cases, limit) for limit in sorted(limits))
    assert len(less) == min(*limits, len(cases))
    assert more == [one for one in cases if one in more]
    assert all(one in more for one in less)
    assert {one.question.id for one in drawn(cases[::-1], limits[0])} == {
        one.question.id for one in drawn(cases, limits[0])
    }
    assert drawn(cases, None) == cases
    if less:
        for language in ("ar", "en"):
            share = sum(row[0] == language for row in rows) / len(rows)
            assert abs(sum(one.question.language == language for one in less) - share * len(less)) <= 1


def test_twenty_of_the_bundled_set_are_of_every_kind(samples_run: RunFolder) -> None:
    cases = drawn([one.case for one in samples_run.cases], 20)
    assert Counter(one.question.language for one in cases) == {"ar": 10, "en": 10}
    assert 2 <= sum(not one.question.answerable for one in cases) <= 5
    assert {"ar→ar", "ar→en", "en→ar", "en→en"} <= {one.direction for one in cases}
    assert len({one.question.tags[0] for one in cases}) >= 4


def test_a_limited_run_goes_on_as_one_and_is_told_from_the_whole(samples_engine: Engine, tmp_path: Path) -> None:
    def stop(step: RunProgress) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    several, about = made_of(*SEVERAL), {"configuration": {"threshold": 1}}
    with pytest.raises(RunInterrupted) as ended:
        run_question_set(samples_engine, several, tmp_path, question_limit=4, about=about, progress=stop)
    assert (ended.value.done, ended.value.total) == (2, 4)
    again = run_question_set(samples_engine, several, tmp_path, question_limit=4, about=about)
    assert again.summary.about["kept_from_a_run_cut_off"] == 2
    assert again.summary.about["question_limit"] == 4
    assert again.summary.part == (4, 6)
    assert Counter(one.question.language for one in again.cases) == {"ar": 2, "en": 2}
    for limit in (None, 3, 6, 100):  # six and more are the whole set
        with pytest.raises(EvaluationError, match="what differs: question limit"):
            run_question_set(samples_engine, several, tmp_path, question_limit=limit, about=about)
    whole = run_question_set(samples_engine, several, tmp_path, question_limit=100, about=about, restart=True)
    assert (whole.summary.part, whole.summary.about["question_limit"], len(whole.cases)) == (None, None, 6)
    with pytest.raises(EvaluationError, match="what differs: question limit"):
        run_question_set(samples_engine, several, tmp_path, question_limit=4, about=about)


@pytest.fixture(scope="module")
def limited(samples_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The first questions of a draw from the bundled set, asked for real."""
    from evals.question_set import load_question_set

    out = tmp_path_factory.mktemp("runs") / "limited"
    run_question_set(samples_engine, load_question_set(question_sets.path("samples")), out, question_limit=6)
    return read_run_folder(out)


def test_floors_are_not_for_a_part_nor_taken_from_it(limited: RunFolder, samples_run: RunFolder) -> None:
    (breach,) = breaches(limited, read_floors(question_sets.floors("samples")))
    assert breach.reason == "6 of the set's 172 questions were asked, and floors are of the whole set"
    with pytest.raises(EvaluationError, match="no floor is taken from a part"):
        raised(None, limited)
    assert breaches(limited, None, samples_run) == []


def test_what_both_asked_is_compared_and_the_limit_named(limited: RunFolder, samples_run: RunFolder) -> None:
    found = compare(samples_run, limited)
    assert (found.cases, found.left_out) == (6, 166)
    assert "question_limit: none → 6" in found.changed
    assert not any("question_limit" in one for one in compare(samples_run, samples_run).changed)


def test_a_gate_says_plainly_that_it_is_not_the_whole_set(
    run: Run, limited: RunFolder, samples_run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, _ = run("eval", "gate", limited.path)
    assert code == 1
    assert "floors are of the whole set" in out
    code, out, _ = run("eval", "gate", limited.path, "--baseline", samples_run.path)
    assert (code, out) == (0, "Passed.\nnot the whole set: 6 of its 172 questions were drawn\n")
    code, out, _ = run("eval", "gate", limited.path, "--json")
    assert (code, json.loads(out)["questions"]) == (1, {"asked": 6, "of": 172})
    monkeypatch.setenv("LC_ALL", "ar_EG.UTF-8")
    code, out, _ = run("eval", "gate", limited.path)
    assert (code, "ليست المجموعة كلها: سُحب 6 من أسئلتها وعددها 172" in out) == (1, True)
    assert "والحدود للمجموعة كلها" in out
    assert "ولا يؤخذ حد من جزء" in run("eval", "gate", limited.path, "--floors", limited.path / "f.json", "--raise")[2]


def test_its_reports_say_so_too(limited: RunFolder) -> None:
    about = {**limited.summary.about, "question_set": {"name": "six", "questions": 6}}
    whole = replace(limited, summary=replace(limited.summary, about=about))
    assert "**Not the whole set: 6 of its 172 questions were drawn.**" in markdown_report(limited)
    assert "Not the whole set" not in markdown_report(whole)
    told = re.search(r'<p class="unsound">.*</p>', html_report(limited))
    assert told is not None
    assert "Not the whole set. Questions drawn, of how many" in told[0]
    assert "ليست المجموعة كلها" in told[0]
    assert "6 / 172" in told[0]
    assert '<p class="unsound">' not in html_report(whole)


def test_the_command_asks_as_many(run: Run, samples_engine: Engine, served: str, tmp_path: Path) -> None:
    """Through the server that holds the home, over the same documents."""
    command = ("eval", "run", "samples", "--home", samples_engine.home, "--out", tmp_path / "run", "--question-limit")
    code, out, _ = run(*command, 3)
    assert code == 0
    assert "3 of 3 questions asked" in out
    assert "not the whole set: 3 of its 172 questions were drawn" in " ".join(out.split())
    assert run(*command, 0)[0] == 2
