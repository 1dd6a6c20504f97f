"""One process owns a home: the lock, who is named, and what a crash leaves behind."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import CatalogError, HomeBusy
from rag.home import HomeLock, Owner, current_owner

HOLD = """
import sys
from rag.home import HomeLock
with HomeLock(sys.argv[1], "tawthiq ingest") as lock:
    if len(sys.argv) > 2:
        lock.announce(sys.argv[2], "a secret")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Starts a process that holds the home `tmp_path` until it is killed or the test ends."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_a_home_that_nobody_uses_has_no_owner_and_asking_leaves_no_trace(tmp_path: Path) -> None:
    assert current_owner(tmp_path) is None
    assert current_owner(tmp_path / "absent") is None
    assert list(tmp_path.iterdir()) == []


def test_the_lock_makes_the_folder_and_names_its_holder(tmp_path: Path) -> None:
    home = tmp_path / "a" / "b"
    with HomeLock(home, "tawthiq ingest"):
        assert current_owner(home) == Owner(os.getpid(), "tawthiq ingest")
    assert current_owner(home) is None


def test_a_second_process_is_refused_with_the_first_ones_name(tmp_path: Path, holder) -> None:
    process = holder()
    with pytest.raises(HomeBusy, match=rf"process {process.pid} \(tawthiq ingest\)") as caught:
        HomeLock(tmp_path, "tawthiq ask").acquire()
    assert caught.value.parameters["pid"] == process.pid
    assert caught.value.parameters["url"] is None
    assert current_owner(tmp_path) == Owner(process.pid, "tawthiq ingest")


def test_a_second_lock_of_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with HomeLock(tmp_path), pytest.raises(HomeBusy):
        HomeLock(tmp_path).acquire()


def test_a_server_is_found_by_the_address_that_it_announced(tmp_path: Path, holder) -> None:
    process = holder("http://127.0.0.1:7860")
    assert current_owner(tmp_path) == Owner(process.pid, "tawthiq ingest", "http://127.0.0.1:7860", "a secret")
    with pytest.raises(HomeBusy) as caught:
        HomeLock(tmp_path).acquire()
    assert caught.value.parameters["url"] == "http://127.0.0.1:7860"
    assert "a secret" not in str(caught.value)


def test_what_a_crash_leaves_behind_is_ignored(tmp_path: Path, holder) -> None:
    process = holder("http://127.0.0.1:7860")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / "owner.json").exists()
    assert current_owner(tmp_path) is None
    with HomeLock(tmp_path, "tawthiq ask"):
        assert current_owner(tmp_path) == Owner(os.getpid(), "tawthiq ask")


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"pid": "x", "command": "y"}', '{"pid": 99999999999999999999, "command": "y"}']
)
def test_a_broken_owner_file_still_means_that_the_home_is_taken(tmp_path: Path, content: str) -> None:
    with HomeLock(tmp_path):
        (tmp_path / "owner.json").write_text(content, encoding="utf-8")
        assert current_owner(tmp_path) is not None
        with pytest.raises(HomeBusy):
            HomeLock(tmp_path).acquire()
    assert current_owner(tmp_path) is None


def test_asking_who_owns_it_never_takes_it_from_a_process_that_wants_it(tmp_path: Path) -> None:
    HomeLock(tmp_path).acquire().release()
    asking = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from rag.home import current_owner\nfor _ in range(200): current_owner(sys.argv[1])",
            str(tmp_path),
        ]
    )
    taken = 0
    while asking.poll() is None:
        with HomeLock(tmp_path):
            taken += 1
    assert asking.returncode == 0
    assert taken > 0


def test_only_its_user_may_read_the_token(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with HomeLock(tmp_path) as lock:
            lock.announce("http://127.0.0.1:1", "a secret")
            for name in ("owner.json", ".lock"):
                assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
            assert json.loads((tmp_path / "owner.json").read_text("utf-8"))["token"] == "a secret"
    finally:
        os.umask(before)
    assert "a secret" not in repr(Owner(1, "x", "http://127.0.0.1:1", "a secret"))
    assert not (tmp_path / "owner.json").exists()


def test_any_thread_may_announce_and_release_what_one_acquired(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path, "tawthiq serve").acquire()
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(lock.announce, "http://127.0.0.1:1", "t").result()
        owner = current_owner(tmp_path)
        assert owner is not None
        assert owner.url == "http://127.0.0.1:1"
        elsewhere.submit(lock.release).result()
    assert current_owner(tmp_path) is None


def test_announcing_needs_the_lock(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not locked"):
        HomeLock(tmp_path).announce("http://127.0.0.1:1", "t")


def test_releasing_twice_does_nothing_to_the_next_owner(tmp_path: Path) -> None:
    first = HomeLock(tmp_path).acquire()
    first.release()
    with HomeLock(tmp_path, "second"):
        first.release()
        owner = current_owner(tmp_path)
        assert owner is not None
        assert owner.command == "second"


def test_a_home_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("not a folder", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"cannot be used: .*exists"):
        HomeLock(home).acquire()
