"""The figures of a run beside those of other people's programs, computed from its recorded cases.

    python -m evals.benchmarks.second_opinion RUN

Retrieval: ir-measures over all rankings at once, by document ids (ours goes case by case, by ranks alone). Exact match
and token F1: torchmetrics' SQuAD, given the texts as `evals.normalisation` leaves them. AUC and Brier score:
scikit-learn. Intervals: scipy's percentile bootstrap, which draws other samples, so bounds agree to about .02. Exits
with 1 where a figure differs by more than rounding.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from evals.cases import Case
from evals.errors import EvaluationError
from evals.metrics import METRICS
from evals.metrics.answers import answer_text
from evals.metrics.retrieval import MEASURES, ranked_documents
from evals.normalisation import normalised_tokens
from evals.run_folder import RunFolder, read_run_folder
from evals.summary import summarise

ROUNDING = 1e-6
INTERVAL = 0.02
"""How far the bounds of two bootstraps of 2,000 draws may be apart."""


class Opinion(NamedTuple):
    """A figure by our code and by another's, over `n` cases; they may differ by `within`."""

    metric: str
    by: str
    n: int
    ours: float
    theirs: float
    within: float = ROUNDING

    @property
    def agrees(self) -> bool:
        return abs(self.ours - self.theirs) <= self.within


def opinions(run: RunFolder) -> list[Opinion]:
    """Every figure of the run that another program computes too."""
    cases = [one.case for one in run.cases]
    ours = summarise(cases, run.summary.about).overall
    found = [*_retrieval(cases), *_squad(cases), *_probability(cases)]
    return [
        Opinion(name, by, n, mean, theirs) for name, by, n, theirs in found if (mean := ours[name].mean) is not None
    ] + _bounds(cases)


Theirs = tuple[str, str, int, float]
"""A metric's name, who computed it, over how many cases, and what came of it."""


def _retrieval(cases: Sequence[Case]) -> list[Theirs]:
    import ir_measures

    scored = [case for case in cases if case.answer is not None and case.question.answerable and case.expected]
    if not scored:
        return []
    qrels = {case.question.id: dict.fromkeys(case.expected, 1) for case in scored}
    rankings = {}
    for case in scored:
        assert case.answer is not None
        documents = case.ranking or ranked_documents(case.answer.passages)
        rankings[case.question.id] = {document: 1.0 / rank for rank, document in enumerate(documents, start=1)}
    names = (*MEASURES, "Success@1", "Success@5")
    measures = [ir_measures.parse_measure(name) for name in names]
    values = ir_measures.calc_aggregate(measures, qrels, rankings)
    return [
        (name, "ir-measures", len(scored), float(values[measure]))
        for name, measure in zip(names, measures, strict=True)
    ]


def _squad(cases: Sequence[Case]) -> list[Theirs]:
    from torchmetrics.functional.text import squad

    scored = [case for case in cases if METRICS["token_f1"].score is not None and _has_f1(case)]
    if not scored:
        return []
    predictions: list[dict[str, str]] = [
        {"id": case.question.id, "prediction_text": _plain(answer_text(case))} for case in scored
    ]
    targets: list[dict[str, str | dict[str, list[str] | list[int]]]] = [
        {"id": case.question.id, "answers": {
            "text": [_plain(one) for one in case.question.answers], "answer_start": [0] * len(case.question.answers)
        }}
        for case in scored
    ]  # fmt: skip
    values = squad(predictions, targets)
    names = (("exact_match", "exact_match"), ("token_f1", "f1"))
    return [(ours, "torchmetrics SQuAD", len(scored), float(values[theirs]) / 100) for ours, theirs in names]


def _has_f1(case: Case) -> bool:
    score = METRICS["token_f1"].score
    return score is not None and case.status == "asked" and score(case) is not None


def _plain(text: str) -> str:
    return " ".join(normalised_tokens(text))


def _probability(cases: Sequence[Case]) -> list[Theirs]:
    from sklearn.metrics import brier_score_loss, roc_auc_score

    pairs = [
        (case.question.answerable, case.answer.answerable_probability)
        for case in cases
        if case.answer is not None and case.answer.answerable_probability is not None
    ]
    truth, probability = [one for one, _ in pairs], [float(one) for _, one in pairs]
    if len(set(truth)) < 2:
        return []
    return [
        ("auc", "scikit-learn", min(sum(truth), len(truth) - sum(truth)), float(roc_auc_score(truth, probability))),
        ("brier", "scikit-learn", len(truth), float(brier_score_loss(truth, probability))),
    ]


def _bounds(cases: Sequence[Case]) -> list[Opinion]:
    """The intervals of the figures that most is read off, by scipy."""
    from scipy.stats import bootstrap

    ours = summarise(cases, {}).overall
    found = []
    for name in ("contained", "Success@1", "false_answers", "token_f1"):
        score, figure = METRICS[name].score, ours[name]
        assert score is not None
        values = np.array([value for case in cases if case.status == "asked" and (value := score(case)) is not None])
        if figure.low is None or figure.high is None or np.ptp(values) == 0:
            continue
        interval = bootstrap((values,), np.mean, method="percentile", n_resamples=9999, rng=1).confidence_interval
        for bound, low_or_high, theirs in (("low", figure.low, interval.low), ("high", figure.high, interval.high)):
            found.append(
                Opinion(f"{name}, {bound}", "scipy bootstrap", len(values), low_or_high, float(theirs), INTERVAL)
            )
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.second_opinion", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("run", type=Path, metavar="RUN", help="folder of a finished run")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        found = opinions(read_run_folder(options.run))
    except EvaluationError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return 1
    table = Table(box=None)
    for heading in ("metric", "ours", "theirs", "by", "n", ""):
        table.add_column(heading)
    for one in found:
        table.add_row(
            one.metric, f"{one.ours:.6f}", f"{one.theirs:.6f}", one.by, str(one.n), "" if one.agrees else "DIFFERS"
        )
    console.print(table)
    return 0 if found and all(one.agrees for one in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())
