"""Fits the weights that tell a list in running prose from sentences that merely follow each other.

    python -m evals.benchmarks.fit_enumerations MIXED_DEV [--work DIR]

Of `evals/prose_lists/training` (84 documents and 228 questions that were written for it by hand, by people who had not
seen the code) the list questions say which stretch of sentences is right; its other questions, those of the bundled set
that ask for no list, and a fifth of MIXED_DEV's say that none is. Printed are the weights, and what share of the items
asked for is quoted without and with enumerations, out of fold (by document); then the same of
`evals/prose_lists/held-out` with the weights in force: nothing is chosen on it.
"""

from __future__ import annotations

import argparse
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from corpus.sources import sample_documents
from evals.benchmarks import mixed_dev
from evals.benchmarks.fit_quotes import Array, fit_softmax, read_for
from evals.normalisation import contains
from evals.question_set import Question, load_question_set
from rag import Engine
from rag.answering.lists.marked_lists import find_list
from rag.answering.lists.prose_lists import Enumeration, enumerations
from rag.answering.lists.prose_signals import WEIGHTS, Signals
from rag.answering.quotes import LISTS_READ
from rag.answering.selection.answerability import of_named
from rag.answering.selection.ranking import rank, sufficient
from rag.answering.selection.signals import Sentence
from rag.settings import load_settings

LISTS = Path(__file__).parents[1] / "prose_lists"
SAMPLES = Path(__file__).parents[1] / "question_sets" / "samples.jsonl"
FOLDS = 4
PENALTY = 2e-4
LIST_WEIGHT = 4.0
"""What a list question counts beside one that asks for none, of which there are more: 2 found fewer items out of fold;
10, tried on a third of the training alone, took more stretches that are none."""
LIKE = 0.75
"""The least F1 of a stretch with the sentences that hold the items, to be right where none is exactly they."""
EVERY = 5
"""One in so many questions of MIXED_DEV is taken."""

Kind = Literal["list", "in one sentence", "single", "no list"]


@dataclass(frozen=True, slots=True)
class Read:
    """A question with the sentences to quote as ever, the stretches that might be lists, and which of them is right.

    `right` (stretches + 1,) is 0 or 1, first that of none; `rows` (stretches + 1, signals), first zeros.
    """

    question: Question
    kind: Kind
    chosen: tuple[Sentence, ...]
    found: tuple[Enumeration, ...]
    rows: Array
    right: Array
    fold: int

    def quoted(self, weights: Array) -> list[Sentence]:
        """The sentences that are quoted with these weights."""
        at = int(np.argmax(self.rows @ weights))
        if not at:
            return list(self.chosen)
        return self.found[at - 1].after(self.chosen)


def reads(engine: Engine, questions: Sequence[Question], *, lists: bool = True) -> Iterator[Read]:
    """Each question that no list of bullets answers, as quotes mode reads it; `lists`: spans are those of the items."""
    stems = {d.document_id: Path(d.source).stem for d in engine.documents()}
    for question in questions:
        asked = read_for(engine, question, engine.retriever().retrieve(question.question, 10))
        ranked = of_named(rank(asked.sentences), asked.retrieved)
        top = [(s.candidate.indexed.document_id, s.span, score) for score, s in ranked[:LISTS_READ]]
        language = asked.retrieved.language
        if not ranked or find_list(question.question, top, engine.index().spans, engine.slices, language):
            continue
        gold = {(Path(span.document).stem, span.start) for span in question.spans}
        found = tuple(enumerations(question.question, ranked))
        alike = [
            _f1({(stems[s.candidate.indexed.document_id], s.span.start) for s in one.items}, gold) for one in found
        ]
        right = np.zeros(len(found) + 1)
        best = max(alike, default=0.0)
        if lists and len(gold) > 1 and best >= LIKE:
            right[1:] = [one == best for one in alike]
        else:
            right[0] = 1.0
        rows = np.zeros((len(found) + 1, len(Signals._fields)))
        for number, one in enumerate(found, 1):
            rows[number] = one.signals
        name = question.documents[0] if question.documents else question.id
        chosen = tuple(sufficient(ranked, asked.retrieved.terms))
        kind = _kind(question) if lists else "no list"
        yield Read(question, kind, chosen, found, rows, right, zlib.crc32(name.encode()) % FOLDS)


