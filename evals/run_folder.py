"""A run's folder, read again: its figures, its cases, and the scores that were recorded with each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import CASES_FILE, SUMMARY_FILE, Case
from evals.errors import EvaluationError
from evals.metrics import score_case
from evals.summary import SCHEMA, Summary


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """A case with its scores by metric; None is unscored."""

    case: Case
    scores: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A finished run: where it is, what it came to, and its cases in the order of the set."""

    path: Path
    summary: Summary
    cases: tuple[ScoredCase, ...]


def read_run_folder(path: str | Path) -> RunFolder:
    """The run in the folder `path`.

    Raises EvaluationError, in one line, where there is no such folder, where it is no run's, where the run was broken
    off (no summary, a line cut short, fewer cases than the summary counts), and where a newer Tawthiq wrote it.
    """
    path = Path(path)
    summary = read_summary(path)
    cases = _read_scored(path / CASES_FILE)
    if len(cases) != summary.cases:
        raise EvaluationError(
            f"{path} is half a run: its summary counts {summary.cases} cases, {CASES_FILE} holds {len(cases)}.",
            "Run the question set again.",
        )
    return RunFolder(path, summary, cases)


def read_summary(path: str | Path) -> Summary:
    """The figures of the run in the folder `path`. Raises EvaluationError as `read_run_folder` does."""
    path = Path(path)
    if not path.is_dir():
        problem = f"{path} is not a folder" if path.exists() else f"There is no folder {path}"
        raise EvaluationError(f"{problem}.", "Name the folder of a run.")
    file = path / SUMMARY_FILE
    if not file.exists():
        if (path / CASES_FILE).exists():
            raise EvaluationError(f"The run in {path} was not finished.", "Run the question set again.")
        raise EvaluationError(f"{path} holds no run.", "Name the folder that `tawthiq eval run --out` wrote.")
    try:
        data = json.loads(_read(file))
        schema = data["schema"]
        if isinstance(schema, int) and schema > SCHEMA:
            raise EvaluationError(f"{file} was written by a newer Tawthiq.", "Update Tawthiq.")
        return Summary.from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise EvaluationError(f"{file} is not the summary of a run.", "Run the question set again.") from None


def _read_scored(file: Path) -> tuple[ScoredCase, ...]:
    cases = []
    # Split at line feeds alone: U+2028 and its like may stand inside a JSON string.
    for number, line in enumerate(_read(file).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            cases.append(_scored(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise EvaluationError(
                f"{file}, line {number}: not a recorded case, or only half of one.", "Run the question set again."
            ) from None
    return tuple(cases)


def _scored(data: Mapping[str, Any]) -> ScoredCase:
    """The case and its recorded scores; a run that recorded none is scored now."""
    case = Case.from_json(data)
    recorded = data.get("scores")
    if not isinstance(recorded, Mapping):
        return ScoredCase(case, score_case(case))
    return ScoredCase(case, {name: None if value is None else float(value) for name, value in recorded.items()})


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EvaluationError(f"{file} cannot be read: {error.strerror}.", "Name the folder of a run.") from None
