"""`tawthiq eval report`: a run as a page of HTML, Markdown or JUnit XML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ui.commands import options
from ui.commands.evaluation_words import in_locale
from ui.commands.session import session

_SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".xml": "junit"}


def report_run(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The report: a file named .html, .md or .xml.")],
    form: Annotated[
        Literal["html", "markdown", "junit"] | None,
        typer.Option("--format", help="By default what the name of FILE says."),
    ] = None,
    history: Annotated[
        list[Path] | None,
        typer.Option("--history", metavar="RUN", help="Another run, drawn by date beside this one; repeatable."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Write a report of a run: a page of HTML or Markdown for people, JUnit XML for continuous integration."""
    chosen = form or _SUFFIXES.get(out.suffix.lower())
    if chosen is None:
        raise typer.BadParameter("Name FILE .html, .md or .xml, or give --format.", param_hint="--out")
    if history and chosen != "html":
        raise typer.BadParameter("Only a page of HTML shows a history.", param_hint="--history")
    with session(None, as_json) as run:
        from rich.text import Text

        from evals.errors import EvaluationError
        from evals.report_junit import junit_report
        from evals.report_markdown import markdown_report
        from evals.report_page import html_report
        from evals.run_folder import read_run_folder, read_summary
        from evals.whole_files import write_whole

        tried = read_run_folder(folder)
        match chosen:
            case "html":
                own = folder.resolve()
                others = {path.resolve(): path for path in history or () if path.resolve() != own}
                text = html_report(tried, [(path.name, read_summary(path)) for path in others])
            case "markdown":
                text = markdown_report(tried)
            case _:
                text = junit_report(tried)
        try:
            write_whole(out, text)
        except OSError as error:
            raise EvaluationError(f"{out} cannot be written: {error.strerror}.", "Name another file.") from None
        if as_json:
            run.output.data({"report": str(out), "format": chosen})
        else:
            run.output.show(*in_locale(Text(f"The report is {out}.")))
