"""Consistency: does the same question, asked in both languages, come to the same?

Questions of a set with one `pair` are the same question. Two answers agree where both are silent, or both answer and
quote the same place, or each quotes a reference answer: where documents in both languages hold the answer, each
question may well be answered from its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from evals.cases import Case
from evals.metrics.estimates import Estimate, estimate
from evals.metrics.reference import list_completeness, reference_contained


def consistency(members: Sequence[Case], everything: Sequence[Case]) -> Estimate:
    """The share of pairs that agree, of those in which one of `members` is; the partners are in `everything`.

    Pairs of which one was not asked, or failed, are unscored.
    """
    inside = {case.question.id for case in members}
    pairs: dict[str, list[Case]] = defaultdict(list)
    for case in everything:
        if case.question.pair is not None:
            pairs[case.question.pair].append(case)
    values = [
        agree(one, other)
        for group in pairs.values()
        for one, other in combinations(group, 2)
        if one.question.language != other.question.language
        and not inside.isdisjoint((one.question.id, other.question.id))
    ]
    return estimate(values, share=True)


def agree(one: Case, other: Case) -> float | None:
    """1 if two answers to the same question agree, 0 if they do not, None where one is missing."""
    if one.answer is None or other.answer is None:
        return None
    if one.answer.status != other.answer.status:
        return 0.0
    if one.answer.status == "not_found":
        return 1.0
    return float(_same_place(one, other) or (_holds(one) and _holds(other)))


def _holds(case: Case) -> bool:
    return 1.0 in (reference_contained(case), list_completeness(case))


def _same_place(one: Case, other: Case) -> bool:
    assert one.answer is not None
    assert other.answer is not None
    return any(
        a.document_id == b.document_id and a.start < b.end and b.start < a.end
        for a in one.answer.citations
        for b in other.answer.citations
    )
