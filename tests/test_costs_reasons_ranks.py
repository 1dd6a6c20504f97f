"""A cost by two sources, a reason from further on, an office by its rank, and the same words told once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Engine
from rag.answering.constraints.office_ranks import ranked
from rag.answering.question.effects import is_reason_of
from rag.settings import Settings
from rag.types import Answer

TUNNEL = """---
title: "Selwan tunnel opens nine months late"
publisher: Hill Gazette
published: 2023-05-04
---

The Selwan tunnel opened to traffic on 2 May 2023, nine months later than planned. Transport minister Dalia Karam drove
the first bus through it before some 300 guests.

The tunnel is 2,400 metres long and has two lanes in each direction. It was dug by the Austrian company Bergwerk and cost
75 million dollars, according to the ministry. The Mountain Bank lent 40 million dollars of that sum at three percent.

Karam blamed the delay on floods in the northern shaft. The old road over the pass will stay open to lorries.
"""
REPRINT = f"""<html lang="en"><head><title>Selwan tunnel opens nine months late | Road Review</title>
<meta property="article:published_time" content="2023-05-06T08:00:00Z"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Selwan tunnel opens nine months late</h1><p>Reprinted from the Hill Gazette</p>
{"".join(f"<p>{part}</p>" for part in TUNNEL.split("---")[2].strip().split(chr(10) * 2))}</article></body></html>
"""
AUDIT = """---
title: "هيئة الرقابة: كلفة نفق سلوان بلغت 96 مليون دولار"
publisher: جريدة الجبل
published: 2023-09-10
---

قالت هيئة الرقابة في تقرير صدر في 8 أيلول 2023 إن كلفة نفق سلوان بلغت 96 مليون دولار، وإن الوزارة لم تحسب طريق الوصول
ومحطة التهوية.

ورد نائب وزيرة النقل باسل عمران بأن طريق الوصول مشروع مستقل، وأن الوزارة ستنشر حسابها.
"""
MARKET = """---
title: بلدية تل عامر تغلق السوق القديم
publisher: جريدة الجبل
published: 2023-07-02
---

أغلقت بلدية تل عامر السوق القديم أمام الباعة والسيارات ابتداء من صباح السبت 1 تموز 2023. وقالت البلدية إن الباعة سينقلون
إلى ساحة المحطة إلى أن تنتهي الأعمال.

وجاء القرار بعدما تشققت ثلاثة أعمدة تحمل السقف الحجري. ويعود بناء السقف إلى القرن التاسع عشر.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("values")
    texts = {"tunnel.md": TUNNEL, "reprint.html": REPRINT, "audit.md": AUDIT, "market.md": MARKET}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([folder / name for name in texts]).failed
        yield engine


def _differing(answer: Answer) -> set[str]:
    return {value.text for one in answer.disagreements for value in one.values}


@pytest.mark.parametrize(
    "question",
    [
        "What did the Selwan tunnel cost?",
        "How much did the Selwan tunnel cost?",
        "كم كلف نفق سلوان؟",
        "ما كلفة نفق سلوان؟",
    ],
)
def test_two_costs_of_one_thing_are_said_to_differ(question: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    assert _differing(answer) == {"75 million dollars", "96 مليون دولار"}
    assert any("75 million" in one.quote for one in answer.citations)
    assert "million" in answer.citations[0].quote or "مليون" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Why did the Selwan tunnel open late?", "Karam blamed the delay on floods"),
        ("Why was the tunnel's opening delayed?", "Karam blamed the delay on floods"),
        ("لماذا تأخر افتتاح نفق سلوان؟", "Karam blamed the delay on floods"),
        ("لماذا أغلقت البلدية السوق القديم؟", "وجاء القرار بعدما تشققت"),
        ("ما سبب إغلاق السوق القديم في تل عامر؟", "وجاء القرار بعدما تشققت"),
        ("ليش أغلقت بلدية تل عامر السوق القديم؟", "وجاء القرار بعدما تشققت"),
    ],
)
def test_the_reason_is_quoted_though_it_stands_further_on(question: str, reason: str, engine: Engine) -> None:
    quotes = [one.quote for one in engine.ask(question, mode="quotes").citations]
    assert any(quote.startswith(reason) for quote in quotes)
    assert len(quotes) == len(set(quotes))  # a reprint's are not told again


