"""From what a person names (a file, a folder, an address) to documents."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

from corpus import web
from corpus.cleaning import clean
from corpus.document import Document, Extraction, document_id_for, pages_after
from corpus.errors import (
    EmptySource,
    SourceError,
    SourceNotFound,
    SourceTooLarge,
    UnreadableSource,
    UnsupportedSource,
)
from corpus.language import detect_language
from corpus.readers import Reader, holds_pictures, reader_for_content_type, reader_for_name, suffixes
from corpus.repair import repair

DEFAULT_MAX_CHARS = 5_000_000
MAX_FILE_BYTES = 200_000_000
_MAX_BYTES_PER_CHAR = 4
# Formats in which people keep documents: in a folder they are reported as unsupported, while other files that no reader
# knows (images, style sheets, archives) are only counted as skipped.
_DOCUMENT_SUFFIXES = (
    ".doc", ".odt", ".rtf", ".epub", ".ppt", ".pptx", ".odp", ".xls", ".xlsx", ".ods", ".csv", ".mht",
    ".mhtml", ".eml", ".msg", ".tex", ".wpd", ".pages",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Discovery:
    """`sources` are to be read one by one, in order; `skipped` are files of a folder that are no documents."""

    sources: tuple[str, ...]
    skipped: tuple[str, ...] = ()


def discover(source: str | Path) -> Discovery:
    """The sources that `source` stands for, each as its canonical string: a resolved absolute path, or an address.

    A file or an address stands for itself. A folder is walked in sorted order, without hidden files and folders and
    files called LICENSE; a file reached twice (by a link) is taken once. Its sub-folders and documents that cannot be
    read are among the sources, so that reading them reports why. Raises SourceNotFound, UnsupportedSource (no valid
    address) and EmptySource (a folder with nothing to read).
    """
    if isinstance(source, str) and web.is_url(source):
        return Discovery((web.normalise_url(source),))
    path = _resolve(source)
    if not path.is_dir():
        return Discovery((str(path),))
    sources: dict[str, None] = {}
    skipped: dict[str, None] = {}
    _walk(path, sources, skipped, set())
    if not sources:
        raise EmptySource(
            f"The folder {printable(path)} has no file that can be read.",
            f"Readable are {', '.join(suffixes())}.",
            source=printable(path),
        )
    return Discovery(tuple(sources), tuple(skipped))


def _walk(folder: Path, sources: dict[str, None], skipped: dict[str, None], seen: set[Path]) -> None:
    if folder in seen:
        return
    seen.add(folder)
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        sources[str(folder)] = None
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.upper().split(".")[0] == "LICENSE":
            continue
        try:
            resolved = entry.resolve(strict=True)
        except (OSError, RuntimeError):  # a broken link, or one that leads to itself
            skipped[str(entry)] = None
            continue
        if resolved.is_dir():
            _walk(resolved, sources, skipped, seen)
        elif reader_for_name(entry.name) is not None or entry.suffix.lower() in _DOCUMENT_SUFFIXES:
            sources[str(resolved)] = None
        else:
            skipped[str(resolved)] = None


def read_document(
    source: str | Path,
    *,
    max_chars: int = DEFAULT_MAX_CHARS,
    tags: Sequence[str] = (),
    allow_private: bool = False,
    keep_as: Path | None = None,
) -> Document:
    """Read, decode, repair and clean one source (see `discover`) into the document to store.

    `allow_private` lets addresses lead into the local network. `keep_as` is where the file `source` is about to be
    moved: it is read as if it lay there already. Raises SourceError subclasses, each one clear line.
    """
    if isinstance(source, str) and web.is_url(source):
        name = web.normalise_url(source)
        extraction = _read_url(name, max_chars, allow_private)
        fallback = unquote(urlsplit(name).path.rstrip("/").rsplit("/", 1)[-1]) or urlsplit(name).netloc
    else:
        path = _resolve(source)
        name = printable(keep_as or path)
        extraction = _read_file(path, name, max_chars)
        fallback = printable((keep_as or path).stem)
    return _document(extraction, name, fallback, max_chars, tags)


def check_file(name: str, size: int, *, max_chars: int = DEFAULT_MAX_CHARS) -> tuple[Reader, int]:
    """What reads a file called `name`, and the most bytes that it may have; before a byte of it is loaded.

    Raises UnsupportedSource, and SourceTooLarge where its `size` in bytes is beyond that.
    """
    reader = reader_for_name(PurePath(name).name)
    if reader is None:
        raise UnsupportedSource(
            f"{name}: there is no reader for {PurePath(name).suffix or 'a file without a suffix'}.",
            f"Readable are {', '.join(suffixes())}.",
            source=name,
        )
    limit = MAX_FILE_BYTES if holds_pictures(reader) else max_chars * _MAX_BYTES_PER_CHAR
    if size > limit:
        raise _too_many_bytes(reader, name, size, max_chars)
    return reader, limit


def sample_documents() -> Path:
    """The folder of the bundled sample documents, wherever the package is installed."""
    return Path(__file__).parent / "samples"


def printable(path: str | Path) -> str:
    """`path` as text that always encodes: bytes of a file name that are not UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _document(extraction: Extraction, name: str, fallback: str, max_chars: int, tags: Sequence[str]) -> Document:
    if len(extraction.text) > max_chars:
        raise _too_large(name, f"{len(extraction.text):,} characters", max_chars)
    title = _one_line(extraction.title)
    text = repair(extraction.text)
    cleaned = clean(text, title=title, scraped=extraction.format == "text")
    # Other formats' titles may end in the site's name, and then the headline is better.
    stated = title if extraction.format == "markdown" else None
    if not cleaned.text.strip():
        raise EmptySource(f"{name} has no text.", "There is nothing to store.", source=name)
    return Document(
        document_id=document_id_for(name),
        source=name,
        title=stated or _one_line(cleaned.title) or title or repair(fallback) or name,
        text=cleaned.text,
        language=detect_language(cleaned.text, prior=extraction.language),
        format=extraction.format,
        publisher=_one_line(extraction.publisher),
        author=_one_line(extraction.author),
        published=extraction.published,
        tags=tuple(dict.fromkeys(tag for tag in map(_one_line, (*extraction.tags, *tags)) if tag)),
        notes=tuple(note for note in map(_one_line, extraction.notes) if note),
        removed=cleaned.removed,
        pages=pages_after(extraction.pages, cleaned.removed) if text == extraction.text else (),
        image_pages=extraction.image_pages,
    )


