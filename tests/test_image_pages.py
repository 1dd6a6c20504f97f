"""Pages of a PDF that are images without text, and the pages that quotes stand on: both are told, in both languages."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from browser.test_chat_in_chromium import NARROW, WIDE, ask, visits
from pdf_files import pdf, shown

from corpus.catalog import Catalog
from corpus.document import Document
from corpus.errors import EmptySource
from corpus.readers import pdf as reader
from corpus.sources import read_document
from rag.engine import Engine
from rag.settings import Settings
from rag.types import Answer, Citation, IngestReport, LeftOut
from ui import i18n, render
from ui.check_report import _source
from ui.serving import start_in_thread
from ui.wire import document_from_json, document_to_json, report_from_json, summary_from_json

FILES = Path(__file__).parent / "data" / "pdf"
PLAIN = shown(b"(A plain sentence that stands on a page.)", b"(A second line of it.)")
ISOLATES = re.compile("[\u2066-\u2069]")
ARABIC, ENGLISH = "كم كلفة خطة إصلاح شبكات المياه في وادي السهل؟", "When was the first distress call made?"

Run = Callable[..., tuple[int, str, str]]


def image(wide: int, high: int) -> bytes:
    """The content of a page: a grey image as large as that, in points."""
    return b"q %d 0 0 %d 40 60 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q" % (wide, high)


def partly_scanned(name: str) -> bytes:
    """A report with a scan after its first page, and three at its end."""
    report, scan = pypdfium2.PdfDocument(FILES / f"{name}.pdf"), pypdfium2.PdfDocument(FILES / "scan.pdf")
    made, out = pypdfium2.PdfDocument.new(), io.BytesIO()
    for source, page in ((report, 0), (scan, 0), (report, 1), (report, 2), (scan, 0), (scan, 0), (scan, 0)):
        made.import_pages(source, [page])
    made.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reports")
    for name in ("report-ar", "report-en"):
        (made / f"{name}.pdf").write_bytes(partly_scanned(name))
    return made


@pytest.fixture(scope="module")
def home(folder: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    made = tmp_path_factory.mktemp("home") / "home"
    with Engine.open(made, settings=settings) as engine:
        engine.ingest([folder])
    return made


@pytest.mark.parametrize("name", ["report-ar", "report-en"])
def test_scanned_pages_are_known_and_the_others_keep_their_numbers(name: str) -> None:
    whole = reader.read((FILES / f"{name}.pdf").read_bytes(), "a.pdf")
    found = reader.read(partly_scanned(name), "a.pdf")
    assert whole.image_pages == ()
    assert found.image_pages == (2, 5, 6, 7)
    assert len(found.pages) == 7
    assert found.pages[1] == found.pages[2]  # nothing stands on it
    assert found.text == whole.text


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        (image(515, 722), True),
        (image(515, 361) + b" q 1 0 0 1 0 361 cm " + image(515, 361) + b" Q", True),  # strips
        (image(515, 722) + b" BT /F1 9 Tf 300 20 Td (2) Tj ET", True),  # with its number
        (image(60, 60), False),  # a logo
        (image(515, 722) + b" " + shown(b"(A figure, and what it shows is told.)"), False),
        (b"", False),
    ],
)
def test_a_page_counts_where_it_is_a_picture_and_has_no_words(page: bytes, missing: bool) -> None:
    assert reader.read(pdf(PLAIN, page), "a.pdf").image_pages == ((2,) if missing else ())


def test_scans_under_a_running_head_are_a_file_of_scans() -> None:
    page = image(515, 700) + b" BT /F1 9 Tf 60 815 Td (Archive of the Valley Water Board, box seven) Tj ET"
    with pytest.raises(EmptySource, match="has no text, only pictures of its pages"):
        reader.read(pdf(page, copies=3), "a.pdf")


@pytest.mark.parametrize(
    ("pages", "arabic", "english"),
    [
        (
            (3,),
            "الصفحة 3 من a.pdf صورة بلا نص، فلم يُقرأ منها شيء.",
            "Page 3 of a.pdf is an image without text and was left out.",
        ),
        (
            (7, 8),
            "الصفحتان 7 و8 من a.pdf صورتان بلا نص، فلم يُقرأ منهما شيء.",
            "Pages 7 and 8 of a.pdf are images without text and were left out.",
        ),
        (
            (3, 7, 8, 9),
            "الصفحات 3 ومن 7 إلى 9 من a.pdf صور بلا نص، فلم يُقرأ منها شيء.",
            "Pages 3 and 7 to 9 of a.pdf are images without text and were left out.",
        ),
    ],
)
def test_pages_are_named_in_words(pages: tuple[int, ...], arabic: str, english: str) -> None:
    assert ISOLATES.sub("", i18n.image_pages_text("a.pdf", pages, "ar")) == arabic
    assert i18n.image_pages_text("a.pdf", pages, "en") == english


def test_many_pages_are_cut_short() -> None:
    every_other = tuple(range(1, 80, 2))
    assert i18n.pages_listed(every_other, "en").endswith(", 21, 23 and 28 others")
    assert i18n.pages_listed(every_other, "ar").endswith(" و21 و23 وغيرها (وعددها 28)")
    assert i18n.pages_listed(range(1, 500), "en") == "1 to 499"


def test_ingestion_says_what_it_left_out(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, home = folder / "report-ar.pdf", tmp_path / "home"
    code, out, _ = run("ingest", path, "--home", home)
    assert code == 0
    assert f"Pages 2 and 5 to 7 of {path} are images without text and were left out. To include" in out
    assert "(OCR)" in out
    # what has not changed was told of before
    assert "left out" not in run("ingest", path, "--home", home)[1]
    _, out, _ = run("ingest", folder, "--home", home, "--json")
    english = str(folder / "report-en.pdf")
    assert json.loads(out)["left_out"] == [{"source": english, "pages": [2, 5, 6, 7], "reason": "images without text"}]
    _, out, _ = run("documents", "list", "--home", home, "--json")
    listed = json.loads(out)["documents"]
    assert [document["image_pages"] for document in listed] == [[2, 5, 6, 7]] * 2
    identifier = listed[0]["document_id"]
    assert json.loads(run("documents", "show", identifier, "--home", home, "--json")[1])["image_pages"] == [2, 5, 6, 7]
    _, out, _ = run("documents", "show", identifier, "--home", home)
    assert re.search(r"^left out: +images without text: p\. 2 and 5 to 7$", out, re.MULTILINE)
    monkeypatch.setenv("LC_ALL", "ar_SY.UTF-8")
    shown_in_arabic = ISOLATES.sub("", run("documents", "show", identifier, "--home", home)[1])
    assert "صور بلا نص: ص 2 ومن 5 إلى 7" in shown_in_arabic
    told = ISOLATES.sub("", run("ingest", folder, "--home", tmp_path / "other")[1])
    assert f"الصفحات 2 ومن 5 إلى 7 من {path} صور بلا نص، فلم يُقرأ منها شيء. لإضافة ما فاتها" in told


def test_a_document_of_an_earlier_version_is_read_again_and_told_of(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    document = read_document(folder / "report-ar.pdf")
    old = Catalog(path)
    old.put(document)
    old.close()
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE documents DROP COLUMN image_pages")
    again = Catalog(path)
    kept = again.get(document.document_id)
    assert kept == replace(document, image_pages=())
    assert again.put(document) == "updated"
    assert again.get(document.document_id) == document
    assert again.entries()[0].image_pages == (2, 5, 6, 7)
    again.close()


def test_a_server_tells_its_clients() -> None:
    document = Document("d", "/a.pdf", "T", "text", "en", pages=(0, 4), image_pages=(2,))
    assert document_from_json(json.loads(json.dumps(document_to_json(document)))) == document
    report = IngestReport(added=1, left_out=(LeftOut("/a.pdf", (2,)),))
    assert report_from_json(json.loads(json.dumps(report.to_json()))) == report
    before = {key: value for key, value in report.to_json().items() if key != "left_out"}
    assert report_from_json(before).left_out == ()  # of a server that is older
    listed = {"document_id": "d", "source": "/a", "title": "T", "language": "ar", "published": None, "image_pages": [2]}
    assert summary_from_json(listed).image_pages == (2,)


def _citation(number: int, page: int | None, start: int) -> Citation:
    return Citation(
        number, "d", "0" * 64, "A title", "/a.pdf", None, None, "en", start, start + 7, "A quote", page=page
    )


def _facts(answer: Answer, *citations: Citation) -> list[str]:
    statements = tuple(replace(answer.statements[0], text=c.quote, citations=(c.number,)) for c in citations)
    html = str(render.answer_html(replace(answer, citations=citations, statements=statements), 1))
    caption = re.search(r"<figcaption[^>]*>(.*?)</figcaption>", html, re.DOTALL)
    assert caption is not None
    return [re.sub("<[^>]+>", "", one) for one in re.findall(r'<span class="tw-fact">(.*?)</span>', caption[1])][1:]


def test_a_card_names_the_pages_of_its_quotes(samples_engine: Engine) -> None:
    answer = samples_engine.ask("When did Congress pass the Captagon Act?")
    assert _facts(answer, _citation(1, 3, 0), _citation(2, 3, 9)) == ["p. 3"]
    assert _facts(answer, _citation(1, 3, 0), _citation(2, 7, 9), _citation(3, 3, 20)) == ["[1] [3] p. 3", "[2] p. 7"]
    assert _facts(answer, _citation(1, None, 0)) == []
    assert _facts(replace(answer, language="ar"), _citation(1, 3, 0)) == ["ص 3"]


def test_a_table_of_claims_names_every_page_of_a_source() -> None:
    assert _source([_citation(1, 3, 0), _citation(2, 7, 9)], "en") == "A title · a.pdf · p. 3 · p. 7"
    assert _source([_citation(1, 3, 0), _citation(2, 3, 9)], "ar") == "A title · a.pdf · ص 3"


@pytest.fixture(scope="module")
def served_reports(home: Path, settings: Settings) -> Iterator[str]:
    with Engine.open(home, settings=settings) as engine:
        engine.warm()  # a browser does not wait for a model to be loaded
        with start_in_thread(engine) as served:
            yield served


@pytest.fixture
def visit(browser: Any, served_reports: str) -> Iterator[Any]:
    yield from visits(browser, served_reports)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    ("locale", "question", "page_number", "missing"),
    [
        ("ar-EG", ARABIC, "ص 1", "الصفحات 2 ومن 5 إلى 7 من report-ar.pdf صور بلا نص، فلم يُقرأ منها شيء."),
        ("en-GB", ENGLISH, "p. 3", "Pages 2 and 5 to 7 of report-en.pdf are images without text and were left out."),
    ],
)
def test_the_page_shows_pages_and_what_is_missing(
    visit: Any, locale: str, question: str, page_number: str, missing: str, size: dict[str, int]
) -> None:
    page = visit(locale, size)
    turn = ask(page, question)
    caption = turn.locator(".tw-quote figcaption").first
    assert caption.inner_text().endswith(page_number)
    assert caption.locator(".tw-fact").last.is_visible()
    turn.locator(".tw-marker").first.click()
    line = page.locator(".tw-partial .tw-ui:visible")
    line.wait_for()
    assert ISOLATES.sub("", line.inner_text()) == missing
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
