"""What any query scores against texts about anything else: the yardstick that makes languages comparable.

The embedding prefers texts in the query's own language and some queries score high with everything. The same 32 short
texts about daily life, in Arabic and in English (`background/*.txt`, written for this), tell by how much: a passage
counts by how far it stands above its language's background for this very query. Unlike the tail of a result list, that
also works in a corpus of three documents.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding import Encoder

LANGUAGES = ("ar", "en")
FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Background:
    """Background vectors (texts, dimension) by partition; "other" is judged by all of them."""

    vectors: dict[str, FloatArray]

    def similarities(self, partition: str, query: FloatArray) -> FloatArray:
        """Cosines (texts,) of a query vector (dimension,) with the background of `partition`."""
        return np.asarray(self.vectors[partition] @ query, dtype=np.float32)


def _texts() -> dict[str, list[str]]:
    folder = files("rag") / "background"
    return {name: (folder / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n") for name in LANGUAGES}


def load_background(folder: Path, encoder: Encoder) -> Background:
    """The background under `encoder`, kept in `folder` once computed (three seconds on two cores)."""
    texts = _texts()
    name = hashlib.sha256("\n".join([encoder.identity, *texts["ar"], *texts["en"]]).encode()).hexdigest()[:16]
    path = folder / f"background-{name}.npy"
    try:
        stored = np.load(path)
    except (OSError, ValueError):
        lines = [line for language in LANGUAGES for line in texts[language]]
        stored = np.stack([encoded.vector for encoded in encoder.encode_passages(lines, [[] for _ in lines])])
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.npy")
        np.save(part, stored)
        part.replace(path)
    half = len(texts["ar"])
    arabic, english = stored[:half], stored[half:]
    return Background({"ar": arabic, "en": english, "other": stored})
