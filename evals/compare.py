"""Two runs of the same questions, case by case: what changed, whether chance would explain it, and in which cases.

A metric's values are paired by question. Whether their difference is more than chance is asked by a permutation test
on the signs of the differences (Fisher 1935; exact for few differing cases, and where all differ by the same amount,
as right and wrong do; else 10,000 draws), corrected for all metrics and groups tested together (Holm 1979). Those in
which fewer than six cases differ are no tests: whichever way they fall, no probability below 5% can come of it, so they
do not count in the correction (Tarone 1990). The interval is of the mean difference (percentile bootstrap, 95%).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from evals.cases import Case
from evals.errors import EvaluationError
from evals.metrics import METRICS, PER_CASE, score_case
from evals.metrics.estimates import SEED, estimate
from evals.question_set import Question
from evals.resuming import QUESTION_LIMIT
from evals.run_folder import RunFolder

SIGNIFICANT = 0.05
"""Corrected probability below which a difference is called more than chance."""
DRAWS = 10_000
ALL = "all"
COMPARED = tuple(name for name in PER_CASE if METRICS[name].unit == "share")
"""The metrics that are compared: those of which each case has a value, and which machines do not differ in (time)."""
TELLING = tuple(
    name for name in COMPARED
    if METRICS[name].headline or name in ("number_match", "date_match", "supported", "answer_language")
)  # fmt: skip
"""The metrics by which a single case breaks or is fixed: others move a little in every case, or follow from these."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric over the cases that both runs scored: means before and after, and how sure their difference is.

    `differing` counts the cases that are not scored the same. `p` is by the permutation test, `corrected` by Holm over
    everything that could be told from chance; both None where nothing is paired.
    """

    metric: str
    group: str
    n: int
    before: float | None
    after: float | None
    low: float | None
    high: float | None
    p: float | None
    corrected: float | None = None
    differing: int = 0

    @property
    def verdict(self) -> Literal["better", "worse", "same", "unscored"]:
        """What to call it: "same" also where the difference may be chance."""
        if self.before is None or self.after is None or self.corrected is None:
            return "unscored"
        if self.corrected >= SIGNIFICANT:
            return "same"
        up = self.after > self.before
        return "better" if up == (METRICS[self.metric].better == "higher") else "worse"

    def to_json(self) -> dict[str, Any]:
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**data, "verdict": self.verdict}


@dataclass(frozen=True, slots=True)
class Change:
    """A case that one metric scores otherwise than before."""

    id: str
    question: str
    metric: str
    before: float
    after: float
    answer_before: str
    answer_after: str

    @property
    def gain(self) -> float:
        """How much better it is now: below 0 where it is worse."""
        return (self.after - self.before) * (1 if METRICS[self.metric].better == "higher" else -1)

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of run `before` in run `after`.

    `left_out` cases are in one of them alone, or are asked or answered otherwise there by the question set. `failed`
    are the ids of cases that have an answer in the first run and none in the second, which no difference counts;
    `recovered` those the other way round. `parallel` is how many questions each run asked at a time: where one of them
    asked several, their times are not comparable. `changed` are the settings and versions in which the runs differ, a
    line each; `not_compared` the metrics of whole sets and of time.
    """

    before: str
    after: str
    cases: int
    left_out: int
    differences: tuple[Difference, ...]
    fixed: tuple[Change, ...]
    broken: tuple[Change, ...]
    failed: tuple[str, ...] = ()
    recovered: tuple[str, ...] = ()
    parallel: tuple[int, int] = (1, 1)
    changed: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = tuple(name for name in METRICS if name not in COMPARED)

    def to_json(self) -> dict[str, Any]:
        return {
            "before": self.before,
            "after": self.after,
            "cases": self.cases,
            "left_out": self.left_out,
            "differences": [one.to_json() for one in self.differences],
            "fixed": [one.to_json() for one in self.fixed],
            "broken": [one.to_json() for one in self.broken],
            "failed": list(self.failed),
            "recovered": list(self.recovered),
            "parallel": list(self.parallel),
            "changed": list(self.changed),
            "not_compared": list(self.not_compared),
        }


