"""Passages: true offsets, whole sentences, sizes that the embedding model can read."""

from __future__ import annotations

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from rag.chunking import MAX_CHARS, TARGET_CHARS, Chunk, chunk
from rag.sentences import split_sentences
from tests.conftest import SAMPLES, document
from tests.test_sentences import TEXTS

WORDS = [
    "قال",
    "الوزير",
    "إن",
    "strategy",
    "captagon",
    "2023",
    "د.",
    "نعم؟",
    "end.",
    "انتهى.",
    "\n\n",
    "\n- item",
    "\nHeading\n",
    "a" * 90,
]
LONG_TEXTS = st.lists(st.sampled_from(WORDS), max_size=900).map(" ".join)


def assert_sound(text: str) -> list[Chunk]:
    chunks = chunk(document(text))
    assert [span for piece in chunks for span in piece.sentences] == split_sentences(text)
    last = 0
    for piece in chunks:
        assert last <= piece.start < piece.end
        assert (piece.start, piece.end) == (piece.sentences[0].start, piece.sentences[-1].end)
        assert text[last : piece.start].strip() == ""
        assert piece.end - piece.start <= MAX_CHARS
        last = piece.end
    return chunks


@hypothesis.settings(deadline=None)
@given(st.one_of(TEXTS, LONG_TEXTS))
def test_passages_are_whole_sentences_in_order_and_never_too_long(text: str) -> None:
    assert_sound(text)


def test_lengths_are_evened_out() -> None:
    text = " ".join(f"هذه هي الجملة رقم {number} من النص الطويل." for number in range(60))
    lengths = [piece.end - piece.start for piece in assert_sound(text)]
    assert max(lengths) < 1.5 * TARGET_CHARS
    assert min(lengths) > 0.5 * TARGET_CHARS


def test_a_short_text_is_one_passage_and_none_is_none() -> None:
    assert len(assert_sound("قصير.")) == 1
    assert assert_sound(" \n\n ") == []


def test_a_heading_stays_with_what_follows_it() -> None:
    paragraph = " ".join(f"Sentence {number} says something." for number in range(12))
    text = "\n\n".join(f"Heading {number}\n\n{paragraph}" for number in range(5))
    chunks = assert_sound(text)
    assert len(chunks) > 1
    assert all(piece.sentences[-1].kind != "heading" for piece in chunks)


def test_a_list_is_not_parted_from_the_line_before_it_nor_in_the_middle() -> None:
    before = " ".join(f"وهذه جملة أخرى رقم {number} قبل القائمة." for number in range(14))
    items = "\n".join(
        f"{number}- محور يتحدث عن أمر مهم جدا من أمور هذه الاستراتيجية الجديدة." for number in range(1, 5)
    )
    text = f"{before}\n\nوتقوم على أربعة محاور:\n\n{items}\n\n{before}"
    with_list = [piece for piece in assert_sound(text) if any(s.kind == "item" for s in piece.sentences)]
    assert len(with_list) == 1
    assert "وتقوم على أربعة محاور:" in text[with_list[0].start : with_list[0].end]
    assert [s.kind for s in with_list[0].sentences].count("item") == 4


def test_each_passage_is_in_its_own_language() -> None:
    arabic = " ".join(f"قال الوزير في الجملة {number} إن القانون صدر." for number in range(20))
    english = " ".join(f"The minister said in sentence {number} that the law was passed." for number in range(20))
    languages = [piece.language for piece in assert_sound(f"{arabic}\n\n{english}")]
    assert languages[0] == "ar"
    assert languages[-1] == "en"


def test_the_lists_of_the_samples_are_each_in_one_passage() -> None:
    from corpus.sources import read_document

    for name in ("ar-us-strategy-2023.md", "en-us-strategy-2023.md"):
        chunks = chunk(read_document(SAMPLES / name))
        assert [sum(s.kind == "item" for s in piece.sentences) for piece in chunks].count(4) == 1
