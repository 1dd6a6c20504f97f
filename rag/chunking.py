"""Cutting a document into passages at sentence borders, with true offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Document
from corpus.language import language_of_span
from rag.sentences import Span, split_sentences

TARGET_CHARS = 700
"""About what the bundled model was trained to read as a passage; the design's measurements used it too."""

MAX_CHARS = 1000
"""No passage is longer; beyond some 1,100 characters Arabic runs over the model's 512 tokens."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage to be: document text[start:end], its language, and its sentences as offsets in the document."""

    start: int
    end: int
    language: str
    sentences: tuple[Span, ...]


def chunk(document: Document) -> list[Chunk]:
    """The passages of a document, in order, not overlapping, each of whole sentences and at most `MAX_CHARS` long.

    Lengths are evened out (a document of 800 characters becomes two of 400, not 700 and 100); a heading, or the line
    that introduces a list, goes with what follows it; a list stays whole if it fits.
    """
    text = document.text
    spans = split_sentences(text, document.language)
    if not spans:
        return []
    length = spans[-1].end - spans[0].start
    target = length / max(1, round(length / TARGET_CHARS))
    chunks: list[Chunk] = []
    group: list[Span] = []
    for unit in _units(spans):
        if group and _breaks(group, unit, target):
            chunks.append(_chunk(document, group))
            group = []
        group.extend(unit)
    chunks.append(_chunk(document, group))
    return chunks


def _units(spans: Sequence[Span]) -> list[list[Span]]:
    """Spans that are not parted: headings, or the line before a list, together with what follows them."""
    units: list[list[Span]] = []
    before: Span | None = None
    for span in spans:
        led = before is not None and (before.kind == "heading" or (span.kind == "item" and before.kind == "sentence"))
        if led and span.end - units[-1][0].start <= MAX_CHARS:
            units[-1].append(span)
        else:
            units.append([span])
        before = span
    return units


def _breaks(group: Sequence[Span], unit: Sequence[Span], target: float) -> bool:
    """Whether a new passage begins at `unit`, rather than going on with `group`."""
    before = group[-1].end - group[0].start
    size = unit[-1].end - group[0].start
    if size > MAX_CHARS:
        return True
    if unit[0].kind == "item":
        return False
    if len(unit) > 1:
        return before >= 0.6 * target
    # break where it leaves the passage nearer to the target than going on would
    return size > target and size - target > target - before


def _chunk(document: Document, group: list[Span]) -> Chunk:
    start, end = group[0].start, group[-1].end
    language = language_of_span(document.text[start:end], document.language)
    return Chunk(start, end, language, tuple(group))
