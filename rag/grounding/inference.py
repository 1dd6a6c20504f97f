"""Whether a source says what a statement says, or answers a question: a small network over the bundled model's states.

Each token of the statement is laid beside the tokens of the source that it aligns with (decomposable attention, Parikh
et al. 2016, arXiv:1606.01933), the two are compared, and the comparisons are read in order and summed up (as in ESIM,
Chen et al. 2017, arXiv:1609.06038, with one transformer layer where they have LSTMs). The states are those after layers
4 and 8 of the embedding model, which is left as it is: in its last layer, words are already blended into a topic, and
a network that was given that layer told right from wrong less well.

Its training holds right statements that stay close to their source beside the same with one word changed: without them
a network takes closeness itself for the mark of a wrong statement.

Trained by `python -m evals.benchmarks.fit_inference` on the statements and questions of `evals/grounding/inference/`.
"""

from __future__ import annotations

import functools
import zipfile
import zlib
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.embedded_model import PASSAGE_PROMPT, QUERY_PROMPT
from rag.embedding import InnerStates
from rag.errors import ModelError
from rag.grounding.findings import Source
from rag.lru import LruCache
from rag.sentences import split_sentences

FloatArray = NDArray[np.float32]
Weights = dict[str, FloatArray]
Task = Literal["statement", "question"]

HEADS = 4
LONGEST = 255
"""Tokens of a statement that are read; what follows is left out."""
STRETCH = 1200
"""Characters of a source that are read at once; a longer one is read in stretches of whole sentences."""
REMEMBERED = 80_000
"""Tokens whose states are kept, some 120 MB: the passages of an answer are read once for all of its statements, and
those of a document for all the questions about it. They are kept in half precision: its error, 1 in 2,000, is far below
that of the 4- or 8-bit weights that the states come from."""
FILE = "inference.npz"
TRAINED_IN = frozenset({"ar", "en"})
"""The languages of the questions of its training: of others it tells nothing, and would answer them at random."""


class Inference(NamedTuple):
    """How probable it is that the source says what a statement says, says nothing of it, or says otherwise (sum 1)."""

    supported: float
    absent: float
    contradicted: float


class States(Protocol):
    """What gives the inner states of a text: `rag.onnx_encoder.OnnxEncoder`."""

    def inner_states(self, prompt: str, text: str) -> InnerStates:
        """The tokens of `text`, read with `prompt` before it."""


class InferenceModel:
    """The network with its weights; threads may share it."""

    def __init__(self, encoder: States, weights: Sequence[Weights] | None = None, remembered: int = REMEMBERED) -> None:
        """`weights` of each network of the ensemble, by default the bundled ones; `remembered` tokens are kept."""
        self._encoder = encoder
        self._networks = tuple(weights) if weights is not None else bundled_weights()
        self._known: LruCache[tuple[str, str], InnerStates] = LruCache(remembered, lambda one: len(one.tokens))

    def infer(self, statement: str, language: str, sources: Sequence[Source]) -> Inference:
        """How `statement`, in `language` (ISO 639-1), stands to the one of `sources` that supports it most."""
        return max(
            (Inference(*self._read(statement, piece, language != source.language, "statement"))
             for source in sources for piece in stretches(source)),
            key=lambda one: one.supported,
        )  # fmt: skip

    def answered(self, question: str, language: str, source: Source) -> float:
        """How probable it is that `source` answers `question`, 0 to 1; .5 in a language unknown to it."""
        if language not in TRAINED_IN:
            return 0.5
        return max(
            self._read(question, piece, language != source.language, "question")[0] for piece in stretches(source)
        )

    def _read(self, text: str, source: str, across: bool, task: Task) -> list[float]:
        stated = self._states(QUERY_PROMPT, text)
        stated = InnerStates(stated.tokens[:LONGEST], stated.states[:LONGEST])
        said = self._states(PASSAGE_PROMPT, source)
        if not len(stated.tokens) or not len(said.tokens):
            return [0.0, 1.0, 0.0]
        rows = [_softmax(logits(one, stated, said, across, task)) for one in self._networks]
        return [float(share) for share in np.mean(rows, axis=0)]

    def _states(self, prompt: str, text: str) -> InnerStates:
        known = self._known.get((prompt, text))
        if known is None:
            read = self._encoder.inner_states(prompt, text)
            known = InnerStates(read.tokens, read.states.astype(np.float16))
            self._known.put((prompt, text), known)
        return InnerStates(known.tokens, known.states.astype(np.float32))


def stretches(source: Source) -> list[str]:
    """The text of `source`, cut into stretches of whole sentences where it is long; each begins with the last's end."""
    text = source.text
    if len(text) <= STRETCH:
        return [text]
    spans = list(split_sentences(text, source.language))
    found, begin = [], 0
    while begin < len(spans):
        end = begin + 1
        while end < len(spans) and spans[end].end - spans[begin].start <= STRETCH:
            end += 1
        found.append(text[spans[begin].start : spans[end - 1].end])
        if end == len(spans):
            break
        begin = max(begin + 1, end - 1)
    return found or [text]


