"""Question words of the dialects, joined and misspelt ones, are read as the standard ones."""

from __future__ import annotations

import pytest

from rag.answering.question.answer_type import asked_of
from rag.answering.question.reason_cues import asks_why
from rag.question_words import standard


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("مين فتح الجسر؟", "من فتح الجسر؟"),
        ("شو كانت أجرة النقل؟", "كم كانت أجرة النقل؟"),
        ("شو سبب الحريق؟", "ما سبب الحريق؟"),
        ("شو قال الوزير وليش؟", "ماذا قال الوزير ولماذا؟"),
        ("وين انفتح المصنع ومين فتحه؟", "أين انفتح المصنع ومن فتحه؟"),
        ("قديش عدد الجرحى؟", "كم عدد الجرحى؟"),
        ("شكد صرفوا على الجسر؟", "كم صرفوا على الجسر؟"),
        ("إزاي دخلوا؟", "كيف دخلوا؟"),
        ("امتى افتتح الجسر؟", "متى افتتح الجسر؟"),
        ("لما ذا استقال المدير؟", "لماذا استقال المدير؟"),
        ("ماهو شعار الفرقه المضبوطه", "ما هو شعار الفرقة المضبوطة؟"),
        ("منهو محافظ المصرف؟", "من هو محافظ المصرف؟"),
        ("when did the bridge open", "when did the bridge open?"),
    ],
)
def test_what_asks_is_read_as_the_standard_word(asked: str, read: str) -> None:
    assert standard(asked) == read
    assert standard(read) == read


@pytest.mark.parametrize(
    "asked",
    ["من هو برنارد شو؟", "كم قتل منهم؟", "أين تقع ولاية مين؟", "كم سعر المياه؟", "captagon trade", "Who left?", ""],
)
def test_names_and_standard_questions_stay(asked: str) -> None:
    assert standard(asked) == asked


def test_they_ask_for_what_the_standard_ones_ask_for() -> None:
    assert asks_why(standard("علاش سكروا المعمل؟"))
    assert (found := asked_of(standard("ايمتى سكر المعمل؟"))) is not None
    assert found.kind == "date"
