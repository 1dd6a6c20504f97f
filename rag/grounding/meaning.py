"""Whether a source says what a statement says, as far as vectors and words can tell: a probability, and no more.

It is the last of the checks and the softest: what is wrong in a number, a name or a negation is as close in meaning as
what is right. It is for what was added and what is about something else.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.analysis import Words, is_stop_word, words
from rag.bilingual import Bridge, load_glossary
from rag.grounding.findings import Source
from rag.logistic import probability
from rag.sentences import split_sentences

FloatArray = NDArray[np.float32]

Vectors = Callable[[Sequence[str]], FloatArray]
"""Vectors (texts, dimension) of length 1, comparable with each other across languages."""

LEAST_WORDS = 4
"""A clause with fewer has no meaning of its own."""

_BORDER = re.compile(
    r"[,،;؛:]\s+|\s[-–—]\s+|\s+(?=(?:and|but|which|who|because|while|after|before|so|making|leading|causing)\s)"
    r"|\s+(?=(?:مما|لأن|لأنه|لأنها|بعد|قبل|حيث|بينما|لكن|ولكن|بسبب|نتيجة|ما|الذي|التي|بهدف|بغية)\s|و[^\s]{4,}\s)"
)


class Meaning(NamedTuple):
    """Signals that a source bears a statement out; also the type of their weights.

    whole: cosine of the statement and the closest sentence or pair of sentences; clause: the least, over the
    statement's clauses, of the cosine with the closest sentence; words: share of its words that stand in the source
    (across languages by glossary and consonants); missing: log of one more than the words that do not. Each with
    `_across` where the source is in another language, else 0.
    """

    whole: float = 0.0
    clause: float = 0.0
    words: float = 0.0
    missing: float = 0.0
    whole_across: float = 0.0
    clause_across: float = 0.0
    words_across: float = 0.0
    missing_across: float = 0.0
    across: float = 0.0
    constant: float = 1.0

    def probability(self, weights: Meaning) -> float:
        """How probable it is that the source says so, 0 to 1."""
        return probability(self, weights)


SCALE = 20.0
"""Cosines of this model family live between .7 and 1."""

WEIGHTS = Meaning(
    whole=0.61,
    clause=1.17,
    words=0.76,
    missing=-1.77,
    whole_across=1.5,
    clause_across=-0.15,
    words_across=1.33,
    missing_across=-2.12,
    across=1.61,
    constant=2.47,
)
"""Fitted by `python -m evals.benchmarks.fit_grounding` on hand-written pairs."""


def clauses(statement: str) -> list[str]:
    """The parts of a statement at its commas and conjunctions, short ones with what stands before them."""
    found: list[str] = []
    for part in _BORDER.split(statement):
        piece = (part or "").strip()
        if not piece:
            continue
        if found and (len(piece.split()) < LEAST_WORDS or len(found[-1].split()) < LEAST_WORDS):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found or [statement]


def meaning_of(statement: str, language: str, source: Source, vectors: Vectors) -> Meaning:
    """The signals of `statement`, in `language` (ISO 639-1), against `source`."""
    parts = clauses(statement)
    sentences = [source.text[s.start : s.end] for s in split_sentences(source.text, source.language)] or [source.text]
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(sentences)]
    rows = vectors([statement, *parts, *sentences, *pairs])
    stated, said = rows[: 1 + len(parts)], rows[1 + len(parts) :]
    similar = stated @ said.T
    whole = SCALE * (float(similar[0].max()) - 0.85)
    clause = SCALE * (float(similar[1:].max(axis=1).min()) - 0.85)
    share, missing = _covered(statement, language, source)
    if language == source.language:
        return Meaning(whole=whole, clause=clause, words=share, missing=missing)
    return Meaning(whole_across=whole, clause_across=clause, words_across=share, missing_across=missing, across=1.0)


def _covered(statement: str, language: str, source: Source) -> tuple[float, float]:
    present = Words.of(source.text)
    if language == source.language:
        wanted = {stem for word in words(statement) if not is_stop_word(word) for stem in Words.of(word).stems}
        found = len(wanted & present.stems)
        every = len(wanted)
    else:
        ways = load_glossary().ways(statement)
        bridge = Bridge(statement, {word: 1.0 for word, _ in ways}, load_glossary())
        every = len({word for word, _ in ways})
        found = len(bridge.found(present))
    return (found / every if every else 1.0), math.log1p(max(0, every - found))
