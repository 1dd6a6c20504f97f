"""From judgments to figures, with the same bootstrap as every other figure of a run; and those of a run's folder."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from evals.judging.judge import parts
from evals.judging.records import Judgment, cases_digest, read_judge, read_judgments
from evals.judging.verdicts import CORRECTNESS
from evals.metrics.estimates import Estimate, estimate
from evals.run_folder import RunFolder
from evals.summary import Figures

JUDGED: Mapping[str, str] = MappingProxyType(
    {
        "judged_correct": "answers that a model judged correct",
        "judged_supported": "statements that a model judged supported",
    }
)
"""The metrics that need a judge, and their labels. Kept apart from `evals.metrics.METRICS`, which need no model."""


@dataclass(frozen=True, slots=True)
class JudgeFigures:
    """What judgments come to.

    `judged` cases have a verdict in every part that was asked, `failed` lack one; `left` of the `eligible` were not
    asked. `plain`: cases judged without temperature or seed. `agreement`: the share of repeats that agree with the
    verdict, None where there was one only.
    """

    eligible: int
    judged: int
    left: int
    failed: tuple[Judgment, ...]
    plain: int
    verdicts: Mapping[str, int]
    overall: Figures
    directions: Mapping[str, Figures]
    tags: Mapping[str, Figures]
    agreement: Mapping[str, float | None]

    def to_json(self) -> dict[str, Any]:
        return {
            "counts": {
                "eligible": self.eligible,
                "judged": self.judged,
                "failed": len(self.failed),
                "left": self.left,
                "without_temperature_or_seed": self.plain,
                "verdicts": dict(self.verdicts),
            },
            "unscored": [
                {"id": one.id, "part": failure.part, "kind": failure.kind, "reason": failure.reason}
                for one in self.failed
                for failure in one.failures
            ],
            "metrics": {
                "all": _json(self.overall),
                "directions": {name: _json(figures) for name, figures in self.directions.items()},
                "tags": {name: _json(figures) for name, figures in self.tags.items()},
            },
            "repeats_agree": {
                name: None if share is None else round(share, 6) for name, share in self.agreement.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """A judge that has judged a run: what `judge.json` says of it, the judgments by case id, and their figures.

    `stale`: the run was asked anew since, so the judgments are of other answers, and there are none here.
    """

    about: Mapping[str, Any]
    judgments: Mapping[str, Judgment]
    figures: JudgeFigures
    stale: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics of which anything was scored."""
        return tuple(name for name in JUDGED if self.figures.overall[name].n)

    def scores(self, case_id: str) -> dict[str, float]:
        """What a case was given; nothing that is unscored."""
        judgment = self.judgments.get(case_id)
        scores = judgment.scores() if judgment else {}
        return {name: round(value, 4) for name, value in scores.items() if value is not None}

    def below(self, run: RunFolder) -> tuple[tuple[str, str, str, str], ...]:
        """(id, question, verdict, the judge's reason) of each case that was not judged correct, in the set's order."""
        found = []
        for scored in run.cases:
            judgment = self.judgments.get(scored.case.question.id)
            if judgment and judgment.verdict not in (None, "correct"):
                verdict = str(judgment.verdict)
                found.append((judgment.id, scored.case.question.question, verdict, judgment.reason()))
        return tuple(found)


def figures_of(run: RunFolder, judgments: Sequence[Judgment], repeats: int) -> JudgeFigures:
    """The figures of `judgments`, of cases of `run`; a case without one is unscored."""
    by_id = {one.id: one for one in judgments}
    everything: list[Mapping[str, float | None]] = []
    directions: dict[str, list[Mapping[str, float | None]]] = defaultdict(list)
    tags: dict[str, list[Mapping[str, float | None]]] = defaultdict(list)
    for scored in run.cases:
        case = scored.case
        judgment = by_id.get(case.question.id)
        scores = judgment.scores() if judgment else dict.fromkeys(JUDGED)
        everything.append(scores)
        directions[case.direction].append(scores)
        for tag in case.question.tags:
            tags[tag].append(scores)
    eligible = [scored.case.question.id for scored in run.cases if parts(scored.case)]
    failed = tuple(one for one in judgments if one.failures)
    shares = [one.agreement() for one in judgments]
    counts = Counter(one.verdict for one in judgments if one.verdict)
    return JudgeFigures(
        eligible=len(eligible),
        judged=len(judgments) - len(failed),
        left=len(set(eligible) - by_id.keys()),
        failed=failed,
        plain=sum(one.plain for one in judgments),
        verdicts={verdict: counts[verdict] for verdict in CORRECTNESS},
        overall=_figures(everything),
        directions={name: _figures(directions[name]) for name in sorted(directions)},
        tags={name: _figures(tags[name]) for name in sorted(tags)},
        agreement={name: _mean([one[name] for one in shares]) if repeats > 1 else None for name in JUDGED},
    )


def judged_run(run: RunFolder) -> Judged | None:
    """What a judge said of the run in a folder, None where none has. Raises EvaluationError for damaged files."""
    about = read_judge(run.path)
    if about is None:
        return None
    repeats = int(about["pin"].get("repeats") or 1)
    if about["pin"].get("cases") != cases_digest(run.path):
        return Judged(about, {}, figures_of(run, (), repeats), stale=True)
    judgments = read_judgments(run.path)
    return Judged(about, {one.id: one for one in judgments}, figures_of(run, judgments, repeats))


def _figures(scores: Sequence[Mapping[str, float | None]]) -> dict[str, Estimate]:
    return {name: estimate([one[name] for one in scores], share=True) for name in JUDGED}


def _json(figures: Figures) -> dict[str, Any]:
    return {name: figure.to_json() for name, figure in figures.items()}


def _mean(values: Sequence[float | None]) -> float | None:
    scored = [value for value in values if value is not None]
    return sum(scored) / len(scored) if scored else None
