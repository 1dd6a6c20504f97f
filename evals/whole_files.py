"""Files that are there whole or not at all, whatever is cut off while they are written."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Writes `text` (UTF-8, line feeds as they are) to a file beside `path`, then puts it in its place.

    Raises OSError, and leaves what was there.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
