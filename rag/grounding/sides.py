"""A statement and a sentence of its source as two sides: what is over the words of each, and which words answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.grounding.polarity import STRONG_TONE, Level, Operator, modals, negations, tone_at
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
