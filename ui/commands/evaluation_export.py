"""`tawthiq eval export`: a run in the form of other people's tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ui.commands import options
from ui.commands.evaluation_words import in_locale
from ui.commands.session import session


def export(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The JSONL file to write.")],
    form: Annotated[Literal["ragas"], typer.Option("--format", help="Whose form: Ragas' SingleTurnSample.")] = "ragas",
    as_json: options.AsJson = False,
) -> None:
    """Write a run for another evaluation tool, a line for each question that was asked."""
    with session(None, as_json) as run:
        from evals.export import export_ragas
        from evals.run_folder import read_run_folder

        count = export_ragas(read_run_folder(folder), out)
        if as_json:
            run.output.data({"export": str(out), "format": form, "samples": count})
        else:
            run.output.show(*in_locale(f"{count} samples written to {out}"))
