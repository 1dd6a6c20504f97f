"""A run for other people's tools: JSONL with the fields of Ragas' `SingleTurnSample` (https://docs.ragas.io).

`user_input` is the question, after those asked before it; `response` what was answered, without markers and without the
product's own words around quotes; `retrieved_contexts` the passages that the answer had, best first, and
`retrieved_context_ids` the first documents of the ranking that retrieval is measured by; `reference` and
`reference_contexts` are of the question set. What is not known is left out. Ragas ignores our own keys: the case's
`id`, `direction`, `status`, the `quotes` of the answer, all `references`, and our `scores`, by which figures are told
side by side.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.errors import EvaluationError
from evals.metrics.retrieval import ranked_documents
from evals.question_set import LIST_TAG, Question
from evals.run_folder import RunFolder, ScoredCase
from evals.whole_files import write_whole
from rag.types import Answer

RANKED = 10
"""Documents of the ranking in `retrieved_context_ids`; its first k are what R@k counts."""

_ARABIC = re.compile("[\u0600-\u06ff]")


def export_ragas(run: RunFolder, out: Path) -> int:
    """Writes a line for each case that was asked; how many. Raises EvaluationError."""
    rows = list(ragas_rows(run))
    if not rows:
        raise EvaluationError(f"No case of {run.path} was asked.", "Run the question set again.")
    try:
        write_whole(out, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    except OSError as error:
        raise EvaluationError(f"{out} cannot be written: {error.strerror}.", "Name another file.") from None
    return len(rows)


def ragas_rows(run: RunFolder) -> Iterator[Mapping[str, Any]]:
    """A sample of every case that was asked, in the order of the set."""
    for scored in run.cases:
        if scored.case.answer is not None:
            yield _row(scored, scored.case.answer)


def _row(scored: ScoredCase, answer: Answer) -> Mapping[str, Any]:
    case, question = scored.case, scored.case.question
    ranked = sorted(answer.passages, key=lambda passage: passage.rank)
    row = {
        "user_input": "\n".join([*question.turns, question.question]),
        "response": _response(answer),
        "retrieved_contexts": [one.passage.text for one in ranked],
        "retrieved_context_ids": list(case.ranking or ranked_documents(answer.passages))[:RANKED],
        "reference": _reference(question),
        "reference_contexts": [span.quote for span in question.spans if span.quote],
        "reference_context_ids": list(case.expected) if question.answerable else [],
        "id": question.id,
        "direction": case.direction,
        "status": answer.status,
        "quotes": [one.quote for one in sorted(answer.citations, key=lambda citation: citation.number)],
        "references": list(question.answers),
        "scores": {name: value for name, value in scored.scores.items() if value is not None},
    }
    return {key: value for key, value in row.items() if value not in (None, [])}


def _response(answer: Answer) -> str:
    if answer.status == "not_found":
        return answer.text
    return "\n".join(statement.text.strip() for statement in answer.statements)


def _reference(question: Question) -> str | None:
    """One text, since Ragas has no alternatives: the first of them, in the question's script where one is given in it.

    A list is its items in that script, a line each.
    """
    answers = [one for one in question.answers if one.strip()] if question.answerable else []
    own = [one for one in answers if bool(_ARABIC.search(one)) == (question.language == "ar")]
    chosen = own or answers
    if not chosen:
        return None
    return "\n".join(chosen) if LIST_TAG in question.tags else chosen[0]
