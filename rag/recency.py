"""Versions of one document: what a later one says in nearly the same words stands in place of what the earlier said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

from corpus.catalog import Entry
from rag.analysis import folded_words, words
from rag.manifest import IndexedPassage
from rag.reranking import Candidate

SAME_TITLE = 0.75
"""Share of two titles' words that both have, from which on they may name one document; numbers must be the same."""
SAME_TEXT = 0.5
"""Share of the shorter passage's runs of words that stand in the other, from which on one is made from the other."""
RUN = 3
"""Words in a row that are compared."""

_OF_VERSIONS = folded_words("updated update corrected correction محدث محدثة تحديث تصحيح")
_DIGITS = re.compile(r"\d")


def newest_versions(ranked: Sequence[Candidate], entries: Mapping[str, Entry]) -> list[Candidate]:
    """`ranked` without passages of which a later version of their document was found too, which takes their place.

    The later one has the earlier one's document among its `also_in`. `entries` are the documents by id; without
    publisher and date nothing is a version of anything.
    """
    kept = list(ranked)
    later = _later_versions(entries)
    at = 0
    while later and at < len(kept):
        older = kept[at]
        may_replace = later.get(older.indexed.document_id, frozenset())
        place = next(
            (n for n, one in enumerate(kept) if one.indexed.document_id in may_replace and _same_text(one, older)), None
        )
        if place is None:
            at += 1
            continue
        newer = kept[place]
        also_in = dict.fromkeys((*newer.also_in, older.indexed.document_id, *older.also_in))
        kept[place] = replace(newer, score=max(newer.score, older.score), also_in=tuple(also_in))
        if place > at:
            kept[at] = kept.pop(place)
        else:
            kept.pop(at)
    return kept


def _later_versions(entries: Mapping[str, Entry]) -> dict[str, frozenset[str]]:
    """The documents that may be later versions of each document that has any."""
    by_publisher: dict[str, list[Entry]] = {}
    for entry in entries.values():
        if entry.publisher and entry.published:
            by_publisher.setdefault(entry.publisher, []).append(entry)
    found: dict[str, set[str]] = {}
    for group in by_publisher.values():
        for one, other in combinations(group, 2):
            if one.published and other.published and one.published != other.published and is_version_of(one, other):
                older, newer = (one, other) if one.published < other.published else (other, one)
                found.setdefault(older.document_id, set()).add(newer.document_id)
    return {older: frozenset(newer) for older, newer in found.items()}


def is_version_of(one: Entry, other: Entry) -> bool:
    """Whether two documents may be versions of one, by publisher and title."""
    if one.document_id == other.document_id or not one.publisher or one.publisher != other.publisher:
        return False
    (first, numbers), (second, others) = _title_words(one.title), _title_words(other.title)
    if numbers != others or not first or not second:
        return False
    return len(first & second) >= SAME_TITLE * len(first | second)


def _same_text(one: Candidate, other: Candidate) -> bool:
    first, second = _runs(one.indexed), _runs(other.indexed)
    return bool(first and second) and len(first & second) >= SAME_TEXT * min(len(first), len(second))


@lru_cache(1 << 12)
def _title_words(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a title, and the numbers among them."""
    found = frozenset(words(title)) - _OF_VERSIONS
    return found, frozenset(word for word in found if _DIGITS.match(word))


def _runs(passage: IndexedPassage) -> frozenset[tuple[str, ...]]:
    found = " ".join(sentence.folded for sentence in passage.words).split()
    return frozenset(zip(*(found[i:] for i in range(RUN)), strict=False))
