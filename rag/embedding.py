"""Turning text into vectors: one interface, and what its backends have in common.

`OnnxEncoder` runs the bundled model without torch, in the precision that the processor is fastest at;
`SentenceTransformerEncoder` runs any sentence-transformers model, the bundled one included; `GpuEncoder` is the first
for questions and the second for many passages, where there is a GPU. All return, from one forward pass over a passage,
the passage's vector and a vector for each sentence in it: the mean of that sentence's token states in their context
("late chunking", Günther et al. 2024, arXiv:2409.04701), so sentences cost nothing beyond their passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag import embedded_model, processor
from rag.settings import Settings

FloatArray = NDArray[np.float32]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A passage's vector (dimension,) and its sentences' vectors (sentences, dimension), each of length 1."""

    vector: FloatArray
    sentences: FloatArray


class InnerStates(NamedTuple):
    """Tokens of a text: their numbers in the vocabulary (tokens,), and states (tokens, layers, dimension)."""

    tokens: NDArray[np.int64]
    states: FloatArray


class Encoder(Protocol):
    """What the index and retrieval need of an embedding model."""

    identity: str
    """Names weights, prompts and pooling: an index is bound to it, not to a backend or a precision."""
    backend: str
    dimension: int

    def encode_query(self, text: str) -> FloatArray:
        """The vector (dimension,) of a query, of length 1."""

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Those of several, of which there must be one: (texts, dimension)."""

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Iterator[Encoded]:
        """The vectors of passages, in order; `sentences` are (start, end) code points within each text."""


def bundled_identity(settings: Settings) -> str:
    """The identity of the bundled model with the prompts in the settings."""
    query, passage = prompts_of(
        settings, {"query": embedded_model.QUERY_PROMPT, "document": embedded_model.PASSAGE_PROMPT}
    )
    return identity_of(embedded_model.NAME, embedded_model.PACKED_SHA256[:12], query, passage, "mean")


def identity_of(name: str, weights: str, query: str, passage: str, pooling: str) -> str:
    """What names an embedding model: see `Encoder.identity`."""
    return f"{name}@{weights} query={query!r} passage={passage!r} pooling={pooling}"


def prompts_of(settings: Settings, declared: dict[str, str]) -> tuple[str, str]:
    """The prompts of queries and of passages: those in the settings, else those that a model declares."""
    query = settings.query_prompt if settings.query_prompt is not None else declared.get("query", "")
    passage = declared.get("passage", declared.get("document", ""))
    return query, settings.passage_prompt if settings.passage_prompt is not None else passage


def threads(settings: Settings) -> int:
    """How many threads a model may use: the setting, else what the processor has."""
    return settings.threads or processor.threads()


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors along the last axis, of length 1."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def span_means(states: FloatArray, offsets: Sequence[Span], spans: Sequence[Span], whole: FloatArray) -> FloatArray:
    """Mean token state of each span, (spans, dimension), of length 1.

    `offsets` are the tokens' (start, end) code points; a token belongs to a span that it overlaps. A span without a
    token (cut off by the model's length limit) gets `whole`, the passage's own vector.
    """
    if not spans:
        return np.zeros((0, states.shape[-1]), np.float32)
    starts = np.array([start for start, _ in offsets])
    ends = np.array([end for _, end in offsets])
    rows = []
    for start, end in spans:
        inside = (starts < end) & (ends > start) & (ends > starts)
        rows.append(states[inside].mean(axis=0) if inside.any() else whole)
    return unit(np.stack(rows))
