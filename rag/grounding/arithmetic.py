"""Numbers that a source does not write but plainly gives: sums, differences and shares of two of its numbers.

A right statement may say 28 sites of 15 and 13, 15 per cent where the source has the other 85, or a third more.
Only single steps from two numbers count, so that a wrong number seldom comes out by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from rag.analysis import fold
from rag.grounding.moment import Moment, interval
from rag.grounding.quantities import Quantity
from rag.grounding.tokens import Token, peeled
from rag.grounding.units import conflict, family, in_family

_MOST = 24
"""Sources with more numbers than this give something by chance: then nothing is derived."""
_TWICE = frozenset(
    fold(word)
    for word in "double doubled doubling twice halved half halving ضعف ضعفا ضعفي تضاعف تضاعفت مضاعفة النصف نصف".split()
)
_EACH = frozenset(fold(word) for word in "each apiece per every لكل كل".split())


def derivable(said: Quantity, there: Sequence[Quantity], words: Sequence[Token]) -> bool:
    """Whether one step of arithmetic on the source's numbers gives the statement's."""
    numbers = [one for one in there if not one.vague and one.value > 0 and not one.ordinal]
    units = {one.unit for one in numbers if one.unit and one.unit != "percent"}
    if len(units) == 1 and said.unit and said.unit not in units:  # 1.4 kilograms and 1.6 are 200 grams apart
        numbers = [replace(one, unit=one.unit or next(iter(units))) for one in numbers]
    if said.vague or said.ordinal or said.value <= 0 or not 0 < len(numbers) <= _MOST:
        return False
    if said.unit == "percent":
        return any(_near(said, value) for value in _shares(numbers))
    return any(_near(said, value) for value in _amounts(said, numbers, words))


def _near(said: Quantity, value: float) -> bool:
    """Whether a result is the number said, as far as that is written."""
    if said.unit == "percent":
        slack = 2.0 if said.share or said.bound != "exact" else max(0.5 * said.step, 0.051)
    elif said.bound in ("over", "at least"):
        return said.value <= value <= 1.2 * said.value
    elif said.bound in ("under", "at most"):
        return 0.8 * said.value <= value <= said.value
    else:
        exact = 0.005 if said.step >= 1000 else 1e-6
        slack = 0.03 * said.value if said.bound == "about" else exact * said.value
    return abs(said.value - value) <= slack


def _shares(numbers: Sequence[Quantity]) -> Iterator[float]:
    """Per cents: the rest to a hundred, points between two, what one number is of another, how much more or less."""
    rates = [one.value for one in numbers if one.unit == "percent"]
    yield from (100 - rate for rate in rates if rate < 100)
    for one, other in combinations(rates, 2):
        yield from (one + other, abs(one - other))
    for first, second in combinations([one for one in numbers if one.unit != "percent"], 2):
        if not conflict(first.unit, second.unit):
            low, high = sorted((first.value, second.value))
            yield from (100 * low / high, 100 - 100 * low / high, 100 * high / low - 100)


def _amounts(said: Quantity, numbers: Sequence[Quantity], words: Sequence[Token]) -> Iterator[float]:
    """Amounts: sums and differences of like things, a per cent of a number and the rest, twice and half."""
    values = [(one, _in(one, said)) for one in numbers if one.unit != "percent" and _like(one, said)]
    rates = [one.value / 100 for one in numbers if one.unit == "percent" and one.value != 100]
    for (_, one), (_, other) in combinations(values, 2):
        yield from (one + other, abs(one - other))
    for _, value in values:
        for rate in rates:
            yield from (value * rate, value * (1 - rate), value * (1 + rate), value / rate, value / (1 + rate))
            if rate < 1:
                yield from (value / (1 - rate), value * (1 - rate) / rate)
    if any(rest in _TWICE for token in words if token.kind == "word" for _, rest in peeled(token.text)):
        for _, value in values:
            yield from (2 * value, value / 2)
    if any(token.text in _EACH for token in words):
        for one, other in combinations([one.value for one in numbers], 2):
            yield one * other


def _like(one: Quantity, said: Quantity) -> bool:
    if not one.unit or not said.unit:
        return True
    return family(one.unit) == family(said.unit) and not conflict(one.unit, said.unit)


def _in(one: Quantity, said: Quantity) -> float:
    """The value of `one` in the unit of `said`; a bare number is taken to be in it already."""
    if one.unit and said.unit and one.unit != said.unit:
        return in_family(one.value, one.unit) / in_family(1.0, said.unit)
    return one.value


def same_span(said: Moment, there: Sequence[Moment], days: float) -> bool:
    """Whether the time between two dates of the source is the duration said, to about half a unit, `days` long."""
    dates = [found for one in there if one.kind == "date" and (found := interval(one)) is not None]
    if len(dates) > _MOST:
        return False
    length = said.count * days
    for first, second in combinations(dates, 2):
        early, late = sorted((first, second))
        least, most = (late[0] - early[1]).days, (late[1] - early[0]).days
        if least - 0.6 * days <= length <= most + 0.6 * days and most - least <= max(800, 0.5 * length):
            return True
    return False


def same_year(said: int, there: Sequence[Moment]) -> bool:
    """Whether a year of the source with a duration in years added or taken off is the year said."""
    years = [one.year for one in there if one.year is not None and one.kind == "date"]
    spans = [one.count * (10 if one.unit == "decade" else 1) for one in there if one.unit in ("year", "decade")]
    return any(abs(year + sign * span - said) < 0.6 for year in years for span in spans for sign in (1, -1))
