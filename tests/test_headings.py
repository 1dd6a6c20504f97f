"""Headings and set lists: a heading is never the answer, and a list under "It recommends" is what was recommended."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.engine import Engine

REPORT = """Harbour Safety Review

The commission counted 41 accidents at the harbour in 2023.

What it recommends

1. Light the eastern pier.
2. Train the pilots:
a. in fog;
b. at night.
3. Publish accidents every month.

Reaction in the town

The fishermen's union welcomed the review and asked for money.

The mayor Rula Haddad said that the town could not pay for lights.
"""
ARABIC = """مراجعة سلامة المرفأ

أحصت اللجنة ٤١ حادثا في المرفأ عام ٢٠٢٣.

توصيات المراجعة

1. إنارة الرصيف الشرقي.
2. تدريب المرشدين على القيادة ليلا.
3. نشر الحوادث كل شهر.

ردود الفعل في البلدة

رحبت نقابة الصيادين بالمراجعة وطلبت تمويلا.
"""
ITEMS = [
    "1. Light the eastern pier.",
    "2. Train the pilots:",
    "a. in fog;",
    "b. at night.",
    "3. Publish accidents every month.",
]
ARABIC_ITEMS = ["1. إنارة الرصيف الشرقي.", "2. تدريب المرشدين على القيادة ليلا.", "3. نشر الحوادث كل شهر."]


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return opened(tmp_path_factory.mktemp("headings-en"), REPORT)


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return opened(tmp_path_factory.mktemp("headings-ar"), ARABIC)


def opened(folder: Path, text: str) -> Engine:
    (folder / "report.txt").write_text(text, encoding="utf-8")
    engine = Engine.open(folder / "home")
    engine.ingest([folder / "report.txt"])
    return engine


def quotes(engine: Engine, question: str) -> list[str]:
    return [one.quote for one in engine.ask(question).citations]


@pytest.mark.parametrize(
    "question",
    ["What does the review recommend?", "What did the Harbour Safety Review recommend?"],
)
def test_the_list_under_what_it_recommends(english: Engine, question: str) -> None:
    assert quotes(english, question) == ITEMS


@pytest.mark.parametrize(
    "question", ["ما توصيات المراجعة؟", "ماذا أوصت مراجعة سلامة المرفأ؟", "What does the review recommend?"]
)
def test_the_list_under_its_recommendations(arabic: Engine, question: str) -> None:
    assert quotes(arabic, question) == ARABIC_ITEMS


@pytest.mark.parametrize("question", ["How did the town react?", "What was the reaction in the town?"])
def test_what_stands_under_a_heading_answers_and_the_heading_does_not(english: Engine, question: str) -> None:
    found = quotes(english, question)
    assert "Reaction in the town" not in found
    assert "The fishermen's union welcomed the review and asked for money." in found


def test_another_question_gets_no_list(english: Engine) -> None:
    assert not set(ITEMS) & set(quotes(english, "How many accidents were counted at the harbour?"))
