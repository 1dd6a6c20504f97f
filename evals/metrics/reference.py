"""The reference answer: do the quotes of the answer hold it?

An answerable question met with silence scores 0 here: the figure is of the whole product, abstention included.
"""

from __future__ import annotations

import re
from collections import defaultdict

from evals.cases import Case
from evals.normalisation import contains, normalised_tokens
from evals.question_set import LIST_TAG

_ARABIC = re.compile("[\u0600-\u06ff]")


def reference_contained(case: Case, first: int | None = None) -> float | None:
    """1 if one quote contains one of the reference answers, else 0; only the `first` quotes count where given.

    A reference that begins in one quote and ends in the next is not contained. Unscored without reference answers, and
    for list questions: their answers are wanted together (`list_completeness`).
    """
    references = _references(case)
    if not references or LIST_TAG in case.question.tags:
        return None
    quotes = _quotes(case)[:first]
    return float(any(contains(quote, reference) for quote in quotes for reference in references))


def list_completeness(case: Case) -> float | None:
    """The share of a list question's items that stand in its quotes, each within one quote; unscored elsewhere.

    The items may be given in Arabic and in another language, where documents in both answer: each script's items are a
    list of their own, and the more complete one counts.
    """
    references = _references(case)
    if not references or LIST_TAG not in case.question.tags:
        return None
    quotes = _quotes(case)
    found: dict[bool, list[bool]] = defaultdict(list)
    for item in references:
        found[bool(_ARABIC.search(item))].append(any(contains(quote, item) for quote in quotes))
    return max(sum(items) / len(items) for items in found.values())


def _references(case: Case) -> list[str]:
    """The reference answers that can be compared: one without a letter or digit cannot be looked for."""
    if case.answer is None or not case.question.answerable:
        return []
    return [answer for answer in case.question.answers if normalised_tokens(answer)]


def _quotes(case: Case) -> list[str]:
    """The answer's quotes in the order of their numbers."""
    citations = case.answer.citations if case.answer else ()
    return [citation.quote for citation in sorted(citations, key=lambda c: c.number)]
