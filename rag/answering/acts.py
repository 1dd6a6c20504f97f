"""Whether a sentence tells of the opposite of what a question asks for: who praised a contract did not criticise it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.asked import Asked
from rag.answering.borne import ends_of_deed
from rag.grounding.opposites import End, ends_at
from rag.grounding.polarity import folded, negations
from rag.grounding.verbs import is_verb
from rag.grounding.wording import Token, read

_VOTES = folded("vote votes voted voting صوت صوتت صوتوا صوتا يصوت تصوت يصوتون")
_FOR = folded("for لصالح مع")
_SIDES = frozenset(("yes", "welcome", "confirm", "attend"))
"""The axes of opposites on which somebody takes a side, or stays away. Of others one end often tells of both: who lost
to whom tells who won, and what began has ended."""
_WHO = frozenset(("من", "ومن"))
_FOR_REACH = 5
"""Words after a vote in which its "for" stands."""


def act_of(question: str, asked_for: Asked | None) -> frozenset[End]:
    """The ends of axes of the deed of which `question` asks who did it, or how many; none where it takes no side."""
    if asked_for is None or asked_for.kind == "date":
        return frozenset()
    asked = read(question)
    if asked and asked[0].folded in _WHO:
        asked = asked[1:]  # elsewhere the word is "from", after which no verb stands
    found = []
    for at, one in enumerate(asked):
        if one.stem or one.folded in _FOR:
            ends = {end for end in _votes_for(asked, at) or ends_of_deed(asked, at) if end.axis in _SIDES}
            if ends:
                found.append(_turned(asked, at, ends))
    if len(found) != 1:
        return frozenset()
    [ends] = found
    # Both ends of one axis tell nothing of a side.
    if len({end.axis for end in ends}) < len(ends):
        return frozenset()
    return frozenset(ends)


def opposite(text: str, act: frozenset[End]) -> bool:
    """Whether a sentence has a verb for the opposite of `act`, and no word for `act` itself."""
    there = read(text)
    done: set[End] = set()
    undone: set[End] = set()
    for at, one in enumerate(there):
        if not one.stem and one.folded not in _FOR:
            continue
        ends = _turned(there, at, {*_votes_for(there, at), *ends_at(there, at)})
        done |= ends & act
        if one.folded in _FOR or one.folded in ("against", "ضد") or is_verb(there, at):
            undone |= {end for end in ends if End(end.axis, -end.sign) in act}
    return bool(undone) and not done


def _turned(tokens: Sequence[Token], at: int, ends: set[End]) -> set[End]:
    """The ends of a word, the other ones where it is negated; "if not opposed" is no negation."""
    over = [one.at for one in negations(tokens) if at in one.governed]
    times = sum(not place or tokens[place - 1].folded != "if" for place in over)
    return {End(end.axis, end.sign * (-1) ** times) for end in ends}


def _votes_for(tokens: Sequence[Token], at: int) -> set[End]:
    """That of a vote for something, where `at` is its "for"."""
    if tokens[at].folded not in _FOR:
        return set()
    before = [one.folded for one in tokens[max(0, at - _FOR_REACH) : at]]
    return (
        {End("yes", 1)} if not _VOTES.isdisjoint(before) and "against" not in before and "ضد" not in before else set()
    )
