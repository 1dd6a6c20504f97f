"""How long a question takes: warm in a loaded engine, and cold in a fresh process.

    python -m evals.benchmarks.latency [--samples | --mixed-dev FOLDER] [--home DIR] [--cold N] [--json]

Warm: each distinct question asked once in quotes mode, in an order drawn by chance (the same each time), after a few
that are not counted: people ask no question twice, but several of a document. So the figure is told again for those
alone that are the first about their document, of which nothing is remembered. Cold: wall time of
`python -m ui.cli ask QUESTION`, from process start to exit, median of `--cold` runs after one unmeasured run, which may
have to read everything from disk for the first time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.errors import TawthiqError
from corpus.sources import sample_documents
from evals import question_sets
from evals.asking import Respondent
from evals.errors import EvaluationError
from evals.metrics.estimates import Latency, latency
from evals.question_set import Question, load_question_set

COLD_LIMIT_S = 300
UNCOUNTED = 8
"""Questions asked before any is counted: word lists are read from disk, and caches of words are empty."""


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Wall seconds of one `ask` in a fresh process: all runs, and their median."""

    median_s: float | None
    runs_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Warm:
    """Milliseconds of questions in a loaded engine: of all, and of the first about each document."""

    all: Latency
    first: Latency


def measure_warm(engine: Respondent, questions: Sequence[Question], uncounted: int = UNCOUNTED) -> Warm:
    """The time of `engine.ask` in quotes mode over the distinct `questions`, but for the `uncounted` asked first."""
    drawn = list({question.question: question for question in questions}.values())
    random.Random(0).shuffle(drawn)  # noqa: S311 - an order, no secret
    times: list[float] = []
    first: list[float] = []
    known: set[str] = set()
    for number, question in enumerate(drawn):
        start = time.perf_counter()
        engine.ask(question.question, mode="quotes")
        took = (time.perf_counter() - start) * 1000
        if number >= uncounted:
            times.append(took)
            if question.documents and known.isdisjoint(question.documents):
                first.append(took)
        known.update(question.documents)
    return Warm(latency(times), latency(first))


def measure_cold(home: Path, questions: list[str], runs: int) -> ColdStart:
    """Wall seconds of `ask` on `home` in `runs` fresh processes, after one unmeasured.

    Raises EvaluationError when the command fails: its time would be that of a failure.
    """
    times = []
    for turn in range(runs + 1 if runs else 0):
        question = questions[turn % len(questions)]
        ask = [sys.executable, "-m", "ui.cli", "ask", "--home", str(home), "--mode", "quotes", "--json", "--", question]
        start = time.perf_counter()
        done = subprocess.run(ask, capture_output=True, timeout=COLD_LIMIT_S, check=False)
        if done.returncode != 0:
            said = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
            raise EvaluationError(f"ask ended with exit code {done.returncode}: {said.strip()[-300:]}")
        if turn:
            times.append(round(time.perf_counter() - start, 3))
    return ColdStart(round(statistics.median(times), 3) if times else None, tuple(times))


def main() -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.latency", description=(__doc__ or "").split("\n")[0]
    )
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument(
        "--samples", action="store_true", help="the bundled questions, over the sample corpus (the default)"
    )
    asked.add_argument(
        "--mixed-dev", type=Path, metavar="FOLDER", help="the questions of FOLDER/questions.jsonl, over FOLDER/docs"
    )
    parser.add_argument(
        "--home", type=Path, help="ask over this home, which nothing else may hold; an empty one gets the documents"
    )
    parser.add_argument("--cold", type=int, default=5, help="cold runs; 0 leaves them out (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    arguments = parser.parse_args()
    if arguments.cold < 0:
        parser.error("--cold is at least 0")
    folder: Path | None = arguments.mixed_dev
    try:
        warm, cold = _measure(
            load_question_set(folder / "questions.jsonl" if folder else question_sets.path("samples")).questions,
            folder / "docs" if folder else sample_documents(),
            arguments.home,
            arguments.cold,
        )
    except TawthiqError as error:
        print(error, file=sys.stderr)
        return 1
    if arguments.json:
        machine = {"platform": platform.platform(), "cores": os.cpu_count()}
        figures = {"warm_ms": warm.all.to_json(), "warm_first_of_document_ms": warm.first.to_json()}
        print(json.dumps({**figures, "cold": asdict(cold), "machine": machine}, ensure_ascii=False))
        return 0
    table = Table("", "p50", "p95", "n", box=None, padding=(0, 2, 0, 0))
    for name, one in (("warm question, engine loaded", warm.all), ("the first about its document", warm.first)):
        table.add_row(name, f"{one.p50} ms", f"{one.p95} ms", str(one.n))
    if cold.median_s is not None:
        table.add_row(
            "cold `tawthiq ask`", f"{cold.median_s} s", f"{max(cold.runs_s)} s (slowest)", str(len(cold.runs_s))
        )
    Console().print(table)
    return 0


def _measure(questions: Sequence[Question], documents: Path, home: Path | None, runs: int) -> tuple[Warm, ColdStart]:
    from rag.engine import Engine

    with ExitStack() as stack:
        folder = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tawthiq-latency-")))
        with Engine.open(folder, command="latency benchmark") as engine:
            if not engine.documents():
                engine.ingest([documents])
            engine.warm()
            warm = measure_warm(engine, questions)
        # the engine is closed: one process owns a home
        return warm, measure_cold(folder, [question.question for question in questions], runs)


if __name__ == "__main__":
    sys.exit(main())
