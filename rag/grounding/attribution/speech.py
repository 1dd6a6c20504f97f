"""Who says it: verbs and phrases of saying, believing, estimating and alleging, with what they govern and by whom."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.attribution.speech_arabic import accused_of, in_arabic, relayed, subject_before
from rag.grounding.attribution.speech_english import in_english
from rag.grounding.attribution.speech_parts import Speech, contrast_before, contrast_behind, is_saying, named, until
from rag.grounding.attribution.speech_words import (
    ACCUSING_OBJECT,
    ADVERBS,
    AMOUNTS,
    ANNOUNCING,
    CLEAR_ARABIC,
    CLEAR_ENGLISH,
    HOLDING,
    INSTRUMENTS,
    OTHER_ARABIC,
    OTHER_ENGLISH,
    PHRASES,
    PHRASES_BEFORE_SPEAKER,
    RELAYING,
)
from rag.grounding.inflection import bare
from rag.grounding.wording import Token

_STARTS = {phrase[0]: True for phrase in (*PHRASES, *PHRASES_BEFORE_SPEAKER)}


def speeches(tokens: Sequence[Token]) -> list[Speech]:
    """Whose word the sentence is, part by part."""
    found: list[Speech] = []
    size = len(tokens)
    for at, token in enumerate(tokens):
        word = token.folded
        if word in _STARTS:
            if any(_phrase(tokens, at, phrase) for phrase in PHRASES):
                found.append(Speech(at, 0, size, ()))
                continue
            phrase = next((p for p in PHRASES_BEFORE_SPEAKER if _phrase(tokens, at, p)), None)
            if phrase is not None:
                begin = at + len(phrase)
                end = until(tokens, begin, frozenset(",.،؛;:!?؟()—–"), 10)
                said = next((n for n in range(begin, min(begin + 3, size)) if is_saying(tokens[n].folded)), None)
                if begin < size and bare(tokens[begin].folded) in INSTRUMENTS:
                    continue
                scope = contrast_before(tokens, at), contrast_behind(tokens, begin)
                found.append(Speech(at, *scope, named(tokens, begin if said is None else said + 1, end)))
                continue
        if word in ADVERBS:
            found.append(Speech(at, *_of_adverb(tokens, at), ()))
        elif word in ANNOUNCING or word in CLEAR_ENGLISH or word in OTHER_ENGLISH:
            one = in_english(tokens, at) if word.isascii() else in_arabic(tokens, at)
            if one:
                found.append(one)
        elif word in AMOUNTS and at + 1 < size and not tokens[at + 1].folded[0].isalpha():
            continue
        elif word in ACCUSING_OBJECT and (accused := accused_of(tokens, at)) is not None:
            found.append(Speech(at, accused, contrast_behind(tokens, at + 1), named(tokens, at + 1, accused)))
        elif word in HOLDING and any("مسوولي" in one.folded for one in tokens[at + 1 : at + 7]):
            found.append(
                Speech(at, at + 1, contrast_behind(tokens, at + 1), subject_before(tokens, max(0, at - 12), at))
            )
        elif word in RELAYING and (one := relayed(tokens, at)):
            found.append(one)
        elif word in CLEAR_ARABIC or word in OTHER_ARABIC:
            one = in_arabic(tokens, at)
            if one:
                found.append(one)
    return found


def _phrase(tokens: Sequence[Token], at: int, phrase: tuple[str, ...]) -> bool:
    return all(at + n < len(tokens) and tokens[at + n].folded == word for n, word in enumerate(phrase))


def _of_adverb(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """What "apparently" is over: its own part of the sentence, between commas where it does not open it."""
    marks = frozenset(",،;؛")
    begin = next((n + 1 for n in range(at - 1, -1, -1) if tokens[n].folded in marks), 0)
    end = until(tokens, at + 1 if at > begin else at + 2, marks, len(tokens))
    return begin, end
