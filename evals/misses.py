"""What counts as wrong in one case, so that every form of a report says the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from evals.run_folder import ScoredCase

Miss = Literal["false_answer", "false_silence", "document_missed", "reference_missed", "not_verbatim", "unsupported"]
Outcome = Literal["right", "wrong", "failed", "skipped"]

DESCRIPTIONS: Mapping[Miss, str] = {
    "false_answer": "answered, though the documents do not answer it",
    "false_silence": "silent, though the documents answer it",
    "document_missed": "no expected document among the first five",
    "reference_missed": "no quote has the expected answer, or a list lacks an item",
    "not_verbatim": "a quote is not what its source says",
    "unsupported": "a statement is shown that its sources do not support",
}


def misses(scores: Mapping[str, float | None]) -> tuple[Miss, ...]:
    """What a case got wrong, by its scores; what is unscored is never wrong."""

    def scored(name: str, neutral: float) -> float:
        value = scores.get(name)
        return neutral if value is None else value

    found: dict[Miss, bool] = {
        "false_answer": scored("false_answers", 0) > 0,
        "false_silence": scored("false_silences", 0) > 0,
        "document_missed": scored("Success@5", 1) < 1,
        "reference_missed": not scored("false_silences", 0)
        and min(scored("contained", 1), scored("list_completeness", 1)) < 1,
        "not_verbatim": scored("verbatim_rate", 1) < 1,
        "unsupported": scored("unsupported", 0) > 0,
    }
    return tuple(miss for miss, happened in found.items() if happened)


def outcome(scored: ScoredCase) -> Outcome:
    """What became of a case. "failed": the engine raised; "skipped": not asked, or nothing of it could be scored."""
    if scored.case.status == "failed":
        return "failed"
    if scored.case.status == "invalid" or all(value is None for value in scored.scores.values()):
        return "skipped"
    return "wrong" if misses(scored.scores) else "right"
