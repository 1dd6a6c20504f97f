"""Errors of the evaluation layer (the root of the tree is in `corpus.errors`).

TawthiqError
└── EvaluationError        a run cannot start, or its folder cannot be written or read
    ├── QuestionSetError   the question set is not usable; `problems` holds every line of it that is wrong
    └── LabelsError        a file of people's labels is not usable; `problems` likewise
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.errors import TawthiqError

SHOWN_PROBLEMS = 5
"""How many problems stand in the message itself; all of them are in `QuestionSetError.problems`."""


class EvaluationError(TawthiqError):
    code = "evaluation"


class QuestionSetError(EvaluationError):
    """A question set that cannot be used. `problems` are one-line descriptions ("line 7: …"), in file order."""

    code = "question_set"

    def __init__(
        self, path: object, problems: Sequence[str], hint: str = "Correct the question set and try again."
    ) -> None:
        self.problems = tuple(problems)
        super().__init__(f"The question set {path} cannot be used: {_listed(problems)}.", hint, path=str(path))


class LabelsError(EvaluationError):
    """A file of labels that cannot be used; `problems` as in QuestionSetError."""

    code = "labels"

    def __init__(self, path: object, problems: Sequence[str], hint: str = "Correct the labels and try again.") -> None:
        self.problems = tuple(problems)
        super().__init__(f"The labels {path} cannot be used: {_listed(problems)}.", hint, path=str(path))


def _listed(problems: Sequence[str]) -> str:
    more = len(problems) - SHOWN_PROBLEMS
    return "; ".join(problems[:SHOWN_PROBLEMS]) + (f"; and {more} more" if more > 0 else "")
