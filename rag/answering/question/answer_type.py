"""What kind of value a question asks for, a number, a date or a person, and the values of that kind in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from rag.analysis import fold, folded_words, is_stop_word
from rag.answering.question.subquestions import parts_of
from rag.answering.question.vote_counts import asks_votes, tallies
from rag.grounding.names.check import Name, names
from rag.grounding.nearby import keys
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.numbers.units import family, unit_of
from rag.grounding.times.moment import Moment, interval
from rag.grounding.times.moments import moments
from rag.grounding.tokens import Token, tokens

Kind = Literal["number", "date", "name"]

_AMOUNT = "number|amount|value|worth|cost|price|budget|size|volume|population|percentage|percent|share|proportion|total"
WHAT_IT_COST = (
    r"\bwhat (?:did|does|do|will|would|has|have|had) (?:[\w'’-]+ ){1,9}?"
    r"(?:cost|fetch|sell for)(?= ?\W*$| (?:the|in|to|per)\b)"
)
"""What did the new bridge over the river cost? Folded."""
_CUES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"\bhow (?:many|much)\b"
            rf"|\bwhat (?:(?:is|was|were|are) )?(?:the )?(?:\w+ )?(?:{_AMOUNT})\b"
            rf"|{WHAT_IT_COST}"
            r"|(?:^|\s)و?ب?كم(?=\s)"
            r"|(?:^|\s)و?ما (?:(?:هو|هي|كان|كانت|بلغ|بلغت) )?"
            r"(?=(?:عدد|نسبه|قيمه|حجم|كميه|تكلفه|كلفه|سعر|ثمن|ميزانيه|موازنه|مبلغ|اجره|راتب|رسوم"
            r"|غرامه)\s)"
        ),
    ),
    (
        "date",
        re.compile(
            r"^(?:\w+ )?when\b|\b(?:what|which) (?:year|date|day|month)\b"
            r"|(?:^|\s)(?:متي|(?:في )?اي (?:عام|سنه|يوم|شهر|تاريخ)(?=\s)|ما (?:هو )?تاريخ)"
        ),
    ),
    (
        "name",
        re.compile(
            r"^(?:and |but )?who(?:m|se)?\b(?! (?:are|were|all)\b)"
            r"|^[وف]?من (?!(?:اين|اي|بين|هم|هما|خلال|اجل|غير|بعد|قبل|كل)\b)"
        ),
    ),
)
"""How a question (folded) asks for each kind; the cue that stands first decides."""

_HOW_MANY = re.compile(r"\bhow many\b|(?:^|\s)و?(?:كم|ما)(?: هو)? عدد(?=\s)|(?P<bare>(?:^|\s)و?كم(?=\s))")
_NOT_COUNTED = frozenset(
    "times time more square cubic percent مربع مربعا مكعب مكعبا مره مرات ضعفا اضعاف بالمئه".split()
)

_MONEY = folded_words(
    """worth value cost costs price budget money paid pay spend spent fund funds funding revenue revenues
    fine dollars dollar euros قيمة تكلفة كلفة سعر ثمن ميزانية موازنة مبلغ إيرادات عائدات تمويل غرامة كلف كلفت دفع
    أنفق"""
)
_SHARE = folded_words("percentage percent share proportion نسبة حصة")
PERSONS = folded_words(
    """people person persons individuals inhabitants residents population citizens شخص شخصا أشخاص نسمة
    الأشخاص فرد فردا أفراد ناس الناس سكان السكان نفر"""
)
_COUNTED = folded_words("number amount total عدد كمية")
_NO_NOUNS = folded_words("""different total other new more كان كانت بلغ بلغت يبلغ تبلغ هو هي لدى عند منذ تقريبا إجمالي
    مجموع""")
_NOUNS = 3
"""Words after "how many", or after a number, in which the thing counted is looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    Of a number, `family` is that of its unit, where the question tells ("currency", "percent", "mass"), and `counted`
    are the keys of what is counted; `persons`: it counts people, which need not be said; `votes`: those on a side of a
    vote. `question` is folded.
    """

    kind: Kind
    question: str
    family: str = ""
    counted: frozenset[str] = frozenset()
    persons: bool = False
    years: frozenset[int] = frozenset()
    votes: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value at text[start:end] of a sentence: exactly one of the three is set."""

    start: int
    end: int
    quantity: Quantity | None = None
    moment: Moment | None = None
    name: Name | None = None


