"""A document that mentions a thing does not tell its colour, its price or its people unless it tells of any."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.question_set import load_question_set
from rag import Engine
from rag.answering.constraints.attributes import untold
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
        ("How heavy was the rain in Derna?", "400 mm of rain fell on Derna.", False),
        ("How heavy was the rain in Derna?", "The rain went on all night.", True),
        ("How heavy were the losses?", "The army lost 300 tanks.", False),
        ("How fast is the economy growing?", "Output is up by 2.6 per cent.", False),
        ("How deep are the cuts?", "The ministry will lose 900 posts.", False),
        ("How wide is the gap between the parties?", "They are 12 points apart.", False),
        ("How deep is the well?", "The well was dug by nine workers.", True),
        ("كم بلغ ارتفاع أسعار الخبز؟", "ازدادت أسعار الخبز عشرين في المئة.", False),
        ("كم ارتفاع البرج؟", "بني البرج من الحجر.", True),
        ("ما سعر الفائدة؟", "رفع المصرف الفائدة إلى 27.25 في المئة.", False),
        ("What was the cost of the war?", "The war claimed 120,000 lives.", False),
        ("كم كلفة الحرب؟", "أودت الحرب بحياة 5000 شخص.", False),
        ("ما سن التقاعد؟", "يتقاعد الموظف في الستين.", False),
        ("How old is Sami?", "Sami is 51.", False),
        ("ما سن التقاعد؟", "يطالب الموظفون بتقاعد أفضل.", True),
        ("كم عدد سكان الرقة؟", "يعيش في الرقة 300 ألف شخص.", False),
        ("كم سعر الربطة؟", "يبلغ سعر الربطة عشرة شواكل.", False),
        ("What is the price of the ticket?", "It is sold for fifty yuan.", False),
    ],
)
def test_an_attribute_must_be_told_of(question: str, text: str, expected: bool) -> None:
    assert untold(question, text, "en") is expected


def test_of_documents_in_other_languages_nothing_is_claimed() -> None:
    assert not untold("What colour is the flag?", "Le drapeau est bleu et blanc.", "fr")
    assert not untold("ما لون العلم؟", "Le drapeau est bleu et blanc.", "fr")


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
