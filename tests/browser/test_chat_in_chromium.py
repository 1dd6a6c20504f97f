"""The chat in a real browser: asking, reading the cited answer, and following a marker to its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rag.engine import Engine
from ui import i18n
from ui.serving import start_in_thread

ARABIC = "ما هي محاور الاستراتيجية الأمريكية الأربعة ضد شبكات الكبتاغون؟"
ENGLISH = "What are the four lines of effort of the US strategy against captagon?"
ABSENT = "كيف تُحضَّر كعكة الجزر؟"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TIMEOUT = 30_000
INSIDE = """mark => {
    const reader = mark.closest('.tw-reader').getBoundingClientRect(), place = mark.getBoundingClientRect();
    return place.top >= reader.top && place.top < reader.bottom;
}"""


@pytest.fixture
def visit(browser: Any, served: str) -> Iterator[Any]:
    """Opens the chat as a visitor with a language and a window; at the end, nothing but the server was asked."""
    yield from visits(browser, served)


def visits(browser: Any, served: str) -> Iterator[Any]:
    asked: list[str] = []
    failures: list[str] = []
    contexts = []

    def opened(locale: str = "en-US", size: dict[str, int] = WIDE, **options: Any) -> Any:
        context = browser.new_context(locale=locale, viewport=size, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda message: failures.append(message.text) if message.type == "error" else None)
        page.goto(served)
        page.wait_for_selector(".tw-welcome")
        page.wait_for_selector("[data-language][aria-pressed=true]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failures == []
    outside = {url for url in asked if urlsplit(url).hostname != "127.0.0.1" and not url.startswith(("data:", "blob:"))}
    assert asked
    assert outside == set()


def ask(page: Any, question: str) -> Any:
    """Ask as a person does; gives the turn when it is answered."""
    before = page.locator(".tw-turn").count()
    box = page.locator("#tw-question textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.tw-turn:not([aria-busy])').length > n", arg=before)
    return page.locator(".tw-turn").last


def direction(locator: Any) -> str:
    found: str = locator.evaluate("element => getComputedStyle(element).direction")
    return found


def folded(text: str) -> str:
    return " ".join(re.sub(r"\[\d+\]", "", text).split())


@pytest.mark.parametrize(
    ("locale", "question", "way", "writing"),
    [("ar-EG", ARABIC, "rtl", "[\u0621-\u064a]"), ("en-GB", ENGLISH, "ltr", "[A-Za-z]")],
)
def test_an_answer_is_read_and_its_marker_followed(
    visit: Any, locale: str, question: str, way: str, writing: str
) -> None:
    page = visit(locale)
    assert page.evaluate("document.documentElement.dir") == way
    turn = ask(page, question)
    assert turn.locator(".tw-question").inner_text() == question
    assert direction(turn.locator(".tw-question")) == way
    assert direction(turn.locator(".tw-answer")) == way
    quotes = turn.locator(".tw-quote blockquote p")
    markers = turn.locator(".tw-marker")
    assert markers.count() >= 4
    assert markers.first.inner_text() == "[1]"
    chosen = markers.nth(1)
    quote = quotes.nth(1).inner_text()
    assert re.search(writing, quote)
    chosen.click()
    page.wait_for_selector(f".tw-panel[data-shown='1.{chosen.get_attribute('data-number')}']")
    mark = page.locator(".tw-reader mark.tw-chosen")
    assert folded(" ".join(mark.all_inner_texts())) == folded(quote)
    assert mark.first.is_visible()
    page.wait_for_timeout(100)
    assert mark.first.evaluate(INSIDE)
    assert page.locator(".tw-verified").is_visible()
    assert page.locator(".tw-source.tw-open h3").inner_text()


@pytest.mark.parametrize(("locale", "language"), [("ar-EG", "ar"), ("en-GB", "en")])
def test_the_page_is_ours_before_and_after_its_scripts_run(
    browser: Any, visit: Any, served: str, locale: str, language: i18n.Language
) -> None:
    """As a search engine or a link preview sees it, and as a reader does."""
    said = """() => [
        document.title, document.documentElement.lang, document.documentElement.dir,
        ...["meta[name=description]", "meta[property='og:title']"].map((one) => document.querySelector(one).content),
        document.querySelectorAll("meta[content*=gradio i]").length,
    ]"""
    title, tagline = i18n.text(language, "app.title"), i18n.text(language, "app.tagline")
    wanted = [title, language, "rtl" if language == "ar" else "ltr", tagline, title, 0]
    context = browser.new_context(locale=locale, java_script_enabled=False)
    page = context.new_page()
    page.goto(served)
    assert page.evaluate(said) == wanted
    context.close()
    page = visit(locale)
    page.wait_for_function("wanted => document.title === wanted", arg=title)
    assert page.evaluate(said) == wanted


def test_a_marker_is_reached_and_followed_with_the_keyboard(visit: Any) -> None:
    page = visit("en-US")
    turn = ask(page, ENGLISH)
    marker = turn.locator(".tw-marker").nth(2)
    marker.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f".tw-panel[data-shown='1.{marker.get_attribute('data-number')}']")
    assert marker.get_attribute("aria-label").startswith("Show source")
    assert page.evaluate("document.activeElement.id") == "tw-panel-title"
    page.keyboard.press("Escape")
    assert marker.evaluate("element => element === document.activeElement")


def test_the_interface_changes_its_language_and_remembers_it(visit: Any) -> None:
    page = visit("en-US")
    ask(page, ENGLISH)
    page.locator("[data-language=ar]").click()
    page.wait_for_function("document.querySelector('#tw-send').innerText === 'اسأل'")
    assert page.evaluate("[document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
    assert page.title() == i18n.text("ar", "app.title")
    described = page.locator("meta[name=description]")
    assert described.get_attribute("content") == i18n.text("ar", "app.tagline")
    assert page.locator("#tw-panel-title").inner_text() == "المصادر"
    # An English answer stays English whatever the interface speaks.
    assert direction(page.locator(".tw-answer")) == "ltr"
    page.reload()
    page.wait_for_selector(".tw-turn")
    page.wait_for_function("document.documentElement.dir === 'rtl'")


def test_silence_shows_related_passages_that_open(visit: Any) -> None:
    page = visit("ar-EG")
    turn = ask(page, ABSENT)
    assert turn.locator(".tw-status").inner_text() == "ليس في الوثائق جواب عن هذا السؤال."
    assert turn.inner_text().count("ليس في الوثائق") == 1
    assert turn.locator(".tw-marker").count() == 0
    turn.locator(".tw-passage").first.click()
    page.wait_for_selector(".tw-panel[data-shown='1.p1']")
    assert page.locator(".tw-reader mark.tw-related").count() > 0
    # What is shown begins with the sentence that is nearest to the question, and that is marked in the document.
    nearest = folded(" ".join(page.locator(".tw-reader mark.tw-nearest").all_inner_texts()))
    assert nearest
    assert folded(turn.locator(".tw-related li p").first.inner_text()).removeprefix("… ").startswith(nearest[:200])
    page.wait_for_timeout(100)
    assert page.locator(".tw-reader mark.tw-nearest").first.evaluate(INSIDE)


@pytest.mark.parametrize(("locale", "said"), [("ar-EG", "اكتب سؤالك أولا."), ("en-GB", "Write a question first.")])
def test_an_empty_question_is_answered_with_a_quiet_line(visit: Any, locale: str, said: str) -> None:
    page = visit(locale)
    box, line = page.get_by_role("textbox"), page.locator("#tw-hint [role=status]")
    assert line.inner_text().strip() == ""
    for text, send in (("", lambda: box.press("Enter")), ("  ", page.locator("#tw-send").click)):
        box.fill(text)
        send()
        page.wait_for_selector("[data-hint]:not([hidden])")
        assert line.inner_text().strip() == said
        assert page.locator(".tw-turn").count() == 0
        box.fill("ما")
        page.locator("[data-hint]").wait_for(state="hidden")


@pytest.mark.parametrize(("locale", "question"), [("ar-EG", ARABIC), ("en-GB", ENGLISH)])
def test_on_a_phone_the_source_comes_up_over_the_answer_and_goes(visit: Any, locale: str, question: str) -> None:
    page = visit(locale, NARROW)
    turn = ask(page, question)
    assert not page.locator("#tw-sources").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    turn.locator(".tw-marker").first.click()
    page.locator(".tw-reader mark.tw-chosen").first.wait_for(state="visible")
    page.wait_for_timeout(400)
    last = page.locator(".tw-open .tw-verified").bounding_box()
    assert last["y"] + last["height"] <= NARROW["height"]
    page.locator("[data-close]").click()
    page.locator("#tw-sources").wait_for(state="hidden")


def test_an_example_is_asked_and_its_answer_copied_with_sources(visit: Any) -> None:
    page = visit("en-US", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-example]").first.click()
    page.wait_for_selector(".tw-turn:not([aria-busy])")
    page.locator(".tw-copy").click()
    page.wait_for_function("document.querySelector('.tw-copy').innerText !== ''")
    page.wait_for_timeout(200)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1]" in copied
    assert "Tawthiq samples" in copied
    assert ".md · " in copied
    assert "samples/" not in copied
    page.locator("#tw-clear").click()
    page.wait_for_selector(".tw-welcome")
    assert page.locator(".tw-turn").count() == 0


def test_two_visitors_have_two_conversations(visit: Any) -> None:
    first, second = visit("ar-EG"), visit("en-US")
    ask(first, ARABIC)
    ask(second, ENGLISH)
    assert first.locator(".tw-turn").count() == second.locator(".tw-turn").count() == 1
    assert direction(first.locator(".tw-answer")) == "rtl"
    assert direction(second.locator(".tw-answer")) == "ltr"


HOSTILE = """The lighthouse of Cape Marble, a report.

