"""The page of a run: what is in it, in two languages and a real browser, and that nothing of it becomes markup."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.judging.verdicts import CORRECTNESS
from evals.misses import outcome
from evals.report_cases import script_json
from evals.report_figures import families
from evals.report_page import html_report
from evals.report_words import LANGUAGES, is_share, words
from evals.run_folder import RunFolder, ScoredCase, read_run_folder

HOSTILE = "</script><img src=x onerror=\"document.title='owned'\"><!--<script>\u2028\u202e"
PAGE = 100
"""So many cases the page shows at first, and adds when asked for more."""

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(samples_run: RunFolder) -> Path:
    return samples_run.path


@pytest.fixture
def recorded(samples_run: RunFolder) -> RunFolder:
    return samples_run


def hostile(run: RunFolder) -> RunFolder:
    """`run` with hostile text wherever a set or a document can put it; its first case is answered."""
    first = run.cases[0].case
    assert first.answer is not None
    citation = replace(first.answer.citations[0], title=HOSTILE, quote=HOSTILE, source="javascript:alert(1)")
    answer = replace(first.answer, citations=(citation, *first.answer.citations[1:]))
    question = replace(first.question, question=HOSTILE, answers=(HOSTILE,), tags=(HOSTILE,), notes=HOSTILE)
    case = replace(first, question=question, answer=answer, direction=f"{HOSTILE}→en")
    figures = run.summary.overall
    summary = replace(
        run.summary,
        about={**run.summary.about, "question_set": {"name": HOSTILE, "digest": HOSTILE}, HOSTILE: HOSTILE},
        failures=((HOSTILE, HOSTILE),),
        directions={HOSTILE: figures},
        tags={HOSTILE: figures},
    )
    return replace(run, summary=summary, cases=(ScoredCase(case, run.cases[0].scores), *run.cases[1:]))


@given(st.text(st.characters(exclude_categories=())))
def test_json_in_a_script_says_the_same_and_ends_nothing(text: str) -> None:
    written = script_json({"text": text, text: 1})
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", written)
    assert json.loads(written)["text"] == text or text == "text"


def test_hostile_text_is_never_markup(recorded: RunFolder) -> None:
    page = html_report(hostile(recorded))
    assert "<img" not in page
    assert page.count("<script") == page.count("</script>") == 2
    assert "\u202e" not in page.replace("\\u202e", "").split('id="data"')[0]
    page.encode("utf-8")


def test_both_languages_have_the_same_words_and_every_word_is_used() -> None:
    assert list(words("en")) == list(words("ar"))
    for key, text in words("ar").items():
        assert re.search("[\u0621-\u064a←]", text), key
    templates = Path(__file__).parents[1] / "evals" / "templates"
    named = set()
    for name in ("report.html", "judgments.html", "charts.html", "report.js"):
        text = (templates / name).read_text(encoding="utf-8")
        named |= set(re.findall(r'"((?:page|about|figures|judge|plots|history|cases|filter|case)\.[a-z_]+)"', text))
    built = {"figures.higher", "figures.lower"}
    built |= {f"judge.{verdict}" for verdict in CORRECTNESS}
    known = set(words("en"))
    assert named <= known
    spoken = ("page", "about", "figures", "judge", "plots", "history", "cases", "filter", "case")
    assert {key for key in known if key.split(".")[0] in spoken} - named - built == set()


def test_the_command_writes_a_page_with_a_history(run: Command, folder: Path, tmp_path: Path) -> None:
    older = Path(shutil.copytree(folder, tmp_path / "older"))
    data = json.loads((older / "summary.json").read_text(encoding="utf-8"))
    data["started"] = "2020-01-01T00:00:00+00:00"
    (older / "summary.json").write_text(json.dumps(data), encoding="utf-8")
    out = tmp_path / "r.html"
    code, said, _ = run("eval", "report", folder, "--out", out, "--history", older, "--history", folder, "--json")
    assert (code, json.loads(said)["format"]) == (0, "html")
    page = out.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") or page.lstrip().startswith("<!doctype html>")
    section = page[page.index('id="history"') : page.index('id="cases"')]
    assert section.index("2020-01-01 00:00 UTC") < section.index(words("en")["history.this"])
    assert 'id="history"' not in html_report(read_run_folder(folder))
    (older / "summary.json").unlink()
    code, _, err = run("eval", "report", folder, "--out", out, "--history", older)
    assert (code, len(err.strip().splitlines())) == (1, 1)
    assert "was not finished" in err
    assert run("eval", "report", folder, "--out", tmp_path / "r.md", "--history", folder)[0] == 2


def test_a_run_that_measured_nothing_still_has_a_page(recorded: RunFolder) -> None:
    cases = tuple(
        ScoredCase(replace(one.case, status="failed", answer=None, elapsed_ms=None), dict.fromkeys(one.scores))
        for one in recorded.cases
    )
    assert words("en")["plots.unmeasured"] in html_report(replace(recorded, cases=cases))


# The browser.


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens the page of a run; at the end, nothing but the file was asked for and nothing was complained of."""
    asked: list[str] = []
    complaints: list[str] = []
    contexts = []
    file = tmp_path / "report.html"

    def opened(run: RunFolder, **options: Any) -> Any:
        file.write_text(html_report(run), encoding="utf-8")
        context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    assert set(asked) == {file.as_uri()}


