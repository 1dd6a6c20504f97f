"""The index of a home: dense and lexical, per language, under one generation number, kept in step with the catalogue.

`manifest.sqlite` says what the two indexes hold. A change is written in this order: the documents it concerns are
marked pending; their passages leave and enter Chroma and tantivy; one transaction records the result and clears the
marks. Whatever dies in between leaves marks (or counts that do not agree), and the next opening does those documents
again. Deleting the whole folder loses nothing: it is rebuilt from the catalogue.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog
from corpus.document import Document
from corpus.language import partition_of
from rag import analysis
from rag.analysis import Words
from rag.chunking import Chunk, chunk
from rag.dense_index import DenseIndex
from rag.embedding import Encoder
from rag.errors import IndexUnusable, ModelMismatch, NewerIndex
from rag.lexical_index import LexicalEntry, LexicalIndex
from rag.sentences import Span
from rag.types import Progress

PARTITIONS = ("ar", "en", "other")
SCHEMA = 2
CHUNKS = "chunks=4"
MAKING = f"{CHUNKS} terms={analysis.VERSION}"
"""How passages and terms are made; an index made otherwise is rebuilt without being asked (its model stays).

Where only the terms differ, the vectors are kept: embedding is nearly all that indexing costs.
"""

BATCH_PASSAGES = 64
"""Passages written at a time: what a crash costs at most."""

FloatArray = NDArray[np.float32]

_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (document_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL);
CREATE TABLE pending (document_id TEXT PRIMARY KEY);
CREATE TABLE passages (
    key TEXT PRIMARY KEY,
    document_id TEXT NOT NULL,
    partition TEXT NOT NULL,
    language TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    words TEXT NOT NULL,
    stems TEXT NOT NULL,
    vectors BLOB NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id, start);
CREATE INDEX passages_by_partition ON passages (partition);
"""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage as indexed: sentences as document offsets, and their vectors (sentences, dimension), two of each.

    `vectors` are late-chunked (a sentence in its context, which finds what its words imply); `own_vectors` are of the
    sentences alone (sharper, and the only thing that tells sentences apart across languages). `words` are those of
    each sentence: what query terms are compared with.
    """

    key: str
    document_id: str
    partition: str
    language: str
    start: int
    end: int
    sentences: tuple[Span, ...]
    words: tuple[Words, ...]
    vectors: FloatArray
    own_vectors: FloatArray


@dataclass(frozen=True, slots=True)
class _Row:
    """A passage to be written: its vector (dimension,) and its sentences' (2, sentences, dimension)."""

    document: Document
    piece: Chunk
    vector: FloatArray
    sentences: FloatArray

    @property
    def key(self) -> str:
        return _key(self.document, self.piece)

    @property
    def text(self) -> str:
        return self.document.text[self.piece.start : self.piece.end]

    @property
    def words(self) -> list[Words]:
        """The words of each sentence."""
        return [Words.of(self.document.text[s.start : s.end]) for s in self.piece.sentences]


