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
from corpus.readers.word_numbers import WORD, write_numbers
from corpus.sources import read_document
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


def test_entities_are_not_put_in() -> None:
    declared = '<!DOCTYPE x [<!ENTITY a "AAAA"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    data = changed(ENGLISH, "word/document.xml", "<w:document", f"{declared}<w:document")
    text = word.read(changed(data, "word/document.xml", "Open a second", "&a;&b;Open a second"), "x.docx").text
    assert "AAAA" not in text
    assert "root:" not in text


def test_what_is_packed_too_large_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", b" " * (word.MAX_UNPACKED + 1))
    with pytest.raises(SourceTooLarge):
        word.read(out.getvalue(), "bomb.docx")


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


@settings(deadline=None)
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
