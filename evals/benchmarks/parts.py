"""Questions with two parts, of which the documents answer both or only one: is the open part told?

    python -m evals.benchmarks.parts MIXED_DEV [--work DIR]

joins questions of `abstain/`, two about one document, or one with another whose topic was taken out, in either order.
Prints how many were seen as two parts; of the parts without an answer the share that quotes mode says it has none for
(or it says so of the whole question); and of those with an answer, the share for which it wrongly says so.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from evals.benchmarks import mixed_dev
from evals.metrics.estimates import estimate
from evals.question_set import Question
from rag import Answer, Engine
from rag.answering.phrases import open_parts
from rag.answering.question.subquestions import parts_of

PAIRS = 120
"""Pairs of each kind and language."""


def joined(first: Question, second: Question) -> str:
    """Both questions in one, each with its question mark."""
    mark = "؟" if first.language == "ar" else "?"
    return " ".join(q.question.strip().rstrip("?؟ ") + mark for q in (first, second))


def drawn(questions: tuple[Question, ...], language: str) -> list[tuple[Question, Question]]:
    """Pairs of questions in `language`: half about one document, half with one part that has no answer."""
    mine = [question for question in questions if question.language == language]
    answerable = [question for question in mine if question.answerable]
    others = [question for question in mine if not question.answerable]
    beside = defaultdict(list)
    for question in answerable:
        beside[question.documents[0]].append(question)
    rng = np.random.default_rng(1)

    def one_of(some: list[Question]) -> Question:
        return some[rng.integers(len(some))]

    pairs = []
    for _ in range(PAIRS):
        first = one_of(answerable)
        pairs += [(first, one_of(beside[first.documents[0]])), (first, one_of(others))]
    return [(b, a) if rng.random() < 0.5 else (a, b) for a, b in pairs if a is not b]


def told_open(answer: Answer, part: str) -> bool:
    """Whether the answer says that the documents are silent on this part."""
    if answer.status == "not_found":
        return True
    return answer.frame is not None and any(
        part in line and line.startswith(open_parts(answer.language, [""])[:8])
        for line in answer.frame.after.split("\n")
    )


def measure(engine: Engine, questions: tuple[Question, ...], language: str) -> None:
    """Prints the figures of one language."""
    seen = []
    missed: dict[str, list[float]] = {"open parts told": [], "answered parts called open": [], "whole refused": []}
    for pair in drawn(questions, language):
        text = joined(*pair)
        parts = parts_of(text)
        seen.append(float(len(parts) == 2))
        if len(parts) != 2:
            continue
        answer = engine.ask(text, mode="quotes")
        if all(question.answerable for question in pair):
            missed["whole refused"].append(float(answer.status == "not_found"))
        for question, part in zip(pair, parts, strict=True):
            name = "answered parts called open" if question.answerable else "open parts told"
            if not question.answerable or answer.status == "answered":
                missed[name].append(float(told_open(answer, part)))
    print(f"{language}: seen as two parts {estimate(seen).mean:.3f} (n {len(seen)})")
    for name, values in missed.items():
        figure = estimate(values)
        print(f"  {name}: {figure.mean:.3f} [{figure.low:.2f}, {figure.high:.2f}] (n {figure.n})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl, abstain/")
    parser.add_argument("--work", type=Path, help="keep the indexed home here (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = (options.work or Path(temporary)) / "abstain"
        with mixed_dev.opened(options.folder / "abstain", home) as (engine, questions):
            for language in ("ar", "en"):
                measure(engine, questions, language)


if __name__ == "__main__":
    main()
