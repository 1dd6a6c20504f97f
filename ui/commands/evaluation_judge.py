"""`tawthiq eval judge`: a language model's verdicts on the answers of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands import options
from ui.commands.evaluation_words import in_locale
from ui.commands.session import FAILURE, session
from ui.i18n import command_language
from ui.i18n.messages import translated


def judge(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run.")],
    model: Annotated[
        str | None, typer.Option("--model", metavar="M", help="The judge; by default TAWTHIQ_LLM_MODEL.")
    ] = None,
    repeats: Annotated[
        int, typer.Option("--repeats", metavar="N", min=1, max=99, help="Ask so often, and take what most say.")
    ] = 1,
    limit: Annotated[
        int | None, typer.Option("--question-limit", metavar="K", min=1, help="Judge K answers, always the same ones.")
    ] = None,
    parallel: Annotated[
        int, typer.Option("--parallel", metavar="P", min=1, max=64, help="Ask about so many at a time.")
    ] = 1,
    restart: Annotated[bool, typer.Option("--restart", help="Throw away what was judged before.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Have a language model judge a run: are answers correct, are a model's statements borne out by their quotes?"""
    with session(None, as_json) as run:
        from evals.judging.judge import open_judge
        from evals.judging.run import judge_run
        from evals.judging.table import judge_table
        from evals.run_folder import read_run_folder

        tried = read_run_folder(folder)
        chosen = open_judge(run.settings, model, repeats)
        with run.output.progress() as progress:
            judging = judge_run(tried, chosen, limit=limit, parallel=parallel, restart=restart, progress=progress)
        if judging.about["judges_itself"]:
            line = f"The judge {chosen.chat.name} wrote answers of this run: it judges itself; models favour their own."
            run.output.warning(translated(line, command_language()))
        if as_json:
            run.output.data(judging.about)
        else:
            run.output.show(*in_locale(judge_table(judging.about, judging.figures), f"Recorded in {tried.path}"))
        if judging.figures.failed:
            raise typer.Exit(FAILURE)
