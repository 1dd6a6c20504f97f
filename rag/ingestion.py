"""From what a person names to stored documents: one failure costs nothing but itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.catalog import Catalog, Change
from corpus.document import Document
from corpus.errors import CatalogError, SourceError
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
    stored: list[tuple[Document, Change]] = []
    for done, source in enumerate(wanted):
        report(Progress("reading", done, len(wanted), Path(source).name))
        try:
            document = read_document(source, max_chars=settings.max_document_chars, tags=tuple(tags))
        except SourceError as error:
            failed.append(IngestFailure(source, str(error), error.code))
            continue
        stored.append((document, catalog.put(_with_earlier_tags(document, catalog))))
    report(Progress("reading", len(wanted), len(wanted)))
    return _report(stored, failed)


def ingest_file(
    file: Path,
    keep_as: Path,
    catalog: Catalog,
    settings: Settings,
    *,
    progress: Callable[[Progress], None] | None = None,
) -> IngestReport:
    """Reads `file` into the catalogue as the document at `keep_as`, and moves it there; indexing is the next step.

    Both or neither: where it cannot be read (which the report says) or stored, what was at `keep_as` stays there, with
    its document, and `file` stays where it is. Raises CatalogError.
    """
    (progress or (lambda _: None))(Progress("reading", 0, 1, keep_as.name))
    try:
        document = read_document(file, max_chars=settings.max_document_chars, keep_as=keep_as)
    except SourceError as error:
        return _report([], [IngestFailure(str(keep_as), str(error), error.code)])
    earlier = catalog.get(document.document_id)
    # First what a full disk would stop; moving the file needs no room.
    change = catalog.put(_with_earlier_tags(document, catalog))
    try:
        file.replace(keep_as)
    except OSError as error:
        if earlier is None:
            catalog.remove(document.document_id)
        else:
            catalog.put(earlier)
        raise CatalogError(
            f"The file {keep_as} cannot be written: {error.strerror}.", "Check the folder that it is to be in."
        ) from error
    return _report([(document, change)], [])


def _report(stored: Sequence[tuple[Document, Change]], failed: Sequence[IngestFailure]) -> IngestReport:
    changes = Counter(change for _, change in stored)
    return IngestReport(
        added=changes["added"],
        updated=changes["updated"],
        unchanged=changes["unchanged"],
        duplicates=changes["duplicate"],
        failed=tuple(failed),
        left_out=tuple(
            LeftOut(document.source, document.image_pages)
            for document, change in stored
            if document.image_pages and change != "unchanged"  # of that it was told when the document came
        ),
        documents=tuple(_summary(document) for document, change in stored if change in ("added", "updated")),
    )


def _summary(document: Document) -> DocumentSummary:
    return DocumentSummary(
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


def _with_earlier_tags(document: Document, catalog: Catalog) -> Document:
    """The document with the tags it was given before: reading it again must not take away what somebody sorted."""
    (earlier, *_) = catalog.entries([document.document_id]) or (None,)
    if earlier is None:
        return document
    return replace(document, tags=tuple(dict.fromkeys((*document.tags, *earlier.tags))))
