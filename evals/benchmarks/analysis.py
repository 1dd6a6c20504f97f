"""Compares ways to cut text into search terms, each ranked by BM25 inside the question's own language.

    python -m evals.benchmarks.analysis MIXED_DEV

prints R@1, R@5, R@20 and nDCG@10 over distinct documents, each scored as its best passage, for ar→ar, en→en and ARCD.
BM25 is tantivy's (k1 1.2, b 0.75); the score of a mixture is the weighted sum of its parts' scores. Nothing here is
fitted: the figures of two ways differ by the ways alone.
"""

from __future__ import annotations

import argparse
import math
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import Stemmer
from numpy.typing import NDArray

from corpus.catalog import Catalog
from corpus.language import partition_of
from evals.benchmarks import mixed_dev
from evals.question_set import Question, load_question_set
from rag import analysis
from rag.chunking import chunk
from rag.ingestion import ingest_sources
from rag.settings import load_settings

Array = NDArray[np.float64]
Terms = Callable[[str], Sequence[str]]

LANGUAGE_OF = {"ar→ar": "ar", "en→en": "en", "ARCD": "ar"}
"""The directions inside one language, and that language."""

K1, B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Passages:
    """The passages of one language: their texts, the number of each one's document, and the documents' file stems."""

    texts: tuple[str, ...]
    document: NDArray[np.int64]
    stems: tuple[str, ...]


# -- ways to cut text -------------------------------------------------------------------------------------------------


def untreated(text: str) -> list[str]:
    """Words as they are written, in lower case: what a search library does by default."""
    return re.findall(r"\w+", text.lower())


def topics(text: str) -> list[str]:
    """Folded words without stop words."""
    return [word for word in analysis.words(text) if not analysis.is_stop_word(word)]


def snowball(text: str, language: str) -> list[str]:
    """The stems of snowball's stemmer of that language."""
    stemmer = Stemmer.Stemmer(language, 0)
    return [str(stemmer.stemWord(word)) for word in topics(text)]


def skeletons(text: str) -> list[str]:
    """Stems without their weak letters, which is what broken plurals change: كتاب and كتب are one."""
    return [re.sub("(?<=.)[اويى]", "", term) for term in analysis.terms(text)]


def cut(words: Sequence[str], size: int) -> list[str]:
    """Character n-grams of these words, borders marked."""
    marked = [f"_{word}_" for word in words]
    return [word[at : at + size] for word in marked for at in range(max(1, len(word) - size + 1))]


def ways(language: str) -> dict[str, Terms]:
    """Every way by its name."""
    snowball_of = partial(snowball, language={"ar": "arabic", "en": "english"}[language])
    found: dict[str, Terms] = {
        "untreated words": untreated,
        "folded words": analysis.words,
        "folded words, no stop words": topics,
        "stems (light10, Porter 2)": analysis.terms,
        "stems, stop words too": analysis.stems,
        "stems by snowball": snowball_of,
        "stems' skeletons": skeletons,
        "stems' 3-grams": lambda text: cut(analysis.terms(text), 3),
        "stems' 4-grams": lambda text: cut(analysis.terms(text), 4),
    }
    for size in (3, 4, 5):
        found[f"{size}-grams"] = partial(analysis.grams, size=size)
        found[f"{size}-grams, stop words too"] = partial(_grams_of_all, size=size)
    return found


def _grams_of_all(text: str, size: int) -> list[str]:
    return cut(analysis.words(text), size)


STEMS = "stems (light10, Porter 2)"
MIXTURES: tuple[Mapping[str, float], ...] = (
    {STEMS: 1, "3-grams": 0.3},
    {STEMS: 1, "4-grams": 0.3},
    {STEMS: 1, "5-grams": 0.3},
    {"stems by snowball": 1, "3-grams": 0.3},
    {"stems by snowball": 1, "4-grams": 0.3},
    {"3-grams": 1, "4-grams": 1},
    {"3-grams": 1, "4-grams": 1, "5-grams": 1},
    {STEMS: 1, "3-grams": 0.15, "4-grams": 0.15},
    {"stems' 3-grams": 1, "4-grams": 1},
    {STEMS: 1, "stems' 3-grams": 0.3, "4-grams": 0.3},
)


# -- ranking ----------------------------------------------------------------------------------------------------------


