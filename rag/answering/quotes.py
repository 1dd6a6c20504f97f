"""Answers made of nothing but quotes: the sentences that answer best, verbatim, with no model involved.

Sentences of the best passages are ranked by the signals of `rag.answering.signals`. When the question asks for a list
and the best evidence is one, its items are quoted, each whole. A logistic model of the same signals says how probable
it is that the documents hold the answer at all; below the threshold nothing is quoted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import mul
from typing import NamedTuple

from rag.analysis import Words
from rag.answering.attribution import goes_on, speaker_of
from rag.answering.lists import find_list
from rag.answering.parts import parts_of
from rag.answering.signals import FloatArray, Sentence, Signals, sentences_of
from rag.background import Background
from rag.index import Index
from rag.query_terms import QueryTerms, query_terms
from rag.retrieval import Retrieved

PASSAGES_READ = 8
MAX_QUOTES = 3
LISTS_READ = 16
"""Sentences among which a list is looked for: its line, or an item of it, seldom ranks first."""

SENTENCE_WEIGHTS = Signals(
    above_background=0.5,
    above_passage=0.61,
    alone=0.36,
    alone_across=0.22,
    overlap=2.84,
    across=4.86,
    nearby=0.4,
    grams=0.9,
    passage=0.61,
    number=-1.55,
    heading=-3.0,  # not fitted: mixed-dev has no headings, and a heading answers nothing
    length=-0.21,
)
MARGIN = 2.5
"""No sentence is quoted beside one that is e to this power times as likely to answer."""
ENOUGH = 0.95
"""Sentences are quoted until it is this probable that one of them answers (scores were fitted as log-odds)."""
NEAR_DUPLICATE = 0.97
"""Cosine of two sentence vectors above which they say the same in the same words."""


class Evidence(NamedTuple):
    """What the documents offer for a question, as signals of whether they answer it; also the type of their weights.

    grams: share of the question's 4-grams in the best sentence's passage (own language only). Of the sentence: the
    signals of those names. same_language: 1 if it is in the question's language. How far it stands above others is left
    out on purpose: that depends on the size of the corpus.
    """

    grams: float
    sentence_above_background: float
    sentence_alone: float
    overlap: float
    across: float
    number: float
    same_language: float
    constant: float = 1.0

    def probability(self) -> float:
        """How probable it is that the documents hold the answer, 0 to 1."""
        logit = sum(map(mul, self, EVIDENCE_WEIGHTS))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


EVIDENCE_WEIGHTS = Evidence(
    grams=3.66,
    sentence_above_background=0.75,
    sentence_alone=0.82,
    overlap=3.31,
    across=4.67,
    number=-1.1,
    same_language=-2.04,
    constant=-7.04,
)
"""Fitted by `python -m evals.benchmarks.fit_quotes MIXED_DEV`."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a document to be quoted, and the language of the passage it was found in."""

    document_id: str
    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The quotes chosen, best first (a list's items in their order), and the probability that they answer."""

    quotes: tuple[Quote, ...]
    probability: float


def select_quotes(
    retrieved: Retrieved,
    index: Index,
    background: Background,
    text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]],
    encode: Callable[[str], FloatArray],
) -> Selection | None:
    """The quotes that answer `retrieved.query` best, or None if nothing was retrieved at all.

    `text_of` gives the stored text of (document_id, start, end) spans, in code points; `encode` a query's vector.
    """
    read = retrieved.candidates[:PASSAGES_READ]
    ranked = rank(sentences_of(retrieved, read, background, text_of))
    if not ranked:
        return None
    evidence = evidence_of(ranked, retrieved)
    probability = evidence.probability()
    quotes = _listed(retrieved, ranked, index, text_of)
    if not quotes:
        chosen = _chosen(ranked)
        parts = parts_of(retrieved.query)
        # A part alone may be about anything, so it is looked for where the whole question was nearly answered.
        silent = 1.0
        near = {(s.candidate.indexed.key, s.span) for _, s in ranked[: max(5, len(ranked) // 2)]}
        for part in parts:
            terms = query_terms(part, retrieved.terms.partition, index.lexical)
            asked = replace(retrieved, query=part, vector=encode(part), terms=terms)
            for_part = rank(sentences_of(asked, read, background, text_of))
            silent *= 1 - evidence_of(for_part, asked).probability()
            best = next((s for _, s in for_part if (s.candidate.indexed.key, s.span) in near), None)
            if best is not None:
                _add(chosen, best)
        if parts:
            # The words of a question with parts are spread over the quotes that answer them.
            overlap, across = _together(chosen, retrieved.terms)
            evidence = evidence._replace(overlap=max(overlap, evidence.overlap), across=max(across, evidence.across))
        quotes = tuple(_with_speakers(chosen, index, text_of))
        # One part answered is an answer in part.
        probability = max(evidence.probability(), 1 - silent)
    return Selection(quotes, probability)


def _together(chosen: Sequence[Sentence], terms: QueryTerms) -> tuple[float, float]:
    """The share of the question's words in these sentences taken together: of those in its language, of the others."""
    by_partition: dict[str, list[Words]] = {}
    for sentence in chosen:
        by_partition.setdefault(sentence.candidate.indexed.partition, []).append(Words.of(sentence.text))
    shares = {partition: terms.overlap(partition, parts)[1] for partition, parts in by_partition.items()}
    across = [share for partition, share in shares.items() if partition != terms.partition]
    return shares.get(terms.partition, 0.0), max(across, default=0.0)


def rank(sentences: Sequence[Sentence]) -> list[tuple[float, Sentence]]:
    """The sentences with their scores, best first."""
    scored = [(sentence.signals.dot(SENTENCE_WEIGHTS), sentence) for sentence in sentences]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].candidate.indexed.key, pair[1].span.start))


