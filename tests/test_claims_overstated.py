"""Claims that go further than a source, put another body in its place, or tell a vote otherwise; what a reason names.

The documents and claims are development examples, written for this.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Engine
from rag.claims.bodies import bodies, body_before, body_unknown, other_body
from rag.claims.phrases import in_words, lacked
from rag.claims.rivals import Claimed
from rag.claims.universal import overstated
from rag.claims.votes import voted_otherwise, votes
from rag.grounding.findings import Source
from rag.grounding.wording import read
from rag.settings import Settings

HARBOUR = """The Harbour Safety Act

The Harbour Safety Act was introduced in March 2019 by two lawmakers from the coast. The House of Representatives passed
the Harbour Safety Act on 14 May 2019 by 312 votes to 97. The bill then went to the Senate, where it waits in committee.

The Ministry of Defence bought twelve patrol boats from a yard in Genoa. Police arrested nine sailors at the port, two of
them Syrians. The company trained forty engineers, Jordanians among them. Boats from Malta and Cyprus took part in the
search. About 47 million people live within reach of the harbour's ferries.

The assembly adopted the resolution on ports on 3 July 2019. Qatar and Oman voted for the resolution, Chile rejected it,
and Kenya abstained.
"""
COAST = """قانون خفر السواحل

قدّم نائبان من الساحل مشروع قانون خفر السواحل في آذار 2018. وأيدت محكمة الاستئناف في طنجة إدانة صاحب السفينة في حزيران
2018. وفُتشت معظم المستودعات بعد الحريق. وزار المفتشون الرصيف الشمالي مرتين. وأوقفت الشرطة أحد عشر بحارا في ميناء طنجة،
ثلاثة منهم تونسيون. أما قبرص ومالطا فأيّدتا قرار المنظمة البحرية.
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("overstated")
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "coast.txt").write_text(COAST, encoding="utf-8")
    with Engine.open(folder / "home", settings=settings, command="tests") as opened:
        opened.ingest([folder / "harbour.txt", folder / "coast.txt"])
        yield opened


@pytest.mark.parametrize(
    ("claim", "verdict", "told"),
    [
        ("Police arrested nine sailors at the port, all of them Syrians.", "contradicted", "“two of them Syrians”"),
        ("كل البحارة الذين أوقفتهم الشرطة في ميناء طنجة تونسيون.", "contradicted", "«ثلاثة منهم تونسيون»"),
        ("The engineers whom the company trained were all Jordanians.", "unclear", "“all Jordanians”"),
        ("Only Malta took part in the search.", "contradicted", "“Malta and Cyprus”"),
        ("فُتشت كل المستودعات بعد الحريق.", "contradicted", "«معظم المستودعات"),
        ("لم يزر المفتشون الرصيف الشمالي قط.", "contradicted", ""),
        ("The Senate passed the Harbour Safety Act on 14 May 2019.", "contradicted", "House of Representatives"),
        ("أقر مجلس الشيوخ قانون سلامة الموانئ في 14 أيار 2019.", "contradicted", "House of Representatives"),
        ("The Ministry of Interior bought twelve patrol boats from a yard in Genoa.", "contradicted", "of Defence"),
        ("أيدت المحكمة العليا إدانة صاحب السفينة في حزيران 2018.", "contradicted", "محكمة الاستئناف"),
        ("Qatar abstained on the resolution on ports.", "contradicted", "“Qatar and Oman voted for the resolution”"),
        ("Cyprus abstained on the maritime resolution.", "contradicted", "قبرص ومالطا فأيّدتا قرار"),
        ("صوتت كينيا ضد قرار الموانئ.", "contradicted", "Kenya abstained"),
        ("Some 31 million people live within reach of the ferries.", "contradicted", "31 million people; the source"),
        ("Kenya abstained on the resolution.", "supported", ""),
        ("Two of the nine sailors arrested at the port were Syrians.", "supported", ""),
        ("The defence ministry bought twelve patrol boats from a yard in Genoa.", "supported", ""),
        ("فُتشت معظم المستودعات بعد الحريق.", "supported", ""),
    ],
)
def test_verdict_and_reason(claim: str, verdict: str, told: str, engine: Engine) -> None:
    checked = engine.check(claim)
    assert checked.verdict == verdict
    assert told in " ".join(reason for one in checked.evidence for reason in one.reasons).replace("\u2068", "")


def _claimed(text: str) -> Claimed:
    return Claimed(text, "en" if text.isascii() else "ar")


