"""Claims checked in the chat, and what the page prints, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from rag.engine import Engine
from tests.browser.test_chat_in_chromium import (
    ARABIC,
    ENGLISH,
    HOSTILE,
    NARROW,
    WIDE,
    ask,
    direction,
    folded,
    visits,
)
from ui import i18n
from ui.checking import MOST_CLAIMS
from ui.serving import start_in_thread

CLAIM = {
    "ar": "قادت كارلا كينتانا لجنة البحث الوطنية في الأرجنتين من 2019 إلى 2023.",
    "en": "Amer Khiti, who took over the factory near Douma, has been on the Canadian sanctions list since 2023.",
}
SEVERAL = {
    "ar": ("عادت سوريا إلى مقعدها في الجامعة العربية يوم 7 أيار 2023.", "من قتل مرعي الرمثان؟", "أعلنت نيوزيلندا خطة لمكافحة تهريب التبغ."),
    "en": ("The drugs seized at Salerno had been shipped from Latakia.", "Who shipped the drugs?", "Kuwait and Oman signed a maritime border treaty."),
}  # fmt: skip
LOCALES = [("ar-EG", "ar"), ("en-GB", "en")]


@pytest.fixture
def visit(browser: Any, served: str) -> Iterator[Any]:
    yield from visits(browser, served)


def choose(page: Any, kind: str) -> None:
    page.locator(f"[data-kind][value={kind}]").check()
    told = i18n.interface_language(page.evaluate("document.documentElement.lang"))
    said = i18n.text(told, "ask.send" if kind == "ask" else "claim.send")
    page.wait_for_function("said => document.querySelector('#tw-send').innerText === said", arg=said)


def send(page: Any, text: str) -> Any:
    """Send what follows another question or claim, once that has come to its end; gives the new turn."""
    page.locator("#tw-send").wait_for()
    ask(page, text)
    return page.locator(".tw-turn").nth(page.locator(".tw-turn").count() - 1)


def printed(page: Any, file: Path) -> list[str]:
    """The text of each page of paper, letters as they are written."""
    page.pdf(path=str(file), format="A4")
    document = pypdfium2.PdfDocument(file)
    texts = [sheet.get_textpage().get_text_bounded() for sheet in document]
    document.close()
    return texts


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("locale", "language"), LOCALES)
def test_a_claim_is_checked_read_saved_and_kept(
    visit: Any, samples_engine: Engine, tmp_path: Path, locale: str, language: i18n.Language, size: dict[str, int]
) -> None:
    page = visit(locale, size)
    choose(page, "check")
    turn = ask(page, CLAIM[language])
    assert turn.locator(".tw-kind-of").inner_text() == i18n.text(language, "claim.claim")
    assert i18n.text(language, "claim.verdict.contradicted") in turn.locator(".tw-ruling").inner_text()
    assert turn.locator(".tw-sign").inner_text() == "✗"
    assert direction(turn.locator(".tw-answer")) == ("rtl" if language == "ar" else "ltr")
    # The sources are in the other language, the reasons in the page's.
    said = turn.locator(".tw-why").first.inner_text()
    assert said.startswith({"ar": "هنا", "en": "It says"}[language])
    quote = turn.locator(".tw-quote blockquote p").first.inner_text()
    turn.locator(".tw-marker").first.click()
    mark = page.locator(".tw-reader mark.tw-chosen")
    mark.first.wait_for(state="visible")
    assert folded(" ".join(mark.all_inner_texts())) == folded(quote)
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    before = page.locator(".tw-turn").all_inner_texts()
    page.reload()
    page.wait_for_selector(".tw-turn")
    assert page.locator(".tw-turn").all_inner_texts() == before
    page.wait_for_selector("html.tw-checking")  # and so is the choice
    with page.expect_download() as waiting:
        page.locator(".tw-save").click()
    assert waiting.value.suggested_filename == "tawthiq-verdict-1.json"
    waiting.value.save_as(tmp_path / "verdict.json")
    saved = json.loads((tmp_path / "verdict.json").read_text("utf-8"))
    assert (saved["claim"], saved["verdict"]) == (CLAIM[language], "contradicted")
    assert samples_engine.verify(saved).valid
    page.locator("#tw-clear").click()
    page.wait_for_selector(".tw-welcome")
    page.reload()
    page.wait_for_selector(".tw-welcome")


@pytest.mark.parametrize(("locale", "language"), LOCALES)
def test_the_switch_works_by_keyboard_and_says_what_it_is(visit: Any, locale: str, language: i18n.Language) -> None:
    page = visit(locale)
    group = page.get_by_role("group", name=i18n.text(language, "ask.kind"))
    asks, checks = (group.get_by_role("radio", name=i18n.text(language, f"ask.kind.{one}")) for one in ("ask", "check"))
    assert asks.is_checked()
    asks.focus()
    page.keyboard.press("ArrowDown")
    assert checks.is_checked()
    box = page.get_by_role("textbox", name=i18n.text(language, "claim.label"))
    box.wait_for()
    assert box.get_attribute("placeholder") == i18n.text(language, "claim.placeholder")
    described = page.locator(f"#{box.get_attribute('aria-describedby')}")
    assert described.inner_text().strip() == i18n.text(language, "claim.several", count=MOST_CLAIMS)
    box.press("Enter")
    page.wait_for_selector("[data-hint]:not([hidden])")
    assert page.locator("#tw-hint [role=status]").inner_text().strip() == i18n.text(language, "claim.empty")
    # Another language of the page names the box anew, still as the box of claims.
    other: i18n.Language = "en" if language == "ar" else "ar"
    page.locator(f"[data-language={other}]").click()
    page.get_by_role("textbox", name=i18n.text(other, "claim.label")).wait_for()
    choose(page, "ask")
    page.get_by_role("textbox", name=i18n.text(other, "ask.label")).wait_for()
    assert not described.is_visible()


@pytest.mark.parametrize(("locale", "language"), LOCALES)
def test_several_claims_are_checked_one_a_line(visit: Any, locale: str, language: i18n.Language) -> None:
    page = visit(locale)
    choose(page, "check")
    box = page.get_by_role("textbox")
    box.fill("\n".join([CLAIM[language]] * (MOST_CLAIMS + 1)))
    box.press("Enter")
    page.locator("[data-too-many]:not([hidden])").wait_for()
    assert page.locator(".tw-turn").count() == 0
    assert len(box.input_value().split("\n")) == MOST_CLAIMS + 1
    first, *rest = SEVERAL[language]
    box.fill(first)
    for line in rest:
        box.press("Shift+Enter")
        box.press_sequentially(line)
    box.press("Enter")
    page.wait_for_function("document.querySelectorAll('.tw-turn:not([aria-busy])').length === 3")
    turns = page.locator(".tw-turn")
    assert turns.locator(".tw-question").all_inner_texts() == list(SEVERAL[language])
    assert turns.locator(".tw-sign").all_inner_texts() == ["✓", "–"]
    # The first of them is read first, and its source is open.
    page.wait_for_selector(".tw-panel[data-shown='1.1']")
    page.wait_for_timeout(600)
    top = turns.first.bounding_box()["y"]
    assert top >= page.locator("#tw-conversation").bounding_box()["y"] - 1
    # The question among them is not checked; a button asks it.
    question = turns.nth(1)
    assert i18n.text(language, "claim.question") in question.inner_text()
    question.locator("[data-example]").click()
    page.wait_for_function("document.querySelectorAll('.tw-turn:not([aria-busy])').length === 4")
    assert turns.last.locator(".tw-kind-of").count() == 0
    assert turns.last.locator(".tw-question").inner_text() == SEVERAL[language][1]


@pytest.mark.parametrize(("locale", "language", "question"), [("ar-EG", "ar", ARABIC), ("en-GB", "en", ENGLISH)])
def test_paper_has_questions_quotes_and_sources_and_nothing_of_the_page(
    visit: Any, tmp_path: Path, locale: str, language: i18n.Language, question: str
) -> None:
    page = visit(locale)
    answered = send(page, question)
    choose(page, "check")
    checked = send(page, CLAIM[language])
    texts = printed(page, tmp_path / "all.pdf")
    paper = folded(" ".join(texts))
    for name in ("ask.send", "ask.clear", "answer.copy", "answer.save", "ask.kind.check", "documents.open"):
        assert i18n.text(language, name) not in re.sub(r"\s+", " ", " ".join(texts)), name
    assert paper.count(i18n.text(language, "answer.sources")) >= 2
    if language == "en":
        # Read back from a PDF, lines of Arabic have their words in another order.
        for text in (question, CLAIM["en"], *answered.locator("blockquote p").all_inner_texts(), "It says Canadian"):
            assert folded(text) in paper, text
        for text in ("en-us-strategy-2023.md", "Tawthiq samples · 24 July 2023", "Contradicted by the documents"):
            assert text in paper
    page.emulate_media(media="print")
    hidden = "#tw-header, #tw-sources, #tw-ask, #tw-kind, #tw-tools, #tw-hint, .tw-colophon button"
    assert not any(one.is_visible() for one in page.locator(hidden).all())
    ways = {direction(one) for one in page.locator(".tw-printed li").all()}
    assert ways == {"rtl" if language == "ar" else "ltr"}
    sources = checked.locator(".tw-printed li").all_inner_texts()
    titles = checked.locator(".tw-quote .tw-title").all_inner_texts()
    assert all(any(title in one for one in sources) for title in titles)
    assert all(re.match(r"\[\d.*\.md$", one) for one in sources)
    page.emulate_media(media="screen")
    assert not checked.locator(".tw-printed").is_visible()


def test_paper_is_black_on_white_though_the_screen_is_dark(visit: Any) -> None:
    page = visit("en-US", color_scheme="dark")
    turn = ask(page, ENGLISH)
    page.emulate_media(media="print", color_scheme="dark")
    colours = "element => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
    ink, _ = turn.locator("blockquote").first.evaluate(colours)
    assert ink == "rgb(0, 0, 0)"
    assert page.locator("body").evaluate(colours)[1] == "rgb(255, 255, 255)"


def test_one_answer_alone_is_printed(visit: Any, tmp_path: Path) -> None:
    page = visit("en-US")
    page.evaluate("window.print = () => { window.printing = true; }")
    first = send(page, ENGLISH)
    send(page, "How many tonnes were seized at the port of Salerno?")
    first.locator(".tw-print").click()
    page.wait_for_function("window.printing")
    assert "Salerno" not in " ".join(printed(page, tmp_path / "one.pdf"))
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert "Salerno" in " ".join(printed(page, tmp_path / "all.pdf"))


def test_a_hostile_document_is_only_text_in_a_verdict_and_on_paper(browser: Any, tmp_path: Path) -> None:
    document = tmp_path / "report.txt"
    document.write_text(HOSTILE, encoding="utf-8")
    with Engine.open(tmp_path / "home") as engine:
        engine.ingest([document])
        with start_in_thread(engine) as served:
            for opened in visits(browser, served):
                page = opened()
                choose(page, "check")
                turn = send(page, 'The lighthouse keeper of Cape Marble is Samir Haddad. <img src="x">')
                assert '<img src="https://evil.example/p.png"' in turn.inner_text()
                assert '<img src="x">' in turn.locator(".tw-question").inner_text()
                question = send(page, "\"><script>document.title='run'</script> Who?")
                question.locator("[data-example]").click()
                page.wait_for_function("document.querySelectorAll('.tw-turn:not([aria-busy])').length === 3")
                page.pdf(path=str(tmp_path / "paper.pdf"))
                assert page.locator("#tw-desk img, #tw-desk script").count() == 0
                assert page.title() != "run"
