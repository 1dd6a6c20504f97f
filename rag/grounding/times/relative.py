"""Times that count from the day of publication: yesterday, last December, العام الجاري."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from rag.grounding.times.calendar_words import SEASONS, SINGULAR_UNITS, SINGULARS, is_in
from rag.grounding.times.counted import Read, Scan, following_time
from rag.grounding.times.moment import Moment


def _direction(word: str, *, arabic: bool) -> int | None:
    """-1 for last, 0 for this, 1 for next; Arabic ones have the article."""
    if word.isascii() == arabic or (arabic and "ال" not in word[:4] and not word.startswith("لل")):
        return None
    for number, table in ((-1, "last"), (0, "this"), (1, "next")):
        if is_in(word, table):
            return number
    return None


_PARTS_OF_DAY = frozenset("صباح مساء ظهر عصر فجر ليل يوم بعد".split())
_WORDS = {-1: "last", 0: "this", 1: "next"}


def relative(scan: Scan, first: int, after: int, moment: Moment | None) -> Read | None:
    """The relative time at `first`, or the month or weekday `moment` from there to `after` with what makes it one."""
    if moment is None:
        return following_time(scan, first) or _day(scan, first) or _end(scan, first) or _unit(scan, first)
    if (moved := _direction(scan.word_at(first - 1), arabic=False)) is not None:
        return first - 1, after, _moved(scan.published, moment, moved, 13)
    here = after + (scan.word_at(after) in ("من", "of", "in", "في"))
    if (year := _unit(scan, here)) is not None and year[2].key.endswith("year"):
        return (
            first,
            year[1],
            replace(moment, year=year[2].year, key="" if year[2].year else f"m{moment.month} {year[2].key}"),
        )
    if (moved := _direction(scan.word_at(after), arabic=True)) is not None:
        return first, after + 1, _moved(scan.published, moment, moved, 7)
    return None


def _moved(published: date | None, moment: Moment, moved: int, reach: int) -> Moment:
    """Last, this or next December or Monday; a next one is at most `reach` days on."""
    if moment.month is not None:
        key = f"{_WORDS[moved]} m{moment.month}"
        if published is None:
            return replace(moment, key=key)
        passed = moment.month < published.month
        year = (
            published.year
            + {-1: 0 if passed else -1, 0: 0, 1: 1 if passed or moment.month == published.month else 0}[moved]
        )
        return replace(moment, year=year, key=key)
    key = f"{_WORDS[moved]} d{moment.weekday}"
    if published is None:
        return replace(moment, key=key)
    day = timedelta(1)
    spans = {-1: (published - 8 * day, published - day), 0: (published - 6 * day, published + 6 * day),
             1: (published, published + reach * day)}  # fmt: skip
    return replace(moment, within=spans[moved], key=key)


def _day(scan: Scan, at: int) -> Read | None:
    """Yesterday, أول من أمس, tomorrow, الليلة الماضية, today."""
    word, following = scan.word_at(at), scan.word_at(at + 1)
    if is_in(word, "yesterday"):
        back, first, last, before = 1, at, at + 1, scan.word_at(at - 1)
        if following in ("الاول", "الاولي"):
            back, last = 2, at + 2
        elif before in ("اول", "before") or (before == "من" and scan.word_at(at - 2) == "اول"):
            back = 2
        return _on(scan, first, last, -back, "yesterday" if back == 1 else "before yesterday")
    if is_in(word, "tomorrow") and (
        word in ("tomorrow", "غدا") or (word == "غد" and scan.word_at(at - 1).removeprefix("ال") in _PARTS_OF_DAY)
    ):
        return _on(scan, at, at + 1, 1, "tomorrow")
    if word == "last" and following == "night":
        return _on(scan, at, at + 2, -1, "yesterday")
    if is_in(word, "today"):
        if scan.word_at(at - 1) in ("في", "per") and not is_in(following, "weekday"):
            return None  # 150 tonnes a day
        if "ليل" in word and is_in(following, "last"):
            return _on(scan, at, at + 2, -1, "yesterday")
        if not word.isascii() and (
            (scan.numeral_at.get(at + 1) is not None and not is_in(following, "weekday"))
            or _direction(following, arabic=True) is not None
        ):
            return None  # اليوم الأول
        return _on(scan, at, at + 1, 0, "today")
    return None


def _on(scan: Scan, first: int, last: int, days: int, key: str) -> Read:
    if scan.published is None:
        return first, last, Moment(key=key)
    day = scan.published + timedelta(days)
    return first, last, Moment(year=day.year, month=day.month, day=day.day, key=key)


def _unit(scan: Scan, at: int) -> Read | None:
    """Last year, هذا الشهر, العام الجاري, the coming week, last summer."""
    word, following = scan.word_at(at), scan.word_at(at + 1)
    if not word:
        return None
    if word.isascii():
        moved = _direction(word, arabic=False)
        if moved is None:
            return None
        here = at + 1 + (following in ("past", "coming", "calendar", "current"))
        unit, last = scan.word_at(here), here + 1
    elif word in ("هذا", "هذه", "لهذا", "بهذا", "وهذا") and following.startswith("ال"):
        moved, unit, last = 0, following, at + 2
    else:
        moved, unit, last = _direction(following, arabic=True), word, at + 2
        if moved is None or ("ال" not in word[:4] and not word.startswith(("لل", "ولل"))):
            return None
    if season := is_in(unit, "season"):
        return at, last, _season(scan.published, SEASONS[season], moved)
    bare = next((name for name in (unit, unit[1:], unit[2:]) if name in SINGULARS), None)
    if bare is None and unit.startswith(("لل", "ولل")):
        bare = next((name for name in (unit.lstrip("و")[2:],) if name in SINGULARS), None)
    if bare is None:
        return None
    return at, last, _period(scan.published, SINGULAR_UNITS[SINGULARS[bare]], moved)


def _season(published: date | None, season: int, moved: int) -> Moment:
    key = f"{_WORDS[moved]} s{season}"
    if published is None:
        return Moment(season=season, key=key)
    year = published.year + (
        -1 if moved < 0 and published.month < season + 3 else 1 if moved > 0 and published.month >= season else 0
    )
    return Moment(season=season, year=year, key=key)


_ENDS = {"early": "early", "middle": "mid", "late": "end of"}
_PERIODS = {"month": "month", "year": "year", "شهر": "month", "عام": "year", "سنه": "year"}


def _end(scan: Scan, at: int) -> Read | None:
    """The end of the month, بداية العام: of the one in which the text was published."""
    word = scan.word_at(at)
    part = next((name for name in _ENDS if is_in(word, name)), None)
    if part is None or scan.published is None:
        return None
    here = at + 1 + (scan.word_at(at + 1) == "of")
    unit = scan.word_at(here + 1) if scan.word_at(here) == "the" else scan.word_at(here)
    last = here + 1 + (scan.word_at(here) == "the")
    bare = unit.removeprefix("ال") if not unit.isascii() else unit
    definite = unit != bare or scan.word_at(here) == "the"
    if not definite or bare not in _PERIODS or scan.word_at(last) in ("of", "من"):
        return None
    if _direction(scan.word_at(last), arabic=True) is not None or scan.numeral_at.get(last) is not None:
        return None
    month = scan.published.month if _PERIODS[bare] == "month" else None
    key = f"{_ENDS[part]} this {_PERIODS[bare]}"
    return at, last, Moment(year=scan.published.year, month=month, part=part, key=key)


def _period(published: date | None, unit: str, moved: int) -> Moment:
    key = f"{_WORDS[moved]} {unit}"
    if published is None:
        return Moment(key=key)
    if unit == "year":
        return Moment(year=published.year + moved, key=key)
    if unit == "month":
        months = published.year * 12 + published.month - 1 + moved
        return Moment(year=months // 12, month=months % 12 + 1, key=key)
    if unit == "week":
        monday = published - timedelta(published.weekday())
        spans = {-1: (monday - timedelta(8), published - timedelta(1)),
                 0: (monday - timedelta(1), monday + timedelta(6)),
                 1: (published + timedelta(1), monday + timedelta(14))}  # fmt: skip
        return Moment(within=spans[moved], key=key)
    if unit == "decade":
        return Moment(decade=published.year // 10 * 10 + 10 * moved, key=key)
    return Moment(century=published.year // 100 + 1 + moved, key=key)
