"""Unofficial translations of quotes: asked for once, checked, labelled, and never in the quote's place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openai_server import MODEL, Dropped, OpenAIServer, Raw, Reply, Silent, Status

from rag import Engine
from rag.answering.generation.quote_translation import QuoteTranslator, accepted, numbered
from rag.settings import Settings
from rag.tracing.steps import Step
from rag.types import Answer, Citation, Token, Translation
from ui import panel, render

ENGLISH = "The Senate cleared the package by 83 votes to 11 on December 15, 2022."
OFFICIAL = "The ministry denied that it had ordered the raid."
ARABIC = "أقرّ مجلس الشيوخ الحزمة بأغلبية 83 صوتا مقابل 11 في 15 كانون الأول 2022."
DENIED = "نفت الوزارة أنها أمرت بالمداهمة."
SETTINGS = Settings(llm_model=MODEL, quote_translation_timeout=20.0)


def citation(quote: str, language: str = "en", number: int = 1) -> Citation:
    return Citation(number, "d", "sha", "A title", "/d.md", None, None, language, 0, len(quote), quote)


def texts(citations: tuple[Citation, ...]) -> list[str | None]:
    return [one.translation.text if one.translation else None for one in citations]


def test_all_foreign_quotes_are_translated_in_one_call(server: OpenAIServer) -> None:
    server.script(f"1: {ARABIC}\n2: {DENIED}")
    step = Step()
    found = QuoteTranslator(SETTINGS).translated(
        [citation(ENGLISH), citation("ملحق سري.", "ar", 2), citation(OFFICIAL, number=3)], "ar", step
    )
    assert texts(found) == [ARABIC, None, DENIED]
    assert found[0].translation == Translation(ARABIC, "ar", MODEL)
    assert [one.quote for one in found] == [ENGLISH, "ملحق سري.", OFFICIAL]
    assert len(server.requests) == 1
    user = server.requests[0]["messages"][1]["content"]
    assert user.startswith(f"1: {ENGLISH}\n2: {OFFICIAL}\n")
    assert step.meter.total(SETTINGS) == {"calls": 1, "input_tokens": 11, "output_tokens": 5, "total_tokens": 16}


def test_a_quote_is_asked_for_once(server: OpenAIServer) -> None:
    translator = QuoteTranslator(SETTINGS)
    server.script(f"1: {ARABIC}", DENIED)
    assert texts(translator.translated([citation(ENGLISH)], "ar", Step())) == [ARABIC]
    assert texts(translator.translated([citation(ENGLISH)], "ar", Step())) == [ARABIC]
    assert texts(translator.translated([citation(OFFICIAL), citation(ENGLISH)], "ar", Step())) == [DENIED, ARABIC]
    assert [request["messages"][1]["content"].count("\n1:") for request in server.requests] == [0, 0]
    assert len(server.requests) == 2


def test_nothing_is_asked_where_nothing_is_foreign_or_nothing_may_be_asked(server: OpenAIServer) -> None:
    assert texts(QuoteTranslator(SETTINGS).translated([citation(ENGLISH)], "en", Step())) == [None]
    assert texts(QuoteTranslator(SETTINGS).translated([], "ar", Step())) == []
    for refused in ({"quote_translation_timeout": 0.0}, {"llm_model": None}):
        translator = QuoteTranslator(SETTINGS.model_copy(update=refused))
        assert texts(translator.translated([citation(ENGLISH)], "ar", Step())) == [None]
    assert server.requests == []


@pytest.mark.parametrize(
    "reply", [Status(401), Status(429), Dropped("1: أقرّ"), Raw(b"<html></html>", "text/html"), Raw(b"")]
)
def test_a_failure_costs_the_translation_alone_and_the_next_answer_does_not_wait(
    server: OpenAIServer, reply: Reply
) -> None:
    server.script(reply, reply)
    translator = QuoteTranslator(SETTINGS)
    assert translator.translated([citation(ENGLISH)], "ar", Step()) == (citation(ENGLISH),)
    asked = len(server.requests)
    assert translator.translated([citation(OFFICIAL)], "ar", Step()) == (citation(OFFICIAL),)
    assert len(server.requests) == asked


def test_what_was_finished_by_the_deadline_is_kept(server: OpenAIServer) -> None:
    server.script(Silent(6.0, f"1: {ARABIC}\n2: نفت الوز"))
    translator = QuoteTranslator(SETTINGS.model_copy(update={"quote_translation_timeout": 1.0}))
    assert texts(translator.translated([citation(ENGLISH), citation(OFFICIAL, number=2)], "ar", Step())) == [
        ARABIC,
        None,
    ]
    server.script(f"1: {DENIED}")
    assert texts(translator.translated([citation(OFFICIAL)], "ar", Step())) == [DENIED]


@pytest.mark.parametrize(
    ("reply", "lines"),
    [
        ("1: one\n2: two", {1: "one", 2: "two"}),
        ("[1] one\n(٢) two", {1: "one", 2: "two"}),
        ("Here they are:\n\n1. one\n\n2) two\nThat is all.", {1: "one", 2: "two"}),
        ("<think>1: no</think>1: one", {1: "one"}),
        ("1: one\n1: another\n2: two", {2: "two"}),
        ("0: nothing\n3: three", {}),
        ("one and two", {}),
        ("", {}),
    ],
)
def test_lines_are_found_by_their_numbers(reply: str, lines: dict[int, str]) -> None:
    assert numbered(reply, 2) == lines


def test_a_single_translation_needs_no_number_and_a_broken_line_is_none() -> None:
    assert numbered("one", 1) == {1: "one"}
    assert numbered("1: one", 1) == {1: "one"}
    assert numbered("one\ntwo", 1) == {}
    assert numbered("1: one\n2: tw", 2, whole=False) == {1: "one"}


@pytest.mark.parametrize(
    "text",
    [
        ARABIC,
        f"«{ARABIC}»",
        "في ١٥ ديسمبر ٢٠٢٢ أقر مجلس الشيوخ الحزمة بـ٨٣ صوتا مقابل ١١.",
    ],
)
def test_a_good_translation_is_accepted_without_quotation_marks(text: str) -> None:
    found = accepted(text, citation(ENGLISH), "ar")
    assert found == text.strip("«»")


@pytest.mark.parametrize(
    "text",
    [
        ARABIC.replace("83", "38"),
        ARABIC.replace("2022", "2021"),
        ARABIC.replace("15 ", "16 "),
        "أقرّ مجلس الشيوخ الحزمة بأغلبية كبيرة في كانون الأول.",
        ENGLISH,
        "The Senate passed it by 83 votes to 11 on December 15, 2022.",
        "أقرّه.",
        f"{ARABIC} " * 4,
        f"{ARABIC} [1]",
        ARABIC.replace("أقرّ", "下令 أقرّ"),
        ARABIC.replace("مجلس الشيوخ", "مجلس العموم البريطاني"),
        f"{ARABIC} https://evil.example/",
        f"<b>{ARABIC}</b>",
        f"الترجمة بالعربية: {ARABIC}",
        "عذرا، لا أستطيع ترجمة نتيجة تصويت 83 مقابل 11 في 15 كانون الأول 2022.",
        "",
    ],
)
def test_what_is_no_faithful_translation_is_not_shown(text: str) -> None:
    assert accepted(text, citation(ENGLISH), "ar") is None


@pytest.mark.parametrize("text", ["أمرت الوزارة بالمداهمة.", "لم تنفِ الوزارة أنها أمرت بالمداهمة."])
def test_a_denial_must_stay_one(text: str) -> None:
    assert accepted(DENIED, citation(OFFICIAL), "ar") == DENIED
    assert accepted(text, citation(OFFICIAL), "ar") is None


def test_words_in_quotation_marks_are_translated_too() -> None:
    quote = '"Every captagon pill that is seized is a victory," said Caroline Rose.'
    text = "قالت كارولين روز: «كل حبة كبتاغون تُضبط هي انتصار»."
    assert accepted(text, citation(quote), "ar") == text


def test_a_translation_survives_json_and_is_left_out_where_there_is_none() -> None:
    with_one = replace(citation(ENGLISH), translation=Translation(ARABIC, "ar", MODEL))
    data = json.loads(json.dumps(with_one.to_json()))
    assert data["translation"] == {"text": ARABIC, "language": "ar", "model": MODEL}
    assert Citation.from_json(data) == with_one
    assert "translation" not in citation(ENGLISH).to_json()


# -- through the engine, to the reader ----------------------------------------------------------------------------------

SALERNO = "كم تبلغ كمية الأمفيتامين التي ضبطتها الشرطة الإيطالية في ميناء ساليرنو؟"
QUOTE = (
    "On 1 July 2020 Italian police announced that they had seized 14 tonnes of amphetamine at the port of Salerno in "
    "southern Italy."
)
TRANSLATION = "أعلنت الشرطة الإيطالية في 1 تموز 2020 أنها ضبطت 14 طنا من الأمفيتامين في ميناء ساليرنو جنوبي إيطاليا."

Ask = Callable[..., tuple[Answer, list[Any]]]


@pytest.fixture(scope="module")
def engine(samples_home: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("translated") / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    changed = {"llm_model": MODEL, "llm_timeout": 20.0, "translation_timeout": 0.0, "quote_translation_timeout": 20.0}
    with Engine.open(home, settings=settings.model_copy(update=changed)) as opened:
        yield opened


@pytest.fixture
def translated(engine: Engine, server: OpenAIServer) -> Answer:
    """A model's Arabic answer from an English source."""
    number = next(n for n, one in enumerate(engine.search(SALERNO), 1) if QUOTE in one.passage.text)
    server.script(f"ضبطت الشرطة الإيطالية 14 طنا من الأمفيتامين في ميناء ساليرنو. [{number}]", f"1: {TRANSLATION}")
    answer = engine.ask(SALERNO, mode="llm")
    assert answer.mode == "llm"
    return answer


