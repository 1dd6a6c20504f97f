"""Short notes of two to four sentences, asked in both languages: seldom silent on what they say, nor wrong on the rest.

The questions were looked at while rules were written. The floors are what was reached on them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.normalisation import contains
from evals.question_set import load_question_set
from rag import Engine
from rag.bilingual import search_glossary
from rag.settings import Settings

FOLDER = Path(__file__).parent / "data" / "silence" / "notes"


def test_what_short_notes_say_is_mostly_found_in_either_language(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    questions = load_question_set(FOLDER / "development.jsonl").questions
    assert {path.stem for path in (FOLDER / "docs").iterdir()} >= {name for one in questions for name in one.documents}
    found, wrong = {"ar": 0, "en": 0}, 0
    with Engine.open(tmp_path_factory.mktemp("notes") / "home", settings=settings) as engine:
        engine.ingest([FOLDER / "docs"])
        for one in questions:
            answer = engine.ask(one.question, mode="quotes")
            quoted = " ".join(citation.quote for citation in answer.citations)
            found[one.language or ""] += any(contains(quoted, text) for text in one.answers)
            wrong += not one.answerable and answer.status == "answered"
    assert len(questions) == 160
    assert found["ar"] >= 44
    assert found["en"] >= 47
    assert wrong <= 11


@pytest.mark.parametrize(("word", "english"), [("الوزارة", "ministri"), ("الوقود", "fuel"), ("والوكالة", "agenc")])
def test_a_word_that_begins_with_what_may_be_and_is_known_with_its_article(word: str, english: str) -> None:
    ways = search_glossary().ways(word, inflected=True)[-1][1]
    assert frozenset((english,)) in ways


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("من مدير سد الرستن؟", "رامز العلي"), ("Who is the director of the Rastan dam?", "رامز العلي"),
    ],
)  # fmt: skip
def test_a_short_note_is_not_silent(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory, question: str, quoted: str
) -> None:
    with Engine.open(tmp_path_factory.mktemp("note") / "home", settings=settings) as engine:
        engine.ingest([FOLDER / "docs" / name for name in ("n-ar-dam-gate.md", "n-en-factory.md")])
        answer = engine.ask(question, mode="quotes")
    assert quoted in " ".join(citation.quote for citation in answer.citations)
