"""Sentences and list items of a text, as spans: Arabic, English and mixed.

Our own rules because general splitters cut Arabic at commas and colons. A sentence ends at `. ! ? ؟ ؛ … ۔` before
white space, not inside numbers, dates, abbreviations or initials. A list item stays whole. Nothing is longer than
`MAX_QUOTE_CHARS`: what would be is cut after a clause mark, so that every span can be quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.types import MAX_QUOTE_CHARS

Kind = Literal["sentence", "item", "heading"]


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, list item or heading at text[start:end], without white space around it."""

    start: int
    end: int
    kind: Kind = "sentence"


ITEM = re.compile(
    r"""[ \t]*(?:
        [-*•·▪◦‣–—●■ـ]                              # bullets; some typists use the tatweel as a dash
      | \(?[0-9٠-٩۰-۹]{1,2}(?:[-–.)]+|[ ][-–.)]+(?![ \t]+\d))  # 1- 1. (1) ١- 1 -, but not "10 - 15 people"
      | \((?:[a-zA-Zأ-ي]|[ivx]{2,4})\) | (?:[a-zأ-ي]|[ivx]{2,4})\)   # (a) a) أ) ii)
      | (?:[a-z]|[ivx]{2,4})\.                       # a. ii. but not A. Smith, nor «د. سمير»
      | (?:أو[\u0651]?ل|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر)[\u064b]?ا[\u064b]?[ ]?[:\-–.،]  # أولا:
    )[ \t]+(?=\S)""",
    re.VERBOSE,
)
"""How a line that is a list item begins."""

_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)(?:ly)?"
    r"|(?:ال)?(?:أو[\u0651]?ل|ثاني?|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|حادي)[ىة]?(?: عشرة?)?"
)
_NUMERAL = rf"[0-9٠-٩۰-۹]{{1,3}}(?:[.\-–/][0-9٠-٩۰-۹]{{1,3}})*|[IVX]+|(?i:{_ORDINAL})"
_LABEL = re.compile(rf"\s*(?:[^\W\d_]+\.?[ ]|§[ ]?)?[(\[]?(?:{_NUMERAL})[)\]]?")
"""What numbers a line ("2.3", "Article 4", "II", «المادة ٤», «البند الثاني»): its full stop ends no sentence."""

# A full stop may be followed by closing quotes and footnote numbers; Chinese and Japanese put no space after theirs.
_CLOSING = r"[\"'»”’)\]」』）]*(?:\[\d{1,3}\])*"
_END = re.compile(rf"(?:[.!?؟۔…।॥։።]+|؛){_CLOSING}(?=\s|$)|[。！？｡]+{_CLOSING}")
_CLAUSE = re.compile(r"[،,:;–—](?=\s)")
_TERMINAL = re.compile(rf"[.!?؟؛…:۔।॥։።。！？]{_CLOSING}$")

_TITLES = frozenset(
    """mr mrs ms dr prof gen maj col lt sgt cpl capt cmdr adm brig amb sen rep gov pres hon rev st mt vs cf ed eds viz
    e.g i.e pub أ.د ود وم وأ وأ.د""".split()
)
"""Before a name or an example: never the end of a sentence."""
_NUMBERED = frozenset(
    "no nos vol p pp fig art sec ch para jan feb mar apr jun jul aug sep sept oct nov dec est".split()
)
"""Abbreviations only where a number follows: `no` and `art` are words too."""
_OTHERS = frozenset("jr sr est etc al inc ltd co corp bros dept approx ca a.m p.m ق.م ب.م".split())
"""These may end a sentence: they do where a word that begins sentences follows."""
_BEGINNINGS = frozenset(
    """the a an it its in on at by but and he she they we his her their our this that these those there if when while
    however as after before since for some many most no not what who""".split()
)
_CAPITALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_YEAR_BEFORE = re.compile(r"[\d٠-٩]\s$")
_NOT_IN_A_WORD = re.compile(r"[\s(\[{«“\"'‘]")
_REACH = 60
"""How far rules look around a full stop: a hostile text must not make them slow."""


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """The spans of `text`, in order, not overlapping; together they hold every character that is not white space.

    `language` is accepted for symmetry with the other analysers: the rules hold for both languages at once, since one
    document may mix them.
    """
    del language
    spans: list[Span] = []
    blocks = _blocks(text)
    short = [end - start <= 90 and not _TERMINAL.search(text, start, end) for start, end in blocks]
    for number, (start, end) in enumerate(blocks):
        if ITEM.match(text, start, end):
            spans.extend(_item(text, start, end))
            continue
        pieces = _sentences(text, start, end)
        # A heading heads something: at the end of a text, or three in a row, they are sentences without full stops.
        near = short[max(0, number - 2) : number + 3]
        heads = number + 1 < len(blocks) and "111" not in "".join(map(str, map(int, near)))
        heading = heads and short[number] and len(pieces) == 1
        spans.extend(Span(a, b, "heading" if heading else "sentence") for a, b in pieces)
    return spans


