"""Search terms: one test a rule."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.analysis import fold, grams, is_stop_word, stem, terms, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("كِتَابٌ", "كتاب"),  # diacritics
        ("الرَّحْمٰن", "الرحمن"),  # shadda, sukun, dagger alef
        ("كتـــاب", "كتاب"),  # tatweel
        ("أحمد إلى آمن ٱلله", "احمد الي امن الله"),  # alef forms, alef maksura
        ("مدرسة", "مدرسه"),  # teh marbuta
        ("مسؤول رئيس", "مسوول رييس"),  # hamza seats
        ("ﻛﺘﺎﺏ", "كتاب"),  # presentation forms
        ("فارسی کتاب", "فارسي كتاب"),  # Persian yeh and kaf
        ("٢٠٢٣ ۲۰۲۳", "2023 2023"),  # both sets of digits
        ("CAPTAGON Ｗide", "captagon wide"),
    ],
)
def test_spellings_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "number"),
    [("1,500", "1500"), ("١٬٥٠٠", "1500"), ("46,916,480", "46916480"), ("3.5", "3.5"), ("٣٫٥", "3.5"), ("3,5", "3.5"), ("5,75", "5.75"), ("2023", "2023")],
)  # fmt: skip
def test_a_number_is_one_word_however_it_is_written(written: str, number: str) -> None:
    assert words(f"بلغ {written}، ثم") == ["بلغ", number, "ثم"]
    assert terms(written) == [number]


def test_words_are_cut_at_punctuation_and_lose_the_possessive() -> None:
    assert words("Assad's «حكومة»، the Treasury’s don't 85%") == ["assad", "حكومه", "the", "treasury", "don't", "85"]


def test_stop_words_carry_no_topic_in_any_spelling() -> None:
    assert terms("ما هي الاستراتيجية التي في سوريا إلى أين") == [stem("الاستراتيجيه"), stem("سوريا")]
    assert terms("What is the strategy of which they were") == ["strategi"]
    assert is_stop_word(fold("إِلَى"))
    assert not is_stop_word("قانون")


def test_an_arabic_word_has_one_stem_with_and_without_its_prefixes() -> None:
    forms = ["كتاب", "الكتاب", "والكتاب", "بالكتاب", "كالكتاب", "فالكتاب", "للكتاب", "وللكتاب", "وكتاب"]
    assert {stem(form) for form in forms} == {"كتاب"}


def test_an_arabic_word_has_one_stem_with_and_without_its_suffixes() -> None:
    assert {stem(fold(form)) for form in ["عقوبة", "عقوبات", "عقوبتان", "العقوبات"]} >= {"عقوب"}
    assert stem(fold("مهربون")) == stem(fold("مهربين")) == stem(fold("المهربين")) == "مهرب"
    assert stem(fold("السورية")) == stem(fold("سوري")) == "سور"


def test_stems_keep_two_letters() -> None:
    assert stem("ال") == "ال"
    assert stem("وفد") == "وفد"  # the waw is its own
    assert len(stem("يدها")) == 2


def test_english_is_stemmed_and_other_scripts_are_left_alone() -> None:
    assert terms("running sanctions traffickers") == ["run", "sanction", "traffick"]
    assert terms("Москва naïve") == ["москва", "naïve"]


def test_latin_names_in_arabic_text_are_found_by_the_same_term() -> None:
    assert set(terms("COAR Hizballah")) <= set(terms("قالت منظمة COAR عن Hizballah"))


def test_grams_stay_inside_words_and_mark_their_borders() -> None:
    assert grams("captagon of") == ["_cap", "capt", "apta", "ptag", "tago", "agon", "gon_"]
    assert grams("حبة") == ["_حبه", "حبه_"]
    assert grams("يد") == ["_يد_"]


@hypothesis.settings(deadline=None)
@given(st.text())
def test_any_text_has_terms_that_are_words_without_spaces(text: str) -> None:
    for term in [*terms(text), *grams(text)]:
        assert term
        assert not any(character.isspace() for character in term)
