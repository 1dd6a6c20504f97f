"""Whether a sentence tells of the opposite of what a question asks for: who praised a contract did not criticise it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.analysis import fold, stem
from rag.answering.constraints.coverage import ends_of_deed
from rag.answering.constraints.vote_polarity import FOR, VOTES, abstained, deed_of_vote, of_deed, own_deeds, vote_of
from rag.answering.question.answer_type import Asked
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposites import End, ends_at
from rag.grounding.negation.verbs import is_verb
from rag.grounding.wording import Token, answers, read

_TO = frozenset(("to", "ان"))
_SIDES = frozenset(("yes", "welcome", "confirm", "attend"))
"""The axes of opposites on which somebody takes a side, or stays away. Of others one end often tells of both: who lost
to whom tells who won, and what began has ended."""
_WHICH = re.compile(
    r"(?:and )?(?:which|what (?!(?:is|are|was|were|do|does|did|will|would|has|have)\b)|list\b|name\b)"
    r"|[وف]?(?:ما|اي|من هم|ماهي|اذكر|سم)\b(?! (?:الذي|هو|عدد|نتيجه)\b)"
)
"""How a folded question for some of several begins."""
_WHO = frozenset(("من", "ومن"))


def asks_who_did(question: str, asked_for: Asked | None) -> Asked | None:
    """What `question` asks for, where it is who did something; that too where it asks which of several voted so."""
    if asked_for is not None:
        return asked_for if asked_for.kind == "name" else None
    voted = any(one.folded in VOTES for one in read(question))
    return Asked("name", fold(question)) if voted and _WHICH.match(fold(question).strip()) else None


def act_of(question: str, asked_for: Asked | None) -> frozenset[End]:
    """The ends of axes of the deed of which `question` asks who did it, or how many; none where it takes no side."""
    if asked_for is None or asked_for.kind == "date":
        return frozenset()
    asked = read(question)
    if asked and asked[0].folded in _WHO:
        asked = asked[1:]  # elsewhere the word is "from", after which no verb stands
    found, own = [], own_deeds(question)
    for at, one in enumerate(asked):
        if one.stem or one.folded in FOR:
            if of_deed(asked, at):
                return frozenset()  # who is for scrapping a ban may be said to be for it, and against it
            voted = vote_of(asked, at, own)
            ends = {end for end in voted or ends_of_deed(asked, at) if end.axis in _SIDES}
            if ends:
                found.append(_turned(asked, at, ends))
    if len(found) != 1:
        return frozenset()
    [ends] = found
    # Both ends of one axis tell nothing of a side.
    if len({end.axis for end in ends}) < len(ends):
        return frozenset()
    return frozenset(ends)


def opposite(text: str, act: frozenset[End], question: str = "") -> bool:
    """Whether a sentence has a verb for the opposite of `act`, and no word for `act` itself, which `question` names.

    Who abstained did neither.
    """
    there, own = read(text), own_deeds(question)
    done: set[End] = set()
    undone: set[End] = set()
    for at, one in enumerate(there):
        if not one.stem and one.folded not in FOR:
            continue
        voted = vote_of(there, at, own)
        ends = _ends(there, at, voted)
        done |= ends & act
        if voted or one.folded in FOR or one.folded in ("against", "ضد") or is_verb(there, at):
            undone |= {end for end in ends if End(end.axis, -end.sign) in act}
    aside = abstained(there) and not abstained(read(question)) and any(end.axis == "yes" for end in act)
    return (bool(undone) or aside) and not done


def tells(text: str, question: str, act: frozenset[End]) -> bool:
    """Whether a sentence, in either language, tells of `act`, who did which `question` asks: by whatever word.

    What somebody is to do is not done; of a vote, any other than the opposite may tell.
    """
    there, asked = read(text), read(question)
    deeds, votes, own = _deeds(asked, act), any(one.folded in VOTES for one in asked), own_deeds(question)
    for at, one in enumerate(there):
        if at and there[at - 1].folded in _TO and not deed_of_vote(there, at):
            continue
        voted = vote_of(there, at, own)
        if _ends(there, at, voted) & act:
            return True
        if votes and one.folded in VOTES and not opposite(text, act, question):
            return True
        if voted is None and any(answers(deed, one, across) for deed in deeds for across in (False, True)):
            return True
    return False


def deed_stems(question: str, act: frozenset[End]) -> frozenset[str]:
    """The stems of the words of `question` that name `act`."""
    return frozenset(stem(one.folded) for one in _deeds(read(question), act))


def _deeds(asked: Sequence[Token], act: frozenset[End]) -> list[Token]:
    return [one for at, one in enumerate(asked) if one.stem and act & {*ends_of_deed(asked, at)}]


def _ends(tokens: Sequence[Token], at: int, voted: set[End] | None) -> set[End]:
    """Where a word stands on the axes of opposites; one that tells of a vote, where that does."""
    return _turned(tokens, at, set(ends_at(tokens, at)) if voted is None else voted)


def _turned(tokens: Sequence[Token], at: int, ends: set[End]) -> set[End]:
    """The ends of a word, the other ones where it is negated; "if not opposed" is no negation."""
    over = [one.at for one in negations(tokens) if at in one.governed]
    times = sum(not place or tokens[place - 1].folded != "if" for place in over)
    return {End(end.axis, end.sign * (-1) ** times) for end in ends}