def _source(text: str) -> Source:
    return Source(text, "en" if text.isascii() else "ar")


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        (
            "All nine sailors were arrested at the port.",
            "Police arrested nine sailors at the port, two of them Syrians.",
        ),
        ("The members voted for it, all of them.", "The members adopted it unanimously."),
        ("Only two of the sailors were Syrians.", "Police arrested nine sailors, two of them Syrians."),
        ("The army killed 30 smugglers since the start of 2022.", "The army killed 30 smugglers in 2022."),
        ("Not all shops were closed.", "Some shops were closed."),
        ("The inspectors never visited the terminal.", "The inspectors did not visit the terminal."),
        ("One in every five donors carried it.", "Among the donors, 20 per cent of them carried it."),
        ("Most farmers had never used the seed.", "Few of the farmers had ever used the seed."),
        ("The plan was dropped only weeks after it appeared.", "The plan was dropped within a month."),
        ("واحد من كل عشرة متبرعين يحمله.", "يحمله 10 في المئة منهم."),
        ("صوّت الأعضاء جميعا لصالح القرار.", "أقر الأعضاء القرار بالإجماع."),
        ("رفض كل من قطر والكويت القرار.", "رفضت قطر والكويت القرار."),
        ("كان ثلاثة منهم فقط تونسيين.", "أوقف أحد عشر بحارا، ثلاثة منهم تونسيون."),
        ("صادرت الشرطة الشحنة كلها.", "صادرت الشرطة الشحنة بأكملها."),
        ("All 12 miners were rescued.", "All 12 of the miners were rescued."),
        ("All three suspects were charged.", "All three of the suspects were charged."),
        ("All five members signed the letter.", "All five of its members signed the letter."),
        ("All five members signed the letter.", "وقّع جميع الأعضاء الخمسة من اللجنة الرسالة."),
        ("وقّع كل الأعضاء الخمسة الرسالة.", "وقّع الأعضاء الخمسة من اللجنة الرسالة جميعهم."),
        (
            "All the workers were paid.",
            "The workers were paid in full, including the workers of the night shift.",
        ),
        ("All the workers were paid.", "The workers were fully paid."),
        ("دُفعت أجور كل العمال.", "دُفعت أجور العمال، بمن فيهم عمال الوردية الليلية."),
        ("The minister never resigned.", "The minister refused to resign."),
        ("The vessel never left port.", "The vessel stayed in port."),
        ("لم تغادر السفينة الميناء قط.", "ظلت السفينة في الميناء."),
        ("لم تغادر السفينة الميناء قط.", "The vessel remained in port."),
        ("لم يستقل الوزير قط.", "رفض الوزير أن يستقيل."),
    ],
)
def test_what_the_source_says_of_all_is_not_overstated(claim: str, sentence: str) -> None:
    assert overstated(_claimed(claim), _source(sentence)) is None


@pytest.mark.parametrize(
    ("claim", "sentence", "instead"),
    [
        ("All shops were closed.", "All shops except bakeries were closed.", "except bakeries"),
        ("The station told of the leak from the start.", "The station told of the leak on the third day.", None),
        ("All 12 miners were rescued.", "Most of the 12 miners were rescued.", "Most of the 12 miners"),
        ("All 12 miners were rescued.", "Three of the miners were rescued.", "Three of the miners were rescued"),
        (
            "All three suspects were charged.",
            "Police held three suspects, two of whom were charged.",
            "two of whom were charged",
        ),
        ("All the sailors were Syrians.", "Police held them all, two of them Syrians.", "two of them Syrians"),
        ("All the engineers were Jordanian.", "The engineers were paid, including the engineers from Jordan.", None),
        ("The minister never resigned.", "The minister resigned after he refused to sign the law.", None),
        ("لم يستقل الوزير قط.", "استقال الوزير بعد أن رفض توقيع القانون.", None),
        ("The police always warned the sailors.", "The police warned the sailors.", None),
        ("شاركت مالطا وحدها في البحث.", "شاركت مالطا وقبرص في البحث.", "مالطا وقبرص"),
        ("أبلغت المحطة عن التسرب منذ البداية.", "أبلغت المحطة عن التسرب في اليوم الثالث.", None),
    ],
)
def test_what_it_says_instead(claim: str, sentence: str, instead: str | None) -> None:
    found = overstated(_claimed(claim), _source(sentence))
    assert found is not None
    assert found[1] == instead


