"""Dense and lexical index in step with the catalogue: one generation, whatever dies or is deleted in between."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rag import Engine
from rag.dense_index import DenseIndex
from rag.errors import IndexUnusable, NewerIndex
from rag.index import PARTITIONS, Index
from rag.lexical_index import LexicalEntry, LexicalIndex
from rag.manifest import CHUNKS, SCHEMA
from rag.query_terms import query_terms
from rag.settings import Settings

TEXTS = {
    "en.txt": "Congress passed the Captagon Act in December 2022. The President signed it with the defense budget.",
    "ar.txt": "أغلقت السعودية أسواقها أمام الخضار اللبنانية. وقالت إن المنع سيستمر إلى أن تقدّم بيروت ضمانات.",
    "fr.txt": "La police italienne a saisi quatorze tonnes d'amphétamine dans le port de Salerne en juillet.",
}

# A real process that ingests and dies at the named moment, as after a power cut.
DIES = """
import os, sys
from rag import Engine
from rag.dense_index import DenseIndex
from rag.lexical_index import LexicalIndex
from rag.manifest import Manifest
from rag.settings import load_settings

place, method, moment = {
    "before anything is written": (DenseIndex, "remove", "before"),
    "after Chroma": (DenseIndex, "add", "after"),
    "after tantivy": (LexicalIndex, "commit", "after"),
    "inside the manifest's transaction": (Manifest, "_set_fact", "before"),
}[sys.argv[2]]
original = getattr(place, method)

def dying(*arguments):
    if moment == "after":
        original(*arguments)
    os._exit(9)

setattr(place, method, dying)
with Engine.open(sys.argv[1], settings=load_settings()) as engine:
    engine.ingest([sys.argv[3]])
