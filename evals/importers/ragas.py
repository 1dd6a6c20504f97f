"""Ragas test sets and data sets (https://docs.ragas.io): JSON, JSONL and CSV, as its exports and pandas write them.

Since version 0.2 {user_input, reference, reference_contexts, synthesizer_name, …}; before it {question, ground_truth or
ground_truths, contexts, evolution_type, …}. `contexts` are what the test set was made from only beside
`evolution_type`: elsewhere they are what some system retrieved, and no reference. A `user_input` of several messages is
a conversation: what people said before the last of it are the turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.importers.contexts import Referred, draft
from evals.importers.draft import Draft
from evals.importers.records import Problems, listed, read_records
from evals.question_set import TABLE_SUFFIXES

_LISTS = ("reference_contexts", "ground_truths", "contexts")
_PEOPLE = frozenset(("human", "user"))


def read(sources: Sequence[Path], language: str | None, contexts: bool) -> Draft:
    """Raises QuestionSetError, naming the record, for a missing question or a field of a wrong type."""
    found = []
    for source in sources:
        problems = Problems(source)
        for record in read_records(source, "samples", "data", "examples", "dataset"):
            data = dict(record.data)
            if isinstance(data.get("eval_sample"), dict):
                data |= data["eval_sample"]
            if source.suffix.lower() in TABLE_SUFFIXES:
                data |= {name: listed(data[name]) for name in _LISTS if data.get(name)}
            question, turns = _asked(problems, record.place, data)
            if question is None:
                continue
            made_from = ("reference_contexts", *(["contexts"] if "evolution_type" in data else []))
            kind = problems.text(record.place, data, "synthesizer_name", "evolution_type")
            answers = problems.texts(record.place, data, "reference", "ground_truth", "ground_truths")
            found.append(
                Referred(
                    source=source,
                    place=record.place,
                    id=problems.text(record.place, data, "id", "question_id"),
                    question=question,
                    answers=tuple(dict.fromkeys(answer.strip() for answer in answers)),
                    contexts=tuple(problems.texts(record.place, data, *made_from)),
                    turns=turns,
                    tags=(kind,) if kind else (),
                )
            )
        problems.finish()
    return draft(found, language, contexts)


def _asked(problems: Problems, place: str, data: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    messages = data.get("user_input")
    if not isinstance(messages, list):
        return problems.text(place, data, "user_input", "question", required=True), ()
    said = []
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("content"), str):
            problems.add(place, "'user_input' should be text, or messages with 'content'")
            return None, ()
        if str(message.get("type", message.get("role", "human"))).lower() in _PEOPLE and message["content"].strip():
            said.append(message["content"].strip())
    if not said:
        problems.add(place, "the field 'user_input' holds no message of a person")
        return None, ()
    return said[-1], tuple(said[:-1])