def test_bodies_are_found_in_both_languages() -> None:
    text = "The House and the Senate wrote to the White House, the defence ministry and the Court of Appeal."
    assert [(one.group, *one.names) for one in bodies(text)] == [
        ("chamber", "lower"), ("chamber", "upper"), ("ministry", "defence"), ("court", "appeal"),
    ]  # fmt: skip
    text = "أحاله مجلس النواب إلى مجلس الشيوخ ووزارة الداخلية وللمحكمة الدستورية."
    assert [(one.group, *one.names) for one in bodies(text)] == [
        ("chamber", "lower"), ("chamber", "upper"), ("ministry", "interior"), ("court", "constitutional"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "sentence", "other"),
    [
        ("The Senate passed the bill.", "The House passed the bill and the Senate rejected it.", True),
        ("The Senate rejected the bill.", "The House passed the bill and the Senate rejected it.", False),
        ("أقر مجلس المستشارين المشروع.", "وأقر مجلس النواب المشروع ثم أُحيل إلى مجلس المستشارين.", True),
        ("أقر مجلس النواب المشروع.", "وأقر مجلس النواب المشروع ثم أُحيل إلى مجلس المستشارين.", False),
        (
            "The Senate passed the act by 53 votes.",
            "The act passed by 53 votes in the upper chamber; the House passed it by 389.",
            False,
        ),
        ("The Senate passed the bill.", "The House passed the bill and sent the bill to the Senate.", True),
        (
            "The House of Representatives approved the bill in March.",
            "أقر الكونغرس مشروع القانون في آذار بعد أن رفضه مجلس الشيوخ أول مرة.",
            False,
        ),
        (
            "The interior ministry said three men were held.",
            "قالت الداخلية إن ثلاثة رجال أوقفوا، ونفت وزارة الدفاع علمها.",
            False,
        ),
        ("أقر مجلس الشيوخ القانون.", "أقر الشيوخ القانون، وأقره مجلس النواب قبلهم.", False),
        ("أقر مجلس الشيوخ القانون.", "The House of Representatives passed the law.", True),
        ("The defence ministry held three men.", "قالت الداخلية إن ثلاثة رجال أوقفوا.", False),
    ],
)
def test_the_body_in_the_same_place_counts(claim: str, sentence: str, other: bool) -> None:
    assert (other_body(_claimed(claim), _source(sentence)) is not None) is other


@pytest.mark.parametrize(
    ("claim", "sentence", "doubted"),
    [
        ("The interior ministry bought twelve boats.", "واشترت وزارة الدفاع اثني عشر زورقا.", True),
        ("The Senate narrowly passed the bill.", "The House passed the bill.", True),
        (
            "The interior ministry said three men were held.",
            "قالت الداخلية إن ثلاثة رجال أوقفوا، ونفت وزارة الدفاع علمها.",
            False,
        ),
        ("أقر مجلس النواب القانون.", "أقر الكونغرس القانون بعد أن رفضه مجلس الشيوخ.", False),
    ],
)
def test_a_body_that_the_sentence_does_not_name_is_doubted(claim: str, sentence: str, doubted: bool) -> None:
    assert (body_unknown(_claimed(claim), _source(sentence)) is not None) is doubted


@pytest.mark.parametrize(
    ("claim", "doubted"),
    [("The Senate passed the act.", True), ("أقر مجلس الشيوخ القانون.", True), ("The House passed the act.", False)],
)
def test_a_sentence_that_names_no_body_is_of_the_one_beside_it(claim: str, doubted: bool) -> None:
    alone = _source("The act passed on 14 February 2024 by 389 votes to 32.")
    before = [_source("The Senate has yet to act."), _source("The US House of Representatives has voted.")]
    assert (body_before(_claimed(claim), alone, before) is not None) is doubted


def test_who_voted_how_is_read() -> None:
    def told(text: str) -> list[tuple[str, list[str]]]:
        return [(one.way, [name.text for name in one.voters]) for one in votes(text, _source(text).language)]

    assert told("Qatar and Oman voted for the resolution on Syria, Chile rejected it, and Kenya abstained.") == [
        ("for", ["Qatar", "Oman"]), ("against", ["Chile"]), ("neither", ["Kenya"]),
    ]  # fmt: skip
    assert told("وصوتت مصر لصالح القرار، ورفضته تشيلي، وامتنعت كينيا عن التصويت.") == [
        ("for", ["مصر"]), ("against", ["تشيلي"]), ("neither", ["كينيا"]),
    ]  # fmt: skip
    assert told("Qatar abstained from comment.") == []
    assert told("لم تؤيد قطر القرار.") == []


