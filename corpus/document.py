"""What the corpus layer hands on: extractions (from readers) and documents (what is stored)."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reader found in one source, before cleaning.

    `text` is decoded but neither repaired nor cleaned. Metadata that the source does not state is None or empty: a
    reader never guesses. `pages` are the offsets at which the pages of a paged source begin in `text`, the first at 0;
    a reader that gives them gives repaired text (`corpus.repair`), so that they stay true. `image_pages` are the
    numbers of those that are images without text, of which nothing is in `text`.
    """

    text: str
    format: str
    title: str | None = None
    language: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    image_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """A stretch that cleaning took out: `start` is its offset (code points) in the repaired text before cleaning."""

    start: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document as stored. Its text never changes under one `sha256`; offsets everywhere count its code points.

    `document_id` depends on `source` alone, so a document whose text changed keeps its id. `language` is an ISO 639-1
    code, or "und" where it could not be told. `notes` are the document's own notes on its sources and licence.
    `pages` are the offsets at which its pages begin, empty where it has none; `image_pages` the numbers of those that
    are images without text, of which nothing is in `text`.
    """

    document_id: str
    source: str
    title: str
    text: str
    language: str
    format: str = "text"
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    removed: tuple[Removal, ...] = ()
    pages: tuple[int, ...] = ()
    image_pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page on which the text at `offset` stands; None where it has no pages."""
        return page_at(self.pages, offset)

    @property
    def sha256(self) -> str:
        """SHA-256 of the stored text in UTF-8, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


def page_at(pages: Sequence[int], offset: int) -> int | None:
    """The number of the page, from 1, on which the text at `offset` stands; None where `pages` is empty.

    It is the page's place in the file, which a viewer goes to, whatever is printed on it.
    """
    return max(1, bisect_right(pages, offset)) if pages else None


def pages_after(pages: Sequence[int], removed: Sequence[Removal]) -> tuple[int, ...]:
    """Where pages begin once `removed` is taken out of the text."""
    return tuple(start - sum(min(len(one.text), max(0, start - one.start)) for one in removed) for start in pages)


def document_id_for(source: str) -> str:
    """The id of the document at `source` (an absolute path or a URL): 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
