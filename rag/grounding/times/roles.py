"""What the word before a value makes of it: from it, to it, before it, after it, or not before it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

from rag.grounding.belonging import Word, word_of
from rag.grounding.tokens import Token, peeled, tokens

Role = Literal["", "from", "to", "before", "after"]

_ROLES: dict[str, Role] = {
    **dict.fromkeys(("from", "من"), "from"),
    **dict.fromkeys(("to", "till", "until", "الي", "حتي"), "to"),
    **dict.fromkeys(("before", "قبل"), "before"),
    **dict.fromkeys(("after", "بعد"), "after"),
}
_NOT = frozenset("not no never nor cannot لن لا لم ليس ليست دون غير nothing nobody none".split())
_BETWEEN = frozenset(
    """the a an about around some nearly just only early late mid day month year of at in end beginning start middle
    نهايه بدايه مطلع منتصف اواخر اوايل
    يوم شهر عام سنه نحو حوالي تاريخ $ € £""".split()
)
_ENDS = frozenset(".,;:!?،؛؟")
_SENTENCE_ENDS = frozenset(".!?؟؛;")
_BUT = frozenset("الا until only سوي except".split())
_CLAUSES = frozenset("who which that whose الذي التي الذين".split())
"""Behind them another clause goes on: not charge passengers who hold tickets bought before."""
_REACH = 8
_MOST = 20
"""Events of a text that are read."""
_NAMED_IN = 5
"""Words behind before or after that may name the event."""


def role_of(text: str, start: int) -> Role:
    """The role of the value that begins at code point `start`; "not before" is after, "not until" too."""
    stream = tokens(text)
    at = bisect_left(stream, start, key=lambda token: token.start) - 1
    while at >= 0 and stream[at].text in _BETWEEN:
        at -= 1
    if at < 0:
        return ""
    role: Role = ""
    if stream[at].text == "than" and at and stream[at - 1].text in ("earlier", "sooner"):
        role, at = "before", at - 1
    elif stream[at].text == "than" and at and stream[at - 1].text == "later":
        role, at = "after", at - 1
    else:
        role = next((_ROLES[rest] for _, rest in peeled(stream[at].text) if rest in _ROLES), "")
    if role in ("before", "after") and _negated(stream, at):
        return "after" if role == "before" else "before"
    return role


def _negated(stream: tuple[Token, ...], at: int) -> bool:
    for before in range(at - 1, max(-1, at - 1 - _REACH), -1):
        word = stream[before].text
        if word in _ENDS or word in _BUT or word in _CLAUSES:  # not until after is after
            return False
        if word.endswith(("n't", "n’t")) or any(rest in _NOT for _, rest in peeled(word)):
            return True
    return False


def opposite(said: Role, there: Role) -> bool:
    """Whether two roles of one value exclude each other."""
    return {said, there} in ({"from", "to"}, {"before", "after"})


def turned_events(statement: str, source: str) -> list[tuple[int, int]]:
    """Where `statement` puts something before an event that `source` puts it after, or after for before: code points.

    Both name the event behind the word, in two words at least, and share two of those that stand before it.
    """
    found = []
    there = list(islice(_events(source), _MOST))
    for said in islice(_events(statement), _MOST):
        alike = [one for one in there if _shared(said.event, one.event) >= max(2, len(said.event) - 1)]
        if alike and all(one.role != said.role and _shared(said.before, one.before) >= 2 for one in alike):
            found.append((said.start, said.end))
    return found


class _Event(NamedTuple):
    """Something told as before or after an event: the words that tell it and those that name the event."""

    role: Role
    start: int
    end: int
    before: list[Word]
    event: list[Word]


def _events(text: str) -> Iterator[_Event]:
    stream = tokens(text)
    for at, token in enumerate(stream):
        role: Role = next((_ROLES[rest] for _, rest in peeled(token.text) if rest in _ROLES), "")
        if role not in ("before", "after"):
            continue
        last = next((place for place in range(at + 1, len(stream)) if stream[place].text in _ENDS), len(stream))
        event = _words(stream, range(at + 1, min(last, at + 1 + _NAMED_IN)))
        if len(event) < 2 or any(one.kind == "number" for one in stream[at + 1 : min(last, at + 3)]):
            continue
        if _negated(stream, at):
            role = "after" if role == "before" else "before"
        first = next((place + 1 for place in range(at - 1, -1, -1) if stream[place].text in _SENTENCE_ENDS), 0)
        yield _Event(role, token.start, stream[last - 1].end, _words(stream, range(first, at)), event)


def _words(stream: tuple[Token, ...], places: range) -> list[Word]:
    return [word for at in places if stream[at].kind == "word" and (word := word_of(stream[at].text)) is not None]


def _shared(words: list[Word], others: list[Word]) -> int:
    return sum(any(word.answers(other) for other in others) for word in words)