"""
MOMENTS = [
    "before anything is written",
    "after Chroma",
    "after tantivy",
    "inside the manifest's transaction",
]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory, articles: Path, settings: Settings) -> Path:
    home = tmp_path_factory.mktemp("indexed")
    with Engine.open(home, settings=settings) as engine:
        assert engine.ingest([articles]).added == 3
        engine.background()
    return home


@pytest.fixture
def background(indexed: Path, home: Path) -> Callable[[], None]:
    """Puts back the vectors of the background texts, which take seconds to make, into an index made anew."""

    def put_back() -> None:
        for path in (indexed / "index").glob("background-*.npy"):
            shutil.copy(path, home / "index")

    return put_back


@pytest.fixture
def home(indexed: Path, tmp_path: Path) -> Path:
    """A home of three short documents, one a partition, to be damaged."""
    return Path(shutil.copytree(indexed, tmp_path / "home"))


@pytest.fixture
def own_articles(articles: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(articles, tmp_path / "articles"))


def first(engine: Engine, query: str) -> str:
    return Path(engine.search(query, limit=1)[0].passage.source).name


def assert_well(engine: Engine) -> None:
    assert first(engine, "Who passed the act?") == "en.txt"
    assert first(engine, "لماذا أغلقت السعودية أسواقها؟") == "ar.txt"
    assert first(engine, "Qu'a saisi la police italienne à Salerne ?") == "fr.txt"
    assert engine.index_problems() == []


def test_each_document_is_in_the_partition_of_its_language(home: Path, settings: Settings) -> None:
    with Engine.open(home, settings=settings) as engine:
        assert_well(engine)
        index = engine.index()
        for partition in PARTITIONS:
            counts = (index.passage_count(partition), index.dense.count(partition), index.lexical.count(partition))
            assert counts == (1, 1, 1)
        assert index.passage_count() == 3


def test_the_generation_counts_changes_and_only_those(home: Path, own_articles: Path, settings: Settings) -> None:
    with Engine.open(home, settings=settings) as engine:
        assert engine.generation == 1
        assert engine.ingest([own_articles]).generation == 1 + 0  # the same texts under other names: duplicates
        (own_articles / "new.txt").write_text("Eight people were arrested in Riyadh.", encoding="utf-8")
        report = engine.ingest([own_articles])
        assert report.generation == engine.generation == 2
        assert engine.search("Who was arrested?")
        engine.remove(report.documents[0].document_id)
        assert engine.generation == 3
    with Engine.open(home, settings=settings) as engine:
        assert engine.generation == 3
        assert_well(engine)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_that_dies_while_writing_costs_nothing(
    moment: str, home: Path, tmp_path: Path, settings: Settings
) -> None:
    added = tmp_path / "added.txt"
    added.write_text(
        "Eight residents were arrested in a warehouse in Riyadh.\n\nوأوقفت القوة ثمانية مقيمين في الرياض.",
        encoding="utf-8",
    )
    died = subprocess.run(
        [sys.executable, "-c", DIES, str(home), moment, str(added)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
    )
    assert died.returncode == 9, died.stderr
    with Engine.open(home, settings=settings) as engine:
        # the document was stored, so it is not lost; that its index is not whole is noticed
        assert len(engine.documents()) == 4
        assert any("were being written when a process ended" in problem for problem in engine.index_problems())
        assert {check.name: check.status for check in engine.health()}["index"] == "failed"
        assert first(engine, "Where were eight residents arrested?") == "added.txt"
        assert_well(engine)
        assert engine.passage_count() == 4
        assert engine.generation == 2


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a partition of tantivy's is deleted": lambda index: shutil.rmtree(index / "lexical" / "ar"),
    "Chroma's folder is deleted": lambda index: shutil.rmtree(index / "chroma"),
    "the manifest is deleted": lambda index: [path.unlink() for path in index.glob("manifest.sqlite*")],
    "all is deleted": shutil.rmtree,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_deleted_is_noticed_and_made_again_by_the_next_question(
    damage: str, home: Path, background: Callable[[], None], settings: Settings
) -> None:
    DAMAGES[damage](home / "index")
    with Engine.open(home, settings=settings) as engine:
        background()
        health = {check.name: check for check in engine.health()}["index"]
        assert health.status == "failed"
        assert "doctor --repair" in health.hint
        assert_well(engine)
        assert {check.name: check.status for check in engine.health()}["index"] == "ok"


UNUSABLE: dict[str, Callable[[Path], object]] = {
    "manifest": lambda index: (index / "manifest.sqlite").write_bytes(b"garbage " * 1000),
    "manifest, from its second page on": lambda index: _garble(index / "manifest.sqlite"),
    "Chroma": lambda index: (index / "chroma" / "chroma.sqlite3").write_bytes(b"garbage " * 1000),
    "tantivy": lambda index: (index / "lexical" / "en" / "meta.json").write_text("{"),
    "tantivy's terms": lambda index: [path.unlink() for path in (index / "lexical" / "en").glob("*.term")],
}


def _garble(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"A" * (len(data) - 4096))


@pytest.mark.parametrize("part", UNUSABLE)
def test_damaged_files_are_one_line_and_a_repair_makes_them_good(
    part: str, home: Path, background: Callable[[], None], settings: Settings
) -> None:
    UNUSABLE[part](home / "index")
    with Engine.open(home, settings=settings) as engine:
        with pytest.raises(IndexUnusable, match="is damaged") as caught:
            engine.search("Who passed the act?")
        assert "\n" not in str(caught.value)
        assert "doctor --repair" in caught.value.hint
        health = {check.name: check for check in engine.health()}["index"]
        assert health.status == "failed"
        assert str(health.detail) == caught.value.message
        assert len(engine.documents()) == 3
        assert engine.repair() == 3
        background()
        assert_well(engine)


def test_a_newer_index_is_refused_and_left_alone(home: Path, settings: Settings) -> None:
    manifest = home / "index" / "manifest.sqlite"
    with sqlite3.connect(manifest) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    with Engine.open(home, settings=settings) as engine:
        with pytest.raises(NewerIndex, match="newer version of Tawthiq"):
            engine.search("Who passed the act?")
        assert len(engine.documents()) == 3
    with sqlite3.connect(manifest) as database:
        assert database.execute("SELECT count(*) FROM passages").fetchone() == (3,)


def test_an_index_made_by_other_rules_is_made_again_by_itself(home: Path, settings: Settings) -> None:
    with sqlite3.connect(home / "index" / "manifest.sqlite") as database:
        database.execute("UPDATE facts SET value = 'chunks=0' WHERE name = 'making'")
    with Engine.open(home, settings=settings) as engine:
        assert engine.index_problems() == ["passages were made by another version"]
        assert_well(engine)
        assert engine.generation == 2


def test_where_only_the_terms_differ_the_vectors_are_kept(
    home: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Engine.open(home, settings=settings) as engine:
        before = engine.search("Who passed the act?")
    with sqlite3.connect(home / "index" / "manifest.sqlite") as database:
        database.execute("UPDATE facts SET value = ? WHERE name = 'making'", (f"{CHUNKS} terms=0",))
        database.execute("UPDATE passages SET words = '', stems = ''")
    with Engine.open(home, settings=settings) as engine:
        encoder = engine.encoder()
        monkeypatch.setattr(encoder, "encode_passages", lambda *_: iter(()))  # nothing may be embedded
        assert_well(engine)
        assert engine.search("Who passed the act?") == before


def test_an_index_of_the_former_schema_is_made_anew(home: Path, settings: Settings) -> None:
    with sqlite3.connect(home / "index" / "manifest.sqlite") as database:
        database.execute("ALTER TABLE passages DROP COLUMN words")
        database.execute(f"PRAGMA user_version = {SCHEMA - 1}")
    with Engine.open(home, settings=settings) as engine:
        assert_well(engine)
        assert engine.search("Who passed the act?")


def test_an_empty_index_has_no_generation_no_model_and_no_problems(tmp_path: Path, settings: Settings) -> None:
    index = Index(tmp_path / "index", None)
    assert (index.generation, index.model, index.passage_count(), index.documents()) == (0, None, 0, {})
    index.close()


@pytest.fixture
def lexical(tmp_path: Path) -> Iterator[LexicalIndex]:
    index = LexicalIndex(tmp_path / "lexical", PARTITIONS)
    index.add(
        "ar", [LexicalEntry("1", "a", "قانون الكبتاغون في الكونغرس"), LexicalEntry("2", "b", "سوق الخضار في بيروت")]
    )
    index.commit()
    yield index
    index.close()


def test_words_are_found_in_any_form_and_only_in_their_partition(lexical: LexicalIndex) -> None:
    assert [key for key, _ in lexical.search("ar", "للقانون", 5)] == ["1"]
    assert [key for key, _ in lexical.search("ar", "وَالخُضَار", 5)] == ["2"]
    assert lexical.search("en", "قانون", 5) == []
    assert lexical.search("ar", "في ما هو", 5) == []  # nothing but stop words
    assert lexical.search("ar", '" OR * AND (', 5) == []  # a query is words, never syntax
    assert lexical.search("ar", "قانون", 5, document_ids=["b"]) == []
    assert lexical.search("ar", "قانون", 5, document_ids=[]) == []


def test_a_name_and_a_meaning_are_found_across_languages(lexical: LexicalIndex) -> None:
    def found(question: str) -> list[str]:
        terms = query_terms(question, "en", lexical)
        assert terms.bridge is not None
        return [key for key, _ in lexical.search_across("ar", terms.bridge.alternatives, 5)]

    assert found("Which vegetables?") == ["2"]  # by meaning
    assert found("Who lives in Beirut?") == ["2"]
    assert found("The Captagon law") == ["1"]
    assert found("zebra") == []


def test_what_is_removed_is_found_no_more(lexical: LexicalIndex) -> None:
    lexical.remove("ar", ["a"])
    lexical.commit()
    assert lexical.search("ar", "قانون", 5) == []
    assert lexical.count("ar") == 1


def test_vectors_come_back_replaced_filtered_and_removed(tmp_path: Path) -> None:
    import numpy as np

    index = DenseIndex(tmp_path / "chroma", PARTITIONS)
    vectors = np.eye(4, dtype=np.float32)[:3]
    assert index.search("en", vectors[0], 5) == []
    index.add("en", ["1", "2", "3"], ["a", "a", "b"], vectors)
    assert [key for key, _ in index.search("en", vectors[1], 1)] == ["2"]
    assert index.search("en", vectors[1], 1)[0][1] == pytest.approx(1.0, abs=1e-5)
    assert [key for key, _ in index.search("en", vectors[1], 5, ["b"])] == ["3"]
    assert index.search("en", vectors[1], 5, []) == []
    index.add("en", ["3"], ["b"], vectors[:1])
    assert index.vectors("en", ["3", "gone"])["3"] @ vectors[0] == pytest.approx(1.0)
    index.remove("en", ["a", "unknown"])
    assert (index.count("en"), index.count("ar")) == (1, 0)
    index.close()


def test_the_rarest_terms_count_where_the_frequent_ones_stand_in_too_many(
    lexical: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexical.add("en", [LexicalEntry(str(n), "d", f"captagon seizure {n}") for n in range(20)])
    lexical.add("en", [LexicalEntry("rare", "d", "captagon salerno")])
    lexical.commit()
    monkeypatch.setattr("rag.lexical_index.MAX_POSTINGS", 5)
    found = lexical.search("en", "captagon seizure at Salerno", 30)
    assert [key for key, _ in found] == ["rare"]
    assert lexical.search("en", "captagon", 3)  # one term always counts
