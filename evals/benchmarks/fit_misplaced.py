"""Fits what tells that a statement gives its neighbour's figure, on pairs that were written by hand.

    python -m evals.benchmarks.fit_misplaced [--show]

Every value of a right statement in `evals/grounding/dev.jsonl` that its source has is compared with each like value of
the source: once as it is, and once as if the statement had given that one instead. Prints the weights of
`rag.grounding.misplaced` (logistic), and, out of fold (eight folds by source), how many right statements have a value
that counts as misplaced, and what share of the values put in another's place is found, by threshold.
"""

from __future__ import annotations

import argparse

import numpy as np

from evals.benchmarks.fit_grounding import FOLDER, load_pairs
from rag.grounding.misplaced import Evidence, Reading, comparisons

FOLDS = 8
FAMILIAR = (None, "quote", "name", "negation", "attribution")
"""What may be wrong with a statement whose numbers and dates are right."""


def main() -> None:
    """The command line of this module."""
    from sklearn.linear_model import LogisticRegression

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="print what is taken for misplaced in right statements")
    options = parser.parse_args()
    pairs = [pair for pair in load_pairs(FOLDER / "dev.jsonl") if pair.error in FAMILIAR]
    rows: list[Evidence] = []
    wrong: list[bool] = []
    weights: list[float] = []
    labels: list[tuple[str, str, str, str]] = []
    for pair in pairs:
        reading = Reading(pair.statement, pair.source)
        for value, rival in comparisons(reading):
            said, other = reading.said[value], reading.there[rival]
            rows.append(reading.evidence(value, reading.matching[value], rival))
            wrong.append(False)
            weights.append(1.0)
            written = pair.source.text[other.start : other.end]
            labels.append((pair.id, pair.source.text, pair.statement[said.start : said.end], written))
            if pair.error is None:
                right = reading.matching[value][0]
                rows.append(reading.evidence(value, [rival], right))
                wrong.append(True)
                weights.append(1.0 / len(reading.rivals[value]))
                labels.append(labels[-1])
    table, truth, weight = np.array(rows), np.array(wrong), np.array(weights)

    def model() -> LogisticRegression:
        return LogisticRegression(C=0.5, fit_intercept=False, max_iter=5000)

    sources = sorted({label[1] for label in labels})
    fold_of = dict(zip(sources, np.random.default_rng(7).permutation(len(sources)) % FOLDS, strict=True))
    folds = np.array([fold_of[label[1]] for label in labels])
    chances = np.zeros(len(rows))
    for fold in range(FOLDS):
        rest = folds != fold
        fitted = model().fit(table[rest], truth[rest], sample_weight=weight[rest])
        chances[~rest] = fitted.predict_proba(table[~rest])[:, 1]
    everything = model().fit(table, truth, sample_weight=weight)
    found = Evidence(*everything.coef_[0].round(2).tolist())
    print("weights:", found)
    for threshold in (0.5, 0.6, 0.7, 0.8, 0.9):
        false = {labels[at][0] for at in np.flatnonzero(~truth & (chances >= threshold))}
        caught = np.average(chances[truth] >= threshold, weights=weight[truth])
        print(f"{threshold}: {len(false)} of {len(pairs)} right statements, {caught:.2f} of the values put wrong found")
    if options.show:
        for at in np.flatnonzero(~truth & (chances >= 0.6)):
            print(f"{chances[at]:.2f}", labels[at][0], labels[at][2:])


if __name__ == "__main__":
    main()