def test_one_vote_in_other_words_is_the_same() -> None:
    for claim in ("Qatar supported the resolution.", "صوتت قطر لصالح القرار."):
        for sentence in ("Qatar voted in favour of the resolution.", "أما قطر والكويت فأيّدتا القرار."):
            assert voted_otherwise(_claimed(claim), _source(sentence)) is None
    abstained = _claimed("Qatar abstained from the UN vote on missing persons.")
    assert voted_otherwise(abstained, _source("أما قطر والكويت فأيّدتا القرار.")) is not None
    assert voted_otherwise(_claimed("رفضت قطر القرار."), _source("Qatar approved the resolution.")) is not None


@pytest.mark.parametrize(
    ("claim", "sentence", "otherwise"),
    [
        (
            "Kuwait opposed the Lebanon resolution.",
            "Kuwait, which had supported an earlier draft, opposed the Lebanon resolution.",
            False,
        ),
        (
            "Qatar voted for the resolution.",
            "Qatar, which had abstained on the first draft, voted for the resolution.",
            False,
        ),
        (
            "Qatar voted against the resolution.",
            "Qatar, unlike Kuwait, which supported the resolution, voted against it.",
            False,
        ),
        (
            "Kuwait opposed the resolution.",
            "Kuwait, which had supported an earlier draft, and Oman opposed the resolution.",
            False,
        ),
        (
            "صوتت قطر لصالح القرار.",
            "Qatar abstained in 2019; a year later, with Kuwait, it supported the resolution.",
            False,
        ),
        ("صوتت قطر لصالح القرار.", "قطر التي امتنعت عن التصويت أول مرة صوتت لصالح القرار.", False),
        ("Qatar voted for the resolution.", "قطر التي امتنعت عن التصويت أول مرة صوتت لصالح القرار.", False),
        ("عارضت الكويت قرار لبنان.", "الكويت التي أيدت مسودة سابقة عارضت قرار لبنان.", False),
        ("صوتت قطر لصالح القرار.", "امتنعت قطر أول مرة ثم صوتت مع الكويت لصالح القرار.", False),
        ("Qatar abstained on the resolution.", "Qatar voted for the resolution, and Kenya abstained.", True),
        ("صوتت قطر لصالح القرار.", "صوتت مصر لصالح القرار، وامتنعت قطر عن التصويت.", True),
    ],
)
def test_a_vote_in_a_clause_beside_is_not_the_vote(claim: str, sentence: str, otherwise: bool) -> None:
    assert (voted_otherwise(_claimed(claim), _source(sentence)) is not None) is otherwise


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        ("They burned 2 billion pills.", "2 billion", "2 billion pills"),
        ("Italian police seized it.", "Italian", "Italian police"),
        ("ضبطت الشرطة الإيطالية الشحنة.", "الإيطالية", "الشرطة الإيطالية"),
        ("يعيش هناك 33 مليون شخص.", "33 مليون", "33 مليون شخص"),
        ("It was seized in Salerno.", "Salerno", "Salerno"),
        ("بينهم عشر دول عربية على الأقل.", "عربية", "دول عربية"),
        ("The House passed H.R. 6265 and went home.", "6265", "H.R. 6265"),
        ("The Qatari foreign minister stayed away.", "Qatari", "Qatari foreign minister"),
        ("غاب وزير الخارجية القطري عن الاجتماع.", "القطري", "وزير الخارجية القطري"),
    ],
)
def test_a_figure_or_adjective_comes_with_what_it_is_of(text: str, said: str, told: str) -> None:
    assert in_words(said, _source(text)) == told


@pytest.mark.parametrize(
    ("text", "word", "told"),
    [
        ("She called it a useless response.", "useless", "useless response"),
        ("Officers found cocaine at the port.", "cocaine", "cocaine"),
        ("وصفتها بأنها استجابة فاشلة.", "فاشلة", "استجابة فاشلة"),
        ("استقال وزير المياه.", "استقال", "استقال وزير"),
    ],
)
def test_a_word_that_is_lacking_comes_with_the_word_it_goes_with(text: str, word: str, told: str) -> None:
    [missing] = [token for token in read(text) if text[token.start : token.end] == word]
    assert lacked(text, [missing]) == (told,)
