"""A statement and a sentence of its source as two sides: what is over the words of each, and which words answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.grounding.negation.modality import modals
from rag.grounding.negation.negations import negations
from rag.grounding.negation.operators import Level, Operator
from rag.grounding.negation.tone import STRONG_TONE, tone_at
from rag.grounding.wording import Bearing, Token


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence with what is over its words, and the words of the other side that answer to each of them."""

    text: str
    tokens: Sequence[Token]
    negations: Sequence[Operator]
    modals: Sequence[Operator]
    partners: Mapping[int, Sequence[int]]

    def negated(self, at: int) -> int:
        """How many negations are over a word."""
        return sum(at in operator.governed for operator in self.negations)

    def level(self, at: int) -> Level:
        """How far a word is from being done."""
        return min((operator.level for operator in self.modals if at in operator.governed), default=Level.DONE)

    def written(self, operator: Operator) -> str:
        """An operator up to the word it is over, as written."""
        last = max((operator.at, *operator.governed[:2]))
        return self.text[self.tokens[operator.at].start : self.tokens[last].end] or self.tokens[operator.at].folded


def sides_of(statement: str, tokens: Sequence[Token], bearing: Bearing) -> tuple[Side, Side]:
    """A statement and a sentence that it rests on."""
    there: dict[int, list[int]] = {}
    back: dict[int, list[int]] = {}
    for one, other in bearing.pairs:
        there.setdefault(one, []).append(other)
        back.setdefault(other, []).append(one)
    sentence = bearing.sentence
    return (
        Side(statement, tokens, negations(tokens), modals(tokens), there),
        Side(sentence.text, sentence.tokens, negations(sentence.tokens), modals(sentence.tokens), back),
    )


def toned(side: Side, operator: Operator) -> bool:
    """Whether a sentence has a word that says not, or that it is not so; not what `operator` of the other is over."""
    return any(
        tone_at(side.tokens, at, STRONG_TONE) and not set(operator.governed) & set(side.partners.get(at, ()))
        for at, token in enumerate(side.tokens)
    )


_FOCUS = 4
"""Words that a verb is over, its subject among them, of which one must be what it turns round."""


def focus_of(operator: Operator, side: Side, *, modal: bool = False) -> list[int]:
    """The words by which two sides' operators are compared; none where the other side has too few of them."""
    governed = operator.governed
    if not governed:
        return []
    if not operator.verb and governed[0] in side.partners:
        return [governed[0]]
    focus = list(governed[: _FOCUS + (governed[0] < operator.at) * 4] if operator.verb else governed)
    known = [at for at in focus if at in side.partners]
    if operator.verb:
        if 2 * len(known) >= len(focus) and (modal or focus[-1] in known):
            return known
        # A subject with its titles may be all of the first words: نفى وزير المالية محمد الجدعان وجود خطة.
        known = [at for at in governed if at in side.partners]
        enough = len(known) >= _FOCUS - 1 and 2 * len(known) >= len(governed) and governed[-1] in known
        return known if enough and not modal else []
    return known if len(known) >= 2 and 2 * len(known) >= len(focus) - modal else []


def plain_elsewhere(focus: Sequence[int], source: Side, besides: Sequence[Side]) -> bool:
    """Whether another sentence of the source has the statement's words of `focus` without negation and modal."""
    wanted = {partner for at in focus for partner in source.partners[at]}
    for one in besides:
        plain = {
            partner
            for at, places in one.partners.items()
            if not one.negated(at) and one.level(at) == Level.DONE
            for partner in places
        }
        if 5 * len(wanted & plain) >= 3 * len(wanted):
            return True
    return False
