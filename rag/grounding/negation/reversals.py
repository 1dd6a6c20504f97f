"""Negations of a statement against those of a sentence that it rests on: which of them turns the other round."""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import folded_words
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.negation.modality import MAYBE
from rag.grounding.negation.operators import Operator
from rag.grounding.negation.opposites import ends_at
from rag.grounding.negation.sides import Side, focus_of, plain_elsewhere, toned
from rag.grounding.negation.tone import NEGATIVE_TONE, tone_at

_COPULAS = folded_words("يكن تكن يكونوا كان كانت be been being is was are were the a an any")
_TIMING = folded_words("until till before قبل حتى قبيل")


def _strong(operator: Operator, side: Side) -> bool:
    """Whether the word that a particle negates is known in the other text, and is no mere subject or time."""
    if operator.verb or operator.head not in side.partners:
        return False
    after = side.tokens[operator.at + 1].folded if operator.at + 1 < len(side.tokens) else ""
    if after in _COPULAS and side.tokens[operator.at].folded not in ("no", "not", "never"):
        return False
    return not any(token.folded in _TIMING for token in side.tokens[operator.at :])


def turned_round(side: Side, other: Side, besides: Sequence[Side], *, added: bool) -> Operator | None:
    """A negation of one side that the other does not have over the same words; `added` if the statement's.

    `besides` are the source's other sentences, each as the side opposite to the statement.
    """
    for operator in side.negations:
        focus = focus_of(operator, side)
        own = [one for one in side.partners.get(operator.at, ()) if operator.verb or _is_negation(other, one)]
        if not focus or any(other.negated(partner) % 2 == side.negated(operator.at) % 2 for partner in own):
            continue
        if any(one.at in operator.governed[:1] for one in side.negations) and _twice(operator, side, other):
            return operator
        same = any(
            other.negated(partner) % 2 == side.negated(at) % 2 or _is_negation(other, partner)
            for at in focus
            for partner in side.partners[at]
        )
        if same:
            continue
        if any(side.negated(at) and other.negated(partner) for at in focus for partner in side.partners[at]):
            return operator  # both negate, one of them twice
        if (
            _nearby(other, focus, side, operator)
            or _by_opposite(operator, side, other)
            or _compares(operator, side)
            or _both_possible(operator, focus, side, other)
        ):
            continue
        if added:
            clause = side.tokens[operator.at].clause
            named = {at for at, token in enumerate(side.tokens) if token.clause == clause} | set(operator.governed)
            about = [one for one in besides if _is_about(one, operator, named)]
            if any(_free(one, side, operator) for one in (other, *about)):
                continue
        elif _free(other, side, operator) or plain_elsewhere(focus, side, besides):
            continue
        if not _strong(operator, side):
            free = [one for one in other.negations if one.head not in other.partners or one.verb]
            if free or toned(other, operator) or (added and other.modals):
                continue
        return operator
    return None


_SHORT = 4
"""Words that a negation is over, at most, for its object alone to tell what is negated."""


def only_negated(statement: Side, source: Side, besides: Sequence[Side]) -> Operator | None:
    """A negation of the source whose object the statement has, of the same subject, with no word that says not.

    The verb is another, or the other language's: the mission was not funded by industry, industry paid for it.
    """
    if statement.negations or any(tone_at(statement.tokens, at, NEGATIVE_TONE) for at in range(len(statement.tokens))):
        return None
    for operator in source.negations:
        governed = operator.governed
        if operator.verb or not 1 <= len(governed) <= _SHORT or governed[-1] not in source.partners:
            continue
        token = source.tokens[operator.at]
        told = [
            at
            for at in source.partners
            if at not in governed
            and source.tokens[at].clause == token.clause
            and not is_saying(source.tokens[at].folded)
        ]
        known = [at for at in governed if at in source.partners]
        compared = any(
            token.folded in _COMPARING and token.folded != "before" for token in source.tokens[operator.at :]
        )
        apart = compared or any(source.negated(at) > 1 for at in known)
        if len(told) < 1 or apart or plain_elsewhere(known, source, besides):
            continue
        if any(one.at in told or set(one.governed) & set(known) for one in source.modals):
            continue
        return operator
    return None


