"""One process owns a home: the operating system's lock on `.lock`, and `owner.json` beside it saying whose it is.

The lock alone decides. It goes with its process, however that ends, so an `owner.json` that a crash left behind is
never believed. The file is for people ("process 4711, tawthiq ingest") and for finding a running server: it holds
the server's address and the token that proves, to that server, that the caller may read this user's files.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from rag.errors import CatalogError, HomeBusy

LOCK_FILE = ".lock"
OWNER_FILE = "owner.json"

ACQUIRE_SECONDS = 0.5
"""How long to wait for the lock: `current_owner` in another process holds it for an instant, which is not owning."""

OWNER_SECONDS = 0.5
"""How long to wait for an owner to write down who it is: it does so right after it got the lock."""

_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that owns a home. `url` and `token` are a server's; `pid` 0: it did not say who it is."""

    pid: int
    command: str
    url: str | None = None
    token: str | None = None

    def __repr__(self) -> str:  # the token is a secret: never in a log or a traceback
        return f"Owner(pid={self.pid}, command={self.command!r}, url={self.url!r})"

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command})" if self.pid else "another process"


class HomeLock:
    """The right to use a home, held from `acquire` to `release` (or `with HomeLock(...)`); it makes the folder.

    Raises HomeBusy when another process, or another HomeLock of this one, holds it (its parameters: `pid`, `command`,
    `url`, `token`), and CatalogError when the folder cannot be used at all.
    """

    def __init__(self, home: str | Path, command: str = "python") -> None:
        self.home = Path(home).expanduser().absolute()
        self.command = command
        # thread_local: a server announces itself from another thread than the one that opened the engine.
        self._lock = FileLock(self.home / LOCK_FILE, mode=0o600, thread_local=False)

    def acquire(self) -> Self:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=ACQUIRE_SECONDS, poll_interval=_POLL_SECONDS)
        except Timeout:
            raise _busy(self.home, _read_living_owner(self.home)) from None
        except OSError as error:
            raise _unusable(self.home, error) from None
        try:
            _write_owner(self.home, Owner(os.getpid(), self.command))
        except OSError as error:
            self._lock.release()
            raise _unusable(self.home, error) from None
        return self

    def announce(self, url: str, token: str) -> None:
        """Write down where this process serves the home, so that other commands find it. The lock must be held."""
        if not self._lock.is_locked:
            raise RuntimeError(f"The home {self.home} is not locked by this HomeLock.")
        try:
            _write_owner(self.home, Owner(os.getpid(), self.command, url, token))
        except OSError as error:
            raise _unusable(self.home, error) from None

    def release(self) -> None:
        """Give the home back; nothing happens when it is not held."""
        if self._lock.is_locked:
            (self.home / OWNER_FILE).unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()


def current_owner(home: str | Path) -> Owner | None:
    """The process that owns `home` now, or None. Changes nothing, and makes no folder where there is none.

    Raises CatalogError when the folder cannot be used.
    """
    folder = Path(home).expanduser().absolute()
    # Most homes have no lock file only before their first use, and taking a lock would make one.
    if not (folder / LOCK_FILE).exists():
        return None
    probe = FileLock(folder / LOCK_FILE, mode=0o600)
    try:
        probe.acquire(timeout=0)
    except Timeout:
        return _read_living_owner(folder)
    except OSError as error:
        raise _unusable(folder, error) from None
    probe.release()
    return None


def refuse_if_owned(home: str | Path) -> None:
    """Raises HomeBusy while a process owns `home`, and CatalogError as `current_owner` does. Changes nothing."""
    if owner := current_owner(home):
        raise _busy(Path(home).expanduser().absolute(), owner)


def _read_living_owner(home: Path) -> Owner:
    """Who holds the lock. A file left by a dead process is replaced in an instant by the one that has the lock now."""
    deadline = time.monotonic() + OWNER_SECONDS
    while True:
        owner = _read_owner(home)
        if (owner is not None and _alive(owner.pid)) or time.monotonic() > deadline:
            # Not alive by its number, yet the lock is held: a process of another container, or one that cannot write.
            return owner or Owner(0, "")
        time.sleep(_POLL_SECONDS)


def _read_owner(home: Path) -> Owner | None:
    try:
        data = json.loads((home / OWNER_FILE).read_text(encoding="utf-8"))
        return Owner(int(data["pid"]), str(data["command"]), data.get("url"), data.get("token"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write_owner(home: Path, owner: Owner) -> None:
    """Atomic, and readable by this user only from its first byte on."""
    partial = home / f".{OWNER_FILE}.{owner.pid}"
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(owner), file)
    partial.replace(home / OWNER_FILE)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it lives and belongs to somebody else
        return True
    except OverflowError:
        return False
    return pid > 0


def _busy(home: Path, owner: Owner) -> HomeBusy:
    return HomeBusy(
        f"The home {home} is in use by {owner}.",
        f"It serves it at {owner.url}: use that, or stop it."
        if owner.url
        else "Wait until it is done or stop it, or name another home with --home.",
        home=str(home),
        pid=owner.pid,
        command=owner.command,
        url=owner.url,
        token=owner.token,
    )


def _unusable(home: Path, error: OSError) -> CatalogError:
    return CatalogError(
        f"The home {home} cannot be used: {error.strerror or error}.",
        "Check that it is a folder that you may write to, or name another with --home.",
        home=str(home),
    )
