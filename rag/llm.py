"""The language model, made by LangChain's `init_chat_model`, so that any provider it has is one string away.

`provider:name` with a provider that LangChain knows is taken as it stands; anything else, `llama3:8b` included, is a
model of an OpenAI-compatible server: `OPENAI_BASE_URL` and `OPENAI_API_KEY`, as in the rest of the ecosystem.
LangChain is imported when a model is made, never by importing this module.
"""

from __future__ import annotations

import contextlib
import contextvars
import os
import queue
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from rag.errors import GenerationError
from rag.llm_errors import WebPage, from_exception, generation_error
from rag.settings import Settings
from rag.tracing.steps import Step

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.runnables import Runnable

OPENAI_URL = "https://api.openai.com/v1"
MAX_RETRIES = 1
CHARS_PER_TOKEN = 8
"""No tokenizer writes more characters a token on average; text beyond `llm_max_tokens` times this is endless."""

_RESPONSES: contextvars.ContextVar[list[Any]] = contextvars.ContextVar("responses")
"""The HTTP responses of the reply being read, in that reply's own context."""

# What a reply may not hold: controls, lone surrogates (unencodable), direction overrides (they reorder what is read).
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(slots=True)
class Generation:
    """One reply being written: iterate over it once for its text; the other fields are set at the end.

    `usage` counts tokens (`input_tokens`, `output_tokens`, `total_tokens`), None when the server does not say.
    `truncated`: the model reached its limit of tokens. `plain`: the server refused temperature or seed, so the reply
    was drawn without them. Iterating raises GenerationError.
    """

    source: Callable[[Generation], Iterator[str]]
    usage: Mapping[str, int] | None = None
    truncated: bool = False
    plain: bool = False

    def __iter__(self) -> Iterator[str]:
        return self.source(self)


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A LangChain chat model with a deadline over the whole reply, a limit on its length and readable errors.

    `plain` is the same model without the options that some servers refuse (temperature, seed, usage in the stream).
    """

    name: str
    provider: str
    model: BaseChatModel
    plain: BaseChatModel | None
    timeout: float
    max_chars: int
    where: str = ""

    @property
    def takes_seed(self) -> bool:
        """Whether the provider's API has a seed; a server may ignore it all the same."""
        return "seed" in type(self.model).model_fields

    def with_seed(self, seed: int) -> ChatModel:
        """The same model, drawing from `seed`; unchanged where its API has none."""
        return replace(self, model=self.model.model_copy(update={"seed": seed})) if self.takes_seed else self

    def stream(self, prompt: Runnable[Any, Any], inputs: Mapping[str, Any], step: Step | None = None) -> Generation:
        """The reply to `prompt` (a LangChain prompt or chain that makes messages) filled with `inputs`.

        The whole reply has `timeout` seconds, whatever the server does meanwhile. `step` is what it is a part of.
        """
        return Generation(lambda generation: self._run(prompt, inputs, generation, step or Step()))

    def _run(
        self, prompt: Runnable[Any, Any], inputs: Mapping[str, Any], generation: Generation, step: Step
    ) -> Iterator[str]:
        deadline = time.monotonic() + self.timeout
        try:
            try:
                yield from self._read(prompt | self.model, inputs, generation, deadline, step)
            except _OptionRefused:
                assert self.plain is not None
                generation.plain = True
                yield from self._read(prompt | self.plain, inputs, generation, deadline, step)
        finally:
            step.meter.add(generation.usage)

    def _read(
        self, chain: Runnable[Any, Any], inputs: Mapping[str, Any], generation: Generation, deadline: float, step: Step
    ) -> Iterator[str]:
        written = 0
        finished = ""

        def replied() -> Iterator[AIMessageChunk]:
            with step.langchain() as callbacks:
                yield from chain.stream(inputs, {"callbacks": callbacks} if callbacks else None)

        try:
            with contextlib.closing(_until(replied, deadline)) as chunks:
                for chunk in chunks:
                    text = _UNPRINTABLE.sub("", chunk.text)
                    finished = _finish_reason(chunk) or finished
                    if chunk.usage_metadata:
                        generation.usage = {
                            key: chunk.usage_metadata[key] for key in ("input_tokens", "output_tokens", "total_tokens")
                        }
                    written += len(text)
                    if written > self.max_chars:
                        raise generation_error("endless", f"over {self.max_chars} characters")
                    if text:
                        yield text
        except GenerationError:
            raise
        except _DeadlinePassed:
            raise generation_error("timeout", f"{self.timeout:g} s") from None
        except Exception as error:
            if not written and self.plain is not None and _names_an_option(error):
                raise _OptionRefused from error
            if not written and "No generation" in str(error):
                raise generation_error("empty", self.where) from error
            raise from_exception(error, self.where) from error
        if not written:
            raise generation_error("empty", self.where)
        if finished == "content_filter":
            raise generation_error("rejected", "content filter")
        if self.provider == "openai" and not finished:
            raise generation_error("dropped", self.where)
        generation.truncated = finished in ("length", "max_tokens", "MAX_TOKENS")


