"""How far done a statement says something is, against a sentence that it rests on: surer than that, or less sure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import folded_words
from rag.grounding.negation.operators import Level, Operator
from rag.grounding.negation.sides import Side, focus_of, plain_elsewhere
from rag.grounding.wording import Token, same_language_stem

_HEDGES = folded_words(
    """suspect suspects suspected hint hints hinted willing willingness ready readiness chance chances conditional
    depend
    depends depended hinge hinges allowed permitted entitled able doubt doubts doubted questioned
    يشتبه تشتبه اشتباه استعداد استعداده استعدادها مستعد مستعدة يحق مسموح مسموحا يسمح شأن شأنه شأنها بشرط رهن مرهون شريطة
    يعتقد تعتقد شكك يشكك شككت تلويح حال"""
)
"""Words with which a statement says what may be so, without any of the modals."""


def _hedged(side: Side) -> bool:
    """Whether a statement says in some other way that something may be, or is allowed."""
    return any(token.folded.removeprefix("و") in _HEDGES for token in side.tokens)


def made_sure(statement: Side, source: Side, besides: Sequence[Side]) -> Operator | None:
    """A modal of the source over words that the statement has as done, or as surer."""
    hedged = _hedged(statement)
    for operator in source.modals:
        if hedged and operator.level == Level.POSSIBLE:
            continue
        focus = focus_of(operator, source, modal=True)
        partners = [partner for at in focus for partner in source.partners[at]]
        if not focus or any(statement.negated(partner) for partner in partners) or any(map(source.negated, focus)):
            continue
        if plain_elsewhere(focus, source, besides):
            continue
        clauses = {statement.tokens[partner].clause for partner in partners}
        itself = operator.head == operator.at  # سيفتتح: the future's س is in the verb
        if itself and operator.at not in source.partners:
            continue
        if not itself and any(statement.tokens[one].clause in clauses for one in source.partners.get(operator.at, ())):
            continue
        bound = [max(statement.level(partner) for partner in source.partners[at]) > source.level(at) for at in focus]
        if all(bound) and not any(_surer_elsewhere(source, at) for at in focus):
            verb_first = operator.verb and not source.tokens[operator.at].folded.isascii()  # its subject comes next
            known = operator.head in source.partners or (verb_first and len(focus) >= 2)
            near = [one.level for one in statement.modals if not known or statement.tokens[one.at].clause in clauses]
            said = min(near, default=Level.DONE)
            if said > operator.level and not (operator.level == Level.POSSIBLE and said == Level.PLANNED):
                return operator
    return None


def _surer_elsewhere(source: Side, at: int) -> bool:
    """Whether the same word stands in the sentence without a modal too."""
    stem = source.tokens[at].stem
    return any(
        token.stem == stem and source.level(place) > source.level(at) for place, token in enumerate(source.tokens)
    )


def made_unsure(statement: Side, source: Side) -> Operator | None:
    """A modal of the statement over a verb that the source has as done, and no modal in the source's sentence."""
    if source.modals:
        return None
    for operator in statement.modals:
        head = operator.head
        if operator.verb and not (operator.level == Level.COMING or operator.level == Level.PLANNED):
            continue
        if (
            head is None
            or head not in statement.partners
            or (head != operator.at and operator.at in statement.partners)
        ):
            continue
        if statement.negated(head) or any(one.at == operator.at + 1 for one in statement.negations):
            continue  # would not: refused
        if all(_past(source.tokens[partner]) for partner in statement.partners[head]):
            return operator
    return None


def _past(token: Token) -> bool:
    word = token.folded
    if word.isascii():
        return word.endswith("ed") or (same_language_stem(word) != token.stem and token.stem != word)
    return word[0] not in "يتنس" and not word.startswith("ال")
