"""Retrieval: were the right documents found?"""

from __future__ import annotations

from collections.abc import Iterable

from evals.cases import Case
from rag.types import ScoredPassage


def ranked_documents(passages: Iterable[ScoredPassage]) -> list[str]:
    """Distinct document ids in the order of each one's best-ranked passage."""
    return list(dict.fromkeys(p.passage.document_id for p in sorted(passages, key=lambda p: p.rank)))


def success_at(case: Case, k: int) -> float | None:
    """`Success@k` of ir-measures over documents: 1 if any expected document is among the first k distinct ones.

    The ranking is that of the answer's own passages, what the engine had before it when it answered. Unscored without
    expected documents.
    """
    if case.answer is None or not case.question.answerable or not case.expected:
        return None
    return float(not set(case.expected).isdisjoint(ranked_documents(case.answer.passages)[:k]))
