"""Calibration: of the questions given a probability p of being answerable, is a share p answerable?

Reliability diagrams and the expected calibration error over bins of equal width, as in Naeini, Cooper and Hauskrecht,
"Obtaining Well Calibrated Probabilities Using Bayesian Binning" (AAAI 2015), and Guo, Pleiss, Sun and Weinberger, "On
Calibration of Modern Neural Networks" (ICML 2017, arXiv:1706.04599). The event here is "the question is answerable".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases whose probability is in [low, high), the last bin with its end: how many, what was said, what was so.

    `predicted` is their mean probability, `observed` the share that is true; both None in an empty bin.
    """

    low: float
    high: float
    count: int
    predicted: float | None
    observed: float | None


def reliability(probabilities: Sequence[float], outcomes: Sequence[bool], bins: int = BINS) -> tuple[Bin, ...]:
    """`bins` bins of equal width over [0, 1]. Raises ValueError for a probability outside, or lengths that differ."""
    if any(not 0 <= probability <= 1 for probability in probabilities):
        raise ValueError("A probability is outside [0, 1].")
    members: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probability, outcome in zip(probabilities, outcomes, strict=True):
        members[min(int(probability * bins), bins - 1)].append((probability, outcome))
    return tuple(
        Bin(
            position / bins,
            (position + 1) / bins,
            len(inside),
            sum(probability for probability, _ in inside) / len(inside) if inside else None,
            sum(outcome for _, outcome in inside) / len(inside) if inside else None,
        )
        for position, inside in enumerate(members)
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float | None:
    """The mean distance between what was predicted and what was observed, weighted by count; None without cases."""
    total = sum(one.count for one in bins)
    if not total:
        return None
    return sum(
        one.count / total * abs(one.observed - one.predicted)
        for one in bins
        if one.observed is not None and one.predicted is not None
    )
