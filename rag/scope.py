"""What filters leave to be searched, and the line that says so: their silence is not the documents'."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.catalog import Catalog
from rag.answering.phrases import date_text, frame_language, inserted
from rag.retrieval import selected
from rag.types import Filters, Notice


def left_out(catalog: Catalog, filters: Filters | None, language: str) -> Notice | None:
    """How many of the documents `filters` left to be searched, which filters those are, and what to do about it.

    None where they leave none out. Of documents with the same text one counts, as one is searched.
    """
    if not filters:
        return None
    searchable = catalog.active()
    searched = sum(document_id in searchable for document_id in selected(catalog, filters))
    if searched == len(searchable):
        return None
    arabic = frame_language(language) == "ar"
    named = ("؛ " if arabic else "; ").join(_named(filters, language))
    if not searched:
        text = (
            f"لا توجد وثيقة تطابق عوامل التصفية ({named})، فلم يشمل البحث شيئا. وسّعها أو أزلها."
            if arabic
            else f"No document matches the filters ({named}), so nothing was searched. Widen or remove them."
        )
        return Notice("filters_match_nothing", text)
    total = len(searchable)
    text = (
        f"عدد الوثائق التي شملها البحث {searched} من {total} ({named}). وسّع عوامل التصفية أو أزلها ليشمل بقية الوثائق."
        if arabic
        else f"{searched} of {total} documents {'was' if searched == 1 else 'were'} searched ({named}). "
        "Widen or remove the filters to search the rest."
    )
    return Notice("filters_narrow", text)


def _named(filters: Filters, language: str) -> Iterator[str]:
    """Each filter in words."""
    arabic = frame_language(language) == "ar"
    for label, values in (
        ("اللغة" if arabic else "language", [_language(code, language) for code in filters.languages]),
        ("الناشر" if arabic else "publisher", [inserted(name) for name in filters.publishers]),
        ("الوسم" if arabic else "tag", [inserted(tag) for tag in filters.tags]),
    ):
        if values:
            yield f"{label}: {('، ' if arabic else ', ').join(values)}"
    if filters.since:
        day = date_text(filters.since, language)
        yield f"تاريخ النشر {day} أو بعده" if arabic else f"published on {day} or later"
    if filters.until:
        day = date_text(filters.until, language)
        yield f"تاريخ النشر {day} أو قبله" if arabic else f"published on {day} or earlier"
    if filters.documents:
        count = len(filters.documents)
        yield f"وثائق مختارة: {count}" if arabic else f"chosen documents: {count}"


def _language(code: str, language: str) -> str:
    """The name of a language in the language of an answer; the code where there is none for it."""
    from babel import Locale

    names = Locale(frame_language(language)).languages
    return str(names[code]) if code in names else inserted(code)
