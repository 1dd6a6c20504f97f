"""A text read for the names in it, and whether it bears a word or a meaning out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.analysis import is_stop_word
from rag.grounding.names.gazetteer import form_keys, load_lists, load_persons
from rag.grounding.names.spelling import close_spelling, first_letters, same_across, skeleton
from rag.grounding.names.tokens import Hit, Token, is_ordinary, scan, stem_of, tokens, variants, ways_of

_ABD = re.compile("^abd[aeiou]?[lrnszdt]?(?=[^aeiou])")


@dataclass(frozen=True, slots=True)
class Read:
    """A text's words and the listed names, titles and portfolios in it."""

    text: str
    tokens: tuple[Token, ...]
    hits: tuple[Hit, ...]
    titles: tuple[Hit, ...]
    portfolios: tuple[Hit, ...]
    words: frozenset[str]
    stems: frozenset[str]
    skeletons: dict[str, tuple[str, ...]]
    sounds: dict[str, frozenset[str]]
    """Arabic words, in every form without what is written on to them, by their first letter."""
    latin: dict[str, frozenset[str]]
    """Latin words by their first letter."""
    meanings: frozenset[str]
    initials: str


@lru_cache(256)
def read(text: str) -> Read:
    """Reads `text`; remembered, since many statements are checked against one source."""
    lists = load_lists()
    words = tokens(text)
    hits = scan(words, lists.forms, capital=True)
    sounds: dict[str, set[str]] = {}
    latin: dict[str, set[str]] = {}
    skeletons: dict[str, dict[str, None]] = {}
    for number, token in enumerate(words):
        skeletons.setdefault(skeleton(token.word), {})[token.word] = None
        if token.arabic:
            for form in sounding(token):
                sounds.setdefault(form[0], set()).add(form)
            if form_keys(token.word) == ("عبد",) and number + 1 < len(words):
                sounds.setdefault("ع", set()).add("عبد" + words[number + 1].sound.removeprefix("ال"))
        else:
            latin.setdefault(token.word[0], set()).add(_ABD.sub("abd", token.word))
            bare = _article_apart(token.word)
            latin.setdefault(bare[0], set()).add(bare)
    return Read(
        text,
        tuple(words),
        tuple(hits),
        tuple(scan(words, lists.titles, capital=False)),
        tuple(scan(words, lists.portfolios, capital=False)),
        frozenset(form for token in words for form in variants(token.word)),
        frozenset(stem_of(token.word) for token in words),
        {key: tuple(found) for key, found in skeletons.items()},
        {letter: frozenset(found) for letter, found in sounds.items()},
        {letter: frozenset(found) for letter, found in latin.items()},
        frozenset(meaning for hit in hits for meaning in hit.entry.means),
        "".join(token.word[0] for token in words if token.word not in _SMALL),
    )


_SMALL = frozenset("of and the for in on to a an".split())


def _article_apart(word: str) -> str:
    return word[2:] if word.startswith(("al", "el")) and len(word) > 5 else word


def sounding(token: Token) -> tuple[str, ...]:
    """An Arabic word as it may sound: as it stands, and without what is written on to it."""
    word = token.sound
    found = [word]
    if word[0] in "وف" and len(word) >= 4:
        found.append(word[1:])
    found += [form[1:] for form in tuple(found) if form[0] in "بلك" and len(form) >= 4]
    found += [form[2:] for form in tuple(found) if form.startswith(("ال", "لل")) and len(form) >= 4]
    if word.startswith("عبدال"):
        found.append("عبد" + word[5:])
    return tuple(dict.fromkeys(found))


@lru_cache(1 << 15)
def is_person_word(word: str) -> bool:
    """Whether a folded Arabic word is listed as a name of persons, even if also an ordinary word."""
    persons = load_persons()
    always = (persons.given, persons.family, persons.maybe_family)
    # with its article, a given name that is also a word is that word: اللاعب الوحيد
    return any(
        form in one
        for form in person_forms(word)
        for one in (always if "ال" + form in word else (*always, persons.maybe_given))
    )


@lru_cache(1 << 15)
def is_given_name(word: str) -> bool:
    """Whether a folded Arabic word is listed as a given name: سالم and سليم are two."""
    persons = load_persons()
    return any(form in persons.given or form in persons.maybe_given for form in person_forms(word))