def _one_line(value: str | None) -> str | None:
    return " ".join(repair(value or "").split()) or None


def _resolve(source: str | Path) -> Path:
    try:
        return Path(source).expanduser().resolve(strict=True)
    except PermissionError:
        raise UnreadableSource(
            f"{printable(source)} may not be read.", "Check its permissions.", source=printable(source)
        ) from None
    except (OSError, RuntimeError, ValueError):
        shown = printable(str(source).replace("\x00", "\ufffd"))
        raise SourceNotFound(f"{shown} does not exist.", "Check the path.", source=shown) from None


def _read_file(path: Path, name: str, max_chars: int) -> Extraction:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            os.listdir(path)  # noqa: PTH208 - says why a folder could not be walked
            raise UnreadableSource(f"{name} is a folder.", "Name the files in it, or ingest the folder.", source=name)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableSource(
                f"{name} is not an ordinary file.", "Give a file, a folder or an address.", source=name
            )
        reader, limit = check_file(name, status.st_size, max_chars=max_chars)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise SourceNotFound(f"{name} does not exist.", "Check the path.", source=name) from None
    except PermissionError:
        raise UnreadableSource(f"{name} may not be read.", "Check its permissions.", source=name) from None
    except OSError as error:
        raise UnreadableSource(f"{name} cannot be read: {error.strerror}.", "Check the disk.", source=name) from None
    if len(data) > limit:
        raise _too_many_bytes(reader, name, len(data), max_chars)
    return _extract(reader, data, name, None)


def _read_url(url: str, max_chars: int, allow_private: bool) -> Extraction:
    def limit(content_type: str, address: str) -> int:
        if holds_pictures(_reader_of(content_type, address)):
            return web.MAX_FILE_BYTES
        return min(web.MAX_BYTES, max_chars * _MAX_BYTES_PER_CHAR)

    page = web.fetch(url, max_bytes=limit, allow_private=allow_private)
    reader = _reader_of(page.content_type, page.url)
    if reader is None and page.data.startswith(b"%PDF-"):  # many servers send it as bytes of no kind
        reader = reader_for_content_type("application/pdf")
    if reader is None and not page.content_type and page.data.lstrip()[:1] == b"<":
        reader = reader_for_content_type("text/html")
    if reader is None:
        raise UnsupportedSource(
            f"{url} is {page.content_type.split(';')[0] or 'of an unknown type'}, which no reader knows.",
            "Readable are web pages, PDF files, Word documents (.docx), plain text and Markdown.",
            source=url,
        )
    return _extract(reader, page.data, page.url, _charset(page.content_type))


def _reader_of(content_type: str, url: str) -> Reader | None:
    return reader_for_content_type(content_type) or reader_for_name(urlsplit(url).path)


def _charset(content_type: str) -> str | None:
    for parameter in content_type.split(";")[1:]:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _extract(reader: Reader, data: bytes, name: str, charset: str | None) -> Extraction:
    if not data.strip():
        raise EmptySource(f"{name} is empty.", "There is nothing to store.", source=name)
    try:
        return reader(data, name, charset)
    except SourceError:
        raise
    except Exception as error:  # documents are hostile: whatever they do to a parser is a failure of that source alone
        raise UnreadableSource(
            f"{name} could not be read ({type(error).__name__}).", "The file may be damaged.", source=name
        ) from error


def _too_many_bytes(reader: Reader, name: str, size: int, max_chars: int) -> SourceTooLarge:
    if holds_pictures(reader):
        return SourceTooLarge(
            f"{name} is too large: {size:,} bytes, where {MAX_FILE_BYTES:,} are allowed.", "Split it.", source=name
        )
    return _too_large(name, f"{size:,} bytes", max_chars)


def _too_large(name: str, size: str, max_chars: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"{name} is too large: {size}, where {max_chars:,} characters are allowed.",
        "Split it, or raise TAWTHIQ_MAX_DOCUMENT_CHARS.",
        source=name,
        limit=max_chars,
    )
