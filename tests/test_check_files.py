"""Tables of claims as people have them, and tables of verdicts that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from rag.errors import InvalidQuery
from ui.check_files import ResultCell, harmless, is_table, read_table, write_book, write_csv

ARABIC = "قُتل مرعي الرمثان في غارة على ريف السويداء، في 8 أيار 2023."
ENGLISH = "Captagon, once a medicine, was outlawed in 1986."


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "claims.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_in_every_dress(tmp_path: Path, encoding: str, mark: str) -> None:
    text = f'رقم{mark}الادعاء{mark}ملاحظة\r\n1{mark}"{ARABIC}"{mark}أولى\r\n\r\n2{mark}"{ENGLISH}"{mark}\r\n'
    table = read_table(written(tmp_path, text, encoding))
    assert table.header == ("رقم", "الادعاء", "ملاحظة")
    assert [table.claim(row) for row in table.rows] == [ARABIC.replace("ُ", "ُ"), "", ENGLISH]
    assert table.rows[0][2] == "أولى"


def test_a_list_without_a_header_or_a_delimiter(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, f"{ENGLISH}\n{ARABIC}\n"))
    assert [table.claim(row) for row in table.rows] == [ENGLISH, ARABIC]
    table = read_table(written(tmp_path, f"claim\n{ENGLISH}\n{ARABIC}\n"))
    assert [table.claim(row) for row in table.rows] == [ENGLISH, ARABIC]


def test_excels_own_hint_of_the_delimiter(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, f"sep=;\r\nid;statement\r\n7;{ENGLISH}\r\n", "utf-8-sig"))
    assert (table.header, table.rows) == (("id", "statement"), (("7", ENGLISH),))


@pytest.mark.parametrize("name", ["Claim", "CLAIMS", "statement", "ادّعاء", "الإدعاء", "العبارة", "النص"])
def test_the_column_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    table = read_table(written(tmp_path, f"note about it,{name}\nsome words before it,{ARABIC.replace('،', '')}\n"))
    assert table.column == 1


def test_the_column_that_is_asked_for_or_else_the_first_of_text(tmp_path: Path) -> None:
    path = written(tmp_path, f'id,first,second\n1,"{ENGLISH}","{ARABIC}"\n')
    assert read_table(path).column == 1
    assert read_table(path, "Second").column == 2
    with pytest.raises(InvalidQuery, match=r"no column “third”.*first, second"):
        read_table(path, "third")
    with pytest.raises(InvalidQuery, match="--column"):
        read_table(written(tmp_path, "id,year\n1,2023\n2,2024\n"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"\n\n  \n"[:2]),
        ("a.csv", b"\x00\x01\x02\x03" * 100),
        ("a.xlsx", b"not a workbook"),
        ("a.xlsx", b"PK\x03\x04 cut off"),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
    ],
)
def test_what_is_no_table_is_said_in_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidQuery) as caught:
        read_table(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidQuery, match="No such file"):
        read_table(tmp_path / "nothing.csv")


def test_what_is_a_table_and_what_a_claim() -> None:
    assert is_table("claims.CSV")
    assert is_table("dir/ادعاءات.xlsx")
    assert not is_table("He sent claims.csv to me.")
    assert not is_table("بدأ الكبتاغون دواء")
    assert not is_table("a claim\nof two lines.csv")


def test_a_workbook_of_values_dates_and_formulas(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["id", "الادعاء", "يوم", "count"])
    book.active.append([1, ARABIC, date(2023, 5, 8), 2.5])
    book.active.append([2.0, '="Cap"&"tagon"', None, True])
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    assert table.rows[0] == (1, ARABIC, "2023-05-08", 2.5)
    assert table.claim(table.rows[1]) == ""  # a formula that no program has computed has no value
    assert table.rows[1][3] == "True"


@given(st.text(max_size=30))
def test_no_cell_becomes_a_formula(text: str) -> None:
    cell = harmless(text)
    assert isinstance(cell, str)
    assert cell.lstrip("'") == text.lstrip("'")
    if cell and cell[0] in "=+-@\t\r\n＝＋－＠":
        assert cell.strip("+-%").replace(".", "").replace(",", "").isdigit()


ATTACKS = ['=HYPERLINK("http://x","y")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "＝1+1"]


def test_written_cells_stay_text(tmp_path: Path) -> None:
    rows = [[attack, ResultCell(attack), -5, "-5", "\x07bell"] for attack in ATTACKS]
    write_csv(tmp_path / "a.csv", ["=name", "b", "c", "d", "e"], rows)
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    assert read[0][0] == "'=name"
    assert [row[:2] for row in read[1:]] == [[f"'{attack}"] * 2 for attack in ATTACKS]
    assert read[1][2:4] == ["-5", "-5"]
    write_book(tmp_path / "a.xlsx", ["=name", "b", "c", "d", "e"], rows, right_to_left=False)
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [f"'{attack}" for attack in ATTACKS]
    assert sheet["C2"].value == -5


def test_a_book_for_arabic_readers(tmp_path: Path) -> None:
    rows = [[ARABIC, ResultCell("تناقضه الوثائق", verdict="contradicted"), ResultCell("x", link="https://x.example/a")]]
    write_book(tmp_path / "a.xlsx", ["الادعاء", "الحكم", "المصدر"], rows, right_to_left=True)
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet.sheet_view.rightToLeft
    assert sheet["A2"].value == ARABIC
    assert sheet["A2"].alignment.wrap_text
    assert sheet["B2"].fill.fgColor.rgb.endswith("F9D6D5")
    assert sheet["C2"].hyperlink.target == "https://x.example/a"
    assert sheet["A2"].hyperlink is None
