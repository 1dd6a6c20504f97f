"""Every error that Tawthiq raises on purpose, as a tree, with the layer that raises each.

TawthiqError
├── SourceError            corpus: one source could not become a document
│   ├── SourceNotFound
│   ├── UnreadableSource   no permission, a folder where a file was expected, an I/O failure
│   ├── UnsupportedSource  no reader for this kind of file, or binary content
│   ├── EmptySource        nothing left to store
│   └── SourceTooLarge     over TAWTHIQ_MAX_DOCUMENT_CHARS
├── CatalogError           corpus: the catalogue cannot be opened or written
└── (rag.errors extends the tree)
"""

from __future__ import annotations


class TawthiqError(Exception):
    """An error that a person can act on.

    `message` says what is wrong and where, `hint` what to do; each is one line. `code` names the kind of error for
    programs and translations, and `parameters` are the values inside the message, so that another language can say it.
    """

    code = "error"

    def __init__(self, message: str, hint: str = "", **parameters: object) -> None:
        super().__init__(message)
        self.message = " ".join(message.split())
        self.hint = " ".join(hint.split())
        self.parameters = parameters

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SourceError(TawthiqError):
    """One source could not become a document; the others of the same call are not affected."""

    code = "source"


class SourceNotFound(SourceError):
    code = "source_not_found"


class UnreadableSource(SourceError):
    code = "source_unreadable"


class UnsupportedSource(SourceError):
    code = "source_unsupported"


class EmptySource(SourceError):
    code = "source_empty"


class SourceTooLarge(SourceError):
    code = "source_too_large"


class CatalogError(TawthiqError):
    code = "catalog"
