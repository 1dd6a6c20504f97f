"""The figures of a run: every metric over all cases, per direction and per tag, with what could not be scored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.cases import Case, CaseStatus
from evals.metrics import METRICS, score_case
from evals.metrics.estimates import Estimate, Latency, estimate, latency

SCHEMA = 1
"""Version of `summary.json`; raised only when a key changes its meaning or goes."""

Figures = Mapping[str, Estimate]
"""Metric name to its estimate."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. `about` says what was run: question set with digest, configuration, versions, machine.

    `failures` (the engine raised) and `problems` (set and corpus do not fit) are (case id, what happened); such cases
    are in no figure: each metric counts them as unscored. Latency is of single questions; `first_token_ms` of those
    whose answer a language model streamed. Both were slowed by others where several were asked at a time (`parallel`).
    """

    about: Mapping[str, Any]
    cases: int
    asked: int
    failures: tuple[tuple[str, str], ...]
    problems: tuple[tuple[str, str], ...]
    overall: Figures
    directions: Mapping[str, Figures]
    tags: Mapping[str, Figures]
    latency_ms: Latency
    first_token_ms: Latency

    @property
    def parallel(self) -> int:
        """How many questions were asked at a time; above 1 the times are not comparable with those of other runs."""
        asked = self.about.get("parallel")
        return asked if isinstance(asked, int) else 1

    @property
    def part(self) -> tuple[int, int] | None:
        """How many questions of how many were drawn from the set; None where the whole set was run."""
        whole = self.about.get("question_set", {}).get("questions")
        return (self.cases, whole) if isinstance(whole, int) and self.cases < whole else None

    @property
    def sound(self) -> bool:
        """Whether every case could be asked and every quote was verbatim: below this, no figure is worth reading."""
        verbatim = self.overall["verbatim_rate"].mean
        return not self.failures and not self.problems and verbatim in (None, 1.0)

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            **self.about,
            "cases": {
                "total": self.cases,
                "asked": self.asked,
                "failed": len(self.failures),
                "invalid": len(self.problems),
            },
            "failures": [{"id": case, "error": error} for case, error in self.failures],
            "problems": [{"id": case, "error": error} for case, error in self.problems],
            "sound": self.sound,
            "metrics": {
                "all": _figures_to_json(self.overall),
                "directions": {name: _figures_to_json(figures) for name, figures in self.directions.items()},
                "tags": {name: _figures_to_json(figures) for name, figures in self.tags.items()},
            },
            "latency_ms": self.latency_ms.to_json(),
            "first_token_ms": self.first_token_ms.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Summary:
        """The summary that `to_json` wrote. Raises KeyError or TypeError on anything else."""
        own = {"schema", "cases", "failures", "problems", "sound", "metrics", "latency_ms", "first_token_ms"}
        metrics = data["metrics"]
        return cls(
            about={key: value for key, value in data.items() if key not in own},
            cases=data["cases"]["total"],
            asked=data["cases"]["asked"],
            failures=tuple((f["id"], f["error"]) for f in data["failures"]),
            problems=tuple((p["id"], p["error"]) for p in data["problems"]),
            overall=_figures_from_json(metrics["all"]),
            directions={name: _figures_from_json(figures) for name, figures in metrics["directions"].items()},
            tags={name: _figures_from_json(figures) for name, figures in metrics["tags"].items()},
            latency_ms=Latency.from_json(data["latency_ms"]),
            first_token_ms=Latency.from_json(data["first_token_ms"]) if "first_token_ms" in data else latency([]),
        )


def summarise(cases: Sequence[Case], about: Mapping[str, Any]) -> Summary:
    """The figures of `cases`; scores are computed here, from what was recorded."""
    directions: dict[str, list[int]] = defaultdict(list)
    tags: dict[str, list[int]] = defaultdict(list)
    for number, case in enumerate(cases):
        directions[case.direction].append(number)
        for tag in case.question.tags:
            tags[tag].append(number)
    figures = _Figures(cases)
    return Summary(
        about=about,
        cases=len(cases),
        asked=sum(case.status == "asked" for case in cases),
        failures=_errors(cases, "failed"),
        problems=_errors(cases, "invalid"),
        overall=figures.of(range(len(cases))),
        directions={name: figures.of(directions[name]) for name in sorted(directions)},
        tags={name: figures.of(tags[name]) for name in sorted(tags)},
        latency_ms=latency([c.elapsed_ms for c in cases if c.status == "asked" and c.elapsed_ms is not None]),
        first_token_ms=latency([c.first_token_ms for c in cases if c.first_token_ms is not None]),
    )


def _errors(cases: Iterable[Case], status: CaseStatus) -> tuple[tuple[str, str], ...]:
    return tuple((case.question.id, case.error or "") for case in cases if case.status == status)


class _Figures:
    """The figures of groups of cases; each case is scored once."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases
        self._scores = [score_case(case) for case in cases]

    def of(self, numbers: Sequence[int]) -> dict[str, Estimate]:
        """Every metric of the cases with these `numbers`."""
        members = [self._cases[number] for number in numbers]
        return {
            name: metric.over(members, self._cases)
            if metric.over
            else estimate([self._scores[number][name] for number in numbers], share=metric.unit == "share")
            for name, metric in METRICS.items()
        }


def _figures_to_json(figures: Figures) -> dict[str, Any]:
    return {name: figure.to_json() for name, figure in figures.items()}


def _figures_from_json(data: Mapping[str, Any]) -> dict[str, Estimate]:
    return {name: Estimate.from_json(figure) for name, figure in data.items()}
