"""The language model over real HTTP: what goes out, what comes back, and every way in which it fails."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time

import pytest
from openai_server import (
    MODEL,
    Dropped,
    Endless,
    OpenAIServer,
    Raw,
    Reply,
    Silent,
    Status,
    Text,
    Trickle,
)

from rag.answering.generation.generative import answer_prompt
from rag.answering.generation.prompting import prompt_inputs
from rag.errors import GenerationError
from rag.llm import configured, open_chat_model, reachable
from rag.llm_errors import KINDS, fallback_notice, generation_error
from rag.settings import Settings

INPUTS = prompt_inputs("When?", (), "en")


def settings(model: str | None = MODEL, timeout: float = 20.0, tokens: int = 200) -> Settings:
    return Settings(llm_model=model, llm_timeout=timeout, llm_max_tokens=tokens)


def read(chosen: Settings) -> str:
    return "".join(open_chat_model(chosen).stream(answer_prompt(), INPUTS))


def failure(chosen: Settings) -> GenerationError:
    with pytest.raises(GenerationError) as caught:
        read(chosen)
    return caught.value


def test_a_reply_is_streamed_with_its_usage(server: OpenAIServer) -> None:
    server.script(Text("أُقرّ القانون في ديسمبر. [1]", size=3))
    generation = open_chat_model(settings()).stream(answer_prompt(), INPUTS)
    pieces = list(generation)
    assert len(pieces) > 3
    assert "".join(pieces) == "أُقرّ القانون في ديسمبر. [1]"
    assert generation.usage == {"input_tokens": 11, "output_tokens": 5, "total_tokens": 16}
    assert not generation.truncated


def test_the_request_is_one_that_every_compatible_server_reads(server: OpenAIServer) -> None:
    server.script("Yes. [1]")
    read(settings("llama3:8b", tokens=123))
    request = server.requests[0]
    assert request["model"] == "llama3:8b"
    assert request["max_tokens"] == 123
    assert "max_completion_tokens" not in request
    assert request["temperature"] == 0
    assert request["stream"] is True
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert server.headers[0]["authorization"] == "Bearer none"


@pytest.mark.parametrize(
    ("name", "sent"),
    [("openai:qwen", "qwen"), ("openai:llama3:8b", "llama3:8b"), ("qwen2.5", "qwen2.5"), ("claude-3", "claude-3")],
)
def test_names_without_a_known_provider_go_to_the_openai_server(server: OpenAIServer, name: str, sent: str) -> None:
    server.script("Yes. [1]")
    assert read(settings(name)) == "Yes. [1]"
    assert server.requests[0]["model"] == sent


def test_a_known_provider_without_its_package_is_named(server: OpenAIServer) -> None:
    with pytest.raises(GenerationError, match="langchain-ollama") as caught:
        open_chat_model(settings("ollama:llama3:8b"))
    assert caught.value.parameters["kind"] == "no_package"


def test_an_option_that_a_server_refuses_is_left_out(server: OpenAIServer) -> None:
    server.script(Status(400, "Unsupported parameter: 'temperature'"), "Yes. [1]")
    assert read(settings()) == "Yes. [1]"
    assert "temperature" in server.requests[0]
    assert "temperature" not in server.requests[1]
    assert "stream_options" not in server.requests[1]


def test_a_reply_cut_off_at_the_token_limit_is_told_from_a_finished_one(server: OpenAIServer) -> None:
    server.script(Text("One. Two", stop="length"))
    generation = open_chat_model(settings()).stream(answer_prompt(), INPUTS)
    assert "".join(generation) == "One. Two"
    assert generation.truncated


def test_a_failing_request_is_tried_once_more(server: OpenAIServer) -> None:
    server.script(Status(503), "Yes. [1]")
    assert read(settings()) == "Yes. [1]"


def event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()


GOOD_EVENT = json.dumps(
    {"id": "1", "object": "x", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": "Half"}}]}
)

MISBEHAVIOURS: dict[str, tuple[Reply, str]] = {
    "wrong key": (Status(401), "unauthorised"),
    "forbidden": (Status(403), "unauthorised"),
    "unknown model": (Status(404), "unknown_model"),
    "no credit": (Status(429), "rate_limited"),
    "too long a prompt": (Status(400, "maximum context length is 2048 tokens"), "rejected"),
    "failing": (Status(500), "server_error"),
    "a proxy's error page": (Status(502, body="<html><h1>Bad gateway</h1></html>"), "server_error"),
    "a web page": (Raw(b"<html><body>Welcome</body></html>", "text/html; charset=utf-8"), "web_page"),
    "nothing": (Raw(b""), "empty"),
    "only the end": (Raw(event("[DONE]")), "empty"),
    "an empty answer": (Text(""), "empty"),
    "dropped": (Dropped("The House passed"), "dropped"),
    "ended without an end": (Text("The House passed", stop=None), "dropped"),
    "stopped by a filter": (Text("The House", stop="content_filter"), "rejected"),
    "endless": (Endless(), "endless"),
    "broken JSON": (Raw(event(GOOD_EVENT) + event('{"choices": [')), "garbled"),
    "not UTF-8": (Raw(b'data: {"id": "\xff\xfe\xd8"}\n\n'), "garbled"),
    "JSON of another kind": (Raw(event("[1, 2, 3]")), "garbled"),
    "a number for a text": (Raw(event('{"choices": 5}')), "garbled"),
    "an error inside the stream": (Raw(event('{"error": {"message": "out of memory"}}')), "failed"),
}


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.parametrize("name", list(MISBEHAVIOURS))
def test_every_misbehaviour_becomes_one_readable_line(server: OpenAIServer, name: str) -> None:
    reply, kind = MISBEHAVIOURS[name]
    server.script(reply, reply, reply)
    error = failure(settings())
    assert error.parameters["kind"] == kind, error.message
    assert "\n" not in error.message
    assert "<" not in error.message
    assert error.hint
    assert len(error.message) < 300


def test_the_servers_own_words_are_passed_on(server: OpenAIServer) -> None:
    server.script(Status(400, "maximum context length is 2048 tokens"))
    assert "maximum context length is 2048 tokens" in failure(settings()).message


@pytest.mark.parametrize("reply", [Silent(6.0), Silent(6.0, "Half of"), Trickle(6.0)], ids=["mute", "stuck", "trickle"])
def test_the_deadline_is_for_the_whole_reply(server: OpenAIServer, reply: Reply) -> None:
    server.script(reply, reply, reply)
    began = time.monotonic()
    error = failure(settings(timeout=0.8))
    assert error.parameters["kind"] == "timeout"
    # the scripts last 6 s and the client would try twice: what is tested is which of them ended it
    assert time.monotonic() - began < 5.0


def test_giving_up_hangs_up(server: OpenAIServer) -> None:
    server.script(Endless(seconds=30.0))
    reading = iter(open_chat_model(settings(tokens=4000)).stream(answer_prompt(), INPUTS))
    assert next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(10.0)


def test_nobody_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://someone:secret@127.0.0.1:{port}/v1")
    error = failure(settings())
    assert error.parameters["kind"] == "unreachable"
    assert f"127.0.0.1:{port}" in error.message
    assert "secret" not in str(error)
    assert reachable(settings()) == (False, str(generation_error("unreachable", f"127.0.0.1:{port}")))


@pytest.mark.parametrize("address", ["no address", "ftp://127.0.0.1/v1", "http://[::1", "http://127.0.0.1:99999/v1"])
def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    assert failure(settings()).parameters["kind"] in {"unreachable", "misconfigured"}
    assert reachable(settings())[0] is False


def test_no_key_and_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert failure(settings("gpt-5-mini")).parameters["kind"] == "no_key"
    assert failure(settings(None)).parameters["kind"] == "not_configured"
    assert reachable(settings("gpt-5-mini"))[0] is False


def test_openai_itself_gets_its_own_name_for_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    chat = open_chat_model(settings("gpt-4.1-mini", tokens=99))
    payload = chat.model._get_request_payload([("user", "hello")])  # type: ignore[attr-defined]
    assert payload["max_completion_tokens"] == 99
    assert "extra_body" not in payload


def test_configured() -> None:
    assert configured(settings("qwen"))
    assert not configured(settings(None))
    assert not configured(settings("  "))


@pytest.mark.parametrize(
    ("models", "expected", "words"),
    [
        (None, True, ""),
        (Raw(b'{"data": [{"id": "other"}]}', "application/json"), True, "does not list"),
        (Status(404), True, "no list of models"),
        (Status(401), False, "refused the key"),
        (Status(500), False, "failed"),
        (Raw(b"<html></html>", "text/html"), False, "web page"),
        (Raw(b"[]", "application/json"), False, "unreadable"),
        (Raw(b"{", "application/json"), False, "unreadable"),
        (Raw(b'{"data": [3]}', "application/json"), False, "unreadable"),
    ],
)
def test_reachable(server: OpenAIServer, models: Reply | None, expected: bool, words: str) -> None:
    server.models = models
    answers, reason = reachable(settings())
    assert answers is expected
    assert words in reason
    assert bool(reason) == bool(words)


def test_reachable_gives_up_on_a_silent_server(server: OpenAIServer) -> None:
    server.models = Silent(5.0)
    answers, reason = reachable(settings(), timeout=0.3)
    assert not answers
    assert "in time" in reason


def test_every_failure_has_a_notice_in_both_languages() -> None:
    for kind in KINDS:
        english = fallback_notice(generation_error(kind), "en")
        arabic = fallback_notice(generation_error(kind), "ar")
        assert english.code == arabic.code == "llm_fallback"
        assert "quotes" in english.text
        assert "اقتباسات" in arabic.text
        assert "\n" not in english.text + arabic.text


def test_importing_the_module_imports_no_langchain() -> None:
    code = (
        "import sys, rag.llm, rag.answering.generation.generative, rag.citations;"
        "print([m for m in sys.modules if m.startswith(('langchain', 'openai'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
