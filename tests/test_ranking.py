"""Which sentences are quoted together: each says what those before it leave open, and none is said twice."""

from __future__ import annotations

import numpy as np
import pytest

from rag.analysis import Words
from rag.answering.selection import ranking
from rag.answering.selection.ranking import additions, in_turn, rank, sufficient
from rag.answering.selection.signals import Sentence, Signals
from rag.manifest import IndexedPassage
from rag.query_terms import QueryTerms
from rag.reranking import Candidate, PassageSignals
from rag.sentences import Span

TERMS = QueryTerms("en", {"blast": 0.5, "cost": 0.3, "year": 0.2}, {}, None, {})


def vector(*values: float) -> np.ndarray:
    found = np.array(values, dtype=np.float32)
    return found / np.linalg.norm(found)


def sentence(text: str, alone: float, own: np.ndarray, language: str = "en") -> Sentence:
    words = Words.of(text)
    piece = IndexedPassage(
        key=text, document_id="d", start=0, end=len(text), language=language, partition=language,
        sentences=(), vectors=own[None], own_vectors=own[None], words=(words,),
    )  # fmt: skip
    signals = Signals(*([0.0] * len(Signals._fields)))._replace(alone=alone)
    asked = frozenset(TERMS.found(language, words))
    return Sentence(Candidate(piece, PassageSignals(), 0.0), Span(0, len(text)), text, own, own, asked, signals)


def test_the_second_sentence_says_what_the_first_leaves_open() -> None:
    first = sentence("The blast came in the morning.", 6.0, vector(1, 0, 0))
    alike = sentence("A blast was heard.", 5.5, vector(0, 1, 0))
    other = sentence("The cost that year was high.", 5.0, vector(0, 0, 1))
    ranked = rank([other, alike, first])
    assert [s.text for _, s in ranked] == [first.text, alike.text, other.text]
    assert [s.text for _, (_, s) in in_turn(ranked, TERMS)] == [first.text, other.text, alike.text]


def test_probabilities_are_of_those_that_are_left() -> None:
    ranked = rank([sentence(f"Sentence {n}.", float(n), vector(1, n)) for n in range(4)])
    turns = list(in_turn(ranked, TERMS))
    assert len(turns) == 4
    assert all(0 < probability <= 1 for probability, _ in turns)
    assert turns[-1][0] == pytest.approx(1.0)
    assert turns[0][0] < 1


def test_one_sentence_suffices_when_it_stands_out() -> None:
    best = sentence("The blast came in the morning.", 30.0, vector(1, 0, 0))
    rest = [sentence(f"Something else {n}.", 1.0, vector(0, 1, n)) for n in range(5)]
    assert [s.text for s in sufficient(rank([*rest, best]), TERMS)] == [best.text]


def test_what_says_the_same_is_not_quoted_twice() -> None:
    same = vector(1, 0.01, 0)
    twins = [sentence("The blast killed ten people.", 6.0, same), sentence("The blast killed ten.", 6.0, same)]
    assert len(sufficient(rank(twins), TERMS)) == 1


def test_no_more_than_the_limit_are_quoted() -> None:
    many = [sentence(f"Sentence number {n}.", 5.0, vector(1, n * n, n)) for n in range(9)]
    assert len(sufficient(rank(many), TERMS)) == ranking.MAX_QUOTES


def test_the_signals_of_an_addition() -> None:
    first = sentence("The blast came in the morning.", 6.0, vector(1, 0))
    second = sentence("The cost was high.", 5.0, vector(1, 1))
    (added,) = additions([first], [(2.5, second)], TERMS)
    assert added.score == 2.5
    assert added.uncovered == pytest.approx(0.3 / 0.5)
    assert added.alike == pytest.approx(10 / np.sqrt(2), rel=1e-4)
    assert added.same_language == 1


def test_of_two_as_good_the_second_quote_is_in_the_language_of_the_question() -> None:
    first = sentence("The blast came in the morning.", 6.0, vector(1, 0, 0))
    arabic = sentence("سُمع الدويّ في أنحاء المدينة.", 5.05, vector(0, 1, 0), "ar")
    english = sentence("It was heard all over town.", 5.0, vector(0, 0, 1))
    assert [s.text for _, (_, s) in in_turn(rank([first, arabic, english]), TERMS)][1] == english.text
    (added,) = additions([first], [(1.0, arabic)], TERMS)
    assert added.same_language == 0
