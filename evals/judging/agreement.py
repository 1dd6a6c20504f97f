"""How far a judge, and the product's own check of statements, agree with people, and people with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evals.errors import EvaluationError, LabelsError
from evals.judging.figures import judged_run
from evals.judging.kappa import Agreement, agreement
from evals.judging.labels import SCALES, Labelled, Labels
from evals.run_folder import RunFolder
from rag.types import Answer, Statement

ALL = "all"

_PAIRS = (("human", "human2"), ("human", "judge"), ("human2", "judge"), ("human", "product"), ("human2", "product"))

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two raters, and their agreement over all languages ("all") and in each; `unpaired` rows have one label only."""

    first: str
    second: str
    unpaired: int
    groups: Mapping[str, Agreement]

    def to_json(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "second": self.second,
            "unpaired": self.unpaired,
            "groups": {name: found.to_json() for name, found in self.groups.items()},
        }


@dataclass(frozen=True, slots=True)
class Agreements:
    """The agreement of every two raters, of `rows` rows; `judge` is the model whose judgments were compared."""

    scale: str
    rows: int
    unlabelled: int
    judge: str | None
    pairs: tuple[Pair, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "labels_of": self.scale,
            "rows": self.rows,
            "unlabelled": self.unlabelled,
            "judge": self.judge,
            "pairs": [pair.to_json() for pair in self.pairs],
        }


def agreements(labels: Labels, run: RunFolder | None = None) -> Agreements:
    """People's labels against each other, the judge's of `run` or of the file, and the product's own.

    The product judges statements alone: one that it shows as in doubt, or that it took out, it does not hold for
    supported. Raises LabelsError for a row that does not fit the run, and EvaluationError where there is nothing to
    compare.
    """
    given: dict[str, dict[Key, str]] = {"human": {}, "human2": {}, "judge": {}, "product": {}}
    for row in labels.rows:
        for rater, label in (("human", row.human), ("human2", row.human2), ("judge", row.judge)):
            if label is not None:
                given[rater][row.key] = label
    languages = {row.key: row.language for row in labels.rows}
    judge = None
    if run is not None:
        if labels.with_judge:
            raise LabelsError(labels.path, ["it has the judge's labels"], "Leave out the column, or --run.")
        languages |= _languages(labels, run)
        judge = _judgments(run, labels, given["judge"])
        if labels.scale == "support":
            answers = {one.case.question.id: one.case.answer for one in run.cases}
            for row in labels.rows:
                given["product"][row.key] = _support(row, answers[row.id])
    nameless = [f"{row.place}: no language" for row in labels.rows if languages[row.key] is None]
    if nameless:
        raise LabelsError(labels.path, nameless, "Give it in a column 'language', or name the run with --run.")
    known = {key: str(language) for key, language in languages.items()}
    pairs = [_pair(one, other, given, known, labels) for one, other in _PAIRS if given[one] and given[other]]
    if not pairs:
        raise EvaluationError(
            f"There is nothing to compare {labels.path} with.",
            "Have the run judged (`tawthiq eval judge`) and name it with --run, or give a column 'judge' or 'label2'.",
        )
    unlabelled = sum(row.human is None for row in labels.rows)
    return Agreements(labels.scale, len(labels.rows), unlabelled, judge, tuple(pairs))


def _pair(
    first: str, second: str, given: Mapping[str, Mapping[Key, str]], languages: Mapping[Key, str], labels: Labels
) -> Pair:
    keys = [row.key for row in labels.rows]
    both = [key for key in keys if key in given[first] and key in given[second]]
    either = [key for key in keys if key in given[first] or key in given[second]]
    groups = {ALL: both}
    for language in sorted({languages[key] for key in both}):
        groups[language] = [key for key in both if languages[key] == language]
    return Pair(
        first,
        second,
        len(either) - len(both),
        {
            name: agreement(
                [given[first][key] for key in members], [given[second][key] for key in members], SCALES[labels.scale]
            )
            for name, members in groups.items()
        },
    )


def _languages(labels: Labels, run: RunFolder) -> dict[Key, str | None]:
    """The language of every row, the file's own before that of the run's question.

    Raises LabelsError for ids that are not of the run, and for statements that their answers do not have.
    """
    cases = {one.case.question.id: one.case for one in run.cases}
    problems = []
    found: dict[Key, str | None] = {}
    for row in labels.rows:
        case = cases.get(row.id)
        if case is None:
            problems.append(f"{row.place}: {row.id!r} is no case of {run.path}")
            continue
        found[row.key] = row.language or case.question.language
        count = 0 if case.answer is None else len(_statements(case.answer))
        if row.statement is not None and row.statement > count:
            problems.append(f"{row.place}: the answer of {row.id!r} has {count} statements")
    if problems:
        raise LabelsError(labels.path, problems)
    return found


def _judgments(run: RunFolder, labels: Labels, given: dict[Key, str]) -> str | None:
    """Fills `given` with the judge's labels; its name, None where the run was never judged."""
    judged = judged_run(run)
    if judged is None:
        return None
    if judged.stale:
        raise EvaluationError(f"{run.path} was asked anew since it was judged.", "Judge it again.")
    for row in labels.rows:
        judgment = judged.judgments.get(row.id)
        if judgment is None:
            continue
        if row.statement is None and judgment.verdict is not None:
            given[row.key] = judgment.verdict
        elif row.statement is not None and row.statement <= len(judgment.supported):
            given[row.key] = judgment.supported[row.statement - 1]
    return str(judged.about["pin"].get("model"))


def _statements(answer: Answer) -> tuple[Statement, ...]:
    """What people number: the statements that are shown, then those that were taken out."""
    return answer.statements + answer.removed


def _support(row: Labelled, answer: Answer | None) -> str:
    assert answer is not None
    assert row.statement is not None
    place = row.statement - 1
    shown = place < len(answer.statements) and answer.statements[place].support in ("quoted", "supported")
    return "supported" if shown else "unsupported"
