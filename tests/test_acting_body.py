"""Which body did it: the Senate's vote does not answer when the House voted, in either language."""

from __future__ import annotations

import pytest

from rag import Engine
from rag.answering.constraints.acting_body import By, acting, by_whom
from rag.types import Answer

PASSED = "The Assad Regime Anti-Normalization Act passed on 14 February 2024 by 389 votes to 32."


@pytest.mark.parametrize(
    ("question", "body"),
    [
        ("And when did the House pass it?", "house"), ("when did the house pass it", "house"),
        ("When did the US Senate approve the act?", "senate"), ("How many senators voted for it?", "senate"),
        ("How many votes did it get in the House?", "house"), ("When was it struck down by the court?", "court"),
        ("When did the president sign it?", "president"), ("When did the health ministry close it?", "ministry"),
        ("متى أقره مجلس النواب؟", "house"), ("ومتى أقر مجلس الشيوخ القانون؟", "senate"), ("ومتى وقّعه الرئيس؟", "president"),
        ("كم صوتا نال في مجلس الشيوخ؟", "senate"), ("متى أغلقت وزارة الصحة المشفى؟", "ministry"),
        ("When did the court order the ministry to pay?", "court"),
    ],
)  # fmt: skip
def test_a_body_that_a_question_names_as_the_one_that_acts_is_known(question: str, body: str) -> None:
    assert acting(question) == {body}


@pytest.mark.parametrize(
    "question",
    [
        "When did the Speaker of the House resign?", "When did the White House reply?", "Who signed it?", "من وقّعه؟",
        "متى زار رئيس مجلس النواب دمشق؟", "Who is the president of Peru?", "من رئيس مجلس الشيوخ؟", "",
        "When did the House and the president agree?",
    ],
)  # fmt: skip
def test_who_only_has_its_name_does_not_act(question: str) -> None:
    assert acting(question) == frozenset()


@pytest.mark.parametrize(
    ("question", "text", "before", "by"),
    [
        ("When did the House pass it?", "The Senate passed it a week later.", "", "elsewhere"),
        ("When did the Senate pass it?", "The House passed it by 312 votes and the Senate by 77.", "", "here"),
        ("متى أقره مجلس الشيوخ؟", "The House approved it on April 16.", "", "elsewhere"),
        ("When did the Senate pass it?", "أقرّه مجلس النواب في نيسان.", "", "elsewhere"),
        # The sentence before it says whose vote it was.
        (
            "When did the Senate pass it?",
            PASSED,
            "The US House of Representatives has voted to forbid it.",
            "elsewhere",
        ),
        ("When did the House pass it?", PASSED, "The US House of Representatives has voted to forbid it.", "unknown"),
        # That one did it first only says when.
        ("When did the president sign it?", "It was signed on May 3 after the House passed it.", "", "unknown"),
        ("متى وقّعه الرئيس؟", "وقّعه بايدن في 24 نيسان بعد أن أقره مجلس النواب.", "", "unknown"),
        # One of which the other is a part, and one that the question names too.
        ("When did parliament pass it?", "The House passed it in May.", "", "unknown"),
        ("When did the court order the ministry to pay?", "The ministry was ordered to pay on 3 May.", "", "unknown"),
        ("متى أغلقت وزارة الصحة المشفى؟", "أغلقت وزارة الداخلية المشفى في أيار.", "", "elsewhere"),
        ("When did the health ministry close it?", "أغلقته وزارة الصحة في أيار.", "", "here"),
        ("When did the court fine the mill?", "The government fined the mill in May.", "", "elsewhere"),
        ("Who signed it?", "The Senate passed it.", "", "unknown"),
        # Who is named beside the deed did not do it: to whom it was sent, to whom it was done, who did something else.
        (
            "When did parliament ratify the fishing treaty with Norway?",
            "The fishing treaty with Norway was ratified on 3 May 2021, and the president signed it a day later.",
            "",
            "unknown",
        ),
        (
            "When did the president submit the budget bill?",
            "It was submitted to parliament on 5 May 2020.",
            "",
            "unknown",
        ),
        ("When did the court jail Mubarak?", "The former president was jailed on 2 June 2012.", "", "unknown"),
        ("When did the court jail Mubarak?", "The president jailed in 2012 was Hosni Mubarak.", "", "unknown"),
        ("When did the president sign the bill?", "He signed the bill passed by Congress on 5 May.", "", "unknown"),
        ("متى أقر مجلس النواب القانون؟", "أُقر القانون في 3 أيار ووقعه الرئيس بعد يومين.", "", "unknown"),
        ("متى أدانت المحكمة ساركوزي؟", "أدين الرئيس السابق ساركوزي في 1 آذار 2021.", "", "unknown"),
        ("متى سجنت المحكمة مبارك؟", "سُجن الرئيس مبارك في 2 حزيران 2012.", "", "unknown"),
        ("متى قدّم الرئيس الموازنة؟", "قُدّمت إلى مجلس النواب في 5 أيار 2020.", "", "unknown"),
        (
            "When did the health ministry close the hospital?",
            "The hospital was closed on 3 May, the interior minister said.",
            "",
            "unknown",
        ),
        ("متى أغلقت وزارة الصحة المشفى؟", "أُغلق المشفى في أيار، وفق وزارة الداخلية.", "", "unknown"),
        # Plainly another one's.
        ("When did the court close the mill?", "It was closed by the city council on 3 May.", "", "elsewhere"),
        ("When did the health ministry close it?", "In May the interior ministry closed it.", "", "elsewhere"),
        ("When did the House pass it?", "On Tuesday, the US Senate voted 79 to 18 for it.", "", "elsewhere"),
        ("متى أقر مجلس النواب القانون؟", "أُقر القانون من قبل مجلس الشيوخ في أيار.", "", "elsewhere"),
        ("متى أقر مجلس النواب القانون؟", "وأقر مجلس الشيوخ القانون في أيار.", "", "elsewhere"),
    ],
)
def test_whose_deed_a_sentence_tells(question: str, text: str, before: str, by: By) -> None:
    language = "ar" if any("\u0621" <= letter <= "\u064a" for letter in text) else "en"
    assert by_whom(question, text, language, before) == by


def talk(engine: Engine, *questions: str) -> Answer:
    history: list[tuple[str, Answer]] = []
    for question in questions:
        history.append((question, engine.ask(question, history=history, mode="quotes")))
    return history[-1][1]


@pytest.mark.parametrize(
    ("turns", "first", "never"),
    [
        (("When did Captagon 2 become law?", "And when did the House pass it?"), "The House approved it", "The Senate"),
        (
            ("When did Captagon 2 become law?", "And when did the president sign it?"),
            "President Joe Biden",
            "The House",
        ),
        (("متى وقّع بايدن قانون الكبتاغون؟", "ومتى أقره مجلس النواب؟"), "The House approved it", "The Senate"),
        (("متى وقّع بايدن قانون الكبتاغون؟", "ومتى أقره مجلس الشيوخ؟"), "The Senate passed it", "The House approved"),
    ],
)
def test_the_deed_of_another_body_is_not_quoted_beside_that_of_the_one_asked_for(
    samples_engine: Engine, turns: tuple[str, str], first: str, never: str
) -> None:
    found = talk(samples_engine, *turns)
    assert first in found.citations[0].quote
    assert not any(one.quote.startswith(never) for one in found.citations)


def test_a_vote_of_the_house_is_not_given_for_the_senates(samples_engine: Engine) -> None:
    found = talk(
        samples_engine, "When did the House pass the anti-normalization act?", "And when did the Senate pass it?"
    )
    assert not any(PASSED in one.quote for one in found.citations)
