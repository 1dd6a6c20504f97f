"""Numbers that a source does not write but plainly gives: sums, differences and shares of two of its numbers.

A right statement may say 28 sites of 15 and 13, 15 per cent where the source has the other 85, or a third more.
Only single steps from two numbers count, so that a wrong number seldom comes out by chance.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from rag.analysis import fold, folded_words
from rag.grounding.numbers.bounds import LOWER, UPPER, Bounded, admits, last_place
from rag.grounding.numbers.quantities import Quantity
from rag.grounding.numbers.units import conflict, family, in_family
from rag.grounding.tokens import Token, peeled

_MOST = 24
"""Sources with more numbers than this give something by chance: then nothing is derived."""
_FACTORS: dict[float, str] = {
    0.5: "halve halved halves halving نصف النصف",
    2: """double doubled doubles doubling twice twofold ضعف ضعفا ضعفي ضعفها ضعفه ضعفين الضعف تضاعف تضاعفت يتضاعف تتضاعف
        ضاعف ضاعفت يضاعف تضاعفا مضاعفة مضاعفا""",
    3: "triple tripled triples tripling treble trebled threefold thrice",
    4: "quadruple quadrupled quadrupling fourfold",
    5: "quintupled fivefold",
    10: "tenfold",
}
"""What words make of the number that they are said of."""
FACTOR_OF = {fold(word): factor for factor, words in _FACTORS.items() for word in words.split()}
_LEAST = 0.01
"""What is added or taken off is at least this share of the other number."""
_COUNTED = 12
"""Numbers up to this may be counted and not written."""
_LONGEST_MEMBER = 4
"""Words of a list's member, at most."""
_ONES = frozenset("واحد واحده one".split())
_SENTENCE_ENDS = frozenset(".!?؟")
_EACH = folded_words("each apiece per every لكل كل")


def derivable(said: Quantity, there: Sequence[Quantity], words: Sequence[Token], *, counted: bool) -> bool:
    """Whether one step of arithmetic on the source's numbers, or counting, where `counted`, gives the statement's."""
    numbers = [one for one in there if not one.vague and one.value > 0 and not one.ordinal]
    units = {one.unit for one in numbers if one.unit and one.unit != "percent"}
    if len(units) == 1 and said.unit and said.unit not in units:  # 1.4 kilograms and 1.6 are 200 grams apart
        numbers = [replace(one, unit=one.unit or next(iter(units))) for one in numbers]
    if said.vague or said.ordinal or said.value <= 0 or len(numbers) > _MOST:
        return False
    if counted and not said.unit and said.value <= _COUNTED and _counted(said, there, words):
        return True
    factors = {
        FACTOR_OF[rest]
        for token in words
        if token.kind == "word"
        for _, rest in peeled(token.text)
        if rest in FACTOR_OF
    } | {one.value for one in numbers if one.unit == "times"}
    if said.unit == "times":
        return any(_near(said, value) for value in (*factors, *_ratios(numbers)))
    if said.unit == "percent":
        turned = {100 * abs(factor - 1) for factor in factors} | {100 * factor for factor in factors if factor < 1}
        plain = replace(said, bound="exact")  # the rest of "41%" is no "more than half"
        return any(_near(said, value) for value in (*turned, *_parts(numbers))) or any(
            _near(plain, value) for value in _rests(numbers)
        )
    return any(_near(said, value, slack) for value, slack in _amounts(said, numbers, words, factors))


def _near(said: Quantity, value: float, unsure: float = 0.0) -> bool:
    """Whether a result, known to within `unsure`, is the number said, as far as that is written."""
    bounded = Bounded(said.bound, said.close)
    if said.bound in UPPER | LOWER:
        # What comes out by chance is seldom as near as a digit, and a bound alone would let much of it pass.
        near = [value + shift for shift in (-unsure, 0.0, unsure)]
        return any(admits(bounded, said.value, one) and abs(one - said.value) <= last_place(said.value) for one in near)
    if said.unit == "percent":
        slack = 2.0 if said.share or said.bound != "exact" else max(0.5 * said.step, 0.051)
    elif said.unit == "times":
        slack = 0.06 * said.value
    elif said.bound == "about":
        slack = max(0.03 * said.value, min(0.1 * said.value, unsure))
    else:
        slack = (0.005 if said.step >= 1000 else 1e-6) * said.value
    return abs(said.value - value) <= slack


def _ratios(numbers: Sequence[Quantity]) -> Iterator[float]:
    """How many times one number is another."""
    for one, other in combinations([one for one in numbers if one.unit != "times"], 2):
        if one.unit == other.unit:
            yield max(one.value, other.value) / min(one.value, other.value)


