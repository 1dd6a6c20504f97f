"""Which case a sentence is of: who was arrested over the watermelons was not arrested over the flour."""

from __future__ import annotations

import pytest

from rag import Engine
from rag.answering.cases import Case, case_of
from rag.types import Answer

FLOUR = "أعلنت السعودية ضبط 46 مليون قرص كانت مخبأة في شحنة طحين."
MELONS = "أعلنت الوزارة ضبط 765 ألف قرص داخل شحنة بطيخ في العاصمة."


@pytest.mark.parametrize(
    ("question", "text", "before", "case"),
    [
        (
            "How many people were arrested over the flour shipment?",
            "وأُوقف في القضية خمسة أشخاص.",
            (MELONS,),
            "elsewhere",
        ),
        ("How many people were arrested over the flour shipment?", "وأوقفت القوة ثمانية مقيمين.", (FLOUR,), "here"),
        ("كم شخصا أوقف في قضية البطيخ؟", "وأُوقف في القضية خمسة أشخاص.", (MELONS, FLOUR), "here"),
        ("كم شخصا أوقف في قضية البطيخ؟", "وأوقفت القوة ثمانية مقيمين.", ("وتتبّعت القوات الشحنة.", FLOUR), "elsewhere"),
        ("How many died in the bus crash?", "Nine people died.", ("A train crash closed the line.",), "elsewhere"),
        ("How many died in the bus crash?", "Nine people died.", ("A bus overturned near Homs.",), "here"),
        # No other case is named: an adjective tells none, and silence is no other.
        (
            "How many died in the bus crash?",
            "Nine people died.",
            ("It was the deadliest crash of the year.",),
            "unknown",
        ),
        ("كم شخصا مات في حادث الحافلة؟", "ومات تسعة.", ("وكان حادث مروع قد قطع الطريق.",), "unknown"),
        ("كم وزن شحنة الطحين؟", "بلغ وزنها طنين.", ("ووصلت شحنة كبيرة إلى الميناء.",), "unknown"),
        ("How many people were arrested?", "Nine were arrested.", (MELONS,), "unknown"),
        ("", "", (), "unknown"),
    ],
)
def test_a_case_is_told_from_others_of_its_kind(question: str, text: str, before: tuple[str, ...], case: Case) -> None:
    assert case_of(question, text, before) == case


@pytest.mark.parametrize("first", ["كم قرصا كان في شحنة الطحين؟", "متى ضُبطت شحنة الطحين في السعودية؟"])
def test_a_follow_up_stays_with_the_case(samples_engine: Engine, first: str) -> None:
    history: list[tuple[str, Answer]] = [(first, samples_engine.ask(first, mode="quotes"))]
    found = samples_engine.ask("وكم شخصا أوقف؟", history=history, mode="quotes")
    assert "ثمانية مقيمين" in found.citations[0].quote
    assert not any("خمسة أشخاص" in one.quote for one in found.citations)


@pytest.mark.parametrize(
    "question", ["How many people were arrested over the flour shipment?", "كم شخصا أوقف في قضية شحنة الطحين؟"]
)
def test_the_arrests_of_another_case_are_no_answer(samples_engine: Engine, question: str) -> None:
    found = samples_engine.ask(question, mode="quotes")
    assert not any("خمسة أشخاص" in one.quote for one in found.citations)
