"""Which kind of "unclear" it is: what keeps the best of the sentences that were found from deciding on a claim."""

from __future__ import annotations

from collections.abc import Sequence

from rag.claims.reading import Reading
from rag.claims.verdicts import Stance, Unclear

_MISSING = frozenset(("number", "date", "name", "word"))
"""Kinds of findings that leave out a part of a claim, and turn nothing round."""


def kind_of(read: Sequence[tuple[Reading, Stance]]) -> Unclear:
    """Of the readings that an unclear verdict on a sentence rests on, best first: why it is not clear."""
    if len({stance for _, stance in read}) > 1:
        return "both"
    kinds = [_kind(reading) for reading, _ in read]
    return next((kind for kind in kinds if kind in ("attributed", "denied")), kinds[0])


def _kind(reading: Reading) -> Unclear:
    if any(doubt.form == "denial" for doubt in reading.doubts):
        return "denied"
    if reading.apart:
        return "near"
    if reading.faults:
        return "part" if all(finding.kind in _MISSING for finding, _ in reading.faults) else "near"
    if reading.lacking or reading.overstated or any(doubt.form == "speaker" for doubt in reading.doubts):
        return "part"
    return "attributed" if reading.attributed else "near"
