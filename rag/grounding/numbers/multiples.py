"""Multiples that a statement puts in a word (doubled, halved, تضاعف) and Arabic duals, against their source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from rag.analysis import folded_words
from rag.grounding.belonging import Word, word_of
from rag.grounding.findings import Finding, Source
from rag.grounding.numbers.arithmetic import FACTOR_OF
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.tokens import Token, peeled, tokens

_SURE = folded_words(
    """doubled doubling halved halving tripled tripling trebled quadrupled quadrupling twofold threefold
    fourfold fivefold tenfold تضاعف تضاعفت يتضاعف تتضاعف"""
)
"""Words that say by how much something grew or shrank, and nothing else."""
_SLACK = 0.13
"""How far a multiple in a word may be from the one that the source's numbers give, as a share of it."""
_DUAL = ("تين", "تان")


def check_multiples(statement: str, source: Source) -> list[Finding]:
    """Multiples and duals of `statement` that the source's numbers gainsay; where it gives none, nothing is found."""
    found, there = tokens(source.text), quantities(source.text, source.language)
    findings = []
    for token in tokens(statement):
        written = statement[token.start : token.end]
        factor = next((FACTOR_OF[rest] for _, rest in peeled(token.text) if rest in _SURE), None)
        if (
            factor is not None
            and (said := list(_multiples(found, there)))
            and not any(_near(factor, one) for one in said)
        ):
            findings.append(Finding("number", written))
        elif token.text.endswith(_DUAL) and (other := _counted_otherwise(token, found, there)) is not None:
            findings.append(Finding("number", written, source.text[other.start : other.end]))
    return findings


def _near(factor: float, other: float) -> bool:
    return abs(factor - other) <= _SLACK * other or abs(factor - 1 / other) <= _SLACK / other


def _multiples(words: Sequence[Token], there: Sequence[Quantity]) -> Iterator[float]:
    """What the source says, or its like numbers give, as one number by another."""
    for token in words:
        yield from (FACTOR_OF[rest] for _, rest in peeled(token.text) if rest in FACTOR_OF)
    for one in there:
        if one.unit == "percent" and one.value > 0:
            yield from (1 + one.value / 100, one.value / 100, *((1 - one.value / 100,) if one.value < 100 else ()))
        elif one.unit == "times":
            yield one.value
    counted = [one for one in there if one.unit not in ("percent", "times") and one.value > 0 and not one.ordinal]
    yield from (other.value / one.value for one, other in combinations(counted, 2) if one.unit == other.unit)


def _counted_otherwise(dual: Token, words: Sequence[Token], there: Sequence[Quantity]) -> Quantity | None:
    """The number that the source has of what an Arabic dual says two of."""
    base = word_of(dual.text[:-3] + "ه")
    if base is None or any(
        token.text.endswith((*_DUAL, "تي", "تا")) and _same(base, token.text[:-3] + "ه") for token in words
    ):
        return None
    of_it = [one for one in there if not one.ordinal and not one.unit and one.noun and _same(base, one.noun)]
    wrong = [one for one in of_it if one.value >= 3 and not one.vague]
    return wrong[0] if wrong and len(wrong) == len(of_it) == 1 else None


def _same(base: Word, text: str) -> bool:
    other = word_of(text)
    return other is not None and other.answers(base)