@functools.cache
def bundled_weights() -> tuple[Weights, ...]:
    """The weights that come with the package. Raises ModelError."""
    return load_weights(files("rag.grounding").joinpath(FILE))


def load_weights(path: Traversable) -> tuple[Weights, ...]:
    """The weights of each network of an ensemble. Raises ModelError where their file is missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: np.asarray(stored[name]) for name in stored.files}
        return tuple(
            {
                name.partition("/")[2]: array.astype(np.float32)
                for name, array in arrays.items()
                if name.startswith(f"{number}/")
            }
            for number in range(int(arrays["networks"]))
        )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = "it is missing" if isinstance(error, FileNotFoundError) else "it is damaged"
        raise ModelError(f"The network in {path} cannot be loaded: {reason}.", "Reinstall Tawthiq.") from error


def logits(weights: Weights, stated: InnerStates, said: InnerStates, across: bool, task: Task) -> FloatArray:
    """The network: 3 logits for a statement (supported, absent, contradicted), 2 for a question (answered, not)."""
    number = ("statement", "question").index(task)
    own, other = _blend(weights, stated.states), _blend(weights, said.states)
    size = own.shape[1]
    same = (stated.tokens[:, None] == said.tokens[None, :]).astype(np.float32)
    near, nearest = (_cosines(stated.states[:, layer], said.states[:, layer]) for layer in (0, 1))
    query = _heads(_linear(weights, "query", own))
    key = _heads(_linear(weights, "key", other))
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
    scores = scores + weights["cosine"][:, None, None] * near + 3 * weights["same"][:, None, None] * same
    aligned = (_softmax(scores) @ other).transpose(1, 0, 2)
    beside = np.concatenate([aligned, own[:, None] - aligned, own[:, None] * aligned], axis=-1).reshape(len(own), -1)
    signals = np.stack(
        [
            5 * nearest.max(axis=1) - 4,
            3 * near.max(axis=1) - 2,
            same.max(axis=1),
            np.full(len(own), float(across), np.float32),
        ],
        axis=1,
    )
    compared = _perceptron(weights, "compare", np.concatenate([own, beside, signals], axis=1))
    compared = compared + weights["position"][: len(own)] + weights["task"][number]
    read = _transformer(weights, compared, size)
    summed = np.concatenate(
        [
            read.mean(axis=0),
            read.max(axis=0),
            [signals[:, 0].mean(), signals[:, 0].min(), signals[:, 2].mean(), float(across)],
        ]
    )
    return _perceptron(weights, f"judge{number}", summed.astype(np.float32))


def _blend(weights: Weights, states: FloatArray) -> FloatArray:
    layers = [
        _linear(weights, f"project{layer}", _normal(weights, f"norm{layer}", states[:, layer]))
        for layer in range(states.shape[1])
    ]
    return _normal(weights, "blended", np.sum(layers, axis=0))


def _transformer(weights: Weights, states: FloatArray, size: int) -> FloatArray:
    before = _normal(weights, "attend_norm", states)
    query, key, value = (_heads(part) for part in np.split(_linear(weights, "attend", before), 3, axis=1))
    mixed = _softmax(query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])) @ value
    states = states + _linear(weights, "attended", mixed.transpose(1, 0, 2).reshape(len(states), size))
    inner = np.maximum(_linear(weights, "widen", _normal(weights, "feed_norm", states)), 0)
    return states + _linear(weights, "narrow", inner)


def _heads(rows: FloatArray) -> FloatArray:
    return rows.reshape(len(rows), HEADS, -1).transpose(1, 0, 2)


def _linear(weights: Weights, name: str, rows: FloatArray) -> FloatArray:
    product: FloatArray = rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
    return product


def _perceptron(weights: Weights, name: str, rows: FloatArray) -> FloatArray:
    return _linear(weights, f"{name}.out", _gelu(_linear(weights, f"{name}.in", rows)))


def _normal(weights: Weights, name: str, rows: FloatArray) -> FloatArray:
    centred = rows - rows.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
    normal: FloatArray = centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]
    return normal


def _gelu(rows: FloatArray) -> FloatArray:
    raised: FloatArray = 1 + np.tanh(np.sqrt(2 / np.pi, dtype=np.float32) * (rows + 0.044715 * rows**3))
    return 0.5 * rows * raised


def _cosines(rows: FloatArray, others: FloatArray) -> FloatArray:
    return _unit(rows) @ _unit(others).T


def _unit(rows: FloatArray) -> FloatArray:
    lengths: FloatArray = np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return rows / lengths


def _softmax(scores: FloatArray) -> FloatArray:
    raised: FloatArray = np.exp(scores - scores.max(axis=-1, keepdims=True))
    whole: FloatArray = raised.sum(axis=-1, keepdims=True)
    return raised / whole