def configured(settings: Settings) -> bool:
    """Whether a language model is named in the settings."""
    return bool(settings.llm_model and settings.llm_model.strip())


def open_chat_model(settings: Settings) -> ChatModel:
    """The model that the settings name. Raises GenerationError when it cannot be made; sends nothing yet."""
    if not configured(settings):
        raise generation_error("not_configured")
    from langchain.chat_models import init_chat_model

    name = (settings.llm_model or "").strip()
    common: dict[str, Any] = {
        "temperature": 0,
        "max_tokens": settings.llm_max_tokens,
        "timeout": settings.llm_timeout,
        "max_retries": MAX_RETRIES,
    }
    max_chars = settings.llm_max_tokens * CHARS_PER_TOKEN
    prefix, _, rest = name.partition(":")
    if rest and prefix.lower() != "openai":
        try:
            model = init_chat_model(rest, model_provider=prefix, **common)
            return ChatModel(name, prefix, model, None, settings.llm_timeout, max_chars)
        except ImportError as error:
            raise generation_error("no_package", str(error)) from error
        except AttributeError as error:
            # LangChain looks in langchain-community too, where that is installed, for what is there no longer
            raise generation_error("no_package", f"{prefix}: pip install langchain-{prefix}") from error
        except ValueError as error:
            # LangChain says so of providers that it does not know: then the colon belongs to the model's name
            if not str(error).startswith("Unsupported"):
                raise generation_error("misconfigured", f"{prefix}: {_first_line(error)}") from error
        except Exception as error:
            raise generation_error("misconfigured", f"{prefix}: {_first_line(error)}") from error
    endpoint = _endpoint()
    own = _is_openai(endpoint.url)
    options = common | {
        "base_url": endpoint.url,
        "api_key": endpoint.key,
        "stream_usage": True,
        "http_client": _http_client(),
    }
    if not own:
        # Servers that copy the protocol read `max_tokens`; langchain-openai sends only OpenAI's new name for it,
        # which llama.cpp's Python server ignores, and then writes until its context is full.
        del options["max_tokens"]
        options |= {"extra_body": {"max_tokens": settings.llm_max_tokens}, "use_responses_api": False}
    try:
        model_name = rest if prefix.lower() == "openai" and rest else name
        model = init_chat_model(model_name, model_provider="openai", **options)
    except Exception as error:
        raise generation_error("misconfigured", _first_line(error)) from error
    plain = model.model_copy(
        update={"temperature": None, "stream_usage": False, "extra_body": None, "max_tokens": settings.llm_max_tokens}
    )
    return ChatModel(name, "openai", model, plain, settings.llm_timeout, max_chars, endpoint.host)


def reachable(settings: Settings, timeout: float = 2.0) -> tuple[bool, str]:
    """Whether the configured model would answer, and why not in one line; see `probe`."""
    failure, remark = probe(settings, timeout)
    return failure is None, remark if failure is None else str(failure)


