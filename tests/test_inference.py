"""The bundled network that reads whether a source says what a statement says, or answers a question."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from evals.benchmarks.fit_inference import FOLDER, load_examples
from rag import Engine
from rag.embedded_model import PASSAGE_PROMPT, QUERY_PROMPT
from rag.encoders import open_encoder
from rag.errors import ModelError
from rag.grounding import inference
from rag.grounding.findings import Source
from rag.grounding.inference import FILE, STRETCH, InferenceModel, bundled_weights, load_weights, logits, stretches
from rag.grounding.verdict import copied, judge
from rag.onnx_encoder import OnnxEncoder
from rag.settings import Settings
from ui.i18n.messages import translated

SEIZURE = "ضبطت الشرطة الأردنية يوم الثلاثاء ٢٠ ألف حبة كبتاغون في شاحنة قادمة من سوريا، وأوقفت السائق."
VOTE = "The House of Representatives passed the bill in June by 410 votes to 13. The Senate has not voted on it yet."


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    made = open_encoder(Settings())
    assert isinstance(made, OnnxEncoder)
    return made


@pytest.fixture(scope="module")
def network(encoder: OnnxEncoder) -> InferenceModel:
    return InferenceModel(encoder)


@pytest.mark.parametrize(("own", "other"), list(itertools.product(("ar", "en"), repeat=2)))
@pytest.mark.parametrize("task", [0, 1], ids=["statements", "questions"])
def test_right_is_told_from_wrong_in_every_direction(network: InferenceModel, own: str, other: str, task: int) -> None:
    """On what somebody wrote who saw nothing of it; the figures themselves are `fit_inference`'s."""
    held = load_examples(FOLDER / "inference-test.jsonl")
    mine = [one for one in held if (one.task, one.language, one.source.language) == (task, own, other)]
    read = [
        network.infer(one.text, own, [one.source]).supported
        if task == 0
        else network.answered(one.text, own, one.source)
        for one in mine
    ]
    assert all(0 <= share <= 1 for share in read)
    assert roc_auc_score([one.label == 0 for one in mine], read) > 0.7


def test_a_question_that_the_source_answers_is_told_from_one_that_it_does_not(network: InferenceModel) -> None:
    source = Source(VOTE, "en")
    answered = network.answered("When did the House pass the bill?", "en", source)
    assert answered > network.answered("Who wrote the bill?", "en", source) + 0.2
    across = network.answered("متى أقر مجلس النواب مشروع القانون؟", "ar", source)
    assert across > network.answered("من كتب مشروع القانون؟", "ar", source)


def test_the_source_that_supports_most_decides(network: InferenceModel) -> None:
    statement = "The House passed the bill."
    alone = network.infer(statement, "en", [Source(VOTE, "en")])
    assert network.infer(statement, "en", [Source(SEIZURE, "ar"), Source(VOTE, "en")]) == alone


def test_nothing_bears_out_nothing(network: InferenceModel) -> None:
    assert network.infer("", "en", [Source(VOTE, "en")]).supported == 0
    assert network.infer("The House passed it.", "en", [Source("", "en")]).supported == 0


def test_a_long_source_is_read_in_stretches_of_whole_sentences(network: InferenceModel) -> None:
    filler = " ".join(f"Paragraph {number} is about the weather in the valley and the harvest." for number in range(60))
    source = Source(f"{filler} {VOTE}", "en")
    cut = stretches(source)
    assert len(cut) > 2
    assert all(len(piece) <= STRETCH and piece in source.text for piece in cut)
    assert cut[-1].endswith(VOTE)
    assert network.infer("The House passed the bill.", "en", [source]).supported > 0.5


def test_numpy_computes_what_torch_trains(encoder: OnnxEncoder) -> None:
    torch = pytest.importorskip("torch")
    from evals.benchmarks.inference_network import Network, batch_of

    torch.manual_seed(1)
    made = Network().eval()
    stated = [encoder.inner_states(QUERY_PROMPT, text) for text in ("The House passed the bill.", "أوقف السائق.")]
    said = [encoder.inner_states(PASSAGE_PROMPT, text) for text in (SEIZURE, VOTE)]
    for number, task in enumerate(("statement", "question")):
        with torch.no_grad():
            expected = made(batch_of(stated, said, [True, False], number)).numpy()
        mine = [
            logits(made.weights(), one, other, across, task)  # type: ignore[arg-type]
            for one, other, across in zip(stated, said, [True, False], strict=True)
        ]
        assert np.allclose(expected, np.stack(mine), atol=1e-4)


def test_the_bundled_weights_are_whole() -> None:
    networks = bundled_weights()
    assert len(networks) >= 2
    assert all(np.isfinite(value).all() for weights in networks for value in weights.values())
    assert len({frozenset(weights) for weights in networks}) == 1


def test_engine_has_one_network_and_it_judges_unless_another_is_set(samples_engine: Engine) -> None:
    network = samples_engine.inference()
    assert network is not None
    assert samples_engine.inference() is network
    assert samples_engine.entailment() is network
    samples_engine.settings, kept = (
        samples_engine.settings.model_copy(update={"support_judge": "embedding"}),
        samples_engine.settings,
    )
    try:
        assert samples_engine.entailment() is None
    finally:
        samples_engine.settings = kept


