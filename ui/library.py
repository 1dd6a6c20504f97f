"""The documents of a home in the panel: a list that can be looked through, and each to be read. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from corpus.document import Document
from rag.types import DocumentSummary
from ui.panel import Source, surroundings
from ui.templating import render

MOST_LISTED = 2_000
"""Documents that the page lists: with more it would be slow, and nobody reads so long a list."""


def documents_html(documents: Sequence[DocumentSummary], *, editing: bool = False) -> str:
    """The list of documents, newest first, the undated last; with `editing`, and how to add to them."""
    return str(render("documents.html", **_in_order(documents), editing=editing))


def list_html(documents: Sequence[DocumentSummary]) -> str:
    """What of it changes with the documents."""
    return str(render("document_list.html", **_in_order(documents)))


def _in_order(documents: Sequence[DocumentSummary]) -> dict[str, Any]:
    order = sorted(
        documents, key=lambda one: (one.published is None, -(one.published or date.min).toordinal(), one.title)
    )
    return {"documents": order[:MOST_LISTED], "count": len(order)}


def document_html(document: Document, *, editing: bool = False) -> str:
    """A document to be read from its beginning, as far as the page shows one (`panel.SURROUNDING_CHARS`).

    With `editing` it can be removed.
    """
    item = Source(
        document.document_id,
        document.title,
        document.source,
        document.language,
        document.publisher,
        document.published,
        opened=True,
    )
    excerpt = surroundings(document.text, [(0, 0, "")])
    values = {"item": item, "excerpt": excerpt, "image_pages": document.image_pages, "editing": editing}
    return str(render("document.html", **values))
