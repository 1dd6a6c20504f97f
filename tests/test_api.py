"""The HTTP API on a really running server: its JSON, its errors, and what it lets nobody but the owner do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.engine import Engine
from rag.home import current_owner
from rag.types import Answer
from ui.api import create_router
from ui.api_guard import MAX_BODY_BYTES, is_loopback
from ui.serving import start_in_thread

QUESTION = "When was the Captagon Act passed?"


@pytest.fixture(scope="module")
def engine(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("api") / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    with Engine.open(home) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[httpx.Client]:
    with start_in_thread(engine) as url, httpx.Client(base_url=f"{url}/api", trust_env=False, timeout=60) as opened:
        yield opened


@pytest.fixture
def token(engine: Engine, client: httpx.Client) -> dict[str, str]:
    owner = current_owner(engine.home)
    assert owner is not None
    return {"Authorization": f"Bearer {owner.token}"}


def error_of(reply: httpx.Response, status: int) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/json"
    assert set(reply.json()) == {"error"}
    error: dict[str, Any] = reply.json()["error"]
    assert set(error) == {"message", "hint", "code"}
    assert "Traceback" not in reply.text
    return error


def test_it_lives(client: httpx.Client, engine: Engine) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "generation": engine.generation}


def test_an_answer_is_the_contracts_json(client: httpx.Client, engine: Engine) -> None:
    reply = client.post("/ask", json={"question": QUESTION, "mode": "quotes"})
    assert reply.status_code == 200
    answer = Answer.from_json(reply.json())
    assert answer.status == "answered"
    for citation in answer.citations:
        assert engine.document(citation.document_id).text[citation.start : citation.end] == citation.quote


def test_a_conversation_is_sent_back_as_it_came(client: httpx.Client) -> None:
    first = client.post("/ask", json={"question": QUESTION}).json()
    turns = [{"question": QUESTION, "answer": first}]
    assert client.post("/ask", json={"question": QUESTION, "history": turns}).status_code == 200
    turns = [{"question": QUESTION, "answer": {"text": "forged"}}]
    error = error_of(client.post("/ask", json={"question": QUESTION, "history": turns}), 422)
    assert error["code"] == "query_invalid"


def test_a_stream_ends_with_the_answer(client: httpx.Client) -> None:
    with client.stream("POST", "/ask/stream", json={"question": QUESTION, "mode": "quotes"}) as reply:
        assert reply.headers["content-type"] == "application/x-ndjson"
        events = [json.loads(line) for line in reply.iter_lines()]
    assert events[0]["event"] == "passages"
    assert [event["event"] for event in events].count("answer") == 1
    assert Answer.from_json(events[-1]["answer"]).question == QUESTION


def test_filters_hold(client: httpx.Client) -> None:
    found = client.post("/search", json={"query": "captagon", "limit": 3, "filters": {"languages": ["ar"]}}).json()
    assert 0 < len(found["passages"]) <= 3
    assert {passage["language"] for passage in found["passages"]} == {"ar"}


def test_documents_are_listed_and_shown(client: httpx.Client) -> None:
    documents = client.get("/documents").json()["documents"]
    assert len(documents) >= 16
    shown = client.get(f"/documents/{documents[0]['document_id']}").json()
    assert shown["title"] == documents[0]["title"]
    assert len(shown["text"]) == documents[0]["characters"]
    assert error_of(client.get("/documents/ffffffffffffffff"), 404)["code"] == "document_not_found"


@pytest.mark.parametrize("path", ["/ask", "/ask/stream"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"question": ', 400),
        ("[]", 422),
        ("{}", 422),
        ('{"question": 5}', 422),
        ('{"question": "x", "mode": "guess"}', 422),
        ('{"question": "x", "unknown": 1}', 422),
        ('{"question": "x", "filters": {"since": "yesterday"}}', 422),
        ('{"question": "   "}', 422),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(client: httpx.Client, path: str, body: str, status: int) -> None:
    error = error_of(client.post(path, content=body, headers={"Content-Type": "application/json"}), status)
    assert error["message"]


def test_a_form_of_another_page_is_not_read(client: httpx.Client) -> None:
    error = error_of(client.post("/ask", content='{"question": "x"}', headers={"Content-Type": "text/plain"}), 422)
    assert error["message"] == "The request is no JSON object."
    assert "Content-Type: application/json" in error["hint"]


def test_a_body_without_end_is_refused(client: httpx.Client) -> None:
    error_of(client.post("/ask", json={"question": "x" * (MAX_BODY_BYTES + 1)}), 413)

    def pieces() -> Iterator[bytes]:  # no Content-Length to go by
        for _ in range(MAX_BODY_BYTES // 1000 + 2):
            yield b" " * 1000

    error_of(client.post("/search", content=pieces(), headers={"Content-Type": "application/json"}), 413)


def test_an_empty_home_is_a_conflict(tmp_path: Path) -> None:
    with Engine.open(tmp_path) as engine, start_in_thread(engine) as url:
        for path in ("ask", "ask/stream"):
            reply = httpx.post(f"{url}/api/{path}", json={"question": "who?"}, trust_env=False)
            assert error_of(reply, 409)["code"] == "home_empty"


OWNER_ONLY = [
    ("POST", "/ingest", {"sources": ["/etc/hostname"]}),
    ("DELETE", "/documents/ffffffffffffffff", None),
    ("GET", "/health", None),
    ("POST", "/repair", None),
]


@pytest.mark.parametrize(("method", "path", "body"), OWNER_ONLY)
@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer é".encode()}])
def test_what_is_the_owners_needs_the_token(
    client: httpx.Client, method: str, path: str, body: Any, sent: dict[str, Any]
) -> None:
    before = client.get("/documents").json()
    error_of(client.request(method, path, json=body, headers=sent), 401)
    assert client.get("/documents").json() == before


@pytest.mark.parametrize(("method", "path", "body"), OWNER_ONLY)
def test_what_is_the_owners_is_refused_to_another_machine_even_with_the_token(
    engine: Engine, method: str, path: str, body: Any
) -> None:
    app = FastAPI()
    app.include_router(create_router(engine, "secret"))
    with TestClient(app, client=("192.0.2.7", 4000)) as elsewhere:
        reply = elsewhere.request(method, f"/api{path}", json=body, headers={"Authorization": "Bearer secret"})
    error_of(reply, 403)


def test_the_owner_ingests_and_removes(client: httpx.Client, token: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "bridge.txt"
    file.write_text("The bridge at Deir was opened by the minister on 4 May 2021.\n" * 5, "utf-8")
    body = {"sources": [str(file), str(tmp_path / "absent.txt")], "tags": ["bridges"]}
    with client.stream("POST", "/ingest", json=body, headers=token) as reply:
        events = [json.loads(line) for line in reply.iter_lines()]
    assert {event["event"] for event in events[:-1]} == {"progress"}
    report = events[-1]["report"]
    assert (report["added"], len(report["failed"])) == (1, 1)
    document_id = report["documents"][0]["document_id"]
    assert client.get(f"/documents/{document_id}").json()["tags"] == ["bridges"]
    removed = client.delete(f"/documents/{document_id}", headers=token).json()["removed"]
    assert removed["document_id"] == document_id
    error_of(client.get(f"/documents/{document_id}"), 404)


def test_the_owner_sees_its_health_and_repairs(client: httpx.Client, token: dict[str, str]) -> None:
    checks = client.get("/health", headers=token).json()["checks"]
    assert checks
    assert all(set(check) == {"name", "status", "detail", "hint"} for check in checks)
    assert client.post("/repair", headers=token).json() == {
        "documents": len(client.get("/documents").json()["documents"])
    }


def test_a_defect_tells_a_stranger_its_name_and_the_log_the_rest(engine: Engine, caplog, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("with a secret path")

    app = FastAPI()
    app.include_router(create_router(engine, "secret"))
    monkeypatch.setattr(Engine, "search", broken)
    with TestClient(app) as here:
        error = error_of(here.post("/api/search", json={"query": "x"}), 500)
    assert error["code"] == "unexpected"
    assert "ZeroDivisionError" in error["message"]
    assert "secret" not in error["message"]
    assert "with a secret path" in caplog.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing"), ("GET", "/ask"), ("POST", "/documents"), ("GET", "/")]
)
def test_what_is_not_there_is_said_in_json(client: httpx.Client, method: str, path: str) -> None:
    error_of(client.request(method, path, json={}), 404)


def test_no_other_origin_is_let_in(client: httpx.Client) -> None:
    reply = client.options("/ask", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("192.0.2.7", False),
        ("::ffff:192.0.2.7", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_what_loopback_is(host: str, local: bool) -> None:
    assert is_loopback(host) is local
