"""Cleaning and repair: only furniture goes, nothing that stays is altered."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import Cleaned, clean
from corpus.repair import extraction_warnings, repair

SCRAPED = Path(__file__).parent / "data" / "scraped"

PARAGRAPHS = (
    "The ministry said on Tuesday that the bridge would open in May, two months later than planned.",
    "Share prices fell after the announcement, which surprised analysts who had expected a quiet week.",
    "قال المتحدث باسم الوزارة إن الجسر سيفتح في أيار المقبل، بعد شهرين من الموعد المقرر.",
    "اقرأ الوزير البيان أمام الصحفيين، ثم تابع حديثه عن الخطة التي أقرتها الحكومة قبل عام.",
    "1- إصلاح الطريق الذي يصل القرى الثلاث بالسوق القديم خلال ستة أشهر.",
)
FURNITURE = (
    "Share", "Read Next", "Related Articles", "Leave a Reply", "Most Popular", "Home > News > World", "* * *", "",
    "By Jane Smith", "3 June 2023", "اقرأ أيضاً", "مقالات ذات صلة", "شارك", "إعلان", "الأكثر قراءة", "اترك تعليقاً",
    "© 2023 All rights reserved", "A headline of some other article on this site",
    "عنوان مقال آخر على هذا الموقع اليوم",
)  # fmt: skip

any_text = st.text(alphabet=st.characters(codec=None), max_size=400)  # lone surrogates too
page_text = st.lists(st.sampled_from((*PARAGRAPHS, *FURNITURE)) | any_text, max_size=25).map("\n".join)


def put_back(cleaned: Cleaned) -> str:
    """The text that was cleaned, rebuilt from what stayed and what was removed."""
    pieces, kept, position = [], 0, 0
    for removal in cleaned.removed:
        stretch = cleaned.text[kept : kept + removal.start - position]
        pieces += [stretch, removal.text]
        kept += len(stretch)
        position = removal.start + len(removal.text)
    return "".join(pieces) + cleaned.text[kept:]


@settings(max_examples=300, deadline=None)
@given(page_text, st.booleans(), st.none() | st.sampled_from(FURNITURE))
def test_cleaning_never_alters_what_it_keeps(page: str, scraped: bool, title: str | None) -> None:
    repaired = repair(page)
    cleaned = clean(repaired, title=title, scraped=scraped)
    assert put_back(cleaned) == repaired
    assert all(removal.text for removal in cleaned.removed)


@settings(max_examples=300, deadline=None)
@given(any_text | page_text)
def test_repair_is_idempotent_and_always_encodes(text: str) -> None:
    repaired = repair(text)
    assert repair(repaired) == repaired
    assert repaired.encode("utf-8").decode("utf-8") == repaired
    assert "\r" not in repaired
    assert unicodedata.is_normalized("NFC", repaired)


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\ufeffن\u200bص\u200f \u202bعربي\u202c", "نص عربي"),
        ("ﻣﺮﺣﺒﺎ ﻻ ﷲ", "مرحبا لا الله"),
        ("ﷺ", "ﷺ"),
        ("می\u200cشود", "می\u200cشود"),
        ("well\u200cknown co\u00adoperation", "wellknown cooperation"),
        ("one\n\n\n\n\ntwo   \nthree", "one\n\ntwo\nthree"),
        ("e\u0301", "é"),
        ("²½ﬁ", "²½ﬁ"),
        ("The minister\u00e2\u20ac\u2122s plan", "The minister’s plan"),
        ("CafÃ©", "Café"),
        ("L’été à la forêt, Âge d’or", "L’été à la forêt, Âge d’or"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("\ud83d\ude00", "😀"),
        ("hide\U000e0041\U000e0042me", "hideme"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a&nbsp;b &amp; &lt;script&gt;", "a b &amp; &lt;script&gt;"),
        ("\ufffd\ufffd\ufffd", "\ufffd"),
    ],
)
def test_repair(broken: str, repaired: str) -> None:
    assert repair(broken) == repaired


@pytest.mark.parametrize("text", ["خطة أمريكية جديدة", "قال: «نعم»", "المخدرات، سوريا؛ 2023", "ظل طه عظيماً وغاب طويلاً"])
def test_arabic_read_as_windows_1256_is_repaired_and_real_arabic_left_alone(text: str) -> None:
    assert repair(text) == text
    assert repair(text.encode("utf-8").decode("cp1256")) == text


def test_the_end_of_a_scraped_page_goes_by_position() -> None:
    page = "\n\n".join(
        [
            "Council votes to keep the old bridge open",
            *PARAGRAPHS[:2],
            "Read Previous",
            "A goat that came home by train and nobody knows how",
            "Read Next",
            "مهرجان الزيتون يعود إلى القرية بعد غياب ثلاث سنوات",
            "Leave a Reply",
            "Most Popular",
        ]
    )
    cleaned = clean(repair(page))
    assert cleaned.text == "\n\n".join(PARAGRAPHS[:2])
    assert cleaned.title == "Council votes to keep the old bridge open"
    assert cleaned.removed[0].reason == "title"


def test_links_inside_an_article_go_and_the_article_goes_on() -> None:
    page = "\n\n".join(
        [
            PARAGRAPHS[2],
            "اقرأ أيضاً:",
            "سوق الأغنام يسجل أعلى أسعاره منذ ثلاث سنوات",
            PARAGRAPHS[3],
            "إعلان",
            PARAGRAPHS[4],
        ]
    )
    assert clean(page).text == "\n\n".join([PARAGRAPHS[2], PARAGRAPHS[3], PARAGRAPHS[4]])


@pytest.mark.parametrize(
    "sentence",
    [
        "Share of renewable energy in the mix rose to a third last year, the agency said.",
        "Follow the shore path from the jetty and you come to the bell that passengers rang.",
        "Related businesses have felt the loss too, from the kiosk to the ferry itself.",
        "Comments from residents were read aloud before the vote was taken on Monday.",
        "Copyright law was changed in 2013 to protect recordings for seventy years.",
        '"Your support helps us to keep the school open," the teacher told the visitors.',
        "تابع الوزير حديثه قائلا إن الخطة ستنفذ على ثلاث مراحل خلال هذا العام.",
        "اقرأ الدرس جيدا ثم أجب، هكذا كانت تقول لنا المعلمة كل صباح في المدرسة.",
        "شارك في الحملة أكثر من مئة متطوع من القرى القريبة، بحسب منظميها.",
        "سجل المنتخب هدفين في الشوط الأول، وأعلن الموقع الرسمي للاتحاد النتيجة.",
        "حمل الوزير مسؤولية تطبيق القانون إلى المحافظين في اجتماع عقد أمس.",
        "إعلان النتائج سيكون في العشرين من الشهر الجاري بعد فرز الأصوات كلها.",
    ],
)
def test_sentences_that_begin_like_labels_stay(sentence: str) -> None:
    page = "\n\n".join(["Share", PARAGRAPHS[0], sentence, PARAGRAPHS[2], "Leave a Reply"])
    assert sentence in clean(page).text


def test_text_without_running_text_stays_whole() -> None:
    assert clean("Milk\nEggs\nBread").text == "Milk\nEggs\nBread"
    assert clean("عنوان وحيد").text == "عنوان وحيد"
    assert clean("").text == ""


def test_a_list_of_platforms_in_an_article_stays() -> None:
    page = "The law names three companies that must answer within a day:\n- Facebook\n- Telegram\n\n" + PARAGRAPHS[0]
    assert clean(page).text == page


def test_headings_that_are_also_labels_stay_between_paragraphs() -> None:
    page = "\n\n".join([PARAGRAPHS[0], "References", PARAGRAPHS[1], "Contact", PARAGRAPHS[2]])
    assert clean(page).text == page


def test_the_dates_of_a_timeline_stay() -> None:
    page = f"3 May 2020\n{PARAGRAPHS[0]}\n\n12 June 2020\n{PARAGRAPHS[1]}\n\n2 July 2021\n{PARAGRAPHS[2]}"
    assert clean(page).text == page


def test_speech_in_short_lines_stays() -> None:
    page = f"Q: Will you miss it?\nA: Yes.\nQ: Every day?\nA: No.\n\n{PARAGRAPHS[0]}\n\nQ: And then?\nA: Home.\n\nShare"
    assert clean(page).text == page.removesuffix("\n\nShare")


def test_running_heads_and_page_numbers_go() -> None:
    body = [f"{PARAGRAPHS[0]} {PARAGRAPHS[1]} Paragraph {number} of the report ends here." for number in range(12)]
    pages = [
        "\n\n".join(["Annual Report of the Water Board", *body[i : i + 3], str(i // 3 + 1)]) for i in range(0, 12, 3)
    ]
    assert clean("\n\n".join(pages)).text == "\n\n".join(body)


def test_wiki_marks_go_as_stretches() -> None:
    page = (
        "The city lies on a river.[1] It was founded in 1200,[2] as a market.[3]\n\nHistory[edit]\n\n" + PARAGRAPHS[0]
    )
    cleaned = clean(page)
    assert cleaned.text.startswith("The city lies on a river. It was founded in 1200, as a market.\n\nHistory\n\n")
    assert put_back(cleaned) == page


def test_hard_wrapped_paragraphs_are_running_text() -> None:
    page = (
        "The quick brown fox of the old tale is said to have jumped over the\n"
        "lazy dog on a morning in May, while the farmer looked for his hat in\n"
        "the barn and the children slept until noon.\n\nShare\n"
    )
    assert clean(repair(page)).text == page.removesuffix("\n\nShare\n")


@pytest.mark.parametrize("path", sorted(SCRAPED.glob("dev-*.txt")), ids=lambda path: path.stem)
def test_pages_for_development(path: Path) -> None:
    from evals.benchmarks.cleaning import score_page

    result = score_page(path)
    assert result.body_lost == 0
    assert result.furniture_left <= 0.03 * max(result.furniture, 1)
    assert result.title_found


def test_extraction_warnings() -> None:
    assert extraction_warnings("نص عربي سليم عن الحكومة والمدرسة في القرية") == ()
    assert extraction_warnings("ab\ufffdcd\ufffd") == ("replacement_characters",)
    assert extraction_warnings("12 34 // -- 56 a") == ("few_letters",)
    assert extraction_warnings("الحكومة المدرسة الجامعة السورية"[::-1]) == ("visual_order",)


@pytest.mark.parametrize("scraped", [True, False])
def test_rows_of_figures_are_no_furniture(scraped: bool) -> None:
    rows = [
        "| Block | Old price | New price |",
        "| 0 to 10 | 0.20 | 0.20 |",
        "| ١١ إلى ٢٥ | ٠٫٤٥ | ٠٫٦٠ |",
        "| 12 | 2024 |",
    ]
    before = "The authority approved new tariffs on 3 December 2024, and they apply from 1 January 2025, it said."
    after = "Families registered with the social fund pay nothing for the first 15 cubic metres, said the director."
    text = "\n".join([before, "", *rows, "", after]) + "\n"
    cleaned = clean(text, scraped=scraped)
    assert [row for row in rows if row in cleaned.text] == rows


def test_a_row_of_controls_is_furniture() -> None:
    text = "The authority approved new tariffs on 3 December 2024, it said. They apply from January.\n\n| Share | Print |\n"
    assert "Share" not in clean(text, scraped=False).text
