"""Opposites and quantities of a statement against those of a sentence that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.opposites import EXCLUDING, End, converse, ends_of, loose, quantity
from rag.grounding.sides import Side, toned
from rag.grounding.wording import Bearing, sentences_of

_OF_NUMBERS = frozenset(("least", "most-of", "exact"))


def opposed(statement: Side, source: Side, elsewhere: frozenset[End]) -> tuple[int, int] | None:
    """A word of the statement whose opposite alone the source has about the same thing: places in both."""
    theirs: dict[str, list[tuple[int, int]]] = {}
    for at, token in enumerate(source.tokens):
        if token.stem:
            for end in ends_of(token.folded):
                theirs.setdefault(end.axis, []).append((at, end.sign * (-1) ** source.negated(at)))
    mine = {
        (end.axis, end.sign * (-1) ** statement.negated(at))
        for at, token in enumerate(statement.tokens)
        if token.stem
        for end in ends_of(token.folded)
    }
    for at, token in enumerate(statement.tokens):
        if not token.stem or not theirs:
            continue
        ends = ends_of(token.folded)
        for end in ends:
            if len({one.sign for one in ends if one.axis == end.axis}) > 1:
                break
            sign = end.sign * (-1) ** statement.negated(at)
            places = theirs.get(end.axis, [])
            if not places or End(end.axis, sign) in elsewhere or (end.axis, -sign) in mine:
                continue
            near = _near(statement, source, at, [place for place, _ in places], loose(end.axis))
            if not near or any(partner in near for partner in statement.partners.get(at, ())):
                continue
            signs = {found for place, found in places if place in near}
            if signs != {-sign} or any(found == sign for place, found in places if not near):
                continue
            if loose(end.axis) or not any(found == sign for _, found in places) or len(near) == 1:
                if converse(end.axis) and not _same_subject(statement, source, at, near[0]):
                    continue
                if source.negations and len(source.negations) != len(statement.negations):
                    continue
                return at, near[0]
    return None


def ends_elsewhere(source: str, bearing: Bearing) -> frozenset[End]:
    """The ends of axes that the source's other sentences have."""
    return frozenset(
        end
        for sentence in sentences_of(source)
        if sentence.number != bearing.sentence.number and abs(sentence.number - bearing.sentence.number) <= 1
        for token in sentence.tokens
        if token.stem
        for end in ends_of(token.folded)
    )


def _near(statement: Side, source: Side, at: int, places: Sequence[int], close: bool) -> list[int]:
    """Those of a source's words that stand by the same words as the statement's does; the nearest first."""
    clause = statement.tokens[at].clause
    reach = 3 if close else 9
    about = [
        partner
        for one, partners in statement.partners.items()
        if abs(one - at) <= reach and statement.tokens[one].clause == clause
        for partner in partners
    ]
    if not about:
        return []
    distance = {
        place: sum(min(12, abs(place - one)) for one in about)
        + 6 * sum(source.tokens[one].clause != source.tokens[place].clause for one in about)
        for place in places
        if any(abs(place - one) <= reach for one in about)
    }
    if not distance:
        return []
    least = min(distance.values())
    return [place for place, far in distance.items() if far <= least]


def _same_subject(statement: Side, source: Side, at: int, place: int) -> bool:
    """Whether what comes first by both words is the same."""

    def first(side: Side, here: int, other: Side) -> set[int]:
        arabic = not side.tokens[here].folded.isascii()
        order = (
            [*range(here + 1, min(len(side.tokens), here + 6))] if arabic else [*range(here - 1, max(-1, here - 8), -1)]
        )
        return next(({one} for one in order if one in side.partners), set())

    mine = {partner for one in first(statement, at, source) for partner in statement.partners[one]}
    return bool(mine & first(source, place, statement)) or not mine


def miscounted(statement: Side, source: Side) -> tuple[int, int] | None:
    """A quantity of the statement that excludes the source's of the same thing: places in both."""

    def quantities(side: Side) -> list[tuple[int, str, int]]:
        found = []
        for at, token in enumerate(side.tokens):
            if token.stem:
                before = side.tokens[at - 1].folded if at else ""
                after = side.tokens[at + 1].folded if at + 1 < len(side.tokens) else ""
                name = quantity(token.folded, before, after)
                after_it = range(at + 1, min(len(side.tokens), at + 7))
                numbers = name in _OF_NUMBERS
                head = next(
                    (
                        n
                        for n in after_it
                        if side.tokens[n].content and (numbers or not side.tokens[n].folded.isdigit())
                    ),
                    None,
                )
                if name and head is not None:
                    found.append((at, name, head))
        return found

    theirs = quantities(source)
    if not theirs:
        return None
    mine = quantities(statement)
    bounds = [(at, name) for at, name, _ in mine if name in _OF_NUMBERS]
    others = [(at, name) for at, name, _ in theirs if name in _OF_NUMBERS]
    as_often = len(statement.negations) == len(source.negations)
    if (
        len(bounds) == len(others) == 1
        and frozenset((bounds[0][1], others[0][1])) in EXCLUDING
        and (as_often or not (toned(statement) or toned(source)))
    ):
        return bounds[0][0], others[0][0]
    for at, name, head in mine:
        partners = set(statement.partners.get(head, ()))
        over = [(place, other) for place, other, noun in theirs if noun in partners]
        if as_often and over and all(frozenset((name, other)) in EXCLUDING for _, other in over):
            return at, over[0][0]
    return None
