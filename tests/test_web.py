"""The server application around the chat: what it lets through, and that it never calls out."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

import ui
from ui import i18n
from ui.page_head import visitors_language
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


class _Head(HTMLParser):
    """What a page says of itself before any script runs: its title, its metas, its links, and how it is written."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root: dict[str, str | None] = {}
        self.metas: list[tuple[str, str | None]] = []
        self.links: dict[str | None, str | None] = {}
        self.titles: list[str] = []
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_title = tag == "title"
        if tag == "html":
            self.root = given
        elif tag == "meta":
            self.metas.append((given.get("name") or given.get("property") or "", given.get("content")))
        elif tag == "link":
            self.links[given.get("rel")] = given.get("href")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.titles.append(data)
            self._in_title = False


@pytest.mark.parametrize(
    ("accepted", "language", "way"),
    [
        ("ar-EG,ar;q=0.9,en;q=0.8", "ar", "rtl"),
        ("en-GB", "en", "ltr"),
        ("fr, ar;q=0.2", "ar", "rtl"),
        (None, "en", "ltr"),
    ],
)
def test_the_page_names_itself_in_the_visitors_language(
    served: str, accepted: str | None, language: i18n.Language, way: str
) -> None:
    headers = {"Accept-Encoding": "gzip, br", **({"Accept-Language": accepted} if accepted else {})}
    reply = httpx.get(served, headers=headers)
    head = _Head(reply.text)
    title, tagline = i18n.text(language, "app.title"), i18n.text(language, "app.tagline")
    assert (head.root["lang"], head.root["dir"], head.titles) == (language, way, [title])
    said = dict(head.metas)
    assert (said["description"], said["og:title"], said["og:description"]) == (tagline, title, tagline)
    assert said["og:site_name"] == "Tawthiq · توثيق"
    assert said["og:locale"] == {"ar": "ar_AR", "en": "en_US"}[language]
    named = [name for name, _ in head.metas if name]
    assert len(named) == len(set(named))
    assert not any("gradio" in f"{name} {content}".lower() for name, content in head.metas)
    assert (
        httpx.get(f"{served}/{head.links['icon']}").content == (Path(ui.__file__).parent / "favicon.png").read_bytes()
    )
    assert "manifest" not in head.links
    assert reply.headers["vary"] == "Accept-Language"
    assert int(reply.headers["content-length"]) == len(reply.content)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("de-DE", "en"),
        ("AR", "ar"),
        ("en;q=0.3, ar;q=0.7", "ar"),
        ("ar;q=0, en;q=0.1", "en"),
        ("ar;q=x, ,;;,en", "en"),
        ("arn, en", "en"),
    ],
)
def test_the_first_of_our_languages_that_is_accepted(accepted: str, language: str) -> None:
    assert visitors_language(accepted) == language


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


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"conversation": "0" * 32, "turn": 1}, 404),
        ({"conversation": "", "turn": 1}, 404),
        ({"conversation": ["0"], "turn": 1}, 422),
        ({"turn": 1}, 422),
    ],
)
def test_an_answer_is_saved_from_its_own_conversation_alone(served: str, body: dict[str, object], status: int) -> None:
    reply = httpx.post(f"{served}/conversation/answer", json=body)
    assert reply.status_code == status
    assert set(reply.json()["error"]) == {"message", "hint", "code"}
    assert httpx.get(f"{served}/conversation/answer", params=body).status_code != 200  # type: ignore[arg-type]


def test_files_can_be_neither_sent_nor_fetched(served: str, tmp_path: Path) -> None:
    sent = httpx.post(served + "/gradio_api/upload", files={"files": ("big.txt", b"x" * 5000)})
    assert sent.status_code == 413
    private = tmp_path / "private.txt"
    private.write_text("private", encoding="utf-8")
    for path in (private, Path(__file__), Path("/etc/passwd")):
        assert httpx.get(f"{served}/gradio_api/file={path}").status_code == 403
