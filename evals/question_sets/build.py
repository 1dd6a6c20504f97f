"""Finds the spans of a question set anew by their quotes, after samples or questions were edited.

    python -m evals.question_sets.build [SET.jsonl] [--documents DIR]

In the set, write a span as {"document": "file-stem", "quote": "exact words of the stored text"}; this fills in `start`
and `end` and rewrites the file in place. A quote that its document does not hold, or holds several times, is an error
with the case's id, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpus.document import Document
from corpus.errors import TawthiqError
from corpus.sources import sample_documents
from evals import question_sets
from evals.errors import QuestionSetError
from evals.question_set import load_question_set


def build(set_path: Path, documents: Path, read: Callable[[Path], Document]) -> int:
    """Fills in the spans of `set_path` from the files in `documents`; -> number of spans whose offsets changed.

    Raises QuestionSetError, naming the cases, when a quote is not found exactly once; the file is then untouched.
    """
    texts = {path.stem: read(path).text for path in sorted(documents.iterdir()) if path.suffix in {".md", ".txt"}}
    rows = [json.loads(line) for line in set_path.read_text(encoding="utf-8").splitlines() if line.strip()]
    problems: list[str] = []
    moved = 0
    for row in rows:
        for span in row.get("spans", ()):
            if "quote" not in span:
                continue
            try:
                start = _only_place(span["quote"], span["document"], texts)
            except ValueError as error:
                problems.append(f"{row.get('id')}: {error}")
                continue
            place = {"start": start, "end": start + len(span["quote"])}
            moved += place != {key: span.get(key) for key in place}
            _put(span, place)
    if problems:
        raise QuestionSetError(set_path, problems)
    part = set_path.with_name(set_path.name + ".part")
    part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    try:
        load_question_set(part)
        part.replace(set_path)
    finally:
        part.unlink(missing_ok=True)
    return moved


def _only_place(quote: str, document: str, texts: dict[str, str]) -> int:
    if document not in texts:
        raise ValueError(f"there is no document {document!r}")
    count = texts[document].count(quote)
    if count != 1:
        raise ValueError(f"{document!r} holds {count} times: {quote[:60]!r}")
    return texts[document].index(quote)


def _put(span: dict[str, Any], place: dict[str, int]) -> None:
    ordered = {"document": span["document"], **place, "quote": span["quote"]}
    span.clear()
    span.update(ordered)


def main() -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.question_sets.build", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("set", nargs="?", type=Path, default=question_sets.path("samples"))
    parser.add_argument("--documents", type=Path, default=sample_documents())
    arguments = parser.parse_args()

    from corpus.sources import read_document

    try:
        moved = build(arguments.set, arguments.documents, read_document)
    except TawthiqError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{arguments.set}: {moved} spans moved")
    return 0


if __name__ == "__main__":
    sys.exit(main())
