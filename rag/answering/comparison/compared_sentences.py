"""The sentences of the passages that were found, with what is needed to compare them with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.analysis import Words, is_stop_word, words
from rag.bilingual import Bridge, load_glossary
from rag.manifest import IndexedPassage
from rag.retrieval import Retrieved
from rag.sentences import Span
from rag.types import ScoredPassage

FloatArray = NDArray[np.float32]

LEAST_WORDS = 4
"""Words of a sentence, other than the commonest, below which it says too little to be told from others like it."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """Sentence `number` of a passage that was found, whose stored text is `passage`, of a document called `title`.

    `share` is that of the question's words, by rarity, in the sentence (0 to 1).
    """

    indexed: IndexedPassage
    number: int
    passage: str
    title: str
    share: float

    @property
    def document_id(self) -> str:
        return self.indexed.document_id

    @property
    def span(self) -> Span:
        return self.indexed.sentences[self.number]

    @property
    def place(self) -> tuple[str, int, int]:
        """Document, start and end."""
        return self.document_id, self.span.start, self.span.end

    @property
    def language(self) -> str:
        return self.indexed.language

    @property
    def text(self) -> str:
        start = self.indexed.start
        return self.passage[self.span.start - start : self.span.end - start]

    @property
    def before(self) -> str:
        """The sentence before it in its passage."""
        if not self.number:
            return ""
        span, start = self.indexed.sentences[self.number - 1], self.indexed.start
        return self.passage[span.start - start : span.end - start]

    @property
    def words(self) -> Words:
        return self.indexed.words[self.number]

    @property
    def vector(self) -> FloatArray:
        """The vector (dimension,) of the sentence by itself."""
        vector: FloatArray = self.indexed.own_vectors[self.number]
        return vector


def said_in(retrieved: Retrieved, passages: Sequence[ScoredPassage]) -> list[Said]:
    """Every sentence of the candidates, in their order; `passages` are the candidates with their stored text."""
    stored = {(p.passage.document_id, p.passage.start, p.passage.end): p.passage for p in passages}
    found: list[Said] = []
    for candidate in retrieved.candidates:
        piece = candidate.indexed
        passage = stored.get((piece.document_id, piece.start, piece.end))
        if passage is None:
            continue  # removed while the question was being answered
        shares, _ = retrieved.terms.overlap(piece.partition, piece.words)
        found += [Said(piece, number, passage.text, passage.title, share) for number, share in enumerate(shares)]
    return found


def shared(one: Said, other: Said) -> float:
    """The share of each sentence's topic words that stand in the other, the lesser of both; numbers do not count.

    Across languages by glossary and names; 0 for a sentence with fewer than `LEAST_WORDS`.
    """
    return min(_share(one, other), _share(other, one))


def _share(one: Said, other: Said) -> float:
    if one.indexed.partition == other.indexed.partition:
        topic = {word for word in words(one.text) if not is_stop_word(word) and not word[0].isdigit()}
        found = sum(1 for word in topic if not Words.of(word).stems.isdisjoint(other.words.stems))
    else:
        glossary = load_glossary()
        topic = {word for word, _ in glossary.ways(one.text) if not word[0].isdigit()}
        weights = {word: 1.0 for word, _ in glossary.ways(one.text)}
        found = len(topic & Bridge(one.text, weights, glossary).found(other.words))
    return found / len(topic) if len(topic) >= LEAST_WORDS else 0.0
