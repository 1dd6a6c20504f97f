"""What a judge replied, read strictly: exactly what was asked for, or no verdict at all.

The reply is one JSON object, alone or in a fenced block, or one word that is a verdict. A reply that says anything else
beside it is not searched for something that looks like a verdict: the graded text may have put it there.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal

Correctness = Literal["correct", "partly", "incorrect"]
Support = Literal["supported", "unsupported"]

CORRECTNESS: tuple[Correctness, ...] = ("correct", "partly", "incorrect")
"""Best first."""
SUPPORT: tuple[Support, ...] = ("supported", "unsupported")

MAX_REASON_CHARS = 300

_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"\A```(?:json)?[ \t]*\n(.*)\n```\Z", re.DOTALL)
_WORD = re.compile(r"\"?([a-z]+)\"?\.?", re.IGNORECASE)


def correctness(reply: str) -> tuple[Correctness, str] | None:
    """The verdict and its reason ("" where none is given); None for anything that is no such reply."""
    text = _bare(reply)
    word = _word(text)
    for known in CORRECTNESS:
        if word == known:
            return known, ""
    data = _object(text)
    if data is None or not {"verdict"} <= data.keys() <= {"verdict", "reason"}:
        return None
    reason = data.get("reason", "")
    if not isinstance(reason, str):
        return None
    for known in CORRECTNESS:
        if data["verdict"] == known:
            return known, " ".join(reason.split())[:MAX_REASON_CHARS]
    return None


def support(reply: str, count: int) -> tuple[Support, ...] | None:
    """The verdicts on statements 1 to `count`; None unless there is exactly one for each."""
    text = _bare(reply)
    word = _word(text)
    if count == 1 and word in SUPPORT:
        return ("supported" if word == "supported" else "unsupported",)
    data = _object(text)
    if data is None or data.keys() != {str(number) for number in range(1, count + 1)}:
        return None
    found: list[Support] = []
    for number in range(1, count + 1):
        said = data[str(number)]
        if said not in SUPPORT:
            return None
        found.append("supported" if said == "supported" else "unsupported")
    return tuple(found)


def _bare(reply: str) -> str:
    """The reply without the thoughts that some models write first, and without a fence around all of it."""
    text = _THOUGHTS.sub("", reply).strip()
    fenced = _FENCE.fullmatch(text)
    return fenced[1].strip() if fenced else text


def _word(text: str) -> str:
    said = _WORD.fullmatch(text)
    return said[1].lower() if said else ""


def _object(text: str) -> dict[str, Any] | None:
    try:
        data = json.loads(text, object_pairs_hook=_distinct)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are distinct: of two verdicts under one name none is the verdict."""
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError
    return data
