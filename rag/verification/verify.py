"""Checking a saved answer again: does everything in it that documents can confirm stand as it says? Pure functions.

What is checked: the digest; each citation and each passage against its document as it is now, with all that is said of
that document; and the answer against itself (its statements cite what is there, in quotes mode its text is nothing but
its quotes, a verdict goes with its evidence). What no document can confirm is named as not verified, never passed over.
Asking again is `rag.verification.again`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Literal, get_args

from corpus.document import Document
from rag.errors import SourceError
from rag.saved_answers import SavedAnswer, SavedCitation, SavedPassage
from rag.sealing import Seal
from rag.types import SCHEMA, AnswerLanguage
from rag.verification.phrases import say
from rag.verification.sources import (
    CheckedCitation,
    against_document,
    passage_problem,
    without_document,
    wrong_facts,
    wrong_page,
)
from rag.verification.text import contradictions

Unverified = Literal["question", "claim", "verdict", "statements", "frame", "translations", "passages", "figures"]
"""What of an answer is not verified, because no document (or none that is here) can confirm it: the question or claim
itself; the verdict on a claim; what a language model wrote; the words around quotes; translations; passages whose
documents are not here, or have changed; scores, times and models."""

MAX_PROBLEMS = 100
"""Problems told of one answer: who made a file of nothing else need not be told all."""


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    """The citations of an answer in their order, and what else is wrong with it, each in one line.

    `digest`: whether it is as it was written. `unverified`: what nothing here confirms. `again`: whether it was asked
    again (then what differs is among the problems); None where that was not wanted or cannot be done.
    """

    question: str
    citations: tuple[CheckedCitation, ...]
    problems: tuple[str, ...]
    digest: Seal = "missing"
    unverified: tuple[Unverified, ...] = ()
    again: bool | None = None

    @property
    def valid(self) -> bool:
        """Whether every citation is verified and nothing else is wrong."""
        return not self.problems and all(citation.status == "verified" for citation in self.citations)


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying saved answers found, in their order. `home`: the one they were checked against, None if none."""

    answers: tuple[CheckedAnswer, ...]
    home: str | None = None

    @property
    def valid(self) -> bool:
        """Whether every answer is."""
        return all(answer.valid for answer in self.answers)

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "valid": self.valid,
            "home": self.home,
            "answers": [
                {
                    "question": answer.question,
                    "valid": answer.valid,
                    "digest": answer.digest,
                    "citations": [asdict(citation) for citation in answer.citations],
                    "problems": list(answer.problems),
                    "unverified": list(answer.unverified),
                    "again": answer.again,
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
                    answer["digest"],
                    tuple(answer["unverified"]),
                    answer["again"],
                )
                for answer in data["answers"]
            ),
            data["home"],
        )


def verify_answers(
    answers: Sequence[SavedAnswer],
    find: Callable[[SavedCitation | SavedPassage], Document | None],
    same_text: Callable[[str], str | None] = lambda _: None,
    language: AnswerLanguage = "en",
    home: str | None = None,
) -> Verification:
    """Checks what of `answers` a document can confirm, and every answer against itself; says it in `language`.

    `find` gives a citation's document as it is now, None where there is none; it may raise SourceError. It is called
    once for each document that is named, and no two documents are held at a time. `same_text` gives the source under
    which a text of that SHA-256 is stored, for documents that are gone.
    """
    reports = [_Report(answer, language) for answer in answers]
    for places in _by_document(answers).values():
        document, reason = None, say(language, "no_document")
        try:
            document = find(places[0][1])
        except SourceError as error:
            reason = str(error)
        sha256 = document.sha256 if document else ""
        for row, part in places:
            if isinstance(part, SavedPassage):
                reports[row].passage(part, document, sha256)
            elif document is None:
                reports[row].citation(part, without_document(part, reason, same_text, language))
            else:
                checked = against_document(part, document, sha256, language)
                reports[row].citation(part, checked)
                reports[row].problems += wrong_page(part, document, checked.start, language)
                reports[row].problems += wrong_facts(part, document, language)
    return Verification(tuple(report.checked() for report in reports), home)


def _by_document(answers: Sequence[SavedAnswer]) -> dict[str, list[tuple[int, SavedCitation | SavedPassage]]]:
    """Every citation and passage with its answer's place, by its document; citations first, as they know the hash."""
    found: defaultdict[str, list[tuple[int, SavedCitation | SavedPassage]]] = defaultdict(list)
    for row, answer in enumerate(answers):
        for citation in answer.citations:
            found[citation.document_id].append((row, citation))
    for row, answer in enumerate(answers):
        for passage in answer.passages:
            found[passage.document_id].append((row, passage))
    return found


class _Report:
    """What is gathered about one answer."""

    def __init__(self, answer: SavedAnswer, language: AnswerLanguage) -> None:
        self._answer = answer
        self._language = language
        self._citations: dict[int, CheckedCitation] = {}
        self._hashes = {citation.document_id: citation.document_sha256 for citation in answer.citations}
        self._passages_open = False
        self.problems = list(islice(contradictions(answer, language), MAX_PROBLEMS))

    def citation(self, citation: SavedCitation, checked: CheckedCitation) -> None:
        self._citations[id(citation)] = checked

    def passage(self, passage: SavedPassage, document: Document | None, sha256: str) -> None:
        """A passage whose document is not here, or known to have changed, is not verified; that is no fault of it."""
        known = self._hashes.get(passage.document_id)
        if document is None or (known is not None and known != sha256):
            self._passages_open = True
            return
        if problem := passage_problem(passage, document, same=known == sha256, language=self._language):
            self.problems.append(problem)
        self.problems += wrong_facts(passage, document, self._language)

    def checked(self) -> CheckedAnswer:
        return CheckedAnswer(
            self._answer.question,
            tuple(self._citations[id(citation)] for citation in self._answer.citations),
            tuple(self.problems[:MAX_PROBLEMS]),
            self._answer.seal,
            tuple(self._unverified()),
        )

    def _unverified(self) -> Iterator[Unverified]:
        answer = self._answer
        told = {
            "question": not answer.is_claim,
            "claim": answer.is_claim,
            "verdict": answer.is_claim,
            "statements": answer.mode == "llm",
            "frame": not answer.is_claim and bool(answer.text),
            "translations": answer.translated,
            "passages": self._passages_open,
            "figures": True,
        }
        yield from (name for name in get_args(Unverified) if told[name])
