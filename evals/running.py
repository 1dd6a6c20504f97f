"""The figures of a run while it goes on: running means, what failed, and how long the rest will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evals.cases import Case

MAIN_METRICS = ("contained", "Success@5", "false_answers")
"""What is told while a run goes on: is the answer there, is its document, is it silent where it should be."""


@dataclass(frozen=True, slots=True)
class RunningMean:
    """The mean of a metric over the `n` cases scored so far."""

    metric: str
    mean: float
    n: int


@dataclass(frozen=True, slots=True)
class SoFar:
    """Where a run stands. `means` are of the main metrics that some case was scored by; `seconds_left` may be unknown.

    Cases come in the order of the set or as they are done, not at random: a running mean is no estimate with an
    interval, and the summary's figures may differ from all of them.
    """

    means: tuple[RunningMean, ...]
    failed: int
    seconds_left: float | None


class RunningFigures:
    """Adds up the cases of a run, `to_ask` of which are still to be asked when it begins."""

    def __init__(self, to_ask: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._to_ask = to_ask
        self._clock = clock
        self._began = clock()
        self._asked = self._failed = 0
        self._sums = dict.fromkeys(MAIN_METRICS, 0.0)
        self._counts = dict.fromkeys(MAIN_METRICS, 0)

    def add(self, case: Case, scores: Mapping[str, float | None], *, kept: bool = False) -> None:
        """Counts a case; a `kept` one was asked by an earlier run and says nothing of how long the others take."""
        if case.status != "invalid":
            self._asked += not kept
            self._failed += case.status == "failed"
        for name in MAIN_METRICS:
            if (score := scores.get(name)) is not None:
                self._sums[name] += score
                self._counts[name] += 1

    def so_far(self) -> SoFar:
        """Where the run stands now."""
        left = None
        if self._asked:
            left = (self._clock() - self._began) / self._asked * max(0, self._to_ask - self._asked)
        means = tuple(
            RunningMean(name, self._sums[name] / self._counts[name], self._counts[name])
            for name in MAIN_METRICS
            if self._counts[name]
        )
        return SoFar(means, self._failed, left)
