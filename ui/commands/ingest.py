"""`tawthiq ingest`, and the bundled samples that `serve` begins with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.sources import sample_documents
from ui.commands import options
from ui.commands.session import FAILURE, session
from ui.i18n import command_language, image_pages_text, said, text
from ui.i18n.messages import translated
from ui.output import Output, printable
from ui.tables import grid

if TYPE_CHECKING:
    from rag.types import IngestReport


def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="PATH|URL...", help="Files, folders and web addresses.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag for these documents; repeatable.")
    ] = None,
    samples: Annotated[bool, typer.Option("--samples", help="Ingest the bundled sample documents.")] = False,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Read documents, store them and index them. What is stored already and has not changed is left alone."""
    wanted: list[str | Path] = list(sources or ())
    if samples:
        wanted.append(sample_documents())
    if not wanted:
        raise typer.BadParameter("Name at least one file, folder or URL, or give --samples.", param_hint="PATH|URL...")
    with session(home, as_json) as run:
        try:
            with run.engine("ingest") as engine, run.output.progress() as progress:
                report = engine.ingest(wanted, tags=tuple(tag or ()), progress=progress)
        except KeyboardInterrupt:
            run.output.error(
                "Stopped before everything was read.", "What is stored is kept; the same command goes on from there."
            )
            raise
        if as_json:
            run.output.data(report.to_json())
        else:
            show_report(run.output, report)
        if report.failed:
            if not as_json:
                count = len(report.failed)
                run.output.error(
                    f"{count} {'source' if count == 1 else 'sources'} could not be ingested.",
                    "The others are in." if report.added + report.updated + report.unchanged else "",
                )
            raise typer.Exit(FAILURE)


def show_report(output: Output, report: IngestReport) -> None:
    """What an ingestion did, as a table, and a line for each source that failed or has pages that were left out."""
    counts = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "duplicates": report.duplicates,
        "failed": len(report.failed),
    }
    names = [said(f"ingest.{name}") for name in counts]
    output.show(grid(names, [[str(count) for count in counts.values()]], numbers=range(len(counts))))
    for failure in report.failed:
        source, reason = printable(failure.source), translated(failure.reason, command_language())
        if source in failure.reason:
            output.show(said("ingest.failure", reason=reason))
        else:
            output.show(said("ingest.failure.of", source=source, reason=reason))
    for one in report.left_out:
        language = command_language()
        told = image_pages_text(printable(one.source), one.pages, language)
        output.show(f"{told} {text(language, 'pages.images.hint')}")
