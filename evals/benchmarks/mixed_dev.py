"""The bilingual benchmark that constants are fitted on (`docs/`, `questions.jsonl`, `abstain/`), opened in a home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.question_set import Question, load_question_set
from rag import Engine
from rag.settings import load_settings

GROUPS = ("ar→ar", "en→en", "ar→en", "en→ar", "ARCD")
FOLDS = 5


@contextmanager
def opened(folder: Path, home: Path) -> Iterator[tuple[Engine, tuple[Question, ...]]]:
    """The engine over `folder/docs` (indexed in `home` the first time) and the questions of `folder`."""
    questions = load_question_set(folder / "questions.jsonl").questions
    with Engine.open(home, settings=load_settings(), command="benchmark") as engine:
        engine.ingest([folder / "docs"])
        yield engine, questions


def stem_of(question: Question) -> str:
    """The file stem of the one document that a question of this set is about."""
    return Path(question.documents[0]).stem


def group_of(question: Question) -> str:
    """ARCD, or the direction: question language → document language, as the file's own name says."""
    stem = stem_of(question)
    return "ARCD" if stem.startswith("arcd") else f"{question.language}→{stem.rsplit('-', 1)[-1]}"


def article_of(question: Question) -> str:
    """The article, the same for both languages: what a fold may not cut in two."""
    found = re.match(r"xq-\d+", stem_of(question))
    return found.group() if found else stem_of(question)


def folds(questions: tuple[Question, ...] | list[Question], seed: int = 7) -> NDArray[np.int64]:
    """The fold (0 to FOLDS - 1) of each question: by article, both languages of an article together."""
    articles = sorted({article_of(question) for question in questions})
    order = np.random.default_rng(seed).permutation(len(articles))
    number = {articles[article]: place % FOLDS for place, article in enumerate(order)}
    return np.array([number[article_of(question)] for question in questions])
