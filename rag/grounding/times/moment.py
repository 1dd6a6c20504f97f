"""What a date, a time or a duration in a text says, and whether two of them say the same."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from rag.grounding.numbers.bounds import Bound, Bounded, admits
from rag.grounding.times.calendar_words import DAYS_IN

Interval = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Moment:
    """A date (as far as it is said), a time of day or a duration, at code points `start` to `end` of its text.

    Of a date, what is not said is None: "15 March" has no year. `weekday` 0 is Monday; `part` is early, middle or late,
    q1 to q4 or h1, h2; `season` the first month of one; `decade_of_century` 80 is the eighties. A relative time has
    `key`, its words in English (last year), and, where publication is known, its fields or the days `within`
    which it is.
    A clock has the minutes after midnight or noon as `count`, a duration `count` times `unit`, with the
    `bound` that words around it make of it (less than three weeks), a near one where it is `close`.
    """

    start: int = 0
    end: int = 0
    kind: Literal["date", "clock", "duration"] = "date"
    calendar: Literal["gregorian", "hijri"] = "gregorian"
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    part: str = ""
    season: int | None = None
    decade: int | None = None
    decade_of_century: int | None = None
    century: int | None = None
    within: Interval | None = None
    key: str = ""
    count: float = 0.0
    unit: str = ""
    bound: Bound = "exact"
    close: bool = False

    @property
    def is_day(self) -> bool:
        """Whether this points to a day: as a date does, or a duration that is counted from one (a day earlier)."""
        return self.kind == "date" or (self.within is not None and (self.within[1] - self.within[0]).days == 0)


_PART_OF_MONTH = {"h1": (1, 16), "h2": (15, 31), "early": (1, 12), "middle": (8, 23), "late": (18, 31)}
"""The days that a part of a month may mean."""
_WEEK = 6
"""Days from publication within which a bare weekday lies."""
_NEAR_MONTHS = 8
"""Months from publication within which a bare month lies."""
_PART_OF_YEAR = {"early": (1, 6), "middle": (4, 9), "late": (7, 12)}
"""The months that a part of a year may mean."""


def full_date(moment: Moment) -> date | None:
    """The day of a moment that says day, month and year."""
    if moment.year is None or moment.month is None or moment.day is None or moment.calendar == "hijri":
        return None
    try:
        return date(moment.year, moment.month, moment.day)
    except ValueError:
        return None


def precision(moment: Moment) -> int:
    """0 unknown, 1 century, 2 decade, 3 year, 4 part of a year, 5 month, 6 week, 7 day."""
    if moment.day is not None or moment.weekday is not None:
        return 7
    if moment.month is not None:
        return 5
    if moment.season is not None or moment.part[:1] in ("q", "h"):
        return 4
    if moment.year is not None:
        return 3
    if moment.decade is not None or moment.decade_of_century is not None:
        return 2
    if moment.century is not None:
        return 1
    if moment.within is not None:
        days = (moment.within[1] - moment.within[0]).days
        return 7 if days <= 2 else 6 if days <= 21 else 5 if days <= 60 else 3 if days <= 800 else 2
    return 0


def interval(moment: Moment) -> Interval | None:
    """The first and the last day that a moment may mean; None where its year is unknown."""
    if moment.calendar == "hijri" or moment.kind == "clock":
        return None
    if moment.within is not None:
        return moment.within
    year = moment.year
    if year is not None and 1 <= year <= 9998:
        if moment.month is not None:
            last = calendar.monthrange(year, moment.month)[1]
            if moment.day is not None:
                day = min(moment.day, last)
                return date(year, moment.month, day), date(year, moment.month, day)
            begin, end = _PART_OF_MONTH.get(moment.part, (1, last))
            return date(year, moment.month, begin), date(year, moment.month, min(end, last))
        if moment.season is not None:
            first = date(year - (moment.season == 12), moment.season, 1)
            return first, first + timedelta(92)
        if moment.part[:1] == "q":
            first = date(year, 3 * int(moment.part[1]) - 2, 1)
            return first, first + timedelta(91)
        if moment.part[:1] == "h":
            return (
                (date(year, 1, 1), date(year, 6, 30)) if moment.part == "h1" else (date(year, 7, 1), date(year, 12, 31))
            )
        first_month, last_month = _PART_OF_YEAR.get(moment.part, (1, 12))
        return date(year, first_month, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])
    if moment.decade is not None and 1 <= moment.decade <= 9980:
        return date(moment.decade, 1, 1), date(moment.decade + 9, 12, 31)
    if moment.century is not None and 1 <= moment.century <= 98:
        first_year = 100 * (moment.century - 1)
        return date(max(first_year, 1), 1, 1), date(first_year + 100, 12, 31)
    return None


def days_of(moment: Moment, published: date | None) -> Interval | None:
    """The first and the last day that a date means in a text published then: a weekday is one of the week about it."""
    if moment.weekday is not None and moment.within is None and moment.year is None and published is not None:
        day = published - timedelta((published.weekday() - moment.weekday) % 7)
        return day, day
    if moment.within is not None and moment.weekday is not None:
        first, last = moment.within
        spans = [first + timedelta(n) for n in range((last - first).days + 1)]
        fitting = [day for day in spans if day.weekday() == moment.weekday]
        return (fitting[-1 if moment.key.startswith("last") else 0],) * 2 if fitting else moment.within
    if moment.year is None and moment.month is not None and published is not None:
        return interval(replace(moment, year=published.year))
    return interval(moment)


def _years_of(moment: Moment, published: date | None) -> set[int] | None:
    """The years that a date without one may mean, said near the day of publication."""
    if published is None or moment.month is None:
        return None
    months = published.year * 12 + published.month - 1
    nearby = range(published.year - 1, published.year + 2)
    return {year for year in nearby if abs(year * 12 + moment.month - 1 - months) <= _NEAR_MONTHS}


def agree(said: Moment, source: Moment, published: date | None, years: frozenset[int]) -> bool | None:
    """Whether two dates say the same at the coarser of both precisions; None where that cannot be told.

    `years` are those that the source names: a date without a year may mean any of them.
    """
    if said.calendar != source.calendar:
        return None
    both = False
    for one, other in (
        (said.year, source.year), (said.month, source.month), (said.day, source.day), (said.season, source.season),
        (_weekday(said), _weekday(source)),
    ):  # fmt: skip
        if one is not None and other is not None:
            if one != other:
                return False
            both = True
    if said.calendar == "hijri":
        return both or None
    if _another_week(said, source, published) or _another_week(source, said, published):
        return False
    if said.part and source.part and (said.year == source.year):
        if said.part != source.part:
            return False
        both = both or (said.part[:1] in ("q", "h") and said.year is None)
    for bare, full in ((said, source), (source, said)):
        if bare.decade_of_century is not None:
            decade = full.decade if full.decade is not None else full.year
            if full.decade_of_century is not None:
                return bare.decade_of_century == full.decade_of_century
            return None if decade is None else decade % 100 // 10 * 10 == bare.decade_of_century
    if said.century is not None and source.century is not None:
        return said.century == source.century
    first, second = interval(said), interval(source)
    if first is not None and second is not None:
        return first[0] <= second[1] and second[0] <= first[1]
    if said.key and said.key == source.key:
        return True
    for bare, full in ((said, source), (source, said)):
        if bare.year is None and bare.month is not None and full.year is not None:
            possible = _years_of(bare, published)
            if possible is not None and full.year not in possible | years:
                return False
            if possible is None and full.month is None:
                return full.year in years or None
            return True if both or full.month is None else None
        if bare.weekday is not None and full.weekday is None and full.within is not None and published is not None:
            first_day, last_day = full.within
            span = (last_day - first_day).days
            return span >= 6 or any((first_day + timedelta(n)).weekday() == bare.weekday for n in range(span + 1))
    for bare, full in ((said, source), (source, said)):
        if full.day is not None and full.month is not None and full.year is None and bare.weekday is not None:
            possible = _years_of(full, published)
            if bare.month is not None or not possible:
                continue
            days = [found for year in possible if (found := full_date(replace(full, year=year))) is not None]
            return any(day.weekday() == bare.weekday for day in days)
    if said.weekday is not None and source.weekday is None and full_date(source) is None:
        return None
    return True if both else None


def _another_week(bare: Moment, full: Moment, published: date | None) -> bool:
    """Whether a weekday without a date, which news says of the days about its publication, is another week's."""
    day = full_date(full if full.year or not published else replace(full, year=published.year))
    if day is None or published is None or bare.weekday is None or bare.within is not None or full_date(bare):
        return False
    return bare.month is None and abs((day - published).days) > _WEEK


