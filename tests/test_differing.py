"""Sources that give other values, in other words: told, newest first; of other things, times and places: never."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from asked_of_reports import questions_of, written

from rag import Engine
from rag.answering.comparison.different_things import before_parts
from rag.answering.comparison.event_words import senses_in
from rag.answering.comparison.given_values import given_in
from rag.answering.phrases import sources_differ
from rag.answering.question.answer_type import asked_of
from rag.settings import Settings
from rag.types import Answer, Disagreement
from ui.render import answer_html, answer_text

DEV = "differing-dev"
_NOT_YET = {
    "Who founded the newspaper Sada al-Sham?",  # its founder's name, عبسي سميسم, is known as one by no list
    "من أسس صحيفة صدى الشام؟",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("differing")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([written(DEV, folder / "documents")]).failed
        yield engine


def test_different_values_are_told_and_others_are_not(engine: Engine) -> None:
    """All questions at once: which of them are wrong is what one wants to see."""
    wrong = []
    for kind, question, expected in questions_of(DEV):
        found = engine.ask(question, mode="quotes").disagreements
        values = " | ".join(value.text for one in found for value in one.values)
        told = bool(found) and all(words in values for words in expected)
        if question not in _NOT_YET and (bool(found) if kind == "same" else not told):
            wrong.append((kind, question, values))
        for one in found:
            dates = [str(value.published) for value in one.values]
            assert dates == sorted(dates, reverse=True)
    assert not wrong


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("كم شخصا قُتل في غرق القارب قبالة أرواد؟", "المصادر لا تتفق، والأحدث منها يذكر عددا أكبر"),
        ("How many people were killed when the boat sank off Arwad?", "The sources differ; the newer ones give a higher number"),
    ],
)  # fmt: skip
def test_a_toll_that_rose_is_said_to_be_higher_in_the_newer_source(question: str, heading: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    [differ] = answer.disagreements
    assert differ.rising
    assert [value.text.split()[0] for value in differ.values] == ["94", "34"]
    assert f"{heading}:" in answer_text(answer)
    page = str(answer_html(answer, 1)).split("tw-copytext", maxsplit=1)[0]
    assert page.count(f">{heading}<") == 1
    assert Answer.from_json(answer.to_json()).disagreements == (differ,)
    assert engine.verify(answer).valid


def test_other_differences_do_not_rise(engine: Engine) -> None:
    answer = engine.ask("متى وقعت مجزرة التريمسة؟", mode="quotes")
    [differ] = answer.disagreements
    assert not differ.rising
    assert "rising" not in differ.to_json()
    assert sources_differ("ar", replace(differ, rising=False), answer.citations)[0] == "المصادر لا تتفق:"
    assert Disagreement.from_json(differ.to_json()) == differ


@pytest.mark.parametrize(
    ("question", "text", "values"),
    [
        ("How many people were killed?", "The shelling left 63 dead.", ["63"]),
        ("كم شخصا قُتل؟", "ارتفع عدد القتلى إلى 94، بعد انتشال جثث أخرى.", ["94"]),
        ("كم مدنيا قُتل في الحرب؟", "بلغ عدد المدنيين الذين قُتلوا مئة وثلاثين ألفا خلال عشر سنوات.", ["مئة وثلاثين ألفا"]),
        ("How many people are missing?", "والتقت بعدد من روابط أسر المفقودين في 23 من الشهر نفسه.", []),
        ("كم شخصا قُتل؟", "أصيب 40 جنديا.", []),
        ("من قاد الفوج؟", "وقاد الفوج العقيد محسن مخلوف، بحسب ثلاثة منهم.", ["محسن مخلوف"]),
        ("Who commanded the brigade?", "The brigade held the hills of Zabadin.", []),
        ("Who commanded the brigade?", "According to Rami Ghanem, the brigade was dissolved.", []),
    ],
)  # fmt: skip
def test_values_are_read_in_other_words(question: str, text: str, values: list[str]) -> None:
    asked = asked_of(question)
    assert asked is not None
    language = "en" if text.isascii() else "ar"
    assert [text[one.start : one.end] for one in given_in(text, language, None, asked)] == values


def test_words_of_one_sense_meet_across_languages() -> None:
    assert senses_in("The dam was blown up.") & senses_in("وتم تفجير السد.")
    assert senses_in("He led the brigade.") & senses_in("بقيادة العقيد")
    assert not senses_in("فقد قال إن المال وفر") & senses_in("missing and displaced")


def test_parts_come_after_the_whole() -> None:
    assert before_parts("أنتجت حماة 45 ألف طن، منها محصول مورك.") == "أنتجت حماة 45 ألف طن، "
    assert before_parts("It killed 13 people, among them four children.") == "It killed 13 people, "
    assert before_parts("It killed 13 people.") == "It killed 13 people."


def test_the_set_that_nobody_looks_at_is_mostly_right(tmp_path: Path, settings: Settings) -> None:
    """Floors, by counts alone: what is told of what differs, and nothing of what only seems to."""
    with Engine.open(tmp_path / "home", settings=settings, command="tests") as engine:
        engine.ingest([written("differing-held-out", tmp_path / "documents")])
        counts = {"differ": 0, "updated": 0, "same": 0}
        for kind, question, expected in questions_of("differing-held-out"):
            found = engine.ask(question, mode="quotes").disagreements
            values = " | ".join(value.text for one in found for value in one.values)
            counts[kind] += bool(found) if kind == "same" else bool(found) and all(one in values for one in expected)
    assert counts["same"] == 0
    assert counts["differ"] >= 10
