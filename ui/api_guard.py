"""What stands before the API's routes: the limit of a body, the token, and errors as one JSON shape."""

from __future__ import annotations

import ipaddress
import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import Message, Receive

from rag.errors import TawthiqError
from ui.wire import error_to_json

MAX_BODY_BYTES = 1_000_000
"""Longest body of a request: a question with the answers before it, or a long list of sources."""

_STATUSES = {
    "document_not_found": 404,
    "home_empty": 409,
    "home_busy": 409,
    "index_unusable": 409,
    "model_mismatch": 409,
    "index_newer": 409,
    "query_invalid": 422,
    "generation": 502,
}
"""Status of each kind of error by its code; a source's own errors are 422, any other 500."""

_log = logging.getLogger(__name__)


class GuardedRoute(APIRoute):
    """A route whose errors all have the body `{"error": {"message", "hint", "code"}}`, and whose input is bounded."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(Request(request.scope, _bounded(request.receive)))
            except TawthiqError as error:
                return _reply(_status_of(error), error_to_json(error))
            except RequestValidationError as error:
                return _invalid(error)
            except StarletteHTTPException as error:
                return _reply(error.status_code, {"message": str(error.detail), "hint": "", "code": "request"})
            except Exception as error:
                return _reply(500, unexpected(error))

        return guarded


def require_token(token: str) -> Callable[[Request], None]:
    """A dependency that lets only the owner's commands pass: over loopback, with the token."""

    def check(request: Request) -> None:
        if request.client is None or not is_loopback(request.client.host):
            raise HTTPException(403, "This is only for commands on the server's own machine.")
        sent = request.headers.get("authorization", "")
        if not secrets.compare_digest(sent.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "The token of the home's owner file is missing or wrong.")

    return check


def is_loopback(host: str) -> bool:
    """Whether the address `host` is this machine's own."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def unexpected(error: Exception) -> dict[str, Any]:
    """The error JSON of a defect. What happened goes to the log: it may tell more than a stranger should read."""
    _log.error("Unexpected error in a request", exc_info=error)
    return {
        "message": f"Something unexpected went wrong ({type(error).__name__}).",
        "hint": "The server's log has the details.",
        "code": "unexpected",
    }


def _status_of(error: TawthiqError) -> int:
    return 422 if error.code.startswith("source") else _STATUSES.get(error.code, 500)


def _reply(status: int, error: dict[str, Any]) -> JSONResponse:
    return JSONResponse({"error": error}, status_code=status)


def _invalid(error: RequestValidationError) -> JSONResponse:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    malformed = first["type"] == "json_invalid"
    if (
        not where and first["type"] == "model_attributes_type"
    ):  # what is not labelled JSON is taken for no object either
        hint = "Send one, with the header Content-Type: application/json."
        return _reply(422, {"message": "The request is no JSON object.", "hint": hint, "code": "request"})
    message = (
        "The request is not JSON." if malformed else f"The request is not valid: {where or 'body'}: {first['msg']}."
    )
    return _reply(400 if malformed else 422, {"message": message, "hint": "", "code": "request"})


def _bounded(receive: Receive) -> Receive:
    left = MAX_BODY_BYTES

    async def bounded() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, f"The request is longer than {MAX_BODY_BYTES:,} bytes.")
        return message

    return bounded
