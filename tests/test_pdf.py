"""PDF files: pages that Chromium printed from HTML (tests/data/pdf), and small files written by hand."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from pdf_files import NO_LETTERS, pdf, shown

from corpus import isolation
from corpus.catalog import Catalog
from corpus.cleaning import clean
from corpus.document import Removal, page_at, pages_after
from corpus.errors import EmptySource, SourceError, SourceTooLarge, UnreadableSource
from corpus.pdf.order import logical
from corpus.pdf.title import stated_author, stated_title
from corpus.readers import pdf as reader
from corpus.repair import repair
from corpus.sources import read_document
from rag.types import Answer
from ui.i18n.messages import translated
from ui.panel import citation_html
from ui.render import answer_markdown
from ui.wire import document_from_json

FILES = Path(__file__).parent / "data" / "pdf"
PLAIN = shown(b"(A plain sentence that stands on a page.)", b"(A second line of it.)")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {name: _read(name).text for name in ("report-ar", "report-en", "columns", "mixed")}


def _read(name: str) -> reader.Extraction:
    return reader.read((FILES / f"{name}.pdf").read_bytes(), f"{name}.pdf")


def _squeezed(text: str) -> str:
    text = text.replace("\u00ad", "").replace("\u0640", "")
    return "".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize("name", ["report-ar", "columns"])
def test_not_a_letter_is_lost_or_added(name: str, texts: dict[str, str]) -> None:
    body = html.parse(FILES / f"{name}.html").getroot().find(".//body")
    for element in body.iter("p", "h1", "h2", "div"):
        element.tail = f"{element.tail or ''} "
    assert _squeezed(texts[name]) == _squeezed(body.text_content())
    assert len(texts[name].split()) == len(body.text_content().split())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "report-ar",
            (
                "أقرّت هيئة مياه وادي السهل في ١٢ آذار ٢٠٢٤ خطة لإصلاح شبكات المياه في سبع بلدات، بكلفة ٤٨٫٥ مليون دولار تُصرف "
                "على ثلاث سنوات."
            ),
        ),
        ("report-ar", "وأضاف في مؤتمر صحافي عقده في 14/03/2024: «لن ننتظر عاماً آخر، فالعطش لا ينتظر أحداً»."),
        ("report-ar", "برنامج GIS التابع لمنظمة Water Without Borders في نيسان 2023."),
        # over the end of a page, past a number and a running head
        ("report-ar", "ويُسدَّد القرض على مدى خمسة عشر عاماً تبدأ في كانون الثاني 2026."),
        (
            "report-ar",
            (
                "وإذا تأخرت محطة الجسر الشمالي عن موعدها أكثر من ستين يوماً، جاز للهيئة أن تفسخ العقد وأن تطالب المتعهّد "
                "بغرامة قدرها ١٥ ألف دولار عن كل أسبوع."
            ),
        ),
        ("report-ar", "خصّصت لذلك رقم الهاتف 115 والبريد plan@sahl-water.example لتلقّي الشكاوى."),
        ("report-ar", "وفي ختام التقرير تؤكد الهيئة"),  # written with a tatweel
        (
            "report-en",
            (
                "Its authors, Dr. Helen Marsh and Capt. T. J. Okafor, interviewed fifty-eight witnesses and read more than "
                "4,000 pages of logbooks, certificates and messages."
            ),
        ),
        ("report-en", "The first distress call was made at 04:31, fourteen minutes after the grounding."),
        ("report-en", "so that the state will most likely pay the rest."),  # over the end of a page
        ("report-en", "The office in Lower Quay Street was told of this by e-mail on 17 August 2022;"),
        ("mixed", "وقّع محافظ الساحل عبد الله الأمين ورئيسة بعثة المراقبة (Port Monitoring Mission) إنغريد هولم اتفاق"),
        (
            "mixed",
            "ودخل حيّز التنفيذ في الساعة 18:30 من اليوم نفسه[1]. ويغطّي الاتفاق منطقة مساحتها 12.5 كم² حول المرفأ.",
        ),
        ("mixed", "قدّمها برنامج الأغذية العالمي (WFP) بنسبة 33.8% من المجموع."),
        ("mixed", "Governor Abdullah al-Amin (عبد الله الأمين) signed for the province;"),
    ],
)
def test_sentences_stand_as_they_were_written(name: str, sentence: str, texts: dict[str, str]) -> None:
    assert sentence in texts[name]


def test_headings_and_items_have_lines_of_their_own(texts: dict[str, str]) -> None:
    lines = texts["report-ar"].split("\n")
    assert {"أولويات الخطة", "التمويل", "ماذا بعد؟"} <= set(lines)
    assert [line[:2] for line in lines if line[1:2] == "-"] == ["١-", "٢-", "٣-", "٤-", "٥-"]
    assert lines[lines.index("تقوم الخطة على خمس أولويات هي:") + 3].endswith("ولا تحتمل ضغط الضخ الجديد.")
    english = texts["report-en"].split("\n")
    assert "Recommendations" in english
    items = [line for line in english if line[:2] in ("1.", "2.", "3.", "4.", "5.", "6.")]
    assert len(items) == 6
    assert items[1].endswith("so that the whole bridge team can hear what is said and what is answered.")
    assert [line[:9] for line in english if line.startswith("•")] == ["• Salvage", "• Cleanin", "• Compens"]
    assert sum(line.startswith(("At 03:50", "The alarm")) for line in english) == 2  # indented


def test_rows_of_a_table_have_lines_of_their_own(texts: dict[str, str]) -> None:
    assert "| الشهر | الأطنان |\n| تشرين الأول | 1,900 |\n| تشرين الثاني | 1,500 |" in texts["mixed"]


def test_running_heads_and_page_numbers_are_taken_out(texts: dict[str, str]) -> None:
    for gone in ("التقرير السنوي ٢٠٢٤", "\n١\n", "\n٢\n"):
        assert gone not in texts["report-ar"]
    for gone in ("Harbour Safety Review", "Page 2 of", "public version"):
        assert gone not in texts["report-en"]
    assert "ص ١" not in texts["mixed"]


def test_columns_are_read_one_after_the_other(texts: dict[str, str]) -> None:
    text = texts["columns"]
    order = ["ارتفع سعر طن القمح", "بلغ المخزون", "لم يتغيّر سعر ربطة الخبز", "ويرى الخبير", "The price of a tonne",
             "State silos", "An official there", "Walid Sarhan"]  # fmt: skip
    assert [text.index(one) for one in order] == sorted(text.index(one) for one in order)


@pytest.mark.parametrize(
    ("seen", "read"),
    [  # from left to right as it stands on the page, and as it is read
        ("ىلع GIS جمانرب", "برنامج GIS على"),
        ("2024/03/14 يف", "في 2024/03/14"),
        ("%43 ةبسن", "نسبة 43%"),
        ("43% ةبسن", "نسبة 43%"),
        (".(ةملك) لاق", "قال (كلمة)."),
        (".)ةملك( لاق", "قال (كلمة)."),
        ("٢٠٢٤ -٣", "٣- ٢٠٢٤"),
        ("Water Without Borders ةمظنم", "منظمة Water Without Borders"),
        ("ـه١٤٤٥ ماع", "عام ١٤٤٥هـ"),
    ],
)
def test_visual_order_becomes_reading_order(seen: str, read: str) -> None:
    assert logical(list(seen), rightwards=False) == read


def test_title_and_author_are_those_that_the_file_states(texts: dict[str, str]) -> None:
    assert _read("report-ar").title == "تقرير خطة مياه وادي السهل"
    # "Microsoft Word - harbour_final_v3.docx" is no title; the largest lines are one, and a date is never guessed
    found = _read("report-en")
    assert found.title == "Why the ferry Calder ran aground: findings and recommendations"
    assert (found.author, found.published) == (None, None)
    assert stated_title("mixed.indd") is stated_title("Untitled-1") is stated_title("annual_report") is None
    assert stated_title("Report on Idlib") == "Report on Idlib"
    assert stated_author("jsmith") is stated_author("Administrator") is None
    assert (stated_author("Rana Khatib"), stated_author("رنا الخطيب")) == ("Rana Khatib", "رنا الخطيب")


def test_hyphens_go_only_where_a_word_was_broken() -> None:
    page = shown(
        b"(The commu-)", b"(nity asked for a long-)", b"(term plan in twenty-)", b"(six towns, and the com-)",
        b"(mittee of Al-)", b"(Hasakah wanted a long term of plan and term.)", b"(A long word.)",
    )  # fmt: skip
    text = reader.read(pdf(page), "a.pdf").text
    assert "The community asked" in text
    assert "long-term plan in twenty-six towns, and the committee of Al-Hasakah" in text


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (pdf(PLAIN, user=b"secret"), UnreadableSource, "a.pdf is locked with a password."),
        (pdf(PLAIN)[:400], UnreadableSource, "a.pdf is damaged or incomplete."),
        (b"%PDF-1.7\n" + b"junk" * 500, UnreadableSource, "a.pdf is damaged or incomplete."),
        ((FILES / "scan.pdf").read_bytes(), EmptySource, "a.pdf has no text, only pictures of its pages."),
        (pdf(b""), EmptySource, "a.pdf has no text."),
        (pdf(PLAIN, copies=5001), SourceTooLarge, "a.pdf is too large: it has 5,001 pages."),
        (
            pdf(shown(b"<" + b"0041" * 60 + b">"), font=NO_LETTERS),
            UnreadableSource,
            "a.pdf does not say which letters most of its signs are.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(data: bytes, error: type[SourceError], said: str) -> None:
    with pytest.raises(error) as caught:
        reader.read(data, "a.pdf")
    assert caught.value.message == said
    assert translated(str(caught.value), "ar") != str(caught.value)


def test_a_file_that_asks_for_no_password_is_read() -> None:
    found = reader.read(pdf(PLAIN, user=b""), "a.pdf")
    assert found.text == "A plain sentence that stands on a page. A second line of it."


def test_a_file_that_takes_too_long_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_SECONDS", 0.01)
    with pytest.raises(UnreadableSource, match="too much time or memory"):
        reader.read(pdf(PLAIN), "a.pdf")


def test_a_reader_that_crashes_is_an_error_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.isolation.sys.executable", "/bin/false")
    with pytest.raises(UnreadableSource, match="stops the reader"):
        reader.read(pdf(PLAIN), "a.pdf")


@pytest.mark.parametrize("name", ["report-ar", "report-en", "mixed"])
def test_pages_begin_where_they_do(name: str) -> None:
    found = _read(name)
    assert found.pages[0] == 0
    assert list(found.pages) == sorted(found.pages)
    assert repair(found.text) == found.text  # else the offsets would not stay true
    second = {"report-ar": "على مدى خمسة", "report-en": "The first distress", "mixed": "The truce covers"}[name]
    assert found.text.startswith(second, found.pages[1])


def test_pages_stay_true_when_furniture_is_taken_out() -> None:
    text = "Subscribe to our newsletter\n\nFirst page says this.\n\nSecond page says that."
    cleaned = clean(text, scraped=False)
    assert cleaned.removed
    (start,) = pages_after((text.index("Second"),), cleaned.removed)
    assert cleaned.text.startswith("Second", start)
    assert pages_after((0, 5, 9), (Removal(3, "abcd", "x"),)) == (0, 3, 5)
    assert [page_at((0, 10, 10, 20), at) for at in (0, 9, 10, 25)] == [1, 1, 3, 4]
    assert page_at((), 3) is None


def test_a_catalogue_of_an_earlier_version_goes_on_working(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    note = tmp_path / "a.txt"
    note.write_text("قال الوزير إن الجسر سيفتح في أيار المقبل.", encoding="utf-8")
    old = Catalog(path)
    old.put(read_document(note))
    old.close()
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE documents DROP COLUMN pages")
    again = Catalog(path)
    assert again.put(read_document(note)) == "unchanged"
    report = read_document(FILES / "report-ar.pdf")
    assert again.put(report) == "added"
    assert again.get(report.document_id) == report
    assert again.entries([report.document_id])[0].page_at(report.pages[2]) == 3
    again.close()


def test_quotes_of_a_pdf_are_verbatim_and_name_their_page(
    tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    home = tmp_path / "home"
    code, out, _ = run("ingest", "--home", home, FILES, "--json")
    assert [Path(one["source"]).name for one in json.loads(out)["failed"]] == ["scan.pdf"]
    assert (code, json.loads(out)["added"]) == (1, 8)  # each page of HTML too
    for pages in FILES.glob("*.html"):
        assert run("documents", "remove", "--home", home, _id(pages))[0] == 0
    for question, said, page in (
        ("كم تبلغ كلفة خطة إصلاح شبكات المياه في وادي السهل؟", "٤٨٫٥ مليون دولار", 1),
        ("متى تقدّم لجنة المتابعة تقريرها الأول؟", "٣٠ أيلول ٢٠٢٤", 2),
        ("When was the bill introduced that would raise the limit?", "October 2023", 3),
    ):
        code, out, _ = run("ask", "--home", home, question, "--json")
        answer = json.loads(out)
        cited = [one for one in answer["citations"] if said in one["quote"]]
        assert code == 0
        assert cited, answer["text"]
        assert cited[0]["page"] == page
        _, shown_document, _ = run("documents", "show", "--home", home, cited[0]["document_id"], "--json")
        stored = json.loads(shown_document)
        assert stored["text"][cited[0]["start"] : cited[0]["end"]] == cited[0]["quote"]
        read_back = Answer.from_json(answer)
        panel = citation_html(read_back, 1, cited[0]["number"], document_from_json(stored))
        told = re.sub(r"<[^>]+>|[\u2066-\u2069]", "", panel)
        assert f"ص {page}" in told
        assert f"p. {page}" in told
        written = re.sub("[\u2066-\u2069]", "", answer_markdown(read_back))
        assert f"{page} · {cited[0]['start']}" in written
        saved = tmp_path / "answer.json"
        saved.write_text(out, encoding="utf-8")
        assert run("verify", saved, "--home", home)[0] == 0
        assert run("verify", saved, "--documents", FILES / Path(stored["source"]).name)[0] == 0
        saved.write_text(out.replace(f'"page": {page}', f'"page": {page + 1}'), encoding="utf-8")
        code, told, _ = run("verify", saved, "--home", home)
        assert code == 1
        assert f"page {page}, not {page + 1}" in told
    _, out, _ = run("ask", "--home", home, "متى تقدّم لجنة المتابعة تقريرها الأول؟")
    assert "ص 2" in out
    _, out, _ = run("ask", "--home", home, "When was the bill introduced that would raise the limit?")
    assert "p. 3" in out


def _id(path: Path) -> str:
    from corpus.document import document_id_for

    return document_id_for(str(path.resolve()))
