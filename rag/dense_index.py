"""Passage vectors in Chroma: one collection a partition, searched by cosine. The only module that knows Chroma."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb import Where
    from chromadb.api.client import Client

FloatArray = NDArray[np.float32]


class DenseIndex:
    """Vectors by passage key, in partitions. Embedded Chroma: one process a folder (the home's lock sees to it)."""

    def __init__(self, folder: Path, partitions: Sequence[str]) -> None:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings as ChromaSettings

        folder.mkdir(parents=True, exist_ok=True)
        # Chroma's telemetry calls out at every start unless it is told not to.
        try:
            client = chromadb.PersistentClient(
                path=str(folder), settings=ChromaSettings(anonymized_telemetry=False, allow_reset=False)
            )
        except Exception:
            # Chroma keeps a system that did not start and would hand it out again, after a repair too.
            SharedSystemClient._identifier_to_system.pop(str(folder), None)  # noqa: SLF001 - nothing public forgets one
            raise
        self._client = cast("Client", client)  # what it is declared as has no `close`
        self._collections = {
            partition: self._client.get_or_create_collection(
                f"passages-{partition}",
                embedding_function=None,
                configuration={
                    "hnsw": {"space": "cosine", "ef_construction": 128, "ef_search": 128, "max_neighbors": 24}
                },
            )
            for partition in partitions
        }
        self._batch = self._client.get_max_batch_size()

    def close(self) -> None:
        self._client.close()

    def count(self, partition: str) -> int:
        """How many passages a partition holds."""
        return self._collections[partition].count()

    def add(self, partition: str, keys: Sequence[str], document_ids: Sequence[str], vectors: FloatArray) -> None:
        """Stores vectors (passages, dimension) under their keys; a key that is there already is replaced."""
        for begin in range(0, len(keys), self._batch):
            part = slice(begin, begin + self._batch)
            self._collections[partition].upsert(
                ids=list(keys[part]),
                embeddings=vectors[part],
                metadatas=[{"document_id": document_id} for document_id in document_ids[part]],
            )

    def remove(self, partition: str, document_ids: Sequence[str]) -> None:
        """Forgets every passage of these documents."""
        for begin in range(0, len(document_ids), 500):
            self._collections[partition].delete(where=_of(document_ids[begin : begin + 500]))

    def search(
        self, partition: str, vector: FloatArray, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Up to `limit` (key, cosine similarity), best first, among `document_ids` if given."""
        collection = self._collections[partition]
        held = collection.count()
        if held == 0 or limit <= 0 or (document_ids is not None and not document_ids):
            return []
        found = collection.query(
            query_embeddings=vector[None, :],
            n_results=min(limit, held),
            where=_of(document_ids) if document_ids is not None else None,
            include=["distances"],
        )
        distances = found["distances"] or [[]]
        return [(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances[0], strict=True)]

    def vectors(self, partition: str, keys: Sequence[str]) -> dict[str, FloatArray]:
        """The stored vectors (dimension,) of these keys, those that are there."""
        if not keys:
            return {}
        found = self._collections[partition].get(ids=list(keys), include=["embeddings"])
        embeddings = found["embeddings"]
        rows = np.asarray(embeddings if embeddings is not None else [], dtype=np.float32)
        return dict(zip(found["ids"], rows, strict=True))


def _of(document_ids: Sequence[str]) -> Where:
    return cast("Where", {"document_id": {"$in": list(document_ids)}})
