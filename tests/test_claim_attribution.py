"""Claims and whose word they are: what a document only attributes, claims that name their speaker, own deeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Engine
from rag.claims.verdicts import CheckedSentence, Unclear, Verdict
from rag.settings import Settings
from rag.types import Models

CLINICS = """\
The Ministry of Health said on Sunday that twelve clinics in the northern province had closed for lack of fuel. The
doctors' union said that the ministry had ignored its warnings about the shortage since January.

A spokesman for the provincial council, Fadi Nasser, told reporters that the fuel trucks had been delayed at the border
for three weeks. He added that four more clinics would need generators.
"""
ROAD = """\
The Ministry of Transport announced that it had reopened the coastal road between Banias and Jableh after repairs that
took eight months. The mayor of Jableh, Salma Darwish, said that the repairs had cost 14 million dollars.

The Ministry of Education announced a 30 percent cut in university fees for students from rural districts. The army
announced that it had killed 25 fighters near the dam.
"""
WAGES = """\
أعلنت وزارة المالية أنها رفعت أجور موظفي القطاع العام بنسبة ٢٠ في المئة ابتداء من آذار. وقال المصرف المركزي إن احتياطي
العملات الأجنبية تراجع إلى أربعة مليارات دولار.

ونفى وزير المالية كريم منصور أن تكون الحكومة قد باعت ذهب المصرف المركزي. وأكد اتحاد العمال أن الزيادة لا تغطي نصف ارتفاع
أسعار الغذاء.
"""
LAKE = """\
قالت وزارة الموارد المائية إن منسوب بحيرة السد انخفض ستة أمتار خلال الصيف. وأوضح المهندس زياد حمدان أن التوربينات توقفت عن
العمل مرتين في تموز. وأضاف أن إصلاحها يكلّف ثلاثة ملايين دولار.

وأعلنت وزارة الزراعة خفض حصص مياه الري بنسبة ١٥ في المئة. وقال السفير النرويجي في بيروت يوهان ليند إن بلاده أرسلت 40 مضخة.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("attributed")
    for name, title, text in (
        ("clinics", "Clinics", CLINICS), ("road", "The road", ROAD), ("wages", "الأجور", WAGES), ("lake", "السد", LAKE)
    ):  # fmt: skip
        paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
        (folder / f"{name}.md").write_text(f"# {title}\n\n" + "\n\n".join(paragraphs) + "\n", encoding="utf-8")
    with Engine.open(folder / "home", settings=Settings(), command="tests") as opened:
        assert not opened.ingest([folder]).failed
        yield opened


@pytest.mark.parametrize(
    "claim",
    [
        "The Ministry of Health said that twelve clinics in the northern province had closed for lack of fuel.",
        "قالت وزارة الصحة إن اثنتي عشرة عيادة في المحافظة الشمالية أغلقت لنقص الوقود.",
        "قالت وزارة الموارد المائية إن منسوب بحيرة السد انخفض ستة أمتار خلال الصيف.",
        "The Ministry of Water Resources said that the level of the dam's lake fell six metres over the summer.",
        # In another plain word of saying than the source's.
        "أكد المهندس زياد حمدان أن توربينات السد توقفت عن العمل مرتين في تموز.",
        "بحسب المصرف المركزي، تراجع احتياطي العملات الأجنبية إلى أربعة مليارات دولار.",
        "According to the mayor of Jableh, Salma Darwish, the repairs of the coastal road cost 14 million dollars.",
        # The name stands behind where the office is.
        "قال يوهان ليند إن النرويج أرسلت 40 مضخة.",
        "قال ليند إن النرويج أرسلت 40 مضخة.",
    ],
)
def test_a_claim_that_says_whose_word_it_is_is_borne_out_by_that_word(engine: Engine, claim: str) -> None:
    assert engine.check(claim).verdict == "supported"


