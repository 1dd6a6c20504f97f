"""What is done to ranked passages before they are shown or read: reprints told once, neighbours joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from rag.manifest import IndexedPassage
from rag.reranking import Candidate

SHINGLE = 3
"""Words in a row that are compared."""
MIN_SHINGLES = 8
"""A passage with fewer is too short to be called a reprint: a heading or a name stands in many documents."""
SAME = 0.85
"""Share of a passage's shingles that stand in another document's, from which on it says nothing new."""
GAP = 8
"""Code points, of white space, that may lie between neighbours."""
MAX_JOINED = 2000
"""Code points of passages joined, at most: about three usual ones."""

Shingles = tuple[frozenset[tuple[str, ...]], frozenset[str]]
"""The runs of words in a passage, and its numbers."""


def merged(ranked: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The first `limit` of `ranked`, best first, without reprints and with neighbours joined."""
    kept: list[Candidate] = []
    seen: list[Shingles] = []
    for candidate in ranked:
        mine = _shingles(candidate.indexed)
        same = next((i for i, other in enumerate(seen) if _says_the_same(candidate, mine, kept[i], other)), None)
        if same is not None:
            document_id, known = candidate.indexed.document_id, kept[same].also_in
            if document_id not in known:
                kept[same] = replace(kept[same], also_in=(*known, document_id))
            continue
        beside = next((i for i, other in enumerate(kept) if _neighbours(candidate.indexed, other.indexed)), None)
        if beside is not None:
            kept[beside] = replace(kept[beside], indexed=_joined(kept[beside].indexed, candidate.indexed))
            seen[beside] = _shingles(kept[beside].indexed)
        elif len(kept) < limit:
            kept.append(candidate)
            seen.append(mine)
        else:
            break
    return kept


def _shingles(passage: IndexedPassage) -> Shingles:
    words = " ".join(sentence.folded for sentence in passage.words).split()
    runs = frozenset(zip(*(words[i:] for i in range(SHINGLE)), strict=False))
    return runs, frozenset(word for word in words if word[:1].isdigit())


def _says_the_same(candidate: Candidate, mine: Shingles, kept: Candidate, other: Shingles) -> bool:
    """Whether `candidate` says nothing that `kept`, of another document, does not. Another number is something new."""
    if candidate.indexed.document_id == kept.indexed.document_id or len(mine[0]) < MIN_SHINGLES:
        return False
    return len(mine[0] & other[0]) >= SAME * len(mine[0]) and mine[1] <= other[1]


def _neighbours(one: IndexedPassage, other: IndexedPassage) -> bool:
    if one.document_id != other.document_id or one.partition != other.partition:
        return False
    gap = max(one.start, other.start) - min(one.end, other.end)
    return gap <= GAP and max(one.end, other.end) - min(one.start, other.start) <= MAX_JOINED


def _joined(*passages: IndexedPassage) -> IndexedPassage:
    """Neighbours as one passage."""
    parts: Sequence[IndexedPassage] = sorted(passages, key=lambda passage: passage.start)
    first, last = parts[0], parts[-1]
    return replace(
        first,
        key=f"{first.document_id}:{first.start}:{last.end}",
        end=last.end,
        sentences=tuple(span for part in parts for span in part.sentences),
        words=tuple(sentence for part in parts for sentence in part.words),
        vectors=np.concatenate([part.vectors for part in parts]),
        own_vectors=np.concatenate([part.own_vectors for part in parts]),
    )
