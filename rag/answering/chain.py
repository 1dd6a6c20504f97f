"""From a question to an Answer: retrieve, let a model write or quote, assemble; a model's failure is no end."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from corpus.catalog import Catalog
from corpus.document import Document
from rag.answering import phrases
from rag.answering.comparison.source_notes import closed
from rag.answering.followups.elliptical_questions import Told
from rag.answering.followups.model_rewriting import QuestionRewriter
from rag.answering.generation.quote_translation import QuoteTranslator
from rag.answering.question.subquestions import still_open
from rag.answering.quotes import Selection, select_quotes
from rag.answering.selection.nearest_sentence import with_nearest
from rag.background import Background
from rag.conversation import Understood, needs_context, understand
from rag.embedding import Encoder
from rag.errors import GenerationError
from rag.index import Index
from rag.question_words import standard
from rag.retrieval import Retrieved, Retriever
from rag.scope import left_out
from rag.settings import Settings
from rag.tracing.steps import Step, Tracing, outcome
from rag.types import (
    Answer,
    AnswerLanguage,
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

if TYPE_CHECKING:
    from rag.grounding.inference import InferenceModel
    from rag.grounding.verdict import Reader

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
        tracing: Tracing,
        entailment: Callable[[], Reader | InferenceModel | None],
        inference: Callable[[], InferenceModel | None],
    ) -> None:
        self._index = index
        self._catalog = catalog
        self._retriever = retriever
        self._encoder = encoder
        self._background = background
        self._settings = settings
        self._tracing = tracing
        self._entailment = entailment
        self._inference = inference
        self._quote_translator = QuoteTranslator(settings)
        self._rewriter = QuestionRewriter(settings)
        self._lock = threading.Lock()
        self._probed: tuple[float, GenerationError | None] = (-math.inf, None)

    def stream(
        self,
        question: str,
        history: History,
        mode: Mode,
        filters: Filters | None,
        started: float,
        answer_language: AnswerLanguage | None = None,
    ) -> Iterator[Event]:
        """The events of one answer; `started` is when the question came, by `time.perf_counter`."""
        with self._tracing.question(history) as step:
            step.tell(question=question)
            for event in self._events(question, history, mode, filters, started, answer_language, step):
                if isinstance(event, Answer):
                    event = _as_asked(event, question)
                    usage = step.meter.total(self._settings)
                    event = replace(event, usage=usage, session=step.session, filters=filters or None)
                    if event.status == "not_found" and (notice := left_out(self._catalog, filters, event.language)):
                        yield notice
                        event = replace(event, notices=(*event.notices, notice))
                    step.note(**outcome(event))
                    step.tell(answer=event.text)
                yield event

    def _events(
        self,
        question: str,
        history: History,
        mode: Mode,
        filters: Filters | None,
        started: float,
        answer_language: AnswerLanguage | None,
        step: Step,
    ) -> Iterator[Event]:
        with step.step("retrieve") as retrieving:
            understood = self._understood(question, history, filters, mode, retrieving)
            retrieved = understood.retrieved
            passages = tuple(self._retriever.passages(retrieved.candidates))
            retrieving.note(passages=len(passages), language=retrieved.language)
            retrieving.tell(passages=[one.passage.text for one in passages])
        yield Passages(passages)
        language = answer_language or (retrieved.language if retrieved.language != "und" else "en")
        notices: list[Notice] = []
        selection = understood.selection(self._selected)
        probability = selection.probability if selection else 0.0
        answerable = probability >= self._settings.answer_threshold
        if understood.lacks != "none" and not answerable:
            notices.append(needs_context(language))
        translates = False
        if self._writes(mode, answerable, language, notices):
            try:
                yield from self._generated(retrieved, passages, language, history, selection, started, step)
                return
            except GenerationError as error:
                from rag.llm_errors import fallback_notice, replied

                notices.append(fallback_notice(error, language))
                translates = replied(error)
        yield from notices
        answer = self._quoted(retrieved, passages, language, selection if answerable else None)
        if translates:
            answer = replace(answer, citations=self._quote_translator.translated(answer.citations, language, step))
        answer = _finish(answer, started, notices=tuple(notices), probability=probability)
        if answer.status == "answered":
            yield Token(answer.text)
        yield answer

    def _understood(
        self, question: str, history: History, filters: Filters | None, mode: Mode, step: Step
    ) -> Understood:
        asks = mode != "quotes" and bool(self._settings.llm_model)

        def retrieve(query: str, *, translate: bool = False) -> Retrieved:
            return self._retriever.retrieve(query, PASSAGES, filters, translate=translate, step=step)

        def rewrite(query: str, language: str, turns: History) -> str | None:
            if not asks or (mode == "auto" and self._unreachable()):
                return None
            return self._rewriter.rewritten(query, language, turns, step)

        # Whatever analyses a question knows the standard question words alone.
        before = tuple((standard(earlier), answer) for earlier, answer in history)
        whole = partial(retrieve, translate=True) if asks else None
        return understand(standard(question), before, retrieve, rewrite, whole)

    def _selected(self, retrieved: Retrieved, told: Told | None) -> Selection | None:
        network = self._inference()
        return select_quotes(
            retrieved,
            self._index,
            self._background(),
            self._catalog.slices,
            self._encoder().encode_query,
            network.answered if network else None,
            told,
        )

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
        selection: Selection | None,
        started: float,
        step: Step,
    ) -> Iterator[Event]:
        from rag.answering.generation.generative import Draft, generate
        from rag.answering.generation.statement_checks import checks_for

        for event in generate(
            retrieved.query,
            passages,
            language,
            history,
            self._settings,
            self._document,
            checks_for(language, self._settings, self._encoder().encode_query, self._entailment),
            step=step,
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
                removed=event.removed,
            )
            unsaid = still_open(selection.open_parts if selection else (), (one.text for one in answer.statements))
            if found and unsaid:
                answer = replace(answer, frame=Frame(after=phrases.open_parts(language, unsaid)))
            answer = self._related(closed(answer, retrieved, self._catalog.entries), retrieved)
            translated = self._quote_translator.translated(answer.citations, language, step)
            answer = replace(answer, citations=translated)
            probability = selection.probability if selection else 0.0
            yield _finish(answer, started, notices=event.notices, probability=probability)

    def _document(self, document_id: str) -> Document:
        document = self._catalog.get(document_id)
        if document is None:  # removed while the model was writing
            raise GenerationError("A document was removed while the answer was being written.", "Ask again.")
        return document

    def _quoted(
        self, retrieved: Retrieved, passages: tuple[ScoredPassage, ...], language: str, selection: Selection | None
    ) -> Answer:
        citations = self._citations(selection) if selection is not None else []
        if not citations:
            text, frame = phrases.not_found(language), None
        else:
            frame = phrases.quotes_frame(language, {citation.language for citation in citations})
            if selection is not None and selection.open_parts:
                frame = replace(frame, after=phrases.open_parts(language, selection.open_parts))
            text = _assemble(frame, citations)
        answer = Answer(
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
        return self._related(closed(answer, retrieved, self._catalog.entries), retrieved)

    def _related(self, answer: Answer, retrieved: Retrieved) -> Answer:
        """Beside an answer that found nothing, what of the passages is nearest to the question."""
        if answer.status != "not_found":
            return answer
        return replace(
            answer, passages=with_nearest(answer.passages, retrieved, self._background(), self._catalog.slices)
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
                    page=entry.page_at(quote.start),
                )
            )
        return found


def _assemble(frame: Frame, citations: Sequence[Citation]) -> str:
    lines = [frame.before, *(f"{citation.quote} [{citation.number}]" for citation in citations), frame.after]
    return "\n".join(line for line in lines if line)


def _as_asked(answer: Answer, question: str) -> Answer:
    """The answer under the question that was typed, and beside it what was made of that, where it is another."""
    asked = question.strip()
    same = answer.question in (asked, standard(asked))
    return replace(answer, question=asked, standalone_question=None if same else answer.question)


def _finish(answer: Answer, started: float, *, notices: tuple[Notice, ...], probability: float) -> Answer:
    elapsed = round((time.perf_counter() - started) * 1000)
    return replace(answer, notices=notices, answerable_probability=probability, elapsed_ms=elapsed)
