"""What a language model wrote when it was asked, word for word, in a file that grows by a line a question.

Of the questions the file holds the ids alone, and of the passages that the model was given their places, by the names
of the documents' files: so it may stand in another repository than they, and be scored on another machine.
"""

from __future__ import annotations

import functools
import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from evals.benchmarks import mixed_dev
from evals.errors import EvaluationError
from evals.question_set import Question
from rag import Engine, llm
from rag.answering.chain import PASSAGES
from rag.answering.generation.generative import Reply, fit, room, write
from rag.errors import GenerationError
from rag.types import Passage, ScoredPassage


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it was asked: a line of the replies.

    `reply` is None where the model failed, and `failure` says how. Milliseconds count from the question: to the
    passages (`retrieval_ms`), to the first word that a person would see (None: there was none), to the end.
    """

    id: str
    question: str
    language: str
    group: str
    model: str
    reply: Reply | None
    failure: str | None
    retrieval_ms: float
    first_token_ms: float | None
    total_ms: float

    def to_json(self, shelf: Shelf) -> dict[str, Any]:
        data = {key: getattr(self, key) for key in self.__dataclass_fields__ if key not in ("question", "reply")}
        if self.reply is not None:
            passages = [shelf.place_of(one) for one in self.reply.passages]
            usage = dict(self.reply.usage) if self.reply.usage else None
            data["reply"] = {
                "text": self.reply.text,
                "truncated": self.reply.truncated,
                "usage": usage,
                "passages": passages,
            }
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any], shelf: Shelf) -> Asked:
        """What `to_json` wrote. Raises KeyError, ValueError, TypeError or AttributeError on anything else."""
        said = data.get("reply")
        reply = None
        if said is not None:
            passages = tuple(map(shelf.passage_at, said["passages"]))
            reply = Reply(said["text"], passages, said["truncated"], said["usage"])
        return cls(**{**data, "question": shelf.questions[data["id"]], "reply": reply})


class Shelf:
    """The questions by their ids, and the indexed documents by the names of their files."""

    def __init__(self, engine: Engine, questions: Iterable[Question]) -> None:
        self.questions = {one.id: one.question for one in questions}
        summaries = engine.documents()
        self._ids = {Path(one.source).stem: one.document_id for one in summaries}
        self._stems = {one.document_id: Path(one.source).stem for one in summaries}
        self._document = functools.cache(engine.document)

    def place_of(self, scored: ScoredPassage) -> dict[str, Any]:
        """Where a passage stands, and a digest of its text."""
        passage = scored.passage
        return {
            "document": self._stems[passage.document_id],
            "start": passage.start,
            "end": passage.end,
            "language": passage.language,
            "digest": _digest(passage.text),
            "score": round(scored.score, 4),
            "rank": scored.rank,
        }

    def passage_at(self, place: Mapping[str, Any]) -> ScoredPassage:
        """The passage that `place_of` wrote. Raises ValueError where there is another text now, KeyError."""
        if place["document"] not in self._ids:
            raise ValueError(f"there is no document {place['document']}")
        document = self._document(self._ids[place["document"]])
        text = document.text[place["start"] : place["end"]]
        if _digest(text) != place["digest"]:
            raise ValueError(f"the text of {place['document']} is another than the model was given")
        passage = Passage(
            document.document_id,
            place["start"],
            place["end"],
            place["language"],
            text,
            document.source,
            document.title,
        )
        return ScoredPassage(passage, place["score"], place["rank"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def sample(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """`count` questions, the same share of each group, group after group in turn; more of them begin with the same."""
    drawn = np.random.default_rng(seed)
    chosen: list[list[Question]] = []
    for group in mixed_dev.GROUPS:
        of_group = [question for question in questions if mixed_dev.group_of(question) == group]
        chosen.append([of_group[place] for place in drawn.permutation(len(of_group))])
    turns = [row[turn] for turn in range(max(map(len, chosen))) for row in chosen if turn < len(row)]
    return turns[:count]


def ask(engine: Engine, question: Question) -> Asked:
    """The model's own words on `question`, from the passages that an answer would be written from."""
    started = time.perf_counter()

    def elapsed() -> float:
        return round((time.perf_counter() - started) * 1000, 1)

    retriever = engine.retriever()
    retrieved = retriever.retrieve(question.question, PASSAGES, None, translate=True)
    language = retrieved.language if retrieved.language != "und" else "en"
    passages = retriever.passages(retrieved.candidates)
    given = fit(passages, room(question.question, language, (), engine.settings))
    retrieval_ms, first, reply, failure = elapsed(), None, None, None
    try:
        for event in write(question.question, given, language, (), engine.settings):
            if isinstance(event, Reply):
                reply = event
            elif first is None:
                first = elapsed()
    except GenerationError as error:
        failure = str(error)
    return Asked(
        question.id,
        question.question,
        language,
        mixed_dev.group_of(question),
        engine.settings.llm_model or "",
        reply,
        failure,
        retrieval_ms,
        first,
        elapsed(),
    )


def load_replies(path: Path, shelf: Shelf) -> list[Asked]:
    """What was asked so far; nothing where there is no file. Raises EvaluationError, naming the line."""
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line:
            continue
        try:
            found.append(Asked.from_json(json.loads(line), shelf))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationError(f"{path}, line {number} is no reply: {error}.", "Remove the line.") from None
    return found


def collect(engine: Engine, questions: Iterable[Question], path: Path, shelf: Shelf) -> None:
    """Asks those of `questions` that are not in the file at `path` yet, and adds each to it as it comes.

    Raises EvaluationError when the model cannot be reached: that would be counted as its failure.
    """
    known = {asked.id for asked in load_replies(path, shelf)}
    left = [question for question in questions if question.id not in known]
    if not left:
        return
    engine.warm()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for question in track(left, "asking"):
            reached, reason = llm.reachable(engine.settings, timeout=engine.settings.llm_timeout)
            if not reached:
                raise EvaluationError(f"The language model cannot be asked: {reason}", "Start it, and run this again.")
            file.write(json.dumps(ask(engine, question).to_json(shelf), ensure_ascii=False) + "\n")
            file.flush()
