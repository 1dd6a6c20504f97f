"""Times counted from another: three weeks ago, two days later, the following month, قبل ذلك بيوم, اليوم التالي."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from rag.grounding.numbers.bounds import bound_of
from rag.grounding.numbers.small_numerals import Numeral
from rag.grounding.times.calendar_words import DAYS_IN
from rag.grounding.times.moment import Interval, Moment, days_of
from rag.grounding.tokens import Token, peeled

Read = tuple[int, int, Moment]
"""First token, the one after the last, and what they say."""
_FOLLOWING = frozenset("following next التالي التاليه".split())
_LATER, _EARLIER = frozenset(("later", "afterwards")), frozenset(("earlier", "beforehand"))
_SLACK = {"week": 1, "month": 3, "year": 183, "decade": 730}
"""Days by which a span that is said in such units may be off."""
_NEXT_UNITS = {
    "day": "day",
    "month": "month",
    "year": "year",
    "يوم": "day",
    "شهر": "month",
    "عام": "year",
    "سنه": "year",
}


class Scan(Protocol):
    """What reading relative times needs of the pass over a text."""

    stream: tuple[Token, ...]
    published: date | None
    found: list[Moment]
    numeral_at: dict[int, Numeral]

    def word_at(self, at: int) -> str:
        """The folded text of the token there, "" outside."""
        ...

    def add(self, first: int, last: int, moment: Moment) -> int:
        """Notes what tokens `first` to before `last` say, and gives `last`."""
        ...


def following_time(scan: Scan, at: int) -> Read | None:
    """The following month, the next day, اليوم التالي: counted from the time that stands before it in the text."""
    word, after = scan.word_at(at), scan.word_at(at + 1)
    if word.isascii():
        unit, told = after, word in _FOLLOWING and (word == "following" or after == "day")
    else:
        found = next((rest for _, rest in peeled(word) if rest in _NEXT_UNITS), "")
        unit, told = found, bool(found) and after in _FOLLOWING
    unit = _NEXT_UNITS.get(unit, "")
    anchor = _anchor(scan)
    if not told or not unit or anchor is None:
        return None
    first, last = anchor
    if unit == "day" and first == last:
        day = last + timedelta(1)
        return at, at + 2, Moment(year=day.year, month=day.month, day=day.day)
    if unit == "month" and (first.year, first.month) == (last.year, last.month):
        months = last.year * 12 + last.month
        return at, at + 2, Moment(year=months // 12, month=months % 12 + 1)
    if unit == "year" and first.year == last.year:
        return at, at + 2, Moment(year=last.year + 1)
    return None


def _anchor(scan: Scan) -> Interval | None:
    """The days of the last date before this place."""
    before = next((one for one in reversed(scan.found) if one.kind == "date"), None)
    return None if before is None else days_of(before, scan.published)


def ago(scan: Scan, first: int, last: int, count: float, unit: str) -> int:
    """Notes a duration, and the days that it points to where it is counted back from publication."""
    bound, close = bound_of(scan.stream, first, last)
    moment = Moment(kind="duration", count=count, unit=unit, bound=bound, close=close)
    back = scan.word_at(last) in ("ago", "earlier") or scan.word_at(first - 1) in ("قبل", "وقبل", "منذ", "ومنذ")
    days = count * DAYS_IN[unit]
    moved = _moved_from(scan, first, last)
    anchor = _anchor(scan) if moved else None
    if anchor is not None and days < 40_000:
        off = timedelta(_SLACK.get(unit, 0))
        try:
            begin, end = (one + timedelta(moved * round(days)) for one in anchor)
            return scan.add(first, last, replace(moment, within=(begin - off, end + off)))
        except OverflowError:
            pass
    if back and scan.published is not None and days < 365_000:
        slack = max(1.0, min(days * 0.3, DAYS_IN[unit] * 0.6) if unit != "year" else 200)
        try:
            around = scan.published - timedelta(days)
            moment = replace(moment, within=(around - timedelta(slack), min(around + timedelta(slack), scan.published)))
        except OverflowError:
            pass
    return scan.add(first, last, moment)


def _moved_from(scan: Scan, first: int, last: int) -> int:
    """1 where the duration is counted on from a time said before (two weeks later), -1 where back, else 0."""
    after, before = scan.word_at(last), scan.word_at(first - 1)
    if (
        after in _LATER
        or before in ("بعدها", "بعده")
        or (before == "ذلك" and scan.word_at(first - 2) in ("بعد", "وبعد"))
    ):
        return 1
    if (
        after in _EARLIER
        or before in ("قبلها", "قبله")
        or (before == "ذلك" and scan.word_at(first - 2) in ("قبل", "وقبل"))
    ):
        return -1
    return 0
