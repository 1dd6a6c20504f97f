"""Discovering and reading sources."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import document_id_for
from corpus.errors import (
    EmptySource,
    SourceError,
    SourceNotFound,
    SourceTooLarge,
    UnreadableSource,
    UnsupportedSource,
)
from corpus.sources import discover, read_document

STORY = "A headline about the bridge\n\nThe bridge will open in May, the ministry said, after two years of work.\n"


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.md",
        "sub/c.html",
        "LICENSE",
        "LICENSE.txt",
        ".hidden.txt",
        ".git/x.txt",
        "image.png",
        "old.doc",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(STORY)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "again.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    found = discover(tmp_path)
    root = tmp_path.resolve()
    assert found.sources == tuple(str(root / name) for name in ("a.md", "b.txt", "old.doc", "sub/c.html"))
    assert {Path(path).name for path in found.skipped} == {"image.png", "broken.txt"}


def test_a_bad_file_among_good_ones_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02" * 100)
    (tmp_path / "c.txt").write_text("")
    (tmp_path / "d.txt").write_bytes("قال الوزير إن الجسر سيفتح في أيار المقبل.".encode("cp1256"))
    read, failed, said = [], [], []
    for source in discover(str(tmp_path)).sources:
        try:
            read.append(read_document(source).text)
        except SourceError as error:
            failed.append((Path(source).name, error.code))
            said.append(str(error))
    assert not any("\n" in line for line in said)
    assert read[1] == "قال الوزير إن الجسر سيفتح في أيار المقبل."
    assert failed == [("b.txt", "source_unsupported"), ("c.txt", "source_empty")]


def test_a_document(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(STORY)
    document = read_document(path, tags=["x", "x", "y"])
    assert document.source == str(path.resolve())
    assert document.document_id == document_id_for(document.source)
    assert document.title == "A headline about the bridge"
    assert document.text.startswith("The bridge will open")
    assert (document.language, document.format, document.tags) == ("en", "text", ("x", "y"))
    assert document == read_document(os.path.relpath(path), tags=["x", "y"])


def test_markdown_metadata_reaches_the_document(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: The bridge\npublished: 2023-06-30\ntags: [m]\n---\n# The bridge\n\nIt opened in May.\n"
    )
    document = read_document(path, tags=["n"])
    assert (document.title, document.published, document.tags) == ("The bridge", date(2023, 6, 30), ("m", "n"))
    assert document.text == "It opened in May."


def test_the_title_that_a_file_states_is_its_title(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("---\ntitle: حالة المياه الجوفية 2023\n---\n\n# حالة المياه الجوفية\n\nانخفض المنسوب.\n", "utf-8")
    assert read_document(path).title == "حالة المياه الجوفية 2023"


def test_the_title_falls_back_to_the_file_name(tmp_path: Path) -> None:
    path = tmp_path / "ملاحظات.txt"
    path.write_text("قال المتحدث باسم الوزارة إن الجسر سيفتح في أيار المقبل، بعد شهرين من الموعد المقرر.")
    assert read_document(path).title == "ملاحظات"


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.txt", b"", EmptySource),
        ("blank.txt", b" \n\n\t", EmptySource),
        ("marks.txt", "\ufeff\u200b".encode(), EmptySource),
        ("hidden.html", b"<p hidden>nothing to see</p>", EmptySource),
        ("binary.txt", b"\x7fELF\x00\x00", UnsupportedSource),
        ("code.py", b"print()", UnsupportedSource),
        ("no.pdf", b"<html>Sign in</html>", UnsupportedSource),
        ("broken.pdf", b"%PDF-1.4 not really", UnreadableSource),
        ("noname", b"text", UnsupportedSource),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path: Path, name: str, content: bytes, error: type[SourceError]) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        read_document(path)
    assert name in caught.value.message
    assert "\n" not in str(caught.value)


def test_missing_folders_and_pipes(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        discover(tmp_path / "nothing")
    with pytest.raises(SourceNotFound):
        read_document("a\x00b")
    with pytest.raises(EmptySource):
        discover(tmp_path)
    with pytest.raises(UnreadableSource):
        read_document(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableSource):
        read_document(tmp_path / "pipe.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text(STORY)
    path.chmod(0)
    with pytest.raises(UnreadableSource):
        read_document(path)


def test_too_large_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)  # sparse: only its size is looked at
    with pytest.raises(SourceTooLarge, match="TAWTHIQ_MAX_DOCUMENT_CHARS"):
        read_document(path)
    path.write_text("قال الوزير. " * 100)
    with pytest.raises(SourceTooLarge, match="TAWTHIQ_MAX_DOCUMENT_CHARS"):
        read_document(path, max_chars=1000)


def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xe7\xe8.txt"
    Path(os.fsdecode(path)).write_text(STORY)
    (source,) = discover(tmp_path).sources
    document = read_document(source)
    assert document.source.encode("utf-8").endswith("/\ufffd\ufffd.txt".encode())


@settings(max_examples=100, deadline=None)
@given(content=st.text(max_size=300))
def test_whatever_the_text_the_document_encodes(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    path = tmp_path_factory.mktemp("any") / "a.txt"
    path.write_text(content, encoding="utf-8", newline="")
    try:
        document = read_document(path)
    except (EmptySource, UnsupportedSource):
        return
    assert document.text.strip()
    assert len(document.sha256) == 64
    assert document.title.encode("utf-8")
