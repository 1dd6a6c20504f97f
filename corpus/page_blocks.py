"""What a label opens: blocks of links, tags and promotion inside an article, and the tail after it."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.furniture import Kind, ends_block, is_list_item, is_reference, is_teaser, normalise_label
from corpus.page_lines import Line

_COMMENT_LABEL = re.compile(r"comment|repl(?:y|ies)|respon|discussion|conversation|تعليق|ردود?|الرد\b|النقاش|يعلق")
_OPENS = {
    Kind.LINKS: "links",
    Kind.TAGS: "tags",
    Kind.PROMO: "promotion",
    Kind.CLOSING: "links",
    Kind.CREDIT: "caption",
}
# Labels that speak to the visitor, unlike headings.
_ADDRESS = re.compile(
    r"(?i)[©:]|\b(?:us|you|our|my|follow|subscribe|leave|post|add|download|sign|join)\b"
    r"|تابع|اترك|أضف|اضف|اكتب|تصل|تواصل|اشترك|حمل|نحن|حقوق|رد"
)
_NUMBER = re.compile(r"^\s*\(?(\d{1,3})\s?[-–.)]")


def mark_tail(lines: list[Line], headline: int | None, body: list[int]) -> None:
    """Everything after a label that ends the article goes, where enough of the article stands before it."""
    total = sum(len(lines[i].text) for i in body)
    before, paragraphs = 0, 0
    for i, line in enumerate(lines):
        if line.body:
            before += len(line.text)
            paragraphs += 1
            continue
        if line.kind is not Kind.CLOSING or paragraphs == 0 or (headline is not None and i <= headline):
            continue
        after = total - before
        closes = after <= 0.3 * before
        if not closes and _is_comments(line) and (paragraphs >= 2 or before >= 200):
            closes = _looks_like_comments(lines[i + 1 : i + 12])
        if closes:
            for rest in lines[i:]:
                rest.reason = rest.reason or "tail"
            return


def _is_comments(line: Line) -> bool:
    return _COMMENT_LABEL.search(normalise_label(line.text)) is not None


def _looks_like_comments(lines: list[Line]) -> bool:
    """Whether what follows is comments or their form: names and times between the paragraphs, reply buttons, fields."""
    return sum(line.kind is not Kind.TEXT for line in lines) >= 2


def mark_blocks(lines: list[Line]) -> None:
    """Labels go, and with a label that opens a list what it lists, until running text resumes."""
    body = [i for i, line in enumerate(lines) if line.body]
    first, last = body[0], body[-1]
    block: Kind | None = None
    for i, line in enumerate(lines):
        if line.reason:
            continue
        inside = first < i < last
        if ends_block(line.text):
            _mark_back(lines, i)
            block = None
            continue
        if line.kind in (Kind.NOISE, Kind.PROMO, Kind.LINKS, Kind.TAGS, Kind.CREDIT, Kind.CLOSING):
            if inside and _is_part_of_text(lines, i):
                continue
            line.reason = line.kind.value
            if line.kind is Kind.CREDIT:
                _mark_caption(lines, i)
            elif line.kind in _OPENS and not (line.kind in (Kind.LINKS, Kind.TAGS) and _carries_content(line)):
                block = line.kind if line.kind is not Kind.CLOSING or not inside else Kind.LINKS
            continue
        if block is None:
            continue
        if _resumes(lines, i, block, inside):
            _keep_subheading(lines, i)
            block = None
        elif i > first or block is Kind.LINKS:
            line.reason = _OPENS[block]


def _mark_back(lines: list[Line], i: int) -> None:
    """From the line that says so, an inserted block goes back to the promotion or label that opened it."""
    lines[i].reason = "promotion"
    opening = i
    for j in range(i - 1, max(-1, i - 7), -1):
        if lines[j].body:  # running text is not part of it
            break
        if lines[j].reason in ("promotion", "links"):
            opening = j
    for line in lines[opening:i]:
        line.reason = line.reason or "promotion"


def _is_part_of_text(lines: list[Line], i: int) -> bool:
    """Whether what looks like furniture inside the article is its own: a list item, a heading, a long paragraph."""
    line, above, below = lines[i], lines[i - 1], lines[i + 1]
    if line.kind is Kind.CLOSING and line.words <= 3 and above.body and below.body and not _ADDRESS.search(line.text):
        return True  # the heading of a section: "Contact", "References"
    if line.kind is Kind.PROMO and line.prose and len(line.text) > 220:
        return True
    if not is_list_item(line.text):
        return False
    return above.reason is None and (above.text.rstrip().endswith((":", "：")) or is_list_item(above.text))


def _carries_content(line: Line) -> bool:
    """Whether a label has what it announces on its own line, so that it opens no list."""
    return line.words >= 5 and re.search(r"[:：»|]\s*\S", line.text) is not None


def _mark_caption(lines: list[Line], i: int) -> None:
    """After an image's source its caption may follow: the next line of the same block, or after "Image caption,"."""
    if i + 1 >= len(lines) or len(lines[i].text) > 60:
        return
    following = lines[i + 1]
    labelled = re.search(r"(?i)caption|التعليق على الصورة", lines[i].text) is not None and lines[i].words <= 4
    if following.kind is Kind.TEXT and len(following.text) <= 200 and (labelled or not following.first_of_block):
        following.reason = "caption"


def _resumes(lines: list[Line], i: int, block: Kind, inside: bool) -> bool:
    """Whether the article goes on at line `i` after an inserted block."""
    line = lines[i]
    if block in (Kind.TAGS, Kind.PROMO):
        return (
            line.prose
            or line.words > (5 if block is Kind.TAGS else 6)
            or (inside and is_list_item(line.text) and line.words > 5)
        )
    if is_reference(line.text) and not line.text.rstrip().endswith(":") and not inside:
        return False
    if inside and is_list_item(line.text) and not is_teaser(line.text) and (line.words >= 8 or _continues(lines, i)):
        return True
    if not line.prose:
        return inside and line.words >= 4 and re.search(r"[^.…]\.[\"'”’»)]*$", line.text.rstrip()) is not None
    return not is_teaser(line.text) and not _is_summary(lines, i)


def _continues(lines: list[Line], i: int) -> bool:
    """Whether a numbered item carries on the numbering of the text above the inserted block."""
    number = _NUMBER.match(lines[i].text)
    above = next((lines[j] for j in range(i - 1, max(-1, i - 40), -1) if lines[j].reason is None), None)
    previous = _NUMBER.match(above.text) if above is not None else None
    return number is not None and previous is not None and int(number[1]) == int(previous[1]) + 1


def _is_summary(lines: list[Line], i: int) -> bool:
    """Whether the paragraph at `i` sums up a linked article: such lists go headline, summary, headline, summary."""
    rest = [line for line in lines[i : i + 40] if line.reason is None and line.kind in (Kind.TEXT, Kind.META)]
    prose = [line for line in rest if line.body]
    if len(prose) < 2 or any(len(line.text) > 300 for line in prose):
        return False
    pairs = [one.prose != two.prose for one, two in pairwise(rest)]
    before = lines[i - 1]
    return all(pairs) and before.reason == "links" and before.kind is Kind.TEXT


def _keep_subheading(lines: list[Line], i: int) -> None:
    """A short line right above the resumed text, after the listed headlines, is the text's subheading."""
    if i < 2:
        return
    above, earlier = lines[i - 1], lines[i - 2]
    listed = above.reason == earlier.reason == "links" and above.kind is earlier.kind is Kind.TEXT
    if listed and above.first_of_block and above.words <= 8 and not re.match(r"\s*\d", above.text):
        above.reason = None
