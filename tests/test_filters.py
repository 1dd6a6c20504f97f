"""Filters work inside the indexes: what comes back is the best of what is allowed, however little or much that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag import Engine, Filters
from rag.dense_index import IDS_AT_ONCE, DenseIndex
from rag.lexical_index import LexicalEntry, LexicalIndex
from rag.settings import Settings

PASSAGES, DOCUMENTS, DIMENSION = 4000, 1600, 16
WORDS = "قانون سوق ميناء شحنة وزارة law market port cargo ministry border report".split()
LIMIT = 10


@dataclass
class Home:
    """A dense and a lexical index of the same passages, and what they hold."""

    dense: DenseIndex
    lexical: LexicalIndex
    keys: list[str]
    documents: list[str]
    vectors: np.ndarray

    def nearest(self, query: np.ndarray, allowed: Sequence[str], limit: int = LIMIT) -> list[str]:
        """The keys that brute force finds."""
        allowed = set(allowed)
        rows = [n for n, document in enumerate(self.documents) if document in allowed]
        return [self.keys[n] for n in sorted(rows, key=lambda n: -float(self.vectors[n] @ query))[:limit]]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("filters")
    random = np.random.default_rng(7)
    vectors = _unit(random.standard_normal((PASSAGES, DIMENSION)))
    documents = [f"document{n * DOCUMENTS // PASSAGES}" for n in range(PASSAGES)]
    keys = [f"{document}:{n}:{n + 1}" for n, document in enumerate(documents)]
    dense, lexical = DenseIndex(folder / "chroma", ("ar",)), LexicalIndex(folder / "lexical", ("ar",))
    dense.add("ar", keys, documents, vectors)
    texts = [" ".join(random.choice(WORDS, 1 + n % 8)) for n in range(PASSAGES)]
    lexical.add("ar", [LexicalEntry(*entry) for entry in zip(keys, documents, texts, strict=True)])
    lexical.commit()
    yield Home(dense, lexical, keys, documents, vectors)
    dense.close()
    lexical.close()


@pytest.fixture(scope="module")
def queries() -> np.ndarray:
    return _unit(np.random.default_rng(8).standard_normal((8, DIMENSION)))


@pytest.mark.parametrize("count", [1, 2, 16, 99, 160, 400, 800, 1599, 1600])
def test_the_nearest_of_the_allowed_are_those_of_brute_force(home: Home, queries: np.ndarray, count: int) -> None:
    names = [f"document{n}" for n in np.random.default_rng(count).permutation(DOCUMENTS)[:count]]
    for query in queries:
        found = home.dense.search("ar", query, LIMIT, names)
        assert [key for key, _ in found] == home.nearest(query, names)
        assert found[0][1] == pytest.approx(float(home.vectors[home.keys.index(found[0][0])] @ query), abs=1e-4)


@pytest.mark.parametrize("share", [0.03, 0.1, 0.5])
def test_documents_that_are_all_far_from_the_query_are_found_too(home: Home, queries: np.ndarray, share: float) -> None:
    for query in queries:
        best: dict[str, float] = {}
        for document, similarity in zip(home.documents, home.vectors @ query, strict=True):
            best[document] = max(best.get(document, -1.0), float(similarity))
        far = sorted(best, key=lambda document: best[document])[: int(share * DOCUMENTS)]
        assert [key for key, _ in home.dense.search("ar", query, LIMIT, far)] == home.nearest(query, far)


def test_more_ids_than_a_database_takes_variables_are_no_error(home: Home, queries: np.ndarray) -> None:
    unknown = [f"elsewhere{n}" for n in range(40_000)]
    assert len(unknown) > 32_766 > IDS_AT_ONCE
    known = [f"document{n}" for n in range(0, DOCUMENTS, 2)]
    for names in (unknown, unknown[:35_000] + known, known + unknown):
        wanted = [name for name in names if name in set(known)]
        found = home.dense.search("ar", queries[0], LIMIT, names)
        assert [key for key, _ in found] == home.nearest(queries[0], wanted)
        words = home.lexical.search("ar", "قانون ميناء", LIMIT, names)
        assert {key.partition(":")[0] for key, _ in words} <= set(wanted)
        assert len(words) == (LIMIT if wanted else 0)


def test_fewer_than_asked_for_means_that_there_are_no_more(home: Home, queries: np.ndarray) -> None:
    everything = list(dict.fromkeys(home.documents))
    for names in (everything[:1], everything[:150], everything):
        found = home.dense.search("ar", queries[0], 2 * PASSAGES, names)
        assert {key for key, _ in found} == set(home.nearest(queries[0], names, PASSAGES))


def test_a_changed_index_is_filtered_as_it_is_now(tmp_path: Path, queries: np.ndarray) -> None:
    dense = DenseIndex(tmp_path / "chroma", ("ar",))
    assert dense.search("ar", queries[0], LIMIT, ["a"]) == []
    dense.add("ar", ["a:0:1", "b:0:1"], ["a", "b"], queries[:2])
    assert [key for key, _ in dense.search("ar", queries[0], LIMIT, ["b", "b"])] == ["b:0:1"]
    dense.remove("ar", ["b"])
    assert dense.search("ar", queries[0], LIMIT, ["b"]) == []
    assert [key for key, _ in dense.search("ar", queries[0], LIMIT, ["a", "b"])] == ["a:0:1"]
    dense.close()


@pytest.mark.parametrize("count", [1, 16, 160, 800, 1584])
def test_words_are_ranked_among_the_allowed_as_they_are_among_all(home: Home, count: int) -> None:
    names = {f"document{n}" for n in np.random.default_rng(count).permutation(DOCUMENTS)[:count]}
    query = "شحنة في ميناء law"
    everything = home.lexical.search("ar", query, PASSAGES)
    wanted = [(key, score) for key, score in everything if key.partition(":")[0] in names]
    found = home.lexical.search("ar", query, PASSAGES, sorted(names))
    assert dict(found) == pytest.approx(dict(wanted), rel=1e-5)
    top = home.lexical.search("ar", query, LIMIT, sorted(names))
    assert [score for _, score in top] == pytest.approx([score for _, score in wanted[:LIMIT]], rel=1e-5)


ARTICLES = {
    "ar-harbour": ("ar", "وكالة الموانئ", "2022-03-01", "ports, security", "ضبط رجال الجمارك شحنة في ميناء بيروت."),
    "ar-market": ("ar", "صحيفة السوق", "2023-05-10", "markets", "ارتفعت أسعار الخضار في سوق دمشق."),
    "ar-undated": ("ar", "صحيفة السوق", "", "markets", "أغلقت الوزارة السوق القديم."),
    "en-harbour": ("en", "Harbour News", "2022-03-02", "ports, security", "Customs officers seized cargo in the port."),
    "en-market": ("en", "Market Daily", "2023-05-11", "markets", "Prices of vegetables rose on the market."),
    "en-law": ("en", "وكالة الموانئ", "2024-01-01", "law", "Congress passed the act in December."),
}
CASES = {
    "a language": (Filters(languages=("ar",)), "ar-harbour ar-market ar-undated"),
    "both languages": (Filters(languages=("ar", "en")), "ar-harbour ar-market ar-undated en-harbour en-market en-law"),
    "a publisher in both languages": (Filters(publishers=("وكالة الموانئ",)), "ar-harbour en-law"),
    "two publishers, however written": (Filters(publishers=("harbour news", "MARKET DAILY")), "en-harbour en-market"),
    "since, which leaves the undated out": (Filters(since=date(2023, 5, 10)), "ar-market en-market en-law"),
    "until": (Filters(until=date(2022, 3, 1)), "ar-harbour"),
    "one day": (Filters(since=date(2022, 3, 2), until=date(2022, 3, 2)), "en-harbour"),
    "a tag": (Filters(tags=("Security",)), "ar-harbour en-harbour"),
    "either of two tags": (Filters(tags=("law", "ports")), "ar-harbour en-harbour en-law"),
    "a tag and a language": (Filters(tags=("markets",), languages=("en",)), "en-market"),
    "all at once": (
        Filters(("ar",), ("صحيفة السوق",), date(2023, 1, 1), date(2023, 12, 31), tags=("markets",)),
        "ar-market",
    ),
    "a language nobody wrote": (Filters(languages=("fr",)), ""),
    "a tag nobody gave": (Filters(tags=("no such tag",)), ""),
    "two that exclude each other": (Filters(languages=("en",), publishers=("صحيفة السوق",)), ""),
    "nothing is that old": (Filters(until=date(1900, 1, 1)), ""),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("articles")
    for name, (language, publisher, published, tags, text) in ARTICLES.items():
        dated = f"published: {published}\n" if published else ""
        front = f"title: {name}\nlanguage: {language}\npublisher: {publisher}\n{dated}tags: [{tags}]"
        (folder / f"{name}.md").write_text(f"---\n{front}\n---\n{text}\n", encoding="utf-8")
    with Engine.open(tmp_path_factory.mktemp("home"), settings=settings, command="tests") as opened:
        assert opened.ingest([folder]).added == len(ARTICLES)
        yield opened


@pytest.mark.parametrize("name", CASES)
def test_a_filter_lets_exactly_its_documents_through(engine: Engine, name: str) -> None:
    filters, wanted = CASES[name]
    for query in ("ماذا حدث في الميناء؟", "What happened on the market?", "Captagon"):
        found = engine.search(query, 50, filters)
        assert sorted(Path(one.passage.source).stem for one in found) == sorted(wanted.split())


def test_documents_are_named_by_id_and_combine_with_the_rest(engine: Engine) -> None:
    ids = {Path(one.source).stem: one.document_id for one in engine.documents()}
    some = (ids["ar-harbour"], ids["en-law"])
    assert {f.passage.document_id for f in engine.search("port", 50, Filters(documents=some))} == set(some)
    both = engine.search("port", 50, Filters(documents=some, languages=("en",)))
    assert [found.passage.document_id for found in both] == [ids["en-law"]]
    assert engine.search("port", 50, Filters(documents=some, tags=("markets",))) == []
    assert engine.search("port", 50, Filters(documents=("unknown",))) == []
