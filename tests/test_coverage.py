"""What a question names must be borne out: its places, the office that it asks for, what every country has."""

from __future__ import annotations

import pytest

from rag import Engine
from rag.answering.constraints.attributes import unsaid
from rag.answering.constraints.coverage import absent, elsewhere, missed, uncounted, undone, unheld

SILENT = [
    "What is the population of Syria?",
    "كم عدد سكان سوريا؟",
    "Who is the Saudi interior minister?",
    "What is the name of the Saudi interior minister?",
    "من هو وزير الداخلية السعودي؟",
    "من هو رئيس فرنسا؟",
    "Who is the president of France?",
    "من هو رئيس الوزراء اللبناني؟",
    "What happened in Jordan in 2024?",
    "ماذا حدث في الأردن عام 2024؟",
    "What is the capital of Malaysia?",
    "ما هي عاصمة إيطاليا؟",
    "How many people live in Salerno?",
    "Why did Italian police conclude that Hizballah had sent the Salerno shipment?",
    "What did the International Criminal Court say about Bashar al-Assad?",
    "ما موقف تركيا من قانون قيصر؟",
    "How many captagon pills did Turkey seize in 2023?",
    "Why did Saudi Arabia lift its ban on Lebanese fruit and vegetables?",
    "لماذا رفعت السعودية حظرها عن الخضار والفواكه اللبنانية؟",
    "Why did Kuwait vote against the institution for the missing in Syria?",
    "كم جنديا أردنيا جُرح على الحدود مع سوريا؟",
    "كم عدد مدمني الكبتاغون في السعودية؟",
    "How long a prison sentence did Hassan Daqqou receive in Lebanon?",
    "How many years was Noah Zaitar sentenced to?",
]
ANSWERED = [
    ("Who is the Lebanese agriculture minister?", "عباس مرتضى"),
    ("من هو وزير الزراعة اللبناني؟", "عباس مرتضى"),
    ("من هو السفير السعودي في بيروت؟", "وليد بخاري"),
    ("Who is the Saudi ambassador in Beirut?", "وليد بخاري"),
    ("من هي رئيسة المؤسسة المستقلة المعنية بالمفقودين في سوريا؟", "Independent Institution"),
    ("How many people went missing in Syria?", "157,634"),
    ("What was the largest seizure in Italy?", "Napolitano"),
    ("Why did Saudi Arabia ban Lebanese fruit and vegetables?", "أغلقت السعودية أسواقها"),
    ("How many smugglers has the Jordanian army killed since the start of 2022?", "30 مهربا"),
    ("كم مهربا قتل الجيش الأردني منذ مطلع 2022؟", "30 مهربا"),
    ("كم قرصا ضبطت السعودية في شحنة الطحين؟", "46,916,480"),
    ("How many pills did Malaysian customs find at Port Klang?", "94.8 million"),
    ("Why did COAR reject the attribution to Islamic State?", "calling the attribution erroneous"),
]


@pytest.mark.parametrize("question", SILENT)
def test_near_questions_that_the_samples_do_not_answer_get_silence(question: str, samples_engine: Engine) -> None:
    assert samples_engine.ask(question, mode="quotes").status == "not_found"


@pytest.mark.parametrize(("question", "words"), ANSWERED)
def test_those_like_them_that_they_do_answer_are_answered(question: str, words: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    assert any(words in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    ("question", "language", "text", "expected"),
    [
        ("What did Jordan announce?", "en", "وأعلنت عمّان أن الأردن أسقط طائرة.", False),
        ("What did Jordan announce?", "en", "Jordanian border guards shot down a drone.", False),
        ("What did Jordan announce?", "en", "Damascus announced a truce.", True),
        ("ماذا أعلنت سوريا؟", "ar", "Damascus announced a truce.", False),
        ("ماذا أعلنت سوريا؟", "ar", "أعلنت بيروت هدنة.", True),
        ("ماذا أُعلن في الصباح؟", "ar", "أعلنت بيروت هدنة.", False),
    ],
)
def test_a_place_is_looked_for_in_both_languages(question: str, language: str, text: str, expected: bool) -> None:
    assert elsewhere(question, language, text) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Who is the interior minister?", "The interior ministry said no.", True),
        ("Who is the interior minister?", "Agriculture Minister Abbas Mortada said no.", True),
        ("Who is the interior minister?", "قال وزير الداخلية بسام مولوي إن التحقيق مستمر.", False),
        ("من هو الرئيس الفرنسي؟", "President Emmanuel Macron said no.", False),
        ("من هو الرئيس الفرنسي؟", "Representative French Hill said no.", True),
        ("Who is the minister who resigned in May?", "Nobody did.", False),
        ("Who killed the president?", "Nobody did.", False),
    ],
)
def test_the_holder_of_an_office_has_its_title(question: str, text: str, expected: bool) -> None:
    assert unheld(question, ["A sentence.", text]) is expected


