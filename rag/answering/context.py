"""What a quote needs beside it to be read alone: the sentence before a fragment, the one after that says who did it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.analysis import fold
from rag.sentences import Span

SpansOf = Callable[[str, int, int], Sequence[tuple[Span, str]]]
TextOf = Callable[[Sequence[tuple[str, int, int]]], Sequence[str]]

REACH = 900
"""Code points before and after a quote in which its neighbours are looked for."""
_GAP = 3
"""Neighbours are at most so far apart: further is another paragraph, or something that was taken out."""

_FRAGMENT = re.compile(
    r"(?:[a-z]+ed|hidden|found|born|built|held|inside|among|behind|beside|beneath|under|with|within|next to) "
    r"(?:[a-z]+ ){0,2}(?:it|them|this|that|these|those|him|her)\b"
)
_ASKS_BY_WHOM = re.compile(
    r"(?:and )?who (?!(?:is|are|was|were|will|can|has|have|had|does|do|did)\b)[a-z]+"
    r"|(?:and )?(?:who was behind|who was responsible|by whom was)|و?من (?:قتل|اغتال|نفذ|قصف|فجر|هاجم|خطف|استهدف|ضرب)"
    r"|و?من (?:يقف|كان) (?:وراء|خلف)"
)
_BLAMES = re.compile(
    r"\b(?:blam|attribut|accus|claimed responsib|claimed the|suspect|held .{1,40} responsible)"
    r"|(?:^|\s)[وف]?(?:نسب|نسبت|اتهم|اتهمت|حمل|حملت|تبني|تبنت|اعلنت? مسووليت)"
)
_REPLIES = re.compile(r"\b(?:den(?:y|ied|ies)|confirm)|(?:^|\s)[وف]?(?:نفي|نفت|ينف|ينفي|تنف|لم يوكد|يوكد|تعلق|يعلق)")
_NAMES_DEEDS = re.compile(r"\b(?:by|blam|attribut|accus)\b|(?:علي يد|نسب|اتهم)")
MOST = 2
"""Sentences that follow a quote for the sake of who did it: the attribution, and what is said to it."""


def is_fragment(text: str) -> bool:
    """Whether a sentence begins with what only the one before it explains: "Tucked inside it was the Act"."""
    return _FRAGMENT.match(text.lstrip("\"“«' ").lower()) is not None


def before(document_id: str, start: int, spans_of: SpansOf, text_of: TextOf) -> Span | None:
    """The sentence just before the one that begins at `start`, in its paragraph."""
    near = [span for span, _ in spans_of(document_id, max(0, start - REACH), start) if span.end <= start]
    if not near or near[-1].kind == "heading" or start - near[-1].end > _GAP:
        return None
    [between] = text_of([(document_id, near[-1].end, start)]) if near[-1].end < start else [""]
    return None if "\n" in between else near[-1]


def attributed(question: str, text: str, document_id: str, end: int, spans_of: SpansOf, text_of: TextOf) -> list[Span]:
    """Where `question` asks who did something: the sentences after the quote `text` that say whom somebody blames.

    None where the quote says it itself. At most `MOST`, in order: the attribution, then what was replied to it.
    """
    if not _ASKS_BY_WHOM.match(fold(question).strip()) or _NAMES_DEEDS.search(fold(text)):
        return []
    after = [span for span, _ in spans_of(document_id, end, end + REACH) if span.start >= end]
    texts = text_of([(document_id, span.start, span.end) for span in after[:MOST]])
    found: list[Span] = []
    for span, said in zip(after, texts, strict=False):
        if not (_REPLIES if found else _BLAMES).search(fold(said)):
            break
        found.append(span)
    return found
