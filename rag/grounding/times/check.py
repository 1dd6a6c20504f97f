"""Whether a source bears out the dates, times and durations of a statement, each for the event that it is said of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from rag.grounding.findings import Finding, Source
from rag.grounding.misplaced import misplaced
from rag.grounding.nearby import keys
from rag.grounding.numbers.amount import borne_out
from rag.grounding.numbers.quantities import quantities
from rag.grounding.times.arithmetic import derived_date, same_span
from rag.grounding.times.moment import Moment, bears_out, days_of, full_date, precision
from rag.grounding.times.moments import moments
from rag.grounding.times.roles import opposite, role_of, turned_events
from rag.grounding.tokens import tokens

Verdicts = Sequence[bool | None]
_LEAP = 2000
_WIDE = frozenset(("today",))
"""Words that as often mean nowadays: they bear out, and need no bearing out."""


def check_times(statement: str, language: str, source: Source) -> list[Finding]:
    """The dates, times and durations of `statement` that the source does not have, or has for another event."""
    said = moments(statement, language, source.published)
    findings = [Finding("date", statement[start:end]) for start, end in turned_events(statement, source.text)]
    if not said:
        return findings
    there = moments(source.text, source.language, source.published)
    elsewhere = misplaced(statement, source)
    years = frozenset(one.year for one in there if one.year is not None)
    for moment in said:
        if moment.key in _WIDE:
            continue
        verdicts = [bears_out(moment, other, source.published, years) for other in there]
        fault = elsewhere.get((moment.start, moment.end)) or _fault(moment, verdicts, there, statement, source)
        if fault is not None:
            instead = source.text[fault.start : fault.end] if fault is not True else ""
            findings.append(Finding("date", statement[moment.start : moment.end], instead))
    return findings


def _fault(
    said: Moment, verdicts: Verdicts, there: Sequence[Moment], statement: str, source: Source
) -> Moment | Literal[True] | None:
    """What the source has instead of a moment (True: nothing plain); None where it bears it out.

    `verdicts` say of each moment of the source whether it is this one.
    """
    written = said.day is not None and said.month is not None and said.calendar == "gregorian"
    if written and full_date(replace(said, year=said.year or _LEAP)) is None:  # 31 June
        return True
    years = [one.year for one in there if one.year is not None]
    matching = [number for number, verdict in enumerate(verdicts) if verdict]
    rivals = [number for number, verdict in enumerate(verdicts) if verdict is False]
    if matching:
        finer = _finer(said, [there[n] for n in matching], [there[n] for n in rivals])
        if finer is not None:
            return finer
        return _turned(said, [there[n] for n in matching], there, statement, source)
    if said.kind == "duration":
        rival = any(there[number].kind == "duration" and there[number].unit == said.unit for number in rivals)
        if any(
            not (rival and one.noun and keys(one.noun))
            and abs(one.value - said.count) < 1e-9
            and not one.unit
            and not one.ordinal
            for one in quantities(source.text, source.language)
        ):
            return None
        if same_span(said, there, source.published) or _quarter(said, source):
            return None
        if said.within is not None and source.published is None:
            return None
        alike = [there[number] for number in rivals if _alike(said, there[number])]
        return alike[0] if len(alike) == 1 else True
    if said.kind == "date" and derived_date(said, there, source.published):
        return None
    if said.calendar == "hijri" and not rivals:
        return None
    named = [there[n] for n in rivals if said.kind == "date" and _named_otherwise(said, there[n])]
    if None in verdicts and (said.key or not rivals) and not named and not _year_of_its_own(said, there, source):
        return None
    nearer = [
        number for number in rivals if precision(there[number]) >= precision(said) and there[number].kind == "date"
    ]
    if (
        said.kind == "date"
        and not nearer
        and not years
        and source.published is not None
        and _on(said, source.published)
    ):
        return None
    if said.kind == "date" and said.year is not None and precision(said) == 3 and _written(said.year, source.text):
        return None
    if said.kind == "date" and _compared(said, there, statement, source):
        return None
    alike = [there[number] for number in rivals if _alike(said, there[number])]
    return alike[0] if len(alike) == 1 else True


def _turned(
    said: Moment, matching: Sequence[Moment], there: Sequence[Moment], statement: str, source: Source
) -> Moment | Literal[True] | None:
    """What is wrong where the source has the moment, but after it for before it, or as what something moves from."""
    fine = [one for one in matching if precision(one) >= precision(said)] or matching
    role, roles = role_of(statement, said.start), [role_of(source.text, one.start) for one in fine]
    if not role or not all(opposite(role, other) for other in roles):
        return None
    if role in ("before", "after"):
        return True
    following = [one for one in there if one.start > fine[-1].end and one.kind == said.kind]
    return following[0] if role == "to" and following else None


def _compared(said: Moment, there: Sequence[Moment], statement: str, source: Source) -> bool:
    """Whether the date is the period before one of the source: the year that it compares with, or the time before it.

    Sales doubled to 6,300 in 2024: they were 3,150 in 2023. By the end of August: before September.
    """
    published = source.published
    mine = days_of(said, published)
    if mine is None:
        return False
    others = [days for one in there if one.kind == "date" and (days := days_of(one, published)) is not None]
    if role_of(statement, said.start) == "before" and said.part != "late":
        return any(timedelta(0) < mine[0] - days[1] <= timedelta(31) for days in others)
    if precision(said) != 3 or said.year is None:
        return False
    computed = any(
        not any(borne_out(one, other) for other in quantities(source.text, ""))
        for one in quantities(statement, "")
        if not one.ordinal
    )
    return computed and any(one.year == said.year + 1 for one in there)


def _named_otherwise(said: Moment, other: Moment) -> bool:
    """Whether the source names another day of the week, or another season, in the place of the one that is said."""
    if said.weekday is not None:
        return said.day is None and other.weekday is not None and other.weekday != said.weekday
    return said.season is not None and other.season is not None and other.season != said.season


def _year_of_its_own(said: Moment, there: Sequence[Moment], source: Source) -> bool:
    """Whether a bare year is written nowhere in the source, and is neither that of publication nor beside it."""
    if said.kind != "date" or said.year is None or precision(said) != 3 or said.key or said.part:
        return False
    near = source.published is None or abs(said.year - source.published.year) <= 1
    return not near and not _written(said.year, source.text) and all(one.kind == "date" for one in there)


def _alike(said: Moment, other: Moment) -> bool:
    """Whether two moments are of the same kind, so that one may stand in place of the other."""
    return said.kind == other.kind and said.calendar == other.calendar and (
        said.kind != "date" or precision(said) == precision(other)
    )  # fmt: skip


def _finer(said: Moment, matching: Sequence[Moment], rivals: Sequence[Moment]) -> Moment | None:
    """The source's day where the statement names another, and agrees only with a month or a year of it."""
    if said.kind != "date" or any(precision(one) >= precision(said) for one in matching):
        return None
    for other in rivals:
        if (said.month, said.year) != (None, None) and _other_year(said, other):
            return other
        same_year = said.year is None or other.year is None or said.year == other.year
        if same_year and precision(other) >= precision(said) and other.kind == "date":
            return other
    return None


def _other_year(said: Moment, other: Moment) -> bool:
    """Whether the source has the month that is said, in another year: December 2016 for December 2010."""
    return (
        other.kind == "date"
        and said.month is not None
        and said.month == other.month
        and None not in (said.year, other.year)
        and said.year != other.year
    )


def _on(said: Moment, day: date) -> bool:
    return all(
        one is None or one == other
        for one, other in (
            (said.year, day.year), (said.month, day.month), (said.day, day.day), (said.weekday, day.weekday()),
        )
    ) and (precision(said) in (3, 5, 7) or full_date(said) == day)  # fmt: skip


def _quarter(said: Moment, source: Source) -> bool:
    """Whether a quarter of the source is the three months of the statement, or a half the six."""
    parts = {3.0: ("quarter", "الربع", "ربع"), 6.0: ("half", "النصف", "نصف")}.get(said.count, ())
    return said.unit == "month" and any(token.text in parts for token in tokens(source.text))


def _written(year: int, text: str) -> bool:
    return any(token.kind == "number" and token.value == year for token in tokens(text))
