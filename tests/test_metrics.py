from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case, StoredQuote
from evals.errors import EvaluationError
from evals.metrics import PER_CASE, score_case
from evals.metrics.abstention import false_answer, false_silence
from evals.metrics.citations import verbatim_rate
from evals.metrics.estimates import Estimate, Latency, estimate, latency
from evals.metrics.reference import list_completeness, reference_contained
from evals.metrics.retrieval import MEASURES, measured_at, ranked_documents, ranks_of, retrieval_measure
from evals.misses import misses
from evals.normalisation import contains, normalised_tokens
from evals.question_set import Question
from evals.run import evaluate
from rag.types import Answer, Citation, Models, Passage, ScoredPassage, Statement, Status


def case(
    *,
    quotes: tuple[str, ...] = (),
    ranked: tuple[str, ...] = (),
    answers: tuple[str, ...] = (),
    expected: tuple[str, ...] = (),
    answerable: bool = True,
    tags: tuple[str, ...] = (),
    status: Status | None = None,
) -> Case:
    """A recorded case whose answer quotes `quotes` and whose passages come from the documents `ranked`, best first."""
    citations = tuple(
        Citation(n, "d", "sha", "t", "/d", None, None, "ar", 0, len(quote), quote)
        for n, quote in enumerate(quotes, start=1)
    )
    answer = Answer(
        question="q",
        language="ar",
        status=status or ("answered" if quotes else "not_found"),
        mode="quotes",
        text="",
        statements=tuple(Statement(c.quote, (c.number,), "quoted") for c in citations),
        citations=citations,
        passages=tuple(
            ScoredPassage(Passage(document, 0, 1, "ar", "x", f"/{document}", "t"), 1 / rank, rank)
            for rank, document in enumerate(ranked, start=1)
        ),
        index_generation=1,
        models=Models("m"),
        elapsed_ms=1,
    )
    question = Question("id", "q", "ar", answers=answers, documents=expected, answerable=answerable, tags=tags)
    stored = tuple(StoredQuote("sha", quote) for quote in quotes)
    return Case(question, "ar→ar", "asked", expected, answer, stored, 10.0)


# --- normalisation ---


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("الاستراتيجيّةُ الأَمريكيـــة", ["الاستراتيجيه", "الامريكيه"]),
        ("إلى آخر الأمر، على ٱلأرض", ["الي", "اخر", "الامر", "علي", "الارض"]),
        ("“Captagon” — ACT!", ["captagon", "act"]),
        ("٥٫٧ مليارات", ["٥", "٧", "مليارات"]),
        ("$5.7 billion (85%)", ["5", "7", "billion", "85"]),
        ("ﻻ ﷲ", ["لا", "الله"]),
        ("cafe\u0301 \u0130", ["café", "i"]),
        ("رقم\u200f 10\u200e", ["رقم", "10"]),
        ("snake_case", ["snake", "case"]),
        ("؟!…", []),
    ],
)
def test_normalised_tokens(text: str, tokens: list[str]) -> None:
    assert normalised_tokens(text) == tokens


@given(st.text())
def test_normalisation_settles_at_once(text: str) -> None:
    once = normalised_tokens(text)
    assert normalised_tokens(" ".join(once)) == once


def test_contains_wants_whole_tokens_standing_together() -> None:
    assert contains("أقرّه الكونغرس في كانون الأول 2022.", "كانون الاول 2022")
    assert not contains("وفي 1308 نقاط", "308")
    assert not contains("the United Arab Emirates and the States", "United States")
    assert not contains("2022 كانون الأول", "كانون الأول 2022")
    assert not contains("anything", "؟")


# --- retrieval ---


def test_documents_are_ranked_by_their_best_passage() -> None:
    recorded = case(ranked=("b", "a", "b", "c", "a"))
    assert recorded.answer is not None
    assert ranked_documents(reversed(recorded.answer.passages)) == ["b", "a", "c"]


def test_ranks_are_those_of_the_relevant_documents() -> None:
    assert ranks_of(["b", "a", "c"], ["c", "b", "z"]) == (1, 3)
    assert ranks_of([], ["a"]) == ()


def test_one_relevant_document_by_hand() -> None:
    assert measured_at((1,), 1) == {"R@1": 1, "R@5": 1, "R@10": 1, "nDCG@10": 1, "RR": 1}
    third = measured_at((3,), 1)
    assert third == pytest.approx({"R@1": 0, "R@5": 1, "R@10": 1, "nDCG@10": 1 / math.log2(4), "RR": 1 / 3})
    eleventh = measured_at((11,), 1)
    assert eleventh == pytest.approx({"R@1": 0, "R@5": 0, "R@10": 0, "nDCG@10": 0, "RR": 1 / 11})
    assert set(measured_at((), 1).values()) == {0}


