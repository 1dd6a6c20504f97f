"""Names of WordprocessingML's elements and attributes, and values of them."""

from __future__ import annotations

import re

from lxml import etree

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The name that the standard's strict form has for the same elements."""
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = "urn:schemas-microsoft-com:vml"
DEEPEST = 20
"""Styles that are looked through, each based on the next: a file may say that two are based on each other."""

_OFF = frozenset(("0", "false", "off", "none"))


def tag(name: str) -> str:
    """The full name of an element or attribute of WordprocessingML."""
    return f"{{{WORD}}}{name}"


def value(element: etree._Element | None, default: str = "") -> str:
    """What an element's `w:val` says."""
    return str(element.get(tag("val"), default)) if element is not None else default


def whole(text: str, default: int) -> int:
    """A number of at most six digits; else `default`."""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default


def is_on(mark: etree._Element) -> bool:
    """Whether a property that is either on or off is on."""
    return value(mark).lower() not in _OFF


def remove(element: etree._Element) -> None:
    """Take an element out of its tree."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
