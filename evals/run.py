"""Asking a question set through the real engine, and recording every answer.

The folder of a run holds `run.json` (what is run, written first), `cases.jsonl` (a line for each case, written as soon
as it is known; in the order of the set once the run is finished) and `summary.json` (written last, whole or not at
all). A run that was cut off goes on where it was.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from corpus.sources import sample_documents
from evals import question_sets
from evals.asking import Recorder, Respondent
from evals.cases import CASES_FILE, SUMMARY_FILE, Case
from evals.drawing import drawn
from evals.errors import EvaluationError
from evals.metrics import score_case
from evals.metrics.retrieval import check_available
from evals.observation import Observe, observer
from evals.pool import Pool
from evals.question_set import QuestionSet, load_question_set
from evals.references import DocumentReferences
from evals.resuming import (
    QUESTION_LIMIT,
    RunInterrupted,
    corpus_digest,
    differences,
    kept_cases,
    put_in_order,
    write_identity,
)
from evals.running import RunningFigures, SoFar
from evals.summary import Summary, summarise
from evals.whole_files import write_whole
from rag.settings import Settings
from rag.types import IngestReport, Mode, Progress


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: `done` of `total` units of `stage` ("model", "reading", "indexing", then "asking").

    While it is asking, `so_far` are its figures up to here.
    """

    stage: str
    done: int
    total: int
    detail: str = ""
    so_far: SoFar | None = None


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
    parallel: int = 1,
    question_limit: int | None = None,
    progress: Callable[[RunProgress], None] | None = None,
) -> RunResult:
    """Runs the question set at `set_path`, a JSONL file or the name of a bundled set, into the folder `out`.

    It is asked over `home`, or over `documents` ingested into a fresh home that is removed afterwards. With neither, a
    bundled set is asked over the sample corpus that it was made for, any other over the default home. Raises
    QuestionSetError before anything is opened, EvaluationError, and what opening the engine raises. `restart` asks all
    anew where a run was cut off; `parallel` cases are asked at a time; `question_limit` draws so many of the set.
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
        about["index_digest"] = engine.index_digest()
        engine.warm(tell)  # so that loading the model is not in the first question's time
        return run_question_set(
            engine, question_set, Path(out), mode=mode, restart=restart, parallel=parallel,
            question_limit=question_limit, progress=progress, about=about, observe=observer(engine),
        )  # fmt: skip


def run_question_set(
    engine: Respondent,
    question_set: QuestionSet,
    out: Path,
    *,
    mode: Mode = "quotes",
    restart: bool = False,
    parallel: int = 1,
    question_limit: int | None = None,
    progress: Callable[[RunProgress], None] | None = None,
    about: dict[str, Any] | None = None,
    observe: Observe | None = None,
) -> RunResult:
    """Asks every question of `question_set`, `parallel` at a time, and writes the folder `out`.

    With `question_limit`, only that many of them, always the same ones (`evals.drawing`): the run is not one of the
    whole set, and says so. An earlier run there of the same set, limit, mode, documents, index, version and
    configuration (`about["configuration"]`) is replaced, or gone on with where it was cut off, unless `restart`;
    another run is replaced by `restart` alone. `progress` is called after each case.

    A case that the engine fails on is recorded as failed, one whose documents or spans do not fit the corpus as
    invalid; neither is scored, and the run goes on. Raises EvaluationError when the corpus is empty, when no case
    fits it, when `out` cannot be written or holds another run, and RunInterrupted in place of KeyboardInterrupt.
    `about` is kept in the summary. `observe` measures each answer with the engine's models
    (`evals.observation.observer`); without it, what needs them is unscored.
    """
    check_available()
    if parallel < 1:
        raise EvaluationError(f"{parallel} questions at a time are none.", "Ask at least one.")
    _writable(out)
    summaries = engine.documents()
    if not summaries:
        raise EvaluationError("There are no documents to ask.", "Ingest some, or name a folder of them.")
    recorder = Recorder(engine, DocumentReferences(summaries), mode, observe)
    prepared = drawn([recorder.prepare(question) for question in question_set.questions], question_limit)
    limit = len(prepared) if len(prepared) < len(question_set.questions) else None
    if all(case.status == "invalid" for case in prepared):
        raise EvaluationError(
            f"No question of {question_set.name} fits these documents; the first, {prepared[0].question.id}: "
            f"{prepared[0].error}.",
            "Use the documents that the set was made for.",
        )
    about = about or {}
    identity = {
        "question_set": question_set.digest,
        QUESTION_LIMIT: limit,
        "mode": mode,
        "corpus": corpus_digest(summaries),
        "index_generation": engine.generation,
        "configuration": about.get("configuration"),
        "version": _version(),
    }
    if not restart and (other := differences(out, identity)):
        raise EvaluationError(
            f"{out} holds another run; what differs: {', '.join(other)}.",
            "Name another folder, or replace that run with --restart.",
        )
    # Where the configuration is not known, a server's, it may be another than that of what was asked before.
    known = about.get("configuration") is not None
    kept, earlier = kept_cases(out, identity, prepared) if known and not restart else ([], 1)
    at_a_time = max(parallel, earlier) if kept else parallel
    cases = {case.question.id: case for case in kept}  # in the order of the file
    waiting = [case for case in prepared if case.question.id not in cases]
    order = [case.question.id for case in prepared]
    started, clock = datetime.now(UTC), time.perf_counter()
    try:
        (out / SUMMARY_FILE).unlink(missing_ok=True)  # so that a run cut off now is not taken for the one before it
        write_whole(out / CASES_FILE, "".join(_line(case, score_case(case)) for case in kept))
        write_identity(out, identity, at_a_time)  # after the cases: another run's must never stand beside it
        _ask(Pool(recorder.ask, waiting, parallel), waiting, cases, out, progress)
        put_in_order(out / CASES_FILE, list(cases), order)
        asked = tuple(cases[name] for name in order)
        summary = summarise(
            asked,
            {
                "question_set": {
                    "name": question_set.name,
                    "path": question_set.path,
                    "digest": question_set.digest,
                    "questions": len(question_set.questions),
                },
                QUESTION_LIMIT: limit,
                "mode": mode,
                "parallel": at_a_time,
                "documents": len(summaries),
                "corpus_digest": identity["corpus"],
                "kept_from_a_run_cut_off": len(kept),
                "index_generation": engine.generation,
                "models": _models(asked),
                **about,
                "versions": {"tawthiq": _version(), "python": platform.python_version()},
                "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
                "started": started.isoformat(timespec="seconds"),
                "elapsed_s": round(time.perf_counter() - clock, 2),
            },
        )
        write_whole(out / SUMMARY_FILE, json.dumps(summary.to_json(), ensure_ascii=False, indent=2) + "\n")
    except KeyboardInterrupt:
        raise RunInterrupted(out, len(cases), len(prepared), known) from None
    except BrokenPipeError:  # whoever was told of the progress has gone: the folder is not to blame
        raise
    except OSError as error:
        raise EvaluationError(f"The run folder {out} cannot be written: {error.strerror}.", "Name another.") from None
    return RunResult(asked, summary, out)


def _ask(
    pool: Pool[Case, Case],
    waiting: Sequence[Case],
    cases: dict[str, Case],
    out: Path,
    progress: Callable[[RunProgress], None] | None,
) -> None:
    """Puts what `pool` makes of the cases `waiting` into `cases` and the folder, each as soon as it is done.

    Whoever ends it (Ctrl-C, SIGTERM) finds written down what was done by then.
    """
    total = len(cases) + len(waiting)
    figures = RunningFigures(sum(case.status == "asked" for case in waiting))
    for case in cases.values():
        figures.add(case, score_case(case), kept=True)

    def tell() -> None:
        if progress:
            progress(RunProgress("asking", len(cases), total, so_far=figures.so_far()))

    with (out / CASES_FILE).open("a", encoding="utf-8", newline="\n") as lines:

        def keep(case: Case) -> None:
            scores = score_case(case)
            lines.write(_line(case, scores))
            lines.flush()
            cases[case.question.id] = case
            figures.add(case, scores)

        try:
            tell()
            for case in pool:
                keep(case)
                tell()
        finally:
            for case in pool.stop():
                keep(case)


def configuration(settings: Settings) -> dict[str, Any]:
    """The settings that an answer depends on, as JSON holds them, without this machine's folders and addresses."""
    return settings.model_dump(mode="json", exclude={"home", "cache", "host", "port", "threads", "password"})


def _line(case: Case, scores: Mapping[str, float | None]) -> str:
    return json.dumps({**case.to_json(), "scores": scores}, ensure_ascii=False) + "\n"


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
