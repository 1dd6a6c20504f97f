"""Asking a question set through the real engine, and recording every answer.

The folder of a run holds `run.json` (what is run, written first), `cases.jsonl` (a line for each case, written as soon
as it is known) and `summary.json` (written last, whole or not at all). A run that was cut off goes on where it was.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

from corpus.document import Document
from corpus.sources import sample_documents
from evals import question_sets
from evals.cases import CASES_FILE, SUMMARY_FILE, Case, StoredQuote, direction_of
from evals.errors import EvaluationError
from evals.metrics import score_case
from evals.metrics.retrieval import check_available, ranked_documents
from evals.observation import Observe, observer
from evals.question_set import Question, QuestionSet, load_question_set
from evals.references import DocumentReferences
from evals.resuming import RUN_FILE, corpus_digest, kept_cases
from evals.summary import Summary, summarise
from evals.whole_files import write_whole
from rag.errors import TawthiqError
from rag.settings import Settings
from rag.types import Answer, DocumentSummary, History, IngestReport, Mode, Progress, ScoredPassage

RANKED_PASSAGES = 50
"""Passages that the ranking of documents is read off: enough for ten documents of several passages each."""
_KEPT_TEXTS = 256
"""Stored texts held in memory at once, for the check of quotes."""


class Respondent(Protocol):
    """What is evaluated: an open `rag.Engine`, or anything that answers as it does (a client of a running server)."""

    @property
    def generation(self) -> int: ...
    def documents(self) -> list[DocumentSummary]: ...
    def document(self, document_id: str) -> Document: ...
    def ask(self, question: str, history: History = (), mode: Mode = "auto") -> Answer: ...
    def search(self, query: str, limit: int = 10) -> list[ScoredPassage]: ...


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: `done` of `total` units of `stage` ("model", "reading", "indexing", then "asking")."""

    stage: str
    done: int
    total: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run: its cases in the order of the set, its figures, and the folder that holds both."""

    cases: tuple[Case, ...]
    summary: Summary
    out: Path


def evaluate(
    set_path: str | Path,
    out: str | Path,
    *,
    home: str | Path | None = None,
    documents: str | Path | None = None,
    settings: Settings | None = None,
    mode: Mode = "quotes",
    restart: bool = False,
    progress: Callable[[RunProgress], None] | None = None,
) -> RunResult:
    """Runs the question set at `set_path`, a JSONL file or the name of a bundled set, into the folder `out`.

    It is asked over `home`, or over `documents` ingested into a fresh home that is removed afterwards. With neither, a
    bundled set is asked over the sample corpus that it was made for, any other over the default home. Raises
    QuestionSetError before anything is opened, EvaluationError, and what opening the engine raises. `restart` asks all
    anew where a run was cut off.
    """
    if home is not None and documents is not None:
        raise EvaluationError("Both a home and documents are given.", "Give one of them.")
    check_available()
    question_set = load_question_set(question_sets.path(set_path))
    if home is None and documents is None and question_sets.is_bundled(set_path):
        documents = sample_documents()
    if documents is not None and not Path(documents).exists():
        raise EvaluationError(f"There is nothing at {documents}.", "Name a folder of documents.")
    _writable(Path(out))

    from rag.engine import Engine  # here, so that reading and scoring recorded runs needs no engine

    def tell(step: Progress) -> None:
        if progress:
            progress(RunProgress(step.stage, step.done, step.total, step.detail))

    about: dict[str, Any] = {"documents_from": None if documents is None else str(documents)}
    with ExitStack() as stack:
        if documents is not None:
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="tawthiq-eval-"))
        engine = stack.enter_context(Engine.open(home, settings=settings, command="eval run"))
        if documents is not None:
            about["ingestion"] = _ingestion(engine.ingest([documents], progress=tell))
        else:
            about["home"] = str(engine.home)
        about["configuration"] = configuration(engine.settings)
        engine.warm(tell)  # so that loading the model is not in the first question's time
        return run_question_set(
            engine, question_set, Path(out), mode=mode, restart=restart, progress=progress, about=about,
            observe=observer(engine),
        )  # fmt: skip


def run_question_set(
    engine: Respondent,
    question_set: QuestionSet,
    out: Path,
    *,
    mode: Mode = "quotes",
    restart: bool = False,
    progress: Callable[[RunProgress], None] | None = None,
    about: dict[str, Any] | None = None,
    observe: Observe | None = None,
) -> RunResult:
    """Asks every question of `question_set`, in order, and writes the folder `out`.

    An earlier run there is replaced; one that was cut off, of the same set, mode, documents, index and configuration
    (`about["configuration"]`), is gone on with, unless `restart`.

    A case that the engine fails on is recorded as failed, one whose documents or spans do not fit the corpus as
    invalid; neither is scored, and the run goes on. Raises EvaluationError when the corpus is empty, when no case
    fits it, and when `out` cannot be written. `about` is kept in the summary. `observe` measures each answer
    with the engine's models (`evals.observation.observer`); without it, what needs them is unscored.
    """
    check_available()
    _writable(out)
    summaries = engine.documents()
    if not summaries:
        raise EvaluationError("There are no documents to ask.", "Ingest some, or name a folder of them.")
    recorder = _Recorder(engine, DocumentReferences(summaries), mode, observe)
    prepared = [recorder.prepare(question) for question in question_set.questions]
    if all(case.status == "invalid" for case in prepared):
        raise EvaluationError(
            f"No question of {question_set.name} fits these documents; the first, {prepared[0].question.id}: "
            f"{prepared[0].error}.",
            "Use the documents that the set was made for.",
        )
    about = about or {}
    identity = {
        "question_set": question_set.digest,
        "mode": mode,
        "corpus": corpus_digest(summaries),
        "index_generation": engine.generation,
        "configuration": about.get("configuration"),
        "version": _version(),
    }
    # Where the configuration is not known, a server's, it may be another than that of what was asked before.
    known = about.get("configuration") is not None
    kept = kept_cases(out, identity, prepared) if known and not restart else []
    started, clock = datetime.now(UTC), time.perf_counter()
    cases: list[Case] = []
    try:
        (out / SUMMARY_FILE).unlink(missing_ok=True)  # so that a run cut off now is not taken for the one before it
        write_whole(out / CASES_FILE, "".join(map(_line, kept)))
        write_whole(out / RUN_FILE, json.dumps(identity, ensure_ascii=False, indent=2) + "\n")
        with (out / CASES_FILE).open("a", encoding="utf-8", newline="\n") as lines:
            for done, case in enumerate(prepared):
                if done < len(kept):
                    cases.append(kept[done])
                    continue
                if progress:
                    progress(RunProgress("asking", done, len(prepared), case.question.id))
                case = recorder.ask(case) if case.status != "invalid" else case
                cases.append(case)
                lines.write(_line(case))
                lines.flush()
        if progress:
            progress(RunProgress("asking", len(prepared), len(prepared)))
        summary = summarise(
            cases,
            {
                "question_set": {
                    "name": question_set.name,
                    "path": question_set.path,
                    "digest": question_set.digest,
                    "questions": len(question_set.questions),
                },
                "mode": mode,
                "documents": len(summaries),
                "corpus_digest": identity["corpus"],
                "kept_from_a_run_cut_off": len(kept),
                "index_generation": engine.generation,
                "models": _models(cases),
                **about,
                "versions": {"tawthiq": _version(), "python": platform.python_version()},
                "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
                "started": started.isoformat(timespec="seconds"),
                "elapsed_s": round(time.perf_counter() - clock, 2),
            },
        )
        write_whole(out / SUMMARY_FILE, json.dumps(summary.to_json(), ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise EvaluationError(f"The run folder {out} cannot be written: {error.strerror}.", "Name another.") from None
    return RunResult(tuple(cases), summary, out)


class _Recorder:
    """Turns questions into cases over one engine."""

    def __init__(self, engine: Respondent, references: DocumentReferences, mode: Mode, observe: Observe | None) -> None:
        self.engine = engine
        self.references = references
        self.mode = mode
        self.observe = observe
        self._stored = lru_cache(maxsize=_KEPT_TEXTS)(self._read_stored)

    def prepare(self, question: Question) -> Case:
        """The case before it is asked: documents found and spans compared with the stored text, or "invalid"."""
        try:
            expected = tuple(dict.fromkeys(self.references.find(name) for name in question.documents))
            self._check_spans(question)
            places = tuple(self.references.find(span.document) for span in question.spans)
        except ValueError as error:
            return Case(question, direction_of(question, set()), "invalid", error=str(error))
        languages = {self.references.languages[document_id] for document_id in expected}
        return Case(question, direction_of(question, languages), "asked", expected, places=places)

    def ask(self, case: Case) -> Case:
        """`case` with the engine's answer, or with its error as "failed"."""
        history: list[tuple[str, Answer]] = []
        try:
            for turn in case.question.turns:
                history.append((turn, self.engine.ask(turn, history=tuple(history), mode=self.mode)))
            start = time.perf_counter()
            answer = self.engine.ask(case.question.question, history=tuple(history), mode=self.mode)
            elapsed_ms = (time.perf_counter() - start) * 1000
            stored = tuple(self._stored_quote(c.document_id, c.start, c.end) for c in answer.citations)
            ranking = self._ranking(case.question, answer)
            observation = self.observe(case.question, answer) if self.observe else None
        except TawthiqError as error:
            return replace(case, status="failed", error=str(error))
        except Exception as error:  # a defect of the engine must not end the run: it is shown as what it is
            return replace(case, status="failed", error=" ".join(f"{type(error).__name__}: {error}".split()))
        asked = replace(
            case, answer=answer, stored=stored, elapsed_ms=elapsed_ms, ranking=ranking, observation=observation
        )
        return Case.from_json(asked.to_json())  # as it is written, rounded, so that it scores the same when read again

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


def configuration(settings: Settings) -> dict[str, Any]:
    """The settings that an answer depends on, as JSON holds them, without this machine's folders and addresses."""
    return settings.model_dump(mode="json", exclude={"home", "cache", "host", "port", "threads"})


def _line(case: Case) -> str:
    return json.dumps({**case.to_json(), "scores": score_case(case)}, ensure_ascii=False) + "\n"


def _writable(out: Path) -> None:
    """Makes the folder, so that one which cannot be written is refused before anything is asked."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise EvaluationError(f"The run folder {out} cannot be written: {error.strerror}.", "Name another.") from None


def _ingestion(report: IngestReport) -> dict[str, Any]:
    data = report.to_json()
    return {key: data[key] for key in ("added", "duplicates", "failed")}


def _models(cases: Iterable[Case]) -> dict[str, str | None]:
    """The models that the answers name; the language model is of the first answer that used one."""
    used = [case.answer.models for case in cases if case.answer]
    return {
        "embedding": used[0].embedding if used else None,
        "llm": next((models.llm for models in used if models.llm), None),
    }


def _version() -> str | None:
    try:
        return metadata.version("tawthiq")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return None
