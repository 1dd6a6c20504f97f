"""Options that several commands share, and what they become."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rag.engine import Engine
    from rag.types import Filters
    from ui.remote import RemoteEngine


def _day(text: str) -> date:
    """The day that an option names. Raises ValueError, which says what form is wanted."""
    try:
        year, month, day, *_ = time.strptime(text.strip(), "%Y-%m-%d")
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r} is not a date of the form 2024-03-31 (year-month-day).") from None


Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Folder of the catalogue and the indexes.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="Only documents in this language (ar, en, …); repeatable."),
]
Publishers = Annotated[
    list[str] | None, typer.Option("--publisher", metavar="NAME", help="Only from this publisher; repeatable.")
]
Since = Annotated[
    date | None,
    typer.Option("--since", metavar="YYYY-MM-DD", parser=_day, help="Only published on this day or later."),
]
Until = Annotated[
    date | None,
    typer.Option("--until", metavar="YYYY-MM-DD", parser=_day, help="Only published on this day or earlier."),
]
Documents = Annotated[
    list[str] | None, typer.Option("--document", metavar="ID", help="Only this document; repeatable.")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Only with this tag; repeatable.")]


def filters_from(
    engine: Engine | RemoteEngine,
    languages: list[str] | None,
    publishers: list[str] | None,
    since: date | None,
    until: date | None,
    documents: list[str] | None,
    tags: list[str] | None,
) -> Filters | None:
    """The filters of the options, None where none was given.

    Ids of documents may be shortened while they stay unique. Raises DocumentNotFound, and InvalidQuery for a period
    that ends before it begins.
    """
    from rag.errors import InvalidQuery
    from rag.types import Filters

    if since and until and since > until:
        raise InvalidQuery(f"The period from {since} to {until} ends before it begins.", "Swap --since and --until.")
    filters = Filters(
        languages=tuple(code.strip().lower() for code in languages or ()),
        publishers=tuple(publishers or ()),
        since=since,
        until=until,
        documents=tuple(engine.document(name).document_id for name in documents or ()),
        tags=tuple(tags or ()),
    )
    return filters or None


def query_text(words: str) -> str:
    """What a person asked: the argument, or standard input where the argument is `-`. Raises InvalidQuery."""
    import sys

    from rag.errors import InvalidQuery

    try:
        text = sys.stdin.read() if words == "-" else words
        text.encode("utf-8")
    except UnicodeError:
        raise InvalidQuery("The question is not valid UTF-8 text.", "Check the encoding of the terminal.") from None
    return text.strip()
