"""Lists in running prose: found where several things are asked for, quoted whole and in order, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.sources import read_document
from evals.question_set import load_question_set
from rag import Engine
from rag.answering.lists.requested_items import asks_for_several, many, parties_asked
from rag.settings import Settings

LISTS = Path(__file__).parents[1] / "evals" / "prose_lists"

ENGLISH = """The harbour board of Ostrand closed its oldest quay on Monday.

Board chairwoman Ingrid Moe said that the quay would open again once three conditions were met. First, divers must \
inspect the piles. Then the crane rails have to be replaced. Finally, the fire service must approve the new hydrants. \
She named no day. The fish market of Ostrand has moved to the railway yard, which has no roof.
"""
ARABIC = """أغلقت إدارة متحف القيروان جناح الفسيفساء يوم الأحد بعد تسرب المياه إلى قاعاته.

وقالت مديرة المتحف سامية بن عمر إن إعادة فتح الجناح مشروطة بثلاثة شروط. أولها ترميم السقف. وثانيها نقل اللوحات \
الكبيرة إلى المخزن. أما ثالثها فتركيب أجهزة إنذار جديدة. ولم تحدد موعدا. وكان المتحف قد استقبل ثلاثين ألف زائر في \
العام الماضي.
"""
ITEMS = {
    "en": ["First, divers must", "Then the crane rails", "Finally, the fire service"],
    "ar": ["أولها ترميم", "وثانيها نقل", "أما ثالثها فتركيب"],
}


ADVICE = {
    "vote.txt": """General Assembly calls for a ceasefire in Morvan

The General Assembly adopted the resolution on a ceasefire in Morvan by 97 votes. Among the Arab states, Kuwait, Qatar \
and Jordan voted for it. Egypt, Oman and Lebanon abstained. Syria voted against it. The text had been drafted by Ireland.
""",
    "قرار.txt": """الجمعية العامة تدعو إلى وقف القتال في سيلان

اعتمدت الجمعية العامة القرار الخاص بوقف القتال في سيلان بأغلبية 91 صوتا. ومن الدول العربية صوتت الكويت وقطر والأردن \
لصالح القرار. وامتنعت مصر وعمان ولبنان عن التصويت. وصوتت سوريا ضده.
""",
    "dam.txt": """Inquiry into the Tolva dam publishes its report

The inquiry into the breach of the Tolva dam published its report in March. The report recommended an independent \
inspector for every dam above ten metres. It also called for sirens in the villages downstream. It urged the government \
to publish the flood maps.

The breach killed 19 people. The reservoir had been built in 1968 for a paper mill that has since closed.
""",
    "fever.txt": """Ministry reacts to fever in Port Selim

A fever that mosquitoes carry has made 340 people ill in Port Selim since June. The health ministry sent six mobile \
clinics to the harbour quarter. It drained the ponds behind the old tannery. Schools in the district were closed for a \
week.

The mayor, Adela Kern, said the ministry had come too late.
""",
    "tunnel.txt": """لجنة التحقيق في انهيار نفق الرملة تقدم تقريرها

قدمت لجنة التحقيق في انهيار نفق الرملة تقريرها إلى البرلمان. وأوصت اللجنة بإنشاء هيئة مستقلة للرقابة على الأنفاق. ودعت \
إلى تركيب أجهزة إنذار في كل نفق طويل. وطالبت وزارة الأشغال بنشر تقارير السلامة كل سنة.