def test_the_button_turns_the_page_to_arabic_and_back(visit: Callable[..., Any], recorded: RunFolder) -> None:
    page = visit(recorded)
    ways = [("en", "ltr"), ("ar", "rtl"), ("en", "ltr")]
    for language, way in ways:
        assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [language, way]
        known = words("ar" if language == "ar" else "en")
        assert page.title() == known["page.title"]
        assert page.locator("#cases-heading").inner_text() == known["cases.heading"]
        assert page.locator("#direction option").first.inner_text() == known["filter.any"]
        assert page.locator("label:has(#wrong)").inner_text().strip() == known["filter.wrong"]
        page.locator("#language").click()
    page.evaluate("document.querySelectorAll('bdi, code').forEach(element => element.remove())")
    assert page.evaluate("document.documentElement.lang") == "ar"
    page.evaluate("document.querySelectorAll('details.family').forEach(element => element.open = true)")
    left = page.locator("main section:not(#cases)").all_inner_texts()
    letters = set(re.findall(r"[A-Za-z]{2,}", " ".join(left)))
    assert letters <= {"nDCG", "ALCE", "AUC", "Brier"}  # names of measures
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_cases_are_filtered_and_searched(visit: Callable[..., Any], recorded: RunFolder) -> None:
    page = visit(recorded)
    rows = page.locator("details.case")
    assert rows.count() == min(PAGE, len(recorded.cases))
    page.locator("#wrong").check()
    wrong = sum(outcome(one) == "wrong" for one in recorded.cases)
    assert 0 < wrong < len(recorded.cases)
    assert rows.count() == min(PAGE, wrong)
    assert f"{wrong} / {len(recorded.cases)}" in page.locator("#shown").inner_text()
    page.locator("#wrong").uncheck()
    for control, value, count in (
        ("direction", "ar→en", sum(one.case.direction == "ar→en" for one in recorded.cases)),
        ("tag", "list", sum("list" in one.case.question.tags for one in recorded.cases)),
        ("status", "not_found", sum(getattr(one.case.answer, "status", "") == "not_found" for one in recorded.cases)),
    ):
        page.locator(f"#{control}").select_option(value)
        assert 0 < rows.count() == count < PAGE
        page.locator("#language").click()  # the choice outlives the language
        assert rows.count() == count
        page.locator(f"#{control}").select_option("")
    page.locator("#search").fill("أميركا واشنطن لا شيء")
    assert rows.count() == 0
    question = recorded.cases[0].case.question.question
    page.locator("#search").fill("".join(f"{letter}\u064e" if letter == "ت" else letter for letter in question))
    assert rows.count() == 1


def test_a_case_is_built_when_it_is_opened(visit: Callable[..., Any], recorded: RunFolder) -> None:
    page = visit(recorded)
    first = recorded.cases[0].case
    assert first.answer is not None
    row = page.locator("details.case").first
    assert row.locator(".body").count() == 0
    row.locator("summary").click()
    row.locator(".body").wait_for()
    said = row.locator("blockquote").all_text_contents()
    assert said == [citation.quote for citation in first.answer.citations]
    text = row.inner_text()
    for citation in first.answer.citations:
        assert citation.title in text
        assert f"{citation.start}–{citation.end}" in text
    assert first.question.answers[0] in text
    assert row.locator("blockquote").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    page.locator("#language").click()
    assert words("ar")["case.quotes"] in row.inner_text()  # it stays open


def test_hostile_text_is_shown_as_text(visit: Callable[..., Any], recorded: RunFolder) -> None:
    run = hostile(recorded)
    page = visit(run)
    row = page.locator("details.case").first
    row.locator("summary").click()
    row.locator(".body").wait_for()
    shown = HOSTILE.replace("\u202e", "")
    assert row.locator("blockquote").first.text_content() == shown
    assert row.locator("summary .foreign").text_content() == shown
    assert page.locator("img").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.title() == words("en")["page.title"]


def test_two_thousand_cases_stay_usable(visit: Callable[..., Any], recorded: RunFolder) -> None:
    cases = tuple(
        ScoredCase(replace(one.case, question=replace(one.case.question, id=f"{copy}-{at}")), one.scores)
        for copy in range(50)
        for at, one in enumerate(recorded.cases[:40])
    )
    page = visit(replace(recorded, cases=cases))
    rows = page.locator("details.case")
    assert rows.count() == PAGE
    page.locator("#more").click()
    assert rows.count() == 2 * PAGE
    page.locator("#search").fill("49-39")
    assert rows.count() == 1


def test_tables_and_plots_need_no_script(visit: Callable[..., Any], recorded: RunFolder) -> None:
    page = visit(recorded, java_script_enabled=False)
    shares = {family: [one for one in names if is_share(one)] for family, names in families(recorded.summary).items()}
    closed = page.locator("details.family:not([open]) > summary")
    while closed.count():
        closed.first.click()  # which opens it, with no script
    assert page.locator("svg:visible").count() == 3 + sum(map(len, shares.values()))
    assert page.locator("table:visible").count() == len(families(recorded.summary))
    assert not page.locator("#filters").is_visible()
    assert page.get_by_text(words("en")["cases.noscript"]).is_visible()


def test_every_plot_has_a_name_and_every_control_a_label(visit: Callable[..., Any], recorded: RunFolder) -> None:
    page = visit(recorded)
    page.evaluate("document.querySelectorAll('details').forEach(element => element.open = true)")
    missing = """() => [...document.querySelectorAll('svg[role=img], [role=group]')]
        .filter(e => !document.getElementById(e.getAttribute('aria-labelledby'))?.innerText.trim()).length"""
    assert page.evaluate(missing) == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("[...document.querySelectorAll('select, input')].every(e => e.labels.length)")
    assert page.evaluate("[...document.querySelectorAll('th')].every(e => e.scope)")
    assert len(LANGUAGES) == 2
