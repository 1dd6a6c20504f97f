"""The memory of vectors: each text is encoded once, in its order, and no more are kept than said."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from rag.encoders import open_encoder
from rag.query_vectors import QueryVectors
from rag.settings import Settings


class Counted:
    """An encoder by length of text, which remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_each_text_is_encoded_once_and_rows_stand_in_order() -> None:
    encode = Counted()
    vectors = QueryVectors(encode)
    np.testing.assert_array_equal(vectors(["عقد", "a", "عقد"])[:, 0], [3, 1, 3])
    np.testing.assert_array_equal(vectors(["bb", "a"])[:, 0], [2, 1])
    assert encode.asked == ["عقد", "a", "bb"]


def test_the_last_used_are_kept() -> None:
    encode = Counted()
    vectors = QueryVectors(encode, kept=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        vectors([text])
    assert encode.asked == ["a", "b", "c", "b"]


def test_more_than_are_kept_at_once_are_all_given() -> None:
    vectors = QueryVectors(Counted(), kept=1)
    np.testing.assert_array_equal(vectors(["a", "bb", "ccc"])[:, 0], [1, 2, 3])


def test_threads_may_share_it() -> None:
    vectors = QueryVectors(Counted(), kept=3)
    asked = [["x" * (1 + number % 7), "y" * (1 + number % 5)] for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        for texts, rows in zip(asked, pool.map(vectors, asked), strict=True):
            np.testing.assert_array_equal(rows[:, 0], [len(text) for text in texts])


def test_several_queries_at_once_have_the_vectors_of_each_alone(settings: Settings, samples_home: Path) -> None:
    encoder = open_encoder(settings)
    texts = ["ضبط الكبتاغون في ميناء ساليرنو", "What was seized at Salerno?", "7"]
    together = encoder.encode_queries(texts)
    np.testing.assert_array_equal(together, np.stack([encoder.encode_query(text) for text in texts]))
