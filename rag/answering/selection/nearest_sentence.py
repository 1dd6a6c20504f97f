"""Of a related passage, the sentence that is nearest to the question: what to show of it first.

A passage that does not answer was still found for something in it, and that seldom stands at its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answering.selection.ranking import rank
from rag.answering.selection.signals import TextOf, sentences_of
from rag.background import Background
from rag.retrieval import Retrieved
from rag.types import ScoredPassage


def with_nearest(
    passages: Sequence[ScoredPassage], retrieved: Retrieved, background: Background, text_of: TextOf
) -> tuple[ScoredPassage, ...]:
    """The `passages` of `retrieved`, each with the place of the sentence in it that ranks best as an answer."""
    places: dict[tuple[str, int, int], tuple[int, int]] = {}
    for _, sentence in rank(sentences_of(retrieved, retrieved.candidates, background, text_of)):
        piece = sentence.candidate.indexed
        if sentence.span.kind != "heading":
            place = (sentence.span.start, sentence.span.end)
            places.setdefault((piece.document_id, piece.start, piece.end), place)
    return tuple(
        replace(one, nearest=places.get((one.passage.document_id, one.passage.start, one.passage.end)))
        for one in passages
    )
