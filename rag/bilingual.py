"""Matching words across Arabic and English: a glossary for words, consonants for names.

The glossary (`glossary/*.tsv`, for searching also `glossary/search/*.tsv`, written for this project) lists English
lemmas and what they are in Arabic, alternatives separated by `|`. A word that it does not have may be a name: then the
consonants decide, folded to the classes in which Arabic and Latin spellings of a name usually agree (ساليرنو and
Salerno are both s-l-r-n).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from rag.analysis import Words, is_stop_word, stem, without_article, words

MIN_CONSONANTS = 3
"""Names with fewer consonants than this are not told apart by them (Issa and Aziz: s and z-z)."""

ONE_NAME = 0.85
"""Share of the shorter name's consonants that stand in the other in their order, from which on they are one."""

SENTENCES_KEPT = 1 << 12
"""Sentences whose names are remembered, some 10 MB."""

_ARABIC = re.compile("[\u0621-\u064a]")
_CLASSES = (
    dict.fromkeys("بp", "b") | dict.fromkeys("تطt", "t") | dict.fromkeys("ثسصشs", "s") | dict.fromkeys("جغgj", "g")
    | dict.fromkeys("كقkqc", "k") | dict.fromkeys("دضظذd", "d") | dict.fromkeys("رr", "r") | dict.fromkeys("زz", "z")
    | dict.fromkeys("فڤfv", "f") | dict.fromkeys("خ", "k") | dict.fromkeys("لl", "l") | dict.fromkeys("مm", "m")
    | dict.fromkeys("نn", "n") | {"b": "b", "x": "ks", "ح": "h", "ه": "h", "h": "h"}
)  # fmt: skip
_DIGRAPHS = (("sh", "s"), ("ch", "s"), ("th", "s"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("ph", "f"), ("ck", "k"))
_ARTICLES = ("وال", "بال", "لل", "ال")
_PRONOUNS = ("هما", "هم", "ها", "نا", "ه")

Entries = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
"""(English variants, Arabic variants)."""

Term = frozenset[str]
"""The stems of one way to say a word; all must be there."""
Ways = Mapping[tuple[str, ...], frozenset[Term]]
"""By the stems of a word, its ways in the other language."""


class Glossary:
    """Ways to say a word in the other language, by the stems of the word."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], Sequence[str]]], known: Ways | None = None) -> None:
        """`entries` are (English variants, Arabic variants), beside the `known` ways."""
        ways = {key: set(targets) for key, targets in (known or {}).items()}
        for english, arabic in entries:
            one, other = _stems(english), _stems(arabic)
            for source, targets in ((one, other), (other, one)):
                for key in source:
                    ways.setdefault(key, set()).update(frozenset(target) for target in targets)
        self._ways: Ways = {key: frozenset(found) for key, found in ways.items()}
        self._longest = max(map(len, self._ways), default=1)

    def __len__(self) -> int:
        return len(self._ways)

    def with_more(self, entries: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Glossary:
        """The same with further `entries`; what it has is not stemmed again."""
        return Glossary(entries, self._ways)

    def ways(self, text: str, *, inflected: bool = False) -> list[tuple[str, frozenset[Term]]]:
        """The topic words of `text` as written (folded), each with its ways in the other language (none: unknown).

        `inflected`: an Arabic word that is not known is also looked for without what its case after a number or its
        voice add (كم طنا, صودر). Names may look so, too: only for what is searched for.
        """
        written = words(text)
        topic = [word for word in written if not is_stop_word(word)]
        counted = _counted(written) if inflected else frozenset()
        stems = [stem(word) for word in topic]
        found: list[tuple[str, frozenset[Term]]] = []
        at = 0
        while at < len(topic):
            for size in range(min(self._longest, len(topic) - at), 0, -1):
                known = self._ways.get(tuple(stems[at : at + size]))
                if known is None and size == 1:
                    forms = [*_without_pronoun(topic[at]), *(_plain_forms(topic[at], counted) if inflected else ())]
                    known = next(filter(None, (self._ways.get((stem(one),)) for one in forms)), None)
                if known is not None or size == 1:
                    found.append((" ".join(topic[at : at + size]), known or frozenset()))
                    at += size
                    break
        return found


def _without_pronoun(word: str) -> Iterator[str]:
    """What a folded Arabic word may be without its pronoun, its teh marbuta first: قيمه (and قيمت) for قيمتها."""
    bare = without_article(word)
    pronoun = next((one for one in _PRONOUNS if bare.endswith(one) and len(bare) - len(one) >= 3), None)
    if pronoun is None or bare != word.removeprefix("و"):
        return
    owned = bare[: -len(pronoun)]
    if owned.endswith("ت"):
        yield owned[:-1] + "ه"
    yield owned


def _counted(written: Sequence[str]) -> frozenset[str]:
    """The folded Arabic nouns that a number, or كم, puts into the accusative, and what describes them: طنا, مختبرا."""
    found: set[str] = set()
    for before, word in pairwise(written):
        counts = before.removeprefix("و") == "كم" or before[0].isdigit() or before in found
        if counts and len(word) > 2 and word[-1] == "ا":
            found.add(word)
    return frozenset(found)


def _plain_forms(word: str, counted: AbstractSet[str]) -> Iterator[str]:
    """What a folded Arabic word may be a form of: طنا of طن if it is `counted`, صودر of صادر."""
    if word in counted:
        yield word[:-1]
    plain = word.removeprefix("و") if len(word) > 4 else word
    if len(plain) == 4 and plain[1] == "و" and _ARABIC.search(plain):
        yield f"{plain[0]}ا{plain[2:]}"


def _stems(variants: Sequence[str]) -> list[tuple[str, ...]]:
    found = [tuple(stem(word) for word in words(variant)) for variant in variants]
    return list(dict.fromkeys(key for key in found if key))


@cache
def glossary_entries() -> Entries:
    """The lines of the glossary that comes with the package: (English variants, Arabic variants)."""
    return _entries("glossary")


def _entries(folder: str) -> Entries:
    paths = sorted((files("rag") / folder).iterdir(), key=lambda item: item.name)
    lines = (line for path in paths if path.name.endswith(".tsv") for line in path.read_text("utf-8").splitlines())
    rows = (line.split("\t") for line in lines if "\t" in line and not line.startswith("#"))
    return tuple((tuple(english.split("|")), tuple(arabic.split("|"))) for english, arabic in rows)


@cache
def load_glossary() -> Glossary:
    """The glossary that comes with the package."""
    return Glossary(glossary_entries())


@cache
def search_glossary() -> Glossary:
    """The same with three times as many words, for what is searched for.

    Grounding and claims keep to the smaller one: there, a loose translation bears out what the source does not say
    (of 16 false claims held out, 4 were called supported with all words, and 3 without).
    """
    more = _entries("glossary/search")
    return load_glossary().with_more((*more, *_as_written((*glossary_entries(), *more))))


def _as_written(entries: Entries) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The Arabic words whose first letter the stemmer takes for "and", with their article: الوزارة beside وزارة."""
    for english, arabic in entries:
        own = [f"ال{one}" for one in arabic if one[0] == "و" and " " not in one]
        if own:
            yield english, own


@lru_cache(maxsize=200_000)
def consonants(word: str) -> str:
    """The consonant classes of a folded word in Arabic or Latin letters; "" for a word of neither, or a number."""
    if _ARABIC.search(word):
        for article in _ARTICLES:
            if word.startswith(article) and len(word) - len(article) >= 3:
                word = word[len(article) :]
                break
    else:
        for pair, single in _DIGRAPHS:
            word = word.replace(pair, single)
    classes = "".join(_CLASSES.get(letter, "") for letter in word)
    return re.sub(r"(.)\1+", r"\1", classes)


@lru_cache(SENTENCES_KEPT)
def _skeletons(folded: str) -> frozenset[str]:
    """The consonant classes of the words of a sentence that may be names: asked for thrice a question."""
    return frozenset(one for one in map(consonants, folded.split()) if len(one) >= MIN_CONSONANTS)


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, in part or in another spelling: by their consonants, in either script."""
    mine, theirs = ("".join(map(consonants, words(text))) for text in (one, other))
    shared = sum(block.size for block in SequenceMatcher(None, mine, theirs).get_matching_blocks())
    shorter = min(len(mine), len(theirs))
    return shorter >= MIN_CONSONANTS and shared >= ONE_NAME * shorter


@dataclass(frozen=True, slots=True)
class Alternative:
    """The ways in which one word of a question may stand in the other language: by meaning, or as a name."""

    ways: tuple[Term, ...]
    skeleton: str


class Bridge:
    """A question's words as they may stand in a text of the other language, weighed by rarity there."""

    def __init__(
        self, question: str, weight_of: Mapping[str, float], glossary: Glossary, *, inflected: bool = False
    ) -> None:
        """`weight_of` gives the weight of each word of `glossary.ways(question, inflected=inflected)` as written."""
        self._ways = glossary.ways(question, inflected=inflected)
        whole = sum(weight_of[word] for word, _ in self._ways)
        self.share = {word: weight_of[word] / whole if whole else 0.0 for word, _ in self._ways}
        """The weight of each word as written; together 1."""
        self._names = {word: consonants(word) for word, known in self._ways if not known}
        self._single = {
            word: frozenset((word, *(one for way in known if len(way) == 1 for one in way)))
            for word, known in self._ways
        }
        self._several = {word: [way for way in known if len(way) > 1] for word, known in self._ways}

    @property
    def alternatives(self) -> list[Alternative]:
        """The ways of each word, itself among them: Latin words stand in Arabic texts as they are."""
        return [
            Alternative((frozenset(stem(part) for part in word.split()), *known), self._names.get(word, ""))
            for word, known in self._ways
        ]

    def found(self, present: Words) -> set[str]:
        """The question's words, as written, that stand in a text in its language."""
        skeletons = _skeletons(present.folded) if self._names else frozenset()
        return {
            word
            for word, single in self._single.items()
            if not single.isdisjoint(present.stems)
            or any(way <= present.stems for way in self._several[word])
            or self._names.get(word, "") in skeletons
        }
