"""Numbers in running text, written in digits, in words or in both: "3.5 million", "ثلاثة ملايين ونصف المليون"."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from rag.grounding.numbers.small_numerals import Numeral, small, stands, with_and, word_at
from rag.grounding.numbers.words import (
    MARKED_PARTS,
    PARTS,
    PLAIN_PARTS,
    SHORT_SCALES,
    without_theirs,
)
from rag.grounding.tokens import Token, peeled, tokens

_A_FEW = frozenset("few several many some عده بضعه بضع".split())
_CURRENCY_MARKS = frozenset("$€£¥₤₪")
_PARTS_WITH_ARTICLE = frozenset("الخمس السدس السبع التسع العشر".split())
_BY_A_PART = frozenset("مقدار واقع نسبه قرابه نحو حوالي علي عن من الي زهاء يقارب".split())
"""Before الخمس these make it a fifth, and not five."""
_VOWEL = "\u064f"
_OTHER_MARKS = re.compile("[\u064b-\u064e\u0650-\u0652\u0670\u0640]")
_AFTER_A_PART = frozenset("of higher lower more less fewer larger smaller bigger up down than in from to".split())
"""After a part (a fifth higher), where an ordinal has what it counts (a fifth term)."""
_AFTER_METRES = frozenset("in from to at and of high long wide deep tall above below".split())
_HIGHEST = 1e24
_ORDINAL_ENDINGS = frozenset("st nd rd th".split())
_PLURAL_SCALES = frozenset(
    "thousands millions billions trillions الاف ملايين مليارات بلايين تريليونات ترليونات".split()
)


@lru_cache(64)
def numerals(text: str) -> tuple[Numeral, ...]:
    """The numbers of `text` in order, not overlapping; what they count, and whether they are dates, is not asked."""
    stream = _with_marked_parts(text, tokens(text))
    found: list[Numeral] = []
    at = 0
    while at < len(stream):
        numeral = _numeral(stream, at)
        if numeral is not None:
            found.append(numeral)
        at = at + 1 if numeral is None else numeral.last
    return tuple(found)


def _with_marked_parts(text: str, stream: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens, with the vowel that makes خُمس a fifth left on it."""
    if _VOWEL not in text:
        return stream
    return tuple(
        replace(token, text=_marked(text[token.start : token.end], token.text)) if token.kind == "word" else token
        for token in stream
    )


def _marked(written: str, folded: str) -> str:
    if _VOWEL in written:
        bare = _OTHER_MARKS.sub("", written)
        for part in MARKED_PARTS:
            if part in bare:
                return folded.replace(part.replace(_VOWEL, ""), part)
    return folded


def _numeral(stream: tuple[Token, ...], at: int) -> Numeral | None:
    whole = _term(stream, at)
    if whole is None or whole.share or whole.ordinal:
        return whole
    while whole.scale >= 100:
        following = _joined(stream, whole)
        if following is None:
            break
        whole = replace(
            following,
            first=whole.first,
            value=whole.value + following.value,
            step=following.step,
            also=None,
            digits=whole.digits or following.digits,
        )
    return whole


def _joined(stream: tuple[Token, ...], whole: Numeral) -> Numeral | None:
    """The smaller number that goes on after `whole`: "(two million) three hundred thousand", "(ألف) ومئتان"."""
    at = whole.last
    conjoined = stands(stream, at, "and", "و")
    following = _term(stream, at + conjoined)
    if following is None or following.share or following.vague or whole.vague or following.value >= whole.scale:
        return None
    known = word_at(stream, following.first)
    prefixed = known is not None and with_and(stream, following.first, known[0])
    if known is None and not (conjoined and stream[at].text == "و"):  # digits go on only after an Arabic "and"
        return None
    arabic = not stream[following.first].text.isascii()
    return following if prefixed or conjoined or not arabic else None


def _term(stream: tuple[Token, ...], at: int) -> Numeral | None:
    """One number as far as its magnitude: 3.5 million, ثلاثة ملايين ونصف, half a million, two thirds."""
    if at >= len(stream):
        return None
    token = stream[at]
    if token.kind == "number":
        if token.value != token.value:
            return None
        return _with_scale(stream, Numeral(at, at + 1, token.value, token.step, token.also, digits=True))
    known = word_at(stream, at)
    if known is None:
        return None
    role, value = known[1].role, known[1].value
    if role == "fraction":
        return _fraction(stream, at, value)
    if role == "many" or (role == "scale" and (_peeled_plural(token.text) or stands(stream, at - 1, *_A_FEW))):
        return _vague(stream, at, value)
    if (
        known[0] == "ال"
        and value >= 5
        and role in ("unit", "teen")
        and at
        and any(rest in _BY_A_PART for _, rest in peeled(stream[at - 1].text))
        and token.text in _PARTS_WITH_ARTICLE
        and word_at(stream, at + 1) is None
    ):  # بمقدار الخمس
        return Numeral(at, at + 1, 1 / value, 0.01, share=True)
    if (
        value >= 5
        and known[0] in ("", "ب", "ل", "و")
        and token.text.removeprefix(known[0]) in PLAIN_PARTS
        and at + 1 < len(stream)
        and stream[at + 1].text.startswith("ال")
        and not stands(stream, at - 1, "و")
        and word_at(stream, at + 1) is None
        and (at == 0 or word_at(stream, at - 1) is None)
    ):  # خمس السكان
        return Numeral(at, at + 1, 1 / value, 0.01, share=True)
    if role == "dozen":
        return Numeral(at, at + 1, value, value)
    if role == "dual" and value >= 1000:
        return _with_half(stream, Numeral(at, at + 1, 2 * value, value, scale=value))
    if (
        role == "scale" and token.text.endswith("ا") and known[0] in ("", "و")
    ):  # مليونا دينار are two, مليونا و200 ألف one
        two = Numeral(at, at + 1, 2 * value, value, value, scale=value)
        longer = _joined(stream, two)
        return replace(two, value=value, also=None) if longer is not None else two
    if role == "scale":
        return _with_scale(stream, Numeral(at, at + 1, value, value, scale=value, ordinal=known[1].ordinal))
    below = small(stream, at)
    if known[1].ordinal and below.last == at + 1 and stands(stream, at - 1, "a", "one") and token.text in PARTS:
        after = stream[at + 1].text if at + 1 < len(stream) else "."
        bounded = stands(
            stream, at - 2, "by", "about", "around", "nearly", "almost", "roughly", "than", "over", "under"
        )
        if after in _AFTER_A_PART or not after.isalpha() or bounded:
            return Numeral(at, at + 1, 1 / PARTS[token.text], 0.01, share=True)
        return below
    part = below.last + stands(stream, below.last, "-")
    if not below.ordinal and below.value < 10 and part < len(stream) and without_theirs(stream[part].text) in PARTS:
        share = below.value / PARTS[without_theirs(stream[part].text)]
        return Numeral(at, part + 1, share, 0.01, share=True)
    return below if below.ordinal else _with_scale(stream, below)


