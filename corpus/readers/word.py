"""Word documents (.docx): their text as Word shows it, without what is hidden or was deleted.

Notes stand at the end, with their numbers, as in the document; their marks in the text are left out, since `[1]` beside
a sentence is the mark of a citation here. The dates that a file states are when it was made and saved, not published:
`published` stays None, as with PDF.
"""

from __future__ import annotations

import re

from corpus.document import Extraction
from corpus.errors import SourceTooLarge, UnreadableSource, UnsupportedSource
from corpus.isolation import read_isolated

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
"""How Word files of before 2007 begin, and those that are locked with a password."""
_NO_AUTHOR = re.compile(
    r"(?i)python-docx|(?:microsoft|office|windows)\b.*|(?:user|admin|administrator|owner|hp|dell)\d*"
)


def read(data: bytes, source: str, charset: str | None = None) -> Extraction:
    """Read a Word document, in a process of its own. Raises SourceError subclasses, each with what to do."""
    del charset
    if data.startswith(_OLE):
        raise UnsupportedSource(
            f"{source} is a Word file of the older kind, or locked with a password.",
            "Save it as .docx without a password, and read that.",
            source=source,
        )
    foreign = UnsupportedSource(f"{source} is not a Word document.", "Check the file, or its ending.", source=source)
    if not data.startswith(_ZIP):
        raise foreign
    anew = "Open it in Word, save it anew, and read that."
    found = read_isolated("corpus.word.worker", data, source, anew)
    match found.get("error"):
        case "foreign":
            raise foreign
        case "large" | "memory":
            raise SourceTooLarge(f"{source} is too large to be read.", "Split it.", source=source)
        case "damaged":
            raise UnreadableSource(f"{source} is damaged or incomplete.", anew, source=source)
    author = _one_line(found["author"])
    return Extraction(
        text=found["text"],
        format="docx",
        title=_one_line(found["heading"]) or _one_line(found["title"]),
        # A program's or a machine's default is nobody's name.
        author=None if author is None or _NO_AUTHOR.fullmatch(author) else author,
    )


def _one_line(text: str) -> str | None:
    return " ".join(text.split()) or None