def test_several_relevant_documents_by_hand() -> None:
    # Right at ranks 2 and 4, a third one not found: the best ranking would have had gains at 1, 2 and 3.
    values = measured_at((2, 4), 3, ("R@1", "R@5", "nDCG@10", "RR", "Success@1", "Success@5"))
    gained, best = 1 / math.log2(3) + 1 / math.log2(5), 1 + 1 / math.log2(3) + 1 / math.log2(4)
    expected = {"R@1": 0, "R@5": 2 / 3, "nDCG@10": gained / best, "RR": 1 / 2, "Success@1": 0, "Success@5": 1}
    assert values == pytest.approx(expected)


@given(st.integers(1, 200))
def test_measures_never_rise_as_a_document_falls(rank: int) -> None:
    higher, lower = measured_at((rank,), 1), measured_at((rank + 1,), 1)
    assert all(lower[name] <= higher[name] for name in MEASURES)


@pytest.mark.parametrize(("ranks", "relevant"), [((), 0), ((1, 2), 1), ((2, 2), 2), ((0,), 1)])
def test_impossible_ranks_are_refused(ranks: tuple[int, ...], relevant: int) -> None:
    with pytest.raises(ValueError, match="cannot stand at"):
        measured_at(ranks, relevant)


def test_where_the_measures_are_not_installed_it_is_said_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(EvaluationError, match="ir-measures, which is not installed"):
        evaluate("samples", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_retrieval_counts_distinct_documents() -> None:
    recorded = case(ranked=("b", "b", "b", "b", "b", "a"), expected=("a",))
    assert retrieval_measure(recorded, "Success@1") == 0
    assert retrieval_measure(recorded, "R@5") == 1
    assert retrieval_measure(recorded, "RR") == 1 / 2
    assert retrieval_measure(case(ranked=("a", "b", "c", "d", "e", "f"), expected=("f",)), "R@5") == 0
    assert retrieval_measure(case(ranked=(), expected=("a",)), "nDCG@10") == 0


def test_success_wants_any_of_the_expected_documents_and_recall_all() -> None:
    recorded = case(ranked=("a", "b"), expected=("z", "b"))
    assert retrieval_measure(recorded, "Success@5") == 1
    assert retrieval_measure(recorded, "R@5") == 1 / 2


def test_the_recorded_ranking_goes_deeper_than_the_answer() -> None:
    recorded = replace(case(ranked=("a",), expected=("c",)), ranking=("a", "b", "c"))
    assert retrieval_measure(recorded, "RR") == 1 / 3
    assert retrieval_measure(replace(recorded, ranking=()), "RR") == 0


def test_retrieval_is_unscored_where_nothing_is_expected() -> None:
    assert retrieval_measure(case(ranked=("a",)), "R@5") is None
    assert retrieval_measure(case(ranked=("a",), expected=("a",), answerable=False), "R@5") is None


# --- reference ---


def test_a_reference_counts_once_in_any_one_quote() -> None:
    recorded = case(quotes=("أولا.", "ثانيا.", "في كانون الأول."), answers=("كانون الأول", "ديسمبر"))
    assert reference_contained(recorded) == 1
    assert reference_contained(recorded, first=2) == 0
    assert reference_contained(case(quotes=("في كانون", "الأول"), answers=("كانون الأول",))) == 0


def test_silence_on_an_answerable_question_holds_no_reference() -> None:
    assert reference_contained(case(answers=("x",))) == 0


def test_references_are_unscored_without_any() -> None:
    assert reference_contained(case(quotes=("x",), expected=("d",))) is None
    assert reference_contained(case(quotes=("x",), answerable=False)) is None
    assert reference_contained(case(quotes=("-)",), answers=("-)",))) is None
    assert reference_contained(case(quotes=("one",), answers=("one", "two"), tags=("list",))) is None


def test_list_completeness_is_the_share_of_items() -> None:
    four = ("العقوبات", "الدبلوماسية", "التدريب", "التحقيقات")
    recorded = case(quotes=("العقوبات والدبلوماسية", "التدريب", "التحقيقات"), answers=four, tags=("list",))
    assert list_completeness(recorded) == 0.75  # "والدبلوماسية" is another token than "الدبلوماسية"
    assert list_completeness(case(answers=four, tags=("list",))) == 0
    assert list_completeness(case(quotes=("x",), answers=four)) is None


def test_a_list_in_two_scripts_counts_by_the_more_complete() -> None:
    items = ("عقوبات", "تدريب", "sanctions", "training", "diplomacy")
    assert list_completeness(case(quotes=("عقوبات", "sanctions; training"), answers=items, tags=("list",))) == 2 / 3
    assert list_completeness(case(quotes=("عقوبات", "تدريب"), answers=items, tags=("list",))) == 1


# --- citations and abstention ---


def test_verbatim_rate() -> None:
    recorded = case(quotes=("a", "b", "c", "d"))
    assert verbatim_rate(recorded) == 1
    stored = (StoredQuote("sha", "a"), StoredQuote("sha", "B"), StoredQuote("other", "c"), StoredQuote("sha", "d"))
    assert verbatim_rate(Case(recorded.question, "", "asked", (), recorded.answer, stored)) == 0.5
    assert verbatim_rate(case()) is None


def test_false_answers_and_false_silences_are_of_different_questions() -> None:
    answered, silent = case(quotes=("x",)), case()
    assert (false_answer(answered), false_silence(answered)) == (None, 0)
    assert (false_answer(silent), false_silence(silent)) == (None, 1)
    assert false_answer(case(quotes=("x",), answerable=False)) == 1
    assert false_answer(case(answerable=False)) == 0
    assert false_silence(case(answerable=False)) is None


def test_a_case_that_was_not_asked_is_unscored_throughout() -> None:
    question = case(answers=("x",), expected=("d",)).question
    for status in ("failed", "invalid"):
        assert score_case(Case(question, "ar→ar", status)) == dict.fromkeys(PER_CASE)


def test_a_recorded_case_survives_its_json() -> None:
    recorded = replace(case(quotes=("x [1]",), ranked=("d",), answers=("x",), expected=("d",)), ranking=("d", "e"))
    again = Case.from_json(recorded.to_json())
    assert again == recorded
    assert score_case(again) == score_case(recorded)


def test_a_case_recorded_without_a_ranking_is_read() -> None:
    recorded = case(ranked=("b", "d"), expected=("d",))
    older = {key: value for key, value in recorded.to_json().items() if key != "ranking"}
    assert Case.from_json(older) == recorded
    assert score_case(Case.from_json(older))["RR"] == 1 / 2


# --- estimates ---


def test_an_estimate_is_of_what_was_scored() -> None:
    figure = estimate([1, 0, None, 1, 1, None])
    assert (figure.mean, figure.n, figure.unscored) == (0.75, 4, 2)
    assert estimate([None, None]) == Estimate(None, 0, 2)
    assert estimate([]) == Estimate(None, 0, 0)
    assert estimate([0.5]) == Estimate(0.5, 1, 0)
    assert estimate([1, 1, 1]) == Estimate(1, 3, 0, 1, 1)


def test_the_interval_is_that_of_the_binomial_for_shares() -> None:
    # 60 of 100: the bootstrap mean is binomial(100, .6) / 100, its 2.5th and 97.5th percentiles .50 and .69 or .70.
    figure = estimate([1.0] * 60 + [0.0] * 40, resamples=20_000)
    assert figure.low == pytest.approx(0.50, abs=0.011)
    assert figure.high == pytest.approx(0.695, abs=0.011)


def test_the_same_values_give_the_same_interval() -> None:
    values = [n / 97 for n in range(97)]
    assert estimate(values) == estimate(values)
    assert estimate(values, seed=1) != estimate(values, seed=2)


@given(st.lists(st.none() | st.floats(0, 1), max_size=30))
def test_the_interval_holds_the_mean(values: list[float | None]) -> None:
    figure = estimate(values, resamples=200)
    assert figure.n + figure.unscored == len(values)
    if figure.low is not None and figure.high is not None:
        scored = [v for v in values if v is not None]
        assert min(scored) - 1e-9 <= figure.low <= figure.high <= max(scored) + 1e-9


def test_drawing_in_chunks_covers_every_resample(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [0.0, 1.0] * 50
    whole = estimate(values, resamples=1000)
    monkeypatch.setattr("evals.metrics.estimates._CHUNK", 7 * len(values))
    assert estimate(values, resamples=1000) == whole


def test_latency_percentiles() -> None:
    assert latency([10, 20, 30, 40]) == Latency(25.0, 38.5, 4)
    assert latency([7]) == Latency(7.0, 7.0, 1)
    assert latency([]) == Latency(None, None, 0)


def test_where_all_are_right_or_all_wrong_the_interval_is_wilsons() -> None:
    # Wilson (1927) at 0 of n: 0 to z²/(n + z²), z² = 3.8415; at n of n its mirror.
    assert estimate([1.0, 1.0], share=True).low == pytest.approx(1 - 3.8415 / 5.8415, abs=1e-4)
    assert estimate([1.0, 1.0], share=True).high == 1
    assert estimate([0.0] * 20, share=True).high == pytest.approx(3.8415 / 23.8415, abs=1e-4)
    assert (estimate([0.5, 0.5], share=True).low, estimate([0.0, 0.0]).high) == (0.5, 0.0)


def test_a_case_is_wrong_that_quotes_no_expected_answer() -> None:
    assert misses(score_case(case(quotes=("It was in 2022.",), answers=("2022",)))) == ()
    assert misses(score_case(case(quotes=("It was in 2021.",), answers=("2022",)))) == ("reference_missed",)
    assert misses(score_case(case(quotes=("one",), answers=("one", "two"), tags=("list",)))) == ("reference_missed",)
    assert misses(score_case(case(answers=("2022",)))) == ("false_silence",)
