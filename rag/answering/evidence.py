"""Whether the documents hold the answer at all: a logistic model of what the best sentence and its passage offer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from rag.answering.signals import Sentence
from rag.retrieval import Retrieved


class Evidence(NamedTuple):
    """What the documents offer for a question, as signals of whether they answer it; also the type of their weights.

    grams and words: share of the question's 4-grams, and of its words, in the best sentence's passage (own language
    only). Of the sentence: the signals of those names. same_language: 1 if it is in the question's language;
    length_across: where it is not, log of the passage's length, which holds more chance finds the longer it is. How far
    the sentence stands above others is left out on purpose: that depends on the size of the corpus.
    """

    grams: float
    words: float
    sentence_above_background: float
    sentence_alone: float
    overlap: float
    across: float
    number: float
    same_language: float
    length_across: float
    constant: float = 1.0

    def probability(self, weights: Evidence | None = None) -> float:
        """How probable it is that the documents hold the answer, 0 to 1; by `weights`, else by those in force."""
        logit = sum(map(mul, self, weights or EVIDENCE_WEIGHTS))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


EVIDENCE_WEIGHTS = Evidence(
    grams=2.84,
    words=2.45,
    sentence_above_background=0.89,
    sentence_alone=0.68,
    overlap=1.97,
    across=4.98,
    number=-0.84,
    same_language=-1.79,
    length_across=1.69,
    constant=-7.27,
)
"""Fitted by `python -m evals.benchmarks.fit_abstention MIXED_DEV`."""


def evidence_of(ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved) -> Evidence:
    """The evidence in ranked sentences, of which there must be one."""
    best = ranked[0][1]
    piece, signals = best.candidate.indexed, best.candidate.signals
    own = piece.partition == retrieved.terms.partition
    return Evidence(
        grams=signals.grams,
        words=retrieved.terms.overlap(piece.partition, piece.words)[1] if own else 0.0,
        sentence_above_background=best.signals.above_background,
        sentence_alone=best.signals.alone,
        overlap=best.signals.overlap,
        across=best.signals.across,
        number=best.signals.number,
        same_language=signals.same_language,
        length_across=signals.length_across,
    )
