"""The answer's text against the reference answers: exact match, token F1, numbers and dates, likeness in meaning.

Exact match and token F1 are SQuAD's (Rajpurkar et al. 2016), which ARCD (Mozannar et al. 2019) counts by too: the best
of the references, English articles off. Texts are compared as `evals.normalisation` says, which folds Arabic spelling
where SQuAD's program only drops ASCII punctuation. What is compared is the whole answer, every statement of it: an
answer that quotes a sentence around a short reference scores low here by design; `contained` is what it is judged by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import isclose
from typing import TypeVar

from evals.cases import Case
from evals.normalisation import normalised_tokens
from evals.question_set import LIST_TAG
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.times.moment import Moment
from rag.grounding.times.moments import moments

T = TypeVar("T")
_ARTICLES = frozenset(("a", "an", "the"))


def exact_match(case: Case) -> float | None:
    """1 if the answer is one of the references, else 0. Unscored without references, and for list questions."""
    return _best(case, lambda answer, reference: float(squad_tokens(answer) == squad_tokens(reference)))


def token_f1(case: Case) -> float | None:
    """The harmonic mean of the precision and recall of the answer's tokens, of the reference that gives most."""
    return _best(case, f1)


def number_match(case: Case) -> float | None:
    """1 if the answer has every number of one of the references that has any, in any digits or words, else 0.

    Unscored where no reference has a number, and for list questions.
    """
    return _all_there(case, _numbers, _same_number)


def date_match(case: Case) -> float | None:
    """1 if the answer has every date of one of the references that has any, else 0.

    A date that says more is as good: "20 December 2019" where 2019 is wanted, not the other way round. Unscored where
    no reference has a date, and for list questions.
    """
    return _all_there(case, _dates, _same_date)


def similarity(case: Case) -> float | None:
    """The highest cosine of a statement and a reference under the run's embedding model, 0 where it is silent.

    Raw cosines of such models crowd near the top: compare runs by it, not questions. Unscored without references, and
    in runs that observed nothing (through a server).
    """
    if case.answer is None or case.observation is None or not case.question.answerable or not case.question.answers:
        return None
    return case.observation.similarity or 0.0


def squad_tokens(text: str) -> list[str]:
    """The tokens that exact match and F1 compare."""
    return [token for token in normalised_tokens(text) if token not in _ARTICLES]


def f1(answer: str, reference: str) -> float:
    """SQuAD's F1 of two texts."""
    one, other = Counter(squad_tokens(answer)), Counter(squad_tokens(reference))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def answer_text(case: Case) -> str:
    """The statements of the answer as one text; "" where it is silent. The product's own frame is no part of it."""
    return " ".join(statement.text for statement in case.answer.statements) if case.answer else ""


def _best(case: Case, measure: Callable[[str, str], float]) -> float | None:
    references = _references(case)
    if not references:
        return None
    text = answer_text(case)
    return max(measure(text, reference) for reference in references)


def _references(case: Case) -> list[str]:
    if case.answer is None or not case.question.answerable or LIST_TAG in case.question.tags:
        return []
    return [reference for reference in case.question.answers if squad_tokens(reference)]


def _all_there(case: Case, read: Callable[[str], Sequence[T]], matches: Callable[[T, T], bool]) -> float | None:
    """Whether each thing that `read` finds in one of the references matches one that it finds in the answer."""
    wanted = [found for reference in _references(case) if (found := read(reference))]
    if not wanted:
        return None
    there = read(answer_text(case))
    return float(any(all(any(matches(one, other) for other in there) for one in found) for found in wanted))


def _numbers(text: str) -> list[Quantity]:
    return quantities(text, "")


def _same_number(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities have a value in common; a unit that both name is the same."""
    units = one.unit == other.unit or not one.unit or not other.unit
    values = [[value for value in (q.value, q.also) if value is not None] for q in (one, other)]
    return units and any(isclose(a, b, rel_tol=1e-9) for a in values[0] for b in values[1])


def _dates(text: str) -> list[Moment]:
    """The dates of `text` that say a year, a month or a day of a month."""
    return [one for one in moments(text, "") if one.kind == "date" and any((one.year, one.month, one.day))]


def _same_date(wanted: Moment, other: Moment) -> bool:
    """Whether all that `wanted` says of a date is said by `other`, which may say more."""
    said = ((wanted.year, other.year), (wanted.month, other.month), (wanted.day, other.day))
    return wanted.calendar == other.calendar and all(one is None or one == there for one, there in said)
