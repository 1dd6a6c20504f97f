"""Which of the sentences to quote have the value that is asked for: they go first, and stand in for others."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.analysis import fold
from rag.answering.question.answer_type import Asked, Value, asked_of, values_of
from rag.answering.question.other_sums import of_another_sum
from rag.answering.question.value_agreement import agree, comparable
from rag.answering.question.value_patterns import MONEY_TERM
from rag.answering.selection.ranking import CONSIDERED, MAX_QUOTES
from rag.answering.selection.signals import Sentence
from rag.grounding.times.moment import precision
from rag.retrieval import Retrieved

AS_MUCH = 0.8
"""Share of what the best sentence has of the question from which on one in the question's own language goes first."""

NEARLY = 0.7
"""By hand: how far the score of a sentence with the value may be below that of the best, which has none, to go first.
A sentence is quoted beside another at all within `ranking.MARGIN`."""

SUFFICES = 0.5
"""By hand: the share of the question's words, by rarity, from which on a sentence with the value that is asked for is
that value's. Of 350 questions of mixed-dev for a value, 9 lose a quote and none its reference; from .3 on 22 and 3."""


def value_first(question: str, ranked: Sequence[tuple[float, Sentence]], chosen: list[Sentence]) -> list[Sentence]:
    """The sentences to quote; where the first has no number or date and that is asked for, with one that has it.

    Of those chosen it goes first if it is nearly as good; where none has it, the one that the best goes on with in its
    passage comes after it ("It is worth 48 million euros").
    """
    asked, best = asked_of(question), chosen[0]
    if asked is None or asked.kind == "name" or not (best.signals.number or asked.family) or _gives(best, asked):
        return chosen
    scores = {id(sentence): score for score, sentence in ranked}
    rest = chosen[1:]
    for sentence in rest:
        if _gives(sentence, asked) and not _of_other_sum(question, sentence, asked):
            near = (
                _says_cost(sentence, asked)
                or scores.get(id(sentence), -math.inf) >= scores.get(id(best), math.inf) - NEARLY
            )
            return [sentence, *(one for one in chosen if one is not sentence)] if near else chosen
    spans = best.candidate.indexed.sentences
    following = spans[spans.index(best.span) + 1 :][:1]
    for _, sentence in ranked[:CONSIDERED]:
        if sentence.candidate is best.candidate and sentence.span in following and _gives(sentence, asked):
            return [best, sentence, *rest][:MAX_QUOTES]
    return chosen


def without_padding(question: str, chosen: list[Sentence]) -> list[Sentence]:
    """The sentences to quote; where the first has the value that is asked for, without those that have none.

    Of a question with parts none is left out: it asks for no one value.
    """
    asked, best = asked_of(question), chosen[0]
    if asked is None or max(best.signals.overlap, best.signals.across) < SUFFICES or not _gives(best, asked):
        return chosen
    return [best, *(one for one in chosen[1:] if _gives(one, asked) and not _of_other_sum(question, one, asked))]


def _of_other_sum(question: str, sentence: Sentence, asked: Asked) -> bool:
    """Whether it is asked what something cost, and a sentence tells what was lent, fined or earned."""
    return asked.family == "currency" and of_another_sum(question, sentence.text)


def _says_cost(sentence: Sentence, asked: Asked) -> bool:
    """Whether a sentence tells of a cost where one is asked for: of "it", which it need not name once more."""
    return asked.family == "currency" and MONEY_TERM.search(fold(sentence.text)) is not None


def _gives(sentence: Sentence, asked: Asked) -> bool:
    """Whether a sentence has a value of the kind that is asked for, and not for another time."""
    language, published = sentence.candidate.indexed.language, sentence.candidate.published
    return not sentence.signals.mistimed and bool(values_of(sentence.text, language, published, asked))


def with_own_language(
    retrieved: Retrieved, ranked: Sequence[tuple[float, Sentence]], chosen: list[Sentence]
) -> list[Sentence]:
    """The sentences to quote; where the best is in another language, with one in the question's that gives its value.

    That is, the value that is asked for, at least as precisely, in a sentence with a word of the question. It comes
    first if it says about as much of what is asked, its neighbours included, else right after the best: few readers of
    one language read the other.
    """
    asked, own, best = asked_of(retrieved.query), retrieved.language, chosen[0]
    if asked is None or asked.kind == "name" or best.candidate.indexed.language == own:
        return chosen
    theirs = values_of(best.text, best.candidate.indexed.language, None, asked)
    for sentence in (*chosen, *(one for _, one in ranked[:CONSIDERED])):
        if sentence.candidate.indexed.language != own or not sentence.asked:
            continue
        mine = values_of(sentence.text, own, None, asked)
        if any(_same(one, other) for one in mine for other in theirs):
            rest = [one for one in chosen[1:] if one is not sentence]
            whole = sentence.signals.overlap + sentence.signals.nearby
            pair = [sentence, best] if whole >= AS_MUCH * best.signals.across else [best, sentence]
            return [*pair, *rest][:MAX_QUOTES]
    return chosen


def _same(one: Value, other: Value) -> bool:
    """Whether a value is another, and no vaguer: a year alone is that of many things."""
    if not comparable(one, other) or not agree(one, other):
        return False
    return one.moment is None or other.moment is None or precision(one.moment) >= precision(other.moment)
