"""A heading is no answer: what speaks for it speaks for the sentence under it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.selection.signals import Sentence

UNDER = 1.0
"""By hand: how far below its heading the sentence under it is scored, where its own score is lower."""


def under_headings(ranked: Sequence[tuple[float, Sentence]]) -> list[tuple[float, Sentence]]:
    """The ranked sentences without the headings, each of which gives its score to the first sentence under it.

    As they are where they are nothing but headings.
    """
    plain = [one for one in ranked if one[1].span.kind != "heading"]
    if not plain or len(plain) == len(ranked):
        return list(ranked)
    given: dict[tuple[str, int, int], float] = {}
    for score, sentence in ranked:
        spans = sentence.candidate.indexed.sentences
        if sentence.span.kind != "heading" or sentence.span not in spans:
            continue
        after = next((span for span in spans[spans.index(sentence.span) + 1 :] if span.kind != "heading"), None)
        if after is not None:
            key = (sentence.candidate.indexed.document_id, after.start, after.end)
            given[key] = max(given.get(key, score - UNDER), score - UNDER)
    scored = [
        (max(score, given.get((one.candidate.indexed.document_id, one.span.start, one.span.end), score)), one)
        for score, one in plain
    ]
    return sorted(scored, key=lambda one: -one[0])
