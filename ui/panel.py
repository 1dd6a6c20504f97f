"""The source panel: the documents that an answer rests on, and the chosen quote inside its document. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from corpus.document import Document
from rag.types import Answer, Citation, ScoredPassage
from ui.templating import render, source_name

if TYPE_CHECKING:
    from rag.claims.verdicts import Verdict

SURROUNDING_CHARS = 20_000
"""How much of a document is shown on either side of a quote; more would only make the page slow."""

Mark = Literal["", "chosen", "cited", "related", "nearest"]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a line, marked or not."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The line as the document has it."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The lines around a quote, and whether the document goes on before and after them."""

    lines: tuple[Line, ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Source:
    """One document in the panel, with the citations of the answer that quote it."""

    document_id: str
    title: str
    source: str
    language: str
    publisher: str | None = None
    published: date | None = None
    citations: tuple[Citation, ...] = ()
    related: bool = False
    opened: bool = False

    @property
    def link(self) -> bool:
        """Whether the source is a page that a person can open."""
        return self.source.lower().startswith(("http://", "https://"))

    @property
    def pages(self) -> dict[int, list[int]]:
        """The pages that the quotes stand on, each with the numbers of its citations."""
        found: dict[int, list[int]] = {}
        for citation in self.citations:
            if citation.page:
                found.setdefault(citation.page, []).append(citation.number)
        return found

    @property
    def name(self) -> str:
        """The source as readers elsewhere know it."""
        return source_name(self.source)


def empty_html() -> str:
    """The panel before any answer."""
    return str(render("sources.html", sources=(), turn=0, shown=""))


def citation_html(answer: Answer | Verdict, turn: int, number: int, document: Document | None) -> str:
    """The sources of an answer or a verdict with its citation `number` open in `document` (None: it is gone).

    The text is shown only where it is still the one that was quoted. Raises KeyError if there is no such citation.
    """
    chosen = {citation.number: citation for citation in answer.citations}[number]
    problem = _problem(chosen, document)
    return str(
        render(
            "sources.html",
            sources=sources(answer.citations, chosen),
            turn=turn,
            number=number,
            shown=f"{turn}.{number}",
            problem=problem,
            quote=chosen.quote,
            translation=chosen.translation,
            excerpt=None if problem or document is None else _around(document.text, chosen, answer.citations),
            image_pages=document.image_pages if document else (),
            start=chosen.start,
            end=chosen.end,
        )
    )


def passage_html(found: ScoredPassage, turn: int, document: Document | None) -> str:
    """A related passage, marked in `document` (None: it is gone), and in it the sentence nearest to the question."""
    passage = found.passage
    problem = "gone" if document is None else ""
    if document is not None and document.text[passage.start : passage.end] != passage.text:
        problem = "changed"
    source = Source(
        passage.document_id,
        passage.title,
        passage.source,
        passage.language,
        document.publisher if document else None,
        document.published if document else None,
        related=True,
        opened=True,
    )
    whole: tuple[int, int, Mark] = (passage.start, passage.end, "related")
    nearest: list[tuple[int, int, Mark]] = [(*found.nearest, "nearest")] if found.nearest else []
    return str(
        render(
            "sources.html",
            sources=(source,),
            turn=turn,
            number=0,
            shown=f"{turn}.p{found.rank}",
            problem=problem,
            quote=passage.text,
            image_pages=document.image_pages if document else (),
            excerpt=None if problem or document is None else surroundings(document.text, [*nearest, whole]),
        )
    )


def nothing_cited_html(turn: int) -> str:
    """The panel beside an answer without citations."""
    return str(render("sources.html", sources=(), turn=turn, shown=f"{turn}"))


def surroundings(text: str, spans: Sequence[tuple[int, int, Mark]]) -> Surroundings:
    """`text` around the first of `spans` (start, end, mark), in lines; where spans overlap, the earlier one marks."""
    first = max(0, spans[0][0] - SURROUNDING_CHARS)
    last = min(len(text), spans[0][1] + SURROUNDING_CHARS)
    cuts = {first, last, *(offset for start, end, _ in spans for offset in (start, end) if first < offset < last)}
    edges = sorted(cuts)
    lines: list[list[Part]] = [[]]
    for start, end in pairwise(edges):
        mark: Mark = next((kind for a, b, kind in spans if a <= start and end <= b), "")
        for index, piece in enumerate(text[start:end].split("\n")):
            if index:
                lines.append([])
            if piece:
                lines[-1].append(Part(piece, mark))
    return Surroundings(tuple(Line(tuple(parts)) for parts in lines if parts), first > 0, last < len(text))


def _around(text: str, chosen: Citation, citations: Sequence[Citation]) -> Surroundings:
    others = [c for c in citations if c.document_id == chosen.document_id and c.number != chosen.number]
    return surroundings(text, [(chosen.start, chosen.end, "chosen"), *((c.start, c.end, "cited") for c in others)])


def _problem(citation: Citation, document: Document | None) -> Literal["", "gone", "changed"]:
    if document is None:
        return "gone"
    same = document.sha256 == citation.document_sha256
    return "" if same and document.text[citation.start : citation.end] == citation.quote else "changed"


def sources(citations: Sequence[Citation], chosen: Citation | None = None) -> tuple[Source, ...]:
    """The documents of `citations`, in the order that they come in; that of `chosen` is opened."""
    grouped: dict[str, list[Citation]] = {}
    for citation in citations:
        grouped.setdefault(citation.document_id, []).append(citation)
    return tuple(
        Source(
            first.document_id,
            first.title,
            first.source,
            first.language,
            first.publisher,
            first.published,
            citations=tuple(citations),
            opened=chosen is not None and document_id == chosen.document_id,
        )
        for document_id, citations in grouped.items()
        for first in citations[:1]
    )
