"""The light model's signals on passages made by hand, and a cross-encoder as the setting names it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from rag import Engine
from rag.analysis import Words
from rag.errors import ModelError
from rag.manifest import IndexedPassage
from rag.query_terms import QueryTerms
from rag.reranking import SHORT, USUAL, Candidate, CrossEncoderReranker, PassageSignals, signals_of
from rag.sentences import Span
from rag.settings import Settings
from tests.tiny_model import write_tiny_cross_encoder

TERMS = QueryTerms("en", {"annex": 0.75, "strategi": 0.25}, {"_ann": 0.5, "nnex": 0.5}, None, {"ملحق": 1.0})
UNTITLED = Words("", frozenset())
UP, ACROSS = np.array([1.0, 0.0], np.float32), np.array([0.0, 1.0], np.float32)


def passage(partition: str, *sentences: str, length: int = USUAL) -> IndexedPassage:
    spans = tuple(Span(number, number + 1, "sentence") for number in range(len(sentences)))
    late = np.array([[0.8, 0.6], [0.6, 0.8]], np.float32)[: len(sentences)]
    alone = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)[: len(sentences)]
    return IndexedPassage(
        "k", "d", partition, partition, 0, length, spans, tuple(map(Words.of, sentences)), late, alone
    )


def test_the_best_sentence_counts_above_the_background_and_words_by_rarity() -> None:
    found = signals_of(passage("en", "the strategies", "an annex"), TERMS, UP, 0.5, UNTITLED)
    assert found.late == pytest.approx(50 * (0.8 - 0.5), rel=1e-5)
    assert found.alone == pytest.approx(50 * (1.0 - 0.5), rel=1e-5)
    assert (found.words, found.grams, found.length, found.same_language) == (0.75, 1.0, 0.0, 1.0)
    assert found.words_across == found.spread_across == found.late_across == found.alone_across == 0.0


def test_a_passage_in_the_other_language_has_the_other_signals() -> None:
    found = signals_of(passage("ar", "كلمه", "الملحق"), TERMS, ACROSS, 0.25, UNTITLED)
    assert found.late_across == pytest.approx(50 * (0.8 - 0.25), rel=1e-5)
    assert (found.words_across, found.spread_across, found.same_language) == (1.0, 1.0, 0.0)
    assert found.late == found.alone == found.words == found.grams == found.length == 0.0


def test_the_title_counts_for_grams_and_short_passages_are_no_better_than_a_few_lines() -> None:
    assert signals_of(passage("en", "nothing"), TERMS, UP, 0.5, Words.of("The annexes")).grams == 1.0
    assert signals_of(passage("en", "nothing"), TERMS, UP, 0.5, UNTITLED).grams == 0.0
    heading = signals_of(passage("en", "annex", length=10), TERMS, UP, 0.5, UNTITLED)
    assert heading.length == pytest.approx(math.log(SHORT / USUAL))


def test_a_passage_without_sentences_speaks_for_nothing() -> None:
    empty = IndexedPassage("k", "d", "en", "en", 0, 5, (), (), np.zeros((0, 2)), np.zeros((0, 2)))
    found = signals_of(empty, TERMS, UP, 0.5, UNTITLED)
    assert (found.late, found.alone, found.words, found.grams) == (0.0, 0.0, 0.0, 0.0)


def test_the_score_is_the_weighted_sum() -> None:
    assert PassageSignals(late=2.0, words=0.5).dot(PassageSignals(late=3.0, words=4.0, grams=9.0)) == 8.0


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


def test_a_cross_encoder_gives_the_order_and_the_scores_stay_on_their_scale(
    cross_encoder: Path, settings: Settings
) -> None:
    from sentence_transformers import CrossEncoder

    texts = ["the annex", "كبتاغون", "nine men", "a long text about nothing in particular, and more of it"]
    candidates = [Candidate(passage("en"), PassageSignals(), score) for score in (4.0, 3.0, 2.0, 1.0)]
    candidates = [
        Candidate(IndexedPassage(text, *_rest(one)), one.signals, one.score)
        for text, one in zip(texts, candidates, strict=True)
    ]
    found = CrossEncoderReranker(str(cross_encoder), settings).reordered("Which annex?", candidates, texts)
    by_itself = CrossEncoder(str(cross_encoder)).predict([("Which annex?", text) for text in texts])
    assert [one.indexed.key for one in found] == [texts[place] for place in np.argsort(-by_itself)]
    assert [one.score for one in found] == [4.0, 3.0, 2.0, 1.0]


def _rest(candidate: Candidate) -> tuple:
    piece = candidate.indexed
    return tuple(getattr(piece, name) for name in piece.__dataclass_fields__ if name != "key")


def test_the_setting_reorders_what_is_found_and_loses_nothing(
    cross_encoder: Path, settings: Settings, samples_home: Path
) -> None:
    query = "What is captagon?"
    with Engine.open(samples_home, settings=settings) as engine:
        plain = engine.search(query, limit=8)
    with Engine.open(samples_home, settings=settings.model_copy(update={"reranker": str(cross_encoder)})) as engine:
        reordered = engine.search(query, limit=8)
        assert engine.ask(query).passages
    assert [one.rank for one in reordered] == list(range(1, len(reordered) + 1))
    assert [one.score for one in reordered] == sorted((one.score for one in reordered), reverse=True)
    assert [one.passage for one in reordered] != [one.passage for one in plain]


def test_a_reranker_that_is_none_is_one_line(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(ModelError, match=r"The reranker .* cannot be loaded"):
        CrossEncoderReranker(str(tmp_path), settings)
