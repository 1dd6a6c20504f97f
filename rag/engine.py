"""The one place that wires the parts: a home, its catalogue and index, the models, and what can be asked of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from corpus.catalog import Catalog, Entry
from corpus.document import Document
from rag.background import Background, load_background
from rag.embedding import Encoder
from rag.encoders import expected_identity, open_encoder
from rag.errors import DocumentNotFound, EmptyHome, IndexUnusable
from rag.home import HomeLock
from rag.index import Index, delete_index
from rag.ingestion import ingest_file, ingest_sources
from rag.question_words import standard
from rag.reranking import CrossEncoderReranker
from rag.retrieval import Retriever, check_query
from rag.saved_answers import SavedAnswer, saved_answers
from rag.settings import NO_NLI, Settings, load_settings
from rag.tracing.steps import open_tracing
from rag.translation import QueryTranslator
from rag.types import (
    Answer,
    AnswerLanguage,
    DocumentSummary,
    Event,
    Filters,
    History,
    IngestReport,
    Mode,
    Progress,
    ScoredPassage,
)
from rag.verification.verify import Verification, verify_answers

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from rag.answering.chain import Answerer
    from rag.claims.checking import ClaimChecker
    from rag.claims.verdicts import Verdict
    from rag.grounding.entailment import EntailmentModel
    from rag.grounding.inference import InferenceModel
    from rag.health import HealthCheck

Report = Callable[[Progress], None]


class Engine:
    """Documents in a home, and answers from them. A context manager; safe to use from several threads.

    Opening takes the home (one process owns a home) and loads nothing heavy: the embedding model and the indexes load
    when first needed, or by `warm`.
    """

    def __init__(self, settings: Settings, lock: HomeLock) -> None:
        """Use `Engine.open`."""
        self.settings = settings
        self.home: Path = settings.home
        self._home_lock = lock
        self._load_lock = threading.RLock()
        self._encoder: Encoder | None = None
        self._background: Background | None = None
        self._answerer: Answerer | None = None
        self._checker: ClaimChecker | None = None
        self._translator = QueryTranslator(settings)
        self._reranker: CrossEncoderReranker | None = None
        self._entailment: EntailmentModel | None = None
        self._inference: InferenceModel | None = None
        self._synced = False
        self._tracing = open_tracing(settings)
        self._catalog = Catalog(self.home / "catalog.sqlite")
        self._index_fault: IndexUnusable | None = None
        self._index: Index | None = None
        try:
            self._index = Index(self.home / "index", expected_identity(settings))
        except IndexUnusable as fault:
            # The documents are all there: they can be listed, and `repair` makes the index anew.
            self._index_fault = fault

    @classmethod
    def open(
        cls, home: str | Path | None = None, *, settings: Settings | None = None, command: str = "python"
    ) -> Engine:
        """The engine over `home` (default: the setting), which this process then owns until `close`.

        `command` is what other processes are told is using the home. Raises HomeBusy, SettingsError and CatalogError;
        an index that cannot be used (ModelMismatch, NewerIndex) is raised by what needs it.
        """
        settings = settings if settings is not None else load_settings()
        folder = Path(home if home is not None else settings.home).expanduser().absolute()
        settings = settings.model_copy(update={"home": folder})
        lock = HomeLock(folder, command).acquire()
        try:
            return cls(settings, lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Gives the home back; the engine cannot be used afterwards.

        An ingestion under way ends after the batch that it is at; what it stored is indexed the next time.
        """
        with self._load_lock:
            index, self._index = self._index, None
        # Not under the lock: what is being indexed may want the model before it comes to an end.
        if index is not None:
            index.close()
        with self._load_lock:
            self._catalog.close()
            self._home_lock.release()
            # They hold the engine, and it them: 300 MB that would stay until the garbage collector's rarest round.
            self._answerer = self._checker = self._inference = self._entailment = None
            self._encoder = self._background = self._reranker = None
        self._tracing.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def announce(self, url: str, token: str) -> None:
        """Writes a server's address into the home, so that other commands go through it."""
        self._home_lock.announce(url, token)

    # -- parts, loaded when first needed -----------------------------------------------------------------------------

    def encoder(self, progress: Report | None = None) -> Encoder:
        """The embedding model. Raises ModelError."""
        with self._load_lock:
            if self._encoder is None:
                self._encoder = open_encoder(self.settings, progress=progress)
            return self._encoder

    def background(self) -> Background:
        """The background texts under the embedding model."""
        with self._load_lock:
            if self._background is None:
                self._background = load_background(self.settings.cache / "background", self.encoder())
            return self._background

    def reranker(self) -> CrossEncoderReranker | None:
        """The cross-encoder in the settings, None where there is none. Raises ModelError."""
        with self._load_lock:
            if self._reranker is None and self.settings.reranker:
                self._reranker = CrossEncoderReranker(self.settings.reranker, self.settings)
            return self._reranker

    def inference(self) -> InferenceModel | None:
        """The bundled network that reads whether a source says so; None where the bundled model is missing."""
        encoder = self.encoder()
        with self._load_lock:
            if self._inference is None:
                from rag.encoders import open_states
                from rag.grounding.inference import InferenceModel
                from rag.onnx_encoder import OnnxEncoder

                states = encoder if isinstance(encoder, OnnxEncoder) else open_states(self.settings)
                self._inference = InferenceModel(states) if states is not None else None
            return self._inference

    def entailment(self) -> EntailmentModel | InferenceModel | None:
        """What judges a model's statements: an NLI model, the bundled network, or None. Raises ModelError."""
        if self.settings.support_judge == "bundled":
            return self.inference()
        with self._load_lock:
            if self._entailment is None and self.settings.support_judge not in NO_NLI:
                from rag.grounding.entailment import EntailmentModel

                self._entailment = EntailmentModel(self.settings.support_judge, self.settings)
            return self._entailment

    def _usable_index(self) -> Index:
        if self._index is None:
            raise self._index_fault or IndexUnusable("The engine is closed.", "Open it again.")
        return self._index

    def index(self, progress: Report | None = None) -> Index:
        """The index, after whatever an earlier process left undone has been finished."""
        index = self._usable_index()
        with self._load_lock:
            if not self._synced:
                if expected_identity(self.settings) is None and index.model is not None:
                    index.check_model(self.encoder(progress).identity)
                index.sync(self._catalog, lambda: self.encoder(progress), progress)
                self._synced = True
        return index

    def retriever(self) -> Retriever:
        """What finds passages in this home."""
        return Retriever(self.index(), self._catalog, self.encoder, self.background, self._translator, self.reranker)

    def slices(self, spans: Iterable[tuple[str, int, int]]) -> list[str]:
        """The stored text of each (document_id, start, end) in code points; "" where the document is gone."""
        return self._catalog.slices(spans)

    def warm(self, progress: Report | None = None) -> None:
        """Loads the model and the index now, so that the first question does not wait for them."""
        self.encoder(progress)
        self.index(progress)
        self.background()
        self.reranker()
        self.inference()
        self.entailment()
        if self._catalog.active():
            self.search("warm up", limit=1)

    # -- documents ---------------------------------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """Counts the changes of the index; part of every answer."""
        return self._usable_index().generation

    def ingest(
        self, sources: Iterable[str | Path], *, tags: Sequence[str] = (), progress: Report | None = None
    ) -> IngestReport:
        """Reads files, folders and addresses into the home and indexes them.

        A source that cannot be read is reported and costs the others nothing. Raises CatalogError (disk full) and
        ModelError; what was stored by then stays, and is indexed the next time.
        """
        index = self.index(progress)
        report = ingest_sources(sources, self._catalog, self.settings, tags=tags, progress=progress)
        index.sync(self._catalog, lambda: self.encoder(progress), progress)
        return replace(report, generation=index.generation)

    def ingest_file(self, file: Path, keep_as: Path, *, progress: Report | None = None) -> IngestReport:
        """Reads `file` as the document at `keep_as`, moves it there and indexes it.

        Where it cannot be read, which the report says, `keep_as` and its document stay as they were, and `file` stays
        where it is. Raises as `ingest` does.
        """
        index = self.index(progress)
        report = ingest_file(file, keep_as, self._catalog, self.settings, progress=progress)
        index.sync(self._catalog, lambda: self.encoder(progress), progress)
        return replace(report, generation=index.generation)

    def documents(self) -> list[DocumentSummary]:
        """Every stored document without its text, in the order they came."""
        return [_summary(entry) for entry in self._catalog.entries()]

    def document(self, document_id: str) -> Document:
        """A document, whole; a prefix of its id will do if it is the only one. Raises DocumentNotFound."""
        found = self._catalog.get(document_id)
        if found is None:
            found = self._catalog.get(self._full_id(document_id))
        if found is None:
            raise _no_document(document_id)
        return found

    def remove(self, document_id: str) -> DocumentSummary:
        """Forgets a document and what was indexed of it. Raises DocumentNotFound."""
        full = self._full_id(document_id)
        entries = self._catalog.entries([full])
        index = self.index()
        self._catalog.remove(full)
        index.sync(self._catalog, self.encoder)
        return _summary(entries[0])

    def _full_id(self, prefix: str) -> str:
        matches = self._catalog.with_prefix(prefix) if prefix else []
        if len(matches) > 1:
            raise DocumentNotFound(
                f"More than one document id begins with {prefix!r}.", "Give more of it.", document_id=prefix
            )
        if not matches:
            raise _no_document(prefix)
        return matches[0]

    # -- questions ---------------------------------------------------------------------------------------------------

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> list[ScoredPassage]:
        """The passages that fit `query` best. Raises InvalidQuery and EmptyHome."""
        check_query(query)
        self._refuse_if_empty()
        retriever = self.retriever()
        return retriever.passages(retriever.retrieve(standard(query), limit, filters, translate=True).candidates)

    def ask(
        self,
        question: str,
        history: History = (),
        mode: Mode = "auto",
        filters: Filters | None = None,
        answer_language: AnswerLanguage | None = None,
    ) -> Answer:
        """The answer to `question`. Raises InvalidQuery and EmptyHome; a language model's failure is no error.

        `answer_language` is that of the answer; by default the question's.
        """
        last: Event | None = None
        for last in self.stream(question, history, mode, filters, answer_language):  # noqa: B007 - the last event is the answer
            pass
        assert isinstance(last, Answer)
        return last

    def stream(
        self,
        question: str,
        history: History = (),
        mode: Mode = "auto",
        filters: Filters | None = None,
        answer_language: AnswerLanguage | None = None,
    ) -> Iterator[Event]:
        """The answer as it is made: Passages, then Token and Notice events, last the Answer. Raises as `ask` does."""
        started = time.perf_counter()
        check_query(question)
        self._refuse_if_empty()
        return self._answers().stream(question, history, mode, filters, started, answer_language)

    def _answers(self) -> Answerer:
        self.index()
        with self._load_lock:
            if self._answerer is None:
                from rag.answering.chain import Answerer

                self._answerer = Answerer(
                    self._usable_index(),
                    self._catalog,
                    self.retriever(),
                    self.encoder,
                    self.background,
                    self.settings,
                    self._tracing,
                    self.entailment,
                    self.inference,
                )
            return self._answerer

    def check(
        self, claim: str, filters: Filters | None = None, answer_language: AnswerLanguage | None = None
    ) -> Verdict:
        """Whether the documents bear `claim` out, with the sentences for it and against it.

        Reasons are in the claim's language, or in `answer_language`. Raises InvalidQuery and EmptyHome.
        """
        from rag.claims.checking import ClaimChecker
        from rag.claims.verdicts import check_text

        check_text(claim)
        self._refuse_if_empty()
        self.index()
        with self._load_lock:
            if self._checker is None:
                self._checker = ClaimChecker(
                    self._usable_index(), self._catalog, self.retriever(), self.encoder, self.background
                )
        return self._checker.check(claim, filters, answer_language)

    def verify(self, answers: object, *, again: bool = False, language: AnswerLanguage = "en") -> Verification:
        """Checks saved answers again: is all in them that documents can confirm as it says?

        `answers` is an Answer, the JSON of one (`ask --json`) or of a checked claim, or a list of such things. Loads
        neither model nor index, unless they are to be asked `again`: then quotes and verdicts that come out otherwise
        now are told too. What is found is said in `language`. Raises InvalidQuery where `answers` is anything else.
        """
        saved = saved_answers(answers)
        verified = verify_answers(
            saved, lambda part: self._catalog.get(part.document_id), self._source_of, language, str(self.home)
        )
        if not again:
            return verified
        from rag.verification.again import asked_again

        pairs = zip(saved, verified.answers, strict=True)
        return replace(
            verified,
            answers=tuple(
                asked_again(one, found, self._ask_again, self._check_again, language) for one, found in pairs
            ),
        )

    def _ask_again(self, saved: SavedAnswer) -> Answer:
        language: AnswerLanguage | None = "ar" if saved.language == "ar" else "en" if saved.language == "en" else None
        return self.ask(saved.question, mode="quotes", filters=saved.filters, answer_language=language)

    def _check_again(self, saved: SavedAnswer) -> Verdict:
        return self.check(saved.question, saved.filters)

    def _source_of(self, sha256: str) -> str | None:
        """Where a text with this SHA-256 comes from, None if none is stored."""
        return next((entry.source for entry in self._catalog.entries() if entry.sha256 == sha256), None)

    def as_retriever(self, limit: int = 10) -> BaseRetriever:
        """Tawthiq's retrieval as a LangChain retriever."""
        from rag.langchain_retriever import TawthiqRetriever

        return TawthiqRetriever(search=self.search, limit=limit)

    def as_runnable(self) -> Runnable[str | dict[str, Any], Answer]:
        """Whole answers as a LangChain Runnable: a question, or a dict of `ask`'s arguments, to its Answer."""
        from rag.langchain_retriever import answer_runnable

        return answer_runnable(self.ask)

    def _refuse_if_empty(self) -> None:
        if self._catalog.empty():
            raise EmptyHome(
                f"There are no documents in {self.home}.",
                "Add some with `tawthiq ingest PATH`, or the samples with `tawthiq ingest --samples`.",
                home=str(self.home),
            )

    # -- care --------------------------------------------------------------------------------------------------------

    def repair(self, progress: Report | None = None) -> int:
        """Deletes the index and builds it again from the catalogue; returns how many documents it holds."""
        with self._load_lock:
            if self._index is not None:
                self._index.close()
            self._answerer = self._checker = None
            delete_index(self.home / "index")
            self._background = None
            self._index = Index(self.home / "index", expected_identity(self.settings))
            self._index_fault = None
            self._synced = False
            self.index(progress)
            return len(self._index.documents())

    def index_problems(self) -> list[str]:
        """What does not agree between catalogue and index; empty when all is well. Raises IndexUnusable."""
        return self._usable_index().problems(self._catalog)

    def passage_count(self) -> int:
        """How many passages are indexed."""
        return self._usable_index().passage_count()

    def index_digest(self) -> str:
        """SHA-256 of what is indexed, and by which model: what tells two indexes apart. Raises IndexUnusable."""
        return self.index().digest()

    def health(self) -> list[HealthCheck]:
        """The state of disk, model, catalogue, index and language model. Never raises."""
        from rag.health import examine

        return examine(self)


def _summary(entry: Entry) -> DocumentSummary:
    return DocumentSummary(
        document_id=entry.document_id,
        source=entry.source,
        title=entry.title,
        language=entry.language,
        published=entry.published,
        publisher=entry.publisher,
        author=entry.author,
        tags=entry.tags,
        characters=entry.characters,
        sha256=entry.sha256,
        image_pages=entry.image_pages,
    )


def _no_document(document_id: str) -> DocumentNotFound:
    return DocumentNotFound(
        f"There is no document {document_id!r}.",
        "List the documents with `tawthiq documents list`.",
        document_id=document_id,
    )