class Index:
    """Dense and lexical index of one home. Safe for several threads; writers exclude each other."""

    def __init__(self, folder: Path, identity: str | None) -> None:
        """Opens or creates the index below `folder`.

        `identity` is the configured embedding model's, None while it is not known without loading the model. Raises
        ModelMismatch, NewerIndex, or IndexUnusable when files are damaged.
        """
        self._folder = folder
        self._write_lock = threading.RLock()
        self._lock = threading.RLock()
        self._dense: DenseIndex | None = None
        self._lexical: LexicalIndex | None = None
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._connect()
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if 0 < version < SCHEMA:
                # Nothing is lost with it: the catalogue is the truth, and the next `sync` writes it all again.
                self._db.close()
                delete_index(folder)
                folder.mkdir(parents=True)
                self._connect()
                version = 0
            if version > SCHEMA:
                raise NewerIndex(
                    f"The index in {folder} was written by a newer version of Tawthiq.",
                    "Update Tawthiq, or run `tawthiq doctor --repair` to rebuild the index with this version.",
                )
            if version == 0:
                with self._transaction():
                    for statement in _TABLES.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {SCHEMA}")
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        if identity is not None:
            self.check_model(identity)

    def _connect(self) -> None:
        path = self._folder / "manifest.sqlite"
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")

    # -- state ---------------------------------------------------------------------------------------------------

    def _damaged(self, error: Exception) -> IndexUnusable:
        return IndexUnusable(
            f"The index in {self._folder} is damaged: {error}.", "Run `tawthiq doctor --repair` to rebuild it."
        )

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """The lock, with the errors of damaged files as ours."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise self._damaged(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._guarded():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _fact(self, name: str) -> str | None:
        with self._guarded():
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _set_fact(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    @property
    def generation(self) -> int:
        """Counts the changes of the index; 0 while it is empty."""
        return int(self._fact("generation") or 0)

    @property
    def model(self) -> str | None:
        """The identity of the embedding model that the vectors are from, None while there are none."""
        return self._fact("model")

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
        with self._guarded():
            if partition is None:
                return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])
            return int(
                self._db.execute("SELECT count(*) FROM passages WHERE partition = ?", (partition,)).fetchone()[0]
            )

    def digest(self) -> str:
        """SHA-256 of what is indexed and how: the model, how passages and terms are made, every passage of every text.

        The same for the same texts under the same settings, wherever they came from and in whatever order.
        """
        found = hashlib.sha256(f"{MAKING} {self.model}".encode())
        with self._guarded():
            rows = self._db.execute(
                'SELECT sha256, start, "end" FROM passages JOIN documents USING (document_id) ORDER BY 1, 2, 3'
            )
            for row in rows:
                found.update("\n{} {} {}".format(*row).encode())
        return found.hexdigest()

    def documents(self) -> dict[str, str]:
        """What is indexed: document id to SHA-256 of its text."""
        with self._guarded():
            return dict(self._db.execute("SELECT document_id, sha256 FROM documents").fetchall())

    def problems(self, catalog: Catalog) -> list[str]:
        """What does not agree between catalogue, manifest, Chroma and tantivy; empty when all is well."""
        found = []
        with self._guarded():
            pending = self._db.execute("SELECT count(*) FROM pending").fetchone()[0]
        if pending:
            found.append(f"{pending} documents were being written when a process ended")
        for partition in PARTITIONS:
            listed = self.passage_count(partition)
            for name, held in self._held(partition).items():
                if held != listed:
                    found.append(f"the {name} index holds {held} of {listed} passages in {partition!r}")
        if self._fact("making") not in (None, MAKING):
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
                    raise self._damaged(error) from error
            return self._dense

    @property
    def lexical(self) -> LexicalIndex:
        with self._lock:
            if self._lexical is None:
                try:
                    self._lexical = LexicalIndex(self._folder / "lexical", PARTITIONS)
                except Exception as error:  # tantivy's are ValueErrors
                    raise self._damaged(error) from error
            return self._lexical

    def _held(self, partition: str) -> dict[str, int]:
        """How many passages Chroma and tantivy hold in a partition. Raises IndexUnusable."""
        dense, lexical = self.dense, self.lexical
        try:
            return {"dense": dense.count(partition), "lexical": lexical.count(partition)}
        except Exception as error:
            raise self._damaged(error) from error

    def close(self) -> None:
        with self._write_lock, self._lock:
            if self._dense is not None:
                self._dense.close()
            if self._lexical is not None:
                self._lexical.close()
            self._dense = self._lexical = None
            self._db.close()

    # -- writing -------------------------------------------------------------------------------------------------

    def sync(
        self, catalog: Catalog, encoder: Callable[[], Encoder], progress: Callable[[Progress], None] | None = None
    ) -> int:
        """Brings the index to what the catalogue says; returns how many documents were written or removed.

        `encoder` is called only if there is text to embed. Searches go on meanwhile and see whole batches.
        """
        with self._write_lock:
            keep = self._forget_if_made_otherwise()
            self._forget_lost_partitions()
            wanted = catalog.active()
            held = self.documents()
            with self._guarded():
                pending = {row[0] for row in self._db.execute("SELECT document_id FROM pending").fetchall()}
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

    def _embed(self, documents: Sequence[Document], encoder: Encoder, keep: frozenset[str]) -> list[_Row]:
        pairs = [(document, piece) for document in documents for piece in chunk(document)]
        rows = self._kept([pair for pair in pairs if pair[0].document_id in keep])
        known = {row.key for row in rows}
        pairs = [pair for pair in pairs if _key(*pair) not in known]
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
            rows.append(_Row(document, piece, vectors.vector, np.stack([vectors.sentences, by_itself])))
        return rows

    def _kept(self, pairs: Sequence[tuple[Document, Chunk]]) -> list[_Row]:
        """The passages that are indexed as they would be now, but for their terms, with the vectors that they have."""
        held = self.documents()
        same = [pair for pair in pairs if held.get(pair[0].document_id) == pair[0].sha256]
        indexed = self.passages([_key(*pair) for pair in same])
        kept = []
        for partition in PARTITIONS:
            keys = [key for key, passage in indexed.items() if passage.partition == partition]
            vectors = self.dense.vectors(partition, keys)
            for document, piece in same:
                key = _key(document, piece)
                if key in vectors and indexed[key].sentences == piece.sentences:
                    stored = np.stack([indexed[key].vectors, indexed[key].own_vectors])
                    kept.append(_Row(document, piece, vectors[key], stored))
        return kept

    def _write(
        self,
        document_ids: Sequence[str],
        rows: Sequence[_Row],
        generation: int,
        documents: Sequence[Document] = (),
        model: str | None = None,
    ) -> None:
        """Replaces all that is indexed of `document_ids` by `rows`, as the module's docstring says."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", [(key,) for key in document_ids])
        by_partition: dict[str, list[_Row]] = {name: [] for name in PARTITIONS}
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
        with self._transaction():
            for table in ("passages", "documents", "pending"):
                self._db.executemany(f"DELETE FROM {table} WHERE document_id = ?", [(key,) for key in document_ids])  # noqa: S608
            self._db.executemany(
                "INSERT INTO documents VALUES (?, ?)",
                [(document.document_id, document.sha256) for document in documents],
            )
            self._db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        row.key,
                        row.document.document_id,
                        partition_of(row.piece.language),
                        row.piece.language,
                        row.piece.start,
                        row.piece.end,
                        json.dumps([[s.start, s.end, s.kind] for s in row.piece.sentences]),
                        "\n".join(words.folded for words in row.words),
                        "\n".join(" ".join(sorted(words.stems)) for words in row.words),
                        row.sentences.astype(np.float16).tobytes(),
                    )
                    for row in rows
                ],
            )
            self._set_fact("generation", str(generation))
            self._set_fact("making", MAKING)
            if model is not None:
                self._set_fact("model", model)

    def _forget_if_made_otherwise(self) -> frozenset[str]:
        """Marks every document if passages were made by other rules; returns those whose vectors are still right."""
        making = self._fact("making")
        if making in (None, MAKING):
            return frozenset()
        with self._transaction():
            pending = {row[0] for row in self._db.execute("SELECT document_id FROM pending").fetchall()}
            self._db.execute("INSERT OR IGNORE INTO pending SELECT document_id FROM documents")
        # What was already marked may have been left half-written by a process that died.
        return frozenset(set(self.documents()) - pending) if making.startswith(f"{CHUNKS} ") else frozenset()

    def _forget_lost_partitions(self) -> None:
        """Marks the documents of a partition whose counts do not agree, so that they are written again."""
        for partition in PARTITIONS:
            listed = self.passage_count(partition)
            if any(held != listed for held in self._held(partition).values()):
                with self._transaction():
                    self._db.execute(
                        "INSERT OR IGNORE INTO pending SELECT DISTINCT document_id FROM passages WHERE partition = ?",
                        (partition,),
                    )

    # -- reading -------------------------------------------------------------------------------------------------

    def passages(self, keys: Sequence[str]) -> dict[str, IndexedPassage]:
        """The passages under these keys, those that are there."""
        with self._guarded():
            rows = self._db.execute(
                'SELECT key, document_id, partition, language, start, "end", sentences, words, stems, vectors '
                "FROM passages WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            ).fetchall()
        found = {}
        for key, document_id, partition, language, start, end, sentences, folded, stems, vectors in rows:
            spans = tuple(Span(*values) for values in json.loads(sentences))
            lines = zip(folded.split("\n"), stems.split("\n"), strict=True) if spans else ()
            words = tuple(Words(line, frozenset(also.split())) for line, also in lines)
            matrix = np.frombuffer(vectors, dtype=np.float16).astype(np.float32)
            both = matrix.reshape(2, len(spans), -1)
            found[key] = IndexedPassage(
                key, document_id, partition, language, start, end, spans, words, both[0], both[1]
            )
        return found

    def spans(self, document_id: str, start: int, end: int) -> list[tuple[Span, str]]:
        """The sentences of a document's passages that touch code points `start` to `end`, each with its language."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT sentences, language FROM passages "
                'WHERE document_id = ? AND "end" > ? AND start < ? ORDER BY start',
                (document_id, start, end),
            ).fetchall()
        return [(Span(*values), language) for sentences, language in rows for values in json.loads(sentences)]


def delete_index(folder: Path) -> None:
    """Removes an index that nobody has open; it is rebuilt from the catalogue when next used."""
    if folder.exists():
        shutil.rmtree(folder)


def _key(document: Document, piece: Chunk) -> str:
    return f"{document.document_id}:{piece.start}:{piece.end}"


def _short(identity: str) -> str:
    return identity.split(" ", maxsplit=1)[0]
