"""Readers: one file a format, each with `read(data, source, charset) -> Extraction`.

To add a format, write its file and name it in the two tables below; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import PurePosixPath

from corpus.document import Extraction

Reader = Callable[[bytes, str, str | None], Extraction]
"""Takes the bytes, the source's name (for messages and for links) and the charset stated outside, where one was."""

_MODULE_OF_SUFFIX = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "word",
}
_MODULE_OF_CONTENT_TYPE = {
    "text/plain": "text",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
}


def suffixes() -> tuple[str, ...]:
    """The file name endings that a reader knows, with their dot."""
    return tuple(_MODULE_OF_SUFFIX)


def reader_for_name(name: str) -> Reader | None:
    """The reader for a file called `name`, or None."""
    return _reader(_MODULE_OF_SUFFIX.get(PurePosixPath(name).suffix.lower()))


def reader_for_content_type(content_type: str) -> Reader | None:
    """The reader for a media type (parameters are ignored), or None."""
    return _reader(_MODULE_OF_CONTENT_TYPE.get(content_type.split(";", maxsplit=1)[0].strip().lower()))


def holds_pictures(reader: Reader | None) -> bool:
    """Whether it reads files whose bytes, mostly pictures and fonts, tell nothing of how much text there is."""
    return reader is not None and reader.__module__ in (f"{__name__}.pdf", f"{__name__}.word")


def _reader(module: str | None) -> Reader | None:
    # Imported when first needed: trafilatura alone costs 0.3 s.
    if module is None:
        return None
    reader: Reader = import_module(f"corpus.readers.{module}").read
    return reader
