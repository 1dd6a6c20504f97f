"""`tawthiq documents`: list, show, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui import i18n
from ui.commands import options
from ui.commands.session import session
from ui.i18n import said
from ui.tables import grid

if TYPE_CHECKING:
    from corpus.document import Document

app = typer.Typer(help="Look at the stored documents, or take one out.", no_args_is_help=True)

DocumentId = Annotated[str, typer.Argument(metavar="ID", help="The document's id, or its beginning if that is unique.")]


@app.command("list")
def list_documents(home: options.Home = None, as_json: options.AsJson = False) -> None:
    """List the documents."""
    with session(home, as_json) as run:
        with run.engine("documents list") as engine:
            summaries = engine.documents()
        if as_json:
            run.output.data({"documents": [summary.to_json() for summary in summaries]})
            return
        if not summaries:
            run.output.show(said("documents.none"))
            return
        fields = ("id", "language", "published", "publisher", "characters", "title", "tags")
        rows = [
            [
                summary.document_id,
                i18n.language_label(summary.language, i18n.command_language()),
                summary.published.isoformat() if summary.published else "–",
                summary.publisher or "–",
                f"{summary.characters:,}",
                summary.title,
                ", ".join(summary.tags),
            ]
            for summary in summaries
        ]
        names = [said(f"documents.{name}") for name in fields]
        run.output.show(grid(names, rows, whole=(0, 2), numbers=(4,)), said("documents.count", count=len(summaries)))


@app.command("show")
def show_document(document_id: DocumentId, home: options.Home = None, as_json: options.AsJson = False) -> None:
    """Show a document: what is known about it, and its stored text."""
    with session(home, as_json) as run:
        with run.engine("documents show") as engine:
            document = engine.document(document_id)
        if as_json:
            from ui.wire import document_to_json

            run.output.data(document_to_json(document))
            return
        for name, value in (
            ("id", document.document_id),
            ("source", document.source),
            ("title", document.title),
            ("language", i18n.language_label(document.language, i18n.command_language())),
            ("publisher", document.publisher),
            ("author", document.author),
            ("published", document.published and document.published.isoformat()),
            ("tags", ", ".join(document.tags)),
            ("format", document.format),
            ("pages", str(len(document.pages)) if document.pages else None),
            ("left_out", _left_out(document)),
            ("sha256", document.sha256),
            ("removed", _removed(document)),
            *(("note", note) for note in document.notes),
        ):
            if value:
                label = said(f"documents.{name}") + ":"
                run.output.show(f"{label:11}{i18n.isolated(value, i18n.command_language())}")
        run.output.show("", document.text)


@app.command("remove")
def remove_document(document_id: DocumentId, home: options.Home = None, as_json: options.AsJson = False) -> None:
    """Take a document out of the catalogue and the indexes. Its source stays where it is."""
    with session(home, as_json) as run:
        with run.engine("documents remove") as engine:
            summary = engine.remove(document_id)
        if as_json:
            run.output.data({"removed": summary.to_json()})
        else:
            values = {"id": summary.document_id, "title": summary.title, "source": summary.source}
            run.output.show(said("documents.gone", **values))


def _removed(document: Document) -> str:
    """What cleaning took out beside the title line, which is kept as the title."""
    pieces = sum(removal.reason != "title" for removal in document.removed)
    return said("documents.pieces.one" if pieces == 1 else "documents.pieces", count=pieces) if pieces else ""


def _left_out(document: Document) -> str:
    """Its pages that are images without text."""
    pages = i18n.pages_listed(document.image_pages, i18n.command_language()) if document.image_pages else ""
    return said("documents.images", pages=pages) if pages else ""
