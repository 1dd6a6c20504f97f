"""`tawthiq ask` and `tawthiq search`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.text import Text

from ui import i18n
from ui.commands import options
from ui.commands.saved import history_from
from ui.commands.session import session
from ui.output import Output, printable

if TYPE_CHECKING:
    from rag.engine import Engine
    from rag.types import Answer, Citation, Progress, ScoredPassage, Statement
    from ui.remote import RemoteEngine

RELATED = 3
"""How many related passages are shown where the documents do not answer."""

SNIPPET = 300

_RIGHT_TO_LEFT = "\u200f"
"""Begins an Arabic line whose every word is isolated, so that nothing else tells a terminal its direction."""


def ask(
    question: Annotated[
        str,
        typer.Argument(metavar="QUESTION", help="The question, in Arabic or English; - reads it from standard input."),
    ],
    mode: Annotated[
        Literal["auto", "quotes", "llm"],
        typer.Option(help="Quotes alone, written by a language model, or whichever is set up."),
    ] = "auto",
    answer_language: Annotated[
        Literal["ar", "en"] | None,
        typer.Option(help="The language of the answer; by default the question's.", show_default=False),
    ] = None,
    follow: Annotated[
        list[str] | None,
        typer.Option(
            "--follow",
            metavar="ANSWER.json",
            help="An answer, as `ask --json` printed it, that this question follows on; repeatable, oldest first.",
        ),
    ] = None,
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
        history = history_from(follow or ())
        with run.engine("ask") as engine, run.output.progress() as progress:
            finish_indexing(engine, progress)
            filters = options.filters_from(engine, language, publisher, since, until, document, tag)
            answer = engine.ask(text, history, mode=mode, filters=filters, answer_language=answer_language)
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
            run.output.show(*passage_lines(found, i18n.asked_language(text)))
        else:
            key = "search.nothing.filtered" if filters else "search.nothing"
            run.output.show(i18n.said_in(i18n.asked_language(text), key))


def finish_indexing(engine: Engine | RemoteEngine, progress: Callable[[Progress], None]) -> None:
    """Shows how far the index is, where an earlier process left some of it undone; a server has seen to its own."""
    from ui.remote import RemoteEngine

    if not isinstance(engine, RemoteEngine) and engine.documents():
        engine.index(progress)


def _show_answer(output: Output, answer: Answer) -> None:
    language = i18n.interface_language(answer.language)
    if answer.standalone_question:
        label = i18n.text(language, "answer.understood")
        output.show(Text(f"{label}: {printable(answer.standalone_question)}", style="dim"), "")
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
            output.show(*source_lines(citation, language))
            if citation.translation is not None:
                label = i18n.text(language, "translation.unofficial")
                output.show(Text(f"    {label}: {printable(citation.translation.text)}", style="italic"))
    if answer.status == "not_found" and answer.passages:
        output.show(
            "",
            Text(i18n.text(language, "answer.related"), style="bold"),
            *passage_lines(answer.passages[:RELATED], language),
        )
    for notice in answer.notices:
        output.warning(notice.text)


def _doubted(label: str, statement: Statement) -> Text:
    """A statement with what speaks against it."""
    reasons = " ".join(printable(reason) for reason in statement.reasons)
    said = f"{label}: {printable(statement.text)}" if label else printable(statement.text)
    return Text(f"({said})" + (f" — {reasons}" if reasons else ""), style="dim")


def source_lines(citation: Citation, language: i18n.Language) -> tuple[Text, Text]:
    """What is cited, and where it is from, as one of the lines in `language` around it."""
    dated = [citation.published.isoformat()] if citation.published else []
    about = [printable(one) for one in (citation.publisher, *dated, i18n.page_text(citation.page, language)) if one]
    title, *about = (i18n.isolated(one, language) for one in (printable(citation.title), *about))
    return (
        Text.assemble(
            _RIGHT_TO_LEFT if language == "ar" else "",
            (f"[{citation.number}] ", "bold cyan"),
            title,
            f" — {i18n.said_in(language, 'list.separator').join(about)}" if about else "",
        ),
        Text(f"    {printable(citation.source)}", style="dim"),
    )


def passage_lines(found: Iterable[ScoredPassage], language: i18n.Language) -> Iterable[Text | str]:
    """Each passage, where it is from, and what it says: from what is nearest to a question on, if that is known.

    What is not the document's is in `language`.
    """
    for hit in found:
        passage = hit.passage
        source = i18n.isolated(printable(passage.source), language)
        of = i18n.language_label(passage.language, language)
        yield Text.assemble(
            (f"{hit.rank}. ", "bold cyan"),
            i18n.isolated(printable(passage.title), language) or source,
            ("  " + i18n.said_in(language, "search.score", language=of, score=f"{hit.score:.3f}"), "dim"),
        )
        yield Text(f"   {source} ({passage.start}–{passage.end})", style="dim")
        said = " ".join(hit.from_nearest.split())
        begins = "" if len(hit.from_nearest) == len(passage.text) else "… "
        yield f"   {begins}{said[:SNIPPET]}{'…' if len(said) > SNIPPET else ''}"
        if hit.also_in:
            ids = ", ".join(one[:8] for one in hit.also_in)
            yield Text("   " + i18n.said_in(language, "search.also", ids=ids), style="dim")
