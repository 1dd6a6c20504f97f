"""Whether the gate stops what is worse, and lets pass what is the same.

    python -m evals.benchmarks.gate_power [--again N]

asks the bundled questions over the sample documents as they are, N times more the same way (20), and in deliberately
worse configurations: without the lexical index and what words say of a passage; and with cosines of both languages on
one scale, as if they compared. Each run goes through the committed floors, and is compared with the first.

Then a stand-in for a language model answers that says in each answer what no passage says (`stand_in.py`): with the
default policy, by which floors are pinned in memory, again the same way, and with grounding off.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

from corpus.sources import sample_documents
from evals import question_sets
from evals.benchmarks.stand_in import stand_in_model
from evals.gate import Breach, Floors, breaches, failing, pinned, read_floors
from evals.observation import observer
from evals.question_set import QuestionSet, load_question_set
from evals.run import run_question_set
from evals.run_folder import RunFolder, read_run_folder
from rag import Engine, retrieval
from rag.reranking import WEIGHTS, PassageSignals, signals_of
from rag.settings import Grounding, load_settings
from rag.types import Mode


@contextmanager
def without_words() -> Iterator[None]:
    """Retrieval by vectors alone: nothing is found by words, and words say nothing of what is found."""
    weights = WEIGHTS._replace(words=0.0, grams=0.0, words_across=0.0, spread_across=0.0)
    with (
        patch.object(retrieval.Retriever, "_by_words", lambda *_: []),
        patch.object(retrieval, "WEIGHTS", weights),
    ):
        yield


@contextmanager
def without_calibration() -> Iterator[None]:
    """Cosines as they are: text in the question's own language always wins."""
    with ExitStack() as stack:
        stack.enter_context(
            patch.object(retrieval, "signals_of", lambda p, t, v, level, title: signals_of(p, t, v, 0.0, title))
        )
        stack.enter_context(patch.object(retrieval, "WEIGHTS", PassageSignals(late=1.0, late_across=1.0)))
        yield


WORSE = {"no lexical index": without_words, "no calibration across languages": without_calibration}


def asked(engine: Engine, questions: QuestionSet, out: Path, mode: Mode = "quotes") -> RunFolder:
    """The set asked anew, read back from its folder."""
    run_question_set(engine, questions, out, mode=mode, restart=True, observe=observer(engine))
    return read_run_folder(out)


def by_a_model(questions: QuestionSet, folder: Path, name: str, grounding: Grounding) -> RunFolder:
    """The set answered by the stand-in that makes things up, under a policy of grounding."""
    with stand_in_model():
        settings = load_settings().model_copy(update={"grounding": grounding})
        with Engine.open(folder / "home", settings=settings) as engine:
            return asked(engine, questions, folder / name, "llm")


def tell(name: str, found: list[Breach]) -> None:
    """What the gate says of a run."""
    print(f"{name}: {'stopped' if found else 'NOT STOPPED'} ({len(found)} figures)")
    for one in failing(found[:5]):
        print(f"  {one}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--again", type=int, default=20, help="runs of the same configuration")
    options = parser.parse_args()
    questions = load_question_set(question_sets.path("samples"))
    floors = read_floors(question_sets.floors("samples"))
    with tempfile.TemporaryDirectory() as folder, Engine.open(Path(folder) / "home") as engine:
        engine.ingest([sample_documents()])
        engine.warm()
        first = asked(engine, questions, Path(folder) / "first")
        stopped = 0
        for number in range(options.again):
            stopped += bool(breaches(asked(engine, questions, Path(folder) / f"again-{number}"), floors, first))
        print(f"the same configuration: stopped {stopped} of {options.again}")
        for name, worse in WORSE.items():
            with worse():
                run = asked(engine, questions, Path(folder) / name.replace(" ", "-"))
            tell(f"{name}, by floors", breaches(run, floors))
            tell(f"{name}, by floors and baseline", breaches(run, floors, first))
        engine.close()
        grounded = by_a_model(questions, Path(folder), "grounded", "remove")
        own = Floors(questions.digest, pinned(grounded), ())
        same = by_a_model(questions, Path(folder), "grounded-again", "remove")
        tell("a model that makes things up, grounded, again", breaches(same, own, grounded))
        tell(
            "a model that makes things up, grounding off",
            breaches(by_a_model(questions, Path(folder), "off", "off"), own, grounded),
        )


if __name__ == "__main__":
    main()
