"""Whole answers through the engine: by a language model over real HTTP, and what happens when it fails."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openai_server import MODEL, Dropped, OpenAIServer, Raw, Status, Text

from rag import Engine
from rag.settings import Settings
from rag.types import Answer, Notice, Passages, Token

ARABIC = "ماذا يرافق الاستراتيجية الأمريكية؟"
ENGLISH = "What accompanies the published text of the US strategy?"


@pytest.fixture(scope="module")
def engine(samples_home: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over the samples for which a language model is set."""
    home = tmp_path_factory.mktemp("chain") / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    with Engine.open(
        home, settings=settings.model_copy(update={"llm_model": MODEL, "llm_timeout": 20.0, "translation_timeout": 0.0})
    ) as opened:
        yield opened


def assert_verbatim(engine: Engine, answer: Answer) -> None:
    assert answer.citations
    for citation in answer.citations:
        document = engine.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert document.sha256 == citation.document_sha256


def test_a_models_answer_is_streamed_and_its_citations_are_verbatim(engine: Engine, server: OpenAIServer) -> None:
    server.script(Text("A classified annex accompanies the text. [1] And so says nobody. [42]"))
    events = list(engine.stream(ENGLISH, mode="llm"))
    answer = events[-1]
    assert isinstance(events[0], Passages)
    assert isinstance(answer, Answer)
    assert sum(isinstance(event, Token) for event in events) > 3
    assert (answer.mode, answer.status, answer.models.llm) == ("llm", "answered", MODEL)
    assert_verbatim(engine, answer)
    assert "[42]" not in answer.text
    assert [notice.code for notice in answer.notices] == ["dropped_markers"]
    assert [s.text for s in answer.removed] == ["And so says nobody."]
    assert Answer.from_json(answer.to_json()) == replace(
        answer, answerable_probability=round(answer.answerable_probability or 0, 4), passages=_rounded(answer)
    )


def _rounded(answer: Answer) -> tuple[object, ...]:
    return tuple(replace(passage, score=round(passage.score, 4)) for passage in answer.passages)


def test_a_models_refusal_is_an_honest_silence(engine: Engine, server: OpenAIServer) -> None:
    server.script(Text("NOT_FOUND"))
    answer = engine.ask(ARABIC, mode="llm")
    assert (answer.status, answer.mode, answer.citations, answer.statements) == ("not_found", "llm", (), ())
    assert "ليس في الوثائق" in answer.text
    assert answer.passages


@pytest.mark.parametrize(
    "reply",
    [Status(401), Status(429), Status(500), Raw(b"<html>Sign in</html>", "text/html"), Dropped("A classified")],
    ids=["401", "429", "500", "html", "dropped"],
)
def test_a_failing_model_falls_back_to_quotes_with_one_line(
    engine: Engine, server: OpenAIServer, reply: Status | Raw | Dropped
) -> None:
    server.script(*[reply] * 4)
    events = list(engine.stream(ARABIC, mode="llm"))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert (answer.mode, answer.status, answer.models.llm) == ("quotes", "answered", None)
    assert_verbatim(engine, answer)
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice in answer.notices
    assert "\n" not in notice.text
    assert notice.text.startswith("لم يُعتمد")


def test_auto_falls_back_when_nobody_listens_and_says_why(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    answer = engine.ask(ENGLISH, mode="auto")
    assert answer.mode == "quotes"
    (notice,) = answer.notices
    assert notice.code == "llm_fallback"
    assert "reach" in notice.text


def test_quotes_mode_never_asks_the_model(engine: Engine, server: OpenAIServer) -> None:
    assert engine.ask(ENGLISH, mode="quotes").mode == "quotes"
    assert not server.requests


def test_a_model_that_is_asked_for_but_not_set_is_said(samples_engine: Engine) -> None:
    answer = samples_engine.ask(ENGLISH, mode="llm")
    assert answer.mode == "quotes"
    assert [notice.code for notice in answer.notices] == ["llm_fallback"]


def test_quotes_have_a_frame_in_the_questions_language(samples_engine: Engine) -> None:
    across = samples_engine.ask(
        "كم تبلغ كمية الأمفيتامين التي ضبطتها الشرطة الإيطالية في ميناء ساليرنو؟", mode="quotes"
    )
    assert across.frame is not None
    assert across.frame.before.startswith("جاء في الوثائق")
    assert across.text.startswith(across.frame.before)
    assert all(statement.text != across.frame.before for statement in across.statements)


def test_a_translation_of_the_question_is_searched_for_and_not_in_quotes_mode(
    samples_home: Path, settings: Settings, server: OpenAIServer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    question = "Who had a factory of crisps?"
    with Engine.open(home, settings=settings.model_copy(update={"llm_model": MODEL, "translation_timeout": 20.0})) as e:
        e.ask(question, mode="quotes")
        assert server.requests == []
        server.script("من كان صاحب مصنع رقائق البطاطا؟")
        found = e.search(question)
        assert len(server.requests) == 1
        assert server.requests[0]["messages"][-1]["content"].count(question) == 1
        retrieved = e.retriever().retrieve(question, 10, translate=True)  # remembered: no second request
        assert len(server.requests) == 1
    assert retrieved.terms.translated
    assert Path(found[0].passage.source).stem == "ar-douma-factory"
