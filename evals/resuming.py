"""Going on with a run that was cut off: what was asked already is kept, if it is the same run.

A run's folder holds `run.json`, written before the first question: what is asked, of what, and how. A folder with cases
and no summary was cut off; when its `run.json` says the same as the run that begins there, its cases are taken over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import CASES_FILE, SUMMARY_FILE, Case
from rag.types import DocumentSummary

RUN_FILE = "run.json"


def corpus_digest(documents: Iterable[DocumentSummary]) -> str:
    """SHA-256 (hex) of what the documents are: their ids, metadata and the digests of their texts, in no order."""
    rows = sorted(json.dumps(one.to_json(), sort_keys=True, ensure_ascii=True) for one in documents)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def kept_cases(out: Path, identity: Mapping[str, Any], prepared: Sequence[Case]) -> list[Case]:
    """The cases that a run cut off in `out` has answered, a prefix of `prepared`; none where it was another run.

    A last line that is only half there, and what the engine failed on, are asked again.
    """
    if (out / SUMMARY_FILE).exists():
        return []
    try:
        if json.loads((out / RUN_FILE).read_text(encoding="utf-8")) != json.loads(json.dumps(identity)):
            return []
        lines = (out / CASES_FILE).read_bytes().split(b"\n")
    except (OSError, ValueError):
        return []
    kept: list[Case] = []
    for line, case in zip(lines, prepared, strict=False):
        try:
            found = Case.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            break
        if found.question != case.question or found.expected != case.expected or found.status == "failed":
            break
        if found.status != "asked" and found.status != case.status:
            break
        kept.append(found)
    return kept
