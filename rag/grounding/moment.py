"""What a date, a time or a duration in a text says, and whether two of them say the same."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rag.grounding.calendar_words import DAYS_IN

Interval = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Moment:
    """A date (as far as it is said), a time of day or a duration, at code points `start` to `end` of its text.

    Of a date, what is not said is None: "15 March" has no year. `weekday` 0 is Monday; `part` is early, middle or late,
    q1 to q4 or h1, h2; `season` the first month of one; `decade_of_century` 80 is the eighties. A relative time has
    `key`, its words in English (last year), and, where publication is known, its fields or the days `within`
    which it is.
    A clock has the minutes after midnight or noon as `count`, a duration `count` times `unit`.
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
            return date(year, moment.month, 1), date(year, moment.month, last)
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
        return date(year, 1, 1), date(year, 12, 31)
    if moment.decade is not None and 1 <= moment.decade <= 9980:
        return date(moment.decade, 1, 1), date(moment.decade + 9, 12, 31)
    if moment.century is not None and 1 <= moment.century <= 98:
        first_year = 100 * (moment.century - 1)
        return date(max(first_year, 1), 1, 1), date(first_year + 100, 12, 31)
    return None


def _years_of(moment: Moment, published: date | None) -> set[int] | None:
    """The years that a date without one may mean, said near the day of publication."""
    if published is None or moment.month is None:
        return None
    this = published.year
    passed = (moment.month, moment.day or 1) <= (published.month, published.day)
    return {this, this + 1} if passed else {this - 1, this}


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
    if said.part and source.part and said.part != source.part and (said.year == source.year):
        return False
    for bare, full in ((said, source), (source, said)):
        if bare.decade_of_century is not None:
            decade = full.decade if full.decade is not None else full.year
            if full.decade_of_century is not None:
                return bare.decade_of_century == full.decade_of_century
            return None if decade is None else decade % 100 // 10 * 10 == bare.decade_of_century
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
            return True if both or full.month is None else None
        if bare.weekday is not None and full.weekday is None and full.within is not None and published is not None:
            first_day, last_day = full.within
            span = (last_day - first_day).days
            return span >= 6 or any((first_day + timedelta(n)).weekday() == bare.weekday for n in range(span + 1))
    if said.weekday is not None and source.weekday is None and full_date(source) is None:
        return None
    return True if both else None


def _weekday(moment: Moment) -> int | None:
    if moment.weekday is not None:
        return moment.weekday
    day = full_date(moment)
    return day.weekday() if day else None


def same_duration(one: Moment, other: Moment) -> bool:
    """Whether two durations are as long: 24 months are two years."""
    if one.unit == other.unit:
        return abs(one.count - other.count) < 1e-9
    first, second = one.count * DAYS_IN[one.unit], other.count * DAYS_IN[other.unit]
    return abs(first - second) <= 0.1 * max(first, second)
