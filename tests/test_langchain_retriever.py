"""What LangChain users get: a retriever over a search, and whole answers as a Runnable, composable with a chain."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableLambda
from openai_server import MODEL, OpenAIServer

from rag import Engine
from rag.langchain_retriever import TawthiqRetriever
from rag.settings import Settings
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


def test_whole_answers_are_a_step_of_a_chain(
    samples_home: Path, settings: Settings, server: OpenAIServer, tmp_path: Path
) -> None:
    from langchain_core.callbacks import BaseCallbackHandler

    class Listener(BaseCallbackHandler):
        def __init__(self) -> None:
            self.tokens: list[str] = []

        def on_llm_new_token(self, token: str, **_: Any) -> None:
            self.tokens.append(token)

    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    changed = {"llm_model": MODEL, "translation_timeout": 0.0, "quote_translation_timeout": 0.0}
    reply = "A classified annex accompanies the published text. [1]"
    with Engine.open(home, settings=settings.model_copy(update=changed)) as engine:
        server.script(reply)
        listener = Listener()
        chain = engine.as_runnable() | (lambda answer: [c.quote for c in answer.citations])
        asked = {"question": "What accompanies the published text of the US strategy?", "mode": "llm"}
        (quote,) = chain.invoke(asked, {"callbacks": [listener]})
        assert "annex" in quote
        assert "".join(listener.tokens) == reply
        (answer,) = engine.as_runnable().batch(["ماذا يرافق الاستراتيجية الأمريكية؟"])  # no reply is left: quotes
        assert (answer.mode, answer.language) == ("quotes", "ar")