وكان الانهيار قد أودى بحياة 14 عاملا في آب. ويبلغ طول النفق ثلاثة كيلومترات.
""",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("prose-lists")
    (folder / "docs").mkdir()
    (folder / "docs" / "quay.txt").write_text(ENGLISH, encoding="utf-8")
    (folder / "docs" / "museum.txt").write_text(ARABIC, encoding="utf-8")
    for name, text in ADVICE.items():
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    with Engine.open(folder / "home", settings=settings) as engine:
        engine.ingest([folder / "docs"])
        yield engine


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("What conditions did the harbour board set for opening the quay of Ostrand again?", "en"),
        ("ما الشروط التي وضعتها إدارة متحف القيروان لإعادة فتح جناح الفسيفساء؟", "ar"),
    ],
)
def test_every_item_is_quoted_in_order_after_what_announces_it(engine: Engine, question: str, items: str) -> None:
    answer = engine.ask(question, mode="quotes")
    quotes = [citation.quote for citation in answer.citations]
    places = [next(at for at, quote in enumerate(quotes) if quote.startswith(item)) for item in ITEMS[items]]
    assert places == list(range(places[0], places[0] + 3))
    announced = "three conditions" if items == "en" else "ثلاثة شروط"
    assert announced in quotes[places[0] - 1]
    for citation in answer.citations:
        assert engine.document(citation.document_id).text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question", ["Where has the fish market of Ostrand moved?", "متى أُغلق جناح الفسيفساء في متحف القيروان؟"]
)
def test_who_asks_for_one_thing_gets_no_list(engine: Engine, question: str) -> None:
    quotes = [citation.quote for citation in engine.ask(question, mode="quotes").citations]
    assert quotes
    assert not any(quote.startswith(item) for items in ITEMS.values() for item in items[1:] for quote in quotes)


@pytest.mark.parametrize(
    ("question", "items"),
    [
        (
            "What did the inquiry into the Tolva dam recommend?",
            ["The report recommended", "It also called", "It urged"],
        ),
        (
            "What steps did the health ministry take against the fever in Port Selim?",
            ["The health ministry sent", "It drained", "Schools in the district"],
        ),
        ("ما توصيات لجنة التحقيق في انهيار نفق الرملة؟", ["وأوصت اللجنة", "ودعت إلى", "وطالبت وزارة"]),
        ("بماذا أوصت لجنة التحقيق في انهيار نفق الرملة؟", ["وأوصت اللجنة", "ودعت إلى", "وطالبت وزارة"]),
    ],
)
def test_what_was_recommended_or_done_over_several_sentences_is_quoted_whole(
    engine: Engine, question: str, items: list[str]
) -> None:
    quotes = [citation.quote for citation in engine.ask(question, mode="quotes").citations]
    assert all(any(quote.startswith(item) for quote in quotes) for item in items), quotes


@pytest.mark.parametrize(
    ("question", "those", "others"),
    [
        ("Which Arab countries voted for the ceasefire in Morvan?", "Among the Arab", ("Egypt, Oman", "Syria voted")),
        ("ما الدول العربية التي صوتت لصالح قرار سيلان؟", "ومن الدول العربية", ("وامتنعت مصر", "وصوتت سوريا")),
    ],
)
def test_who_abstained_or_voted_against_is_none_of_those_who_voted_for(
    engine: Engine, question: str, those: str, others: tuple[str, ...]
) -> None:
    quotes = [citation.quote for citation in engine.ask(question, mode="quotes").citations]
    assert any(quote.startswith(those) for quote in quotes)
    assert not any(quote.startswith(others) for quote in quotes)


@pytest.mark.parametrize(
    ("question", "how_many"),
    [
        ("What did the inquiry recommend?", "perhaps"),
        ("What does the draft contain?", "perhaps"),
        ("بماذا يطالب الطلاب؟", "perhaps"),
        ("علامَ تنص العقوبات؟", "perhaps"),
        ("ما الأضرار التي خلفتها العاصفة؟", "several"),
        ("ما النقطتان اللتان بقيتا موضع خلاف؟", "several"),
        ("ما عاصمة أفغانستان اليوم؟", "unsaid"),
        ("Who recommended the inspector?", "unsaid"),
        ("من أوصى بإنشاء الهيئة؟", "unsaid"),
        ("في أي سنة تأثر الجزء الجنوبي من الأمازون بالجفاف؟", "unsaid"),
    ],
)
def test_what_is_several_things_as_a_rule(question: str, how_many: str) -> None:
    assert many(question) == how_many


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("What steps did the ministry take?", True),
        ("Who were the winners?", True),
        ("How much does each of Norway and Iceland pay?", True),
        ("ما الخطوات التي اتخذتها الوزارة؟", True),
        ("كم دفعت كل من قطر والكويت؟", True),
        ("من هما الشقيقان؟", True),
        ("When was the bridge built?", False),
        ("Who signed the act?", False),
        ("متى بني الجسر؟", False),
    ],
)
def test_what_asks_for_several_things(question: str, several: bool) -> None:
    assert asks_for_several(question) is several


def test_those_of_whom_each_is_asked() -> None:
    assert len(parties_asked("What quota did each of Norway, Iceland and the Faroe Islands get?")) == 3
    assert len(parties_asked("ماذا تقترح كل من قطر والكويت وعمان؟")) == 3
    assert parties_asked("What quota did Norway get?") == ()


@pytest.mark.parametrize(("part", "documents", "questions"), [("training", 84, 228), ("held-out", 24, 48)])
def test_the_hand_written_lists_stand_where_they_are_said_to(part: str, documents: int, questions: int) -> None:
    texts = {path.stem: read_document(path).text for path in sorted((LISTS / part / "docs").iterdir())}
    asked = load_question_set(LISTS / part / "questions.jsonl").questions
    assert (len(texts), len(asked)) == (documents, questions)
    for question in asked:
        for span in question.spans:
            assert texts[Path(span.document).stem][span.start : span.end] == span.quote, question.id
        quotes = [span.quote or "" for span in question.spans]
        assert all(any(answer in quote for quote in quotes) for answer in question.answers), question.id


def test_no_text_is_in_both_parts() -> None:
    said = {
        part: {
            line
            for path in (LISTS / part / "docs").iterdir()
            for line in path.read_text(encoding="utf-8").splitlines()
            if len(line) > 80
        }
        for part in ("training", "held-out")
    }
    assert said["training"]
    assert said["held-out"]
    assert said["training"].isdisjoint(said["held-out"])
