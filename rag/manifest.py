"""`manifest.sqlite`: what an index holds, how it was made, and which documents are being written.

The passages' sentences, words and vectors of sentences lie here too; the vectors of passages are Chroma's.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.document import Document
from corpus.language import partition_of
from rag import analysis
from rag.analysis import Words
from rag.chunking import Chunk
from rag.errors import IndexUnusable, NewerIndex
from rag.sentences import Span

SCHEMA = 2
CHUNKS = "chunks=4"
MAKING = f"{CHUNKS} terms={analysis.VERSION}"
"""How passages and terms are made; an index made otherwise is rebuilt without being asked (its model stays).

Where only the terms differ, the vectors are kept: embedding is nearly all that indexing costs.
"""

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
class Row:
    """A passage to be written: its vector (dimension,) and its sentences' (2, sentences, dimension)."""

    document: Document
    piece: Chunk
    vector: FloatArray
    sentences: FloatArray

    @property
    def key(self) -> str:
        """What the passage is known by in every index."""
        return key_of(self.document, self.piece)

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.document.text[self.piece.start : self.piece.end]

    @property
    def words(self) -> list[Words]:
        """The words of each sentence."""
        return [Words.of(self.document.text[s.start : s.end]) for s in self.piece.sentences]


def key_of(document: Document, piece: Chunk) -> str:
    """The key of a passage: its document and its place there."""
    return f"{document.document_id}:{piece.start}:{piece.end}"


class Manifest:
    """The manifest of the index in a folder. Threads may share it; what damaged files raise is IndexUnusable."""

    def __init__(self, folder: Path) -> None:
        """Opens or creates it. Raises NewerIndex, and IndexUnusable when its file is damaged."""
        self._folder = folder
        self._lock = threading.RLock()
        with self.guarded():
            self._db = sqlite3.connect(folder / "manifest.sqlite", check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA:
                raise NewerIndex(
                    f"The index in {folder} was written by a newer version of Tawthiq.",
                    "Update Tawthiq, or run `tawthiq doctor --repair` to rebuild the index with this version.",
                )
            self.outdated = 0 < version < SCHEMA
            """Whether an older version wrote it, in tables of another shape: there is nothing to be done with it."""
            if version == 0:
                with self.transaction():
                    for statement in _TABLES.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {SCHEMA}")

    def close(self) -> None:
        """Closes the file, after what others are reading has been read."""
        with self._lock:
            self._db.close()

    def damaged(self, error: Exception) -> IndexUnusable:
        """The error for files of the index that cannot be read."""
        return IndexUnusable(
            f"The index in {self._folder} is damaged: {error}.", "Run `tawthiq doctor --repair` to rebuild it."
        )

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """The lock, with the errors of damaged files as ours."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise self.damaged(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside, or nothing of it."""
        with self.guarded():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    # -- what is indexed -----------------------------------------------------------------------------------------

    def fact(self, name: str) -> str | None:
        """A fact about the whole index: "generation", "model" or "making"; None while there is none."""
        with self.guarded():
            row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _set_fact(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def documents(self) -> dict[str, str]:
        """Document id to SHA-256 of its text."""
        with self.guarded():
            return dict(self._db.execute("SELECT document_id, sha256 FROM documents").fetchall())

    def pending(self) -> set[str]:
        """The documents that are being written, or were when a process ended."""
        with self.guarded():
            return {row[0] for row in self._db.execute("SELECT document_id FROM pending").fetchall()}

    def passage_count(self, partition: str | None = None) -> int:
        """How many passages there are, in one partition or in all."""
        with self.guarded():
            if partition is None:
                return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])
            return int(
                self._db.execute("SELECT count(*) FROM passages WHERE partition = ?", (partition,)).fetchone()[0]
            )

    def digest(self) -> str:
        """See `Index.digest`."""
        found = hashlib.sha256(f"{MAKING} {self.fact('model')}".encode())
        with self.guarded():
            rows = self._db.execute(
                'SELECT sha256, start, "end" FROM passages JOIN documents USING (document_id) ORDER BY 1, 2, 3'
            )
            for row in rows:
                found.update("\n{} {} {}".format(*row).encode())
        return found.hexdigest()

    def passages(self, keys: Sequence[str]) -> dict[str, IndexedPassage]:
        """The passages under these keys, those that are there."""
        with self.guarded():
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
        """See `Index.spans`."""
        with self.guarded():
            rows = self._db.execute(
                "SELECT sentences, language FROM passages "
                'WHERE document_id = ? AND "end" > ? AND start < ? ORDER BY start',
                (document_id, start, end),
            ).fetchall()
        return [(Span(*values), language) for sentences, language in rows for values in json.loads(sentences)]

    # -- writing -------------------------------------------------------------------------------------------------

    def mark(self, document_ids: Sequence[str]) -> None:
        """Marks documents as pending."""
        with self.transaction():
            self._db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", [(key,) for key in document_ids])

    def mark_all(self) -> set[str]:
        """Marks every document as pending; returns those that were so before."""
        with self.transaction():
            pending = self.pending()
            self._db.execute("INSERT OR IGNORE INTO pending SELECT document_id FROM documents")
        return pending

    def mark_partition(self, partition: str) -> None:
        """Marks the documents that have passages in a partition as pending."""
        with self.transaction():
            self._db.execute(
                "INSERT OR IGNORE INTO pending SELECT DISTINCT document_id FROM passages WHERE partition = ?",
                (partition,),
            )

    def replace(
        self,
        document_ids: Sequence[str],
        rows: Sequence[Row],
        generation: int,
        documents: Sequence[Document] = (),
        model: str | None = None,
    ) -> None:
        """Replaces all that is listed of `document_ids` by `documents` and their `rows`, none of which is pending then.

        `model` is the identity of what the vectors are from, None where there are no new ones.
        """
        with self.transaction():
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
