"""Queries translated by a language model over real HTTP: right, once, in time, or not at all."""

from __future__ import annotations

import subprocess
import sys
import threading
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
    openai_server,
)

from rag.settings import Settings
from rag.translation import (
    CACHED,
    FAILURES_ALLOWED,
    MAX_QUERY_CHARS,
    MAX_RUNNING,
    MAX_TOKENS,
    PAUSE,
    QueryTranslator,
    accepted,
)

WHEN_AR = "متى وُقّع قانون الكبتاغون؟"
WHEN_EN = "When was the Captagon Act signed?"


class Clock:
    """Seconds that pass when a test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def translator(clock: Clock | None = None, timeout: float = 30.0, model: str | None = MODEL) -> QueryTranslator:
    settings = Settings(llm_model=model, translation_timeout=timeout)
    return QueryTranslator(settings, clock=clock) if clock else QueryTranslator(settings)


def test_a_query_is_translated_both_ways(server: OpenAIServer) -> None:
    server.script(WHEN_EN, WHEN_AR)
    into = translator()
    assert into.translate(WHEN_AR, "ar", "en") == WHEN_EN
    assert into.translate(WHEN_EN, "en", "ar") == WHEN_AR


def test_the_request_is_small_and_has_the_query_as_data(server: OpenAIServer) -> None:
    server.script(WHEN_EN)
    translator().translate(f"  {WHEN_AR}\n", "ar", "en")
    request = server.requests[0]
    assert request["temperature"] == 0
    assert request["max_tokens"] == MAX_TOKENS
    system, user = request["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "English" in system["content"]
    assert "not an order" in system["content"]
    assert WHEN_AR not in system["content"]
    assert f"Query: {WHEN_AR}\n" in user["content"]


def test_equal_queries_make_one_request(server: OpenAIServer) -> None:
    server.script(WHEN_EN)
    into = translator()
    assert [into.translate(query, "ar", "en") for query in (WHEN_AR, WHEN_AR, f"  {WHEN_AR} ")] == [WHEN_EN] * 3
    assert len(server.requests) == 1


def test_equal_queries_at_the_same_time_make_one_request(server: OpenAIServer) -> None:
    server.script(WHEN_EN)
    into = translator()
    together = threading.Barrier(8)
    results: list[str | None] = []

    def ask() -> None:
        together.wait()
        results.append(into.translate(WHEN_AR, "ar", "en"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [WHEN_EN] * 8
    assert len(server.requests) == 1


def test_different_queries_at_the_same_time_each_get_their_own(server: OpenAIServer) -> None:
    into = translator()
    server.script(*["كبتاغون"] * MAX_RUNNING)
    pending = [into.start(f"captagon {'abcdefgh'[at]}", "en", "ar") for at in range(MAX_RUNNING)]
    assert [one.result() for one in pending] == ["كبتاغون"] * MAX_RUNNING
    assert len(server.requests) == MAX_RUNNING


def test_only_so_many_calls_run_at_a_time(server: OpenAIServer) -> None:
    into = translator()
    server.script(*[Silent(5.0)] * MAX_RUNNING, "كبتاغون")
    pending = [into.start(f"captagon {'abcdefgh'[at]}", "en", "ar") for at in range(MAX_RUNNING)]
    assert into.translate("captagon", "en", "ar") is None
    assert [one.result(timeout=0) for one in pending] == [None] * MAX_RUNNING


def test_what_is_remembered_is_bounded(server: OpenAIServer) -> None:
    into = translator()
    for at in range(CACHED):
        into._remembered.put((f"query {at}", "ar"), None)
    server.script("كبتاغون")
    assert into.translate("captagon", "en", "ar") == "كبتاغون"
    assert len(into._remembered) == CACHED
    assert ("query 0", "ar") not in into._remembered


def test_it_is_begun_early_and_collected_later(server: OpenAIServer) -> None:
    server.script(WHEN_EN)
    pending = translator().start(WHEN_AR, "ar", "en")
    while not server.requests:  # nobody is waiting for the result, and yet it is asked for
        time.sleep(0.01)
    assert pending.result() == WHEN_EN
    assert pending.result(timeout=0) == WHEN_EN


@pytest.mark.parametrize(
    "reply", [Silent(8.0), Silent(8.0, "When was"), Trickle(8.0)], ids=["mute", "stuck", "trickle"]
)
def test_the_deadline_is_kept(server: OpenAIServer, reply: Reply) -> None:
    server.script(reply, reply)
    began = time.monotonic()
    assert translator(timeout=0.5).translate(WHEN_AR, "ar", "en") is None
    assert time.monotonic() - began < 6.0  # the scripts last 8 s: what is tested is which of them ended it


def test_the_caller_may_have_less_time(server: OpenAIServer) -> None:
    server.script(Silent(8.0))
    began = time.monotonic()
    assert translator(timeout=30.0).start(WHEN_AR, "ar", "en").result(timeout=0.1) is None
    assert time.monotonic() - began < 6.0


FAILURES: dict[str, Reply] = {
    "wrong key": Status(401),
    "unknown model": Status(404),
    "no credit": Status(429),
    "failing": Status(500),
    "a proxy's page": Status(502, body="<html><h1>Bad gateway</h1></html>"),
    "a web page": Raw(b"<html><body>Welcome</body></html>", "text/html; charset=utf-8"),
    "nothing": Raw(b""),
    "garbled": Raw(b"data: {\n\n"),
    "empty": Text(""),
    "blank": Text(" \n "),
    "dropped": Dropped("When was"),
    "cut off at the limit": Text(WHEN_EN, stop="length"),
    "filtered": Text(WHEN_EN, stop="content_filter"),
    "endless": Endless(),
    "untranslated": Text(WHEN_AR),
    "an answer": Text("It was signed on 23 December 2022."),
}


@pytest.mark.parametrize("name", list(FAILURES))
def test_every_misbehaviour_is_no_translation(server: OpenAIServer, name: str) -> None:
    server.script(FAILURES[name], FAILURES[name])
    assert translator().translate(WHEN_AR, "ar", "en") is None
    assert server.requests


def test_nobody_listening(monkeypatch: pytest.MonkeyPatch) -> None:
    with openai_server() as gone:
        monkeypatch.setenv("OPENAI_BASE_URL", gone.url)
    assert translator().translate(WHEN_AR, "ar", "en") is None


@pytest.mark.parametrize("model", ["gpt-5-mini", "ollama:llama3:8b"], ids=["no key", "no package"])
def test_a_model_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert translator(model=model).translate(WHEN_AR, "ar", "en") is None


def test_a_reply_that_is_no_translation_is_not_asked_for_again(server: OpenAIServer) -> None:
    server.script("Je ne sais pas.", WHEN_EN)
    into = translator()
    assert [into.translate(WHEN_AR, "ar", "en") for _ in range(2)] == [None, None]
    assert len(server.requests) == 1


def test_a_failure_of_the_server_is_not_remembered(server: OpenAIServer) -> None:
    server.script(Status(401), WHEN_EN)
    into = translator()
    assert [into.translate(WHEN_AR, "ar", "en") for _ in range(2)] == [None, WHEN_EN]


def test_after_failures_in_a_row_it_asks_no_more_for_a_while(server: OpenAIServer, clock: Clock) -> None:
    into = translator(clock)
    server.script(*[Status(401)] * (FAILURES_ALLOWED + 1), WHEN_EN)
    for _ in range(FAILURES_ALLOWED + 3):
        assert into.translate(WHEN_AR, "ar", "en") is None
    assert len(server.requests) == FAILURES_ALLOWED
    clock.now += PAUSE - 1
    assert into.translate(WHEN_AR, "ar", "en") is None
    assert len(server.requests) == FAILURES_ALLOWED
    clock.now += 1  # it tries again, fails again, and pauses at once
    assert [into.translate(WHEN_AR, "ar", "en") for _ in range(2)] == [None, None]
    assert len(server.requests) == FAILURES_ALLOWED + 1
    clock.now += PAUSE
    assert into.translate(WHEN_AR, "ar", "en") == WHEN_EN


def test_a_success_between_failures_forgives_them(server: OpenAIServer, clock: Clock) -> None:
    into = translator(clock)
    server.script(Status(401), "captagon", Status(401), "Assad")
    results = [into.translate(query, "ar", "en") for query in ("سوريا", "كبتاغون", "لبنان", "الأسد")]
    assert results == [None, "captagon", None, "Assad"]


def test_what_was_translated_is_there_during_a_pause(server: OpenAIServer, clock: Clock) -> None:
    into = translator(clock)
    server.script(WHEN_EN, *[Status(401)] * FAILURES_ALLOWED)
    into.translate(WHEN_AR, "ar", "en")
    for query in ("سوريا", "لبنان"):
        assert into.translate(query, "ar", "en") is None
    assert into.translate(WHEN_AR, "ar", "en") == WHEN_EN
    assert into.translate("الأسد", "ar", "en") is None
    assert len(server.requests) == 1 + FAILURES_ALLOWED


@pytest.mark.parametrize(
    ("query", "language", "target"),
    [
        (WHEN_AR, "ar", "ar"),
        (WHEN_AR, "ar", "fr"),
        ("2023 / 12", "und", "ar"),
        ("كلمة " * MAX_QUERY_CHARS, "ar", "en"),
    ],
    ids=["its own language", "no such index", "only numbers", "a pasted text"],
)
def test_what_is_not_worth_a_call(server: OpenAIServer, query: str, language: str, target: str) -> None:
    assert translator().translate(query, language, target) is None
    assert not server.requests


@pytest.mark.parametrize(("model", "timeout"), [(None, 3.0), ("  ", 3.0), (MODEL, 0.0)])
def test_without_a_model_or_time_nothing_is_asked(server: OpenAIServer, model: str | None, timeout: float) -> None:
    assert translator(timeout=timeout, model=model).translate(WHEN_AR, "ar", "en") is None
    assert not server.requests


def test_without_a_model_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from rag.settings import Settings; from rag.translation import QueryTranslator;"
        "assert QueryTranslator(Settings()).translate('captagon', 'en', 'ar') is None;"
        "print([m for m in sys.modules if m.startswith(('langchain', 'openai', 'httpx', 'torch', 'lingua'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_call_under_way_does_not_keep_the_interpreter_from_ending(server: OpenAIServer) -> None:
    server.script(Silent(60.0))
    code = (
        "import time; from rag.settings import Settings; from rag.translation import QueryTranslator;"
        f"pending = QueryTranslator(Settings(llm_model='{MODEL}', translation_timeout=60)).start('captagon', 'en', 'ar');"
        "print(pending.result(timeout=5))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=45)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "None", "")


@pytest.mark.parametrize(
    ("query", "target", "reply"),
    [
        (WHEN_AR, "en", WHEN_EN),
        (WHEN_EN, "ar", WHEN_AR),
        ("captagon", "ar", "كبتاغون"),
        ("ما هو Caesar Act؟", "en", "What is the Caesar Act?"),
        ("What did الأسد say?", "ar", "ماذا قال الأسد؟"),
        ("كم قُتل في ٢٠٢٣؟", "en", "How many were killed in 2023?"),
        ("How many of the 3 ministers left?", "ar", "كم من الوزراء الثلاثة غادر؟"),
        ("في أي عام أُقر القانون؟", "en", "In which year was the law passed?"),
        ("U.S. sanctions on Syria", "ar", "العقوبات الأمريكية على سوريا"),
        ("عقوبات أمريكا", "en", "U.S. Treasury sanctions"),
        ("Bashar al-Assad", "ar", "بشار الأسد"),
        ("بشار الأسد", "en", "Bashar al-Assad"),
        ("رجب طيب أردوغان", "en", "Recep Tayyip Erdoğan"),
        ("من هي كلوديا شينباوم؟", "en", "Who is Claudia Sheinbaum?"),
        ("meen 3arad el tatbi3?", "ar", "مين عارض التطبيع؟"),
        ("كيف تقال بالعربية؟", "en", "How is it said in Arabic?"),
    ],
)
def test_good_translations_are_accepted(query: str, target: str, reply: str) -> None:
    assert accepted(reply, query, target) == reply


@pytest.mark.parametrize(
    "reply", [f'"{WHEN_EN}"', f"«{WHEN_EN}»", f" **{WHEN_EN}**\n", f"<think>\n\n</think>\n\n{WHEN_EN}"]
)
def test_wrapping_is_taken_off(reply: str) -> None:
    assert accepted(reply, WHEN_AR, "en") == WHEN_EN


@pytest.mark.parametrize(
    ("query", "target", "reply"),
    [
        (WHEN_AR, "en", f"Here is the translation: {WHEN_EN}"),
        (WHEN_AR, "en", f"Sure!\n{WHEN_EN}"),
        (WHEN_AR, "en", f"{WHEN_EN} (translated from Arabic)"),
        (WHEN_AR, "en", f"{WHEN_EN} It was signed in December."),
        (WHEN_AR, "en", "When was the Captagon Act signed in 2022?"),
        (WHEN_AR, "en", "In December 2022."),
        (WHEN_AR, "en", "President Biden signed it."),
        (WHEN_AR, "en", "I'm sorry, what do you mean?"),
        (WHEN_AR, "en", "I cannot answer when it was signed?"),
        (WHEN_AR, "en", "Quand la loi sur le captagon a-t-elle été signée ?"),
        (WHEN_AR, "en", WHEN_AR),
        (WHEN_AR, "en", "When?" * 40),
        (WHEN_AR, "en", "when " * 40),
        (WHEN_AR, "en", "<b>When was it signed?</b>"),
        (WHEN_AR, "en", '{"translation": "When was it signed?"}'),
        (WHEN_AR, "en", "???"),
        (WHEN_EN, "ar", "عذرا، لا أستطيع الإجابة عن هذا؟"),
        (WHEN_EN, "ar", "وقعه الرئيس بايدن"),
        (WHEN_EN, "ar", "قانون کپتاگون چه زمانی امضا شد؟"),
        (WHEN_EN, "ar", WHEN_EN),
        ("What happened to the people who fled the city of Aleppo?", "ar", "ماذا؟"),
        ("Assad 2023", "ar", "الأسد 2024"),
        ("Assad 2023", "ar", "الأسد"),
    ],
)
def test_anything_else_is_refused(query: str, target: str, reply: str) -> None:
    assert accepted(reply, query, target) is None
