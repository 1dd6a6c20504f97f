"""What is measured of a case: one family of metrics a file, pure functions of a recorded `Case`.

A metric gives a number, or None where it does not apply or was not measured: unscored is never zero. Document hit at k
is named `Success@k`, as ir-measures names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Literal

from evals.cases import Case
from evals.metrics.abstention import false_answer, false_silence
from evals.metrics.citations import verbatim_rate
from evals.metrics.reference import list_completeness, reference_contained
from evals.metrics.retrieval import success_at

__all__ = ["METRICS", "Metric", "score_case"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A named function of a case; `better` says which way is up."""

    name: str
    label: str
    better: Literal["higher", "lower"]
    score: Callable[[Case], float | None]


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            Metric("Success@1", "document hit at 1", "higher", partial(success_at, k=1)),
            Metric("Success@5", "document hit at 5", "higher", partial(success_at, k=5)),
            Metric("contained", "reference in the quotes", "higher", reference_contained),
            Metric("contained@2", "reference in the first two quotes", "higher", partial(reference_contained, first=2)),
            Metric("list_completeness", "share of list items quoted", "higher", list_completeness),
            Metric("verbatim_rate", "quotes that are verbatim", "higher", verbatim_rate),
            Metric("false_answers", "answered though unanswerable", "lower", false_answer),
            Metric("false_silences", "silent though answerable", "lower", false_silence),
        )
    }
)
"""Every metric of a run, in the order in which they are shown."""


def score_case(case: Case) -> dict[str, float | None]:
    """Every metric of `case`, by name. A case that was not asked, or whose asking failed, is unscored throughout."""
    return {name: metric.score(case) if case.status == "asked" else None for name, metric in METRICS.items()}
