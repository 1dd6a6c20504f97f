"""Traces of answers as OpenTelemetry spans, sent by OTLP to where the standard `OTEL_…` variables say."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rag.errors import SettingsError
from rag.settings import Settings
from rag.tracing.steps import Fact, Step, Tracing, failure_kind, session_of
from rag.types import History
from rag.usage import Meter

SERVICE = "tawthiq"
FLUSH_MS = 5000
"""How long closing waits for what is left to be sent."""

_NAMES = {
    "model": "gen_ai.request.model",
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
}
"""Facts that OpenTelemetry's conventions have a name for; the others are `tawthiq.<fact>`."""


class OpenTelemetryTracing(Tracing):
    """Sends spans through a provider of its own, so that no other library's settings apply to them.

    A question that is asked within a span of the caller's is a child of that span.
    """

    def __init__(self, settings: Settings, exporter: Any = None) -> None:
        """`exporter` is a span exporter, by default the OTLP one. Raises SettingsError without its package."""
        try:
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor

            exporter = exporter or _otlp_exporter()
        except ImportError as error:
            raise SettingsError(
                f"TAWTHIQ_TRACING is opentelemetry, and a package for it is missing: {error.name}.",
                "pip install 'tawthiq[tracing]'",
            ) from None
        named = "OTEL_SERVICE_NAME" in os.environ or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
        self._provider = TracerProvider(resource=Resource.create({} if named else {"service.name": SERVICE}))
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SERVICE)
        self._content = settings.tracing_content

    @contextmanager
    def question(self, history: History) -> Iterator[Step]:
        session = session_of(history)
        with _spanned(self._tracer, "question", None) as span:
            span.set_attribute("session.id", session)
            span.set_attribute("gen_ai.conversation.id", session)
            yield _SpanStep(self._tracer, span, Meter(), session, self._content)

    def close(self) -> None:
        self._provider.force_flush(FLUSH_MS)
        self._provider.shutdown()


class _SpanStep(Step):
    def __init__(self, tracer: Any, span: Any, meter: Meter, session: str | None, content: bool) -> None:
        super().__init__(meter, session)
        self._tracer = tracer
        self._span = span
        self._content = content

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        with _spanned(self._tracer, name, self._span) as span:
            yield _SpanStep(self._tracer, span, self.meter, self.session, self._content)

    def note(self, **facts: Fact) -> None:
        for name, value in facts.items():
            self._span.set_attribute(_NAMES.get(name, f"{SERVICE}.{name}"), value)

    def tell(self, **texts: str | Sequence[str]) -> None:
        if self._content:
            self.note(**{name: text if isinstance(text, str) else list(text) for name, text in texts.items()})  # type: ignore[arg-type]


@contextmanager
def _spanned(tracer: Any, name: str, parent: Any) -> Iterator[Any]:
    """A span under `parent`, or under the caller's where that is None.

    It never becomes the current one: answers are made by generators, which would leave it behind in their consumer.
    """
    from opentelemetry.trace import Status, StatusCode, set_span_in_context

    span = tracer.start_span(f"{SERVICE}.{name}", context=None if parent is None else set_span_in_context(parent))
    try:
        yield span
    except Exception as error:
        span.set_attribute("error.type", failure_kind(error))
        span.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        span.end()


def _otlp_exporter() -> Any:
    """OTLP over gRPC, or over HTTP where the standard variables ask for it."""
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") or os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL")
    if (protocol or "grpc").strip().startswith("http"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HTTPExporter

        return HTTPExporter()
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
