"""HTML trees, for the HTML and the Markdown reader: parsing, taking out what nobody sees, reading as lines."""

from __future__ import annotations

import re

from lxml import etree, html

from corpus.furniture import is_list_item

_NEVER_TEXT = (
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas", "audio", "video",
    "select", "option", "datalist", "button", "input", "textarea", "dialog", "map", "frameset", "noframes", "applet",
)  # fmt: skip
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer "
        "form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul "
        "head item list quote row",
    )
)  # the last line: the elements of trafilatura's trees
_HIDDEN_STYLE = re.compile(
    r"(?i)(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?%?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:;|!|$)|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}"
    r"|clip\s*:\s*rect\(\s*0)"
)
_HIDING_RULE = re.compile(r"(?i)([^{}]+)\{[^{}]*?(?:display\s*:\s*none|visibility\s*:\s*hidden)[^{}]*\}")
_AT_BLOCK = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SIMPLE_SELECTOR = re.compile(r"[a-zA-Z][\w-]*[.#][\w-]+|[.#][\w-]+")
_MAX_DEPTH = 200
_ITEM, _ROW = "\x00", "\x01"  # mark list items and table rows among the blocks; no parsed text holds them
_SPACE = re.compile(r"[ \t\r\n\f]+")


def parse(text: str) -> html.HtmlElement | None:
    """The tree of an HTML document or fragment; None for an empty one."""
    if not text.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None
    return tree if isinstance(tree, html.HtmlElement) else None


def prune_hidden(tree: html.HtmlElement) -> None:
    """Take out what a browser does not show as text: scripts, controls, and elements hidden by attribute or style."""
    hidden = _hidden_selectors(tree)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            _drop(element)
        elif element.tag in ("html", "body", "head"):
            continue
        elif (
            element.tag in _NEVER_TEXT
            and not (element.tag == "script" and element.get("type") == "application/ld+json")
        ) or (
            element.get("hidden") is not None
            or _HIDDEN_STYLE.search(element.get("style") or "")
            or _names(element) & hidden
        ):
            _drop(element)


def _hidden_selectors(tree: html.HtmlElement) -> set[str]:
    """Plain selectors (`.a`, `#b`, `p.c`) that the page's own style sheets hide, outside of conditional blocks."""
    found: set[str] = set()
    for sheet in tree.iter("style"):
        rules = _AT_BLOCK.sub("", sheet.text or "")
        for match in _HIDING_RULE.finditer(rules):
            found |= {s.strip() for s in match[1].split(",") if _SIMPLE_SELECTOR.fullmatch(s.strip())}
    return found


def _names(element: html.HtmlElement) -> set[str]:
    plain = {f".{name}" for name in (element.get("class") or "").split()}
    if element.get("id"):
        plain.add(f"#{element.get('id')}")
    return plain | {f"{element.tag}{name}" for name in plain}


def _drop(element: html.HtmlElement) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def number_lists(tree: html.HtmlElement) -> None:
    """Write the numbers of ordered lists into their items, as a browser shows them ("1. …")."""
    for listing in tree.iter("ol"):
        start = listing.get("start") or "1"
        number = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
        for item in listing.iterchildren("li"):
            value = item.get("value") or ""
            number = int(value) if re.fullmatch(r"-?\d{1,6}", value) else number
            _prefix(item, f"{number}. ")
            number += 1


def _prefix(item: html.HtmlElement, marker: str) -> None:
    """Put `marker` before the first text of `item`, unless the page numbers the item itself."""
    content = "".join(item.itertext()).lstrip()
    if not content or re.match(r"\(?[\d٠-٩]{1,3}\s?[-–.):]", content):
        return
    for element in item.iter():
        if (element.text or "").strip():
            element.text = marker + (element.text or "").lstrip()
            return
        if element is not item and (element.tail or "").strip():
            element.tail = marker + (element.tail or "").lstrip()
            return


def text_of(tree: html.HtmlElement) -> str:
    """The text of `tree`: a line a block, blank lines between, list items marked, table cells between bars."""
    blocks: list[str] = []
    current: list[str] = []

    def flush(marker: str = "") -> None:
        raw = "".join(current)
        current.clear()
        lines = [_SPACE.sub(" ", line).strip() for line in raw.split("\v")]
        kept = "\n".join(line for line in lines if line)
        if kept:
            blocks.append(marker + kept)

    def walk(element: html.HtmlElement, depth: int) -> None:
        if not isinstance(element.tag, str) or element.tag in _NEVER_TEXT or element.tag in ("title", "img", "graphic"):
            return
        if element.tag in ("br", "lb"):
            current.append("\v")
        elif depth >= _MAX_DEPTH:
            current.append(" ".join(element.itertext()))
        elif element.tag == "pre":
            flush()
            blocks.append("".join(element.itertext()).strip("\n"))
        elif element.tag in ("tr", "row"):
            flush()
            cells = [_SPACE.sub(" ", " ".join(cell.itertext())).strip() for cell in element]
            if any(cells):
                blocks.append(f"{_ROW}| {' | '.join(cells)} |")
        elif element.tag in _BLOCKS:
            flush()
            first = len(blocks)
            inner(element, depth)
            flush()
            if element.tag in ("li", "item") and len(blocks) > first:
                lead = blocks[first].lstrip(_ITEM)
                blocks[first] = _ITEM + (lead if is_list_item(lead) else f"- {lead}")
        else:
            inner(element, depth)

    def inner(element: html.HtmlElement, depth: int) -> None:
        current.append(element.text or "")
        for child in element:
            walk(child, depth + 1)
            current.append(child.tail or "")

    walk(tree, 0)
    flush()
    lines: list[str] = []
    for block in blocks:  # items and rows stand together, everything else apart
        together = block[0] in (_ITEM, _ROW) and lines and lines[-1][0] == block[0]
        lines += [block] if together or not lines else ["", block]
    return "\n".join(line.lstrip(_ITEM + _ROW) for line in lines)
