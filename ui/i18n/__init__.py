"""The interface's words: one JSON file a language with the same keys in each, and the choice between them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from corpus.errors import TawthiqError
from rag.bidi import FIRST_STRONG_ISOLATE, POP_ISOLATE

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = ("ar", "en")

MOST_PAGES = 12
"""Pages, or ranges of them, that a line names; the others are counted."""

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdfb\ufe70-\ufefc]")
_LATIN = re.compile(r"[A-Za-z]")
_CODE = re.compile(r"`[^`{]+`|--[a-z][a-z-]*")


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Every key and its text in `language`."""
    loaded: dict[str, str] = json.loads((files(__name__) / f"{language}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def command_catalogue(language: Language) -> Mapping[str, str]:
    """Every text of the command line in `language`; apart, because browsers are sent the other."""
    loaded: dict[str, str] = json.loads((files(__name__) / f"commands.{language}.json").read_text(encoding="utf-8"))
    return {key: with_code(text) for key, text in loaded.items()} if language == "ar" else loaded


def with_code(arabic: str) -> str:
    """A text of ours with the commands and options in it isolated: else the dashes of `--home` would follow it."""
    return _CODE.sub(lambda code: _isolated(code[0]), arabic)


def command_language() -> Language:
    """What commands say their own words in: Arabic where the locale (LC_ALL, LC_MESSAGES, LANG) is, else English.

    Only the name of the locale counts; it need not be installed.
    """
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return "ar" if re.match(r"ar(?![a-z])", locale, re.IGNORECASE) else "en"


def said(key: str, /, **parameters: object) -> str:
    """A text of the command line in the language of the locale, with its `{parameters}` filled in.

    In Arabic each is isolated from the direction around it. Raises KeyError as `text` does.
    """
    return said_in(command_language(), key, **parameters)


def said_in(language: Language, key: str, /, **parameters: object) -> str:
    """A text of the command line in `language`, as `said` gives it in the locale's."""
    template = command_catalogue(language)[key]
    if not parameters:
        return template
    isolate = _isolated if language == "ar" else str
    return template.format_map({name: isolate(value) for name, value in parameters.items()})


def asked_language(query: str) -> Language:
    """What is said around what was found for `query`: its own language, the locale's where it has no letters."""
    return language_of(query) if _ARABIC.search(query) or _LATIN.search(query) else command_language()


def isolated(text: str, language: Language) -> str:
    """`text` from anywhere, kept apart from the direction of the Arabic around it; in English it needs nothing."""
    return _isolated(text) if language == "ar" and text else text


def interface_language(code: str) -> Language:
    """The interface's language for a language code: Arabic for Arabic, else English."""
    return "ar" if code.split("-", maxsplit=1)[0].lower() == "ar" else "en"


def language_of(text: str) -> Language:
    """The interface language nearest to a question: the script that most of its letters are in; a tie is Arabic."""
    arabic = len(_ARABIC.findall(text))
    return "ar" if arabic and arabic >= len(_LATIN.findall(text)) else "en"


def page_text(page: int | None, language: Language) -> str:
    """The page on which a quote stands, as "p. 7"; "" where its source has no pages."""
    return text(language, "citation.page", page=page) if page else ""


def pages_listed(pages: Sequence[int], language: Language) -> str:
    """Numbers of pages in words, three or more in a row as a range: "3 and 7 to 9"; many are cut short."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    words = catalogue(language)
    parts: list[tuple[str, int]] = []
    for run in runs:
        if len(run) > 2:
            parts.append((words["pages.range"].format(first=run[0], last=run[-1]), len(run)))
        else:
            parts += [(str(page), 1) for page in run]
    if len(parts) > MOST_PAGES + 1:
        rest = sum(count for _, count in parts[MOST_PAGES:])
        parts = [*parts[:MOST_PAGES], (words["pages.others"].format(count=rest), rest)]
    *before, last = (part for part, _ in parts)
    if language == "ar":
        return " و".join([*before, last])
    return f"{', '.join(before)} and {last}" if before else last


def image_pages_text(source: str, pages: Sequence[int], language: Language) -> str:
    """One line that says which pages of `source` are images without text, and so were left out."""
    key = {1: "one", 2: "two"}.get(len(pages), "many")
    values = {"pages": pages_listed(pages, language), "source": source}
    return catalogue(language)[f"pages.images.{key}"].format_map(
        {name: isolated(value, language) for name, value in values.items()}
    )


def text(language: Language, key: str, **parameters: object) -> str:
    """The text under `key` with its `{parameters}` filled in, each isolated from the direction around it.

    Raises KeyError for an unknown key and for a parameter that the text names and the caller does not give.
    """
    template = catalogue(language)[key]
    if not parameters:
        return template
    return template.format_map({name: _isolated(value) for name, value in parameters.items()})


def error_text(error: TawthiqError, language: Language) -> str:
    """One line for a person: the text under `error.<code>`, or the error's own message where there is none."""
    try:
        return text(language, f"error.{error.code}", **error.parameters)
    except KeyError:
        return str(error)


def date_text(day: date, language: Language) -> str:
    """A date in words; Arabic months by both of their names, as readers from the Gulf to the Levant expect."""
    return f"{day.day} {catalogue(language)[f'month.{day.month}']} {day.year}"


def language_name(code: str, language: Language) -> str:
    """The name of the language `code` in `language`; the code itself where we have no name for it."""
    return catalogue(language).get(f"language.{code}", code)


def language_label(code: str, language: Language) -> str:
    """How a list names the language of a document: in Arabic by its name, in English by the code that options take."""
    return language_name(code, language) if language == "ar" else code


def _isolated(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}"
