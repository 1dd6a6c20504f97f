"""Values of one thing in other words are a disagreement; those of a part of it, or beside it, are none."""

from __future__ import annotations

import pytest
from asked_of_reports import questions

from rag import Engine
from rag.answering.comparison.different_things import beside_it, numbered_apart
from rag.answering.question.other_sums import of_another_sum

_NOT_YET = {
    "كم كلّف جسر المشاة في مستغانم؟",  # not found: neither the place nor the footbridge is known across languages
    "How much did it cost to rebuild the school of Mahdia?",  # "rebuilt", and أعيد بناؤها, have another stem
    "كم كلّفت إعادة بناء مدرسة المهدية؟",
}


@pytest.mark.parametrize(
    ("name", "question", "expected"), [one for one in questions("differ") if one[1] not in _NOT_YET]
)
def test_different_values_are_told(
    name: str, question: str, expected: list[str], report_engines: dict[str, Engine]
) -> None:
    answer = report_engines[name].ask(question, mode="quotes")
    [differ] = answer.disagreements
    assert all(words in " ".join(value.text for value in differ.values) for words in expected)
    dates = [value.published for value in differ.values]
    assert dates == sorted(dates, reverse=True, key=str)


@pytest.mark.parametrize(("name", "question"), [one[:2] for one in questions("same")])
def test_values_of_different_things_are_no_disagreement(
    name: str, question: str, report_engines: dict[str, Engine]
) -> None:
    answer = report_engines[name].ask(question, mode="quotes")
    assert answer.status == "answered"
    assert answer.disagreements == ()


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("The road leading to the stadium of Tyre cost 3 million dollars.", True),
        ("The stadium of Tyre cost 3 million dollars.", False),
        ("The repairs to the stadium cost 3 million dollars.", False),
        ("بلغت كلفة موقف السيارات عند ملعب صور 3 ملايين دولار.", True),
        ("بلغت كلفة ملعب صور قرب البحر 3 ملايين دولار.", False),
    ],
)
def test_what_is_beside_the_thing(text: str, beside: bool) -> None:
    assert beside_it(text, {"stadium", "Tyre", "ملعب", "صور"}.__contains__) is beside


def test_what_is_counted_is_another_one() -> None:
    assert numbered_apart("The second school cost 4 million.", "The third school cost 5 million.")
    assert numbered_apart("كلفة المرحلة الأولى 9 ملايين.", "The second phase cost 14 million.")
    assert not numbered_apart("The second school cost 4 million.", "The school cost 5 million.")


def test_a_loan_is_no_cost() -> None:
    question = "How much will the dam cost?"
    assert of_another_sum(question, "The bank lent 40 million dollars for the dam.")
    assert of_another_sum("كم كلّف السد؟", "قدّم المصرف قرضا بقيمة 40 مليون دولار لبناء السد.") is False  # its value
    assert of_another_sum("كم كلّف السد؟", "منح المصرف 40 مليون دولار لبناء السد.")
    assert not of_another_sum(question, "The dam cost 40 million dollars, paid by a loan.")
    assert not of_another_sum("How much was the loan?", "The bank lent 40 million dollars for the dam.")
    assert not of_another_sum("كم كلّف السد؟", "صرفت جمعية السد 40 مليون دولار.")


def test_a_sum_that_is_asked_for_is_no_other_sum() -> None:
    assert not of_another_sum(
        "How much money did Germany contribute to the fund?", "Germany contributed 5 million euros."
    )
    assert not of_another_sum("How much did the bank lose?", "The bank lost 4 million dollars.")
    assert not of_another_sum("How much did the thieves steal?", "The thieves stole 4 million dollars.")
    assert not of_another_sum("كم تبرعت ألمانيا للصندوق؟", "وتبرعت ألمانيا بمبلغ 5 ملايين يورو.")
    assert not of_another_sum("كم جمع الصندوق؟", "جمعت حملة الصندوق 5 ملايين دولار.")
    assert of_another_sum("كم كلّف السد؟", "جمعت الحملة 5 ملايين دولار للسد.")


def test_friday_and_fine_details_are_no_sums() -> None:
    assert not of_another_sum("كم كلّف السد؟", "أعلن الوزير يوم الجمعة أن السد بخمسة ملايين، أي 5 ملايين دولار.")
    assert not of_another_sum("How much was the dam?", "The fine details were shown: 5 million dollars for the dam.")
    assert of_another_sum("How much was the dam?", "The court fined the builder of the dam 5 million dollars.")
