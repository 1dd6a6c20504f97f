"""Word documents: what Word prints is read, numbers of lists included; what it hides is not; bad files are refused."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from corpus.errors import SourceError, SourceTooLarge, UnreadableSource, UnsupportedSource
from corpus.readers import word
from corpus.sources import read_document
from corpus.word import worker
from corpus.word.markup import WORD
from corpus.word.numbers import LONGEST, write_numbers
from rag import Engine

FILES = Path(__file__).parent / "data" / "word"
ENGLISH = (FILES / "report-en.docx").read_bytes()


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """The document with `old` put for `new` in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as made:
        for one in packed.infolist():
            content = packed.read(one)
            if one.filename == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            made.writestr(one.filename, content)
    return out.getvalue()


def test_text_lists_tables_and_notes() -> None:
    found = word.read(ENGLISH, "report-en.docx")
    assert (found.format, found.title, found.author) == ("docx", "Border Trade Review 2024", "Lina Haddad")
    assert found.published is None
    lines = found.text.splitlines()
    assert "in May 2024. Fees rose" in found.text  # the note's mark is no [1] of an answer
    begin = lines.index("1. Open a second lane at Nasib.")
    assert lines[begin : begin + 5] == [
        "1. Open a second lane at Nasib.",
        "2. Publish the fees in both languages:",
        "a. on the ministry’s page;",
        "b. at the gate.",
        "3. Train forty inspectors before March.",
    ]
    assert "- expired medicine\n- uncertified seed" in found.text
    assert "| Nasib | 1,240 |" in found.text
    assert lines[-1] == "1. Count of the ministry’s own gate register, 6 to 31 May."


def test_arabic() -> None:
    found = word.read((FILES / "report-ar.docx").read_bytes(), "report-ar.docx")
    assert (found.title, found.author) == ("مراجعة تجارة الحدود لعام 2024", "لينا حداد")
    assert "1. فتح مسار ثان في نصيب.\n2. نشر الرسوم باللغتين.\n3. تدريب أربعين مفتشا قبل آذار/مارس." in found.text
    assert "قال مدير المعبر سامر العلي: «لم نُغلق المعبر يوما واحدا»." in found.text


def test_what_word_hides_is_not_read() -> None:
    found = word.read((FILES / "hidden.docx").read_bytes(), "hidden.docx")
    assert found.title == "ميناء اللاذقية: بيان آب"  # the heading, not the template's title
    assert found.author is None  # a program's name
    assert found.text.splitlines()[2:] == [
        "صادرت الجمارك 14 طنا في الميناء. ولم يُعتقل أحد.",
        "",
        "The harbour master signed it.",
        "",
        "The fine was 700 pounds, in cash.",
    ]


def test_hidden_text_of_the_other_standard_is_not_read() -> None:
    data = (FILES / "hidden.docx").read_bytes()
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    for part in ("word/document.xml", "word/styles.xml"):
        data = changed(data, part, f'xmlns:w="{WORD}"', f'xmlns:w="{strict}"')
    found = word.read(data, "strict.docx")
    assert "14 طنا" in found.text
    assert "تجاهل" not in found.text
    assert "Ignore" not in found.text


def numbered(kind: str, text: str, *paragraphs: tuple[str, int]) -> list[str]:
    """What is printed of paragraphs at levels of two lists: "1" and "2", which begins anew at 5."""
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{one}"/><w:lvlText w:val="{said}"/></w:lvl>'
        for level, (one, said) in enumerate(((kind, text), ("decimal", "%1.%2")))
    )
    numbering = etree.fromstring(
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>'
    )
    document = etree.fromstring(
        f'<w:document xmlns:w="{WORD}"><w:body>'
        + "".join(
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
            "<w:r><w:t>x</w:t></w:r></w:p>"
            for number, level in paragraphs
        )
        + "</w:body></w:document>"
    )
    write_numbers(document, numbering, None)
    return ["".join(str(text.text) for text in one.iter(f"{{{WORD}}}t")) for one in document.iter(f"{{{WORD}}}p")]


