"""Running the server: its sockets, its address, when it is ready, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware

from rag.errors import TawthiqError
from ui.api_guard import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from rag.engine import Engine

PORTS_TRIED = 20
"""How many ports, from the wanted one on, are tried where any will do."""

GRACE_SECONDS = 3
"""How long requests may go on after the server was told to stop: a chat page keeps a connection open for ever."""

START_SECONDS = 60.0
LOG_BYTES = 2_000_000
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class ServeError(TawthiqError):
    """The server cannot listen where it should."""

    code = "serve"


@dataclass(frozen=True, slots=True)
class Listening:
    """Sockets that listen already. `url` is for people, `local_url` for the commands of this machine.

    `names` are the host names that a request may ask for; empty where the server is open to a network, by any name.
    """

    sockets: tuple[socket.socket, ...]
    url: str
    local_url: str
    port: int
    names: tuple[str, ...] = ()

    def close(self) -> None:
        for listener in self.sockets:
            listener.close()


def listen(host: str, port: int, *, or_next: bool = False) -> Listening:
    """Listen on `host` and `port` (0: any free one); with `or_next`, on the next free port where it is taken.

    Raises ServeError, naming the port. On an address that is not loopback, a second socket of this machine alone is
    opened where the first is not reached over loopback, because commands on this home go through the server that way.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise ServeError(f"There is no address {host} to listen on.", "Correct --host.") from None
    first = _bind(family, str(address[0]), port, PORTS_TRIED if or_next and port else 1)
    bound_host, bound_port = first.getsockname()[:2]
    shown = f"[{bound_host}]" if family == socket.AF_INET6 else bound_host
    if is_loopback(bound_host):
        url = f"http://{shown}:{bound_port}"
        return Listening((first,), url, url, bound_port, (*LOOPBACK_NAMES, shown))
    if bound_host == "0.0.0.0":
        return Listening((first,), f"http://{socket.gethostname()}:{bound_port}", _local(bound_port), bound_port)
    try:
        second = _bind(socket.AF_INET, "127.0.0.1", 0, 1)
    except ServeError:
        first.close()
        raise
    name = socket.gethostname() if bound_host == "::" else shown
    local_url = _local(second.getsockname()[1])
    return Listening((first, second), f"http://{name}:{bound_port}", local_url, bound_port)


def serve(
    engine: Engine,
    listening: Listening,
    *,
    ready: Callable[[], None] = lambda: None,
    stop: threading.Event | None = None,
) -> None:
    """Serve `engine` until SIGINT, SIGTERM or `stop`; then finish the requests under way, for GRACE_SECONDS at most.

    `ready` is called when the server answers and other commands can find it. The sockets are closed at the end.
    """
    token = secrets.token_urlsafe(32)

    def announce() -> None:
        engine.announce(listening.local_url, token)
        ready()

    with _logging_to(engine.home / "logs" / "serve.log"):
        config = uvicorn.Config(
            _app(engine, token, listening.names),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        try:
            _Server(config, announce, stop).run(sockets=list(listening.sockets))
        finally:
            listening.close()


@contextlib.contextmanager
def start_in_thread(engine: Engine, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """A running server on `engine`, in a thread of this process; yields its address and stops it at the end."""
    listening = listen(host, port)
    ready, stop = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            serve(engine, listening, ready=ready.set, stop=stop)
        except BaseException as error:
            failures.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=work, name="serve", daemon=True)
    thread.start()
    try:
        if not ready.wait(START_SECONDS):
            raise ServeError(f"The server at {listening.url} did not start in {START_SECONDS:.0f} seconds.")
        if failures:
            raise failures[0]
        yield listening.local_url
    finally:
        stop.set()
        thread.join(GRACE_SECONDS + 10)


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready, and leaves the process alive when a signal stopped it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stop: threading.Event | None) -> None:
        super().__init__(config)
        self._ready = ready
        self._stop = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.should_exit:
            self._ready()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or (self._stop is not None and self._stop.is_set())

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again when it is done, which would end the process before the engine is closed.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _app(engine: Engine, token: str, names: tuple[str, ...]) -> ASGIApp:
    from ui.editing import may_edit
    from ui.web import create_app

    app = create_app(engine, token=token, editing=may_edit(engine.settings, alone=bool(names)))
    if not names:
        return app
    # A page elsewhere may point a name of its own at 127.0.0.1 and then read this server as if it were its own.
    return TrustedHostMiddleware(app, allowed_hosts=names, www_redirect=False)


def _bind(family: socket.AddressFamily, host: str, port: int, attempts: int) -> socket.socket:
    reason = ""
    for candidate in range(port, min(port + attempts, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, candidate))
            # At once, not when the server is up: with SO_REUSEADDR a port that nobody listens on yet is not taken.
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            reason = error.strerror or str(error)
    through = f" (nor on the {attempts - 1} after it)" if attempts > 1 else ""
    raise ServeError(
        f"Cannot listen on port {port} of {host}{through}: {reason}.", "Name another with --port, or --port 0 for any."
    )


def _local(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Not the requests that were broken off when the server was told to stop: an open chat page always is one."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


@contextlib.contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """Warnings and errors of the server go to a file: a traceback says nothing to the person at the terminal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    handler.addFilter(_worth_a_line)
    loggers = [logging.getLogger(name) for name in ("uvicorn", "ui", "rag", "corpus")]
    before = [(logger, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, propagate in before:
            logger.removeHandler(handler)
            logger.propagate = propagate
        handler.close()
