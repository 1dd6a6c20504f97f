"""Fits when quotes mode answers at all: how probable it is that the documents hold the answer (logistic).

    python -m evals.benchmarks.fit_abstention MIXED_DEV [--work DIR] [--without-network]

fits on `abstain/`, where whole topics are taken out, and prints the weights; out of fold (five folds by article, both
languages of an article together), false answers per question language and false silences per direction at several
thresholds, areas under the curve, and how far the probability is from the share that it promises. Then the same on the
whole collection, with one thing harder: of each question only the documents that hold its answer are withheld, the
rest of the topic stays. Nothing is fitted on that. The bundled network was trained on other texts
(`evals.benchmarks.fit_inference`); `--without-network` leaves out what it reads, to compare.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from evals.benchmarks import mixed_dev
from evals.benchmarks.fit_quotes import Array, Asked, ask_all, balanced, read_for
from evals.normalisation import contains
from evals.question_set import Question, load_question_set
from rag import Engine
from rag.answering.selection.answerability import UNHELD, Answered, Evidence, evidence_of, of_named
from rag.answering.selection.ranking import rank
from rag.settings import load_settings

RETRIEVED = 16
"""Passages retrieved where some are withheld, so that enough are left to be read."""
OWN_LANGUAGE = 2.0
"""What a question counts whose answer is in its own language: most are, and a false silence there has no excuse."""
BINS = 10
BY_HAND = Evidence._fields.index("unheld")


def without_answer(engine: Engine, questions: Sequence[Question]) -> list[Asked]:
    """The questions read for in what is left when all that holds the answer is withheld."""
    retriever = engine.retriever()
    found = []
    for question in questions:
        retrieved = retriever.retrieve(question.question, RETRIEVED)
        places = [(c.indexed.document_id, c.indexed.start, c.indexed.end) for c in retrieved.candidates]
        gold = {d.document_id for d in engine.documents() if Path(d.source).stem == mixed_dev.stem_of(question)}
        left = tuple(
            candidate
            for candidate, text in zip(retrieved.candidates, engine.slices(places), strict=True)
            if candidate.indexed.document_id not in gold
            and not any(contains(text, answer) for answer in question.answers)
        )
        found.append(read_for(engine, question, replace(retrieved, candidates=left)))
    return [one for one in found if one.sentences]


def direction(one: Asked, answerable: bool) -> str:
    """The direction of an answerable question, else its language and "none"."""
    return mixed_dev.group_of(one.question) if answerable else f"{one.question.language}→none"


def evidence(asked: Sequence[Asked], answered: Answered | None) -> Array:
    """The signals (questions, signals without the constant)."""
    found = []
    for one in track(asked, "reading"):
        ranked = of_named(rank(one.sentences), one.retrieved)
        found.append(evidence_of(ranked, one.retrieved, answered))
    return np.array(found)[:, :-1]


def logistic(rows: Array, truth: NDArray[np.bool_], groups: NDArray[np.str_]) -> Array:
    """The weights and, last, the constant."""
    from sklearn.linear_model import LogisticRegression

    weights = balanced(groups.tolist())
    weights[np.isin(groups, ("ar→ar", "en→en"))] *= OWN_LANGUAGE
    # as many answerable as not, so that .5 is a fair threshold
    weights[truth] *= weights[~truth].sum() / weights[truth].sum()
    fitted = np.arange(rows.shape[1]) != BY_HAND
    model = LogisticRegression(C=10.0, max_iter=5000).fit(rows[:, fitted], truth, weights)
    return np.append(np.insert(model.coef_[0], BY_HAND, UNHELD), model.intercept_[0])


def probabilities(rows: Array, weights: Array) -> Array:
    """How probable it is that each question is answered."""
    return np.array([Evidence(*row).probability(Evidence(*weights)) for row in rows.tolist()])


def report(probability: Array, truth: NDArray[np.bool_], groups: NDArray[np.str_]) -> None:
    """Prints the errors at several thresholds, the areas under the curve and the calibration."""
    from sklearn.metrics import roc_auc_score

    names = sorted(set(groups.tolist()), key=lambda name: (name.endswith("none"), name))
    chosen = load_settings().answer_threshold
    print("  threshold   " + "  ".join(f"{name:>8}" for name in names) + "   (false silences; last two: false answers)")
    for threshold in sorted({0.3, 0.4, 0.5, 0.6, 0.7, 0.8, chosen}):
        wrong = np.where(truth, probability < threshold, probability >= threshold)
        figures = "  ".join(f"{wrong[groups == name].mean():8.3f}" for name in names)
        print(f"  {threshold:9.2f}   {figures}{'   in force' if threshold == chosen else ''}")
    print("  n           " + "  ".join(f"{(groups == name).sum():8}" for name in names))
    for name in names:
        if not name.endswith("none"):
            language = "ar" if name == "ARCD" else name[:2]
            mine = (groups == name) | (groups == f"{language}→none")
            print(f"  {name}: AUC {roc_auc_score(truth[mine], probability[mine]):.3f}")
    even = np.where(truth, 0.5 / truth.mean(), 0.5 / (~truth).mean())
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    error = (
        sum(
            even[place == b].sum()
            * abs(
                np.average(probability[place == b], weights=even[place == b])
                - np.average(truth[place == b], weights=even[place == b])
            )
            for b in set(place.tolist())
        )
        / even.sum()
    )
    print(f"  expected calibration error, with as many answerable questions as not: {error:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl, abstain/")
    parser.add_argument("--work", type=Path, help="keep the indexed homes here (default: a temporary folder)")
    parser.add_argument("--without-network", action="store_true")
    options = parser.parse_args()
    everything = load_question_set(options.folder / "questions.jsonl").questions
    articles = {question.id: mixed_dev.article_of(question) for question in everything}
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        with mixed_dev.opened(options.folder / "abstain", work / "abstain") as (engine, questions):
            topics = ask_all(engine, questions)
        with mixed_dev.opened(options.folder, work / "full") as (engine, questions):
            full, withheld = ask_all(engine, questions), without_answer(engine, questions)
            network = None if options.without_network else engine.inference()
    answered = network.answered if network else None

    names = sorted(set(articles.values()))
    order = np.random.default_rng(7).permutation(len(names)) % mixed_dev.FOLDS
    place = dict(zip(names, order.tolist(), strict=True))

    def folds_of(asked: Sequence[Asked]) -> NDArray[np.int64]:
        return np.array([place[articles[one.question.id]] for one in asked])

    truth = np.array([one.question.answerable for one in topics])
    groups = np.array([direction(one, one.question.answerable) for one in topics])
    rows, folds = evidence(topics, answered), folds_of(topics)
    hard = [*full, *withheld]
    hard_truth = np.arange(len(hard)) < len(full)
    hard_groups = np.array([direction(one, bool(there)) for one, there in zip(hard, hard_truth, strict=True)])
    hard_rows, hard_folds = evidence(hard, answered), folds_of(hard)
    probability, hard_probability = np.zeros(len(topics)), np.zeros(len(hard))
    for fold in range(mixed_dev.FOLDS):
        weights = logistic(rows[folds != fold], truth[folds != fold], groups[folds != fold])
        probability[folds == fold] = probabilities(rows[folds == fold], weights)
        hard_probability[hard_folds == fold] = probabilities(hard_rows[hard_folds == fold], weights)
    weights = logistic(rows, truth, groups).round(2).tolist()
    print("evidence weights:", dict(zip(Evidence._fields, weights, strict=True)))
    print("whole topics taken out (fitted, out of fold):")
    report(probability, truth, groups)
    print("only what holds the answer withheld (nothing fitted):")
    report(hard_probability, hard_truth, hard_groups)


if __name__ == "__main__":
    main()