@pytest.mark.parametrize(
    ("question", "named", "other"),
    [
        ("Who is the transport minister?", "Dalia Karam", "عمران"),
        ("من هو نائب وزيرة النقل؟", "باسل عمران", "Karam"),
        ("Who is the deputy transport minister?", "باسل عمران", "Karam"),
    ],
)
def test_a_deputy_is_no_holder_of_the_office(question: str, named: str, other: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    quotes = " ".join(one.quote for one in answer.citations)
    assert named in quotes
    assert other not in quotes
    assert not answer.disagreements


@pytest.mark.parametrize(
    ("question", "value"), [("How many wells in village 4-4?", "31 wells"), ("كم بئرا في القرية 3-4؟", "12 wells")]
)
def test_what_has_a_number_of_two_parts_is_not_taken_for_another(
    question: str, value: str, tmp_path: Path, settings: Settings
) -> None:
    for name, text in {
        "north.txt": "Wells of the north\n\nThe survey of village 3-4 counted 12 wells, of which two are dry.",
        "south.txt": "Wells of the south\n\nThe survey of village 4-4 counted 31 wells, of which none is dry.",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with Engine.open(tmp_path / "home", settings=settings, command="tests") as engine:
        engine.ingest([tmp_path / "north.txt", tmp_path / "south.txt"])
        answer = engine.ask(question, mode="quotes")
    assert not answer.disagreements
    assert any(value in one.quote for one in answer.citations)


@pytest.mark.parametrize(
    ("question", "text", "rank"),
    [
        ("Who is the finance minister?", "Former finance minister Ali Kamal called it a mistake.", "other"),
        ("Who was the finance minister?", "Former finance minister Ali Kamal called it a mistake.", "same"),
        ("Who is the finance minister?", "Acting finance minister Ali Kamal signed it.", "near"),
        ("Who is the mayor of Hama?", "The mayor's deputy, Rami Saad, spoke.", "other"),
        ("Who is the mayor of Hama?", "The mayor of Hama, Rami Saad, spoke to the deputy.", "same"),
        ("من هو وزير الصحة؟", "وقال وزير الصحة اللبناني السابق حمد سالم إن الوضع خطير.", "other"),
        ("من هو وزير الصحة؟", "وقال وزير الصحة بالوكالة حمد سالم إن الوضع خطير.", "near"),
        ("من هو حاكم المصرف المركزي؟", "وقال القائم بأعمال حاكم المصرف المركزي وسيم جابر ذلك.", "near"),
        ("من هو وزير الصحة؟", "وقال وزير الصحة حمد سالم للنائب فادي منصور ذلك.", "same"),
        ("من هو وزير الصحة السابق؟", "وقال وزير الصحة حمد سالم ذلك.", "near"),
        ("Who won the match?", "The deputy minister watched it.", "none"),
    ],
)
def test_in_which_rank_a_sentence_speaks_of_an_office(question: str, text: str, rank: str) -> None:
    assert ranked(question, text) == rank


@pytest.mark.parametrize(
    ("question", "text", "is_reason"),
    [
        ("Why did the bridge open late?", "The delay was caused by a strike at the steelworks.", True),
        ("Why did the bridge open late?", "The minister blamed the contractor for the delay.", True),
        ("Why did the bridge open late?", "The minister blamed the crash on fog.", False),
        ("لماذا تأخر افتتاح الجسر؟", "وعزا الوزير التأخير إلى إضراب في مصنع الحديد.", True),
        ("لماذا تأخر افتتاح الجسر؟", "وحمّل الوزير المقاول مسؤولية التأخير.", True),
        ("لماذا تأخر افتتاح الجسر؟", "وعزا الوزير الحادث إلى الضباب.", False),
        ("لماذا ارتفعت أسعار الخبز؟", "The ministry attributed the rise to the price of wheat.", True),
    ],
)
def test_what_a_sentence_tells_the_reason_of(question: str, text: str, is_reason: bool) -> None:
    assert is_reason_of(text, question) is is_reason
