"""Metrics of answers, citations, grounding, probability, language and cost, on arithmetic worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.alce import Entailment, entailment, recall_and_precision
from evals.cases import Case, StoredQuote
from evals.metrics import METRICS, PER_CASE, score_case
from evals.metrics.answers import date_match, exact_match, f1, number_match, similarity, token_f1
from evals.metrics.citations import citation_precision, citation_recall, span_f1, span_recall
from evals.metrics.consistency import agree, consistency
from evals.metrics.cost import first_token_ms, usage
from evals.metrics.grounding import failed, removed, supported, unsupported
from evals.metrics.language import answer_language
from evals.metrics.probability import area, auc, calibration_error
from evals.observation import Observation, StatementSupport, observe, observer
from evals.question_set import Question, Span
from rag import Engine
from rag.grounding.findings import Source
from rag.types import Answer, Citation, Frame, Models, Statement


def asked(
    *texts: str,
    references: tuple[str, ...] = (),
    answerable: bool = True,
    tags: tuple[str, ...] = (),
    language: str = "en",
    probability: float | None = None,
    name: str = "id",
    pair: str | None = None,
) -> Case:
    """A case whose answer states `texts`, each of them a quote of the document "d" from 0 on; silent without any."""
    citations = tuple(
        Citation(n, "d", "sha", "t", "/d", None, None, language, 0, len(text), text)
        for n, text in enumerate(texts, start=1)
    )
    answer = Answer(
        question="q",
        language=language,
        status="answered" if texts else "not_found",
        mode="quotes",
        text="Not in the documents.",
        statements=tuple(Statement(one.quote, (one.number,), "quoted") for one in citations),
        citations=citations,
        passages=(),
        index_generation=1,
        models=Models("m"),
        elapsed_ms=1,
        answerable_probability=probability,
    )
    question = Question(name, "q", language, references, ("d",), answerable=answerable, tags=tags, pair=pair)
    stored = tuple(StoredQuote("sha", text) for text in texts)
    return Case(question, f"{language}→en", "asked", ("d",), answer, stored, elapsed_ms=2.0)


def _never(_: str) -> NDArray[np.float32]:
    raise AssertionError("nothing is to be encoded")


def observed(*statements: StatementSupport, similarity: float | None = None) -> Case:
    return replace(asked("x", references=("x",)), observation=Observation(statements, similarity))


# --- answers ---


def test_f1_by_hand() -> None:
    # "captagon act of 2022" and "act 2022 passed": 2 tokens shared of 4 and 3.
    assert f1("The Captagon Act of 2022", "Act 2022 passed") == pytest.approx(2 * 2 / (4 + 3))
    assert f1("a a b", "a b b") == pytest.approx(2 * 1 / (1 + 2))  # "a" is an article: b | b b
    assert f1("قانونُ الكبتاغون", "قانون الكبتاغون") == 1
    assert f1("في بُحيرة فيكتوريا الكبيرة", "في بحيرة فيكتوريا") == pytest.approx(6 / 7)
    assert f1("Karl", "Karl von Frisch") == pytest.approx(2 * 1 / 4)
    assert f1("one", "other") == f1("", "Karl") == 0


def test_the_best_reference_counts_and_the_whole_answer_is_compared() -> None:
    case = asked(
        "Congress passed it.", "In 2022.", references=("2022", "in december 2022", "Congress passed it in 2022")
    )
    assert exact_match(case) == 1
    assert token_f1(case) == 1
    assert exact_match(asked("Congress passed it in 2022.", references=("2022",))) == 0
    assert token_f1(asked("Congress passed it in 2022.", references=("2022",))) == pytest.approx(2 * 1 / (5 + 1))


@pytest.mark.parametrize("measure", [exact_match, token_f1, number_match, date_match])
def test_lists_and_the_unanswerable_are_not_compared(measure: object) -> None:
    assert callable(measure)
    assert measure(asked("3 men", references=("3 men", "2 men"), tags=("list",))) is None
    assert measure(asked("3 men", answerable=False)) is None
    assert measure(asked("3 men")) is None


def test_silence_is_wrong_not_unscored() -> None:
    silent = asked(references=("85 tonnes in 2020",))
    assert (exact_match(silent), token_f1(silent), number_match(silent), date_match(silent)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("reference", "answer", "wanted"),
    [
        ("14 tonnes", "They seized 14 tonnes of amphetamine.", 1),
        ("3.5 million", "صادرت السلطات ٣٫٥ مليون حبة", 1),
        ("14 tonnes", "They seized 15 tonnes.", 0),
        ("14 tonnes", "They seized 14 kilograms.", 0),
        ("five", "There are 5 of them.", 1),
        ("85 percent of 10 million", "It is 85 per cent.", 0),
        ("French Hill", "French Hill said 3 things.", None),
    ],
)
def test_number_match(reference: str, answer: str, wanted: float | None) -> None:
    assert number_match(asked(answer, references=(reference,))) == wanted


@pytest.mark.parametrize(
    ("reference", "answer", "wanted"),
    [
        ("2019", "It was signed on 20 December 2019.", 1),
        ("20 December 2019", "It was signed in 2019.", 0),
        ("20 December 2019", "وُقّع في 20 كانون الأول/ديسمبر 2019", 1),
        ("20 December 2019", "It was signed on 21 December 2019.", 0),
        ("Italy", "It was signed in 2019.", None),
    ],
)
def test_date_match(reference: str, answer: str, wanted: float | None) -> None:
    assert date_match(asked(answer, references=(reference,))) == wanted


def test_similarity_is_what_was_observed_and_silence_is_nothing() -> None:
    assert similarity(observed(similarity=0.8)) == 0.8
    assert similarity(replace(asked(references=("x",)), observation=Observation())) == 0
    assert similarity(asked("x", references=("x",))) is None


# --- citations ---


def spans(case: Case, *places: tuple[str, int, int], tags: tuple[str, ...] = ()) -> Case:
    question = replace(case.question, spans=tuple(Span(*place) for place in places), tags=tags)
    return replace(case, question=question, places=tuple(place[0] for place in places))


def quoting(*places: tuple[str, int, int]) -> Case:
    case = asked(*("x" * (end - start) for _, start, end in places), references=("x",))
    assert case.answer is not None
    citations = tuple(
        replace(citation, document_id=document, start=start, end=end)
        for citation, (document, start, end) in zip(case.answer.citations, places, strict=True)
    )
    return replace(case, answer=replace(case.answer, citations=citations))


def test_spans_by_hand() -> None:
    # 10 of the 20 wanted characters are among the 30 quoted of that document; 10 more are quoted of another.
    case = spans(quoting(("d", 10, 40), ("e", 0, 10)), ("d", 0, 20))
    assert span_recall(case) == 0.5
    assert span_f1(case) == pytest.approx(2 * 10 / (20 + 40))
    other = spans(quoting(("e", 0, 10)), ("d", 0, 20))
    assert (span_recall(other), span_f1(other)) == (0, 0)


def test_of_alternative_places_the_best_counts_and_a_lists_are_wanted_together() -> None:
    places = (("d", 0, 10), ("d", 50, 60), ("e", 0, 5))
    assert span_recall(spans(quoting(("d", 50, 60)), *places)) == 1
    assert span_recall(spans(quoting(("d", 50, 60)), *places, tags=("list",))) == 0.5
    assert span_recall(spans(quoting(("e", 0, 5)), *places, tags=("list",))) == 1


def test_overlapping_quotes_are_counted_once() -> None:
    assert span_f1(spans(quoting(("d", 0, 10), ("d", 0, 10)), ("d", 0, 10))) == 1


def test_alce_by_hand() -> None:
    def entails(text: str, sources: object) -> bool:
        assert isinstance(sources, list | tuple)
        return {one.text for one in sources} >= {"all": {"a", "b"}, "one": {"a"}, "none": {"z"}}[text]

    a, b, c = (Source(text, "en") for text in "abc")
    assert entailment("all", [a, b], entails) == (True, (True, True))
    assert entailment("one", [a, c], entails) == (True, (True, False))
    assert entailment("none", [a, b], entails) == (False, (False, False))
    assert entailment("one", [], entails) == (False, ())
    found = [Entailment(True, (True, True)), Entailment(True, (True, False)), Entailment(False, (False, False))]
    assert recall_and_precision(found) == (pytest.approx(2 / 3), pytest.approx(3 / 6))
    assert recall_and_precision([Entailment(False, ())]) == (0, 0)
    assert recall_and_precision([]) is None


def test_citation_recall_and_precision_are_of_what_was_observed() -> None:
    case = observed(
        StatementSupport("supported", (), True, (True, False)), StatementSupport("unsupported", (), False, (False,))
    )
    assert citation_recall(case) == 0.5
    assert citation_precision(case) == pytest.approx(1 / 3)
    assert citation_recall(asked("x")) is None


# --- grounding ---


def test_support_by_hand() -> None:
    case = observed(
        StatementSupport("quoted"),
        StatementSupport("weak", ("negation",)),
        StatementSupport("unsupported", ("number", "name")),
        StatementSupport("uncited"),
    )
    assert supported(case) == 0.25
    assert unsupported(case) == 0.5
    assert failed(case, "number") == failed(case, "name") == failed(case, "negation") == 0.25
    assert failed(case, "date") == 0
    assert failed(observed(StatementSupport("weak", ("contradiction",))), "meaning") == 1
    assert supported(observed()) is None


def test_removed_statements_are_counted_of_those_written() -> None:
    case = asked("x")
    assert case.answer is not None
    gone = (Statement("y", (), "unsupported"), Statement("z", (), "unsupported"))
    assert removed(case) is None
    assert removed(replace(case, answer=replace(case.answer, mode="llm", removed=gone))) == pytest.approx(2 / 3)


def test_an_observation_is_kept_as_it_was() -> None:
    one = observed(StatementSupport("weak", ("name",), True, (True, False)), similarity=0.25)
    assert Case.from_json(one.to_json()) == one


def test_what_a_source_says_and_what_it_does_not_are_told_apart(samples_engine: Engine) -> None:
    answer = samples_engine.ask("Who sponsored the Captagon Act in Congress?", mode="quotes")
    question = Question("q", "q", "en", ("French Hill",), ("en-captagon-act",))
    look = observer(samples_engine)
    quoted = look(question, answer)
    assert {one.support for one in quoted.statements} == {"quoted"}
    assert all(one.entailed and all(one.precise) for one in quoted.statements)
    assert quoted.similarity is not None
    assert 0.5 < quoted.similarity <= 1
    invented = Statement("The King of Sweden sponsored 48 laws against cheese.", (1,), "supported")
    uncited = Statement("Nobody cites this sentence.", (), "weak")
    found = look(question, replace(answer, mode="llm", statements=(invented, uncited)))
    assert [one.support for one in found.statements] == ["unsupported", "uncited"]
    assert "number" in found.statements[0].kinds
    assert not found.statements[0].entailed
    assert observe(replace(question, answers=()), replace(answer, statements=()), _never) == Observation()


# --- probability ---


def test_area_by_hand() -> None:
    # Pairs: .9 beats both; .5 beats .1, ties with .5.
    assert area(np.array([0.9, 0.5]), np.array([0.5, 0.1])) == pytest.approx((2 + 1 + 0.5) / 4)


def test_auc_of_a_direction_is_against_the_unanswerable_of_its_language() -> None:
    yes = [asked("x", probability=p, name=f"y{p}") for p in (0.9, 0.5)]
    no = [asked(probability=p, answerable=False, name=f"n{p}") for p in (0.5, 0.1)]
    arabic = [asked(probability=0.99, answerable=False, language="ar", name="ar")]
    everything = [*yes, *no, *arabic]
    assert auc(yes, everything).mean == pytest.approx(0.875)
    assert auc(everything, everything).mean == pytest.approx((2 + 1.5 + 0) / 6)
    assert auc(no, everything).mean is None
    assert auc(yes, everything).n == 2
    found = auc(yes, everything)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= 0.875 <= found.high <= 1


def test_calibration_error_by_hand() -> None:
    # Bin .8-.9: predicted .8, observed 2 of 4; bin .1-.2: predicted .1, observed 0 of 4.
    cases = [asked("x", probability=0.8, answerable=n < 2, name=f"a{n}") for n in range(4)]
    cases += [asked("x", probability=0.1, answerable=False, name=f"b{n}") for n in range(4)]
    assert calibration_error(cases, cases).mean == pytest.approx(0.5 * 0.3 + 0.5 * 0.1)
    assert calibration_error(cases[:2], cases).mean is None


def test_brier_by_hand() -> None:
    assert PER_CASE["brier"](asked("x", probability=0.8)) == pytest.approx(0.04)
    assert PER_CASE["brier"](asked("x", probability=0.8, answerable=False)) == pytest.approx(0.64)
    assert PER_CASE["brier"](asked("x")) is None


# --- language, conversation, cost ---


def test_quotes_stay_in_their_language_and_the_frame_is_in_that_of_the_question() -> None:
    case = asked("قال الناطق باسم الحكومة الأردنية إن الحدود مغلقة منذ أسبوع")
    assert case.answer is not None
    english = replace(case.answer, frame=Frame("The documents say the following about it:"))
    assert answer_language(replace(case, answer=english)) == 1
    arabic = replace(case.answer, frame=Frame("تقول الوثائق في هذا الشأن ما يلي من الكلام:"))
    assert answer_language(replace(case, answer=arabic)) == 0
    assert answer_language(case) is None
    assert answer_language(asked()) == 1


def test_a_models_answer_in_another_language_is_told() -> None:
    case = asked("قال الناطق باسم الحكومة الأردنية إن الحدود مغلقة منذ أسبوع")
    assert case.answer is not None
    said = tuple(replace(one, support="supported") for one in case.answer.statements)
    assert answer_language(replace(case, answer=replace(case.answer, mode="llm", statements=said))) == 0


def test_answers_to_the_same_question_agree_or_do_not() -> None:
    english = asked("French Hill", references=("French Hill",), name="en", pair="p")
    silent = asked(references=("هيل",), language="ar", name="ar", pair="p")
    arabic = asked("رعاه هيل", references=("هيل",), language="ar", name="ar", pair="p")
    assert arabic.answer is not None
    elsewhere = replace(arabic.answer.citations[0], document_id="other")
    arabic = replace(arabic, answer=replace(arabic.answer, citations=(elsewhere,)))
    assert agree(english, silent) == 0
    assert agree(silent, silent) == 1
    assert agree(english, arabic) == 1  # from different documents, and both hold a reference
    wrong = replace(arabic, question=replace(arabic.question, answers=("غيره",)))
    assert agree(english, wrong) == 0
    assert agree(english, Case(arabic.question, "ar→en", "failed")) is None


def test_consistency_counts_pairs_once() -> None:
    english = asked("French Hill", references=("French Hill",), name="en", pair="p")
    silent = asked(references=("هيل",), language="ar", name="ar", pair="p")
    alone = asked("x", name="alone", pair="q")
    again = asked("French Hill", references=("French Hill",), name="en2", pair="p")
    everything = [english, silent, alone, again]
    assert consistency(everything, everything).mean == 0
    assert consistency(everything, everything).n == 2
    assert consistency([alone], everything).n == 0


def test_follow_ups_alone_have_the_figures_of_follow_ups() -> None:
    case = asked("x", references=("x",))
    assert score_case(case)["follow_up_contained"] is None
    after = replace(case, question=replace(case.question, turns=("before",)))
    assert score_case(after)["follow_up_contained"] == score_case(after)["contained"] == 1
    assert score_case(after)["follow_up_silences"] == 0


def test_cost_is_what_was_recorded() -> None:
    case = asked("x")
    assert case.answer is not None
    assert usage(case, "cost") is None
    spent = {"calls": 1, "input_tokens": 120, "output_tokens": 8, "cost": 0.25, "currency": "USD"}
    case = replace(case, answer=replace(case.answer, usage=spent), first_token_ms=12.5)
    assert (usage(case, "input_tokens"), usage(case, "cost"), usage(case, "currency")) == (120, 0.25, None)
    assert first_token_ms(Case.from_json(case.to_json())) == 12.5


def test_every_metric_has_one_way_of_being_measured() -> None:
    assert all((metric.score is None) != (metric.over is None) for metric in METRICS.values())
