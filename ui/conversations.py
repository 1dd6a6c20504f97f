"""The chat's conversations, kept on the server while people read, reload and come back.

A browser holds nothing but the name of its conversation, which it drew at random: what its storage says can open a
conversation or not, and never be shown as one. They are kept in memory alone, so that nothing that people asked lies
on a disk; who begins a new conversation has the old one forgotten at once.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ui import chat, checking, i18n

if TYPE_CHECKING:
    from rag.claims.verdicts import Verdict
    from rag.types import Answer

KEPT_SECONDS = 24 * 3600
"""A conversation that nobody touched for this long is forgotten."""

MOST_TURNS = 2_000
"""Turns of all conversations together, some 100 MB; beyond them those untouched for longest are forgotten."""

_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put into a conversation and waits for its answer; nobody guesses its `token`."""

    question: str
    number: int
    token: str
    within: str = ""
    """The id of the only document to be asked; "" for all."""
    told: i18n.Language | None = None
    """Of a claim to be checked, the language to tell its verdict in; None for a question."""


@dataclass(slots=True)
class _Talk:
    turns: chat.Conversation = ()
    touched: float = 0.0
    waiting: dict[str, Asked] = field(default_factory=dict)


class Conversations:
    """Conversations by name. Safe to use from several threads, and from several windows on one conversation."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._talks: OrderedDict[str, _Talk] = OrderedDict()

    def turns(self, name: str) -> chat.Conversation:
        """The turns of a conversation; none where there is no such conversation any more."""
        with self._lock:
            talk = self._touched(name)
            return talk.turns if talk else ()

    def begin(self, name: str, question: str, within: str = "", told: i18n.Language | None = None) -> Asked:
        """Put `question`, to all documents or `within` one, at the end of a conversation, which may begin with it.

        With `told`, it is a claim, to be checked.

        Until `finish` it stands there as a question whose answer was stopped: that is what a page shows which is
        loaded again meanwhile, for its answer is given up then.
        """
        with self._lock:
            talk = self._touched(name) or self._talks.setdefault(name, _Talk(touched=self._clock()))
            begun = chat.stopped if told is None else partial(checking.stopped, language=told)
            talk.turns = begun(question, talk.turns).conversation or ()
            asked = Asked(question, talk.turns[-1].number, secrets.token_hex(16), within, told)
            talk.waiting[asked.token] = asked
            while len(self._talks) > 1 and sum(len(one.turns) for one in self._talks.values()) > MOST_TURNS:
                self._talks.popitem(last=False)
            return asked

    def waiting(self, name: str, token: str) -> Asked | None:
        """The question of `token`; None where it waits no longer: answered, stopped, or all of it forgotten."""
        with self._lock:
            talk = self._talks.get(name)
            return talk.waiting.get(token) if talk else None

    def before(self, name: str, asked: Asked) -> chat.Conversation:
        """The turns before a question that waits."""
        return tuple(turn for turn in self.turns(name) if turn.number < asked.number)

    def finish(self, name: str, asked: Asked, turn: chat.Turn) -> None:
        """Put `turn` where its question waits; nothing where it waits no longer: stopped, or all of it forgotten."""
        with self._lock:
            talk = self._talks.get(name)
            if talk is not None and talk.waiting.pop(asked.token, None) is not None:
                done = replace(turn, number=asked.number)
                talk.turns = tuple(done if one.number == asked.number else one for one in talk.turns)

    def stop(self, name: str, token: str) -> chat.Conversation:
        """The turns after a question was stopped: an answer that still comes is not put in its place."""
        with self._lock:
            if talk := self._talks.get(name):
                talk.waiting.pop(token, None)
        return self.turns(name)

    def forget(self, name: str) -> None:
        """Forget a conversation; an answer that is still on its way goes nowhere."""
        with self._lock:
            self._talks.pop(name, None)

    def result(self, name: str, number: object) -> Answer | Verdict | None:
        """The answer or verdict of turn `number`; None where it has none."""
        return next((turn.result for turn in self.turns(name) if turn.number == number), None)

    def _touched(self, name: str) -> _Talk | None:
        now = self._clock()
        for old in [one for one, talk in self._talks.items() if now - talk.touched > KEPT_SECONDS]:
            del self._talks[old]
        talk = self._talks.get(name)
        if talk is not None:
            talk.touched = now
            self._talks.move_to_end(name)
        return talk


def name_of(sent: Any) -> str:
    """The conversation's name as a page sent it; a new one where that is no name, which nobody could guess."""
    return sent if isinstance(sent, str) and _NAME.fullmatch(sent) else secrets.token_hex(16)
