"""Ragas over an exported run, in an environment of its own: no part of Tawthiq is imported here, nor can be.

    tawthiq eval export RUN --format ragas --out RUN/ragas.jsonl
    make ragas RUN=RUN       # the export too; builds .venv-ragas from requirements-ragas.lock
    .venv-ragas/bin/python -P evals/benchmarks/ragas_run.py RUN/ragas.jsonl --out RUN/ragas.json [--llm MODEL]

Ragas 0.4 wants openai 1 and a langchain-community older than 0.4.2: it cannot live beside Tawthiq. `-P` keeps the
modules of this folder from passing for somebody else's.

Without a model: how like the first reference the answer is (`non_llm_string_similarity`, `exact_match`,
`string_present`, `chrf_score`, `bleu_score`; `rouge_score` of English answers to English references alone, since its
tokenizer throws every Arabic letter away), whether the quotes are the reference sentences
(`non_llm_context_recall_of_quotes` and `…_precision_of_quotes`; of whole passages they would be 0 by their length
alone, since Ragas goes by edit distance), and whether the documents were found (`id_based_context_recall@k`, the same
as our R@k, and `id_based_context_precision@5`). With --llm, OPENAI_API_KEY and OPENAI_BASE_URL: `faithfulness` and
`factual_correctness`. What a metric fails on is unscored, with its reason, never 0. Intervals: bootstrap, 95%.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import math
import os
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

Score = Callable[[Mapping[str, Any]], Coroutine[Any, Any, float | None]]

SAME = {f"id_based_context_recall@{k}": f"R@{k}" for k in (1, 5, 10)}
"""Ragas' metrics that are defined as ours are."""
RESAMPLES, SEED = 2000, 20230630
_ARABIC = re.compile("[\u0600-\u06ff]")
_CALLS = 4


def metrics_without_model() -> dict[str, Score]:
    """Every metric that needs no model, as a function of an exported line; None where it does not apply."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ragas import SingleTurnSample
        from ragas.metrics import (
            BleuScore,
            ChrfScore,
            ExactMatch,
            IDBasedContextPrecision,
            IDBasedContextRecall,
            NonLLMContextPrecisionWithReference,
            NonLLMContextRecall,
            NonLLMStringSimilarity,
            RougeScore,
            StringPresence,
        )

    def scored(
        metric: Any, *needed: str, first: int | None = None, latin: bool = False, of_quotes: bool = False
    ) -> Score:
        async def score(row: Mapping[str, Any]) -> float | None:
            if any(not row.get(name) for name in needed):
                return None
            if latin and any(_ARABIC.search(row[name]) for name in needed):
                return None
            sample = {name: row[name] for name in needed}
            if of_quotes:
                sample["retrieved_contexts"] = sample.pop("quotes")
            if first is not None:
                sample["retrieved_context_ids"] = sample["retrieved_context_ids"][:first]
            return float(await metric.single_turn_ascore(SingleTurnSample(**sample)))

        return score

    texts, quotes = ("response", "reference"), ("quotes", "reference_contexts")
    ids = ("retrieved_context_ids", "reference_context_ids")
    found = {
        "non_llm_string_similarity": scored(NonLLMStringSimilarity(), *texts),
        "exact_match": scored(ExactMatch(), *texts),
        "string_present": scored(StringPresence(), *texts),
        "chrf_score": scored(ChrfScore(), *texts),
        "bleu_score": scored(BleuScore(), *texts),
        "rouge_score": scored(RougeScore(), *texts, latin=True),
        "non_llm_context_recall_of_quotes": scored(NonLLMContextRecall(), *quotes, of_quotes=True),
        "non_llm_context_precision_of_quotes": scored(NonLLMContextPrecisionWithReference(), *quotes, of_quotes=True),
        "id_based_context_precision@5": scored(IDBasedContextPrecision(), *ids, first=5),
    }
    return found | {name: scored(IDBasedContextRecall(), *ids, first=int(name.split("@")[1])) for name in SAME}


def metrics_with_model(model: str) -> dict[str, Score]:
    """The metrics that ask a model, of answers alone: Ragas takes the words of silence for an answer like another."""
    from openai import AsyncOpenAI
    from ragas.llms import llm_factory
    from ragas.metrics.collections import FactualCorrectness, Faithfulness

    client = AsyncOpenAI(api_key=os.environ.get("OPENAI_API_KEY") or "none", timeout=120, max_retries=1)
    llm = llm_factory(model, client=client, temperature=0)

    def scored(metric: Any, *needed: str) -> Score:
        async def score(row: Mapping[str, Any]) -> float | None:
            if row.get("status") != "answered" or any(not row.get(name) for name in needed):
                return None
            return float((await metric.ascore(**{name: row[name] for name in needed})).value)

        return score

    return {
        "faithfulness": scored(Faithfulness(llm=llm), "user_input", "response", "retrieved_contexts"),
        "factual_correctness": scored(FactualCorrectness(llm=llm), "response", "reference"),
    }


async def score_all(
    rows: Sequence[Mapping[str, Any]], metrics: Mapping[str, Score]
) -> tuple[list[dict[str, float | None]], list[dict[str, str]]]:
    """The scores of each row, and (id, metric, reason) of each that failed or gave no number."""
    failures: list[dict[str, str]] = []
    limit = asyncio.Semaphore(_CALLS)

    async def one(row: Mapping[str, Any], name: str, score: Score) -> float | None:
        async with limit:
            try:
                value = await score(row)
            except Exception as error:  # whatever Ragas, its libraries or a server raise: the others are scored
                reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            else:
                if value is None or math.isfinite(value):
                    return value
                reason = "no number"
        failures.append({"id": str(row.get("id")), "metric": name, "reason": reason})
        return None

    found = []
    for row in rows:
        values = await asyncio.gather(*(one(row, name, score) for name, score in metrics.items()))
        found.append(dict(zip(metrics, values, strict=True)))
    return found, failures


def estimate(values: Sequence[float | None]) -> dict[str, float | int | None]:
    """Mean, n and 95% interval, as Tawthiq computes them."""
    import numpy as np

    scored = np.array([value for value in values if value is not None], dtype=np.float64)
    n = len(scored)
    low = high = None
    if n > 1:
        draws = np.random.default_rng(SEED).integers(0, n, size=(RESAMPLES, n))
        low, high = (round(float(bound), 6) for bound in np.percentile(scored[draws].mean(axis=1), [2.5, 97.5]))
    mean = round(float(scored.mean()), 6) if n else None
    return {"mean": mean, "n": n, "unscored": len(values) - n, "low": low, "high": high}


def figures(rows: Sequence[Mapping[str, Any]], scores: Sequence[Mapping[str, float | None]]) -> dict[str, Any]:
    """Each metric over all and per direction; and beside ours where both are defined alike, with where they differ."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        groups[str(row.get("direction"))].append(place)
    names = list(scores[0]) if scores else []
    beside = {}
    for name, own in SAME.items():
        if name in names:
            ours = [row.get("scores", {}).get(own) for row in rows]
            theirs = [one[name] for one in scores]
            pairs = zip(rows, ours, theirs, strict=True)
            beside[own] = {
                "tawthiq": estimate(ours),
                "ragas": estimate(theirs),
                "ragas_metric": name,
                "differ": [row.get("id") for row, one, other in pairs if not _equal(one, other)],
            }
    return {
        "metrics": {
            name: {
                "all": estimate([one[name] for one in scores]),
                "directions": {
                    group: estimate([scores[place][name] for place in groups[group]]) for group in sorted(groups)
                },
            }
            for name in names
        },
        "beside": beside,
    }


