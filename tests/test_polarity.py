"""Who voted against is not answered by who voted for: sentences that tell of the opposite act come behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Engine
from rag.answering.constraints.polarity import act_of, asks_who_did, opposite, tells
from rag.answering.question.answer_type import asked_of
from rag.settings import Settings

AGAINST = "Who voted against the tunnel?"
FOR = "Who voted for the tunnel?"
CRITICISED = "من انتقد مشروع النفق؟"
PRAISED = "من أشاد بمشروع النفق؟"


@pytest.mark.parametrize(
    ("question", "text", "turned"),
    [
        (AGAINST, "Rana Saab voted for it.", True),
        (AGAINST, "Nine councillors voted in favour of the tunnel.", True),
        (AGAINST, "The council voted on Tuesday night to build the tunnel.", True),
        (AGAINST, "The council voted to reject the tunnel.", False),
        (AGAINST, "The council voted 83 to 11.", False),
        (AGAINST, "The council voted eighty to eleven.", False),
        (AGAINST, "The council voted on whether to build the tunnel.", False),
        (AGAINST, "The unions backed the tunnel.", True),
        (AGAINST, "وأيد النقيب النفق.", True),
        (AGAINST, "Nadim Awad voted against it.", False),
        (AGAINST, "Seven voted for it and Nadim Awad against it.", False),
        (AGAINST, "Rana Saab did not support the tunnel.", False),
        (AGAINST, "The tunnel is long.", False),
        (AGAINST, "The council has different, if not opposing, views.", False),
        (FOR, "Nadim Awad voted against it.", True),
        (FOR, "The council voted to reject the tunnel.", True),
        (FOR, "Nine councillors voted in favour of the tunnel.", False),
        (FOR, "عارض النائب النفق.", True),
        (FOR, "Rana Saab voted for it.", False),
        (CRITICISED, "وأشاد المهندس بمشروع النفق.", True),
        (CRITICISED, "ورحبت النقابة بالمشروع.", True),
        (CRITICISED, "Engineers praised the tunnel.", True),
        (CRITICISED, "وانتقد المهندس مشروع النفق.", False),
        (CRITICISED, "أشادت النقابة بالمشروع فيما انتقده الأهالي.", False),
        (PRAISED, "وانتقد المهندس مشروع النفق.", True),
        ("من لم يؤيد المشروع؟", "وأيد النقيب المشروع.", True),
        (FOR, "Homs and Hama were among those that voted no.", True),
        (FOR, "Egypt and Oman abstained in the vote.", True),
        (AGAINST, "Egypt and Oman abstained.", True),
        (FOR, "Kuwait voted for it; Egypt abstained.", False),
        ("من صوت لصالح القرار؟", "وامتنعت مصر وعمان عن التصويت.", True),
        ("من امتنع عن التصويت؟", "وامتنعت مصر وعمان عن التصويت.", False),
        ("Who won the match?", "Homs lost the match to Hama.", False),
        ("When was the tunnel approved?", "The tunnel was rejected in 2012.", False),
    ],
)
def test_the_opposite_act_is_told_in_both_languages(question: str, text: str, turned: bool) -> None:
    act = act_of(question, asked_of(question))
    assert (bool(act) and opposite(text, act, question)) is turned


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("Which Arab countries voted for the resolution?", True),
        ("ما الدول العربية التي صوتت لصالح القرار؟", True),
        ("What is the result of the vote?", False),
        ("ما عدد الذين صوتوا لصالح القرار؟", False),
        ("Which bridge is the longest?", False),
        ("When was it voted on?", False),
    ],
)
def test_which_of_several_voted_is_who_did(question: str, who: bool) -> None:
    assert (asks_who_did(question, asked_of(question)) is not None) is who


FOR_IN_ARABIC, AGAINST_IN_ARABIC = "من صوت لصالح النفق؟", "من صوت ضد النفق؟"


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"Martha Quill voted to {deed} the tunnel."
            for deed in ("kill", "defeat", "shelve", "repeal", "strike down")
        ),
        "Martha Quill voted not to approve the tunnel.",
        "Martha Quill voted for scrapping the tunnel.",
        *(f"صوّتت مها على {deed} النفق." for deed in ("إلغاء", "تأجيل", "رفض", "إسقاط", "تعليق")),
        "وصوتت مها لصالح إلغاء النفق.",
    ],
)
def test_who_voted_to_end_a_thing_voted_against_it(text: str) -> None:
    for question, turned in (
        (FOR, True),
        (AGAINST, False),
        (FOR_IN_ARABIC, True),
        (AGAINST_IN_ARABIC, False),
    ):
        act = act_of(question, asked_of(question))
        assert opposite(text, act, question) is turned
        assert tells(text, question, act) is not turned


@pytest.mark.parametrize("text", ["She voted to approve the tunnel.", "صوّتت مها على إقرار النفق.", "صوتت على اعتماده."])
def test_who_voted_to_approve_a_thing_voted_for_it(text: str) -> None:
    assert opposite(text, act_of(AGAINST, asked_of(AGAINST)), AGAINST)
    assert not opposite(text, act_of(FOR, asked_of(FOR)), FOR)


@pytest.mark.parametrize("text", ["She voted to rename the tunnel.", "صوّتت مها على مناقشة النفق."])
def test_of_other_deeds_no_side_is_told_but_of_the_questions_own(text: str) -> None:
    assert not any(opposite(text, act_of(one, asked_of(one)), one) for one in (FOR, AGAINST))
    own = "Who voted to rename the tunnel?"
    act = act_of(own, asked_of(own))
    assert opposite("She voted against it.", act, own)
    assert not opposite("She voted to rename it, two against it.", act, own)


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("ومن عارضه؟", "وعارضت حماة القرار.", True),
        ("ومن عارضه؟", "Homs and Hama were among those that voted no.", True),
        ("ومن عارضه؟", "وأيدت حمص القرار.", False),
        ("من رحب بالقرار؟", "ونص القرار على عودة الوفود.", False),
        ("And who opposed it?", "Hama rejected the tunnel.", True),
        ("Who supported the tunnel?", "Its mandate is to support survivors.", False),
        (AGAINST, "The motion was carried by 83 votes to 11.", True),
        (AGAINST, "Otterby town council voted on Tuesday night to build the tunnel.", False),
        (AGAINST, "Nine councillors voted in favour of the tunnel, which Priya Hallam put forward.", False),
    ],
)
def test_who_took_a_side_is_told_in_whatever_form(question: str, text: str, told: bool) -> None:
    assert tells(text, question, act_of(question, asked_of(question))) is told


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("acts")
    (folder / "tunnel.txt").write_text(
        "The tunnel of Jabal Sirr\n\nThe council of Jabal Sirr decided on the tunnel after a long night. Rana Saab, the"
        " mayor, voted for the tunnel and promised work for two hundred men. Nadim Awad, a teacher, voted against the"
        " tunnel because of the springs.\n",
        encoding="utf-8",
    )
    (folder / "port.txt").write_text(
        "توسيع مرفأ الزيتونة\n\nأعلنت المحافظة توسيع مرفأ الزيتونة. وأشاد رئيس الغرفة التجارية كميل نصار بتوسيع المرفأ."
        " وانتقد نقيب الصيادين وليد شعبان توسيع المرفأ لأنه يضيّق على القوارب.\n",
        encoding="utf-8",
    )
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([Path(folder / "tunnel.txt"), Path(folder / "port.txt")]).failed
        yield engine


@pytest.mark.parametrize(
    ("question", "who", "not_who"),
    [
        ("Who voted against the tunnel of Jabal Sirr?", "Nadim Awad", "Rana Saab"),
        ("Who voted for the tunnel of Jabal Sirr?", "Rana Saab", "Nadim Awad"),
        ("من انتقد توسيع مرفأ الزيتونة؟", "وليد شعبان", "كميل نصار"),
        ("من أشاد بتوسيع مرفأ الزيتونة؟", "كميل نصار", "وليد شعبان"),
    ],
)
def test_who_did_the_opposite_is_not_quoted(question: str, who: str, not_who: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    assert answer.status == "answered"
    assert any(who in citation.quote for citation in answer.citations)
    assert not any(not_who in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("من قاطع توسيع مرفأ الزيتونة؟", False),
        ("من رحب بتوسيع مرفأ الزيتونة؟", True),  # أشاد به
        ("Who attended the council of Jabal Sirr?", False),
    ],
)
def test_where_nobody_took_the_side_nothing_is_quoted(question: str, found: bool, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    assert (answer.status == "answered") is found
    assert answer.passages
