"""The network of `rag.grounding.inference` in torch, for training: same parameters, same names, batches of pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from rag.embedding import InnerStates
from rag.grounding.inference import HEADS, LONGEST, Weights

SIZE = 128
STATES = 384
LAYERS = 2
SIGNALS = 4
DROPOUT = 0.3
MASKED = -1e4


class Batch(NamedTuple):
    """Texts side by side, padded: states (batch, tokens, layers, dimension), masks and tokens (batch, tokens)."""

    stated: Tensor
    stated_mask: Tensor
    stated_tokens: Tensor
    said: Tensor
    said_mask: Tensor
    said_tokens: Tensor
    across: Tensor
    task: int


def batch_of(stated: Sequence[InnerStates], said: Sequence[InnerStates], across: Sequence[bool], task: int) -> Batch:
    """The batch of texts and the sources that they are held against; `task` 0: statements, 1: questions."""
    return Batch(*_padded(stated, -1), *_padded(said, -2), torch.tensor(across, dtype=torch.float32), task)


def _padded(texts: Sequence[InnerStates], nothing: int) -> tuple[Tensor, Tensor, Tensor]:
    longest = max(len(text.tokens[:LONGEST]) if nothing == -1 else len(text.tokens) for text in texts)
    states = torch.zeros(len(texts), longest, LAYERS, STATES)
    mask = torch.zeros(len(texts), longest)
    tokens = torch.full((len(texts), longest), nothing)
    for row, text in enumerate(texts):
        length = min(len(text.tokens), longest)
        states[row, :length] = torch.from_numpy(np.asarray(text.states[:length], np.float32))
        mask[row, :length] = 1
        tokens[row, :length] = torch.from_numpy(text.tokens[:length])
    return states, mask, tokens


class _Perceptron(nn.Module):
    def __init__(self, inputs: int, inner: int, outputs: int) -> None:
        super().__init__()
        self.add_module("in", nn.Linear(inputs, inner))
        self.out = nn.Linear(inner, outputs)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor) -> Tensor:
        inner = functional.gelu(self.get_submodule("in")(rows), approximate="tanh")
        out: Tensor = self.out(self.drop(inner))
        return out


class Network(nn.Module):
    """See `rag.grounding.inference.logits`, which this computes for a batch."""

    def __init__(self) -> None:
        super().__init__()
        for layer in range(LAYERS):
            self.add_module(f"norm{layer}", nn.LayerNorm(STATES))
            self.add_module(f"project{layer}", nn.Linear(STATES, SIZE))
        self.blended = nn.LayerNorm(SIZE)
        self.query = nn.Linear(SIZE, SIZE // 2 * HEADS)
        self.key = nn.Linear(SIZE, SIZE // 2 * HEADS)
        self.cosine = nn.Parameter(torch.full((HEADS,), 10.0))
        self.same = nn.Parameter(torch.ones(HEADS))
        self.compare = _Perceptron(SIZE + 3 * HEADS * SIZE + SIGNALS, 2 * SIZE, SIZE)
        self.position = nn.Parameter(0.02 * torch.randn(LONGEST, SIZE))
        self.task = nn.Parameter(torch.randn(2, SIZE))
        self.attend_norm = nn.LayerNorm(SIZE)
        self.attend = nn.Linear(SIZE, 3 * SIZE)
        self.attended = nn.Linear(SIZE, SIZE)
        self.feed_norm = nn.LayerNorm(SIZE)
        self.widen = nn.Linear(SIZE, 2 * SIZE)
        self.narrow = nn.Linear(2 * SIZE, SIZE)
        self.judge0 = _Perceptron(2 * SIZE + SIGNALS, SIZE, 3)
        self.judge1 = _Perceptron(2 * SIZE + SIGNALS, SIZE, 2)
        self.drop = nn.Dropout(DROPOUT)

    def _blend(self, states: Tensor) -> Tensor:
        layers = [
            self.get_submodule(f"project{layer}")(self.get_submodule(f"norm{layer}")(states[:, :, layer]))
            for layer in range(LAYERS)
        ]
        blended: Tensor = self.drop(self.blended(torch.stack(layers).sum(0)))
        return blended

    def forward(self, batch: Batch) -> Tensor:
        own, other = self._blend(batch.stated), self._blend(batch.said)
        said_only = (1 - batch.said_mask)[:, None] * MASKED
        same = (batch.stated_tokens[:, :, None] == batch.said_tokens[:, None]).float()
        near, nearest = (_cosines(batch.stated[:, :, layer], batch.said[:, :, layer]) for layer in range(LAYERS))
        query, key = _heads(self.query(own)), _heads(self.key(other))
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        scores = scores + self.cosine[:, None, None] * near[:, None] + 3 * self.same[:, None, None] * same[:, None]
        aligned = torch.einsum("bhsp,bpd->bshd", (scores + said_only[:, None]).softmax(-1), other)
        beside = torch.cat([aligned, own[:, :, None] - aligned, own[:, :, None] * aligned], dim=-1).flatten(2)
        across = batch.across[:, None].expand(own.shape[:2])
        signals = torch.stack(
            [
                5 * (nearest + said_only).amax(-1) - 4,
                3 * (near + said_only).amax(-1) - 2,
                same.amax(-1),
                across,
            ],
            dim=-1,
        )
        compared = self.compare(torch.cat([own, beside, signals], dim=-1))
        compared = compared + self.position[: own.shape[1]] + self.task[batch.task]
        mask = batch.stated_mask
        read = self._transformer(compared, mask)
        count = mask.sum(1)
        means = [(signals[..., one] * mask).sum(1) / count for one in (0, 2)]
        least = (signals[..., 0] - (1 - mask) * MASKED).amin(1)
        summed = torch.cat(
            [
                (read * mask[..., None]).sum(1) / count[:, None],
                (read + (1 - mask)[..., None] * MASKED).amax(1),
                torch.stack([means[0], least, means[1], batch.across], dim=1),
            ],
            dim=1,
        )
        logits: Tensor = (self.judge0, self.judge1)[batch.task](summed)
        return logits

    def _transformer(self, states: Tensor, mask: Tensor) -> Tensor:
        query, key, value = (_heads(part) for part in self.attend(self.attend_norm(states)).chunk(3, dim=-1))
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        mixed = self.drop((scores + (1 - mask)[:, None, None] * MASKED).softmax(-1)) @ value
        states = states + self.drop(self.attended(mixed.transpose(1, 2).flatten(2)))
        inner = self.drop(functional.relu(self.widen(self.feed_norm(states))))
        out: Tensor = states + self.drop(self.narrow(inner))
        return out

    def weights(self) -> Weights:
        """The parameters as `rag.grounding.inference` takes them."""
        return {name: np.asarray(value.detach().numpy(), np.float32) for name, value in self.named_parameters()}


def _heads(rows: Tensor) -> Tensor:
    return rows.reshape(*rows.shape[:2], HEADS, -1).transpose(1, 2)


def _cosines(rows: Tensor, others: Tensor) -> Tensor:
    return functional.normalize(rows, dim=-1) @ functional.normalize(others, dim=-1).transpose(1, 2)


def saved(networks: Sequence[Weights]) -> dict[str, NDArray[np.generic]]:
    """The arrays of a file of weights: float16, whose rounding moves a probability by less than .001."""
    arrays: dict[str, NDArray[np.generic]] = {"networks": np.array(len(networks))}
    for number, weights in enumerate(networks):
        arrays |= {f"{number}/{name}": value.astype(np.float16) for name, value in weights.items()}
    return arrays
