"""From a query to ranked passages: candidates of each language, scored on one scale, then merged.

Fusing ranks across languages fails (the usual recipe finds 4% of the answers that stand in the other language): words
never match there and the embedding prefers the query's own language. So each language offers candidates by itself, by
vectors and by words (in the other language through glossary, names and translation), and `rag.reranking` gives all of
them one score. Reprints are then told once, and neighbours that were both found are joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog
from corpus.language import detect_language, partition_of_query
from rag.analysis import Words
from rag.background import Background
from rag.embedding import Encoder
from rag.errors import InvalidQuery
from rag.index import PARTITIONS, Index
from rag.merging import merged
from rag.query_terms import QueryTerms, query_terms
from rag.recency import newest_versions
from rag.reranking import RERANKED, WEIGHTS, Candidate, CrossEncoderReranker, signals_of
from rag.tracing.steps import Step
from rag.translation import Pending, QueryTranslator
from rag.types import Filters, Passage, ScoredPassage

FloatArray = NDArray[np.float32]

OTHER = {"ar": "en", "en": "ar"}
"""The other language's partition."""

MAX_QUERY_CHARS = 4000
"""A longer query is refused: no question is that long, and the embedding reads 512 tokens."""

DENSE_CANDIDATES = 12
LEXICAL_CANDIDATES = 10
ACROSS_CANDIDATES = 8
"""Candidates of each partition by vectors, by words, and by words across languages. Twice as many changed no figure of
`python -m evals.benchmarks.fit_retrieval MIXED_DEV` by more than .3 points, and each costs a fifth of a millisecond."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a query found, best first.

    `vector` (dimension,) is the query's, `language` its detected language, `terms` its words.
    """

    query: str
    language: str
    vector: FloatArray
    terms: QueryTerms
    candidates: tuple[Candidate, ...]


@lru_cache(1 << 14)
def _title_words(title: str) -> Words:
    return Words.of(title)


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


def selected(catalog: Catalog, filters: Filters) -> list[str]:
    """The ids of the stored documents that pass `filters`."""
    return catalog.select(
        languages=filters.languages,
        publishers=filters.publishers,
        since=filters.since,
        until=filters.until,
        documents=filters.documents,
        tags=filters.tags,
    )


