"""A line's signs, from where they stand to the order in which they are read: the bidirectional algorithm backwards.

What a file says of the order is not to be relied on: some write Arabic from left to right, some from right to left,
some word by word. Where each sign stands is what a reader sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from corpus.pdf.glyphs import Glyph

_SEEN_GAP, _SIGN_GAP, _UNSEEN_GAP = 0.12, 0.18, 0.3
"""From which gap on, in sizes of the type, a space stands: between what PDFium holds for two words; beside a bracket or
the like, whose spaces it loses where the direction changes; and inside a word."""

_TATWEEL = re.compile("(?<=[\u0620-\u063f\u0641-\u0652\u0670-\u06d3])\u0640+(?=[\u0620-\u0652\u0670-\u06d3])")
_PERCENT_FIRST = re.compile(r"(?<![\w%٪.,٫٬])([%٪])((?:\d+[.,٫٬])*\d+)(?![\w%٪])")
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
_OPENING = _PAIRS | {closing: opening for opening, closing in _PAIRS.items()}
_STOPS = frozenset(".,،؛;:!?؟…")


def spaces(glyphs: Sequence[Glyph]) -> list[bool]:
    """For each sign of a line, which are ordered by their left edges, whether a space stands on its left."""
    found = [False]
    reach = glyphs[0].right if glyphs else 0.0
    for one, two in pairwise(glyphs):
        gap = two.left - max(reach, one.right)
        signs = "N" in (kind(one.text), kind(two.text))
        limit = _SEEN_GAP if one.word != two.word else _SIGN_GAP if signs else _UNSEEN_GAP
        found.append(gap > limit * min(one.size, two.size))
        reach = max(reach, two.right)
    return found


def kind(text: str) -> str:
    """R of Arabic and Hebrew letters, A of Arabic-Indic digits, E of other digits, L of other letters, else N."""
    for sign in text:
        group = unicodedata.bidirectional(sign)
        if group in ("R", "AL"):
            return "R"
        if group == "AN":
            return "A" if sign.isdigit() else "N"
        if group == "EN":
            return "E"
        if group == "L":
            return "L"
    return "N"


def logical(signs: Sequence[str], rightwards: bool) -> str:
    """The text of `signs`, spaces among them, that stand so from left to right.

    `rightwards`: whether the line is read from left to right.
    """
    kinds = [kind(sign) for sign in signs]
    if "R" not in kinds and "A" not in kinds:
        return "".join(signs)
    order = _from_left(kinds, signs) if rightwards else _from_right(kinds, signs)
    text = "".join(signs[place] for place in order)
    return _PERCENT_FIRST.sub(r"\2\1", _brackets(_TATWEEL.sub("", text)))


def _from_right(kinds: Sequence[str], signs: Sequence[str]) -> list[int]:
    """Places in reading order from the right: Latin words and numbers keep theirs."""
    order: list[int] = []
    end = len(kinds)
    while end > 0:
        start = _run_before(kinds, signs, end)
        order += range(start, end)
        end = start
    return order


def _from_left(kinds: Sequence[str], signs: Sequence[str]) -> list[int]:
    """Places in reading order from the left: a stretch of Arabic is read from the right."""
    order: list[int] = []
    at = 0
    while at < len(kinds):
        if kinds[at] not in "RA":
            order.append(at)
            at += 1
            continue
        end = last = at + 1
        while end < len(kinds) and kinds[end] != "L":
            end += 1
            if kinds[end - 1] in "RA":
                last = end
        order += [at + place for place in _from_right(kinds[at:last], signs[at:last])]
        at = last
    return order


def _run_before(kinds: Sequence[str], signs: Sequence[str], end: int) -> int:
    """Where the run that ends before `end` begins that is read from left to right; `end - 1` where there is none."""
    last = end - 1
    if kinds[last] not in "LEA":
        return last
    number = last
    while number > 0:
        before = number - 1
        if kinds[before] == kinds[last]:
            number = before
        elif (
            before > 0 and kinds[last] in "EA" and signs[before] in ".,:/٫٬" and kinds[before - 1] == kinds[last]
        ):  # 14/03/2024, 2.5
            number = before - 1
        else:
            break
    if kinds[last] == "A":
        return number
    start, at = last, last
    latin = kinds[last] == "L"
    while at > 0 and kinds[at - 1] in "LEN":
        at -= 1
        if kinds[at] in "LE":
            start = at
            latin = latin or kinds[at] == "L"
    return start if latin else number


def _brackets(text: str) -> str:
    """Brackets the way they are written: signs are mirrored by some programs and not by others."""
    signs = list(text)
    for at, sign in enumerate(signs):
        if sign not in _OPENING:
            continue
        opening = sign if sign in _PAIRS else _OPENING[sign]
        before = signs[at - 1] if at else " "
        after = signs[at + 1] if at + 1 < len(signs) else " "
        opens = before.isspace() or before in _PAIRS
        closes = after.isspace() or after in _STOPS
        if opens and closes:  # apart on both sides: it closes what is open
            if signs[:at].count(opening) > signs[:at].count(_PAIRS[opening]):
                signs[at - 1 : at + 1] = ["", _PAIRS[opening]]
        elif opens != closes:
            signs[at] = opening if opens else _PAIRS[opening]
        elif not opens and (after in _OPENING or not after.isalnum()) and before.isalnum():
            signs[at] = _PAIRS[opening]
    return "".join(signs)
