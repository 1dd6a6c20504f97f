"""Finding the list that a question asks for ("what are the four lines of effort?"), to quote every item of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from rag.analysis import fold
from rag.sentences import Span

MAX_ITEMS = 15
REACH = 4000
"""How far around a sentence, in code points, its list is looked for: fifteen items at their longest would be 6,000."""
OTHER_LENGTH = 2.0
"""What a list loses when the question names another length, or none, in units of the sentence score."""
NOT_INTRODUCED = 1.0
"""What a list loses when only an item of it, not the line before it, is among the best sentences."""
OTHER_LANGUAGE = 1.0
"""What a list loses when it is not in the question's language: of two that answer alike, that one is easier to read."""
FAR = 7.0
"""A list further below the best sentence than this is about something else."""
NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "اثنان": 2, "ثلاثه": 3, "ثلاث": 3, "الثلاثه": 3, "الثلاث": 3, "اربعه": 4, "اربع": 4, "الاربعه": 4, "الاربع": 4,
    "خمسه": 5, "خمس": 5, "الخمسه": 5, "الخمس": 5, "سته": 6, "ست": 6, "السته": 6, "سبعه": 7, "السبعه": 7, "ثمانيه": 8,
    "تسعه": 9, "عشره": 10, "العشره": 10,
}  # fmt: skip
_PLURAL = r"\w{3,}(?<![sui])s\b"
_VERBS = (
    "does|did|do|has|had|have|is|was|can|could|will|would|should|may|might|happens|causes|makes|says|means|contains"
    "|accompanies|follows|comes|goes|remains|kinds|sorts|types|terms|this"
)
_ASKS_IN_ENGLISH = re.compile(
    r"\b(?:what|which|who)\s+(?:are|were)\b|\blist\b|\bname\s+(?:the|all)\b|\benumerate\b"
    rf"|^(?:please\s+)?(?:give|state|mention|tell)\s+(?:me\s+)?(?:the|all)\s+(?:\w+\s+){{0,3}}?{_PLURAL}"
    rf"|\b(?:what|which)\s+(?!(?:{_VERBS})\b)(?:\w+\s+){{0,2}}?(?!(?:{_VERBS})\b){_PLURAL}(?!\s+(?:the|a|an|this|to)\b)"
)
# Of folded text: sound plurals, then shapes of broken ones (محاور، وسائل، أهداف، بنود), then some without a shape.
_ARABIC_PLURAL = (
    r"(?!(?:ال)?(?:مقصود|وجود|صعود|جمهور|دستور|ظهور|محور|حضور|عبور|مرور|دور|تطور|تصور|منظور|خلاف|اعتراف|ايتلاف|استيناف"
    r"|نشاط|سقوط|هبوط)\b)"
    r"(?:ال)?(?:(?!قانون\b|مضمون\b|تمكين\b|تعيين\b)\w+(?:ات|ين|ون)|\w{2}ا\w[^\W\dه]|\w+(?:ور|اف|ود|اط|وط)"
    r"|دول|سبل|طرق|مدن|خطط|بلدان|مهام|مواد|اسباب|اعضاء|قوي)\b"
)
_ASKS = r"(?:^|\s)(?:ما|ماهي|من هم|عدد|اذكر|سم|اسرد)\s+(?:هي\s+|هم\s+|لي\s+)?"
_ASKS_IN_ARABIC = re.compile(_ASKS + _ARABIC_PLURAL)
_ASKS_IN_ARABIC_BY_NUMBER = re.compile(_ASKS + r"(?!الذي|التي|هو\b|اذا)\w")


def asks_for_list(question: str) -> int | None:
    """How many items the question asks for: 0 if it asks for a list of any length, None if it asks for no list."""
    folded = fold(question)
    if re.search(r"\bhow (?:many|much)\b|(?:^|\s)كم\b|(?:^|\s)ما (?:هو )?عدد\b", folded):
        return None
    tokens = re.findall(r"\w+", folded)
    spelt = next((NUMBERS[token] for token in tokens if token in NUMBERS), None)
    digits = next((int(token) for token in tokens if token.isdigit() and 2 <= int(token) <= MAX_ITEMS), None)
    asks = _ASKS_IN_ENGLISH.search(folded) or _ASKS_IN_ARABIC.search(folded)
    if not asks and not (spelt and _ASKS_IN_ARABIC_BY_NUMBER.search(folded)):
        return None
    return spelt or digits or 0


