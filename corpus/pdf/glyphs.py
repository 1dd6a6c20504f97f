"""The signs of a page with their places, by PDFium. Coordinates are points, from the lower left corner upwards."""

from __future__ import annotations

import contextlib
import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

MAX_GLYPHS = 200_000
"""Of one page: the densest pages of print have some 15,000."""

_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06e\uf071\uf02d", "•")
"""Signs of Symbol and Wingdings, which have no code of their own, as word processors use them for lists."""
_MAX_SHAPES = 3_000
"""A page of more drawings is a map or a chart."""
_MAX_IMAGES = 1_000
"""A scan is one image, or the strips that it was cut into."""
_HYPHENS = ("\x02", "\ufffe")
"""What PDFium says for a hyphen at the end of a line."""
_MIN_SIZE = 1.0


@dataclass(slots=True)
class Glyph:
    """A sign: its letters (several for a ligature), its left and right edge, baseline, size, and place in the file.

    `word` counts the words as PDFium sees them, in its own order.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    index: int
    word: int = 0
    marks: str = ""


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """The signs of one page; `unmapped` counts those of which the file does not say what letters they are.

    `bullets` are dots that are drawn rather than written; their `base` is their middle. `pictured` is the share of the
    page that images take up, where it has any.
    """

    glyphs: list[Glyph]
    width: float
    height: float
    unmapped: int
    images: bool
    pictured: float
    bullets: list[Glyph]


def page_glyphs(page: Any) -> PageGlyphs:
    """The signs of a pypdfium2 page, upright: a page that is set sideways is turned."""
    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    try:
        raw = list(_raw_glyphs(pdfium, textpage.raw))
        dots = list(_dots(page, pdfium))
        left, bottom, right, top = page.get_bbox()
        images, pictured = _images(page, pdfium, (left, bottom, right, top))
    finally:
        textpage.close()
    unmapped = sum(glyph is None for glyph, _, _ in raw)
    found = [(glyph, x, turn) for glyph, x, turn in raw if glyph is not None]
    quarter = Counter(turn for _, _, turn in found if turn is not None).most_common(1)
    turned = quarter[0][0] if quarter else 0
    glyphs = []
    for glyph, box, turn in found:
        if turn != turned or not (left - 1 <= box[0] <= right + 1 and bottom - 1 <= box[1] <= top + 1):
            continue  # a stamp across the page, or marks of the printer outside it
        glyphs.append(_upright(glyph, box, turned, (left, bottom, right, top)))
    size = (right - left, top - bottom)
    width, height = size if turned % 2 == 0 else size[::-1]
    bullets = [_upright(dot, box, turned, (left, bottom, right, top)) for dot, box in dots]
    return PageGlyphs(glyphs, width, height, unmapped, images, pictured, bullets)


_Box = tuple[float, float, float, float, float, float]
"""Origin x and y, then left, bottom, right, top."""


def _images(page: Any, pdfium: Any, box: tuple[float, float, float, float]) -> tuple[bool, float]:
    """Whether a page has images, and the share of it that they take up (more than 1 where they overlap)."""
    import pypdfium2

    found = islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2), _MAX_IMAGES)
    # An image in a form has its place in that form, not on the page: there the form's own is taken.
    shown = [image if image.container is None else image.container for image in found]
    area = 0.0
    for one in {id(one): one for one in shown}.values():
        with contextlib.suppress(pypdfium2.PdfiumError):  # a damaged image costs the page nothing
            left, bottom, right, top = one.get_bounds()
            wide, high = min(right, box[2]) - max(left, box[0]), min(top, box[3]) - max(bottom, box[1])
            area += max(wide, 0.0) * max(high, 0.0)
    whole = (box[2] - box[0]) * (box[3] - box[1])
    return bool(shown), area / whole if whole > 0 else 0.0


def _dots(page: Any, pdfium: Any) -> Iterator[tuple[Glyph, _Box]]:
    """Small drawings as high as they are wide."""
    for number, shape in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=2)):
        if number >= _MAX_SHAPES:
            return
        left, bottom, right, top = shape.get_bounds()
        wide, high = right - left, top - bottom
        if 1.2 <= wide <= 7 and abs(wide - high) <= 0.25 * wide:
            yield Glyph("•", 0.0, 0.0, 0.0, high, -9), (left, (bottom + top) / 2, left, bottom, right, top)


def _raw_glyphs(pdfium: Any, textpage: Any) -> Iterator[tuple[Glyph | None, _Box, int | None]]:
    """Every sign, None for one without letters; its box in the page, and how many quarters it is turned, if whole."""
    x, y = ctypes.c_double(), ctypes.c_double()
    rect, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    word, high = 0, ""
    for index in range(min(pdfium.FPDFText_CountChars(textpage), MAX_GLYPHS)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in (0x20, 0x0D, 0x0A, 0x09, 0xA0) or (text := _text(code)).isspace():
            word += 1
            continue
        if "\ud800" <= text <= "\udbff":
            high = text
            continue
        if "\udc00" <= text <= "\udfff":
            text, high = (high + text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), ""
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(textpage, index, rect)
        pdfium.FPDFText_GetMatrix(textpage, index, matrix)
        box = (x.value, y.value, rect.left, rect.bottom, rect.right, rect.top)
        size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
        turn = _quarters(matrix.a, matrix.b)
        if not text or text == "\ufffd" or pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1:
            yield None, box, turn
            continue
        yield Glyph(text, 0.0, 0.0, 0.0, max(size, _MIN_SIZE), index, word), box, turn


def _quarters(a: float, b: float) -> int | None:
    angle = math.degrees(math.atan2(b, a)) / 90
    return round(angle) % 4 if abs(angle - round(angle)) < 0.05 else None


def _upright(glyph: Glyph, box: _Box, turned: int, page: tuple[float, float, float, float]) -> Glyph:
    """The sign at its place on the page as it is read."""
    x, y, *rest = box
    left, bottom, right, top = rest
    if turned == 0:
        x, y, left, right = x - page[0], y - page[1], left - page[0], right - page[0]
    elif turned == 1:  # reads upwards
        x, y, left, right = y - page[1], page[2] - x, bottom - page[1], top - page[1]
    elif turned == 2:
        x, y, left, right = page[2] - x, page[3] - y, page[2] - right, page[2] - left
    else:
        x, y, left, right = page[3] - y, x - page[0], page[3] - top, page[3] - bottom
    glyph.left, glyph.right, glyph.base = min(x, left), max(right, left), y
    return glyph


def _text(code: int) -> str:
    """The letters of a code: presentation forms and ligatures as what they stand for, "" where it says nothing."""
    if 0xD800 <= code <= 0xDFFF:
        return chr(code)
    if code == 0 or code > 0x10FFFF:
        return ""
    sign = chr(code)
    if sign in _HYPHENS:
        return "-"
    if sign in _BULLETS:
        return _BULLETS[sign]
    if 0xFB00 <= code <= 0xFB06 or 0xFB50 <= code <= 0xFDFB or 0xFE70 <= code <= 0xFEFC:
        # Honorific signs and ornate parentheses stand for themselves, as in corpus.repair.
        keep = 0xFD3E <= code <= 0xFD4F or 0xFBB2 <= code <= 0xFBD2 or 0xFDFA <= code <= 0xFDFB
        return sign if keep else unicodedata.normalize("NFKC", sign).strip()
    if unicodedata.category(sign) in ("Cc", "Co", "Cn"):
        return ""
    return sign
