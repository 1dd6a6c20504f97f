"""A quote that begins with "he" or "its" comes with the sentence that says who, where the reader cannot know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Engine
from rag.answering.context.unnamed_subjects import speaks_of, unclear
from rag.settings import Settings


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("He then resigned.", "person"),
        ("But her successor stayed.", "person"),
        ("Its government abolished the tax.", "other"),
        ("It also lowered the price of bread.", "other"),
        ("It was Karim Haddad who resigned.", ""),
        ("It is said that he resigned.", ""),
        ("It took three years to build the dam.", ""),
        ("The minister said that he would resign.", ""),
        ("وقد رفضته حكومة موران.", "other"),
        ("فبعده بأسبوع خُفضت الأسعار.", "other"),
        ("وحكومتها هي الثالثة في عامين.", "other"),
        ("وفي بيانه، قال الوزير إن الأسعار خُفضت.", ""),
        ("اتجه الوزير إلى دمشق.", ""),
        ("رفضت حكومة موران القرار.", ""),
    ],
)
def test_whom_a_sentence_speaks_of_without_naming_them(text: str, whom: str) -> None:
    assert speaks_of(text) == whom


def test_the_reader_knows_where_the_question_names_the_only_one() -> None:
    told, text = "Syria has had a new cabinet since April.", "Its government abolished the salt tax."
    assert not unclear("What did the government of Syria abolish?", "", text, told, "en")
    assert not unclear("ماذا ألغت حكومة سوريا؟", "", text, told, "en")
    assert not unclear("Which tax was abolished?", "Syria without taxes", text, told, "en")
    assert unclear("Which tax was abolished?", "", text, told, "en")
    assert unclear("What did the government of Syria abolish?", "", text, "Syria and Iraq have new cabinets.", "en")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("unnamed")
    (folder / "cabinet.txt").write_text(
        "A quarrel over the army\n\nThe cuts were announced by Lukas Brandt, the finance minister. He then resigned over a"
        " quarrel about the budget of the army.\n\nThe country has four million inhabitants.\n",
        encoding="utf-8",
    )
    (folder / "wheat.txt").write_text(
        "خلاف على القمح\n\nعُيّن كريم الدالي وزيرا للزراعة يوم الاثنين. وقد أقاله رئيس الحكومة بعد خلاف على أسعار القمح.\n\n"
        "وهطل المطر في الجنوب.\n",
        encoding="utf-8",
    )
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([folder / "cabinet.txt", folder / "wheat.txt"]).failed
        yield engine


@pytest.mark.parametrize(
    ("question", "named", "unnamed"),
    [
        ("Over what quarrel about the budget of the army did a minister resign?", "The cuts were", "He then resigned"),
        ("من أقاله رئيس الحكومة بعد خلاف على أسعار القمح؟", "عُيّن كريم الدالي", "وقد أقاله"),
    ],
)
def test_who_it_is_comes_first(question: str, named: str, unnamed: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    quotes = [citation.quote for citation in answer.citations]
    at = next(number for number, quote in enumerate(quotes) if quote.startswith(unnamed))
    assert at
    assert quotes[at - 1].startswith(named)
    for citation in answer.citations:
        assert engine.document(citation.document_id).text[citation.start : citation.end] == citation.quote


def test_a_quote_that_differs_comes_with_the_one_that_says_whose_it_is(samples_engine: Engine) -> None:
    answer = samples_engine.ask("How much is the captagon trade worth?", mode="quotes")
    quotes = [statement.text for statement in answer.statements]
    its = next(place for place, quote in enumerate(quotes) if quote.startswith("Its government"))
    assert quotes[its - 1] == "Britain went much higher."
    assert any(value.citations == (its + 1,) for value in answer.disagreements[0].values)
    assert answer.text.startswith("The documents say, in Arabic and English:")
    assert answer.frame is not None
    assert answer.text.startswith(answer.frame.before)
