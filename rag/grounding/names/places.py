"""Where it was, and to whom it went: names after a preposition, in a statement and in its source.

What a clause of the statement tells of its place is looked for around the places of the source. There is a finding
where it stands by another place of the source, which the statement leaves out, clearly more than by the statement's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.analysis import is_stop_word
from rag.grounding.findings import Finding
from rag.grounding.names.arabic import is_place_head
from rag.grounding.names.clauses import alike, same_name, shared, stretch, telling, written
from rag.grounding.names.gazetteer import load_lists
from rag.grounding.names.mentions import Mention
from rag.grounding.names.source import Read

_IN = frozenset("in at near inside outside في قرب داخل عند".split())
_TO = frozenset("to الي".split())
_ENGLISH_HEADS = frozenset("the city town village region district of province state port island".split())
_MARGIN = 2
_PARTY = 3
"""What a name that the clauses share counts, where a word counts 1."""
_SIDES = {
    form: side
    for side, forms in (
        ("north", "north northern شمال شمالي"),
        ("south", "south southern جنوب جنوبي"),
        ("east", "east eastern شرق شرقي"),
        ("west", "west western غرب غربي"),
    )
    for form in forms.split()
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A name after a preposition, "in" or "to"; `at` is the first word of the phrase."""

    relation: str
    name: Mention
    at: int


class Around(NamedTuple):
    """What tells of a place in its clause: words, other names, and the words just before it, the nearest first."""

    words: list[str]
    parties: list[Mention]
    before: tuple[str, ...]


def other_places(said: Read, have: Read, ours: Sequence[Mention], others: Sequence[Mention]) -> list[Finding]:
    """The first name after a preposition in whose place the source has another, if any."""
    mine, theirs = slots(said, ours), slots(have, others)
    for slot in mine:
        rivals = [
            other
            for other in theirs
            if other.relation == slot.relation
            and bool(other.name.means) == bool(slot.name.means)
            and not same_name(said, slot.name, have, other.name)
            and not any(_identical(said, one, have, other.name) for one in ours)
        ]
        if not rivals:
            continue
        own = [other for other in others if same_name(said, slot.name, have, other)]
        for strength in (1, 2):
            context = around(said, slot.name, slot.at, mine, ours, strength)
            mine_told = [_told(said, context, have, one, theirs, others, strength) for one in own]
            for rival in rivals:
                told = _told(said, context, have, rival.name, theirs, others, strength)
                # "she died in Paris": who it was is told elsewhere, and does not count for either
                names = _PARTY if told.names else 0
                best = max((one.words + names * one.parties for one in mine_told), default=0)
                if told.near and told.words + names * told.parties >= best + _MARGIN + strength - 1:
                    return [Finding("name", written(said, slot.name), written(have, rival.name))]
            if any(one.near for one in mine_told):
                break  # the source tells of this place in much the same words
    return []


def _identical(said: Read, one: Mention, have: Read, other: Mention) -> bool:
    """Whether two mentions name the same itself: Syria names Damascus as well, but is not it."""
    if one.means and other.means:
        return not one.means.isdisjoint(other.means)
    return same_name(said, one, have, other)


def around(
    text: Read, name: Mention, at: int, places: Sequence[Slot], names: Sequence[Mention], strength: int
) -> Around:
    """What tells of a name in its clause (`strength` 1) or sentence (2), up to the next places in it."""
    clause = stretch(text, at, name.last, strength)
    start = max((one.name.last for one in places if clause.start < one.name.last <= at), default=clause.start)
    end = min((one.at for one in places if name.last <= one.at < clause.stop), default=clause.stop)
    parties = [one for one in names if start <= one.first and one.last <= end and one != name]
    inside = {i for one in parties for i in range(one.first, one.last)}
    before = [
        text.tokens[i].word
        for i in range(at - 1, start - 1, -1)
        if i not in inside and not is_stop_word(text.tokens[i].word) and not is_place_head(text.tokens[i].word)
    ]
    return Around(telling(text, range(start, end), names), parties, (*before[:4], *before[-1:]))


class Told(NamedTuple):
    """What of a place's context is told of another name: words, names, what stands near; whether it has any names."""

    words: int
    parties: int
    near: bool
    names: bool


def _told(
    said: Read,
    context: Around,
    have: Read,
    name: Mention,
    places: Sequence[Slot],
    names: Sequence[Mention],
    strength: int,
) -> Told:
    at = next((slot.at for slot in places if slot.name == name), name.first)
    theirs = around(have, name, at, places, names, strength)
    met = [[other for other in theirs.parties if same_name(said, party, have, other)] for party in context.parties]
    near = any(alike(one, other) for one in context.before for other in theirs.before)
    near = near or any(other.last >= at - 3 for found in met for other in found)
    return Told(shared(context.words, theirs.words), sum(map(bool, met)), near, bool(theirs.parties))


def slots(text: Read, names: Sequence[Mention]) -> list[Slot]:
    """The names of a text that stand after a preposition of place or direction."""
    words = text.tokens
    found = []
    for name in names:
        first = words[name.first]
        if first.arabic and name.means and first.word[0] in "بل" and first.word not in load_lists().forms:
            found.append(Slot("in" if first.word[0] == "ب" else "to", name, name.first))
            continue
        for at in range(name.first - 1, max(-1, name.first - 4), -1):
            word = words[at].word
            if words[at + 1].gap.strip(' «“"'):
                break
            bare = word[1:] if word[0] in "وف" and (word[1:] in _IN or word[1:] in _TO) else word
            if bare in _IN or bare in _TO:
                found.append(Slot("in" if bare in _IN else "to", name, at))
                break
            if not (is_place_head(word) or word in _ENGLISH_HEADS):
                break
    return found


def other_sides(said: Read, have: Read, ours: Sequence[Mention], others: Sequence[Mention]) -> list[Finding]:
    """The north of a place where the source only tells of its south."""
    told = {_SIDES.get(word) for token in have.tokens for word in (token.word, token.word.removeprefix("ال"))}
    for name in ours:
        side = _side(said, name) if name.means else None
        if side is None or side in told:
            continue
        if any(_side(have, other) for other in others if same_name(said, name, have, other)):
            before = said.tokens[name.first - 1]
            return [Finding("name", said.text[before.start : said.tokens[name.last - 1].end])]
    return []


def _side(text: Read, name: Mention) -> str | None:
    if not name.first or text.tokens[name.first].gap != " ":
        return None
    word = text.tokens[name.first - 1].word
    return _SIDES.get(word) or (_SIDES.get(word[1:]) if word[0] in "وبل" else None)