def test_the_translation_stands_beside_the_quote_everywhere_labelled_and_unquoted(
    engine: Engine, translated: Answer
) -> None:
    (cited,) = translated.citations
    assert cited.quote == QUOTE
    assert cited.translation is not None
    assert cited.translation.text == TRANSLATION
    assert TRANSLATION not in translated.text
    html = panel.citation_html(translated, 1, 1, engine.document(cited.document_id))
    for shown in (render.answer_text(translated), render.answer_markdown(translated), html):
        assert "ترجمة غير رسمية" in shown
        assert TRANSLATION in shown
        assert not any(f"{mark}{TRANSLATION}" in shown for mark in '«“"')
    assert Answer.from_json(translated.to_json()).citations == translated.citations
    verified = engine.verify(translated.to_json())
    assert [one.status for one in verified.answers[0].citations] == ["verified"]


def test_a_card_of_quotes_has_the_translation_outside_the_quotation(translated: Answer) -> None:
    (cited,) = translated.citations
    statement = replace(translated.statements[0], text=cited.quote, support="quoted")
    html = str(render.answer_html(replace(translated, mode="quotes", statements=(statement,)), 1))
    assert html.index("</blockquote>") < html.index(f"{TRANSLATION}</p>")
    assert "ترجمة غير رسمية" in html


