"""The server application around the chat: what it lets through, and that it never calls out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from ui.security import CONTENT_POLICY

BUILD_AND_READ = """
import json, sys
reached = set()
def note(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        reached.add(str(arguments[1][0]))
    elif event == "socket.getaddrinfo" and arguments[0] is not None:
        reached.add(str(arguments[0]))
sys.addaudithook(note)
from fastapi.testclient import TestClient
from rag.engine import Engine
from ui.web import create_app
with Engine.open(sys.argv[1]) as engine, TestClient(create_app(engine, token="t")) as client:
    assert client.get("/").status_code == 200
print(json.dumps(sorted(reached)))
"""


def test_serving_the_page_calls_nobody(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD_AND_READ, str(tmp_path / "home")],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    reached = json.loads(done.stdout.splitlines()[-1])
    assert set(reached) <= {"127.0.0.1", "localhost", "::1", "testserver"}


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/no-such-page"])
def test_every_response_confines_the_page(served: str, path: str) -> None:
    headers = httpx.get(served + path).headers
    assert headers["content-security-policy"] == CONTENT_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "script-src-attr 'none'" in CONTENT_POLICY
    assert "http" not in CONTENT_POLICY


def test_the_page_is_the_chat_and_the_api_is_beside_it(served: str) -> None:
    config = httpx.get(served + "/config").json()
    ids = {component["props"].get("elem_id") for component in config["components"]}
    assert {"tw-header", "tw-conversation", "tw-question", "tw-send", "tw-sources", "tw-clear"} <= ids
    assert config["footer_links"] == []
    assert not config.get("analytics_enabled")
    found = httpx.get(served + "/api/search", params={"query": "captagon"})
    assert found.headers["content-type"].startswith("application/json")


def test_handlers_of_the_page_are_not_a_second_api(served: str) -> None:
    described = httpx.get(served + "/gradio_api/info").json()
    assert described["named_endpoints"] == {}


def test_files_can_be_neither_sent_nor_fetched(served: str, tmp_path: Path) -> None:
    sent = httpx.post(served + "/gradio_api/upload", files={"files": ("big.txt", b"x" * 5000)})
    assert sent.status_code == 413
    private = tmp_path / "private.txt"
    private.write_text("private", encoding="utf-8")
    for path in (private, Path(__file__), Path("/etc/passwd")):
        assert httpx.get(f"{served}/gradio_api/file={path}").status_code == 403
