"""The bundled model as an ONNX graph that keeps its 4-bit weights.

Written node by node because no exporter keeps Q4_0 blocks: ONNX Runtime's `MatMulNBits` takes exactly such blocks (32
weights, one scale, zero at 8) and multiplies them with activations that it rounds to 8 bits per block
(`accuracy_level=4`), which is what makes it faster than float32 and 14 MB instead of 470. Word embeddings stay
outside: the graph takes rows that the caller gathers from `model.safetensors`, so that a cold start reads only the
rows of the question's words. Inputs: `words` float32 (batch, tokens, hidden), `mask` int32 (batch, tokens), 1 for
tokens and 0 for padding. Output: `states` float32 (batch, tokens, hidden), the last layer's.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rag.embedded_model import PackedModel

BLOCK = 32
CONTRIB = "com.microsoft"


def export(model: PackedModel, path: Path) -> None:
    """Writes the encoder of `model` to `path`."""
    import onnx

    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(_Graph(model).build(), str(path))


class _Graph:
    """A graph under construction: nodes in order, initialisers by name."""

    def __init__(self, model: PackedModel) -> None:
        self.model = model
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.initialisers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def dense(self, name: str, states: str, outputs: int, inputs: int) -> str:
        """A linear layer of 4-bit blocks; two weights share a byte, the first in its low half."""
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

    def norm(self, name: str, states: str, residual: str | None = None) -> str:
        hidden = self.model.hyper["hidden"]
        weights = [self.constant(f"{name}.{part}", self.model.tensor(f"{name}.{part}", hidden)) for part in "wb"]
        if residual is None:
            return self.node("LayerNormalization", [states, *weights], f"{name}.out", axis=-1, epsilon=1e-12)
        return self.node(
            "SkipLayerNormalization", [states, residual, *weights], f"{name}.out", domain=CONTRIB, epsilon=1e-12
        )

    def layer(self, number: int, states: str) -> str:
        hidden, wide = self.model.hyper["hidden"], self.model.hyper["intermediate"]
        name = f"l{number}"
        query, key, value = (self.dense(f"{name}.{part}", states, hidden, hidden) for part in "qkv")
        context = self.node(
            "MultiHeadAttention",
            [query, key, value, "", "mask"],
            f"{name}.context",
            domain=CONTRIB,
            num_heads=self.model.hyper["heads"],
        )
        attended = self.norm(f"{name}.aln", self.dense(f"{name}.ao", context, hidden, hidden), states)
        inner = self.node("Gelu", [self.dense(f"{name}.fi", attended, wide, hidden)], f"{name}.gelu", domain=CONTRIB)
        return self.norm(f"{name}.oln", self.dense(f"{name}.fo", inner, hidden, wide), attended)

    def build(self) -> Any:
        from onnx import TensorProto, helper

        hidden = self.model.hyper["hidden"]
        positions = self.model.tensor("emb.pos", self.model.hyper["positions"], hidden)
        types = self.model.tensor("emb.type", self.model.hyper["types"], hidden)
        # Every token is of type 0, so its embedding is added to the positions once and for all.
        self.constant("positions", positions + types[0])
        self.constant("axis", np.array([1], np.int64))
        self.constant("zero", np.array([0], np.int64))
        shape = self.node("Shape", ["words"], "shape")
        length = self.node("Gather", [shape, "axis"], "length")
        self.node("Slice", ["positions", "zero", length, "zero"], "places")
        states = self.norm("emb.ln", self.node("Add", ["words", "places"], "embedded"))
        for number in range(self.model.hyper["layers"]):
            states = self.layer(number, states)
        self.node("Identity", [states], "states")
        graph = helper.make_graph(
            self.nodes,
            "multilingual-e5-small",
            [
                helper.make_tensor_value_info("words", TensorProto.FLOAT, ["batch", "tokens", hidden]),
                helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "tokens"]),
            ],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["batch", "tokens", hidden])],
            self.initialisers,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)
