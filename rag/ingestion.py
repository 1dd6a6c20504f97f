"""From what a person names to stored documents: one failure costs nothing but itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.catalog import Catalog
from corpus.document import Document
from corpus.errors import SourceError
from corpus.sources import discover, read_document
from rag.settings import Settings
from rag.types import DocumentSummary, IngestFailure, IngestReport, LeftOut, Progress


def ingest_sources(
    sources: Iterable[str | Path],
    catalog: Catalog,
    settings: Settings,
    *,
    tags: Sequence[str] = (),
    progress: Callable[[Progress], None] | None = None,
) -> IngestReport:
    """Reads `sources` (files, folders, addresses) into the catalogue; indexing is the caller's next step.

    Each document is stored whole or not at all. The report's generation is left at 0. Raises CatalogError.
    """
    report = progress or (lambda _: None)
    failed: list[IngestFailure] = []
    wanted: dict[str, None] = {}
    for source in sources:
        try:
            wanted |= dict.fromkeys(discover(source).sources)
        except SourceError as error:
            failed.append(IngestFailure(str(source), str(error), error.code))
    changes: Counter[str] = Counter()
    documents: list[DocumentSummary] = []
    left_out: list[LeftOut] = []
    for done, source in enumerate(wanted):
        report(Progress("reading", done, len(wanted), Path(source).name))
        try:
            document = read_document(source, max_chars=settings.max_document_chars, tags=tuple(tags))
        except SourceError as error:
            failed.append(IngestFailure(source, str(error), error.code))
            continue
        change = catalog.put(_with_earlier_tags(document, catalog))
        changes[change] += 1
        if document.image_pages and change != "unchanged":  # of that it was told when the document came
            left_out.append(LeftOut(document.source, document.image_pages))
        if change in ("added", "updated"):
            documents.append(
                DocumentSummary(
                    document_id=document.document_id,
                    source=document.source,
                    title=document.title,
                    language=document.language,
                    published=document.published,
                    publisher=document.publisher,
                    author=document.author,
                    tags=document.tags,
                    characters=len(document.text),
                    sha256=document.sha256,
                    image_pages=document.image_pages,
                )
            )
    report(Progress("reading", len(wanted), len(wanted)))
    return IngestReport(
        added=changes["added"],
        updated=changes["updated"],
        unchanged=changes["unchanged"],
        duplicates=changes["duplicate"],
        failed=tuple(failed),
        left_out=tuple(left_out),
        documents=tuple(documents),
    )


def _with_earlier_tags(document: Document, catalog: Catalog) -> Document:
    """The document with the tags it was given before: reading it again must not take away what somebody sorted."""
    (earlier, *_) = catalog.entries([document.document_id]) or (None,)
    if earlier is None:
        return document
    return replace(document, tags=tuple(dict.fromkeys((*document.tags, *earlier.tags))))
