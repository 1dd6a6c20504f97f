"""Where a question asks why: the reason is quoted with the fact, from whichever sentence beside it tells it."""

from __future__ import annotations

import pytest
from asked_of_reports import questions

from rag import Engine
from rag.answering.context.reason_sentences import leans_on_fact
from rag.answering.question.reason_cues import NOT_AT_ALL, PLAINLY, asks_why, tells_reason

# Short Arabic reports answer an English question with a probability below the threshold.
_SILENT = "Why did the wheat harvest in Hasakah fall?"


@pytest.mark.parametrize(("name", "question", "expected"), [one for one in questions("why") if one[1] != _SILENT])
def test_the_sentence_that_tells_the_reason_is_quoted(
    name: str, question: str, expected: list[str], report_engines: dict[str, Engine]
) -> None:
    answer = report_engines[name].ask(question, mode="quotes")
    quotes = " ".join(citation.quote for citation in answer.citations)
    assert all(words in quotes for words in expected)
    for citation in answer.citations:
        document = report_engines[name].document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(("name", "question", "expected"), questions("why-one", "why-none"))
def test_nothing_is_added_where_the_reason_is_told_or_nowhere(
    name: str, question: str, expected: list[str], report_engines: dict[str, Engine]
) -> None:
    [citation] = report_engines[name].ask(question, mode="quotes").citations
    assert all(words in citation.quote for words in expected)


def test_the_reason_comes_after_the_fact_and_what_followed_after_its_cause(report_engines: dict[str, Engine]) -> None:
    answer = report_engines["dev"].ask("لماذا تراجع محصول القمح في الحسكة؟", mode="quotes")
    assert [c.quote.split()[0] for c in answer.citations] == ["تراجع", "ويعود"]
    answer = report_engines["dev"].ask("Why did the railway suspend trains to Kutaisi?", mode="quotes")
    assert [c.quote.split()[:2] for c in answer.citations] == [["A", "landslide"], ["As", "a"]]


def test_a_reason_is_added_only_where_it_is_asked_for(report_engines: dict[str, Engine]) -> None:
    answer = report_engines["dev"].ask("كم بلغ محصول القمح في الحسكة؟", mode="quotes")
    assert not any("شح الأمطار" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Why was it closed?", True),
        ("What led to the fall of the price?", True),
        ("What was the main reason for the strike?", True),
        ("ما سبب الإضراب؟", True),
        ("ماهو سبب الإضراب؟", True),
        ("وما الذي دفع الحكومة إلى الاستقالة؟", True),
        ("لأي غرض بني السد؟", True),
        ("When was it closed?", False),
        ("كم قضى في السجن بسبب القضية؟", False),
        ("Who explained why it was closed?", False),
        ("ما عاصمة سوريا؟", False),
        ("What goals did Salah score?", False),
        ("لمَ استقال الوزير؟", True),
        ("لم استقال الوزير؟", True),
        ("لم يستقل الوزير؟", False),
        ("وما هو السبب؟", True),
    ],
)
def test_what_asks_why(question: str, asks: bool) -> None:
    assert asks_why(question) is asks


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("The wing closed because damp had damaged it.", True),
        ("It was moved in order to protect it.", True),
        ("Because of this, the airport closed.", False),
        ("As a result, the airport closed.", False),
        ("It fell as a result of the drought.", True),
        ("The airport closed after nine.", False),
        ("تراجع المحصول بسبب الجفاف.", True),
        ("وبسبب ذلك أُغلق المطار.", False),
        ("ولهذا السبب أُغلق المطار.", False),
        ("استقال إثر حادث القطار.", True),
        ("وقد أثر على المحصول كثيرا.", False),
        ("أُقيم السياج من أجل حماية الغابة.", True),
        ("ونظراً لقلة المياه توقف الري.", True),
        ("لأنّ المياه شحت.", True),
        ("وعزا المدير التراجع إلى قلة الأمطار.", True),
        ("عاد المدير إلى مكتبه.", False),
        ("ألغى الحكم الهدف في الدقيقة السبعين.", False),
        ("الهدف من السد هو ري الحقول.", True),
        ("The minister cited figures.", False),
        ("The mayor closed the pool, citing its cost.", True),
        ("He was supposed to arrive at noon.", False),
        ("The goal of the law was to cut prices.", True),
        ("The ministry blamed the fire on a short circuit.", True),
        ("Nobody took the blame.", False),
    ],
)
def test_what_tells_a_reason(text: str, tells: bool) -> None:
    assert (tells_reason(text) == PLAINLY) is tells


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("The fall was due to fruit fly.", True),
        ("This came after cracks were found.", True),
        ("ويعود ذلك إلى شح الأمطار.", True),
        ("والغاية منه منع الماعز من أكل الشتلات.", True),
        ("The museum closed because of damp.", False),
        ("الهدف من اللعبة هو إحراز الأهداف.", False),
    ],
)
def test_what_needs_the_fact_beside_it(text: str, leans: bool) -> None:
    assert leans_on_fact(text) is leans


@pytest.mark.parametrize(
    "text",
    [
        "The reason is not known.",
        "He said the reasons were unclear",
        "The ministry did not give the reason.",
        "ولم تذكر الوزارة السبب.",
        "لا يزال السبب مجهولا",
        "السبب غير معروف.",
    ],
)
def test_a_reason_that_nobody_knows_is_none(text: str) -> None:
    assert tells_reason(text) == NOT_AT_ALL
