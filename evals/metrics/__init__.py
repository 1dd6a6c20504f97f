"""What is measured of a case: one family of metrics a file, pure functions of a recorded `Case`.

A metric gives a number, or None where it does not apply or was not measured: unscored is never zero. Measures of
retrieval have the names, and are computed by, ir-measures: `Success@k` is document hit at k.
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
from evals.metrics.retrieval import MEASURES, retrieval_measure

__all__ = ["METRICS", "Metric", "score_case"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A named function of a case; `better` says which way is up, `family` with which others it is shown."""

    name: str
    label: str
    better: Literal["higher", "lower"]
    score: Callable[[Case], float | None]
    family: Literal["retrieval", "answers"] = "answers"


def _retrieval(name: str, label: str) -> Metric:
    return Metric(name, label, "higher", partial(retrieval_measure, name=name), "retrieval")


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            _retrieval("Success@1", "document hit at 1"),
            _retrieval("Success@5", "document hit at 5"),
            *(_retrieval(name, name) for name in MEASURES),
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
