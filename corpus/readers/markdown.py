"""Markdown: its text as a reader sees it, and the metadata of its YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml
from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.dates import parse_date
from corpus.document import Extraction
from corpus.furniture import is_list_item
from corpus.readers.decoding import decode
from corpus.readers.markup import number_lists, parse, prune_hidden, text_of

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)


def read(data: bytes, source: str, charset: str | None = None) -> Extraction:
    """Decode and read `data`. Raises UnsupportedSource where it is not text. Broken front matter counts as text."""
    text = decode(data, source=source, declared=charset)
    metadata, body = split_front_matter(text)
    tree = markdown_tree(body)
    heading = tree.find(".//h1") if tree is not None else None
    return Extraction(
        text=text_of(tree) if tree is not None else "",
        format="markdown",
        title=_string(metadata.get("title")) or (_string("".join(heading.itertext())) if heading is not None else None),
        language=_language(metadata.get("language") or metadata.get("lang")),
        publisher=_string(metadata.get("publisher")),
        author=_names(metadata.get("author") or metadata.get("authors")),
        published=parse_date(metadata.get("published") or metadata.get("date")),
        tags=tuple(_strings(metadata.get("tags"))),
        notes=tuple(_strings(metadata.get("license"))) + tuple(_strings(metadata.get("sources"))),
    )


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The front matter of `text` and the rest; without valid front matter, an empty mapping and all of it."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    try:
        metadata = yaml.safe_load(match[1])
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text
    if not isinstance(metadata, dict):
        return {}, text
    return {str(key).lower(): value for key, value in metadata.items()}, text[match.end() :]


def markdown_tree(text: str) -> HtmlElement | None:
    """What a reader of the rendered Markdown sees, as a tree: without hidden HTML, and with list numbers as text."""
    tree = parse(_CONTROLS.sub("", _renderer().render(text)))
    if tree is not None:
        prune_hidden(tree)
        number_lists(tree)
    return tree


def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    renderer.add_render_rule("softbreak", _softbreak)
    return renderer


def _softbreak(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    """A line break inside a paragraph is a space, but lists that Markdown does not know («1- …») keep their lines."""
    following = tokens[index + 1].content if index + 1 < len(tokens) else ""
    return "<br>" if is_list_item(following) else "\n"


def _string(value: object) -> str | None:
    text = " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""
    return text or None


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in map(_string, values) if text]


def _names(value: object) -> str | None:
    return ", ".join(_strings(value)) or None


def _language(value: object) -> str | None:
    text = str(value).lower() if isinstance(value, str) else ""
    match = re.fullmatch(r"([a-z]{2})(?:[-_][a-z0-9-]+)?", text)
    return match[1] if match else None