def _kind(question: Question) -> Kind:
    if "single" in question.tags:
        return "single"
    if "one-sentence" in question.tags:
        return "in one sentence"
    return "list" if len(question.spans) > 1 else "no list"


def _f1(found: set[tuple[str, int]], gold: set[tuple[str, int]]) -> float:
    return 2 * len(found & gold) / (len(found) + len(gold)) if gold else 0.0


def fit(among: Sequence[Read]) -> Array:
    """The weights (signals,) under which the right stretches, or none, get the most probability."""
    weights = np.array([LIST_WEIGHT if one.kind == "list" else 1.0 for one in among])
    return fit_softmax([one.rows for one in among], [one.right for one in among], weights / weights.sum(), PENALTY)


def report(name: str, read: Sequence[Read], weights: Sequence[Array]) -> None:
    """Prints, by kind, the share of items quoted without and with enumerations; `weights` are those for each fold."""
    for kind in ("list", "in one sentence", "single", "no list"):
        mine = [one for one in read if one.kind == kind and one.question.answers]
        if not mine:
            continue
        with_them = [one.quoted(weights[one.fold % len(weights)]) for one in mine]
        without = [list(one.chosen) for one in mine]
        before, after = (
            [_items(one.question, quoted) for one, quoted in zip(mine, given, strict=True)]
            for given in (without, with_them)
        )
        taken = np.mean([len(one) != len(other) for one, other in zip(without, with_them, strict=True)])
        print(
            f"  {name}, {kind:15} n {len(mine):3}  items {np.mean(before):.3f} → {np.mean(after):.3f}"
            f"  all of them {np.mean(np.equal(before, 1)):.2f} → {np.mean(np.equal(after, 1)):.2f}"
            f"  quotes {np.mean([len(one) for one in without]):.2f} → {np.mean([len(one) for one in with_them]):.2f}"
            f"  otherwise quoted {taken:.3f}"
        )


def _items(question: Question, quoted: Sequence[Sentence]) -> float:
    text = "\n".join(sentence.text for sentence in quoted)
    return float(np.mean([contains(text, answer) for answer in question.answers]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl")
    parser.add_argument("--work", type=Path, help="keep the indexed homes here (default: a temporary folder)")
    options = parser.parse_args()
    with ExitStack() as stack:
        work = options.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sets: dict[str, list[Read]] = {}
        for name in ("training", "held-out"):
            with Engine.open(work / name, settings=load_settings(), command="benchmark") as engine:
                engine.ingest([LISTS / name / "docs"])
                sets[name] = list(reads(engine, load_question_set(LISTS / name / "questions.jsonl").questions))
        with Engine.open(work / "samples", settings=load_settings(), command="benchmark") as engine:
            engine.ingest([sample_documents()])
            sets["bundled"] = list(reads(engine, load_question_set(SAMPLES).questions))
        with mixed_dev.opened(options.folder, work / "full") as (engine, questions):
            sets["MIXED_DEV"] = list(reads(engine, questions[::EVERY], lists=False))
    among = [one for name, read in sets.items() if name != "held-out" for one in read]
    folds = [fit([one for one in among if one.fold != fold]) for fold in range(FOLDS)]
    print("weights:", dict(zip(Signals._fields, fit(among).round(2).tolist(), strict=True)))
    print("out of fold:")
    for name in ("training", "bundled", "MIXED_DEV"):
        report(name, sets[name], folds)
    print("with the weights in force:")
    report("held-out", sets["held-out"], [np.array(WEIGHTS)])


if __name__ == "__main__":
    main()
