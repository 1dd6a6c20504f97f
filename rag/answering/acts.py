"""Whether a sentence tells of the opposite of what a question asks for: who praised a contract did not criticise it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import folded_words as folded
from rag.analysis import stem
from rag.answering.asked import Asked
from rag.answering.borne import ends_of_deed
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposites import End, ends_at
from rag.grounding.negation.verbs import is_verb
from rag.grounding.numbers.quantities import quantities
from rag.grounding.wording import Token, answers, read

_VOTES = folded("vote votes voted voting صوت صوتت صوتوا صوتا يصوت تصوت يصوتون")
_FOR = folded("for favour favor لصالح مع")
"""Of a vote: for something, in favour of it."""
_TO = frozenset(("to", "ان"))
_YES_OR_NO = {"yes": 1, "aye": 1, "no": -1, "nay": -1, "بنعم": 1, "بلا": -1}
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
        if one.folded in _FOR or one.folded in ("against", "ضد", *_YES_OR_NO) or is_verb(there, at):
            undone |= {end for end in ends if End(end.axis, -end.sign) in act}
    return bool(undone) and not done


def tells(text: str, question: str, act: frozenset[End]) -> bool:
    """Whether a sentence, in either language, tells of `act`, who did which `question` asks: by whatever word.

    What somebody is to do is not done; of a vote, any other than the opposite may tell.
    """
    there, asked = read(text), read(question)
    deeds, votes = _deeds(asked, act), any(one.folded in _VOTES for one in asked)
    for at, one in enumerate(there):
        if at and there[at - 1].folded in _TO:
            continue
        if _turned(there, at, {*_votes_for(there, at), *ends_at(there, at)}) & act:
            return True
        if votes and one.folded in _VOTES and not opposite(text, act):
            return True
        if any(answers(deed, one, across) for deed in deeds for across in (False, True)):
            return True
    return False


def deed_stems(question: str, act: frozenset[End]) -> frozenset[str]:
    """The stems of the words of `question` that name `act`."""
    return frozenset(stem(one.folded) for one in _deeds(read(question), act))


def _deeds(asked: Sequence[Token], act: frozenset[End]) -> list[Token]:
    return [one for at, one in enumerate(asked) if one.stem and act & {*ends_of_deed(asked, at)}]


def _turned(tokens: Sequence[Token], at: int, ends: set[End]) -> set[End]:
    """The ends of a word, the other ones where it is negated; "if not opposed" is no negation."""
    over = [one.at for one in negations(tokens) if at in one.governed]
    times = sum(not place or tokens[place - 1].folded != "if" for place in over)
    return {End(end.axis, end.sign * (-1) ** times) for end in ends}


def _votes_for(tokens: Sequence[Token], at: int) -> set[End]:
    """That of a vote for something, where `at` is its "for", and of a vote yes or no, where it is that.

    Who voted to do something voted for it, where that has no side of its own ("voted to reject it").
    """
    word = tokens[at].folded
    before = [one.folded for one in tokens[max(0, at - _FOR_REACH) : at]]
    if _VOTES.isdisjoint(before):
        return set()
    if before[-1] == "to" and before[-2:-1] not in (["right"], ["whether"]):
        sided = any(end.axis == "yes" for end in ends_at(tokens, at))
        counted = bool(quantities(word, ""))  # by 83 votes to 11
        return {End("yes", 1)} if is_verb(tokens, at) and not sided and not counted else set()
    if word in _YES_OR_NO and before[-1] in _VOTES:
        return {End("yes", _YES_OR_NO[word])}
    return {End("yes", 1)} if word in _FOR and "against" not in before and "ضد" not in before else set()
