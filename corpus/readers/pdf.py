"""PDF files: their text in reading order, where their pages begin, and the title and author that they state.

The date that a file states is when somebody made the file, often long after what is in it was published, so `published`
stays None.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from corpus.document import Extraction
from corpus.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource, UnsupportedSource

_MAGIC = b"%PDF-"
_HEAD_BYTES = 1024
_SECONDS = 900
"""Of waiting; `corpus.pdf.worker` is given less time of the processor."""


def read(data: bytes, source: str, charset: str | None = None) -> Extraction:
    """Read a PDF file, in a process of its own. Raises SourceError subclasses, each with what to do."""
    del charset
    if _MAGIC not in data[:_HEAD_BYTES]:
        raise UnsupportedSource(f"{source} is not a PDF file.", "Check the file, or its ending.", source=source)
    found = _read_apart(data, source)
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


def _read_apart(data: bytes, source: str) -> dict[str, Any]:
    """What the worker says; whatever happens to it happens to this source alone."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(os.path.abspath(path) for path in sys.path)}  # noqa: PTH100
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "corpus.pdf.worker"],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_SECONDS,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise UnreadableSource(
            f"{source} could not be read: it uses too much time or memory, or stops the reader.",
            "The file may be damaged; print it to a new PDF, or save its text.",
            source=source,
        ) from None
    return found


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