def _counted(said: Quantity, there: Sequence[Quantity], words: Sequence[Token]) -> bool:
    """Whether what a source lists, or its small numbers and duals, make the number: two golds and a silver."""
    small = [
        one.value for one in there if 0 < one.value <= _COUNTED and not one.unit and not one.ordinal and not one.vague
    ]
    duals = sum(token.kind == "word" and _is_dual(token.text) for token in words)
    ones = sum(token.kind == "word" and any(rest in _ONES for _, rest in peeled(token.text)) for token in words)
    parts = small + [2.0] * min(duals, 3) + [1.0] * min(ones, 3)
    if duals and any(sum(some) == said.value for size in (2, 3) for some in combinations(parts, size)):
        return True
    return not small and said.value in _listed(words)


def _is_dual(word: str) -> bool:
    return word.endswith(("تين", "تان"))


def _listed(words: Sequence[Token]) -> set[float]:
    """How many things are named one after the other with commas and an "and", in each list of three or more."""
    found: set[float] = set()
    members, since = 1, 0
    for token in words:
        text = token.text
        since += token.kind == "word"
        if text in (",", "،"):  # of a long clause the last words are the first member
            members, since = members + 1 if since <= _LONGEST_MEMBER else 2, 0
        elif text == "and" or (not text.isascii() and text.startswith("و") and len(text) > 2):
            members = members if since <= _LONGEST_MEMBER else 1
            found.add(members + 1.0)
            members, since = (members if text != "and" else 0) + 1, 0
        elif text in (".", ";", "؛", ":", "!", "?", "؟", ",", "،"):
            members, since = 1, 0
    return {count for count in found if count >= 3}


def _rests(numbers: Sequence[Quantity]) -> Iterator[float]:
    """Per cents from per cents: the rest to a hundred, sums, points between two."""
    rates = [one.value for one in numbers if one.unit == "percent"]
    yield from (100 - rate for rate in rates if rate < 100)
    for one, other in combinations(rates, 2):
        yield from (one + other, abs(one - other))
        if one + other < 100:
            yield 100 - one - other


def _parts(numbers: Sequence[Quantity]) -> Iterator[float]:
    """Per cents from numbers: what one is of another, how much more or less it is."""
    for first, second in combinations([one for one in numbers if one.unit not in ("percent", "times")], 2):
        if not conflict(first.unit, second.unit):
            low, high = sorted((first.value, second.value))
            yield from (100 * low / high, 100 - 100 * low / high, 100 * high / low - 100)


def _amounts(
    said: Quantity, numbers: Sequence[Quantity], words: Sequence[Token], factors: set[float]
) -> Iterator[tuple[float, float]]:
    """Amounts: sums and differences of like things, a per cent of a number and the rest, twice and half.

    Each with how far off it may be, because the numbers that it comes from are rounded.
    """
    values = [(one, _in(one, said)) for one in numbers if one.unit not in ("percent", "times") and _like(one, said)]
    rates = [one for one in numbers if one.unit == "percent" and one.value != 100]
    ends = [token.start for token in words if token.text in _SENTENCE_ENDS]
    for (first, one), (second, other) in combinations(values, 2):
        if min(one, other) < _LEAST * max(one, other) or 1 in (one, other):
            continue
        unsure = (first.step + second.step) / 2 if first.step >= 1000 else 0.0
        yield from ((one + other, unsure), (abs(one - other), unsure))
    for amount, value in values:
        for percent in rates:
            if bisect_left(ends, percent.start) != bisect_left(ends, amount.start):
                continue
            rate = percent.value / 100
            results = [value * rate, value * (1 - rate), value * (1 + rate), value / rate, value / (1 + rate)]
            if rate < 1:
                results += [value / (1 - rate), value * (1 - rate) / rate]
            yield from ((result, 0.0) for result in results)
        for factor in factors:
            yield from ((value * factor, 0.0), (value / factor, 0.0))
    if any(token.text in _EACH for token in words):
        for one, other in combinations([one.value for one in numbers], 2):
            yield one * other, 0.0


def _like(one: Quantity, said: Quantity) -> bool:
    if not one.unit or not said.unit:
        return True
    return family(one.unit) == family(said.unit) and not conflict(one.unit, said.unit)


def _in(one: Quantity, said: Quantity) -> float:
    """The value of `one` in the unit of `said`; a bare number is taken to be in it already."""
    if one.unit and said.unit and one.unit != said.unit:
        return in_family(one.value, one.unit) / in_family(1.0, said.unit)
    return one.value
