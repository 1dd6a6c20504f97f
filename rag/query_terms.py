"""What a query asks for in words: its terms by rarity, its 4-grams, and how they may be said in the other language.

Made once a query; passages and sentences are then compared with it by the words and stems that the index keeps of them
(`rag.analysis.Words`), so that no text is analysed while somebody waits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rag.analysis import Words, grams, is_stop_word, stem, words
from rag.bilingual import Bridge, search_glossary
from rag.index import PARTITIONS
from rag.lexical_index import LexicalIndex


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """A query's words, for one index.

    `partition` is the query's own. `rarity` weighs its terms and `gram_rarity` its 4-grams by inverse document
    frequency in that partition, each summing to 1. `bridge` leads to the other language: None for a query in neither
    Arabic nor English, whose terms are weighed over, and looked for in, texts of every language. `translated` is as
    `rarity`, of a translation into that language, empty where there is none.
    """

    partition: str
    rarity: dict[str, float]
    gram_rarity: dict[str, float]
    bridge: Bridge | None
    translated: dict[str, float]

    def overlap(self, partition: str, parts: Sequence[Words]) -> tuple[list[float], float]:
        """The share of the query's terms, by rarity, in each of the parts of a text of `partition`, and in all of them.

        0 to 1 each.
        """
        # A number or a name alone is in no language, and stands in texts of all.
        if self.partition in (partition, "other"):
            return _shares(self.rarity, [self.rarity.keys() & part.stems for part in parts])
        each, whole = [0.0] * len(parts), 0.0
        if partition == "other":
            return each, whole
        ways: list[tuple[Mapping[str, float], list[AbstractSet[str]]]] = []
        if self.bridge is not None:
            ways.append((self.bridge.share, [self.bridge.found(part) for part in parts]))
        if self.translated:
            ways.append((self.translated, [self.translated.keys() & part.stems for part in parts]))
        for rarity, found in ways:
            also, together = _shares(rarity, found)
            each, whole = list(map(max, each, also)), max(whole, together)
        return each, whole

    def found(self, partition: str, part: Words) -> set[str]:
        """The query's terms (stems) that stand in a text of `partition`, in the query's language or by the bridge."""
        if self.partition in (partition, "other"):
            return self.rarity.keys() & part.stems
        if partition == "other" or self.bridge is None:
            return set()
        written = {one for word in self.bridge.found(part) for one in word.split()}
        return self.rarity.keys() & {stem(one) for one in written}

    def gram_overlap(self, partition: str, parts: Iterable[Words]) -> float:
        """The share of the query's 4-grams, by rarity, in the parts of a text taken together: 0 to 1.

        Grams do not cross languages: 0 for a text in another one.
        """
        if partition != self.partition:
            return 0.0
        # A gram lies inside one word's borders, so finding it in the joined words is finding it in one of them.
        joined = f" {' '.join(part.folded for part in parts)} ".replace(" ", "_")
        return sum(value for gram, value in self.gram_rarity.items() if gram in joined)


def query_terms(query: str, partition: str, index: LexicalIndex, translation: str | None = None) -> QueryTerms:
    """The terms of `query`, whose own language is that of `partition`; `translation` is of it into the other one."""
    other = {"ar": "en", "en": "ar"}.get(partition)
    topic = dict.fromkeys(stem(word) for word in words(query) if not is_stop_word(word))
    return QueryTerms(
        partition,
        _rarities(topic, partition, index, "words"),
        _rarities(grams(query), partition, index, "grams"),
        _bridge(query, other, index) if other else None,
        _rarities(_terms(translation), other, index, "words") if other and translation else {},
    )


def _terms(text: str) -> list[str]:
    return [stem(word) for word in words(text) if not is_stop_word(word)]


def _rarities(found: Iterable[str], partition: str, index: LexicalIndex, field: str) -> dict[str, float]:
    within = PARTITIONS if partition == "other" else (partition,)
    total = sum(map(index.total, within))
    frequency = {term: sum(index.frequency(one, term, field) for one in within) for term in dict.fromkeys(found)}
    raw = {term: math.log(1 + (total + 0.5) / (count + 0.5)) for term, count in frequency.items()}
    whole = sum(raw.values())
    return {term: value / whole for term, value in raw.items()} if whole else {}


def _bridge(query: str, other: str, index: LexicalIndex) -> Bridge:
    total = index.total(other)
    glossary = search_glossary()
    weight = {}
    for word, ways in glossary.ways(query, inflected=True):
        single = [index.frequency(other, next(iter(way))) for way in ways if len(way) == 1]
        # What no glossary knows is mostly a name, which is rare; several words count as rare too.
        weight[word] = math.log(1 + (total + 0.5) / (max(single, default=0) + 0.5))
    return Bridge(query, weight, glossary, inflected=True)


def _shares(rarity: Mapping[str, float], found: Sequence[AbstractSet[str]]) -> tuple[list[float], float]:
    """The weight of the terms found in each part, and of those found in any."""
    whole: AbstractSet[str] = frozenset().union(*found)
    return [sum(rarity[term] for term in terms) for terms in found], sum(rarity[term] for term in whole)
