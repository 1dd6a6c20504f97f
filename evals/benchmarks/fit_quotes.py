"""Fits the weights of quotes mode: which sentence answers (softmax over sentences), and whether any does (logistic).

    python -m evals.benchmarks.fit_quotes MIXED_DEV [--work DIR]

prints both sets of weights, fitted on everything, and what they reach out of fold (five folds by article, both
languages of an article together).
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
from evals.question_set import Question, load_question_set
from rag import Engine
from rag.answering import quotes
from rag.answering.quotes import PASSAGES_READ, Evidence, evidence_of, rank
from rag.answering.signals import Sentence, Signals, sentences_of
from rag.retrieval import Retrieved
from rag.settings import load_settings

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was retrieved and read for it."""

    question: Question
    retrieved: Retrieved
    sentences: tuple[Sentence, ...]


def ask_all(engine: Engine, questions: Sequence[Question]) -> list[Asked]:
    """Retrieves and reads for every question, as quotes mode does."""
    retriever, background = engine.retriever(), engine.background()
    asked = []
    for question in questions:
        retrieved = retriever.retrieve(question.question, 10)
        read = retrieved.candidates[:PASSAGES_READ]
        asked.append(Asked(question, retrieved, tuple(sentences_of(retrieved, read, background, engine.slices))))
    return asked


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


def fit_sentences(asked: Sequence[Asked], titles: dict[str, str]) -> None:
    """Prints the sentence weights and how often the first one, two and three sentences hold the reference."""
    groups = np.array([mixed_dev.group_of(one.question) for one in asked])
    folds = mixed_dev.folds([one.question for one in asked])
    rows = [np.array([s.signals for s in one.sentences]) for one in asked]
    right = [
        np.array(
            [
                float(
                    titles[s.candidate.indexed.document_id] == mixed_dev.stem_of(one.question)
                    and holds(s, one.question)
                )
                for s in one.sentences
            ]
        )
        for one in asked
    ]
    usable = np.array([truth.any() for truth in right])
    weights = balanced(list(groups)) / len(asked)

    def fitted(chosen: NDArray[np.bool_]) -> Array:
        at = np.flatnonzero(chosen & usable)
        return fit_softmax([rows[i] for i in at], [right[i] for i in at], weights[at], 1e-5)

    reached: dict[int, Array] = {n: np.zeros(len(asked)) for n in (1, 2, 3)}
    for fold in range(mixed_dev.FOLDS):
        theta = fitted(folds != fold)
        for i in np.flatnonzero(folds == fold).tolist():
            order = np.argsort(-(rows[i] @ theta), kind="stable")
            held = [holds(asked[i].sentences[j], asked[i].question) for j in order[:3]]
            for n, hits in reached.items():
                hits[i] = float(any(held[:n]))
    everything = fitted(np.ones(len(asked), bool))
    print("sentence weights:", dict(zip(Signals._fields, everything.round(2).tolist(), strict=True)))
    for group in mixed_dev.GROUPS:
        mine = groups == group
        figures = "  ".join(f"first {n}: {reached[n][mine].mean():.3f}" for n in reached)
        print(f"  {group:7} {figures}  (in reach: {usable[mine].mean():.3f}, n {mine.sum()})")
    lengths = [s.span.end - s.span.start for one in asked for s in one.sentences]
    print(f"  median sentence: {np.median(lengths):.0f} characters")
    quotes.SENTENCE_WEIGHTS = Signals(*everything.tolist())  # the evidence below is taken with these


def fit_evidence(asked: Sequence[Asked], articles: dict[str, str]) -> None:
    """Prints the weights of answerability, and out of fold its errors at the default threshold and its AUC."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    rows = np.array([evidence_of(rank(one.sentences), one.retrieved) for one in asked])[:, :-1]
    truth = np.array([one.question.answerable for one in asked])
    names = sorted(set(articles.values()))
    place = dict(zip(names, np.random.default_rng(7).permutation(len(names)) % mixed_dev.FOLDS, strict=True))
    folds = np.array([place[articles[one.question.id]] for one in asked])
    groups = [
        f"{one.question.language}→{mixed_dev.group_of(one.question)[-2:] if one.question.answerable else 'none'}"
        for one in asked
    ]
    weights = balanced([f"{group}" for group in groups])
    # as many answerable as not, so that .5 is a fair threshold
    weights[truth] *= weights[~truth].sum() / weights[truth].sum()

    def fitted(chosen: NDArray[np.bool_]) -> LogisticRegression:
        return LogisticRegression(C=10.0, max_iter=5000).fit(rows[chosen], truth[chosen], weights[chosen])

    probability = np.zeros(len(asked))
    for fold in range(mixed_dev.FOLDS):
        mine = folds == fold
        probability[mine] = fitted(~mine).predict_proba(rows[mine])[:, 1]
    model = fitted(np.ones(len(asked), bool))
    values = [*model.coef_[0].round(2).tolist(), round(float(model.intercept_[0]), 2)]
    threshold = load_settings().answer_threshold
    print("evidence weights:", dict(zip(Evidence._fields, values, strict=True)))
    for group in sorted(set(groups)):
        mine = np.array([g == group for g in groups])
        wrong = (probability[mine] >= threshold) if group.endswith("none") else (probability[mine] < threshold)
        kind = "false answers" if group.endswith("none") else "false silences"
        print(f"  {group:8} {kind} at {threshold:g}: {wrong.mean():.3f}  (n {mine.sum()})")
    for language in ("ar", "en"):
        mine = np.array([one.question.language == language for one in asked])
        print(f"  {language}: AUC {roc_auc_score(truth[mine], probability[mine]):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl, abstain/")
    parser.add_argument("--work", type=Path, help="keep the indexed homes here (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        with mixed_dev.opened(options.folder, work / "full") as (engine, questions):
            titles = {d.document_id: Path(d.source).stem for d in engine.documents()}
            fit_sentences(ask_all(engine, questions), titles)
        everything = load_question_set(options.folder / "questions.jsonl").questions
        articles = {question.id: mixed_dev.article_of(question) for question in everything}
        with mixed_dev.opened(options.folder / "abstain", work / "abstain") as (engine, questions):
            fit_evidence(ask_all(engine, questions), articles)


if __name__ == "__main__":
    main()