def _peeled_plural(word: str) -> bool:
    if word in _PLURAL_SCALES:
        return True
    return any(word.endswith(plural) and len(word) - len(plural) <= 4 for plural in _PLURAL_SCALES - {"thousands"})


def _fraction(stream: tuple[Token, ...], at: int, value: float) -> Numeral:
    following = at + 1
    if stands(stream, following, "of", "-"):
        following += 1
    if stands(stream, following, "a", "an"):
        following += 1
    known = word_at(stream, following)
    if known and known[1].role in ("scale", "dozen") and "و" not in known[0]:
        unit = known[1].value
        return Numeral(at, following + 1, value * unit, unit * value, scale=1.0)
    return Numeral(at, at + 1, value, 0.01, share=True)


def _vague(stream: tuple[Token, ...], at: int, value: float) -> Numeral:
    """عشرات الآلاف, tens of thousands, thousands."""
    last = at + 1
    following = last + stands(stream, last, "of")
    known = word_at(stream, following)
    if known and known[1].role in ("scale", "many") and "و" not in known[0]:
        return Numeral(at, following + 1, value * known[1].value, 1.0, vague=True)
    return Numeral(at, last, value, 1.0, vague=True)


def _with_scale(stream: tuple[Token, ...], number: Numeral) -> Numeral:
    """`number` with the magnitudes and the half that stand after it."""
    at = number.last
    if (
        number.step == 1
        and at < len(stream)
        and stream[at].glued
        and stream[at].kind == "number"
        and stream[at].value < 1
    ):
        number = replace(number, value=number.value + stream[at].value, step=stream[at].value, last=at + 1)  # 2½
        at += 1
    if number.digits and at < len(stream) and stream[at].glued and stream[at].kind == "word":
        ending = stream[at].text
        if ending in _ORDINAL_ENDINGS and number.step >= 1:
            return replace(number, last=at + 1, ordinal=True)
        if ending in SHORT_SCALES and (ending not in ("m", "b") or _means_millions(stream, number)):
            return _scaled(number, SHORT_SCALES[ending], at + 1)
    elif number.digits and stands(stream, at, "m", "b", "k") and _means_millions(stream, number):
        return _scaled(number, SHORT_SCALES[stream[at].text], at + 1)
    if (
        number.scale == 1.0
        and stands(stream, at, "and")
        and stands(stream, at + 1, "a")
        and stands(stream, at + 2, "half")
    ):
        number = replace(number, value=number.value + 0.5, step=0.5, last=at + 3, also=None)
        at = number.last
    while True:
        at = number.last + stands(stream, number.last, "-")
        known = word_at(stream, at)
        if known is None or "و" in known[0] or known[1].ordinal:
            break
        role, value = known[1].role, known[1].value
        hundred = role == "hundred" and number.digits and value == 100 and not known[0]
        if (
            number.value * value > _HIGHEST
            or known[0] not in ("", "ال")
            or (role not in ("scale", "dozen") and not hundred)
        ):
            break
        number = _scaled(number, value, at + 1)
    return _with_half(stream, number)


def _means_millions(stream: tuple[Token, ...], number: Numeral) -> bool:
    if number.first and stream[number.first - 1].text in _CURRENCY_MARKS:
        return True
    after = number.last + 1
    return after < len(stream) and stream[after].kind == "word" and stream[after].text.isascii() and (
        stream[after].text not in _AFTER_METRES
    )  # fmt: skip


def _scaled(number: Numeral, scale: float, last: int) -> Numeral:
    also = None if number.also is None else number.also * scale
    return replace(
        number, value=number.value * scale, step=number.step * scale, also=also, last=last,
        scale=scale if number.scale == 1.0 else number.scale * scale,
    )  # fmt: skip


def _with_half(stream: tuple[Token, ...], number: Numeral) -> Numeral:
    """`number` with ونصف or ونصف المليون after it."""
    at = number.last
    known = word_at(stream, at)
    if stands(stream, at, "و"):
        at += 1
        known = word_at(stream, at)
        known = known and ("و" + known[0], known[1])
    if known is None or known[1].role != "fraction" or not known[0].startswith("و") or "ال" in known[0]:
        return number
    scale, last = number.scale, at + 1
    again = word_at(stream, last)
    if again and again[1].role == "scale" and "و" not in again[0]:
        scale, last = again[1].value, last + 1
    if scale > number.scale:
        return number
    return replace(number, value=number.value + known[1].value * scale, step=scale / 4, last=last, also=None, scale=1.0)