@lru_cache(1 << 8)
def asked_of(question: str) -> Asked | None:
    """What `question` asks for; None where that is no one value, or more than one thing is asked."""
    if parts_of(question):
        return None
    folded = fold(question).strip()
    found = [(match.start(), match.end(), kind) for kind, cue in _CUES if (match := cue.search(folded))]
    if not found:
        return None
    _, end, kind = min(found)
    years = frozenset(one.year for one in moments(question, "") if one.year is not None)
    if kind != "number":
        return Asked(kind, folded, years=years)
    words = [token.text for token in tokens(question) if token.kind == "word"]
    share, money = not _SHARE.isdisjoint(words), not _MONEY.isdisjoint(words)
    if share or money:
        return Asked(kind, folded, "percent" if share else "currency", years=years)
    nouns = list(_nouns(tokens(folded[end:])))
    units = [unit for noun in nouns if (unit := unit_of(noun, after_digits=False)) is not None]
    persons = not PERSONS.isdisjoint(nouns) or "population" in words
    counted = frozenset().union(*map(counted_keys, nouns))
    if not (units or persons or counted):
        return None
    return Asked(kind, folded, units[0][0] if units else "", counted, persons, years, asks_votes(question))


def counted_in(asked: Asked) -> tuple[str, ...]:
    """The nouns whose number a question asks for by "how many" or كم before an accusative; none if it asks otherwise.

    What is asked by "how much" or «كم بلغت» may be said in too many words to be looked for, and "how many times" too.
    """
    cue = _HOW_MANY.search(asked.question)
    if cue is None:
        return ()
    nouns = tuple(_nouns(tokens(asked.question[cue.end() :])))
    first = asked.question[cue.end() :].split()[:1]
    accusative = not cue["bare"] or (first == list(nouns[:1]) and nouns[0].endswith(("ا", "ه")))
    return nouns if accusative and _NOT_COUNTED.isdisjoint(nouns) else ()


def _nouns(stream: tuple[Token, ...]) -> Iterator[str]:
    """The words that say what is counted: as far as the verb, and no more than three."""
    given = 0
    for token in stream:
        if token.text in _COUNTED or token.text in _NO_NOUNS:
            continue
        if token.kind != "word" or (is_stop_word(token.text) and given) or given == _NOUNS:
            return
        if is_stop_word(token.text):
            continue
        given += 1
        yield token.text
        if not token.text.isascii():
            return  # an Arabic noun comes first, and what describes it follows


@lru_cache(1 << 12)
def counted_keys(word: str) -> frozenset[str]:
    """What a folded noun is compared by, also across languages, its accusative (قتيلا) included."""
    bare = word[:-1] if word.endswith("ا") and len(word) > 3 else word
    return keys(word) | keys(bare)


def values_of(text: str, language: str, published: date | None, asked: Asked) -> list[Value]:
    """The values in a sentence of the kind that is asked for; relative dates count from `published`."""
    if asked.kind == "name":
        return [
            Value(one.start, one.end, name=one)
            for one in names(text, language)
            if one.kind == "person" and not all(key in asked.question for key in one.keys)
        ]
    if asked.kind == "date":
        found = [one for one in moments(text, "", published) if one.kind == "date" and interval(one) is not None]
        return [Value(one.start, one.end, moment=one) for one in found]
    numbers = [one for one in quantities(text, "") if not one.ordinal and not one.vague]
    stream = tokens(text)
    voted = tallies(text) if asked.votes else ()
    return [
        Value(one.start, one.end, quantity=one)
        for one in numbers
        if _counts(one, numbers, stream, asked)
        or (not one.unit and any(start <= one.start < end for start, end in voted))
    ]


def _counts(quantity: Quantity, among: Sequence[Quantity], stream: tuple[Token, ...], asked: Asked) -> bool:
    """Whether a number counts what is asked for."""
    if asked.family:
        return family(quantity.unit) == asked.family
    if quantity.unit or quantity.share:
        return False
    nouns: list[str] = []
    for token in (token for token in stream if token.start >= quantity.end):
        if token.kind != "word" or len(nouns) == _NOUNS:
            break
        nouns.append(token.text)
    if any(not counted_keys(noun).isdisjoint(asked.counted) for noun in nouns):
        return True
    bare = not nouns or is_stop_word(nouns[0])
    return asked.persons and (not PERSONS.isdisjoint(nouns[:2]) or (bare and len(among) == 1))
