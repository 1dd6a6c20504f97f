"""The rest of the error tree (see `corpus.errors` for its root and the errors of single sources).

TawthiqError
├── SettingsError       an unknown or invalid setting
├── HomeBusy            another process owns the home
├── EmptyHome           a question asked of a home without documents
├── InvalidQuery        an empty question, a limit out of range, a bad filter
├── DocumentNotFound    no document under that id
├── IndexUnusable       the index cannot be used as it is
│   ├── ModelMismatch   it was built with another embedding model
│   └── NewerIndex      it was written by a newer version
├── ModelError          the embedding model cannot be prepared or loaded
└── GenerationError     the language model did not answer
"""

from __future__ import annotations

from corpus.errors import (
    CatalogError,
    EmptySource,
    SourceError,
    SourceNotFound,
    SourceTooLarge,
    TawthiqError,
    UnreadableSource,
    UnsupportedSource,
)

__all__ = [
    "CatalogError",
    "DocumentNotFound",
    "EmptyHome",
    "EmptySource",
    "GenerationError",
    "HomeBusy",
    "IndexUnusable",
    "InvalidQuery",
    "ModelError",
    "ModelMismatch",
    "NewerIndex",
    "SettingsError",
    "SourceError",
    "SourceNotFound",
    "SourceTooLarge",
    "TawthiqError",
    "UnreadableSource",
    "UnsupportedSource",
]


class SettingsError(TawthiqError):
    code = "settings"


class HomeBusy(TawthiqError):
    """Another process owns the home. `parameters` holds its `pid`, `command` and, for a server, `url`."""

    code = "home_busy"


class EmptyHome(TawthiqError):
    code = "home_empty"


class InvalidQuery(TawthiqError):
    code = "query_invalid"


class DocumentNotFound(TawthiqError):
    code = "document_not_found"


class IndexUnusable(TawthiqError):
    code = "index_unusable"


class ModelMismatch(IndexUnusable):
    code = "model_mismatch"


class NewerIndex(IndexUnusable):
    code = "index_newer"


class ModelError(TawthiqError):
    code = "model"


class GenerationError(TawthiqError):
    code = "generation"