def scores(passages: Passages, questions: Sequence[str], way: Terms) -> Array:
    """BM25 of each passage for each question, shape (questions, passages)."""
    counts = [Counter(way(text)) for text in passages.texts]
    lengths = np.array([sum(count.values()) for count in counts], dtype=float)
    damping = K1 * (1 - B + B * lengths / lengths.mean())
    where: dict[str, list[int]] = defaultdict(list)
    often: dict[str, list[int]] = defaultdict(list)
    for number, count in enumerate(counts):
        for term, times in count.items():
            where[term].append(number)
            often[term].append(times)
    found = np.zeros((len(questions), len(counts)))
    for row, question in zip(found, questions, strict=True):
        for term in dict.fromkeys(way(question)):
            if term in where:
                places, frequency = np.array(where[term]), np.array(often[term])
                rarity = math.log(1 + (len(counts) - len(places) + 0.5) / (len(places) + 0.5))
                row[places] += rarity * frequency * (K1 + 1) / (frequency + damping[places])
    return found


def ranks(found: Array, passages: Passages, right: Sequence[str]) -> NDArray[np.int64]:
    """The rank of each question's document, 0 if nothing of it was found; of equals it comes last."""
    best = np.zeros((len(found), len(passages.stems)))
    for passage, document in enumerate(passages.document):
        np.maximum(best[:, document], found[:, passage], out=best[:, document])
    at = {stem: number for number, stem in enumerate(passages.stems)}
    own = best[np.arange(len(best)), [at[stem] for stem in right]]
    return np.where(own > 0, (best >= own[:, None]).sum(axis=1), 0)


def figures(rank: NDArray[np.int64]) -> list[float]:
    """R@1, R@5, R@20 and nDCG@10."""
    gains = np.where((rank > 0) & (rank <= 10), 1 / np.log2(rank + 1.0, where=rank > 0, out=np.ones(len(rank))), 0)
    return [float(np.mean((rank > 0) & (rank <= k))) for k in (1, 5, 20)] + [float(gains.mean())]


def measure(passages: Mapping[str, Passages], questions: Sequence[Question]) -> dict[str, dict[str, NDArray[np.int64]]]:
    """The ranks by way (or mixture) and direction."""
    found: dict[str, dict[str, NDArray[np.int64]]] = defaultdict(dict)
    for group, language in LANGUAGE_OF.items():
        asked = [question for question in questions if mixed_dev.group_of(question) == group]
        right = [mixed_dev.stem_of(question) for question in asked]
        mine = passages[language]
        by_way = {
            name: scores(mine, [question.question for question in asked], way) for name, way in ways(language).items()
        }
        for name, score in by_way.items():
            found[name][group] = ranks(score, mine, right)
        for mixture in MIXTURES:
            name = " + ".join(f"{weight:g} {way}" if weight != 1 else way for way, weight in mixture.items())
            together = np.sum([weight * by_way[way] for way, weight in mixture.items()], axis=0)
            found[name][group] = ranks(together, mine, right)
    return found


def read(folder: Path) -> dict[str, Passages]:
    """The passages of each language, cut as for the index; nothing is embedded, so that this takes seconds."""
    texts: dict[str, list[str]] = defaultdict(list)
    of: dict[str, list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as temporary:
        catalog = Catalog(Path(temporary) / "catalog.sqlite")
        ingest_sources([folder / "docs"], catalog, load_settings())
        for document in filter(None, map(catalog.get, catalog.active())):
            for piece in chunk(document):
                partition = partition_of(piece.language)
                texts[partition].append(document.text[piece.start : piece.end])
                of[partition].append(Path(document.source).stem)
        catalog.close()
    passages = {}
    for language, names in of.items():
        stems = tuple(dict.fromkeys(names))
        numbers = {stem: number for number, stem in enumerate(stems)}
        passages[language] = Passages(tuple(texts[language]), np.array([numbers[name] for name in names]), stems)
    return passages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl")
    options = parser.parse_args()
    questions = load_question_set(options.folder / "questions.jsonl").questions
    found = measure(read(options.folder), questions)
    counted = {group: len(rank) for group, rank in next(iter(found.values())).items()}
    print(" " * 72 + "".join(f"{f'{group} (n {counted[group]})':27}" for group in LANGUAGE_OF))
    print(f"{'':72}" + "R@1   R@5   R@20  nDCG   " * len(LANGUAGE_OF))
    for name, by_group in found.items():
        columns = (
            "  ".join(f"{figure:.3f}"[-4:] if figure < 1 else "1.00" for figure in figures(by_group[g]))
            for g in LANGUAGE_OF
        )
        print(f"{name:70}  " + "   ".join(columns))


if __name__ == "__main__":
    main()
