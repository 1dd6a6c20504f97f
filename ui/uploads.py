"""Documents that visitors of the web page add and remove: their files in a folder of the home, and their fate.

A file arrives under a name of nobody's (`.….part`), is read there, and gets its own name only once its document is
stored: whatever happens on the way, neither is there without the other. Its name decides its document: the same name
again is the next version of the document.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path, PureWindowsPath
from typing import IO, TYPE_CHECKING

from corpus.errors import CatalogError
from corpus.sources import check_file
from corpus.web import normalise_url
from rag.errors import DocumentNotFound
from rag.types import DocumentSummary, IngestReport, Progress

if TYPE_CHECKING:
    from rag.engine import Engine

FOLDER = "uploads"
"""The folder of a home in which the files lie."""

MOST_NAME_BYTES = 200
"""Longest name of a file, in UTF-8: file systems take 255 bytes, and titles come from names."""

MOST_AT_ONCE = 8
"""Files and links of all visitors that may be under way together: each may take 200 MB of disk while it arrives."""

_PART = ".part"
_Report = Callable[[Progress], None]


class Busy(Exception):
    """MOST_AT_ONCE are under way already."""


def safe_name(given: str) -> str:
    """The name under which a file called `given` by a browser is kept: one visible file name, in NFC.

    Folders before it are left out, and so is what cannot be seen or could reorder it on the screen (control and format
    characters); leading dots, which hide a file, and blanks around it go too. A name that is too long is cut before its
    suffix, and gets eight digits of the hash of the whole, so that two that begin alike stay two.
    """
    name = unicodedata.normalize("NFC", PureWindowsPath(given.replace("\x00", "")).name)
    name = "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in name)
    name = " ".join(name.split()).lstrip(". ")
    stem, dot, suffix = name.rpartition(".")
    stem, ending = (stem.rstrip(), dot + suffix) if dot and len(suffix) <= 10 else (name, "")
    if len((stem + ending).encode()) > MOST_NAME_BYTES:
        mark = f"-{sha256(given.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
        room = MOST_NAME_BYTES - len((mark + ending).encode())
        stem = stem.encode()[:room].decode(errors="ignore").rstrip() + mark
    return (stem or "document") + ending


class Uploads:
    """What is added to and removed from the documents of `engine` by its visitors. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        """Removes what an earlier server left half-received."""
        self._engine = engine
        self._writing = threading.Lock()
        self._slots = threading.BoundedSemaphore(MOST_AT_ONCE)
        self.folder = (engine.home / FOLDER).resolve()
        for part in self.folder.glob(f".*{_PART}"):
            with contextlib.suppress(OSError):
                part.unlink()

    def check(self, name: str, size: int) -> int:
        """The most bytes that a file called `name` (a safe name) may have.

        Raises UnsupportedSource where no reader knows it, SourceTooLarge where it has more.
        """
        return check_file(name, size, max_chars=self._engine.settings.max_document_chars)[1]

    def begin(self) -> Callable[[], None]:
        """Takes one of MOST_AT_ONCE slots; gives what gives it back. Raises Busy."""
        if not self._slots.acquire(blocking=False):
            raise Busy
        return self._slots.release

    @contextlib.contextmanager
    def receiving(self) -> Iterator[tuple[IO[bytes], Path]]:
        """A new file to write what arrives into, and its path. After an error it is gone. Raises CatalogError."""
        path = self.folder / f".{secrets.token_hex(16)}{_PART}"
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                yield file, path
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            path.unlink(missing_ok=True)
            raise CatalogError(
                f"The file {path} cannot be written: {error.strerror}.", "Check the folder that it is to be in."
            ) from error
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def add_file(self, part: Path, name: str, progress: _Report) -> IngestReport:
        """Stores and indexes the received file `part` under the safe name `name`. Raises as `Engine.ingest_file`."""
        try:
            with self._writing:  # of two files of one name, one is stored after the other
                return self._engine.ingest_file(part, self.folder / name, progress=progress)
        finally:
            part.unlink(missing_ok=True)

    def add_link(self, url: str, progress: _Report) -> IngestReport:
        """Fetches, stores and indexes a page. Raises UnsupportedSource where `url` is not an http or https address."""
        # Without this a path would be read, whatever of the server's disk it names.
        address = normalise_url(url.strip() if "://" in url else f"https://{url.strip()}")
        return self._engine.ingest([address], progress=progress)

    def remove(self, document_id: str) -> DocumentSummary:
        """Forgets the document of this very id, and its file if it was sent here. Raises DocumentNotFound."""
        with self._writing:
            if self._engine.document(document_id).document_id != document_id:
                raise DocumentNotFound(f"There is no document {document_id}.", document_id=document_id)
            removed = self._engine.remove(document_id)
            if self.holds(removed.source):
                Path(removed.source).unlink(missing_ok=True)
            return removed

    def holds(self, source: str) -> bool:
        """Whether a document's source is a file that was sent here."""
        return Path(source).parent == self.folder
