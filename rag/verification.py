"""Checking a saved answer again: does every quote stand where it says, in the document that it says? Pure functions.

What is checked is what a reader relies on: each citation against the document as it is now, and the answer against
itself (its statements cite what is there, and in quotes mode its text is nothing but its quotes). Whether a sentence
that a language model wrote follows from its quotes is not checked here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Literal

from corpus.document import Document
from rag.errors import SourceError
from rag.saved_answers import SavedAnswer, SavedCitation
from rag.types import SCHEMA

CitationStatus = Literal["verified", "moved", "changed", "gone", "invalid"]
"""verified: same document, same place. moved: the document has changed, the quote is still in it. changed: it is not.
gone: no such document. invalid: the citation was never right, or somebody altered it."""

MAX_PROBLEMS = 100
"""Problems told of one answer: who made a file of nothing else need not be told all."""

_MARKERS = re.compile(r"\[(\d{1,9})\]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """What became of a citation. `start` and `end` are where the quote stands in the document now, None where not."""

    number: int
    document_id: str
    status: CitationStatus
    detail: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """The citations of an answer in their order, and what else is wrong with it, each in one line."""

    question: str
    citations: tuple[CheckedCitation, ...]
    problems: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Whether every citation is verified and nothing else is wrong."""
        return not self.problems and all(citation.status == "verified" for citation in self.citations)


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying saved answers found, in their order."""

    answers: tuple[CheckedAnswer, ...]

    @property
    def valid(self) -> bool:
        """Whether every answer is."""
        return all(answer.valid for answer in self.answers)

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "valid": self.valid,
            "answers": [
                {
                    "question": answer.question,
                    "valid": answer.valid,
                    "citations": [asdict(citation) for citation in answer.citations],
                    "problems": list(answer.problems),
                }
                for answer in self.answers
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verification:
        """The verification that `to_json` wrote. Raises KeyError or TypeError on anything else."""
        return cls(
            tuple(
                CheckedAnswer(
                    answer["question"],
                    tuple(CheckedCitation(**citation) for citation in answer["citations"]),
                    tuple(answer["problems"]),
                )
                for answer in data["answers"]
            )
        )


def verify_answers(
    answers: Sequence[SavedAnswer],
    find: Callable[[SavedCitation], Document | None],
    same_text: Callable[[str], str | None] = lambda _: None,
) -> Verification:
    """Checks every citation of `answers` against its document, and every answer against itself.

    `find` gives a citation's document as it is now, None where there is none; it may raise SourceError. It is called
    once for each document that is cited, and no two documents are held at a time. `same_text` gives the source under
    which a text of that SHA-256 is stored, for documents that are gone.
    """
    by_document: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, answer in enumerate(answers):
        for column, citation in enumerate(answer.citations):
            by_document[citation.document_id].append((row, column))
    checked: dict[tuple[int, int], CheckedCitation] = {}
    problems = [list(islice(_contradictions(answer), MAX_PROBLEMS)) for answer in answers]
    for places in by_document.values():
        document, reason = None, "There is no such document."
        try:
            document = find(answers[places[0][0]].citations[places[0][1]])
        except SourceError as error:
            reason = str(error)
        sha256 = document.sha256 if document else ""
        for row, column in places:
            citation = answers[row].citations[column]
            if document is None:
                checked[row, column] = _without_document(citation, reason, same_text)
            else:
                checked[row, column] = _against(citation, document, sha256)
                problems[row] += _other_facts(citation, document)
    return Verification(
        tuple(
            CheckedAnswer(
                answer.question,
                tuple(checked[row, column] for column in range(len(answer.citations))),
                tuple(problems[row][:MAX_PROBLEMS]),
            )
            for row, answer in enumerate(answers)
        )
    )


def _without_document(citation: SavedCitation, reason: str, same_text: Callable[[str], str | None]) -> CheckedCitation:
    fault = _fault(citation)
    if fault:
        return _checked(citation, "invalid", fault)
    other = same_text(citation.document_sha256)
    return _checked(citation, "gone", f"{reason} Its text is also at {other}." if other else reason)


def _against(citation: SavedCitation, document: Document, sha256: str) -> CheckedCitation:
    """The citation against its document as it is now."""
    fault = _fault(citation)
    if fault:
        return _checked(citation, "invalid", fault)
    compared = "" if document.document_id == citation.document_id else f" (compared with {document.source})"
    at = _nearest(document.text, citation.quote, citation.start)
    if sha256 == citation.document_sha256:
        if at == citation.start:
            return _checked(citation, "verified", f"The quote stands there, word for word{compared}.", at)
        if at is None:
            return _checked(citation, "invalid", f"The document is the same, and never held these words{compared}.")
        return _checked(citation, "invalid", f"The document is the same; the quote stands elsewhere{compared}.", at)
    if at is None:
        return _checked(citation, "changed", f"The document has changed; these words are not in it{compared}.")
    where = "still stands where it stood" if at == citation.start else "now stands elsewhere"
    return _checked(citation, "moved", f"The document has changed; the quote {where}{compared}.", at)


def _checked(citation: SavedCitation, status: CitationStatus, detail: str, at: int | None = None) -> CheckedCitation:
    end = None if at is None else at + len(citation.quote)
    return CheckedCitation(citation.number, citation.document_id, status, " ".join(detail.split()), at, end)


def _fault(citation: SavedCitation) -> str:
    """What makes a citation wrong whatever its document says; "" where nothing does."""
    if not citation.quote.strip():
        return "The quote is empty."
    if citation.start < 0 or citation.end - citation.start != len(citation.quote):
        return "The offsets are not those of this quote."
    if not _SHA256.fullmatch(citation.document_sha256):
        return "What it gives as the document's SHA-256 is none."
    return ""


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Where `quote` stands in `text`: at `start`, else the place nearest to it."""
    if text.startswith(quote, start):
        return start
    # Searched forwards in the reversed text: `rfind` takes quadratic time on texts made for it.
    end = min(start + len(quote), len(text))
    backwards = text[:end][::-1].find(quote[::-1])
    before = end - backwards - len(quote) if backwards >= 0 else -1
    after = text.find(quote, start)
    return min((at for at in (before, after) if at >= 0), key=lambda at: abs(at - start), default=None)


