"""A document that mentions a thing does not tell its colour, its price or its people unless it tells of any."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.question_set import load_question_set
from rag import Engine
from rag.answering.attributes import untold
from rag.settings import Settings

TOWN = (
    "أعادت فرق الصيانة الكهرباء إلى مدينة الرستن بعد انقطاع دام يومين. وقال رئيس البلدية إن سكان المدينة ساعدوا الفرق."
)
PILLS = "The regulator recalled one batch of the pills. The tablets themselves are not faulty, it said."


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("كم عدد سكان الرستن؟", "وصلت القافلة إلى الرستن في 5 أيار.", True),
        ("كم عدد سكان الرستن؟", "يسكن الرستن نحو ستين ألف نسمة.", False),
        ("كم يبلغ عدد السكان؟", "بلغ عدد سكان البلدة 12 ألفا.", False),
        ("What is the population of Otterby?", "The council of Otterby met in 2024.", True),
        ("What is the population of Otterby?", "Otterby, a town of 9,000 people, has a new council.", False),
        ("How many people live in the village?", "The village has 310 inhabitants.", False),
        ("What colour are the pills?", PILLS, True),
        ("What colour are the pills?", "The pills are greyish white.", False),
        ("ما لون القمصان؟", "قال اللاعبون إن القمصان وصلت، ويقولون إنها واسعة.", True),
        ("ما لون القمصان؟", "وصلت القمصان الخضراء.", False),
        ("ما لون القمصان؟", "The shirts are red.", False),
        ("How much does the drug cost?", "The drug is made in Runcorn.", True),
        ("How much does the ticket cost?", "Entry is free.", False),
        ("كم سعر الربطة؟", "حددت اللجنة سعر الربطة بأربعمئة ليرة.", False),
        ("كم سعر الربطة؟", "تضم الربطة سبعة أرغفة.", True),
        ("How tall is the striker?", "The striker scored eleven goals.", True),
        ("How tall is the tower?", "The tower has 40 storeys.", False),
        ("كم عمق البئر؟", "حفرت الشركة البئر خلال تسعة عشر يوما.", True),
        ("كم عمق البئر؟", "بلغ عمق البئر 180 مترا.", False),
        ("How old is the coach?", "Sami Ben Rejeb, 51, signed on Monday.", False),
        ("How old is the coach?", "The coach signed on Monday.", True),
        ("What time does the hall open?", "The hall is near the school.", True),
        ("What time does the hall open?", "تفتح القاعة من التاسعة صباحا.", False),
        ("What time frame does the war cover?", "From 1756 to 1763.", False),
        ("Who coloured the map?", "A student.", False),
    ],
)
def test_an_attribute_must_be_told_of(question: str, text: str, expected: bool) -> None:
    assert untold(question, text) is expected


def test_what_is_mentioned_without_it_is_not_quoted_for_it(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "town.txt").write_text(TOWN, encoding="utf-8")
    (tmp_path / "pills.txt").write_text(PILLS, encoding="utf-8")
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        engine.ingest([tmp_path / "town.txt", tmp_path / "pills.txt"])
        for question in (
            "كم عدد سكان الرستن؟",
            "ما ارتفاع مدينة الرستن؟",
            "What colour are the pills?",
            "How much do the pills cost?",
        ):
            assert engine.ask(question, mode="quotes").status == "not_found", question
        assert engine.ask("How many batches of the pills were recalled?", mode="quotes").status == "answered"


@pytest.mark.parametrize("name", ["development", "held-out"])
def test_the_questions_that_measure_silence_are_half_near_misses(name: str) -> None:
    folder = Path(__file__).parent / "data" / "silence"
    questions = load_question_set(folder / f"{name}.jsonl").questions
    documents = {path.stem for path in (folder / "docs").iterdir()}
    assert [sum(one.answerable for one in questions), len(questions)] == [18, 36]
    assert all(set(one.documents) <= documents and bool(one.documents) is one.answerable for one in questions)
    assert {one.language for one in questions} == {"ar", "en"}
