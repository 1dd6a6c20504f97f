"""The law, the deed, the vote and the one of two things that a question names, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Engine
from rag.answering.constraints.qualifiers import of_the_other
from rag.answering.constraints.told_deeds import deeds_in
from rag.answering.question.vote_counts import asks_votes, tallies
from rag.answering.selection.deed_preference import named_text
from rag.settings import Settings

HARBOUR = """---
title: The Harbour Dues Act is gone
published: 2022-06-10
---

President Lena Moss had signed the Harbour Dues Act on 4 May 2016. It taxed every ship that came into port.

Parliament then changed its mind. The Harbour Dues Act was repealed on 2 June 2022, after years of complaints by fishers.
"""
FOREST = """---
title: قرار حماية الغابات
published: 2023-03-05
---

اعتمدت الجمعية في 1 آذار 2023 قرار حماية الغابات. ومرّ النص بأغلبية 71 صوتا مقابل 9، وامتنعت 40 دولة عن التصويت.

ويقول التقرير إن 12 ألف دولة ومدينة وقرية لا تحمي غاباتها، وإن عدد الأشجار المقطوعة بلغ 3 ملايين شجرة.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("deeds")
    (folder / "harbour.md").write_text(HARBOUR, encoding="utf-8")
    (folder / "forest.md").write_text(FOREST, encoding="utf-8")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([folder / "harbour.md", folder / "forest.md"]).failed
        yield engine


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("When was the Harbour Dues Act repealed?", "2 June 2022"),
        ("When was the Harbour Dues Act signed?", "4 May 2016"),
        ("كم دولة أيدت قرار حماية الغابات؟", "71 صوتا مقابل 9"),
        ("How many countries opposed the resolution on the protection of forests?", "71 صوتا مقابل 9"),
    ],
)
def test_the_first_quote_tells_the_deed_that_is_asked_for(question: str, told: str, engine: Engine) -> None:
    assert told in engine.ask(question, mode="quotes").statements[0].text


def test_the_question_is_shown_as_it_was_typed(engine: Engine) -> None:
    answer = engine.ask("ايمتى اعتمدت الجمعيه قرار حماية الغابات", mode="quotes")
    assert answer.question == "ايمتى اعتمدت الجمعيه قرار حماية الغابات"
    assert answer.standalone_question is None
    assert "1 آذار 2023" in answer.statements[0].text


def test_deeds_and_names_of_laws() -> None:
    assert deeds_in("متى ألغي قانون الموانئ؟") == deeds_in("The act was repealed.") == {"repeal"}
    assert deeds_in("She signed its repeal.") == {"sign", "repeal"}
    assert named_text("When was the new Harbour Dues Act signed?") == named_text("Who wrote the harbour dues bill?")
    assert not named_text("Which members of parliament were behind it?")
    assert asks_votes("وكم عارضته؟")
    assert not asks_votes("كم دولة في الاتحاد؟")
    assert tallies("carried by 83 votes to 11")
    assert not tallies("from 10 to 12 people")


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("كم تبلغ ملوحة المياه في القرى الشرقية؟", "بلغت الملوحة في القرى الغربية 900 مليغرام.", True),
        ("How salty is the water of the eastern villages?", "بلغت الملوحة في القرى الغربية 900 مليغرام.", True),
        ("How much did the second phase cost?", "The first phase cost 40 million dinars.", True),
        ("كم بلغت صادرات القمح؟", "بلغت واردات القمح 30 طنا.", True),
        ("How many women were jailed?", "Twelve men were jailed.", True),
        ("How many women were jailed?", "Twelve women and nine men were jailed.", False),
        ("What is the old price?", "Old price 3, new price 4", False),
        ("How salty are the eastern villages?", "The road runs west of the villages by the eastern villages.", False),
        ("كم سكان المدينة القديمة؟", "افتتح السوق الجديد في المدينة.", False),
    ],
)
def test_the_other_one_of_two_is_no_answer(question: str, text: str, other: bool) -> None:
    assert of_the_other(question, text) is other


def test_a_tatweel_alone_is_no_word_and_no_error() -> None:
    assert deeds_in("The law was signed ـ in December.") == deeds_in("The law was signed in December.")
