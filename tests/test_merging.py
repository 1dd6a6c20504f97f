"""Reprints told once, neighbours joined: on passages made by hand."""

from __future__ import annotations

import numpy as np

from rag.analysis import Words
from rag.manifest import IndexedPassage
from rag.merging import MAX_JOINED, merged
from rag.reranking import Candidate, PassageSignals
from rag.sentences import Span

ARABIC = "قال الوزير إن الجيش ضبط على الحدود ١٤ طنا من الأمفيتامين كانت مخبأة في شاحنات متجهة إلى الجنوب"
OTHER_NUMBER = ARABIC.replace("١٤", "٨٤")
ENGLISH = "The minister said that the army had seized 14 tonnes of amphetamine hidden in trucks bound for the south"


def candidate(document_id: str, text: str, score: float, start: int = 0, partition: str = "en") -> Candidate:
    span = Span(start, start + len(text), "sentence")
    vectors = np.full((1, 2), score, np.float32)
    key = f"{document_id}:{start}:{span.end}"
    indexed = IndexedPassage(
        key, document_id, partition, partition, start, span.end, (span,), (Words.of(text),), vectors, vectors
    )
    return Candidate(indexed, PassageSignals(), score)


def test_a_reprint_is_told_once_and_named() -> None:
    first, reprint = candidate("a", ARABIC, 3.0, partition="ar"), candidate("b", ARABIC + ".", 2.0, partition="ar")
    again, different = candidate("c", ARABIC, 1.5, partition="ar"), candidate("d", ENGLISH, 1.0)
    found = merged([first, reprint, again, different], 10)
    assert [one.indexed.document_id for one in found] == ["a", "d"]
    assert [one.also_in for one in found] == [("b", "c"), ()]


def test_another_number_is_no_reprint() -> None:
    found = merged([candidate("a", ARABIC, 2.0), candidate("b", OTHER_NUMBER, 1.0)], 10)
    assert [one.indexed.document_id for one in found] == ["a", "b"]


def test_what_says_more_is_no_reprint_and_what_says_less_is() -> None:
    longer = f"{ENGLISH}, and that nine men of two villages had been brought before a court in the capital since then"
    more = merged([candidate("a", ENGLISH, 2.0), candidate("b", longer, 1.0)], 10)
    assert [one.indexed.document_id for one in more] == ["a", "b"]
    less = merged([candidate("b", longer, 2.0), candidate("a", ENGLISH, 1.0)], 10)
    assert [one.indexed.document_id for one in less] == ["b"]


def test_a_few_words_alike_are_no_reprint() -> None:
    found = merged([candidate("a", "What is captagon", 2.0), candidate("b", "What is captagon", 1.0)], 10)
    assert len(found) == 2


def test_neighbours_are_joined_in_the_order_of_the_text_at_the_better_ones_place() -> None:
    after, before = candidate("a", ENGLISH, 3.0, start=102), candidate("a", "The first half." * 6, 1.0, start=10)
    between = candidate("z", "Something else altogether.", 2.0)
    found = merged([after, between, before], 10)
    assert [one.indexed.document_id for one in found] == ["a", "z"]
    joined = found[0]
    assert (joined.indexed.start, joined.indexed.end, joined.score) == (10, 102 + len(ENGLISH), 3.0)
    assert [span.start for span in joined.indexed.sentences] == [10, 102]
    assert joined.indexed.words == (before.indexed.words[0], after.indexed.words[0])
    assert joined.indexed.vectors[:, 0].tolist() == [1.0, 3.0]


def test_passages_far_apart_in_other_documents_or_too_long_together_stay_apart() -> None:
    far = [candidate("a", "x" * 100, 2.0), candidate("a", "y" * 100, 1.0, start=150)]
    other = [candidate("a", "x" * 100, 2.0), candidate("b", "y" * 100, 1.0, start=101)]
    long = [candidate("a", "x" * 1000, 2.0), candidate("a", "y" * MAX_JOINED, 1.0, start=1001)]
    for pair in (far, other, long):
        assert len(merged(pair, 10)) == 2


def test_no_more_than_asked_for() -> None:
    many = [candidate(str(number), f"Text number {number} of many.", -number) for number in range(20)]
    assert [one.indexed.document_id for one in merged(many, 3)] == ["0", "1", "2"]
    assert merged([], 3) == []
