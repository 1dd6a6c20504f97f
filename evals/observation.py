"""What is measured of an answer while its engine is open, so that a recorded case can be scored again without one.

Support is judged anew and alike in every run, whatever policy answered: with grounding off, and in quotes mode too.
The judge is grounding's own rules with the embedding, or the NLI model of the settings: it is no witness of its own
success, but it tells a run that removes what is unsupported from one that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.language import detect_language
from evals.alce import Entailment, entailment, verbatim
from evals.question_set import Question
from rag.grounding.findings import Source
from rag.grounding.inference import InferenceModel
from rag.grounding.verdict import Reader, Verdict, judge
from rag.types import Answer, Citation, Statement

SUPPORTS = ("quoted", "supported", "weak", "unsupported", "uncited")
"""What a statement's support comes to; "uncited" is a statement that names no source."""


@dataclass(frozen=True, slots=True)
class StatementSupport:
    """How one shown statement is borne out by the passages that it cites.

    `support` is one of SUPPORTS, `kinds` are those of the findings against it (`rag.grounding.findings.Kind`),
    `entailed` and `precise` (one a citation) are what ALCE counts.
    """

    support: str
    kinds: tuple[str, ...] = ()
    entailed: bool = False
    precise: tuple[bool, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "support": self.support,
            "kinds": list(self.kinds),
            "entailed": self.entailed,
            "precise": list(self.precise),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> StatementSupport:
        return cls(data["support"], tuple(data["kinds"]), bool(data["entailed"]), tuple(map(bool, data["precise"])))


@dataclass(frozen=True, slots=True)
class Observation:
    """What was measured of an answer: the support of each statement that it shows, and its likeness to a reference.

    `similarity` is the highest cosine, under the run's embedding model, of a statement and a reference answer; None
    where there is either no statement or no reference.
    """

    statements: tuple[StatementSupport, ...] = ()
    similarity: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "statements": [one.to_json() for one in self.statements],
            "similarity": None if self.similarity is None else round(self.similarity, 6),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Observation:
        return cls(tuple(map(StatementSupport.from_json, data["statements"])), data["similarity"])


Observe = Callable[[Question, Answer], Observation]
"""`observe(question, answer)`: what is measured of an answer to a question of a set."""


class Models(Protocol):
    """The part of `rag.Engine` that observing needs; a client of a running server has none of it."""

    def encoder(self) -> Encoder: ...
    def entailment(self) -> Reader | InferenceModel | None: ...


class Encoder(Protocol):
    """What turns a text into a unit vector (dimension)."""

    def encode_query(self, text: str) -> NDArray[np.float32]: ...


def observer(models: Models) -> Observe:
    """What observes answers with the models of an open engine. Raises ModelError where they cannot be loaded."""
    encoder, reader = models.encoder(), models.entailment()
    return lambda question, answer: observe(question, answer, encoder.encode_query, reader)


def observe(
    question: Question,
    answer: Answer,
    encode: Callable[[str], NDArray[np.float32]],
    reader: Reader | InferenceModel | None = None,
) -> Observation:
    """Measures `answer`. Each text is encoded once; a statement that copies its source asks for no vector."""
    known: dict[str, NDArray[np.float32]] = {}

    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        known.update({text: encode(text) for text in texts if text not in known})
        return np.stack([known[text] for text in texts])

    @cache  # ALCE asks of the same sources together, alone and of the others
    def verdict(text: str, sources: tuple[Source, ...]) -> Verdict:
        written = detect_language(text)
        return judge(text, answer.language if written == "und" else written, sources, vectors, reader)

    cited = {citation.number: citation for citation in answer.citations}
    statements = tuple(
        _support(statement.text, [_source(cited[number], answer) for number in statement.citations], verdict)
        for statement in answer.statements
    )
    references = question.answers if question.answerable else ()
    return Observation(statements, _similarity(answer.statements, references, vectors))


def _support(
    text: str, sources: Sequence[Source], verdict: Callable[[str, tuple[Source, ...]], Verdict]
) -> StatementSupport:
    if not sources:
        return StatementSupport("uncited")

    def entails(text: str, sources: Sequence[Source]) -> bool:
        return verbatim(text, sources) or verdict(text, tuple(sources)).support == "supported"

    found = entailment(text, sources, entails) or Entailment(False, (False,) * len(sources))
    if verbatim(text, sources):
        return StatementSupport("quoted", (), *found)
    said = verdict(text, tuple(sources))
    return StatementSupport(said.support, tuple(dict.fromkeys(one.kind for one in said.findings)), *found)


def _source(citation: Citation, answer: Answer) -> Source:
    """The passage that holds what is cited, as the answer had it; the quote alone where no passage does."""
    for scored in answer.passages:
        passage = scored.passage
        if (
            passage.document_id == citation.document_id
            and passage.start <= citation.start <= citation.end <= passage.end
        ):
            return Source(passage.text, passage.language, citation.published)
    return Source(citation.quote, citation.language, citation.published)


def _similarity(
    statements: Sequence[Statement], references: Sequence[str], vectors: Callable[[Sequence[str]], NDArray[np.float32]]
) -> float | None:
    if not statements or not references:
        return None
    cosines = vectors([one.text for one in statements]) @ vectors(list(references)).T
    return float(np.clip(cosines.max(), 0.0, 1.0))
