"""What Word keeps in a document and does not show: hidden text, codes of fields, what text boxes have for old readers.

Text is hidden by its run, by the style of its characters, of its paragraph or of its table, or by the document's
defaults; whichever of them says something first decides (ECMA-376, part 1, 17.7.2). White letters are not looked for:
on dark ground they are seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from corpus.word.markup import COMPATIBILITY, DEEPEST, VML, is_on, remove, tag, value

_MARKS = tuple(tag(name) for name in ("vanish", "webHidden"))


@dataclass(frozen=True, slots=True)
class _Styles:
    """The styles by id: what each is based on, and whether its text is hidden, if it says so."""

    based_on: dict[str, str]
    hidden: dict[str, bool]
    default: str
    """The paragraph style of paragraphs that name none."""
    by_default: bool
    """Whether the document's defaults hide text."""

    def says(self, style: str) -> bool | None:
        """Whether a style hides text, by itself or by what it is based on; None where none of them says so."""
        for _ in range(DEEPEST):
            if style in self.hidden or not style:
                break
            style = self.based_on.get(style, "")
        return self.hidden.get(style)


def show_alternatives(tree: etree._Element) -> None:
    """Put the text boxes that Word shows in the place of what there is for readers that do not know them."""
    for both in list(tree.iter(f"{{{COMPATIBILITY}}}AlternateContent")):
        choices = both.findall(f"{{{COMPATIBILITY}}}Choice")
        shown = [box for choice in choices[:1] for box in choice.iter(tag("txbxContent"))]
        for choice in choices:
            both.remove(choice)
        for box in list(both.iter(tag("txbxContent"))):
            remove(box)
        parent = both.getparent()
        if parent is None:
            continue
        for box in shown:  # as older Word wrote them, which is what the converter reads
            picture = etree.Element(tag("pict"))
            shape = etree.SubElement(picture, f"{{{VML}}}shape")
            etree.SubElement(shape, f"{{{VML}}}textbox").append(box)
            parent.insert(parent.index(both), picture)


def take_out_hidden(trees: Mapping[str, etree._Element]) -> None:
    """Take the runs, rows and codes that are not shown out of all parts of a document."""
    styles = _styles(trees.get("word/styles.xml"))
    for tree in trees.values():
        for row in list(tree.iter(tag("tr"))):
            if any(is_on(mark) for mark in row.iterfind(f"{tag('trPr')}/{tag('hidden')}")):
                remove(row)
        for run in list(tree.iter(tag("r"))):
            if _is_hidden(run, styles):
                remove(run)
        for text in list(_in_codes(tree)):
            remove(text)


def _styles(tree: etree._Element | None) -> _Styles:
    styles = _Styles({}, {}, "", False)
    if tree is None:
        return styles
    default = ""
    for style in tree.iter(tag("style")):
        name = str(style.get(tag("styleId"), ""))
        styles.based_on[name] = value(style.find(tag("basedOn")))
        said = _said(style.find(tag("rPr")))
        if said is not None:
            styles.hidden[name] = said
        if style.get(tag("default")) in ("1", "true", "on") and style.get(tag("type")) == "paragraph":
            default = name
    defaults = tree.find(f"{tag('docDefaults')}/{tag('rPrDefault')}/{tag('rPr')}")
    return _Styles(styles.based_on, styles.hidden, default, bool(_said(defaults)))


def _said(properties: etree._Element | None) -> bool | None:
    marks = [mark for mark in properties if mark.tag in _MARKS] if properties is not None else []
    return any(map(is_on, marks)) if marks else None


def _is_hidden(run: etree._Element, styles: _Styles) -> bool:
    return next((said for said in _sayings(run, styles) if said is not None), styles.by_default)


def _sayings(run: etree._Element, styles: _Styles) -> Iterator[bool | None]:
    """What the run, its style, its paragraph's and its table's say of it, in the order in which they count."""
    properties = run.find(tag("rPr"))
    yield _said(properties)
    if properties is not None:
        yield styles.says(value(properties.find(tag("rStyle"))))
    paragraph = next(run.iterancestors(tag("p")), None)
    if paragraph is not None:
        yield styles.says(value(paragraph.find(f"{tag('pPr')}/{tag('pStyle')}")) or styles.default)
    for table in run.iterancestors(tag("tbl")):
        yield styles.says(value(table.find(f"{tag('tblPr')}/{tag('tblStyle')}")))


def _in_codes(tree: etree._Element) -> Iterator[etree._Element]:
    """The texts between the beginning of a field and its result."""
    open_fields: list[str] = []
    for element in tree.iter(tag("fldChar"), tag("t")):
        kind = element.get(tag("fldCharType"))
        if element.tag == tag("t"):
            if "begin" in open_fields:
                yield element
        elif kind == "begin":
            open_fields.append("begin")
        elif kind == "separate" and open_fields:
            open_fields[-1] = "separate"
        elif kind == "end" and open_fields:
            open_fields.pop()
