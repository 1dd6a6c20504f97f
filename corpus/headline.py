"""The headline of a page: found by what the page states as its title, else by its place."""

from __future__ import annotations

import re

from corpus.furniture import Kind, is_list_item, normalise_label
from corpus.page_lines import Line

_HEAD_LINES = 60
_ARABIC = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_NAMED_LINE = re.compile(
    r"(?i)(?:from|to|cc|date|sent|subject|q|a|question|answer|سؤال|جواب|س|ج|من|إلى|التاريخ|الموضوع)\s*:"
)
_TITLE_SEPARATOR = re.compile(r"\s+[|–—\-:»·]\s+")


def find_headline(lines: list[Line], title: str | None) -> int | None:
    """The index of the headline among `lines`: the one that says `title`, else the likeliest before the body."""
    head = lines[:_HEAD_LINES]
    if title:
        wanted = normalise_label(title)
        for i, line in enumerate(head):
            said = normalise_label(line.text)
            if said and (said == wanted or (len(said) >= 20 and (said in wanted or wanted in said) and not line.prose)):
                return i
    start = next((i for i, line in enumerate(head) if line.body), None)
    if start is None or start == 0:
        return None
    script = _script(lines[start].text)
    after_menu = max((i + 1 for i in range(start) if head[i].kind is Kind.NAV), default=0)
    for first in dict.fromkeys((after_menu, 0)):
        candidates = [i for i in range(first, start) if _may_be_headline(head[i], head[i + 1], script)]
        long_enough = [i for i in candidates if head[i].words >= 4] or [i for i in candidates if i == first]
        if long_enough:
            return long_enough[0]
    return None


def _may_be_headline(line: Line, following: Line, script: str) -> bool:
    text = line.text.strip()
    if line.kind is not Kind.TEXT or line.reason or is_list_item(text) or len(text) > 250 or len(text) < 4:
        return False
    if not following.first_of_block and following.prose and following.text.lstrip()[:1].isdigit():
        return False  # broken in the middle of a sentence
    if _NAMED_LINE.match(text):
        return False
    return not re.search(r"[.،,;؛:]$", text) and _script(text) == script and not text.startswith(("|", "(", "["))


def _script(text: str) -> str:
    return "arabic" if len(_ARABIC.findall(text)) > len(_LATIN.findall(text)) else "latin"


def mark_headline(lines: list[Line], headline: int) -> None:
    """The headline and its repetitions in the head go as "title", unless nothing else is left."""
    wanted = normalise_label(lines[headline].text)
    if not any(line.reason is None for i, line in enumerate(lines) if i != headline):
        lines[headline].reason = None
        return
    for line in lines[: headline + 8]:
        said = normalise_label(_TITLE_SEPARATOR.split(line.text)[0])
        if line is lines[headline] or (said == wanted and len(wanted) >= 12):
            line.reason = "title"
