"""Dates and durations that a source does not write but plainly gives: the time between two dates, a date so much on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations

from rag.grounding.numbers.bounds import Bounded, admits
from rag.grounding.times.calendar_words import DAYS_IN
from rag.grounding.times.moment import Interval, Moment, days_of

_MOST = 24
"""Sources with more dates or durations than this give something by chance: then nothing is derived."""
_LONG = frozenset(("month", "year", "decade"))
_DATED = frozenset(("day", "week", "month", "year", "decade"))


def same_span(said: Moment, there: Sequence[Moment], published: date | None) -> bool:
    """Whether the time between two dates of the source is the duration said, to about half a unit.

    One of the dates may itself be a duration off: meant to take four years from March 2016, finished in 2023.
    """
    dates = [found for one in there if one.kind == "date" and (found := days_of(one, published)) is not None]
    if len(dates) > _MOST:
        return False
    spans = [one for one in there if one.kind == "duration" and one.count > 0 and one.unit in _LONG]
    moved = [found for one in dates for span in spans if (found := _shifted(one, span, 1)) is not None]
    return any(_as_long(said, one, other) for one, other in combinations(dates, 2)) or any(
        said.unit in _LONG and _as_long(said, one, other) for one in dates for other in moved[: 2 * _MOST]
    )


def _as_long(said: Moment, first: Interval, second: Interval) -> bool:
    unit = DAYS_IN[said.unit]
    length = said.count * unit
    early, late = sorted((first, second))
    least, most = (late[0] - early[1]).days, (late[1] - early[0]).days
    if most - least > max(800, 0.5 * length):
        return False
    if said.bound not in ("exact", "about"):
        bounded = Bounded(said.bound, said.close)
        return any(admits(bounded, said.count, days / unit) for days in (least, (least + most) / 2, most))
    return least - 0.6 * unit <= length <= most + 0.6 * unit


def _shifted(days: Interval, span: Moment, sign: int) -> Interval | None:
    """Days moved on or back by a duration: by months and years to the same day, by less exactly."""
    months = {"month": 1, "year": 12, "decade": 120}.get(span.unit)
    try:
        if months is None:
            step = timedelta(sign * round(span.count * DAYS_IN[span.unit]))
            return days[0] + step, days[1] + step
        first, last = (_months_on(day, sign * round(span.count * months)) for day in days)
        return first, last
    except (OverflowError, ValueError):
        return None


def _months_on(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def derived_date(said: Moment, there: Sequence[Moment], published: date | None) -> bool:
    """Whether a date of the source with a duration of the source added or taken off is the date said.

    "Less than a month after" gives no date.
    """
    dates = [found for one in there if one.kind == "date" and (found := days_of(one, published)) is not None]
    spans = [
        one
        for one in there
        if one.kind == "duration"
        and one.count > 0
        and one.unit in _DATED
        and one.bound in ("exact", "about")
        and (one.unit != "day" or one.count != 1 or one.within is not None)  # a strike of one day
    ]
    if len(dates) > _MOST or len(spans) > _MOST:
        return False
    mine = days_of(said, published)
    if said.month is None and said.year is not None:  # three weeks on from a date make no year
        spans = [one for one in spans if one.unit in ("year", "decade") or (one.unit == "month" and one.count >= 6)]
    elif said.day is None and said.weekday is None:
        spans = [one for one in spans if one.unit in _LONG]
    for days in dates:
        for span in spans:
            for sign in (1, -1):
                moved = _shifted(days, span, sign)
                if moved is None:
                    continue
                if said.weekday is not None and said.year is None:
                    if moved[0] == moved[1] and moved[0].weekday() == said.weekday:
                        return True
                elif (
                    mine is not None
                    and mine[0] <= moved[1]
                    and moved[0] <= mine[1]
                    and moved[1] - moved[0] <= mine[1] - mine[0] + timedelta(3)
                ):
                    return True
    return False
