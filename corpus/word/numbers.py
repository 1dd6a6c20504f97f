"""The numbers that Word prints before the items of lists and before headings: they stand in no text of the file.

A paragraph names a list (`numId`) and a level of it, by itself or by its style; lists made alike share their counters
(ECMA-376, part 1, 17.9). The numbers are written into the paragraphs, as Word prints them: "3.", "b)", "2.1", «ج.».
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from corpus.word.markup import DEEPEST, is_on, tag, value, whole

LONGEST = 50
"""Characters of what a level prints, such as "Article %1." """

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
    """How the items of a level are numbered.

    `text` has %1 to %9 in the place of the numbers; `legal`: all of them in digits; `style`: that of its paragraphs.
    """

    start: int
    kind: str
    text: str
    legal: bool
    style: str


@dataclass(slots=True)
class _List:
    """A list: whose counters it uses, its levels, and where it begins anew."""

    counters: str
    levels: dict[int, _Level]
    anew: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str
    number: str
    level: int | None


def write_numbers(document: etree._Element, numbering: etree._Element | None, styles: etree._Element | None) -> None:
    """Write the numbers of `document`'s paragraphs into them."""
    if numbering is None:
        return
    lists, named = _lists(numbering), dict(_styles(styles)) if styles is not None else {}
    counts: dict[str, dict[int, int]] = {}
    begun: set[tuple[str, int]] = set()
    goes_on = False
    for paragraph in document.iter(tag("p")):
        # What was a paragraph of its own until its mark was deleted goes on with the one before.
        first, unmarked = not goes_on, _is_unmarked(paragraph)
        some = any((text.text or "").strip() for text in _texts(paragraph))
        if unmarked and not some:
            continue  # nothing is left of it
        goes_on = unmarked
        number, level = _place(paragraph, named, lists)
        found = lists.get(number)
        if found is None or level not in found.levels or not first:
            continue
        count = counts.setdefault(found.counters, {})
        if level in found.anew and (number, level) not in begun:
            count[level] = found.anew[level] - 1
        begun.add((number, level))
        count[level] = count.get(level, found.levels[level].start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            count.pop(deeper, None)
        if some and found.levels[level].kind not in _SILENT and (mark := _mark(found.levels, level, count)):
            _prefix(paragraph, f"{mark} ")


def _texts(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The texts of a paragraph that are still there: none that was moved away, none of a text box in it."""
    for text in paragraph.iter(tag("t")):
        around = [one.tag for one in text.iterancestors(tag("moveFrom"), tag("p"))]
        if around[:1] == [tag("p")] and next(text.iterancestors(tag("p"))) is paragraph:
            yield text


def _is_unmarked(paragraph: etree._Element) -> bool:
    """Whether the end of a paragraph was deleted or moved away."""
    mark = paragraph.find(f"{tag('pPr')}/{tag('rPr')}")
    return mark is not None and any(mark.find(tag(name)) is not None for name in ("del", "moveFrom"))


def _lists(numbering: etree._Element) -> dict[str, _List]:
    made: dict[str, dict[int, _Level]] = {}
    of_style: dict[str, str] = {}
    linked: dict[str, str] = {}
    for abstract in numbering.iter(tag("abstractNum")):
        name = str(abstract.get(tag("abstractNumId"), ""))
        made[name] = dict(_levels(abstract))
        if style := value(abstract.find(tag("styleLink"))):
            of_style[style] = name
        if style := value(abstract.find(tag("numStyleLink"))):
            linked[name] = style
    found: dict[str, _List] = {}
    for one in numbering.iter(tag("num")):
        counters = value(one.find(tag("abstractNumId")))
        counters = of_style.get(linked.get(counters, ""), counters)
        listed = _List(counters, made.get(counters, {}))
        for override in one.iter(tag("lvlOverride")):
            level = whole(str(override.get(tag("ilvl"), "")), 0)
            listed.levels = {**listed.levels, **dict(_levels(override))}
            start = override.find(tag("startOverride"))
            if start is not None:
                listed.anew[level] = whole(value(start), 1)
        found[str(one.get(tag("numId"), ""))] = listed
    return found


def _levels(parent: etree._Element) -> Iterator[tuple[int, _Level]]:
    for level in parent.iterchildren(tag("lvl")):
        at = whole(str(level.get(tag("ilvl"), "")), 0)
        text = value(level.find(tag("lvlText")))
        if at >= _LEVELS or len(text) > LONGEST:
            continue
        legal = level.find(tag("isLgl"))
        yield (
            at,
            _Level(
                whole(value(level.find(tag("start"))), 1),
                value(level.find(tag("numFmt")), "decimal"),
                text,
                legal is not None and is_on(legal),
                value(level.find(tag("pStyle"))),
            ),
        )


def _styles(styles: etree._Element) -> Iterator[tuple[str, _Style]]:
    for style in styles.iter(tag("style")):
        numbered = style.find(f"{tag('pPr')}/{tag('numPr')}")
        number = value(numbered.find(tag("numId"))) if numbered is not None else ""
        level = numbered.find(tag("ilvl")) if numbered is not None else None
        yield (
            str(style.get(tag("styleId"), "")),
            _Style(value(style.find(tag("basedOn"))), number, whole(value(level), 0) if level is not None else None),
        )


def _place(paragraph: etree._Element, styles: Mapping[str, _Style], lists: Mapping[str, _List]) -> tuple[str, int]:
    """The list of a paragraph and its level there; `numId` 0 takes it out of its style's."""
    properties = paragraph.find(tag("pPr"))
    if properties is None:
        return "", 0
    style = value(properties.find(tag("pStyle")))
    number, level = _of_style(style, styles, lists)
    own = properties.find(tag("numPr"))
    if own is not None:
        number = value(own.find(tag("numId"))) or number
        level = whole(value(own.find(tag("ilvl"))), level)
    return number, min(level, _LEVELS - 1)


def _of_style(style: str, styles: Mapping[str, _Style], lists: Mapping[str, _List]) -> tuple[str, int]:
    number, level = "", None
    chain: list[str] = []
    while style in styles and len(chain) < DEEPEST:
        chain.append(style)
        number = number or styles[style].number
        level = styles[style].level if level is None else level
        style = styles[style].based_on
    if (found := lists.get(number)) is not None and level is None:
        named = {one.style: at for at, one in found.levels.items() if one.style}
        level = next((named[one] for one in chain if one in named), None)
    return number, level or 0


def _mark(levels: Mapping[int, _Level], level: int, count: Mapping[int, int]) -> str:
    def number(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        there = levels.get(at)
        if there is None:
            return ""
        return _written(count.get(at, there.start), "decimal" if levels[level].legal else there.kind)

    return re.sub(r"%([1-9])", number, levels[level].text).strip()


def _written(number: int, kind: str) -> str:
    if number < 1:
        return str(number)
    if (letters := _ALPHABETS.get(kind)) is not None:  # after the last, each is doubled: aa, bb
        turns, at = divmod(number - 1, len(letters))
        return letters[at] * min(turns + 1, 9)
    if kind in ("lowerRoman", "upperRoman") and number < 4000:
        written = ""
        for amount, sign in _ROMAN:
            times, number = divmod(number, amount)
            written += sign * times
        return written.upper() if kind == "upperRoman" else written
    return f"{number:02}" if kind == "decimalZero" else str(number)


def _prefix(paragraph: etree._Element, mark: str) -> None:
    run = etree.Element(tag("r"))
    text = etree.SubElement(run, tag("t"))
    text.text = mark
    properties = paragraph.find(tag("pPr"))
    paragraph.insert(paragraph.index(properties) + 1 if properties is not None else 0, run)
