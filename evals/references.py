"""From the document references of a question set to the documents of one home."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from rag.types import DocumentSummary


class DocumentReferences:
    """Looks references up by document id, then source, then file stem (of a path or of a URL's path)."""

    def __init__(self, documents: Iterable[DocumentSummary]) -> None:
        self.languages: dict[str, str] = {}
        self._by_name: list[dict[str, set[str]]] = [defaultdict(set) for _ in range(3)]
        for document in documents:
            self.languages[document.document_id] = document.language
            names = (document.document_id, document.source, file_stem(document.source))
            for table, name in zip(self._by_name, names, strict=True):
                table[_key(name)].add(document.document_id)

    def find(self, reference: str) -> str:
        """The document id for `reference`. Raises ValueError, in one line, when none or several match."""
        for table in self._by_name:
            matches = table.get(_key(reference), ())
            if len(matches) == 1:
                return next(iter(matches))
            if matches:
                raise ValueError(f"the document {reference!r} may be any of {', '.join(sorted(matches))}")
        raise ValueError(f"the document {reference!r} is not in the corpus")


def file_stem(source: str) -> str:
    """The last part of a path or URL without its extension: `docs/a.ar.txt` gives `a.ar`."""
    path = unquote(urlsplit(source).path) if "://" in source else source
    return PurePath(path).stem


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name)  # file names from macOS come decomposed
