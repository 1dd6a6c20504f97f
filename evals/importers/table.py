"""Question sets in CSV and XLSX (`evals.tables`), to JSONL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from evals.errors import QuestionSetError
from evals.importers.draft import Draft
from evals.importers.records import AGAIN
from evals.question_set import TABLE_SUFFIXES, Question, load_question_set


def read(sources: Sequence[Path], language: str | None, contexts: bool) -> Draft:
    """The rows of every table. Raises QuestionSetError, naming the row; also for an id that two tables share."""
    questions: dict[str, Question] = {}
    for source in sources:
        if source.suffix.lower() not in TABLE_SUFFIXES:
            raise QuestionSetError(source, ["it is no CSV or XLSX"], "Save it as .csv or .xlsx.")
        for question in load_question_set(source).questions:
            if question.id in questions:
                raise QuestionSetError(source, [f"the id {question.id!r} stands in another table already"], AGAIN)
            questions[question.id] = replace(question, language=language) if language else question
    return Draft(tuple(questions.values()))
