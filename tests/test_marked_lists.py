"""Questions that ask for a list, and the list that answers."""

from __future__ import annotations

import pytest

from rag.answering.lists.marked_lists import asks_for_list


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("What are the four lines of effort?", 4),
        ("Which four measures were announced?", 4),
        ("List the goals of the strategy.", 0),
        ("What are the lines of effort of the strategy?", 0),
        ("Name the three members of the committee.", 3),
        ("ما هي المحاور الأربعة للاستراتيجية؟", 4),
        ("ما المحاور الأربعة للاستراتيجية؟", 4),
        ("ما هي محاور الاستراتيجية؟", 0),
        ("ما هي الأهداف الثلاثة؟", 3),
        ("اذكر محاور الخطة", 0),
        ("عدد بنود القرار", 0),
        ("ما هي خطوط العمل الأربعة؟", 4),
        ("ما هي وسائل الخطة؟", 0),
        ("ما هي أربعة محاور الجهود التي تقوم عليها الاستراتيجية؟", 4),
    ],
)
def test_a_list_is_asked_for(question: str, items: int) -> None:
    assert asks_for_list(question) == items


@pytest.mark.parametrize(
    "question",
    [
        "How many lines of effort are there?",
        "How much money was seized in the four operations?",
        "كم عدد محاور الاستراتيجية الأربعة؟",
        "ما عدد المحاور؟",
        "متى أقر الكونغرس قانون الكبتاغون؟",
        "When did Congress pass the act?",
        "Who commented on the strategy?",
        "What accompanies the strategy?",
        "What does captagon contain?",
        "ما قانون الكبتاغون؟",
        "ما سياسة واشنطن؟",
        "ما الذي يرافق الاستراتيجية؟",
        "من علّق على الاستراتيجية؟",
        "ما هو الكبتاغون؟",
    ],
)
def test_no_list_is_asked_for(question: str) -> None:
    assert asks_for_list(question) is None
