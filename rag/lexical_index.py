"""Words and character 4-grams of passages in tantivy: one index a partition. The only module that knows tantivy.

Terms come ready from `rag.analysis`; tantivy only cuts them at spaces and ranks by BM25 (its k1 1.2, b 0.75).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.analysis import grams, terms

MAX_QUERY_TERMS = 96
"""Of a longer query the rarest terms count: a page pasted as a question must not cost a second."""

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
            writer.add_document(document)

    def commit(self) -> None:
        """Makes the changes durable and visible; releases the writers, which hold memory and a lock."""
        for partition, writer in self._writers.items():
            writer.commit()
            writer.wait_merging_threads()
            self._indexes[partition].reload()
        self._writers.clear()

    def frequency(self, partition: str, term: str) -> int:
        """In how many passages of a partition a term (a stem of `rag.analysis.terms`) stands."""
        return int(self._indexes[partition].searcher().doc_freq("words", term))

    def search(
        self, partition: str, query: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Up to `limit` (key, score), best first, among `document_ids` if given; none if no term is left."""
        if limit <= 0 or (document_ids is not None and not document_ids):
            return []
        query_class, occur = self._tantivy.Query, self._tantivy.Occur
        searcher = self._indexes[partition].searcher()
        parts = []
        for field, found, weight in (("words", terms(query), WORD_WEIGHT), ("grams", grams(query), GRAM_WEIGHT)):
            distinct = list(dict.fromkeys(found))
            if len(distinct) > MAX_QUERY_TERMS:
                distinct = sorted(distinct, key=lambda term: searcher.doc_freq(field, term))[:MAX_QUERY_TERMS]
            for term in distinct:
                one = query_class.term_query(self._schema, field, term, index_option="freq")
                parts.append((occur.Should, query_class.boost_query(one, weight)))
        if not parts:
            return []
        whole = query_class.boolean_query(parts)
        if document_ids is not None:
            allowed = query_class.const_score_query(
                query_class.term_set_query(self._schema, "document_id", list(document_ids)), 0.0
            )
            whole = query_class.boolean_query([(occur.Must, whole), (occur.Must, allowed)])
        hits = searcher.search(whole, limit, count=False).hits
        return [(searcher.doc(address)["key"][0], float(score)) for score, address in hits]
