"""Going on with a run that was cut off: what was asked already is kept, if it is the same run.

A run's folder holds `run.json`, written before the first question: what is asked, of what, and how. A folder with cases
and no summary was cut off; when its `run.json` says the same as the run that begins there, its cases are taken over,
in whatever order they were asked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import CASES_FILE, SUMMARY_FILE, Case
from evals.whole_files import write_whole
from rag.types import DocumentSummary

RUN_FILE = "run.json"
QUESTION_LIMIT = "question_limit"
"""How many questions of the set were drawn; None where the whole set is asked."""
_PARALLEL = "parallel"
"""A key of `run.json` that is no part of what a run is: it changes the times, not the answers."""


class RunInterrupted(KeyboardInterrupt):
    """A run that somebody ended: `done` of `total` cases are in `out`. `goes_on`: the same call asks the rest alone."""

    def __init__(self, out: Path, done: int, total: int, goes_on: bool) -> None:
        super().__init__(f"{done} of {total} cases are in {out}")
        self.out = out
        self.done = done
        self.total = total
        self.goes_on = goes_on


def corpus_digest(documents: Iterable[DocumentSummary]) -> str:
    """SHA-256 (hex) of what the documents are: their ids, metadata and the digests of their texts, in no order."""
    rows = sorted(json.dumps(one.to_json(), sort_keys=True, ensure_ascii=True) for one in documents)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def write_identity(out: Path, identity: Mapping[str, Any], parallel: int) -> None:
    """Writes what the run in `out` is. Raises OSError."""
    data = {**identity, _PARALLEL: parallel}
    write_whole(out / RUN_FILE, json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def differences(out: Path, identity: Mapping[str, Any]) -> tuple[str, ...]:
    """In what the run that is in `out` is another than `identity`: the names of what differs; none where there is none.

    A configuration that is not known (a server's) is not compared.
    """
    try:
        earlier = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))
        now = json.loads(json.dumps(identity)).items()
        known = {key: value for key, value in now if value is not None or key == QUESTION_LIMIT}
        return tuple(key.replace("_", " ") for key, value in known.items() if earlier.get(key, value) != value)
    except (OSError, ValueError, AttributeError):
        return ()


def kept_cases(out: Path, identity: Mapping[str, Any], prepared: Sequence[Case]) -> tuple[list[Case], int]:
    """The cases of `prepared` that a run cut off in `out` has answered, as its file orders them; none of another run.

    Beside them, how many it asked at a time. A line that is only half there, and what the engine failed on, are asked
    again; of several lines of a case, the first that will do is kept.
    """
    if (out / SUMMARY_FILE).exists():
        return [], 1
    try:
        earlier = json.loads((out / RUN_FILE).read_text(encoding="utf-8"))
        parallel = int(earlier.pop(_PARALLEL, 1))
        if earlier != json.loads(json.dumps(identity)):
            return [], 1
        lines = (out / CASES_FILE).read_bytes().split(b"\n")
    except (OSError, ValueError, TypeError, AttributeError):
        return [], 1
    wanted = {case.question.id: case for case in prepared}
    kept: dict[str, Case] = {}
    for line in lines:
        try:
            found = Case.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        case = wanted.get(found.question.id)
        if case is not None and _answers(found, case):
            kept.setdefault(found.question.id, found)
    return list(kept.values()), parallel


def put_in_order(cases_file: Path, written: Sequence[str], wanted: Sequence[str]) -> None:
    """Rewrites a file whose lines are the cases `written` (ids) so that they are in the order `wanted`.

    Raises OSError, and leaves what was there.
    """
    if list(written) == list(wanted):
        return
    lines = dict(zip(written, cases_file.read_bytes().decode().split("\n"), strict=False))
    write_whole(cases_file, "".join(f"{lines[name]}\n" for name in wanted))


def _answers(found: Case, case: Case) -> bool:
    """Whether a recorded case is `case`, asked: the same question of the same documents, and not failed."""
    same = found.question == case.question and found.expected == case.expected
    return same and found.status == case.status
