"""Which of the passages found comes first: a small fitted model always, a cross-encoder where one is set.

The light model is linear, over what the index already holds of a passage: the vectors and the words of its sentences.
It is what makes passages in two languages comparable: a sentence counts by how far it stands above the background of
its language for this very query (`rag.background`), and words count across languages by glossary and names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.analysis import Words
from rag.cross_encoder import open_cross_encoder
from rag.errors import ModelError
from rag.logistic import weighed
from rag.manifest import IndexedPassage
from rag.query_terms import QueryTerms
from rag.settings import Settings

FloatArray = NDArray[np.float32]

SCALE = 50.0
"""Cosines of this model family live between .7 and .9; times 50 they have about unit spread."""
SHORT = 250
"""Characters: shorter passages are no better for it (a heading would win)."""
USUAL = 700
"""Characters of a usual passage (`rag.chunking`)."""
RERANKED = 24
"""Passages that a cross-encoder reads: at 0.1 to 0.5 s each for a large one on a CPU, more is not worth the wait."""


class PassageSignals(NamedTuple):
    """What speaks for a passage. Also the type of the weights, one a signal.

    late: how far the best of its sentences' late-chunked vectors stands above its language's background, times 50;
    alone: the same of the sentences' own vectors; words: the largest share of the query's terms, by rarity, in one of
    its sentences; grams: share of the query's 4-grams in its title and text; length: log of its characters over 700,
    because more sentences have a better best one by chance. The same with `_across` for a passage in another language
    than the query, `words_across` by glossary, names and translation, `spread_across` that of the whole passage; each
    is 0 in the other case. same_language: 1 in the query's own.
    """

    late: float = 0.0
    alone: float = 0.0
    words: float = 0.0
    grams: float = 0.0
    length: float = 0.0
    late_across: float = 0.0
    alone_across: float = 0.0
    words_across: float = 0.0
    spread_across: float = 0.0
    length_across: float = 0.0
    same_language: float = 0.0

    def dot(self, weights: PassageSignals) -> float:
        return weighed(self, weights)


WEIGHTS = PassageSignals(
    late=0.85,
    alone=0.69,
    words=3.32,
    grams=7.98,
    length=-1.08,
    late_across=1.4,
    alone_across=1.22,
    words_across=2.5,
    spread_across=5.91,
    length_across=-0.51,
    same_language=1.26,
)
"""Fitted by `python -m evals.benchmarks.fit_retrieval MIXED_DEV` (softmax over the passages of a question)."""


def signals_of(
    passage: IndexedPassage, terms: QueryTerms, vector: FloatArray, level: float, title: Words
) -> PassageSignals:
    """The signals of `passage` for the query of `terms` and `vector` (dimension,).

    `level` is the mean cosine of the query with the background of the passage's language, `title` its document's.
    """
    late = SCALE * (float((passage.vectors @ vector).max(initial=-1.0)) - level) if passage.words else 0.0
    alone = SCALE * (float((passage.own_vectors @ vector).max(initial=-1.0)) - level) if passage.words else 0.0
    (*overlaps, _), spread = terms.overlap(passage.partition, (*passage.words, title))
    overlap = max(overlaps, default=0.0)
    length = math.log(max(SHORT, passage.end - passage.start) / USUAL)
    if passage.partition == terms.partition:
        return PassageSignals(
            late=late,
            alone=alone,
            words=overlap,
            grams=terms.gram_overlap(passage.partition, (title, *passage.words)),
            length=length,
            same_language=1.0,
        )
    return PassageSignals(
        late_across=late,
        alone_across=alone,
        words_across=overlap,
        spread_across=spread,
        length_across=length,
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its score and the signals behind it. `also_in` are other documents that say the same.

    `title` is that of its document, `published` its day of publication.
    """

    indexed: IndexedPassage
    signals: PassageSignals
    score: float
    also_in: tuple[str, ...] = ()
    title: str = ""
    published: date | None = None


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder: reads query and passage together, which is slow and often better."""

    def __init__(self, name: str, settings: Settings) -> None:
        """Loads the model `name`, a folder or a hub name. Raises ModelError."""
        self._model: Any = open_cross_encoder(
            name,
            settings,
            "reranker",
            "Set TAWTHIQ_RERANKER to a cross-encoder's folder, to a name on a hub that you reach, or to nothing.",
        )
        if int(getattr(self._model, "num_labels", 1)) != 1:
            raise ModelError(
                f"{name} tells {self._model.num_labels} classes apart; a reranker gives one score.",
                "Set TAWTHIQ_RERANKER to a model for ranking, such as BAAI/bge-reranker-v2-m3.",
            )
        self.name = name

    def reordered(self, query: str, candidates: Sequence[Candidate], texts: Sequence[str]) -> list[Candidate]:
        """`candidates`, whose stored texts are `texts`, in the model's order.

        The scores stay, best to the first: they are on the light model's scale, which the quotes and the probability
        of an answer were fitted to, and every cross-encoder has a scale of its own.
        """
        if not candidates:
            return []
        scores = self._model.predict([(query, text) for text in texts], show_progress_bar=False)
        order = sorted(range(len(candidates)), key=lambda place: (-float(scores[place]), place))
        ladder = sorted((candidate.score for candidate in candidates), reverse=True)
        return [replace(candidates[place], score=score) for place, score in zip(order, ladder, strict=True)]
