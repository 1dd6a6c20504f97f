"""Question sets from other people's formats: one file a format, each with `read(sources, language, contexts) -> Draft`.

To add a format, write its file and name it in `FORMATS`; to have it guessed, in `evals/importers/guess.py` too.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from evals.errors import EvaluationError, QuestionSetError
from evals.importers.draft import Draft
from evals.question_set import TABLE_SUFFIXES, load_question_set

FORMATS = {
    "squad": "SQuAD 1.1 and 2.0 JSON: XQuAD, ARCD, MLQA, TyDi QA GoldP",
    "beir": "BEIR folders; MIRACL's corpus, topics and qrels",
    "ragas": "Ragas test sets and data sets: JSON, JSONL, CSV",
    "deepeval": "DeepEval goldens: JSON, JSONL, CSV",
    "table": "CSV and XLSX with headings in English or Arabic",
    "feedback": "JSONL of readers' feedback on answers",
}
_CARRY_DOCUMENTS = frozenset(("squad", "beir"))
"""Formats whose questions mean nothing without the documents that stand beside them."""

Reader = Callable[[Sequence[Path], str | None, bool], Draft]
"""Takes the sources, the language of the questions where it is given, and whether contexts become documents."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: the set and its digest, how many questions and documents, how many were left out and why."""

    format: str
    out: Path
    digest: str
    questions: int
    documents: int
    documents_folder: Path | None
    left_out: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "set": str(self.out),
            "digest": self.digest,
            "questions": self.questions,
            "documents": self.documents,
            "documents_folder": str(self.documents_folder) if self.documents_folder else None,
            "left_out": dict(self.left_out),
        }


def import_questions(
    name: str,
    sources: Sequence[Path],
    out: Path,
    *,
    documents: Path | None = None,
    language: str | None = None,
    force: bool = False,
) -> Imported:
    """Writes the questions of `sources`, in the format `name` ("auto" guesses), to `out`, their texts to `documents`.

    Nothing is written unless the whole of it loads as a question set. Raises QuestionSetError, naming file and line or
    record, for what a source gets wrong, and EvaluationError for what cannot be read, written, or overwritten.
    """
    if name == "auto":
        from evals.importers.guess import guess

        name = guess(sources)
    if name not in FORMATS:
        raise EvaluationError(f"There is no format {name!r}.", f"Formats: {', '.join(FORMATS)}, auto.")
    _check_targets(sources, out, documents, force)
    if documents is None and name in _CARRY_DOCUMENTS:
        raise EvaluationError(
            f"A set in the format {name} carries its documents.", "Name a folder for them with --documents."
        )
    reader: Reader = import_module(f"evals.importers.{name}").read
    draft = reader(sources, language, documents is not None)
    text = "".join(json.dumps(question.to_json(), ensure_ascii=False) + "\n" for question in draft.questions)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = out.with_name(f".{out.name}.part.jsonl")
        try:
            part.write_text(text, encoding="utf-8", newline="\n")
            digest = _digest(part, sources, draft)
            if documents is not None and draft.documents:
                _write_documents(documents, draft.documents)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise EvaluationError(
            f"{error.filename or out} cannot be written: {error.strerror or type(error).__name__}.", "Name another."
        ) from None
    written = documents if draft.documents else None
    return Imported(name, out, digest, len(draft.questions), len(draft.documents), written, draft.left_out)


def _check_targets(sources: Sequence[Path], out: Path, documents: Path | None, force: bool) -> None:
    if out.suffix.lower() in TABLE_SUFFIXES:
        raise EvaluationError(f"{out} would not be read as JSONL.", "Name a file that ends in .jsonl.")
    if out.is_dir():
        raise EvaluationError(f"{out} is a folder.", "Name a file that ends in .jsonl.")
    if out.exists() and any(source.exists() and source.samefile(out) for source in sources):
        raise EvaluationError(f"{out} is what is imported.", "Name another file with --out.")
    if out.exists() and not force:
        raise EvaluationError(f"{out} is there already.", "Name another file, or overwrite it with --force.")
    if documents is None:
        return
    if documents.exists() and not documents.is_dir():
        raise EvaluationError(f"{documents} is no folder.", "Name a folder with --documents.")
    if documents.is_dir() and any(documents.iterdir()) and not force:
        raise EvaluationError(
            f"The folder {documents} is not empty.", "Name another, or write among its files with --force."
        )


def _digest(part: Path, sources: Sequence[Path], draft: Draft) -> str:
    """The digest of what was made, once it has loaded as a set. Raises QuestionSetError that names the sources."""
    named = ", ".join(map(str, sources))
    if not draft.questions:
        why = "; ".join(f"{count} left out: {reason}" for reason, count in draft.left_out.items())
        raise QuestionSetError(named, [why or "it holds no question"])
    try:
        return load_question_set(part).digest
    except QuestionSetError as error:
        raise QuestionSetError(named, [f"as imported, {problem}" for problem in error.problems]) from None


def _write_documents(folder: Path, documents: Mapping[str, str]) -> None:
    """Writes every text into a folder beside `folder` first: a new folder appears whole, or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as made:
        whole = Path(made) / "documents"
        whole.mkdir()
        for stem, text in documents.items():
            (whole / f"{stem}.txt").write_text(text, encoding="utf-8", newline="\n")
        if folder.is_dir() and any(folder.iterdir()):
            for file in whole.iterdir():
                file.replace(folder / file.name)
        else:
            whole.replace(folder)
