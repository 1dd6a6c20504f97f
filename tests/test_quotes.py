"""Answers made of quotes: verbatim, whole, complete lists, and silence where the documents are silent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rag import Engine
from rag.answering.question.subquestions import still_open
from rag.answering.selection.signals import sentences_of
from rag.settings import Settings
from rag.types import MAX_QUOTE_CHARS, Answer

QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "evals" / "question_sets" / "samples.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def assert_verbatim(engine: Engine, answer: Answer) -> None:
    """All that the contract says of a quotes answer."""
    for number, (citation, statement) in enumerate(zip(answer.citations, answer.statements, strict=True), start=1):
        document = engine.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert 0 < len(citation.quote) <= MAX_QUOTE_CHARS
        assert (citation.number, statement.text, statement.citations, statement.support) == (
            number,
            citation.quote,
            (number,),
            "quoted",
        )
        assert citation.document_sha256 == document.sha256
        assert (citation.title, citation.source) == (document.title, document.source)
        assert (citation.publisher, citation.published) == (document.publisher, document.published)
        assert f"{citation.quote} [{number}]" in answer.text
    for passage in (scored.passage for scored in answer.passages):
        assert engine.document(passage.document_id).text[passage.start : passage.end] == passage.text
    if answer.status == "answered":
        assert answer.citations
        assert answer.frame is not None
        assert answer.text.startswith(answer.frame.before)
    else:
        assert answer.statements == answer.citations == ()


@pytest.mark.parametrize("question", QUESTIONS, ids=[question["id"] for question in QUESTIONS])
def test_every_quote_of_the_bundled_questions_is_verbatim(question: dict[str, str], samples_engine: Engine) -> None:
    answer = samples_engine.ask(question["question"], mode="quotes")
    assert (answer.question, answer.language, answer.mode) == (question["question"], question["language"], "quotes")
    assert_verbatim(samples_engine, answer)


def quoted_stems(answer: Answer) -> set[str]:
    return {Path(citation.source).stem for citation in answer.citations}


@pytest.mark.parametrize(
    ("question", "words", "document"),
    [
        ("متى أقرّ الكونغرس قانون الكبتاغون؟", "كانون الأول 2022", None),
        (
            "When did the Assad Regime Anti-Normalization Act pass the House?",
            "14 February 2024",
            "en-anti-normalization-act",
        ),
        ("كم طنا من الأمفيتامين ضُبط في ميناء ساليرنو؟", "14 tonnes", "en-salerno-seizure"),
        ("How many Captagon pills were hidden in pomegranates from Lebanon?", "5.3", "ar-lebanon-produce-ban"),
    ],
)
def test_the_words_that_answer_are_quoted_in_all_four_directions(
    question: str, words: str, document: str | None, samples_engine: Engine
) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    assert answer.status == "answered"
    assert any(words in citation.quote for citation in answer.citations)
    assert document is None or document in quoted_stems(answer)
    assert_verbatim(samples_engine, answer)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What are the four lines of effort of the US strategy?", "en"),
        ("ما هي المحاور الأربعة للاستراتيجية الأمريكية لمكافحة الكبتاغون؟", "ar"),
        ("ما محاور الاستراتيجية الأمريكية؟", "ar"),
    ],
)
def test_a_question_for_a_list_gets_every_item_of_it_whole(
    question: str, language: str, samples_engine: Engine
) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    assert [citation.quote[:3] for citation in answer.citations] == ["1. ", "2. ", "3. ", "4. "]
    assert {citation.document_id for citation in answer.citations} == {answer.citations[0].document_id}
    assert {citation.language for citation in answer.citations} == {language}
    text = samples_engine.document(answer.citations[0].document_id).text
    assert all(text[citation.end : citation.end + 1] in ("\n", "") for citation in answer.citations)
    assert_verbatim(samples_engine, answer)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is captagon?", "Captagon began as a medicine."),
        ("What is the Caesar Act?", "The Caesar Act, long among the sharpest American sanctions tools"),
        ("Who is Hassan Daqqou?", "Hassan Daqqou was arrested in Lebanon in 2021"),
    ],
)
def test_what_something_is_begins_with_a_sentence_about_it(question: str, first: str, samples_engine: Engine) -> None:
    assert samples_engine.ask(question, mode="quotes").citations[0].quote.startswith(first)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("What is captagon?", True),
        ("ما هو الكبتاغون؟", True),
        ("ما معنى الكبتاغون؟", True),
        ("What is the capital of Belgium?", False),
        ("ما هي محاور الاستراتيجية الأمريكية الأربعة ضد شبكات الكبتاغون؟", False),
    ],
)
def test_only_a_question_for_what_something_is_looks_at_openings(
    question: str, asks: bool, samples_engine: Engine
) -> None:
    retrieved = samples_engine.retriever().retrieve(question, 10)
    sentences = sentences_of(retrieved, retrieved.candidates[:4], samples_engine.background(), samples_engine.slices)
    opening = {sentence.signals.defines for sentence in sentences}
    assert (max(opening) > 0) is asks
    assert 0 in opening


@pytest.mark.parametrize(
    ("question", "arabic"),
    [
        ("What is the capital of Mongolia?", False),
        ("ما هو أطول نهر في أمريكا الجنوبية؟", True),
        ("كيف تُطبخ المنسف؟", True),
        ("Who won the 2018 football World Cup?", False),
        ("Quelle est la recette de la ratatouille ?", False),
    ],
)
def test_what_is_not_in_the_documents_is_said_so_in_the_questions_language(
    question: str, arabic: bool, samples_engine: Engine
) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    assert answer.status == "not_found"
    assert bool(re.search("[\u0621-\u064a]", answer.text)) is arabic
    assert answer.passages, "the related passages are shown all the same"
    assert_verbatim(samples_engine, answer)


def test_quotes_in_another_language_are_announced_in_the_questions_own(samples_engine: Engine) -> None:
    arabic = samples_engine.ask("كم طنا من الأمفيتامين ضُبط في ميناء ساليرنو الإيطالي؟", mode="quotes")
    assert {citation.language for citation in arabic.citations} == {"en"}
    assert arabic.frame is not None
    assert "بالإنجليزية" in arabic.frame.before
    english = samples_engine.ask("How many Captagon pills were hidden in pomegranates from Lebanon?", mode="quotes")
    assert "ar" in {citation.language for citation in english.citations}
    assert english.frame is not None
    assert "Arabic" in english.frame.before


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "Who sponsored the Captagon Act and how many Olympic medals did Syria win?",
            "Not in the documents: “how many Olympic medals did Syria win?”",
        ),
        (
            "من قدّم قانون الكبتاغون وكم ميدالية أولمبية أحرزت سوريا؟",
            "ليس في الوثائق جواب عن: «كم ميدالية أولمبية أحرزت سوريا؟»",
        ),
    ],
)
def test_a_part_without_an_answer_is_named(question: str, line: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    assert answer.status == "answered"
    assert answer.frame is not None
    assert line in answer.frame.after.split("\n")
    assert line in answer.text
    assert not any("medal" in citation.quote or "ميدالية" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Who sponsored the Captagon Act and when was it signed?",
        "متى وُقّع قانون الكبتاغون ومن قدّمه؟",
        "When was the Caesar Act signed and by whom?",
    ],
)
def test_an_answered_or_elliptic_part_is_not_called_open(question: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    assert "Not in the documents" not in answer.text
    assert "ليس في الوثائق" not in answer.text


def test_a_model_that_speaks_to_a_part_closes_it() -> None:
    parts = ["how many Olympic medals did Syria win?", "كم ميدالية أولمبية أحرزت سوريا؟"]
    assert still_open(parts, ["Syria won four Olympic medals."]) == parts[1:]
    assert still_open(parts, ["أحرزت سوريا أربع ميداليات أولمبية."]) == parts[:1]
    assert still_open(parts, []) == parts


def test_a_reader_gets_a_quote_in_the_own_language_where_one_gives_the_same_value(
    samples_engine: Engine,
) -> None:
    found = samples_engine.ask("When did Congress pass the Captagon Act?", mode="quotes").citations
    assert [one.language for one in found[:2]] == ["ar", "en"]  # the English one speaks of the signing
    assert "December 23, 2022" in found[1].quote
    found = samples_engine.ask("When was the UN institution for the missing in Syria created?", mode="quotes").citations
    assert found[0].quote == "The General Assembly created that body on 29 June 2023."
    found = samples_engine.ask("متى أقر الكونغرس قانون الكبتاغون؟", mode="quotes").citations
    assert found[0].language == "ar"


def test_a_note_of_three_sentences_is_not_silent_across_languages_for_its_shortness(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "harbour.txt").write_text(
        "New harbour at Otterby\n\nThe harbour at Otterby opened on Monday after two years of work. The firm of Marta Lind"
        " built it, and it has room for 60 boats. Fishermen had asked for it since the storm.\n",
        encoding="utf-8",
    )
    (tmp_path / "garden.txt").write_text(
        "حديقة جديدة في حي الزيتون\n\nافتتحت البلدية حديقة جديدة في حي الزيتون يوم الخميس. وزرع المتطوعون فيها 300 شجرة،"
        " وتبرع المهندس سليم قباني بالمقاعد. وتغلق الحديقة أبوابها ليلا.\n",
        encoding="utf-8",
    )
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        engine.ingest([tmp_path / "harbour.txt", tmp_path / "garden.txt"])
        for question, words in (
            ("How many trees were planted in the garden?", "300 شجرة"),
            ("كم سنة استغرق العمل في المرفأ؟", "two years"),
        ):
            answer = engine.ask(question, mode="quotes")
            assert answer.status == "answered", question
            assert words in answer.citations[0].quote
        for question in ("What is the population of Otterby?", "كم كلفة المرفأ؟", "Who is the mayor of Damascus?"):
            assert engine.ask(question, mode="quotes").status == "not_found", question
