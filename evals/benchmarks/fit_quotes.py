"""Fits the weights of quotes mode: which sentence answers, and which one beside those already chosen (softmax).

    python -m evals.benchmarks.fit_quotes MIXED_DEV [--work DIR]

prints the weights, fitted on everything; what the first one, two and three quotes hold out of fold (five folds by
article, both languages of an article together); and how many are quoted under the rule in force.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks import mixed_dev
from evals.normalisation import contains
from evals.question_set import Question
from rag import Engine
from rag.answering.quotes import PASSAGES_READ
from rag.answering.selection import ranking
from rag.answering.selection.ranking import rank
from rag.answering.selection.signals import Sentence, Signals, sentences_of
from rag.retrieval import Retrieved

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was retrieved and read for it."""

    question: Question
    retrieved: Retrieved
    sentences: tuple[Sentence, ...]


def ask_all(engine: Engine, questions: Sequence[Question]) -> list[Asked]:
    """Retrieves and reads for every question, as quotes mode does."""
    retriever = engine.retriever()
    return [read_for(engine, question, retriever.retrieve(question.question, 10)) for question in questions]


def read_for(engine: Engine, question: Question, retrieved: Retrieved) -> Asked:
    """The question with the sentences of the best passages retrieved."""
    read = retrieved.candidates[:PASSAGES_READ]
    return Asked(question, retrieved, tuple(sentences_of(retrieved, read, engine.background(), engine.slices)))


