"""The cases of a run as the JSON that a report's page holds, safe inside a `<script>` element."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evals.cases import Case
from evals.misses import misses, outcome
from evals.run_folder import RunFolder, ScoredCase
from rag.types import Citation

RANKED = 10
"""Documents of the ranking that the page shows for a case."""

# What could end the element or the line in any reader, and what UTF-8 cannot carry.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def script_json(value: Any) -> str:
    """`value` as JSON that may stand in a `<script>` element: no `<`, `>`, `&` or line separator is left as itself."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def case_rows(run: RunFolder) -> list[dict[str, Any]]:
    """One object a case, what is empty left out: the page's script reads these keys."""
    return [_row(scored) for scored in run.cases]


def document_names(run: RunFolder) -> dict[str, dict[str, str]]:
    """Title and source by document id, of every document that an answer cited or found."""
    names: dict[str, dict[str, str]] = {}
    for scored in run.cases:
        answer = scored.case.answer
        if answer is None:
            continue
        for passage in answer.passages:
            names[passage.passage.document_id] = _name(passage.passage.title, passage.passage.source)
        for citation in answer.citations:
            names[citation.document_id] = _name(citation.title, citation.source)
    return names


def _name(title: str, source: str) -> dict[str, str]:
    return {"title": title or source, "source": source}


def status_of(case: Case) -> str:
    """What became of a case: "answered", "not_found", "failed" or "invalid"."""
    return case.answer.status if case.answer is not None else case.status


def _row(scored: ScoredCase) -> dict[str, Any]:
    case, question, answer = scored.case, scored.case.question, scored.case.answer
    row: dict[str, Any] = {
        "id": question.id,
        "question": question.question,
        "direction": case.direction,
        "status": status_of(case),
        "outcome": outcome(scored),
        "misses": list(misses(scored.scores)),
        "answerable": question.answerable,
        "tags": list(question.tags),
        "turns": list(question.turns),
        "answers": list(question.answers),
        "documents": list(question.documents),
        "expected": list(case.expected),
        "spans": [
            {"document": span.document, "start": span.start, "end": span.end, "quote": span.quote}
            for span in question.spans
        ],
        "notes": question.notes,
        "error": case.error,
        "elapsed": None if case.elapsed_ms is None else round(case.elapsed_ms, 1),
        "first": None if case.first_token_ms is None else round(case.first_token_ms, 1),
        "ranking": list(case.ranking[:RANKED]),
        "scores": {name: round(value, 4) for name, value in scored.scores.items() if value is not None},
    }
    if answer is not None:
        stored = case.stored if len(case.stored) == len(answer.citations) else (None,) * len(answer.citations)
        row |= {
            "probability": answer.answerable_probability,
            "standalone": answer.standalone_question,
            "frame": [] if answer.frame is None else [answer.frame.before, answer.frame.after],
            "citations": [
                _citation(citation, None if kept is None else (kept.text, kept.document_sha256))
                for citation, kept in zip(answer.citations, stored, strict=True)
            ],
            # In quotes mode a statement is its quote, shown already: only what adds something is repeated.
            "statements": [
                statement.to_json()
                for statement in answer.statements
                if answer.mode == "llm" or statement.support != "quoted" or statement.reasons
            ],
            "removed": [statement.to_json() for statement in answer.removed],
            "notices": [notice.text for notice in answer.notices],
            "disagreements": [
                [{"text": value.text, "citations": list(value.citations)} for value in one.values]
                for one in answer.disagreements
            ],
        }
    return _filled(row)


def _citation(citation: Citation, stored: tuple[str, str] | None) -> dict[str, Any]:
    row = citation.to_json()
    del row["document_sha256"]
    row["verbatim"] = None if stored is None else stored == (citation.quote, citation.document_sha256)
    if stored is not None and stored[0] != citation.quote:
        row["stored"] = stored[0]
    return _filled(row)


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None and value != []}


def choices(cases: Iterable[Case]) -> dict[str, Sequence[str]]:
    """What the page can filter by: every direction, tag and status that occurs."""
    cases = tuple(cases)
    return {
        "directions": sorted({case.direction for case in cases}),
        "tags": sorted({tag for case in cases for tag in case.question.tags}),
        "statuses": sorted({status_of(case) for case in cases}),
    }
