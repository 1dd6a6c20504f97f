"""Whether a sentence has what a question asks for, a time or a number, as it is written in either language."""

from __future__ import annotations

import pytest

from rag.analysis import fold
from rag.answering.question.value_patterns import wanted_in

HAS_IT = [
    ("When was the village founded?", "Settlers came in the 1960s."),
    ("When was the temple destroyed?", "It was destroyed in 70 AD."),
    ("متى فُتحت المدينة؟", "فُتحت المدينة سنة 1453م، وصارت عاصمة."),
    ("- متى قُتل القائد؟", "قُتل في العاشر من محرم سنة 61 للهجرة."),
    ("ما السنة التي شُقّ فيها الطريق؟", "شُقّ الطريق في الخمسينيات."),
    ("How many students passed?", "Nineteen of them passed."),
    ("How often is the fair held?", "It is held twice in summer."),
    ("What is the population of the town?", "Some eighty thousand people live there."),
    ("كم سنة دامت الحرب؟", "دامت الحرب خمس سنوات."),
    ("ما هو عدد الناجين؟", "نجا أحدهم وثلاثةٌ من رفاقه."),
    ("ما هي نسبة الأمية؟", "بلغت نحو عشرين في المئة."),
    ("بكم طالب بدأت المدرسة؟", "بدأت بمئتي طالب."),
]
LACKS_IT = [
    ("When was the village founded?", "Settlers from the coast founded it."),
    ("متى فُتحت المدينة؟", "فتحها السلطان وجعلها عاصمة."),
    ("How many students passed?", "The students of the school passed."),
    ("كم سنة دامت الحرب؟", "ستنتهي الحرب قريبا كما قال الوزير الفرنسي الفائز."),
    ("ما هو عدد الناجين؟", "نقل الناجون إلى المستشفى."),
]
ASKS_FOR_NEITHER = ("Who ruled when the bridge was built?", "كما حدث، من بنى الجسر؟", "What is the area called?")


@pytest.mark.parametrize(("question", "sentence"), HAS_IT)
def test_a_sentence_has_the_time_or_the_number(question: str, sentence: str) -> None:
    wanted = wanted_in(question)
    assert wanted is not None
    assert wanted.search(fold(sentence))


@pytest.mark.parametrize(("question", "sentence"), LACKS_IT)
def test_a_sentence_lacks_the_time_or_the_number(question: str, sentence: str) -> None:
    wanted = wanted_in(question)
    assert wanted is not None
    assert not wanted.search(fold(sentence))


@pytest.mark.parametrize("question", ASKS_FOR_NEITHER)
def test_a_word_in_passing_asks_for_neither(question: str) -> None:
    assert wanted_in(question) is None
