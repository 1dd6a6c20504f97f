"""Words, character 4-grams and names of passages in tantivy: one index a partition. The only module that knows tantivy.

Terms come ready from `rag.analysis` and `rag.bilingual`; tantivy only cuts them at spaces and ranks by BM25 (its k1
1.2, b 0.75).
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.analysis import grams, terms, words
from rag.bilingual import MIN_CONSONANTS, Alternative, consonants

MAX_QUERY_TERMS = 96
"""Of a longer query the rarest terms count: a page pasted as a question must not cost a second."""

MAX_POSTINGS = 200_000
"""Of a query's terms, rarest first, as many count as stand in so many passages together, in each field: a million
passages are then searched nearly as fast as a hundred thousand, and what stands everywhere tells nothing apart."""

MANY_DOCUMENTS = 500
"""Above this many allowed documents the best hits of all are looked through first."""

WORD_WEIGHT = 1.0
GRAM_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A passage to be indexed: `text` may carry the document's title in front of the passage."""

    key: str
    document_id: str
    text: str


class LexicalIndex:
    """Terms by passage key, in partitions. Changes are seen by searches after `commit`."""

    def __init__(self, folder: Path, partitions: Sequence[str]) -> None:
        import tantivy

        self._tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("document_id", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("grams", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("names", tokenizer_name="whitespace", index_option="basic")
        self._schema = builder.build()
        self._indexes: dict[str, Any] = {}
        self._writers: dict[str, Any] = {}
        for partition in partitions:
            path = folder / partition
            path.mkdir(parents=True, exist_ok=True)
            self._indexes[partition] = tantivy.Index(self._schema, path=str(path))

    def close(self) -> None:
        self._writers.clear()
        self._indexes.clear()

    def _writer(self, partition: str) -> Any:
        if partition not in self._writers:
            self._writers[partition] = self._indexes[partition].writer(heap_size=30_000_000, num_threads=1)
        return self._writers[partition]

    def count(self, partition: str) -> int:
        """How many passages a partition holds."""
        index = self._indexes[partition]
        index.reload()
        return int(index.searcher().num_docs)

    def remove(self, partition: str, document_ids: Iterable[str]) -> None:
        """Forgets every passage of these documents (at the next commit)."""
        writer = self._writer(partition)
        for document_id in document_ids:
            writer.delete_documents_by_term("document_id", document_id)

    def add(self, partition: str, entries: Iterable[LexicalEntry]) -> None:
        """Adds passages (at the next commit)."""
        writer = self._writer(partition)
        for entry in entries:
            document = self._tantivy.Document()
            document.add_text("key", entry.key)
            document.add_text("document_id", entry.document_id)
            document.add_text("words", " ".join(terms(entry.text)))
            document.add_text("grams", " ".join(grams(entry.text)))
            skeletons = dict.fromkeys(consonants(word) for word in words(entry.text))
            document.add_text("names", " ".join(one for one in skeletons if len(one) >= MIN_CONSONANTS))
            writer.add_document(document)

    def commit(self) -> None:
        """Makes the changes durable and visible; releases the writers, which hold memory and a lock."""
        for partition, writer in self._writers.items():
            writer.commit()
            writer.wait_merging_threads()
            self._indexes[partition].reload()
        self._writers.clear()

    def total(self, partition: str) -> int:
        """How many passages a partition held at the last commit."""
        return int(self._indexes[partition].searcher().num_docs)

    def frequency(self, partition: str, term: str, field: str = "words") -> int:
        """In how many passages of a partition a term stands: a stem, or a 4-gram where `field` is "grams"."""
        return int(self._indexes[partition].searcher().doc_freq(field, term))

    def search(
        self, partition: str, query: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Up to `limit` (key, score), best first, among `document_ids` if given; none if no term is left."""
        if limit <= 0 or (document_ids is not None and not document_ids):
            return []
        searcher = self._indexes[partition].searcher()
        parts = [
            (self._tantivy.Occur.Should, self._tantivy.Query.boost_query(one, weight))
            for field, weight in (("words", WORD_WEIGHT), ("grams", GRAM_WEIGHT))
            if (one := self._query(searcher, field, query)) is not None
        ]
        if not parts:
            return []
        whole = self._tantivy.Query.boolean_query(parts)
        return self._best(searcher, whole, limit, document_ids)

    def search_across(
        self,
        partition: str,
        alternatives: Sequence[Alternative],
        limit: int,
        document_ids: Sequence[str] | None = None,
    ) -> list[tuple[str, float]]:
        """As `search`, for a query in another language: each of its words counts once, in whichever way it is found."""
        if limit <= 0 or (document_ids is not None and not document_ids):
            return []
        query = self._tantivy.Query
        searcher = self._indexes[partition].searcher()
        should, must = self._tantivy.Occur.Should, self._tantivy.Occur.Must
        parts = []
        for word in alternatives[:MAX_QUERY_TERMS]:
            ways = [
                query.boolean_query([(must, self._term("words", stem)) for stem in sorted(way)]) for way in word.ways
            ]
            if len(word.skeleton) >= MIN_CONSONANTS:
                ways.append(self._term("names", word.skeleton))
            if ways:
                parts.append((should, query.disjunction_max_query(ways)))
        if not parts:
            return []
        return self._best(searcher, query.boolean_query(parts), limit, document_ids)

    def _term(self, field: str, term: str) -> Any:
        option = "basic" if field == "names" else "freq"
        return self._tantivy.Query.term_query(self._schema, field, term, index_option=option)

    def _rarest(self, searcher: Any, field: str, found: Sequence[str]) -> list[str]:
        frequency = {term: searcher.doc_freq(field, term) for term in dict.fromkeys(found)}
        if len(frequency) <= MAX_QUERY_TERMS and sum(frequency.values()) <= MAX_POSTINGS:
            return list(frequency)
        rarest = sorted(frequency, key=lambda term: frequency[term])[:MAX_QUERY_TERMS]
        read = list(itertools.accumulate(frequency[term] for term in rarest))
        return rarest[: max(1, bisect.bisect_right(read, MAX_POSTINGS))]

    def _query(self, searcher: Any, field: str, query: str) -> Any | None:
        """Any of the query's terms in `field`, or None if it has none."""
        distinct = self._rarest(searcher, field, terms(query) if field == "words" else grams(query))
        if not distinct:
            return None
        should = self._tantivy.Occur.Should
        return self._tantivy.Query.boolean_query([(should, self._term(field, term)) for term in distinct])

    def _best(
        self, searcher: Any, query: Any, limit: int, document_ids: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        """Up to `limit` hits, best first, of `document_ids` if given: as if the others were not there."""
        if document_ids is None:
            return self._hits(searcher, query, limit)
        if len(document_ids) > MANY_DOCUMENTS:
            # Thousands of ids cost tantivy a tenth of a second; the best of all are mostly of documents so common.
            allowed = set(document_ids)
            for width in (4 * limit, 32 * limit):
                hits = self._hits(searcher, query, width)
                found = [hit for hit in hits if hit[0].partition(":")[0] in allowed]
                if len(found) >= limit or len(hits) < width:
                    return found[:limit]
        return self._hits(searcher, self._among(query, "document_id", document_ids), limit)

    def _among(self, query: Any, field: str, values: Sequence[str] | None) -> Any:
        """`query` where `field` has one of `values`, scored as before."""
        if values is None:
            return query
        must = self._tantivy.Occur.Must
        allowed = self._tantivy.Query.term_set_query(self._schema, field, list(values))
        return self._tantivy.Query.boolean_query(
            [(must, query), (must, self._tantivy.Query.const_score_query(allowed, 0.0))]
        )

    def _hits(self, searcher: Any, query: Any, limit: int) -> list[tuple[str, float]]:
        hits = searcher.search(query, limit, count=False).hits
        return [(searcher.doc(address)["key"][0], float(score)) for score, address in hits]
