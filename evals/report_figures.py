"""What a report's plots are drawn from: pure functions of a run that is read already."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.calibration import Bin, reliability
from evals.metrics import FAMILIES, METRICS
from evals.run_folder import RunFolder
from evals.summary import Figures, Summary

DISTRIBUTION_BINS = 20
LATENCY_BINS = 24


@dataclass(frozen=True, slots=True)
class Slot:
    """A bar of a histogram: its bounds on the axis, as shares of the axis' length, and what it counts."""

    start: float
    end: float
    count: int


@dataclass(frozen=True, slots=True)
class LatencyPlot:
    """A histogram over a logarithmic axis of milliseconds; `ticks` and `marks` are (share of the axis, label)."""

    slots: tuple[Slot, ...]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[tuple[float, str], ...]
    highest: int


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """A run in the history: `started` is its ISO time, `same_set` whether it asked the very same questions."""

    name: str
    started: str
    same_set: bool
    figures: Figures
    current: bool = False


def families(summary: Summary) -> dict[str, tuple[str, ...]]:
    """The names of the metrics that were measured, by family, as they are shown; unknown ones are answers'.

    A metric of which nothing was scored in any group is left out, so that a run in quotes mode has no empty columns.
    """
    measured = [name for name, figure in summary.overall.items() if figure.mean is not None]
    names = [*(name for name in METRICS if name in measured), *(name for name in measured if name not in METRICS)]
    found: dict[str, tuple[str, ...]] = {}
    for family in FAMILIES:
        found[family] = tuple(n for n in names if (METRICS[n].family if n in METRICS else "answers") == family)
    return {family: members for family, members in found.items() if members}


def _probabilities(run: RunFolder) -> list[tuple[float, bool]]:
    """(probability that the question is answerable, whether it is) of every case whose answer gives one."""
    return [
        (min(max(scored.case.answer.answerable_probability, 0.0), 1.0), scored.case.question.answerable)
        for scored in run.cases
        if scored.case.answer is not None and scored.case.answer.answerable_probability is not None
    ]


def reliability_of(run: RunFolder) -> tuple[Bin, ...]:
    """The reliability diagram of a run's `answerable_probability`, over ten bins."""
    pairs = _probabilities(run)
    return reliability([probability for probability, _ in pairs], [answerable for _, answerable in pairs])


def distribution_of(run: RunFolder) -> dict[bool, tuple[Slot, ...]]:
    """Histograms of `answerable_probability` for answerable (True) and unanswerable (False) questions."""
    pairs = _probabilities(run)
    found = {}
    for kind in (True, False):
        counts = [0] * DISTRIBUTION_BINS
        for probability, answerable in pairs:
            if answerable is kind:
                counts[min(int(probability * DISTRIBUTION_BINS), DISTRIBUTION_BINS - 1)] += 1
        found[kind] = tuple(
            Slot(position / DISTRIBUTION_BINS, (position + 1) / DISTRIBUTION_BINS, count)
            for position, count in enumerate(counts)
        )
    return found


def latency_plot(run: RunFolder) -> LatencyPlot | None:
    """The times of asked questions, None where none was measured. The axis is logarithmic: a few are far slower."""
    times = [
        scored.case.elapsed_ms
        for scored in run.cases
        if scored.case.status == "asked" and scored.case.elapsed_ms is not None and scored.case.elapsed_ms > 0
    ]
    if not times:
        return None
    low, high = math.log10(min(times)) - 0.05, math.log10(max(times)) + 0.05

    def place(milliseconds: float) -> float:
        return (math.log10(milliseconds) - low) / (high - low)

    counts = [0] * LATENCY_BINS
    for time in times:
        counts[min(int(place(time) * LATENCY_BINS), LATENCY_BINS - 1)] += 1
    steps = [factor * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for factor in (1, 2, 5)]
    inside = [step for step in steps if 0 <= place(step) <= 1]
    if len(inside) > 8:
        inside = [step for step in inside if math.log10(step).is_integer()]
    latency = run.summary.latency_ms
    return LatencyPlot(
        slots=tuple(Slot(n / LATENCY_BINS, (n + 1) / LATENCY_BINS, count) for n, count in enumerate(counts)),
        ticks=tuple((place(step), f"{step:g}") for step in inside),
        marks=tuple(
            (min(max(place(value), 0.0), 1.0), f"{name} {value:.0f}")
            for name, value in (("p50", latency.p50), ("p95", latency.p95))
            if value
        ),
        highest=max(counts),
    )


def history_of(run: RunFolder, others: Sequence[tuple[str, Summary]]) -> tuple[HistoryPoint, ...]:
    """`run` among the (name, summary) of `others`, by the time when each was started; empty without others."""
    if not others:
        return ()
    digest = _digest(run.summary)
    points = [HistoryPoint(name, _started(one), _digest(one) == digest, one.overall) for name, one in others]
    points.append(HistoryPoint(run.path.name, _started(run.summary), True, run.summary.overall, current=True))
    return tuple(sorted(points, key=lambda point: (point.started, point.current)))


def _digest(summary: Summary) -> object:
    question_set = summary.about.get("question_set")
    return question_set.get("digest") if isinstance(question_set, Mapping) else None


def _started(summary: Summary) -> str:
    return str(summary.about.get("started") or "")
