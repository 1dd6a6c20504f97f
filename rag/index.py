"""The index of a home: dense and lexical, per language, under one generation number, kept in step with the catalogue.

`manifest.sqlite` says what the two indexes hold. A change is written in this order: the documents it concerns are
marked pending; their passages leave and enter Chroma and tantivy; one transaction records the result and clears the
marks. Whatever dies in between leaves marks (or counts that do not agree), and the next opening does those documents
again. Deleting the whole folder loses nothing: it is rebuilt from the catalogue.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.catalog import Catalog
from corpus.document import Document
from corpus.language import partition_of
from rag.chunking import Chunk, chunk
from rag.dense_index import DenseIndex
from rag.embedding import Encoder
from rag.errors import IndexUnusable, ModelMismatch
from rag.lexical_index import LexicalEntry, LexicalIndex
from rag.manifest import CHUNKS, MAKING, IndexedPassage, Manifest, Row, key_of
from rag.sentences import Span
from rag.types import Progress

PARTITIONS = ("ar", "en", "other")
BATCH_PASSAGES = 64
"""Passages written at a time: what a crash costs at most."""


class Index:
    """Dense and lexical index of one home. Safe for several threads; writers exclude each other."""

    def __init__(self, folder: Path, identity: str | None) -> None:
        """Opens or creates the index below `folder`.

        `identity` is the configured embedding model's, None while it is not known without loading the model. Raises
        ModelMismatch, NewerIndex, or IndexUnusable when files are damaged.
        """
        self._folder = folder
        self._write_lock = threading.RLock()
        self._closed = False
        self._lock = threading.RLock()  # over the two that follow
        self._dense: DenseIndex | None = None
        self._lexical: LexicalIndex | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._manifest = Manifest(folder)
        if self._manifest.outdated:
            # Nothing is lost with it: the catalogue is the truth, and the next `sync` writes it all again.
            self._manifest.close()
            delete_index(folder)
            folder.mkdir(parents=True)
            self._manifest = Manifest(folder)
        if identity is not None:
            self.check_model(identity)

    # -- state ---------------------------------------------------------------------------------------------------

    @property
    def generation(self) -> int:
        """Counts the changes of the index; 0 while it is empty."""
        return int(self._manifest.fact("generation") or 0)

    @property
    def model(self) -> str | None:
        """The identity of the embedding model that the vectors are from, None while there are none."""
        return self._manifest.fact("model")

    def check_model(self, identity: str) -> None:
        """Raises ModelMismatch unless the vectors are from the model `identity` (or there are none yet)."""
        if self.model not in (None, identity):
            raise ModelMismatch(
                f"The index in {self._folder} was built with the embedding model {_short(self.model or '')}, "
                f"but {_short(identity)} is set.",
                "Set TAWTHIQ_EMBEDDING_MODEL back, or run `tawthiq doctor --repair` to rebuild the index with it.",
                built_with=self.model,
                configured=identity,
            )

    def passage_count(self, partition: str | None = None) -> int:
        """How many passages the manifest lists, in one partition or in all."""
        return self._manifest.passage_count(partition)

    def digest(self) -> str:
        """SHA-256 of what is indexed and how: the model, how passages and terms are made, every passage of every text.

        The same for the same texts under the same settings, wherever they came from and in whatever order.
        """
        return self._manifest.digest()

    def documents(self) -> dict[str, str]:
        """What is indexed: document id to SHA-256 of its text."""
        return self._manifest.documents()

    def problems(self, catalog: Catalog) -> list[str]:
        """What does not agree between catalogue, manifest, Chroma and tantivy; empty when all is well."""
        found = []
        if pending := len(self._manifest.pending()):
            found.append(f"{pending} documents were being written when a process ended")
        for partition in PARTITIONS:
            listed = self.passage_count(partition)
            for name, held in self._held(partition).items():
                if held != listed:
                    found.append(f"the {name} index holds {held} of {listed} passages in {partition!r}")
        if self._manifest.fact("making") not in (None, MAKING):
            found.append("passages were made by another version")
        if self.documents() != catalog.active():
            found.append("the catalogue has other documents than the index")
        return found

    @property
    def dense(self) -> DenseIndex:
        with self._lock:
            if self._dense is None:
                try:
                    self._dense = DenseIndex(self._folder / "chroma", PARTITIONS)
                except Exception as error:  # whatever Chroma raises on damaged files, of several kinds
                    raise self._manifest.damaged(error) from error
            return self._dense

    @property
    def lexical(self) -> LexicalIndex:
        with self._lock:
            if self._lexical is None:
                try:
                    self._lexical = LexicalIndex(self._folder / "lexical", PARTITIONS)
                except Exception as error:  # tantivy's are ValueErrors
                    raise self._manifest.damaged(error) from error
            return self._lexical

    def _held(self, partition: str) -> dict[str, int]:
        """How many passages Chroma and tantivy hold in a partition. Raises IndexUnusable."""
        dense, lexical = self.dense, self.lexical
        try:
            return {"dense": dense.count(partition), "lexical": lexical.count(partition)}
        except Exception as error:
            raise self._manifest.damaged(error) from error

    def close(self) -> None:
        """Closes the files, after the batch that is being written; what is left to do is done the next time."""
        self._closed = True
        with self._write_lock, self._lock:
            if self._dense is not None:
                self._dense.close()
            if self._lexical is not None:
                self._lexical.close()
            self._dense = self._lexical = None
            self._manifest.close()

    # -- writing -------------------------------------------------------------------------------------------------

    def sync(
        self, catalog: Catalog, encoder: Callable[[], Encoder], progress: Callable[[Progress], None] | None = None
    ) -> int:
        """Brings the index to what the catalogue says; returns how many documents were written or removed.

        `encoder` is called only if there is text to embed. Searches go on meanwhile and see whole batches.
        Raises IndexUnusable where the index is closed meanwhile.
        """
        with self._write_lock:
            self._refuse_if_closed()
            keep = self._forget_if_made_otherwise()
            self._forget_lost_partitions()
            wanted = catalog.active()
            held = self.documents()
            pending = self._manifest.pending()
            gone = sorted((set(held) | pending) - set(wanted))
            stale = [key for key, sha in wanted.items() if held.get(key) != sha or key in pending]
            if not gone and not stale:
                return 0
            generation = self.generation + 1
            for begin in range(0, len(gone), 500):
                self._write(gone[begin : begin + 500], [], generation)
            report = progress or (lambda _: None)
            report(Progress("indexing", 0, len(stale)))
            done = 0
            for documents in self._batches(catalog, stale):
                self._refuse_if_closed()
                ready = encoder()
                self.check_model(ready.identity)
                self._write(
                    [d.document_id for d in documents],
                    self._embed(documents, ready, keep),
                    generation,
                    documents,
                    ready.identity,
                )
                done += len(documents)
                report(Progress("indexing", done, len(stale), documents[-1].title))
            return len(gone) + len(stale)

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise IndexUnusable("The engine is closed.", "Open it again.")

    def _batches(self, catalog: Catalog, document_ids: Iterable[str]) -> Iterator[list[Document]]:
        batch: list[Document] = []
        size = 0
        for document_id in document_ids:
            document = catalog.get(document_id)
            if document is None:
                continue
            batch.append(document)
            size += len(document.text)
            if size >= BATCH_PASSAGES * 700:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _embed(self, documents: Sequence[Document], encoder: Encoder, keep: frozenset[str]) -> list[Row]:
        pairs = [(document, piece) for document in documents for piece in chunk(document)]
        rows = self._kept([pair for pair in pairs if pair[0].document_id in keep])
        known = {row.key for row in rows}
        pairs = [pair for pair in pairs if key_of(*pair) not in known]
        # Similar lengths together waste little padding; the order of rows does not matter.
        pairs.sort(key=lambda pair: pair[1].end - pair[1].start)
        # The passage alone: a title, section or date in front gains what 30 questions cannot show (nDCG@10 +.007 by
        # the title), and a title that is a file's name costs .008. `python -m evals.benchmarks.context MIXED_DEV`
        texts = [document.text[piece.start : piece.end] for document, piece in pairs]
        spans = [[(s.start - piece.start, s.end - piece.start) for s in piece.sentences] for _, piece in pairs]
        encoded = list(encoder.encode_passages(texts, spans))
        alone = sorted({text[a:b] for text, places in zip(texts, spans, strict=True) for a, b in places}, key=len)
        own = dict(zip(alone, encoder.encode_passages(alone, [()] * len(alone)), strict=True))
        for (document, piece), text, places, vectors in zip(pairs, texts, spans, encoded, strict=True):
            by_itself = np.array([own[text[a:b]].vector for a, b in places]).reshape(vectors.sentences.shape)
            rows.append(Row(document, piece, vectors.vector, np.stack([vectors.sentences, by_itself])))
        return rows

    def _kept(self, pairs: Sequence[tuple[Document, Chunk]]) -> list[Row]:
        """The passages that are indexed as they would be now, but for their terms, with the vectors that they have."""
        held = self.documents()
        same = [pair for pair in pairs if held.get(pair[0].document_id) == pair[0].sha256]
        indexed = self.passages([key_of(*pair) for pair in same])
        kept = []
        for partition in PARTITIONS:
            keys = [key for key, passage in indexed.items() if passage.partition == partition]
            vectors = self.dense.vectors(partition, keys)
            for document, piece in same:
                key = key_of(document, piece)
                if key in vectors and indexed[key].sentences == piece.sentences:
                    stored = np.stack([indexed[key].vectors, indexed[key].own_vectors])
                    kept.append(Row(document, piece, vectors[key], stored))
        return kept

    def _write(
        self,
        document_ids: Sequence[str],
        rows: Sequence[Row],
        generation: int,
        documents: Sequence[Document] = (),
        model: str | None = None,
    ) -> None:
        """Replaces all that is indexed of `document_ids` by `rows`, as the module's docstring says."""
        self._manifest.mark(document_ids)
        by_partition: dict[str, list[Row]] = {name: [] for name in PARTITIONS}
        for row in rows:
            by_partition[partition_of(row.piece.language)].append(row)
        for partition, part in by_partition.items():
            self.dense.remove(partition, document_ids)
            self.lexical.remove(partition, document_ids)
            if part:
                self.dense.add(
                    partition,
                    [row.key for row in part],
                    [row.document.document_id for row in part],
                    np.stack([row.vector for row in part]),
                )
                self.lexical.add(
                    partition,
                    [
                        LexicalEntry(row.key, row.document.document_id, f"{row.document.title}\n{row.text}")
                        for row in part
                    ],
                )
        self.lexical.commit()
        self._manifest.replace(document_ids, rows, generation, documents, model)

    def _forget_if_made_otherwise(self) -> frozenset[str]:
        """Marks every document if passages were made by other rules; returns those whose vectors are still right."""
        making = self._manifest.fact("making")
        if making in (None, MAKING):
            return frozenset()
        pending = self._manifest.mark_all()
        # What was already marked may have been left half-written by a process that died.
        return frozenset(set(self.documents()) - pending) if making.startswith(f"{CHUNKS} ") else frozenset()

    def _forget_lost_partitions(self) -> None:
        """Marks the documents of a partition whose counts do not agree, so that they are written again."""
        for partition in PARTITIONS:
            listed = self.passage_count(partition)
            if any(held != listed for held in self._held(partition).values()):
                self._manifest.mark_partition(partition)

    # -- reading -------------------------------------------------------------------------------------------------

    def passages(self, keys: Sequence[str]) -> dict[str, IndexedPassage]:
        """The passages under these keys, those that are there."""
        return self._manifest.passages(keys)

    def spans(self, document_id: str, start: int, end: int) -> list[tuple[Span, str]]:
        """The sentences of a document's passages that touch code points `start` to `end`, each with its language."""
        return self._manifest.spans(document_id, start, end)


def delete_index(folder: Path) -> None:
    """Removes an index that nobody has open; it is rebuilt from the catalogue when next used."""
    if folder.exists():
        shutil.rmtree(folder)


def _short(identity: str) -> str:
    return identity.split(" ", maxsplit=1)[0]
