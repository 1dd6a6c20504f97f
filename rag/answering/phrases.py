"""The product's own words in an answer, in Arabic and English. They stand around quotes and are never statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from rag.bidi import isolated
from rag.types import Citation, Disagreement, Frame

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


def open_parts(language: str, parts: Sequence[str]) -> str:
    """The line that says on which parts of a question the documents are silent."""
    if frame_language(language) == "ar":
        return "ليس في الوثائق جواب عن: " + "، ".join(f"«{part}»" for part in parts)
    return "Not in the documents: " + ", ".join(f"“{part}”" for part in parts)


def not_found(language: str) -> str:
    """The honest silence, in the language of the question."""
    if frame_language(language) == "ar":
        return "ليس في الوثائق جواب عن هذا السؤال."
    return "The answer is not in the documents."


def _name(own: str, code: str) -> str:
    if code in _LANGUAGE_NAMES[own]:
        return _LANGUAGE_NAMES[own][code]
    return "بلغة أخرى" if own == "ar" else "another language"


def corroborates(language: str, citation: Citation) -> str:
    """The line that says that a quote in another language says what the first one says."""
    own = frame_language(language)
    if own == "ar":
        return f"المصدر [{citation.number}] يقول الأمر نفسه {_name(own, citation.language)}."
    return f"Source [{citation.number}] says the same in {_name(own, citation.language)}."


def sources_differ(language: str, differ: Disagreement, citations: Sequence[Citation]) -> list[str]:
    """The lines that give each value of a disagreement with its source and date, in its order."""
    own = frame_language(language)
    lines = [_DIFFER[own][differ.rising]]
    for value, source in zip(differ.values, named_sources(differ, citations), strict=True):
        when = date_text(value.published, language) if value.published else _UNDATED[own]
        markers = "".join(f"[{number}]" for number in value.citations)
        comma = "،" if own == "ar" else ","
        lines.append(f"- {inserted(value.text)} — {inserted(source)}{comma} {when} {markers}")
    return lines


def named_sources(differ: Disagreement, citations: Sequence[Citation]) -> list[str]:
    """The publisher of each value of a disagreement, or its title, where publishers do not tell the values apart."""
    by_number = {citation.number: citation for citation in citations}
    first = [by_number[value.citations[0]] for value in differ.values]
    publishers = [citation.publisher for citation in first if citation.publisher]
    if len(set(publishers)) == len(first):
        return publishers
    return [citation.title or citation.source for citation in first]


def newest_source(language: str, citations: Sequence[Citation]) -> str:
    """The line that says how new the newest source is, or that none has a date."""
    arabic = frame_language(language) == "ar"
    alone = len({citation.document_id for citation in citations}) == 1
    newest = max((citation.published for citation in citations if citation.published), default=None)
    if newest is None:
        if arabic:
            return "المصدر بلا تاريخ." if alone else "المصادر بلا تاريخ."
        return "The source is undated." if alone else "The sources are undated."
    label = (
        ("تاريخ المصدر" if alone else "أحدث مصدر") if arabic else ("Date of the source" if alone else "Newest source")
    )
    return f"{label}: {date_text(newest, language)}"


def date_text(day: date, language: str) -> str:
    """A date in words; Arabic months by both of their names, as readers from the Levant to the Gulf expect."""
    from babel import Locale

    locales = (Locale("ar", "LB"), Locale("ar")) if frame_language(language) == "ar" else (Locale("en"),)
    names = dict.fromkeys(locale.months["format"]["wide"][day.month] for locale in locales)
    return f"{day.day} {'/'.join(names)} {day.year}"


_DIFFER = {
    "ar": ("المصادر لا تتفق:", "المصادر لا تتفق، والأحدث منها يذكر عددا أكبر:"),
    "en": ("The sources differ:", "The sources differ; the newer ones give a higher number:"),
}
"""What stands before the values: that they differ, or that they are those of a count that went up."""
_UNDATED = {"ar": "بلا تاريخ", "en": "undated"}
_INSERTED_CHARS = 80
# No marker that is not ours.
_NOT_INSERTED = str.maketrans("[]", "()")


def inserted(text: str) -> str:
    """A source's words within a line of ours: one line, kept to its own direction."""
    line = " ".join(text.translate(_NOT_INSERTED).split())
    line = f"{line[:_INSERTED_CHARS]}…" if len(line) > _INSERTED_CHARS else line
    return isolated(line)
