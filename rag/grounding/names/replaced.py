"""Names of a statement that stand elsewhere in its source, where the source has another name in their place.

Three kinds of places are compared: whose something is, where or to whom, and who did it by a verb or had it done to
them. There is a finding only where the source says the same of another name of the same kind, which the statement
leaves out, and not of the statement's.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.findings import Finding
from rag.grounding.names.clauses import after_heads, with_shared
from rag.grounding.names.deeds import replaced_parties
from rag.grounding.names.holders import changed_holders
from rag.grounding.names.mentions import Mention
from rag.grounding.names.places import other_places, other_sides
from rag.grounding.names.source import Read


def replaced_names(said: Read, have: Read, mentions: Sequence[Mention], theirs: Sequence[Mention]) -> list[Finding]:
    """The first name of the statement in whose place the source has another, if any."""
    ours = with_shared(said, mentions, have, theirs)
    others = after_heads(have, with_shared(have, theirs, said, ours))
    ours = after_heads(said, with_shared(said, ours, have, others))
    for check in (changed_holders, other_sides, other_places, replaced_parties):
        if found := check(said, have, ours, others):
            return found
    return []
