"""Words that make a number, or a span of time, a bound or an approximation: "more than", نحو, "or so", على الأقل."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import Literal, NamedTuple

from rag.analysis import fold, folded_words
from rag.grounding.numbers.words import number_word
from rag.grounding.tokens import Token, peeled

Bound = Literal["exact", "about", "over", "at least", "under", "at most"]
UPPER, LOWER = frozenset(("under", "at most")), frozenset(("over", "at least"))


class Bounded(NamedTuple):
    """What words make of a number; `close`: they say that it is only just over or under (nearly, just over)."""

    bound: Bound = "exact"
    close: bool = False


# What stands before a number (or, in _AFTER, behind it) and makes it a bound or an approximation.
_BEFORE: dict[Bound, str] = {
    "about": """about|around|roughly|approximately|approx|some|close to|an estimated|estimated|circa|ca|near|
        more or less|in the region of|in the order of|on the order of|the best part of|
        نحو|حوالي|حوالى|قرابة|زهاء|ما يقارب|ما يقرب من|يقارب|تقارب|يقرب من|تقرب من|تقريبا|قريب من|قريبا من|قريبة من|
        بنحو|ما يناهز|يناهز|تناهز|ناهز|ناهزت|قارب|قاربت|يقدر ب|تقدر ب|في حدود|بحدود|قدر|ما يعادل|يعادل""",
    "over": """more than|over|above|exceeding|exceeded|exceeds|exceed|upwards of|upward of|in excess of|surpassed|
        surpasses|surpassing|surpass|topped|tops|topping|greater than|higher than|beyond|longer than|later than|
        older than|bigger than|larger than|passed|north of|well over|rather more than|
        أكثر من|أزيد من|أكبر من|أعلى من|أطول من|ما يزيد على|ما يزيد عن|يزيد على|يزيد عن|تزيد على|تزيد عن|زاد على|
        زاد عن|زادت على|زادت عن|فوق|تجاوز|تجاوزت|يتجاوز|تتجاوز|متجاوزا|متجاوزة|تخطى|تخطت|يتخطى|تتخطى|يفوق|تفوق|فاق|
        فاقت|يربو على|تربو على|ما ينوف عن|ما ينوف على|ينوف على""",
    "at least": """at least|no fewer than|no less than|not less than|not fewer than|a minimum of|minimum of|
        ما لا يقل عن|لا يقل عن|لا تقل عن|لم يقل عن|لم تقل عن|على الأقل|بما لا يقل عن""",
    "under": """less than|fewer than|under|below|lower than|short of|shorter than|younger than|within|south of|
        أقل من|أدنى من|دون|ما دون|ما يقل عن|يقل عن|تقل عن|قل عن|قلت عن|أصغر من|أقصر من""",
    "at most": """at most|no more than|not more than|up to|as many as|as much as|a maximum of|maximum of|
        not exceeding|no later than|حتى|ما لا يزيد على|ما لا يزيد عن|لا يزيد على|لا يزيد عن|لا تزيد على|لا تزيد عن|
        لا يتجاوز|لا تتجاوز|لم يتجاوز|لم تتجاوز|كحد أقصى|بحد أقصى""",
}  # fmt: skip
_CLOSE: dict[Bound, str] = {
    "under": "nearly|almost|just short of|just under|just below|not quite|approaching|يكاد يبلغ|تكاد تبلغ",
    "over": "just over|just above|just more than|a little over|slightly over",
}
_AFTER: dict[Bound, str] = {
    "at least": "at least|or more|or above|and above|or older|على الأقل|على أقل تقدير|أو أكثر|فأكثر|كحد أدنى|وما فوق",
    "at most": "at most|or less|or fewer|or under|على الأكثر|على أقصى تقدير|أو أقل|كحد أقصى|فأقل",
    "about": "or so|or thereabouts|تقريبا|on average",
    "over": "plus",
}
_ADVERBS = frozenset("slightly little just somewhat bit barely only marginally قليلا بقليل تقريبا".split())
"""Inside a bound: slightly more than, يزيد قليلا على. They make it a close one."""
_FAR = frozenset("well far much far considerably significantly بكثير".split())


def _phrases(table: dict[Bound, str]) -> dict[tuple[str, ...], Bound]:
    return {tuple(fold(phrase).split()): bound for bound, phrases in table.items() for phrase in phrases.split("|")}


_BOUNDS_BEFORE, _CLOSE_BEFORE, _BOUNDS_AFTER = _phrases(_BEFORE), _phrases(_CLOSE), _phrases(_AFTER)
_PASSED = folded_words("exceeded exceeds surpassed topped passed crossed تجاوز تجاوزت تخطى تخطت فاق فاقت")
"""Verbs whose subject may stand between them and the number."""
_NOT_PASSED = folded_words("يتجاوز تتجاوز يزيد تزيد يتعدى تتعدى exceed exceeds surpass top")
_NOT = frozenset("لا لم لن ولا ولم ولن not never".split())
_LONGEST = 4


def bound_of(stream: Sequence[Token], first: int, last: int) -> Bounded:
    """What the words before tokens `first` to before `last`, or those behind them, make of the number there."""
    words = [_text(stream, at) for at in range(max(0, first - _LONGEST - 2), first)]
    while words and words[-1] in ("a", "an", "the", "ال", "total", "of", "only"):
        words = words[:-1]
        if words and words[-1] == "short":
            words.append("of")
            break
    plain = tuple(word for word in words if word not in _ADVERBS and word not in _FAR)
    close = len(plain) < len(words) and not _ADVERBS.isdisjoint(words[-_LONGEST:])
    for table, near, said in ((_CLOSE_BEFORE, True, tuple(words)), (_BOUNDS_BEFORE, close, plain)):
        for size in range(min(_LONGEST, len(said)), 0, -1):
            phrase = said[-size:]
            for _, start in peeled(phrase[0]):
                if (found := table.get((start, *phrase[1:]))) is not None:
                    return Bounded(found, near)
    for skipped in range(3):  # "12 people at least"
        at = last + skipped
        for size in range(3, 0, -1):
            behind = tuple(_text(stream, here) for here in range(at, at + size))
            if (found := _BOUNDS_AFTER.get(behind)) is not None:
                return Bounded(found)
        if _text(stream, at) in (".", ",", "،", "؛", ";", ":") or number_word(_text(stream, at)):
            break
    clause = [_text(stream, at) for at in range(max(0, first - 7), first)]
    for at, word in enumerate(clause[1:], 1):  # لا يتجاوز عدد القطع 3200
        told = word in _NOT_PASSED and clause[at - 1] in _NOT
        if (
            told
            and not set(clause[at:]) & {".", ",", "،", ";", "؛", "and", "but"}
            and not any(map(number_word, clause[at:]))
        ):
            return Bounded("at most")
    for at, word in enumerate(clause):  # the number of people there passed a million
        if any(rest in _PASSED for _, rest in peeled(word)) and not set(clause[at:]) & {".", ",", "،", ";", "؛"}:
            return Bounded("over")
    return Bounded()


def admits(bounded: Bounded, value: float, other: float) -> bool:
    """Whether a bound on `value` is fairly said of `other`: on its side, and as near as its digits make one expect.

    More than 2,600 metres may be 2,628, more than three million 3.4; at least 197,043 is no other number.
    """
    if bounded.bound in LOWER:
        off = other - value
    elif bounded.bound in UPPER:
        off = value - other
    else:
        return False
    share = 0.12 if bounded.close else 0.25
    fair = share * value if last_place(value) >= 0.01 * value else 0.0
    return -1e-9 * value <= off <= max(fair, 0.0 if bounded.close else last_place(value))


def last_place(value: float) -> float:
    """One unit of the last digit that is not zero: 100,000 for 3,500,000."""
    if value <= 0:
        return 1.0
    step: float = 10.0 ** floor(log10(value) + 1e-12)
    while step > 1e-6 and abs(value / step - round(value / step)) > 1e-6:
        step /= 10
    return step


def _text(stream: Sequence[Token], at: int) -> str:
    return stream[at].text if 0 <= at < len(stream) else ""
