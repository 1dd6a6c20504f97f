"""Signing in: where a password is set, whoever does not know it reaches nothing but the page that asks for it.

A visitor gives it once and gets a cookie, a date with a signature; programs send it with each request, as
`Authorization: Bearer …` or as the password of `Authorization: Basic …`. The key of the signature comes from the
password, so that a server that starts again knows its visitors, and another password signs all of them out. A cookie
that somebody stole gives the password away only to who guesses it, each guess at the price of scrypt.

Over plain HTTP a password can be read on its way: `serve` says so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from rag.lru import LruCache
from ui import i18n
from ui.api_guard import is_loopback
from ui.page_head import visitors_language
from ui.templating import render

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/sign-in"
OUT = "/sign-out"
OPEN = frozenset(("/api/healthz",))
"""Beside the page that asks for the password: whether the server is up is no secret."""

DAYS = 30
MOST_WRONG = 10
WINDOW_SECONDS = 10.0
"""After `MOST_WRONG` wrong passwords from one address within so many seconds, it has to wait for the rest of them."""
ADDRESSES = 10_000
"""Of so many addresses wrong passwords are counted at a time."""

_MOST_BODY = 4_096
_SCRYPT_COST = 2**14
"""With blocks of 8 it takes 16 MB and some 50 ms: what RFC 7914 gives for interactive logins."""


class SignIn:
    """ASGI middleware before `app`. `token` is that of the owner's commands, which need no password.

    `salt` is the home's, so that the same password elsewhere makes another key.
    """

    def __init__(
        self, app: ASGIApp, *, password: str, token: str, salt: str, clock: Callable[[], float] = time.time
    ) -> None:
        self.app = app
        self._password = password.encode()
        self._token = token.encode()
        self._key = hashlib.scrypt(self._password, salt=salt.encode("utf-8", "surrogatepass"), n=_SCRYPT_COST, r=8, p=1)
        self._clock = clock
        self._wrong: LruCache[str, list[float]] = LruCache(ADDRESSES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope.get("path") in OPEN:
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks through a web socket
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        reply = await self._reply(request)
        await (reply or self.app)(scope, receive, send)

    async def _reply(self, request: Request) -> Response | None:
        """What is said to somebody who is on the way in or out, or may not pass; None to whoever may."""
        if request.url.path == OUT:
            gone = RedirectResponse(PATH, 303)
            gone.delete_cookie(_cookie(request))
            return gone
        if request.url.path == PATH and request.method == "POST":
            return await self._enter(request)
        if self._is_signed(request.cookies.get(_cookie(request), "")):
            return RedirectResponse("/", 303) if request.url.path == PATH else None
        if request.url.path == PATH:
            return _page(request, 200)
        given = _credentials(request)
        if given is None:
            asks_for_page = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
            return RedirectResponse(PATH, 303) if asks_for_page else _refusal(401, "This server asks for a password.")
        if self._is_owner(request, given):
            return None
        if self._is_waiting(request):
            return _refusal(429, "Too many wrong passwords came from this address.")
        return None if self._knows(request, given) else _refusal(401, "The password is wrong.")

    async def _enter(self, request: Request) -> Response:
        if self._is_waiting(request):
            return _page(request, 429, "sign_in.wait")
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BODY:
                return _page(request, 413, "sign_in.wrong")
        if self._is_waiting(request):  # asked again: many bodies may have been held back until now
            return _page(request, 429, "sign_in.wait")
        given = parse_qs(body.decode("latin-1"), keep_blank_values=True).get("password", [""])[0]
        if not self._knows(request, given.encode()):
            return _page(request, 401, "sign_in.wrong")
        entered = RedirectResponse("/", 303)
        entered.set_cookie(
            _cookie(request),
            self._signed(int(self._clock()) + DAYS * 86_400),
            max_age=DAYS * 86_400,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return entered

    def _knows(self, request: Request, given: bytes) -> bool:
        """Whether `given` is the password; where it is not, that is counted against the address."""
        if hmac.compare_digest(given, self._password):
            return True
        address = _address(request)
        self._wrong.put(address, [*self._recent(address), self._clock()])
        return False

    def _is_waiting(self, request: Request) -> bool:
        return len(self._recent(_address(request))) >= MOST_WRONG

    def _recent(self, address: str) -> list[float]:
        return [at for at in self._wrong.get(address) or () if at > self._clock() - WINDOW_SECONDS]

    def _is_owner(self, request: Request, given: bytes) -> bool:
        return is_loopback(_address(request)) and hmac.compare_digest(given, self._token)

    def _signed(self, until: int) -> str:
        return f"{until}.{hmac.new(self._key, str(until).encode(), hashlib.sha256).hexdigest()}"

    def _is_signed(self, cookie: str) -> bool:
        until = cookie.partition(".")[0]
        if not (until.isascii() and until.isdigit() and len(until) < 16):
            return False
        return hmac.compare_digest(cookie.encode(), self._signed(int(until)).encode()) and int(until) > self._clock()


def _cookie(request: Request) -> str:
    """The cookie's name: browsers do not keep the cookies of two ports of one machine apart."""
    return f"tawthiq_{request.url.port or (443 if request.url.scheme == 'https' else 80)}"


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _credentials(request: Request) -> bytes | None:
    """The password that a program sent with its request; None where it sent none."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip().encode("latin-1")  # as it came: Starlette reads the bytes so
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(given, validate=True).partition(b":")[2]
        except ValueError:  # no base64, or not even ASCII
            return b""
    return None


def _refusal(status: int, message: str) -> Response:
    hint = (
        f"Try again in {WINDOW_SECONDS:.0f} seconds."
        if status == 429
        else f"Send it as 'Authorization: Bearer …', or open {PATH} in a browser."
    )
    wait = {"Retry-After": f"{WINDOW_SECONDS:.0f}"} if status == 429 else {"WWW-Authenticate": "Bearer"}
    return JSONResponse({"error": {"message": message, "hint": hint, "code": "sign_in"}}, status, wait)


def _page(request: Request, status: int, problem: str | None = None) -> Response:
    """The page that asks for the password, in the language of the address or the visitor's."""
    asked = request.query_params.get("language", "")
    accepted = request.headers.get("accept-language", "")
    language = i18n.interface_language(asked) if asked in i18n.LANGUAGES else visitors_language(accepted)
    html = str(render("sign_in.html", language=language, problem=problem))
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language", "Content-Language": language}
    return HTMLResponse(html, status, headers)
