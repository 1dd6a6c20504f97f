"""Running the server: its ports, how it is found, what it refuses, and how it ends. The processes are real."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.engine import Engine
from rag.home import current_owner
from ui import cli
from ui.serving import LOOPBACK_NAMES, ServeError, listen, start_in_thread

QUESTION = "When was the Captagon Act passed?"


@pytest.fixture(scope="module")
def home(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("serving") / "home"
    shutil.copytree(samples_home, target, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    return target


class Server:
    """`tawthiq serve --json` in a process of its own, ready."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", "--json", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        said = ""
        while not said.endswith("}\n"):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()
            said += line
            if line == "}\n":
                break
        self.ready: dict[str, Any] = json.loads(said)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    running = Server("--home", home, "--port", 0)
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGKILL)


# Listening


def test_a_taken_port_is_named_and_the_next_free_one_found() -> None:
    first = listen("127.0.0.1", 0)
    try:
        with pytest.raises(ServeError, match=f"port {first.port} of 127.0.0.1: .*--port 0"):
            listen("127.0.0.1", first.port)
        second = listen("127.0.0.1", first.port, or_next=True)
        second.close()
        assert second.port > first.port
        assert second.url == second.local_url == f"http://127.0.0.1:{second.port}"
    finally:
        first.close()


def test_an_address_that_is_not_here_is_one_clear_error() -> None:
    with pytest.raises(ServeError, match="no address"):
        listen("no such host", 0)
    with pytest.raises(ServeError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_an_open_address_is_still_reached_over_loopback() -> None:
    listening = listen("0.0.0.0", 0)
    try:
        assert listening.names == ()
        assert listening.local_url == f"http://127.0.0.1:{listening.port}"
        socket.create_connection(("127.0.0.1", listening.port), 5).close()
    finally:
        listening.close()


def test_a_loopback_server_answers_to_its_own_names_only() -> None:
    listening = listen("localhost", 0)
    listening.close()
    assert set(LOOPBACK_NAMES) <= set(listening.names)


# In a thread


def test_a_server_in_a_thread_starts_answers_and_stops(tmp_path: Path) -> None:
    with Engine.open(tmp_path) as engine:
        with start_in_thread(engine) as url:
            owner = current_owner(tmp_path)
            assert owner is not None
            assert owner.url == url
            assert httpx.get(f"{url}/api/healthz", trust_env=False).json()["status"] == "ok"
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/api/healthz", trust_env=False)


# A process of its own


def test_the_server_says_where_it_is_and_the_home_tells_others(server: Server, home: Path) -> None:
    owner = current_owner(home)
    assert owner is not None
    assert (owner.pid, owner.url, owner.command) == (server.process.pid, server.ready["url"], "tawthiq serve")
    assert server.ready["documents"] >= 16
    assert server.ready["home"] == str(home)


@pytest.mark.parametrize("name", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_name_that_is_not_this_machines_is_refused(server: Server, name: str) -> None:
    for path in ("/api/healthz", "/"):
        assert httpx.get(server.ready["url"] + path, headers={"Host": name}, trust_env=False).status_code == 400


def test_every_command_goes_through_the_server_that_holds_the_home(
    server: Server, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, Any]:
        code = cli.run([*arguments, "--home", str(home), "--json"])
        out, err = capsys.readouterr()
        assert "tawthiq:" not in err
        return code, json.loads(out)

    code, answer = run("ask", QUESTION)
    assert (code, answer["status"]) == (0, "answered")
    code, found = run("search", "captagon", "--limit", "2")
    assert (code, len(found["passages"])) == (0, 2)

    (tmp_path / "bridge.txt").write_text("The bridge at Deir was opened by the minister on 4 May 2021.\n" * 5, "utf-8")
    code, report = run("ingest", str(tmp_path / "bridge.txt"), str(tmp_path / "absent.txt"), "--tag", "bridges")
    assert (code, report["added"], len(report["failed"])) == (1, 1, 1)
    added = report["documents"][0]["document_id"]
    code, shown = run("documents", "show", added)
    assert (code, shown["tags"]) == (0, ["bridges"])
    assert "The bridge at Deir" in shown["text"]
    code, removed = run("documents", "remove", added)
    assert (code, removed["removed"]["document_id"]) == (0, added)
    code, listed = run("documents", "list")
    assert code == 0
    assert added not in {document["document_id"] for document in listed["documents"]}
    code, examined = run("doctor", "--repair")
    assert code == 0
    assert examined["repaired"] == len(listed["documents"])
    code, problem = run("ask", " ")
    assert (code, set(problem["error"])) == (2, {"message", "hint"})
    code, problem = run("documents", "show", added)
    assert code == 1
    assert added in problem["error"]["message"]


def test_a_real_ask_works_while_the_server_holds_the_home(server: Server, home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "ask", QUESTION, "--home", str(home)],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        env={**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout


def test_a_second_server_on_the_home_is_refused(server: Server, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.run(["serve", "--home", str(home)])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert f"process {server.process.pid} (tawthiq serve)" in err
    assert server.ready["url"] in err


def test_a_server_that_was_told_to_stop_ends_well_and_gives_the_home_back(server: Server, home: Path) -> None:
    # The last one on this server. A connection that stays open must not keep it.
    with httpx.Client(base_url=server.ready["url"], trust_env=False) as client:
        client.get("/api/healthz")
        code, out, err = server.end(signal.SIGTERM)
    assert (code, out) == (0, "")
    assert "Traceback" not in err
    assert current_owner(home) is None
    assert not (home / "owner.json").exists()


def test_ctrl_c_ends_it_well_too_and_the_samples_fill_an_empty_home(tmp_path: Path) -> None:
    server = Server("--home", tmp_path, "--port", 0, "--samples")
    assert server.ready["documents"] >= 16
    code, _, err = server.end(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in err


@pytest.mark.parametrize(("locale", "said"), [("en_GB.UTF-8", "--port 0"), ("ar_SY.UTF-8", "المنفذ")])
def test_a_taken_port_is_one_line_and_no_home_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, locale: str, said: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    home = tmp_path / "أرشيف"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code = cli.run(["serve", "--home", str(home), "--port", str(port)])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert f"{port}" in err
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_leaves_a_home_that_is_there_free(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Engine.open(tmp_path).close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code = cli.run(["serve", "--home", str(tmp_path), "--port", str(taken.getsockname()[1])])
    assert (code, capsys.readouterr().out) == (1, "")
    assert current_owner(tmp_path) is None


def test_a_home_that_is_served_is_named_rather_than_its_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Engine.open(tmp_path) as engine, start_in_thread(engine) as url:
        code = cli.run(["serve", "--home", str(tmp_path), "--port", url.rpartition(":")[2]])
        assert (code, url in capsys.readouterr().err) == (1, True)