def compare(before: RunFolder, after: RunFolder, *, common: bool = False) -> Comparison:
    """Compares two runs. With `common`, those of different sets by the questions that are the same in both.

    Raises EvaluationError where the sets differ and `common` is not given, and where no question is in both.
    """
    digests = [run.summary.about.get("question_set", {}).get("digest") for run in (before, after)]
    if digests[0] != digests[1] and not common:
        raise EvaluationError(
            f"{before.path} and {after.path} are runs of different question sets.",
            "Run one of them again, or compare the questions that both have with --common.",
        )
    old, new = ({one.case.question.id: one.case for one in run.cases} for run in (before, after))
    pairs = [(old[name], case) for name, case in new.items() if name in old and _ruler(old[name]) == _ruler(case)]
    if not pairs:
        raise EvaluationError(f"{before.path} and {after.path} have no question in common.", "Name two runs of a set.")
    scores = [(score_case(one), score_case(other)) for one, other in pairs]
    groups: dict[str, list[int]] = {ALL: list(range(len(pairs)))}
    for number, (_, case) in enumerate(pairs):
        groups.setdefault(case.direction, []).append(number)
    found = [
        _difference(metric, group, [scores[at] for at in groups[group]])
        for group in sorted(groups, key=lambda name: (name != ALL, name))
        for metric in COMPARED
    ]
    changes = [
        Change(case.question.id, case.question.question, metric, first, second, _said(was), _said(case))
        for (was, case), (one, other) in zip(pairs, scores, strict=True)
        for metric in TELLING
        if (first := one[metric]) is not None and (second := other[metric]) is not None and first != second
    ]
    changes.sort(key=lambda change: (change.gain, change.id, change.metric))
    return Comparison(
        before=str(before.path),
        after=str(after.path),
        cases=len(pairs),
        left_out=len(old.keys() | new.keys()) - len(pairs),
        differences=tuple(_corrected(found)),
        fixed=tuple(change for change in reversed(changes) if change.gain > 0),
        broken=tuple(change for change in changes if change.gain < 0),
        failed=_only_asked(pairs),
        recovered=_only_asked([(case, was) for was, case in pairs]),
        parallel=(before.summary.parallel, after.summary.parallel),
        changed=_changed(before.summary.about, after.summary.about),
    )


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What was run otherwise: mode, models, documents, versions and each setting, as `name: before → after`."""
    named = (QUESTION_LIMIT, "mode", "models", "corpus_digest", "index_digest", "versions", "configuration")
    found = []
    for key in named:
        one, other = before.get(key), after.get(key)
        if key == QUESTION_LIMIT:  # none is the whole set
            one, other = one or "none", other or "none"
        if not isinstance(one, Mapping) or not isinstance(other, Mapping):
            pairs = [(key, one, other)]
        else:
            pairs = [(name, one.get(name), other.get(name)) for name in sorted({*one, *other})]
        found += [f"{name}: {_short(was)} → {_short(now)}" for name, was, now in pairs if was != now]
    return tuple(found)


def _short(value: object) -> str:
    text = "not recorded" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:12]}…"


def sign_flip_p(differences: Sequence[float]) -> float:
    """Two-sided probability of a mean at least as far from 0, were the signs of the differences chance.

    Differences of 0 have no sign. Exact where that takes no more than DRAWS sums, and where all are of one size: their
    sum is then told by how many are above 0, which is binomial. Else by seeded draws.
    """
    from scipy.stats import binomtest, permutation_test

    signed = np.array([one for one in differences if one != 0], dtype=np.float64)
    if len(signed) < 2:  # one difference is as far from 0 with either sign
        return 1.0
    if np.ptp(np.abs(signed)) == 0:
        return float(binomtest(int((signed > 0).sum()), len(signed)).pvalue)
    result = permutation_test(
        (signed,), np.mean, permutation_type="samples", n_resamples=DRAWS, vectorized=True, axis=0,
        batch=max(1, 4_000_000 // len(signed)), rng=np.random.default_rng(SEED),
    )  # fmt: skip
    return float(result.pvalue)


def holm(probabilities: Sequence[float]) -> list[float]:
    """The probabilities corrected for being tested together (Holm 1979), in the order given."""
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    corrected, least = [0.0] * len(order), 0.0
    for rank, at in enumerate(order):
        least = max(least, min(1.0, (len(order) - rank) * probabilities[at]))
        corrected[at] = least
    return corrected


def _difference(
    metric: str, group: str, scores: Sequence[tuple[Mapping[str, float | None], Mapping[str, float | None]]]
) -> Difference:
    both = [
        (first, second)
        for one, other in scores
        if (first := one[metric]) is not None and (second := other[metric]) is not None
    ]
    if not both:
        return Difference(metric, group, 0, None, None, None, None, None)
    first, second = np.array(both, dtype=np.float64).T
    change = (second - first).tolist()
    spread = estimate(change)
    return Difference(
        metric, group, len(both), float(first.mean()), float(second.mean()), spread.low, spread.high,
        sign_flip_p(change), differing=sum(one != 0 for one in change),
    )  # fmt: skip


def _corrected(found: Sequence[Difference]) -> list[Difference]:
    """Holm's correction over those that could come out below SIGNIFICANT at all; the others are the same."""
    tested = [one for one in found if one.p is not None and 2.0 ** (1 - one.differing) < SIGNIFICANT]
    corrected = dict(zip(map(id, tested), holm([one.p for one in tested if one.p is not None]), strict=True))
    return [replace(one, corrected=None if one.p is None else corrected.get(id(one), 1.0)) for one in found]


def _ruler(case: Case) -> Question:
    """The question with all that it is measured by: where answers or documents were changed, so was the ruler."""
    return replace(case.question, notes=None, pair=None)


def _only_asked(pairs: Sequence[tuple[Case, Case]]) -> tuple[str, ...]:
    return tuple(one.question.id for one, other in pairs if one.status == "asked" and other.status != "asked")


def _said(case: Case) -> str:
    """The answer of a case, in brief: its first quote or sentence."""
    if case.answer is None:
        return case.error or ""
    return case.answer.statements[0].text if case.answer.statements else "—"
