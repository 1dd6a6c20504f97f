"""A question that names a year: a number for another year is no answer, and silence about years is not another year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from rag import Engine
from rag.answering.constraints.temporal import never, of_another_time, times_of
from rag.answering.question.answer_type import asked_of
from rag.settings import Settings

NURSES = "How many nurses were hired in 2022?"
OLIVES = "كم بلغ إنتاج الزيتون عام 2019؟"


def mistimed(question: str, text: str, published: date | None = None, above: str = "", *beside: str) -> bool:
    asked = asked_of(question)
    assert asked is not None
    times = times_of(question, asked)
    return bool(times) and of_another_time(text, published, times, asked, above, beside)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (NURSES, "The clinic will hire 40 nurses in 2024."),
        (NURSES, "Before 2015 the clinic hired 40 nurses a year."),
        (NURSES, "في عام 2018 وظفت العيادة 40 ممرضة."),
        (OLIVES, "بلغ إنتاج الزيتون 300 ألف طن قبل عام 2010."),
        (OLIVES, "بلغ إنتاج الزيتون 300 ألف طن في آذار 2021."),
        (OLIVES, "Olive growers brought in 300,000 tonnes in the 1990s."),
        ("من رأس البلدية عام 2019؟", "رأس سامي حداد البلدية عام 2004."),
    ],
)
def test_a_number_for_another_time_alone_is_no_answer(question: str, text: str) -> None:
    assert mistimed(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (NURSES, "The clinic hired 40 nurses."),  # no date
        (NURSES, "In 2022 the clinic hired 40 nurses, and 20 in 2021."),
        (NURSES, "Between 2020 and 2023 the clinic hired 40 nurses."),
        (NURSES, "The clinic has hired 40 nurses a year since 2017."),
        (OLIVES, "بلغ إنتاج الزيتون 300 ألف طن منذ مطلع عام 2017."),
        (NURSES, "The clinic has hired 40 nurses since the beginning of 2017."),
        (NURSES, "The clinic hired 40 nurses, up from 30 in 2021."),
        (NURSES, "The 2022 campaign brought 40 nurses, that of 2021 only 30."),
        (NURSES, "The board met on 3 May 2021."),  # gives no number of anything
        (OLIVES, "بلغ إنتاج الزيتون 300 ألف طن مقارنة بعام 2018."),
        (OLIVES, "بلغ إنتاج الزيتون 300 ألف طن بين عامي 2017 و2020."),
        ("When did the clinic of 2022 hire nurses?", "The clinic hired 40 nurses in 2024."),  # asks for the date itself
        ("متى وظفت العيادة 40 ممرضة؟", "وظفت العيادة 40 ممرضة عام 2018."),
    ],
)
def test_what_may_be_of_that_time_is_left_alone(question: str, text: str) -> None:
    assert not mistimed(question, text)


def test_the_year_may_stand_beside_the_sentence_or_be_that_of_the_document() -> None:
    text = "The clinic hired 40 nurses, after 30 in the lean months of 2020."
    assert mistimed(NURSES, "The clinic hired 40 nurses in 2020.", date(2022, 12, 1))
    assert not mistimed(NURSES, text, date(2022, 12, 1))  # two numbers, one date
    assert not mistimed(NURSES, text, None, "Annual report 2022")
    assert not mistimed(OLIVES, "وكان 300 ألف طن عام 2012.", None, "حصاد عام 2019")
    later = "It hired 40 nurses, the most after those of 2020."
    assert not mistimed(NURSES, later, None, "", "The board met in May 2022.")
    assert mistimed(NURSES, "In 2020 it hired 40 nurses.", None, "", "In 2022 it hired 15 nurses.")


def test_a_document_that_never_comes_to_a_year_does_not_answer_for_it() -> None:
    times = times_of(NURSES, asked_of(NURSES))
    assert never("Opened on 4 March 2012. The clinic hires nurses.", None, times)
    assert not never("The clinic hires nurses.", None, times)
    assert not never("Opened on 4 March 2012.", date(2022, 8, 1), times)
    assert not never("Opened on 4 March 2012.", date(2023, 2, 1), times)  # news of the year before
    assert not never("افتتحت العيادة عام 2012، ثم توسعت عام 2022.", None, times)


DOCUMENTS = {
    "clinic.md": (
        "The clinic of Tell Nasrin", "en", "2023-04-02",
        "The clinic of Tell Nasrin treats nine villages. In 2021 the clinic hired 12 midwives. In 2019 it hired 31 midwives.",
    ),
    "kiln.md": (
        "معمل الآجر في وادي الحور", "ar", "2016-09-10",
        "يقع معمل الآجر قرب النهر. وكان إنتاج المعمل من الآجر قد بلغ 7 ملايين قطعة سنويا قبل عام 2009.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("timed")
    for name, (title, language, published, text) in DOCUMENTS.items():
        head = f"---\ntitle: {title}\nlanguage: {language}\npublished: {published}\n---\n\n"
        (folder / name).write_text(head + text + "\n", encoding="utf-8")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([folder / name for name in DOCUMENTS]).failed
        yield engine


@pytest.mark.parametrize(("year", "number"), [(2021, "12 midwives"), (2019, "31 midwives")])
def test_the_sentence_of_the_year_that_is_asked_for_is_quoted_alone(year: int, number: str, engine: Engine) -> None:
    answer = engine.ask(f"How many midwives did the clinic of Tell Nasrin hire in {year}?", mode="quotes")
    assert answer.status == "answered"
    assert number in answer.citations[0].quote
    other = "31 midwives" if number == "12 midwives" else "12 midwives"
    assert not any(other in citation.quote for citation in answer.citations)


def test_a_year_of_which_nothing_is_said_is_not_answered_with_another(engine: Engine) -> None:
    silent = engine.ask("How many midwives did the clinic of Tell Nasrin hire in 2011?", mode="quotes")
    assert silent.status == "not_found"
    assert engine.ask("كم بلغ إنتاج معمل الآجر في وادي الحور عام 2015؟", mode="quotes").status == "not_found"
    before = engine.ask("كم بلغ إنتاج معمل الآجر في وادي الحور قبل عام 2009؟", mode="quotes")
    assert before.status == "answered"
    assert "7 ملايين" in before.citations[0].quote
