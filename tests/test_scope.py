"""Where filters leave documents out, what was not found is not called the documents' silence alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from rag import Engine, Filters
from rag.claims.verdicts import Verdict
from rag.settings import Settings
from rag.types import Answer, Notice
from ui import render

ARABIC = Filters(languages=("ar",))
ABSENT = {"ar": "كيف تُحضَّر كعكة الجزر؟", "en": "How do I bake a carrot cake?"}
SAID = {
    "ar": "عدد الوثائق التي شملها البحث 10 من 20 (اللغة: العربية). وسّع عوامل التصفية أو أزلها ليشمل بقية الوثائق.",
    "en": "10 of 20 documents were searched (language: Arabic). Widen or remove the filters to search the rest.",
}
CLAIMS = {
    "ar": "وقّعت الكويت وعُمان معاهدة لترسيم الحدود البحرية.",
    "en": "Kuwait and Oman signed a maritime border treaty.",
}
NOTHING = {
    "ar": "لا توجد وثيقة تطابق عوامل التصفية (الوسم: \u2068x\u2069)",
    "en": "No document matches the filters (tag: \u2068x\u2069)",
}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_answer_that_is_not_there_says_what_was_searched(samples_engine: Engine, language: str) -> None:
    events = list(samples_engine.stream(ABSENT[language], filters=ARABIC))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert answer.status == "not_found"
    assert answer.notices == (Notice("filters_narrow", SAID[language]),)
    assert answer.notices[0] in events
    assert Answer.from_json(answer.to_json()).notices == answer.notices
    assert SAID[language] in render.answer_html(answer, 1)
    assert SAID[language].split(" (")[0] in render.answer_text(answer)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_filters_that_match_nothing_are_named(samples_engine: Engine, language: str) -> None:
    answer = samples_engine.ask(ABSENT[language], filters=Filters(tags=("x",)))
    (notice,) = answer.notices
    assert (notice.code, answer.passages) == ("filters_match_nothing", ())
    assert notice.text.startswith(NOTHING[language])


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        (ABSENT["ar"], None),
        (ABSENT["en"], Filters()),
        (ABSENT["ar"], Filters(languages=("ar", "en"))),  # no document is left out
        ("How many tonnes were seized at the port of Salerno?", Filters(languages=("en",))),  # it is answered
    ],
)
def test_where_nothing_is_missing_for_a_filter_nothing_is_said(
    samples_engine: Engine, question: str, filters: Filters | None
) -> None:
    assert samples_engine.ask(question, filters=filters).notices == ()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_claim_that_is_not_there_says_so_too(samples_engine: Engine, language: str) -> None:
    verdict = samples_engine.check(CLAIMS[language], ARABIC)
    assert (verdict.verdict, verdict.notices) == ("not_found", (Notice("filters_narrow", SAID[language]),))
    assert Verdict.from_json(verdict.to_json()).notices == verdict.notices
    assert samples_engine.check(CLAIMS[language]).notices == ()


def test_the_commands_and_the_api_say_it(
    run: Callable[..., tuple[int, str, str]], served: str, samples_engine: Engine, tmp_path: Path
) -> None:
    home = samples_engine.home
    assert SAID["ar"] in run("ask", ABSENT["ar"], "--language", "ar", "--home", home)[2]
    assert SAID["en"] in run("check", CLAIMS["en"], "--language", "ar", "--home", home)[2]
    for suffix in ("csv", "html", "json"):
        out = tmp_path / f"results.{suffix}"
        assert run("check", CLAIMS["ar"], "--language", "ar", "--home", home, "--out", out)[0] == 0
        assert SAID["ar"] in out.read_text(encoding="utf-8")
    asked = {"question": ABSENT["en"], "filters": {"languages": ["ar"]}}
    assert httpx.post(f"{served}/api/ask", json=asked, timeout=60).json()["notices"][0]["text"] == SAID["en"]
    assert "Widen or remove" in run("search", "captagon", "--tag", "x", "--home", home)[1]
    assert "وسّعها أو أزلها" in run("search", "الكبتاغون", "--tag", "x", "--home", home)[1]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    """Three documents, one of which is another's text under another name."""
    folder = tmp_path_factory.mktemp("articles")
    harbour = "ضبط رجال الجمارك شحنة في ميناء بيروت."
    for name, (published, text) in {
        "a": ("2022-03-01", harbour), "b": ("2024-05-10", harbour), "c": ("2023-05-10", "Prices rose on the market."),
    }.items():  # fmt: skip
        front = f"title: {name}\npublisher: A [1] {name}\npublished: {published}"
        (folder / f"{name}.md").write_text(f"---\n{front}\n---\n{text}\n", encoding="utf-8")
    with Engine.open(tmp_path_factory.mktemp("home"), settings=settings, command="tests") as engine:
        assert engine.ingest([folder]).duplicates == 1
        yield engine


def test_every_filter_is_named_and_a_reprint_is_not_counted_twice(small: Engine) -> None:
    """Names are the asker's own, or a page's: no marker of ours in them, and nothing that turns the line around."""
    one = next(d.document_id for d in small.documents() if d.title == "c")
    filters = Filters(("en",), ("A [1] c", "B \u202e[2]"), date(2023, 1, 1), date(2023, 12, 31), (one,))
    (notice,) = small.ask(ABSENT["en"], filters=filters).notices
    assert notice.text.startswith(
        "1 of 2 documents was searched (language: English; publisher: \u2068A (1) c\u2069, \u2068B (2)\u2069; published on 1 January 2023 or later; "
        "published on 31 December 2023 or earlier; chosen documents: 1)."
    )
    (notice,) = small.ask(ABSENT["ar"], filters=filters).notices
    assert notice.text.startswith(
        "عدد الوثائق التي شملها البحث 1 من 2 (اللغة: الإنجليزية؛ الناشر: \u2068A (1) c\u2069، \u2068B (2)\u2069؛ تاريخ النشر 1 كانون الثاني/يناير 2023 "
        "أو بعده؛ تاريخ النشر 31 كانون الأول/ديسمبر 2023 أو قبله؛ وثائق مختارة: 1)."
    )