def _other_facts(citation: SavedCitation, document: Document) -> Iterator[str]:
    """Where the citation attributes its quote otherwise than the document does."""
    published = document.published.isoformat() if document.published else None
    now = {"title": document.title, "publisher": document.publisher, "published": published}
    for name, value in citation.stated:
        if value != now[name]:
            label = {"title": "title", "publisher": "publisher", "published": "date"}[name]
            yield f"Citation {citation.number}: the document's {label} is {_cut(now[name])}, not {_cut(value)}."


def _contradictions(answer: SavedAnswer) -> Iterator[str]:
    """What is wrong with an answer whatever its documents say."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    counts = Counter(citation.number for citation in answer.citations)
    yield from (f"{count} citations have the number {number}." for number, count in counts.items() if count > 1)
    if answer.status == "answered" and not answer.citations:
        yield "It cites nothing."
    for place, (text, numbers) in enumerate(answer.statements, start=1):
        for number in dict.fromkeys(numbers):
            if number not in quotes:
                yield f"Statement {place} cites {number}, and there is no such citation."
        if answer.mode == "quotes" and text not in [quotes.get(number) for number in numbers]:
            yield f"Statement {place} is not the quote that it cites."
    for value, numbers in answer.disputed:
        if not numbers or value not in " ".join(quotes.get(numbers[0], "").split()):
            yield f"{_cut(value)} is given as a source's value, and does not stand in what it cites."
    if answer.mode == "quotes" and answer.status == "answered" and answer.text is not None:
        yield from _text_problems(answer.text, answer)


def _text_problems(text: str, answer: SavedAnswer) -> Iterator[str]:
    """Where the text, which is what people read, says other than frame, statements and their markers."""
    before, after = answer.frame
    text = text.removeprefix(before).removesuffix(after)
    cited: tuple[int, ...] = ()
    at = 0
    for place, (statement, numbers) in enumerate(answer.statements, start=1):
        found = text.find(statement, at)
        if found < 0:
            yield f"Statement {place} is not in the text, or not in its order."
            return
        yield from _between(text[at:found], cited)
        at, cited = found + len(statement), numbers
    yield from _between(text[at:], cited)


def _between(text: str, cited: Sequence[int]) -> Iterator[str]:
    """Problems with what stands after a statement that cites `cited`: markers of these, and nothing else."""
    known = frozenset(cited)
    for number in dict.fromkeys(map(int, _MARKERS.findall(text))):
        if number not in known:
            yield f"The text has the marker [{number}] after words that do not cite it."
    rest = _MARKERS.sub("", text)
    if any(character.isalnum() for character in rest):
        yield f"The text says what no statement does: {_cut(rest)}."


def _cut(text: str | None) -> str:
    if text is None:
        return "not stated"
    line = " ".join(text.split())
    return f"“{line[:_SHOWN]}…”" if len(line) > _SHOWN else f"“{line}”"
