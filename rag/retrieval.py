"""From a query to ranked passages: each language ranked by itself, scores made comparable, then merged.

Fusing ranks across languages fails (the usual recipe finds 4% of the answers that stand in the other language): words
never match there and the embedding prefers the query's own language. So every candidate is scored by how far its
similarity stands above what this query scores in that language anyway (`rag.background`, and the tail of the
partition's own list), plus, in the query's language, by how much of the query's words it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog
from corpus.language import detect_language, partition_of
from rag.background import Background
from rag.embedding import Encoder
from rag.errors import InvalidQuery
from rag.index import PARTITIONS, Index, IndexedPassage
from rag.types import Filters, Passage, ScoredPassage

FloatArray = NDArray[np.float32]

MAX_QUERY_CHARS = 4000
"""A longer query is refused: no question is that long, and the embedding reads 512 tokens."""

DENSE_CANDIDATES = 40
LEXICAL_CANDIDATES = 20
TAIL = slice(4, 25)
"""Ranks 5 to 25 of a list are its tail (the design's measurement)."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the linear score. Fitted by `python -m evals.benchmarks.fit_retrieval` (softmax over passages)."""

    above_background: float = 1.58
    above_tail: float = 0.92
    words: float = 8.3
    grams: float = 9.5
    same_language: float = -4.2
    same_language_arabic: float = 0.9


WEIGHTS = Weights()
SCALE = 50.0
"""Cosines of this model family live between .7 and .9; times 50 they have about unit spread."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with the signals behind its score: cosines, and the share of the query's words and 4-grams in it."""

    indexed: IndexedPassage
    similarity: float
    above_background: float
    above_tail: float
    words: float
    grams: float
    score: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a query found, best first. `vector` (dimension,) is the query's, `language` its detected language.

    `selected` is False where filters left no document to search.
    """

    query: str
    language: str
    vector: FloatArray
    candidates: tuple[Candidate, ...]
    selected: bool = True


def check_query(query: str) -> str:
    """The query without white space around it. Raises InvalidQuery when nothing is left or it is too long."""
    stripped = query.strip()
    if not any(character.isalnum() for character in stripped):
        raise InvalidQuery("The question is empty.", "Ask it in words, in Arabic or English.", reason="empty")
    if len(stripped) > MAX_QUERY_CHARS:
        raise InvalidQuery(
            f"The question has {len(stripped):,} characters; at most {MAX_QUERY_CHARS:,} are allowed.",
            "Ask one question; add long texts with `tawthiq ingest`.",
            reason="too_long",
            characters=len(stripped),
            limit=MAX_QUERY_CHARS,
        )
    return stripped


class Retriever:
    """Finds passages in one index. Holds nothing but its parts; safe for several threads."""

    def __init__(
        self, index: Index, catalog: Catalog, encoder: Callable[[], Encoder], background: Callable[[], Background]
    ):
        self._index = index
        self._catalog = catalog
        self._encoder = encoder
        self._background = background

    def retrieve(self, query: str, limit: int, filters: Filters | None = None) -> Retrieved:
        """Up to `limit` passages for `query`, best first. Raises InvalidQuery."""
        query = check_query(query)
        if limit < 1:
            raise InvalidQuery(f"A limit of {limit} finds nothing.", "Ask for at least 1 passage.", reason="limit")
        language = detect_language(query)
        vector = self._encoder().encode_query(query)
        allowed = self._allowed(filters)
        candidates: list[Candidate] = []
        if allowed is None or allowed:
            for partition in PARTITIONS:
                candidates.extend(self._rank(partition, query, language, vector, limit, allowed))
        candidates.sort(key=lambda candidate: (-candidate.score, candidate.indexed.key))
        return Retrieved(query, language, vector, tuple(candidates[:limit]), allowed is None or bool(allowed))

    def passages(self, candidates: Sequence[Candidate]) -> list[ScoredPassage]:
        """The candidates with their stored text, ranked from 1. A document removed meanwhile is left out."""
        entries = {e.document_id: e for e in self._catalog.entries([c.indexed.document_id for c in candidates])}
        texts = self._catalog.slices((c.indexed.document_id, c.indexed.start, c.indexed.end) for c in candidates)
        found: list[ScoredPassage] = []
        for candidate, text in zip(candidates, texts, strict=True):
            piece, entry = candidate.indexed, entries.get(candidate.indexed.document_id)
            if entry is None or not text:
                continue
            passage = Passage(
                piece.document_id, piece.start, piece.end, piece.language, text, entry.source, entry.title
            )
            found.append(ScoredPassage(passage, candidate.score, len(found) + 1))
        return found

    def _allowed(self, filters: Filters | None) -> list[str] | None:
        if not filters:
            return None
        return self._catalog.select(
            languages=filters.languages,
            publishers=filters.publishers,
            since=filters.since,
            until=filters.until,
            documents=filters.documents,
            tags=filters.tags,
        )

    def _rank(
        self, partition: str, query: str, language: str, vector: FloatArray, limit: int, allowed: list[str] | None
    ) -> list[Candidate]:
        same = partition_of(language) == partition
        dense = dict(self._index.dense.search(partition, vector, max(DENSE_CANDIDATES, limit), allowed))
        if not dense:
            return []
        background = self._background().similarities(partition, vector)
        # In a small partition the list is over before its tail begins: the background stands in for the rest.
        tail = np.sort(np.concatenate([list(dense.values()), background]))[::-1][TAIL].mean()
        coverage: dict[str, tuple[float, float]] = {}
        if same:
            lexical = self._index.lexical.search(partition, query, max(LEXICAL_CANDIDATES, limit), allowed)
            new = [key for key, _ in lexical if key not in dense]
            for key, other in self._index.dense.vectors(partition, new).items():
                dense[key] = float(other @ vector / max(float(np.linalg.norm(other)), 1e-9))
            coverage = self._index.lexical.coverage(partition, query, list(dense))
        indexed = self._index.passages(list(dense))
        ranked = []
        for key, similarity in dense.items():
            if key not in indexed:
                continue  # being replaced by an ingestion at this moment
            words, grams = coverage.get(key, (0.0, 0.0))
            above_background = SCALE * (similarity - float(background.mean()))
            above_tail = SCALE * (similarity - float(tail))
            score = (
                WEIGHTS.above_background * above_background
                + WEIGHTS.above_tail * above_tail
                + WEIGHTS.words * words
                + WEIGHTS.grams * grams
                + (WEIGHTS.same_language + WEIGHTS.same_language_arabic * (language == "ar") if same else 0.0)
            )
            ranked.append(Candidate(indexed[key], similarity, above_background, above_tail, words, grams, score))
        return ranked
