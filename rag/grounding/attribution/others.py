"""Whether the deeds that a speaker tells are another's: the ministry said that clinics had closed, not what it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from rag.analysis import folded_words
from rag.grounding.attribution.reported import Reported
from rag.grounding.attribution.speech_words import DATES
from rag.grounding.attribution.words import DEEDS, GOVERNING, PLANNED
from rag.grounding.inflection import bare
from rag.grounding.negation.verbs import is_passive, is_verb, subject
from rag.grounding.wording import Token, answers, is_past

_CLAUSE = 12
"""Tokens of somebody's word in which its deed stands."""
_HEADS = GOVERNING | folded_words("president رئيس")
_STATE = GOVERNING | folded_words("authorities state سلطات دولة")
"""What a minister, ministry or president calls what they belong to: the minister said the government had closed it."""
_NO_OBJECT = folded_words("استقال استقالت استقالوا انسحب انسحبت انسحبوا ترشحت ترشحوا")
_FUTURE = ("سي", "ست", "سن")
_ROOT = 3
"""Letters of an Arabic verb that may be its noun too: فتح."""


def whose_deed(statement: Sequence[Token], word: Reported) -> Literal["own", "another"] | None:
    """Whether a clause of somebody's word says by its verbs what who says it did, or another; None where it is open."""
    tokens = word.bearing.sentence.tokens
    clause = range(word.speech.first, min(word.speech.last, word.speech.first + _CLAUSE))
    answered = {at for said, at in word.bearing.pairs if bare(statement[said].folded) in DEEDS - PLANNED}
    deeds = [at for at in clause if at in answered or bare(tokens[at].folded) in DEEDS - PLANNED]
    agents = [_agents(tokens, at, clause) for at in deeds if _did(tokens, at)]
    if not agents or not all(agents):
        return None
    own = [_own(tokens, who, word) for who in agents]
    return "own" if all(own) else None if any(own) else "another"


def _kinds(who: Iterable[Token]) -> set[str]:
    """The words that name somebody, with and without what may be their و and ال: وزارة begins with one of its own."""
    return {form.removeprefix("لل") for token in who for form in (token.folded, bare(token.folded))}


def _did(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is a verb that says what somebody did: past and active."""
    word = tokens[at].folded
    if word.isascii():
        return is_past(word)
    if word.startswith(("ي", *_FUTURE)) or (word.startswith("ت") and not word.endswith(("ت", "وا"))):
        return False
    noun = len(word) <= _ROOT and not (at and tokens[at - 1].folded.startswith("ال"))  # قرار فتح السوق
    return not noun and is_verb(tokens, at)


def _agents(tokens: Sequence[Token], at: int, clause: range) -> list[int]:
    """The places of who did it, where the clause names them; none where it may have been done to them.

    In Arabic only what stands before a verb that has an object behind it is sure: العيادات أغلقت may be passive, and
    what stands behind a verb its object.
    """
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if tokens[at].folded.isascii():
        if is_passive(tokens, at) or (after and after.folded == "by"):
            return []
    elif tokens[at].folded not in _NO_OBJECT and not (after and _may_be_object(after)):
        return []
    who = [one for one in subject(tokens, at) if one in clause and tokens[one].folded not in DATES]
    return who if tokens[at].folded.isascii() or all(one < at for one in who) else []


def _may_be_object(token: Token) -> bool:
    """Whether an Arabic word may be what something is done to: not when, why or by whom (بأمر, لنقص)."""
    return token.content and token.folded not in DATES and not token.folded.startswith(("ب", "ل"))


def _own(tokens: Sequence[Token], who: Sequence[int], word: Reported) -> bool:
    """Whether who did it is who says it, or the state that they speak for."""
    speaker = [tokens[at] for at in word.speech.speaker]
    governs = not _HEADS.isdisjoint(_kinds(speaker))
    return all(
        (governs and not _STATE.isdisjoint(_kinds([tokens[at]])))
        or any(answers(tokens[at], one, False) for one in speaker)
        for at in who
    )