def _blocks(text: str) -> list[tuple[int, int]]:
    """Stretches that no sentence crosses: lines, or the lines of one hard-wrapped paragraph together."""
    groups: list[list[tuple[int, int]]] = [[]]
    at = 0
    for line in text.split("\n"):
        if line.strip():
            groups[-1].append((at, at + len(line)))
        elif groups[-1]:
            groups.append([])
        at += len(line) + 1
    width = max((end - start for lines in groups if _wrapped(lines) for start, end in lines), default=0)
    blocks = [block for lines in groups for block in _unwrap(text, lines, width)]
    return [_strip(text, start, end) for start, end in blocks]


def _wrapped(lines: list[tuple[int, int]]) -> bool:
    """Whether a fixed width broke these lines: three or more, all but the last about equally long, none over 130."""
    lengths = [end - start for start, end in lines]
    return len(lengths) >= 3 and 40 <= max(lengths) <= 130 and min(lengths[:-1]) >= 0.7 * max(lengths)


def _unwrap(text: str, lines: list[tuple[int, int]], width: int) -> list[tuple[int, int]]:
    """Joins lines that a fixed width broke; `width` is that of the text's wrapped paragraphs, 0 if it has none."""
    wrapped = _wrapped(lines)
    if len(lines) == 2 and width:
        start, end = lines[0]
        wrapped = 0.7 * width <= end - start <= width and not _TERMINAL.search(text, max(start, end - _REACH), end)
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        item = ITEM.match(text, start, end)
        # the indented second line of an item belongs to it
        hangs = bool(joined) and text.startswith(("  ", "\t"), start) and ITEM.match(text, *joined[-1]) is not None
        if joined and not item and (wrapped or hangs):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _item(text: str, start: int, end: int) -> list[Span]:
    """A list item whole; one too long to quote becomes as few pieces as its sentences allow."""
    if end - start <= MAX_QUOTE_CHARS:
        return [Span(start, end, "item")]
    merged: list[tuple[int, int]] = []
    for a, b in _sentences(text, start, end):
        if merged and b - merged[-1][0] <= MAX_QUOTE_CHARS:
            merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return [Span(a, b, "item" if number == 0 else "sentence") for number, (a, b) in enumerate(merged)]


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    marker = ITEM.match(text, start, end)
    pieces: list[tuple[int, int]] = []
    begin = start
    for mark in _END.finditer(text, marker.end() if marker else start, end):
        if _ends_sentence(text, begin, mark, end) and not _is_label(text, start, begin, mark):
            pieces.append((begin, mark.end()))
            begin = mark.end()
    pieces.append((begin, end))
    stripped = [_strip(text, a, b) for a, b in pieces]
    return [part for a, b in stripped if a < b for part in _cut(text, a, b)]


def _is_label(text: str, start: int, begin: int, mark: re.Match[str]) -> bool:
    """Whether what begins at `begin`, in a block that begins at `start`, only numbers the line that it stands in."""
    label = _LABEL.fullmatch(text, begin, mark.start()) if mark.group() == "." else None
    return label is not None and (begin == start or "\n" in label[0])


def _ends_sentence(text: str, begin: int, mark: re.Match[str], end: int) -> bool:
    rest = text[mark.end() : min(end, mark.end() + _REACH)].lstrip()
    stop = mark.group()
    if not rest or stop[0] in "؛।॥։።。！？｡":
        return True
    if rest[0].islower():  # "what?" he said: a lower-case Latin letter goes on with the sentence
        return False
    if stop[0] != "." or stop[1:2] in (".", "…"):
        return True
    near = text[max(begin, mark.start() - _REACH) : mark.start()]
    word = _NOT_IN_A_WORD.split(near)[-1]
    lower = word.lower()
    begins = re.split(r"[\W\d_]", rest.lower(), maxsplit=1)[0] in _BEGINNINGS
    if lower in _TITLES:
        return False
    if lower in _NUMBERED:
        return not rest[0].isdigit()
    if lower in _OTHERS:
        return begins
    if word in ("م", "هـ", "ه") and _YEAR_BEFORE.search(near.removesuffix(word)):
        return True  # "عام 2022 م.": an era closes what an initial would open
    # initials and the like ("J. Smith", "J.D. Vance", "U.S. Congress", "H.R. 6265", "م. عيسى") go on with a name
    if (len(word) == 1 and word.isalpha()) or _CAPITALS.fullmatch(word):
        return begins and (len(word) > 1 or word.isascii())
    return True


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cuts a sentence over `MAX_QUOTE_CHARS` after its last clause mark that fits, else at white space."""
    pieces: list[tuple[int, int]] = []
    while end - start > MAX_QUOTE_CHARS:
        limit = start + MAX_QUOTE_CHARS
        marks = [m.end() for m in _CLAUSE.finditer(text, start, limit)]
        late = [at for at in marks if at - start >= MAX_QUOTE_CHARS // 3 and end - at >= 40]
        if late:
            at = late[-1]
        else:
            spaces = [m.start() for m in re.finditer(r"\s", text[start:limit])]
            at = start + spaces[-1] if spaces and spaces[-1] > 0 else limit
        pieces.append(_strip(text, start, at))
        start, end = _strip(text, at, end)
    if start < end:
        pieces.append((start, end))
    return [(a, b) for a, b in pieces if a < b]
