"""A language model that fails in every way over real HTTP: quotes in its place, with one line why, in both languages."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from openai_server import MODEL, Dropped, Endless, OpenAIServer, Raw, Reply, Silent, Status, Text, Trickle

from rag import Engine
from rag.settings import Settings
from rag.types import Answer, Notice, Token
from ui import chat
from ui.remote import RemoteEngine

QUESTIONS = {
    "en": "What accompanies the published text of the US strategy?",
    "ar": "ماذا يرافق الاستراتيجية الأمريكية؟",
}
PARTIAL = (
    b'data: {"id": "1", "object": "x", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": "'
)

FAILURES: dict[str, tuple[Reply, str, str]] = {
    "slow": (Silent(6.0), "in time", "في الوقت"),
    "slow in the middle": (Silent(6.0, "A classified annex"), "in time", "في الوقت"),
    "slow, with signs of life": (Trickle(6.0), "in time", "في الوقت"),
    "dropping mid-stream": (Dropped("A classified annex"), "broke off", "انقطع"),
    "ending without an end": (Text("A classified annex", stop=None), "broke off", "انقطع"),
    "HTML": (Raw(b"<html><script>alert(1)</script></html>", "text/html"), "web page", "صفحة ويب"),
    "HTML as an error": (Status(502, body="<html>Bad gateway</html>"), "server failed", "تعطّل"),
    "401": (Status(401), "refused the key", "رفض الخادم المفتاح"),
    "429": (Status(429), "too many requests", "طلبات كثيرة"),
    "empty": (Text(""), "was empty", "فارغا"),
    "nothing at all": (Raw(b""), "was empty", "فارغا"),
    "endless": (Endless(), "did not stop", "لم يتوقف"),
    "invalid UTF-8": (Raw(PARTIAL + b'\xff\xfe\xd8"}}]}\n\n'), "unreadable", "لا يُقرأ"),
    "no source given": (Text("A classified annex accompanies it. [99]"), "rests on", "لم تستند"),
    "another language": (Text("Une annexe secrète accompagne le texte publié. [1]"), "language of the answer", "بلغة"),
}


@pytest.fixture(scope="module")
def engine(samples_home: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("fallback") / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    changed = {
        "llm_model": MODEL,
        "llm_timeout": 1.5,
        "llm_max_tokens": 200,
        "translation_timeout": 0.0,
        "quote_translation_timeout": 0.0,
        "grounding": "off",  # what is tested is the model's failing, not what it says
    }
    with Engine.open(home, settings=settings.model_copy(update=changed)) as opened:
        opened.warm()
        yield opened


def assert_falls_back(engine: Engine, language: str, words: str) -> None:
    events = list(engine.stream(QUESTIONS[language], mode="llm"))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert (answer.mode, answer.status, answer.models.llm, answer.language) == ("quotes", "answered", None, language)
    for citation in answer.citations:
        assert engine.document(citation.document_id).text[citation.start : citation.end] == citation.quote
    (why,) = [notice for notice in answer.notices if notice.code == "llm_fallback"]
    assert words in why.text
    assert "\n" not in why.text
    assert "<" not in why.text
    assert why in [event for event in events if isinstance(event, Notice)]
    last_notice = max(number for number, event in enumerate(events) if isinstance(event, Notice))
    assert "".join(event.text for event in events[last_notice:] if isinstance(event, Token)) == answer.text


@pytest.mark.filterwarnings("ignore:Pydantic serializer")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", list(FAILURES))
def test_a_failing_model_falls_back_to_quotes(engine: Engine, server: OpenAIServer, name: str, language: str) -> None:
    reply, english, arabic = FAILURES[name]
    server.script(*[reply] * 4)
    assert_falls_back(engine, language, english if language == "en" else arabic)


@pytest.mark.parametrize(("language", "words"), [("en", "cannot be reached"), ("ar", "تعذّر الاتصال")])
def test_a_server_that_is_down(engine: Engine, monkeypatch: pytest.MonkeyPatch, language: str, words: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{unused.getsockname()[1]}/v1")
    assert_falls_back(engine, language, words)


def test_an_answer_may_be_asked_for_in_the_other_language(engine: Engine, server: OpenAIServer) -> None:
    server.script("يرافق النصَّ المعلن ملحق سري. [1]", "A classified annex accompanies the published text. [1]")
    arabic = engine.ask(QUESTIONS["en"], mode="llm", answer_language="ar")
    assert (arabic.mode, arabic.language) == ("llm", "ar")
    assert "Arabic" in server.requests[0]["messages"][0]["content"]
    english = engine.ask(QUESTIONS["ar"], mode="llm", answer_language="en")
    assert (english.mode, english.language) == ("llm", "en")


def test_the_frame_of_quotes_is_in_the_language_asked_for(engine: Engine) -> None:
    arabic = engine.ask(QUESTIONS["en"], mode="quotes", answer_language="ar")
    english = engine.ask(QUESTIONS["ar"], mode="quotes", answer_language="en")
    assert arabic.frame is not None
    assert english.frame is not None
    assert (arabic.language, english.language) == ("ar", "en")
    assert arabic.frame.before.startswith("جاء في الوثائق")
    assert english.frame.before.startswith("The documents say")
    assert [c.quote for c in arabic.citations] == [
        c.quote for c in engine.ask(QUESTIONS["en"], mode="quotes").citations
    ]


def test_the_usage_of_a_reply_that_was_not_shown_counts(engine: Engine, server: OpenAIServer) -> None:
    server.script("A classified annex accompanies it. [99]")
    answer = engine.ask(QUESTIONS["en"], mode="llm")
    assert answer.mode == "quotes"
    assert answer.usage == {"calls": 1, "input_tokens": 11, "output_tokens": 5, "total_tokens": 16}


def test_a_draft_in_the_wrong_language_leaves_the_page_when_the_next_begins(
    engine: Engine, server: OpenAIServer
) -> None:
    wrong, right = "يرافق النصَّ المعلن ملحق سري", "A classified annex accompanies the published text"
    server.script(f"{wrong}. [1]", f"{right}. [1]")
    updates = list(chat.respond(engine, QUESTIONS["en"], (), "llm"))
    pages = ["".join(update.turns) for update in updates]
    assert right in pages[-1]
    assert "asked again" in pages[-1]
    assert not any(wrong in page and "asked again" in page for page in pages)


def test_the_command_line_and_the_server_take_the_language_of_the_answer(
    run: Callable[..., tuple[int, str, str]], samples_home: Path, served: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    code, out, _ = run("ask", "--home", home, "--mode", "quotes", "--answer-language", "ar", QUESTIONS["en"])
    assert code == 0
    assert out.startswith("جاء في الوثائق")
    assert run("ask", "--home", home, "--answer-language", "fr", QUESTIONS["en"])[0] == 2
    body = {"question": QUESTIONS["en"], "mode": "quotes", "answer_language": "ar"}
    assert httpx.post(f"{served}/api/ask", json=body).json()["language"] == "ar"
    assert httpx.post(f"{served}/api/ask", json=body | {"answer_language": "fr"}).is_client_error
    with RemoteEngine(served, "none", home) as remote:
        assert remote.ask(QUESTIONS["ar"], mode="quotes", answer_language="en").language == "en"
