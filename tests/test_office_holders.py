"""Who holds an office of a place or a body that the question names: its holder, not another's, or silence."""

from __future__ import annotations

import pytest
from asked_of_reports import questions

from rag import Engine
from rag.answering.constraints.office_holders import Held, held

# A title alone in short Arabic reports is not enough for an English question.
_SILENT = "Who is the mayor of Oran?"


@pytest.mark.parametrize(("name", "question", "expected"), [one for one in questions("role") if one[1] != _SILENT])
def test_the_holder_is_quoted(name: str, question: str, expected: list[str], report_engines: dict[str, Engine]) -> None:
    answer = report_engines[name].ask(question, mode="quotes")
    assert answer.status == "answered"
    assert all(words in " ".join(citation.quote for citation in answer.citations) for words in expected)


@pytest.mark.parametrize(("name", "question"), [one[:2] for one in questions("norole")])
def test_the_holder_of_anothers_office_is_no_answer(
    name: str, question: str, report_engines: dict[str, Engine]
) -> None:
    answer = report_engines[name].ask(question, mode="quotes")
    assert answer.status == "not_found"
    assert answer.citations == ()
    assert answer.passages


def test_where_one_is_asked_for_the_other_is_not_quoted(report_engines: dict[str, Engine]) -> None:
    answer = report_engines["dev"].ask("من هو محافظ درعا؟", mode="quotes")
    assert [c.quote for c in answer.citations] == ["قال محافظ درعا أنور الزعبي إن الطريق سيفتح قريبا."]


@pytest.mark.parametrize(
    ("question", "text", "context", "where"),
    [
        ("Who is Hama's mayor?", "Hama's new mayor, Sami Dandal, resigned.", "", "here"),
        ("Who is the mayor of Hama?", "Mayor Hana al-Droubi spoke.", "The Rastan bridge", "elsewhere"),
        ("Who is the mayor of Rastan?", "Mayor Hana al-Droubi spoke.", "The Rastan bridge", "here"),
        ("Who is the mayor of Hama?", "The mayor of the city, Sami, spoke.", "Floods in Hama", "here"),
        (
            "Who is the governor of the central bank of Iraq?",
            "Ali, the governor of Iraq's central bank, spoke.",
            "",
            "here",
        ),
        ("Who is the president of the United States?", "US President Joe Biden signed it.", "", "here"),
        ("Who is the president of Syria?", "The Lebanese president spoke of Syria.", "Syria", "elsewhere"),
        ("Who was the first chair of the IPCC?", "The previous chairs were Rajendra and Bert.", "The IPCC", "here"),
        ("Who is the president of the IMF?", "Ann, president of the Monetary Fund, spoke.", "The IMF", "unknown"),
        ("Who is the mayor of Hama?", "Hama celebrated its spring.", "Hama", "unknown"),
        ("Who was elected in Hama?", "The mayor of Aleppo was there.", "Hama", "unknown"),
        ("Who is the mayor of Hama?", "تفقد رئيس بلدية حماة الجسر.", "", "here"),
        ("من هو محافظ الرستن؟", "تفقد محافظ حمص وليد العمري أعمال صيانة سد الرستن.", "سد الرستن", "elsewhere"),
        ("من هو رئيس بلدية حماة؟", "وقالت رئيسة البلدية هناء الدروبي إن العمل بدأ.", "جسر الرستن", "elsewhere"),
        ("من هو رئيس بلدية الرستن؟", "وقالت رئيسة البلدية هناء الدروبي إن العمل بدأ.", "جسر الرستن", "here"),
        ("من مدير مصرف الرشيد؟", "أعلن مدير مصرف الرافدين علي الفتلاوي منح قروض.", "مصرف الرشيد", "elsewhere"),
        ("من هو رئيس فرنسا؟", "وقال الرئيس السوري بشار الأسد في فرنسا إن العمل بدأ.", "فرنسا", "elsewhere"),
        ("Who is the president of the Lebanese Republic?", "Lebanon's president, Joseph Aoun, spoke.", "", "here"),
        ("Who is the president of the European Commission?", "EU Commission President Ursula spoke.", "", "unknown"),
        (
            "Who is the president of the European Central Bank?",
            "EU Commission President Ursula spoke.",
            "",
            "elsewhere",
        ),
        ("من هو رئيس المفوضية الأوروبية؟", "قالت رئيسة البرلمان الأوروبي روبرتا ميتسولا.", "", "elsewhere"),
        # A title before the name is no part of what is held, and a dam of another name is another dam.
        ("من مدير سد الرستن؟", "وقال مدير السد المهندس رامز العلي إن المخزون ارتفع.", "سد الرستن", "here"),
        ("Who is the director of the Rastan dam?", "وقال مدير السد المهندس رامز العلي ذلك.", "سد الرستن", "here"),
        ("من مدير سد تشرين؟", "وقال مدير السد المهندس رامز العلي إن المخزون ارتفع.", "سد الرستن", "elsewhere"),
        ("من هو حاكم مصرف لبنان المركزي؟", "قال حاكم مصرف لبنان كريم سعيد.", "", "here"),
        ("من هو حاكم مصرف سوريا المركزي؟", "قال حاكم مصرف سوريا عبد القادر الحصرية.", "", "unknown"),
        ("من هو حاكم مصرف لبنان المركزي؟", "قال حاكم مصرف سوريا المركزي عبد القادر.", "", "elsewhere"),
        ("Who is the governor of the Central Bank of Lebanon?", "Karim, governor of Banque du Liban.", "", "here"),
        ("من هو وزير الصحة اللبناني؟", "The health minister of Lebanon, Firass Abiad, spoke.", "", "here"),
        ("من هو وزير الصحة الأردني؟", "The health minister of Lebanon spoke.", "Doses for Jordan", "elsewhere"),
    ],
)
def test_where_the_office_of_a_sentence_is(question: str, text: str, context: str, where: Held) -> None:
    asked, written = ("ar" if any("\u0600" < letter < "\u06ff" for letter in one) else "en" for one in (question, text))
    assert held(question, asked, text, written, f"{context} {text}", f"{context} {text}") == where