def find_list(
    question: str,
    ranked: Sequence[tuple[str, Span, float]],
    spans_of: Callable[[str, int, int], Sequence[tuple[Span, str]]],
    text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]],
    language: str,
    told: re.Pattern[str] | None = None,
) -> tuple[str, list[Span], str] | None:
    """The list that answers, as (document_id, items in order, language), or None.

    `ranked` are the best sentences (document_id, span, score), best first; `spans_of(document_id, start, end)` the
    sentences around there with their languages. A list answers if the question asks for one and the line that
    introduces it, or an item of it, is among `ranked`; preferred are the one whose length the question names, and one
    in the question's `language`. A question that asks for none gets one if the best sentence introduces it, or if the
    line before it has the words of what is asked for, `told`: "It recommends", for what was recommended.
    """
    if not ranked:
        return None
    wanted = asks_for_list(question)
    if wanted is None and ((found := _introduced(*ranked[0][:2], spans_of, text_of)) or told is None):
        return found
    top = ranked[0][2]
    best: tuple[float, str, list[Span], str] | None = None
    for document_id in dict.fromkeys(document for document, _, _ in ranked):
        hits = [(span, score) for document, span, score in ranked if document == document_id]
        start, end = min(span.start for span, _ in hits) - REACH, max(span.end for span, _ in hits) + REACH
        languages = dict(spans_of(document_id, start, end))
        for before, items in _runs(list(languages), document_id, text_of):
            strength = _strength(before, items, dict(hits))
            if wanted is None:
                line = text_of([(document_id, before.start, before.end)])[0] if before is not None else ""
                if told is None or not told.search(fold(line)):
                    continue
            elif wanted != len(items):
                if wanted and strength < top:
                    continue
                strength -= OTHER_LENGTH
            if languages[items[0]] != language:
                strength -= OTHER_LANGUAGE
            if 2 <= len(items) <= MAX_ITEMS and strength >= top - FAR and (best is None or strength > best[0]):
                best = (strength, document_id, items, languages[items[0]])
    return None if best is None else best[1:]


def _introduced(
    document_id: str,
    span: Span,
    spans_of: Callable[[str, int, int], Sequence[tuple[Span, str]]],
    text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]],
) -> tuple[str, list[Span], str] | None:
    """The list right after a heading, or a sentence that ends with a colon: without it, they answer nothing."""
    if span.kind != "heading" and not text_of([(document_id, span.start, span.end)])[0].rstrip().endswith(":"):
        return None
    languages = dict(spans_of(document_id, span.start, span.end + REACH))
    for before, items in _runs(list(languages), document_id, text_of):
        if before == span and 2 <= len(items) <= MAX_ITEMS:
            return document_id, items, languages[items[0]]
    return None


def _strength(before: Span | None, items: Sequence[Span], scores: dict[Span, float]) -> float:
    """How well a list answers: as well as the line that introduces it, which says what it is a list of."""
    if before in scores:
        return scores[before]
    return max((scores[item] for item in items if item in scores), default=-math.inf) - NOT_INTRODUCED


def _runs(
    spans: Sequence[Span], document_id: str, text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]]
) -> list[tuple[Span | None, list[Span]]]:
    """The lists of a document: the span before each, and its items (the rest of an item cut in two left out)."""
    found: list[tuple[Span | None, list[Span]]] = []
    before: Span | None = None
    items: list[Span] = []
    previous: Span | None = None
    for span in spans:
        if span.kind == "item":
            if not items:
                before = previous
            items.append(span)
        elif items and not _same_line(items[-1], span, document_id, text_of):
            found.append((before, items))
            items = []
        previous = span
    if items:
        found.append((before, items))
    return found


def _same_line(
    item: Span, span: Span, document_id: str, text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]]
) -> bool:
    """Whether `span` is the rest of a long item."""
    return "\n" not in text_of([(document_id, item.end, span.start)])[0]
