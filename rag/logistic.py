"""The logistic models of this project: weighed signals as a probability."""

from __future__ import annotations

import math
from collections.abc import Iterable
from operator import mul

FARTHEST = 30.0
"""Log odds beyond which a probability is no surer."""


def weighed(signals: Iterable[float], weights: Iterable[float]) -> float:
    """What the signals come to: log odds, where the weights were fitted as such."""
    return float(sum(map(mul, signals, weights)))


def probability(signals: Iterable[float], weights: Iterable[float]) -> float:
    """How probable what the signals speak of is, 0 to 1; the constant is a signal of 1."""
    return of_odds(weighed(signals, weights))


def of_odds(odds: float) -> float:
    """The probability of log odds, 0 to 1."""
    return 1 / (1 + math.exp(-max(-FARTHEST, min(FARTHEST, odds))))


def odds(chance: float, least: float) -> float:
    """The log odds of a probability, which counts for no nearer to 0 or 1 than `least`."""
    kept = min(1 - least, max(least, chance))
    return math.log(kept / (1 - kept))
