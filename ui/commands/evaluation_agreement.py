"""`tawthiq eval agreement`: how far judges agree with people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands import options
from ui.commands.evaluation_words import in_locale
from ui.commands.session import session


def agreement(
    labelled: Annotated[
        Path,
        typer.Argument(metavar="LABELLED", help="JSONL, CSV or XLSX: id, label; label2, judge, language, statement."),
    ],
    folder: Annotated[
        Path | None, typer.Option("--run", metavar="RUN", help="The judged run that the labels are of.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Compare people's labels with a judge's verdicts and the product's own check: Cohen's kappa, per language."""
    with session(None, as_json) as run:
        from evals.judging.agreement import agreements
        from evals.judging.agreement_table import agreement_table
        from evals.judging.labels import read_labels
        from evals.run_folder import read_run_folder

        found = agreements(read_labels(labelled), None if folder is None else read_run_folder(folder))
        if as_json:
            run.output.data(found.to_json())
        else:
            run.output.show(*in_locale(agreement_table(found)))