def evidence_of(ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved) -> Evidence:
    """The evidence in ranked sentences, of which there must be one."""
    best = ranked[0][1]
    return Evidence(
        grams=best.candidate.signals.grams,
        sentence_above_background=best.signals.above_background,
        sentence_alone=best.signals.alone,
        overlap=best.signals.overlap,
        across=best.signals.across,
        number=best.signals.number,
        same_language=best.candidate.signals.same_language,
    )


def _listed(
    retrieved: Retrieved,
    ranked: Sequence[tuple[float, Sentence]],
    index: Index,
    text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]],
) -> tuple[Quote, ...]:
    top = [(s.candidate.indexed.document_id, s.span, score) for score, s in ranked[:LISTS_READ]]
    found = find_list(retrieved.query, top, index.spans, text_of, retrieved.language)
    if found is None:
        return ()
    document_id, spans, language = found
    return tuple(Quote(document_id, span.start, span.end, language) for span in spans)


def _chosen(ranked: Sequence[tuple[float, Sentence]]) -> list[Sentence]:
    best = ranked[0][0]
    whole = sum(math.exp(score - best) for score, _ in ranked)
    chosen: list[Sentence] = []
    probability = 0.0
    for score, sentence in ranked:
        if len(chosen) == MAX_QUOTES or probability >= ENOUGH or score < best - MARGIN:
            break
        probability += math.exp(score - best) / whole
        _add(chosen, sentence)
    return chosen


def _add(chosen: list[Sentence], sentence: Sentence) -> None:
    if all(float(sentence.vector @ other.vector) < NEAR_DUPLICATE for other in chosen):
        chosen.append(sentence)


def _with_speakers(
    chosen: Sequence[Sentence], index: Index, text_of: Callable[[Sequence[tuple[str, int, int]]], Sequence[str]]
) -> list[Quote]:
    """The quotes, and before one that goes on with somebody's words the sentence that names them."""
    quotes: list[Quote] = []
    for sentence in chosen:
        piece = sentence.candidate.indexed
        quote = Quote(piece.document_id, sentence.span.start, sentence.span.end, piece.language)
        if goes_on(sentence.text):
            speaker = speaker_of(piece.document_id, sentence.span.start, index.spans, text_of)
            if speaker is not None:
                quotes.append(Quote(piece.document_id, speaker.start, speaker.end, piece.language))
        quotes.append(quote)
    return list(dict.fromkeys(quotes))
