"""What a sentence says otherwise than a claim of its body, of a vote, or of all: causes beside the checks."""

from __future__ import annotations

from collections.abc import Sequence

from rag.claims.bodies import as_finding, other_body
from rag.claims.rivals import Claimed
from rag.claims.universal import overstated
from rag.claims.votes import voted_otherwise
from rag.grounding.findings import Finding, Source
from rag.grounding.wording import read


def said_otherwise(
    claim: Claimed, alone: Source, findings: Sequence[Finding]
) -> tuple[list[tuple[Finding, str | None]], list[Finding]]:
    """What a sentence says otherwise of a body, a vote, or of all; and the other findings, that are not of these."""
    kept, found = [*findings], list[tuple[Finding, str | None]]()
    if (body := other_body(claim, alone)) is not None:
        mine, theirs = as_finding(body, claim, alone)
        found.append((mine, theirs))
        kept = [one for one in kept if not _touches(mine.said, one.said) and not _touches(theirs, one.instead)]
    elif (vote := voted_otherwise(claim, alone)) is not None:
        finding, instead, who = vote
        found.append((finding, instead))
        kept = [one for one in kept if one.kind != "negation" and not _touches(who.text, one.said)]
    elif (over := overstated(claim, alone)) is not None and over[1] is not None:
        found.append(over)
        kept = [one for one in kept if one.kind != "negation"]
    return found, kept


def _touches(one: str, other: str) -> bool:
    """Whether two stretches of text have words in common that say something."""
    mine, theirs = ({token.folded for token in read(text) if token.content} for text in (one, other))
    return not mine.isdisjoint(theirs)
