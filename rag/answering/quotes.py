"""Answers made of nothing but quotes: the sentences that answer best, verbatim, with no model involved.

Sentences of the best passages are ranked by how far their vector (late-chunked, stored with the passage) stands above
the background, by the share of the question's words in them, and by their passage's score. When the question asks for
a list and the best evidence is one, its items are quoted, each whole. A logistic model of the same signals says how
probable it is that the documents hold the answer at all; below the threshold nothing is quoted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.language import partition_of
from rag.analysis import is_stop_word, stem, words
from rag.answering.lists import find_list
from rag.background import Background
from rag.index import Index, IndexedPassage
from rag.retrieval import SCALE, Candidate, Retrieved
from rag.sentences import Span

PASSAGES_READ = 8
MAX_QUOTES = 3


@dataclass(frozen=True, slots=True)
class SentenceWeights:
    """Weights of a sentence's linear score. Fitted by `python -m evals.benchmarks.fit_quotes`."""

    above_background: float = 1.0
    overlap: float = 6.0
    passage: float = 0.6
    heading: float = -4.0


@dataclass(frozen=True, slots=True)
class AbstentionWeights:
    """Weights of the logistic model of answerability. Fitted by `python -m evals.benchmarks.fit_abstention`."""

    intercept: float = -3.0
    passage_above_background: float = 0.5
    sentence_above_background: float = 0.5
    overlap: float = 3.0
    words: float = 3.0
    same_language: float = -1.0


SENTENCE_WEIGHTS = SentenceWeights()
ABSTENTION_WEIGHTS = AbstentionWeights()
QUOTE_MARGIN = 1.5
"""A further sentence is quoted if its score is within this of the best one's."""
NEAR_DUPLICATE = 0.97
"""Cosine of two sentence vectors above which they say the same in the same words."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a document to be quoted, with its score and the passage it was found in."""

    document_id: str
    start: int
    end: int
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the documents offer for a question: the signals that say whether they answer it."""

    passage_above_background: float
    sentence_above_background: float
    overlap: float
    words: float
    same_language: bool

    def probability(self, weights: AbstentionWeights = ABSTENTION_WEIGHTS) -> float:
        """How probable it is that the documents hold the answer, 0 to 1."""
        logit = (
            weights.intercept
            + weights.passage_above_background * self.passage_above_background
            + weights.sentence_above_background * self.sentence_above_background
            + weights.overlap * self.overlap
            + weights.words * self.words
            + weights.same_language * self.same_language
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class Selection:
    """The quotes chosen, best first (a list's items in their order), and the evidence for answering at all."""

    quotes: tuple[Quote, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Sentence:
    candidate: Candidate
    span: Span
    vector: np.ndarray[tuple[int], np.dtype[np.float32]]
    above_background: float
    overlap: float
    score: float


def select_quotes(
    retrieved: Retrieved,
    index: Index,
    background: Background,
    text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]],
) -> Selection | None:
    """The quotes that answer `retrieved.query` best, or None if nothing was retrieved at all.

    `text_of` gives the stored text of (document_id, start, end) spans, in code points.
    """
    read = retrieved.candidates[:PASSAGES_READ]
    if not read:
        return None
    sentences = _ranked(retrieved, read, index, background, text_of)
    if not sentences:
        return None
    best = sentences[0]
    evidence = Evidence(
        passage_above_background=best.candidate.above_background,
        sentence_above_background=best.above_background,
        overlap=best.overlap,
        words=best.candidate.words,
        same_language=partition_of(retrieved.language) == best.candidate.indexed.partition,
    )
    passages = [index.passages(index.neighbours(d)) for d in _documents(sentences[:3])]
    listed = find_list(
        retrieved.query,
        [(sentence.candidate.indexed.document_id, sentence.span, sentence.score) for sentence in sentences[:6]],
        {key: piece for found in passages for key, piece in found.items()},
        text_of,
    )
    if listed is not None:
        document_id, spans, language = listed
        quotes = tuple(Quote(document_id, span.start, span.end, language, best.score) for span in spans)
    else:
        quotes = tuple(_chosen(sentences))
    return Selection(quotes, evidence)


def _documents(sentences: Sequence[_Sentence]) -> list[str]:
    return list(dict.fromkeys(sentence.candidate.indexed.document_id for sentence in sentences))


def _ranked(
    retrieved: Retrieved,
    read: Sequence[Candidate],
    index: Index,
    background: Background,
    text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]],
) -> list[_Sentence]:
    weights = SENTENCE_WEIGHTS
    top = read[0].score
    own = partition_of(retrieved.language)
    rarity = _rarities(retrieved.query, own, index)
    level = {p: float(background.similarities(p, retrieved.vector).mean()) for p in {c.indexed.partition for c in read}}
    pairs = [(candidate, number) for candidate in read for number in range(len(candidate.indexed.sentences))]
    texts = text_of([_place(c.indexed, c.indexed.sentences[n]) for c, n in pairs])
    found = []
    for (candidate, number), text in zip(pairs, texts, strict=True):
        piece = candidate.indexed
        span, vector = piece.sentences[number], piece.vectors[number]
        above = SCALE * (float(vector @ retrieved.vector) - level[piece.partition])
        overlap = _overlap(text, rarity) if piece.partition == own else 0.0
        score = (
            weights.above_background * above
            + weights.overlap * overlap
            + weights.passage * (candidate.score - top)
            + (weights.heading if span.kind == "heading" else 0.0)
        )
        found.append(_Sentence(candidate, span, vector, above, overlap, score))
    found.sort(key=lambda sentence: (-sentence.score, sentence.candidate.indexed.key, sentence.span.start))
    return found


def _place(piece: IndexedPassage, span: Span) -> tuple[str, int, int]:
    return piece.document_id, span.start, span.end


def _rarities(query: str, partition: str, index: Index) -> dict[str, float]:
    """The question's topic terms with their inverse document frequency, summing to 1."""
    total = index.passage_count(partition)
    terms = {stem(word) for word in words(query) if not is_stop_word(word)}
    raw = {t: math.log(1 + (total + 0.5) / (index.lexical.frequency(partition, t) + 0.5)) for t in terms}
    whole = sum(raw.values())
    return {term: value / whole for term, value in raw.items()} if whole else {}


def _overlap(text: str, rarity: dict[str, float]) -> float:
    present = {stem(word) for word in words(text)}
    return sum(value for term, value in rarity.items() if term in present)


def _chosen(sentences: Sequence[_Sentence]) -> list[Quote]:
    best = sentences[0].score
    chosen: list[_Sentence] = []
    for sentence in sentences:
        if len(chosen) == MAX_QUOTES or sentence.score < best - QUOTE_MARGIN:
            break
        if all(float(sentence.vector @ other.vector) < NEAR_DUPLICATE for other in chosen):
            chosen.append(sentence)
    return [
        Quote(
            sentence.candidate.indexed.document_id,
            sentence.span.start,
            sentence.span.end,
            sentence.candidate.indexed.language,
            sentence.score,
        )
        for sentence in chosen
    ]
