"""Claims checked as the page does it, on the real engine over the samples."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest

from rag.engine import Engine
from ui import chat, checking, i18n, render_verdict
from ui.conversations import Conversations

CLAIMS = {
    ("supported", "ar"): "عادت سوريا إلى مقعدها في الجامعة العربية يوم 7 أيار 2023.",
    ("supported", "en"): "The drugs seized at Salerno had been shipped from Latakia.",
    ("contradicted", "ar"): "حددت السلطات السعودية البلد الذي أُرسلت منه شحنة الطحين.",
    ("contradicted", "en"): "Amer Khiti, who took over the factory near Douma, has been on the Canadian sanctions list since 2023.",
    ("not_found", "ar"): "أعلنت نيوزيلندا خطة لمكافحة تهريب التبغ.",
    ("not_found", "en"): "Kuwait and Oman signed a maritime border treaty.",
    ("unclear", "ar"): "استعادت سوريا مقعدها في جامعة الدول العربية في 7 مايو 2023. وزار رئيسها البرازيل بعد ذلك بأسبوع.",
    ("unclear", "en"): "Islamic State produced the drugs seized at Salerno in order to finance terrorism.",
}  # fmt: skip
ONE = "1" * 32


def check(
    engine: Any, claim: str, language: i18n.Language = "en", conversation: chat.Conversation = (), within: str = ""
) -> tuple[chat.Turn, chat.Update]:
    updates = list(checking.respond(engine, claim, conversation, language, within))
    assert updates[-1].conversation is not None
    return updates[-1].conversation[-1], updates[-1]


@pytest.mark.parametrize(("expected", "language"), CLAIMS)
def test_a_verdict_is_a_turn_whose_sources_open(samples_engine: Engine, expected: str, language: i18n.Language) -> None:
    claim = CLAIMS[expected, language]
    turn, update = check(samples_engine, claim, language)
    verdict = turn.verdict
    assert verdict is not None
    assert (verdict.verdict, verdict.language) == (expected, language)
    key = f"claim.unclear.{verdict.unclear}" if verdict.unclear else f"claim.verdict.{expected}"
    assert i18n.text(language, key) in turn.html
    assert turn.answer is None
    for one in verdict.evidence:
        assert str(html.escape(one.citation.quote)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in turn.html
        wanted = {"open": "citation", "turn": 1, "number": one.citation.number}
        opened = chat.open_source(samples_engine, (turn,), wanted)
        assert opened is not None
        marked = re.findall(r'<mark class="tw-chosen">(.*?)</mark>', opened, re.DOTALL)
        assert "\n".join(map(html.unescape, marked)) == one.citation.quote
        assert all(reason in html.unescape(turn.html) for reason in one.reasons)
    for found in verdict.passages:
        assert chat.open_source(samples_engine, (turn,), {"open": "passage", "turn": 1, "number": found.rank})
    assert bool(verdict.evidence) == (expected != "not_found")
    assert samples_engine.verify(json.loads(json.dumps(verdict.to_json()))).valid
    assert chat.resumed(samples_engine, (turn,)).panel == update.panel


def test_a_claim_is_told_in_the_language_of_the_page(samples_engine: Engine) -> None:
    claim = CLAIMS["contradicted", "en"]
    arabic, english = (check(samples_engine, claim, language)[0].verdict for language in ("ar", "en"))
    assert arabic is not None
    assert english is not None
    assert arabic.citations == english.citations
    assert all(reason.startswith("هنا ") for one in arabic.evidence for reason in one.reasons)
    assert all(reason.startswith("It says ") for one in english.evidence for reason in one.reasons)
    assert samples_engine.verify(arabic, again=True).valid
    assert samples_engine.check(claim).evidence == english.evidence


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_copied_has_claim_verdict_reasons_and_sources(samples_engine: Engine, language: i18n.Language) -> None:
    verdict = check(samples_engine, CLAIMS["contradicted", "en"], language)[0].verdict
    assert verdict is not None
    text = render_verdict.verdict_plain(verdict)
    (one,) = verdict.evidence
    for part in (verdict.claim, i18n.text(language, "claim.verdict.contradicted"), one.citation.quote, *one.reasons):
        assert part in text
    assert text.count("[1]") == 2
    assert "ar-douma-factory.md" in text


@pytest.mark.parametrize(
    ("claim", "question"),
    [("من قتل مرعي الرمثان؟", True), ("Who shipped the drugs?", True), ("«من قتله؟»", True), ('"Who? "', True),
     ("He asked who did it.", False), ("قيل «من؟» ثم ذهب.", False), ("", False)],
)  # fmt: skip
def test_a_question_is_known(claim: str, question: bool) -> None:
    assert checking.is_question(claim) is question


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_question_gets_a_hint_that_asks_it(samples_engine: Engine, language: i18n.Language) -> None:
    turn, _ = check(samples_engine, 'Who "shipped" the drugs?', language)
    assert turn.result is None
    assert i18n.text(language, "claim.question") in turn.html
    assert 'data-example="Who &#34;shipped&#34; the drugs?"' in turn.html


def test_one_document_alone_is_searched(samples_engine: Engine) -> None:
    salerno = next(one for one in samples_engine.documents() if one.title.startswith("Salerno"))
    other = next(one for one in samples_engine.documents() if one.title.startswith("The UN body"))
    claim = CLAIMS["supported", "en"]
    turn, _ = check(samples_engine, claim, within=salerno.document_id)
    assert turn.verdict is not None
    assert {one.document_id for one in turn.verdict.citations} == {salerno.document_id}
    assert html.escape(salerno.title) in turn.html
    turn, _ = check(samples_engine, claim, within=other.document_id)
    assert turn.verdict is not None
    assert (turn.verdict.verdict, [one.code for one in turn.verdict.notices]) == ("not_found", ["filters_narrow"])
    turn, _ = check(samples_engine, claim, within="gone")
    assert i18n.text("en", "error.document_not_found") in turn.html


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_claim_that_cannot_be_checked_says_why(samples_engine: Engine, language: i18n.Language) -> None:
    turn, _ = check(samples_engine, "word " * 280, language)
    assert i18n.text(language, "claim.verdict.unchecked") in turn.html
    assert turn.result is None
    assert ("The claim has 1,399 characters" in turn.html) == (language == "en")


def test_an_empty_home_and_a_bug_are_turns_too(tmp_path: Path) -> None:
    class Broken:
        def check(self, *_: object) -> None:
            raise ZeroDivisionError

    with Engine.open(tmp_path / "home") as engine:
        turn, _ = check(engine, CLAIMS["supported", "ar"], "ar")
    assert html.escape(i18n.text("ar", "error.home_empty")) in turn.html
    turn, _ = check(Broken(), "A claim.")
    assert html.escape(i18n.text("en", "error.unexpected"), quote=False) in html.unescape(turn.html)


def test_claims_are_lines_and_so_many_are_taken() -> None:
    assert checking.claims_in(" one \n\n\r\ntwo\n   ") == ("one", "two")
    assert checking.claims_in("") == ()
    assert len(checking.claims_in("claim\n" * 500)) == checking.MOST_CLAIMS


def test_a_claim_waits_is_stopped_and_kept_as_a_question_is(samples_engine: Engine) -> None:
    talks = Conversations()
    claim = CLAIMS["supported", "ar"]
    first, second = (talks.begin(ONE, claim, told="ar") for _ in range(2))
    assert all(i18n.text("ar", "claim.stopped") in turn.html for turn in talks.turns(ONE))
    turn, _ = check(samples_engine, claim, "ar", talks.before(ONE, first))
    talks.finish(ONE, first, turn)
    talks.stop(ONE, second.token)
    assert talks.result(ONE, 1) is turn.verdict
    assert talks.result(ONE, 2) is None
    # What was checked before is no history that a question could lean on.
    asked = list(chat.respond(samples_engine, "ومن عارضه؟", talks.turns(ONE)))
    assert asked[-1].conversation is not None
    talks.forget(ONE)
    assert talks.result(ONE, 1) is None
