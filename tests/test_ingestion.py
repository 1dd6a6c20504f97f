"""From files to stored documents: what changed, what failed, and nothing half done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from rag.ingestion import ingest_sources
from rag.settings import Settings
from rag.types import Progress


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "home" / "catalog.sqlite")
    yield catalog
    catalog.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "deeper").mkdir(parents=True)
    (folder / "one.txt").write_text("The first article says that the law was passed.", encoding="utf-8")
    (folder / "two.md").write_text("---\ntitle: Two\ntags: [law]\n---\nThe second article says more.", encoding="utf-8")
    (folder / "deeper" / "ثلاثة.html").write_text(
        "<html><body><article><p>وقالت الوزارة في المقال الثالث إن القانون صدر في العام الماضي.</p></article></body></html>",
        encoding="utf-8",
    )
    return folder


def test_a_folder_is_read_and_each_document_reported(catalog: Catalog, folder: Path, settings: Settings) -> None:
    seen: list[Progress] = []
    report = ingest_sources([folder], catalog, settings, tags=["own"], progress=seen.append)
    assert (report.added, report.updated, report.unchanged, report.duplicates, report.failed) == (3, 0, 0, 0, ())
    assert {Path(d.source).name: d.language for d in report.documents} == {
        "one.txt": "en",
        "two.md": "en",
        "ثلاثة.html": "ar",
    }
    assert {d.tags for d in report.documents} == {("own",), ("law", "own")}
    assert {step.stage for step in seen} == {"reading"}
    assert (seen[-1].done, seen[-1].total) == (3, 3)
    for summary in report.documents:
        document = catalog.get(summary.document_id)
        assert document is not None
        assert summary.characters == len(document.text)


def test_the_same_again_is_unchanged_and_a_change_keeps_the_id(
    catalog: Catalog, folder: Path, settings: Settings
) -> None:
    before = {d.source: d.document_id for d in ingest_sources([folder], catalog, settings).documents}
    again = ingest_sources([folder], catalog, settings)
    assert (again.added, again.unchanged, again.documents) == (0, 3, ())
    (folder / "one.txt").write_text("The first article was corrected.", encoding="utf-8")
    changed = ingest_sources([folder], catalog, settings)
    assert (changed.updated, changed.unchanged) == (1, 2)
    assert {d.source: d.document_id for d in changed.documents}.items() <= before.items()


def test_the_same_text_elsewhere_is_a_duplicate(catalog: Catalog, folder: Path, settings: Settings) -> None:
    (folder / "zwei.txt").write_bytes((folder / "one.txt").read_bytes())
    report = ingest_sources([folder], catalog, settings)
    assert (report.added, report.duplicates) == (3, 1)


def test_bad_files_are_named_and_the_good_ones_stored(catalog: Catalog, folder: Path, settings: Settings) -> None:
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (folder / "empty.txt").write_text(" \n ")
    (folder / "paper.pdf").write_bytes(b"%PDF-1.4 not really")
    (folder / "long.txt").write_text("word " * 300, encoding="utf-8")
    small = settings.model_copy(update={"max_document_chars": 1000})
    missing = folder / "missing.txt"
    report = ingest_sources([missing, folder], catalog, small)
    assert report.added == 3
    assert {(Path(f.source).name, f.code) for f in report.failed} == {
        ("missing.txt", "source_not_found"),
        ("binary.txt", "source_unsupported"),
        ("empty.txt", "source_empty"),
        ("paper.pdf", "source_unreadable"),
        ("long.txt", "source_too_large"),
    }
    assert all("\n" not in f.reason and Path(f.source).name in f.reason for f in report.failed)
    assert len(catalog.entries()) == 3


def test_fifty_megabytes_are_refused(catalog: Catalog, tmp_path: Path, settings: Settings) -> None:
    huge = tmp_path / "huge.txt"
    huge.write_bytes("جملة من نص طويل جدا.\n".encode() * 1_400_000)
    assert huge.stat().st_size > 50_000_000
    report = ingest_sources([huge], catalog, settings)
    assert [f.code for f in report.failed] == ["source_too_large"]
    assert "5,000,000" in report.failed[0].reason
    assert "TAWTHIQ_MAX_DOCUMENT_CHARS" in report.failed[0].reason
    assert catalog.entries() == []


def test_windows_1256_is_read_right(catalog: Catalog, tmp_path: Path, settings: Settings) -> None:
    text = "أقرّ الكونغرس قانون الكبتاغون في كانون الأول، ثم وقّعه الرئيس ضمن موازنة الدفاع."
    (tmp_path / "old.txt").write_bytes(text.encode("cp1256"))
    report = ingest_sources([tmp_path / "old.txt"], catalog, settings)
    document = catalog.get(report.documents[0].document_id)
    assert document is not None
    assert document.text == text
