"""What a run asks instead of the engine itself: the real engine with trouble on the way; and two questions for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Document
from evals.question_set import Question, QuestionSet
from rag import Engine
from rag.types import Answer, DocumentSummary, History, Mode, ScoredPassage

WHO = Question(
    "who", "Who sponsored the Captagon Act in Congress?", "en", answers=("French Hill",), documents=("en-captagon-act",)
)
WHEN = Question("when", "متى أقرّ الكونغرس قانون الكبتاغون؟", "ar", answers=("2022",), documents=("en-captagon-act",))


class Troubled:
    """The real engine with trouble on the way: it raises for some questions and alters the quotes of others."""

    def __init__(self, engine: Engine, raises: dict[str, Exception], alters: Sequence[str] = ()) -> None:
        self.engine = engine
        self.raises = raises
        self.alters = alters
        self.asked: list[tuple[str, tuple[str, ...], Mode]] = []

    @property
    def generation(self) -> int:
        return self.engine.generation

    def documents(self) -> list[DocumentSummary]:
        return self.engine.documents()

    def document(self, document_id: str) -> Document:
        return self.engine.document(document_id)

    def search(self, query: str, limit: int = 10) -> list[ScoredPassage]:
        return self.engine.search(query, limit)

    def ask(self, question: str, history: History = (), mode: Mode = "auto") -> Answer:
        self.asked.append((question, tuple(turn for turn, _ in history), mode))
        if question in self.raises:
            raise self.raises[question]
        answer = self.engine.ask(question, history=history, mode=mode)
        if question in self.alters:
            return replace(answer, citations=tuple(replace(c, quote=c.quote + "!") for c in answer.citations))
        return answer


def made_of(*questions: Question) -> QuestionSet:
    return QuestionSet("small", "small.jsonl", questions, "0" * 64)