def sets() -> list[Path]:
    held = [FOLDER / f"inference-{name}.jsonl" for name in ("validation", "test")]
    return [*sorted((FOLDER / "inference").glob("*.jsonl")), *held]


@pytest.mark.parametrize("path", sets(), ids=lambda path: path.stem)
def test_hand_written_examples_are_sound(path: Path) -> None:
    """Answers stand in their sources, ids are unique, right and wrong are balanced, both languages are there."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert all(one["a"] is None or one["a"] in row["source"] for one in row["questions"]), row["id"]
        assert all((one["v"] == "supported") == ("e" not in one) for one in row["statements"]), row["id"]
    examples = load_examples(path)
    for task in {one.task for one in examples}:
        labels = Counter(one.label == 0 for one in examples if one.task == task)
        assert 0.45 < labels[True] / labels.total() < 0.55
    assert {one.language for one in examples} == {"ar", "en"}


def test_the_blind_test_shares_nothing_with_what_was_trained_on() -> None:
    *trained, test = sets()
    known = {one.source.text for path in trained for one in load_examples(path)}
    assert not known & {one.source.text for one in load_examples(test)}


def test_a_sentence_of_the_source_needs_no_reading(network: InferenceModel) -> None:
    first, second = VOTE.split(" The Senate")
    for statement in (first, f"The Senate{second}", VOTE, first.rstrip(".") + "!"):
        assert judge(statement, "en", [Source(VOTE, "en")], no_vectors, network).support == "supported"
    assert not copied("The House of Representatives passed the bill", [Source(VOTE, "en")])


def test_a_hard_check_outweighs_a_reading(network: InferenceModel) -> None:
    wrong = "The House of Representatives passed the bill in June by 401 votes to 13."
    verdict = judge(wrong, "en", [Source(VOTE, "en")], no_vectors, network)
    assert verdict.support != "supported"
    assert "number" in {finding.kind for finding in verdict.findings}


def no_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    raise AssertionError(f"the network judges meaning, no vectors: {texts}")


class _Believer(InferenceModel):
    """What the network sometimes is across languages: sure of what has nothing to do with the source."""

    def infer(self, statement: str, language: str, sources: Sequence[Source]) -> inference.Inference:
        return inference.Inference(0.9, 0.05, 0.05)


@pytest.mark.parametrize(
    ("statement", "language", "source", "near"),
    [
        ("ينمو الزيتون على سفوح الجبال المطلة على البحر.", "ar", Source(VOTE, "en"), False),
        ("أقرّ مجلس النواب مشروع القانون في حزيران بأكثرية 410 أصوات مقابل 13.", "ar", Source(VOTE, "en"), True),
        ("Olive trees grow on the slopes above the sea.", "en", Source(SEIZURE, "ar"), False),
        ("Jordanian police seized captagon pills in a truck that came from Syria.", "en", Source(SEIZURE, "ar"), True),
    ],
)
def test_across_languages_nothing_is_supported_that_is_far_from_its_source(
    encoder: OnnxEncoder, statement: str, language: str, source: Source, near: bool
) -> None:
    def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([encoder.encode_query(text) for text in texts])

    verdict = judge(statement, language, [source], vectors, _Believer(encoder))
    assert verdict.support == ("supported" if near else "weak")
    assert [one.kind for one in verdict.findings] == ([] if near else ["meaning"])


def test_of_a_question_in_another_language_it_tells_nothing(network: InferenceModel) -> None:
    source = Source(VOTE, "en")
    assert network.answered("什么时候通过了法案?", "zh", source) == 0.5
    assert network.answered("When did the House pass the bill?", "en", source) != 0.5


def test_weights_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    whole = Path(inference.__file__).with_name(FILE).read_bytes()
    damaged = tmp_path / "damaged.npz"
    for content in (whole[: len(whole) // 2], whole[:5000] + b"?" * 5000 + whole[10000:], b"", b"<html>no</html>"):
        damaged.write_bytes(content)
        with pytest.raises(
            ModelError, match=r"^The network in .*damaged\.npz cannot be loaded: it is damaged\."
        ) as caught:
            load_weights(damaged)
        assert str(caught.value).count("\n") == 0
        assert translated(str(caught.value), "ar").startswith("تعذّر تحميل الشبكة من ")
    with pytest.raises(ModelError, match="it is missing"):
        load_weights(tmp_path / "none.npz")


def test_what_is_remembered_changes_nothing_and_is_bounded(encoder: OnnxEncoder) -> None:
    asked = ("متى أُقرّ القانون؟", "When did the House vote?")
    sources = (Source(VOTE, "en"), Source(SEIZURE, "en"), Source("أقرّ مجلس النواب القانون يوم الثلاثاء.", "ar"))
    kept, bare = InferenceModel(encoder), InferenceModel(encoder, remembered=0)
    pairs = [(question, source) for question in asked for source in sources] * 2
    for model in (kept, bare):
        for question, source in pairs:
            fresh = InferenceModel(encoder).answered(question, "ar", source)
            assert model.answered(question, "ar", source) == fresh
    assert len(kept._known) == len(asked) + len(sources)
    texts = [(QUERY_PROMPT, question) for question in asked] + [(PASSAGE_PROMPT, source.text) for source in sources]
    assert kept._known.weight == sum(len(encoder.inner_states(*text).tokens) for text in texts)
    assert len(bare._known) == 1
