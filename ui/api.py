"""The HTTP API: what programs ask of a running server, under `/api`, in the JSON of the command line.

Asking, searching and reading documents are open to whoever reaches the server. What changes the home, or tells about
the machine, is for the commands of the user who runs it: from this machine, with the token in the home's owner file.

A streamed reply is NDJSON: one JSON object a line, `event` naming its kind, `{"event": "error", "error": …}` the last
one when it fails on the way.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from rag.engine import Engine
from rag.errors import IndexUnusable, TawthiqError
from rag.history import read_history
from rag.types import AnswerLanguage, Event, Filters, History, IngestReport, Mode, Progress
from ui.api_guard import GuardedRoute, require_token, unexpected
from ui.wire import document_to_json, error_to_json, event_to_json

MAX_RESULTS = 100
"""Most passages that one search returns."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FiltersBody(_Body):
    """Which documents may answer; the fields of `rag.types.Filters`."""

    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    documents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def to_filters(self) -> Filters:
        return Filters(**dict(self))


class TurnBody(_Body):
    """An earlier question of the conversation, with the answer JSON that it got."""

    question: str
    answer: dict[str, Any]


class AskBody(_Body):
    question: str
    mode: Mode = "auto"
    filters: FiltersBody = FiltersBody()
    history: tuple[TurnBody, ...] = ()
    answer_language: AnswerLanguage | None = None

    def to_history(self) -> History:
        """Raises InvalidQuery where an answer is not one, or there are too many."""
        return read_history([(turn.question, turn.answer) for turn in self.history])


class SearchBody(_Body):
    query: str
    limit: int = Field(default=10, ge=1, le=MAX_RESULTS)
    filters: FiltersBody = FiltersBody()


class CheckBody(_Body):
    claim: str
    filters: FiltersBody = FiltersBody()


class VerifyBody(_Body):
    """`answers` are saved answers or checked claims, as the command line printed them. `again`: ask them again too."""

    answers: tuple[dict[str, Any], ...] = Field(min_length=1)
    again: bool = False
    language: AnswerLanguage = "en"


class IngestBody(_Body):
    """`sources` are absolute paths on the server's machine, or URLs."""

    sources: tuple[str, ...] = Field(min_length=1)
    tags: tuple[str, ...] = ()


def create_router(engine: Engine, token: str) -> APIRouter:
    """The routes over `engine`. `token` is what the owner's commands send as `Authorization: Bearer …`."""
    router = APIRouter(prefix="/api", route_class=GuardedRoute)
    owner_only = [Depends(require_token(token))]

    @router.get("/healthz")
    def alive() -> dict[str, Any]:
        """That the server lives, and the generation of its index; null when the index cannot be used."""
        try:
            generation: int | None = engine.generation
        except IndexUnusable:
            generation = None
        return {"status": "ok", "generation": generation}

    @router.post("/ask")
    def ask(body: AskBody) -> dict[str, Any]:
        """The answer to a question, as `tawthiq ask --json` prints it."""
        return engine.ask(
            body.question,
            history=body.to_history(),
            mode=body.mode,
            filters=body.filters.to_filters(),
            answer_language=body.answer_language,
        ).to_json()

    @router.post("/ask/stream")
    def stream(body: AskBody) -> StreamingResponse:
        """The same as events: passages, tokens and notices, and last the answer."""
        events = engine.stream(
            body.question,
            history=body.to_history(),
            mode=body.mode,
            filters=body.filters.to_filters(),
            answer_language=body.answer_language,
        )
        # The first event is made before the reply begins, so that a bad question gets its status.
        first = next(events)
        return _ndjson(chain([first], events))

    @router.post("/search")
    def search(body: SearchBody) -> dict[str, Any]:
        """The best passages for a query, as `tawthiq search --json` prints them."""
        found = engine.search(body.query, limit=body.limit, filters=body.filters.to_filters())
        return {"passages": [passage.to_json() for passage in found]}

    @router.post("/check")
    def check(body: CheckBody) -> dict[str, Any]:
        """Whether the documents bear a claim out, as `tawthiq check --json` prints it."""
        return engine.check(body.claim, filters=body.filters.to_filters()).to_json()

    @router.post("/verify")
    def verify(body: VerifyBody) -> dict[str, Any]:
        """Whether saved answers still stand, as `tawthiq verify --json` prints it; without the home, a path of here."""
        checked = engine.verify(body.answers, again=body.again, language=body.language)
        return replace(checked, home=None).to_json()

    @router.get("/documents")
    def documents() -> dict[str, Any]:
        """Every document, without its text."""
        return {"documents": [summary.to_json() for summary in engine.documents()]}

    @router.get("/documents/{document_id}")
    def document(document_id: str) -> dict[str, Any]:
        """One document with its stored text."""
        return document_to_json(engine.document(document_id))

    @router.delete("/documents/{document_id}", dependencies=owner_only)
    def remove(document_id: str) -> dict[str, Any]:
        """Take a document out of the catalogue and the indexes."""
        return {"removed": engine.remove(document_id).to_json()}

    @router.post("/ingest", dependencies=owner_only)
    def ingest(body: IngestBody) -> StreamingResponse:
        """Ingest sources: progress events, and last the report. It goes on to its end if the client leaves."""

        def task(progress: Callable[[Progress], None]) -> IngestReport:
            return engine.ingest(body.sources, tags=body.tags, progress=progress)

        return _ndjson(_in_background(task))

    @router.get("/health", dependencies=owner_only)
    def health() -> dict[str, Any]:
        """The checks of `tawthiq doctor` that need the engine."""
        return {
            "checks": [
                {"name": check.name, "status": check.status, "detail": check.detail, "hint": check.hint}
                for check in engine.health()
            ]
        }

    @router.post("/repair", dependencies=owner_only)
    def repair() -> dict[str, Any]:
        """Rebuild the indexes from the catalogue."""
        return {"documents": engine.repair()}

    @router.api_route("/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    def nothing(path: str) -> None:
        """Whatever else is asked for; without this the chat page, mounted behind, would answer."""
        raise HTTPException(404, f"The API has nothing at /api/{path} for this method.")

    return router


def _ndjson(events: Iterator[Event | Progress | IngestReport]) -> StreamingResponse:
    def lines() -> Iterator[str]:
        try:
            for event in events:
                yield _line(event_to_json(event))
        except TawthiqError as error:
            yield _line({"event": "error", "error": error_to_json(error)})
        except Exception as error:
            yield _line({"event": "error", "error": unexpected(error)})

    # A proxy that buffers would turn a stream into a wait.
    return StreamingResponse(
        lines(), media_type="application/x-ndjson", headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    )


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"


def _in_background(
    task: Callable[[Callable[[Progress], None]], IngestReport],
) -> Iterator[Progress | IngestReport]:
    """What `task` reports while it runs in a thread of its own, and last what it returns. Its error is raised here."""
    events: queue.SimpleQueue[Progress | IngestReport | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            events.put(task(events.put))
        except Exception as error:
            events.put(error)

    threading.Thread(target=work, name="ingest").start()
    while True:
        event = events.get()
        if isinstance(event, Exception):
            raise event
        yield event
        if isinstance(event, IngestReport):
            return