def fit_softmax(rows: Sequence[Array], right: Sequence[Array], weights: Array, penalty: float) -> Array:
    """Weights (signals,) under which the right sentences of each question get the most probability.

    `rows` are signals (sentences, signals) and `right` 0/1 (sentences,) of each question, `weights` one a question.
    """
    from scipy.optimize import minimize

    def loss(theta: Array) -> tuple[float, Array]:
        value, slope = penalty * float(theta @ theta), 2 * penalty * theta
        for matrix, truth, weight in zip(rows, right, weights, strict=True):
            scores = matrix @ theta
            mass = np.exp(scores - scores.max())
            whole, good = mass.sum(), (mass * truth).sum() + 1e-12
            value -= weight * float(np.log(good / whole))
            slope -= weight * (((mass * truth) / good - mass / whole) @ matrix)
        return value, slope

    start = np.zeros(rows[0].shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def balanced(groups: Sequence[str]) -> Array:
    """A weight for each row so that every group counts the same, summing to the number of rows."""
    names, counts = np.unique(groups, return_counts=True)
    share = dict(zip(names, len(groups) / len(names) / counts, strict=True))
    return np.array([share[group] for group in groups])


def holds(sentence: Sentence, question: Question) -> bool:
    """Whether a sentence of the right document holds a reference answer."""
    return any(contains(sentence.text, answer) for answer in question.answers)


class Sentences:
    """The sentences read for each question, with what the fits need of them."""

    def __init__(self, asked: Sequence[Asked], titles: dict[str, str]) -> None:
        self.asked = asked
        self.groups = np.array([mixed_dev.group_of(one.question) for one in asked])
        self.folds = mixed_dev.folds([one.question for one in asked])
        self.rows = [np.array([s.signals for s in one.sentences]) for one in asked]
        self.held = [np.array([holds(s, one.question) for s in one.sentences], bool) for one in asked]
        gold = [mixed_dev.stem_of(one.question) for one in asked]
        inside = [
            [titles[s.candidate.indexed.document_id] == g for s in one.sentences]
            for one, g in zip(asked, gold, strict=True)
        ]
        self.right = [held & np.array(there, bool) for held, there in zip(self.held, inside, strict=True)]
        self.usable = np.array([truth.any() for truth in self.right])
        self.weights = balanced(list(self.groups)) / len(asked)

    def fitted(self, among: NDArray[np.bool_]) -> tuple[Array, Array]:
        """The weights of a sentence by itself, and of one beside those before it, fitted on some of the questions."""
        at = np.flatnonzero(among & self.usable).tolist()
        theta = fit_softmax(
            [self.rows[i] for i in at], [self.right[i].astype(float) for i in at], self.weights[at], 1e-5
        )
        rows, right, kept = [], [], []
        for i in at:
            first, *rest = self.order(i, theta)[: ranking.CONSIDERED]
            if (
                not self.right[i][first] and self.right[i][rest].any()
            ):  # the second sentence is for when the first fails
                rows.append(self.beside(i, theta, [first], rest))
                right.append(self.right[i][rest].astype(float))
                kept.append(i)
        return theta, fit_softmax(rows, right, self.weights[kept], 1e-4)

    def order(self, i: int, theta: Array) -> list[int]:
        """The sentences of question `i`, best by themselves first."""
        return list(map(int, np.argsort(-(self.rows[i] @ theta), kind="stable")))

    def beside(self, i: int, theta: Array, chosen: Sequence[int], rest: Sequence[int]) -> Array:
        """The signals of the `rest` beside the `chosen`."""
        one = self.asked[i]
        scores = self.rows[i] @ theta
        return np.array(
            ranking.additions(
                [one.sentences[j] for j in chosen],
                [(float(scores[j]), one.sentences[j]) for j in rest],
                one.retrieved.terms,
            )
        )

    def in_turn(self, i: int, theta: Array, beside: Array, count: int) -> list[int]:
        """The first `count` sentences as they are quoted together."""
        chosen = self.order(i, theta)[: ranking.CONSIDERED]
        chosen, rest = chosen[:1], chosen[1:]
        while rest and len(chosen) < count:
            best = int(np.argmax(self.beside(i, theta, chosen, rest) @ beside))
            chosen.append(rest.pop(best))
        return chosen


def fit_sentences(asked: Sequence[Asked], titles: dict[str, str]) -> None:
    """Prints the weights of sentences, and how often the first one, two and three quotes hold the reference."""
    data = Sentences(asked, titles)
    reached: dict[int, Array] = {n: np.zeros(len(asked)) for n in (1, 2, 3)}
    for fold in range(mixed_dev.FOLDS):
        weights = data.fitted(data.folds != fold)
        for i in np.flatnonzero(data.folds == fold).tolist():
            chosen = data.in_turn(i, *weights, max(reached))
            for n, hits in reached.items():
                hits[i] = float(data.held[i][chosen[:n]].any())
    theta, beside = data.fitted(np.ones(len(asked), bool))
    print("sentence weights:", dict(zip(Signals._fields, theta.round(2).tolist(), strict=True)))
    print("addition weights:", dict(zip(ranking.Addition._fields, beside.round(2).tolist(), strict=True)))
    for group in mixed_dev.GROUPS:
        mine = data.groups == group
        figures = "  ".join(f"first {n}: {reached[n][mine].mean():.3f}" for n in reached)
        print(f"  {group:7} {figures}  (in reach: {data.usable[mine].mean():.3f}, n {mine.sum()})")
    ranking.SENTENCE_WEIGHTS = Signals(*theta.tolist())  # the rest is taken with these
    ranking.ADDITION_WEIGHTS = ranking.Addition(*beside.tolist())


def report_chosen(asked: Sequence[Asked]) -> None:
    """Prints how many sentences are quoted as many as needed, and how often they hold the reference."""
    groups = np.array([mixed_dev.group_of(one.question) for one in asked])
    chosen = [ranking.sufficient(rank(one.sentences), one.retrieved.terms) for one in asked]
    held = np.array([any(holds(s, one.question) for s in mine) for one, mine in zip(asked, chosen, strict=True)])
    count = np.array([len(mine) for mine in chosen])
    for group in mixed_dev.GROUPS:
        mine = groups == group
        alone = (count[mine] == 1).mean()
        print(f"  {group:7} {count[mine].mean():.2f} quoted, one alone {alone:.2f}, hold it {held[mine].mean():.3f}")
    lengths = [len(s.text) for mine in chosen for s in mine]
    print(f"  median quote: {np.median(lengths):.0f} characters, longest {max(lengths)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl, abstain/")
    parser.add_argument("--work", type=Path, help="keep the indexed homes here (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = (options.work or Path(temporary)) / "full"
        with mixed_dev.opened(options.folder, home) as (engine, questions):
            titles = {d.document_id: Path(d.source).stem for d in engine.documents()}
            asked = ask_all(engine, questions)
    fit_sentences(asked, titles)
    report_chosen(asked)


if __name__ == "__main__":
    main()