def probe(settings: Settings, timeout: float = 2.0) -> tuple[GenerationError | None, str]:
    """What keeps the configured model from answering (None: nothing), as far as one cheap request tells; a remark.

    An OpenAI-compatible server is asked for its list of models, with `timeout` seconds; for other providers only that
    the model can be made is tried. The remark says that the server does not list the model.
    """
    try:
        chat = open_chat_model(settings)
        if chat.provider != "openai":
            return None, ""
        endpoint = _endpoint()
        response = httpx.get(
            f"{endpoint.url}/models", headers={"Authorization": f"Bearer {endpoint.key}"}, timeout=timeout
        )
        if "text/html" in response.headers.get("content-type", ""):
            raise generation_error("web_page", endpoint.host)
        if response.status_code in (404, 405, 501):
            return None, f"{endpoint.host} answers, but has no list of models."
        response.raise_for_status()
        names = {entry["id"] for entry in response.json()["data"]}
    except GenerationError as error:
        return error, ""
    except httpx.HTTPStatusError as error:
        kind = {401: "unauthorised", 403: "unauthorised", 429: "rate_limited"}.get(error.response.status_code)
        return generation_error(kind or "server_error", f"HTTP {error.response.status_code}"), ""
    except httpx.TimeoutException:
        return generation_error("timeout", f"{timeout:g} s"), ""
    except (httpx.HTTPError, httpx.InvalidURL):
        return generation_error("unreachable", _endpoint().host), ""
    except (ValueError, KeyError, TypeError):
        return generation_error("garbled", _endpoint().host), ""
    wanted = getattr(chat.model, "model_name", chat.name)
    listed = any(wanted in (name, name.removesuffix(":latest"), name.rpartition("/")[2]) for name in names)
    return None, "" if listed else f"{endpoint.host} does not list the model {wanted}."


@dataclass(frozen=True, slots=True)
class _Endpoint:
    url: str
    key: str = field(repr=False)

    @property
    def host(self) -> str:
        """Host and port, without any password that the address holds."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def _endpoint() -> _Endpoint:
    base = (os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE") or "").strip().rstrip("/")
    key = os.environ.get("OPENAI_API_KEY", "").strip()
    if not key and not base:
        raise generation_error("no_key")
    try:
        valid = not base or (urlsplit(base).scheme in ("http", "https") and bool(urlsplit(base).hostname))
    except ValueError:
        valid = False
    if not valid:
        raise generation_error("misconfigured", "OPENAI_BASE_URL is no http address")
    # a server of one's own needs no key, but the client insists on one
    return _Endpoint(base or OPENAI_URL, key or "none")


def _is_openai(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host.endswith((".openai.com", ".azure.com"))


def _http_client() -> Any:
    import openai

    # Of the client's own make (openai has moved from httpx to httpx2), and with hooks rather than a transport of our
    # own: with one it would no longer follow the proxy variables.
    return openai.DefaultHttpxClient(event_hooks={"response": [_note_response]})


def _note_response(response: Any) -> None:
    """Remembers the response, so that giving up can hang up, and refuses a web page where an answer should be."""
    _RESPONSES.get([]).append(response)
    if response.headers.get("content-type", "").startswith("text/html") and response.status_code < 400:
        raise WebPage


class _DeadlinePassed(Exception):
    pass


class _OptionRefused(Exception):
    pass


def _until(produce: Callable[[], Iterator[AIMessageChunk]], deadline: float) -> Generator[AIMessageChunk, None, None]:
    """What `produce()` yields, from a thread of its own, so that no server holds the caller past `deadline`.

    A silent server, one that trickles comments without an answer, and the client's own retries are cut off alike. When
    the caller stops early, the connection is closed, and the server can stop writing.
    """
    handed: queue.SimpleQueue[AIMessageChunk | BaseException | None] = queue.SimpleQueue()
    abandoned = threading.Event()

    def work() -> None:
        try:
            for item in produce():
                if abandoned.is_set():
                    return
                handed.put(item)
            handed.put(None)
        except BaseException as error:
            handed.put(error)

    context = contextvars.copy_context()  # LangChain's callbacks travel in it
    responses: list[Any] = []
    context.run(_RESPONSES.set, responses)
    threading.Thread(target=context.run, args=(work,), name="language-model", daemon=True).start()
    try:
        while True:
            try:
                item = handed.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise _DeadlinePassed from None
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        abandoned.set()
        for response in responses:
            with contextlib.suppress(Exception):
                response.close()


def _finish_reason(chunk: AIMessageChunk) -> str:
    metadata = chunk.response_metadata
    return str(metadata.get("finish_reason") or metadata.get("stop_reason") or metadata.get("status") or "")


def _names_an_option(error: Exception) -> bool:
    refused = getattr(error, "status_code", None) in (400, 422)
    return refused and any(name in str(error) for name in ("temperature", "seed", "stream_options", "max_tokens"))


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
