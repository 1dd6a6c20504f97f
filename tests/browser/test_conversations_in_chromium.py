"""Conversations that outlive their page, in a real browser: reloaded, opened again, saved, begun anew, cut off."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.engine import Engine
from rag.settings import Settings
from tests.browser.test_chat_in_chromium import ENGLISH, NARROW, TIMEOUT, WIDE, ask, visits
from ui import i18n
from ui.serving import start_in_thread
from ui.web import MAX_QUESTION_CHARS

SALERNO = {"ar": "كم طنا صودر في ميناء ساليرنو؟", "en": "How many tonnes were seized at the port of Salerno?"}
AFTER = {"ar": "وفي أي عام؟", "en": "And in which year?"}
NAME = "tawthiq.conversation"


@pytest.fixture
def visit(browser: Any, served: str) -> Iterator[Any]:
    yield from visits(browser, served)


def tab(page: Any) -> Any:
    """Another tab of the same browser, on the chat."""
    other = page.context.new_page()
    other.set_default_timeout(TIMEOUT)
    other.goto(page.url)
    other.wait_for_selector(".tw-welcome, .tw-turn")
    return other


def seen(page: Any) -> list[str]:
    shown: list[str] = page.locator(".tw-turn").all_inner_texts()
    return shown


@pytest.mark.parametrize(("locale", "language"), [("ar-EG", "ar"), ("en-GB", "en")])
def test_a_reloaded_page_goes_on_where_it_was(
    visit: Any, samples_engine: Engine, tmp_path: Path, locale: str, language: i18n.Language
) -> None:
    page = visit(locale)
    ask(page, SALERNO[language])
    before = seen(page)
    page.reload()
    page.wait_for_selector(".tw-turn")
    assert seen(page) == before
    assert page.locator(".tw-welcome").count() == 0
    page.wait_for_selector(".tw-panel[data-shown='1.1'] .tw-verified")
    # A follow-up leans on the question from before, and its markers open.
    follow = ask(page, AFTER[language])
    assert follow.locator(".tw-marker").count() >= 1
    assert "2020" in follow.inner_text().translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    page.locator(".tw-turn").first.locator(".tw-marker").first.click()
    page.wait_for_selector(".tw-panel[data-shown='1.1'] mark.tw-chosen")
    if page.locator("[data-close]").is_visible():
        page.keyboard.press("Escape")
    page.reload()
    page.wait_for_function("document.querySelectorAll('.tw-turn').length === 2")
    # Both can still be saved, and what is saved is an answer that verifies.
    for number in (1, 2):
        button = page.locator(".tw-turn").nth(number - 1).locator(".tw-save")
        with page.expect_download() as waiting:
            button.click()
        assert waiting.value.suggested_filename == f"tawthiq-answer-{number}.json"
        waiting.value.save_as(tmp_path / "answer.json")
        saved = json.loads((tmp_path / "answer.json").read_text("utf-8"))
        assert saved["question"] == (SALERNO, AFTER)[number - 1][language]
        assert samples_engine.verify(saved).valid


def test_a_tab_that_was_closed_is_opened_again_and_two_that_are_open_do_not_meet(visit: Any) -> None:
    first = visit("ar-EG")
    ask(first, SALERNO["ar"])
    before = seen(first)
    second = tab(first)
    assert seen(second) == []
    ask(second, ENGLISH)
    for page, shown in ((first, before), (second, seen(second))):
        page.reload()
        page.wait_for_selector(".tw-turn")
        assert seen(page) == shown
    shown = seen(second)
    first.close()
    second.close()
    # The one that was in use last comes back.
    again = second.context.new_page()
    again.set_default_timeout(TIMEOUT)
    again.goto(second.url)
    again.wait_for_selector(".tw-turn")
    assert seen(again) == shown


def test_a_conversation_goes_on_though_the_server_lost_the_session(visit: Any) -> None:
    """Gradio forgets what a session keeps an hour after its connection broke: here with every request."""
    page = visit("ar-EG")
    page.route(
        "**/gradio_api/run/predict*",
        lambda route: route.continue_(post_data=json.dumps({**route.request.post_data_json, "session_hash": "lost"})),
    )
    ask(page, SALERNO["ar"])
    follow = ask(page, AFTER["ar"])
    assert "2020" in follow.inner_text().translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    assert len(seen(page)) == 2
    with page.expect_download():
        page.locator(".tw-save").first.click()
    page.reload()
    page.wait_for_function("document.querySelectorAll('.tw-turn').length === 2")


def test_a_question_that_comes_before_the_conversation_is_found_again_belongs_to_it(visit: Any) -> None:
    page = visit("ar-EG")
    ask(page, SALERNO["ar"])
    # The page waits for a lock before it knows whether another tab has the conversation open.
    page.context.add_init_script("""
        sessionStorage.clear();
        const request = navigator.locks.request.bind(navigator.locks);
        navigator.locks.request = async (...given) => {
            await new Promise((done) => { window.lockIsFree = done; });
            return request(...given);
        };
    """)
    page.reload()
    box = page.locator("#tw-question textarea")
    box.fill(AFTER["ar"])
    page.wait_for_function("Boolean(window.lockIsFree)")
    box.press("Enter")
    page.wait_for_timeout(300)
    page.evaluate("window.lockIsFree()")
    page.wait_for_function("document.querySelectorAll('.tw-turn:not([aria-busy]) .tw-save').length === 2")


def test_enter_while_an_answer_is_on_its_way_keeps_what_is_written(visit: Any) -> None:
    page = visit("ar-EG")
    held: list[Any] = []

    def hold(route: Any) -> None:  # the first alone waits
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route("**/gradio_api/queue/join*", hold)
    box = page.get_by_role("textbox")
    box.fill(SALERNO["ar"])
    box.press("Enter")
    page.locator("#tw-stop").wait_for(state="visible")
    box.fill(AFTER["ar"])
    box.press("Enter")
    page.wait_for_timeout(300)
    assert box.input_value() == AFTER["ar"]
    assert len(held) == 1
    held[0].continue_()
    page.locator(".tw-save").wait_for()
    page.locator("#tw-send").wait_for(state="visible")
    box.press("Enter")
    page.wait_for_function("document.querySelectorAll('.tw-turn:not([aria-busy]) .tw-save').length === 2")
    page.reload()
    page.wait_for_selector(".tw-turn")
    assert len(seen(page)) == 2


def test_a_question_that_is_longer_than_the_box_is_cut_by_the_server(visit: Any) -> None:
    page = visit("ar-EG")

    def longer(route: Any) -> None:
        sent = route.request.post_data_json
        sent["data"] = ["سؤال " * 20_000 if part == "قصير" else part for part in sent["data"]]
        route.continue_(post_data=json.dumps(sent))

    page.route("**/gradio_api/run/predict*", longer)
    turn = ask(page, "قصير")
    assert len(turn.locator(".tw-question").inner_text()) in range(1_900, MAX_QUESTION_CHARS + 1)


def test_a_conversation_that_another_tab_holds_is_not_held_later_by_one_that_left_it(visit: Any) -> None:
    first = visit("ar-EG")
    ask(first, SALERNO["ar"])
    name = first.evaluate("name => sessionStorage.getItem(name)", NAME)
    second = tab(first)
    second.evaluate("([name, taken]) => sessionStorage.setItem(name, taken)", [NAME, name])
    second.reload()
    second.wait_for_selector(".tw-turn")
    second.locator("#tw-clear").click()
    second.wait_for_selector(".tw-welcome")
    first.close()
    held = "async () => (await navigator.locks.query()).held.map((lock) => lock.name)"
    mine = "() => `tawthiq.conversation.${window.tawthiqConversation}`"
    second.wait_for_timeout(300)
    assert second.evaluate(held) == [second.evaluate(mine)]
    second.locator("#tw-clear").click()
    second.wait_for_timeout(300)
    assert second.evaluate(held) == [second.evaluate(mine)]


@pytest.mark.parametrize("locale", ["ar-EG", "en-GB"])
def test_a_new_conversation_leaves_nothing_of_the_old_one(visit: Any, locale: str) -> None:
    page = visit(locale)
    ask(page, SALERNO["en"])
    name = page.evaluate("name => sessionStorage.getItem(name)", NAME)
    assert re.fullmatch("[0-9a-f]{32}", name)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "Salerno" not in kept
    page.locator("#tw-clear").click()
    page.wait_for_selector(".tw-welcome")
    assert seen(page) == []
    assert page.locator(".tw-notice").count() == 0
    assert page.evaluate("name => [sessionStorage.getItem(name), localStorage.getItem(name)]", NAME) == [None, None]
    page.reload()
    page.wait_for_selector(".tw-welcome")
    # Nor does somebody find it who had written its name down.
    page.evaluate("([name, old]) => sessionStorage.setItem(name, old)", [NAME, name])
    page.reload()
    page.wait_for_selector(".tw-notice")
    assert seen(page) == []
    ask(page, ENGLISH)
    assert len(seen(page)) == 1


@pytest.mark.parametrize(
    "stored", ["1" * 31, "<img src=x onerror=alert(1)>", '{"turns": ["<mark>forged</mark>"]}', "f" * 32, "ـ" * 32]
)
def test_what_a_browser_stores_is_shown_by_nobody(visit: Any, stored: str) -> None:
    page = visit("ar-EG")
    for storage in ("sessionStorage", "localStorage"):
        page.evaluate(f"([name, value]) => {storage}.setItem(name, value)", [NAME, stored])
    page.reload()
    page.wait_for_selector(".tw-welcome")
    assert stored not in page.locator("body").inner_html()
    assert page.locator("#tw-desk img, mark").count() == 0
    turn = ask(page, SALERNO["ar"])
    turn.locator(".tw-marker").first.click()
    page.wait_for_selector(".tw-panel[data-shown='1.1'] .tw-verified")


def test_a_browser_that_stores_nothing_has_its_conversation_until_it_reloads(browser: Any, served: str) -> None:
    for opened in visits(browser, served):
        page = opened("en-GB")
        page.context.add_init_script(
            "for (const kind of ['localStorage', 'sessionStorage'])"
            " Object.defineProperty(window, kind, { get() { throw new Error('no storage'); } });"
            " Object.defineProperty(navigator, 'locks', { value: undefined });"
        )
        page.reload()
        page.wait_for_selector(".tw-welcome")
        ask(page, SALERNO["en"])
        assert "2020" in ask(page, AFTER["en"]).inner_text()


@pytest.mark.parametrize(("locale", "language"), [("ar-EG", "ar"), ("en-GB", "en")])
def test_a_server_that_went_away_is_told_in_the_pages_language_alone(
    browser: Any, samples_home: Path, settings: Settings, tmp_path: Path, locale: str, language: i18n.Language
) -> None:
    home = tmp_path / "home"  # a server that stops takes its name off the home that it served
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    context = browser.new_context(locale=locale, viewport=NARROW)
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    with Engine.open(home, settings=settings, command="tests") as engine, start_in_thread(engine) as served:
        page.goto(served)
        page.wait_for_selector(".tw-welcome")
        ask(page, SALERNO[language])
    page.get_by_role("textbox").fill(AFTER[language])
    page.keyboard.press("Enter")
    said = page.locator("[data-alert=lost]")
    said.wait_for(state="visible")
    assert said.inner_text() == i18n.text(language, "alert.lost")
    assert page.locator(".toast-body.error").count() == 1
    assert not page.locator(".toast-body").is_visible()
    assert not page.locator("[data-alert=failed]").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # What was asked and answered is still there to be read, and the question to be asked again.
    assert len(seen(page)) == 1
    assert page.get_by_role("textbox").input_value() == AFTER[language]
    # It cannot be saved meanwhile, and the button says so.
    page.locator(".tw-save").click()
    page.wait_for_function("said => document.querySelector('.tw-save').textContent === said",
                           arg=i18n.text(language, "answer.save_failed"))  # fmt: skip
    context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("locale", "language"), [("ar-EG", "ar"), ("en-GB", "en")])
def test_no_separator_is_seen_at_the_beginning_or_the_end_of_a_line(
    visit: Any, locale: str, language: i18n.Language, size: dict[str, int]
) -> None:
    page = visit(locale, size)
    turn = ask(page, SALERNO[language])
    turn.locator(".tw-marker").first.click()
    page.wait_for_selector(".tw-panel[data-shown='1.1']")
    # Of every fact: whether it begins its line, and how much of its dot lies inside of what is shown.
    rows = page.evaluate("""() => [...document.querySelectorAll(".tw-line")].map((line) => {
        const frame = line.getBoundingClientRect(), rtl = getComputedStyle(line).direction === "rtl";
        let above = null;
        return [...line.querySelectorAll(".tw-fact")].map((fact) => {
            const box = fact.getBoundingClientRect();
            const first = above === null || box.top >= above - 1;
            above = box.bottom;
            const dot = parseFloat(getComputedStyle(fact, "::before").inlineSize);
            const shown = rtl ? frame.right - (box.right - dot) : box.left + dot - frame.left;
            return [first, Math.round(Math.min(dot, shown)), Math.round(dot)];
        });
    })""")
    facts = [fact for row in rows for fact in row]
    assert len(rows) >= 2
    assert len(facts) >= 6
    assert {shown for first, shown, _ in facts if first} == {0}
    assert all(shown == dot for first, shown, dot in facts if not first)
