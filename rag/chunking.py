"""Cutting a document into passages at sentence borders, with true offsets."""

from __future__ import annotations

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
    """The passages of a document, in order, not overlapping, each of whole sentences.

    Lengths are evened out (a document of 800 characters becomes two of 400, not 700 and 100), a heading stays with
    what follows it, and a list item is not parted from the line that introduces it if both fit.
    """
    text = document.text
    spans = split_sentences(text, document.language)
    if not spans:
        return []
    length = spans[-1].end - spans[0].start
    parts = max(1, round(length / TARGET_CHARS))
    target = length / parts
    chunks: list[Chunk] = []
    group: list[Span] = []
    for position, span in enumerate(spans):
        if group and _breaks(group, span, target):
            chunks.append(_chunk(document, group))
            group = []
            # a heading at the end of the closed passage belongs to the new one
        group.append(span)
        if span.kind == "heading" and len(group) > 1 and position + 1 < len(spans):
            if group[-1].end - group[0].start >= 0.6 * target:
                chunks.append(_chunk(document, group[:-1]))
                group = [span]
    if group:
        chunks.append(_chunk(document, group))
    return chunks


def _breaks(group: list[Span], span: Span, target: float) -> bool:
    size = span.end - group[0].start
    if size > MAX_CHARS:
        return True
    if group[-1].kind == "heading" or (span.kind == "item" and group[-1].kind != "sentence"):
        return False
    # break where it leaves the passage nearer to the target than going on would
    return size > target and size - target > target - (group[-1].end - group[0].start)


def _chunk(document: Document, group: list[Span]) -> Chunk:
    start, end = group[0].start, group[-1].end
    language = language_of_span(document.text[start:end], document.language)
    return Chunk(start, end, language, tuple(group))