def test_numbers_as_word_prints_them() -> None:
    assert numbered("decimal", "%1)", ("1", 0), ("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1)) == [
        "1) x", "2) x", "2.1 x", "2.2 x", "3) x", "3.1 x",
    ]  # fmt: skip
    # Lists made alike count on, unless one says where it begins.
    assert numbered("lowerLetter", "(%1)", ("1", 0), ("2", 0), ("2", 0)) == ["(a) x", "(e) x", "(f) x"]
    assert numbered("arabicAbjad", "%1.", ("1", 0), ("1", 0), ("1", 0)) == ["أ. x", "ب. x", "ج. x"]
    assert numbered("upperRoman", "%1.", *[("1", 0)] * 4)[-1] == "IV. x"
    assert numbered("bullet", "•", ("1", 0), ("1", 0)) == ["x", "x"]
    assert numbered("decimal", "%1.", ("7", 0)) == ["x"]  # a list that the file does not define


def body(*paragraphs: str) -> str:
    return f'<w:document xmlns:w="{WORD}"><w:body>{"".join(paragraphs)}</w:body></w:document>'


def text(said: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{said}</w:t></w:r>'


def document(content: str, styles: str = "", numbering: str = "") -> bytes:
    """A document of its own making: English, with other content, styles and lists."""
    out = io.BytesIO()
    names = {"word/document.xml": content, "word/styles.xml": styles, "word/numbering.xml": numbering}
    with zipfile.ZipFile(io.BytesIO(ENGLISH)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for one in packed.infolist():
            made.writestr(one.filename, names.get(one.filename) or packed.read(one))
    return out.getvalue()


def styled(inner: str) -> str:
    return f'<w:styles xmlns:w="{WORD}">{inner}</w:styles>'


def style(name: str, properties: str = "", based_on: str = "", kind: str = "paragraph", default: str = "") -> str:
    return (
        f'<w:style w:type="{kind}" w:styleId="{name}" {default}><w:name w:val="{name}"/><w:basedOn w:val="{based_on}"/>'
        f"{properties}</w:style>"
    )


HIDES = "<w:rPr><w:vanish/></w:rPr>"
SHOWN = '<w:vanish w:val="0"/>'


def paragraph(inner: str, named: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{named}"/></w:pPr>{inner}</w:p>' if named else f"<w:p>{inner}</w:p>"


def table(properties: str, row: str) -> str:
    return f"<w:tbl>{properties}<w:tr>{row}<w:tc>{paragraph(text('no'))}</w:tc></w:tr></w:tbl>"


def char(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


BY_STYLE = text("no", '<w:rStyle w:val="B"/>')
FIELD = f"{char('begin')}{text('no')}{char('separate')}{text('yes')}{char('end')}"


@pytest.mark.parametrize(
    ("content", "styles", "shown"),
    [
        (paragraph(text("no"), "B"), style("A", HIDES) + style("B", "", "A"), ""),
        (paragraph(BY_STYLE), style("A", HIDES, kind="character") + style("B", "", "A", "character"), ""),
        (paragraph(text("no")), style("N", HIDES, default='w:default="1"'), ""),
        (paragraph(text("no")), f"<w:docDefaults><w:rPrDefault>{HIDES}</w:rPrDefault></w:docDefaults>", ""),
        (table('<w:tblPr><w:tblStyle w:val="T"/></w:tblPr>', ""), style("T", HIDES, kind="table"), ""),
        (table("", "<w:trPr><w:hidden/></w:trPr>"), "", ""),
        (paragraph(text("نعم", SHOWN) + text("no"), "A"), style("A", HIDES), "نعم"),
        (paragraph(FIELD), "", "yes"),
        (paragraph(text("no"), "A"), style("A", HIDES, "B") + style("B", "", "A"), ""),
        (paragraph(text("yes"), "A"), style("A", "", "B") + style("B", "", "A"), "yes"),
    ],
)
def test_every_way_of_hiding(content: str, styles: str, shown: str) -> None:
    found = word.read(document(body(content, paragraph(text("ظاهر", SHOWN))), styled(styles)), "x.docx").text
    assert found == f"{shown}\n\nظاهر".strip()


def test_a_text_box_is_read_as_word_shows_it_and_counted_once() -> None:
    def item(said: str) -> str:
        return f'<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>{text(said)}</w:p>'

    choice, fallback = (f"<w:txbxContent>{item(said)}</w:txbxContent>" for said in ("في الصندوق", "for old readers"))
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{choice}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{fallback}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    numbering = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    content = body(item("one"), f"<w:p><w:r>{box}</w:r></w:p>", item("three"))
    found = word.read(document(content, styled(""), numbering), "x.docx").text
    assert "old readers" not in found
    assert [line for line in found.splitlines() if line] == ["1. one", "2. في الصندوق", "3. three"]


def test_numbers_of_styles_and_of_what_was_moved_or_deleted() -> None:
    numbering = etree.fromstring(
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:styleLink w:val="L"/>'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/><w:pStyle w:val="H1"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/><w:pStyle w:val="H2"/></w:lvl>'
        '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    styles = etree.fromstring(
        styled(
            style("H1", '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>')
            + style("H2", '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>')
            + style("Mine", "", "H1")
        )
    )

    def made(named: str, inner: str, mark: str = "") -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{named}"/><w:rPr>{mark}</w:rPr></w:pPr>{inner}</w:p>'

    content = etree.fromstring(
        body(
            made("H1", text("a")),
            made("H2", text("b")),
            made("Mine", text("c")),
            made("H1", ""),  # Word numbers an empty paragraph, too
            made("H1", f'<w:moveFrom w:id="1">{text("gone")}</w:moveFrom>', '<w:moveFrom w:id="2"/>'),
            made("H1", text("d, "), '<w:del w:id="3"/>'),
            made("H1", text("and on")),
            made("H1", text("e")),
        )
    )
    write_numbers(content, numbering, styles)
    found = ["".join(str(one.text) for one in p.iter(f"{{{WORD}}}t")) for p in content.iter(f"{{{WORD}}}p")]
    assert found[:4] == ["I. a", "1.1 b", "II. c", ""]
    assert found[-1] == "V. e"
    assert [one for one in found if "d, " in one or "and on" in one] == ["IV. d, ", "and on"]


def test_what_a_level_prints_is_short() -> None:
    assert numbered("decimal", "%1" + "x" * LONGEST, ("1", 0)) == ["x"]


@pytest.mark.parametrize("declared", ['<!ENTITY a "AAAA">', '<!ENTITY a SYSTEM "file:///etc/passwd">'])
def test_a_document_that_declares_entities_is_refused(declared: str) -> None:
    data = changed(ENGLISH, "word/document.xml", "<w:document", f"<!DOCTYPE x [{declared}]><w:document")
    with pytest.raises(UnreadableSource):
        word.read(changed(data, "word/document.xml", "Open a second", "&a;Open a second"), "x.docx")


def test_what_is_packed_too_large_is_refused_whatever_it_says_of_its_size(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", b" " * (worker.MAX_UNPACKED + 1))
    with pytest.raises(SourceTooLarge):
        word.read(out.getvalue(), "bomb.docx")
    size = (worker.MAX_UNPACKED + 1).to_bytes(4, "little")
    lying = out.getvalue().replace(size, (100).to_bytes(4, "little"))
    assert lying != out.getvalue()
    with pytest.raises(UnreadableSource):
        word.read(lying, "bomb.docx")
    many = body(*["<w:p/>"] * worker.MAX_ELEMENTS)
    with pytest.raises(SourceTooLarge):
        word.read(document(many), "many.docx")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(UnreadableSource):
        word.read(packed.getvalue(), "lzma.docx")


def test_bad_files_are_refused(tmp_path: Path) -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as made:
        made.writestr("a.txt", "no document")
    for data, error in (
        (b"plain text", UnsupportedSource),
        (b"\xd0\xcf\x11\xe0" + bytes(600), UnsupportedSource),
        (book.getvalue(), UnsupportedSource),
        (ENGLISH[:5000], UnreadableSource),
        (changed(ENGLISH, "word/document.xml", "<w:body>", "<w:body"), UnreadableSource),
    ):
        path = tmp_path / "bad.docx"
        path.write_bytes(data)
        with pytest.raises(error) as raised:
            read_document(path)
        assert str(path) in str(raised.value)
        assert "\n" not in str(raised.value)


@settings(deadline=None, max_examples=25)  # each in a process of its own
@given(st.integers(0, len(ENGLISH) - 1), st.binary(min_size=1, max_size=8))
def test_a_file_with_bytes_overwritten_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.docx"
    path.write_bytes(ENGLISH[:place] + noise + ENGLISH[place + len(noise) :])
    with contextlib.suppress(SourceError):
        assert read_document(path).text


def test_questions_over_word_documents(tmp_path: Path) -> None:
    with Engine.open(tmp_path / "home") as engine:
        report = engine.ingest(sorted(FILES.glob("*.docx")))
        assert not report.failed
        assert len(report.documents) == 3
        answer = engine.ask("ما توصيات مراجعة تجارة الحدود؟")
        assert [one.quote for one in answer.citations][:3] == [
            "1. فتح مسار ثان في نصيب.",
            "2. نشر الرسوم باللغتين.",
            "3. تدريب أربعين مفتشا قبل آذار/مارس.",
        ]
        answer = engine.ask("How many lorries a week were counted at Nasib?")
        assert answer.citations[0].quote.startswith("The trade ministry counted 1,240 lorries a week")
