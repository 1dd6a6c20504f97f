"""Dates, times and durations in running text, Arabic and English; relative ones count from the day of publication."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from rag.grounding.numbers.bounds import LOWER, UPPER, bound_of
from rag.grounding.numbers.units import percent_hundred, unit_of
from rag.grounding.times.calendar_words import (
    DECADES,
    DUALS,
    NO_DUALS,
    SEASONS,
    UNITS,
    WEEKDAYS,
    is_in,
    prefix_and,
)
from rag.grounding.times.counted import ago
from rag.grounding.times.dates import DASHES, EARLIEST, LATEST, DateScan
from rag.grounding.times.moment import Moment
from rag.grounding.times.relative import relative
from rag.grounding.tokens import tokens

_NOT_COUNTED = frozenset(
    """and or but the a an in on at of to for by from with as that which who was were is are had has have when while
    after before until since during about than he she it they its his her their this these those there
    about around nearly almost more less some at up only then will would has also
    نحو حوالي قرابه زهاء اكثر اقل الا لم لن لا قد سوف ما كان كانت
    في من علي الي عن مع بعد قبل حتي منذ خلال بين ان التي الذي وفق حسب بحسب عندما حين ثم او كما لكن اذ حيث""".split()
)
_OF_DAY = frozenset(("in the morning", "in the evening", "in the afternoon"))
_HOURS_OF_DAY = frozenset("صباحا مساء ظهرا عصرا ليلا فجرا".split())
_FROM_THERE = frozenset("later earlier ago after before since".split())
_LASTING = frozenset("for within".split())
_LASTING_ARABIC = frozenset("بعد قبل لمده مده خلال غضون مدي طوال طيله بمده منذ".split())
_ONE = frozenset("شهر شهرا اسبوع اسبوعا عام عاما سنه يوم يوما ساعه قرن".split())
"""Units that mean one where they stand alone behind such words."""
_WITHIN_DURATIONS = frozenset("of full consecutive straight whole more calendar كامله كامل".split())


def moments(text: str, language: str, published: date | None = None) -> list[Moment]:
    """The dates, times and durations of `text`, in order; spans are code points of `text`.

    Relative times are resolved against `published`, and stay unresolved without it. The rules of both languages hold
    at once, since one text may mix them; `language` is accepted for symmetry.
    """
    del language
    return list(_moments(text, published))


@lru_cache(128)
def _moments(text: str, published: date | None) -> tuple[Moment, ...]:
    return tuple(_Scan(text, tokens(text), published).run())


class _Scan(DateScan):
    """One pass over the tokens of a text."""

    def run(self) -> list[Moment]:
        at, readers = 0, (self.figures, self.century, self.date, self.clock, self.duration, self.year, self.word)
        while at < len(self.stream):
            for reader in readers:
                after = reader(at)
                if after > at:
                    at = after
                    break
            else:
                at += 1
        return self.found

    def clock(self, at: int) -> int:
        """10:30, 9 am, الساعة 10, الساعة العاشرة والنصف."""
        numeral = self.numeral_at.get(at)
        if numeral is None or numeral.value != numeral.value or not 0 <= numeral.value <= 24:
            return at
        last, minute = numeral.last, 0
        timed = prefix_and(self.word_at(at - 1), "unit") is not None and self.word_at(at - 1).endswith("الساعه")
        if numeral.digits and self.word_at(last) == ":" and (read := self.integer(last + 1, 0, 59)) is not None:
            if len(self.stream[last + 1].text) != 2 or not self.stream[last + 1].glued:
                return at
            minute, last, timed = read, last + 2, True
        half = self.word_at(last)
        if half in ("a", "p") and self.word_at(last + 1) == "." and self.word_at(last + 2) == "m":
            half, last = half + "m", last + 2 + (self.word_at(last + 3) == ".")
        if half in ("am", "pm"):
            timed, last = True, last + 1
        oclock = self.word_at(last) == "o'clock"
        of_day = " ".join(self.word_at(here) for here in range(last, last + 3)) in _OF_DAY
        if oclock or (
            not numeral.share
            and 1 <= numeral.value <= 12
            and of_day
            and is_in(self.word_at(at - 1), "year_before") is None
        ):
            timed, last = True, last + (1 if oclock else 3)
        elif numeral.ordinal and self.word_at(last) in _HOURS_OF_DAY and self.word_at(at).find("ال") >= 0:
            timed, last = True, last + 1
        if not timed:
            return at
        if is_in(self.word_at(last), "hijri") is None and self.word_at(last) in ("والنصف", "ونصف"):
            minute, last = 30, last + 1
        elif self.word_at(last) in ("والربع", "وربع"):
            minute, last = 15, last + 1
        return self.add(at, last, Moment(kind="clock", count=(numeral.value % 12) * 60 + minute))

    def duration(self, at: int) -> int:
        """Two years, 45 عاما, عامين, نصف ساعة, two and a half hours, a 10-day visit."""
        word = self.word_at(at)
        if word == "fortnight":
            return ago(self, at, at + 1, 2.0, "week")
        dual = prefix_and(word, "dual")
        if dual is not None and dual[1] not in NO_DUALS:
            unit = DUALS[dual[1]]
            more, last = self._and_a_part(at + 1, "")
            count = 2.0 + more
            return ago(self, at, last, count, unit)
        numeral = self.numeral_at.get(at)
        if numeral is None or numeral.vague or numeral.value != numeral.value:
            return self._one_unit(at)
        if percent_hundred(self.word_at(at - 1), word):
            return at
        last = numeral.last + (self.word_at(numeral.last) == "-")
        while self.word_at(last) in _WITHIN_DURATIONS:
            last += 1
        if numeral.share and self.word_at(last) in ("a", "an"):
            last += 1
        unit_word = prefix_and(self.word_at(last), "unit")
        if unit_word is None or "و" in unit_word[0] or numeral.ordinal:
            return at
        name = unit_word[1]
        if name == "قرن" and "ال" in unit_word[0]:
            return at
        if numeral.digits and self._is_year(at) and name in ("ليله", "يوم", "شهر"):
            return at
        count, last = numeral.value, last + 1
        more, last = self._and_a_part(last, name)
        count += more
        return ago(self, at, last, count, UNITS[name])

    def _and_a_part(self, at: int, unit: str) -> tuple[float, int]:
        """The half or quarter that goes on with a duration, and the place after it: ونصف العام, and a half."""
        word = self.word_at(at)
        if word in ("ونصف", "وربع", "والنصف"):
            again = prefix_and(self.word_at(at + 1), "unit")
            named = again is not None and "و" not in again[0] and UNITS[again[1]] == UNITS.get(unit, UNITS[again[1]])
            named = named and again is not None and ("ال" in again[0] or again[1] == unit)
            return (0.25 if word == "وربع" else 0.5), at + 1 + named
        if (word, self.word_at(at + 1)) == ("and", "a") and self.word_at(at + 2) in ("half", "quarter"):
            return (0.5 if self.word_at(at + 2) == "half" else 0.25), at + 3
        return 0.0, at

    def _one_unit(self, at: int) -> int:
        """An hour and a half, عام ونصف العام, less than a year, الأشهر الثلاثة."""
        word = self.word_at(at)
        if word in ("a", "an") and (unit := self.word_at(at + 1)) in UNITS and unit.isascii():
            more, last = self._and_a_part(at + 2, unit)
            bounded = bound_of(self.stream, at, at + 2).bound != "exact"
            told = self.word_at(last) in _FROM_THERE or self.word_at(at - 1) in _LASTING
            if more or bounded or told:
                return ago(self, at, last, 1.0 + more, UNITS[unit])
            return at
        unit_word = prefix_and(word, "unit")
        if unit_word is None:
            return at
        after = self.numeral_at.get(at + 1)
        counted = after is not None and not after.ordinal and not after.digits and 1 < after.value < 100
        definite = "ال" in unit_word[0] and self.word_at(at + 1).startswith("ال")
        if after and counted and definite:  # الأشهر الثلاثة
            return ago(self, at, after.last, after.value, UNITS[unit_word[1]])
        if "ال" in unit_word[0]:
            return at
        if self.word_at(at + 1) in ("واحد", "واحده", "كامل", "كامله"):  # عام واحد
            return ago(self, at, at + 2, 1.0, UNITS[unit_word[1]])
        more, last = self._and_a_part(at + 1, unit_word[1])
        if more and (last > at + 2 or self.word_at(last)[:2] != "ال"):
            return ago(self, at, last, 1.0 + more, UNITS[unit_word[1]])
        if bound_of(self.stream, at, at + 1).bound in UPPER | LOWER and unit_word[0] == "":
            return ago(self, at, at + 1, 1.0, UNITS[unit_word[1]])
        # بعد شهر من نشره, لمدة عام, أسبوعا: one of a unit; but صباحا, and شهر مارس, عام 2020, يوم الأحد, are none
        following = self.word_at(at + 1)
        named = (
            self.integer(at + 1, 1, LATEST) is not None or following.startswith("ال") or self.month(at + 1, dated=True)
        )
        before = self.word_at(at - 1)
        lasting = before in _LASTING_ARABIC or before[1:] in _LASTING_ARABIC
        if unit_word[1] in _ONE and unit_word[0] == "" and lasting and not named and at + 1 not in self.numeral_at:
            return ago(self, at, at + 1, 1.0, UNITS[unit_word[1]])
        return at

    def _is_year(self, at: int) -> bool:
        return self.integer(at, 1900, 2100) is not None

    def year(self, at: int) -> int:
        """2023, 1990s, 2011-2015, 1444 هـ, عام ألفين وثلاثة وعشرين."""
        token = self.stream[at]
        before = self.word_at(at - 1)
        sure = is_in(before, "sure_year") is not None
        year = self.integer(at, 1, 2150)
        if year is not None:
            if hijri := self.hijri_after(at + 1):
                return self.add(at, hijri, Moment(calendar="hijri", year=year))
            if len(token.text) == 4 and self.word_at(at + 1) == "s" and self.stream[at + 1].glued:
                return self.add(at, at + 2, Moment(decade=year, part=self.part(at)))
            early = sure and len(token.text) == 3 and before != "منذ" and before.isalpha() and not before.isascii()
            if early and (self._after_era(at + 1) > at + 1 or is_in(self.word_at(at + 1), "unit") is None):
                return self.add(at, self._after_era(at + 1), Moment(year=year))  # عام 144 للميلاد
            if len(token.text) != 4 or year < EARLIEST:
                return at
            return self._plain_year(at, year, sure)
        numeral = self.numeral_at.get(at)
        if sure and numeral is not None and not numeral.digits and EARLIEST <= numeral.value <= LATEST:
            return self.add(at, numeral.last, Moment(year=int(numeral.value)))
        return at

    def _plain_year(self, at: int, year: int, sure: bool) -> int:
        before, after = self.word_at(at - 1), self.word_at(at + 1)
        numeral = self.numeral_at.get(at)
        if is_in(before, "number_before") or before in ("$", "€", "£", "#") or after in ("%", "٪"):
            return at
        if numeral is not None and numeral.last > at + 1:  # 2000 مليون
            return at
        likely = is_in(before, "year_before") is not None or before in ("(", "-", "–", "/", ",", "،", "و")
        likely = likely or (before in ("and", "to", "الي") and self._year_ends(at - 1))
        counted = bool(after) and after[0].isalpha() and after not in _NOT_COUNTED and not after.startswith(("و", "ال"))
        if not sure and ((not 1800 <= year <= LATEST and (counted or not likely)) or (counted and not likely)):
            return at
        if not sure and counted and not 1900 <= year <= 2100:
            return at
        if not sure and unit_of(after, after_digits=True) is not None and after.isalpha():  # من 2000 دينار
            return at
        if before in ("a", "an") and after in ("-", "–"):  # a 2000-metre race
            return at
        last = self._after_era(at + 1)
        self.add(at, last, Moment(year=year, part=self.part(at)))
        if after in DASHES and self.stream[at + 1].glued and self.integer(at + 2, 0, 99) is not None:
            second, digits = self.integer(at + 2, 0, 99), self.stream[at + 2].text
            if second is not None and len(digits) == 2 and second > year % 100:
                return self.add(at + 2, at + 3, Moment(year=year - year % 100 + second))
        return last

    def _year_ends(self, at: int) -> bool:
        """Whether a year was read right before the place: between 1227 and 1231."""
        if not self.found or not at:
            return False
        return self.found[-1].year is not None and self.found[-1].end == self.stream[at - 1].end

    def century(self, at: int) -> int:
        """The 20th century, القرن العشرين, the first quarter, النصف الثاني من عام 2023."""
        numeral = self.numeral_at.get(at)
        if numeral is not None and numeral.ordinal:
            last = numeral.last + (self.word_at(numeral.last) == "-")
            noun = self.word_at(last)
            if noun in ("century", "centuries"):
                return self.add(at, last + 1, Moment(century=int(numeral.value), part=self.part(at)))
            if noun in ("quarter", "half") and numeral.value <= (4 if noun == "quarter" else 2):
                return self._part_of_year(at, last + 1, noun[0], int(numeral.value))
            return at
        word = self.word_at(at)
        if not word.endswith(("القرن", "الربع", "النصف")):
            return at
        numeral = self.numeral_at.get(at + 1 + (self.word_at(at + 1) == "ال"))  # القرن الـ19
        if numeral is None or not float(numeral.value).is_integer() or "ال" not in self.word_at(at + 1)[:3]:
            return at
        if word.endswith("القرن"):
            return self.add(at, numeral.last, Moment(century=int(numeral.value), part=self.part(at)))
        letter = "q" if word.endswith("الربع") else "h"
        if numeral.ordinal and numeral.value <= (4 if letter == "q" else 2):
            return self._part_of_year(at, numeral.last, letter, int(numeral.value))
        return at

    def _part_of_year(self, first: int, last: int, letter: str, number: int) -> int:
        month = self.month(last + (self.word_at(last) in ("of", "من")), dated=True) if letter == "h" else None
        if month is not None:  # the first half of March
            year, after = self.year_after(month[1])
            return self.add(first, after, Moment(year=year, month=month[0], part=f"h{number}"))
        year, after = self.year_after(last)
        moment = Moment(year=year, part=f"{letter}{number}")
        if year is None:
            moved = relative(self, first, last, moment)
            if moved is not None and moved[2].year is not None:
                return self.add(moved[0], moved[1], moved[2])
            return self.add(first, last, moment) if letter == "q" else first
        return self.add(first, after, moment)

    def word(self, at: int) -> int:
        """Weekdays, decades, centuries, seasons, quarters, last year, أمس, الشهر الماضي."""
        found = relative(self, at, at, None)
        if found is not None:
            return self.add(found[0], found[1], found[2])
        word = self.word_at(at)
        if (weekday := is_in(word, "weekday")) and not (weekday == "الاحد" and self.word_at(at + 1) in ("عشر", "عشره")):
            return self._weekday(at, WEEKDAYS[weekday])
        if decade := is_in(word, "decade"):
            return self.add(at, at + 1, Moment(decade_of_century=DECADES[decade]))
        if season := is_in(word, "season"):
            year, last = self.year_after(at + 1)
            if year is not None:
                return self.add(at, last, Moment(year=year, season=SEASONS[season]))
        return at

    def _weekday(self, at: int, weekday: int) -> int:
        if self.text[self.stream[at].start].islower() and self.stream[at].text.isascii():
            return at
        moment = Moment(weekday=weekday)
        moved = relative(self, at, at + 1, moment)
        return self.add(moved[0], moved[1], moved[2]) if moved else self.add(at, at + 1, moment)
