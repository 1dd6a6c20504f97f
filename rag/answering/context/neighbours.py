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
"""Neighbours are at most so far apart: further away something was taken out."""

_FRAGMENT = re.compile(
    r"(?:[a-z]+ed|hidden|found|born|built|held|inside|among|behind|beside|beneath|under|with|within|next to) "
    r"(?:[a-z]+ ){0,2}(?:it|them|this|that|these|those|him|her)\b"
)
_OTHERS = r"(?! (?:who|whom|whose|which|that|with|without|in|on|at|from|of|[a-z]+ed|[a-z]+ing)\b)"
_PART_OF = re.compile(
    r"(?!one of (?:them|these|those),)"
    r"(?:(?:(?:some|most|many|few|all|half|none|both|each|one|two|three|several|neither|out) )?of|among|amongst)"
    rf" (?:this|these|them|which|that|those{_OTHERS})\b"
    r"|the latter\b(?! (?:half|part|stages?|years?|days?)\b)|the former(?:,| (?:is|was|were|had|has|will|would)\b)"
    r"|both (?:are|were|have|had)\b"
)
"""Of this sum, the latter: in English, small letters. One of them, Karim Saab, is named and can be read alone."""
_PART_OF_ARABIC = re.compile(
    r"[وف]?من (?:بين |ضمن |اصل )?(?:هذا|هذه|هذين|هاتين|ذلك|تلك|هولاء|اوليك|اولئك)\b"
    r"(?! ?(?:المنطلق|الحين|الوقت|اليوم|التاريخ|الناحيه|الزاويه|الباب|القبيل|الذي|التي|الذين)\b)"
    r"|[وف]?(?:من )?(?:بين|ضمن)(?:هم|ها|هن|هما)\b|[وف]?من(?:هم|ها|هن|هما)\b"
    r"|[وف]?(?:بعض|معظم|اغلب|نصف|ثلث|ربع|جميع|احد|كل)(?:هم|ها|هن|هما)\b|[وف]?(?:كلاهما|كلتاهما)\b"
    r"|[وف]?(?:اما )?(?:هذا |هذه )?(?:الاخير|الاخيره)\b"
)
"""The same in Arabic, folded: ومن هذا المبلغ، ومن بينهم، معظمهم، أما الأخير."""
_SAID_VALUE = re.compile(
    r"\b(?:this|that|these|those|the same) "
    r"(?:sum|amount|figure|number|total|percentage|quantity|price|estimate)s?\b(?! of\b)"
    r"|(?:^|\s)[وفبلك]?(?:هذا|هذه|ذلك|تلك) (?:المبلغ|الرقم|العدد|النسبه|القيمه|الكميه|السعر|التقدير|الحصيله)(?!\w)"
)
"""A value told before: «وقال المركز إن هذا المبلغ …» beside another estimate would speak of the wrong one."""
_DIGIT = re.compile(r"\d")
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
    """Whether a sentence begins with what only the one before it explains: "Tucked inside it was the Act".

    Or speaks of a value ("this sum") that it has not told itself.
    """
    bare = text.lstrip("\"“«' ")
    folded = fold(bare)
    if _FRAGMENT.match(bare.lower()) or _PART_OF.match(bare.lower()) or _PART_OF_ARABIC.match(folded):
        return True
    value = _SAID_VALUE.search(folded)
    return value is not None and not _DIGIT.search(folded, 0, value.start())


def directly(end: int, start: int) -> bool:
    """Whether a sentence that begins at `start` comes straight after one that ends at `end`."""
    return start - end <= _GAP


def before(document_id: str, start: int, spans_of: SpansOf, text_of: TextOf) -> Span | None:
    """The sentence just before the one that begins at `start`, in its paragraph, or at the end of the one above.

    Many newspapers make a paragraph of each sentence.
    """
    near = [span for span, _ in spans_of(document_id, max(0, start - REACH), start) if span.end <= start]
    if not near or not directly(near[-1].end, start):
        return None
    [between] = text_of([(document_id, near[-1].end, start)]) if near[-1].end < start else [""]
    return near[-1] if near[-1].kind == "sentence" or ("\n" not in between and near[-1].kind != "heading") else None


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
