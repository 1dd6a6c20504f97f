"""What somebody's word consists of: the word that marks it, who says it, what is said, and where that ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.grounding.attribution.speech_words import (
    ANNOUNCING,
    BEFORE_BUT,
    CLEAR_ARABIC,
    CLEAR_ENGLISH,
    CONTRASTS,
    DATES,
    DENYING,
    OTHER_ARABIC,
    OTHER_ENGLISH,
    PARTS,
)
from rag.grounding.wording import Token

MOST_SPEAKER = 14
"""Tokens of a speaker's name and office."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody's word in tokens: what marks it stands at `at`, governs [first, last), and is spoken by `speaker`.

    `speaker` are places of the content words that name them: none for a pronoun or nobody.
    """

    at: int
    first: int
    last: int
    speaker: tuple[int, ...]
    announces: bool = False


def named(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The words in [first, last) that may name a speaker, the last of them."""
    places = [at for at in range(max(0, first), last) if _may_name(tokens[at])]
    return tuple(places[-MOST_SPEAKER:])


def _may_name(token: Token) -> bool:
    return token.content and token.folded not in DATES and not token.folded[0].isdigit()


def until(tokens: Sequence[Token], at: int, marks: frozenset[str], reach: int = MOST_SPEAKER) -> int:
    """Where the first of `marks` stands from a place on, or where `reach` tokens end."""
    end = min(len(tokens), at + reach)
    return next((place for place in range(at, end) if tokens[place].folded in marks), end)


def contrasts(tokens: Sequence[Token], at: int) -> bool:
    """Whether another side's word may begin with a token."""
    word = tokens[at].folded
    if word == "but" and at and tokens[at - 1].folded in BEFORE_BUT:
        return False  # all but three
    return word in CONTRASTS


def contrast_behind(tokens: Sequence[Token], first: int) -> int:
    """Where what begins at `first` ends at the latest: another side's word, or another main clause, follows."""
    return next(
        (n for n in range(first, len(tokens)) if contrasts(tokens, n) or tokens[n].folded in PARTS), len(tokens)
    )


def contrast_before(tokens: Sequence[Token], last: int) -> int:
    """Where what ends at `last` begins at the earliest: with the word of this side."""
    return next((n for n in range(last - 1, -1, -1) if contrasts(tokens, n)), 0)


def is_saying(word: str) -> bool:
    """Whether a folded word is a form of a verb of saying."""
    return (
        word in CLEAR_ENGLISH
        or word in OTHER_ENGLISH
        or word in OTHER_ARABIC
        or word in CLEAR_ARABIC
        or (word in ANNOUNCING)
    )


def is_denial(word: str) -> bool:
    """Whether a folded verb of saying says that something is not so."""
    return word in DENYING
