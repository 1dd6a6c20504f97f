"""The conversation before a question as it comes from outside: checked, and only as much of it as is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from rag.errors import InvalidQuery
from rag.types import Answer, History

MAX_TURNS = 50
"""A longer history is refused where it comes from outside: no conversation of people is that long."""
TURNS = 3
"""Only so many of the last turns are looked at: what was asked before them is no longer what "it" means."""


def read_history(turns: Sequence[tuple[object, Any]]) -> History:
    """The history that `turns` hold, oldest first: questions, each with the JSON of its answer. Raises InvalidQuery."""
    if len(turns) > MAX_TURNS:
        raise InvalidQuery(
            f"The history has {len(turns):,} turns; at most {MAX_TURNS} are allowed.", "Send the last ones."
        )
    return [_turn(question, answer) for question, answer in turns]


def trimmed(history: History) -> History:
    """What is read of a history: its last turns, without the passages, which are most of it."""
    return [(question, replace(answer, passages=())) for question, answer in history[-TURNS:]]


def _turn(question: object, data: Any) -> tuple[str, Answer]:
    try:
        answer = Answer.from_json(data)
        if isinstance(question, str) and all(isinstance(text, str) for text in _read_of(answer)):
            return question, answer
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    raise InvalidQuery("The history holds an answer that is not one.", "Send answers back as they came.")


def _read_of(answer: Answer) -> Iterable[object]:
    """All that is read of an earlier answer; each must be text."""
    yield from (answer.question, answer.language, answer.status)
    yield from (text for text in (answer.standalone_question, answer.session) if text is not None)
    yield from (statement.text for statement in answer.statements)
