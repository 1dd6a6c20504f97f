"""Values of a statement that its source does have, but for another thing than the one they are said of.

Each is weighed against the like values of the source: which words of the statement, which of its other values, and
what is counted, stand with the one and which with the other. The weights are fitted on pairs written by hand, where
each right value also stands for the wrong one that gives its neighbour's (`python -m evals.benchmarks.fit_misplaced`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import exp
from typing import NamedTuple

from rag.grounding.belonging import Layout, Nearness, nearness, word_of
from rag.grounding.findings import Source
from rag.grounding.numbers.amount import borne_out
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.numbers.units import family
from rag.grounding.times.moment import Moment, bears_out, precision
from rag.grounding.times.moments import moments

Value = Quantity | Moment
_MOST = 40
"""Sources with more values than this are read no further."""
_EXCHANGED = 0.25
"""How much it counts that each of two values in the other's place is said elsewhere."""
_FARTHEST = 100
"""How many times as large a number may be that is put in another's place."""
_LARGE = 1000
"""From this on a number without a unit may be money, beside other money."""
_SMALL = 20
"""From this on a number is not put in the place of "one"."""
ENOUGH = 0.68
"""Probability from which on a value counts as another's."""


class Evidence(NamedTuple):
    """What speaks for a rival of the source's value that the statement gives, each the rival's less that one's."""

    near: float
    """Words of the statement next to it, weighted by rarity."""
    clause: float
    """Words that stand in its clause and not in the other's."""
    behind: float
    """Words that stand in the other's clause and not in its own."""
    sentence: float
    """The same in its sentence, and before it."""
    share: float
    """The same as a share of all words of the statement that the source has."""
    company: float
    """Other values of the statement in its sentence."""
    beside: float
    """Other values of the statement in its clause."""
    counted: float
    """Whether it counts the same."""
    bound: float
    """Whether it has the same bound."""
    taken: float
    """1 where another value of the statement is the rival."""
    always: float = 1.0

    def probability(self, weights: Evidence) -> float:
        """How probable it is that the statement should have given the rival."""
        total = sum(value * weight for value, weight in zip(self, weights, strict=True))
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


WEIGHTS = Evidence(0.35, 0.22, -0.37, 0.32, 0.34, 1.21, 0.55, 0.11, 0.41, -2.12, -0.17)


class Reading:
    """The values of a statement and of its source, and which of these may be which of those."""

    def __init__(self, statement: str, source: Source) -> None:
        published = source.published
        self.said = values_of(statement, source)
        self.there = values_of(source.text, source)[:_MOST]
        self.mine = Layout(statement, [(one.start, one.end) for one in self.said])
        self.theirs = Layout(source.text, [(one.start, one.end) for one in self.there])
        years = frozenset(one.year for one in self.there if isinstance(one, Moment) and one.year is not None)
        verdicts: list[list[bool | None]] = []
        for one in self.said:
            row: list[bool | None] = []
            for other in self.there:
                if isinstance(one, Moment) and isinstance(other, Moment):
                    row.append(bears_out(one, other, published, years))
                elif isinstance(one, Quantity) and isinstance(other, Quantity):
                    row.append(borne_out(one, other))
                else:
                    row.append(None)
            verdicts.append(row)
        self._near: dict[int, tuple[dict[int, Nearness], float]] = {}
        self.matching = [self._as_fine(number, row) for number, row in enumerate(verdicts)]
        self.rivals = [
            [at for at, verdict in enumerate(row) if verdict is False and _alike(self.said[number], self.there[at])]
            for number, row in enumerate(verdicts)
        ]

    def _as_fine(self, number: int, row: Sequence[bool | None]) -> list[int]:
        """The places of the values that bear one out; those that are coarser only where there are no others."""
        found = [at for at, verdict in enumerate(row) if verdict]
        said = self.said[number]
        if isinstance(said, Quantity):
            return [at for at in found if self.there[at].value == said.value] or found  # type: ignore[union-attr]
        fine = [at for at in found if _fineness(self.there[at]) >= _fineness(said)]
        return fine or found

    def evidence(self, value: int, matching: Sequence[int], rival: int) -> Evidence:
        """What speaks for the source's value `rival`, and not one of `matching`, being the statement's `value`."""
        said = self.said[value]
        near, whole = self._nearness(value)
        close = near[rival].near - max(near[at].near for at in matching)
        lead = near[rival].sentence - max(near[at].sentence for at in matching)
        pairs = [
            (near[rival].clause[n], max(near[at].clause[n] for at in matching)) for n in range(len(near[rival].clause))
        ]
        ahead, behind = (sum(max(0.0, sign * (one - other)) for one, other in pairs) for sign in (1, -1))
        return Evidence(
            close / 2, min(3.0, ahead / 2), min(1.5, behind / 2), lead / 2, 3 * lead / (whole + 2),
            self._company(value, matching, rival, self.theirs.sentence),
            self._company(value, matching, rival, self.theirs.clause),
            _most([_counts(said, self.there[rival])]) - _most([_counts(said, self.there[at]) for at in matching]),
            _most([_bounded(said, self.there[rival])]) - _most([_bounded(said, self.there[at]) for at in matching]),
            float(any(rival in found for number, found in enumerate(self.matching) if number != value)),
        )  # fmt: skip

    def _nearness(self, value: int) -> tuple[dict[int, Nearness], float]:
        if value not in self._near:
            kind = [at for at, other in enumerate(self.there) if isinstance(other, type(self.said[value]))]
            self._near[value] = nearness(self.mine, value, self.theirs, kind)
        return self._near[value]

    def _company(self, value: int, matching: Sequence[int], rival: int, part: Sequence[int]) -> float:
        """How many more of the statement's other values stand with the rival in one part (sentence or clause)."""
        with_rival, with_it = {part[rival]}, {part[at] for at in matching}
        lead = 0
        for number, found in enumerate(self.matching):
            places = {part[at] for at in found if at != rival and at not in matching}
            if number != value and places:
                lead += bool(places & with_rival) - bool(places & with_it)
        return float(max(-2, min(2, lead)))

    def exchanged(self, value: int, rival: int) -> int | None:
        """The other value of the statement that is the rival, where this one's could be that one's."""
        for number, found in enumerate(self.matching):
            if number != value and rival in found and set(self.matching[value]) <= set(self.rivals[number]):
                return number
        return None


