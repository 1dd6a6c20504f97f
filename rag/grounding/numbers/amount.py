"""Whether one quantity bears out another: in value, as far as it is written, in bound and in unit."""

from __future__ import annotations

from rag.grounding.numbers.bounds import LOWER, UPPER, Bounded, admits, last_place
from rag.grounding.numbers.quantities import Quantity
from rag.grounding.numbers.units import conflict, family, in_family

_FAIR = 0.06
"""How far a fair rounding may be from the number that it rounds, as a share of it."""


def borne_out(said: Quantity, there: Quantity) -> bool:
    """Whether one quantity of a source bears out one of a statement, in value, bound and unit."""
    if conflict(said.unit, there.unit) or (said.unit == "percent") != (there.unit == "percent"):
        return False
    ours, theirs = [said.value], [there.value]
    ours += [said.also] if said.also is not None else []
    theirs += [there.also] if there.also is not None else []
    if family(said.unit) == family(there.unit) and said.unit != there.unit and family(said.unit) != "currency":
        ours = [in_family(value, said.unit) for value in ours]
        theirs = [in_family(value, there.unit) for value in theirs]
        if any(abs(a - b) <= 0.01 * b for a in ours for b in theirs):
            return True
    return any(_same(said, there, a, b) for a in ours for b in theirs)


def _same(said: Quantity, there: Quantity, value: float, other: float) -> bool:
    opposite = {said.bound, there.bound} & UPPER and {said.bound, there.bound} & LOWER
    if opposite and (abs(value - other) <= 0.02 * other or not (said.close or there.close)):
        return False
    if abs(value - other) <= 1e-9 * max(abs(value), abs(other)):
        return said.vague == there.vague or said.vague
    if said.vague:
        if value == 4:  # a few
            return 3 <= other <= 10
        return value <= other < 100 * value and (not there.vague or {value, other} <= {10.0, 12.0})
    if there.vague or value <= 0 or other <= 0:
        return False
    bounded = Bounded(said.bound, said.close)
    if said.share or there.share:
        if said.bound in UPPER | LOWER and there.bound == "exact":
            return admits(bounded, round(value), other)  # a third is 33 per cent
        rough = said.bound != "exact" or there.bound != "exact"
        return abs(value - other) <= (3 if rough else 1.5 if said.share else 0.7)
    step = last_place(value)
    if said.bound in LOWER and said.step == 12:  # more than a dozen are less than two
        return value < other < value + 12
    if said.bound in LOWER | UPPER:
        side = LOWER if said.bound in LOWER else UPPER
        if there.bound in side and abs(value - other) > step:
            return False  # "up to 57" is another bound than "up to 75", though it keeps within it
        return admits(bounded, value, other)
    close = abs(value - other) <= _FAIR * other
    if said.bound == "about":
        return close and abs(value - other) <= max(step, said.step) / 2 + 1e-9 * other
    # 3.5 million for 3,480,000: a magnitude in words says that the rest was left out
    return close and said.step >= 1000 and there.step < said.step and abs(value - other) <= said.step / 2 and (
        abs(value - other) <= 0.02 * other
    )  # fmt: skip
