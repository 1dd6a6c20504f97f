"""The lists of names that come with the package (`lists/`): who and what is known by name, in Arabic and English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from rag.analysis import fold

NameKind = Literal["person", "place", "organisation", "title", "other"]
Keys = tuple[str, ...]

_LANGUAGES = ("en", "ar")
_IN_A_WORD = re.compile(r"[^\W_]+(?:\+)?")
_ARABIC = re.compile("[\u0621-\u064a]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One form of something known: `keys` are its words as compared, `means` what it may stand for.

    An entry that is not `sure` is also an ordinary word: it bears a name out, but is none by itself.
    """

    keys: Keys
    kind: NameKind
    means: frozenset[str]
    sure: bool
    article: bool = False
    """Whether it is one Arabic word that always has its article: العراق."""


@dataclass(slots=True)
class Lists:
    """Known forms by their first word, and what belongs to what."""

    forms: dict[str, list[Entry]] = field(default_factory=dict)
    parents: dict[str, frozenset[str]] = field(default_factory=dict)
    """What each meaning belongs to: a city to its country, an organisation to what it is part of."""
    governments: dict[str, str] = field(default_factory=dict)
    """The country that a capital may stand for."""
    seats: dict[str, frozenset[str]] = field(default_factory=dict)
    """The cities that may stand for an organisation. It is not part of their countries."""
    titles: dict[str, list[Entry]] = field(default_factory=dict)
    portfolios: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, forms: dict[str, list[Entry]], written: str, kind: NameKind, means: Sequence[str]) -> None:
        """Adds one form, as written in a list."""
        keys = form_keys(written.lstrip("~"))
        if not keys:
            return
        article = len(keys) == 1 and _has_article(written.lstrip("~"))
        entries = forms.setdefault(keys[0], [])
        for entry in entries:
            if entry.keys == keys:
                both = Entry(
                    keys,
                    entry.kind,
                    entry.means | frozenset(means),
                    entry.sure and written[0] != "~",
                    entry.article and article,
                )
                entries[entries.index(entry)] = both
                return
        entries.append(Entry(keys, kind, frozenset(means), written[0] != "~", article))
        entries.sort(key=lambda one: -len(one.keys))


def form_keys(written: str) -> Keys:
    """The words of a form as compared: folded, Arabic ones without the article, English ones without dots."""
    written = written.replace(".", "").replace("’", "'").replace("'", "")
    found = []
    for raw in written.split():
        for number, word in enumerate(_IN_A_WORD.findall(fold(raw))):
            article = not number and _has_article(raw) and len(word) > 4
            found.append(word[2:] if article else word)
    return tuple(found)


def _has_article(raw: str) -> bool:
    """Whether an Arabic word has its article: ألمانيا only looks so once folded."""
    return raw.startswith("ال")


def _lines(name: str) -> Iterator[str]:
    text = (files("rag.grounding.names") / "lists" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _rows(name: str) -> Iterator[tuple[str, list[str], list[str]]]:
    for line in _lines(name):
        code, english, arabic = line.split("\t")
        yield code, [one for one in english.split("|") if one], [one for one in arabic.split("|") if one]


@cache
def load_lists() -> Lists:
    """All lists, read once."""
    lists = Lists()
    for code, english, arabic in _rows("nations.tsv"):
        for form in (*english, *arabic):
            lists.add(lists.forms, form, "place", [code])
    _add_territories(lists)
    _add_continents(lists)
    for code, english, arabic in _rows("cities.tsv"):
        meaning = english[0].lstrip("~").lower()
        for form in (*english, *arabic):
            lists.add(lists.forms, form, "place", [meaning])
        countries = [one.rstrip("*") for one in code.split("|")]
        lists.parents[meaning] = frozenset(countries)
        for one in code.split("|"):
            if one.endswith("*"):
                lists.governments[meaning] = one.rstrip("*")
    for code, english, arabic in _rows("organisations.tsv"):
        meaning = english[0].lower() if english else arabic[0]
        for form in (*english, *arabic):
            lists.add(lists.forms, form, "organisation", [meaning])
        belongs = frozenset(one for one in code.split("|") if one and one[0] != "@")
        lists.parents[meaning] = lists.parents.get(meaning, frozenset()) | belongs
        lists.seats[meaning] = frozenset(one[1:] for one in code.split("|") if one.startswith("@"))
    for meaning, english, arabic in _rows("titles.tsv"):
        for form in (*english, *arabic):
            lists.add(lists.titles, form, "title", [meaning])
    for meaning, english, arabic in _rows("portfolios.tsv"):
        for form in (*english, *arabic):
            lists.add(lists.portfolios, form, "title", [meaning])
    return lists


def _add_territories(lists: Lists) -> None:
    """What CLDR calls the countries of the world."""
    from babel import Locale

    known = {means for entries in lists.forms.values() for entry in entries for means in entry.means}
    for language in _LANGUAGES:
        territories = Locale(language).territories
        for code in [*territories]:
            name = territories.get(code)
            if not name or len(code) != 2 or code in ("XA", "XB", "ZZ", "EU", "EZ", "UN"):
                continue
            plain = re.sub(r"\s*\(.*?\)|\s*الصينية.*", "", name).replace("&", "and").strip()
            ordinary = code not in known and " " not in plain and bool(_ARABIC.search(plain)) and len(plain) < 5
            lists.add(lists.forms, ("~" if ordinary or plain == "مالي" else "") + plain, "place", [code])


_AMERICAS = {
    "southamerica": "AR BO BR CL CO EC GY PE PY SR UY VE",
    "northamerica": "CA MX US",
    "latin": "AR BO BR CL CO CR CU DO EC GT HN MX NI PA PE PY SV UY VE",
    "gulf": "AE BH KW OM QA SA",
    "balkans": "AL BA BG GR HR ME MK RS SI XK",
}
_ELSEWHERE = {"europe": "CY GE AM AZ RU TR XK", "asia": "RU TR EG"}
"""Countries that lie in two continents, or are often counted to another."""


def _add_continents(lists: Lists) -> None:
    """What each country belongs to: its continent, by its time zones, and some regions."""
    from babel.core import get_global

    found: dict[str, set[str]] = {}
    for zone, code in get_global("zone_territories").items():
        continent = zone.partition("/")[0].lower()
        if continent in ("africa", "asia", "europe"):
            found.setdefault(str(code), set()).add(continent)
    for region, codes in (*_AMERICAS.items(), *_ELSEWHERE.items()):
        for code in codes.split():
            found.setdefault(code, set()).add(region)
    for code, regions in found.items():
        lists.parents[code] = lists.parents.get(code, frozenset()) | regions


@dataclass(frozen=True, slots=True)
class Persons:
    """Names of persons in Arabic letters, folded and without the article: those that are names only, and others."""

    given: frozenset[str]
    maybe_given: frozenset[str]
    family: frozenset[str]
    maybe_family: frozenset[str]


@cache
def load_persons() -> Persons:
    """The lists of given and family names, read once."""
    sets: list[frozenset[str]] = []
    for name in ("given_names.txt", "family_names.txt"):
        forms = [form for line in _lines(name) for form in line.split()]
        sure = {key for form in forms if form[0] != "~" for key in form_keys(form)}
        sets += [frozenset(sure), frozenset(key for form in forms for key in form_keys(form)) - sure]
    return Persons(*sets)


@lru_cache(1 << 15)
def means_of(name: str) -> frozenset[str]:
    """What one known form means (tests and other checks ask by name)."""
    keys = form_keys(name)
    return next((one.means for one in load_lists().forms.get(keys[0], ()) if one.keys == keys), frozenset())
