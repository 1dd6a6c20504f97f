"""Retrieval: were the right documents found, and how high?

Documents are ranked by their best passage; k counts distinct documents. The measures are those of ir-measures, under
its names and computed by it: https://ir-measur.es/en/latest/measures.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from types import MappingProxyType

from evals.cases import Case
from evals.errors import EvaluationError
from rag.types import ScoredPassage

MEASURES = ("R@1", "R@5", "R@10", "nDCG@10", "RR")
"""What a ranking is judged by. RR looks as deep as the ranking goes."""


def check_available() -> None:
    """Raises EvaluationError where ir-measures is not installed: it has no wheel for Linux on other than x86-64."""
    if find_spec("ir_measures") is None:
        raise EvaluationError(
            "Retrieval is measured with ir-measures, which is not installed here.",
            "Run `pip install ir-measures`; without a wheel for this machine it needs a C compiler.",
        )


def ranked_documents(passages: Iterable[ScoredPassage]) -> list[str]:
    """Distinct document ids in the order of each one's best-ranked passage."""
    ordered = sorted(passages, key=lambda passage: passage.rank)
    return list(dict.fromkeys(one for p in ordered for one in (p.passage.document_id, *p.also_in)))


def ranks_of(ranking: Sequence[str], relevant: Collection[str]) -> tuple[int, ...]:
    """The ranks, from 1, of the `relevant` documents that stand in `ranking` (distinct documents, best first)."""
    wanted = set(relevant)
    return tuple(rank for rank, document in enumerate(ranking, start=1) if document in wanted)


@lru_cache(maxsize=4096)
def measured_at(ranks: tuple[int, ...], relevant: int, names: tuple[str, ...] = MEASURES) -> Mapping[str, float]:
    """The measures `names` of one ranking in which `relevant` documents are right and those found stand at `ranks`.

    What else is in the ranking changes none of them. Raises ValueError unless 1 or more are relevant and `ranks` are
    distinct, from 1, and no more than `relevant`.
    """
    if relevant < 1 or len(ranks) > relevant or len(set(ranks)) < len(ranks) or any(rank < 1 for rank in ranks):
        raise ValueError(f"{relevant} relevant documents cannot stand at the ranks {ranks}.")
    import ir_measures  # here, because reading a run needs none of it

    right = [f"right {rank}" for rank in sorted(ranks)] + [f"missed {n}" for n in range(relevant - len(ranks))]
    found = dict(zip(sorted(ranks), right, strict=False))
    # Scores fall with the rank, and never tie: trec_eval would break ties by the document's name.
    run = {found.get(rank, f"wrong {rank}"): -float(rank) for rank in range(1, max(ranks, default=0) + 1)}
    measures = {name: ir_measures.parse_measure(name) for name in names}
    values = ir_measures.calc_aggregate(list(measures.values()), {"q": dict.fromkeys(right, 1)}, {"q": run})
    return MappingProxyType({name: float(values[measure]) for name, measure in measures.items()})


def retrieval_measure(case: Case, name: str) -> float | None:
    """The measure `name` of ir-measures over the documents of `case`; unscored without expected documents.

    `R@k` is the share of the expected documents among the first k, `Success@k` whether any is: where several documents
    answer a question by themselves, `Success@k` says whether it can be answered. A run that recorded no ranking is
    judged by the passages of its answers.
    """
    if case.answer is None or not case.question.answerable or not case.expected:
        return None
    ranking = case.ranking or ranked_documents(case.answer.passages)
    return measured_at(ranks_of(ranking, case.expected), len(set(case.expected)), (name,))[name]
