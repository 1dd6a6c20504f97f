"""HTML pages: the article by trafilatura, with what the page states about itself; nothing that a browser hides."""

from __future__ import annotations

import copy
import logging
import re

from lxml import html

from corpus.dates import parse_date
from corpus.document import Extraction
from corpus.readers.decoding import decode
from corpus.readers.markup import number_lists, parse, prune_hidden, text_of

_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""")
_XML_ENCODING = re.compile(rb"""(?i)^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w:.-]{2,40})""")
_HEAD_BYTES = 4096
_CONTROLS = dict.fromkeys(set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D})
_AROUND_ARTICLE = ("nav", "header", "footer", "aside", "form", "menu")


def read(data: bytes, source: str, charset: str | None = None) -> Extraction:
    """Read a page. `charset` is that of the Content-Type header. Raises UnsupportedSource where it is not text."""
    declared = charset or declared_charset(data)
    tree = parse(decode(data, source=source, declared=declared).translate(_CONTROLS))
    if tree is None:
        return Extraction(text="", format="html")
    language = _page_language(tree)
    prune_hidden(tree)
    number_lists(tree)
    return _article(tree, source if "://" in source else None, language)


def declared_charset(data: bytes) -> str | None:
    """The encoding that the page's own head states, or None."""
    match = _META_CHARSET.search(data[:_HEAD_BYTES]) or _XML_ENCODING.search(data[:_HEAD_BYTES])
    return match[1].decode("ascii", "replace") if match else None


def _article(tree: html.HtmlElement, url: str | None, language: str | None) -> Extraction:
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate"):  # their warnings ("discarding data") are no message to a person
        logging.getLogger(name).setLevel(logging.CRITICAL)
    found = bare_extraction(
        copy.deepcopy(tree),
        url=url,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        favor_recall=True,
        # Only dates that the page states; a guess from the text would be quoted as the date of publication.
        date_extraction_params={"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"},
    )
    text = ""
    if found is not None and not isinstance(found, dict) and found.body is not None:
        text = text_of(found.body)
    if not text.strip():
        text = _whole_page(tree)
    if found is None or isinstance(found, dict):
        return Extraction(text=text, format="html", title=_element_title(tree), language=language)
    return Extraction(
        text=text,
        format="html",
        title=_clean(found.title) or _element_title(tree),
        language=language,
        publisher=_clean(found.sitename),
        author=_clean(found.author),
        published=parse_date(found.date),
        tags=(),
    )


def _whole_page(tree: html.HtmlElement) -> str:
    """All visible text, where no article was found: without menus and the like if anything is left then."""
    body = tree.find("body")
    if body is None:
        return ""
    trimmed = copy.deepcopy(body)
    for element in list(trimmed.iter(*_AROUND_ARTICLE)):
        element.drop_tree()
    return text_of(trimmed) or text_of(body)


def _element_title(tree: html.HtmlElement) -> str | None:
    for path in (".//h1", ".//title"):
        element = tree.find(path)
        if element is not None and (title := _clean(" ".join(element.itertext()))):
            return title
    return None


def _page_language(tree: html.HtmlElement) -> str | None:
    match = re.match(r"([a-z]{2})(?:$|[-_])", (tree.get("lang") or tree.get("xml:lang") or "").strip().lower())
    return match[1] if match else None


def _clean(value: str | None) -> str | None:
    text = " ".join((value or "").split())
    return text or None
