"""Words, numbers and marks of a text with their places: what the checks of numbers and times read.

Spans are code points of the text as it stands; the words in them are folded as for search.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.analysis import fold, without_possessive

_LONGEST_REMEMBERED = 40
"""Longer pieces are no words: folded, but not remembered."""

_FRACTION = "¼½¾⅐-⅞"
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_LETTER = rf"(?:(?![{_FRACTION}²³¹⁰-₉①-⓿])[^\W\d_])"
_TOKEN = re.compile(
    rf"""(?P<number>
        (?<![\d.,])\d{{1,3}}(?:[ \u00a0\u2009\u202f]\d{{3}})+(?![\d.,]\d|\d)   # 12 500 000
      | \d+(?:[.,٫٬،'’]\d+)*
      | [{_FRACTION}])
    | (?P<word>{_LETTER}(?:{_LETTER}|[{_MARKS}{_INVISIBLE}])*(?:['’]{_LETTER}+)*)
    | (?P<mark>[^\s{_INVISIBLE}{_MARKS}])""",
    re.VERBOSE,
)
_SEPARATORS = re.compile("[.,']")
_TO_ONE_SEPARATOR = str.maketrans({"٬": ",", "،": ",", "’": "'", "٫": "D"})
_SPACES = re.compile("[ \u00a0\u2009\u202f]")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text from `start` to `end`; `text` is folded, and for a number its digits as ASCII.

    A number may be read in two ways (1.234 is 1234 in some traditions): `also` is the other one. `step` is one unit
    of its last digit. `glued` says that nothing parts it from the token before.
    """

    kind: Literal["number", "word", "mark"]
    text: str
    start: int
    end: int
    glued: bool
    value: float = 0.0
    also: float | None = None
    step: float = 1.0


def _fold_word(word: str) -> str:
    return without_possessive(fold(word))


_remembered = lru_cache(1 << 15)(_fold_word)


@lru_cache(64)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of `text` in order, invisible characters left out."""
    found: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(text):
        start, written = match.start(), match.group()
        glued = start == end
        if match.lastgroup == "number":
            found.extend(_numbers(written, start, glued))
        elif match.lastgroup == "word":
            folded = _remembered(written) if len(written) <= _LONGEST_REMEMBERED else _fold_word(written)
            found.append(Token("word", folded, start, match.end(), glued))
        else:
            found.append(Token("mark", unicodedata.normalize("NFKC", written), start, match.end(), glued))
        end = match.end()
    return tuple(found)


def _numbers(written: str, start: int, glued: bool) -> list[Token]:
    """One number, or several where separators only list them: 1,2,3."""
    end = start + len(written)
    if len(written) == 1 and not written.isdecimal():
        value = unicodedata.numeric(written)
        return [Token("number", written, start, end, glued, value, step=value)]
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in _SPACES.sub("", written))
    read = _read(plain.translate(_TO_ONE_SEPARATOR))
    if read is not None:
        value, also, step = read
        return [Token("number", plain, start, end, glued, value, also, step)]
    if plain.count(".") >= 2 and "," not in plain:  # 12.5.2023, 1.2.3, an address: one thing, and no quantity
        return [Token("number", plain, start, end, glued, float("nan"))]
    parts = []
    for piece in re.finditer(r"\d+", written):
        first, last = start + piece.start(), start + piece.end()
        digits = "".join(str(unicodedata.decimal(c)) for c in piece.group())
        parts.append(Token("number", digits, first, last, True, float(digits if len(digits) <= 30 else "nan")))
    return parts


def _read(plain: str) -> tuple[float, float | None, float] | None:
    """The value of digits with separators, its other reading, and the unit of its last digit; None: no one number."""
    if len(plain) > 30:
        return None
    if plain.isdecimal():
        return float(plain), None, 1.0
    if "D" in plain:  # the Arabic decimal separator decides
        whole, _, rest = plain.partition("D")
        if rest.isdecimal() and (groups := _whole(whole)) is not None:
            return float(f"{groups}.{rest}"), None, 10.0 ** -len(rest)
        return None
    if (whole_of_all := _whole(plain)) is not None and not (plain.count(".") == 1 and "," not in plain):
        return float(whole_of_all), None, 1.0
    head, mark, last = plain[: (at := max(map(plain.rfind, ".,")))], plain[at : at + 1], plain[at + 1 :]
    groups = _whole(head)
    if groups is None or mark in head or not last.isdecimal():
        return None
    value = float(f"{groups}.{last}")
    thousands = mark == "." and len(last) == 3 and 1 <= len(head) <= 3 and head[0] != "0"
    return value, float(head + last) if thousands else None, 10.0 ** -len(last)


def _whole(written: str) -> str | None:
    """The digits of a whole number with or without thousands separators; None where groups are not of three."""
    parts = _SEPARATORS.split(written)
    if len(parts) == 1:
        return written
    if len(set(_SEPARATORS.findall(written))) > 1 or not all(len(part) == 3 for part in parts[1:]):
        return None
    return "".join(parts) if 1 <= len(parts[0]) <= 3 and parts[0][0] != "0" else None


_CLITICS = "وف"
_PREPOSITIONS = "بلك"


@lru_cache(1 << 14)
def peeled(word: str) -> tuple[tuple[str, str], ...]:
    """The folded word as (what is written on to it, the rest), the whole word first."""
    found = [("", word)]
    if not word or word.isascii():
        return tuple(found)
    for letters in (_CLITICS, _PREPOSITIONS):
        found += [(cut + rest[0], rest[1:]) for cut, rest in tuple(found) if len(rest) > 2 and rest[0] in letters]
    for cut, rest in tuple(found):
        if rest.startswith("ال") and len(rest) > 3:
            found.append((cut + "ال", rest[2:]))
        elif rest.startswith("لل") and len(rest) > 3:
            found.append((cut + "لل", rest[2:]))
        elif rest.startswith("ل") and cut.endswith("ل") and len(rest) > 3:
            found.append((cut + "ل", rest[1:]))
    return tuple(dict.fromkeys(found))
