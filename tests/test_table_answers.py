"""Tables: their rows are stored, found and quoted with the head of their columns, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Engine
from rag.answering.lists.tables import told_rows
from rag.query_terms import QueryTerms
from rag.sentences import Span
from rag.settings import Settings

TARIFFS = """---
title: Household water tariffs
published: 2024-12-05
---

The Water Authority approved new household tariffs on 3 December 2024. They apply from 1 January 2025.

| Block (cubic metres a month) | Old price (dinars) | New price (dinars) |
|---|---|---|
| 0 to 10 | 0.20 | 0.20 |
| 11 to 25 | 0.45 | 0.60 |
| 26 to 40 | 0.80 | 1.15 |
| over 40 | 1.30 | 2.10 |

Families registered with the social fund pay nothing for the first 15 cubic metres.
"""
SCHOOLS = """<html lang="ar"><head><title>مدارس المحافظة</title></head><body><nav><a href="/">الرئيسية</a></nav><article>
<h1>مدارس المحافظة</h1><p>نشرت مديرية التربية في المحافظة جدولا بعدد المدارس التي أُعيد ترميمها خلال العام الماضي،
وقالت إن العمل سيستمر في العام المقبل.</p>
<table><tr><th>المنطقة</th><th>المدارس المرممة</th><th>التكلفة بالليرة</th></tr>
<tr><td>السلمية</td><td>14</td><td>310 ملايين</td></tr><tr><td>مصياف</td><td>9</td><td>225 مليونا</td></tr>
<tr><td>الغاب</td><td>21</td><td>480 مليونا</td></tr></table>
<p>وأضافت المديرية أن عدد التلاميذ في هذه المدارس يزيد على سبعة آلاف تلميذ وتلميذة.</p></article></body></html>
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "tariffs.md").write_text(TARIFFS, encoding="utf-8")
    (folder / "schools.html").write_text(SCHOOLS, encoding="utf-8")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([folder / "tariffs.md", folder / "schools.html"]).failed
        yield engine


HEAD = "| Block (cubic metres a month) | Old price (dinars) | New price (dinars) |"
ARABIC_HEAD = "| المنطقة | المدارس المرممة | التكلفة بالليرة |"


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("What is the new price for 11 to 25 cubic metres?", [HEAD, "| 11 to 25 | 0.45 | 0.60 |"]),
        ("ما السعر الجديد لشريحة 26 إلى 40 مترا مكعبا؟", [HEAD, "| 26 to 40 | 0.80 | 1.15 |"]),
        ("كم عدد المدارس المرممة في مصياف؟", [ARABIC_HEAD, "| مصياف | 9 | 225 مليونا |"]),
    ],
)
def test_a_row_that_the_question_names_is_quoted_below_its_head(
    question: str, quotes: list[str], engine: Engine
) -> None:
    citations = engine.ask(question, mode="quotes").citations
    assert [citation.quote for citation in citations] == quotes
    for citation in citations:
        assert engine.document(citation.document_id).text[citation.start : citation.end] == citation.quote


def test_a_table_is_quoted_whole_where_no_row_of_it_is_named(engine: Engine) -> None:
    quotes = [citation.quote for citation in engine.ask("What are the new household water tariffs?").citations]
    at = quotes.index(HEAD)
    assert quotes[at + 1 : at + 5] == [
        "| 0 to 10 | 0.20 | 0.20 |",
        "| 11 to 25 | 0.45 | 0.60 |",
        "| 26 to 40 | 0.80 | 1.15 |",
        "| over 40 | 1.30 | 2.10 |",
    ]


def test_of_a_long_table_the_row_that_was_found_is_quoted() -> None:
    rows = [(Span(10 * at, 10 * at + 9), f"| {at} | {at} |") for at in range(40)]
    terms = QueryTerms("en", {}, {}, None, {})
    assert told_rows(rows, rows[30][0], "en", terms) == [rows[0][0], rows[30][0]]
    assert told_rows(rows[:9], rows[5][0], "en", terms) == [span for span, _ in rows[:9]]
