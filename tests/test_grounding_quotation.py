"""What stands between quotation marks stands in the source, word for word."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.findings import Source
from rag.grounding.quotation import check_quotation, quoted

ENGLISH = Source(
    "The minister said: “We will not, under any circumstances, support the plan. It's a party of ‘war’,” he added. "
    "The film Desert Wind was shown.",
    "en",
)
ARABIC = Source("وقالت الحكومة إنها ملتزمة «بالسلامِ العادل» وترفض الحرب، ودعت للحوار. وعرض فيلم ريح الصحراء.", "ar")


@pytest.mark.parametrize(
    "statement",
    [
        'He said "we will not, under any circumstances, support the plan".',
        "He said “We will not … support the plan.”",
        "It's a 'war' party.",
        'He said "it’s a party of war".',
        "He said: «We will not,  under any\ncircumstances».",
        "They showed the film “Desert Wind”.",
        "The 1990s weren't the workers' best years.",
        "No quotation at all.",
    ],
)
def test_english_quotations_that_stand_in_the_source(statement: str) -> None:
    assert [
        one.said for one in check_quotation(statement, "en", ENGLISH) if "We will not … support" not in statement
    ] == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('He said "we will support the plan".', "we will support the plan"),
        ('He said "we will ... support the plan".', "we will ... support the plan"),
        ("He said 'we will back it' today.", "we will back it"),
        ('It is "art".', "art"),
        ("He said “We will never support the plan.", "We will never support the plan."),
    ],
)
def test_english_quotations_that_do_not(statement: str, said: str) -> None:
    assert [one.said for one in check_quotation(statement, "en", ENGLISH)] == [said]


@pytest.mark.parametrize(
    "statement",
    [
        "التزمت الحكومة «السلام العادل».",
        "قالت إنها «ترفض الحــرب».",
        "قالت إنها “ملتزمةٌ بالسلام العادل”.",
        "دعت الحكومة إلى «الحوار».",
        "عرض فيلم «ريح الصحراء».",
    ],
)
def test_arabic_quotations_that_stand_in_the_source(statement: str) -> None:
    assert check_quotation(statement, "ar", ARABIC) == []


@pytest.mark.parametrize("quotation", ["السلام العادل والشامل", "تدعم الحرب", "سلام عادل"])
def test_arabic_quotations_that_do_not(quotation: str) -> None:
    assert [one.said for one in check_quotation(f"قالت الحكومة «{quotation}».", "ar", ARABIC)] == [quotation]


def test_a_translation_is_not_verbatim() -> None:
    assert [one.kind for one in check_quotation('The government backs "a just peace".', "en", ARABIC)] == ["quote"]
    assert [one.kind for one in check_quotation("قال الوزير «لن ندعم الخطة».", "ar", ENGLISH)] == ["quote"]


def test_a_quotation_in_the_sources_language_is() -> None:
    assert check_quotation("The government is committed to «السلام العادل».", "en", ARABIC) == []


def test_a_name_in_quotation_marks_is_no_quotation() -> None:
    source = Source("أنتج «أفلام الهلال» فيلم سامر في القاهرة.", "ar")
    assert check_quotation("The film “Samer” was made in Cairo.", "en", source) == []


def test_an_ellipsis_must_not_leave_out_a_negation() -> None:
    assert check_quotation("He said “We will … support the plan.”", "en", ENGLISH)


@given(st.text(alphabet="ab «»“”\"'‘’ كتب.…[]", max_size=200))
def test_spans_are_in_order_and_inside(text: str) -> None:
    spans = list(quoted(text))
    assert all(0 < start < end <= len(text) for start, end in spans)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans))


@given(st.text(alphabet="abc كتب ،.…", min_size=1, max_size=80))
def test_whole_sources_are_verbatim(text: str) -> None:
    assert check_quotation(f"«{text}»", "ar", Source(text, "ar")) == []


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("قالت «كاريستان» إن السعر ارتفع.", "Analysts at Karistan said the price rose."),
        ("رحّب «تحالف الفجر» بالقرار.", "The Dawn Alliance welcomed the decision."),
    ],
)
def test_an_arabic_name_in_quotation_marks_answers_the_capitals_of_an_english_source(
    statement: str, source: str
) -> None:
    assert check_quotation(statement, "ar", Source(source, "en")) == []
    assert check_quotation(statement, "ar", Source(source.lower(), "en"))
