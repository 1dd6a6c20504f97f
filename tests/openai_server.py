"""A local HTTP server that speaks the OpenAI chat-completions protocol, for tests: real sockets, scripted replies.

Each request to `/v1/chat/completions` takes the next reply from a queue; the requests are kept. A reply is a `Text`,
streamed as server-sent events, or one of the misbehaviours below.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "scripted"


@dataclass(frozen=True)
class Text:
    """A good answer, in pieces of `size` characters, `pause` seconds before each.

    `stop` "length" is one cut off; None never says that it ended.
    """

    text: str
    size: int = 7
    stop: str | None = "stop"
    usage: bool = True
    pause: float = 0.0


@dataclass(frozen=True)
class Status:
    """An HTTP error with a body, JSON as OpenAI words it by default."""

    code: int
    message: str = "scripted failure"
    body: str | None = None


@dataclass(frozen=True)
class Raw:
    """Any bytes with status 200."""

    data: bytes
    content_type: str = "text/event-stream"


@dataclass(frozen=True)
class Dropped:
    """Part of an answer, then the connection is cut in the middle of a chunk."""

    text: str


@dataclass(frozen=True)
class Silent:
    """Part of an answer, then nothing for `seconds`."""

    seconds: float
    text: str = ""


@dataclass(frozen=True)
class Trickle:
    """Keep-alive comments every `every` seconds for `seconds`, and no answer."""

    seconds: float
    every: float = 0.05


@dataclass(frozen=True)
class Endless:
    """The same words until the client hangs up (or for `seconds`)."""

    text: str = "and so on "
    seconds: float = 20.0


Reply = Text | Status | Raw | Dropped | Silent | Trickle | Endless


@dataclass
class OpenAIServer:
    """The server: `script` fills the queue, `requests` are the bodies that came, `hung_up` counts broken pipes.

    `respond`, where it is set, answers each request by its body; the queue is for those that it gives None for.
    """

    url: str
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    models: Reply | None = None
    respond: Callable[[dict[str, Any]], Reply | None] | None = None
    hung_up: threading.Event = field(default_factory=threading.Event)

    def script(self, *replies: Reply | str) -> None:
        """Appends replies; a string is a good answer."""
        self.replies.extend(Text(reply) if isinstance(reply, str) else reply for reply in replies)


@contextmanager
def openai_server() -> Iterator[OpenAIServer]:
    """A server on a free port of 127.0.0.1, stopped at the end."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    http.block_on_close = False
    server = OpenAIServer(f"http://127.0.0.1:{http.server_address[1]}/v1")
    http.scripted = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def scripted(self) -> OpenAIServer:
        return self.server.scripted  # type: ignore[attr-defined, no-any-return]

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keeps the tests' output clean."""

    def handle(self) -> None:
        with contextlib.suppress(ConnectionResetError):  # a client that hung up is no error of the server
            super().handle()

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            self._send(404, b"not here", "text/plain")
        elif self.scripted.models is not None:
            self._reply(self.scripted.models)
        else:
            self._send(200, json.dumps({"object": "list", "data": [{"id": MODEL}]}).encode(), "application/json")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.scripted.requests.append(body)
        self.scripted.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.path != "/v1/chat/completions":
            self._send(404, b"not here", "text/plain")
        elif self.scripted.respond is not None and (reply := self.scripted.respond(body)) is not None:
            self._reply(reply)
        elif not self.scripted.replies:
            self._reply(Status(500, "the script is over"))
        else:
            self._reply(self.scripted.replies.popleft())

    def _reply(self, reply: Reply) -> None:
        try:
            if isinstance(reply, Status):
                error = json.dumps({"error": {"message": reply.message, "type": "scripted", "code": None}})
                kind = "application/json" if reply.body is None else "text/html"
                self._send(reply.code, (error if reply.body is None else reply.body).encode(), kind)
            elif isinstance(reply, Raw):
                self._send(200, reply.data, reply.content_type)
            elif isinstance(reply, Text) and not self.scripted.requests[-1].get("stream"):
                message = {"role": "assistant", "content": reply.text}
                choice = {"index": 0, "message": message, "finish_reason": reply.stop}
                whole = {**_COMPLETION, "object": "chat.completion", "choices": [choice]}
                self._send(200, json.dumps(whole).encode(), "application/json")
            else:
                self._stream(reply)
        except OSError:
            self.scripted.hung_up.set()
            self.close_connection = True

    def _send(self, code: int, data: bytes, content_type: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, reply: Text | Dropped | Silent | Trickle | Endless) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if isinstance(reply, Text):
            for at in range(0, len(reply.text), reply.size):
                time.sleep(reply.pause)
                self._event({"content": reply.text[at : at + reply.size]})
            self._event({}, stop=reply.stop)
            if reply.usage and self.scripted.requests[-1].get("stream_options", {}).get("include_usage"):
                usage = {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}
                self._chunk(f"data: {json.dumps({**_COMPLETION, 'choices': [], 'usage': usage})}\n\n")
            self._chunk("data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")
        elif isinstance(reply, Dropped):
            self._event({"content": reply.text})
            self.wfile.write(b"ff\r\ndata: {")
            self.close_connection = True
        elif isinstance(reply, Silent):
            if reply.text:
                self._event({"content": reply.text})
            self._wait(reply.seconds)
        elif isinstance(reply, Trickle):
            for _ in range(int(reply.seconds / reply.every)):
                self._chunk(": still here\n\n")
                time.sleep(reply.every)
            self.close_connection = True
        else:
            until = time.monotonic() + reply.seconds
            while time.monotonic() < until:
                self._event({"content": reply.text})
            self.close_connection = True

    def _wait(self, seconds: float) -> None:
        time.sleep(seconds)
        self.close_connection = True

    def _event(self, delta: dict[str, str], stop: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": stop}
        self._chunk(f"data: {json.dumps({**_COMPLETION, 'choices': [choice]}, ensure_ascii=False)}\n\n")

    def _chunk(self, text: str) -> None:
        data = text.encode("utf-8", "surrogatepass")
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


_COMPLETION = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