def _weekday(moment: Moment) -> int | None:
    if moment.weekday is not None:
        return moment.weekday
    day = full_date(moment)
    return day.weekday() if day else None


def same_duration(said: Moment, source: Moment) -> bool:
    """Whether a source's duration bears out one that is said: 17 days are less than three weeks."""
    if said.unit == source.unit and abs(said.count - source.count) < 1e-9:
        return True
    first, second = said.count * DAYS_IN[said.unit], source.count * DAYS_IN[source.unit]
    if said.bound not in ("exact", "about"):
        return admits(Bounded(said.bound, said.close), said.count, second / DAYS_IN[said.unit])
    if said.unit == source.unit:
        return said.bound == "about" and abs(first - second) <= 0.1 * second
    return abs(first - second) <= 0.1 * max(first, second)


def bears_out(said: Moment, other: Moment, published: date | None, years: frozenset[int]) -> bool | None:
    """Whether the source's moment is the statement's; None where they cannot be compared."""
    if said.kind == "clock" or other.kind == "clock":
        return said.count == other.count if said.kind == other.kind else None
    if said.kind == "duration" and other.kind == "duration":
        if same_duration(said, other):
            return True
        overlap = said.within and other.within and said.unit != other.unit and agree(
            replace(said, kind="date"), replace(other, kind="date"), published, years
        )  # fmt: skip
        return bool(overlap)
    if "duration" in (said.kind, other.kind):
        if (said.kind == "duration" and said.within is None) or (other.kind == "duration" and other.within is None):
            return None
        found = agree(said, other, published, years)
        return found if said.is_day and other.is_day else found or None
    return agree(said, other, published, years)
