"""The process that reads one Word document: from standard input, to one JSON document on standard output.

Its parts are read and written anew before they are converted, so that no declaration of entities, and nothing that a
reader of the document does not see, reaches the converter; and the numbers that Word prints are written into them.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from corpus.isolation import answer
from corpus.readers.markup import number_lists, parse, text_of
from corpus.word.hidden import show_alternatives, take_out_hidden
from corpus.word.markup import STRICT, WORD
from corpus.word.numbers import write_numbers

MAX_UNPACKED = 60_000_000
"""Bytes of XML in a document: at some ten of markup to one of text, more than `TAWTHIQ_MAX_DOCUMENT_CHARS` lets in."""
MAX_PARTS = 2_000
MAX_ELEMENTS = 1_500_000
"""Of all parts: a report of 300 pages has some 100,000."""
MAX_MEMORY = 3 * 1024**3
MAX_SECONDS = 300
"""Of processor time."""

_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The two that Word knows (ECMA-376, part 2)."""
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_AUTHOR = "{http://purl.org/dc/elements/1.1/}creator"
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='footnote text'] => p:fresh
p[style-name='endnote text'] => p:fresh
"""


class _TooLarge(Exception):
    """More XML than a document of text has."""


def main() -> None:
    """Reads standard input and writes what `extract` finds."""
    answer(extract, MAX_MEMORY, MAX_SECONDS)


def extract(data: bytes) -> dict[str, Any]:
    """`{"text": …, "heading": …, "title": …, "author": …}`, or `{"error": …}`: foreign, damaged, large."""
    try:
        trees = {name: _tree(part) for name, part in _parts(data).items()}
        if "[Content_Types].xml" not in trees:
            return {"error": "foreign"}
        if sum(1 for tree in trees.values() for _ in tree.iter()) > MAX_ELEMENTS:
            raise _TooLarge
        tree = parse(_converted(_rewritten(trees)))
    except _TooLarge:
        return {"error": "large"}
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, EOFError, OSError, ValueError):
        return {"error": "damaged"}
    core = trees.get("docProps/core.xml")
    found: dict[str, Any] = {
        "text": "",
        "heading": "",
        "title": core.findtext(_TITLE) or "" if core is not None else "",
        "author": core.findtext(_AUTHOR) or "" if core is not None else "",
    }
    if tree is not None:
        _unmark_notes(tree)
        heading = tree.find(".//h1")
        found["heading"] = "".join(heading.itertext()) if heading is not None else ""
        found["text"] = text_of(tree)
    return found


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of XML that a document packs, read as far as they may go, whatever it says of their size.

    Everything else in it (images, fonts, other files) is left out.
    """
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        listed = [one for one in packed.infolist() if one.filename.endswith((".xml", ".rels"))]
        if len(listed) > MAX_PARTS:
            raise _TooLarge
        if any(one.compress_type not in _PACKED for one in listed):
            raise zipfile.BadZipFile("packed in a way that Word does not know")
        for one in listed:
            with packed.open(one) as part:
                found[one.filename] = part.read(left + 1)
            left -= len(found[one.filename])
            if left < 0:
                raise _TooLarge
    return found


def _tree(data: bytes) -> etree._Element:
    """A part's tree. Word declares no entities; a part that does is refused as damaged."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    tree = etree.fromstring(data, parser)
    if tree.getroottree().docinfo.doctype:
        raise ValueError("a document type")
    if STRICT.encode() in (again := etree.tostring(tree)):
        tree = etree.fromstring(again.replace(STRICT.encode(), WORD.encode()), parser)
    return tree


def _rewritten(trees: dict[str, etree._Element]) -> bytes:
    for tree in trees.values():
        show_alternatives(tree)
    take_out_hidden(trees)
    if (document := trees.get("word/document.xml")) is not None:
        write_numbers(document, trees.get("word/numbering.xml"), trees.get("word/styles.xml"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as clean:
        for name, tree in trees.items():
            clean.writestr(name, etree.tostring(tree, encoding="utf-8", xml_declaration=True))
    return out.getvalue()


def _converted(data: bytes) -> str:
    import mammoth

    def nothing(_: object) -> dict[str, str]:
        return {}

    # An image is never opened: it has no text, and may lie elsewhere than in the file.
    pictures: Any = mammoth.images.img_element(nothing)
    return str(mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=pictures).value)


def _is_note(names: Iterable[str | None]) -> bool:
    return any("footnote-" in name or "endnote-" in name for name in names if name)


def _unmark_notes(tree: HtmlElement) -> None:
    """Take out the marks of notes in the text and the arrows that lead back to them, and number the notes."""
    for notes in tree.iter("ol"):
        if _is_note(item.get("id") for item in notes.iterchildren("li")):
            number_lists(notes)
    for link in list(tree.iter("a")):
        if not _is_note((link.get("id"), link.get("href"))):
            continue
        above = link.getparent()
        (above if above is not None and above.tag == "sup" else link).drop_tree()


if __name__ == "__main__":
    main()
