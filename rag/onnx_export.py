"""The bundled model as ONNX graphs: one of 8-bit matrices, one that keeps the 4-bit blocks.

Written node by node, because no exporter keeps Q4_0 blocks or quantises as below. Word embeddings stay outside: a graph
takes rows that the caller gathers from `model.safetensors`, so that a cold start reads only the rows of the question's
words. A graph takes one text at a time, so nothing is padded and a vector depends on its text alone. Input: `words`
float32 (1, tokens, hidden). Outputs: `states` float32 (1, tokens, hidden), the last layer's, and `layer4` and `layer8`,
those after so many layers (`INNER`), from which support is judged (`rag.grounding.inference`).

`export_int8` is for processors that multiply bytes (VNNI), three times as fast there as float32. Weights are int8, one
scale an output; activations are rounded to 8 bits as they come, one scale a text. That alone costs accuracy (cosine
.997): some inputs of a layer are twenty times as large as the rest, so they are first divided by what the
normalisation before them makes of a channel, and the weights multiplied by it (SmoothQuant, Xiao et al. 2023,
arXiv:2211.10438); and what leaves a GELU has a scale of its own for each token. Cosine to float32 then: .9993.

`export_q4` is for the others. ONNX Runtime's `MatMulNBits` takes just such blocks (32 weights, one scale, zero at 8)
and multiplies them with activations that it rounds to 8 bits per block (`accuracy_level=4`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rag.embedded_model import PackedModel

FloatArray = NDArray[np.float32]

BLOCK = 32
CONTRIB = "com.microsoft"

SMOOTHING = 0.65
"""How much of an input channel's size moves into its weights; .5 to .8 differ by .0002 in cosine."""
GELU_ZERO = 16
"""The byte that means 0 after a GELU, whose values go down to -0.17: what lies below 0 needs few of the 256."""
GELU_LEAST = 0.17

INNER = (4, 8)
"""Numbers of the layers whose states are outputs too, counted from 1."""


def export_int8(model: PackedModel, path: Path) -> None:
    """Writes the encoder of `model` with 8-bit matrices to `path`."""
    _save(_Int8Graph(model), path)


def export_q4(model: PackedModel, path: Path) -> None:
    """Writes the encoder of `model` with its 4-bit blocks to `path`."""
    _save(_Q4Graph(model), path)


def _save(graph: _Graph, path: Path) -> None:
    import onnx

    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(graph.build(), str(path))


