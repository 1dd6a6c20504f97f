"""The engine of a home that a running server owns: the same calls, over loopback."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx

from corpus.document import Document
from rag.errors import DocumentNotFound, EmptyHome, HomeBusy, TawthiqError
from rag.history import trimmed
from rag.home import current_owner
from rag.saved_answers import saved_answers
from rag.types import (
    Answer,
    AnswerLanguage,
    DocumentSummary,
    Event,
    Filters,
    History,
    IngestReport,
    Mode,
    Progress,
    ScoredPassage,
)
from rag.verification.verify import Verification
from ui.wire import (
    document_from_json,
    error_from_json,
    event_from_json,
    filters_to_json,
    health_from_json,
    summary_from_json,
)

if TYPE_CHECKING:
    from rag.claims.verdicts import Verdict
    from rag.engine import Engine
    from rag.health import HealthCheck
    from rag.settings import Settings

T = TypeVar("T")

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 180.0
"""How long an answer may take by default: a language model on a processor is slow."""


REQUEST_BYTES = 500_000
"""About how long a request may get before the rest goes into another; the server refuses those of twice the length."""


class ServerError(TawthiqError):
    """The server that owns the home does not answer, or not as one of ours does."""

    code = "server"


_READING = frozenset({"ask", "search", "check", "verify", "documents list", "documents show", "documents remove"})


@contextlib.contextmanager
def open_engine(home: Path, settings: Settings, command: str) -> Iterator[Engine | RemoteEngine]:
    """The engine on `home`: opened here, or the server's that owns it.

    Raises HomeBusy when a process that serves nothing owns it, and what `Engine.open` raises.
    """
    # Asked first, because a command that goes through a server needs none of what the engine imports.
    owner = current_owner(home)
    if owner is not None and owner.url:
        with RemoteEngine(owner.url, owner.token or "", home, _patience(settings)) as remote:
            yield remote
        return
    if command.removeprefix("tawthiq ") in _READING and not home.exists():
        # Asking must not make a folder where somebody mistyped a path.
        raise EmptyHome(f"There is no home at {home}.", "Name another with --home, or fill it with `tawthiq ingest`.")
    from rag.engine import Engine

    with contextlib.ExitStack() as stack:
        try:
            engine: Engine | RemoteEngine = stack.enter_context(Engine.open(home, settings=settings, command=command))
        except HomeBusy as busy:  # a server that came up in between
            if not busy.parameters.get("url"):
                raise
            url, token = str(busy.parameters["url"]), str(busy.parameters.get("token") or "")
            engine = stack.enter_context(RemoteEngine(url, token, home, _patience(settings)))
        yield engine


def _patience(settings: Settings) -> float:
    return max(ANSWER_SECONDS, 2 * settings.llm_timeout)


class RemoteEngine:
    """What commands use of `rag.Engine`, asked of the server at `url`; raises the same errors.

    `token` is the owner file's, `timeout` the seconds that one reply may take. What changes the home may take as long
    as it needs. Every call raises ServerError when the server does not answer.
    """

    def __init__(self, url: str, token: str, home: str | Path, timeout: float = ANSWER_SECONDS) -> None:
        self.url = url
        self.home = Path(home)
        # trust_env: a proxy of the environment has no business between two processes of one machine.
        self._client = httpx.Client(
            base_url=f"{url}/api",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout, connect=CONNECT_SECONDS),
            trust_env=False,
        )
        self._unhurried = httpx.Timeout(None, connect=CONNECT_SECONDS)

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def generation(self) -> int:
        return self._call("GET", "/healthz", lambda reply: int(reply["generation"]))

    def ask(
        self,
        question: str,
        history: History = (),
        mode: Mode = "auto",
        filters: Filters | None = None,
        answer_language: AnswerLanguage | None = None,
    ) -> Answer:
        body = _question(question, history, mode, filters, answer_language)
        return self._call("POST", "/ask", Answer.from_json, body)

    def stream(
        self,
        question: str,
        history: History = (),
        mode: Mode = "auto",
        filters: Filters | None = None,
        answer_language: AnswerLanguage | None = None,
    ) -> Iterator[Event]:
        for event in self._events("/ask/stream", _question(question, history, mode, filters, answer_language)):
            if not isinstance(event, Progress | IngestReport):
                yield event

    def search(self, query: str, limit: int = 10, filters: Filters | None = None) -> list[ScoredPassage]:
        body = {"query": query, "limit": limit, **_optional(filters=filters_to_json(filters))}
        return self._call(
            "POST", "/search", lambda reply: [ScoredPassage.from_json(passage) for passage in reply["passages"]], body
        )

    def check(self, claim: str, filters: Filters | None = None) -> Verdict:
        from rag.claims.verdicts import Verdict

        body = {"claim": claim, **_optional(filters=filters_to_json(filters))}
        return self._call("POST", "/check", Verdict.from_json, body)

    def verify(self, answers: object, *, again: bool = False, language: AnswerLanguage = "en") -> Verification:
        """As the engine's. What is no answer is not sent; many answers go in several requests."""
        saved = [dict(answer.data) for answer in saved_answers(answers)]
        more = {"again": again, "language": language}
        checked = [
            self._call("POST", "/verify", Verification.from_json, {"answers": some, **more})
            for some in _in_requests(saved)
        ]
        return Verification(tuple(answer for some in checked for answer in some.answers), str(self.home))

    def documents(self) -> list[DocumentSummary]:
        return self._call("GET", "/documents", lambda reply: [summary_from_json(data) for data in reply["documents"]])

    def document(self, document_id: str) -> Document:
        return self._call("GET", _document_path(document_id), document_from_json)

    def remove(self, document_id: str) -> DocumentSummary:
        return self._call(
            "DELETE",
            _document_path(document_id),
            lambda reply: summary_from_json(reply["removed"]),
            timeout=self._unhurried,
        )

    def ingest(
        self,
        sources: Iterable[str | Path],
        *,
        tags: Sequence[str] = (),
        progress: Callable[[Progress], None] | None = None,
    ) -> IngestReport:
        """As the engine's. Paths are this process's, so they are sent as absolute ones."""
        body = {"sources": [_absolute(source) for source in sources], "tags": list(tags)}
        for event in self._events("/ingest", body, timeout=self._unhurried):
            if isinstance(event, IngestReport):
                return event
            if isinstance(event, Progress) and progress:
                progress(event)
        raise self._strange()

    def repair(self, progress: Callable[[Progress], None] | None = None) -> int:
        """As the engine's, without progress."""
        return self._call("POST", "/repair", lambda reply: int(reply["documents"]), timeout=self._unhurried)

    def health(self) -> list[HealthCheck]:
        return self._call("GET", "/health", lambda reply: [health_from_json(check) for check in reply["checks"]])

    def _call(
        self,
        method: str,
        path: str,
        read: Callable[[Any], T],
        body: dict[str, Any] | None = None,
        timeout: httpx.Timeout | None = None,
    ) -> T:
        with self._errors():
            reply = self._client.request(method, path, json=body, **_optional(timeout=timeout))
            return read(self._content(reply))

    def _events(
        self, path: str, body: dict[str, Any], timeout: httpx.Timeout | None = None
    ) -> Iterator[Event | Progress | IngestReport]:
        with self._errors(), self._client.stream("POST", path, json=body, **_optional(timeout=timeout)) as reply:
            if reply.is_error:
                reply.read()
                self._content(reply)
            for line in reply.iter_lines():
                yield event_from_json(json.loads(line))

    def _content(self, reply: httpx.Response) -> Any:
        """The JSON of `reply`; an error reply is raised as the error that it names."""
        content = reply.json()
        if reply.is_error:
            raise error_from_json(content["error"])
        return content

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException:
            raise ServerError(
                f"The server at {self.url} takes too long to answer.", "Ask again, or stop it and run this without it."
            ) from None
        except httpx.HTTPError:
            raise self._silent() from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._strange() from None

    def _silent(self) -> ServerError:
        owner = current_owner(self.home)
        whose = f" ({owner})" if owner and owner.pid else ""
        return ServerError(
            f"The server at {self.url}{whose}, which owns the home {self.home}, does not answer.",
            "Stop that process and try again." if owner else "It has just ended: try again.",
        )

    def _strange(self) -> ServerError:
        return ServerError(
            f"The server at {self.url}, which owns the home {self.home}, answers in a way that is not understood.",
            "It may be of another version: start it again.",
        )


def _question(
    question: str, history: History, mode: Mode, filters: Filters | None, answer_language: AnswerLanguage | None
) -> dict[str, Any]:
    return {
        "question": question,
        "mode": mode,
        **_optional(filters=filters_to_json(filters), answer_language=answer_language),
        **(
            {"history": [{"question": said, "answer": answer.to_json()} for said, answer in trimmed(history)]}
            if history
            else {}
        ),
    }


def _in_requests(items: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """`items` in lists whose JSON is no longer than `REQUEST_BYTES`, unless one item alone is."""
    some: list[dict[str, Any]] = []
    length = 0
    for item in items:
        more = len(json.dumps(item, ensure_ascii=False).encode())
        if some and length + more > REQUEST_BYTES:
            yield some
            some, length = [], 0
        some.append(item)
        length += more
    if some:
        yield some


def _document_path(document_id: str) -> str:
    if not document_id.isalnum():  # no id looks like this, and no other path may be asked for in its place
        raise DocumentNotFound(f"There is no document {document_id!r}.", "`tawthiq documents list` shows all of them.")
    return f"/documents/{document_id}"


def _optional(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _absolute(source: str | Path) -> str:
    text = str(source)
    return text if "://" in text else os.path.abspath(os.path.expanduser(text))
