"""Plain text."""

from __future__ import annotations

from corpus.document import Extraction
from corpus.readers.decoding import decode


def read(data: bytes, source: str, charset: str | None = None) -> Extraction:
    """Decode `data`. Raises UnsupportedSource where it is not text."""
    return Extraction(text=decode(data, source=source, declared=charset), format="text")
