"""Fits how the network's reading and the hard checks count together in grounding (`rag.grounding.weighing`).

    python -m evals.benchmarks.fit_support PROBABILITIES

PROBABILITIES is what `fit_inference --json` wrote: what a network says of statements by writers that it was not trained
on. Prints the weights, fitted on all of them (logistic), and, out of fold (folds by file), for thresholds of the
probability: how many right statements fall below, and how many wrong ones, by kind.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from evals.benchmarks.fit_inference import FOLDER, Example, load_examples
from rag.grounding.inference import Inference
from rag.grounding.verdict import findings_of
from rag.grounding.weighing import Signals, signals_of

Array = NDArray[np.float64]
FOLDS = 5
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


def fitted(rows: Array, right: NDArray[np.bool_]) -> Array:
    """Weights (signals,) of a logistic model, lightly regularised."""
    from sklearn.linear_model import LogisticRegression

    return np.asarray(LogisticRegression(C=1.0, fit_intercept=False, max_iter=5000).fit(rows, right).coef_[0])


def curve(examples: Sequence[Example], chances: Array) -> str:
    """Markdown: for each threshold, the share of right statements below it, and of wrong ones by kind."""
    kinds = sorted({one.kind for one in examples if one.kind})
    lines = [f"| below | right | wrong | {' | '.join(kinds)} |", "|---|" + "---|" * (len(kinds) + 2)]
    of = {kind: np.array([one.kind == kind for one in examples]) for kind in kinds}
    right = np.array([not one.kind for one in examples])
    for threshold in THRESHOLDS:
        below = chances < threshold
        cells = [f"{below[right].mean():.3f}", f"{below[~right].mean():.3f}"]
        cells += [f"{below[of[kind]].mean():.2f}" for kind in kinds]
        lines.append(f"| {threshold} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probabilities", type=Path)
    given = parser.parse_args()
    read = json.loads(given.probabilities.read_text(encoding="utf-8"))
    paths = [
        *sorted((FOLDER / "inference").glob("*.jsonl")),
        FOLDER / "dev.jsonl",
        FOLDER / "inference-validation.jsonl",
    ]
    examples = [one for path in paths for one in load_examples(path) if one.task == 0 and one.id in read]
    signals = []
    for one in track(examples, "checking"):
        findings = findings_of(one.text, one.language, [one.source])
        signals.append(signals_of(Inference(*read[one.id]), findings, one.across))
    rows = np.array(signals)
    right = np.array([one.label == 0 for one in examples])
    files = sorted({one.file for one in examples})
    fold = np.array([files.index(one.file) % FOLDS for one in examples])
    chances = np.empty(len(rows))
    for number in range(FOLDS):
        weights = fitted(rows[fold != number], right[fold != number])
        chances[fold == number] = 1 / (1 + np.exp(-rows[fold == number] @ weights))
    print("weights:", dict(zip(Signals._fields, fitted(rows, right).round(2).tolist(), strict=True)), end="\n\n")
    for name, chosen in (
        ("every direction", np.ones(len(rows), bool)),
        ("within a language", np.array([not one.across for one in examples])),
        ("across", np.array([one.across for one in examples])),
    ):
        mine = [one for one, taken in zip(examples, chosen, strict=True) if taken]
        print(f"{name} (n {len(mine)})\n\n{curve(mine, chances[chosen])}\n")


if __name__ == "__main__":
    main()
