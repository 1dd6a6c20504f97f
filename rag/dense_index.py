"""Passage vectors in Chroma: one collection a partition, searched by cosine. The only module that knows Chroma."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb import Where
    from chromadb.api.client import Client

FloatArray = NDArray[np.float32]

IDS_AT_ONCE = 10_000
"""Values in one `$in`. SQLite takes 32,766 variables, and Chroma fails beyond that."""

WIDEST = 4000
"""Nearest passages looked through for those of allowed documents (25 ms) before Chroma is made to filter."""

FEW_DOCUMENTS = 100
FEW = 500
FEW_SHARE = 40
"""Up to `FEW` matching passages, or one in `FEW_SHARE` of the partition, are compared one by one: 30 microseconds each,
and exact. Chroma's filtered search walks the whole graph when matches are sparse, so it costs more there. With up to
`FEW_DOCUMENTS` documents that is tried first."""


class DenseIndex:
    """Vectors by passage key, in partitions. Embedded Chroma: one process a folder (the home's lock sees to it).

    A passage's key begins with the id of its document and a colon.
    """

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
        self._held: dict[str, int] = {}  # counting reads every row, so not with every search

    def close(self) -> None:
        self._client.close()

    def count(self, partition: str) -> int:
        """How many passages a partition holds."""
        self._held[partition] = held = self._collections[partition].count()
        return held

    def _held_in(self, partition: str) -> int:
        """As `count`, but counted only where the partition changed."""
        held = self._held.get(partition)
        return held if held is not None else self.count(partition)

    def add(self, partition: str, keys: Sequence[str], document_ids: Sequence[str], vectors: FloatArray) -> None:
        """Stores vectors (passages, dimension) under their keys; a key that is there already is replaced."""
        self._held.pop(partition, None)
        for begin in range(0, len(keys), self._batch):
            part = slice(begin, begin + self._batch)
            self._collections[partition].upsert(
                ids=list(keys[part]),
                embeddings=vectors[part],
                metadatas=[{"document_id": document_id} for document_id in document_ids[part]],
            )

    def remove(self, partition: str, document_ids: Sequence[str]) -> None:
        """Forgets every passage of these documents."""
        self._held.pop(partition, None)
        for begin in range(0, len(document_ids), 500):
            self._collections[partition].delete(where=_of(document_ids[begin : begin + 500]))

    def search(
        self, partition: str, vector: FloatArray, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Up to `limit` (key, cosine similarity), best first, among `document_ids` if given, however many they are.

        Filtered as if the others were not there: a short list means that there are no more.
        """
        if limit <= 0 or (document_ids is not None and not document_ids):
            return []
        if not self._held_in(partition):
            return []
        if document_ids is None:
            return self._nearest(partition, vector, limit)
        allowed = list(dict.fromkeys(document_ids))
        if len(allowed) <= FEW_DOCUMENTS and (found := self._among_few(partition, vector, limit, allowed)) is not None:
            return found
        if (found := self._among_nearest(partition, vector, limit, set(allowed))) is not None:
            return found
        if (found := self._among_few(partition, vector, limit, allowed)) is not None:
            return found
        return _best(
            [hit for part in _parts(allowed) for hit in self._nearest(partition, vector, limit, _of(part))], limit
        )

    def _nearest(
        self, partition: str, vector: FloatArray, limit: int, where: Where | None = None
    ) -> list[tuple[str, float]]:
        """Up to `limit` (key, cosine similarity), best first, as Chroma finds them."""
        found = self._collections[partition].query(
            query_embeddings=vector[None, :], n_results=limit, where=where, include=["distances"]
        )
        distances = found["distances"] or [[]]
        return [(key, 1.0 - float(distance)) for key, distance in zip(found["ids"][0], distances[0], strict=True)]

    def _among_nearest(
        self, partition: str, vector: FloatArray, limit: int, allowed: set[str]
    ) -> list[tuple[str, float]] | None:
        """The best of `allowed` among the nearest passages of all, looking as far as it takes; None beyond `WIDEST`."""
        width = 4 * limit
        while width <= WIDEST:
            nearest = self._nearest(partition, vector, width)
            found = [hit for hit in nearest if hit[0].partition(":")[0] in allowed]
            if len(found) >= limit or len(nearest) < width:
                return found[:limit]
            width = max(2 * width, 3 * width * limit // (2 * len(found))) if found else WIDEST + 1
        return None

    def _among_few(
        self, partition: str, vector: FloatArray, limit: int, allowed: Sequence[str]
    ) -> list[tuple[str, float]] | None:
        """The best passages of `allowed`, each compared; None if they are too many for that."""
        few = max(FEW, self._held_in(partition) // FEW_SHARE)
        collection = self._collections[partition]
        keys: list[str] = []
        for part in _parts(allowed):
            keys += collection.get(where=_of(part), include=[], limit=few + 1 - len(keys))["ids"]
            if len(keys) > few:
                return None
        hits = [
            (key, float(other @ vector / max(float(np.linalg.norm(other) * np.linalg.norm(vector)), 1e-9)))
            for part in _parts(keys)
            for key, other in self.vectors(partition, part).items()
        ]
        return _best(hits, limit)

    def vectors(self, partition: str, keys: Sequence[str]) -> dict[str, FloatArray]:
        """The stored vectors (dimension,) of these keys, those that are there."""
        if not keys:
            return {}
        found = self._collections[partition].get(ids=list(keys), include=["embeddings"])
        embeddings = found["embeddings"]
        rows = np.asarray(embeddings if embeddings is not None else [], dtype=np.float32)
        return dict(zip(found["ids"], rows, strict=True))


def _best(hits: list[tuple[str, float]], limit: int) -> list[tuple[str, float]]:
    return sorted(hits, key=lambda hit: -hit[1])[:limit]


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(values), IDS_AT_ONCE):
        yield values[begin : begin + IDS_AT_ONCE]


def _of(document_ids: Sequence[str]) -> Where:
    return cast("Where", {"document_id": {"$in": list(document_ids)}})
