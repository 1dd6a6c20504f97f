"""Adding and removing documents in a real browser: by the file chooser, by dropping, by a link; and what then becomes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corpus import web
from rag.engine import Engine
from rag.settings import Settings
from tests.browser.test_chat_in_chromium import NARROW, WIDE, ask, direction, visits
from ui import i18n
from ui.serving import start_in_thread

PDF = Path(__file__).parents[1] / "data" / "pdf" / "report-ar.pdf"
NOTES = {
    "ar": "قالت هيئة الميناء إن ميناء طرطوس استقبل 1900 سفينة في عام 2023.\n",
    "en": "The port authority said that the harbour of Tartus handled 1,900 ships in 2023.\n",
}
QUESTIONS = {"ar": "كم سفينة استقبل ميناء طرطوس في عام 2023؟", "en": "How many ships did the harbour of Tartus handle?"}
BOTH = [("ar-EG", "ar"), ("en-GB", "en")]
FINISHED = ".tw-lines li:is([data-state=added], [data-state=updated], [data-state=unchanged], [data-state=failed])"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    with Engine.open(tmp_path_factory.mktemp("adding") / "home", settings=settings, command="tests") as opened:
        opened.warm()
        yield opened


@pytest.fixture(scope="module")
def address(engine: Engine) -> Iterator[str]:
    with start_in_thread(engine) as url:
        yield url


@pytest.fixture
def visit(browser: Any, address: str, engine: Engine) -> Iterator[Any]:
    """Opens the page over an empty home."""
    yield from visits(browser, address)
    for one in engine.documents():
        engine.remove(one.document_id)
    for left in (engine.home / "uploads").glob("*"):
        left.unlink()


def said(key: str, language: i18n.Language) -> str:
    return i18n.catalogue(language)[key]


def choose(page: Any, button: Any, *files: Any) -> None:
    with page.expect_file_chooser() as waiting:
        button.click()
    assert waiting.value.is_multiple()
    waiting.value.set_files(list(files))


def finished(page: Any, count: int) -> Any:
    page.wait_for_function(f"document.querySelectorAll('{FINISHED}').length === {count}")
    return page.locator(".tw-lines li")


def text(name: str, content: str) -> dict[str, Any]:
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("locale", "language"), BOTH)
def test_an_empty_home_is_filled_asked_and_emptied(
    visit: Any, engine: Engine, locale: str, language: i18n.Language, size: dict[str, int]
) -> None:
    page = visit(locale, size)
    assert page.locator(".tw-welcome pre").count() == 0  # no command is asked of anybody
    broken = {"name": "تالف broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    old = {"name": "old.doc", "mimeType": "application/msword", "buffer": b"x"}
    choose(page, page.locator(".tw-begin"), text("ميناء port.txt", NOTES[language] * 3), broken, old)
    lines = finished(page, 3)
    assert [line.get_attribute("data-state") for line in lines.all()] == ["added", "failed", "failed"]
    assert lines.first.locator(".tw-state").inner_text() == said("adding.state.added", language)
    assert all(direction(line) == ("rtl" if language == "ar" else "ltr") for line in lines.all())
    for line, name in zip(lines.all()[1:], ("تالف broken.pdf", "old.doc"), strict=True):
        reason = line.locator(".tw-reason").inner_text()
        assert name in reason
        assert str(engine.home) not in reason
        assert ("\u0621" <= reason.strip()[-2] <= "\u064a") or language == "en" or ".docx" in reason
    assert "2" in page.locator(".tw-summary").inner_text()
    assert page.locator("[role=status]#tw-told").inner_text().startswith("old.doc")
    items = page.locator(".tw-documents li")
    items.first.wait_for()
    assert items.count() == 1
    assert page.locator("[data-found]").inner_text() == "1"
    assert i18n.text(language, "welcome.documents", count=1) in page.locator(".tw-welcome").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {path.name for path in (engine.home / "uploads").iterdir()} == {"ميناء port.txt"}
    # It is asked, and cited by its name.
    if size is NARROW:
        page.locator(".tw-close").click()
    turn = ask(page, QUESTIONS[language])
    assert "1900" in turn.locator("blockquote").first.inner_text().replace(",", "")
    turn.locator(".tw-marker").first.click()
    page.wait_for_selector(".tw-panel[data-shown='1.1'] .tw-verified")
    assert page.locator(".tw-origin").first.inner_text() == "ميناء port.txt"
    # It is removed, by the keyboard alone, after it was named.
    if size is NARROW:
        page.keyboard.press("Escape")
    page.locator(".tw-shelf").click()
    page.locator(".tw-documents a").first.press("Enter")
    page.locator("[data-remove]").press("Enter")
    dialog = page.get_by_role("dialog")
    assert "ميناء port" in dialog.inner_text()
    assert page.evaluate("document.activeElement.matches('[data-keep]')")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.locator("[data-remove]").press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tw-panel[data-shown=documents]")
    page.wait_for_function("document.activeElement.id === 'tw-panel-title'")
    assert page.locator("#tw-told").inner_text() == f"{said('removing.done', language)} ميناء port"
    assert engine.documents() == []
    assert list((engine.home / "uploads").iterdir()) == []
    assert page.locator(".tw-documents li").count() == 0
    # What was answered with it still stands, and says that it is gone.
    if size is NARROW:
        page.keyboard.press("Escape")
    page.locator(".tw-turn .tw-marker").first.click()
    page.wait_for_selector(".tw-kept")
    assert page.locator(".tw-notice").last.inner_text() == said("panel.gone", language)


@pytest.mark.parametrize(("locale", "language"), BOTH)
def test_files_are_dropped_on_the_page(visit: Any, engine: Engine, locale: str, language: i18n.Language) -> None:
    page = visit(locale)
    drop(page, "body", [("one.txt", NOTES[language] * 3), ("two.md", "# Port\n\n" + NOTES["en"] * 4)])
    lines = finished(page, 2)
    assert {line.get_attribute("data-state") for line in lines.all()} == {"added"}
    assert not page.evaluate("document.documentElement.classList.contains('tw-dropping')")
    # The same name again is the next version.
    drop(page, ".tw-adding", [("one.txt", NOTES[language] * 3 + "More."), ("two.md", "# Port\n\n" + NOTES["en"] * 4)])
    lines = finished(page, 2)
    assert [line.get_attribute("data-state") for line in lines.all()] == ["updated", "unchanged"]
    assert lines.last.locator(".tw-state").inner_text() == said("adding.state.unchanged", language)
    assert len(engine.documents()) == 2
    lines.first.locator("a").click()
    page.wait_for_selector(".tw-open .tw-reader")
    assert "More." in page.locator(".tw-reader").inner_text()
    # The lines are there again when the list is.
    page.locator(".tw-back").click()
    page.wait_for_selector(".tw-panel[data-shown=documents]")
    assert finished(page, 2).count() == 2
    # A link is dropped on it as well.
    held = page.evaluate_handle(
        "() => { const held = new DataTransfer(); held.setData('text/uri-list', 'http://10.0.0.1/'); return held; }"
    )
    page.locator(".tw-adding").dispatch_event("drop", {"dataTransfer": held})
    assert "http://10.0.0.1/" in finished(page, 1).first.inner_text()


def drop(page: Any, onto: str, files: list[tuple[str, str]]) -> None:
    held = page.evaluate_handle(
        """files => {
            const held = new DataTransfer();
            for (const [name, text] of files) held.items.add(new File([text], name));
            return held;
        }""",
        [list(one) for one in files],
    )
    for kind in ("dragenter", "dragover", "drop"):
        page.locator(onto).first.dispatch_event(kind, {"dataTransfer": held})


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A page of this machine, which the fetcher, that would refuse to read it, is let to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<title>ميناء طرطوس</title><article><p>{NOTES['ar'] * 4}</p></article>".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(web, "_is_public", lambda found: found == "127.0.0.1")
    yield f"http://127.0.0.1:{server.server_address[1]}/a"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("locale", "language"), BOTH)
def test_a_link_is_pasted(visit: Any, engine: Engine, site: str, locale: str, language: i18n.Language) -> None:
    page = visit(locale)
    page.locator(".tw-begin-link").click()
    page.wait_for_function("document.activeElement.name === 'url'")
    page.keyboard.type(f"{site} http://10.0.0.1/ nonsense:/")
    page.keyboard.press("Enter")
    lines = finished(page, 3)
    assert [line.get_attribute("data-state") for line in lines.all()] == ["added", "failed", "failed"]
    private = lines.nth(1).locator(".tw-reason").inner_text()
    assert ("عنوان خاص أو محلي" if language == "ar" else "private or local address") in private
    assert [(one.source, one.title) for one in engine.documents()] == [(site, "ميناء طرطوس")]
    page.wait_for_function("document.querySelectorAll('.tw-documents li').length === 1")


def test_questions_are_asked_and_the_list_is_searched_while_files_are_read(visit: Any, engine: Engine) -> None:
    page = visit("en-GB")
    choose(page, page.locator(".tw-begin"), text("port.txt", NOTES["en"] * 3))
    finished(page, 1)
    page.get_by_role("searchbox").fill("port")
    pdf = {"name": PDF.name, "mimeType": "application/pdf", "buffer": PDF.read_bytes()}
    choose(page, page.locator(".tw-choose"), *[text(f"n{n}.txt", f"{NOTES['en']} Note {n}.") for n in range(6)], pdf)
    turn = ask(page, QUESTIONS["en"])
    assert turn.locator("blockquote").count() >= 1
    page.locator(".tw-shelf").click()
    finished(page, 7)
    page.wait_for_function("document.querySelector('[data-found]').parentElement.textContent.includes('8')")
    assert len(engine.documents()) == 8
    page.get_by_role("searchbox").fill("port")
    drop(page, "body", [("last.txt", NOTES["en"] * 2)])
    finished(page, 1)
    page.wait_for_function("document.querySelector('[data-found]').parentElement.textContent.includes('9')")
    assert page.get_by_role("searchbox").input_value() == "port"
    assert page.locator("[data-found]").inner_text() == "1"


def test_markup_in_files_and_their_names_is_only_text(visit: Any) -> None:
    page = visit("en-GB")
    hostile = "<title><img src=x onerror=document.title='run'></title><script>document.title='run'</script>"
    name = "\u202e<img src=x onerror=document.title='run'>.html"
    page_file = {"name": name, "mimeType": "text/html", "buffer": f"{hostile}<p>{NOTES['en'] * 3}</p>".encode()}
    choose(page, page.locator(".tw-begin"), page_file)
    lines = finished(page, 1)
    assert lines.first.get_attribute("data-state") == "added"
    lines.first.locator("a").click()
    page.wait_for_selector(".tw-reader")
    page.locator("[data-remove]").click()
    assert page.locator("#tw-desk img, #tw-desk script, #tw-header img").count() == 0
    assert page.title() != "run"


@pytest.mark.parametrize(("locale", "language"), BOTH)
def test_a_lost_connection_is_told_and_the_rest_goes_on(
    browser: Any, address: str, engine: Engine, locale: str, language: i18n.Language
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".tw-welcome")
    lost = []

    def once(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.abort())

    page.route("**/library/files", once)
    choose(page, page.locator(".tw-begin"), text("a.txt", NOTES[language] * 2), text("b.txt", NOTES[language] * 3))
    lines = finished(page, 2)
    assert [line.get_attribute("data-state") for line in lines.all()] == ["failed", "added"]
    assert lines.first.locator(".tw-reason").inner_text() == said("adding.lost", language)
    (document,) = engine.documents()
    # Somebody else removed it meanwhile: it is gone, and nothing breaks.
    lines.last.locator("a").click()
    page.locator("[data-remove]").click()
    engine.remove(document.document_id)
    page.locator("[data-remove-now]").click()
    page.wait_for_selector(".tw-panel[data-shown=documents]")
    assert page.locator(".tw-documents li").count() == 0
    context.close()


def test_a_document_that_alone_was_asked_is_asked_no_longer_when_it_is_removed(visit: Any) -> None:
    page = visit("ar-EG")
    choose(page, page.locator(".tw-begin"), text("a.txt", NOTES["ar"] * 2), text("b.txt", NOTES["ar"] * 3))
    finished(page, 2).first.locator("a").click()
    page.locator(".tw-alone").click()
    assert page.locator(".tw-scope").is_visible()
    assert ask(page, QUESTIONS["ar"]).locator("blockquote").count() >= 1
    page.locator(".tw-shelf").click()
    page.locator(".tw-lines a").first.click()
    page.locator("[data-remove]").click()
    page.locator("[data-remove-now]").click()
    page.locator(".tw-scope").wait_for(state="hidden")
    # A question that leans on what was quoted from it is answered by the rest.
    assert ask(page, "وفي أي عام؟").locator("blockquote").count() >= 1


@pytest.mark.parametrize(("locale", "language"), BOTH)
def test_where_it_is_not_allowed_nothing_of_it_is_seen(
    browser: Any, tmp_path: Path, settings: Settings, locale: str, language: i18n.Language
) -> None:
    off = settings.model_copy(update={"web_editing": "off"})
    with Engine.open(tmp_path / "home", settings=off) as engine, start_in_thread(engine) as served:
        for opened in visits(browser, served):
            page = opened(locale)
            assert page.locator(".tw-welcome pre").inner_text() == "tawthiq ingest PATH"
            page.locator(".tw-shelf").click()
            page.wait_for_selector(".tw-panel[data-shown=documents]")
            assert page.locator("[data-add], [data-link], [data-remove], #tw-told").count() == 0
            assert said("adding.choose", language) not in page.locator("body").inner_text()
