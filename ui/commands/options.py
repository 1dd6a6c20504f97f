"""Options that several commands share, and what they become."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rag.engine import Engine
    from rag.types import Filters
    from ui.remote import RemoteEngine

_DATE = ["%Y-%m-%d"]

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
    datetime | None,
    typer.Option("--since", metavar="YYYY-MM-DD", formats=_DATE, help="Only published on this day or later."),
]
Until = Annotated[
    datetime | None,
    typer.Option("--until", metavar="YYYY-MM-DD", formats=_DATE, help="Only published on this day or earlier."),
]
Documents = Annotated[
    list[str] | None, typer.Option("--document", metavar="ID", help="Only this document; repeatable.")
]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Only with this tag; repeatable.")]


def filters_from(
    engine: Engine | RemoteEngine,
    languages: list[str] | None,
    publishers: list[str] | None,
    since: datetime | None,
    until: datetime | None,
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
        raise InvalidQuery(
            f"The period from {since.date()} to {until.date()} ends before it begins.", "Swap --since and --until."
        )
    filters = Filters(
        languages=tuple(code.strip().lower() for code in languages or ()),
        publishers=tuple(publishers or ()),
        since=since.date() if since else None,
        until=until.date() if until else None,
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
