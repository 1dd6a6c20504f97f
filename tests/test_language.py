"""Language of questions, passages and documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language import detect_language, language_of_span, partition_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("من علّق؟", "ar"),
        ("سوريا", "ar"),
        ("ما هو Captagon Act؟", "ar"),
        ("من هو Anthony Blinken و Bashar al-Assad؟", "ar"),
        ("قانون الكبتاغون Captagon Act", "ar"),
        ("گوگل تعلن عن منتج جديد", "ar"),
        ("What is الكبتاغون?", "en"),
        ("Who commented?", "en"),
        ("Captagon?", "en"),
        ("Assad regime", "en"),
        ("Caesar Act sanctions", "en"),
        ("what is Internet2", "en"),
        ("When did Congress pass the Captagon act?", "en"),
        ("Qui a commenté la stratégie ?", "fr"),
        ("Was sagte der Minister?", "de"),
        ("¿Quién comentó?", "es"),
        ("Uyuşturucu ticareti nedir?", "tr"),
        ("این چیست؟", "fa"),
        ("یہ کیا ہے؟", "ur"),
        ("ئەم شتە چییە؟", "ku"),
        ("Что это?", "ru"),
        ("מה זה?", "he"),
        ("これは何ですか", "ja"),
        ("kifak 7abibi shu 3am ta3mel", "und"),
        ("1234 …!", "und"),
        ("", "und"),
    ],
)
def test_detect_language(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_passage_takes_its_own_language_and_else_its_documents() -> None:
    assert language_of_span("This paragraph is in English, whatever stands around it.", "ar") == "en"
    assert language_of_span("وهذه الفقرة بالعربية.", "en") == "ar"
    assert language_of_span("2022 | 15 | 37", "ar") == "ar"
    assert language_of_span("Questo è un testo italiano.", "it") == "it"


def test_partitions() -> None:
    assert [partition_of(code) for code in ("ar", "en", "fa", "fr", "und")] == ["ar", "en", "other", "other", "other"]


@given(st.text(max_size=300), st.sampled_from([None, "ar", "en", "fr", "zz"]))
def test_any_text_has_a_language(text: str, prior: str | None) -> None:
    assert 2 <= len(detect_language(text, prior)) <= 3
