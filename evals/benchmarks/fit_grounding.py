"""Fits how meaning counts in grounding, and measures all of its checks on pairs that were written by hand.

    python -m evals.benchmarks.fit_grounding [--show KIND] [--json FILE]

prints the weights of `rag.grounding.meaning` fitted on `evals/grounding/dev.jsonl` (logistic, supported pairs against
unsupported ones and against sources that belong to other statements), then what the whole verdict reaches: on the
development pairs out of fold (five folds by source), and on `evals/grounding/test.jsonl` with the weights in force.
Its author did not see the checks, and nothing is fitted on it. A wrong statement is caught when its verdict is not
`supported`; `unsupported` is counted beside it. `--show` prints the development pairs of a kind that went wrong.
Then come the test pairs, and the statements of `inference-test.jsonl` and `inference-close-test.jsonl` beside it, whose
authors saw nothing either: each by the embedding, and by the bundled network and the checks together, as by default
(`fit_inference`, `fit_support`). In the last, right ones stay close to their source and stand beside the same with one
word changed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.fit_inference import TESTS, load_examples
from evals.metrics.estimates import Estimate, estimate
from rag.encoders import open_encoder, open_states
from rag.grounding.findings import Source
from rag.grounding.inference import InferenceModel
from rag.grounding.meaning import Meaning, meaning_of
from rag.grounding.verdict import findings_of, judge, support_of
from rag.settings import load_settings

Array = NDArray[np.float64]

FOLDER = Path(__file__).parents[1] / "grounding"
KINDS = ("number", "date", "quote", "name", "negation", "attribution", "unsupported")
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, its source, and what is wrong with it (`error` None: nothing)."""

    id: str
    statement: str
    language: str
    source: Source
    error: str | None

    @property
    def group(self) -> str:
        """The direction: statement language → source language."""
        return f"{self.language}→{self.source.language}"


def load_pairs(path: Path) -> list[Pair]:
    """The pairs of a JSONL file."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        published = date.fromisoformat(row["published"]) if row["published"] else None
        source = Source(row["source"], row["source_language"], published)
        error = None if row["supported"] else row["error"]
        found.append(Pair(row["id"], row["statement"], row["statement_language"], source, error))
    return found


def statements(name: str) -> list[Pair]:
    """The statements of one of the network's own tests."""
    found = [one for one in load_examples(FOLDER / f"{name}.jsonl") if one.task == 0]
    return [Pair(one.id, one.text, one.language, one.source, one.kind or None) for one in found]


def fit_logistic(rows: Array, truth: Array, weights: Array) -> Array:
    """Weights (signals,) of a logistic model, lightly regularised."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, fit_intercept=False, max_iter=5000)
    return np.asarray(model.fit(rows, truth, sample_weight=weights).coef_[0], dtype=np.float64)


def embedding() -> Callable[[Sequence[str]], NDArray[np.float32]]:
    """The configured model's vectors of texts, each computed once."""
    encoder = open_encoder(load_settings())
    known: dict[str, NDArray[np.float32]] = {}

    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        for text in texts:
            if text not in known:
                known[text] = encoder.encode_query(text)
        return np.stack([known[text] for text in texts])

    return vectors


def folds_of(pairs: Sequence[Pair]) -> NDArray[np.int64]:
    """The fold of each pair (pairs,): pairs of one source together."""
    sources = sorted({pair.source.text for pair in pairs})
    order = np.random.default_rng(7).permutation(len(sources))
    number = {source: int(place) % FOLDS for source, place in zip(sources, order, strict=True)}
    return np.array([number[pair.source.text] for pair in pairs])


