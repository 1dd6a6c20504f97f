"""Whether a statement turns its source round: negates what is so, or says as done what is possible or planned.

The negations, modals, opposites and quantities of a statement and of the sentences it rests on are compared where they
are over the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.findings import Finding, Source
from rag.grounding.negation.factuality import made_sure, made_unsure
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposing import miscounted, opposed, opposed_by_number, opposed_by_subject
from rag.grounding.negation.opposites import ends_at, with_verb
from rag.grounding.negation.reversals import only_negated, turned_round
from rag.grounding.negation.sides import Side, sides_of
from rag.grounding.wording import Bearing, Token, bearings, read, resting, word_for_word

LEAST_SHARE = 0.28
"""Of the statement's words in a sentence, for it to be what the statement rests on; half of it across languages."""


def check_negation(statement: str, language: str, source: Source) -> list[Finding]:
    """What `statement` negates, or has as done, surer, opposite or other in quantity, and its source has not."""
    tokens = read(statement)
    found = bearings(tokens, language, source.text, source.language)
    least = LEAST_SHARE if language == source.language else LEAST_SHARE / 2
    if not found or found[0].share < least or word_for_word(statement, source.text):
        return []
    rested = resting(found)
    for bearing in (*rested, *_of_operators(tokens, found, rested)):
        here, there = sides_of(statement, tokens, bearing)
        besides = [sides_of(statement, tokens, one)[1] for one in found if one is not bearing]
        if finding := _compared(statement, here, there, besides):
            return [finding]
    return []


def _of_operators(tokens: Sequence[Token], found: Sequence[Bearing], rested: Sequence[Bearing]) -> list[Bearing]:
    """The sentences that alone have what the statement negates."""
    had = {one for bearing in rested for one, _ in bearing.pairs}
    heads = {operator.head for operator in negations(tokens)} - had
    return [bearing for bearing in found if bearing not in rested and any(one in heads for one, _ in bearing.pairs)][:1]


def _compared(statement: str, here: Side, there: Side, besides: Sequence[Side]) -> Finding | None:
    """What a statement turns round of one sentence of its source, `besides` being the others."""
    if _noncommittal(here) and _noncommittal(there):
        return None
    if added := turned_round(here, there, besides, added=True):
        return Finding("negation", here.written(added))
    if left_out := turned_round(there, here, besides, added=False):
        return Finding("negation", statement.strip(), there.written(left_out))
    if unsaid := only_negated(here, there, besides):
        return Finding("negation", statement.strip(), there.written(unsaid))
    if places := (opposed(here, there, besides) or opposed_by_subject(here, there) or opposed_by_number(here, there)):
        return Finding("negation", _phrase(here, places[0]), _phrase(there, places[1]))
    if unsure := made_sure(here, there, besides):
        return Finding("negation", statement.strip(), there.written(unsure))
    if sure := made_unsure(here, there):
        return Finding("negation", here.written(sure))
    if counted := miscounted(here, there):
        return Finding("negation", _phrase(here, counted[0]), _phrase(there, counted[1]))
    return None


def _noncommittal(side: Side) -> bool:
    """Whether a sentence says that something is neither confirmed nor denied."""
    signs = {
        end.sign
        for at, token in enumerate(side.tokens)
        if token.content and any(at in one.governed for one in side.negations)
        for end in ends_at(side.tokens, at)
        if end.axis == "confirm"
    }
    return len(signs) > 1


def _phrase(side: Side, at: int) -> str:
    """Three words or so from a word on, from its verb on where it is a particle: voted against the plan."""
    last = at
    while last < min(len(side.tokens) - 1, at + 2) and side.tokens[last + 1].stem:  # no comma or stop
        last += 1
    return side.text[side.tokens[with_verb(side.tokens, at)].start : side.tokens[last].end]