class _Graph(ABC):
    """A graph under construction: nodes in order, initialisers by name."""

    def __init__(self, model: PackedModel) -> None:
        self.model = model
        self.hidden: int = model.hyper["hidden"]
        self.wide: int = model.hyper["intermediate"]
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []

    @abstractmethod
    def project(self, layer: str, states: str, norm: str) -> list[str]:
        """Query, key and value of `states`, which come from the normalisation `norm`."""

    @abstractmethod
    def combine(self, layer: str, context: str) -> str:
        """The linear layer after attention."""

    @abstractmethod
    def widen(self, layer: str, states: str, norm: str) -> str:
        """The feed-forward network's first linear layer, of states from the normalisation `norm`."""

    @abstractmethod
    def narrow(self, layer: str, inner: str) -> str:
        """The feed-forward network's second linear layer, of what a GELU gave."""

    def constant(self, name: str, values: NDArray[Any] | np.generic) -> str:
        from onnx import numpy_helper

        self.initialisers.append(numpy_helper.from_array(np.require(values, requirements="C"), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def norm(self, name: str, states: str) -> str:
        weights = [self.constant(f"{name}.{part}", self.model.tensor(f"{name}.{part}", self.hidden)) for part in "wb"]
        return self.node("LayerNormalization", [states, *weights], f"{name}.out", axis=-1, epsilon=1e-12)

    def add(self, name: str, first: str, second: str) -> str:
        # Sum, because ONNX Runtime fuses an Add and a LayerNormalization into a node six times as slow as the two.
        return self.node("Sum", [first, second], f"{name}.sum")

    def layer(self, number: int, states: str) -> str:
        name = f"l{number}"
        before = f"l{number - 1}.oln" if number else "emb.ln"
        context = self.node(
            "MultiHeadAttention",
            self.project(name, states, before),
            f"{name}.context",
            domain=CONTRIB,
            num_heads=self.model.hyper["heads"],
        )
        attended = self.norm(f"{name}.aln", self.add(f"{name}.ao", self.combine(name, context), states))
        inner = self.node("Gelu", [self.widen(name, attended, f"{name}.aln")], f"{name}.gelu", domain=CONTRIB)
        return self.norm(f"{name}.oln", self.add(f"{name}.fo", self.narrow(name, inner), attended))

    def build(self) -> Any:
        from onnx import TensorProto, helper

        hidden = self.hidden
        positions = self.model.tensor("emb.pos", self.model.hyper["positions"], hidden)
        types = self.model.tensor("emb.type", self.model.hyper["types"], hidden)
        # Every token is of type 0, so its embedding is added to the positions once and for all.
        self.constant("positions", positions + types[0])
        self.constant("axis", np.array([1], np.int64))
        self.constant("zero", np.array([0], np.int64))
        shape = self.node("Shape", ["words"], "shape")
        length = self.node("Gather", [shape, "axis"], "length")
        self.node("Slice", ["positions", "zero", length, "zero"], "places")
        states = self.norm("emb.ln", self.add("embedded", "words", "places"))
        for number in range(self.model.hyper["layers"]):
            states = self.layer(number, states)
            if number + 1 in INNER:
                self.node("Identity", [states], f"layer{number + 1}")
        self.node("Identity", [states], "states")
        graph = helper.make_graph(
            self.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "tokens", hidden])],
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "tokens", hidden])
                for name in ("states", *(f"layer{number}" for number in INNER))
            ],
            self.initialisers,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)


