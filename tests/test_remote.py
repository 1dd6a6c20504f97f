"""The engine over loopback: the same results and the same errors as the engine itself."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from rag.engine import Engine
from rag.errors import DocumentNotFound, EmptyHome, HomeBusy, InvalidQuery, TawthiqError
from rag.home import HomeLock, current_owner
from rag.settings import Settings
from rag.types import Answer, Filters, Passages, Progress
from ui.remote import RemoteEngine, ServerError, open_engine
from ui.serving import start_in_thread
from ui.wire import _errors_by_code, document_from_json, document_to_json, error_from_json, error_to_json

QUESTION = "متى أقر الكونغرس قانون الكبتاغون؟"


@pytest.fixture(scope="module")
def engine(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("remote") / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    with Engine.open(home) as opened, start_in_thread(opened):
        yield opened


@pytest.fixture
def remote(engine: Engine) -> Iterator[RemoteEngine]:
    with open_engine(engine.home, engine.settings, "tawthiq test") as opened:
        assert isinstance(opened, RemoteEngine)
        yield opened


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers agree in all but the time that they took and the last digits of a score."""
    first, second = (replace(answer, elapsed_ms=0).to_json() for answer in (one, other))
    return first == second


def test_it_reads_what_the_engine_holds(engine: Engine, remote: RemoteEngine) -> None:
    assert remote.generation == engine.generation
    assert remote.documents() == engine.documents()
    for summary in engine.documents():
        assert remote.document(summary.document_id) == engine.document(summary.document_id)


def test_it_answers_as_the_engine_does(engine: Engine, remote: RemoteEngine) -> None:
    filters = Filters(languages=("ar", "en"))
    assert same(
        remote.ask(QUESTION, mode="quotes", filters=filters), engine.ask(QUESTION, mode="quotes", filters=filters)
    )
    found, expected = remote.search(QUESTION, 4, filters), engine.search(QUESTION, 4, filters)
    assert [hit.to_json() for hit in found] == [hit.to_json() for hit in expected]
    assert len(found) == 4


def test_a_conversation_goes_along(engine: Engine, remote: RemoteEngine) -> None:
    history = ((QUESTION, engine.ask(QUESTION, mode="quotes")),)
    assert same(
        remote.ask(QUESTION, history=history, mode="quotes"), engine.ask(QUESTION, history=history, mode="quotes")
    )


def test_it_streams(remote: RemoteEngine) -> None:
    events = list(remote.stream(QUESTION, mode="quotes"))
    assert isinstance(events[0], Passages)
    assert isinstance(events[-1], Answer)
    assert same(events[-1], remote.ask(QUESTION, mode="quotes"))


def test_it_ingests_with_progress_and_removes(
    engine: Engine, remote: RemoteEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "جسر.txt").write_text("افتتح الوزير الجسر في 4 أيار 2021 بحضور السكان.\n" * 5, "utf-8")
    monkeypatch.chdir(tmp_path)
    steps: list[Progress] = []
    report = remote.ingest(["جسر.txt", Path("absent.txt")], tags=["bridges"], progress=steps.append)
    assert (report.added, len(report.failed)) == (1, 1)
    assert steps
    [document] = report.documents
    assert document.source == str(tmp_path / "جسر.txt")
    assert remote.document(document.document_id).tags == ("bridges",)
    assert remote.remove(document.document_id).document_id == document.document_id
    with pytest.raises(DocumentNotFound):
        engine.document(document.document_id)


def test_it_examines(engine: Engine, remote: RemoteEngine) -> None:
    assert [check.name for check in remote.health()] == [check.name for check in engine.health()]


def test_the_engines_errors_come_back_as_they_were(engine: Engine, remote: RemoteEngine) -> None:
    for call in (lambda e: e.ask(" "), lambda e: list(e.stream(" ")), lambda e: e.search("")):
        with pytest.raises(InvalidQuery) as expected:
            call(engine)
        with pytest.raises(InvalidQuery) as raised:
            call(remote)
        assert (raised.value.message, raised.value.hint) == (expected.value.message, expected.value.hint)
    for document_id in ("ffffffffffffffff", "../healthz", "a/b", ""):
        with pytest.raises(DocumentNotFound):
            remote.document(document_id)


def test_an_empty_home_is_an_empty_home(tmp_path: Path) -> None:
    with (
        Engine.open(tmp_path) as engine,
        start_in_thread(engine),
        open_engine(tmp_path, engine.settings, "test") as remote,
        pytest.raises(EmptyHome),
    ):
        remote.ask("who?")


def test_every_error_of_ours_survives_the_way() -> None:
    kinds = _errors_by_code(TawthiqError)
    assert len(kinds) > 15
    for code, kind in kinds.items():
        assert kind.code == code
        if code not in ("question_set", "labels"):  # made from their problems; only the command line raises them
            back = error_from_json(error_to_json(kind("What is wrong.", "What to do.")))
            assert type(back) is kind
            assert str(back) == "What is wrong. What to do."
    assert type(error_from_json({"message": "x", "code": "of a later version"})) is TawthiqError


def test_documents_survive_the_way(engine: Engine) -> None:
    for summary in engine.documents():
        document = engine.document(summary.document_id)
        assert document_from_json(json.loads(json.dumps(document_to_json(document)))) == document


# Choosing


def test_a_free_home_is_opened_here(tmp_path: Path) -> None:
    with open_engine(tmp_path, Settings(home=tmp_path), "tawthiq test") as engine:
        assert isinstance(engine, Engine)
        owner = current_owner(tmp_path)
        assert owner is not None
        assert owner.command == "tawthiq test"
    assert current_owner(tmp_path) is None


def test_a_process_that_serves_nothing_is_named(tmp_path: Path) -> None:
    with (
        HomeLock(tmp_path, "tawthiq ingest"),
        pytest.raises(HomeBusy, match="tawthiq ingest"),
        open_engine(tmp_path, Settings(home=tmp_path), "tawthiq ask"),
    ):
        pass


# Servers that are not as they should be


class Strange(BaseHTTPRequestHandler):
    """Answers everything with `reply`."""

    reply = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.reply)))
        self.end_headers()
        self.wfile.write(self.reply)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("reply", [b"", b"<html>", b"[]", b"{}", b'{"documents": [{}]}', b'{"event": "surprise"}'])
def test_a_server_of_another_kind_is_not_understood(tmp_path: Path, reply: bytes) -> None:
    handler = type("Replying", (Strange,), {"reply": reply})
    with HTTPServer(("127.0.0.1", 0), handler) as server, HomeLock(tmp_path):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with RemoteEngine(f"http://127.0.0.1:{server.server_port}", "t", tmp_path) as remote:
                for call in (remote.documents, lambda: remote.ask("x"), lambda: remote.ingest(["x"])):
                    with pytest.raises(ServerError, match="not understood"):
                        call()
        finally:
            server.shutdown()


def test_a_server_that_is_gone_or_silent_is_said_to_be(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), Strange) as server, HomeLock(tmp_path, "tawthiq serve"):
        url = f"http://127.0.0.1:{server.server_port}"  # it accepts, and never answers
        with RemoteEngine(url, "t", tmp_path, timeout=0.2) as remote, pytest.raises(ServerError, match="too long"):
            remote.documents()
    with RemoteEngine(url, "t", tmp_path) as remote, pytest.raises(ServerError, match="does not answer"):
        remote.documents()
