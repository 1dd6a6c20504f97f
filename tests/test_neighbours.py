"""What a quote needs beside it: the sentence that a fragment leans on, and who is said to have done it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Engine
from rag.answering.context.neighbours import is_fragment
from rag.settings import Settings


@pytest.mark.parametrize("question", ["Who killed Marai al-Ramthan?", "من قتل مرعي الرمثان؟"])
def test_who_did_it_comes_with_who_says_so_and_the_reply(question: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    quotes = [citation.quote for citation in answer.citations]
    at = next(number for number, quote in enumerate(quotes) if "قُتل مرعي الرمثان" in quote)
    assert quotes[at + 1] == "ونسب المرصد السوري لحقوق الإنسان الغارة إلى سلاح الجو الأردني."
    assert "فلم يؤكد ذلك ولم ينفه" in quotes[at + 2]
    for citation in answer.citations:
        document = samples_engine.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote


def test_when_somebody_was_killed_needs_no_attribution(samples_engine: Engine) -> None:
    answer = samples_engine.ask("متى قُتل مرعي الرمثان؟", mode="quotes")
    assert answer.status == "answered"
    assert not any(citation.quote.startswith("ونسب المرصد") for citation in answer.citations)


@pytest.mark.parametrize(
    "question", ["What was tucked inside H.R. 815?", "What did its supporters call the second captagon law?"]
)
def test_a_fragment_comes_after_the_sentence_that_it_leans_on(question: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    quotes = [citation.quote for citation in answer.citations]
    at = next(number for number, quote in enumerate(quotes) if quote.startswith("Tucked inside it"))
    assert quotes[at - 1].startswith("A second American law on captagon took effect")
    assert len(set(quotes)) == len(quotes)


def test_what_is_a_fragment() -> None:
    assert is_fragment("Tucked inside it, the bill passed.")
    assert is_fragment("Hidden among them were pills.")
    assert not is_fragment("Hidden among the tomatoes were pills.")
    assert not is_fragment("It passed in 2022.")
    assert not is_fragment("وفيه حبوب.")


@pytest.mark.parametrize(
    "text",
    [
        "Of this sum, a third was spent.",
        "Of those, nine were children.",
        "Most of them came by sea.",
        "The latter denied it.",
        "Both were released.",
        "ومن هذا المبلغ صُرف الثلث.",
        "ومن بين هؤلاء تسعة أطفال.",
        "ومنهم تسعة أطفال.",
        "معظمهم جاء بحرا.",
        "أما الأخير فنفى ذلك.",
        "The centre said this sum was five times the country's exports.",
        "وقال المركز إن هذا المبلغ يعادل خمسة أضعاف الصادرات المشروعة لسوريا.",
    ],
)
def test_a_part_of_what_was_said_before_is_a_fragment(text: str) -> None:
    assert is_fragment(text)


@pytest.mark.parametrize(
    "text",
    [
        "Of those who voted, nine were women.",
        "Of the sum, a third was spent.",
        "The latter half of the year was dry.",
        "The former mayor denied it.",
        "One of them, Karim Saab, denied it.",
        "Both sides were tired.",
        "ومن هذا المنطلق صُرف الثلث.",
        "من بين الذين صوّتوا تسع نساء.",
        "ومن بيروت جاء تسعة.",
        "It was worth 48 million euros, and that sum is a record.",
        "This number of people had never been seen.",
        "بلغت القيمة 48 مليون يورو، وهذا المبلغ قياسي.",
    ],
)
def test_what_names_its_whole_itself_is_none(text: str) -> None:
    assert not is_fragment(text)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("context")
    (folder / "school.txt").write_text(
        "The school of Deir Amun\n\nThe school of Deir Amun received a gift of 70,000 euros. Of this sum, the headmaster"
        " spent 22,000 euros on the roof.\n\nLessons begin in autumn.\n",
        encoding="utf-8",
    )
    (folder / "boat.txt").write_text(
        "زورق قبالة شاطئ العبدة\n\nأنقذ خفر السواحل 85 مهاجرا من زورق قبالة شاطئ العبدة.\n\n"
        "ومن بين هؤلاء 19 طفلا نُقلوا إلى مستشفى الخير.\n\nوهبّت الريح مساء.\n",
        encoding="utf-8",
    )
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([folder / "school.txt", folder / "boat.txt"]).failed
        yield engine


@pytest.mark.parametrize(
    ("question", "whole", "part"),
    [
        ("How much did the headmaster spend on the roof?", "The school of Deir Amun received", "Of this sum"),
        ("كم طفلا نُقلوا إلى مستشفى الخير؟", "أنقذ خفر السواحل 85", "ومن بين هؤلاء"),  # in paragraphs of their own
    ],
)
def test_the_whole_is_quoted_before_the_part(question: str, whole: str, part: str, engine: Engine) -> None:
    quotes = [citation.quote for citation in engine.ask(question, mode="quotes").citations]
    at = next(number for number, quote in enumerate(quotes) if quote.startswith(part))
    assert quotes[at - 1].startswith(whole)
    assert len(set(quotes)) == len(quotes)
