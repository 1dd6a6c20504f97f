"""The numbers that Word prints before the items of lists and before headings: they stand in no text of the file.

A paragraph names a list (`numId`) and a level of it, by itself or by its style; lists made alike share their counters
(ECMA-376, part 1, 17.9). The numbers are written into the paragraphs, as Word prints them: "3.", "b)", "2.1", «ج.».
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LEVELS = 9
_ALPHABETS = {
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "arabicAbjad": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
}
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_SILENT = frozenset(("bullet", "none"))


@dataclass(frozen=True, slots=True)
class _Level:
    """How the items of a level are numbered; `text` has %1 to %9 in the place of the numbers."""

    start: int
    kind: str
    text: str


@dataclass(slots=True)
class _List:
    """A list: whose counters it uses, its levels, and where it begins anew."""

    counters: str
    levels: dict[int, _Level]
    anew: dict[int, int] = field(default_factory=dict)


def write_numbers(document: etree._Element, numbering: etree._Element | None, styles: etree._Element | None) -> None:
    """Write the numbers of `document`'s paragraphs into them."""
    if numbering is None:
        return
    lists = _lists(numbering)
    by_style = dict(_styles(styles)) if styles is not None else {}
    counts: dict[str, dict[int, int]] = {}
    begun: set[tuple[str, int]] = set()
    for paragraph in document.iter(_tag("p")):
        number, level = _place(paragraph, by_style)
        found = lists.get(number or "")
        if (
            found is None
            or level not in found.levels
            or not any((text.text or "").strip() for text in paragraph.iter(_tag("t")))
        ):
            continue
        count = counts.setdefault(found.counters, {})
        if level in found.anew and (number or "", level) not in begun:
            count[level] = found.anew[level] - 1
        begun.add((number or "", level))
        count[level] = count.get(level, found.levels[level].start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            count.pop(deeper, None)
        if found.levels[level].kind not in _SILENT and (mark := _mark(found.levels, level, count)):
            _prefix(paragraph, f"{mark} ")


def _tag(name: str) -> str:
    return f"{{{WORD}}}{name}"


def _value(element: etree._Element | None, default: str = "") -> str:
    return str(element.get(_tag("val"), default)) if element is not None else default


def _whole(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default


def _lists(numbering: etree._Element) -> dict[str, _List]:
    made: dict[str, dict[int, _Level]] = {}
    for abstract in numbering.iter(_tag("abstractNum")):
        made[str(abstract.get(_tag("abstractNumId"), ""))] = dict(_levels(abstract))
    found: dict[str, _List] = {}
    for one in numbering.iter(_tag("num")):
        counters = _value(one.find(_tag("abstractNumId")))
        listed = _List(counters, dict(made.get(counters, {})))
        for override in one.iter(_tag("lvlOverride")):
            level = _whole(str(override.get(_tag("ilvl"), "")), 0)
            listed.levels.update(_levels(override))
            start = override.find(_tag("startOverride"))
            if start is not None:
                listed.anew[level] = _whole(_value(start), 1)
        found[str(one.get(_tag("numId"), ""))] = listed
    return found


def _levels(parent: etree._Element) -> Iterator[tuple[int, _Level]]:
    for level in parent.iterchildren(_tag("lvl")):
        start = _whole(_value(level.find(_tag("start"))), 1)
        kind = _value(level.find(_tag("numFmt")), "decimal")
        yield _whole(str(level.get(_tag("ilvl"), "")), 0), _Level(start, kind, _value(level.find(_tag("lvlText"))))


def _styles(styles: etree._Element) -> Iterator[tuple[str, tuple[str, int]]]:
    for style in styles.iter(_tag("style")):
        number = style.find(f"{_tag('pPr')}/{_tag('numPr')}/{_tag('numId')}")
        level = style.find(f"{_tag('pPr')}/{_tag('numPr')}/{_tag('ilvl')}")
        if number is not None:
            yield str(style.get(_tag("styleId"), "")), (_value(number), _whole(_value(level), 0))


def _place(paragraph: etree._Element, by_style: Mapping[str, tuple[str, int]]) -> tuple[str | None, int]:
    """The list of a paragraph and its level there; `numId` 0 takes it out of its style's."""
    properties = paragraph.find(_tag("pPr"))
    if properties is None:
        return None, 0
    number, level = by_style.get(_value(properties.find(_tag("pStyle"))), (None, 0))
    own = properties.find(_tag("numPr"))
    if own is not None:
        number = _value(own.find(_tag("numId"))) or number
        level = _whole(_value(own.find(_tag("ilvl"))), level)
    return number, min(level, _LEVELS - 1)


def _mark(levels: Mapping[int, _Level], level: int, count: Mapping[int, int]) -> str:
    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        there = levels.get(at)
        return _written(count.get(at, there.start), there.kind) if there is not None else ""

    return re.sub(r"%([1-9])", number, levels[level].text).strip()


def _written(number: int, kind: str) -> str:
    if number < 1:
        return str(number)
    if (letters := _ALPHABETS.get(kind)) is not None:  # after the last, each is doubled: aa, bb
        turns, at = divmod(number - 1, len(letters))
        return letters[at] * min(turns + 1, 9)
    if kind in ("lowerRoman", "upperRoman") and number < 4000:
        written = ""
        for value, sign in _ROMAN:
            times, number = divmod(number, value)
            written += sign * times
        return written.upper() if kind == "upperRoman" else written
    return f"{number:02}" if kind == "decimalZero" else str(number)


def _prefix(paragraph: etree._Element, mark: str) -> None:
    run = etree.Element(_tag("r"))
    text = etree.SubElement(run, _tag("t"))
    text.text = mark
    properties = paragraph.find(_tag("pPr"))
    paragraph.insert(paragraph.index(properties) + 1 if properties is not None else 0, run)
