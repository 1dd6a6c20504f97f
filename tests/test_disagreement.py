"""Sources that give different values for what was asked: said, each with its source and date, and never wrongly."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openai_server import OpenAIServer

from rag import Engine
from rag.answering.question.answer_type import asked_of, values_of
from rag.answering.question.value_agreement import agree, comparable
from rag.settings import Settings, load_settings
from rag.types import Answer, Disagreement, DisputedValue
from ui.render import answer_html, answer_markdown, answer_text

DOCUMENTS = {
    "salerno-wire.md": (
        "Tonnes at Salerno", "Mediterranean Wire", "en", "2020-07-02",
        "On 1 July 2020 Italian police said that they had seized 14 tonnes of amphetamine at the port of Salerno in Italy.",
    ),
    "salerno-port.md": (
        "مضبوطات ساليرنو بعد عام", "صحيفة الميناء", "ar", "2021-06-15",
        "أعلنت الشرطة الإيطالية في تموز 2020 أنها ضبطت 17 طنا من الأمفيتامين في ميناء ساليرنو جنوبي إيطاليا.",
    ),
    "genoa.md": (
        "Cocaine at Genoa", "Mediterranean Wire", "en", "2020-03-02",
        "Italian police announced in March 2020 that they had seized 3 tonnes of cocaine at the port of Genoa in Italy.",
    ),
    "trade-2021.md": (
        "تقدير للتجارة", "مركز أول", "ar", "2022-04-09",
        "قدّر المعهد قيمة تجارة الكبتاغون في المنطقة بنحو ٥٫٧ مليارات دولار.",
    ),
    "trade-english.md": (
        "An estimate", "Second centre", "en", "2022-05-01",
        "The institute put the value of the captagon trade in the region at 5.7 billion dollars.",
    ),
    "mill-old.md": (
        "The mill of Wadi Nasr", "Old Gazette", "en", "1999-05-05",
        "The population of Wadi Nasr was 12,400 in 1998, and its flour mill employed most of the town.",
    ),
    "mill-new.md": (
        "Wadi Nasr today", "New Gazette", "en", "2023-05-05",
        "The population of Wadi Nasr was 31,900 in 2022, and its flour mill employed few of the town.",
    ),
    "bridge.md": (
        "The bridge of Tell Amra", "Valley Post", "en", "2018-02-01",
        "The stone bridge of Tell Amra was opened to traffic on 3 May 1931 by the governor.",
    ),
    "bridge-other.md": (
        "جسر تل عمرة", "بريد الوادي", "ar", "2019-02-01",
        "افتُتح الجسر الحجري في تل عمرة أمام حركة السير في 9 أيار 1934 بحضور المحافظ.",
    ),
    "lamps.md": (
        "إنارة شوارع كفرنوران", "نشرة الحي", "ar", "2022-10-03",
        ("وقّع مجلس كفرنوران مع ورشة محلية على مشروع إنارة الشوارع. وقال رئيس المجلس إن قيمة العقد تبلغ 310 آلاف دولار، وإن"
        " العمل ينتهي قبل الشتاء."),
    ),
    "lamps-union.md": (
        "شكوى من العمال", "صوت العمال", "ar", "2022-10-20",
        "اشتكى العمال من تأخر أجورهم في عقد إنارة شوارع كفرنوران. وبحسب العمال، كلّف العقد 450 ألف دولار دُفع نصفها سلفا.",
    ),
    "pumps.md": (
        "Pumps for Ain Zahra", "Hill Courier", "en", "2021-09-12",
        ("The water office has signed a contract with a Danish firm for five pumps at Ain Zahra. It is worth 2.4 million"
        " euros, the office said."),
    ),
    "pumps-audit.md": (
        "Who pays for the pumps?", "Ledger", "en", None,
        ("Auditors looked into the pump contract of Ain Zahra. According to the auditors, the Danish firm will be paid 3.9"
        " million euros."),
    ),
    "pier.md": (
        "The pier of Marsa Lubna", "Coast Post", "en", "2015-05-01",
        ("The wooden pier of Marsa Lubna has a contract for its repair. The contract is worth 9 million euros, said the"
        " harbour master."),
    ),
    "wheat-old.md": (
        "عقد الطحين", "نشرة الحي", "ar", "2014-02-01",
        "وقّعت التعاونية عقد شراء الطحين من مطحنة الجبل بقيمة 120 ألف دولار.",
    ),
    "wheat-new.md": (
        "عقد الطحين الجديد", "صوت العمال", "ar", "2021-02-01",
        "وقّعت التعاونية عقد شراء الطحين من مطحنة الجبل بقيمة 290 ألف دولار في كانون الثاني 2021.",
    ),
}  # fmt: skip


def written(folder: Path, documents: Mapping[str, tuple[str, str, str, str | None, str]]) -> Path:
    """The documents (title, publisher, language, date, text) as files with front matter."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, publisher, language, published, text) in documents.items():
        facts = [f'title: "{title}"', f"publisher: {publisher}", f"language: {language}"]
        facts += [f"published: {published}"] if published else []
        (folder / name).write_text("\n".join(["---", *facts, "---", "", text, ""]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("disagreement")
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([written(folder / "documents", DOCUMENTS)]).failed
        yield engine


SALERNO = "How many tonnes of amphetamine were seized at the port of Salerno?"
SALERNO_AR = "كم طنا من الأمفيتامين ضبطت الشرطة في ميناء ساليرنو؟"


@pytest.mark.parametrize("question", [SALERNO, SALERNO_AR])
def test_two_values_for_what_was_asked_are_told_with_their_sources_newest_first(question: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    (differ,) = answer.disagreements
    assert differ.kind == "number"
    assert [(value.text, value.published) for value in differ.values] == [
        ("17 طنا", date(2021, 6, 15)),
        ("14 tonnes", date(2020, 7, 2)),
    ]
    by_number = {citation.number: citation for citation in answer.citations}
    for value in differ.values:
        assert value.text in by_number[value.citations[0]].quote
    for citation in answer.citations:
        document = engine.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote
    assert answer.frame is not None
    assert answer.text.endswith(answer.frame.after)
    assert "صحيفة الميناء" in answer.frame.after
    assert engine.verify(answer).valid


def test_the_line_is_in_the_questions_language_with_dates_in_words(engine: Engine) -> None:
    arabic, english = (engine.ask(question, mode="quotes").frame for question in (SALERNO_AR, SALERNO))
    assert arabic is not None
    assert english is not None
    assert "المصادر لا تتفق:" in arabic.after
    assert "15 حزيران/يونيو 2021" in arabic.after
    assert arabic.after.endswith("أحدث مصدر: 15 حزيران/يونيو 2021")
    assert "The sources differ:" in english.after
    assert "Mediterranean Wire\u2069, 2 July 2020" in english.after
    assert english.after.endswith("Newest source: 15 June 2021")


def test_dates_differ_too_across_languages(engine: Engine) -> None:
    answer = engine.ask("When was the stone bridge of Tell Amra opened to traffic?", mode="quotes")
    (differ,) = answer.disagreements
    assert differ.kind == "date"
    assert [value.text for value in differ.values] == ["9 أيار 1934", "3 May 1931"]


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("كم تبلغ قيمة عقد إنارة شوارع كفرنوران؟", {"310 آلاف دولار", "450 ألف دولار"}),
        ("كم كلّف عقد إنارة شوارع كفرنوران؟", {"310 آلاف دولار", "450 ألف دولار"}),
        ("How much is the pump contract of Ain Zahra worth?", {"2.4 million euros", "3.9 million euros"}),
        ("What is the value of the contract for the pumps of Ain Zahra?", {"2.4 million euros", "3.9 million euros"}),
    ],
)
def test_one_contract_in_other_words_differs_too(question: str, values: set[str], engine: Engine) -> None:
    """What it costs is its value, what it is called stands a sentence before, and one of two sources has no date."""
    (differ,) = engine.ask(question, mode="quotes").disagreements
    assert {value.text for value in differ.values} == values


@pytest.mark.parametrize(
    "question",
    [
        "كم تبلغ قيمة عقد شراء الطحين من مطحنة الجبل؟",  # of 2014 and of 2021
        "How much is the contract for the pier of Marsa Lubna worth?",
        "What is the value of the contract for the pier?",  # the pumps are another contract
        "كم بلغت قيمة تجارة الكبتاغون في المنطقة؟",  # ٥٫٧ مليارات دولار and 5.7 billion dollars
        "What was the value of the captagon trade in the region?",
        "What was the population of Wadi Nasr?",  # of 1998 and of 2022
        "How many tonnes of cocaine were seized at the port of Genoa?",  # Salerno is another port
        "Who announced the seizure at the port of Salerno?",
        "Where were the drugs hidden?",
    ],
)
def test_no_disagreement_is_made_of_values_that_agree_or_are_of_different_things(question: str, engine: Engine) -> None:
    assert engine.ask(question, mode="quotes").disagreements == ()


def test_the_bundled_questions_have_no_false_disagreement(samples_engine: Engine) -> None:
    """The vote and the seizures stand in several samples, in both languages, with the same values."""
    for question in (
        "How many tonnes were seized at the port of Salerno?",
        "كم صوتا أيّد إنشاء المؤسسة المستقلة للمفقودين في سوريا؟",
        "When did the General Assembly create the body on missing persons?",
        "متى قررت الجمعية العامة إنشاء مؤسسة المفقودين؟",
        "كم كانت قيمة تجارة الكبتاغون في عام 2021؟",
    ):
        assert samples_engine.ask(question, mode="quotes").disagreements == ()


def test_a_models_answer_says_it_too_and_cites_the_other_source(
    engine: Engine, tmp_path: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAWTHIQ_LLM_MODEL", "stand-in")
    monkeypatch.setenv("TAWTHIQ_TRANSLATION_TIMEOUT", "0")
    quoted = engine.ask(SALERNO, mode="quotes")
    wire = next(p.rank for p in quoted.passages if p.passage.source.endswith("salerno-wire.md"))
    server.script(f"Italian police seized 14 tonnes of amphetamine at the port of Salerno [{wire}].")
    shutil.copytree(engine.home, tmp_path / "home", ignore=shutil.ignore_patterns(".lock", "owner.json"))
    with Engine.open(tmp_path / "home", settings=load_settings(), command="tests") as other:
        answer = other.ask(SALERNO, mode="llm")
    assert answer.mode == "llm", answer.notices
    (differ,) = answer.disagreements
    assert [value.text for value in differ.values] == ["17 طنا", "14 tonnes"]
    assert len(answer.statements) == 1
    assert answer.frame is not None
    assert answer.text.endswith(answer.frame.after)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It is worth 5.7 billion dollars.", "تبلغ قيمتها ٥٫٧ مليارات دولار.", True),
        ("It cost about 6 billion dollars.", "It cost 5.7 billion dollars.", True),
        ("It cost 3.5 million dollars.", "كلفت ٣٫٥ مليون دولار.", True),
        ("It cost more than 5 million dollars.", "It cost 5.3 million dollars.", True),
        ("It cost 3 million dollars.", "It cost 5 million dollars.", False),
        ("It cost more than 5 million dollars.", "كلفت 20 مليون دولار.", False),
        ("It cost 15,512 dollars.", "It cost 15,498 dollars.", False),
    ],
)
def test_a_coarser_amount_agrees_with_a_finer_one(one: str, other: str, same: bool) -> None:
    asked = asked_of("How much did it cost?")
    assert asked is not None
    (first,), (second,) = values_of(one, "en", None, asked), values_of(other, "ar", None, asked)
    assert comparable(first, second)
    assert agree(first, second) is same
    assert agree(second, first) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It opened in 2023.", "افتتح في 30 حزيران 2023.", True),
        ("It opened on 30 June 2023.", "افتتح في 30 يونيو 2023.", True),
        ("It opened in the 1990s.", "It opened in 1994.", True),
        ("It opened on 30 June 2023.", "افتتح في 1 تموز 2023.", False),
        ("It opened in 2021.", "افتتح في عام ٢٠٢٢.", False),
    ],
)
def test_a_coarser_date_agrees_with_a_finer_one(one: str, other: str, same: bool) -> None:
    asked = asked_of("متى افتتح؟")
    assert asked is not None
    (first,), (second,) = values_of(one, "en", None, asked), values_of(other, "ar", None, asked)
    assert agree(first, second) is same


