"""Quantities in running text: a number with its unit, its bound ("more than", نحو) and what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.grounding.numbers.bounds import Bound, bound_of
from rag.grounding.numbers.numerals import numerals
from rag.grounding.numbers.small_numerals import Numeral
from rag.grounding.numbers.units import PERCENT_MARKS, PERCENT_WORDS, dual_unit, percent_hundred, unit_of
from rag.grounding.numbers.words import number_word
from rag.grounding.times.moments import moments
from rag.grounding.tokens import Token, peeled, tokens
from rag.sentences import ITEM


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at code points `start` to `end` of its text, its unit included where it has one.

    `unit` is its name in English ("tonne", "dollar", "percent", "" for none); a share (half, ثلث) is in per cent.
    `also` is another reading of the digits, `step` one unit of the last written place, `vague` an order of magnitude
    (dozens), `noun` the folded word after it, `close` whether the bound is
    said to be a near one (nearly, just over).
    """

    start: int
    end: int
    value: float
    unit: str = ""
    bound: Bound = "exact"
    also: float | None = None
    step: float = 1.0
    ordinal: bool = False
    vague: bool = False
    share: bool = False
    noun: str = ""
    close: bool = False


_IN_EVERY = frozenset(
    (("in",), ("in", "every"), ("out", "of", "every"), ("of", "every"), ("من", "كل"), ("من", "بين", "كل"))
)
"""One in five, ثلاثة من كل أربعة."""
_CURRENCIES_BEFORE = frozenset("$ € £ ¥ ₤ ₪ usd eur gbp aed sar".split())
_RANGE = frozenset("to and or - – — الي و حتي او".split())
_SKIPPED = frozenset("of the a an من - other more additional new total its his her their".split())
_ADVERBS = frozenset("اولا ثانيا ثالثا رابعا خامسا سادسا سابعا ثامنا تاسعا عاشرا".split())
"""Firstly, secondly: they number points of a text."""
_RATE_BEFORE = frozenset("بنسبه نسبه نسبته نسبتها ونسبه وبنسبه".split())
"""Before a number without a unit (والأرز بنسبة 5) they make it per cent."""
_WHICH_HALF = frozenset("first second last other latter former third fourth next final".split())
_ONE_OF = frozenset("احد احدي one".split())
_TIMES = frozenset("times fold اضعاف مرات مره ضعف ضعفا".split())
_POINTS = frozenset("point points bps نقطه نقاط نقط".split())
_LINE = re.compile(r"^", re.MULTILINE)


def quantities(text: str, language: str) -> list[Quantity]:
    """The quantities of `text` in order; spans are code points of `text`. Dates, times and durations are none.

    The rules of both languages hold at once, since one text may mix them; `language` is accepted for symmetry.
    """
    del language
    return list(_quantities(text))


@lru_cache(128)
def _quantities(text: str) -> tuple[Quantity, ...]:
    stream = tokens(text)
    taken = [(one.start, one.end) for one in moments(text, "")]
    taken += [item.span() for line in _LINE.finditer(text) if (item := ITEM.match(text, line.start()))]
    taken.sort()
    found: list[Quantity] = []
    at = 0
    for numeral in numerals(text):
        start, end = stream[numeral.first].start, stream[numeral.last - 1].end
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if (at == len(taken) or taken[at][0] >= end) and not _no_quantity(stream, numeral):
            found.append(_quantity(stream, numeral))
    duals = list(_dual_units(stream))
    longer = [one for one in duals if one.value > 2]  # the half in مترين ونصف المتر is no share
    found = [one for one in found if not any(dual.start < one.start < dual.end for dual in longer)]
    counted = [(one.start, one.end) for one in found]
    found += [one for one in duals if not any(start < one.end and one.start < end for start, end in counted)]
    return tuple(_ranges(stream, sorted(found, key=lambda one: one.start)))


def _dual_units(stream: tuple[Token, ...]) -> Iterator[Quantity]:
    """طنين, كيلومتران: two of a unit in one word."""
    for at, token in enumerate(stream):
        if token.kind == "word" and (unit := dual_unit(token.text)) is not None:
            bound, close = bound_of(stream, at, at + 1)
            more = {"ونصف": 0.5, "وربع": 0.25}.get(_text(stream, at + 1), 0.0)  # متران ونصف المتر
            last = at + 1 + (more > 0)
            last += more > 0 and (again := unit_of(_text(stream, last), after_digits=False)) is not None and (
                again[1] == unit
            )  # fmt: skip
            yield Quantity(
                token.start, stream[last - 1].end, 2.0 + more, unit, bound, noun=_noun(stream, last), close=close
            )


def _ranges(stream: tuple[Token, ...], found: list[Quantity]) -> list[Quantity]:
    """Both ends of a range have its unit: 10 to 20 per cent."""
    ends = {token.end: number for number, token in enumerate(stream)}
    for number in range(len(found) - 2, -1, -1):
        one, other = found[number], found[number + 1]
        here = ends.get(one.end, len(stream)) + 1
        if (
            0 < one.value < other.value <= 100
            and not one.unit
            and not other.unit
            and _of_every(stream, here, other.start)
        ):
            found[number : number + 2] = [
                replace(
                    one, end=other.end, value=100 * one.value / other.value, unit="percent", share=True, noun=other.noun
                )
            ]
            continue
        following = here + (_text(stream, here) in _RANGE)
        if not one.unit and here < len(stream) and following < len(stream) and stream[following].start == other.start:
            found[number] = replace(one, unit=other.unit, noun=other.noun)
    return found