def test_what_every_country_has_must_be_spoken_of() -> None:
    assert unsaid("What is the population of Syria?", "en", "Its Syria list covers 322 people.")
    assert not unsaid("What is the population of Syria?", "en", "يبلغ عدد سكان سوريا 22 مليون نسمة.")
    assert unsaid("ما هي عاصمة إيطاليا؟", "ar", "Italian police seized 14 tonnes.")
    assert not unsaid("ما هي عاصمة إيطاليا؟", "ar", "Rome is the capital of Italy.")
    assert not unsaid("What is the population of bees?", "en", "There are many bees.")


def test_what_happened_somewhere_in_a_year_has_both() -> None:
    assert missed("What happened in Jordan in 2024?", "en", "وفي 19 كانون الأول 2024 أعلن غوتيريش تعيين رئيسة.")
    assert missed("ماذا حدث في الأردن عام 2024؟", "ar", "أسقط الأردن طائرة في عام 2023.")
    assert not missed("ماذا حدث في الأردن عام 2024؟", "ar", "In 2024 Jordan shot down a drone.")
    assert not missed("Who spoke in Jordan in 2024?", "en", "Nobody did.")


def test_documents_that_have_what_is_named_go_before_others_that_lack_it(samples_engine: Engine) -> None:
    found = samples_engine.ask("أي الدول العربية صوّتت لصالح قرار المفقودين في سوريا؟", mode="quotes").citations
    sources = [one.source.rpartition("/")[2] for one in found]
    assert sources[:2] == ["ar-missing-persons.md"] * 2  # others name no Arab state


@pytest.mark.parametrize(
    ("question", "text", "written", "expected"),
    [
        ("Why did Hizballah send the shipment?", "Islamic State had sent the shipment.", "en", True),
        ("Why did Hizballah send the shipment?", "Hezbollah had sent the shipment.", "en", False),
        ("Why did Hizballah send the shipment?", "أرسل حزب الله الشحنة.", "ar", False),
        ("What lives in the Amazon forest?", "Amazonian evergreen forests are full of birds.", "en", False),
        ("When did Congress vote?", "The US House of Representatives voted in April.", "en", False),
        ("What did Amer Khiti say?", "قال رجل أعمال إنه بريء.", "ar", False),  # a spelling may be unknown
    ],
)
def test_a_name_must_be_somewhere_in_the_document(question: str, text: str, written: str, expected: bool) -> None:
    assert absent(question, "en", text, written) is expected


@pytest.mark.parametrize(
    ("question", "language", "text", "expected"),
    [
        ("كم جنديا أردنيا قُتل؟", "ar", "قتل الجيش 30 مهربا.", True),
        ("كم جنديا أردنيا قُتل؟", "ar", "قُتل ثلاثة جنود و30 مهربا.", False),
        ("كم طنا ضُبط؟", "ar", "ضُبط 60 مليون حبة.", True),
        ("How many tonnes were seized?", "en", "They seized 14 tonnes.", False),
        ("How many bridges were built?", "en", "In 2020 the firm built 14 roads.", True),
        ("How many bridges were built?", "en", "The firm built a bridge and another one.", False),
        ("How many people live there?", "en", "It is a large town.", False),
        ("How many square kilometres is the basin?", "en", "The basin covers 7,000,000 square kilometres.", False),
        ("What was built?", "en", "Roads.", False),
    ],
)
def test_what_is_counted_must_be_spoken_of(question: str, language: str, text: str, expected: bool) -> None:
    assert uncounted(question, language, [(text, language)], text) is expected


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Why did the president veto the bill?", "The president signed the bill.", True),
        ("Why did the president veto the bill?", "He vetoed it because it was too dear.", False),
        ("Why did the kingdom lift its ban?", "The kingdom banned imports of fruit.", True),
        ("Why did the kingdom lift its ban?", "It ended the ban after talks, and eased others.", False),
        ("لماذا رفعت المملكة الحظر؟", "فرضت المملكة حظرا على الفواكه.", True),
        ("لماذا رفعت المملكة الحظر؟", "ألغت المملكة الحظر بعد محادثات.", False),
        ("When did the kingdom lift its ban?", "The kingdom banned imports of fruit.", False),
    ],
)
def test_whoever_asks_why_is_told_of_that_very_deed(question: str, text: str, expected: bool) -> None:
    assert undone(question, [text]) is expected
