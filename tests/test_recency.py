"""Of several versions of a document the newest speaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_disagreement import written

from rag import Engine
from rag.settings import Settings

TEXT = (
    "The ministry said on Sunday that the fire at the depot of Qasr Hatem killed {} workers. The depot belongs to the "
    "transport company of the province, and holds spare parts and tyres. The cause of the fire is not known, and an "
    "inquiry has begun."
)
ARABIC = (
    "قالت الوزارة يوم الأحد إن حريق مستودع تل رمان أودى بحياة {} عمال. ويتبع المستودع شركة النقل في المحافظة، وفيه قطع "
    "غيار وإطارات. ولم يُعرف سبب الحريق بعد، وبدأ التحقيق فيه."
)
WEEKLY = "In the {} week of January the customs of Bab Nour seized {} kilograms of hashish hidden in lorries."
DOCUMENTS = {
    "old.md": ("Fire at Qasr Hatem", "City Wire", "en", "2024-03-03", TEXT.format("twelve")),
    "new.md": ("Fire at Qasr Hatem (updated)", "City Wire", "en", "2024-03-05", TEXT.format("seventeen")),
    "old-ar.md": ("حريق تل رمان", "وكالة المدينة", "ar", "2024-03-03", ARABIC.format("ثلاثة")),
    "new-ar.md": ("حريق تل رمان", "وكالة المدينة", "ar", "2024-03-09", ARABIC.format("تسعة")),
    "weekly-1.md": ("Seizures, week 1", "Border Post", "en", "2024-01-07", WEEKLY.format("first", "40")),
    "weekly-2.md": ("Seizures, week 2", "Border Post", "en", "2024-01-14", WEEKLY.format("second", "90")),
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("recency")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([written(folder / "documents", DOCUMENTS)]).failed
        yield engine


@pytest.mark.parametrize(
    ("question", "newer", "older", "words"),
    [
        ("How many workers did the fire at the depot of Qasr Hatem kill?", "new", "old", "seventeen"),
        ("كم عاملا أودى بحياتهم حريق مستودع تل رمان؟", "new-ar", "old-ar", "تسعة"),
    ],
)
def test_the_newer_version_is_quoted_and_names_the_older(
    question: str, newer: str, older: str, words: str, engine: Engine
) -> None:
    answer = engine.ask(question, mode="quotes")
    ids = {Path(document.source).stem: document.document_id for document in engine.documents()}
    assert words in answer.citations[0].quote
    assert {citation.document_id for citation in answer.citations}.isdisjoint({ids[older]})
    passage = next(p for p in answer.passages if p.passage.document_id == ids[newer])
    assert ids[older] in passage.also_in
    assert answer.disagreements == ()


def test_issues_of_a_series_are_no_versions_of_each_other(engine: Engine) -> None:
    found = engine.search("customs of Bab Nour hashish in lorries")
    assert {Path(p.passage.source).stem for p in found if "Bab Nour" in p.passage.text} == {"weekly-1", "weekly-2"}
