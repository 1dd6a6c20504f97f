"""Whether a run may be released: floors that are committed beside a question set, and a run to be no worse than.

A floors file holds, for each metric over all cases and per direction, the value below which it may not fall (above
which, where lower is better), the digest of the set that it was pinned on, and every change of it with its reason.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.compare import ALL, compare
from evals.errors import EvaluationError
from evals.metrics import METRICS
from evals.metrics.estimates import Estimate
from evals.run_folder import RunFolder
from evals.summary import Summary, summarise
from evals.whole_files import write_whole

TOLERANCE = 1e-6
ANEW = "Restore it, or move it away and pin floors from a run with --raise."
EXACT = frozenset(("verbatim_rate",))
"""Metrics with no slack: one quote that is not verbatim is one too many."""


@dataclass(frozen=True, slots=True)
class Breach:
    """Why a run does not pass: `metric` over `group` has `value`, and `floor` is wanted (None where unscored)."""

    metric: str
    group: str
    value: float | None
    floor: float | None
    reason: str

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Floors:
    """Floors: `values` by group and metric, for the set of `digest`; `history` of what was changed, and why."""

    digest: str
    values: Mapping[str, Mapping[str, float]]
    history: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"question_set": self.digest, "floors": self.values, "history": list(self.history)}


def read_floors(path: Path) -> Floors:
    """The floors in the file at `path`.

    Raises EvaluationError where there is none, where it is no such file, and where it would hold nothing: no floor in
    it, or one that is no number from 0 to 1.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        floors = Floors(str(data["question_set"]), data["floors"], tuple(data["history"]))
        for group, values in floors.values.items():
            for metric, value in values.items():
                if metric not in METRICS or not _is_share(value):
                    raise EvaluationError(
                        f"{path}: {metric} of {group} is no floor: a metric, and a number from 0 to 1.",
                        "Correct the file.",
                    )
    except OSError as error:
        raise EvaluationError(
            f"The floors {path} cannot be read: {error.strerror}.", "Pin them from a run with --raise."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EvaluationError(f"{path} is not a file of floors.", ANEW) from None
    if not any(floors.values.values()):
        raise EvaluationError(f"{path} holds no floor.", ANEW)
    return floors


def write_floors(floors: Floors, path: Path) -> None:
    """Writes the file, whole or not at all. Raises EvaluationError."""
    try:
        write_whole(path, json.dumps(floors.to_json(), ensure_ascii=False, indent=2) + "\n")
    except OSError as error:
        raise EvaluationError(f"The floors {path} cannot be written: {error.strerror}.", "Name another file.") from None


def digest_of(run: RunFolder) -> str:
    """The digest of the question set of a run."""
    return str(run.summary.about.get("question_set", {}).get("digest"))


def breaches(run: RunFolder, floors: Floors | None, baseline: RunFolder | None = None) -> list[Breach]:
    """Everything for which a run may not pass: none, and it passes. Figures are counted anew from the run's cases.

    Floors are of the whole set: a run of a part of it is not measured by them, and does not pass. Raises
    EvaluationError where the floors are for another state of the set, and what `compare` raises.
    """
    found = []
    measured_now = _counted(run)
    if not measured_now.sound:
        found.append(Breach("sound", ALL, None, None, "a case failed or does not fit, or a quote is not verbatim"))
    if floors is not None and measured_now.part:
        found.append(Breach("questions", ALL, None, None, _part(run)))
    elif floors is not None:
        if floors.digest != digest_of(run):
            raise EvaluationError(
                f"The question set of {run.path} is not the one that the floors were pinned on.",
                "If it was changed on purpose, pin floors for it anew: --repin --reason '…'.",
            )
        groups = _figures(measured_now)
        for group, values in floors.values.items():
            measured = groups.get(group, {})
            for metric, floor in values.items():
                value = measured[metric].mean if metric in measured else None
                if value is None:
                    found.append(Breach(metric, group, None, floor, "it was not measured"))
                elif _worse(metric, value, floor, TOLERANCE):
                    found.append(Breach(metric, group, value, floor, "worse than its floor"))
    if baseline is not None:
        found += [
            Breach(one.metric, one.group, one.after, one.before, f"worse than the baseline (p {one.corrected:.3g})")
            for one in compare(baseline, run).differences
            if one.verdict == "worse"
        ]
    return found


def pinned(run: RunFolder) -> dict[str, dict[str, float]]:
    """The floors that a run gives: its figures less what one case more or fewer makes of a mean over n (1/n).

    Another processor rounds otherwise, and may turn a case; quotes are verbatim on all.
    """
    found: dict[str, dict[str, float]] = {}
    for group, figures in _figures(_counted(run)).items():
        for metric, figure in figures.items():
            if figure.mean is None or METRICS[metric].unit != "share":
                continue
            slack = 0.0 if metric in EXACT else 1 / figure.n
            better = METRICS[metric].better == "higher"
            value = max(0.0, figure.mean - slack) if better else min(1.0, figure.mean + slack)
            found.setdefault(group, {})[metric] = round(value, 6)
    return found


def raised(floors: Floors | None, run: RunFolder) -> Floors:
    """The floors with those raised that the run allows; none is lowered. Without floors, those of the run.

    Raises EvaluationError where the set has changed, where the run is not sound, and where it falls below a floor.
    """
    _must_be_sound(run)
    if floors is None:
        return Floors(digest_of(run), pinned(run), (_entry("pinned", "the first floors"),))
    if floors.digest != digest_of(run):
        raise EvaluationError(
            "These floors were pinned on another state of the question set.", "Pin them anew: --repin --reason '…'."
        )
    below = breaches(run, floors)
    if below:
        raise EvaluationError(
            f"{run.path} falls below {len(below)} of these floors, first: {next(failing(below))}. None was raised.",
            "Raise floors by a run that passes; lower one with --lower and a reason.",
        )
    values = {group: dict(figures) for group, figures in floors.values.items()}
    history = list(floors.history)
    for group, figures in pinned(run).items():
        for metric, value in figures.items():
            old = values.get(group, {}).get(metric)
            if old is None or _worse(metric, old, value, TOLERANCE):
                values.setdefault(group, {})[metric] = value
                history.append(_entry("raised", "", metric, group, old, value))
    return Floors(floors.digest, values, tuple(history))


def lowered(floors: Floors, metric: str, group: str, value: float, reason: str) -> Floors:
    """The floors with one lowered, and the reason kept.

    Raises EvaluationError without a reason, for a floor that is not there, and for a value that is not from 0 to 1 or
    not lower.
    """
    if not reason.strip():
        raise EvaluationError("A floor is not lowered without a reason.", "Give one: --reason '…'.")
    if not _is_share(value):
        raise EvaluationError(f"{value:g} is no floor.", "Give a number from 0 to 1.")
    old = floors.values.get(group, {}).get(metric)
    if old is None:
        known = ", ".join(sorted(floors.values.get(group, floors.values)))
        raise EvaluationError(f"There is no floor {metric} of {group}.", f"There are: {known}.")
    if not _worse(metric, value, old, 0.0):
        raise EvaluationError(f"{value:g} is not below the floor of {metric}, {old:g}.", "Raise floors with --raise.")
    values = {**floors.values, group: {**floors.values[group], metric: value}}
    return Floors(floors.digest, values, (*floors.history, _entry("lowered", reason, metric, group, old, value)))


def repinned(floors: Floors, run: RunFolder, reason: str) -> Floors:
    """Floors anew, for a set that was changed; the reason is kept. Raises EvaluationError."""
    _must_be_sound(run)
    if not reason.strip():
        raise EvaluationError("Floors are not pinned anew without a reason.", "Give one: --reason '…'.")
    return Floors(digest_of(run), pinned(run), (*floors.history, _entry("repinned", reason)))


def _must_be_sound(run: RunFolder) -> None:
    if not _counted(run).sound:
        raise EvaluationError(f"{run.path} is no sound run: no floor is taken from it.", "See what failed in it.")
    if run.summary.part:
        drawn, whole = run.summary.part
        raise EvaluationError(
            f"{run.path} asked {drawn} of the set's {whole} questions: no floor is taken from a part.",
            "Run the whole set, without --question-limit.",
        )


def _part(run: RunFolder) -> str:
    drawn, whole = run.summary.part or (0, 0)
    return f"{drawn} of the set's {whole} questions were asked, and floors are of the whole set"


def _counted(run: RunFolder) -> Summary:
    """The run's figures by the metrics of today: the recorded ones are of the version that asked."""
    return summarise([one.case for one in run.cases], run.summary.about)


def _figures(summary: Summary) -> dict[str, Mapping[str, Estimate]]:
    return {ALL: summary.overall, **summary.directions}


def _is_share(value: object) -> bool:
    """Whether it is a number from 0 to 1; NaN, which nothing is below, is not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1


def _worse(metric: str, value: float, than: float, tolerance: float) -> bool:
    return value < than - tolerance if METRICS[metric].better == "higher" else value > than + tolerance


def _entry(
    what: str, reason: str, metric: str | None = None, group: str | None = None, old: float | None = None,
    new: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    entry = {"date": datetime.now(UTC).date().isoformat(), "change": what, "reason": reason, "metric": metric,
             "group": group, "from": old, "to": new}  # fmt: skip
    return {key: value for key, value in entry.items() if value not in (None, "")}


def moved(before: Floors | None, after: Floors) -> list[str]:
    """A line for each floor that is not what it was."""
    old = {} if before is None else before.values
    return [
        f"{metric} ({group}): {'none' if was is None else f'{was:.3f}'} → {value:.3f}"
        for group, figures in after.values.items()
        for metric, value in figures.items()
        if (was := old.get(group, {}).get(metric)) != value
    ]


def failing(found: list[Breach]) -> Iterator[str]:
    """A line for each breach."""
    for one in found:
        value = "–" if one.value is None else f"{one.value:.3f}"
        floor = "" if one.floor is None else f", wanted {one.floor:.3f}"
        yield f"{one.metric} ({one.group}): {value}{floor}: {one.reason}"
