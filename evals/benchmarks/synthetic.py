"""Corpora of any size for measurements of speed: invented text and vectors that cost the indexes what real ones do.

Words are those of the sample documents by their frequency, and then words that a chain of letter triples trained on
them makes up, `VOCABULARY` a language; a word of rank r is drawn in proportion to 1 / (r + 2.7) (Zipf, Mandelbrot), so
posting lists have the lengths they have in newspapers. A vector is the real one of a sample sentence, moved by half
the difference of two others and by noise: it stays in the narrow cone where this model family's vectors live. All
follows from the number of the passage, so that a home can be built piece by piece and compared with brute force.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog
from corpus.document import Document, document_id_for
from corpus.sources import discover, read_document, sample_documents
from rag.analysis import words
from rag.chunking import Chunk
from rag.embedding import Encoder
from rag.encoders import open_encoder
from rag.index import Index
from rag.manifest import MAKING, SCHEMA, Row
from rag.sentences import Span, split_sentences
from rag.settings import load_settings

VOCABULARY = 100_000
LENGTH = 700
SENTENCE_WORDS = 18
BATCH = 5000
"""Passages made and written at a time."""

PUBLISHERS = 100
TOPICS = 10
FIRST_DAY = date(2020, 1, 1)
LANGUAGES = ("ar", "en")

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SyntheticPassage:
    """A passage: `start` in its document, `text` (empty where not asked for), its vector (dimension,)."""

    document: int
    start: int
    language: str
    text: str
    sentences: tuple[Span, ...]
    vector: FloatArray

    @property
    def key(self) -> str:
        """As `rag.index` makes it."""
        return f"{document_id_for(_source(self.document))}:{self.start}:{self.start + LENGTH}"


class Corpus:
    """Passages by number: the same for the same encoder and `per_document`, however many are asked for."""

    def __init__(self, encoder: Encoder, per_document: float, folder: Path) -> None:
        """The sample sentences' vectors are kept in `folder`: embedding them takes some seconds."""
        texts = [(d.language, d.text) for d in map(read_document, discover(sample_documents()).sources)]
        self._per_document = per_document
        self._words: dict[str, list[str]] = {}
        self._pool: dict[str, FloatArray] = {}
        for language in LANGUAGES:
            own = [text for tongue, text in texts if tongue == language]
            self._words[language] = _vocabulary(own)
            sentences = sorted({text[s.start : s.end] for text in own for s in split_sentences(text, language)})
            self._pool[language] = _vectors(sentences, encoder, folder / f"vectors-{language}.npy")
        odds = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
        self._odds = odds / odds[-1]

    def word(self, language: str, rank: int) -> str:
        """The word of a frequency rank, from 0."""
        return self._words[language][rank]

    def batches(self, passages: int, *, texts: bool = True) -> Iterator[list[SyntheticPassage]]:
        """The first `passages`, `BATCH` at a time (without `texts`, empty ones)."""
        for begin in range(0, passages, BATCH):
            yield self._batch(begin, min(BATCH, passages - begin), texts)

    def sentence_vectors(self, passage: SyntheticPassage) -> FloatArray:
        """Vectors (2, sentences, dimension) as an encoder gives them, late-chunked and alone."""
        pool, count = self._pool[passage.language], len(passage.sentences)
        at = (passage.document * 31 + passage.start) % (len(pool) - 2 * count)
        return pool[at : at + 2 * count].reshape(2, count, -1)

    def document(self, number: int, pieces: list[SyntheticPassage]) -> Document:
        """A document of whole passages."""
        return Document(
            document_id_for(_source(number)),
            _source(number),
            f"{pieces[0].text[:50].strip()} {number}",
            "\n".join(piece.text for piece in pieces),
            pieces[0].language,
            publisher=f"publisher {number % PUBLISHERS}",
            published=FIRST_DAY + timedelta(days=number * 7919 % 1000),
            tags=(f"topic {self._topic(number)}", "synthetic"),
        )

    @staticmethod
    def _topic(document: int) -> int:
        return document // 2 % TOPICS

    def _batch(self, begin: int, count: int, texts: bool) -> list[SyntheticPassage]:
        random_numbers = np.random.default_rng(begin + 1)
        documents = ((begin + np.arange(count)) // self._per_document).astype(int)
        firsts = np.ceil(documents * self._per_document).astype(int)
        starts = (begin + np.arange(count) - firsts) * (LENGTH + 1)
        vectors = np.stack([self._vector(int(document), random_numbers) for document in documents])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        ranks = np.searchsorted(self._odds, random_numbers.random((count, 160))) if texts else [()] * count
        found = []
        for document, start, vector, row in zip(documents, starts, vectors, ranks, strict=True):
            language = LANGUAGES[document % 2]
            text, sentences = self._text(language, row, int(start)) if texts else ("", ())
            found.append(SyntheticPassage(int(document), int(start), language, text, sentences, vector))
        return found

    def _vector(self, document: int, random_numbers: np.random.Generator) -> FloatArray:
        pool = self._pool[LANGUAGES[document % 2]]
        topic = self._topic(document)
        # Documents of a topic are around the sentences of one stretch of the pool.
        base = pool[random_numbers.integers(topic * len(pool) // TOPICS, (topic + 1) * len(pool) // TOPICS)]
        one, other = pool[random_numbers.integers(len(pool), size=2)]
        noise = random_numbers.standard_normal(pool.shape[1], dtype=np.float32)
        return np.asarray(base + 0.5 * (one - other) + noise * (0.15 / pool.shape[1] ** 0.5), dtype=np.float32)

    def _text(self, language: str, ranks: Any, start: int) -> tuple[str, tuple[Span, ...]]:
        known = self._words[language]
        drawn = [known[rank] for rank in ranks]
        drawn[SENTENCE_WORDS - 1 :: SENTENCE_WORDS] = [
            f"{word}." for word in drawn[SENTENCE_WORDS - 1 :: SENTENCE_WORDS]
        ]
        text = " ".join(drawn)[:LENGTH].ljust(LENGTH, ".")
        spans, at = [], 0
        while at < LENGTH:
            end = text.find(".", at)
            end = LENGTH if end < 0 else end + 1
            if end - at > 1:
                spans.append(Span(start + at, start + end))
            at = end + 1
        return text, tuple(spans)


def _vectors(sentences: list[str], encoder: Encoder, path: Path) -> FloatArray:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        encoded = encoder.encode_passages(sentences, [()] * len(sentences))
        np.save(path, np.stack([one.vector for one in encoded]))
    return np.asarray(np.load(path), dtype=np.float32)


def _source(document: int) -> str:
    return f"/synthetic/{document}.txt"


def _vocabulary(texts: list[str]) -> list[str]:
    """The words of `texts`, frequent ones first, and then made-up ones of the same letters."""
    counts = Counter(word for text in texts for word in words(text))
    known = [word for word, _ in counts.most_common()]
    follow: dict[str, list[str]] = {}
    for word, times in counts.items():
        marked = f"^^{word}$"
        for at in range(len(marked) - 2):
            follow.setdefault(marked[at : at + 2], []).extend([marked[at + 2]] * times)
    drawing = random.Random(0)  # noqa: S311 - no secret
    seen = set(known)
    while len(known) < VOCABULARY:
        word = "^^"
        while (letter := drawing.choice(follow[word[-2:]])) != "$" and len(word) < 18:
            word += letter
        word = word[2:]
        if len(word) > 2 and word not in seen:
            seen.add(word)
            known.append(word)
    return known


def build_home(home: Path, passages: int, per_document: float) -> dict[str, Any]:
    """Builds a home of synthetic passages, unless it is there; returns what building took."""
    done, form = home / "built.json", f"{SCHEMA} {MAKING}"
    if done.exists():
        stored: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
        if stored.get("form") == form:
            return stored
    # An index of another form would be emptied when opened, and every passage embedded.
    shutil.rmtree(home, ignore_errors=True)
    began = time.perf_counter()
    encoder = open_encoder(load_settings())
    corpus = Corpus(encoder, per_document, home)
    index, catalog = Index(home / "index", encoder.identity), Catalog(home / "catalog.sqlite")
    started = time.perf_counter()
    # The catalogue's transactions wait for the disk: beside the index's work they cost nothing.
    with ThreadPoolExecutor(1) as beside:
        waiting: list[Future[Any]] = []
        open_pieces: list[SyntheticPassage] = []
        for number, batch in enumerate(corpus.batches(passages)):
            pieces, open_pieces = open_pieces + batch, []
            last = pieces[-1].document
            if (number + 1) * BATCH < passages:  # the batch's last document may go on in the next
                open_pieces = [piece for piece in pieces if piece.document == last]
                pieces = pieces[: len(pieces) - len(open_pieces)]
            grouped: dict[int, list[SyntheticPassage]] = {}
            for piece in pieces:
                grouped.setdefault(piece.document, []).append(piece)
            documents = {n: corpus.document(n, group) for n, group in grouped.items()}
            waiting += [beside.submit(catalog.put, document) for document in documents.values()]
            rows = [
                Row(
                    documents[piece.document],
                    Chunk(piece.start, piece.start + LENGTH, piece.language, piece.sentences),
                    piece.vector,
                    corpus.sentence_vectors(piece),
                )
                for piece in pieces
            ]
            ids = [one.document_id for one in documents.values()]
            index._write(ids, rows, number + 1, list(documents.values()), encoder.identity)  # noqa: SLF001
            if number % 10 == 9:
                rate = (number + 1) * BATCH / (time.perf_counter() - started)
                print(f"{(number + 1) * BATCH:,} of {passages:,} passages, {rate:.0f} a second", flush=True)
        for future in waiting:
            future.result()
    index.close()
    catalog.close()
    seconds = time.perf_counter() - started
    built = {
        "form": form,
        "seconds": round(seconds, 1),
        "passages_per_second": round(passages / seconds),
        "preparation_seconds": round(started - began, 1),
    }
    done.write_text(json.dumps(built), encoding="utf-8")
    return built
