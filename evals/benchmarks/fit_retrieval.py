"""Fits the weights of `rag.reranking` (softmax over the candidates of a question) and measures it by direction.

    python -m evals.benchmarks.fit_retrieval MIXED_DEV [--work DIR]

prints the weights fitted on everything, then, for each direction, R@1, R@5, nDCG@10 and RR over distinct documents: of
the weights in force, and of weights fitted out of fold (five folds by article, both languages of an article together).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks import mixed_dev
from evals.benchmarks.fit_quotes import balanced, fit_softmax
from rag.reranking import WEIGHTS, PassageSignals

Array = NDArray[np.float64]

ARCD_WEIGHT = 2.0
"""How much more a group of naturally asked questions counts than one of those that its paragraph suggested (XQuAD)."""


def rank_of(scores: Array, documents: Sequence[str], right: str) -> int:
    """The rank of the document `right` among distinct documents by their best passage; 0 if it is not there."""
    seen: list[str] = []
    for place in np.argsort(-scores, kind="stable"):
        if documents[place] not in seen:
            seen.append(documents[place])
            if documents[place] == right:
                return len(seen)
    return 0


def table(ranks: NDArray[np.int64], groups: NDArray[np.str_]) -> None:
    """Prints the figures of each direction."""
    for group in mixed_dev.GROUPS:
        mine = ranks[groups == group]
        found = mine[mine > 0]
        gain = (1 / np.log2(found[found <= 10] + 1)).sum() / len(mine)
        hits = "  ".join(f"R@{k} {np.mean((mine > 0) & (mine <= k)):.3f}" for k in (1, 5, 10))
        print(f"  {group:7} {hits}  nDCG@10 {gain:.3f}  RR {(1 / found).sum() / len(mine):.3f}  (n {len(mine)})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl")
    parser.add_argument("--work", type=Path, help="keep the indexed home here (default: a temporary folder)")
    options = parser.parse_args()
    rows: list[Array] = []
    documents: list[list[str]] = []
    with tempfile.TemporaryDirectory() as temporary:
        home = (options.work or Path(temporary)) / "full"
        with mixed_dev.opened(options.folder, home) as (engine, questions):
            stems = {d.document_id: Path(d.source).stem for d in engine.documents()}
            retriever = engine.retriever()
            for question in questions:
                retrieved = retriever.candidates(question.question, 10)
                rows.append(np.array([astuple(candidate.signals) for candidate in retrieved.candidates]))
                documents.append([stems[candidate.indexed.document_id] for candidate in retrieved.candidates])
    gold = [mixed_dev.stem_of(question) for question in questions]
    right = [np.array([float(name == g) for name in names]) for names, g in zip(documents, gold, strict=True)]
    usable = np.array([truth.any() for truth in right])
    groups = np.array([mixed_dev.group_of(question) for question in questions])
    folds = mixed_dev.folds(questions)
    weights = balanced(list(groups)) / len(questions) * np.where(groups == "ARCD", ARCD_WEIGHT, 1.0)

    def fitted(chosen: NDArray[np.bool_]) -> Array:
        at = np.flatnonzero(chosen & usable)
        return fit_softmax([rows[i] for i in at], [right[i] for i in at], weights[at], 1e-5)

    def ranked(theta_of: Sequence[Array]) -> NDArray[np.int64]:
        return np.array([rank_of(rows[i] @ theta_of[i], documents[i], gold[i]) for i in range(len(gold))])

    everything = fitted(np.ones(len(gold), bool))
    print(
        "weights:",
        dict(zip([field.name for field in fields(PassageSignals)], everything.round(2).tolist(), strict=True)),
    )
    print("in force:")
    table(ranked([np.array(astuple(WEIGHTS))] * len(gold)), groups)
    by_fold = [fitted(folds != fold) for fold in range(mixed_dev.FOLDS)]
    print("fitted, out of fold:")
    table(ranked([by_fold[fold] for fold in folds]), groups)


if __name__ == "__main__":
    main()
