"""Who did it, or had it done to them: the names beside one verb in a statement and in its source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.grounding.findings import Finding
from rag.grounding.names.clauses import alike, deeds_of, same_name, shared, stretch, telling, written
from rag.grounding.names.mentions import Mention
from rag.grounding.names.parties import Role, roles_of
from rag.grounding.names.source import Read

_PRONOUNS = frozenset(["he", "she"])


def replaced_parties(said: Read, have: Read, ours: Sequence[Mention], others: Sequence[Mention]) -> list[Finding]:
    """The first name that did in the statement what another one did in the source, or had it done to it."""
    theirs = roles_of(have, others)
    mine = roles_of(said, ours)
    for role in mine:
        verb = said.tokens[role.verb].word
        places = [at for at, token in enumerate(have.tokens) if _one_deed(verb, token.word)]
        beside = {at: [one for one in theirs if one.verb == at] for at in places}
        if not places or not _told(said, role, have, ours, others, places):
            continue
        parties = [one for one in mine if one.verb == role.verb and one.name != role.name]
        finding = _turned(said, role, have, beside)
        if finding is None and _with_the_same(said, parties, have, others, places):
            finding = _replaced(said, role, have, ours, others, beside)
        if finding is not None:
            return [finding]
    return []


def _with_the_same(
    said: Read, parties: Sequence[Role], have: Read, others: Sequence[Mention], places: Sequence[int]
) -> bool:
    """Whether the source's deed is by or to the same others: what she did else is another deed."""
    for at in places:
        span = stretch(have, at, at + 1, 1)
        inside = [other for other in others if span.start <= other.first < span.stop]
        if any(token.word in _PRONOUNS for token in have.tokens[span.start : at]):
            inside += _meant(have, span.start, others)
        if any(not any(same_name(said, one.name, have, other) for other in inside) for one in parties):
            return False
    return True


def _meant(text: Read, at: int, names: Sequence[Mention]) -> list[Mention]:
    """Whom "he" or "she" at a place most likely means: the first person of the sentence before that has one."""
    while at > 0:
        end = stretch(text, at, at, 2).start
        at = stretch(text, end - 1, end - 1, 2).start if end else 0
        persons = [one for one in names if at <= one.first < end and not one.means]
        if persons:
            return persons[:1]
        if not end:
            break
    return []


def _turned(said: Read, role: Role, have: Read, beside: dict[int, list[Role]]) -> Finding | None:
    """Where the source always has the name on the other side of the verb."""
    if role.part == "either":
        return None
    turned = []
    for roles in beside.values():
        own = [one for one in roles if same_name(said, role.name, have, one.name)]
        if any(one.part in (role.part, "either") for one in own):
            return None
        if not own and not any(one.part == role.part for one in roles):
            return None
        turned += own
    if not turned:
        return None
    first, last = min(turned[0].verb, turned[0].name.first), max(turned[0].verb + 1, turned[0].name.last)
    return Finding("name", written(said, role.name), have.text[have.tokens[first].start : have.tokens[last - 1].end])


def _replaced(
    said: Read,
    role: Role,
    have: Read,
    ours: Sequence[Mention],
    others: Sequence[Mention],
    beside: dict[int, list[Role]],
) -> Finding | None:
    """Where the source always has another name of its kind in its place, and this one elsewhere."""
    rivals = []
    for at, roles in beside.items():
        fits = [one for one in roles if _may_be(role, one) and _kind(one.name) == _kind(role.name)]
        span = stretch(have, at, at + 1, 1)
        inside = [other for other in others if span.start <= other.first < span.stop]
        if role.part == "agent" and fits and fits[0].part == "agent":
            inside = [other for other in inside if other.first < at]  # what comes after the verb did not do it
        if not fits or any(same_name(said, role.name, have, other) for other in inside):
            return None
        rivals.append(fits[0])
    if any(same_name(said, mine, have, one.name) for mine in ours for one in rivals):
        return None
    if not any(same_name(said, role.name, have, other) for other in others):
        return None
    return Finding("name", written(said, role.name), written(have, rivals[0].name))


def _told(
    said: Read, role: Role, have: Read, ours: Sequence[Mention], others: Sequence[Mention], places: Sequence[int]
) -> bool:
    """Whether the source tells more of what the statement tells than the verb: in its clause, or its sentence."""
    verb = said.tokens[role.verb].word
    for at in places:
        for strength, enough in ((1, 1), (2, 2)):
            span, where = (stretch(text, one, one + 1, strength) for text, one in ((said, role.verb), (have, at)))
            words = [word for word in telling(said, span, ours) if word != verb]
            about = shared(words, [word for word in telling(have, where, others) if not _one_deed(verb, word)])
            mine = [one for one in ours if one != role.name and span.start <= one.first < span.stop]
            about += sum(
                any(same_name(said, one, have, other) for other in others if where.start <= other.first < where.stop)
                for one in mine
            )
            if about >= enough:
                return True
    return False


@lru_cache(1 << 15)
def _one_deed(verb: str, other: str) -> bool:
    deeds, nouns = deeds_of()
    if other in nouns:
        return False
    return verb == other or not deeds.get(verb, frozenset()).isdisjoint(deeds.get(other, ())) or alike(verb, other)


def _may_be(role: Role, other: Role) -> bool:
    return role.part == other.part or "either" in (role.part, other.part)


def _kind(name: Mention) -> str:
    return "nation" if name.means and name.kind == "place" else "organisation" if name.means else "person"
