"""A citation or a passage of a saved answer against its document as it is now. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.document import Document, document_id_for
from corpus.language import language_of_span
from rag.chunking import chunk
from rag.saved_answers import SavedCitation, SavedPassage
from rag.types import AnswerLanguage
from rag.verification.phrases import quoted, say

CitationStatus = Literal["verified", "moved", "changed", "gone", "invalid"]
"""verified: same document, same place. moved: the document has changed, the quote is still in it. changed: it is not.
gone: no such document. invalid: the citation was never right, or somebody altered it."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """What became of a citation. `start` and `end` are where the quote stands in the document now, None where not."""

    number: int
    document_id: str
    status: CitationStatus
    detail: str
    start: int | None = None
    end: int | None = None


def without_document(
    citation: SavedCitation, reason: str, same_text: Callable[[str], str | None], language: AnswerLanguage
) -> CheckedCitation:
    """The citation where its document cannot be had, for `reason`."""
    fault = _fault(citation)
    if fault:
        return _checked(citation, "invalid", say(language, fault))
    other = same_text(citation.document_sha256)
    return _checked(citation, "gone", say(language, "also_at", reason=reason, source=other) if other else reason)


def against_document(
    citation: SavedCitation, document: Document, sha256: str, language: AnswerLanguage
) -> CheckedCitation:
    """The citation against its document, whose text has the hash `sha256`."""
    fault = _fault(citation)
    if fault:
        return _checked(citation, "invalid", say(language, fault))
    other = document.document_id != citation.document_id
    compared = say(language, "compared", source=document.source) if other else ""
    at = _nearest(document.text, citation.quote, citation.start)
    status: CitationStatus
    if sha256 == citation.document_sha256:
        status, key = ("verified", "stands") if at == citation.start else ("invalid", "elsewhere")
        if at is None:
            key = "never_held"
    elif at is None:
        status, key = "changed", "words_gone"
    else:
        status, key = "moved", "moved_same_place" if at == citation.start else "moved"
    return _checked(citation, status, say(language, key, compared=compared), at)


def passage_problem(passage: SavedPassage, document: Document, *, same: bool, language: AnswerLanguage) -> str:
    """What is wrong with the words of a passage, "" where they stand at their place.

    `same`: whether the document is known to be the one that the answer was made from.
    """
    if document.text[max(0, passage.start) : max(0, passage.end)] == passage.text:
        return ""
    return say(language, "passage_altered" if same else "passage_differs", number=passage.number)


def wrong_facts(part: SavedCitation | SavedPassage, document: Document, language: AnswerLanguage) -> Iterator[str]:
    """Where a citation or a passage says otherwise of its document than the document does."""
    what = say(language, "citation" if isinstance(part, SavedCitation) else "passage")
    published = document.published.isoformat() if document.published else None
    now: dict[str, str | None] = {"title": document.title, "publisher": document.publisher, "published": published}
    now |= {"source": document.source, "language": document.language}
    for name, value in part.stated:
        if name == "source" and document.document_id != part.document_id:
            # A copy in another place: all that can be known of the source is that the id is made from it.
            if value and document_id_for(value) != part.document_id:
                said = quoted(language, value)
                yield say(language, "source_not_of_id", what=what, number=part.number, said=said)
        elif name == "language" and value is not None and _speaks(part, value, document):
            continue
        elif value != now[name]:
            yield say(
                language,
                "fact",
                what=what,
                number=part.number,
                name=say(language, name),
                now=quoted(language, now[name]),
                said=quoted(language, value),
            )


def wrong_page(citation: SavedCitation, document: Document, at: int | None, language: AnswerLanguage) -> Iterator[str]:
    """Where a citation names another page than the one on which its quote stands now, at `at`."""
    if citation.page is None or at is None:
        return
    now, what = document.page_at(at), say(language, "citation")
    if now is None:
        yield say(language, "no_pages", what=what, number=citation.number)
    elif now != citation.page:
        yield say(language, "page", what=what, number=citation.number, now=now, said=citation.page)


def _speaks(part: SavedCitation | SavedPassage, code: str, document: Document) -> bool:
    """Whether `code` is the language of the part of a document that is cited: it may have several."""
    text = part.quote if isinstance(part, SavedCitation) else part.text
    if code in (document.language, language_of_span(text, document.language)):
        return True
    return any(one.language == code for one in chunk(document) if one.start < part.end and part.start < one.end)


def _checked(citation: SavedCitation, status: CitationStatus, detail: str, at: int | None = None) -> CheckedCitation:
    end = None if at is None else at + len(citation.quote)
    return CheckedCitation(citation.number, citation.document_id, status, " ".join(detail.split()), at, end)


def _fault(citation: SavedCitation) -> str:
    """The phrase for what makes a citation wrong whatever its document says; "" where nothing does."""
    if not citation.quote.strip():
        return "quote_empty"
    if citation.start < 0 or citation.end - citation.start != len(citation.quote):
        return "offsets"
    if not _SHA256.fullmatch(citation.document_sha256):
        return "sha256"
    return ""


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Where `quote` stands in `text`: at `start`, else the place nearest to it."""
    if text.startswith(quote, start):
        return start
    # Searched forwards in the reversed text: `rfind` takes quadratic time on texts made for it.
    end = min(start + len(quote), len(text))
    backwards = text[:end][::-1].find(quote[::-1])
    before = end - backwards - len(quote) if backwards >= 0 else -1
    after = text.find(quote, start)
    return min((at for at in (before, after) if at >= 0), key=lambda at: abs(at - start), default=None)