def table(pairs: Sequence[Pair], supports: Sequence[str], kinds: Sequence[str] = KINDS) -> str:
    """Markdown: by kind and direction, the share of wrong statements caught and of right ones refused."""
    groups = sorted({pair.group for pair in pairs})
    lines = [f"| | all | {' | '.join(groups)} |", "|---|" + "---|" * (len(groups) + 1)]
    rows: list[tuple[str, str | None, tuple[str, ...]]]
    rows = [(f"caught: {kind}", kind, ("weak", "unsupported")) for kind in kinds]
    rows += [("caught: all of these", "*", ("weak", "unsupported")), ("removed: all of these", "*", ("unsupported",))]
    rows += [("right: not supported", None, ("weak", "unsupported")), ("right: removed", None, ("unsupported",))]
    for label, error, bad in rows:
        cells = []
        for group in (None, *groups):
            outcome = [
                float(found in bad)
                for pair, found in zip(pairs, supports, strict=True)
                if (pair.error == error or (error == "*" and pair.error)) and group in (None, pair.group)
            ]
            cells.append(_cell(estimate(outcome)))
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(figure: Estimate) -> str:
    if figure.mean is None:
        return "–"
    bounds = f" [{figure.low:.2f}, {figure.high:.2f}]" if figure.low is not None and figure.high is not None else ""
    return f"{figure.mean:.3f}{bounds} n {figure.n}"


def main() -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="append", default=[], choices=(*KINDS, "right"))
    parser.add_argument("--no-test", action="store_true", help="leave the test pairs alone")
    options = parser.parse_args()
    vectors = embedding()
    pairs = load_pairs(FOLDER / "dev.jsonl")
    folds = folds_of(pairs)
    rows = np.array([meaning_of(p.statement, p.language, p.source, vectors) for p in pairs])
    usable = [i for i, pair in enumerate(pairs) if pair.error in (None, "unsupported")]
    # A source of another statement, in the same language: what a statement about something else looks like.
    drawn = np.random.default_rng(3)
    others = [
        (i, drawn.choice([j for j, q in enumerate(pairs) if q.group == p.group and q.source.text != p.source.text]))
        for i, p in enumerate(pairs)
        if p.error is None
    ]
    strangers = np.array(
        [meaning_of(pairs[i].statement, pairs[i].language, pairs[j].source, vectors) for i, j in others]
    )
    stranger_folds = np.array([folds[i] for i, _ in others])

    def fitted(fold: int | None) -> Array:
        chosen = [i for i in usable if folds[i] != fold]
        kept = stranger_folds != fold if fold is not None else np.ones(len(strangers), bool)
        truth = np.array([float(pairs[i].error is None) for i in chosen] + [0.0] * int(kept.sum()))
        known = np.array([2.0 if pairs[i].error else 1.0 for i in chosen] + [0.3] * int(kept.sum()))
        return fit_logistic(np.concatenate([rows[chosen], strangers[kept]]), truth, known)

    everything = fitted(None)
    print("weights:", dict(zip(Meaning._fields, everything.round(2).tolist(), strict=True)), end="\n\n")
    by_fold = [fitted(fold) for fold in range(FOLDS)]
    findings = [findings_of(pair.statement, pair.language, [pair.source]) for pair in pairs]
    chances = [Meaning(*row).probability(Meaning(*by_fold[fold])) for row, fold in zip(rows, folds, strict=True)]
    supports = [support_of(found, chance) for found, chance in zip(findings, chances, strict=True)]
    print(f"development pairs, out of fold (n {len(pairs)})\n\n{table(pairs, supports)}\n")
    for pair, found, chance, given in zip(pairs, findings, chances, supports, strict=True):
        kind = pair.error or "right"
        if kind in options.show and (given == "supported") == (kind != "right"):
            print(
                f"{pair.id} {pair.group} {kind} {given} {chance:.2f} {found}\n  {pair.statement}\n  {pair.source.text}"
            )
    if options.no_test or not (FOLDER / "test.jsonl").exists():
        return
    unseen = load_pairs(FOLDER / "test.jsonl")
    states = open_states(load_settings())
    network = InferenceModel(states) if states is not None else None
    for name, known in (("test", unseen), *((one, statements(one)) for one in TESTS)):
        kinds = [kind for kind in KINDS if any(p.error == kind for p in known)]
        kinds += sorted({p.error for p in known if p.error} - set(kinds))
        readers = {"vectors and words": None} | ({"network and checks, as by default": network} if network else {})
        for judges, reader in readers.items():
            judged = [judge(p.statement, p.language, [p.source], vectors, reader).support for p in known]
            print(f"{name}, {judges} (n {len(known)})\n\n{table(known, judged, kinds)}\n")


if __name__ == "__main__":
    main()