def test_a_hostile_translation_is_only_text(translated: Answer) -> None:
    hostile = Translation("<img src=x onerror=alert(1)> [9](http://evil.example)", "ar", "<b>m</b>")
    cited = replace(translated.citations[0], translation=hostile)
    answer = replace(translated, citations=(cited,))
    assert "<img" not in panel.citation_html(answer, 1, 1, None) + str(render.answer_html(answer, 1))
    assert "\\[9\\](http" in render.answer_markdown(answer)


def test_in_quotes_mode_nothing_is_translated(engine: Engine, server: OpenAIServer) -> None:
    answer = engine.ask(SALERNO, mode="quotes")
    assert answer.citations
    assert texts(answer.citations) == [None] * len(answer.citations)
    assert server.requests == []


def test_quotes_in_place_of_an_answer_in_the_wrong_language_are_translated(
    engine: Engine, server: OpenAIServer
) -> None:
    wrong = "The Italian police seized 14 tonnes of amphetamine at the port of Salerno. [1]"
    server.script(wrong, wrong, "1: ترجمة\n2: ترجمة")
    events = list(engine.stream(SALERNO, mode="llm"))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert answer.mode == "quotes"
    assert answer.citations[0].quote == QUOTE
    assert answer.citations[0].translation is not None  # remembered from the test before
    assert [notice.code for notice in answer.notices] == ["llm_fallback"]
    assert "لم يكتب بلغة الجواب" in answer.notices[0].text
    assert isinstance(events[-2], Token)
