"""What was recorded of one asked question: everything needed to score it again without asking again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evals.errors import EvaluationError
from evals.observation import Observation
from evals.question_set import Question
from rag.types import Answer

CASES_FILE = "cases.jsonl"
SUMMARY_FILE = "summary.json"
CaseStatus = Literal["asked", "failed", "invalid"]


@dataclass(frozen=True, slots=True)
class StoredQuote:
    """What the catalogue holds where a citation points."""

    document_sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """One line of `cases.jsonl`.

    `status`: "asked" (there is an answer), "failed" (the engine raised; `error` says what), "invalid" (the question
    set and the corpus do not fit; `error` says how, and nothing was asked). Only asked cases are ever scored.

    `expected` are the ids of the documents that answer the question. `stored` holds, for each citation of the answer,
    what the catalogue has at its offsets and the digest of that document's text, read when the question was asked.
    `elapsed_ms` is wall time around the call, in milliseconds; `first_token_ms` that until a language model's first
    token, None where no model wrote the answer or it was not streamed. `ranking` are the ids of the documents that
    retrieval found, best first. `places` are the ids of the documents of the question's spans, one a span.
    `observation` is what was measured of the answer while the engine was open, None where that could not be (through a
    server). Runs that did not record one of these have none.
    """

    question: Question
    direction: str
    status: CaseStatus
    expected: tuple[str, ...] = ()
    answer: Answer | None = None
    stored: tuple[StoredQuote, ...] = ()
    elapsed_ms: float | None = None
    error: str | None = None
    ranking: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    observation: Observation | None = None
    first_token_ms: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.question.id,
            "status": self.status,
            "direction": self.direction,
            "error": self.error,
            "elapsed_ms": _rounded(self.elapsed_ms),
            "first_token_ms": _rounded(self.first_token_ms),
            "expected": list(self.expected),
            "ranking": list(self.ranking),
            "places": list(self.places),
            "question": self.question.to_json(),
            "answer": None if self.answer is None else self.answer.to_json(),
            "stored": [{"document_sha256": s.document_sha256, "text": s.text} for s in self.stored],
            "observation": None if self.observation is None else self.observation.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Case:
        """The case that `to_json` wrote. Raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            question=Question.from_json(data["question"]),
            direction=data["direction"],
            status=data["status"],
            expected=tuple(data["expected"]),
            answer=None if data["answer"] is None else Answer.from_json(data["answer"]),
            stored=tuple(StoredQuote(s["document_sha256"], s["text"]) for s in data["stored"]),
            elapsed_ms=data["elapsed_ms"],
            error=data["error"],
            ranking=tuple(data.get("ranking", ())),
            places=tuple(data.get("places", ())),
            observation=None if data.get("observation") is None else Observation.from_json(data["observation"]),
            first_token_ms=data.get("first_token_ms"),
        )


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 2)


def direction_of(question: Question, document_languages: set[str]) -> str:
    """The direction that a case counts in: question language → language of the documents that answer it.

    A fact that stands in documents of both languages has its own direction, "ar→ar+en": any of them is a right
    answer, so it would flatter "ar→ar" and say nothing of "ar→en". "ar→none" are questions without a source here, and
    "ar→any" answerable ones whose set names no document.
    """
    if not question.answerable:
        target = "none"
    elif question.document_language:
        target = question.document_language
    else:
        target = "+".join(sorted(document_languages)) or "any"
    return f"{question.language}→{target}"


def read_cases(path: Path) -> list[Case]:
    """The cases of a `cases.jsonl`. Raises EvaluationError, naming the line, where it is unreadable or half-written."""
    cases = []
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be read: {error.strerror}.", "Name the folder of a run.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                cases.append(Case.from_json(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError):
                raise EvaluationError(
                    f"{path}, line {number}: not a recorded case, or only half of one.", "Run the question set again."
                ) from None
    return cases
