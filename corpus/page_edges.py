"""The edges of an article: bylines and menus above it, what trails after its last paragraph."""

from __future__ import annotations

import re

from corpus.furniture import Kind, is_bio, is_list_item, normalise_label
from corpus.page_lines import Line


def mark_head(lines: list[Line], headline: int | None) -> None:
    """Before the article: menus, bylines and dates go, and on a page that has them all else above the headline."""
    start = next((i for i, line in enumerate(lines) if line.body), None)
    if start is None:
        return
    if _is_timeline(lines, start):  # its dates are headings
        end = start if lines[start].first_of_block else max(start - 1, 0)
    else:
        end = _head_end(lines, start)
    for line in lines[:end]:
        if line.reason is None and line.kind in (Kind.META, Kind.NAV):
            line.reason = line.kind.value
    furnished = any(line.reason for line in lines[:end])
    if not furnished:
        return
    for i, line in enumerate(lines[:end]):
        if line.reason or i == headline or line.body:
            continue
        if headline is not None and i < headline:
            line.reason = "menu"
        elif (i < start and not line.prose and _is_stray(lines, i, start)) or (i > start and _beside_meta(lines, i)):
            line.reason = "byline"


def _head_end(lines: list[Line], start: int) -> int:
    """Bylines may stand below a standfirst: the head reaches to the last of them before the third paragraph."""
    end, paragraphs = start, 0
    for i in range(start, min(len(lines), start + 12)):
        if lines[i].body:
            paragraphs += 1
            if paragraphs == 3:
                break
        elif lines[i].kind is Kind.META and paragraphs < 2:
            end = i + 1
    return end


def _is_timeline(lines: list[Line], start: int) -> bool:
    """Whether dates stand between the paragraphs again and again."""
    rest = [line for line in lines[start:] if line.reason is None]
    dates = sum(
        two.kind is Kind.META and one.body and three.body
        for one, two, three in zip(rest, rest[1:], rest[2:], strict=False)
    )
    return dates >= 2


def _is_stray(lines: list[Line], i: int, start: int) -> bool:
    """Whether a line between headline and body is no part of the text: short, without a full stop, near a byline."""
    line = lines[i]
    if is_list_item(line.text) or line.text.rstrip().endswith((".", "…", ":", ",", "،")):
        return False
    if line.words <= 5:
        return not (
            i == start - 1 and not _beside_meta(lines, i) and lines[i].words > 1 and not _short_dateline(line.text)
        )
    return False


def _short_dateline(text: str) -> bool:
    return re.search(r"\s[-–—/]\s", text) is not None


def _beside_meta(lines: list[Line], i: int) -> bool:
    """Whether line `i` is short and in one run of short lines with a byline or date."""
    if lines[i].words > 6 or lines[i].prose:
        return False
    for step in (1, -1):
        j = i + step
        while 0 <= j < len(lines) and abs(j - i) <= 4 and not lines[j].body and lines[j].words <= 12:
            if lines[j].kind in (Kind.META, Kind.CREDIT):
                return True
            j += step
    return False


def mark_end(lines: list[Line]) -> None:
    """After the last paragraph: what is labelled goes, and unlabelled runs of short lines beside it."""
    last = max((i for i, line in enumerate(lines) if line.body and not _is_last_word(lines, i)), default=None)
    if last is None:
        return
    tail = range(last + 1, len(lines))
    for i in tail:
        if lines[i].reason is None and (lines[i].kind in (Kind.META, Kind.NAV) or _is_last_word(lines, i)):
            lines[i].reason = "tail"
    furnished = [i for i in tail if lines[i].reason]
    if not furnished:
        return
    listing = lines[last].text.rstrip().endswith((":", "："))
    for i in tail:
        line = lines[i]
        if line.reason:
            listing = False
        elif not (
            listing or (is_list_item(line.text) and i < furnished[0]) or line.body or _ends_text(lines, i, furnished[0])
        ):
            line.reason = "tail"


def _ends_text(lines: list[Line], i: int, furnished: int) -> bool:
    """Whether a short line after the last paragraph still is text: before any furniture, and ending as a sentence."""
    return i < furnished and re.search(r"[.!?؟…][\"'”’»)]*$", lines[i].text.rstrip()) is not None


def _is_last_word(lines: list[Line], i: int) -> bool:
    """Whether the line introduces the author at the end of the article, with only furniture after it."""
    if not (is_bio(lines[i].text) or _names_author(lines, i)) or not any(line.reason for line in lines[i + 1 :]):
        return False
    return not any(line.body and not is_bio(line.text) for line in lines[i + 1 :])


def _names_author(lines: list[Line], i: int) -> bool:
    """Whether the paragraph begins with a name that stands alone on a line above it, below other furniture."""
    if (
        i < 2
        or len(lines[i].text) > 400
        or lines[i - 1].body
        or not any(line.reason for line in lines[max(0, i - 5) : i])
    ):
        return False
    opening = set(normalise_label(lines[i].text).split()[:2])
    above = (line for line in lines[i - 2 : i] if not line.prose and line.words <= 4 and line.kind is not Kind.CLOSING)
    return any(len(name) >= 3 and name in opening for line in above for name in normalise_label(line.text).split())
