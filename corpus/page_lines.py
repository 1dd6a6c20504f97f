"""The lines of a page: what each is by itself, and what repetition says of it (running heads, page numbers)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.furniture import Kind, is_list_item, is_page_number, is_prose, is_table_row, line_kind, normalise_label

_ARABIC = re.compile("[\u0600-\u06ff]")


@dataclass(slots=True)
class Line:
    """A line that is not blank: its place in the repaired text, what it is, and why it goes (None: it stays)."""

    start: int
    end: int
    text: str
    kind: Kind
    prose: bool
    first_of_block: bool
    reason: str | None = None
    words: int = field(init=False)

    def __post_init__(self) -> None:
        self.words = len(self.text.split())

    @property
    def body(self) -> bool:
        return self.prose and self.kind is Kind.TEXT and self.reason is None


def lines_of(text: str) -> list[Line]:
    lines: list[Line] = []
    position, blank = 0, True
    for raw in text.split("\n"):
        if raw.strip():
            kind = line_kind(raw)
            lines.append(Line(position, position + len(raw), raw, kind, is_prose(raw), blank))
            blank = False
        else:
            blank = True
        position += len(raw) + 1
    _join_wrapped(lines)
    return lines


def _join_wrapped(lines: list[Line]) -> None:
    """Lines of a hard-wrapped paragraph are prose where it is: full lines, the last one ending a sentence."""
    block: list[Line] = []
    for line in [*lines, None]:
        if line is not None and (not line.first_of_block or not block):
            block.append(line)
            continue
        _judge_wrapped(block)
        block = [line] if line is not None else []


def _judge_wrapped(block: list[Line]) -> None:
    if len(block) < 2 or max(len(line.text) for line in block) > 110:
        return
    widths = [len(line.text) for line in block[:-1]]
    if min(widths) < 0.7 * max(widths) or max(widths) < 40:
        return
    joined = " ".join(line.text.strip() for line in block)
    continued = sum(line.text.lstrip()[:1].islower() for line in block[1:])
    sentences = is_prose(joined) and re.search(r"[.!?؟]\W*$", joined) is not None
    if sentences and (continued * 2 >= len(block) - 1 or _ARABIC.search(joined) is not None):
        for line in block:
            line.prose = True
            if line.kind is not Kind.PROMO:
                line.kind = Kind.TEXT


def mark_running_heads(lines: list[Line]) -> None:
    """Headers and footers of pages: the same short line, numbers aside, at least three times and far apart."""
    places: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if len(line.text) <= 100 and not line.prose and not is_list_item(line.text) and not is_table_row(line.text):
            places[normalise_label(line.text) or line.text.strip()].append(line)
    for key, repeated in places.items():
        if key == "#" or len(repeated) < 3 or len(key) < 8:
            continue
        if all(b.start - a.end >= 300 for a, b in pairwise(repeated)):
            for line in repeated:
                line.reason = "running head"
    numbers = [(int(re.sub(r"\D", "", line.text)), line) for line in lines if is_page_number(line.text)]
    for (one, first), (two, second) in pairwise(numbers):
        if two == one + 1 and second.start - first.end >= 300:
            first.reason = second.reason = "page number"
