"""The product's own words in an answer, in Arabic and English. They stand around quotes and are never statements."""

from __future__ import annotations

from collections.abc import Collection

from rag.types import Frame, Notice

_LANGUAGE_NAMES = {
    "ar": {
        "ar": "بالعربية",
        "en": "بالإنجليزية",
        "fr": "بالفرنسية",
        "es": "بالإسبانية",
        "de": "بالألمانية",
        "tr": "بالتركية",
    },
    "en": {"ar": "Arabic", "en": "English", "fr": "French", "es": "Spanish", "de": "German", "tr": "Turkish"},
}


def frame_language(language: str) -> str:
    """The language that the product speaks to somebody who asks in `language`."""
    return "ar" if language == "ar" else "en"


def quotes_frame(language: str, quoted: Collection[str]) -> Frame:
    """The line before quotes in the languages `quoted`, for a question in `language`."""
    own = frame_language(language)
    # Own-language quotes need no word, unless others stand beside them.
    named = quoted if any(code != language for code in quoted) else ()
    foreign = sorted({_name(own, code) for code in named})
    if own == "ar":
        return Frame("جاء في الوثائق" + (f" ({' و'.join(foreign)})" if foreign else "") + ":")
    return Frame("The documents say" + (f", in {' and '.join(foreign)}" if foreign else "") + ":")


def nothing_selected(language: str) -> Notice:
    """Said where filters leave no document to answer from: that is not the documents' silence."""
    text = (
        "لا توجد وثيقة تطابق عوامل التصفية المحددة."
        if frame_language(language) == "ar"
        else "No document matches the filters."
    )
    return Notice("filters_match_nothing", text)


def not_found(language: str) -> str:
    """The honest silence, in the language of the question."""
    if frame_language(language) == "ar":
        return "ليس في الوثائق جواب عن هذا السؤال."
    return "The answer is not in the documents."


def _name(own: str, code: str) -> str:
    if code in _LANGUAGE_NAMES[own]:
        return _LANGUAGE_NAMES[own][code]
    return "بلغة أخرى" if own == "ar" else "another language"
