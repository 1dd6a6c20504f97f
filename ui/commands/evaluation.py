"""`tawthiq eval`: question sets."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from ui.commands import (
    evaluation_agreement,
    evaluation_compare,
    evaluation_export,
    evaluation_gate,
    evaluation_import,
    evaluation_judge,
    evaluation_report,
    options,
)
from ui.commands.evaluation_words import in_locale
from ui.commands.session import Session, session
from ui.i18n import command_language

MOST_AT_A_TIME = 64

app = typer.Typer(help="Measure answers over a question set.", no_args_is_help=True)
app.command("compare")(evaluation_compare.compare_runs)
app.command("gate")(evaluation_gate.gate_run)
app.command("report")(evaluation_report.report_run)
app.command("judge")(evaluation_judge.judge)
app.command("agreement")(evaluation_agreement.agreement)
app.command("export")(evaluation_export.export)
app.command("import")(evaluation_import.import_set)


@app.command("run")
def run_set(
    question_set: Annotated[
        str, typer.Argument(metavar="SET", help="A JSONL, CSV or XLSX file, or the name of a bundled set.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the run's records.")],
    documents: Annotated[
        Path | None,
        typer.Option("--documents", metavar="DIR", help="Ingest these into a fresh home and ask there."),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Ask everything anew, and replace whatever run the folder holds.")
    ] = False,
    parallel: Annotated[
        int,
        typer.Option(
            "--parallel",
            metavar="N",
            min=1,
            max=MOST_AT_A_TIME,
            help="Questions asked at a time. It pays off with a language model on a server; times then do not compare.",
        ),
    ] = 1,
    limit: Annotated[
        int | None, typer.Option("--question-limit", metavar="N", min=1, help="Ask N questions, always the same ones.")
    ] = None,
    mode: Annotated[Literal["auto", "quotes", "llm"], typer.Option(help="How to answer.")] = "quotes",
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Ask every question of a set and measure the answers. A bundled set is asked over its own documents."""
    if home is not None and documents is not None:
        raise typer.BadParameter("Give --home or --documents, not both.", param_hint="--documents")
    with session(home, as_json) as run:
        with _interruptible(run), run.output.progress() as progress:
            from evals import question_sets
            from evals.observation import observer
            from evals.question_set import load_question_set
            from evals.run import configuration, evaluate, run_question_set
            from ui.remote import RemoteEngine

            if documents is not None or (home is None and question_sets.is_bundled(question_set)):
                result = evaluate(
                    question_set,
                    out,
                    documents=documents,
                    settings=run.settings,
                    mode=mode,
                    restart=restart,
                    parallel=parallel,
                    question_limit=limit,
                    progress=progress,
                )
            else:
                # The home may be a running server's, so it is opened the way every command opens it.
                with run.engine("eval run") as engine:
                    # A server's models, index and settings are out of reach: what needs them is not recorded.
                    here = None if isinstance(engine, RemoteEngine) else engine
                    result = run_question_set(
                        engine,
                        load_question_set(question_sets.path(question_set)),
                        out,
                        mode=mode,
                        restart=restart,
                        parallel=parallel,
                        question_limit=limit,
                        progress=progress,
                        observe=None if here is None else observer(here),
                        about={
                            "home": str(engine.home),
                            "index_digest": None if here is None else here.index_digest(),
                            "configuration": None if here is None else configuration(run.settings),
                        },
                    )
        if as_json:
            run.output.data(result.summary.to_json())
        else:
            from evals.report import render_table
            from evals.report_misses import render_misses

            run.output.show(*in_locale(render_table(result.summary)))
            run.output.show(*render_misses(result.cases, result.out, command_language()))
            run.output.show(*in_locale(f"Recorded in {result.out}"))
        if not result.summary.sound:
            # A figure that was not measured, or a quote that is not verbatim, must stop whoever scripts this.
            raise typer.Exit(1)


@contextlib.contextmanager
def _interruptible(run: Session) -> Iterator[None]:
    """Says what there is of a run that Ctrl-C ends, and how to go on."""
    try:
        yield
    except KeyboardInterrupt as error:
        from evals.resuming import RunInterrupted

        if isinstance(error, RunInterrupted):
            how = "The same command goes on from there." if error.goes_on else "Through a server a run begins anew."
            run.output.error(f"Stopped: {error.done} of {error.total} cases are recorded in {error.out}.", how)
        raise
