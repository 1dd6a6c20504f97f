"""The same fact in the other language, added to quotes as one more: never a sentence that is only like it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_disagreement import written

from rag import Engine
from rag.settings import Settings
from rag.types import Answer
from ui.render import answer_html

DOCUMENTS = {
    "vote-en.md": (
        "The vote", "City Wire", "en", "2023-06-30",
        "The General Assembly created the body on missing persons in Syria with 83 votes, 11 against and 62 abstentions.",
    ),
    "vote-ar.md": (
        "التصويت", "وكالة المدينة", "ar", "2023-07-01",
        "أنشأت الجمعية العامة المؤسسة المعنية بالمفقودين في سوريا بأغلبية 83 صوتا مقابل 11 صوتا وامتناع 62 دولة.",
    ),
    "dam-en.md": (
        "The dam", "City Wire", "en", None,
        "The government closed the old dam of Wadi Marj in March 2011 after engineers found cracks in its wall.",
    ),
    "dam-ar.md": (
        "السد", "وكالة المدينة", "ar", None,
        "أغلقت الحكومة سد وادي مرج القديم في آذار 2014 بعدما وجد المهندسون شقوقا في جداره.",
    ),
    "lake-en.md": (
        "The lake", "City Wire", "en", None,
        "The fishermen of Lake Safra did not return to the northern shore after the flood of last winter.",
    ),
    "lake-ar.md": (
        "البحيرة", "وكالة المدينة", "ar", None,
        "عاد صيادو بحيرة صفرا إلى الشاطئ الشمالي بعد فيضان الشتاء الماضي.",
    ),
    "mill-en.md": (
        "The mill", "City Wire", "en", None,
        "The flour mill of Beit Jarra was built by the brothers Haddad with stone from the quarry of Ramla.",
    ),
    "mill-ar.md": (
        "المطحنة", "وكالة المدينة", "ar", None,
        "تستهلك مطحنة بيت جرا من القمح كل يوم ما يأتي به مزارعو السهل، وفيها عشرون عاملا.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("corroboration")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([written(folder / "documents", DOCUMENTS)]).failed
        yield engine


def corroborating(answer: Answer) -> list[str]:
    numbers = {number for s in answer.statements if s.corroborates is not None for number in s.citations}
    return [citation.title for citation in answer.citations if citation.number in numbers]


@pytest.mark.parametrize(
    ("question", "other", "line", "label"),
    [
        (
            "How many votes did the body on missing persons in Syria get in the General Assembly?",
            "التصويت",
            "says the same in Arabic.",
            "The same in",
        ),
        (
            "كم صوتا نالت المؤسسة المعنية بالمفقودين في سوريا في الجمعية العامة؟",
            "The vote",
            "يقول الأمر نفسه بالإنجليزية.",
            "الأمر نفسه باللغة",
        ),
    ],
)
def test_the_same_fact_in_the_other_language_is_quoted_once_more(
    question: str, other: str, line: str, label: str, engine: Engine
) -> None:
    answer = engine.ask(question, mode="quotes")
    assert corroborating(answer) == [other]
    (statement,) = [s for s in answer.statements if s.corroborates is not None]
    assert (statement.support, statement.corroborates) == ("quoted", 1)
    assert [s.text for s in answer.statements] == [c.quote for c in answer.citations]
    for citation in answer.citations:
        document = engine.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
    assert answer.frame is not None
    assert line in answer.frame.after
    assert answer.text.endswith(answer.frame.after)
    page = str(answer_html(answer, 1)).partition("tw-copytext")[0]
    assert label in page
    assert line not in page
    assert engine.verify(answer).valid
    data = answer.to_json()
    assert [s.get("corroborates") for s in data["statements"]].count(1) == 1
    assert Answer.from_json(data).statements == answer.statements


@pytest.mark.parametrize(
    "question",
    [
        "Why did the government close the old dam of Wadi Marj?",  # another year
        "لماذا أغلقت الحكومة سد وادي مرج القديم؟",
        "Where did the fishermen of Lake Safra not return to?",  # the opposite
        "إلى أين عاد صيادو بحيرة صفرا؟",
        "Who built the flour mill of Beit Jarra?",  # only the same topic
        "ماذا تستهلك مطحنة بيت جرا كل يوم؟",
    ],
)
def test_what_is_only_like_it_is_no_corroboration(question: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    assert answer.status == "answered"
    assert corroborating(answer) == []


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "How many votes did the body on missing persons in Syria get in the General Assembly?",
            "Newest source: 1 July 2023",
        ),
        ("Who built the flour mill of Beit Jarra?", "undated."),
        ("من بنى مطحنة بيت جرا؟", "بلا تاريخ."),
    ],
)
def test_an_answer_says_how_new_its_newest_source_is(question: str, line: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    assert answer.frame is not None
    assert answer.frame.after.endswith(line)
