"""The probability that the documents hold the answer, judged over many cases: does it rank, and is it what it says?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evals.calibration import expected_calibration_error, reliability
from evals.cases import Case
from evals.metrics.estimates import SEED, Estimate

RESAMPLES = 1000
Floats = NDArray[np.float64]


def auc(members: Sequence[Case], everything: Sequence[Case]) -> Estimate:
    """How probable it is that an answerable question of `members` has a higher probability than an unanswerable one.

    The area under the ROC curve, ties half: 0.5 is chance, 1 perfect. A direction has answerable questions alone; they
    are held against the unanswerable ones of `everything` in their languages. `n` counts the rarer kind, `unscored` the
    members without a probability. The interval resamples both kinds by themselves.
    """
    yes = [case for case in members if case.question.answerable]
    no = [case for case in members if not case.question.answerable]
    if yes and not no:
        languages = {case.question.language for case in yes}
        no = [case for case in everything if not case.question.answerable and case.question.language in languages]
    above, below = _probabilities(yes), _probabilities(no)
    unscored = len(members) - len(_probabilities(members))
    if not len(above) or not len(below):
        return Estimate(None, 0, len(members))
    low, high = _interval((above, below), lambda parts: area(parts[0], parts[1]))
    return Estimate(area(above, below), min(len(above), len(below)), unscored, low, high)


def calibration_error(members: Sequence[Case], everything: Sequence[Case]) -> Estimate:
    """The expected calibration error of `members` over ten bins (`evals.calibration`).

    Unscored unless both kinds are among them: of answerable questions alone any probability below 1 is an error. The
    interval resamples cases; the figure is biased upwards where cases are few, and so is the interval.
    """
    del everything
    scored = [case for case in members if case.answer is not None and case.answer.answerable_probability is not None]
    outcomes = np.array([case.question.answerable for case in scored], dtype=bool)
    if outcomes.all() or not outcomes.any():
        return Estimate(None, 0, len(members))
    values = np.column_stack((_probabilities(scored), outcomes))

    def error(parts: Sequence[Floats]) -> float:
        found = expected_calibration_error(reliability(parts[0][:, 0].tolist(), (parts[0][:, 1] > 0).tolist()))
        assert found is not None
        return found

    low, high = _interval((values,), error)
    return Estimate(error((values,)), len(scored), len(members) - len(scored), low, high)


def area(above: Floats, below: Floats) -> float:
    """The share of pairs of `above` and `below` in which the first is higher, ties half (Mann and Whitney 1947)."""
    ordered = np.sort(below)
    lower = np.searchsorted(ordered, above, side="left")
    not_higher = np.searchsorted(ordered, above, side="right")
    return float((lower + not_higher).sum() / (2 * len(above) * len(below)))


def _probabilities(cases: Sequence[Case]) -> Floats:
    answers = [case.answer for case in cases if case.answer is not None]
    found = [answer.answerable_probability for answer in answers if answer.answerable_probability is not None]
    return np.clip(np.array(found, dtype=np.float64), 0.0, 1.0)


def _interval(parts: Sequence[Floats], measure: Callable[[Sequence[Floats]], float]) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile of `measure` over resampled `parts`; seeded, so the same on every machine."""
    generator = np.random.default_rng(SEED)
    drawn = [measure([part[generator.integers(0, len(part), len(part))] for part in parts]) for _ in range(RESAMPLES)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)
