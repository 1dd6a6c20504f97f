"""Whether a source bears out the quantities of a statement: value, unit, bound, and what it counts."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from rag.grounding.arithmetic import derivable
from rag.grounding.findings import Finding, Source
from rag.grounding.moment import Moment
from rag.grounding.moments import moments
from rag.grounding.nearby import Around, keys, surroundings
from rag.grounding.quantities import Quantity, quantities
from rag.grounding.tokens import tokens
from rag.grounding.units import conflict, family, in_family

__all__ = ["Quantity", "borne_out", "check_numbers", "quantities"]

_FAIR = 0.06
"""How far a fair rounding may be from the number that it rounds, as a share of it."""
_UPPER, _LOWER = frozenset(("under", "at most")), frozenset(("over", "at least"))
_DUALS = ("تين", "تان", "ين", "ان", "تي", "تا")


def check_numbers(statement: str, language: str, source: Source) -> list[Finding]:
    """The quantities of `statement` that the source does not have, has in another unit, or has for another thing."""
    said = quantities(statement, language)
    if not said:
        return []
    there = quantities(source.text, source.language)
    around_said = surroundings(statement, [(one.start, one.end) for one in said])
    around_there = surroundings(source.text, [(one.start, one.end) for one in there])
    findings = []
    for quantity, around in zip(said, around_said, strict=True):
        fault = _fault(quantity, around, there, around_there, source)
        if fault is not None:
            instead = source.text[fault.start : fault.end] if isinstance(fault, Quantity) else ""
            findings.append(Finding("number", statement[quantity.start : quantity.end], instead))
    return findings


def borne_out(said: Quantity, there: Quantity) -> bool:
    """Whether one quantity of a source bears out one of a statement, in value, bound and unit."""
    if conflict(said.unit, there.unit) or (said.unit == "percent") != (there.unit == "percent"):
        return False
    if {said.bound, there.bound} & _UPPER and {said.bound, there.bound} & _LOWER:
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
    if abs(value - other) <= 1e-9 * max(abs(value), abs(other)):
        return said.vague == there.vague or said.vague
    if said.vague:
        if value == 4:  # a few
            return 3 <= other <= 10
        return value <= other < 100 * value and (not there.vague or {value, other} <= {10.0, 12.0})
    if there.vague or value <= 0 or other <= 0:
        return False
    if said.share or there.share:
        return abs(value - other) <= (1.5 if said.bound == "exact" and there.bound == "exact" else 4)
    step = _last_place(value)
    if said.bound in _LOWER:
        return value < other <= max(value + step, 1.2 * value)
    if said.bound in _UPPER:
        return min(value - step, 0.8 * value) <= other < value
    close = abs(value - other) <= _FAIR * other
    if said.bound == "about":
        return close and abs(value - other) <= max(step, said.step) / 2 + 1e-9 * other
    # 3.5 million for 3,480,000: a magnitude in words says that the rest was left out
    return close and said.step >= 1000 and there.step < said.step and abs(value - other) <= said.step / 2 and (
        abs(value - other) <= 0.02 * other
    )  # fmt: skip


def _last_place(value: float) -> float:
    """One unit of the last digit that is not zero: 100,000 for 3,500,000."""
    if value <= 0:
        return 1.0
    step: float = 10.0 ** floor(log10(value) + 1e-12)
    while step > 1e-6 and abs(value / step - round(value / step)) > 1e-6:
        step /= 10
    return step


def _fault(
    said: Quantity, around: Around, there: Sequence[Quantity], around_there: Sequence[Around], source: Source
) -> Quantity | bool | None:
    """What the source has instead of a quantity (True: nothing plain); None where it bears it out."""
    matching = [number for number, other in enumerate(there) if borne_out(said, other)]
    rivals = [
        number for number, other in enumerate(there)
        if number not in matching and (other.unit == said.unit or not (other.unit and said.unit))
        and other.ordinal == said.ordinal
    ]  # fmt: skip
    common = [number for number in rivals if _same_noun(said, there[number])]
    if matching:
        alike = [
            (there[n], around_there[n]) for n in rivals if (there[n].unit == "percent") == (said.unit == "percent")
        ]
        return _swapped(said, around, [around_there[n] for n in matching], alike)
    if said.ordinal and said.value == 1:
        return there[common[0]] if common else None
    small = said.value in (1, 2) and not said.unit
    if small and not common and _said_without_number(said, source):
        return None
    if not said.unit and _plain_number_there(said, source):
        return None
    if derivable(said, there, tokens(source.text)):
        return None
    if len(common) == 1:
        return there[common[0]]
    same_unit = [number for number in rivals if said.unit and there[number].unit == said.unit]
    return there[same_unit[0]] if len(same_unit) == 1 else True


def _same_noun(said: Quantity, other: Quantity) -> bool:
    return bool(said.noun and other.noun) and not keys(said.noun).isdisjoint(keys(other.noun))


def _swapped(
    said: Quantity, around: Around, matching: Sequence[Around], rivals: Sequence[tuple[Quantity, Around]]
) -> Quantity | None:
    """The number that the source has for what the statement counts, where it has the statement's for other things."""
    if any(not one.words for one in matching):
        return None
    own = [word for one in matching for word in one.words]
    for other, theirs in rivals:
        near = Around(around.nearest)
        if near.shared(Around(theirs.nearest), own) and not any(around.shared(one, theirs.words) for one in matching):
            return other
    return None


def _plain_number_there(said: Quantity, source: Source) -> bool:
    """Whether the number stands in the source as an age, a year or the like: read as a time there, and not here."""
    if any(one.count == said.value and one.kind == "duration" for one in _times(source)):
        return True
    return said.value >= 1000 and any(one.year == said.value for one in _times(source))


def _times(source: Source) -> list[Moment]:
    return moments(source.text, source.language, source.published)


def _said_without_number(said: Quantity, source: Source) -> bool:
    """Whether one or two of something may be meant by a bare noun: جنديين are two soldiers, "a soldier" is one."""
    if said.value == 1:
        return True
    duals = [token.text for token in tokens(source.text) if token.kind == "word" and token.text.endswith(_DUALS)]
    noun = keys(said.noun) if said.noun else frozenset()
    for word in duals:
        for ending in _DUALS:
            base = word[: -len(ending)]
            if (
                word.endswith(ending)
                and len(base) >= 2
                and (not noun or not noun.isdisjoint(keys(base) | keys(base + "ه")))
            ):
                return True
    return False
