"""What retrieval is measured beside: one dense ranking, and LangChain's two usual recipes, on the same embeddings.

LangChain's parts come with the extra `bench` (`pip install 'tawthiq[bench]'`); without it they cannot be built.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag import Engine
from rag.index import PARTITIONS
from rag.reranking import Candidate

if TYPE_CHECKING:
    from langchain_chroma import Chroma
    from langchain_core.documents import Document as Chunk

    from rag.embedding import Encoder

DEPTH = 40
"""Passages that each system is asked for; their documents are its ranking."""

CHUNK_SIZE, CHUNK_OVERLAP = 1000, 200
"""Characters, as in LangChain's tutorial "Build a semantic search engine"."""


@dataclass(frozen=True, slots=True)
class System:
    """A way to retrieve. `search` gives the document ids of up to `DEPTH` passages, best first, repeats included."""

    name: str
    label: str
    search: Callable[[str], Sequence[str]]


def documents_of(candidates: Iterable[Candidate]) -> list[str]:
    """The document ids of passages, best first, each followed by those of the documents that say the same."""
    return [document_id for found in candidates for document_id in (found.indexed.document_id, *found.also_in)]


def tawthiq(engine: Engine) -> System:
    """The engine as it is, everything at its default. A reprint, told once, counts right behind what it repeats."""
    retriever = engine.retriever()

    def search(question: str) -> list[str]:
        return documents_of(retriever.retrieve(question, DEPTH).candidates)

    return System("tawthiq", "Tawthiq", search)


def dense_only(engine: Engine) -> System:
    """The engine's own passage vectors, all languages in one ranking by cosine."""
    index, encoder = engine.index(), engine.encoder()
    document_of: dict[str, str] = {}  # the index reads whole passages to tell this, which would be timed as searching

    def search(question: str) -> list[str]:
        vector = encoder.encode_query(question)
        found = [hit for partition in PARTITIONS for hit in index.dense.search(partition, vector, DEPTH)]
        found.sort(key=lambda hit: (-hit[1], hit[0]))
        keys = [key for key, _ in found[:DEPTH]]
        new = [key for key in keys if key not in document_of]
        document_of.update({key: passage.document_id for key, passage in index.passages(new).items()})
        return [document_of[key] for key in keys]

    return System("dense", "dense only", search)


def langchain_systems(engine: Engine) -> list[System]:
    """LangChain's tutorial and its ensemble over the engine's documents. Raises ImportError without the extra."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # langchain-community says at import that it is not developed further
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever  # noqa: TID251 - what people use, here to be measured

    chunks = _chunks(engine)
    store = _store(chunks, engine.encoder())
    dense = store.as_retriever(search_kwargs={"k": DEPTH})
    lexical = BM25Retriever.from_documents(chunks, k=DEPTH)
    # Equal weights, as in LangChain's own example of the ensemble.
    ensemble = EnsembleRetriever(retrievers=[lexical, dense], weights=[0.5, 0.5])

    def tutorial(question: str) -> list[str]:
        return [str(chunk.metadata["document_id"]) for chunk in store.similarity_search(question, k=DEPTH)]

    def both(question: str) -> list[str]:
        return [str(chunk.metadata["document_id"]) for chunk in ensemble.invoke(question)]

    return [
        System("langchain", "LangChain tutorial", tutorial),
        System("ensemble", "LangChain BM25 + dense", both),
    ]


def _chunks(engine: Engine) -> list[Chunk]:
    """The stored text of every document, cut as the tutorial cuts."""
    from langchain_core.documents import Document as Chunk
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    whole = [engine.document(summary.document_id) for summary in engine.documents()]
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP)
    return splitter.split_documents(
        [Chunk(page_content=document.text, metadata={"document_id": document.document_id}) for document in whole]
    )


def _store(chunks: list[Chunk], encoder: Encoder) -> Chroma:
    """The chunks in a Chroma in memory, embedded by the engine's own model."""
    from chromadb.config import Settings
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings

    class SameModel(Embeddings):
        """The engine's encoder in LangChain's interface, with the prompts that belong to the model."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [encoded.vector.tolist() for encoded in encoder.encode_passages(texts, [()] * len(texts))]

        def embed_query(self, text: str) -> list[float]:
            return [float(value) for value in encoder.encode_query(text)]

    return Chroma.from_documents(
        chunks,
        SameModel(),
        collection_name="tawthiq-benchmark",
        client_settings=Settings(anonymized_telemetry=False),  # Chroma calls out at every start unless told not to
    )
