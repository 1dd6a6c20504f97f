"""The checks behind `tawthiq doctor`: each says how one part of a home is and what to do about it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import TawthiqError

if TYPE_CHECKING:
    from rag.engine import Engine

MIN_FREE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One check: `hint` says what to do and is empty when there is nothing to do."""

    name: str
    status: Literal["ok", "warning", "failed"]
    detail: str
    hint: str = ""


def examine(engine: Engine) -> list[HealthCheck]:
    """Every check of a home that is open. None of them raises."""
    return [
        _disk(engine.home),
        _model(engine),
        *_reranker(engine),
        *_support_judge(engine),
        _catalog(engine),
        _index(engine),
        _language_model(engine),
    ]


def _disk(home: Path) -> HealthCheck:
    free = shutil.disk_usage(home).free
    detail = f"{free / 1e9:.1f} GB free at {home}"
    if free < MIN_FREE_BYTES:
        return HealthCheck("disk", "warning", detail, "Free some space before ingesting more.")
    return HealthCheck("disk", "ok", detail)


def _model(engine: Engine) -> HealthCheck:
    name = engine.settings.embedding_model
    try:
        encoder = engine.encoder()
    except TawthiqError as error:
        return HealthCheck("model", "failed", error.message, error.hint)
    label = encoder.identity.partition("@")[0] if name == "bundled" else name
    return HealthCheck("model", "ok", f"{label}, {encoder.dimension} dimensions, on {encoder.backend}")


def _reranker(engine: Engine) -> list[HealthCheck]:
    """Of the reranker, where one is set."""
    name = engine.settings.reranker
    if not name:
        return []
    try:
        engine.reranker()
    except TawthiqError as error:
        return [HealthCheck("reranker", "failed", error.message, error.hint)]
    return [HealthCheck("reranker", "ok", name)]


def _support_judge(engine: Engine) -> list[HealthCheck]:
    """Of what judges meaning in grounding, where it comes with nothing else."""
    name = engine.settings.support_judge
    if name in ("bundled", "embedding"):
        return []
    if name == "llm":
        from rag import llm

        if llm.configured(engine.settings):
            return [HealthCheck("support judge", "ok", f"{engine.settings.llm_model}, the language model")]
        return [HealthCheck("support judge", "warning", "no language model is set", "Set TAWTHIQ_LLM_MODEL.")]
    try:
        engine.entailment()
    except TawthiqError as error:
        return [HealthCheck("support judge", "failed", error.message, error.hint)]
    return [HealthCheck("support judge", "ok", name)]


def _catalog(engine: Engine) -> HealthCheck:
    try:
        stored = len(engine.documents())
    except TawthiqError as error:
        return HealthCheck("catalogue", "failed", error.message, error.hint)
    hint = "" if stored else "Add documents with `tawthiq ingest PATH`."
    return HealthCheck("catalogue", "ok" if stored else "warning", f"{stored} documents", hint)


def _index(engine: Engine) -> HealthCheck:
    try:
        problems = engine.index_problems()
    except TawthiqError as error:
        return HealthCheck("index", "failed", error.message, error.hint)
    if problems:
        return HealthCheck("index", "failed", "; ".join(problems), "Run `tawthiq doctor --repair`.")
    return HealthCheck("index", "ok", f"{engine.passage_count()} passages, generation {engine.generation}")


def _language_model(engine: Engine) -> HealthCheck:
    from rag import llm

    if not llm.configured(engine.settings):
        return HealthCheck("language model", "ok", "none set: answers are quotes", "")
    reached, reason = llm.reachable(engine.settings)
    if not reached:
        return HealthCheck(
            "language model",
            "warning",
            f"{engine.settings.llm_model} cannot be reached: {reason}",
            "Answers fall back to quotes. Check OPENAI_BASE_URL, OPENAI_API_KEY and that the server runs.",
        )
    return HealthCheck(
        "language model", "ok", f"{engine.settings.llm_model} is reachable" + (f" ({reason})" if reason else "")
    )
