"""What a judge said of each case, and how it is kept beside the run.

`judge.json` holds the pin, written before the first question and again, with the figures, at the end; `judgments.jsonl`
a line for each case, written as soon as it is known. Judging that was cut off goes on where it was, by the same pin.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import CASES_FILE
from evals.errors import EvaluationError
from evals.judging.verdicts import CORRECTNESS, SUPPORT, Correctness, Support

JUDGE_FILE = "judge.json"
JUDGMENTS_FILE = "judgments.jsonl"

VALUES: Mapping[Correctness, float] = {"correct": 1.0, "partly": 0.5, "incorrect": 0.0}
AGAIN = "Give --restart to judge anew."


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a case has no verdict of one part, "correctness" or "support", in one line."""

    part: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judgment:
    """One line of `judgments.jsonl`. Each repeat gave a verdict, or the part failed and has none at all.

    `correctness` and `reasons` have an entry for each repeat, `support` a row of one verdict for each statement; both
    are empty where the part was not judged or failed. `plain`: the server refused temperature or seed.
    """

    id: str
    correctness: tuple[Correctness, ...] = ()
    reasons: tuple[str, ...] = ()
    support: tuple[tuple[Support, ...], ...] = ()
    failures: tuple[Failure, ...] = ()
    plain: bool = False
    usage: Mapping[str, int | float | str] | None = None

    @property
    def verdict(self) -> Correctness | None:
        """What most repeats said; where as many said another, the stricter of them."""
        return majority(self.correctness, CORRECTNESS) if self.correctness else None

    @property
    def supported(self) -> tuple[Support, ...]:
        """The verdict on each statement, as `verdict`."""
        return tuple(majority(said, SUPPORT) for said in zip(*self.support, strict=True))

    def scores(self) -> dict[str, float | None]:
        """`judged_correct` (1, .5, 0) and `judged_supported` (share of statements); None is unscored."""
        verdict, supported = self.verdict, self.supported
        return {
            "judged_correct": None if verdict is None else VALUES[verdict],
            "judged_supported": supported.count("supported") / len(supported) if supported else None,
        }

    def agreement(self) -> dict[str, float | None]:
        """The share of repeats that said what most said, of each score; over all statements for support."""
        rows = list(zip(*self.support, strict=True))
        return {
            "judged_correct": _agreeing(self.correctness) if self.correctness else None,
            "judged_supported": sum(_agreeing(said) for said in rows) / len(rows) if rows else None,
        }

    def reason(self) -> str:
        """What the first repeat that agreed with the verdict gave as its reason."""
        pairs = zip(self.correctness, self.reasons, strict=True)
        return next((reason for verdict, reason in pairs if verdict == self.verdict and reason), "")

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "verdict": self.verdict,
            "correctness": list(self.correctness),
            "reasons": list(self.reasons),
            "support": [list(row) for row in self.support],
            "scores": self.scores(),
            "failures": [{"part": one.part, "kind": one.kind, "reason": one.reason} for one in self.failures],
            "plain": self.plain,
            "usage": None if self.usage is None else dict(self.usage),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Judgment:
        """The judgment that `to_json` wrote. Raises KeyError, TypeError or ValueError on anything else."""
        said = cls(
            id=str(data["id"]),
            correctness=tuple(data["correctness"]),
            reasons=tuple(data["reasons"]),
            support=tuple(tuple(row) for row in data["support"]),
            failures=tuple(Failure(**one) for one in data["failures"]),
            plain=bool(data["plain"]),
            usage=data["usage"],
        )
        verdicts = {verdict for row in said.support for verdict in row}
        if not set(said.correctness) <= set(CORRECTNESS) or not verdicts <= set(SUPPORT):
            raise ValueError("a verdict that is none")
        if len(said.reasons) != len(said.correctness) or len({len(row) for row in said.support}) > 1:
            raise ValueError("half a judgment")
        return said


def majority(said: Sequence[Any], order: Sequence[Any]) -> Any:
    """What most of `said` are; of several that are as many, the last in `order`, the strictest."""
    counts = Counter(said)
    return max(counts, key=lambda verdict: (counts[verdict], order.index(verdict)))


def _agreeing(said: Sequence[str]) -> float:
    return Counter(said).most_common(1)[0][1] / len(said)


def cases_digest(folder: Path) -> str:
    """SHA-256 (hex) of the recorded cases: judgments are of these answers and no others."""
    try:
        return hashlib.sha256((folder / CASES_FILE).read_bytes()).hexdigest()
    except OSError as error:
        raise EvaluationError(f"{folder / CASES_FILE} cannot be read: {error.strerror}.") from None


def read_judge(folder: Path) -> dict[str, Any] | None:
    """What `judge.json` holds, None where the run was never judged. Raises EvaluationError where it is damaged."""
    file = folder / JUDGE_FILE
    if not file.exists():
        return None
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(data, dict) and isinstance(data["pin"], dict) and isinstance(data["judges_itself"], bool):
            return data
    except OSError as error:
        raise EvaluationError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, RecursionError):
        pass
    raise EvaluationError(f"{file} is not what a judge wrote.", AGAIN)


def read_judgments(folder: Path, *, cut_off: bool = False) -> list[Judgment]:
    """The judgments beside a run, in the order of their lines.

    Raises EvaluationError, naming the line, where one is damaged; with `cut_off`, what comes before it is returned.
    """
    file = folder / JUDGMENTS_FILE
    found: list[Judgment] = []
    try:
        lines = file.read_bytes().split(b"\n") if file.exists() else []
    except OSError as error:
        raise EvaluationError(f"{file} cannot be read: {error.strerror}.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(Judgment.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            if cut_off:
                break
            raise EvaluationError(f"{file}, line {number}: not a judgment, or only half of one.", AGAIN) from None
    return found


def line_of(judgment: Judgment) -> str:
    return json.dumps(judgment.to_json(), ensure_ascii=False) + "\n"
