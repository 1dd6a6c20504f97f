"""Who else a sentence names beside the one that a claim has alone."""

from __future__ import annotations

from collections.abc import Sequence

from rag.claims.rivals import Claimed
from rag.grounding.findings import Source
from rag.grounding.names.check import Name, names
from rag.grounding.wording import Token


def others_too(
    claim: Claimed, stated: Sequence[Token], at: int, sentence: Source, there: Sequence[Token]
) -> str | None:
    """The names that the sentence has beside the one that the claim has alone: Malta and Cyprus, for "only Malta".

    The claim has its "only" `at` a place of its words.
    """
    mine = names(claim.text, claim.language)
    beside = [
        name for name in mine
        if any(name.start <= token.start < name.end for token in stated[max(0, at - 3) : at + 3])
    ]  # fmt: skip
    theirs = names(sentence.text, sentence.language)
    for name in beside:
        for number, same in enumerate(theirs):
            if not _alike(name, same):
                continue
            for other in (*theirs[max(0, number - 1) : number], *theirs[number + 1 : number + 2]):
                start, end = min(same.start, other.start), max(same.end, other.end)
                joined = _joined(there, min(same.end, other.end), max(same.start, other.start), other, same)
                if joined and not any(_alike(own, other) for own in mine):
                    return sentence.text[start:end]
    return None


def _alike(one: Name, other: Name) -> bool:
    return not one.means.isdisjoint(other.means) or one.text == other.text


def _joined(tokens: Sequence[Token], end: int, start: int, one: Name, other: Name) -> bool:
    """Whether nothing but "and" or a comma stands between two names of one kind."""
    between = [token.folded for token in tokens if end <= token.start < start]
    return one.kind == other.kind and len(between) <= 2 and set(between) <= {"and", "و", ",", "،"}
