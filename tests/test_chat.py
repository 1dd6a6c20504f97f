"""Asking and opening sources as the page does it, on the real engine over the samples."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rag.engine import Engine
from ui import chat, i18n

ARABIC = "ما هي محاور الاستراتيجية الأمريكية الأربعة ضد شبكات الكبتاغون؟"
ENGLISH = "What are the four lines of effort of the US strategy against captagon?"
ABSENT = {"ar": "كيف تُحضَّر كعكة الجزر؟", "en": "How do I bake a carrot cake?"}


def ask(engine: Any, question: str, conversation: chat.Conversation = ()) -> tuple[chat.Conversation, chat.Update]:
    updates = list(chat.respond(engine, question, conversation))
    assert updates[-1].conversation is not None
    assert all(update.conversation is None for update in updates[:-1])
    return updates[-1].conversation, updates[-1]


def marked(panel: str, kind: str = "chosen") -> list[str]:
    return [html.unescape(text) for text in re.findall(rf'<mark class="tw-{kind}">(.*?)</mark>', panel, re.DOTALL)]


@pytest.mark.parametrize("question", [ARABIC, ENGLISH])
def test_an_answer_shows_its_quotes_and_opens_its_first_source(samples_engine: Engine, question: str) -> None:
    (turn,), update = ask(samples_engine, question)
    answer = turn.answer
    assert answer is not None
    assert answer.status == "answered"
    assert answer.citations
    assert update.turns == (turn.html,)
    for citation in answer.citations:
        assert str(html.escape(citation.quote, quote=False)).replace("'", "&#39;").replace('"', "&#34;") in turn.html
        assert f'data-number="{citation.number}"' in turn.html
    assert "\n".join(marked(update.panel or "")) == answer.citations[0].quote


def test_a_question_is_shown_while_the_engine_searches(samples_engine: Engine) -> None:
    first = next(chat.respond(samples_engine, ARABIC, ()))
    assert 'aria-busy="true"' in first.turns[0]
    assert i18n.text("ar", "answer.searching") in first.turns[0]


def test_every_citation_and_passage_of_a_conversation_opens(samples_engine: Engine) -> None:
    conversation, _ = ask(samples_engine, ARABIC)
    conversation, _ = ask(samples_engine, ABSENT["en"], conversation)
    answered, silent = (turn.answer for turn in conversation)
    assert answered is not None
    assert silent is not None
    assert silent.status == "not_found"
    for citation in answered.citations:
        wanted = {"open": "citation", "turn": 1, "number": citation.number}
        shown = chat.open_source(samples_engine, conversation, wanted)
        assert "\n".join(marked(shown or "")) == citation.quote
    found = silent.passages[0]
    shown = chat.open_source(samples_engine, conversation, {"open": "passage", "turn": 2, "number": found.rank})
    assert "".join(marked(shown or "", "(?:related|nearest)")) == found.passage.text.replace("\n", "")
    assert found.nearest is not None
    assert "".join(marked(shown or "", "nearest")) in found.passage.text.replace("\n", "")


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"open": "citation", "turn": 9, "number": 1},
        {"open": "citation", "turn": 1, "number": 999},
        {"open": "passage", "turn": 1, "number": -1},
        {"open": "citation", "turn": "1", "number": "1"},
        {"open": ["x"], "turn": None, "number": {"a": 1}},
    ],
)
def test_what_a_conversation_does_not_have_does_not_open(samples_engine: Engine, wanted: dict[str, Any]) -> None:
    conversation, _ = ask(samples_engine, ENGLISH)
    assert chat.open_source(samples_engine, conversation, wanted) is None


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_is_not_in_the_documents_is_said_in_the_questions_language(
    samples_engine: Engine, language: i18n.Language
) -> None:
    (turn,), update = ask(samples_engine, ABSENT[language])
    assert turn.html.count(i18n.text(language, "answer.not_found")) == 2  # on the screen, and in what is copied
    assert len(re.findall("ليس في الوثائق|not in the documents", turn.html)) == 2
    assert i18n.text(language, "answer.related") in turn.html
    assert "tw-marker" not in turn.html
    assert i18n.text(language, "panel.none") in (update.panel or "")


@pytest.mark.parametrize(("question", "language"), [("؟ ؟ سؤال", "ar"), ("why?", "en")])
def test_an_empty_home_is_one_line_in_the_questions_language(
    tmp_path: Path, question: str, language: i18n.Language
) -> None:
    with Engine.open(tmp_path / "home") as engine:
        (turn,), _ = ask(engine, question)
        assert turn.answer is None
        assert i18n.text(language, "error.home_empty") in turn.html
        assert "tawthiq ingest" in chat.welcome(engine)


def test_an_empty_question_and_a_bug_are_turns_without_an_answer(
    samples_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def stream(self, *_: object, **__: object) -> None:
            raise RuntimeError("secret <b>detail</b>")

    conversation, _ = ask(samples_engine, "   ")
    assert i18n.text("en", "error.query_invalid") in conversation[0].html
    conversation, update = ask(Broken(), "سؤال", conversation)
    assert i18n.text("ar", "error.unexpected") in conversation[1].html
    assert "secret" not in "".join(update.turns)
    assert "secret" in caplog.text
    conversation, update = ask(samples_engine, ENGLISH, conversation)
    assert [turn.number for turn in conversation] == [1, 2, 3]
    assert len(update.turns) == 3


def test_a_stopped_question_stays_in_the_conversation(samples_engine: Engine) -> None:
    conversation, _ = ask(samples_engine, ENGLISH)
    update = chat.stopped(ARABIC, conversation)
    assert i18n.text("ar", "answer.stopped") in update.turns[1]
    assert update.conversation is not None
    assert update.conversation[:1] == conversation
    assert update.conversation[1].answer is None


def test_a_conversation_that_is_resumed_shows_what_it_showed_and_checks_its_quotes_anew(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text("أُعلن في الميناء أن الجسر افتتحه الوزير سمير حداد في 4 أيار 2021.\n" * 2, encoding="utf-8")
    with Engine.open(tmp_path / "home") as engine:
        engine.ingest([paper])
        conversation, update = ask(engine, "من افتتح الجسر؟")
        again = chat.resumed(engine, conversation)
        assert (again.turns, again.panel) == (update.turns, update.panel)
        answer = conversation[0].answer
        assert answer is not None
        assert answer.citations
        paper.write_text("أُعلن في الميناء أن الجسر لم يُفتتح بعد.\n", encoding="utf-8")
        engine.ingest([paper])
        changed = chat.resumed(engine, conversation)
        assert changed.turns == update.turns
        assert i18n.text("ar", "panel.changed") in (changed.panel or "")
        engine.remove(answer.citations[0].document_id)
        assert i18n.text("ar", "panel.gone") in (chat.resumed(engine, conversation).panel or "")


def test_a_conversation_without_turns_begins_and_says_where_one_was_lost(samples_engine: Engine) -> None:
    fresh, lost = chat.resumed(samples_engine, ()), chat.resumed(samples_engine, (), known=True)
    for language in i18n.LANGUAGES:
        forgotten = i18n.text(language, "welcome.forgotten")
        assert forgotten not in fresh.turns[0]
        assert forgotten in lost.turns[0]
    assert chat.resumed(samples_engine, chat.stopped("سؤال", ()).conversation or ()).panel == fresh.panel


def test_sessions_at_once_do_not_see_each_other(samples_engine: Engine) -> None:
    questions = [ARABIC, ENGLISH, ABSENT["ar"], ABSENT["en"]] * 2
    with ThreadPoolExecutor(4) as pool:
        conversations = [made for made, _ in pool.map(lambda question: ask(samples_engine, question), questions)]
    for question, conversation in zip(questions, conversations, strict=True):
        (turn,) = conversation
        assert turn.question == question
        assert turn.answer is not None
        assert turn.answer.question == question


def test_a_long_conversation_forgets_its_oldest_turns() -> None:
    conversation: chat.Conversation = ()
    for number in range(chat.MAX_TURNS + 5):
        conversation = chat.stopped(f"question {number}", conversation).conversation or ()
    assert len(conversation) == chat.MAX_TURNS
    assert conversation[-1].number == chat.MAX_TURNS + 5


def test_examples_are_offered_with_the_samples(samples_engine: Engine) -> None:
    shown = chat.welcome(samples_engine)
    for language in i18n.LANGUAGES:
        assert i18n.text(language, "example.1") in html.unescape(shown)


def test_one_document_alone(samples_engine: Engine) -> None:
    [chosen] = [one for one in samples_engine.documents() if one.title.startswith("مأمون سيد عيسى")]
    updates = list(chat.respond(samples_engine, ARABIC, (), "auto", chosen.document_id))
    assert all(chosen.title in update.turns[0] for update in updates)
    answer = updates[-1].conversation[-1].answer if updates[-1].conversation else None
    assert answer is not None
    assert {one.document_id for one in answer.citations} <= {chosen.document_id}
    assert {one.passage.document_id for one in answer.passages} == {chosen.document_id}
    gone = list(chat.respond(samples_engine, ARABIC, (), "auto", "0123456789abcdef"))[-1]
    assert "tw-problem" in gone.turns[0]


def test_a_document_that_repeats_another_can_be_asked_alone(tmp_path: Path) -> None:
    note = "حلب، 3 أيار 2024. أعلن المحافظ مصطفى الخطيب افتتاح جسر الشعار بعد ترميم كلف 4 ملايين دولار.\n"
    for name in ("first.txt", "second.txt"):
        (tmp_path / name).write_text(note, encoding="utf-8")
    with Engine.open(tmp_path / "home") as engine:
        engine.ingest([tmp_path / "first.txt", tmp_path / "second.txt"])
        for one in engine.documents():
            last = list(chat.respond(engine, "كم كلف ترميم جسر الشعار؟", (), "auto", one.document_id))[-1]
            assert "4 ملايين دولار" in last.turns[0]
