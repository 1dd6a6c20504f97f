"""Whether a sentence is of the time that a question names: what was trained in 2022 is no answer for 2023.

Silence is not another time: a sentence without a date may be of any, and the year often stands in the sentence before
it, in a heading, or is that of the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from rag.answering.question.answer_type import Asked, values_of
from rag.grounding.numbers.quantities import quantities
from rag.grounding.numbers.units import family, unit_of
from rag.grounding.times.moment import Interval, Moment, days_of, interval
from rag.grounding.times.moments import moments
from rag.grounding.times.roles import role_of
from rag.grounding.tokens import peeled, tokens

_SINCE = frozenset("since منذ".split())
_BY = frozenset("by بحلول".split())
_COMPARED = frozenset("from compared versus against مقارنه بالمقارنه".split())
"""Before what something is compared with, number or no number: up from 3 million in 2021; of "than", the date alone."""
_KINDS = frozenset(
    """the a of with to in year month beginning start middle end early mid late
    عام العام سنه السنه شهر في مع ب مطلع بدايه اوايل اوائل منتصف اواخر نهايه""".split()
)
"""Words that may stand between such a word and a date."""
_THROUGH = frozenset("and to through till until - – — و الي حتي".split())
_SCALES = frozenset("thousand million billion الف الاف مليون ملايين مليار مليارات".split())
_THROUGH_MOST = 3
"""Tokens between the two ends of a range of dates, at most."""
_REPORTED = timedelta(366)
"""How long after something news may tell of it without saying when it was."""


def times_of(question: str, asked: Asked | None) -> tuple[Interval, ...]:
    """The times for which `question` wants a number or a name; none where it names none, or asks for one."""
    if asked is None or asked.kind == "date":
        return ()
    return tuple(_extents(question, None)[0])


def of_another_time(
    text: str,
    published: date | None,
    times: Sequence[Interval],
    asked: Asked,
    above: str = "",
    beside: Sequence[str] = (),
) -> bool:
    """Whether a sentence gives what is asked for, and for other times than `times` alone.

    `above` are its heading and its document's title, `beside` its neighbours: one of them with such a number of its own
    tells nothing of when this one was.
    """
    mine, told = _extents(text, published)
    if not mine or not told or _meet(mine, times) or _has_year(text, times):
        return False
    if asked.kind == "number":
        counted = [one for one in quantities(text, "") if not one.ordinal and not one.vague]
        if asked.family:
            counted = [one for one in counted if family(one.unit) == asked.family]
        if not counted:
            return False
        # Of two numbers and one date, the other number is perhaps of the day of publication.
        if len(counted) > len(mine) and of_time("", published, times):
            return False
        beside = [one for one in beside if not values_of(one, "", published, asked)]
    return not any(of_time(one, None, times) for one in (above, *beside))


def of_time(text: str, published: date | None, times: Sequence[Interval], reported: timedelta = _REPORTED) -> bool:
    """Whether `text`, or the day on which it was published, is of one of `times`; it may report on as long before."""
    if published is not None and _meet([(published - reported, published)], times):
        return True
    return _meet(_extents(text, published)[0], times) or _has_year(text, times)


def never(text: str, published: date | None, times: Sequence[Interval]) -> bool:
    """Whether a text that tells its times tells of none of `times`."""
    mine, told = _extents(text, published)
    return bool(mine) and told and not of_time(text, published, times)


def _has_year(text: str, times: Sequence[Interval]) -> bool:
    """Whether a number of `text` may be the year of one of `times`: the 2010 drought."""
    years = {first.year for first, last in times if first.year == last.year}
    return any(one.kind == "number" and one.value in years for one in tokens(text))


def _meet(mine: Sequence[Interval], times: Sequence[Interval]) -> bool:
    return any(one[0] <= other[1] and other[0] <= one[1] for one in mine for other in times)


def extents(text: str, published: date | None, *, finer: bool = False) -> list[Interval]:
    """The times that a text is of, as far as they are known; with `finer` without those that are years or longer."""
    found = _extents(text, published)[0]
    return [one for one in found if not finer or _finer(one)]


def _finer(days: Interval) -> bool:
    """Whether a time is not a whole year, or years."""
    first, last = days
    open_ended = first == date.min or last == date.max
    return (
        not (first.month == first.day == 1 and (last.month, last.day) == (12, 31))
        if open_ended
        else (last - first < timedelta(360))
    )


def _extents(text: str, published: date | None) -> tuple[list[Interval], bool]:
    """The times that a text is of, and whether they are known of each of its dates."""
    dated = [one for one in moments(text, "", published) if one.kind == "date"]
    ranges = [(one, other) for one, other in pairwise(dated) if _is_range(text[one.end : other.start])]
    ends = frozenset(one for both in ranges for one in both)
    days = [(one, days_of(one, published)) for one in dated if one in ends or not _compared(text, one)]
    known = {one: _open(text, one, found) for one, found in days if found is not None}
    through = [
        (known[one][0], known[other][1])
        for one, other in ranges
        if one in known and other in known and known[one][0] <= known[other][1]
    ]
    return [*known.values(), *through], len(known) == len(days)


def _open(text: str, moment: Moment, days: Interval) -> Interval:
    """The days of a date with what the word before it makes of them: since, before, by."""
    role, before = role_of(text, moment.start), _words_before(text, moment.start)
    if role == "after" or not _SINCE.isdisjoint(before):
        return days[0], date.max
    if role == "before" and interval(moment) is not None:
        return date.min, days[0] - timedelta(1)
    if role == "to" or not _BY.isdisjoint(before):
        return date.min, days[1]
    return days


def _compared(text: str, moment: Moment) -> bool:
    """Whether a date is that of what something is compared with."""
    before = tokens(text[: moment.start])
    at, numbers = len(before) - 1, False
    while at >= 0 and (before[at].kind == "number" or _is_kind(before[at].text) or _measures(before[at].text)):
        numbers = numbers or before[at].kind == "number"
        at -= 1
    return at >= 0 and (before[at].text in _COMPARED or (before[at].text == "than" and not numbers))


def _is_kind(word: str) -> bool:
    return any(rest in _KINDS for _, rest in peeled(word))


def _measures(word: str) -> bool:
    return word in _SCALES or unit_of(word, after_digits=True) is not None


def _words_before(text: str, start: int) -> list[str]:
    """The word before a date, other than those that name its kind (عام)."""
    return [one.text for one in tokens(text[:start]) if not _is_kind(one.text)][-1:]


def _is_range(between: str) -> bool:
    words = [one.text for one in tokens(between) if not _is_kind(one.text)]
    return len(words) <= _THROUGH_MOST and all(word.strip() in _THROUGH for word in words)
