"""What is recorded of an answer while it is made: its tokens, and its steps in a trace where tracing is set.

Tracing is off by default, and off means off: `LANGSMITH_TRACING` and the like, which LangChain reads by itself, send
nothing from here. With `TAWTHIQ_TRACING` set, steps are sent with their times and counts; what was asked, found and
written only with `TAWTHIQ_TRACING_CONTENT`. No trace keeps an answer from being made.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rag.errors import GenerationError
from rag.settings import Settings
from rag.types import Answer, History
from rag.usage import Meter

Fact = str | int | float | bool


class Step:
    """A step of an answer being made. This one counts tokens and traces nothing.

    `session` is what the answers of a conversation share, None where nothing is traced.
    """

    def __init__(self, meter: Meter | None = None, session: str | None = None) -> None:
        self.meter = meter or Meter()
        self.session = session

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """A step within this one; its time is that of the `with` block, and an exception is its failure."""
        yield self

    def note(self, **facts: Fact) -> None:
        """Counts and names that say nothing of what was asked, found or written."""

    def tell(self, **texts: str | Sequence[str]) -> None:
        """What was asked, found or written: sent only where the settings allow it."""

    @contextmanager
    def langchain(self) -> Iterator[list[Any]]:
        """The callbacks for what LangChain runs within this step; in here LangChain's own variables trace nothing."""
        from langsmith.run_helpers import tracing_context

        with tracing_context(enabled=False):
            yield []


class Tracing:
    """Where traces go; this one: nowhere."""

    @contextmanager
    def question(self, history: History) -> Iterator[Step]:
        """The first step of an answer: all others are within it. `history` is the conversation before it."""
        yield Step()

    def close(self) -> None:
        """Sends what is left; waits a few seconds at most."""


def open_tracing(settings: Settings) -> Tracing:
    """The tracing that the settings ask for. Raises SettingsError where what it needs is not there."""
    if settings.tracing == "opentelemetry":
        from rag.tracing.opentelemetry import OpenTelemetryTracing

        return OpenTelemetryTracing(settings)
    if settings.tracing == "langsmith":
        from rag.tracing.langsmith import LangSmithTracing

        return LangSmithTracing(settings)
    return Tracing()


def session_of(history: History) -> str:
    """The session of a conversation: that of its last answer, or a new one."""
    last = history[-1][1].session if history else None
    return last or uuid.uuid4().hex


def outcome(answer: Answer) -> dict[str, Fact]:
    """What a trace says of an answer."""
    facts: dict[str, Fact] = {
        "status": answer.status,
        "mode": answer.mode,
        "language": answer.language,
        "statements": len(answer.statements),
        "citations": len(answer.citations),
        "removed": len(answer.removed),
        "notices": ",".join(notice.code for notice in answer.notices),
        "elapsed_ms": answer.elapsed_ms,
    }
    return facts | dict(answer.usage or {})


def failure_kind(error: BaseException) -> str:
    """What a trace says of a failure: its kind, and nothing of its message, which may hold a document's words."""
    kind = error.parameters.get("kind") if isinstance(error, GenerationError) else None
    return str(kind or type(error).__name__)
