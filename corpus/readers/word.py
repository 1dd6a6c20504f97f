"""Word documents (.docx): their text as Word prints it, without what is hidden or was deleted.

Their parts are read and written anew before they are converted, so that no declaration of entities, and nothing that a
reader of the document does not see, reaches the converter. Notes stand at the end, with their numbers, as in the
document; their marks in the text are left out, since `[1]` beside a sentence is the mark of a citation here.

The dates that a file states are when it was made and saved, not published: `published` stays None, as with PDF.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from corpus.document import Extraction
from corpus.errors import SourceTooLarge, UnreadableSource, UnsupportedSource
from corpus.readers.markup import number_lists, parse, text_of
from corpus.readers.word_numbers import WORD, write_numbers

MAX_UNPACKED = 60_000_000
"""Bytes of XML in a document: at some ten of markup to one of text, more than `TAWTHIQ_MAX_DOCUMENT_CHARS` lets in."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
"""How Word files of before 2007 begin, and those that are locked with a password."""
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_AUTHOR = "{http://purl.org/dc/elements/1.1/}creator"
_OFF = frozenset(("0", "false", "off", "none"))
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='footnote text'] => p:fresh
p[style-name='endnote text'] => p:fresh
"""
_NO_AUTHOR = re.compile(
    r"(?i)python-docx|(?:microsoft|office|windows)\b.*|(?:user|admin|administrator|owner|hp|dell)\d*"
)
_NOTE = re.compile(r"(?:foot|end)note-(?:ref-)?\d+")


def read(data: bytes, source: str, charset: str | None = None) -> Extraction:
    """Read a Word document. Raises SourceError subclasses, each with what to do."""
    del charset
    if data.startswith(_OLE):
        raise UnsupportedSource(
            f"{source} is a Word file of the older kind, or locked with a password.",
            "Save it as .docx without a password, and read that.",
            source=source,
        )
    if not data.startswith(_ZIP):
        raise UnsupportedSource(f"{source} is not a Word document.", "Check the file, or its ending.", source=source)
    try:
        clean, properties = _rewritten(data, source)
        tree = parse(_converted(clean))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, EOFError, OSError, RuntimeError):
        raise UnreadableSource(
            f"{source} is damaged or incomplete.", "Open it in Word, save it anew, and read that.", source=source
        ) from None
    if tree is None:
        return Extraction(text="", format="docx")
    _unmark_notes(tree)
    heading = tree.find(".//h1")
    return Extraction(
        text=text_of(tree),
        format="docx",
        title=_one_line(heading.itertext() if heading is not None else ()) or _one_line([properties.get("title", "")]),
        author=_author(properties),
    )


def _converted(data: bytes) -> str:
    import mammoth

    def nothing(_: object) -> dict[str, str]:
        return {}

    # An image is never opened: it has no text, and may lie elsewhere than in the file.
    pictures: Any = mammoth.images.img_element(nothing)
    return str(mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=pictures).value)


def _rewritten(data: bytes, source: str) -> tuple[bytes, dict[str, str]]:
    """The document's parts of XML, without entities and what nobody sees; and its title and author as it states them.

    Everything else that it packs (images, fonts, other files) is left out.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as clean:
        parts = [one for one in packed.infolist() if one.filename.endswith((".xml", ".rels"))]
        if sum(one.file_size for one in parts) > MAX_UNPACKED:
            raise SourceTooLarge(f"{source} is too large to be read.", "Split it.", source=source)
        if "[Content_Types].xml" not in {one.filename for one in parts}:
            raise UnsupportedSource(
                f"{source} is not a Word document.", "Check the file, or its ending.", source=source
            )
        trees = {one.filename: _tree(packed.read(one)) for one in parts}
        hidden = {style for tree in trees.values() for style in _hidden_styles(tree)}
        for tree in trees.values():
            _take_out_hidden(tree, hidden)
        if (document := trees.get("word/document.xml")) is not None:
            write_numbers(document, trees.get("word/numbering.xml"), trees.get("word/styles.xml"))
        for name, tree in trees.items():
            clean.writestr(name, etree.tostring(tree, encoding="utf-8", xml_declaration=True))
    core = trees.get("docProps/core.xml")
    stated = {"title": _TITLE, "author": _AUTHOR}
    found = {key: core.findtext(tag) or "" for key, tag in stated.items()} if core is not None else {}
    return out.getvalue(), found


def _tree(data: bytes) -> etree._Element:
    """A part's tree; what an entity stands for is not put in."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    tree = etree.fromstring(data, parser)
    if _STRICT in (again := etree.tostring(tree)):  # the other name that the standard has for the same elements
        tree = etree.fromstring(again.replace(_STRICT, WORD.encode()), parser)
    for entity in list(tree.iter(etree.Entity)):
        _remove(entity)
    return tree


def _names(*tags: str) -> list[str]:
    return [f"{{{WORD}}}{tag}" for tag in tags]


def _hidden_styles(tree: etree._Element) -> Iterable[str]:
    """The names of the styles whose text is hidden."""
    for style in tree.iter(*_names("style")):
        if any(_is_on(one) for one in style.iter(*_names("vanish", "webHidden"))):
            yield from (value for key, value in style.attrib.items() if str(key).endswith("}styleId"))


def _take_out_hidden(tree: etree._Element, styles: set[str]) -> None:
    """Take out the runs and the paragraphs that are hidden, by themselves or by their style."""
    for run in list(tree.iter(*_names("r"))):
        marks = [one for properties in run.iterchildren(*_names("rPr")) for one in properties]
        named = {str(value) for one in marks if one.tag in _names("rStyle") for value in one.attrib.values()}
        if any(one.tag in _names("vanish", "webHidden") and _is_on(one) for one in marks) or named & styles:
            _remove(run)
    for named in list(tree.iter(*_names("pStyle"))):
        properties = named.getparent()
        paragraph = properties.getparent() if properties is not None else None
        if paragraph is not None and styles & {str(value) for value in named.attrib.values()}:
            _remove(paragraph)


def _is_on(mark: etree._Element) -> bool:
    return not any(str(value).lower() in _OFF for value in mark.attrib.values())


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unmark_notes(tree: HtmlElement) -> None:
    """Take out the marks of notes in the text and the arrows that lead back to them, and number the notes."""
    for notes in tree.iter("ol"):
        if any(_NOTE.search(item.get("id") or "") for item in notes.iterchildren("li")):
            number_lists(notes)
    for link in list(tree.iter("a")):
        if not _NOTE.search((link.get("id") or "") + (link.get("href") or "")):
            continue
        above = link.getparent()
        (above if above is not None and above.tag == "sup" else link).drop_tree()


def _one_line(parts: Iterable[str]) -> str | None:
    return " ".join("".join(parts).split()) or None


def _author(properties: dict[str, str]) -> str | None:
    """Who is stated to have made the file, where it is a name and not a program's or a machine's default."""
    name = _one_line([properties.get("author", "")])
    return None if name is None or _NO_AUTHOR.fullmatch(name) else name
