"""Which of several like values of a source a value of a statement belongs to: by the words that stand with each.

A statement that takes its neighbour's figure has a number, or a date, that the source has for another thing. What
tells is which words of the statement stand with the figure that it gives, and which with the one beside it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import NamedTuple

from rag.analysis import is_stop_word
from rag.bilingual import MIN_CONSONANTS, consonants, load_glossary
from rag.grounding.nearby import NOT_CONJOINED, TELLS_NOTHING
from rag.grounding.numbers.words import number_word
from rag.grounding.tokens import Token, peeled, tokens
from rag.grounding.wording import root_letters, same_language_stem

_SENTENCE_ENDS = frozenset(".!?؟؛;")
_CLAUSE_ENDS = frozenset(",،:–—")
_CLAUSE_WORDS = frozenset(
    "and but while whereas when after before then where which who whose although though than against from "
    "بينما فيما لكن ثم او التي الذي الذين عندما حين بعدما بعد قبل مقابل".split()
)
Span = tuple[int, int]
_FEWEST = 8
"""Clauses that even a short text is taken to have: a word that stands in one of them tells as much."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word by what it is compared by: keys of its own language, its translations, for an unknown word its sound."""

    own: frozenset[str]
    across: frozenset[str] = frozenset()
    sound: str = ""

    def answers(self, other: Word) -> bool:
        """Whether two words are the same word, in one language or in two."""
        return bool(
            not self.own.isdisjoint(other.own)
            or not self.own.isdisjoint(other.across)
            or not self.across.isdisjoint(other.own)
            or (self.sound and self.sound == other.sound)
        )


@lru_cache(1 << 14)
def word_of(text: str) -> Word | None:
    """The word that a folded token is; None where it tells nothing."""
    if number := number_word(text):
        return Word(frozenset((f"{number[1].value:g}.",))) if number[1].ordinal else None
    if not text or is_stop_word(text) or any(rest in TELLS_NOTHING for _, rest in peeled(text)):
        return None
    own = {same_language_stem(text)}
    if not text.isascii():
        own.update(f"#{root}" for _, rest in peeled(text) if len(root := root_letters(rest)) >= 3)
    known = load_glossary().ways(text)
    across = frozenset(part for _, ways in known for way in ways if len(way) == 1 for part in way)
    sound = consonants(text)
    return Word(frozenset(own), across, sound if not across and len(sound) >= MIN_CONSONANTS else "")


class Layout:
    """A text with some of its values: its words, and the sentence and the clause that each is in."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        """`spans` are the values' code points in `text`, in any order."""
        stream = tokens(text)
        starts = [token.start for token in stream]
        places = [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in spans]
        valued = {at for first, last in places for at in range(first, last)}
        sentences, clauses = _divided(stream, valued)
        self.words: list[Word] = []
        self.sentences: list[int] = []
        self.clauses: list[int] = []
        kept = []
        for at, token in enumerate(stream):
            if token.kind == "word" and at not in valued and (word := word_of(token.text)) is not None:
                self.words.append(word)
                self.sentences.append(sentences[at])
                self.clauses.append(clauses[at])
                kept.append(at)
        self.at = [bisect_left(kept, first) for first, _ in places]
        """For each value, how many words stand before it."""
        self.sentence = [sentences[first] if first < len(stream) else 0 for first, _ in places]
        self.clause = [clauses[first] if first < len(stream) else 0 for first, _ in places]

    def distance(self, value: int, word: int) -> int:
        """How many words stand between a value and a word."""
        return word - self.at[value] if word >= self.at[value] else self.at[value] - word - 1


def _divided(stream: Sequence[Token], valued: set[int]) -> tuple[list[int], list[int]]:
    """The numbers of the sentence and of the clause that each token is in."""
    sentence = clause = 0
    sentences, clauses = [], []
    for at, token in enumerate(stream):
        word = token.text
        if at not in valued and (
            word in _CLAUSE_WORDS or (len(word) > 3 and word.startswith("و") and word not in NOT_CONJOINED)
        ):
            clause += 1
        sentences.append(sentence)
        clauses.append(clause)
        if at not in valued and word in _SENTENCE_ENDS:
            sentence, clause = sentence + 1, clause + 1
        elif at not in valued and word in _CLAUSE_ENDS:
            clause += 1
    return sentences, clauses


class Nearness(NamedTuple):
    """How much of a statement stands with a value of the source: next to it, in its sentence or before, in its clause.

    The last is by word, in the statement's order.
    """

    near: float
    sentence: float
    clause: tuple[float, ...]


def nearness(said: Layout, value: int, there: Layout, rivals: Sequence[int]) -> tuple[dict[int, Nearness], float]:
    """For each of the source's values `rivals`, how near the words are that stand with the statement's `value`.

    The second is the weight of all words of the statement that the source has at all.
    """
    sums = {one: [0.0, 0.0] for one in rivals}
    clauses: dict[int, list[float]] = {one: [] for one in rivals}
    whole = 0.0
    met: list[Word] = []
    count = max(_FEWEST, 1 + len(set(there.clauses)))
    for at, word in enumerate(said.words):
        if any(word.answers(other) for other in met):
            continue
        found = [number for number, other in enumerate(there.words) if word.answers(other)]
        if not found:
            continue
        met.append(word)
        rare = log(1 + count / len({there.clauses[number] for number in found}))
        close = said.distance(value, at)
        with_it = said.clauses[at] == said.clause[value]
        weight = rare * (1.5 if with_it and close < 2 else 1.0 if with_it else 0.5)
        whole += weight
        for one in rivals:
            clause, sentence = there.clause[one], there.sentence[one]
            inside = [number for number in found if there.clauses[number] == clause]
            alone = sum(there.clause[other] == clause for other in rivals) == 1
            near = max((1 / (1 + 0.5 * there.distance(one, number)) for number in inside), default=0.0)
            sums[one][0] += weight * near
            clauses[one].append(weight * (1.0 if inside and alone else near))
            sums[one][1] += weight * max(
                (_inherited(there.sentences[number] - sentence, there.clauses[number] - clause) for number in found),
                default=0.0,
            )
    return {one: Nearness(found[0], found[1], tuple(clauses[one])) for one, found in sums.items()}, whole


def _inherited(sentences: int, clauses: int) -> float:
    """How much a word tells of a value in another clause: what stands before goes on, what comes after seldom tells."""
    if sentences == 0:
        return 1.0 if clauses == 0 else 0.8 if clauses < 0 else 0.4
    return 0.25 if sentences == -1 else 0.0
