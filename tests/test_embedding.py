"""Any sentence-transformers model is one setting; an index belongs to the model that made it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import Engine, processor
from rag.embedding import Encoded
from rag.encoders import GPU_PASSAGES, GpuEncoder, open_encoder
from rag.errors import ModelError, ModelMismatch
from rag.settings import Settings
from rag.torch_encoder import SentenceTransformerEncoder
from tests.tiny_model import write_tiny_model

ARABIC = "أقرّ الكونغرس قانون الكبتاغون في كانون الأول 2022. ووقّعه الرئيس ضمن موازنة الدفاع."
ENGLISH = "Congress passed the Captagon Act in December 2022. The President signed it."
SPANS = [[(0, 48), (49, len(ARABIC))], [(0, 50), (51, len(ENGLISH))]]


@pytest.fixture(scope="module")
def mean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("mean"), "mean")


@pytest.fixture(scope="module")
def cls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("cls"), "cls")


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    (folder / "ar.txt").write_text(ARABIC, encoding="utf-8")
    (folder / "en.txt").write_text(ENGLISH, encoding="utf-8")
    return folder


def with_model(settings: Settings, model: Path, **changes: object) -> Settings:
    return settings.model_copy(update={"embedding_model": str(model), "threads": 1, "answer_threshold": 0.0, **changes})


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_ingesting_and_asking_work_with_any_model(
    pooling: str, request: pytest.FixtureRequest, articles: Path, settings: Settings, tmp_path: Path
) -> None:
    model = request.getfixturevalue(pooling)
    with Engine.open(tmp_path, settings=with_model(settings, model)) as engine:
        assert engine.ingest([articles]).added == 2
        answer = engine.ask("متى أُقرّ قانون الكبتاغون؟")
        assert answer.models.embedding == engine.encoder().identity
        assert {passage.passage.language for passage in answer.passages} == {"ar", "en"}
        assert answer.citations
        for citation in answer.citations:
            assert engine.document(citation.document_id).text[citation.start : citation.end] == citation.quote
        health = {check.name: check for check in engine.health()}
        assert health["model"].status == "ok"
        assert "32 dimensions" in health["model"].detail


def test_a_model_that_pools_by_the_mean_takes_sentences_from_their_passage(mean: Path, settings: Settings) -> None:
    encoder = SentenceTransformerEncoder(str(mean), with_model(settings, mean))
    whole, single = (
        next(iter(encoder.encode_passages([text], [spans])))
        for text, spans in ((ENGLISH, [(0, len(ENGLISH)), SPANS[1][0]]), (ENGLISH[:50], [(0, 50)]))
    )
    # a span over all of the text differs from the passage's own vector by the prompt and the special tokens only
    assert whole.sentences[0] @ whole.vector > 0.95
    # the same sentence, in its passage and alone, is not the same
    assert not np.allclose(whole.sentences[1], single.sentences[0], atol=1e-6)


def test_a_model_that_pools_otherwise_encodes_its_sentences_by_themselves(cls: Path, settings: Settings) -> None:
    encoder = SentenceTransformerEncoder(str(cls), with_model(settings, cls))
    whole, alone = encoder.encode_passages([ENGLISH, ENGLISH[:50]], [[(0, 50)], []])
    np.testing.assert_allclose(whole.sentences[0], alone.vector, atol=1e-5)
    assert alone.sentences.shape == (0, 32)


def test_vectors_do_not_depend_on_what_else_is_encoded(mean: Path, settings: Settings) -> None:
    encoder = SentenceTransformerEncoder(str(mean), with_model(settings, mean))
    together = list(encoder.encode_passages([ARABIC, ENGLISH], SPANS))
    for position, text in enumerate((ARABIC, ENGLISH)):
        alone = next(iter(encoder.encode_passages([text], [SPANS[position]])))
        np.testing.assert_allclose(alone.vector, together[position].vector, atol=1e-5)
        np.testing.assert_allclose(alone.sentences, together[position].sentences, atol=1e-5)


def test_a_sentence_beyond_the_models_reach_gets_its_passages_vector(mean: Path, settings: Settings) -> None:
    text = ENGLISH + " word" * 100 + " end."
    encoder = SentenceTransformerEncoder(str(mean), with_model(settings, mean))
    encoded = next(iter(encoder.encode_passages([text], [[(0, 50), (len(text) - 4, len(text))]])))
    np.testing.assert_allclose(encoded.sentences[1], encoded.vector, atol=1e-6)


def test_the_identity_is_of_weights_prompts_and_pooling_not_of_the_place(
    mean: Path, cls: Path, settings: Settings, tmp_path: Path
) -> None:
    import shutil

    copy = shutil.copytree(mean, tmp_path / "elsewhere" / mean.name)
    identities = {
        "mean": open_encoder(with_model(settings, mean)).identity,
        "copy": open_encoder(with_model(settings, copy)).identity,
        "cls": open_encoder(with_model(settings, cls)).identity,
        "prompt": open_encoder(with_model(settings, mean, passage_prompt="other: ")).identity,
        "weights": open_encoder(with_model(settings, write_tiny_model(tmp_path / "seed", "mean", seed=1))).identity,
    }
    assert identities["mean"] == identities["copy"]
    assert len(set(identities.values())) == 4
    assert "query='q: ' passage='p: ' pooling=mean" in identities["mean"]


def test_an_index_of_another_model_is_refused_until_it_is_repaired(
    mean: Path, cls: Path, articles: Path, settings: Settings, tmp_path: Path
) -> None:
    with Engine.open(tmp_path, settings=with_model(settings, mean)) as engine:
        engine.ingest([articles])
        first = engine.encoder().identity
    with Engine.open(tmp_path, settings=with_model(settings, cls)) as engine:
        with pytest.raises(ModelMismatch) as caught:
            engine.ask("Who signed the act?")
        assert caught.value.parameters["built_with"] == first
        assert "doctor --repair" in str(caught.value)
        with pytest.raises(ModelMismatch):
            engine.ingest([articles])
        assert len(engine.documents()) == 2
        assert engine.repair() == 2
        assert engine.ask("Who signed the act?").models.embedding == engine.encoder().identity != first
    # the bundled model's identity is known without loading it, so the mismatch is noticed at once
    with Engine.open(tmp_path, settings=settings) as engine:
        health = {check.name: check for check in engine.health()}
        assert health["index"].status == "failed"
        assert "was built with the embedding model" in health["index"].detail
        with pytest.raises(ModelMismatch):
            engine.search("act")
        assert engine.repair() == 2
        assert engine.index_problems() == []


def test_a_model_that_is_no_model_is_one_line(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        open_encoder(with_model(settings, tmp_path))
    assert str(caught.value).startswith(f"The embedding model {tmp_path} cannot be loaded: ")
    assert "\n" not in str(caught.value)


class Counting:
    """An encoder that counts what it is asked; its vectors are all alike."""

    identity = "counting"
    dimension = 2

    def __init__(self, backend: str) -> None:
        self.backend = backend
        self.passages = 0
        self.queries = 0

    def encode_query(self, text: str) -> np.ndarray:
        self.queries += 1
        return np.array([1, 0], np.float32)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self.encode_query(text) for text in texts])

    def encode_passages(self, texts: Sequence[str], sentences: Sequence[object]) -> Iterator[Encoded]:
        self.passages += len(texts)
        return iter([Encoded(np.array([1, 0], np.float32), np.zeros((0, 2), np.float32)) for _ in texts])


def test_a_gpu_takes_many_passages_and_nothing_else() -> None:
    quick, gpu = Counting("onnx-int8"), Counting("torch-cuda")
    made: list[Counting] = []
    encoder = GpuEncoder(quick, lambda: made.append(gpu) or gpu)
    assert encoder.backend == "onnx-int8, many passages on torch with a GPU"
    few = GPU_PASSAGES - 1
    encoder.encode_query("?")
    assert len(list(encoder.encode_passages(["a"] * few, [()] * few))) == few
    assert made == []  # no torch so far
    for _ in range(2):
        assert len(list(encoder.encode_passages(["a"] * GPU_PASSAGES, [()] * GPU_PASSAGES))) == GPU_PASSAGES
    encoder.encode_query("?")
    assert made == [gpu]
    assert (quick.queries, quick.passages) == (2, few)
    assert (gpu.queries, gpu.passages) == (0, 2 * GPU_PASSAGES)


def test_a_gpu_that_torch_cannot_use_is_left_alone() -> None:
    quick, torch = Counting("onnx-int8"), Counting("torch")
    encoder = GpuEncoder(quick, lambda: torch)
    list(encoder.encode_passages(["a"] * GPU_PASSAGES, [()] * GPU_PASSAGES))
    assert (quick.passages, torch.passages) == (GPU_PASSAGES, 0)
    assert encoder.backend == "onnx-int8"


def test_the_gpu_is_chosen_where_there_is_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    backends = {}
    for here in (True, False):
        monkeypatch.setattr(processor, "torch_with_gpu", lambda here=here: here)
        for backend in ("auto", "onnx"):
            encoder = open_encoder(settings.model_copy(update={"embedding_backend": backend}))
            backends[here, backend] = "GPU" in encoder.backend
    assert backends == {(True, "auto"): True, (True, "onnx"): False, (False, "auto"): False, (False, "onnx"): False}


@pytest.mark.parametrize(
    ("flags", "machine", "able"),
    [
        ("flags\t\t: fpu avx2 avx512f avx512_vnni", "x86_64", True),
        ("flags\t\t: fpu avx2 avx_vnni", "x86_64", True),
        ("flags\t\t: fpu avx2 avx512f", "x86_64", False),
        ("Features\t: fp asimd asimddp", "aarch64", True),
        ("Features\t: fp asimd", "aarch64", False),
        (None, "x86_64", False),
    ],
)
def test_products_of_bytes_are_a_matter_of_the_processor(
    flags: str | None, machine: str, able: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    if flags is not None:
        (tmp_path / "cpuinfo").write_text(f"processor\t: 0\n{flags}\n\nprocessor\t: 1\n")
    assert processor.multiplies_bytes(tmp_path / "cpuinfo") is able