@pytest.mark.parametrize(
    "claim",
    [
        "The doctors' union said that twelve clinics in the northern province had closed for lack of fuel.",
        "قالت وزارة الصحة إن منسوب بحيرة السد انخفض ستة أمتار خلال الصيف.",
        "قال وزير المالية كريم منصور إن احتياطي العملات الأجنبية تراجع إلى أربعة مليارات دولار.",
        "Fadi Nasser said that the repairs of the coastal road had cost 14 million dollars.",
        "قالت بيروت إن النرويج أرسلت 40 مضخة.",
        "نفى المهندس زياد حمدان أن توربينات السد توقفت عن العمل مرتين في تموز.",
    ],
)
def test_another_ones_word_bears_nothing_out(engine: Engine, claim: str) -> None:
    assert engine.check(claim).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "kind", "reason"),
    [
        (
            "The repairs of the coastal road cost 14 million dollars.",
            "attributed",
            "Attributed only: “The mayor of Jableh, Salma Darwish, said”.",
        ),
        (
            "انخفض منسوب بحيرة السد ستة أمتار خلال الصيف.",
            "attributed",
            "منسوب إلى قائله فقط: «قالت وزارة الموارد المائية».",
        ),
        ("The army killed 25 fighters near the dam.", "attributed", "Attributed only: “The army announced”."),
        # A mere "he added" is told with the name that stands before it.
        (
            "إصلاح التوربينات يكلّف ثلاثة ملايين دولار.",
            "attributed",
            "منسوب إلى قائله فقط: «وأضاف» (وقبله: المهندس زياد حمدان).",
        ),
        # What clinics did is no deed of the ministry that tells it.
        (
            "Twelve clinics in the northern province closed for lack of fuel.",
            "attributed",
            "Attributed only: “The Ministry of Health said”.",
        ),
        ("باعت الحكومة ذهب المصرف المركزي.", "denied", "ينقل المصدر نفيا لهذا: «ونفى وزير المالية كريم منصور»."),
        (
            "The doctors' union said that twelve clinics in the northern province had closed for lack of fuel.",
            "part",
            "Here this is attributed to doctors' union; in the source, to Ministry of Health.",
        ),
    ],
)
def test_an_unclear_verdict_tells_its_kind_and_who_said_so(
    engine: Engine, claim: str, kind: Unclear, reason: str
) -> None:
    verdict = engine.check(claim)
    assert (verdict.verdict, verdict.unclear) == ("unclear", kind)
    assert reason in verdict.evidence[0].reasons
    written = verdict.to_json()
    assert (written["unclear"], written["statements"][0]["unclear"]) == (kind, kind)
    assert Verdict.from_json(written).unclear == kind


@pytest.mark.parametrize(
    "claim",
    [
        "The Ministry of Transport reopened the coastal road between Banias and Jableh.",
        "رفعت وزارة المالية أجور موظفي القطاع العام بنسبة ٢٠ في المئة.",
        "The Ministry of Finance raised the wages of public-sector employees by 20 percent.",
        "The Ministry of Education cut university fees for students from rural districts by 30 percent.",
        "خفضت وزارة الزراعة حصص مياه الري بنسبة ١٥ في المئة.",
    ],
)
def test_what_an_authority_announces_of_its_own_deeds_is_a_fact(engine: Engine, claim: str) -> None:
    verdict = engine.check(claim)
    assert (verdict.verdict, verdict.unclear) == ("supported", None)
    assert "unclear" not in verdict.to_json()


def test_sources_that_disagree_are_a_kind_of_their_own(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "one.txt").write_text("بنى مهندسون سوريون جسر دركوش على نهر العاصي عام 1955.", encoding="utf-8")
    (tmp_path / "two.txt").write_text("بنى مهندسون من سوريا جسر دركوش على نهر العاصي عام 1962.", encoding="utf-8")
    with Engine.open(tmp_path / "home", settings=settings, command="tests") as opened:
        opened.ingest([tmp_path / "one.txt", tmp_path / "two.txt"])
        verdict = opened.check("بنى مهندسون سوريون جسر دركوش على نهر العاصي عام 1955.")
        assert (verdict.verdict, verdict.unclear) == ("unclear", "both")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("unclear", "attributed")], "attributed"),
        ([("unclear", "attributed"), ("unclear", "attributed")], "attributed"),
        ([("supported", None), ("unclear", "attributed")], "part"),
        ([("supported", None), ("not_found", None)], "part"),
        ([("unclear", "attributed"), ("not_found", None)], "part"),
        ([("unclear", "part"), ("not_found", None)], "part"),
        ([("unclear", "both"), ("unclear", "attributed")], "part"),
        ([("unclear", "denied"), ("not_found", None)], "denied"),
        ([("unclear", "denied"), ("unclear", "near")], "denied"),
        ([("unclear", "near"), ("not_found", None)], "near"),
        ([("unclear", "both"), ("unclear", "both")], "both"),
        ([("unclear", None)], None),  # saved by an earlier version
    ],
)
def test_the_kind_of_a_claim_is_made_of_its_sentences(parts: list, expected: str | None) -> None:
    sentences = tuple(CheckedSentence("قيل.", verdict, (), kind) for verdict, kind in parts)
    verdict = Verdict("قيل.", "ar", "unclear", sentences, (), (), 1, Models("m"), 1)
    assert verdict.unclear == expected
