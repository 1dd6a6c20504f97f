"""Citations: are quotes what the sources say, do they bear the statements out, and do they hit the expected places?

Citation recall and precision are ALCE's (`evals.alce`), of the passages that are cited. A quote that is shown by itself
bears itself out: in quotes mode both are 1 by construction, and say something of a language model's answers alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from evals.alce import Entailment, recall_and_precision
from evals.cases import Case
from evals.question_set import LIST_TAG

Characters = set[int]
"""Offsets of a stored text, in code points."""


def verbatim_rate(case: Case) -> float | None:
    """The share of the answer's citations whose quote is the stored text at its offsets; anything below 1 is a defect.

    The stored text must also be the version that the citation names (`document_sha256`). Unscored without citations.
    """
    if case.answer is None or not case.answer.citations:
        return None
    pairs = zip(case.answer.citations, case.stored, strict=True)
    return sum(c.quote == s.text and c.document_sha256 == s.document_sha256 for c, s in pairs) / len(case.stored)


def citation_recall(case: Case) -> float | None:
    """The share of the answer's statements that what they cite entails. Unscored without statements."""
    found = _alce(case)
    return None if found is None else found[0]


def citation_precision(case: Case) -> float | None:
    """The share of the answer's citations that their statement needs. Unscored without statements."""
    found = _alce(case)
    return None if found is None else found[1]


def span_recall(case: Case) -> float | None:
    """The share of an expected place's characters that the answer quotes: of the place that is quoted most.

    A list question's places are wanted together, those of one document, the one quoted most. Silence is 0. Unscored
    without expected places.
    """
    return _spans(case, lambda wanted, there, _: len(wanted & there) / len(wanted))


def span_f1(case: Case) -> float | None:
    """The harmonic mean of the precision and recall of quoted characters, in the document of the expected place.

    Quotes of other documents count against precision. Chosen and unscored as in `span_recall`.
    """
    return _spans(case, lambda wanted, there, quoted: 2 * len(wanted & there) / (len(wanted) + quoted))


def _spans(case: Case, measure: Callable[[Characters, Characters, int], float]) -> float | None:
    """The best `measure` of (an expected place, what is quoted of its document, how much is quoted in all)."""
    if case.answer is None or not case.question.answerable or not case.places:
        return None
    quoted: dict[str, Characters] = defaultdict(set)
    for citation in case.answer.citations:
        quoted[citation.document_id] |= set(range(citation.start, citation.end))
    total = sum(map(len, quoted.values()))
    return max(measure(wanted, quoted[document], total) for document, wanted in _wanted(case))


def _wanted(case: Case) -> Iterable[tuple[str, Characters]]:
    """The expected places, as (document id, offsets): each span, or a list's spans of each document together."""
    spans = [
        (document, set(range(span.start, span.end)))
        for document, span in zip(case.places, case.question.spans, strict=True)
    ]
    if LIST_TAG not in case.question.tags:
        return spans
    together: dict[str, Characters] = defaultdict(set)
    for document, offsets in spans:
        together[document] |= offsets
    return together.items()


def _alce(case: Case) -> tuple[float, float] | None:
    if case.observation is None:
        return None
    return recall_and_precision([Entailment(one.entailed, one.precise) for one in case.observation.statements])
