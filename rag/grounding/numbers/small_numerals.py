"""Numbers below a thousand in words, and what every number in running text has."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.grounding.numbers.words import NumberWord, number_word
from rag.grounding.tokens import Token


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number from token `first` to before token `last`.

    `step` is one unit of its last written place, `also` its other reading (1.234 as 1234); `vague` an order of
    magnitude (dozens, آلاف); `share` a fraction of something (a third, نصف).
    """

    first: int
    last: int
    value: float
    step: float
    also: float | None = None
    scale: float = 1.0
    ordinal: bool = False
    vague: bool = False
    share: bool = False
    digits: bool = False


def word_at(stream: tuple[Token, ...], at: int) -> tuple[str, NumberWord] | None:
    """What is written on to the number word there, and its entry."""
    return number_word(stream[at].text) if at < len(stream) and stream[at].kind == "word" else None


def stands(stream: tuple[Token, ...], at: int, *texts: str) -> bool:
    """Whether one of the texts stands there."""
    return at < len(stream) and stream[at].text in texts


def small(stream: tuple[Token, ...], at: int, *, hundreds: bool = True) -> Numeral:
    """A number below a thousand in words, which begins at `at`."""
    known = word_at(stream, at)
    assert known is not None
    word = known[1]
    arabic = not stream[at].text.isascii()
    number = Numeral(at, at + 1, word.value, 1.0, ordinal=word.ordinal)
    if word.role in ("hundred", "dual"):
        value = 2 * word.value if word.role == "dual" else word.value
        return _after_hundred(stream, replace(number, value=value, step=100.0))
    following = at + 1 + (not arabic and stands(stream, at + 1, "-"))
    then = word_at(stream, following)
    if then is None:
        return number
    prefix, other = then
    if arabic and word.role == "unit":
        if other.role == "teen" and other.value == 10 and prefix == "":
            return replace(number, value=word.value + 10, last=following + 1)
        if other.role == "ten" and prefix.startswith("و"):
            return replace(number, value=word.value + other.value, last=following + 1)
        if other.role == "hundred" and hundreds and other.value == 100 and prefix == "" and not word.ordinal:
            return _after_hundred(stream, replace(number, value=word.value * 100, last=following + 1, step=100.0))
        return number
    if not arabic and stream[following].text.isascii():
        if word.role == "ten" and other.role == "unit":
            return replace(number, value=word.value + other.value, last=following + 1, ordinal=other.ordinal)
        if word.role in ("unit", "teen", "ten") and other.role == "hundred" and hundreds and not word.ordinal:
            whole = replace(number, value=word.value * 100, last=following + 1, ordinal=other.ordinal, step=100.0)
            return _after_hundred(stream, whole)
    return number


def with_and(stream: tuple[Token, ...], at: int, prefix: str) -> bool:
    """Whether an "and" is written on to the number word there; of واحد before عشر, وأحد has one."""
    return prefix.startswith("و") or (stands(stream, at, "واحد", "واحدي") and stands(stream, at + 1, "عشر", "عشره"))


def _after_hundred(stream: tuple[Token, ...], number: Numeral) -> Numeral:
    at = number.last
    conjoined = stands(stream, at, "and", "و")
    known = word_at(stream, at + conjoined)
    number = replace(number, scale=100.0)
    if known is None or number.ordinal or known[1].role not in ("unit", "teen", "ten"):
        return number
    arabic = not stream[at + conjoined].text.isascii()
    if arabic and not conjoined and not with_and(stream, at, known[0]):
        return number
    rest = small(stream, at + conjoined, hundreds=False)
    return replace(number, value=number.value + rest.value, last=rest.last, ordinal=rest.ordinal, step=1.0, scale=1.0)
