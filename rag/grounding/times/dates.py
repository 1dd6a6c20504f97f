"""Calendar dates in running text: days, months and years, Gregorian and Hijri, as both languages write them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from rag.grounding.numbers.numerals import numerals
from rag.grounding.numbers.small_numerals import Numeral
from rag.grounding.times.calendar_words import (
    DOUBTFUL_MONTHS,
    HIJRI_MONTHS,
    MONTHS,
    MONTHS_IN_TWO_WORDS,
    is_in,
)
from rag.grounding.times.moment import Moment
from rag.grounding.times.relative import relative
from rag.grounding.tokens import Token

_NUMERIC_DATE = re.compile(r"(\d{1,4})\.(\d{1,2})\.(\d{2,4})")
DASHES = frozenset("-–—/")
_DATE_JOINTS = frozenset("- – / , ، من of شهر the".split())
_RANGE_JOINTS = frozenset("- – — to and until till و الي حتي or".split())
EARLIEST, LATEST = 1000, 2150
"""A number outside them is no year."""


class DateScan:
    """Reads dates off the tokens of a text; each reader takes a place and gives the place after what it read there."""

    def __init__(self, text: str, stream: tuple[Token, ...], published: date | None) -> None:
        self.text, self.stream, self.published = text, stream, published
        self.numeral_at: dict[int, Numeral] = {one.first: one for one in numerals(text)}
        self.found: list[Moment] = []

    # -- reading tokens ------------------------------------------------------------------------------------------------

    def word_at(self, at: int) -> str:
        return self.stream[at].text if 0 <= at < len(self.stream) else ""

    def integer(self, at: int, low: int, high: int) -> int | None:
        """The plain whole number written in ASCII, Arabic or Persian digits there."""
        if not 0 <= at < len(self.stream):
            return None
        token = self.stream[at]
        plain = token.kind == "number" and token.text.isdecimal() and len(token.text) <= 4
        return int(token.text) if plain and low <= int(token.text) <= high else None

    def add(self, first: int, last: int, moment: Moment) -> int:
        start, end = self.stream[first].start, self.stream[last - 1].end
        self.found.append(replace(moment, start=start, end=end))
        return last

    def skip(self, at: int, joints: frozenset[str], most: int = 2) -> int:
        for _ in range(most):
            if self.word_at(at) in joints:
                at += 1
        return at

    def month(self, at: int, *, dated: bool = False) -> tuple[int, int] | None:
        """The month there and the place after it and its second name (حزيران/يونيو, آب (أغسطس))."""
        found = self._one_month(at, dated=dated)
        if found is None:
            return None
        month, after = found
        again = self._one_month(after + 1, dated=True) if self.word_at(after) in ("/", "(", "-", "\\") else None
        if again is not None and again[0] == month:
            after = again[1] + (self.word_at(again[1]) == ")")
        return month, after

    def _one_month(self, at: int, *, dated: bool) -> tuple[int, int] | None:
        word = self.word_at(at)
        if is_in(word, "month_noun") and word.endswith("شهر"):
            return self._one_month(at + 1, dated=True)
        if first := is_in(word, "two_words"):
            second = self.word_at(at + 1)
            for ending in ("اول", "ثاني"):
                if second in (ending, f"ال{ending}"):
                    return MONTHS_IN_TWO_WORDS[first, ending], at + 2
            return None
        name = is_in(word, "month")
        if name is None:
            return None
        after = at + 1
        if name.isascii():
            if not self.text[self.stream[at].start].isupper():
                return None
            if (
                len(name) <= 4
                and name not in ("june", "july")
                and self.word_at(after) == "."
                and self.numeral_at.get(after + 1)
            ):
                after += 1
        if name in DOUBTFUL_MONTHS and not dated and not self._dated(at, after, name):
            return None
        return MONTHS[name], after

    def _dated(self, at: int, after: int, name: str) -> bool:
        """Whether a doubtful name of a month stands as a month."""
        if name == "اب":
            start, end = self.stream[at].start, self.stream[at].end
            if "آ" in self.text[start:end]:
                return True
        if self.integer(after, 1, LATEST) is not None or self.integer(at - 1, 1, 31) is not None:
            return True
        before = self.word_at(at - 1)
        if name in ("may", "march") and before in ("the", "in", "since", "until", "by", "mid", "early", "late"):
            return True  # the May survey: inside a sentence only the month has a capital letter
        if name == "اب":
            return False
        return bool(is_in(before, "year_before") or before in ("last", "this", "next", "of", "،", "/")
                    or is_in(self.word_at(after), "last") or is_in(self.word_at(after), "this"))  # fmt: skip

    def year_after(self, at: int) -> tuple[int | None, int]:
        """The year that goes on with a date, and the place after it (else None and `at`)."""
        here = self.skip(at, frozenset(", ، من of - / في".split()))
        if is_in(self.word_at(here), "year_noun") or self.word_at(here) in ("العام", "السنه"):
            here += 1
        year = self.integer(here, EARLIEST, LATEST)
        if year is not None and len(self.stream[here].text) == 4 and not self.hijri_after(here + 1):
            return year, self._after_era(here + 1)
        return None, at

    def _after_era(self, at: int) -> int:
        return at + 1 if self.word_at(at) in ("م", "ميلادي", "ميلاديه", "للميلاد", "ad", "ce") else at

    def hijri_after(self, at: int) -> int:
        """The place after the era that makes a year Hijri, or 0."""
        if self.word_at(at) in ("ه", "هجري", "هجريه", "الهجري", "الهجريه", "ah", "hijri"):
            return at + 1
        return at + 2 if (self.word_at(at), self.word_at(at + 1)) == ("ه", ".") else 0

    # -- readers -----------------------------------------------------------------------------------------------------

    def figures(self, at: int) -> int:
        """2023-06-30, 30/6/2023, 30.6.2023."""
        token = self.stream[at]
        if token.kind != "number":
            return at
        if match := _NUMERIC_DATE.fullmatch(token.text):
            parts, last = [int(part) for part in match.groups()], at + 1
        else:
            marks = [self.word_at(at + 1), self.word_at(at + 3)]
            first, second, third = (self.integer(at + i, 1, 9999) for i in (0, 2, 4))
            if first is None or second is None or third is None or marks[0] != marks[1] or marks[0] not in DASHES:
                return at
            parts, last = [first, second, third], at + 5
        a, b, c = parts
        if a > 31:
            year, month, day = a, b, c
        else:
            year, month, day = c, b, a
            if month > 12:
                month, day = day, month
        if hijri := self.hijri_after(last):
            return self.add(at, hijri, Moment(calendar="hijri", year=year, month=month, day=day))
        try:
            date(year, month, day)
        except ValueError:
            return at
        if not EARLIEST <= year <= LATEST:
            return at
        return self.add(at, last, Moment(year=year, month=month, day=day))

    def date(self, at: int) -> int:
        """15 March 2023, الخامس عشر من آذار, March 15, يونيو الماضي, 10 رمضان 1444."""
        numeral = self.numeral_at.get(at)
        if numeral is not None:
            whole = numeral.value == int(numeral.value) if numeral.value == numeral.value else False
            if not whole or not 1 <= numeral.value <= 31 or (not numeral.digits and not numeral.ordinal):
                return at
            day = int(numeral.value)
            here = self.skip(numeral.last, _DATE_JOINTS, 3)
            if found := self.month(here, dated=True):
                return self._month_and_year(at, day, *found)
            if hijri := is_in(self.word_at(here), "hijri"):
                return self._hijri(at, day, HIJRI_MONTHS[hijri], here + 1)
            if self.word_at(numeral.last) in _RANGE_JOINTS or self.stream[
                min(numeral.last, len(self.stream) - 1)
            ].text.startswith("و"):
                return self._range(at, numeral)
            return at
        if hijri := is_in(self.word_at(at), "hijri"):
            after = self._hijri(at, None, HIJRI_MONTHS[hijri], at + 1)
            return after if after > at + 1 else at
        found = self.month(at)
        if found is None:
            return at
        month, after = found
        day_numeral = self.numeral_at.get(self.skip(after, frozenset(("the",)), 1))
        if (
            day_numeral
            and day_numeral.digits
            and 1 <= day_numeral.value <= 31
            and day_numeral.last - day_numeral.first <= 2
        ):
            joint = self.word_at(day_numeral.last)
            if joint in _RANGE_JOINTS and (to := self.integer(day_numeral.last + 1, 1, 31)) is not None:
                year, last = self.year_after(day_numeral.last + 2)
                self.add(at, day_numeral.last, Moment(year=year, month=month, day=int(day_numeral.value)))
                return self.add(day_numeral.last + 1, last, Moment(year=year, month=month, day=to))
            if self.word_at(at).isascii() or self.word_at(day_numeral.last) in (",", "،"):
                return self._month_and_year(at, int(day_numeral.value), month, day_numeral.last)
        return self._month_and_year(at, None, month, after)

    def _range(self, at: int, numeral: Numeral) -> int:
        """15-17 مارس: the first day waits for the month of the second."""
        here = numeral.last + (self.word_at(numeral.last) in _RANGE_JOINTS)
        second = self.numeral_at.get(here)
        if second is None or not second.digits or not 1 <= second.value <= 31 or second.value != int(second.value):
            return at
        found = self.month(self.skip(second.last, _DATE_JOINTS, 3), dated=True)
        if found is None:
            return at
        year, last = self.year_after(found[1])
        self.add(at, numeral.last, Moment(year=year, month=found[0], day=int(numeral.value)))
        return self.add(here, last, Moment(year=year, month=found[0], day=int(second.value)))

    def _month_and_year(self, first: int, day: int | None, month: int, after: int) -> int:
        year, last = self.year_after(after)
        moment = Moment(year=year, month=month, day=day, part=self.part(first))
        if year is None:
            moved = relative(self, first, after, moment)
            if moved is not None:
                return self.add(moved[0], moved[1], moved[2])
        return self.add(first, last, moment)

    def _hijri(self, first: int, day: int | None, month: int, after: int) -> int:
        here = self.skip(after, frozenset(", ، من عام سنه".split()), 2)
        year = self.integer(here, 1, 1600)
        last = here + 1 if year is not None else after
        if year is not None:
            last = self.hijri_after(last) or last
        return self.add(first, last, Moment(calendar="hijri", year=year, month=month, day=day))

    def part(self, first: int) -> str:
        """Whether early, the middle of, or late is said before the place."""
        for before in (first - 1, first - 2):
            word = self.word_at(before)
            if word in DASHES or is_in(word, "year_noun") or word in ("of", "the", "العام"):
                continue
            for name in ("early", "middle", "late"):
                if is_in(word, name):
                    return name
            break
        return ""
