"""Which format a file is in, told by what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.errors import EvaluationError
from evals.importers.records import read_json, read_records
from evals.question_set import TABLE_SUFFIXES

_RAGAS = frozenset(("user_input", "ground_truth", "ground_truths", "reference_contexts", "eval_sample"))
_DEEPEVAL = frozenset(("expected_output", "actual_output", "retrieval_context", "source_file", "scenario"))


def guess(sources: Sequence[Path]) -> str:
    """The name of the format of the first source. Raises EvaluationError where it cannot be told."""
    first = sources[0]
    names = [source.name.lower() for source in sources]
    if first.is_dir() or any("qrel" in name for name in names):
        return "beir"
    data: Any = None
    if first.suffix.lower() == ".json":
        data = read_json(first)
        listed = data.get("data") if isinstance(data, dict) else data
        if isinstance(listed, list) and any(isinstance(one, dict) and "paragraphs" in one for one in listed):
            return "squad"
    records = read_records(first, "data", "samples", "goldens", "test_cases")
    keys: Mapping[str, Any] = records[0].data if records else {}
    if first.suffix.lower() in TABLE_SUFFIXES:
        keys = {key: value for record in records for key, value in record.data.items()}
    if "context" in keys and isinstance(keys.get("answers"), dict | list):
        return "squad"
    if keys.keys() & _RAGAS:
        return "ragas"
    if "input" in keys or keys.keys() & _DEEPEVAL:
        return "deepeval"
    if "rating" in keys or ("question" in keys and isinstance(keys.get("answer"), dict)):
        return "feedback"
    if first.suffix.lower() in TABLE_SUFFIXES:
        return "table"
    raise EvaluationError(f"The format of {first} cannot be told.", "Name it instead of auto.")
