"""How fast text is embedded here: the encoder in force beside plain sentence-transformers, same weights, one run.

    python -m evals.benchmarks.embedding [--passages N] [--cache DIR]

Passages are stretches of about 700 characters of the sample documents, both languages. Prints passages a second, the
milliseconds of a question, and the lowest cosine between the two encoders' vectors.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from corpus.sources import discover, read_document, sample_documents
from rag.embedding import Encoded, Encoder, open_encoder
from rag.settings import load_settings

QUESTIONS = ("ما هي محاور الاستراتيجية الأمريكية الأربعة؟", "When did Congress pass the Captagon Act?")
LENGTH = 700


def passages(count: int) -> list[str]:
    """`count` stretches of the sample documents, repeated when they run out."""
    texts = [read_document(source).text for source in discover(sample_documents()).sources]
    whole = "\n".join(texts)
    pieces = [whole[at : at + LENGTH] for at in range(0, len(whole) - LENGTH, LENGTH)]
    return list(itertools.islice(itertools.cycle(pieces), count))


def measured(encoder: Encoder, texts: list[str]) -> tuple[float, float, list[Encoded]]:
    """Passages a second, milliseconds a question (median), and the vectors; warmed up before."""
    list(encoder.encode_passages(texts[:8], [()] * 8))
    started = time.perf_counter()
    encoded = list(encoder.encode_passages(texts, [()] * len(texts)))
    rate = len(texts) / (time.perf_counter() - started)
    times = []
    for question in QUESTIONS * 15:
        began = time.perf_counter()
        encoder.encode_query(question)
        times.append((time.perf_counter() - began) * 1000)
    return rate, statistics.median(times), encoded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--cache", type=Path, help="where the model is unpacked (default: the setting)")
    options = parser.parse_args()
    texts = passages(options.passages)
    table = Table("backend", "passages a second", "ms a question")
    found = []
    for backend in ("auto", "torch"):
        encoder = open_encoder(load_settings(cache=options.cache, embedding_backend=backend))
        rate, milliseconds, encoded = measured(encoder, texts)
        found.append(np.stack([one.vector for one in encoded]))
        table.add_row(encoder.backend, f"{rate:.1f}", f"{milliseconds:.1f}")
    Console().print(table, f"lowest cosine between the two: {float((found[0] * found[1]).sum(axis=1).min()):.4f}")


if __name__ == "__main__":
    main()
