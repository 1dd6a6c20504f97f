"""Fits the weights of `rag.reranking` (softmax over the candidates of a question) and measures it by direction.

    python -m evals.benchmarks.fit_retrieval MIXED_DEV [--work DIR]

prints the weights fitted on everything, then the figures of each direction with their 95% intervals, as
`evals.benchmarks.retrieval` counts them: of the weights in force; of weights fitted out of fold (five folds by article,
both languages of an article together); and of these without telling reprints once and joining neighbours.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks import mixed_dev
from evals.benchmarks.baselines import DEPTH, documents_of
from evals.benchmarks.fit_quotes import balanced, fit_softmax
from evals.benchmarks.retrieval import figures, markdown
from rag.merging import merged
from rag.reranking import WEIGHTS, Candidate, PassageSignals

Array = NDArray[np.float64]

ARCD_WEIGHT = 2.0
"""How much more a group of naturally asked questions counts than one of those that its paragraph suggested (XQuAD)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question: `signals` (candidates, signals) of all that was found for it, and the file stem that is right."""

    candidates: tuple[Candidate, ...]
    signals: Array
    stems: tuple[str, ...]
    right: str

    @property
    def truth(self) -> Array:
        """1 for each candidate of the right document (candidates,)."""
        return np.array([float(stem == self.right) for stem in self.stems])

    def rank(self, weights: Array, *, merge: bool) -> int:
        """The rank of the right document among distinct documents, by their best passage; 0 if it is not there."""
        order = np.argsort(-(self.signals @ weights), kind="stable")
        if merge:
            stems = {
                candidate.indexed.document_id: stem for candidate, stem in zip(self.candidates, self.stems, strict=True)
            }
            kept = merged([self.candidates[place] for place in order], DEPTH)
            ranking = list(dict.fromkeys(stems[document_id] for document_id in documents_of(kept)))
        else:
            ranking = list(dict.fromkeys(self.stems[place] for place in order[:DEPTH]))
        return ranking.index(self.right) + 1 if self.right in ranking else 0


def _light(candidate: Candidate) -> Candidate:
    """Without the vectors, of which two thousand questions would hold a gigabyte."""
    none = np.zeros((0, candidate.indexed.vectors.shape[1]), np.float32)
    return replace(candidate, indexed=replace(candidate.indexed, vectors=none, own_vectors=none))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl")
    parser.add_argument("--work", type=Path, help="keep the indexed home here (default: a temporary folder)")
    options = parser.parse_args()
    cases: list[Case] = []
    with tempfile.TemporaryDirectory() as temporary:
        home = (options.work or Path(temporary)) / "full"
        with mixed_dev.opened(options.folder, home) as (engine, questions):
            stems = {d.document_id: Path(d.source).stem for d in engine.documents()}
            retriever = engine.retriever()
            for question in questions:
                found = retriever.candidates(question.question, DEPTH).candidates
                cases.append(
                    Case(
                        tuple(map(_light, found)),
                        np.array([candidate.signals for candidate in found]),
                        tuple(stems[candidate.indexed.document_id] for candidate in found),
                        mixed_dev.stem_of(question),
                    )
                )
    usable = np.array([case.truth.any() for case in cases])
    groups = np.array([mixed_dev.group_of(question) for question in questions])
    folds = mixed_dev.folds(questions)
    weights = balanced(list(groups)) / len(questions) * np.where(groups == "ARCD", ARCD_WEIGHT, 1.0)

    def fitted(chosen: NDArray[np.bool_]) -> Array:
        at = np.flatnonzero(chosen & usable)
        return fit_softmax([cases[i].signals for i in at], [cases[i].truth for i in at], weights[at], 1e-5)

    def ranks(theta_of: Sequence[Array], *, merge: bool = True) -> NDArray[np.int64]:
        return np.array([case.rank(theta, merge=merge) for case, theta in zip(cases, theta_of, strict=True)])

    everything = fitted(np.ones(len(cases), bool))
    by_fold = [fitted(folds != fold) for fold in range(mixed_dev.FOLDS)]
    out_of_fold = [by_fold[fold] for fold in folds]
    print("weights:", dict(zip(PassageSignals._fields, everything.round(2).tolist(), strict=True)), end="\n\n")
    tables = {
        "in force": ranks([np.array(WEIGHTS)] * len(cases)),
        "out of fold": ranks(out_of_fold),
        "out of fold, not merged": ranks(out_of_fold, merge=False),
    }
    print(markdown({label: figures(found, groups) for label, found in tables.items()}))


if __name__ == "__main__":
    main()
