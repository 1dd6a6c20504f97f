"""Adding and removing documents from the web page: who may, and the routes under `/library` that its script speaks to.

`POST /library/check` says beforehand whether a file would be taken, `POST /library/files` takes one (its body; its name
in a header), `POST /library/links` an address, `DELETE /library/documents/ID` removes one, `GET /library` gives the
parts of the page that tell how many there are. What is added is told as NDJSON, `{"state": …}` a line; the last has a
state of DONE, and where it failed `reason`, in both languages of the interface: the page may change its language.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import queue
import re
import threading
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect

from corpus.document import document_id_for
from corpus.errors import CatalogError
from rag.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE
from rag.errors import DocumentNotFound, SettingsError, SourceError, SourceTooLarge, TawthiqError
from rag.types import IngestReport, Progress
from ui import chat, i18n, library
from ui.api_guard import GuardedRoute, is_loopback
from ui.i18n.messages import translated
from ui.uploads import Busy, Uploads, safe_name

if TYPE_CHECKING:
    from rag.engine import Engine
    from rag.settings import Settings

NAME_HEADER = "x-tawthiq-name"
SILENCE_SECONDS = 60.0
"""An upload of which nothing came for so long is given up."""
SIGN_OF_LIFE_SECONDS = 10.0
"""A line is sent at least so often, so that no proxy takes a long document for a dead connection."""
DONE = frozenset(("added", "updated", "unchanged", "duplicate", "failed"))
MOST_URL_CHARS = 2_000

# What proxies put before a request that they pass on.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_log = logging.getLogger(__name__)

Texts = dict[str, str]
"""A line in each language of the interface."""


class CheckBody(BaseModel):
    """A file that the page would like to send."""

    name: str = Field(max_length=10_000)
    size: int = Field(ge=0)


class LinkBody(BaseModel):
    url: str = Field(max_length=MOST_URL_CHARS)


def may_edit(settings: Settings, *, alone: bool) -> bool:
    """Whether visitors may add and remove documents; `alone`: the server listens on this machine alone.

    Raises SettingsError where anybody on a network could.
    """
    if settings.web_editing == "on" and not alone and settings.password is None:
        raise SettingsError(
            "TAWTHIQ_WEB_EDITING is on and there is no password: anybody on the network could remove documents.",
            "Set TAWTHIQ_PASSWORD too, or leave TAWTHIQ_WEB_EDITING out.",
        )
    return settings.web_editing == "on" or (settings.web_editing == "auto" and alone)


def create_editing_router(engine: Engine, *, allowed: bool) -> APIRouter:
    """The routes over `engine`; where editing is not `allowed`, each of them refuses."""
    uploads = Uploads(engine)
    from_elsewhere = engine.settings.web_editing == "on" and engine.settings.password is not None

    def guard(request: Request) -> None:
        if not allowed:
            raise HTTPException(403, "Documents cannot be added or removed from this page.")
        if request.method != "GET" and not _from_our_page(request, from_elsewhere=from_elsewhere):
            raise HTTPException(403, "Documents are added and removed from the server's own page alone.")

    files = APIRouter(dependencies=[Depends(guard)])  # without GuardedRoute, which bounds a body by less than a file's
    router = APIRouter(route_class=GuardedRoute)

    @router.get("/library")
    def shown() -> dict[str, Any]:
        summaries = engine.documents()
        welcome = chat.welcome(engine, editing=True)
        return {"list": library.list_html(summaries), "welcome": welcome, "count": len(summaries)}

    @router.post("/library/check")
    def check(body: CheckBody) -> Response:
        name = safe_name(body.name)
        try:
            uploads.check(name, body.size)
        except SourceError as error:
            return JSONResponse(_failed(reason(error, name, name), name))
        return Response(status_code=204)

    @files.post("/library/files")
    async def add_file(request: Request) -> Response:
        name = safe_name(unquote(request.headers.get(NAME_HEADER, "")))
        try:
            give_back = uploads.begin()
        except Busy:
            return _busy()
        try:
            stated = request.headers.get("content-length", "0")
            limit = uploads.check(name, int(stated) if stated.isdecimal() else 0)
            with uploads.receiving() as (file, part):
                await _receive(request, file, name, limit)
        except ClientDisconnect:
            give_back()
            return Response(status_code=400)
        except TawthiqError as error:
            give_back()
            return JSONResponse(_failed(reason(error, name, name), name))
        except BaseException:
            give_back()
            raise
        known_as = document_id_for(str(uploads.folder / name))
        return _told(lambda report: uploads.add_file(part, name, report), name, give_back, known_as)

    @router.post("/library/links")
    def add_link(body: LinkBody) -> Response:
        try:
            give_back = uploads.begin()
        except Busy:
            return _busy()
        return _told(lambda report: uploads.add_link(body.url, report), body.url, give_back)

    @router.delete("/library/documents/{document_id}")
    def remove(document_id: str) -> Response:
        try:
            return JSONResponse({"removed": uploads.remove(document_id).document_id})
        except DocumentNotFound as error:
            return JSONResponse({"reason": reason(error)}, 404)
        except TawthiqError as error:
            return JSONResponse({"reason": reason(error)}, 409)

    @router.api_route("/library/{path:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    def nothing(path: str) -> None:
        """Whatever else is asked for; without this the chat page, mounted behind, would answer."""
        raise HTTPException(404, f"There is nothing at /library/{path} for this method.")

    files.include_router(router)
    return files


def reason(error: Exception, source: str = "", name: str = "") -> Texts:
    """One line of what is wrong, in each language; nothing of where files lie on the server."""
    if isinstance(error, SourceError):
        return _lines(str(error), source, name)
    if isinstance(error, CatalogError):
        return _texts("adding.disk")
    if isinstance(error, TawthiqError):
        return {language: i18n.error_text(error, language) for language in i18n.LANGUAGES}
    _log.error("A document could not be added", exc_info=error)
    return _texts("error.unexpected")


def _lines(message: str, source: str, name: str) -> Texts:
    """The lines of a source's error, with `name` where they first name the `source`; a letter may be a file's name."""
    named = re.compile(rf"(?<!\w){re.escape(source)}(?!\w)") if source else re.compile("(?!)")
    arabic = translated(named.sub(lambda _: name, message, count=1), "ar")
    isolated = f"{FIRST_STRONG_ISOLATE}{name}{POP_ISOLATE}"
    return {"ar": arabic, "en": named.sub(lambda _: isolated, message, count=1)}


def _texts(key: str) -> Texts:
    return {language: i18n.text(language, key) for language in i18n.LANGUAGES}


def _from_our_page(request: Request, *, from_elsewhere: bool) -> bool:
    """Whether it was our own page, in a browser, that sent a request: no other page may have it do so.

    Browsers say where a request comes from, and let no page say otherwise. Behind a proxy the name in `Host` may be
    another than the visitor's, and their word for it (`Sec-Fetch-Site`, over HTTPS and on this machine) counts alone.
    Unless visitors `from_elsewhere` may, who are signed in then, a request that a proxy passed on is refused: to this
    server all of a proxy's visitors seem to be on its own machine.
    """
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin"):
        return False
    origin = urlsplit(request.headers.get("origin", ""))
    same = bool(origin.netloc) and origin.netloc.lower() == request.headers.get("host", "").lower()
    if from_elsewhere:
        return same or site == "same-origin"
    local = request.client is not None and is_loopback(request.client.host)
    return same and local and not any(name in request.headers for name in _FORWARDED)


async def _receive(request: Request, file: IO[bytes], name: str, limit: int) -> None:
    """Writes the body of a request into `file`. Raises ClientDisconnect, and SourceTooLarge beyond `limit` bytes."""
    received = 0
    chunks = request.stream()
    while True:
        try:
            chunk = await asyncio.wait_for(anext(chunks), SILENCE_SECONDS)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise ClientDisconnect from None
        received += len(chunk)
        if received > limit:
            raise SourceTooLarge(f"{name} is larger than {limit:,} bytes.", "Split it.", source=name)
        await run_in_threadpool(file.write, chunk)


def _busy() -> Response:
    return JSONResponse({"reason": _texts("adding.busy")}, 503, {"Retry-After": "2"})


def _failed(why: Texts, name: str) -> dict[str, Any]:
    return {"state": "failed", "name": name, "reason": why}


def _told(
    task: Callable[[Callable[[Progress], None]], IngestReport], name: str, done: Callable[[], None], known_as: str = ""
) -> Response:
    """Begins `task` at once in a thread of its own, to go on to its end if the visitor leaves; tells how it goes."""
    events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def progress(at: Progress) -> None:
        events.put({"state": "indexing" if at.stage == "indexing" else "reading"})

    def work() -> None:
        try:
            events.put(_outcome(task(progress), name, known_as))
        except Exception as error:
            events.put(_failed(reason(error), name))
        finally:
            done()

    threading.Thread(target=work, name="ingest").start()
    # A proxy that buffers would turn news into a wait.
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(_lines_of(events), media_type="application/x-ndjson", headers=headers)


def _lines_of(events: queue.SimpleQueue[dict[str, Any]]) -> Iterator[str]:
    event: dict[str, Any] = {"state": "reading"}
    while event["state"] not in DONE:
        with contextlib.suppress(queue.Empty):
            event = events.get(timeout=SIGN_OF_LIFE_SECONDS)
        yield json.dumps(event, ensure_ascii=False) + "\n"


def _outcome(report: IngestReport, name: str, known_as: str) -> dict[str, Any]:
    """The last line of an ingestion of one source."""
    if report.failed:
        failure = report.failed[0]
        return _failed(_lines(failure.reason, failure.source if known_as else "", name), name)
    states = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
    state = next((state for state, count in states.items() if count), "duplicate")
    known_as = report.documents[0].document_id if report.documents else known_as
    told: dict[str, Any] = {"state": state, "name": name, "document": known_as}
    for one in report.left_out:
        told["note"] = {
            language: f"{i18n.image_pages_text(name, one.pages, language)} {i18n.text(language, 'pages.images.hint')}"
            for language in i18n.LANGUAGES
        }
    return told
