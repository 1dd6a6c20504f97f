"""A claim's things, and its verbs that have an opposite, must be in its evidence: in Arabic, English and across."""

from __future__ import annotations

import pytest

from rag.claims.apart import named_otherwise
from rag.claims.coverage import uncovered
from rag.claims.rivals import Claimed
from rag.grounding.findings import Source


def lacking(claim: str, passage: str) -> list[str]:
    source = Source(passage, "en" if passage.isascii() else "ar")
    language = "en" if claim.isascii() else "ar"
    return [claim[token.start : token.end] for token in uncovered(claim, language, source, source, set())]


@pytest.mark.parametrize(
    ("claim", "passage", "missing"),
    [
        ("Officers found cocaine at the port.", "Officers found amphetamine at the port.", ["cocaine"]),
        ("She called the plan a useless response.", "She called the plan a comprehensive response.", ["useless"]),
        ("The minister lifted the curfew.", "The minister spoke of the curfew.", ["lifted"]),
        ("عثر الضباط على الكوكايين في الميناء.", "عثر الضباط على الأمفيتامين في الميناء.", ["الكوكايين"]),
        ("قاطع الوزير الاجتماع.", "تحدث الوزير عن الاجتماع.", ["قاطع"]),
        ("The pills were hidden in bananas.", "وكانت الحبوب مخبأة في قطع أثاث.", ["bananas"]),
        ("كانت الحبوب مخبأة في الموز.", "The pills were hidden in furniture.", ["الموز"]),
    ],
)
def test_what_has_no_counterpart_is_told(claim: str, passage: str, missing: list[str]) -> None:
    assert lacking(claim, passage) == missing


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Officers found narcotics at the port.", "Officers discovered drugs in the port."),
        ("The parliament approved the budget.", "The parliament passed the budget."),
        ("The minister did not attend the meeting.", "The minister was absent from the meeting."),
        ("رفض المجلس الاقتراح.", "لم يقبل المجلس الاقتراح."),
        ("رفضت الحكومة الاقتراح.", "The government rejected the proposal."),
        ("The government rejected the proposal.", "رفضت الحكومة الاقتراح."),
    ],
)
def test_what_is_said_otherwise_is_covered(claim: str, passage: str) -> None:
    assert lacking(claim, passage) == []


# Somebody did another deed than the source tells, each with a true paraphrase. Development pairs, written for this.
OTHER_DEEDS = [
    (
        "The minister of water opened a plant in July.",
        "The minister of water resigned in July.",
        "The minister of water inaugurated a plant in July.",
    ),
    ("The mayor visited the old theatre.", "The mayor sold the old theatre.", "The mayor toured the old theatre."),
    (
        "The company burned the documents in the cellar.",
        "The company copied the documents in the cellar.",
        "The company destroyed the documents in the cellar.",
    ),
    (
        "The general condemned the treaty in Geneva.",
        "The general translated the treaty in Geneva.",
        "The general criticised the treaty in Geneva.",
    ),
    (
        "Engineers inspected the northern bridge.",
        "Engineers demolished the northern bridge.",
        "Engineers checked the northern bridge.",
    ),
    (
        "افتتح وزير المياه محطة لتحلية المياه في تموز.",
        "استقال وزير المياه في تموز.",
        "دشن وزير المياه محطة لتحلية المياه في تموز.",
    ),
    ("زار رئيس البلدية المسرح القديم.", "باع رئيس البلدية المسرح القديم.", "تفقد رئيس البلدية المسرح القديم."),
    ("أحرقت الشركة الوثائق في القبو.", "باعت الشركة الوثائق في القبو.", "أتلفت الشركة الوثائق في القبو."),
    ("فحص المهندسون الجسر الشمالي.", "هدم المهندسون الجسر الشمالي.", "عاين المهندسون الجسر الشمالي."),
    ("قدم وزير المياه استقالته أمس.", "سافر وزير المياه أمس.", "استقال وزير المياه أمس."),
]


@pytest.mark.parametrize(("source", "other", "same"), OTHER_DEEDS)
def test_another_deed_of_the_same_person_is_not_covered_and_a_paraphrase_is(source: str, other: str, same: str) -> None:
    assert len(lacking(other, source)) == 1
    assert lacking(same, source) == []


def test_across_languages_the_verb_of_a_short_claim_must_be_there() -> None:
    assert lacking("استقال وزير المياه.", "The minister of water opened a plant in July.") == ["استقال"]
    assert lacking("The minister of water resigned.", "افتتح وزير المياه محطة في تموز.") == ["resigned"]
    assert lacking("The minister of water resigned.", "استقال وزير المياه في تموز.") == []


def test_across_languages_a_long_claim_may_have_a_word_more() -> None:
    source = Source("سيطر الجيش على المدينة بعد معارك استمرت أسبوعا.", "ar")
    long = "The army took control of the city and its market after battles that lasted a week."
    assert uncovered(long, "en", source, source, set()) == []
    assert lacking("The army saw a river.", source.text) == ["saw", "river"]


@pytest.mark.parametrize(
    ("claim", "sentence", "other"),
    [
        ("غاب وزير الخارجية المصري عن الاجتماع.", "وغاب عنه وزير الخارجية القطري.", True),
        ("غاب وزير الخارجية القطري عن الاجتماع.", "وغاب عنه وزير الخارجية القطري.", False),
        ("The Egyptian minister stayed away.", "The Qatari minister stayed away.", True),
        ("The Egyptian foreign minister stayed away.", "وغاب عنه وزير الخارجية القطري.", True),
        ("Donald Trump signed the repeal of the Caesar Act.", "President Donald Trump signed its repeal.", False),
    ],
)
def test_a_name_in_the_place_of_another_is_somebody_else(claim: str, sentence: str, other: bool) -> None:
    said = Claimed(claim, "en" if claim.isascii() else "ar")
    assert (named_otherwise(said, Source(sentence, "en" if sentence.isascii() else "ar")) is not None) is other
