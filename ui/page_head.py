"""The head of the chat page: title, description and direction are ours, in the visitor's language, from the first byte.

Gradio writes a head that speaks of itself, in English, and offers no other; its page is changed on its way out. What
the page does later, when a visitor chooses the other language, is in `page.js`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from ui import i18n
from ui.templating import render

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Scripts of the page hold JSON whose "<" are escaped: these are found among its own elements alone.
_ROOT = re.compile(r"<html\b[^>]*?\blang=\"[a-z-]*\"")
_OF_GRADIO = re.compile(r"<(?:meta\s+(?:property|name)=\"(?:og|twitter):|link\s+rel=\"manifest\"|title>)[^>]*>\s*")
_BASE = re.compile(r"<base\b[^>]*>")


def with_our_head(html: str, language: i18n.Language) -> str:
    """Gradio's page with our head in `language`."""
    head = str(render("head.html", language=language))
    html = _OF_GRADIO.sub("", html)
    html = _ROOT.sub(lambda root: re.sub('lang="[a-z-]*"', _root_attributes(language), root[0]), html, count=1)
    return _BASE.sub(lambda base: f"{base[0]}\n{head}", html, count=1)


def _root_attributes(language: i18n.Language) -> str:
    return f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"'


def visitors_language(accepted: str) -> i18n.Language:
    """The interface language that an Accept-Language header asks for first, English where it asks for neither."""
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        code, _, weight = part.partition(";")
        code = code.strip().split("-")[0].lower()
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in i18n.LANGUAGES and quality > 0:
            wanted.append((-quality, code))
    return i18n.interface_language(min(wanted, key=lambda one: one[0])[1]) if wanted else "en"


class PageHead:
    """ASGI middleware that gives the chat page, at `/`, our head; everything else passes through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        language = visitors_language(headers.get("accept-language", ""))
        # A page that came compressed could not be read here.
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        start: Message | None = None
        body = bytearray()

        async def with_head(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                is_page = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
                if message["status"] == 200 and is_page:
                    start = message
                    return
            elif start is not None:
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                page = with_our_head(body.decode("utf-8"), language).encode("utf-8")
                found = MutableHeaders(raw=start["headers"])
                found["content-length"] = str(len(page))
                found.add_vary_header("Accept-Language")
                await send(start)
                message = {**message, "body": page}
            await send(message)

        await self.app(scope, receive, with_head)
