"""Traces of answers in LangSmith: a tree of runs for each question, the model's own reported by LangChain's callbacks.

Where they go is for LangSmith's variables to say (`LANGSMITH_ENDPOINT`, `LANGSMITH_API_KEY`, `LANGSMITH_PROJECT`);
whether they go at all is for ours.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from langchain_core.tracers.langchain import LangChainTracer
from langsmith import Client, RunTree
from langsmith.run_helpers import tracing_context

from rag.errors import SettingsError
from rag.settings import Settings
from rag.tracing.steps import Fact, Step, Tracing, failure_kind, session_of
from rag.types import History
from rag.usage import Meter

FLUSH_SECONDS = 5.0
"""How long closing waits for what is left to be sent."""

_KINDS = {"retrieve": "retriever"}


class LangSmithTracing(Tracing):
    """Sends runs through a client of its own, which hides inputs and outputs unless the settings allow them."""

    def __init__(self, settings: Settings) -> None:
        """Raises SettingsError where neither a key nor an address of one's own is set."""
        wanted = ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT")
        if not any(os.environ.get(name) for name in wanted):
            raise SettingsError("TAWTHIQ_TRACING is langsmith, and there is no key for it.", "Set LANGSMITH_API_KEY.")
        if settings.tracing_content:
            self._client = Client()
        else:
            self._client = Client(hide_inputs=True, hide_outputs=True, anonymizer=_without_messages)

    @contextmanager
    def question(self, history: History) -> Iterator[Step]:
        session = session_of(history)
        root = RunTree(name="tawthiq.question", run_type="chain", ls_client=self._client)
        root.add_metadata({"session_id": session})
        with _running(root):
            yield _RunStep(root, self._client, Meter(), session)

    def close(self) -> None:
        with suppress(Exception):
            self._client.flush(FLUSH_SECONDS)
        with suppress(Exception):
            self._client.close(0)


class _RunStep(Step):
    def __init__(self, run: RunTree, client: Client, meter: Meter, session: str | None) -> None:
        super().__init__(meter, session)
        self._run = run
        self._client = client

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        child = self._run.create_child(name=f"tawthiq.{name}", run_type=_KINDS.get(name, "chain"))  # type: ignore[arg-type]
        child.add_metadata({"session_id": self.session})
        with _running(child):
            yield _RunStep(child, self._client, self.meter, self.session)

    def note(self, **facts: Fact) -> None:
        self._run.add_metadata(dict(facts))

    def tell(self, **texts: str | Sequence[str]) -> None:
        asked = {name: text for name, text in texts.items() if name == "question"}
        self._run.add_inputs(asked)
        self._run.add_outputs({name: text for name, text in texts.items() if name not in asked})

    @contextmanager
    def langchain(self) -> Iterator[list[Any]]:
        with tracing_context(enabled=True, parent=self._run, client=self._client):
            yield [LangChainTracer(client=self._client)]


def _without_messages(data: dict[str, Any]) -> dict[str, Any]:
    """What is sent besides inputs and outputs. Of errors the kind alone: a server's message may quote the prompt."""
    return {name: str(value).partition("(")[0][:80] if name == "error" else value for name, value in data.items()}


@contextmanager
def _running(run: RunTree) -> Iterator[None]:
    with suppress(Exception):
        run.post()
    failed = None
    try:
        yield
    except Exception as error:
        failed = failure_kind(error)
        raise
    finally:
        with suppress(Exception):
            run.end(error=failed)
            run.patch()
