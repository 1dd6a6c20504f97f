"""What is measured of a run: one family of metrics a file, pure functions of recorded cases.

A metric gives a number, or None where it does not apply or was not measured: unscored is never zero. Measures of
retrieval have the names, and are computed by, ir-measures: `Success@k` is document hit at k.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Literal

from evals.cases import Case
from evals.metrics.abstention import brier, false_answer, false_silence
from evals.metrics.answers import date_match, exact_match, number_match, similarity, token_f1
from evals.metrics.citations import citation_precision, citation_recall, span_f1, span_recall, verbatim_rate
from evals.metrics.consistency import consistency
from evals.metrics.conversation import of_follow_ups
from evals.metrics.cost import first_token_ms, total_ms, usage
from evals.metrics.estimates import Estimate
from evals.metrics.grounding import FAILURES, failed, removed, supported, unsupported
from evals.metrics.language import answer_language
from evals.metrics.probability import auc, calibration_error
from evals.metrics.reference import list_completeness, reference_contained
from evals.metrics.retrieval import MEASURES, retrieval_measure

__all__ = ["FAMILIES", "METRICS", "PER_CASE", "Metric", "score_case"]

Family = Literal["answers", "citations", "grounding", "abstention", "language", "conversation", "cost", "retrieval"]
FAMILIES: tuple[Family, ...] = (
    "answers", "abstention", "citations", "grounding", "language", "conversation", "retrieval", "cost",
)  # fmt: skip
"""Every family, in the order in which they are shown."""

Better = Literal["higher", "lower"]
Score = Callable[[Case], float | None]
Over = Callable[[Sequence[Case], Sequence[Case]], Estimate]
"""`over(members, everything)`: a figure of the cases of one group, given all cases of the run."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A named function of a case (`score`), or of a set of cases where no case has a value of its own (`over`).

    `better` says which way is up, `family` with which others it is shown, `unit` what it counts: a share is from 0 to
    1, and alone has floors and is compared. `headline` metrics are those that a terminal shows by direction.
    """

    name: str
    label: str
    better: Better
    family: Family
    score: Score | None = None
    over: Over | None = None
    unit: Literal["share", "ms", "tokens", "money"] = "share"
    headline: bool = False
    heading: str = field(default="", kw_only=True)
    """A column heading that wraps well in a narrow terminal; by default the label."""


def _retrieval(name: str, label: str, heading: str = "") -> Metric:
    score = partial(retrieval_measure, name=name)
    return Metric(name, label, "higher", "retrieval", score, headline=True, heading=heading)


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            _retrieval("Success@1", "document hit at 1", "doc hit at 1"),
            _retrieval("Success@5", "document hit at 5", "doc hit at 5"),
            *(_retrieval(name, name) for name in MEASURES),
            Metric("contained", "reference in the quotes", "higher", "answers", reference_contained,
                   headline=True, heading="in the quotes"),
            Metric("contained@2", "reference in the first two quotes", "higher", "answers",
                   partial(reference_contained, first=2), headline=True, heading="in first two"),
            Metric("list_completeness", "share of list items quoted", "higher", "answers", list_completeness,
                   headline=True, heading="list items"),
            Metric("exact_match", "exact match of the whole answer", "higher", "answers", exact_match),
            Metric("token_f1", "token F1 of the whole answer", "higher", "answers", token_f1),
            Metric("number_match", "numbers of the reference in the answer", "higher", "answers", number_match),
            Metric("date_match", "dates of the reference in the answer", "higher", "answers", date_match),
            Metric("similarity", "likeness of answer and reference (cosine)", "higher", "answers", similarity),
            Metric("verbatim_rate", "quotes that are verbatim", "higher", "citations", verbatim_rate,
                   headline=True, heading="exact quotes"),
            Metric("span_recall", "expected place that is quoted", "higher", "citations", span_recall),
            Metric("span_f1", "overlap of quotes and expected place (F1)", "higher", "citations", span_f1),
            Metric("citation_recall", "citation recall (ALCE)", "higher", "citations", citation_recall),
            Metric("citation_precision", "citation precision (ALCE)", "higher", "citations", citation_precision),
            Metric("supported", "statements shown that are supported", "higher", "grounding", supported),
            Metric("unsupported", "statements shown without support", "lower", "grounding", unsupported),
            *(
                Metric(f"failed_{kind}", f"statements at fault: {kind}", "lower", "grounding",
                       partial(failed, kind=kind))
                for kind in FAILURES
            ),
            Metric("removed", "statements removed", "lower", "grounding", removed),
            Metric("false_answers", "answered though unanswerable", "lower", "abstention", false_answer,
                   headline=True, heading="false answers"),
            Metric("false_silences", "silent though answerable", "lower", "abstention", false_silence,
                   headline=True, heading="falsely silent"),
            Metric("brier", "squared error of the probability (Brier)", "lower", "abstention", brier),
            Metric("auc", "answerable told from unanswerable (AUC)", "higher", "abstention", over=auc),
            Metric("calibration_error", "expected calibration error", "lower", "abstention", over=calibration_error),
            Metric("answer_language", "answer in the question's language", "higher", "language", answer_language),
            Metric("consistency", "same answer in both languages", "higher", "language", over=consistency),
            Metric("follow_up_contained", "follow-ups: reference in the quotes", "higher", "conversation",
                   of_follow_ups(reference_contained)),
            Metric("follow_up_Success@1", "follow-ups: document hit at 1", "higher", "conversation",
                   of_follow_ups(partial(retrieval_measure, name="Success@1"))),
            Metric("follow_up_silences", "follow-ups: silent though answerable", "lower", "conversation",
                   of_follow_ups(false_silence)),
            Metric("total_ms", "milliseconds of a question", "lower", "cost", total_ms, unit="ms"),
            Metric("first_token_ms", "milliseconds to the first token", "lower", "cost", first_token_ms, unit="ms"),
            Metric("input_tokens", "tokens read by the model", "lower", "cost", partial(usage, key="input_tokens"),
                   unit="tokens"),
            Metric("output_tokens", "tokens written by the model", "lower", "cost", partial(usage, key="output_tokens"),
                   unit="tokens"),
            Metric("cost", "cost of the model", "lower", "cost", partial(usage, key="cost"), unit="money"),
        )
    }
)  # fmt: skip
"""Every metric of a run, by name."""

PER_CASE: Mapping[str, Score] = MappingProxyType(
    {name: metric.score for name, metric in METRICS.items() if metric.score is not None}
)
"""The metrics of which a single case has a value."""


def score_case(case: Case) -> dict[str, float | None]:
    """Every metric of `case`, by name. A case that was not asked, or whose asking failed, is unscored throughout."""
    return {name: score(case) if case.status == "asked" else None for name, score in PER_CASE.items()}
