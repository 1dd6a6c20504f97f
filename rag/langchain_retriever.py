"""Tawthiq for those who build chains of their own with LangChain: its retrieval, and its whole answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from rag.types import Answer, ScoredPassage


class TawthiqRetriever(BaseRetriever):
    """Finds passages with `search(query, limit)`, best first.

    Each is a LangChain Document: `page_content` is the passage as stored, `metadata` says where it stands
    (`document_id`, `start`, `end` in code points, `source`, `title`, `language`) and how well it fits (`score`,
    comparable within one query only, and `rank`, from 1). `id` is `document_id:start-end`.
    """

    search: Callable[[str, int], Sequence[ScoredPassage]]
    limit: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(scored) for scored in self.search(query, self.limit)]


def answer_runnable(ask: Callable[..., Answer]) -> Runnable[str | dict[str, Any], Answer]:
    """`ask` as a step of a chain: a question, or a dict of `ask`'s arguments with one, to its Answer.

    Within it the prompt and the model are runs of LangChain's, which report to the callbacks of the chain: tokens come
    as they are written.
    """

    def answer(asked: str | dict[str, Any]) -> Answer:
        return ask(asked) if isinstance(asked, str) else ask(**asked)

    return RunnableLambda(answer, name="tawthiq")


def _document(scored: ScoredPassage) -> Document:
    passage = scored.passage
    return Document(
        id=f"{passage.document_id}:{passage.start}-{passage.end}",
        page_content=passage.text,
        metadata={
            "document_id": passage.document_id,
            "start": passage.start,
            "end": passage.end,
            "source": passage.source,
            "title": passage.title,
            "score": scored.score,
            "rank": scored.rank,
            "language": passage.language,
        },
    )
