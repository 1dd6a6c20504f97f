"""Whether two values say the same: across languages, units of one family, and a coarser value with a finer one."""

from __future__ import annotations

from datetime import date
from math import floor, log10

from rag.answering.question.answer_type import Value
from rag.grounding.names.check import Name
from rag.grounding.names.source import bears_word, read
from rag.grounding.numbers.amount import borne_out
from rag.grounding.numbers.quantities import Quantity
from rag.grounding.numbers.units import family, in_family
from rag.grounding.times.moment import agree as moments_agree
from rag.grounding.times.moment import interval

_ROUNDED = 0.15
"""How far a rounded number may be from what it rounds, as a share of the larger."""
_ABOUT = 0.1
_FROM, _TO = frozenset(("over", "at least")), frozenset(("under", "at most"))
_BOUND = 1.2
"""A bound agrees with numbers up to so many times it: "more than 5 million" says no more about 20."""


def comparable(one: Value, other: Value) -> bool:
    """Whether the two could contradict each other: numbers with units of one family, dates of one calendar, names."""
    if one.quantity is not None and other.quantity is not None:
        a, b = one.quantity, other.quantity
        if family(a.unit) == "currency":
            return a.unit == b.unit
        return family(a.unit) == family(b.unit) and (a.unit == "percent") == (b.unit == "percent")
    if one.moment is not None and other.moment is not None:
        return interval(one.moment) is not None and interval(other.moment) is not None
    return one.name is not None and other.name is not None


def agree(one: Value, other: Value) -> bool:
    """Whether two comparable values can both be right, as far as they are precise."""
    if one.quantity is not None and other.quantity is not None:
        return _numbers_agree(one.quantity, other.quantity)
    if one.moment is not None and other.moment is not None:
        first, second = interval(one.moment), interval(other.moment)
        if first is None or second is None:
            return True
        return moments_agree(one.moment, other.moment, None, frozenset()) is not False or _overlap(first, second)
    return one.name is None or other.name is None or _names_agree(one.name, other.name)


def _overlap(first: tuple[date, date], second: tuple[date, date]) -> bool:
    return first[0] <= second[1] and second[0] <= first[1]


def _names_agree(one: Name, other: Name) -> bool:
    """Whether a word of one name stands in the other: people are named in part, with titles, in either script."""
    if not one.means.isdisjoint(other.means):
        return True
    first, second = read(one.text), read(other.text)
    return any(bears_word(second, token, loose=True) for token in first.tokens) or any(
        bears_word(first, token, loose=True) for token in second.tokens
    )


def _numbers_agree(one: Quantity, other: Quantity) -> bool:
    if borne_out(one, other) or borne_out(other, one):
        return True
    for a in _readings(one):
        for b in _readings(other):
            if _close(one, other, a, b) or _close(other, one, b, a):
                return True
    return False


def _readings(quantity: Quantity) -> list[float]:
    values = [quantity.value, *([quantity.also] if quantity.also is not None else [])]
    return [in_family(value, quantity.unit) for value in values]


def _close(rough: Quantity, exact: Quantity, value: float, other: float) -> bool:
    """Whether `value`, of `rough`, may stand for `other`."""
    if value == other:
        return True
    larger = max(abs(value), abs(other))
    difference = abs(value - other)
    if rough.bound in _FROM and value <= other <= _BOUND * value:
        return True
    if rough.bound in _TO and value / _BOUND <= other <= value:
        return True
    if "about" in (rough.bound, exact.bound) and difference <= _ABOUT * larger:
        return True
    return difference <= min(_last_place(value) / 2, _ROUNDED * larger)


def _last_place(value: float) -> float:
    """One unit of the last digit that is not zero: 100,000 for 3,500,000."""
    step: float = 10.0 ** floor(log10(abs(value)) + 1e-12) if value else 1.0
    while step > 1e-6 and abs(value / step - round(value / step)) > 1e-6:
        step /= 10
    return step
