"""Who says it in Arabic: a verb of saying, accusing or relaying with its subject, and what is said."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.attribution.speech_parts import (
    MOST_SPEAKER,
    Speech,
    contrast_before,
    contrast_behind,
    contrasts,
    is_saying,
    named,
    until,
)
from rag.grounding.attribution.speech_words import (
    ACCUSING,
    ANNOUNCING,
    BESIDE_OBJECTS,
    BESIDES,
    BREAKS,
    CLEAR_ARABIC,
    CLOSES,
    COMPLEMENT,
    DATES,
    FORWARD,
    OPINING_ARABIC,
    QUOTES,
    TRACING,
    WHERE_SAID,
)
from rag.grounding.wording import Token


def in_arabic(tokens: Sequence[Token], at: int) -> Speech | None:
    """Somebody's word by an Arabic word of saying; None where it has no clause that it needs."""
    word = tokens[at].folded
    size = len(tokens)
    begin = next((n + 1 for n in range(at - 1, -1, -1) if tokens[n].folded in BREAKS), 0)
    reach = min(size, at + 2 + MOST_SPEAKER)
    marks = (*COMPLEMENT, ":", *QUOTES)
    opens = next((n for n in range(at + 1, reach) if tokens[n].folded in marks), None)
    if opens is not None and word in CLEAR_ARABIC and any(is_saying(tokens[n].folded) for n in range(at + 1, opens)):
        opens = None  # انتقد الخبير العقد، معتبرا أن السعر مرتفع: the clause is the other verb's
    after = sum(token.content and token.folded not in DATES for token in tokens[at + 1 :])
    comma = next((n for n in range(at - 1, begin - 1, -1) if tokens[n].folded in {"،", ",", *CLOSES}), None)
    if (
        opens is None
        and word not in FORWARD
        and comma is not None
        and after <= 6
        and at - comma <= 3
        and (contrast_before(tokens, at) <= comma)
    ):
        speaker = named(tokens, at + 1, until(tokens, at + 1, frozenset(".،"))) or named(tokens, comma + 1, at)
        return Speech(at, begin, comma, speaker, word in ANNOUNCING)
    if word in ACCUSING and (accused := accused_of(tokens, at)) is not None:
        *accuser, who = named(tokens, at + 1, accused) or (accused,)  # the accused is part of what is said
        return Speech(at, who, contrast_behind(tokens, at + 1), tuple(accuser))
    if opens is None:
        if word not in CLEAR_ARABIC and word not in ANNOUNCING:
            return None
        speaker = _subject_behind(tokens, at + 1, min(size, at + 4)) or named(tokens, begin, at)
        if word in TRACING:
            speaker = _subject_behind(tokens, at + 1, min(size, at + 12))
            speaker = speaker[: max(1, len(speaker) // 2)]  # who, then what they trace back
        return Speech(at, at + 1, contrast_behind(tokens, at + 1), speaker, word in ANNOUNCING)
    speaker = _subject_behind(tokens, at + 1, opens)
    if len(speaker) > 1 and word in OPINING_ARABIC:
        speaker = speaker[:-1]  # whom, then what they describe
    speaker = speaker or subject_before(tokens, max(begin, at - MOST_SPEAKER), at)
    last = contrast_behind(tokens, opens + 1)
    going_on = next((n for n in range(opens + 2, last) if _goes_on(tokens, n)), last)
    return Speech(at, opens + 1, going_on, speaker, word in ANNOUNCING)


def relayed(tokens: Sequence[Token], at: int) -> Speech | None:
    """What is passed on or talked of: نقلت الصحيفة عن مسؤول أن, تحدث شهود عن انهيار جسر."""
    size = len(tokens)
    about = next((n for n in range(at + 1, min(size, at + 7)) if tokens[n].folded == "عن"), None)
    opens = next((n for n in range(at + 1, min(size, at + 16)) if tokens[n].folded in COMPLEMENT), None)
    if about is None or (opens is not None and opens < about):
        return None if "نقل" in tokens[at].folded else in_arabic(tokens, at)
    if "نقل" in tokens[at].folded:
        return (
            Speech(at, opens + 1, contrast_behind(tokens, opens + 1), named(tokens, about + 1, opens))
            if opens
            else None
        )
    return Speech(at, about + 1, contrast_behind(tokens, about + 1), named(tokens, at + 1, about))


def accused_of(tokens: Sequence[Token], at: int) -> int | None:
    """Where what somebody is accused of begins: اتهمت النقابة الإدارة بتجاهل التحذيرات."""
    near = range(at + 2, min(len(tokens), at + MOST_SPEAKER))
    return next((n for n in near if tokens[n].folded[0] == "ب" and len(tokens[n].folded) > 3), None)


def subject_before(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The speaker before an Arabic verb: of the clause that it stands in, or goes on with, without its objects."""
    begin = next((n + 1 for n in range(last - 1, first - 1, -1) if contrasts(tokens, n)), first)
    first = begin if named(tokens, begin, last) else first
    stop = next((n for n in range(first + 2, last) if tokens[n].folded in BESIDE_OBJECTS), last)
    return named(tokens, first, stop) or named(tokens, first, last)


def _subject_behind(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The speaker behind an Arabic verb, up to whom or where it is said; nobody where that stands first."""
    if first < last and tokens[first].folded in WHERE_SAID:
        return ()
    stop = next((n for n in range(first + 1, last) if tokens[n].folded in BESIDE_OBJECTS), last)
    return named(tokens, first, stop)


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a main clause of the narrator's own begins: behind a comma or quotation, with و but no أن."""
    word = tokens[at].folded
    if tokens[at - 1].folded not in {"،", ",", *CLOSES} or word[0] != "و" or len(word) < 4:
        return False
    return word[1:] not in COMPLEMENT and word not in BESIDES and tokens[at].content
