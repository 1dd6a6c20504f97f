"""Whether a quote begins by speaking of somebody whom only the sentence before names: "He then resigned", «وقد رفضته».

Printed alone, such a quote leaves open of whom it speaks, or speaks of the wrong one. Where the question or the title
names the only one whom the sentence before names, or has a word of one that names nobody, the reader knows.
"""

from __future__ import annotations

import re
from typing import Literal

from corpus.language import detect_language
from rag.analysis import fold, folded_words, is_stop_word, stem, without_diacritics, words
from rag.answering.question.pronouns import ends_in_pronoun
from rag.grounding.names.check import Name, names

Unnamed = Literal["", "person", "other"]
"""Nobody; he or she; it or they, or whoever an Arabic pronoun stands for."""

_ENGLISH = re.compile(r"(?:and |but |then |so |yet )?(?:(?P<person>he|she|his|her)|(?P<other>its|their|they|it))\b")
_EXPLETIVE = re.compile(
    r"(?:and |but |then |so |yet )?it (?:(?:is|was|has been|will be|would be|became|seems|appears|took|takes) )"
    r"(?:.{1,60}? )?(?:that|who|whom|which|when|to|for)\b"
)
"""It is said that, it was Haddad who, it took years to: "it" stands for nobody."""
_OWN_HEH = folded_words(
    """اتجه توجه واجه وجه نبه نوه انتبه تنبه كره شبه يتجه تتجه يتوجه تتوجه يواجه تواجه يوجه ينبه تنبه يشبه تشبه ينوه
    يكره تكره اتجاه"""
)
"""Verbs with which a sentence may begin whose heh is no pronoun."""
_ARABIC_OPENING = re.compile(r"[وف]?(?:لقد|قد|كما|ثم|كان|كانت|لكن)\s+")
"""A word before the one that may have a pronoun."""


def speaks_of(text: str) -> Unnamed:
    """Of whom a sentence speaks in its first words without naming them."""
    bare = text.lstrip("\"“«'( ")
    found = _ENGLISH.match(bare.lower())
    if found is not None:
        if found["person"]:
            return "person"
        return "" if _EXPLETIVE.match(bare.lower()) else "other"
    plain = without_diacritics(bare)
    opening = _ARABIC_OPENING.match(plain)
    word = re.match(r"[\u0621-\u064a]+", plain[opening.end() :] if opening else plain)
    if word is None or "،" in plain[: word.end() + 1 + (opening.end() if opening else 0)]:
        return ""  # «وفي بيانه،» goes forward as a rule
    own = fold(word[0])
    if own in _OWN_HEH or (own[:1] in "وف" and own[1:] in _OWN_HEH):
        return ""
    return "other" if ends_in_pronoun(word[0]) else ""


def unclear(question: str, title: str, text: str, led: str, language: str) -> bool:
    """Whether `text` needs the sentence before it, `led`, to be read alone; `title` is that of its document.

    `question` is in whatever language, the rest in `language`.
    """
    whom = speaks_of(text)
    if not whom or speaks_of(led):
        return False
    there = [name for name in names(led, language) if whom != "person" or name.kind == "person"]
    if not there:
        asked = _content(f"{title} {question}")
        known_by_word = detect_language(question) != language or not asked.isdisjoint(_content(led))
        return not known_by_word if whom == "other" else not names(f"{title}\n{question}", language)
    known = fold(f"{title} {question}")
    means = frozenset().union(*(name.means for name in names(question, "ar" if language == "en" else "en")))
    return len(_different(there)) > 1 or not all(_known(name, known, means) for name in there)


def _known(name: Name, known: str, means: frozenset[str]) -> bool:
    return any(key in known for key in name.keys) or not name.means.isdisjoint(means)


def _different(found: list[Name]) -> set[str]:
    """Those named, each once: a name said in part is no other."""
    whole: list[tuple[str, ...]] = []
    for name in sorted(found, key=lambda one: -len(one.keys)):
        if not any(set(name.keys) <= set(other) for other in whole):
            whole.append(name.keys)
    return {" ".join(keys) for keys in whole}


def _content(text: str) -> set[str]:
    return {stem(word) for word in words(text) if not is_stop_word(word)}
