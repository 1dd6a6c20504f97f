"""A question set from conversations over the sample documents: each turn a question, after the turns before it.

    python -m evals.question_sets.conversations CONVERSATIONS.jsonl… --out SET.jsonl

`make eval` asks the repository's own (`tests/data/conversations`; `evals.benchmarks.conversation` describes a line).
The kind of a turn becomes a tag, and so does the name of its file: the rules for follow-ups were made on `development`,
so only `held-out` says how good they are. A run asks the turns before a question anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus.errors import TawthiqError
from evals.errors import EvaluationError, QuestionSetError
from evals.question_set import Question, load_question_set
from evals.whole_files import write_whole

UNANSWERABLE = ("unanswerable", "new_unanswerable")
"""The kinds of turns that the documents do not answer."""


def questions(path: Path) -> Iterator[Question]:
    """The turns of every conversation in `path`. Raises QuestionSetError, naming the line, on anything else."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise QuestionSetError(path, [error.strerror or "unreadable"], "Name a file of conversations.") from None
    except UnicodeDecodeError:
        raise QuestionSetError(path, ["it is not UTF-8"], "Name a file of conversations.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield from _turns(json.loads(line), path.stem)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                problem = f"line {number}: not a conversation ({type(error).__name__}: {error})"
                raise QuestionSetError(path, [problem]) from None


def build(paths: Iterable[Path], out: Path) -> int:
    """Writes the conversations of `paths` as the set `out`; -> the number of its questions. Raises EvaluationError."""
    rows = [question.to_json() for path in paths for question in questions(path)]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(out, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    except OSError as error:
        raise EvaluationError(f"{out} cannot be written: {error.strerror}.", "Name another file.") from None
    return len(load_question_set(out).questions)


def _turns(conversation: dict[str, Any], name: str) -> Iterator[Question]:
    said: list[str] = []
    for number, turn in enumerate(conversation["turns"], start=1):
        yield Question(
            id=f"{conversation['id']}-{number}",
            question=turn["question"],
            language=turn["language"],
            answers=tuple(turn["answers"]),
            documents=tuple(turn["documents"]),
            answerable=turn["kind"] not in UNANSWERABLE,
            tags=(turn["kind"], name),
            turns=tuple(said),
        )
        said.append(turn["question"])


def main() -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.question_sets.conversations", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("conversations", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        count = build(arguments.conversations, arguments.out)
    except TawthiqError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{arguments.out}: {count} questions")
    return 0


if __name__ == "__main__":
    sys.exit(main())
