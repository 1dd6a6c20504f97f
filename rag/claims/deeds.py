"""Which deeds a verb tells, beyond the glossary: families of verbs in `deeds.tsv`, of both languages."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from rag.analysis import folded_words
from rag.grounding.inflection import arabic_forms
from rag.grounding.wording import same_language_stem


@lru_cache(1 << 14)
def families(word: str) -> frozenset[int]:
    """The families, by number, that a folded word belongs to in any of its forms."""
    forms = (word, word[1:]) if word[0] in "وف" and len(word) > 3 else (word,)
    if word.isascii():
        forms = (same_language_stem(word),)
    return frozenset(number for form in forms for number in _listed().get(form, ()))


@cache
def _listed() -> dict[str, frozenset[int]]:
    """The families of each English stem and folded Arabic form."""
    text = (files("rag.claims") / "deeds.tsv").read_text(encoding="utf-8")
    found: dict[str, set[int]] = {}
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    for number, line in enumerate(lines):
        english, arabic = line.split("\t")
        forms = {same_language_stem(word + ending) for word in english.split() for ending in ("", "ed")}
        for word in arabic.split():
            forms |= arabic_forms(word) if "/" in word else folded_words(word)
        for form in forms:
            found.setdefault(form, set()).add(number)
    return {form: frozenset(numbers) for form, numbers in found.items()}
