"""The bundled model on ONNX Runtime, without torch, in the precision that the processor is fastest at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag import embedded_model, processor
from rag.embedding import (
    Encoded,
    FloatArray,
    InnerStates,
    Span,
    bundled_identity,
    prompts_of,
    span_means,
    threads,
    unit,
)
from rag.errors import ModelError
from rag.lru import LruCache
from rag.onnx_export import INNER
from rag.settings import Settings

_LAST = "states"
_INNER = tuple(f"layer{number}" for number in INNER)
"""Outputs of the bundled model's graphs."""
Precision = Literal["int8", "q4"]
_NAMED: dict[str, Precision] = {"onnx-q4": "q4", "onnx-int8": "int8"}
"""The precision that a backend's name asks for."""
QUESTIONS_KEPT = 8
"""Texts read as queries whose states are kept: a question and its parts, of a few people who ask at once."""


class _Reading(NamedTuple):
    """A text as the bundled model reads it: its tokens, with their places in it, and their states after some layers.

    `layers` (tokens, dimension) are by the names of the graph's outputs.
    """

    tokens: NDArray[np.int64]
    offsets: list[Span]
    layers: dict[str, FloatArray]


def fastest() -> Precision:
    """The precision that is faster here: bytes where the processor multiplies them, else 4-bit blocks."""
    return "int8" if processor.multiplies_bytes() else "q4"


class OnnxEncoder:
    """The bundled model on ONNX Runtime, one text at a time in each thread.

    Nothing is padded, so a vector depends on its text alone, not on its neighbours nor on the number of threads; and
    two texts on two cores are faster than one text on both. A single one in two threads takes a tenth less time on a
    machine that is otherwise idle, more on one that is not, and always a third more of the processor.
    """

    def __init__(self, folder: Path, settings: Settings, *, precision: Precision | None = None) -> None:
        """`precision` of the matrices: by default what `settings` name, else what is faster here (`fastest`)."""
        import onnxruntime
        from tokenizers import Tokenizer

        precision = precision or _NAMED.get(settings.embedding_backend) or fastest()
        self.backend = f"onnx-{precision}"
        self.identity = bundled_identity(settings)
        self._query_prompt, self._passage_prompt = prompts_of(
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
        return unit(read.layers[_LAST].mean(axis=0))

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
        whole = unit(states.mean(axis=0))
        return Encoded(whole, span_means(states, read.offsets, [(a + shift, b + shift) for a, b in sentences], whole))

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
