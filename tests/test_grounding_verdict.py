"""The whole verdict on statements, with the real embedding model: in Arabic, in English and across."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from rag import Engine
from rag.grounding.findings import Finding, Source
from rag.grounding.meaning import clauses
from rag.grounding.reasons import reasons
from rag.grounding.verdict import Verdict, judge

ARABIC = Source(
    "ضبطت الشرطة الإيطالية في ميناء ساليرنو في 1 تموز 2020 أربعة عشر طنا من الأمفيتامين في ثلاث حاويات. "
    "وقال العقيد ماريو روسي إن الشحنة أتت من سوريا.",
    "ar",
    date(2020, 7, 3),
)
ENGLISH = Source(
    "Italian police at the port of Salerno seized 14 tonnes of amphetamine in three containers on July 1, 2020. "
    "The shipment came from Syria, Colonel Mario Rossi said.",
    "en",
    date(2020, 7, 3),
)


@pytest.fixture(scope="module")
def verdict(samples_engine: Engine):
    encoder = samples_engine.encoder()

    def vectors(texts: Sequence[str]) -> np.ndarray:
        return np.stack([encoder.encode_query(text) for text in texts])

    return lambda statement, language, *sources: judge(statement, language, sources, vectors)


@pytest.mark.parametrize("source", [ARABIC, ENGLISH], ids=["ar", "en"])
@pytest.mark.parametrize(
    ("statement", "language"),
    [
        ("Police in Salerno seized 14 tonnes of amphetamine.", "en"),
        ("On 1 July 2020 fourteen tonnes of amphetamine were seized in Salerno.", "en"),
        ("ضبطت الشرطة الإيطالية ١٤ طنا من الأمفيتامين في ميناء ساليرنو.", "ar"),
        ("ضُبط أربعة عشر طنا من الأمفيتامين في ساليرنو في الأول من يوليو 2020.", "ar"),
    ],
)
def test_what_the_source_says_is_supported_in_any_form(statement: str, language: str, source: Source, verdict) -> None:
    found: Verdict = verdict(statement, language, source)
    assert (found.support, found.findings) == ("supported", ())


@pytest.mark.parametrize("source", [ARABIC, ENGLISH], ids=["ar", "en"])
@pytest.mark.parametrize(
    ("statement", "language", "kind"),
    [
        ("Police in Salerno seized 41 tonnes of amphetamine.", "en", "number"),
        ("Police in Salerno seized 14 tonnes of amphetamine in August 2020.", "en", "date"),
        ("Police in Beirut seized 14 tonnes of amphetamine.", "en", "name"),
        ("Police seized 14 tonnes of amphetamine and called it “the largest haul in history”.", "en", "quote"),
        ("ضبطت الشرطة الإيطالية ٤١ طنا من الأمفيتامين في ميناء ساليرنو.", "ar", "number"),
        ("ضبطت الشرطة الإيطالية ١٤ طنا من الأمفيتامين في ساليرنو عام 2021.", "ar", "date"),
        ("ضبطت الشرطة اليونانية ١٤ طنا من الأمفيتامين في ميناء ساليرنو.", "ar", "name"),
        ("وصفت الشرطة ضبط 14 طنا من الأمفيتامين بأنه «أكبر ضبط في التاريخ».", "ar", "quote"),
    ],
)
def test_what_is_wrong_in_one_thing_is_unsupported_for_that(
    statement: str, language: str, kind: str, source: Source, verdict
) -> None:
    found: Verdict = verdict(statement, language, source)
    assert found.support == "unsupported"
    assert kind in {finding.kind for finding in found.findings}
    for reader in ("ar", "en"):
        assert all(reasons(found.findings, reader))


@pytest.mark.parametrize(
    ("statement", "language", "source"),
    [
        ("The shipment came from Syria.", "en", ENGLISH),
        ("أتت الشحنة من سوريا.", "ar", ARABIC),
        ("Colonel Mario Rossi denied that the shipment came from Syria.", "en", ENGLISH),
    ],
)
def test_somebodys_word_told_as_a_fact_and_what_is_turned_round_are_never_supported(
    statement: str, language: str, source: Source, verdict
) -> None:
    found: Verdict = verdict(statement, language, source)
    assert found.support == "weak"
    assert {finding.kind for finding in found.findings} <= {"attribution", "negation"}


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_the_source_is_not_about_is_unsupported(language: str, verdict) -> None:
    statement = {
        "ar": "يزرع المزارعون الزيتون في تلال الجنوب كل خريف.",
        "en": "Farmers plant olive trees on hills every autumn.",
    }
    found: Verdict = verdict(statement[language], language, ARABIC, ENGLISH)
    assert found.support == "unsupported"
    assert [finding.kind for finding in found.findings] == ["meaning"]


def test_of_several_sources_each_may_bear_out_a_part(verdict) -> None:
    other = Source("Fenethylline was first made by the German firm Degussa in 1961.", "en")
    found: Verdict = verdict("Police in Salerno seized 14 tonnes of amphetamine.", "en", other, ENGLISH)
    assert found.support == "supported"


def test_a_statement_is_cut_at_its_clauses_and_nowhere_else() -> None:
    assert clauses("The police seized the cargo in July, which led to three arrests in the port.") == [
        "The police seized the cargo in July",
        "which led to three arrests in the port.",
    ]
    assert clauses("Short, and quick.") == ["Short and quick."]
    assert clauses("") == [""]


def test_reasons_are_one_line_each_in_the_readers_language() -> None:
    findings = (Finding("number", "41", "14"), Finding("number", "41", "14"), Finding("meaning", "x" * 500))
    assert reasons(findings, "en") == ("It says 41; the source has 14.", "The source does not clearly say this.")
    assert reasons(findings, "ar") == ("هنا 41، وفي المصدر 14.", "لا يقول المصدر هذا بوضوح.")
    (long,) = reasons((Finding("quote", "word " * 100),), "en")
    assert len(long) < 200


@pytest.mark.parametrize(
    ("finding", "english", "arabic"),
    [
        (
            Finding("attribution", "علي", "سامر", "speaker"),
            "Here this is attributed to علي; in the source, to سامر.",
            "يُنسب هذا هنا إلى علي، وفي المصدر إلى سامر.",
        ),
        (
            Finding("attribution", "كل العبارة", "نفت", "denial"),
            "The source reports that this is denied: “نفت”.",
            "ينقل المصدر نفيا لهذا: «نفت».",
        ),
        (Finding("opposite", "", "رفض"), "The source says the opposite: “رفض”.", "يقول المصدر عكس هذا: «رفض»."),
        (
            Finding("unanswered", "سعر"),
            "The source says something near this; nothing in it was found to answer to: سعر.",
            "يقول المصدر قريبا من هذا، ولم يُعثر فيه على ما يقابل: سعر.",
        ),
    ],
)
def test_a_reason_says_what_kind_of_thing_is_wrong(finding: Finding, english: str, arabic: str) -> None:
    assert (reasons([finding], "en"), reasons([finding], "ar")) == ((english,), (arabic,))


def test_words_of_another_script_in_a_reason_keep_their_own_direction() -> None:
    (reason,) = reasons((Finding("date", "يوليو 2019", "1 July 2020"),), "ar")
    assert reason == "هنا يوليو 2019، وفي المصدر \u20681 July 2020\u2069."
    (reason,) = reasons((Finding("negation", "", "لم يحضر \u202eأحد"),), "en")
    assert "“\u2068لم يحضر أحد\u2069”" in reason
