"""Signing in: without the password nothing is reached, by nobody; with it everything is; the owner's commands need none."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, WebSocketDisconnect
from fastapi.testclient import TestClient

from rag.engine import Engine
from rag.errors import SettingsError
from rag.settings import load_settings
from ui import cli
from ui.serving import start_in_thread
from ui.sign_in import DAYS, MOST_WRONG, SignIn

PASSWORD = "كلمة سر طويلة 7"
NOTE = "The harbour of Tartus handled 1,900 ships in 2023, the port authority said on 4 March 2024."


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def client_of(clock: Clock, password: str = PASSWORD, salt: str = "/home/a") -> TestClient:
    """A client of an application that greets whoever reaches it."""
    app = FastAPI()

    @app.get("/api/documents")
    def documents() -> str:
        return "reached"

    @app.get("/api/healthz")
    def health() -> str:
        return "up"

    signed = SignIn(app, password=password, token="the-owner's", salt=salt, clock=clock)
    return TestClient(signed, client=("203.0.113.5", 5000), follow_redirects=False)


def test_programs(clock: Clock) -> None:
    client = client_of(clock)
    refused = client.get("/api/documents")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["error"]["code"] == "sign_in"
    basic = base64.b64encode(f"anybody:{PASSWORD}".encode()).decode()
    for given in (f"Basic {basic}".encode(), f"Bearer {PASSWORD}".encode()):
        assert client.get("/api/documents", headers={b"authorization": given}).status_code == 200
    for given in (b"Basic !!", b"Basic \xe9", b"Bearer wrong", b"Bearer ", b"Digest x", b"Bearer \xff"):
        assert client.get("/api/documents", headers={b"authorization": given}).status_code == 401
    assert client.get("/api/healthz").json() == "up"


def test_the_owners_token_is_for_the_servers_own_machine(clock: Clock) -> None:
    remote = client_of(clock)
    assert remote.get("/api/documents", headers={"authorization": "Bearer the-owner's"}).status_code == 401
    local = TestClient(remote.app, client=("127.0.0.1", 5000))
    assert local.get("/api/documents", headers={"authorization": "Bearer the-owner's"}).status_code == 200


def test_visitors(clock: Clock) -> None:
    client = client_of(clock)
    sent = client.get("/", headers={"accept": "text/html,*/*"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in")
    page = client.get("/sign-in", headers={"accept-language": "ar,en;q=0.5"})
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "كلمة المرور" in page.text
    assert 'lang="en"' in client.get("/sign-in?language=en", headers={"accept-language": "ar"}).text
    wrong = client.post("/sign-in", data={"password": "123"})
    assert wrong.status_code == 401
    assert "The password is wrong." in wrong.text
    assert "set-cookie" not in wrong.headers
    entered = client.post("/sign-in", data={"password": PASSWORD})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "httponly" in entered.headers["set-cookie"].lower()
    assert client.get("/api/documents").json() == "reached"
    assert client.get("/sign-in").headers["location"] == "/"
    assert client.get("/sign-out").headers["location"] == "/sign-in"
    assert client.get("/api/documents").status_code == 401


def test_a_cookie_ends_and_cannot_be_made(clock: Clock) -> None:
    client = client_of(clock)
    client.post("/sign-in", data={"password": PASSWORD})
    [(name, cookie)] = client.cookies.items()

    def reached(value: str, at: TestClient = client) -> bool:
        at.cookies.clear()
        return bool(at.get("/api/documents", headers={b"cookie": f"{name}={value}".encode()}).status_code == 200)

    until, _, signature = cookie.partition(".")
    assert reached(cookie)
    assert reached(cookie, client_of(clock))  # the server was started again
    assert not reached(cookie, client_of(clock, password="another one"))
    assert not reached(cookie, client_of(clock, salt="/home/b"))
    for forged in (
        f"{int(until) + 1}.{signature}",
        f"{until}.",
        until,
        "",
        ".",
        f"-1.{signature}",
        f"٣.{signature}",
        "9" * 40,
    ):
        assert not reached(forged)
    clock.now += DAYS * 86_400
    assert not reached(cookie)


def test_guessing_is_slow(clock: Clock) -> None:
    client = client_of(clock)
    for _ in range(MOST_WRONG):
        assert client.post("/sign-in", data={"password": "guess"}).status_code == 401
    assert client.post("/sign-in", data={"password": PASSWORD}).status_code == 429
    held = client.get("/api/documents", headers={b"authorization": f"Bearer {PASSWORD}".encode()})
    assert (held.status_code, held.headers["retry-after"]) == (429, "10")
    other = TestClient(client.app, client=("203.0.113.6", 5000), follow_redirects=False)
    assert other.post("/sign-in", data={"password": PASSWORD}).status_code == 303
    clock.now += 11
    assert client.post("/sign-in", data={"password": PASSWORD}).status_code == 303


def test_a_long_body_and_web_sockets_are_refused(clock: Clock) -> None:
    client = client_of(clock)
    assert client.post("/sign-in", content=b"password=" + b"x" * 10_000).status_code == 413
    with pytest.raises(WebSocketDisconnect) as raised, client.websocket_connect("/ws"):
        pass
    assert raised.value.code == 1008


def test_a_short_password_is_refused_and_not_printed() -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(password="seven77")
    assert "TAWTHIQ_PASSWORD" in str(raised.value)
    assert "seven77" not in str(raised.value)
    assert PASSWORD not in repr(load_settings(password=PASSWORD))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("sign-in")
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    with Engine.open(folder / "home", settings=load_settings(home=folder / "home", password=PASSWORD)) as engine:
        engine.ingest([folder / "note.txt"])
        with start_in_thread(engine) as url:
            yield url, folder / "home"


def test_commands_of_the_machine_go_through_without_it(
    served: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["ask", "--home", str(served[1]), "How many ships did the harbour of Tartus handle?"]) == 0
    assert NOTE in capsys.readouterr().out


def test_every_path_is_closed(served: tuple[str, Path]) -> None:
    with httpx.Client(base_url=served[0], trust_env=False) as client:
        for path in (
            "/",
            "/config",
            "/info",
            "/api/documents",
            "/api/health",
            "/gradio_api/info",
            "/theme.css",
            "/file=a",
        ):
            assert client.get(path).status_code == 401, path
        assert client.post("/api/ask", json={"question": "x"}).status_code == 401
        assert client.post("/gradio_api/queue/join", json={}).status_code == 401
        page = client.get("/sign-in")
        assert "form-action 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(("locale", "asked", "wrong", "leave"), [
    ("ar-SY", "كلمة المرور", "كلمة المرور خاطئة.", "خروج"),
    ("en-GB", "Password", "The password is wrong.", "Sign out"),
])  # fmt: skip
def test_in_a_browser(browser: Any, served: tuple[str, Path], locale: str, asked: str, wrong: str, leave: str) -> None:
    expect = pytest.importorskip("playwright.sync_api").expect
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(served[0])
    page.get_by_label(asked).fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(wrong)
    page.get_by_label(asked).fill(PASSWORD)
    page.keyboard.press("Enter")
    box = page.locator("#tw-question textarea")
    box.fill("How many ships did the harbour of Tartus handle in 2023?")
    box.press("Enter")
    expect(page.locator("#tw-conversation")).to_contain_text("1,900 ships", timeout=60_000)
    page.get_by_role("link", name=leave).click()
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.goto(served[0])
    expect(page).to_have_url(re.compile("/sign-in$"))
    context.close()
