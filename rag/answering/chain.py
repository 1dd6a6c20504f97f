"""From a question to an Answer: retrieve, let a model write or quote, assemble; a model's failure is no end."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog
from corpus.document import Document
from corpus.language import detect_language
from rag.analysis import Words
from rag.answering import phrases
from rag.answering.quotes import Selection, select_quotes
from rag.background import Background
from rag.bilingual import Bridge, load_glossary
from rag.citations import Judge, Judgement, word_overlap
from rag.embedding import Encoder
from rag.errors import GenerationError
from rag.grounding.findings import Source
from rag.index import Index
from rag.retrieval import Retrieved, Retriever
from rag.settings import Settings
from rag.types import (
    Answer,
    Citation,
    Event,
    Filters,
    Frame,
    History,
    Mode,
    Models,
    Notice,
    Passages,
    ScoredPassage,
    Statement,
    Token,
)

PASSAGES = 10
"""Passages retrieved for an answer, and listed in it."""
REACHABLE_SECONDS = 30.0
"""How long an answer to "is the language model there?" is believed."""


class Answerer:
    """Answers questions over one index. Safe for several threads."""

    def __init__(
        self,
        index: Index,
        catalog: Catalog,
        retriever: Retriever,
        encoder: Callable[[], Encoder],
        background: Callable[[], Background],
        settings: Settings,
    ) -> None:
        self._index = index
        self._catalog = catalog
        self._retriever = retriever
        self._encoder = encoder
        self._background = background
        self._settings = settings
        self._lock = threading.Lock()
        self._probed: tuple[float, GenerationError | None] = (-math.inf, None)

    def stream(
        self, question: str, history: History, mode: Mode, filters: Filters | None, started: float
    ) -> Iterator[Event]:
        """The events of one answer; `started` is when the question came, by `time.perf_counter`."""
        retrieved = self._retriever.retrieve(question, PASSAGES, filters, translate=mode != "quotes")
        passages = tuple(self._retriever.passages(retrieved.candidates))
        yield Passages(passages)
        language = retrieved.language if retrieved.language != "und" else "en"
        notices: list[Notice] = [] if retrieved.selected else [phrases.nothing_selected(language)]
        selection = select_quotes(
            retrieved, self._index, self._background(), self._catalog.slices, self._encoder().encode_query
        )
        probability = selection.probability if selection else 0.0
        answerable = probability >= self._settings.answer_threshold
        if self._writes(mode, answerable, language, notices):
            try:
                yield from self._generated(retrieved, passages, language, history, probability, started)
                return
            except GenerationError as error:
                from rag.llm_errors import fallback_notice

                notices.append(fallback_notice(error, language))
        yield from notices
        answer = self._quoted(retrieved, passages, language, selection if answerable else None)
        answer = _finish(answer, started, notices=tuple(notices), probability=probability)
        if answer.status == "answered":
            yield Token(answer.text)
        yield answer

    def _writes(self, mode: Mode, answerable: bool, language: str, notices: list[Notice]) -> bool:
        """Whether a language model is to write this answer; what keeps it from it becomes a notice."""
        if mode == "quotes" or (mode == "auto" and not answerable):
            return False
        from rag import llm
        from rag.llm_errors import fallback_notice, generation_error

        if not llm.configured(self._settings):
            if mode == "llm":
                notices.append(fallback_notice(generation_error("not_configured"), language))
            return False
        if mode == "llm":
            return True
        failure = self._unreachable()
        if failure is not None:
            notices.append(fallback_notice(failure, language))
        return failure is None

    def _unreachable(self) -> GenerationError | None:
        """What keeps the language model from answering, asked again at most every `REACHABLE_SECONDS`."""
        from rag import llm

        with self._lock:
            asked, failure = self._probed
            if time.monotonic() - asked > REACHABLE_SECONDS:
                failure, _ = llm.probe(self._settings)
                self._probed = (time.monotonic(), failure)
            return failure

    def _generated(
        self,
        retrieved: Retrieved,
        passages: tuple[ScoredPassage, ...],
        language: str,
        history: History,
        probability: float,
        started: float,
    ) -> Iterator[Event]:
        from rag.answering.generative import Draft, generate

        for event in generate(
            retrieved.query,
            passages,
            language,
            history,
            self._settings,
            self._document,
            self._similarity,
            self._judge(language),
        ):
            if not isinstance(event, Draft):
                yield event
                continue
            found = event.status == "answered"
            answer = Answer(
                question=retrieved.query,
                language=language,
                status=event.status,
                mode="llm",
                text=event.text if found else phrases.not_found(language),
                statements=event.statements,
                citations=event.citations,
                passages=passages,
                index_generation=self._index.generation,
                models=Models(self._encoder().identity, self._settings.llm_model),
                elapsed_ms=0,
                usage=event.usage,
                removed=event.removed,
            )
            yield _finish(answer, started, notices=event.notices, probability=probability)

    def _document(self, document_id: str) -> Document:
        document = self._catalog.get(document_id)
        if document is None:  # removed while the model was writing
            raise GenerationError("A document was removed while the answer was being written.", "Ask again.")
        return document

    def _judge(self, language: str) -> Judge | None:
        """How a model's statements are judged; `language` is that of the question, in which reasons are given."""
        if self._settings.grounding == "off":
            return None
        from rag.grounding.reasons import reasons
        from rag.grounding.verdict import judge

        encoder = self._encoder()
        known: dict[str, NDArray[np.float32]] = {}

        def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
            known.update({text: encoder.encode_query(text) for text in texts if text not in known})
            return np.stack([known[text] for text in texts])

        def judged(statement: str, sources: Sequence[Source]) -> Judgement:
            written = detect_language(statement)
            verdict = judge(statement, language if written == "und" else written, sources, vectors)
            return Judgement(verdict.support, reasons(verdict.findings, language))

        return judged

    def _similarity(self, statement: str, candidates: Sequence[str]) -> Sequence[float]:
        """Words, across languages by glossary and names, and meaning; both count."""
        glossary = load_glossary()
        bridge = Bridge(statement, {word: 1.0 for word, _ in glossary.ways(statement)}, glossary)
        bridged = [sum(bridge.share[word] for word in bridge.found(Words.of(one))) for one in candidates]
        overlap = np.maximum(word_overlap(statement, candidates), bridged)
        encoder = self._encoder()
        vector = encoder.encode_query(statement)
        cosines = [float(encoder.encode_query(candidate) @ vector) for candidate in candidates]
        return list(map(float, overlap + np.array(cosines)))

    def _quoted(
        self, retrieved: Retrieved, passages: tuple[ScoredPassage, ...], language: str, selection: Selection | None
    ) -> Answer:
        citations = self._citations(selection) if selection is not None else []
        if not citations:
            text, frame = phrases.not_found(language), None
        else:
            frame = phrases.quotes_frame(language, {citation.language for citation in citations})
            text = _assemble(frame, citations)
        return Answer(
            question=retrieved.query,
            language=language,
            status="answered" if citations else "not_found",
            mode="quotes",
            text=text,
            statements=tuple(Statement(c.quote, (c.number,), "quoted") for c in citations),
            citations=tuple(citations),
            passages=passages,
            index_generation=self._index.generation,
            models=Models(self._encoder().identity),
            elapsed_ms=0,
            frame=frame,
        )

    def _citations(self, selection: Selection) -> list[Citation]:
        quotes = selection.quotes
        texts = self._catalog.slices((quote.document_id, quote.start, quote.end) for quote in quotes)
        entries = {entry.document_id: entry for entry in self._catalog.entries([q.document_id for q in quotes])}
        found: list[Citation] = []
        for quote, text in zip(quotes, texts, strict=True):
            entry = entries.get(quote.document_id)
            if entry is None or not text:
                continue  # removed while the question was being answered
            found.append(
                Citation(
                    number=len(found) + 1,
                    document_id=quote.document_id,
                    document_sha256=entry.sha256,
                    title=entry.title,
                    source=entry.source,
                    publisher=entry.publisher,
                    published=entry.published,
                    language=quote.language,
                    start=quote.start,
                    end=quote.end,
                    quote=text,
                )
            )
        return found


def _assemble(frame: Frame, citations: Sequence[Citation]) -> str:
    lines = [frame.before, *(f"{citation.quote} [{citation.number}]" for citation in citations), frame.after]
    return "\n".join(line for line in lines if line)


def _finish(answer: Answer, started: float, *, notices: tuple[Notice, ...], probability: float) -> Answer:
    elapsed = round((time.perf_counter() - started) * 1000)
    return replace(answer, notices=notices, answerable_probability=probability, elapsed_ms=elapsed)