def test_a_person_is_the_same_with_and_without_title_and_in_the_other_script() -> None:
    asked = asked_of("Who headed it?")
    assert asked is not None
    (short,) = values_of("It was headed by Karla Quintana.", "en", None, asked)
    (other,) = values_of("It was headed by Antonio Guterres.", "en", None, asked)
    (arabic,) = values_of("وقال أنطونيو غوتيريش إن ذلك تم.", "ar", None, asked)
    assert not agree(short, other)
    assert agree(other, arabic)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many people were killed?", "number"),
        ("كم قتيلا سقط في الغارة؟", "number"),
        ("ما قيمة الصادرات؟", "number"),
        ("What percentage of the vote did it get?", "number"),
        ("When did it open?", "date"),
        ("في أي عام افتتح؟", "date"),
        ("متى صدر القرار؟", "date"),
        ("Who signed the law?", "name"),
        ("من وقّع القانون؟", "name"),
        ("من أين جاءت الشحنة؟", None),
        ("Who were the members?", None),
        ("Why did it close?", None),
        ("لماذا أُغلق؟", None),
        ("When did it open, and who opened it?", None),
        ("How many died when the dam broke?", "number"),
    ],
)
def test_the_question_decides_the_kind_of_value(question: str, kind: str | None) -> None:
    asked = asked_of(question)
    assert (asked.kind if asked else None) == kind


