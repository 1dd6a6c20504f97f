"""Claims against sources in the other language: what bears them out, and what keeps a sentence from it.

The documents and claims are development examples, written for this.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Engine
from rag.claims.across import negated_alone, opposite, said_in
from rag.claims.antecedents import persons_in
from rag.claims.apart import turned
from rag.claims.deeds import told_in_phrase
from rag.claims.rivals import Claimed
from rag.grounding.findings import Source
from rag.grounding.wording import read
from rag.settings import Settings

MUSEUM = """The Maritime Museum

The museum in the old customs house shows wooden boats that fishermen built by hand. Its workshop teaches young people to
repair sails and nets. The director, Nadia Haddad, resigned in May 2021 after a dispute over the budget. Church groups
called on visitors to abstain from alcohol during the festival.
"""
VALLEY = """وادي النهر

تزرع العائلات في الوادي أشجار الزيتون منذ قرون، وتبيع الزيت في أسواق المدينة. وتعمل المدرسة الجديدة على تعليم الأطفال القراءة
والكتابة. واستقال رئيس البلدية سامر الحلبي في آذار 2020 بعد خلاف على الميزانية.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("across")
    (folder / "museum.txt").write_text(MUSEUM, encoding="utf-8")
    (folder / "valley.txt").write_text(VALLEY, encoding="utf-8")
    with Engine.open(folder / "home", settings=settings, command="tests") as opened:
        opened.ingest([folder / "museum.txt", folder / "valley.txt"])
        yield opened


@pytest.mark.parametrize(
    "claim",
    [
        "يعرض المتحف قوارب خشبية بناها الصيادون بأيديهم.",
        "Families in the valley plant olive trees, and sell the oil in the city's markets.",
        "The new school teaches children to read and write.",
        "Nadia Haddad stepped down in May 2021.",
        "The mayor, Samer al-Halabi, stepped down in March 2020.",
    ],
)
def test_what_the_other_language_says_is_borne_out(claim: str, engine: Engine) -> None:
    assert engine.check(claim).verdict == "supported"


@pytest.mark.parametrize(
    "claim",
    [
        "لا يعرض المتحف قوارب خشبية بناها الصيادون بأيديهم.",
        "لا تعلّم ورشة المتحف الشباب إصلاح الأشرعة والشباك.",
        "يعرض المتحف طائرات خشبية بناها الصيادون بأيديهم.",
        "Families in the valley do not grow olive trees and sell the oil in the city's markets.",
        "The old school teaches children to read and write.",
        "The mayor, Samer al-Halabi, stepped down in March 2019.",
        "The mayor, Karim Mansour, stepped down in March 2020.",
    ],
)
def test_what_is_turned_round_is_not(claim: str, engine: Engine) -> None:
    assert engine.check(claim).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "language", "sentence", "told"),
    [
        ("The river is not a border.", "en", "النهر حدود بين البلدين.", "not a border"),
        ("لا يعد النهر حدودا.", "ar", "The river is a border.", "لا يعد النهر"),
        ("The river is not a border.", "en", "ليس النهر حدودا.", None),
        ("The plan is not finished.", "en", "بقيت الخطة بلا نهاية.", None),
        ("لا يعد المشروع مشروعا.", "ar", "The project is considered unlawful.", None),
        ("The river is a border.", "en", "النهر حدود.", None),
    ],
)
def test_a_negation_that_the_sentence_has_in_no_way(claim: str, language: str, sentence: str, told: str | None) -> None:
    found = negated_alone(Claimed(claim, language), Source(sentence, "ar" if language == "en" else "en"))
    assert (found.said if found else None) == told


@pytest.mark.parametrize(
    ("claim", "language", "sentence", "told"),
    [
        ("The northern coast is dry.", "en", "الساحل الجنوبي جاف.", ("northern", "الجنوبي")),
        ("الساحل الشمالي جاف.", "ar", "The southern coast is dry.", ("الشمالي", "southern")),
        ("The northern coast is dry.", "en", "الساحل الشمالي جاف.", None),
        ("The road runs from the northern coast to the southern one.", "en", "يمتد الطريق إلى الساحل الجنوبي.", None),
    ],
)
def test_an_opposite_in_the_other_language(
    claim: str, language: str, sentence: str, told: tuple[str, str] | None
) -> None:
    found = opposite(Claimed(claim, language), Source(sentence, "ar" if language == "en" else "en"))
    assert ((found.said, found.instead) if found else None) == told


def test_what_the_claim_abstains_from_too_is_not_turned() -> None:
    claim = Claimed("دعا المجلس الأعضاء إلى الامتناع عن الكحول.", "ar")
    assert turned(claim, Source("The board called on members to abstain from alcohol.", "en")) is None
    claim = Claimed("دعا المجلس الأعضاء إلى شرب الكحول.", "ar")
    assert turned(claim, Source("The board called on members to abstain from alcohol.", "en")) is not None


def test_infinitely_many_is_no_negation() -> None:
    claim = Claimed("There are infinitely many primes of this form.", "en")
    assert turned(claim, Source("يوجد عدد لا نهائي من الأعداد الأولية بهذا الشكل.", "ar")) is None


@pytest.mark.parametrize(
    ("claim", "language", "sentence", "whole"),
    [
        ("The fishermen repair nets.", "en", "يصلح الصيادون الشباك.", True),
        ("The pilots repair engines.", "en", "يصلح الصيادون الشباك.", False),
        ("يصلح الصيادون الشباك.", "ar", "The fishermen repair nets.", True),
        ("يصلح الطيارون المحركات.", "ar", "The fishermen repair nets.", False),
    ],
)
def test_how_much_of_a_claim_a_sentence_has(claim: str, language: str, sentence: str, *, whole: bool) -> None:
    weights = {at: 1.0 for at, token in enumerate(read(claim)) if token.content}
    share = said_in(
        Claimed(claim, language), Source(sentence, "ar" if language == "en" else "en"), weights, frozenset()
    )
    assert (share > 0.6) is whole


@pytest.mark.parametrize(
    ("claim", "source", "told"),
    [
        ("The minister stepped down.", "The minister resigned.", ["stepped", "down"]),
        ("The minister resigned.", "The minister has stepped down.", ["resigned"]),
        ("The minister stepped down.", "استقال الوزير.", ["stepped", "down"]),
        ("تنحى الوزير.", "The minister stood down.", ["تنحي"]),
        ("The minister stepped onto a bus.", "The minister resigned.", []),
        ("The minister resigned.", "استقال الوزير.", []),
    ],
)
def test_a_verb_with_its_particle_tells_the_deed(claim: str, source: str, told: list[str]) -> None:
    stated = read(claim)
    assert [stated[at].folded for at in sorted(told_in_phrase(stated, read(source)))] == told


def test_the_deputies_of_a_chamber_are_no_persons_title() -> None:
    assert persons_in("أقر مجلس النواب قانون مكافحة التطبيع بأغلبية 389 صوتا.", "ar") == []
    assert [one.text for one in persons_in("قال المهندس سليم الأسود إن السد آمن.", "ar")] == ["سليم الأسود"]


def test_an_act_in_arabic_is_borne_out_by_the_english_vote(samples_engine: Engine) -> None:
    assert (
        samples_engine.check("أقر مجلس النواب قانون مكافحة التطبيع بأغلبية 389 صوتا مقابل 32.").verdict == "supported"
    )
    assert (
        samples_engine.check("أقر مجلس النواب قانون مكافحة التطبيع بأغلبية 289 صوتا مقابل 32.").verdict != "supported"
    )
