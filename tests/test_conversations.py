"""Conversations that the server keeps: found by their names alone, bounded, and forgotten when told to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ui import chat, conversations
from ui.conversations import KEPT_SECONDS, Asked, Conversations, name_of

ONE, OTHER = "1" * 32, "0f" * 16


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def answered(talks: Conversations, name: str, question: str) -> Asked:
    asked = talks.begin(name, question)
    talks.finish(name, asked, chat.Turn(asked.number, question, f"<p>{asked.number}</p>"))
    return asked


def questions(talks: Conversations, name: str = ONE) -> list[str]:
    return [turn.question for turn in talks.turns(name)]


def test_a_conversation_is_found_again_by_its_name_and_by_nothing_else() -> None:
    talks = Conversations()
    answered(talks, ONE, "كم طنا صودر في ساليرنو؟")
    answered(talks, ONE, "ومن قال ذلك؟")
    answered(talks, OTHER, "Who said that?")
    assert questions(talks) == ["كم طنا صودر في ساليرنو؟", "ومن قال ذلك؟"]
    assert [turn.html for turn in talks.turns(ONE)] == ["<p>1</p>", "<p>2</p>"]
    assert questions(talks, OTHER) == ["Who said that?"]
    assert talks.turns("2" * 32) == ()


def test_a_question_on_its_way_is_there_as_one_that_was_stopped_and_is_answered_in_its_place() -> None:
    talks = Conversations()
    first = talks.begin(ONE, "سؤال أول")
    second = talks.begin(ONE, "a second one, from another window")
    assert [turn.answer for turn in talks.turns(ONE)] == [None, None]
    assert "tw-answer" in talks.turns(ONE)[0].html
    assert [turn.number for turn in talks.before(ONE, second)] == [1]
    talks.finish(ONE, second, chat.Turn(2, "second", "second"))
    talks.finish(ONE, first, chat.Turn(1, "first", "first"))
    assert [turn.html for turn in talks.turns(ONE)] == ["first", "second"]


def test_an_answer_that_comes_after_stop_or_after_all_was_forgotten_goes_nowhere() -> None:
    talks = Conversations()
    asked = talks.begin(ONE, "a private question")
    stopped = talks.stop(ONE, asked.token)
    talks.finish(ONE, asked, chat.Turn(1, "a private question", "late"))
    assert talks.turns(ONE) == stopped
    late = talks.begin(ONE, "another")
    talks.forget(ONE)
    talks.finish(ONE, late, chat.Turn(2, "another", "late"))
    assert talks.turns(ONE) == ()
    # Neither does it stand in for the question that has its number now.
    talks.begin(ONE, "السؤال الأول من محادثة جديدة")
    talks.finish(ONE, asked, chat.Turn(1, "a private question", "late"))
    assert questions(talks) == ["السؤال الأول من محادثة جديدة"]
    assert talks.stop(OTHER, asked.token) == ()


def test_a_question_waits_until_it_is_answered_stopped_or_forgotten() -> None:
    talks = Conversations()
    for done in (
        lambda asked: talks.finish(ONE, asked, chat.Turn(asked.number, asked.question, "")),
        lambda asked: talks.stop(ONE, asked.token),
        lambda asked: talks.forget(ONE),
    ):
        asked = talks.begin(ONE, "كم طنا صودر؟")
        assert talks.waiting(ONE, asked.token) == asked
        assert talks.waiting(OTHER, asked.token) is None
        assert talks.waiting(ONE, "") is None
        done(asked)
        assert talks.waiting(ONE, asked.token) is None
    assert talks.stop(ONE, "") == ()


def test_what_nobody_touches_for_a_day_is_forgotten() -> None:
    clock = Clock()
    talks = Conversations(clock)
    answered(talks, ONE, "سؤال")
    answered(talks, OTHER, "question")
    clock.now = KEPT_SECONDS - 1
    assert questions(talks) == ["سؤال"]
    clock.now = KEPT_SECONDS + 1
    assert questions(talks) == ["سؤال"]
    assert questions(talks, OTHER) == []


def test_so_many_turns_are_kept_and_those_touched_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "MOST_TURNS", 4)
    talks = Conversations()
    names = [f"{number:032x}" for number in range(3)]
    for name in names[:2]:
        answered(talks, name, "first")
        answered(talks, name, "second")
    talks.turns(names[0])
    answered(talks, names[2], "first")
    assert [len(talks.turns(name)) for name in names] == [2, 0, 1]


def test_questions_at_once_in_one_conversation_each_have_their_place() -> None:
    talks = Conversations()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: answered(talks, ONE, f"سؤال {number}"), range(40)))
    turns = talks.turns(ONE)
    assert [turn.number for turn in turns] == list(range(1, 41))
    assert [turn.html for turn in turns] == [f"<p>{number}</p>" for number in range(1, 41)]


@pytest.mark.parametrize("sent", ["", "1", "G" * 32, "A" * 32, ONE + "0", f"{ONE}\n", None, 7, {"a": 1}, [ONE]])
def test_what_is_no_name_becomes_one_that_nobody_guesses(sent: object) -> None:
    made = name_of(sent)
    assert name_of(made) == made
    assert made != sent
    assert name_of(sent) != made
