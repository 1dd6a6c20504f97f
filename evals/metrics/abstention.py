"""Abstention: false answers and false silences. They pull against each other: read them together."""

from __future__ import annotations

from evals.cases import Case


def false_answer(case: Case) -> float | None:
    """1 if an unanswerable question was answered, 0 if met with silence; unscored for answerable ones."""
    if case.answer is None or case.question.answerable:
        return None
    return float(case.answer.status == "answered")


def false_silence(case: Case) -> float | None:
    """1 if an answerable question was met with "not in the documents", else 0; unscored for unanswerable ones."""
    if case.answer is None or not case.question.answerable:
        return None
    return float(case.answer.status == "not_found")
