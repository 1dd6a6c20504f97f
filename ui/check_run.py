"""Checking a list of claims, one after the other, so that a run that was cut off goes on where it stopped.

Every result is appended, as it comes, to a file of JSON lines beside the output. A line is believed for the same claim,
filters and home, at the same generation of the index.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.claims.verdicts import Verdict
from rag.errors import InvalidQuery
from rag.types import SCHEMA, Filters, Progress
from ui.wire import filters_to_json

if TYPE_CHECKING:
    from rag.engine import Engine
    from ui.remote import RemoteEngine


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one claim of a list: its verdict, or in one line why it has none; neither for an empty one."""

    claim: str
    verdict: Verdict | None = None
    problem: str = ""

    @property
    def state(self) -> str:
        """The verdict; "empty" or "unchecked" where there is none."""
        if self.verdict is not None:
            return self.verdict.verdict
        return "unchecked" if self.problem else "empty"

    @property
    def unclear(self) -> str | None:
        """Why the verdict is unclear, where it is."""
        return self.verdict.unclear if self.verdict is not None else None

    def to_json(self) -> dict[str, Any]:
        if self.verdict is not None:
            return self.verdict.to_json()
        problem = {"error": self.problem} if self.problem else {}
        return {"claim": self.claim, "verdict": None, "citations": [], **problem}


def check_all(
    engine: Engine | RemoteEngine,
    claims: Sequence[str],
    filters: Filters | None,
    progress: Callable[[Progress], None],
    memory: Path | None = None,
) -> Iterator[Outcome]:
    """The outcome of each claim, in order, without related passages, which would outweigh the rest.

    The same claim is checked once; `memory` is the file of earlier results.
    """
    generation = engine.generation
    known = _remembered(memory, generation) if memory is not None else {}
    for number, claim in enumerate(claims):
        progress(Progress("checking", number, len(claims), " ".join(claim.split())))
        if not claim:
            yield Outcome(claim)
            continue
        key = _key(claim, filters, engine.home)
        if key not in known:
            try:
                known[key] = Outcome(claim, replace(engine.check(claim, filters), passages=()))
            except InvalidQuery as error:
                known[key] = Outcome(claim, problem=str(error))
            if memory is not None:
                _remember(memory, key, generation, known[key])
        yield known[key]
    progress(Progress("checking", len(claims), len(claims)))


def memory_beside(out: Path) -> Path:
    """Where the results of a run that writes `out` are kept while it lasts, and after."""
    return out.with_name(f"{out.name}.progress.jsonl")


def _key(claim: str, filters: Filters | None, home: Path) -> str:
    said = json.dumps([SCHEMA, claim, filters_to_json(filters), str(home)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _remembered(memory: Path, generation: int) -> dict[str, Outcome]:
    """The outcomes in `memory` that still hold. A line that was cut off, or altered, is none."""
    found: dict[str, Outcome] = {}
    try:
        lines = memory.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    for line in lines:
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            kept = json.loads(line)
            if kept["generation"] == generation:
                found[kept["key"]] = _outcome(kept["outcome"])
    return found


def _outcome(data: Mapping[str, Any]) -> Outcome:
    if data["verdict"] is None:
        return Outcome(data["claim"], problem=str(data["error"]))
    return Outcome(data["claim"], Verdict.from_json(data))


def _remember(memory: Path, key: str, generation: int, outcome: Outcome) -> None:
    line = json.dumps({"key": key, "generation": generation, "outcome": outcome.to_json()}) + "\n"
    with memory.open("a+b") as file:
        # A line that a crash cut off must not swallow this one.
        if file.tell() and _last_byte(memory) != b"\n":
            line = "\n" + line
        file.write(line.encode())


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1)
