"""Ranked sentences by the body that did what they tell: those of the one that the question names come first.

Which body a sentence is of, is found by `rag.answering.constraints.acting_body`.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.constraints.acting_body import By, acting, by_whom
from rag.answering.selection.ranking import CONSIDERED
from rag.answering.selection.signals import Sentence

NAMED = 1.0
"""By hand: by so much more a sentence scores that names the body that is asked for."""


def of_body(ranked: Sequence[tuple[float, Sentence]], question: str) -> list[tuple[float, Sentence]]:
    """The ranked sentences; where one is of the body that acts in `question`, it is raised, and others' left out."""
    places = _places(ranked, question, CONSIDERED)
    if "here" not in places:
        return list(ranked)
    kept = [
        (score + NAMED * (place == "here"), one)
        for (score, one), place in zip(ranked, places, strict=False)
        if place != "elsewhere"
    ]
    return sorted([*kept, *ranked[CONSIDERED:]], key=lambda pair: -pair[0])


def of_another(ranked: Sequence[tuple[float, Sentence]], question: str) -> bool:
    """Whether the best sentence tells what another body did than the one that acts in `question`."""
    return _places(ranked, question, 1) == ["elsewhere"]


def _places(ranked: Sequence[tuple[float, Sentence]], question: str, most: int) -> list[By]:
    """Of whom each of the best sentences is; none where the question names no body."""
    if not acting(question):
        return []
    beside = {(one.candidate.indexed.document_id, one.span.start): one.text for _, one in ranked}
    found: list[By] = []
    for _, one in ranked[:most]:
        spans = one.candidate.indexed.sentences
        at = spans.index(one.span)
        start = spans[at - 1].start if at else -1
        led = beside.get((one.candidate.indexed.document_id, start), "")
        found.append(by_whom(question, one.text, one.candidate.indexed.language, led))
    return found
