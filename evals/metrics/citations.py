"""Citations: are the quotes what the sources say, character for character?"""

from __future__ import annotations

from evals.cases import Case


def verbatim_rate(case: Case) -> float | None:
    """The share of the answer's citations whose quote is the stored text at its offsets; anything below 1 is a defect.

    The stored text must also be the version that the citation names (`document_sha256`). Unscored without citations.
    """
    if case.answer is None or not case.answer.citations:
        return None
    pairs = zip(case.answer.citations, case.stored, strict=True)
    return sum(c.quote == s.text and c.document_sha256 == s.document_sha256 for c, s in pairs) / len(case.stored)
