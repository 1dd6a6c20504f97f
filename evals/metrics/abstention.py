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


def brier(case: Case) -> float | None:
    """The squared distance of the answer's probability from what is so (Brier 1950): 0 is certain and right.

    Unscored where the answer gives no probability.
    """
    if case.answer is None or case.answer.answerable_probability is None:
        return None
    return (case.answer.answerable_probability - float(case.question.answerable)) ** 2