class Retriever:
    """Finds passages in one index. Holds nothing but its parts; safe for several threads."""

    def __init__(
        self,
        index: Index,
        catalog: Catalog,
        encoder: Callable[[], Encoder],
        background: Callable[[], Background],
        translator: QueryTranslator | None = None,
        reranker: Callable[[], CrossEncoderReranker | None] = lambda: None,
    ):
        self._index = index
        self._catalog = catalog
        self._encoder = encoder
        self._background = background
        self._translator = translator
        self._reranker = reranker

    def retrieve(
        self,
        query: str,
        limit: int,
        filters: Filters | None = None,
        *,
        translate: bool = False,
        step: Step | None = None,
    ) -> Retrieved:
        """Up to `limit` passages for `query`, best first, reprints once and neighbours joined. Raises InvalidQuery.

        Of several versions of a document the newest speaks. `translate`: the language model, where one is set, may be
        asked to put the query into the other language; that is recorded as part of `step`.
        """
        found = self.candidates(query, limit, filters, translate=translate, step=step)
        reranker = self._reranker()
        if reranker is None:
            ranked = list(found.candidates)
        else:
            best, rest = found.candidates[: max(RERANKED, limit)], found.candidates[max(RERANKED, limit) :]
            ranked = [*reranker.reordered(found.query, best, self._texts(best)), *rest]
        entries = {
            entry.document_id: entry
            for entry in self._catalog.entries([candidate.indexed.document_id for candidate in ranked])
        }
        newest = [
            replace(one, published=entries[one.indexed.document_id].published)
            if one.indexed.document_id in entries
            else one
            for one in newest_versions(ranked, entries)
        ]
        return replace(found, candidates=tuple(merged(newest, limit)))

    def candidates(
        self,
        query: str,
        limit: int,
        filters: Filters | None = None,
        *,
        translate: bool = False,
        step: Step | None = None,
    ) -> Retrieved:
        """As `retrieve`, but all that was scored, passage by passage, in the order of the light model."""
        query = check_query(query)
        if limit < 1:
            raise InvalidQuery(f"A limit of {limit} finds nothing.", "Ask for at least 1 passage.", reason="limit")
        language = detect_language(query)
        own = partition_of_query(query, language)
        pending = self._translation(query, language, own, filters, step) if translate else None
        vector = self._encoder().encode_query(query)
        terms = query_terms(query, own, self._index.lexical)
        allowed = self._allowed(filters)
        found: list[Candidate] = []
        if allowed is None or allowed:
            keys = self._by_words(terms, query, limit, allowed)
            for partition in PARTITIONS:
                nearest = self._index.dense.search(partition, vector, max(DENSE_CANDIDATES, limit), allowed)
                keys += [key for key, _ in nearest]
            translation = pending.result() if pending is not None else None
            if translation is not None:
                terms = query_terms(query, own, self._index.lexical, translation)
                keys += self._lexical(OTHER[own], translation, limit, allowed)
            found = self._scored(list(dict.fromkeys(keys)), terms, vector)
        found.sort(key=lambda candidate: (-candidate.score, candidate.indexed.key))
        return Retrieved(query, language, vector, terms, tuple(found))

    def _translation(
        self, query: str, language: str, own: str, filters: Filters | None, step: Step | None
    ) -> Pending | None:
        """A translation under way while vectors and words are searched for; None if it would find nothing."""
        target = OTHER.get(own)
        if self._translator is None or target is None or self._index.lexical.total(target) == 0:
            return None
        if filters and filters.languages and target not in filters.languages:
            return None
        return self._translator.start(query, language, target, step)

    def passages(self, candidates: Sequence[Candidate]) -> list[ScoredPassage]:
        """The candidates with their stored text, ranked from 1. A document removed meanwhile is left out."""
        entries = {e.document_id: e for e in self._catalog.entries([c.indexed.document_id for c in candidates])}
        texts = self._texts(candidates)
        found: list[ScoredPassage] = []
        for candidate, text in zip(candidates, texts, strict=True):
            piece, entry = candidate.indexed, entries.get(candidate.indexed.document_id)
            if entry is None or not text:
                continue
            passage = Passage(
                piece.document_id, piece.start, piece.end, piece.language, text, entry.source, entry.title
            )
            found.append(ScoredPassage(passage, candidate.score, len(found) + 1, candidate.also_in))
        return found

    def _allowed(self, filters: Filters | None) -> list[str] | None:
        return selected(self._catalog, filters) if filters else None

    def _by_words(self, terms: QueryTerms, query: str, limit: int, allowed: Sequence[str] | None) -> list[str]:
        """The keys of candidates by words: in the query's own partition, and in the other one through the bridge."""
        own = PARTITIONS if terms.partition == "other" else (terms.partition,)
        found = [key for partition in own for key in self._lexical(partition, query, limit, allowed)]
        if terms.bridge is not None:
            across = self._index.lexical.search_across(
                OTHER[terms.partition], terms.bridge.alternatives, max(ACROSS_CANDIDATES, limit // 2), allowed
            )
            found += [key for key, _ in across]
        return found

    def _lexical(self, partition: str, query: str, limit: int, allowed: Sequence[str] | None) -> list[str]:
        found = self._index.lexical.search(partition, query, max(LEXICAL_CANDIDATES, limit), allowed)
        return [key for key, _ in found]

    def _texts(self, candidates: Sequence[Candidate]) -> list[str]:
        """The stored text of each, "" where the document was removed meanwhile."""
        return self._catalog.slices((c.indexed.document_id, c.indexed.start, c.indexed.end) for c in candidates)

    def _scored(self, keys: Sequence[str], terms: QueryTerms, vector: FloatArray) -> list[Candidate]:
        indexed = self._index.passages(keys).values()  # what is being replaced at this moment is not among them
        levels = {p: float(self._background().similarities(p, vector).mean()) for p in {i.partition for i in indexed}}
        titles = self._catalog.titles([passage.document_id for passage in indexed])
        scored = []
        for passage in indexed:
            title = titles.get(passage.document_id, "")
            signals = signals_of(passage, terms, vector, levels[passage.partition], _title_words(title))
            scored.append(Candidate(passage, signals, signals.dot(WEIGHTS), title=title))
        return scored
