"""Any sentence-transformers model on torch, the bundled one included, on the GPU where there is one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rag import embedded_model
from rag.embedding import Encoded, FloatArray, Span, identity_of, prompts_of, span_means, threads, unit
from rag.errors import ModelError
from rag.settings import Settings

_E5 = re.compile(r"(?:^|[/_-])e5-", re.IGNORECASE)
"""The E5 family on the hub declares no prompts, and is much worse without those it was trained with."""
BATCH = 8
"""Passages a forward pass of torch; larger batches are slower on two cores (padding, cache)."""
GPU_BATCH = 64


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
        self._query_prompt, self._passage_prompt = prompts_of(settings, declared)
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
        self.identity = identity or identity_of(
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
            whole = unit(row["sentence_embedding"].float().cpu().numpy())
            moved = [(start + shift, end + shift) for start, end in spans]
            yield Encoded(whole, span_means(states, tokens["offset_mapping"], moved, whole))

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
