"""PDF files: their text in reading order, where their pages begin, and the title and author that they state.

The date that a file states is when somebody made the file, often long after what is in it was published, so `published`
stays None.
"""

from __future__ import annotations

from typing import Any

from corpus.document import Extraction
from corpus.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource, UnsupportedSource
from corpus.isolation import read_isolated

_MAGIC = b"%PDF-"
_HEAD_BYTES = 1024


def read(data: bytes, source: str, charset: str | None = None) -> Extraction:
    """Read a PDF file, in a process of its own. Raises SourceError subclasses, each with what to do."""
    del charset
    if _MAGIC not in data[:_HEAD_BYTES]:
        raise UnsupportedSource(f"{source} is not a PDF file.", "Check the file, or its ending.", source=source)
    hint = "The file may be damaged; print it to a new PDF, or save its text."
    found = read_isolated("corpus.pdf.worker", data, source, hint)
    if "error" in found:
        raise _error(found, source)
    return Extraction(
        text=found["text"],
        format="pdf",
        title=found["title"],
        author=found["author"],
        pages=tuple(found["pages"]),
        image_pages=tuple(found["image_pages"]),
    )


def _error(found: dict[str, Any], source: str) -> SourceError:
    match found["error"]:
        case "password":
            return UnreadableSource(
                f"{source} is locked with a password.", "Save a copy without it, and read that.", source=source
            )
        case "scan":
            return EmptySource(
                f"{source} has no text, only pictures of its pages.",
                "Recognise its text (OCR) with another program first.",
                source=source,
            )
        case "unmapped":
            return UnreadableSource(
                f"{source} does not say which letters most of its signs are.",
                "Recognise its text (OCR) with another program first.",
                source=source,
            )
        case "empty":
            return EmptySource(f"{source} has no text.", "There is nothing to store.", source=source)
        case "pages":
            return SourceTooLarge(
                f"{source} is too large: it has {found['pages']:,} pages.", "Split it.", source=source
            )
        case "chars" | "memory":
            return SourceTooLarge(f"{source} is too large to be read.", "Split it.", source=source)
        case _:
            return UnreadableSource(
                f"{source} is damaged or incomplete.", "Fetch it again, or print it to a new PDF.", source=source
            )
