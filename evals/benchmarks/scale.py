"""How the time from a question to ranked passages grows with the corpus: synthetic passages in real indexes.

    python -m evals.benchmarks.scale [--sizes 1000,10000,…] [--work DIR] [--out DIR] [--plot PNG] [--per-document N]
    python -m evals.benchmarks.scale --filters [--sizes 50000] …

A size is a home of that many passages of 700 characters, half Arabic, half English (`evals.benchmarks.synthetic`),
built once below `--work` and used again when it is there. Each is measured in a fresh process: the bundled questions,
three times over (twice with a word more, so that nothing can be remembered), each through the engine's own retriever
and encoder. `--filters` measures filters that let 1 to 99 in 100 documents through instead, beside none. Writes
`scale.json` and `scale.md` (or `filters.*`) to `--out`; the plot needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from functools import partial, wraps
from pathlib import Path
from typing import Any

import numpy as np

from corpus.catalog import Catalog
from evals import question_sets
from evals.benchmarks.synthetic import BATCH, FIRST_DAY, PUBLISHERS, Corpus, build_home
from evals.metrics.estimates import latency
from evals.question_set import load_question_set
from rag.engine import Engine
from rag.settings import load_settings
from rag.types import Filters

SIZES = (1_000, 10_000, 50_000, 100_000, 1_000_000)
ROUNDS = 3
LIMIT = 10
RECALL_AT = 40
RECALL_QUERIES = 50

Result = dict[str, Any]


def questions(corpus: Corpus) -> list[str]:
    """The bundled questions, `ROUNDS` times: as they are, then each with one more word of its language."""
    asked = [(q.question, q.language) for q in load_question_set(question_sets.path("samples")).questions]
    found = [question for question, _ in asked]
    for turn in range(1, ROUNDS):
        found += [f"{question} {corpus.word(language, 100 * turn + n)}" for n, (question, language) in enumerate(asked)]
    return found


def measured(search: Callable[[str], object], asked: Sequence[str]) -> list[float]:
    """Milliseconds of each search, after ten unmeasured."""
    for question in asked[-10:]:
        search(question)
    times = []
    for question in asked:
        began = time.perf_counter()
        search(question)
        times.append((time.perf_counter() - began) * 1000)
    return times


@contextmanager
def split(engine: Engine) -> Iterator[dict[str, float]]:
    """Seconds spent in each part while the block runs, what a part calls in another counted there only."""
    spent: dict[str, float] = {}
    stack: list[float] = []
    undo: list[tuple[type, str, Any]] = []

    def timed(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def inner(*arguments: Any, **named: Any) -> Any:
            stack.append(0.0)
            began = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                whole = time.perf_counter() - began
                spent[part] = spent.get(part, 0.0) + whole - stack.pop()
                if stack:
                    stack[-1] += whole

        return inner

    index = engine.index()
    parts: dict[type, str] = {
        type(engine.encoder()): "embedding",
        type(index.dense): "dense",
        type(index.lexical): "lexical",
        type(index): "manifest",
        Catalog: "catalogue",
        type(engine.retriever()): "ranking",
    }
    for kind, part in parts.items():
        for name, member in list(vars(kind).items()):
            if callable(member) and not name.startswith("_") and not isinstance(member, type):
                undo.append((kind, name, member))
                setattr(kind, name, timed(part, member))
    try:
        yield spent
    finally:
        for kind, name, member in undo:
            setattr(kind, name, member)


def recall(engine: Engine, corpus: Corpus, passages: int, asked: Sequence[str]) -> float:
    """Of the `RECALL_AT` nearest Arabic passages by exact cosine, the share that the dense index finds, on average."""
    encoder, dense = engine.encoder(), engine.index().dense
    queries = np.stack([encoder.encode_query(question) for question in asked[:RECALL_QUERIES]])
    best: list[list[tuple[float, str]]] = [[] for _ in queries]
    for batch in corpus.batches(passages, texts=False):
        rows = [n for n, passage in enumerate(batch) if passage.language == "ar"]
        scores = queries @ np.stack([batch[n].vector for n in rows]).T
        for query, row in enumerate(scores):
            top = np.argpartition(-row, min(RECALL_AT, len(row) - 1))[:RECALL_AT]
            found = [(float(row[n]), batch[rows[n]].key) for n in top]
            best[query] = sorted(best[query] + found, reverse=True)[:RECALL_AT]
    shares = []
    for query, exact in zip(queries, best, strict=True):
        keys = {key for key, _ in dense.search("ar", query, RECALL_AT)}
        shares.append(sum(key in keys for _, key in exact) / len(exact))
    return round(float(np.mean(shares)), 4)


def megabytes(folder: Path) -> dict[str, int]:
    """Megabytes of each part of a home."""
    parts = {
        "catalogue": folder.glob("catalog.sqlite*"),
        "manifest": folder.glob("index/manifest.sqlite*"),
        "dense": folder.glob("index/chroma/**/*"),
        "lexical": folder.glob("index/lexical/**/*"),
    }
    return {name: round(sum(f.stat().st_size for f in files if f.is_file()) / 1e6) for name, files in parts.items()}


def peak_memory() -> int:
    """Megabytes of memory that this process held at most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3))  # macOS counts bytes, Linux kilobytes


