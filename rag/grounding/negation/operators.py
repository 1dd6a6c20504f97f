"""A negation or a modal in a sentence, and its scope: the content words that it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from rag.analysis import folded_words
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.wording import Token

REACH = 6
"""Content words that a negation or a modal governs, at most."""


class Level(IntEnum):
    """How far something is from being done."""

    POSSIBLE = 0
    PLANNED = 1
    COMING = 2
    DONE = 3


@dataclass(frozen=True, slots=True)
class Operator:
    """A negation or modal at a token: `governed` are the content words it is over, `head` the first that counts.

    `verb` if it is no particle: then the subject may stand between it and what it is over.
    """

    at: int
    governed: tuple[int, ...]
    verb: bool
    level: Level = Level.DONE

    @property
    def head(self) -> int | None:
        return self.governed[0] if self.governed else None


_ADVERBS = folded_words("yet ever also even immediately currently formally officially again still been have has had be "
    "being to "
                  "any so longer out up allegedly directly fully الآن بعد حتى أي أيضا أيا يتم تتم يكن تكن كان "
                  "كانت تكون يكون")  # fmt: skip
_LIGHT = folded_words(
    """find finds found make makes made seek seeks sought take takes took taken give gives gave given bring brings
    brought receive received carry carried
    يجد تجد يجدوا يعثر تعثر يعثروا يلق تلق يلقى تلقى يجر تجر يتلق تتلق يقدم تقدم يتخذ تتخذ يوجه توجه يسجل تسجل"""
)
"""Verbs that say little by themselves: after a particle, what is negated is their object (found no, لم تجد)."""
_PREDICATES = folded_words(
    "will would has have had is are was were does did can could may might should must be been do"
)
_DAYS = folded_words(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow evening morning
    الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد اليوم أمس غدا مساء صباح يوم"""
)


def _coordinated(tokens: Sequence[Token], at: int) -> bool:
    """Whether another predicate begins at a word: denied it and said, will not pay it and would sell."""
    word = tokens[at].folded
    if word in ("and", "but"):
        following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
        return following in _PREDICATES or is_saying(following)
    return word[:1] == "و" and len(word) > 3 and is_saying(word[1:])


def governed_by(
    tokens: Sequence[Token], at: int, stops: frozenset[str] = frozenset(), *, light: bool = False
) -> tuple[int, ...]:
    """The content words that an operator is over: those that follow in its clause, up to one of `stops`.

    `light`: a verb that says little by itself is left out where it comes first.
    """
    following = tokens[at + 1] if at + 1 < len(tokens) else tokens[at]
    # "Yet" opens a clause in English, but not within one (not yet, has yet to).
    clause = following.clause if following.folded == "yet" or tokens[at].folded == "yet" else tokens[at].clause
    found: list[int] = []
    for place in range(at + 1, min(len(tokens), at + 4 * REACH)):
        token = tokens[place]
        if token.clause != clause or len(found) >= REACH or token.folded in stops:
            break
        if found and _coordinated(tokens, place):
            break
        if light and not found and token.folded in _LIGHT:
            continue
        if (
            token.content
            and token.folded not in _ADVERBS
            and token.folded not in _DAYS
            and not token.folded.endswith("ly")
        ):
            found.append(place)
    return tuple(found)
