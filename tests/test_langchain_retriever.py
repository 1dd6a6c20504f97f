"""The retriever that LangChain users get: a Runnable over a search, composable with a chain."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.runnables import RunnableLambda

from rag.langchain_retriever import TawthiqRetriever
from rag.types import Passage, ScoredPassage

TEXT = "The House passed that bill. الملحق سري."


def search(query: str, limit: int) -> Sequence[ScoredPassage]:
    found = [
        ScoredPassage(Passage("d1", 0, 27, "en", TEXT[:27], "a.md", "A"), 2.5, 1),
        ScoredPassage(Passage("d1", 28, 39, "ar", TEXT[28:], "a.md", "A"), 0.5, 2),
    ]
    return found[:limit] if query else []


def test_documents_carry_where_they_stand() -> None:
    first, second = TawthiqRetriever(search=search).invoke("bill")
    assert first.page_content == TEXT[first.metadata["start"] : first.metadata["end"]]
    assert second.page_content == "الملحق سري."
    assert first.id == "d1:0-27"
    assert first.metadata == {
        "document_id": "d1",
        "start": 0,
        "end": 27,
        "source": "a.md",
        "title": "A",
        "score": 2.5,
        "rank": 1,
        "language": "en",
    }


def test_the_limit_reaches_the_search() -> None:
    assert len(TawthiqRetriever(search=search, limit=1).invoke("bill")) == 1


def test_it_composes() -> None:
    chain = TawthiqRetriever(search=search) | RunnableLambda(lambda documents: [d.metadata["rank"] for d in documents])
    assert chain.invoke("bill") == [1, 2]
