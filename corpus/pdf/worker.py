"""The process that reads one PDF file: from standard input, to one JSON document on standard output.

PDFium is a large library in C++, and files are hostile: here they may crash it, or use up what it was given, and
nothing else suffers. Links, scripts, forms and attachments are never touched.
"""

from __future__ import annotations

from typing import Any

from corpus.isolation import answer

MAX_PAGES = 5_000
MAX_MEMORY = 3 * 1024**3
"""Bytes of address space; the libraries alone map some hundreds of megabytes."""
MAX_SECONDS = 300
"""Of processor time."""
MAX_CHARS = 20_000_000
_MOST_UNMAPPED = 0.25
"""Where more of the signs than this have no letters, the rest is no text to quote."""
_FEW_LETTERS = 20
_PICTURE = 0.25
"""Share of a page that images take up at least where the page is one: a logo on an empty page is not."""


def main() -> None:
    """Reads standard input and writes what `extract` finds."""
    answer(extract, MAX_MEMORY, MAX_SECONDS)


def extract(data: bytes) -> dict[str, Any]:
    """`{"text": …, "pages": […], "image_pages": […], "title": …, "author": …}`, or `{"error": …}`.

    Errors: password, damaged, empty, pages, scan, unmapped, chars. `image_pages` are counted from 1.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        return {"error": "password" if locked else "damaged"}
    if pages == 0:
        return {"error": "empty"}
    if pages > MAX_PAGES:
        return {"error": "pages", "pages": pages}
    return _text(document, pages)


def _text(document: Any, pages: int) -> dict[str, Any]:
    import pypdfium2

    from corpus.pdf.glyphs import page_glyphs
    from corpus.pdf.lines import Line, page_lines
    from corpus.pdf.margins import without_margins
    from corpus.pdf.paragraphs import assemble, body_size, paragraphs
    from corpus.pdf.title import shown_title, stated_author, stated_title

    lines: list[list[Line]] = []
    heights: list[float] = []
    pictured: list[bool] = []
    signs = letters = unmapped = broken = 0
    images = False
    for number in range(pages):
        try:
            page = document[number]
            found = page_glyphs(page)
            page.close()
        except pypdfium2.PdfiumError:  # this page alone is damaged
            lines.append([])
            heights.append(0.0)
            pictured.append(False)
            broken += 1
            continue
        signs += len(found.glyphs)
        unmapped += found.unmapped
        images = images or found.images
        if signs > MAX_CHARS:
            return {"error": "chars"}
        lines.append(page_lines(found.glyphs, number, found.bullets))
        heights.append(found.height)
        pictured.append(found.pictured >= _PICTURE)
        letters += sum(glyph.text.isalpha() for glyph in found.glyphs)
    if broken == pages:
        return {"error": "damaged"}
    if unmapped > _FEW_LETTERS and unmapped > _MOST_UNMAPPED * (unmapped + signs):
        return {"error": "unmapped"}
    if letters < _FEW_LETTERS and (images or not letters):
        return {"error": "scan" if images else "empty"}
    lines = without_margins(lines, heights)
    worded = [any(sign.isalpha() for line in page for sign in line.text) for page in lines]
    image_pages = [
        at for at, (words, picture) in enumerate(zip(worded, pictured, strict=True), 1) if picture and not words
    ]
    if image_pages and not any(worded):  # scans with nothing but running heads, stamps or page numbers beside them
        return {"error": "scan"}
    text, starts = assemble(paragraphs(lines), pages)
    facts = document.get_metadata_dict(skip_empty=True)
    title = stated_title(facts.get("Title", ""))
    return {
        "text": text,
        "pages": starts,
        "image_pages": image_pages,
        "title": title or shown_title(lines, body_size([line for page in lines for line in page])),
        "author": stated_author(facts.get("Author", "")),
    }


if __name__ == "__main__":
    main()