@lru_cache(1 << 15)
def person_forms(word: str) -> tuple[str, ...]:
    """The forms of a folded Arabic word in the lists of persons: without article and what is written on to it."""
    found = [word]
    if len(word) >= 4 and word[0] in "وفبلك" and not is_ordinary(word):
        if is_stop_word(word[1:]):
            return ()
        found.append(word[1:])
    # With an article nothing is a preposition: العلي is a name, though علي is folded like one.
    found += [form[2:] for form in tuple(found) if form.startswith("ال") and len(form) >= 5]
    return tuple(found)


def bears_word(source: Read, token: Token, *, loose: bool = False, translated: bool = True) -> bool:
    """Whether a word of a name stands in the source, in either language and any usual spelling (`same_across`).

    `translated`: also by what the glossary has for it; it lists French and German together, so not for listed names.
    """
    if not source.words.isdisjoint(variants(token.word)) or stem_of(token.word) in source.stems:
        return True
    for other in source.skeletons.get(skeleton(token.word), ()):
        both = token.arabic and is_given_name(token.word) and is_given_name(other)
        if not both and close_spelling(token.word, other):
            return True
    if _same_people(source, token):
        return True
    if token.arabic:
        if any(
            same_across(form, other, loose=loose)
            for form in sounding(token)
            # three letters after a ب that may be the name's own sound like too much: باير is no "years"
            if form == token.sound or len(form) > 3 or token.word[:1] != "ب" or is_person_word(form)
            for letter in latin_letters(form[0])
            for other in source.latin.get(letter, ())
        ):
            return True
    else:
        word = _ABD.sub("abd", token.word)
        for latin in {word, _article_apart(word)}:
            for letter in first_letters(latin[0]):
                if any(same_across(other, latin, loose=loose) for other in source.sounds.get(letter, ())):
                    return True
        if token.raw.replace(".", "").isupper() and 2 <= len(word) <= 6 and _stand_for(word, source):
            return True
    return translated and any(way <= source.stems for way in ways_of(token.word))


_PEOPLE = re.compile(r"(?<=..)(?:ae|e|i)?(?:ans?|ites?|ese|ish|ics?|i)$")
"""The endings of English names of peoples."""


def _same_people(source: Read, token: Token) -> bool:
    """Whether an unlisted name of a people stands in the source in the other language: Nabataean and نبطي."""
    if token.arabic:
        roots = [form[:-1] for form in variants(token.word) if form.endswith("ي") and len(form) > 3]
        latin = {_PEOPLE.sub("", word) for letter in latin_letters(roots[0][0]) for word in source.latin.get(letter, ())
                 if _PEOPLE.search(word)} if roots else set()  # fmt: skip
        return any(same_across(root, word) for root in roots for word in latin if len(word) > 2)
    root = _PEOPLE.sub("", token.word)
    if root == token.word or len(root) < 3:
        return False
    sounds = {form for letter in first_letters(root[0]) for form in source.sounds.get(letter, ())}
    return any(
        same_across(form.removesuffix("ه").removesuffix("ي"), root) for form in sounds if form.endswith(("ي", "يه"))
    )


def _stand_for(acronym: str, source: Read) -> bool:
    return acronym in source.initials


@lru_cache
def latin_letters(arabic: str) -> tuple[str, ...]:
    """The Latin letters that a name may begin with when it begins with the Arabic letter `arabic`."""
    return tuple(letter for letter in "abcdefghijklmnopqrstuvwxyz" if arabic in first_letters(letter))


@lru_cache(1 << 12)
def _ancestors(meaning: str) -> frozenset[str]:
    lists = load_lists()
    found: set[str] = set()
    open_ends = [meaning]
    while open_ends:
        for parent in lists.parents.get(open_ends.pop(), ()):
            if parent not in found:
                found.add(parent)
                open_ends.append(parent)
    return frozenset(found)


def bears_meaning(source: Read, means: frozenset[str], *, byword: bool) -> bool:
    """Whether the source has what a listed name means, or what is part of it, or what sits there.

    Damascus is part of Syria, UNICEF of the UN; the European Union sits in Brussels.
    `byword`: the name may be a capital that stands for its government.
    """
    if not means.isdisjoint(source.meanings):
        return True
    if any(not means.isdisjoint(_ancestors(meaning)) for meaning in source.meanings):
        return True
    seats = load_lists().seats
    if any(not means.isdisjoint(seats.get(meaning, ())) for meaning in source.meanings):
        return True
    governments = load_lists().governments
    return byword and any(governments.get(meaning) in source.meanings for meaning in means)
