"""What earlier turns were about, as a follow-up to them is searched for with it and shown with it.

Retrieval does better with the whole clause (who seized what where), and people read names and noun phrases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.language import detect_language
from rag.analysis import fold, is_stop_word
from rag.answering.followups.dependence import topic_words
from rag.answering.followups.topic_phrases import SEPARATOR, carried, phrases, with_topic
from rag.types import Answer, History

TOPIC_CHARS = 200
"""Longest topic carried over: some 30 words; the embedding would hear little of the question beside a longer one."""
MAX_NAMES = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """What a turn was about: as it is searched for, with the verbs that its sentences have, and as it is shown."""

    clause: str
    phrases: tuple[str, ...]
    names: tuple[str, ...] = ()
    """Who or what the answer named, beside it."""

    def beside(self, question: str, language: str) -> tuple[str, str]:
        """`question` with this topic: to search for, and to show."""
        names = f" ({', '.join(self.names)})" if self.names else ""
        shown = [*self.phrases, *(name for name in self.names if " " in name)]
        return f"{question}{SEPARATOR}{self.clause}{names}", with_topic(question, shown, language)


def topic_of(turns: History) -> Topic | None:
    """What the last of `turns` was about: its stand-alone question without the words that only ask; None of nothing.

    What was carried over to it is taken from the turn that it came from, where that is still there.
    """
    question, answer = turns[-1]
    whole = " ".join((answer.standalone_question or question).split())
    shown = carried(question, whole)
    if shown is not None:
        for at in range(len(turns) - 1, 0, -1):
            source = topic_of(turns[:at]) if carried(*_as_understood(turns[at - 1])) is None else None
            if source is not None and not set(source.phrases).isdisjoint(shown):
                names = _names(turns[at - 1][1], source.clause)
                return replace(source, names=names if not set(names).isdisjoint(shown) else ())
        whole = _cut(", ".join(shown))
        found = whole.split(", ")
    else:
        found = phrases(_cut(whole))
    clause = _clause(whole)
    return Topic(clause, tuple(found) or (clause,)) if clause else None


def _as_understood(turn: tuple[str, Answer]) -> tuple[str, str]:
    question, answer = turn
    return question, " ".join((answer.standalone_question or question).split())


def _clause(whole: str) -> str:
    rest = whole.rstrip(" ?؟!.").split()
    while len(rest) > 1 and (is_stop_word(fold(rest[0].strip("؟?،,"))) or rest[0].lower() in ("many", "much", "long")):
        rest = rest[1:]
    topic = _cut(" ".join(rest))
    return topic if topic_words(topic) else ""


def _cut(text: str) -> str:
    """At most `TOPIC_CHARS` of a text, whole words where there are any."""
    return text if len(text) <= TOPIC_CHARS else text[:TOPIC_CHARS].rpartition(" ")[0] or text[:TOPIC_CHARS]


def topics(turns: History) -> Iterator[Topic]:
    """What a question may be about: the last topic; with the names in its answer; the topic before a failure.

    At most three.
    """
    last = turns[-1][1]
    topic = topic_of(turns)
    if topic is not None:
        yield topic
        names = _names(last, " ".join((topic.clause, *topic.names)))
        if names:
            yield replace(topic, names=(*topic.names, *names)[-MAX_NAMES:])
    if last.status == "not_found":
        answered = next((at for at in range(len(turns) - 1, 0, -1) if turns[at - 1][1].status == "answered"), 0)
        earlier = topic_of(turns[:answered]) if answered else None
        if earlier is not None and earlier != topic:
            yield earlier


def _names(answer: Answer, topic: str) -> tuple[str, ...]:
    """The first names in an answer that its question does not have: who or what it was that was asked for."""
    if not answer.statements:
        return ()
    from rag.grounding.names.check import names

    text = answer.statements[0].text
    known = fold(topic)
    found = dict.fromkeys(name.text for name in names(text, detect_language(text)) if fold(name.text) not in known)
    return tuple(found)[:MAX_NAMES]
