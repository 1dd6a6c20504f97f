"""One question of a set through the engine: what comes back is a `Case`, whatever happens on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Protocol, runtime_checkable

from corpus.document import Document
from evals.cases import Case, StoredQuote, direction_of
from evals.metrics.retrieval import ranked_documents
from evals.observation import Observe
from evals.pool import Stopped
from evals.question_set import Question
from evals.references import DocumentReferences
from rag.errors import DocumentNotFound, TawthiqError
from rag.types import Answer, DocumentSummary, Event, History, Mode, ScoredPassage, Token

RANKED_PASSAGES = 50
"""Passages that the ranking of documents is read off: enough for ten documents of several passages each."""
_KEPT_TEXTS = 256
"""Stored texts held in memory at once, for the check of quotes."""


class Respondent(Protocol):
    """What is evaluated: an open `rag.Engine`, or anything that answers as it does (a client of a running server).

    Several threads may ask it at once.
    """

    @property
    def generation(self) -> int: ...
    def documents(self) -> list[DocumentSummary]: ...
    def document(self, document_id: str) -> Document: ...
    def ask(self, question: str, history: History = (), mode: Mode = "auto") -> Answer: ...
    def search(self, query: str, limit: int = 10) -> list[ScoredPassage]: ...


@runtime_checkable
class Streaming(Protocol):
    """What also gives an answer as it is written: of it, the time to the first token is recorded."""

    def stream(self, question: str, history: History = (), mode: Mode = "auto") -> Iterator[Event]: ...


class Recorder:
    """Turns questions into cases over one engine. Safe for several threads."""

    def __init__(
        self, engine: Respondent, references: DocumentReferences, mode: Mode, observe: Observe | None = None
    ) -> None:
        self.engine = engine
        self.references = references
        self.mode = mode
        self.observe = observe
        self._stream = engine.stream if mode != "quotes" and isinstance(engine, Streaming) else None
        self._stored = lru_cache(maxsize=_KEPT_TEXTS)(self._read_stored)

    def prepare(self, question: Question) -> Case:
        """The case before it is asked: documents found and spans compared with the stored text, or "invalid"."""
        try:
            expected = tuple(dict.fromkeys(self.references.find(name) for name in question.documents))
            self._check_spans(question)
            places = tuple(self.references.find(span.document) for span in question.spans)
        except (ValueError, DocumentNotFound) as error:  # the latter: removed since the documents were listed
            return Case(question, direction_of(question, set()), "invalid", error=str(error))
        languages = {self.references.languages[document_id] for document_id in expected}
        return Case(question, direction_of(question, languages), "asked", expected, places=places)

    def ask(self, case: Case, stop: threading.Event) -> Case:
        """`case` with the engine's answer, or with its error as "failed"; an invalid one as it is.

        The turns before a question are asked in their order, each with the answers to those before it. Once `stop` is
        set, raises Stopped where an answer is being written.
        """
        if case.status == "invalid":
            return case
        history: list[tuple[str, Answer]] = []
        try:
            for turn in case.question.turns:
                answer, _ = self._answer(turn, tuple(history), stop)
                history.append((turn, answer))
            start = time.perf_counter()
            answer, first = self._answer(case.question.question, tuple(history), stop)
            elapsed_ms = (time.perf_counter() - start) * 1000
            stored = tuple(self._stored_quote(c.document_id, c.start, c.end) for c in answer.citations)
            ranking = self._ranking(case.question, answer)
            observation = self.observe(case.question, answer) if self.observe else None
        except Stopped:
            raise
        except TawthiqError as error:
            return replace(case, status="failed", error=str(error))
        except Exception as error:  # a defect of the engine must not end the run: it is shown as what it is
            return replace(case, status="failed", error=" ".join(f"{type(error).__name__}: {error}".split()))
        asked = replace(
            case, answer=answer, stored=stored, elapsed_ms=elapsed_ms, first_token_ms=first, ranking=ranking,
            observation=observation,
        )  # fmt: skip
        return Case.from_json(asked.to_json())  # as it is written, rounded, so that it scores the same when read again

    def _answer(self, question: str, history: History, stop: threading.Event) -> tuple[Answer, float | None]:
        """The answer, which is the same streamed or not, and the milliseconds until its first token.

        None where no model wrote it: quotes, also those that took the place of a model's failed answer, come at once.
        """
        if self._stream is None:
            return self.engine.ask(question, history=history, mode=self.mode), None
        start, first, last = time.perf_counter(), None, None
        for last in self._stream(question, history=history, mode=self.mode):
            if first is None and isinstance(last, Token):
                first = (time.perf_counter() - start) * 1000
            if stop.is_set() and not isinstance(last, Answer):
                raise Stopped
        if not isinstance(last, Answer):
            raise TypeError("the stream ended without an answer")
        return last, first if last.mode == "llm" else None

    def _ranking(self, question: Question, answer: Answer) -> tuple[str, ...]:
        """Distinct documents, best first: those of the answer's own passages, then what a deeper search adds.

        Only the answer knows how a question that follows others was understood: there, nothing is added.
        """
        ranking = ranked_documents(answer.passages)
        if not question.turns:
            ranking += ranked_documents(self.engine.search(question.question, limit=RANKED_PASSAGES))
        return tuple(dict.fromkeys(ranking))

    def _check_spans(self, question: Question) -> None:
        for position, span in enumerate(question.spans, start=1):
            text, _ = self._stored(self.references.find(span.document))
            if span.end > len(text):
                raise ValueError(f"span {position} ends at {span.end}, {span.document!r} at {len(text)}")
            if span.quote is not None and text[span.start : span.end] != span.quote:
                raise ValueError(f"span {position}: {span.document!r} no longer holds its quote there")

    def _stored_quote(self, document_id: str, start: int, end: int) -> StoredQuote:
        text, sha256 = self._stored(document_id)
        return StoredQuote(sha256, text[start:end])

    def _read_stored(self, document_id: str) -> tuple[str, str]:
        document = self.engine.document(document_id)
        return document.text, document.sha256
