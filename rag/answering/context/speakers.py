"""Who is speaking: a quote that goes on with somebody's words ("He added …") comes with the sentence that names them.

A journalist cannot print "he said" without knowing who; the name often stands a paragraph earlier.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.sentences import Span

REACH = 2500
"""How far back, in code points, the speaker is looked for: further away it would be somebody else."""

_VERBS = (
    "قال|قالت|أضاف|أضافت|اضاف|تابع|تابعت|أردف|أردفت|استطرد|أكمل|ختم|أوضح|أوضحت|أشار|أشارت|أكد|أكدت|ذكر|ذكرت|اعتبر"
    "|اعتبرت|لفت|بين|بيّن|شدد|شدّد|رأى|يرى|ترى|صرح|صرّح|علق|علّق|زعم|حذر|حذّر|أعلن|أعلنت|توقع|يقول|تقول|يضيف|يؤكد"
)
# The verb alone, or straight before what was said: "وأضاف، …", "وقال إن …", "وأشار إلى أن …"
_GOES_ON_IN_ARABIC = re.compile(
    rf"^\W*(?:كما\s+)?[وف]?(?:{_VERBS})\s*(?:[،,:«\"“]|(?:أيضا|أيضاً|إلى|على)?\s*(?:أن|إن|أنه|إنه|أنها|إنها)\b)"
)
_GOES_ON_IN_ENGLISH = re.compile(
    r"^\W*(?:he|she|they)\s+(?:also\s+|then\s+)?(?:said|says|added|adds|noted|told|argued|wrote|went on|continued"
    r"|explained|stressed|warned|described|called|believes|thinks|sees)\b",
    re.IGNORECASE,
)
_NAMES_IN_ARABIC = re.compile(
    rf"(?:^|\s)[وف]?(?:{_VERBS})\s+(?!إن\b|أن\b|إنه|أنه|إنها|أنها|إلى|على|في|لقد|قد|خلال)[\u0621-\u064a]{{3,}}"
    r"|(?:بحسب|وفق|وفقا ل|حسب)\s*(?!قوله|قولها|تعبيره|ما\b)[\u0621-\u064a]{3,}"
)
_NAMES_IN_ENGLISH = re.compile(
    r"\b(?!He\b|She\b|They\b|It\b|The\b|In\b|On\b)[A-Z][\w’'.-]+(?:[^.!?]{0,80}?)\b(?:said|says|told|added|noted|argued|argues|wrote|writes|believes)\b"
    r"|\b(?:said|told|argued|wrote|[Aa]ccording to)\s+(?:[a-z]+\s+){0,4}[A-Z][\w’'.-]+"
)


def goes_on(text: str) -> bool:
    """Whether a sentence reports somebody's words without saying whose."""
    return bool(_GOES_ON_IN_ARABIC.search(text) or _GOES_ON_IN_ENGLISH.search(text))


def names_speaker(text: str) -> bool:
    """Whether a sentence says who speaks."""
    return not goes_on(text) and bool(_NAMES_IN_ARABIC.search(text) or _NAMES_IN_ENGLISH.search(text))


def speaker_of(
    document_id: str,
    start: int,
    spans_of: Callable[[str, int, int], Sequence[tuple[Span, str]]],
    text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]],
) -> Span | None:
    """The nearest sentence before `start` that names the speaker of the one that begins there, if any."""
    before = [span for span, _ in spans_of(document_id, max(0, start - REACH), start) if span.end <= start]
    texts = text_of([(document_id, span.start, span.end) for span in before])
    for span, text in zip(reversed(before), reversed(texts), strict=True):
        if names_speaker(text):
            return span
    return None
