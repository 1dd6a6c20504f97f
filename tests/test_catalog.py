"""The catalogue: what is stored comes back, equal texts are indexed once, damage is said in one line."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.catalog import SCHEMA, Catalog
from corpus.document import Document, Removal
from corpus.errors import CatalogError
from tests.conftest import document

FULL = Document(
    document_id="0123456789abcdef",
    source="/docs/مقال.txt",
    title="قانون «الكبتاغون»",
    text="أقرّ الكونغرس القانون.\n\n👩‍👩‍👧 ثم وقّعه الرئيس.",
    language="ar",
    format="markdown",
    publisher="Élan",
    author="محررو توثيق",
    published=date(2023, 6, 30),
    tags=("syria", "عقوبات"),
    notes=("CC BY 4.0",),
    removed=(Removal(3, "Read Previous", "furniture"),),
)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    catalog = Catalog(tmp_path / "home" / "catalog.sqlite")
    yield catalog
    catalog.close()


def test_a_document_comes_back_as_it_was_stored_also_after_closing(tmp_path: Path) -> None:
    first = Catalog(tmp_path / "catalog.sqlite")
    assert first.put(FULL) == "added"
    first.close()
    again = Catalog(tmp_path / "catalog.sqlite")
    assert again.get(FULL.document_id) == FULL
    assert again.get("0" * 16) is None
    entry = again.entries()[0]
    assert (entry.characters, entry.sha256, entry.published, entry.tags) == (
        len(FULL.text),
        FULL.sha256,
        FULL.published,
        FULL.tags,
    )
    again.close()


def test_put_says_what_it_did(catalog: Catalog) -> None:
    first = document("The first text.", source="/a")
    assert catalog.put(first) == "added"
    assert catalog.put(first) == "unchanged"
    assert catalog.put(replace(first, title="Another")) == "updated"
    assert catalog.put(replace(first, text="Changed.")) == "updated"
    assert catalog.get(first.document_id) == replace(first, text="Changed.")
    assert catalog.put(document("Changed.", source="/b")) == "duplicate"
    assert len(catalog.entries()) == 2


def test_a_duplicate_takes_over_when_the_first_goes_or_changes(catalog: Catalog) -> None:
    first, second, third = (document("The same text.", source=source) for source in ("/a", "/b", "/c"))
    assert [catalog.put(d) for d in (first, second, third)] == ["added", "duplicate", "duplicate"]
    assert list(catalog.active()) == [first.document_id]
    assert catalog.remove(first.document_id)
    assert catalog.active() == {second.document_id: second.sha256}
    catalog.put(replace(second, text="Another text."))
    assert list(catalog.active()) == [second.document_id, third.document_id]
    assert not catalog.remove(first.document_id)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1), st.data())
def test_slices_count_code_points_as_python_does(catalog: Catalog, text: str, data: st.DataObject) -> None:
    stored = document(text)
    catalog.put(stored)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert catalog.slices([(stored.document_id, start, end)]) == [text[start:end]]


def test_slices_of_what_is_gone_are_empty(catalog: Catalog) -> None:
    catalog.put(FULL)
    assert catalog.slices([(FULL.document_id, 0, 4), ("gone", 0, 4)]) == [FULL.text[:4], ""]


def test_ids_are_found_by_prefix(catalog: Catalog) -> None:
    for number in (1, 2, 3):
        catalog.put(replace(FULL, document_id=f"ab{number}", text=f"text {number}"))
    assert catalog.with_prefix("ab2") == ["ab2"]
    assert len(catalog.with_prefix("ab")) == 2
    assert catalog.with_prefix("AB") == catalog.with_prefix("%") == catalog.with_prefix("b2") == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "abcd"),
        ({"languages": ["ar"]}, "a"),
        ({"languages": ["EN", "fr"]}, "bcd"),
        ({"publishers": ["élan"]}, "a"),
        ({"publishers": ["reuters", "ÉLAN"]}, "ab"),
        ({"since": date(2023, 6, 30)}, "ab"),
        ({"until": date(2023, 6, 30)}, "ac"),
        ({"since": date(2023, 1, 1), "until": date(2023, 12, 31)}, "a"),
        ({"documents": ["a", "d"]}, "ad"),
        ({"tags": ["SYRIA"]}, "ab"),
        ({"tags": ["عقوبات"]}, "a"),
        ({"tags": ["syria"], "languages": ["en"]}, "b"),
        ({"tags": ["syr"]}, ""),
        ({"publishers": ["' OR 1=1 --"]}, ""),
    ],
)
def test_filters_select_documents(catalog: Catalog, filters: dict[str, object], found: str) -> None:
    catalog.put(replace(FULL, document_id="a"))
    catalog.put(document_like("b", publisher="Reuters", published=date(2024, 1, 1), tags=("Syria",)))
    catalog.put(document_like("c", published=date(2022, 1, 1)))
    catalog.put(document_like("d", language="fr"))
    assert "".join(catalog.select(**filters)) == found  # type: ignore[arg-type]


def document_like(document_id: str, **changes: object) -> Document:
    return replace(document(f"text of {document_id}"), document_id=document_id, **changes)  # type: ignore[arg-type]


def test_a_change_that_fails_half_way_changes_nothing(catalog: Catalog) -> None:
    catalog.put(FULL)
    with pytest.raises(CatalogError, match="cannot be written"):
        catalog.put(replace(FULL, document_id="other", title=None))  # type: ignore[arg-type] - refused by the table
    assert [entry.document_id for entry in catalog.entries()] == [FULL.document_id]
    assert catalog.put(document("Still usable.")) == "added"


def test_a_newer_catalogue_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    catalog = Catalog(path)
    catalog.put(FULL)
    catalog.close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    with pytest.raises(CatalogError, match="newer version of Tawthiq"):
        Catalog(path)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_a_damaged_file_is_named_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"garbage " * 1000)
    with pytest.raises(CatalogError) as caught:
        Catalog(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_damage_found_while_reading_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    catalog = Catalog(path)
    for number in range(50):
        catalog.put(document(f"text {number} " * 100, source=f"/{number}"))
    catalog.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"A" * (len(data) - 4096)
    path.write_bytes(bytes(data))
    catalog = Catalog(path)
    with pytest.raises(CatalogError, match="cannot be used"):
        catalog.entries()
    catalog.close()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError, match="cannot be opened"):
        Catalog(tmp_path / "file" / "catalog.sqlite")


def test_two_threads_write_and_read_at_once(catalog: Catalog) -> None:
    errors: list[Exception] = []

    def work(name: str) -> None:
        try:
            for number in range(40):
                stored = document(f"{name} {number}", source=f"/{name}/{number}")
                catalog.put(stored)
                assert catalog.slices([(stored.document_id, 0, len(stored.text))]) == [stored.text]
                if number % 4 == 0:
                    catalog.remove(stored.document_id)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("أول", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(catalog.active()) == 60