def test_json_carries_disagreements_and_reads_them_back(engine: Engine) -> None:
    answer = engine.ask(SALERNO, mode="quotes")
    data = answer.to_json()
    assert data["disagreements"][0]["values"][0] == {"text": "17 طنا", "citations": [2], "published": "2021-06-15"}
    assert Answer.from_json(data).disagreements == answer.disagreements
    assert "disagreements" not in replace(answer, disagreements=()).to_json()


def test_verify_refuses_a_value_that_its_source_does_not_have(engine: Engine) -> None:
    answer = engine.ask(SALERNO, mode="quotes")
    data = answer.to_json()
    data["disagreements"][0]["values"][0]["text"] = "99 tonnes"
    (checked,) = engine.verify(data).answers
    assert any("99 tonnes" in problem for problem in checked.problems)


@pytest.mark.parametrize(("question", "heading"), [(SALERNO, "The sources differ"), (SALERNO_AR, "المصادر لا تتفق")])
def test_it_is_shown_with_markers_once(question: str, heading: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    page = str(answer_html(answer, 1))
    assert page.split("tw-copytext", maxsplit=1)[0].count(f">{heading}<") == 1
    section = page.partition('class="tw-differ"')[2].partition("</section>")[0]
    assert section.count('class="tw-marker"') == len([n for v in answer.disagreements[0].values for n in v.citations])
    assert heading in answer_text(answer)
    assert "17 طنا" in answer_markdown(answer)


def test_a_hostile_title_makes_no_marker_and_no_markup(engine: Engine) -> None:
    answer = engine.ask(SALERNO, mode="quotes")
    cited = tuple(replace(c, publisher=None, title="<b>x</b> [1] \u202e\u2069") for c in answer.citations)
    differ = Disagreement("number", tuple(DisputedValue(c.quote[:9], (c.number,), None) for c in cited))
    hostile = replace(answer, citations=cited, disagreements=(differ,))
    page = str(answer_html(hostile, 1))
    assert "<b>x</b>" not in page
    from rag.answering.phrases import sources_differ

    lines = sources_differ("en", differ, cited)
    assert not any("x</b> [1]" in line or "\u202e" in line for line in lines)
    assert all("undated" in line for line in lines[1:])


def test_the_command_line_shows_it(engine: Engine, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    shutil.copytree(engine.home, tmp_path / "home", ignore=shutil.ignore_patterns(".lock", "owner.json"))
    code, out, _ = run("ask", "--home", tmp_path / "home", SALERNO_AR)
    assert code == 0
    assert "المصادر لا تتفق:" in out
    assert "أحدث مصدر: 15 حزيران/يونيو 2021" in out
