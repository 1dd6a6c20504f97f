"""Search terms: one test a rule."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import analysis
from rag.analysis import fold, grams, is_stop_word, stem, stems, terms, words

ANY_TEXT = st.text(alphabet=st.characters(codec="utf-8"))
MIXED_TEXT = st.text(
    alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآٱىةؤئکگپچڤیھـًٌٍَُِّْٰ abcdefghijklmnopqrstuvwxyzABCéğışØœ'’‘`-_.,،؛؟!%٪«»\"()0123456789٠١٢٣٤٥٦٧٨٩۰۱۲٫٬\u200c\u200f\u00ad\n\t"
)
"""What Arabic and English text is made of, and what is between."""
ARABIC_WORDS = st.text(alphabet="ابتجحدرسعفقكلمنهويءأإآىةؤئ", min_size=1, max_size=12)


# -- characters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "written", "folded"),
    [
        ("without_diacritics", "كِتَابٌ الرَّحْمٰن", "كتاب الرحمن"),
        ("without_diacritics", "naı\u0308ve", "naıve"),  # a combining mark of Latin
        ("without_tatweel", "كتـــاب", "كتاب"),
        ("without_invisible", "كتاب\u200cها cap\u00adtagon \u2067كتاب\u2069", "كتابها captagon كتاب"),
        ("one_alef", "أحمد إلى آمن ٱلله", "احمد الى امن الله"),
        ("one_yeh", "على علی", "علي علي"),
        ("one_teh_marbuta", "مدرسة", "مدرسه"),
        ("one_hamza_seat", "مؤتمر رئيس", "موتمر رييس"),
        ("one_hamza_seat", "مسئول شئون", "مسوول شوون"),  # as Egypt writes مسؤول شؤون
        ("arabic_letters", "کتاب گوگل پاريس ڤيتنام چاد ھذا", "كتاب كوكل باريس فيتنام جاد هذا"),
        ("western_digits", "٢٠٢٣ ۲۰۲۳ ١٬٥٠٠٫٧", "2023 2023 1,500.7"),
        ("one_apostrophe", "Assad’s ʿAli Qurʾan", "Assad's 'Ali Qur'an"),
        ("without_accents", "erdoğan beyoncé łódź ḥizballāh", "erdogan beyonce lodz hizballah"),
    ],
)
def test_a_rule_on_characters_does_its_one_thing_and_fold_does_it_too(rule: str, written: str, folded: str) -> None:
    assert getattr(analysis, rule)(written) == folded
    assert fold(written) == fold(folded)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ﻛﺘﺎﺏ", "كتاب"),  # presentation forms
        ("CAPTAGON Ｗide", "captagon wide"),
        ("İstanbul", "istanbul"),
        ("85٪ km²", "85٪ km2"),
    ],
)
def test_fold_composes_and_lowers(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(MIXED_TEXT)
def test_fold_is_its_rules_one_after_the_other_and_does_nothing_more_the_second_time(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    for rule in analysis._RULES:
        assert rule(folded) == folded
        assert fold(rule(text)) == folded


def test_other_scripts_are_left_alone() -> None:
    assert fold("Москва йод 東京 הארץ") == "москва йод 東京 הארץ"
    assert terms("Москва東京") == ["москва東京"]


# -- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [("1,500", "1500"), ("١٬٥٠٠", "1500"), ("١،٥٠٠", "1500"), ("46,916,480", "46916480"), ("1,500.25", "1500.25"),
     ("3.5", "3.5"), ("٣٫٥", "3.5"), ("3,5", "3.5"), ("٣،٥", "3.5"), ("5,75", "5.75"), ("2023", "2023"), ("۲۰۲۳", "2023")],
)  # fmt: skip
def test_a_number_is_one_word_however_it_is_written(written: str, number: str) -> None:
    assert words(f"بلغ {written}، ثم") == ["بلغ", number, "ثم"]
    assert terms(written) == [number]


def test_numbers_in_a_row_are_not_one() -> None:
    assert words("2011،2012,2013") == ["2011", "2012", "2013"]
    assert words("(1,2,3)") == ["1", "2", "3"]
    assert words("12/03/2024 و2023-06-30") == ["12", "03", "2024", "و", "2023", "06", "30"]


@given(st.integers(0, 10**12))
def test_a_number_is_found_with_separators_and_in_arabic_digits(number: int) -> None:
    arabic = str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬")
    assert words(f"{number:,}") == words(f"{number:,}".translate(arabic)) == [str(number)]


def test_ordinals_and_percentages_are_a_number_and_what_follows() -> None:
    assert words("the 21st 85% ٨٥٪ 3rd") == ["the", "21", "st", "85", "85", "3", "rd"]


def test_words_are_cut_at_punctuation() -> None:
    assert words("«حكومة»، المعارضة؛ (سوريا)؟ one—two…") == ["حكومه", "المعارضه", "سوريا", "one", "two"]


@pytest.mark.parametrize("written", ["Assad's", "Assad’s", "ASSAD'S", "Assad", "'Assad'", "Assad's."])
def test_the_possessive_is_dropped(written: str) -> None:
    assert words(written) == ["assad"]


@pytest.mark.parametrize(
    ("written", "word"),
    [("don't", "dont"), ("don’t", "dont"), ("Qur'an", "quran"), ("Qurʾān", "quran"), ("Ta'izz", "taizz"), ("O’Brien", "obrien")],
)  # fmt: skip
def test_an_apostrophe_does_not_part_a_word(written: str, word: str) -> None:
    assert words(written) == words(word) == [word]


def test_initials_are_one_word() -> None:
    assert words("the U.S. and U.K, J.R. Smith, plan A. B") == [
        "the",
        "us",
        "and",
        "uk",
        "jr",
        "smith",
        "plan",
        "a",
        "b",
    ]


def test_hyphens_and_underscores_part_words() -> None:
    assert words("U.S.-led al-Assad COVID-19 #كلنا_معك state-of-the-art") == [
        "us", "led", "al", "assad", "covid", "19", "كلنا", "معك", "state", "of", "the", "art",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "term"),
    [("كانون الثاني", "يناير"), ("كانونُ الثّاني", "يناير"), ("تشرين الأول", "أكتوبر"), ("تشرين الثانى", "نوفمبر"), ("كانون الأوّل", "ديسمبر"),
     ("شباط", "فبراير"), ("آذار", "مارس"), ("نيسان", "إبريل"), ("نيسان", "أبريل"), ("أيار", "مايو"), ("حزيران", "يونيو"), ("حزيران", "يونيه"), ("تموز", "يوليو"),
     ("غشت", "أغسطس"), ("أيلول", "سبتمبر"), ("شتنبر", "سبتمبر")],
)  # fmt: skip
def test_a_month_is_one_term_by_any_of_its_names(written: str, term: str) -> None:
    assert terms(f"في {written} 2011") == terms(f"في {term} 2011")
    assert terms(f"و{written}") == terms(f"ب{written}") == terms(term)


def test_months_are_no_other_words() -> None:
    assert terms("كانون التدفئة") == [stem("كانون"), stem("التدفيه")]
    assert (
        len(
            {
                tuple(terms(name))
                for name in (
                    "يناير",
                    "فبراير",
                    "مارس",
                    "أبريل",
                    "مايو",
                    "يونيو",
                    "يوليو",
                    "أغسطس",
                    "سبتمبر",
                    "أكتوبر",
                    "نوفمبر",
                    "ديسمبر",
                )
            }
        )
        == 12
    )
    assert terms("أب") != terms("أغسطس")


# -- stop words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "ما هي", "ماهى", "ماهو", "وماهو", "من هو", "منهو", "لماذا", "ولماذا", "بماذا", "وكيف", "وهل", "إلى أين", "واين", "فما",
        "اللتى", "الذى", "اللذي", "التى", "اللي", "فى", "الي", "شو", "ليش", "وين", "مين", "ايش", "إيش", "قديش", "امتى", "إمتى", "ليه", "فين",
        "What is", "whats", "What's", "what’s", "who’s", "Don't", "dont", "doesn’t", "please", "I’m", "where", "إِلَى",
    ],
)  # fmt: skip
def test_a_question_word_carries_no_topic_in_any_spelling(question: str) -> None:
    assert terms(question) == grams(question) == []
    assert all(is_stop_word(word) for word in words(question))


def test_words_of_a_topic_are_no_stop_words() -> None:
    assert terms("ما هي الاستراتيجية التي في سوريا إلى أين") == [stem("الاستراتيجيه"), stem("سوريا")]
    assert terms("What is the strategy of which they were") == ["strategi"]
    assert not any(map(is_stop_word, words("قانون ماء منهج شوق US")))


@pytest.mark.parametrize(
    ("typed", "written"),
    [("احمد", "أحمد"), ("الاردن", "الأردن"), ("القاهره", "القاهرة"), ("مستشفي", "مستشفى"), ("سوريه", "سورية"), ("سما", "سماء"),
     ("مسئول", "مسؤول"), ("ڤيتنام", "فيتنام"), ("Erdogan", "Erdoğan"), ("Hizballah", "Ḥizballāh"), ("US", "U.S."), ("Sanaa", "Sana'a")],
)  # fmt: skip
def test_a_spelling_that_people_type_finds_the_one_in_print(typed: str, written: str) -> None:
    assert terms(typed) == terms(written) != []


# -- stems -----------------------------------------------------------------------------------------------------------


def test_an_arabic_word_has_one_stem_with_and_without_its_prefixes() -> None:
    forms = [
        "كتاب",
        "الكتاب",
        "والكتاب",
        "بالكتاب",
        "كالكتاب",
        "فالكتاب",
        "للكتاب",
        "وللكتاب",
        "وكتاب",
        "وبالكتاب",
        "فبالكتاب",
    ]
    assert {stem(form) for form in forms} == {"كتاب"}


def test_a_prefix_of_one_letter_may_be_the_words_own() -> None:
    assert [analysis.without_article(word) for word in ("بغداد", "لبنان", "فيلم", "كتاب", "سلام", "وفد")] == [
        "بغداد", "لبنان", "فيلم", "كتاب", "سلام", "وفد",
    ]  # fmt: skip
    assert stem(fold("وكالات")) == stem(fold("وكالة"))


def test_an_arabic_word_has_one_stem_with_and_without_its_suffixes() -> None:
    assert {stem(fold(form)) for form in ("عقوبة", "عقوبات", "العقوبات", "عقوبتها")} == {"عقوب", "عقوبت"}
    assert stem(fold("مهربون")) == stem(fold("مهربين")) == stem(fold("المهربين")) == "مهرب"
    assert stem(fold("السورية")) == stem(fold("سوري")) == "سور"


def test_the_last_hamza_may_be_missing() -> None:
    assert analysis.without_last_hamza("قضاء") == "قضا"
    assert analysis.without_last_hamza("ماء") == "ماء"  # without it, a stop word
    assert stem("القضاء") == stem("قضا")


def test_of_broken_plurals_only_grams_are_shared() -> None:
    assert stem("كتب") != stem("كتاب")
    assert set(grams("كتب", 3)) & set(grams("كتاب", 3)) == {"_كت"}


def test_stems_keep_two_letters() -> None:
    assert stem("ال") == "ال"
    assert len(stem("يدها")) == 2


@given(ARABIC_WORDS)
def test_a_stem_is_a_part_of_its_word(word: str) -> None:
    folded = fold(word)
    found = analysis.light10(folded)
    assert found in folded
    assert len(found) >= min(2, len(folded))


def test_english_is_stemmed() -> None:
    assert terms("running sanctions traffickers") == ["run", "sanction", "traffick"]


def test_threads_do_not_stem_each_others_words() -> None:
    distinct = [f"{first}{second}traffickings" for first in "bcdfghkl" for second in "aeiou"]
    alone = [analysis.porter2(word) for word in distinct]
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(analysis.porter2, distinct * 5)) == alone * 5
    finally:
        sys.setswitchinterval(often)


def test_latin_names_in_arabic_text_are_found_by_the_same_term() -> None:
    assert set(terms("COAR Hizballah")) <= set(terms("قالت منظمة COAR عن Hizballah، وHizballah"))
    assert terms("الـCOAR وCOAR بالـCOAR") == ["coar"] * 3


# -- terms and grams -------------------------------------------------------------------------------------------------


def test_grams_stay_inside_words_and_mark_their_borders() -> None:
    assert grams("captagon of") == ["_cap", "capt", "apta", "ptag", "tago", "agon", "gon_"]
    assert grams("حبة") == ["_حبه", "حبه_"]
    assert grams("يد") == ["_يد_"]
    assert grams("يد حبة", 3) == ["_يد", "يد_", "_حب", "حبه", "به_"]


@given(ARABIC_WORDS | st.text("abcdefgh", min_size=1, max_size=12), st.integers(2, 6))
def test_the_grams_of_a_word_spell_it(word: str, size: int) -> None:
    hypothesis.assume(not is_stop_word(fold(word)))
    found = grams(word, size)
    assert found[0] + "".join(gram[-1] for gram in found[1:]) == f"_{fold(word)}_"
    assert all(len(gram) == size for gram in found) or len(found) == 1


@hypothesis.settings(deadline=None)
@given(ANY_TEXT | MIXED_TEXT)
def test_any_text_has_terms_that_are_words_without_spaces(text: str) -> None:
    for term in [*words(text), *stems(text), *terms(text), *grams(text), *grams(text, 3)]:
        assert term
        assert not any(character.isspace() for character in term)


@hypothesis.settings(deadline=None)
@given(MIXED_TEXT)
def test_terms_are_the_stems_of_words_that_carry_a_topic(text: str) -> None:
    assert stems(text) == [stem(word) for word in words(text)]
    assert terms(text) == [stem(word) for word in words(text) if not is_stop_word(word)]


@hypothesis.settings(deadline=None)
@given(MIXED_TEXT, MIXED_TEXT)
def test_words_do_not_depend_on_the_words_around_them(one: str, other: str) -> None:
    assert words(f"{one} {other}") == words(one) + words(other)


def test_a_piece_without_spaces_that_is_too_long_to_be_a_word_is_cut_but_not_remembered() -> None:
    endless = "كلمة،" * 1000 + "abc" * 1000
    before = analysis._words_of.cache_info().currsize
    assert words(f"أول {endless}") == ["اول", *["كلمه"] * 1000, "abc" * 1000]
    assert terms(endless)[-1] == "abc" * 1000
    assert analysis._words_of.cache_info().currsize <= before + 1