The lighthouse keeper of Cape Marble is Samir <img src="https://evil.example/p.png" onerror="document.title='run'"> Haddad.
</p><script>document.title='run'</script> ![x](https://evil.example/x.png) ${document.title='run'} {{value}} `tick` [1]
"""


def test_a_hostile_document_is_only_text(browser: Any, tmp_path: Path) -> None:
    document = tmp_path / "report.txt"
    document.write_text(HOSTILE, encoding="utf-8")
    with Engine.open(tmp_path / "home") as engine:
        engine.ingest([document])
        with start_in_thread(engine) as served:
            for opened in visits(browser, served):
                page = opened()
                turn = ask(page, "Who is the lighthouse keeper of Cape Marble?")
                turn.locator(".tw-marker").first.click()
                page.locator(".tw-reader mark.tw-chosen").first.wait_for(state="visible")
                assert '<img src="https://evil.example/p.png"' in turn.inner_text()
                assert "<script>document.title='run'</script>" in page.locator(".tw-reader").inner_text()
                assert page.locator("#tw-desk img, #tw-desk script").count() == 0
                assert page.title() != "run"


@pytest.mark.parametrize(
    ("locale", "size", "typed", "title"),
    [("ar-EG", NARROW, "السعوديه إمفيتامين", "السعودية: نحو 47 مليون قرص إمفيتامين في شحنة طحين"),
     ("en-GB", WIDE, "SALERNO culprit", "Salerno, 2020: fourteen tonnes of captagon and a disputed culprit")],
)  # fmt: skip
def test_the_documents_are_looked_through_and_read(
    visit: Any, locale: str, size: dict[str, int], typed: str, title: str
) -> None:
    page = visit(locale, size)
    page.locator(".tw-shelf").click()
    items = page.locator(".tw-documents li:not([hidden])")
    items.first.wait_for()
    assert items.count() == 20
    page.get_by_role("searchbox").fill(typed)
    page.wait_for_function("document.querySelector('[data-found]').textContent === '1'")
    assert items.locator("h3").inner_text() == title
    items.locator("a").click()
    page.locator(".tw-reader p").first.wait_for()
    assert page.locator(".tw-source.tw-open h3").inner_text() == title
    page.locator(".tw-back").click()
    items.first.wait_for()
    assert items.count() == 20
    if size is NARROW:
        page.locator(".tw-close").click()
        page.wait_for_function("getComputedStyle(document.querySelector('#tw-sources')).visibility === 'hidden'")


@pytest.mark.parametrize(
    ("locale", "typed", "question", "elsewhere"),
    [("ar-EG", "مأمون سيد", ARABIC, "ما قيمة تجارة الكبتاغون في عام 2021 بحسب معهد نيو لاينز؟"),
     ("en-GB", "Caesar Act, 2019", "When was the Caesar Act signed into law?", "How many tonnes were seized at Salerno?")],
)  # fmt: skip
def test_one_document_alone_is_asked(
    visit: Any, samples_engine: Engine, locale: str, typed: str, question: str, elsewhere: str
) -> None:
    page = visit(locale, NARROW)
    page.locator(".tw-shelf").click()
    page.get_by_role("searchbox").fill(typed)
    page.locator(".tw-documents li:not([hidden]) a").first.click()
    page.locator(".tw-alone").click()
    title = page.locator("[data-scope-title]").inner_text()
    assert title in {one.title for one in samples_engine.documents()}
    turn = ask(page, question)
    assert title in turn.locator(".tw-within").inner_text()
    quotes = turn.locator(".tw-quote figcaption .tw-title").all_inner_texts()
    assert set(quotes) <= {title}
    silent = ask(page, elsewhere)
    assert "tw-not_found" in str(silent.locator(".tw-answer").get_attribute("class"))
    page.locator("[data-everywhere]").click()
    assert not page.locator(".tw-scope").is_visible()
    answered = ask(page, elsewhere)
    assert answered.locator(".tw-quote").count() > 0
    assert answered.locator(".tw-within").count() == 0
