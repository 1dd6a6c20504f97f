"""What a number is said per: 1,200 a day, 300 ليرة للكيلوغرام, شهريا."""

from __future__ import annotations

from bisect import bisect_left

from rag.analysis import fold
from rag.grounding.numbers.units import family, unit_of
from rag.grounding.numbers.words import number_word
from rag.grounding.times.calendar_words import UNITS
from rag.grounding.tokens import peeled, tokens

_ADVERBS = {
    fold(word): period
    for period, words in {
        "hour": "hourly", "day": "daily يوميا يومية", "week": "weekly أسبوعيا أسبوعية",
        "month": "monthly شهريا شهرية", "year": "yearly annually annual سنويا سنوية",
    }.items()
    for word in words.split()
}  # fmt: skip
_PER = frozenset("per each every لكل".split())
_NO_RATE_AFTER = frozenset("earlier later ago after before from old since or and long".split())
_NO_RATE_BEFORE = frozenset(
    "for within in than of about over after before by from to only just nearly almost and as was is at on until".split()
)
_REACH = 4


def rate_of(text: str, end: int) -> str:
    """The unit that the number ending at code point `end` is said per, in English; "" for none."""
    stream = tokens(text)
    at = bisect_left(stream, end, key=lambda token: token.start)
    for here in range(at, min(len(stream), at + _REACH)):
        word, after = stream[here].text, _text(text, here + 1)
        if stream[here].kind != "word" or number_word(word) is not None:
            return ""
        if word in _ADVERBS:
            return _ADVERBS[word]
        article = word in ("a", "an") and _text(text, here - 1) not in _NO_RATE_BEFORE
        if (article or word in _PER) and (unit := _unit(after)) and _text(text, here + 2) not in _NO_RATE_AFTER:
            return unit
        if word == "في" and after.startswith("ال") and after[2:] in UNITS and here > at:
            following = _text(text, here + 2)
            return "" if following.startswith("ال") or number_word(following) else UNITS[after[2:]]
        if here > at - 1 and any(cut.endswith("لل") and (unit := _unit(rest)) for cut, rest in peeled(word)):
            return unit
        if word in _NO_RATE_BEFORE or word in ("علي", "الي", "من", "عن", "بعد", "قبل", "خلال"):
            return ""
    return ""


def differ(one: str, other: str) -> bool:
    """Whether two such units make two rates of one number."""
    if not one or not other or one == other:
        return False
    times = frozenset(UNITS.values())
    return (one in times and other in times) or (one not in times and family(one) == family(other))


def _unit(word: str) -> str:
    if word in UNITS:
        return UNITS[word]
    found = unit_of(word, after_digits=False)
    return found[1] if found is not None and found[0] != "currency" else ""


def _text(text: str, at: int) -> str:
    stream = tokens(text)
    return stream[at].text if 0 <= at < len(stream) else ""
