"""`tawthiq eval import`: question sets from other people's formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ui.commands import options
from ui.commands.evaluation_words import in_locale
from ui.commands.session import session

if TYPE_CHECKING:
    from evals.importers import Imported

Format = Literal["auto", "squad", "beir", "ragas", "deepeval", "table", "feedback"]


def import_set(
    name: Annotated[
        Format,
        typer.Argument(metavar="FORMAT", help="squad, beir, ragas, deepeval, table, feedback; auto guesses."),
    ],
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE…", help="Files of that format, or BEIR's folder.")],
    out: Annotated[Path, typer.Option("--out", metavar="SET.jsonl", help="The question set to write.")],
    documents: Annotated[
        Path | None,
        typer.Option("--documents", metavar="DIR", help="Folder for the texts that the source carries."),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="Language of the questions (ar, en); else it is detected."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the set, and write among the folder's files.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Write a question set from SQuAD, BEIR, Ragas or DeepEval data, a table, or readers' feedback."""
    with session(None, as_json) as run:
        from evals.importers import import_questions

        made = import_questions(
            name,
            sources,
            out,
            documents=documents,
            language=language.strip().lower() if language else None,
            force=force,
        )
        if as_json:
            run.output.data(made.to_json())
        else:
            run.output.show(*in_locale(*_lines(made)))


def _lines(made: Imported) -> list[str]:
    lines = [f"{_count(made.questions, 'question')} from {made.format} written to {made.out}"]
    over = ""
    if made.documents_folder is not None:
        lines.append(f"{_count(made.documents, 'document')} written to {made.documents_folder}")
        over = f" --documents {made.documents_folder}"
    if made.left_out:
        said = "; ".join(f"{count} {reason}" for reason, count in made.left_out.items())
        lines.append(f"Left out: {said}")
    return [*lines, f"Ask them: tawthiq eval run {made.out}{over} --out DIR"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
