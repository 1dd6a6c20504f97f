"""A small part of a run's cases, always the same one, spread over what is asked and in which languages."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence

from evals.cases import Case

_KEYS: tuple[Callable[[Case], object], ...] = (
    lambda case: case.question.language,
    lambda case: case.question.answerable,
    lambda case: case.direction,
    lambda case: case.question.tags[:1],
)
"""What cases are spread over, the most important first. A set's first tag says what is asked for, where it has tags."""


def drawn(cases: Sequence[Case], limit: int | None) -> list[Case]:
    """`limit` of `cases`, in their order; all of them without a limit.

    The same whenever they are drawn, those of a smaller limit among them. Of each language, of answerable and
    unanswerable questions, of each direction and kind there are about as many as their share; kinds come last.
    """
    if limit is None or limit >= len(cases):
        return list(cases)
    chosen = {case.question.id for case in _spread(cases, _KEYS)[:limit]}
    return [case for case in cases if case.question.id in chosen]


def _spread(cases: Sequence[Case], keys: Sequence[Callable[[Case], object]]) -> list[Case]:
    """The cases in an order of which every beginning has of each group its share.

    Within a group that nothing divides they stand by the digests of their ids: as good as any draw.
    """
    if not keys:
        return sorted(cases, key=_digest)
    groups: defaultdict[object, list[Case]] = defaultdict(list)
    for case in cases:
        groups[keys[0](case)].append(case)
    placed = [
        ((place + 0.5) / len(group), _digest(case), case)
        for group in groups.values()
        for place, case in enumerate(_spread(group, keys[1:]))
    ]
    return [case for _, _, case in sorted(placed, key=lambda one: one[:2])]


def _digest(case: Case) -> str:
    return hashlib.sha256(case.question.id.encode()).hexdigest()