def _of_every(stream: tuple[Token, ...], here: int, start: int) -> bool:
    """Whether words like "(one) household in every (five)" lead from `here` to the number at `start`."""
    between: list[str] = []
    while here < len(stream) and stream[here].start < start and len(between) < 5:
        between.append(stream[here].text)
        here += 1
    phrase = tuple(between)
    return any(phrase[skipped:] in _IN_EVERY for skipped in (0, 1) if len(phrase) > skipped) and (
        phrase[-1:] != ("in",) or stream[here].kind == "word"
    )


def _text(stream: tuple[Token, ...], at: int) -> str:
    return stream[at].text if 0 <= at < len(stream) else ""


def _no_quantity(stream: tuple[Token, ...], numeral: Numeral) -> bool:
    """Citations ([1]), names (F-16), firstly, one of, the hundred of per cent, and what is no one number."""
    first, before, after = (_text(stream, at) for at in (numeral.first, numeral.first - 1, numeral.last))
    if before == "[" and after == "]":
        return True
    named = stream[numeral.first].kind == "number" and before == "-" and stream[numeral.first].glued
    if named and stream[numeral.first - 1].glued and stream[numeral.first - 2].kind == "word":  # Halo-2, F-16
        return True
    if percent_hundred(before, first):
        return True
    if numeral.share and (before in _WHICH_HALF or _numbered(after)):  # the first half, الربع الأول
        return True
    if numeral.last == numeral.first + 1:
        if first in _ADVERBS or (first in ("second", "ثانيه") and before in ("a", "per")):
            return True
        if any(rest in _ONE_OF for _, rest in peeled(first)):
            return (
                (not first.isascii() and (after, _text(stream, numeral.last + 1)) != ("من", "كل"))
                or after in ("of", "another", "day", "who", "that")
                or before in ("no", "any", "every")
            )
    return False


def _numbered(word: str) -> bool:
    known = number_word(word)
    return known is not None and known[1].ordinal and known[0] == "ال"


def _quantity(stream: tuple[Token, ...], numeral: Numeral) -> Quantity:
    first, last, value, unit = numeral.first, numeral.last, numeral.value, ""
    before = _text(stream, first - 1)
    owned = first >= 2 and stream[first - 1].glued and stream[first - 2].kind == "number"  # 5€ 10
    if before in _CURRENCIES_BEFORE and not owned:
        unit = (unit_of(before, after_digits=True) or ("", ""))[1]
        first -= 1
        if unit == "dollar" and _text(stream, first - 1) == "us" and stream[first].glued:
            first -= 1
    here = last
    while here < last + 3 and _text(stream, here) in _SKIPPED:
        here += 1
    word = _text(stream, here)
    share = numeral.share
    if share:
        value, unit = 100 * value, "percent"
        if word in PERCENT_MARKS or _text(stream, here + 1) == "point" or _text(stream, here) in ("نقطه", "النقطه"):
            value, share, last = value / 100, False, here + 1  # three tenths of a percentage point
    elif word in PERCENT_MARKS or word in PERCENT_WORDS:
        unit, last = "percent", here + 1
    elif (word, _text(stream, here + 1)) == ("per", "cent") or (
        word == "في" and _text(stream, here + 1) in PERCENT_WORDS
    ):
        unit, last = "percent", here + 2
    elif not unit and word in _TIMES and not numeral.ordinal:
        unit, last = "times", here + 1
    elif _text(stream, last - 1) not in ("", before) and not unit and word and here < last + 2:
        if (found := unit_of(word, after_digits=numeral.digits)) is not None:
            unit, last = found[1], here + 1
    elif not unit and word and (found := unit_of(word, after_digits=numeral.digits)) is not None:
        unit, last = found[1], here + 1
    elif not unit and not numeral.ordinal and before in _RATE_BEFORE and numeral.value <= 100:
        unit = "percent"
    points, after = _points(stream, last)
    if points and unit in ("", "percent"):
        value, unit, last = value * points, "percent", after
    bound, close = bound_of(stream, first, last)
    return Quantity(
        stream[first].start, stream[last - 1].end, value, unit, bound, numeral.also,
        100 * numeral.step if share else numeral.step, numeral.ordinal, numeral.vague, share, _noun(stream, last),
        close,
    )  # fmt: skip


def _points(stream: tuple[Token, ...], at: int) -> tuple[float, int]:
    """What one of the points after a number is in per cent (basis points, نقاط مئوية), and where they end."""
    word, following = _text(stream, at), _text(stream, at + 1)
    if following in _POINTS and word in ("percentage", "basis", "percent"):
        return (0.01 if word == "basis" else 1.0), at + 2
    if word in _POINTS and not word.isascii():
        if following in ("اساس", "الاساس"):
            return 0.01, at + 2
        if following in PERCENT_WORDS or following == "مءويه":
            return 1.0, at + 2
        if following == "في" and _text(stream, at + 2) in PERCENT_WORDS:
            return 1.0, at + 3
    return 0.0, at


def _noun(stream: tuple[Token, ...], at: int) -> str:
    while _text(stream, at) in _SKIPPED:
        at += 1
    return stream[at].text if at < len(stream) and stream[at].kind == "word" else ""
