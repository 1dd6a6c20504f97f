"""Which sentences answer best, and which to quote together: as few as suffice, each saying what the others do not.

Scores are log-odds, fitted by softmax over the sentences of a question, so that they add up to probabilities.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rag.answering.selection.signals import Sentence, Signals
from rag.logistic import weighed
from rag.query_terms import QueryTerms

MAX_QUOTES = 3
CONSIDERED = 14
"""Sentences, best first, among which quotes are chosen; the answer of 97 in 100 questions stands in one of them."""

SENTENCE_WEIGHTS = Signals(
    above_background=0.48,
    above_passage=0.62,
    alone=0.35,
    alone_across=0.21,
    overlap=2.81,
    across=4.92,
    nearby=0.38,
    grams=0.93,
    passage=0.6,
    number=-2.09,
    heading=-3.0,  # not fitted: mixed-dev has no headings, and a heading answers nothing
    length=-0.19,
    defines=1.5,  # by hand: on mixed-dev, where most such questions are put to an article about it, 0 to 4 do alike
    mistimed=-3.0,  # by hand, as the next one: more than MARGIN, so that it is not quoted beside what is of that time
    opposite=-3.0,
    deed=3.0,  # by hand: as much as the opposite loses
)
MARGIN = 2.5
"""No sentence is quoted beside one that is e to this power times as likely to answer."""
ENOUGH = 0.9
"""Sentences are quoted until it is this probable that one of them answers (scores were fitted as log-odds)."""
NEAR_DUPLICATE = 0.97
"""Cosine of the vectors of two sentences, each by itself, above which they say the same in the same words."""


class Addition(NamedTuple):
    """What speaks for a sentence beside those already chosen, if these do not answer; also the type of the weights.

    score: by its own signals; uncovered: of the question's terms that the chosen ones lack, the share that it has, by
    rarity; alike: its cosine with the one of them that is most like it (times 10); same_language: 1 if it is in the
    question's.
    """

    score: float
    uncovered: float
    alike: float
    same_language: float

    def dot(self, weights: Addition) -> float:
        return weighed(self, weights)


ADDITION_WEIGHTS = Addition(score=0.81, uncovered=1.84, alike=-0.31, same_language=0.8)
"""Fitted, as those of single sentences, by `python -m evals.benchmarks.fit_quotes MIXED_DEV`."""


def rank(sentences: Sequence[Sentence]) -> list[tuple[float, Sentence]]:
    """The sentences with their scores, best first."""
    scored = [(sentence.signals.dot(SENTENCE_WEIGHTS), sentence) for sentence in sentences]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].candidate.indexed.key, pair[1].span.start))


def additions(chosen: Sequence[Sentence], rest: Sequence[tuple[float, Sentence]], terms: QueryTerms) -> list[Addition]:
    """The signals of each of the `rest` beside the `chosen` ones, of which there must be one."""
    left = terms.rarity.keys() - frozenset().union(*(sentence.asked for sentence in chosen))
    whole = sum(terms.rarity[term] for term in left)
    beside = np.stack([sentence.own_vector for sentence in chosen])
    return [
        Addition(
            score=score,
            uncovered=sum(terms.rarity[term] for term in sentence.asked & left) / whole if whole else 0.0,
            alike=10 * float((beside @ sentence.own_vector).max()),
            same_language=float(sentence.candidate.indexed.partition == terms.partition),
        )
        for score, sentence in rest
    ]


def in_turn(
    ranked: Sequence[tuple[float, Sentence]], terms: QueryTerms
) -> Iterator[tuple[float, tuple[float, Sentence]]]:
    """The ranked sentences in the order in which they are worth quoting together.

    With each comes how probable it is that it answers if none before it does: the first is the best by itself, the
    next one says what those before leave open.
    """
    rest = list(ranked[:CONSIDERED])
    scores = [score for score, _ in rest]
    chosen: list[Sentence] = []
    while rest:
        best = max(range(len(rest)), key=scores.__getitem__)
        probability = 1 / sum(math.exp(score - scores[best]) for score in scores)
        yield probability, rest[best]
        chosen.append(rest.pop(best)[1])
        scores = [addition.dot(ADDITION_WEIGHTS) for addition in additions(chosen, rest, terms)]


def sufficient(ranked: Sequence[tuple[float, Sentence]], terms: QueryTerms) -> list[Sentence]:
    """The sentences to quote: one where one suffices, others as long as they may well say what it does not."""
    least = ranked[0][0] - MARGIN
    found: list[Sentence] = []
    silent = 1.0
    for probability, (score, sentence) in in_turn(ranked, terms):
        if len(found) == MAX_QUOTES or 1 - silent >= ENOUGH:
            break
        silent *= 1 - probability
        if score >= least:
            add(found, sentence)
    return found


def add(chosen: list[Sentence], sentence: Sentence) -> None:
    """Appends the sentence unless one of those chosen says the same in the same words."""
    if all(float(sentence.own_vector @ other.own_vector) < NEAR_DUPLICATE for other in chosen):
        chosen.append(sentence)
