"""DeepEval goldens (https://deepeval.com/docs/evaluation-datasets): the JSON, JSONL and CSV of its `save_as`.

{input, expected_output, context: […], source_file, comments, …}; in CSV the contexts are joined by `|`. What a system
said or retrieved (`actual_output`, `retrieval_context`) is no reference. Without a folder for the contexts, the stem of
`source_file` is the document's name. Goldens of simulated conversations hold no question, and are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath

from evals.importers.contexts import Referred, draft
from evals.importers.draft import Draft
from evals.importers.records import Problems, listed, read_records
from evals.question_set import TABLE_SUFFIXES

CONVERSATIONS = "goldens of simulated conversations, which hold no question"


def read(sources: Sequence[Path], language: str | None, contexts: bool) -> Draft:
    """Raises QuestionSetError, naming the record, for a missing input or a field of a wrong type."""
    found = []
    left_out: Counter[str] = Counter()
    for source in sources:
        problems = Problems(source)
        for record in read_records(source, "goldens", "test_cases", "testCases", "data"):
            data = dict(record.data)
            if data.get("scenario") and not data.get("input"):
                left_out[CONVERSATIONS] += 1
                continue
            if source.suffix.lower() in TABLE_SUFFIXES and data.get("context"):
                cell = data["context"]
                data["context"] = listed(cell) if cell.startswith("[") else cell.split("|")
            question = problems.text(record.place, data, "input", required=True)
            answer = problems.text(record.place, data, "expected_output", "expectedOutput")
            file = problems.text(record.place, data, "source_file", "sourceFile")
            texts = problems.texts(record.place, data, "context")
            comments = problems.text(record.place, data, "comments")
            if question is not None:
                found.append(
                    Referred(
                        source=source,
                        place=record.place,
                        id=None,
                        question=question,
                        answers=(answer,) if answer else (),
                        contexts=tuple(texts),
                        sources=(PureWindowsPath(file).stem,) if file else (),
                        notes=comments,
                    )
                )
        problems.finish()
    made = draft(found, language, contexts)
    return Draft(made.questions, made.documents, {**made.left_out, **left_out})
