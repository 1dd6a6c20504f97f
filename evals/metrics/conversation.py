"""Conversation: the same measures of questions that follow others, which only make sense after them."""

from __future__ import annotations

from collections.abc import Callable

from evals.cases import Case


def of_follow_ups(measure: Callable[[Case], float | None]) -> Callable[[Case], float | None]:
    """`measure` of the cases that have earlier turns; unscored elsewhere."""
    return lambda case: measure(case) if case.question.turns else None
