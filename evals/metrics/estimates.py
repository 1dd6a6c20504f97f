"""From the values of single cases to figures: means with bootstrap intervals, percentiles of times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

RESAMPLES = 2000
SEED = 20230630
Z = 1.959964
"""The normal distribution's 97.5th percentile."""
_CHUNK = 4_000_000
"""Random numbers drawn at once: bounds memory at 32 MB whatever the size of the set."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` scored cases, with the bounds of its 95% interval; `unscored` cases are in neither.

    `mean` is None when nothing was scored, the bounds also when n is 1: one case says nothing about spread. When every
    value is the same, and not 0 or 1, the interval has no width, however few the cases are: read it beside n.
    """

    mean: float | None
    n: int
    unscored: int
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {key: round(value, 6) if isinstance(value, float) else value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Estimate:
        return cls(**data)


def estimate(
    values: Sequence[float | None], *, share: bool = False, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """Mean and percentile-bootstrap 95% interval (2.5th and 97.5th percentile of resampled means) of scored `values`.

    Resampling says nothing where all values are the same. Of a `share` whose values are all 0 or all 1 the interval is
    Wilson's (1927): two answers of two that are right leave room down to .34.

    The generator is seeded anew for each estimate, so the same values give the same interval on every machine.
    """
    scored = np.array([value for value in values if value is not None], dtype=np.float64)
    n = len(scored)
    unscored = len(values) - n
    if n == 0:
        return Estimate(None, 0, unscored)
    mean = float(scored.mean())
    if n == 1:
        return Estimate(mean, 1, unscored)
    if scored.min() == scored.max():
        low, high = _wilson(mean, n) if share and mean in (0.0, 1.0) else (mean, mean)
        return Estimate(mean, n, unscored, low, high)
    generator = np.random.default_rng(seed)
    rows = max(1, _CHUNK // n)
    means = np.concatenate(
        [
            scored[generator.integers(0, n, size=(min(rows, resamples - done), n))].mean(axis=1)
            for done in range(0, resamples, rows)
        ]
    )
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(mean, n, unscored, float(low), float(high))


def _wilson(mean: float, n: int) -> tuple[float, float]:
    """Wilson's 95% interval of `n` cases that are all alike: `mean` is 0 or 1."""
    room = Z * Z / (n + Z * Z)
    return (0.0, room) if mean == 0 else (1 - room, 1.0)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds: median, 95th percentile (linear interpolation) and the number of measurements."""

    p50: float | None
    p95: float | None
    n: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Latency:
        return cls(**data)


def latency(milliseconds: Sequence[float]) -> Latency:
    """The latency of `milliseconds`; nothing measured gives None, not 0."""
    if not milliseconds:
        return Latency(None, None, 0)
    p50, p95 = np.percentile(milliseconds, [50, 95])
    return Latency(round(float(p50), 2), round(float(p95), 2), len(milliseconds))
