"""Finding passages: four directions, filters, and queries of every kind."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from rag import Engine
from rag.errors import InvalidQuery
from rag.retrieval import MAX_QUERY_CHARS, check_query
from rag.settings import Settings
from rag.types import Filters, ScoredPassage


def stems(found: list[ScoredPassage]) -> list[str]:
    """The documents of passages, best first, each once."""
    return list(dict.fromkeys(Path(passage.passage.source).stem for passage in found))


def id_of(engine: Engine, stem: str) -> str:
    return next(d.document_id for d in engine.documents() if Path(d.source).stem == stem)


# Facts that stand in one document only, so in one language only.
@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("كم حبة كبتاغون ضبط الجيش الأردني على حدوده مع سوريا؟", "ar-jordan-border"),
        ("من صاحب مصنع رقائق البطاطا الذي صار يصنع الحبوب؟", "ar-douma-factory"),
        ("How many tonnes of amphetamine did Italian police seize at Salerno?", "en-salerno-seizure"),
        ("Which German firm first made fenethylline?", "en-what-is-captagon"),
        ("كم طنا من الأمفيتامين ضبطت الشرطة الإيطالية في ميناء ساليرنو؟", "en-salerno-seizure"),
        ("أي شركة ألمانية صنعت الفينيثيلين أول مرة؟", "en-what-is-captagon"),
        ("Why did Saudi Arabia close its markets to Lebanese fruit and vegetables?", "ar-lebanon-produce-ban"),
        ("Who owned the potato chips factory near Douma?", "ar-douma-factory"),
    ],
)
def test_a_fact_is_found_in_all_four_directions(query: str, document: str, samples_engine: Engine) -> None:
    assert document in stems(samples_engine.search(query))[:2]


def test_passages_are_ranked_from_one_by_falling_score_and_are_the_stored_text(samples_engine: Engine) -> None:
    found = samples_engine.search("Captagon Act", limit=7)
    assert [passage.rank for passage in found] == [1, 2, 3, 4, 5, 6, 7]
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    for passage in (passage.passage for passage in found):
        document = samples_engine.document(passage.document_id)
        assert document.text[passage.start : passage.end] == passage.text
        assert (document.source, document.title) == (passage.source, passage.title)
    assert samples_engine.search("Captagon Act", limit=2) == found[:2]


def test_a_limit_beyond_the_corpus_finds_each_passage_at_most_once(samples_engine: Engine) -> None:
    found = samples_engine.search("captagon", limit=1000)
    places = sorted((p.passage.document_id, p.passage.start, p.passage.end) for p in found)
    assert {place[0] for place in places} == {document.document_id for document in samples_engine.documents()}
    for (document, _, end), (following, start, _) in itertools.pairwise(places):
        assert document != following or end <= start


def test_filters_let_through_only_what_they_name(samples_engine: Engine) -> None:
    query = "captagon seizures and sanctions"
    by_id = {document.document_id: document for document in samples_engine.documents()}

    def documents(**names: object) -> list:
        found = samples_engine.search(query, limit=100, filters=Filters(**names))  # type: ignore[arg-type]
        return [by_id[passage.passage.document_id] for passage in found]

    assert {d.language for d in documents(languages=("ar",))} == {"ar"}
    assert {d.language for d in documents(languages=("ar", "en"))} == {"ar", "en"}
    assert {d.publisher for d in documents(publishers=("tawthiq SAMPLES",))} == {"Tawthiq samples"}
    since, until = date(2023, 7, 1), date(2023, 12, 31)
    assert all(since <= d.published <= until for d in documents(since=since, until=until))
    assert {d.published >= since for d in documents(since=since)} == {True}
    tagged = documents(tags=("sanctions",))
    assert tagged
    assert all("sanctions" in d.tags for d in tagged)
    salerno = id_of(samples_engine, "en-salerno-seizure")
    assert {d.document_id for d in documents(documents=(salerno,))} == {salerno}
    both = documents(languages=("en",), tags=("sanctions",))
    assert both
    assert all(d.language == "en" and "sanctions" in d.tags for d in both)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(languages=("fr",)),
        Filters(publishers=("nobody",)),
        Filters(since=date(2100, 1, 1)),
        Filters(until=date(1900, 1, 1)),
        Filters(documents=("0" * 16,)),
        Filters(tags=("no such tag",)),
        Filters(languages=("ar",), tags=("pharmacology",)),
    ],
)
def test_filters_that_nothing_passes_find_nothing(filters: Filters, samples_engine: Engine) -> None:
    assert samples_engine.search("captagon", filters=filters) == []
    answer = samples_engine.ask("What is captagon?", filters=filters)
    assert (answer.status, answer.passages) == ("not_found", ())


def test_the_one_document_that_a_filter_leaves_answers(samples_engine: Engine) -> None:
    only = Filters(documents=(id_of(samples_engine, "ar-lebanon-produce-ban"),))
    found = samples_engine.search("How many pills did Salerno's police seize?", filters=only)
    assert stems(found) == ["ar-lebanon-produce-ban"]


@pytest.mark.parametrize("query", ["", "   \n\t", "؟", "?!… «»", "\u200f", "👩‍👩‍👧", "\x00"])
def test_a_query_without_words_is_refused(query: str, samples_engine: Engine) -> None:
    for ask in (samples_engine.search, samples_engine.ask, samples_engine.stream):
        with pytest.raises(InvalidQuery) as caught:
            ask(query)
        assert caught.value.parameters["reason"] == "empty"


def test_a_query_that_is_too_long_is_refused_and_one_just_short_enough_is_not(samples_engine: Engine) -> None:
    long = ("كبتاغون " * MAX_QUERY_CHARS)[: MAX_QUERY_CHARS + 1]
    with pytest.raises(InvalidQuery, match="4,001 characters; at most 4,000"):
        samples_engine.search(long.strip() + "ا" * (MAX_QUERY_CHARS + 1 - len(long.strip())))
    assert samples_engine.search(long[:MAX_QUERY_CHARS])


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_finds_nothing_is_refused(limit: int, samples_engine: Engine) -> None:
    with pytest.raises(InvalidQuery, match="limit"):
        samples_engine.search("captagon", limit=limit)


@pytest.mark.parametrize(
    "query",
    [
        "what is it that they are",
        "ما هو الذي",
        "👍 captagon 🇸🇾",
        "Qu'est-ce que le captagon ?",
        "Что такое каптагон?",
        "什么是芬乙茶碱？",
        "captagon\x00\x1b[31m\u202e",
        "2023",
        '" AND (a OR *) ~ ^ \\ + -',
        "<script>alert(1)</script>",
        "ال" * 300,
    ],
)
def test_odd_queries_find_passages_or_nothing_but_never_fail(query: str, samples_engine: Engine) -> None:
    found = samples_engine.search(query, limit=3)
    assert len(found) == 3
    assert samples_engine.ask(query).question == check_query(query)


@pytest.mark.parametrize(
    "query", ["what is it that they are", "ما هو الذي", "什么是卡普塔冈", "Was ist mit dem Wetter in Berlin?"]
)
def test_what_asks_for_nothing_in_the_documents_is_not_answered(query: str, samples_engine: Engine) -> None:
    assert samples_engine.ask(query, mode="quotes").status == "not_found"


@pytest.mark.parametrize(
    ("query", "figures"),
    [
        ("46,916,480", ("46,916,480",)),
        ("94.8", ("94.8", "٩٤٫٨")),
        ("٩٤٫٨", ("94.8", "٩٤٫٨")),
        ("157634", ("157,634",)),
        ("١٥٧٦٣٤", ("157,634",)),
    ],
)
def test_a_number_alone_finds_where_it_stands_in_any_digits(
    query: str, figures: tuple[str, ...], samples_engine: Engine
) -> None:
    texts = {Path(d.source).stem: samples_engine.document(d.document_id).text for d in samples_engine.documents()}
    holding = {stem for stem, text in texts.items() if any(figure in text for figure in figures)}
    assert holding
    found = samples_engine.search(query)
    assert set(stems(found)[: len(holding)]) == holding


def test_a_home_of_one_language_is_searched_in_any(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "fr.txt").write_text(
        "La gendarmerie libanaise a saisi douze tonnes de captagon dans le port de Tripoli en mars. "
        "Les comprimés étaient cachés dans des caisses de savon destinées à l'Afrique.",
        encoding="utf-8",
    )
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        assert not engine.ingest([tmp_path / "fr.txt"]).failed
        for query in (
            "Qui a saisi le captagon ?",
            "Who seized captagon in Tripoli?",
            "من ضبط الكبتاغون في طرابلس؟",
            "卡普塔冈",
        ):
            assert [found.passage.language for found in engine.search(query)] == ["fr"]
        assert engine.search("captagon", filters=Filters(languages=("ar",))) == []


def test_a_question_in_a_third_language_finds_the_document(samples_engine: Engine) -> None:
    found = samples_engine.search("Quelle entreprise allemande a fabriqué la fénéthylline pour la première fois ?")
    assert "en-what-is-captagon" in stems(found)[:2]
