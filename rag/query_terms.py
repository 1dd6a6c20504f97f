"""What a query asks for in words: its terms by rarity, its 4-grams, and how they may be said in the other language.

Made once a query; passages and sentences are then compared with it by the folded words that the index keeps of them
(`rag.analysis.words`), so that no text is analysed while somebody waits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.analysis import grams, is_stop_word, stem, words
from rag.bilingual import Bridge, load_glossary
from rag.lexical_index import LexicalIndex


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """A query's words, for one index.

    `partition` is the query's own. `rarity` weighs its terms and `gram_rarity` its 4-grams by inverse document
    frequency in that partition, each summing to 1. `bridge` leads to the other language: None for a query in neither
    Arabic nor English. `translated` is as `rarity`, of a translation into that language, empty where there is none.
    """

    partition: str
    rarity: dict[str, float]
    gram_rarity: dict[str, float]
    bridge: Bridge | None
    translated: dict[str, float]

    def overlap(self, partition: str, present: Iterable[str]) -> float:
        """The share of the query's terms, by rarity, among the folded words `present` of a text: 0 to 1."""
        if partition == self.partition:
            return _share(self.rarity, {stem(word) for word in present})
        if partition == "other" or (self.bridge is None and not self.translated):
            return 0.0
        there = list(present)
        bridged = self.bridge.overlap(there) if self.bridge is not None else 0.0
        return max(bridged, _share(self.translated, {stem(word) for word in there})) if self.translated else bridged

    def gram_overlap(self, partition: str, present: Sequence[str]) -> float:
        """The share of the query's 4-grams, by rarity, in the folded words `present`, in order: 0 to 1.

        Grams do not cross languages: 0 for a text in another one.
        """
        if partition != self.partition:
            return 0.0
        # A gram lies inside one word's borders, so finding it in the joined words is finding it in one of them.
        joined = f"_{'_'.join(present)}_"
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
    total = index.total(partition)
    raw = {t: math.log(1 + (total + 0.5) / (index.frequency(partition, t, field) + 0.5)) for t in dict.fromkeys(found)}
    whole = sum(raw.values())
    return {term: value / whole for term, value in raw.items()} if whole else {}


def _bridge(query: str, other: str, index: LexicalIndex) -> Bridge:
    total = index.total(other)
    glossary = load_glossary()
    weight = {}
    for word, ways in glossary.ways(query):
        single = [index.frequency(other, next(iter(way))) for way in ways if len(way) == 1]
        # What no glossary knows is mostly a name, which is rare; several words count as rare too.
        weight[word] = math.log(1 + (total + 0.5) / (max(single, default=0) + 0.5))
    return Bridge(query, weight, glossary)


def _share(rarity: dict[str, float], present: set[str]) -> float:
    return sum(value for term, value in rarity.items() if term in present)