def _equal(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, abs_tol=1e-9)


def read_export(path: Path) -> list[dict[str, Any]]:
    """The lines of an export. Ends the process, in one line, where it is none."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{path} cannot be read: {error}")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict) or not isinstance(row.get("user_input"), str):
                sys.exit(f"{path}, line {number}: no sample of Ragas; write it with `tawthiq eval export`.")
            rows.append(row)
    return rows or sys.exit(f"{path} holds no sample.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Ragas over a run that `tawthiq eval export` wrote.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the JSON to write, usually RUN/ragas.json")
    parser.add_argument("--llm", metavar="MODEL", help="also the metrics that ask this model (OPENAI_*)")
    arguments = parser.parse_args()
    os.environ.setdefault("RAGAS_DO_NOT_TRACK", "true")  # before it is imported: it would report what is measured
    rows = read_export(arguments.export)
    if arguments.llm and not (os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL")):
        sys.exit("--llm needs OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.")
    try:
        import ragas
    except ImportError as error:
        sys.exit(f"Ragas cannot be imported here ({error}); `make ragas RUN=…` builds an environment for it.")
    metrics = metrics_without_model() | (metrics_with_model(arguments.llm) if arguments.llm else {})
    scores, failures = asyncio.run(score_all(rows, metrics))
    found = figures(rows, scores)
    data = {
        "schema": 1,
        "ragas": ragas.__version__,
        "llm": arguments.llm,
        "export": {"samples": len(rows), "sha256": hashlib.sha256(arguments.export.read_bytes()).hexdigest()},
        **found,
        "failures": failures,
        "cases": {str(row.get("id")): one for row, one in zip(rows, scores, strict=True)},
    }
    part = arguments.out.with_name(f".{arguments.out.name}.part")
    part.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    part.replace(arguments.out)
    show(data)


def show(data: Mapping[str, Any]) -> None:
    print(f"Ragas {data['ragas']}, {data['export']['samples']} samples")
    for name, groups in data["metrics"].items():
        print(f"  {name:36} {_told(groups['all'])}")
    print("The same measure by both:")
    for own, both in data["beside"].items():
        differ = f"; {len(both['differ'])} cases differ" if both["differ"] else "; equal in every case"
        print(f"  {own:6} Tawthiq {_told(both['tawthiq'])}   Ragas {_told(both['ragas'])}{differ}")
    for (metric, reason), count in Counter((one["metric"], one["reason"]) for one in data["failures"]).items():
        print(f"  unscored: {metric}: {count} cases: {reason}")


def _told(figure: Mapping[str, Any]) -> str:
    if figure["mean"] is None:
        return "not measured"
    interval = "" if figure["low"] is None else f" [{figure['low']:.3f}, {figure['high']:.3f}]"
    return f"{figure['mean']:.3f}{interval} (n {figure['n']})"


if __name__ == "__main__":
    main()
