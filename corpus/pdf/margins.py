"""Running heads, running feet and page numbers: what stands at the same place of several pages, numbers aside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.pdf.lines import Line

_ZONE = 0.14
"""How much of a page's height, at its head and at its foot, may be such."""
_OUTERMOST = 3
_PLACE = 4.0
"""Points up or down that still are the same place."""
_NEAR_PAGES = 2
"""A head stands on the next page, or on the one after it (left and right pages have their own)."""
_NUMBER = re.compile(r"[\d٠-٩۰-۹]+")
_ROMAN = re.compile(r"[ivxlcdm]{1,7}", re.IGNORECASE)
_ARABIC_NUMBER = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def without_margins(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page without what runs along the pages."""
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    places: dict[str, list[Line]] = defaultdict(list)
    for lines in edges:
        for line in lines:
            places[_key(line.text)].append(line)
    running: set[int] = set()
    for key, found in places.items():
        for line in found:
            near = [other for other in found if other is not line and _same_place(line, other, heights)]
            if key in ("#", "%"):
                near = [other for other in near if _counts_on(line, other)]
            if near or (key == "#" and _alone(line, heights, len(pages))):
                running.add(id(line))
    return [[line for line in lines if id(line) not in running] for lines in pages]


def _edges(lines: Sequence[Line], height: float) -> list[Line]:
    """The outermost lines at the head and at the foot of a page."""
    down = sorted(lines, key=lambda line: -line.base)
    head = [line for line in down[:_OUTERMOST] if line.base > (1 - _ZONE) * height]
    foot = [line for line in down[-_OUTERMOST:] if line.base < _ZONE * height]
    return list({id(line): line for line in (*head, *foot)}.values())


def _key(text: str) -> str:
    bare = text.strip(" -–—|·.()[]")
    if _ROMAN.fullmatch(bare):
        return "%"
    return " ".join(_NUMBER.sub("#", bare).split()).casefold()


def _same_place(one: Line, two: Line, heights: Sequence[float]) -> bool:
    if not 0 < abs(one.page - two.page) <= _NEAR_PAGES or abs(one.size - two.size) > 0.06 * one.size:
        return False
    from_foot = abs(one.base - two.base)
    from_head = abs((heights[one.page] - one.base) - (heights[two.page] - two.base))
    return min(from_foot, from_head) <= _PLACE


def _counts_on(one: Line, two: Line) -> bool:
    """Whether two numbers count pages."""
    first, second = (_NUMBER.search(line.text) for line in (one, two))
    if first is None or second is None:
        return True  # Roman numerals
    apart = int(second[0].translate(_ARABIC_NUMBER)) - int(first[0].translate(_ARABIC_NUMBER))
    return apart == two.page - one.page


def _alone(line: Line, heights: Sequence[float], pages: int) -> bool:
    """Whether a bare number is the page's own: file of one page, or a number that no page beside it continues."""
    number = _NUMBER.search(line.text)
    bare = number is not None and int(number[0].translate(_ARABIC_NUMBER)) == line.page + 1
    return bare and (pages == 1 or line.base < 0.08 * heights[line.page])