class _Q4Graph(_Graph):
    """Linear layers of 4-bit blocks."""

    def dense(self, name: str, states: str, outputs: int, inputs: int) -> str:
        # Two weights share a byte, the first in its low half.
        scales, weights = self.model.blocks(f"{name}.w")
        packed = weights.reshape(outputs, inputs // BLOCK, BLOCK)
        self.constant(f"{name}.blocks", packed[..., 0::2] | (packed[..., 1::2] << 4))
        self.constant(f"{name}.scales", scales.reshape(outputs, inputs // BLOCK))
        self.constant(f"{name}.b", self.model.tensor(f"{name}.b", outputs))
        return self.node(
            "MatMulNBits",
            [states, f"{name}.blocks", f"{name}.scales", "", "", f"{name}.b"],
            f"{name}.out",
            domain=CONTRIB,
            K=inputs,
            N=outputs,
            bits=4,
            block_size=BLOCK,
            accuracy_level=4,
        )

    def project(self, layer: str, states: str, norm: str) -> list[str]:
        return [self.dense(f"{layer}.{part}", states, self.hidden, self.hidden) for part in "qkv"]

    def combine(self, layer: str, context: str) -> str:
        return self.dense(f"{layer}.ao", context, self.hidden, self.hidden)

    def widen(self, layer: str, states: str, norm: str) -> str:
        return self.dense(f"{layer}.fi", states, self.wide, self.hidden)

    def narrow(self, layer: str, inner: str) -> str:
        return self.dense(f"{layer}.fo", inner, self.hidden, self.wide)


class _Int8Graph(_Graph):
    """Linear layers of bytes, as the module's docstring says."""

    def matrix(self, name: str, weights: FloatArray) -> list[str]:
        """`weights` (outputs, inputs) as int8 (inputs, outputs), the scale of each output, and the bias."""
        scales = np.maximum(np.abs(weights).max(axis=1), 1e-8) / 127
        return [
            self.constant(f"{name}.w", np.round(weights / scales[:, None]).astype(np.int8).T),
            self.constant(f"{name}.scales", scales.astype(np.float32)),
            self.constant(f"{name}.b", self.model.tensor(f"{name}.b", len(weights))),
        ]

    def weights(self, name: str) -> FloatArray:
        outputs, inputs = {"fi": (self.wide, self.hidden), "fo": (self.hidden, self.wide)}.get(
            name.partition(".")[2], (self.hidden, self.hidden)
        )
        return self.model.tensor(f"{name}.w", outputs, inputs)

    def quantised(self, name: str, states: str) -> list[str]:
        """`states` as bytes, with their scale and zero."""
        from onnx import helper

        parts = [f"{name}.bytes", f"{name}.scale", f"{name}.zero"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [states], parts))
        return parts

    def multiply(self, name: str, states: list[str], weights: FloatArray) -> str:
        values, scale, zero = states
        matrix, scales, bias = self.matrix(name, weights)
        return self.node(
            "MatMulIntegerToFloat",
            [values, matrix, scale, scales, zero, "", bias],
            f"{name}.out",
            domain=CONTRIB,
        )

    def smoothed(self, name: str, states: str, norm: str, names: list[str]) -> list[str]:
        """The linear layers `names` of `states`, whose large channels are made small first."""
        gain, shift = (np.abs(self.model.tensor(f"{norm}.{part}", self.hidden)) for part in "wb")
        matrices = [self.weights(each) for each in names]
        largest = np.abs(np.concatenate(matrices)).max(axis=0)
        sizes = np.maximum(shift + 3 * gain, 1e-3) ** SMOOTHING / np.maximum(largest, 1e-4) ** (1 - SMOOTHING)
        sizes = (sizes / sizes.mean()).astype(np.float32)
        divided = self.node("Mul", [states, self.constant(f"{name}.smoothing", 1 / sizes)], f"{name}.smooth")
        parts = self.quantised(name, divided)
        return [self.multiply(each, parts, weights * sizes) for each, weights in zip(names, matrices, strict=True)]

    def project(self, layer: str, states: str, norm: str) -> list[str]:
        return self.smoothed(f"{layer}.qkv", states, norm, [f"{layer}.{part}" for part in "qkv"])

    def combine(self, layer: str, context: str) -> str:
        name = f"{layer}.ao"
        return self.multiply(name, self.quantised(name, context), self.weights(name))

    def widen(self, layer: str, states: str, norm: str) -> str:
        return self.smoothed(f"{layer}.ffn", states, norm, [f"{layer}.fi"])[0]

    def narrow(self, layer: str, inner: str) -> str:
        # How often a token's values are stretched to fill the bytes: 239 above zero for its largest value, 16 below
        # for the least that a GELU gives.
        name = f"{layer}.fo"
        if layer == "l0":
            self.constant("last", np.array([-1], np.int64))
            self.constant("one", np.float32(1))
            self.constant("tiny", np.float32(1e-3))
            self.constant("above", np.float32(255 - GELU_ZERO))
            self.constant("below", np.float32(GELU_ZERO / GELU_LEAST))
            self.constant("gelu.zero", np.uint8(GELU_ZERO))
        largest = self.node("Max", [self.node("ReduceMax", [inner, "last"], f"{name}.max"), "tiny"], f"{name}.largest")
        stretch = self.node("Min", [self.node("Div", ["above", largest], f"{name}.fill"), "below"], f"{name}.stretch")
        filled = self.node("Mul", [inner, stretch], f"{name}.filled")
        values = self.node("QuantizeLinear", [filled, "one", "gelu.zero"], f"{name}.bytes")
        matrix, scales, bias = self.matrix(name, self.weights(name))
        product = self.node(
            "MatMulIntegerToFloat",
            [values, matrix, "one", scales, "gelu.zero"],
            f"{name}.product",
            domain=CONTRIB,
        )
        return self.node("Add", [self.node("Div", [product, stretch], f"{name}.even"), bias], f"{name}.out")
