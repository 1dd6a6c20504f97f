"""`tawthiq documents`: list, show, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ui.commands import options
from ui.commands.session import session
from ui.output import printable

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
            run.output.show("There are no documents yet. `tawthiq ingest PATH` adds some.")
            return
        table = Table(box=None, pad_edge=False)
        table.add_column("id", no_wrap=True)
        table.add_column("language")
        table.add_column("published", no_wrap=True)
        table.add_column("publisher")
        table.add_column("characters", justify="right")
        table.add_column("title", overflow="fold")
        table.add_column("tags")
        for summary in summaries:
            table.add_row(
                summary.document_id,
                summary.language,
                summary.published.isoformat() if summary.published else "–",
                printable(summary.publisher or "–"),
                f"{summary.characters:,}",
                printable(summary.title),
                printable(", ".join(summary.tags)),
            )
        run.output.show(table, f"{len(summaries)} documents")


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
            ("language", document.language),
            ("publisher", document.publisher),
            ("author", document.author),
            ("published", document.published and document.published.isoformat()),
            ("tags", ", ".join(document.tags)),
            ("format", document.format),
            ("sha256", document.sha256),
            ("removed", _removed(document)),
            *(("note", note) for note in document.notes),
        ):
            if value:
                run.output.show(f"{name + ':':11}{value}")
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
            run.output.show(f"Removed {summary.document_id}: {summary.title} ({summary.source})")


def _removed(document: Document) -> str:
    """What cleaning took out beside the title line, which is kept as the title."""
    pieces = sum(removal.reason != "title" for removal in document.removed)
    return f"{pieces} piece{'s' if pieces != 1 else ''} of site furniture (see --json)" if pieces else ""
