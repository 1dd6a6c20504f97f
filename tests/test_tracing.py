"""Traces: off means that nothing leaves, whatever LangChain's variables say; on, what is sent to real receivers."""

from __future__ import annotations

import json
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from openai_server import MODEL, OpenAIServer, Status

from rag import Engine
from rag.errors import SettingsError
from rag.settings import Settings
from rag.tracing.steps import open_tracing
from rag.types import Answer

QUESTION = "What accompanies the published text of the US strategy?"
ARABIC = "ماذا يرافق النص المعلن للاستراتيجية الأمريكية؟"
REPLY = "A classified annex accompanies the published text. [1]"
ARABIC_REPLY = "يرافق النصَّ المعلن ملحق سري. [1]"

Home = Callable[..., Engine]


@pytest.fixture
def home(samples_home: Path, settings: Settings, tmp_path: Path) -> Home:
    """Opens an engine over the samples, with a model and these settings."""
    folder = tmp_path / "home"
    shutil.copytree(samples_home, folder, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    common = {"llm_model": MODEL, "llm_timeout": 20.0, "translation_timeout": 0.0, "quote_translation_timeout": 0.0}

    def opened(**changed: Any) -> Engine:
        return Engine.open(folder, settings=settings.model_copy(update=common | changed))

    return opened


def conversation(engine: Engine, server: OpenAIServer) -> tuple[Answer, Answer]:
    server.script(REPLY, ARABIC_REPLY)
    first = engine.ask(QUESTION, mode="llm")
    second = engine.ask(ARABIC, history=[(QUESTION, Answer.from_json(first.to_json()))], mode="llm")
    assert (first.mode, second.mode) == ("llm", "llm")
    return first, second


# -- LangSmith ----------------------------------------------------------------------------------------------------------


@contextmanager
def langsmith() -> Iterator[tuple[str, list[bytes]]]:
    """An address that takes runs as LangSmith does, and the bodies that came."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keeps the tests' output clean."""

        def do_GET(self) -> None:
            self._send(200, {"version": "1", "instance_flags": {"zstd_compression_enabled": False}})

        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(202, {})

        do_PATCH = do_POST  # noqa: N815 - the base class looks for this name

        def _send(self, code: int, content: dict[str, Any]) -> None:
            data = json.dumps(content).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}", bodies
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What a LangSmith that everything in the environment names is sent."""
    from langsmith.utils import get_env_var

    with langsmith() as (url, bodies):
        for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", url)
        monkeypatch.setenv("LANGSMITH_API_KEY", "test-key")
        get_env_var.cache_clear()
        yield bodies
    get_env_var.cache_clear()


def text_of(bodies: list[bytes]) -> str:
    return b"\n".join(bodies).decode("utf-8", "replace")


def test_langchains_variables_alone_send_nothing(home: Home, server: OpenAIServer, runs: list[bytes]) -> None:
    with home(translation_timeout=20.0) as engine:
        server.script("ما الذي يرافق النص المعلن للاستراتيجية؟")
        assert engine.search(QUESTION)
    with home() as engine:
        conversation(engine, server)
    from langsmith.run_trees import get_cached_client

    get_cached_client().flush(2.0)  # what LangChain would have sent by itself
    assert runs == []


def test_langsmith_gets_a_tree_of_runs_without_what_was_said(
    home: Home, server: OpenAIServer, runs: list[bytes]
) -> None:
    with home(tracing="langsmith") as engine:
        first, second = conversation(engine, server)
    sent = text_of(runs)
    for name in ("tawthiq.question", "tawthiq.retrieve", "tawthiq.generate", "tawthiq.ground", "ChatOpenAI"):
        assert f'"name":"{name}"' in sent
    assert first.session
    assert first.session == second.session
    assert set(re.findall(r'"session_id":"(\w+)"', sent)) == {first.session}
    assert '"statements":1' in sent
    for words in ("classified", "published text", "passage id", "ملحق", "الاستراتيجية"):
        assert words not in sent


def test_langsmith_gets_what_was_said_where_a_second_setting_allows_it(
    home: Home, server: OpenAIServer, runs: list[bytes]
) -> None:
    with home(tracing="langsmith", tracing_content=True) as engine:
        conversation(engine, server)
    sent = text_of(runs)
    assert QUESTION in sent
    assert "classified annex" in sent
    assert 'passage id=\\"1\\"' in sent
    assert "ملحق سري" in sent


def test_an_error_is_traced_without_the_servers_words(home: Home, server: OpenAIServer, runs: list[bytes]) -> None:
    with home(tracing="langsmith") as engine:
        server.script(*[Status(400, "cannot read: the annex is classified")] * 3)
        assert engine.ask(QUESTION, mode="llm").mode == "quotes"
    sent = text_of(runs)
    assert set(re.findall(r'\.error"[^"]*\r\n\r\n"([^"]*)"', sent)) == {"OpenAIInvalidRequestError", "rejected"}
    assert "cannot read" not in sent
    assert "classified" not in sent


def test_a_receiver_that_is_not_there_costs_no_answer(
    home: Home, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch, runs: list[bytes]
) -> None:
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9")
    with home(tracing="langsmith") as engine:
        conversation(engine, server)
    assert runs == []


def test_langsmith_without_a_key_is_one_clear_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SettingsError, match="no key") as caught:
        open_tracing(settings.model_copy(update={"tracing": "langsmith"}))
    assert "LANGSMITH_API_KEY" in caught.value.hint


# -- OpenTelemetry ------------------------------------------------------------------------------------------------------


@contextmanager
def collector() -> Iterator[tuple[str, list[Any]]]:
    """A collector that speaks OTLP over gRPC, and the resource spans that came."""
    import grpc
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc

    received: list[Any] = []

    class Service(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request: Any, context: Any) -> Any:  # noqa: N802
            received.extend(request.resource_spans)
            return trace_service_pb2.ExportTraceServiceResponse()

    running = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Service(), running)
    port = running.add_insecure_port("127.0.0.1:0")
    running.start()
    try:
        yield f"http://127.0.0.1:{port}", received
    finally:
        running.stop(None).wait()


def spans_of(received: list[Any]) -> list[Any]:
    return [span for resource in received for scope in resource.scope_spans for span in scope.spans]


def facts_of(span: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    with collector() as (url, received):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        yield received


def test_a_collector_gets_the_steps_with_counts_and_times(home: Home, server: OpenAIServer, spans: list[Any]) -> None:
    with home(tracing="opentelemetry") as engine:
        first, second = conversation(engine, server)
    found = spans_of(spans)
    assert {one.key: one.value.string_value for one in spans[0].resource.attributes}["service.name"] == "tawthiq"
    roots = [span for span in found if span.name == "tawthiq.question"]
    assert [facts_of(span)["session.id"] for span in roots] == [first.session, second.session]
    assert first.session == second.session
    root = facts_of(roots[0])
    assert (root["tawthiq.status"], root["tawthiq.mode"], root["tawthiq.statements"]) == ("answered", "llm", 1)
    assert root["gen_ai.usage.input_tokens"] == 11
    for name in ("retrieve", "generate", "ground"):
        ours = [span for span in found if span.name == f"tawthiq.{name}" and span.trace_id == roots[0].trace_id]
        assert [span.parent_span_id for span in ours] == [roots[0].span_id]
        assert roots[0].start_time_unix_nano <= ours[0].start_time_unix_nano <= ours[0].end_time_unix_nano
    assert all("classified" not in str(span) and "strategy" not in str(span) for span in found)


def test_spans_hold_what_was_said_where_a_second_setting_allows_it(
    home: Home, server: OpenAIServer, spans: list[Any]
) -> None:
    with home(tracing="opentelemetry", tracing_content=True) as engine:
        conversation(engine, server)
    (first, second) = [facts_of(span) for span in spans_of(spans) if span.name == "tawthiq.question"]
    assert first["tawthiq.question"] == QUESTION
    assert first["tawthiq.answer"].startswith(REPLY)
    assert second["tawthiq.question"] == ARABIC


def test_a_question_within_a_span_of_the_callers_is_a_child_of_it(
    home: Home, server: OpenAIServer, spans: list[Any]
) -> None:
    from opentelemetry.sdk.trace import TracerProvider

    with (
        TracerProvider().get_tracer("caller").start_as_current_span("request") as request,
        home(tracing="opentelemetry") as engine,
    ):
        conversation(engine, server)
        context = request.get_span_context()
    roots = [span for span in spans_of(spans) if span.name == "tawthiq.question"]
    assert {span.trace_id for span in roots} == {context.trace_id.to_bytes(16, "big")}
    assert {span.parent_span_id for span in roots} == {context.span_id.to_bytes(8, "big")}


def test_a_step_that_fails_is_marked_with_its_kind_alone(home: Home, server: OpenAIServer, spans: list[Any]) -> None:
    with home(tracing="opentelemetry") as engine:
        server.script(*[Status(400, "the annex is classified")] * 3)
        assert engine.ask(QUESTION, mode="llm").mode == "quotes"
    (failed,) = [span for span in spans_of(spans) if span.status.code]
    assert failed.name == "tawthiq.generate"
    assert facts_of(failed)["error.type"] == "rejected"
    assert "classified" not in str(failed)


def test_a_missing_package_is_one_clear_line(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match="missing") as caught:
        open_tracing(settings.model_copy(update={"tracing": "opentelemetry"}))
    assert "tawthiq[tracing]" in caught.value.hint


def test_without_tracing_no_package_of_it_is_imported() -> None:
    import subprocess

    code = (
        "import sys, rag.tracing.steps, rag.settings; rag.tracing.steps.open_tracing(rag.settings.Settings());"
        "print([m for m in sys.modules if m.startswith(('langsmith', 'opentelemetry', 'langchain'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
