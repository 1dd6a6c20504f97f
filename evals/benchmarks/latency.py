"""How long a question takes: warm in a loaded engine, and cold in a fresh process.

    python -m evals.benchmarks.latency [--home DIR | --samples] [--repeat N] [--cold N] [--json]

Warm: every bundled question, asked `--repeat` times in quotes mode in this process after one unmeasured round. Cold:
wall time of `python -m ui.cli ask QUESTION`, from process start to exit, median of `--cold` runs after one unmeasured
run, which may have to read everything from disk for the first time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
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
from evals.question_set import load_question_set

COLD_LIMIT_S = 300


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Wall seconds of one `ask` in a fresh process: all runs, and their median."""

    median_s: float | None
    runs_s: tuple[float, ...]


def measure_warm(engine: Respondent, questions: list[str], repeat: int) -> Latency:
    """Milliseconds of `engine.ask` in quotes mode over `questions`, `repeat` times each, after one unmeasured round."""
    times: list[float] = []
    for turn in range(repeat + 1):
        for question in questions:
            start = time.perf_counter()
            engine.ask(question, mode="quotes")
            if turn:
                times.append((time.perf_counter() - start) * 1000)
    return latency(times)


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
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--home", type=Path, help="ask over this home, which nothing else may hold")
    place.add_argument(
        "--samples", action="store_true", help="ask over the sample corpus in a fresh home (the default)"
    )
    parser.add_argument("--repeat", type=int, default=5, help="warm rounds over the bundled questions (default 5)")
    parser.add_argument("--cold", type=int, default=5, help="cold runs; 0 leaves them out (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    arguments = parser.parse_args()
    if arguments.repeat < 1 or arguments.cold < 0:
        parser.error("--repeat is at least 1, --cold at least 0")
    try:
        result = _measure(arguments.home, arguments.repeat, arguments.cold)
    except TawthiqError as error:
        print(error, file=sys.stderr)
        return 1
    warm, cold = result
    if arguments.json:
        machine = {"platform": platform.platform(), "cores": os.cpu_count()}
        print(json.dumps({"warm_ms": warm.to_json(), "cold": asdict(cold), "machine": machine}, ensure_ascii=False))
        return 0
    table = Table("", "p50", "p95", "n", box=None, padding=(0, 2, 0, 0))
    table.add_row("warm question, engine loaded", f"{warm.p50} ms", f"{warm.p95} ms", str(warm.n))
    if cold.median_s is not None:
        table.add_row(
            "cold `tawthiq ask`", f"{cold.median_s} s", f"{max(cold.runs_s)} s (slowest)", str(len(cold.runs_s))
        )
    Console().print(table)
    return 0


def _measure(home: Path | None, repeat: int, runs: int) -> tuple[Latency, ColdStart]:
    from rag.engine import Engine

    questions = [q.question for q in load_question_set(question_sets.path("samples")).questions]
    with ExitStack() as stack:
        folder = home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tawthiq-latency-")))
        with Engine.open(folder, command="latency benchmark") as engine:
            if home is None:
                engine.ingest([sample_documents()])
            engine.warm()
            warm = measure_warm(engine, questions, repeat)
        return warm, measure_cold(folder, questions, runs)  # the engine is closed: one process owns a home


if __name__ == "__main__":
    sys.exit(main())
