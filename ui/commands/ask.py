"""`tawthiq ask` and `tawthiq search`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from ui import i18n
from ui.commands import options
from ui.commands.session import session
from ui.output import Output, printable

if TYPE_CHECKING:
    from datetime import date

    from rag.engine import Engine
    from rag.types import Answer, Progress, ScoredPassage, Statement
    from ui.remote import RemoteEngine

RELATED = 3
"""How many related passages are shown where the documents do not answer."""

SNIPPET = 300


def ask(
    question: Annotated[
        str,
        typer.Argument(metavar="QUESTION", help="The question, in Arabic or English; - reads it from standard input."),
    ],
    mode: Annotated[
        Literal["auto", "quotes", "llm"],
        typer.Option(help="Quotes alone, written by a language model, or whichever is set up."),
    ] = "auto",
    language: options.Languages = None,
    publisher: options.Publishers = None,
    since: options.Since = None,
    until: options.Until = None,
    document: options.Documents = None,
    tag: options.Tags = None,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Answer a question from the documents, with the exact words of its sources."""
    with session(home, as_json) as run:
        text = options.query_text(question)
        with run.engine("ask") as engine, run.output.progress() as progress:
            finish_indexing(engine, progress)
            filters = options.filters_from(engine, language, publisher, since, until, document, tag)
            answer = engine.ask(text, mode=mode, filters=filters)
        if as_json:
            run.output.data(answer.to_json())
        else:
            _show_answer(run.output, answer)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for; - reads it from standard input.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages to show.")] = 10,
    language: options.Languages = None,
    publisher: options.Publishers = None,
    since: options.Since = None,
    until: options.Until = None,
    document: options.Documents = None,
    tag: options.Tags = None,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Show the passages that fit a query best, in every language of the documents."""
    with session(home, as_json) as run:
        text = options.query_text(query)
        with run.engine("search") as engine, run.output.progress() as progress:
            finish_indexing(engine, progress)
            filters = options.filters_from(engine, language, publisher, since, until, document, tag)
            found = engine.search(text, limit=limit, filters=filters)
        if as_json:
            run.output.data({"passages": [passage.to_json() for passage in found]})
        elif found:
            run.output.show(*_passages(found))
        else:
            run.output.show("Nothing was found.")


def finish_indexing(engine: Engine | RemoteEngine, progress: Callable[[Progress], None]) -> None:
    """Shows how far the index is, where an earlier process left some of it undone; a server has seen to its own."""
    from ui.remote import RemoteEngine

    if not isinstance(engine, RemoteEngine) and engine.documents():
        engine.index(progress)


def _show_answer(output: Output, answer: Answer) -> None:
    language = i18n.interface_language(answer.language)
    output.show(answer.text)
    for statement in answer.statements:
        if statement.support in ("weak", "unsupported"):
            label = i18n.text(language, f"answer.support.{statement.support}")
            output.show(_doubted(label, statement))
    if answer.removed:
        label = i18n.text(language, "answer.removed")
        output.show("", Text(f"{label}:", style="bold"), *(_doubted("", statement) for statement in answer.removed))
    if answer.citations:
        output.show("", Text(i18n.text(language, "answer.sources"), style="bold"))
        for citation in answer.citations:
            output.show(
                _line(f"[{citation.number}] ", citation.title, citation.publisher, citation.published),
                Text(f"    {printable(citation.source)}", style="dim"),
            )
    if answer.status == "not_found" and answer.passages:
        output.show(
            "", Text(i18n.text(language, "answer.related"), style="bold"), *_passages(answer.passages[:RELATED])
        )
    for notice in answer.notices:
        output.warning(notice.text)


def _doubted(label: str, statement: Statement) -> Text:
    """A statement with what speaks against it."""
    reasons = " ".join(printable(reason) for reason in statement.reasons)
    said = f"{label}: {printable(statement.text)}" if label else printable(statement.text)
    return Text(f"({said})" + (f" — {reasons}" if reasons else ""), style="dim")


def _line(number: str, title: str, publisher: str | None, published: date | None) -> Text:
    about = ", ".join([*filter(None, [publisher]), *([published.isoformat()] if published else [])])
    return Text.assemble((number, "bold cyan"), printable(title), f" — {printable(about)}" if about else "")


def _passages(found: Iterable[ScoredPassage]) -> Iterable[Text | str]:
    for hit in found:
        passage = hit.passage
        yield Text.assemble(
            (f"{hit.rank}. ", "bold cyan"),
            printable(passage.title or passage.source),
            (f"  [{passage.language}] score {hit.score:.3f}", "dim"),
        )
        yield Text(f"   {printable(passage.source)} ({passage.start}–{passage.end})", style="dim")
        said = " ".join(passage.text.split())
        yield f"   {said[:SNIPPET]}{'…' if len(said) > SNIPPET else ''}"
        if hit.also_in:
            yield Text(f"   nearly the same text: document {', '.join(one[:8] for one in hit.also_in)}", style="dim")
