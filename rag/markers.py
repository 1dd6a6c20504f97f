"""A model's text without its source markers, and which sentence each marker belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.sentences import Span, split_sentences

# Brackets that models write around numbers: ASCII, CJK, fullwidth, tortoise-shell. Round ones are not markers: "(5)" is
# an article of a law or a list's number more often, and a citation that nobody meant is worse than one overlooked.
_OPEN, _CLOSE = r"\[【［〔", r"\]】］〕"
_LABEL = r"passages?|sources?|ref\.?|id|(?:رقم )?(?:ال)?(?:مقطع|مقاطع|مصدر|مصادر)"
_MARK_FROM, _MARK_TO = 0xF0000, 0xFFFFD  # a private plane: stands for a marker while the text is taken apart
_MARK = f"{chr(_MARK_FROM)}-{chr(_MARK_TO)}"
_BETWEEN = rf"[^\S\n]|[,،;؛&+^#:\-–—\u200e\u200f{_MARK}]|{_LABEL}|and|و"
_MARKER = re.compile(
    rf"[{_OPEN}](?:{_BETWEEN})*\d(?:{_BETWEEN}|\d)*(?:†[^{_CLOSE}\n]{{0,60}})?[{_CLOSE}]", re.IGNORECASE
)
_HALF_MARKER = re.compile(rf"[{_OPEN}](?=(?:{_BETWEEN})*\d)", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d+)(?:[^\S\n]*[-–—][^\S\n]*(\d+))?")
_MARKS = re.compile(rf"[^\S\n]*(?:[{_MARK}][^\S\n]*)+")
_UNWANTED = re.compile(rf"[{_MARK}\ud800-\udfff]")
_LABEL_LINE = re.compile(r"\A\s*\**(?:answer|الجواب|الإجابة)\**\s*[:：]\**\s*", re.IGNORECASE)
# Small models copy the word that stands for a sentence where the prompt shows the form: "sentence [1] The bridge …".
_FORM = re.compile(
    rf"(?:^|(?<=[{_MARK}]))[^\S\n]*(?:sentence|(?:ال)?جملة)[^\S\n]*(?=[{_MARK}])", re.IGNORECASE | re.MULTILINE
)
_LONGEST_RANGE = 20


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence that a model wrote, without its markers: `reply[start:end]`, and the numbers it names, in order."""

    start: int
    end: int
    text: str
    numbers: tuple[int, ...]


def parse_reply(reply: str) -> tuple[str, list[Marked]]:
    """A model's text without its markers, and its sentences with the numbers that each names.

    Markers are `[1]`, `[1][2]`, `[1, 2]`, `[1-3]`, `[١]`, `【1】`, `[passage 1]`. One belongs to the sentence that it
    stands in or after; on a line that begins with one and does not end with one, to the sentence that it stands before.
    A word that was copied from the form in the prompt ("sentence [1] …") is left out.
    """
    marked, groups = _mark(_LABEL_LINE.sub("", _UNWANTED.sub("", reply)))
    clean, places = _unmark(_FORM.sub("", marked), groups)
    spans = [span for span in split_sentences(clean) if any(c.isalnum() for c in clean[span.start : span.end])]
    numbers: list[list[int]] = [[] for _ in spans]
    for place in places:
        owner = _owner(place, spans, clean)
        if owner is not None:
            numbers[owner].extend(n for n in place.numbers if n not in numbers[owner])
    return clean, [
        Marked(span.start, span.end, clean[span.start : span.end], tuple(named))
        for span, named in zip(spans, numbers, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a marker stood: between `before` and `after` of the clean text (the white space around it left out)."""

    at: int
    numbers: tuple[int, ...]
    leads: bool


def _mark(text: str) -> tuple[str, list[tuple[int, ...]]]:
    """`text` with every marker replaced by one character that stands for its numbers; nested ones too."""
    groups: list[tuple[int, ...]] = []

    def replace(match: re.Match[str]) -> str:
        named: list[int] = []
        inside, _, _ = match.group().partition("†")
        for character in inside:
            if _MARK_FROM <= ord(character) <= _MARK_TO:
                named.extend(groups[ord(character) - _MARK_FROM])
        for first, last in _NUMBERS.findall(inside):
            named.extend(_range(_number(first), _number(last) if last else None))
        if len(groups) > _MARK_TO - _MARK_FROM:
            return ""
        groups.append(tuple(dict.fromkeys(named)))
        return chr(_MARK_FROM + len(groups) - 1)

    while True:
        text, found = _MARKER.subn(replace, text)
        if not found:
            # an opening that nothing closed would become a marker beside one of ours
            return _HALF_MARKER.sub("", text), groups


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= 9 else 0


def _range(first: int, last: int | None) -> list[int]:
    if last is None:
        return [first]
    return list(range(first, last + 1)) if 0 < last - first <= _LONGEST_RANGE else [first, last]


def _unmark(marked: str, groups: Sequence[tuple[int, ...]]) -> tuple[str, list[_Place]]:
    """The text without the characters that stand for markers, and where each stood."""
    kept: list[str] = []
    places: list[_Place] = []
    length = 0
    for line_number, line in enumerate(marked.split("\n")):
        if line_number:
            kept.append("\n")
            length += 1
        begins = bool(line.strip()) and _MARK_FROM <= ord(line.strip()[0]) <= _MARK_TO
        bare_end = line.rstrip(" \t.!؟?؛;،,:")
        ends = bool(bare_end) and _MARK_FROM <= ord(bare_end[-1]) <= _MARK_TO
        at = 0
        for match in _MARKS.finditer(line):
            before = line[at : match.start()]
            kept.append(before)
            length += len(before)
            numbers = [n for c in match.group() if ord(c) >= _MARK_FROM for n in groups[ord(c) - _MARK_FROM]]
            places.append(_Place(length, tuple(dict.fromkeys(numbers)), leads=begins and not ends))
            rest = line[match.end() :]
            if match.start() and rest and (rest[0].isalnum() or rest[0] in "«“\"'(*"):
                kept.append(" ")
                length += 1
            at = match.end()
        kept.append(line[at:])
        length += len(line) - at
    return "".join(kept), places


def _owner(place: _Place, spans: Sequence[Span], text: str) -> int | None:
    """The sentence that a marker belongs to."""
    inside = [index for index, span in enumerate(spans) if span.start < place.at < span.end]
    if inside:
        return inside[0]
    before = [index for index, span in enumerate(spans) if span.end <= place.at]
    after = [index for index, span in enumerate(spans) if span.start >= place.at]
    same_line = bool(before) and "\n" not in text[spans[before[-1]].end : place.at]
    if after and (place.leads or not same_line) and "\n" not in text[place.at : spans[after[0]].start]:
        return after[0]
    # a line of nothing but markers belongs to what it follows
    return before[-1] if before else (after[0] if after else None)
