"""Follow-ups: what carrying over the topic of the last turns finds, beside asking bare and beside the usual recipe.

    python -m evals.benchmarks.conversation FOLDER [--home DIR]

`FOLDER` (`tests/data/conversations`, or its `follow-ups`: pronouns and changes of topic, `values`: when, where, who, or
`short`: new topics in few words, why and where from) holds `development.jsonl`, on which the rules were made (`values`
has none), and `held-out.jsonl`, on which they were not: conversations over the sample documents and those in its
`documents`, if it has any,
`{"id", "turns": [{"question", "language", "kind", "documents", "answers"}]}` a line. A turn's `kind` is `first`,
`follow_up`, `topic_change` (it may look like a follow-up), `unanswerable` (a follow-up that the documents do not
answer) or `new_unanswerable` (a question of its own that they do not answer: to be `rewritten` is an error there). No
language model is asked.

bare: each question without its history. rules: with it. concatenated: the previous question, whatever it was, put
before each one. hit@1, hit@5: a document that answers is first, among the first five. contained: a quote of the answer
holds a reference. answered: it was not silent, which for unanswerable follow-ups is a false answer. harmed: topic
changes that were found first, or answered with the reference, bare, and no longer are.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from corpus.sources import sample_documents
from evals.metrics.retrieval import ranked_documents
from evals.normalisation import contains
from rag import Engine
from rag.types import Answer

UNANSWERABLE = ("unanswerable", "new_unanswerable")
KINDS = ("first", "follow_up", "topic_change", *UNANSWERABLE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question in a conversation. `documents` are file stems of those that answer it, `answers` references."""

    question: str
    kind: str
    documents: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one turn."""

    turn: Turn
    first: bool
    among_five: bool
    contained: bool
    answered: bool
    rewritten: bool


Conversation = tuple[Turn, ...]
Ask = Callable[[Engine, Conversation], Iterable[Answer]]


def load(path: Path) -> list[Conversation]:
    """The conversations of a JSONL file."""
    return [tuple(map(_turn, json.loads(line)["turns"])) for line in path.read_text("utf-8").splitlines()]


def bare(engine: Engine, turns: Conversation) -> Iterable[Answer]:
    """Each question by itself."""
    return [engine.ask(turn.question, mode="quotes") for turn in turns]


def rules(engine: Engine, turns: Conversation) -> Iterable[Answer]:
    """Each question after the ones before it, with the answers that they got."""
    history: list[tuple[str, Answer]] = []
    for turn in turns:
        history.append((turn.question, engine.ask(turn.question, history=history, mode="quotes")))
    return [answer for _, answer in history]


def concatenated(engine: Engine, turns: Conversation) -> Iterable[Answer]:
    """Each question with the one before it in front."""
    before = ["", *(f"{turn.question} " for turn in turns)]
    return [engine.ask(said + turn.question, mode="quotes") for said, turn in zip(before, turns, strict=False)]


WAYS: dict[str, Ask] = {"bare": bare, "rules": rules, "concatenated": concatenated}


def outcomes(engine: Engine, conversations: Sequence[Conversation], ask: Ask) -> list[Outcome]:
    """What became of every turn, in order."""
    stems = {document.document_id: Path(document.source).stem for document in engine.documents()}
    found = []
    for turns in conversations:
        for turn, answer in zip(turns, ask(engine, turns), strict=True):
            ranking = [stems[one] for one in ranked_documents(answer.passages)]
            found.append(
                Outcome(
                    turn,
                    first=ranking[:1] != [] and ranking[0] in turn.documents,
                    among_five=any(stem in turn.documents for stem in ranking[:5]),
                    contained=any(contains(c.quote, one) for c in answer.citations for one in turn.answers),
                    answered=answer.status == "answered",
                    rewritten=answer.standalone_question is not None,
                )
            )
    return found


def harmed(before: Sequence[Outcome], after: Sequence[Outcome]) -> int:
    """Topic changes that were right in `before` and are not in `after`."""
    return sum(
        (one.first and not other.first) or (one.contained and not other.contained)
        for one, other in zip(before, after, strict=True)
        if one.turn.kind == "topic_change"
    )


def table(engine: Engine, name: str, conversations: Sequence[Conversation]) -> Table:
    """The figures of every way and kind of turn."""
    shown = Table(title=name, box=None, padding=(0, 2, 0, 0), title_justify="left")
    for heading in ("", "", "hit@1", "hit@5", "contained", "answered", "rewritten", "harmed", "n"):
        shown.add_column(heading)
    results = {way: outcomes(engine, conversations, ask) for way, ask in WAYS.items()}
    for kind in KINDS:
        for way, every in results.items():
            mine = [one for one in every if one.turn.kind == kind]
            shares = [
                share([getattr(one, field) for one in mine])
                for field in ("first", "among_five", "contained", "answered", "rewritten")
            ]
            if kind in UNANSWERABLE:
                shares[:3] = ["–"] * 3
            hurt = str(harmed(results["bare"], every)) if kind == "topic_change" else ""
            shown.add_row(kind if way == "bare" else "", way, *shares, hurt, str(len(mine)))
    return shown


def share(values: Sequence[bool]) -> str:
    """The share of true values, to two places; – of none."""
    return f"{sum(values) / len(values):.2f}" if values else "–"


def _turn(data: dict[str, Any]) -> Turn:
    return Turn(data["question"], data["kind"], tuple(data["documents"]), tuple(data["answers"]))


def main() -> None:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.conversation", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("folder", type=Path, help="conversations: development.jsonl and held-out.jsonl")
    parser.add_argument("--home", type=Path, help="a home with the sample documents (default: a fresh one)")
    parser.add_argument("--only", choices=("development", "held-out"), help="one of the two files")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tawthiq-conversation-")))
        engine = stack.enter_context(Engine.open(folder, command="conversation benchmark"))
        if options.home is None:
            own = options.folder / "documents"
            engine.ingest([sample_documents(), *([own] if own.exists() else [])])
        both = [one for one in ("development", "held-out") if (options.folder / f"{one}.jsonl").exists()]
        for name in [options.only] if options.only else both:
            Console().print(table(engine, name, load(options.folder / f"{name}.jsonl")))


if __name__ == "__main__":
    main()