def values_of(text: str, source: Source) -> list[Value]:
    """The numbers, dates and durations of a text, ordinals left out."""
    counted = [one for one in quantities(text, "") if not one.ordinal]
    return [*counted, *moments(text, "", source.published)]


@lru_cache(64)
def misplaced(statement: str, source: Source) -> dict[tuple[int, int], Value]:
    """By the code points of the statement's values that are another thing's: what the source has in their place."""
    reading = Reading(statement, source)
    found: dict[tuple[int, int], Value] = {}
    for value, one in enumerate(reading.said):
        matching = reading.matching[value]
        if not matching or (isinstance(one, Quantity) and one.vague):
            continue
        chances = [(_chance(reading, value, rival), rival) for rival in reading.rivals[value]]
        if chances and max(chances)[0] >= ENOUGH:
            found[one.start, one.end] = reading.there[max(chances)[1]]
    return found


def _chance(reading: Reading, value: int, rival: int) -> float:
    evidence = reading.evidence(value, reading.matching[value], rival)
    other = reading.exchanged(value, rival)
    if other is not None:  # both in each other's place: what speaks for either
        back = max(
            (reading.evidence(other, [rival], at) for at in reading.matching[value]),
            key=lambda one: one.probability(WEIGHTS),
        )
        evidence = Evidence(*(one + two for one, two in zip(evidence, back, strict=True)))._replace(
            taken=_EXCHANGED, always=1.0
        )
    return evidence.probability(WEIGHTS)


def comparisons(reading: Reading) -> Iterator[tuple[int, int]]:
    """The statement's values that the source has, each with every value that could stand in its place."""
    for value, rivals in enumerate(reading.rivals):
        if reading.matching[value]:
            yield from ((value, rival) for rival in rivals)


def _alike(said: Value, other: Value) -> bool:
    if isinstance(said, Quantity) and isinstance(other, Quantity):
        bare = not other.unit and other.value >= _LARGE and family(said.unit) == "currency"
        same = bare or said.unit == other.unit or (said.unit and family(said.unit) == family(other.unit) != "currency")
        low, high = sorted((abs(said.value), abs(other.value)))
        return bool(same) and not other.vague and high <= _FARTHEST * low and (other.value > 1 or said.value < _SMALL)
    if isinstance(said, Moment) and isinstance(other, Moment):
        if said.kind != other.kind and said.is_day and other.is_day:
            return precision(said) == 7
        if said.kind != other.kind or said.calendar != other.calendar:
            return False
        mine, theirs = precision(said), precision(other)
        return said.kind != "date" or (theirs >= 3 and (mine <= theirs or min(mine, theirs) >= 5))
    return False


def _fineness(value: Value) -> int:
    return precision(value) if isinstance(value, Moment) and value.kind == "date" else 9


def _counts(said: Value, other: Value) -> bool:
    if not (isinstance(said, Quantity) and isinstance(other, Quantity)):
        return False
    mine, theirs = word_of(said.noun), word_of(other.noun)
    return mine is not None and theirs is not None and mine.answers(theirs)


def _bounded(said: Value, other: Value) -> bool:
    return said.bound != "exact" and said.bound == other.bound


def _most(found: Sequence[bool]) -> float:
    return float(any(found))
