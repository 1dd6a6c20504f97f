"""Which deeds a verb tells, beyond the glossary: families of verbs in `deeds.tsv`, of both languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from rag.analysis import folded_words
from rag.grounding.inflection import arabic_forms
from rag.grounding.wording import Token, same_language_stem


@lru_cache(1 << 14)
def families(word: str) -> frozenset[int]:
    """The families, by number, that a folded word belongs to in any of its forms."""
    forms = (word, word[1:]) if word[0] in "وف" and len(word) > 3 else (word,)
    if word.isascii():
        forms = (same_language_stem(word),)
    return frozenset(number for form in forms for number in _listed().get(form, ()))


def families_at(tokens: Sequence[Token], at: int) -> frozenset[int]:
    """The families of a word with its particle, if it has one (stepped down), else of the word alone."""
    return phrase_families(tokens, at) or families(tokens[at].folded)


def phrase_families(tokens: Sequence[Token], at: int) -> frozenset[int]:
    """The families of an English verb with the particle that stands after it: none of a single word."""
    if at + 1 >= len(tokens) or not tokens[at].folded.isascii():
        return frozenset()
    phrase = f"{same_language_stem(tokens[at].folded)}-{tokens[at + 1].folded}"
    return _listed().get(phrase, frozenset())


def told_in_phrase(stated: Sequence[Token], there: Sequence[Token]) -> frozenset[int]:
    """The places of the words of `stated` whose deed `there` tells too, where either has a verb with its particle.

    "Stepped down" has no word of "resigned", nor of «استقال».
    """
    found = set()
    for at, token in enumerate(stated):
        phrase = phrase_families(stated, at)
        deeds = phrase or (families(token.folded) if token.content else frozenset())
        if deeds and any(
            not deeds.isdisjoint(families_at(there, place) if phrase else phrase_families(there, place))
            for place, other in enumerate(there)
            if other.content
        ):
            found |= {at, at + 1} if phrase else {at}
    return frozenset(found)


@cache
def _listed() -> dict[str, frozenset[int]]:
    """The families of each English stem and folded Arabic form."""
    text = (files("rag.claims") / "deeds.tsv").read_text(encoding="utf-8")
    found: dict[str, set[int]] = {}
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    for number, line in enumerate(lines):
        english, arabic = line.split("\t")
        forms = {_stemmed(word, ending) for word in english.split() for ending in ("", "ed")}
        for word in arabic.split():
            forms |= arabic_forms(word) if "/" in word else folded_words(word)
        for form in forms:
            found.setdefault(form, set()).add(number)
    return {form: frozenset(numbers) for form, numbers in found.items()}


def _stemmed(word: str, ending: str) -> str:
    """An English word with an ending as its stem; of a verb with its particle (step-down), the verb."""
    verb, dash, particle = word.partition("-")
    return same_language_stem(verb + ending) + dash + particle