def measure_size(home: Path, passages: int, per_document: float) -> Result:
    """What a question costs over a built home. Run it in a process of its own: memory is the process's."""
    with Engine.open(home, settings=load_settings(), command="scale benchmark") as engine:
        engine.warm()
        corpus = Corpus(engine.encoder(), per_document, home)
        asked = questions(corpus)
        retriever = engine.retriever()
        times = latency(measured(lambda question: retriever.retrieve(question, LIMIT), asked))
        whole = latency(measured(lambda question: engine.search(question, LIMIT), asked))
        with split(engine) as spent:
            measured(lambda question: retriever.retrieve(question, LIMIT), asked)
        memory = peak_memory()
        count = len(asked) + 10
        return {
            "passages": passages,
            "documents": len(engine.documents()),
            "retrieve_ms": times.to_json(),
            "search_ms": whole.to_json(),
            "mean_ms": {part: round(seconds * 1000 / count, 2) for part, seconds in spent.items()},
            "peak_memory_mb": memory,
            "disk_mb": megabytes(home),
            f"dense_recall_at_{RECALL_AT}": recall(engine, corpus, passages, asked),
        }


def filter_cases(documents: Sequence[str]) -> dict[str, Filters]:
    """Filters that let known shares of a synthetic home through."""
    names = [f"publisher {n}" for n in range(PUBLISHERS)]
    some = np.random.default_rng(3).permutation(len(documents))
    half = tuple(documents[n] for n in some[: len(documents) // 2])
    return {
        "none": Filters(),
        "one document": Filters(documents=(documents[0],)),
        "1% by publisher": Filters(publishers=(names[0],)),
        "10% by publisher": Filters(publishers=tuple(names[: PUBLISHERS // 10])),
        "10% by tag, all on one topic": Filters(tags=("topic 0",)),
        "50% by publisher": Filters(publishers=tuple(names[: PUBLISHERS // 2])),
        "50% by document ids": Filters(documents=half),
        "50% by language": Filters(languages=("ar",)),
        "50% by date": Filters(since=FIRST_DAY + timedelta(days=500)),
        "99% by publisher": Filters(publishers=tuple(names[1:])),
        "5% by publisher, language and date": Filters(
            publishers=tuple(names[: PUBLISHERS // 5]), languages=("en",), until=FIRST_DAY + timedelta(days=499)
        ),
        "nothing": Filters(since=date(2100, 1, 1)),
    }


def measure_filters(home: Path, passages: int, per_document: float) -> Result:
    """What a question costs under filters of every width."""
    with Engine.open(home, settings=load_settings(), command="scale benchmark") as engine:
        engine.warm()
        asked = questions(Corpus(engine.encoder(), per_document, home))
        retriever = engine.retriever()
        documents = [summary.document_id for summary in engine.documents()]
        cases: dict[str, Result] = {}
        for name, filters in filter_cases(documents).items():
            search = partial(retriever.retrieve, limit=LIMIT, filters=filters)
            times = latency(measured(search, asked))
            with split(engine) as spent:
                measured(partial(retriever.retrieve, limit=LIMIT, filters=filters), asked[:40])
            cases[name] = {
                "retrieve_ms": times.to_json(),
                "mean_ms": {part: round(seconds * 1000 / 50, 2) for part, seconds in spent.items()},
            }
        return {"passages": passages, "documents": len(documents), "filters": cases}


def apart(function: Callable[..., Result], *arguments: object) -> Result:
    """`function` in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def scale_table(results: Sequence[Result]) -> str:
    """The Markdown table of sizes."""
    parts = ("embedding", "dense", "lexical", "manifest", "catalogue", "ranking")
    lines = [
        "| passages | documents | p50 ms | p95 ms | with texts p50/p95 | "
        + " | ".join(parts)
        + f" | recall@{RECALL_AT} | peak memory MB | disk MB (catalogue, manifest, dense, lexical) | built/s |",
        "|" + "---:|" * 14,
    ]
    for r in results:
        times, whole, mean, disk = r["retrieve_ms"], r["search_ms"], r["mean_ms"], r["disk_mb"]
        lines.append(
            f"| {r['passages']:,} | {r['documents']:,} | {times['p50']} | {times['p95']} | "
            f"{whole['p50']}/{whole['p95']} | "
            + " | ".join(str(mean.get(part, 0.0)) for part in parts)
            + f" | {r[f'dense_recall_at_{RECALL_AT}']} | {r['peak_memory_mb']:,} | "
            f"{', '.join(f'{disk[name]:,}' for name in ('catalogue', 'manifest', 'dense', 'lexical'))} | "
            f"{r['build']['passages_per_second']} |"
        )
    return "\n".join(lines) + "\n"


def filters_table(results: Sequence[Result]) -> str:
    """The Markdown table of filters."""
    lines = [
        "| passages | documents | filter | p50 ms | p95 ms | where the time goes, ms |",
        "|---:|---:|---|---:|---:|---|",
    ]
    for r in results:
        for name, case in r["filters"].items():
            times = case["retrieve_ms"]
            mean = ", ".join(f"{part} {spent}" for part, spent in case["mean_ms"].items() if spent >= 0.05)
            lines.append(
                f"| {r['passages']:,} | {r['documents']:,} | {name} | {times['p50']} | {times['p95']} | {mean} |"
            )
    return "\n".join(lines) + "\n"


def plot(results: Sequence[Result], path: Path) -> None:
    """The curve: milliseconds by passages, the latter on a logarithmic axis. Needs matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    sizes = [r["passages"] for r in results]
    for name, style in (("p95", "o--"), ("p50", "o-")):
        axes.plot(sizes, [r["retrieve_ms"][name] for r in results], style, label=name)
    axes.set(xscale="log", xlabel="passages", ylabel="ms, question to ranked passages", ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)


def main() -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=None, help="passages, with commas between")
    parser.add_argument("--work", type=Path, help="where homes are built and kept (default: a temporary folder)")
    parser.add_argument("--out", type=Path, default=Path(), help="where results are written")
    parser.add_argument("--plot", type=Path, help="a PNG of the curve")
    parser.add_argument("--filters", action="store_true", help="measure filters instead of the curve")
    parser.add_argument("--per-document", type=float, default=2.5, help="passages a document (default 2.5)")
    options = parser.parse_args()
    default = (50_000,) if options.filters else SIZES
    sizes = [int(size.replace("_", "")) for size in options.sizes.split(",")] if options.sizes else list(default)
    results = []
    with ExitStack() as stack:
        work = options.work or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tawthiq-scale-")))
        for size in sizes:
            home = work / f"{size}-{options.per_document:g}"
            built = apart(build_home, home, size, options.per_document)
            measure = measure_filters if options.filters else measure_size
            results.append({**apart(measure, home, size, options.per_document), "build": built})
            print(filters_table(results[-1:]) if options.filters else scale_table(results[-1:]), flush=True)
    table = filters_table(results) if options.filters else scale_table(results)
    machine: Mapping[str, object] = {"platform": platform.platform(), "cores": os.cpu_count()}
    options.out.mkdir(parents=True, exist_ok=True)
    name = "filters" if options.filters else "scale"
    (options.out / f"{name}.md").write_text(table, encoding="utf-8")
    whole = {"machine": machine, "limit": LIMIT, "batch": BATCH, "results": results}
    (options.out / f"{name}.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    print(table)
    if options.plot and not options.filters:
        plot(results, options.plot)


if __name__ == "__main__":
    main()