def _twice(operator: Operator, side: Side, other: Side) -> bool:
    """Whether a doubled negation (did not rule out) is over words of which most are negated once in the other."""
    known = [at for at in operator.governed if at in side.partners]
    once = [at for at in known if any((other.negated(one) + side.negated(at)) % 2 for one in side.partners[at])]
    return 2 * len(once) > len(known) and any(other.negated(one) for at in once for one in side.partners[at])


_CLAUSES_APART = 2
_COMPARING = folded_words(
    """more higher greater larger lower exceed exceeded exceeding surpass surpassed match matched before such ever again
    يفوق تفوق أعلى أكثر أكبر أشد أقل تجاوز يتجاوز تتجاوز مثل مثيل مثيلا مسبوق سبق أفضل أقوى يضاهي"""
)


def _is_about(side: Side, operator: Operator, named: set[int]) -> bool:
    """Whether a sentence has something that the statement's negation is over, or two words of its clause."""
    over = set(operator.governed)
    return any(over & set(places) for places in side.partners.values()) or (
        sum(bool(named & set(places)) for places in side.partners.values()) >= 2
    )


def _compares(operator: Operator, side: Side) -> bool:
    """Whether a negation is over a comparison (no month was hotter): another way to say what is most."""
    return any(token.folded in _COMPARING for token in side.tokens[operator.at : operator.at + 14])


def _by_opposite(operator: Operator, side: Side, other: Side) -> bool:
    """Whether the other side says the same with the opposite word (not public, سري)."""
    ends = {} if operator.head is None else dict(ends_at(side.tokens, operator.head))
    return any(ends.get(axis) == -sign for at in range(len(other.tokens)) for axis, sign in ends_at(other.tokens, at))


def _both_possible(operator: Operator, focus: Sequence[int], side: Side, other: Side) -> bool:
    """Whether both only say what may be: what may be so may also not be."""
    here = {side.tokens[operator.at].clause}
    there = {other.tokens[partner].clause for at in focus for partner in side.partners[at]}
    return all(
        any(
            each.tokens[one.at].folded in MAYBE and abs(each.tokens[one.at].clause - clause) <= _CLAUSES_APART
            for one in each.modals
            for clause in clauses
        )
        for each, clauses in ((side, here), (other, there))
    )


def _free(side: Side, other: Side, operator: Operator) -> bool:
    """Whether a side negates, or doubts, something that no negation of the other but `operator` answers for."""
    for one in side.negations:
        answers = {partner for at in (one.at, *one.governed) for partner in side.partners.get(at, ())}
        rest = [theirs for theirs in other.negations if theirs.at != operator.at]
        if not any(theirs.at in answers or answers & set(theirs.governed) for theirs in rest):
            return True
    return toned(side, operator)


def _is_negation(side: Side, at: int) -> bool:
    return any(operator.at == at for operator in side.negations)


def _nearby(other: Side, focus: Sequence[int], side: Side, operator: Operator) -> bool:
    """Whether the other side has a negation of its own for this: with other words, or one of negative tone."""
    partners = {partner for at in focus for partner in side.partners[at]}
    clauses = {other.tokens[partner].clause for partner in partners}
    for one in other.negations:
        answered = [at for at in one.governed if at in other.partners]
        if other.tokens[one.at].clause in clauses and 2 * len(answered) < len(one.governed):
            return True
    return any(
        token.clause in clauses
        and tone_at(other.tokens, at, NEGATIVE_TONE)
        and not set(operator.governed) & set(other.partners.get(at, ()))
        for at, token in enumerate(other.tokens)
    )
