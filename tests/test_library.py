"""The documents in the panel: their list, newest first, and each to be read; hostile titles and texts are only text."""

from __future__ import annotations

import re
from datetime import date

import pytest

from corpus.document import Document
from rag.engine import Engine
from rag.types import DocumentSummary
from ui import chat, library


def row(title: str, published: date | None = None, publisher: str | None = None) -> DocumentSummary:
    return DocumentSummary("0" * 16, "/srv/archive/secret/note.txt", title, "ar", published, publisher)


def titles(html: str) -> list[str]:
    return re.findall(r"<h3>.*?<bdi[^>]*>(.*?)</bdi>", html, re.DOTALL)


def test_newest_first_and_undated_last() -> None:
    rows = [row("بلا تاريخ"), row("b", date(2020, 1, 1)), row("a", date(2020, 1, 1)), row("الأحدث", date(2025, 3, 9))]
    html = library.documents_html(rows)
    assert titles(html) == ["الأحدث", "a", "b", "بلا تاريخ"]
    assert "9 آذار/مارس 2025" in html
    assert "9 March 2025" in html
    assert "/srv" not in html  # where a file lies on the server is nobody's business


def test_titles_are_only_text() -> None:
    html = library.documents_html([row('<img src=x onerror="a"> ${b}', publisher="<script>")])
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;img src=x" in html


def test_too_many_are_counted() -> None:
    html = library.documents_html([row(f"t{n}") for n in range(library.MOST_LISTED + 3)])
    assert html.count('data-open="document"') == library.MOST_LISTED
    assert "Not listed here: 3." in html
    assert "لم يُعرض هنا: 3." in html


def test_none() -> None:
    html = library.documents_html([])
    assert "لا وثائق هنا بعد." in html
    assert "data-search" not in html


def test_a_document_is_read_from_its_beginning() -> None:
    text = "السطر الأول <b>.\n\nA second line, in English.\n" + "ثالث\n" * 8_000
    html = library.document_html(Document("1" * 16, "/srv/a/report.pdf", "عنوان", text, "ar", image_pages=(2,)))
    assert '<p dir="rtl">السطر الأول &lt;b&gt;.</p>' in html
    assert '<p dir="ltr">A second line, in English.</p>' in html
    assert html.count("[…]") == 2  # it goes on: said in both languages
    assert "report.pdf" in html
    assert "Page 2 of report.pdf is an image without text" in html


def test_a_title_cannot_reorder_the_line_that_names_it() -> None:
    html = library.document_html(Document("1" * 16, "/srv/a.txt", "ab\u202ecd\u2069 «ع»", "نص", "ar"))
    assert 'data-title="abcd «ع»"' in html


@pytest.mark.parametrize("wanted", [{}, {"document": "0123456789abcdef"}, {"document": None}, {"document": ["x"]}])
def test_what_is_not_there_opens_the_list(samples_engine: Engine, wanted: dict[str, object]) -> None:
    html = chat.open_source(samples_engine, (), {"open": "document", **wanted})
    assert html == chat.open_source(samples_engine, (), {"open": "documents"})


def test_every_sample_opens(samples_engine: Engine) -> None:
    html = chat.open_source(samples_engine, (), {"open": "documents"})
    assert html is not None
    ids = re.findall(r'data-document="(\w+)"', html)
    assert sorted(ids) == sorted(one.document_id for one in samples_engine.documents())
    for one in ids:
        shown = chat.open_source(samples_engine, (), {"open": "document", "document": one})
        assert shown is not None
        assert f'data-shown="document.{one}"' in shown
