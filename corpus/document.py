"""What the corpus layer hands on: extractions (from readers) and documents (what is stored)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reader found in one source, before cleaning.

    `text` is decoded but neither repaired nor cleaned. Metadata that the source does not state is None or empty: a
    reader never guesses.
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

    @property
    def sha256(self) -> str:
        """SHA-256 of the stored text in UTF-8, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


def document_id_for(source: str) -> str:
    """The id of the document at `source` (an absolute path or a URL): 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
