"""The stored documents: the truth that every index is rebuilt from. One SQLite file, every change a transaction."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from corpus.document import Document, Removal, page_at
from corpus.errors import CatalogError

SCHEMA = 1
Change = Literal["added", "updated", "unchanged", "duplicate"]

_TABLES = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    characters INTEGER NOT NULL,
    language TEXT NOT NULL,
    format TEXT NOT NULL,
    publisher TEXT,
    author TEXT,
    published TEXT,
    tags TEXT NOT NULL,
    notes TEXT NOT NULL,
    removed TEXT NOT NULL,
    pages TEXT NOT NULL DEFAULT '[]',
    image_pages TEXT NOT NULL DEFAULT '[]',
    stored_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
CREATE INDEX documents_by_sha256 ON documents (sha256, number);
CREATE INDEX documents_by_published ON documents (published);
"""

_FILTERS = (
    "CREATE INDEX IF NOT EXISTS documents_by_filters"
    " ON documents (number, document_id, language, publisher, published, tags)"
)
"""What `select` reads, without the texts in between. Catalogues of earlier versions get it when they are opened."""

_OF_PDF = ("pages", "image_pages")
"""Columns that catalogues of earlier versions get when they are opened; these versions still read them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored document without its text. `characters` is the length of the text in code points."""

    document_id: str
    source: str
    title: str
    sha256: str
    characters: int
    language: str
    publisher: str | None
    author: str | None
    published: date | None
    tags: tuple[str, ...]
    pages: tuple[int, ...] = ()
    image_pages: tuple[int, ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The number of the page on which the text at `offset` stands; None where it has no pages."""
        return page_at(self.pages, offset)


class Catalog:
    """Documents by id. Safe to use from several threads; only one process may open a file (the home's lock)."""

    def __init__(self, path: Path) -> None:
        """Opens or creates the catalogue. Raises CatalogError if it is damaged, newer, or cannot be written."""
        self._lock = threading.RLock()
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            # FULL: an ingestion that was reported is still there after a power cut.
            self._db.execute("PRAGMA synchronous = FULL")
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version > SCHEMA:
                raise CatalogError(
                    f"The catalogue {path} was written by a newer version of Tawthiq.", "Update Tawthiq to open it."
                )
            if version == 0:
                with self._transaction():
                    for statement in _TABLES.split(";"):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {SCHEMA}")
            there = {row["name"] for row in self._db.execute("PRAGMA table_info(documents)")}
            for column in _OF_PDF:
                if column not in there:
                    self._db.execute(f"ALTER TABLE documents ADD COLUMN {column} TEXT NOT NULL DEFAULT '[]'")
            self._db.execute(_FILTERS)
        except (OSError, sqlite3.Error) as error:
            raise CatalogError(
                f"The catalogue {path} cannot be opened: {error}.",
                "Check that the folder can be written and the file is not damaged; restore it from a backup.",
            ) from error

    def close(self) -> None:
        """Closes the file; the catalogue cannot be used afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """The lock, with SQLite's errors as ours."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise CatalogError(
                    f"The catalogue {self._path} cannot be used: {error}.",
                    "Check the disk; restore the file from a backup if it is damaged.",
                ) from error

    def put(self, document: Document) -> Change:
        """Stores `document` under its id.

        "duplicate" means that its text already stands under another source: it is stored all the same, so that it can
        take over when the other goes, but `active` leaves it out. Raises CatalogError when the disk is full.
        """
        row = _row(document)
        try:
            with self._transaction():
                old = self._db.execute(
                    "SELECT * FROM documents WHERE document_id = ?", (document.document_id,)
                ).fetchone()
                if old is not None and all(old[key] == value for key, value in row.items()):
                    return "unchanged"
                columns = ", ".join(row)
                updates = ", ".join(f"{name} = excluded.{name}" for name in row if name != "document_id")
                self._db.execute(
                    f"INSERT INTO documents ({columns}) VALUES ({', '.join('?' * len(row))}) "  # noqa: S608 - our names
                    f"ON CONFLICT (document_id) DO UPDATE SET {updates}",
                    tuple(row.values()),
                )
                first = self._db.execute(
                    "SELECT document_id FROM documents WHERE sha256 = ? ORDER BY number LIMIT 1", (row["sha256"],)
                ).fetchone()["document_id"]
        except sqlite3.Error as error:
            raise CatalogError(f"The catalogue {self._path} cannot be written: {error}.", "Free some space.") from error
        if first != document.document_id:
            return "duplicate"
        return "added" if old is None else "updated"

    def remove(self, document_id: str) -> bool:
        """Forgets a document; False if there was none."""
        with self._guarded(), self._transaction():
            return self._db.execute("DELETE FROM documents WHERE document_id = ?", (document_id,)).rowcount > 0

    def get(self, document_id: str) -> Document | None:
        """The document under an id, whole."""
        with self._guarded():
            row = self._db.execute("SELECT * FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        return _document(row) if row is not None else None

    def with_prefix(self, prefix: str, limit: int = 2) -> list[str]:
        """Up to `limit` ids that begin with `prefix`."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT document_id FROM documents WHERE substr(document_id, 1, ?) = ? LIMIT ?",
                (len(prefix), prefix, limit),
            ).fetchall()
        return [row["document_id"] for row in rows]

    def empty(self) -> bool:
        """Whether it holds no document."""
        with self._guarded():
            return self._db.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None

    def active(self) -> dict[str, str]:
        """The documents that indexes hold, in the order they came: id to SHA-256. Of equal texts only the first."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT document_id, sha256 FROM documents WHERE number IN "
                "(SELECT min(number) FROM documents GROUP BY sha256) ORDER BY number"
            ).fetchall()
        return {row["document_id"]: row["sha256"] for row in rows}

    def entries(self, document_ids: Sequence[str] | None = None) -> list[Entry]:
        """Stored documents without their texts: all in the order they came, or those of `document_ids`."""
        columns = (
            "document_id, source, title, sha256, characters, language, publisher, author, published, tags, pages, "
            "image_pages, number"
        )
        with self._guarded():
            if document_ids is None:
                rows = self._db.execute(f"SELECT {columns} FROM documents ORDER BY number").fetchall()  # noqa: S608
            else:
                rows = self._db.execute(
                    f"SELECT {columns} FROM documents WHERE document_id IN (SELECT value FROM json_each(?)) "  # noqa: S608
                    "ORDER BY number",
                    (json.dumps(list(document_ids)),),
                ).fetchall()
        return [_entry(row) for row in rows]

    def titles(self, document_ids: Sequence[str]) -> dict[str, str]:
        """The titles of those of `document_ids` that are stored."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT document_id, title FROM documents WHERE document_id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(document_ids)),),
            ).fetchall()
        return {row["document_id"]: row["title"] for row in rows}

    def slices(self, spans: Iterable[tuple[str, int, int]]) -> list[str]:
        """The stored text of each (document_id, start, end), in code points; "" where the document is gone."""
        with self._guarded():
            found = []
            for document_id, start, end in spans:
                row = self._db.execute(
                    "SELECT substr(text, ?, ?) FROM documents WHERE document_id = ?",
                    (start + 1, end - start, document_id),
                ).fetchone()
                found.append(row[0] if row is not None else "")
        return found

    def select(
        self,
        *,
        languages: Sequence[str] = (),
        publishers: Sequence[str] = (),
        since: date | None = None,
        until: date | None = None,
        documents: Sequence[str] = (),
        tags: Sequence[str] = (),
    ) -> list[str]:
        """The ids of the documents that pass every given filter; names are compared without case."""
        chosen: dict[str, Iterable[str]] = {}
        if documents:
            # ids are written in lower case, unless a caller made up their own
            chosen["document_id"] = {*documents, *(one.casefold() for one in documents)}
        for column, names in (("language", languages), ("publisher", publishers)):
            if names:
                folded = {name.casefold() for name in names}
                chosen[column] = [value for value in self._values(column) if value.casefold() in folded]
        if tags:
            folded = {tag.casefold() for tag in tags}
            lists = self._values("tags")
            chosen["tags"] = [value for value in lists if any(tag.casefold() in folded for tag in json.loads(value))]
        conditions = ["1", *(f"{column} IN (SELECT value FROM json_each(?))" for column in chosen)]  # noqa: S608
        values = [json.dumps(list(wanted)) for wanted in chosen.values()]
        if since is not None:
            conditions.append("published >= ?")
            values.append(since.isoformat())
        if until is not None:
            conditions.append("published <= ?")
            values.append(until.isoformat())
        with self._guarded():
            rows = self._db.execute(
                f"SELECT document_id FROM documents WHERE {' AND '.join(conditions)} ORDER BY number",  # noqa: S608
                values,
            ).fetchall()
        return [row[0] for row in rows]

    def _values(self, column: str) -> list[str]:
        """The values that stand in a column; a few names for many documents, so that these can be compared here."""
        with self._guarded():
            rows = self._db.execute(
                f"SELECT DISTINCT {column} FROM documents WHERE {column} IS NOT NULL"  # noqa: S608 - our own names
            ).fetchall()
        return [row[0] for row in rows]


def _row(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "source": document.source,
        "title": document.title,
        "text": document.text,
        "sha256": document.sha256,
        "characters": len(document.text),
        "language": document.language,
        "format": document.format,
        "publisher": document.publisher,
        "author": document.author,
        "published": document.published.isoformat() if document.published else None,
        "tags": json.dumps(document.tags, ensure_ascii=False),
        "notes": json.dumps(document.notes, ensure_ascii=False),
        "removed": json.dumps([asdict(removal) for removal in document.removed], ensure_ascii=False),
        "pages": json.dumps(document.pages),
        "image_pages": json.dumps(document.image_pages),
    }


def _document(row: sqlite3.Row) -> Document:
    return Document(
        document_id=row["document_id"],
        source=row["source"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        format=row["format"],
        publisher=row["publisher"],
        author=row["author"],
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        tags=tuple(json.loads(row["tags"])),
        notes=tuple(json.loads(row["notes"])),
        removed=tuple(Removal(**removal) for removal in json.loads(row["removed"])),
        pages=tuple(json.loads(row["pages"])),
        image_pages=tuple(json.loads(row["image_pages"])),
    )


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        document_id=row["document_id"],
        source=row["source"],
        title=row["title"],
        sha256=row["sha256"],
        characters=row["characters"],
        language=row["language"],
        publisher=row["publisher"],
        author=row["author"],
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        tags=tuple(json.loads(row["tags"])),
        pages=tuple(json.loads(row["pages"])),
        image_pages=tuple(json.loads(row["image_pages"])),
    )
