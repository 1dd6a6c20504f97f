"""Opposites and quantities of a statement against those of a sentence that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.negation.operators import Operator
from rag.grounding.negation.opposites import EXCLUDING, End, converse, ends_at, loose, of_subject, quantity, with_verb
from rag.grounding.negation.sides import Side
from rag.grounding.negation.verbs import is_verb, may_be_verb, subject
from rag.grounding.numbers.numerals import numerals

_BESIDE = 8
"""Tokens between words of which one is about the other."""
_BEFORE_NOUNS = frozenset("the a an this that its his her their any proposed new of".split())
_OF_NUMBERS = frozenset(("least", "most-of", "exact"))


def opposed(statement: Side, source: Side, besides: Sequence[Side]) -> tuple[int, int] | None:
    """A word of the statement whose opposite alone the source has about the same thing: places in both.

    `besides` are the source's other sentences.
    """
    elsewhere = _elsewhere(besides)
    theirs: dict[str, list[tuple[int, int]]] = {}
    for at, token in enumerate(source.tokens):
        if token.stem:
            for end in ends_at(source.tokens, at):
                if not of_subject(end.axis) and not _shared(end, source, at, statement):
                    theirs.setdefault(end.axis, []).append((at, end.sign * (-1) ** source.negated(at)))
    mine = {
        (end.axis, end.sign * (-1) ** statement.negated(at))
        for at, token in enumerate(statement.tokens)
        if token.stem
        for end in ends_at(statement.tokens, at)
        if not _shared(end, statement, at, source)
    }
    for at, token in enumerate(statement.tokens):
        if not token.stem or not theirs or _conditional(statement, at):
            continue
        ends = ends_at(statement.tokens, at)
        for end in ends:
            if len({one.sign for one in ends if one.axis == end.axis}) > 1:
                break
            if _shared(end, statement, at, source):
                continue
            sign = end.sign * (-1) ** statement.negated(at)
            places = theirs.get(end.axis, [])
            if not places or End(end.axis, sign) in elsewhere or (end.axis, -sign) in mine:
                continue
            if _voted_by_another(statement, at):
                continue
            done_to = [one for one in places if _same_object(statement, source, at, one[0])]
            undone = done_to and all(found == -sign for _, found in done_to) and not loose(end.axis)
            if undone and _apart(places) and _same_subject(statement, source, at, done_to[0][0]) and not source.modals:
                return at, done_to[0][0]
            near = _near(statement, source, at, [place for place, _ in places], loose(end.axis))
            if not near or any(partner in near for partner in statement.partners.get(at, ())):
                continue
            signs = {found for place, found in places if place in near}
            if signs != {-sign} or any(found == sign for place, found in places if not near):
                continue
            if loose(end.axis) or not any(found == sign for _, found in places) or len(near) == 1:
                if converse(end.axis) and not _same_subject(statement, source, at, near[0]):
                    continue
                besides_it = [one for one in source.negations if one.at != near[0] and _touches(source, one, near[0])]
                if besides_it and len(besides_it) != sum(one.at != at for one in statement.negations):
                    continue
                if any(found == sign for _, found in places) and not _same_object(statement, source, at, near[0]):
                    continue
                return at, near[0]
    return None


def _touches(source: Side, operator: Operator, place: int) -> bool:
    """Whether a negation stands by a word, or is over something that the statement has."""
    same = source.tokens[operator.at].clause == source.tokens[place].clause
    return same or any(one in source.partners for one in operator.governed)


def _voted_by_another(statement: Side, at: int) -> bool:
    """Whether it is a vote of somebody whom the sentence does not name: that a board adopted it, he was against it."""
    verb = with_verb(statement.tokens, at)
    who = subject(statement.tokens, verb, _TOLD - 1) if verb != at else []
    return bool(who) and not any(one in statement.partners for one in who)


_IF = frozenset("if unless without إذا اذا لو لولا".split())


def _conditional(side: Side, at: int) -> bool:
    """Whether a word is in a condition, which says nothing of what is so."""
    return any(token.folded in _IF for token in side.tokens[:at] if token.clause == side.tokens[at].clause)


def _apart(places: Sequence[tuple[int, int]]) -> bool:
    """Whether a sentence has both ends of an axis: the object tells which one is meant."""
    return len({sign for _, sign in places}) > 1


def _shared(end: End, side: Side, at: int, other: Side) -> bool:
    """Whether both texts have the word as a noun, what they are about: approved the ban, voted against the ban."""
    before = side.tokens[at - 1].folded if at else ""
    if before not in _BEFORE_NOUNS and not side.tokens[at].folded.startswith("ال"):
        return False
    partners = side.partners.get(at, ())
    negated = side.negated(at) % 2
    return any(end in ends_at(other.tokens, one) and other.negated(one) % 2 == negated for one in partners)


def _elsewhere(besides: Sequence[Side]) -> frozenset[End]:
    """The ends of axes that the source's other sentences have beside the statement's words."""
    return frozenset(
        end
        for side in besides
        for at, token in enumerate(side.tokens)
        if token.stem
        for end in ends_at(side.tokens, at)
        if at in side.partners
        or any(abs(one - at) <= _BESIDE and side.tokens[one].clause == token.clause for one in side.partners)
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


def _same_object(statement: Side, source: Side, at: int, place: int) -> bool:
    """Whether what comes next after both words is the same: approved the ban, rejected the ban."""
    after = [one for one in range(at + 1, min(len(statement.tokens), at + 8)) if statement.tokens[one].content][:2]
    clause = source.tokens[place].clause
    reach = range(place + 1, min(len(source.tokens), place + 8))
    theirs = {one for one in reach if source.tokens[one].clause == clause}
    return any(theirs & set(statement.partners.get(one, ())) for one in after)


def _same_subject(statement: Side, source: Side, at: int, place: int) -> bool:
    """Whether what comes first by both words is the same."""

    def first(side: Side, here: int) -> set[int]:
        if side.tokens[here].folded.isascii():  # all that stands before the verb
            before = range(here - 1, max(-1, here - 8), -1)
            return {one for one in before if one in side.partners and one not in side.partners.get(here, ())}
        after = range(here + 1, min(len(side.tokens), here + 6))
        return next(({one} for one in after if one in side.partners), set())

    mine = {partner for one in first(statement, at) for partner in statement.partners[one]}
    return bool(mine & first(source, place)) or not mine


_TOLD = 4
"""Words of a subject that are compared."""


def opposed_by_subject(statement: Side, source: Side) -> tuple[int, int] | None:
    """A verb of the statement whose opposite alone the sentence has of the very same subject: places in both.

    Thirteen ministers attended, the Qatari one was absent: that he attended is turned round.
    """
    theirs = [(place, end) for place, end in _polar_verbs(source)]

    def told_by(place: int) -> set[int]:
        return set(subject(source.tokens, with_verb(source.tokens, place), _TOLD))

    for at, end in _polar_verbs(statement):
        mine = subject(statement.tokens, with_verb(statement.tokens, at), _TOLD - 1)
        told_of = sum(one != at for one in statement.partners)
        if not mine or told_of < 2 or _conditional(statement, at):
            continue
        told = {
            other.sign: place
            for place, other in theirs
            if other.axis == end.axis and all(set(statement.partners.get(one, ())) & told_by(place) for one in mine)
        }
        place = told.get(-end.sign)
        # One word that is negated here or there is not for this check.
        if place is not None and end.sign not in told and place not in statement.partners.get(at, ()):
            return at, place
    return None


def opposed_by_number(statement: Side, source: Side) -> tuple[int, int] | None:
    """A verb of the statement that the sentence has the opposite of with the very number: 77 for, 20 against."""
    theirs = {number: (place, end) for place, end, number in _counted_verbs(source)}
    for at, end, number in _counted_verbs(statement):
        if number in theirs and theirs[number][1] == End(end.axis, -end.sign):
            return at, theirs[number][0]
    return None


def _polar_verbs(side: Side) -> list[tuple[int, End]]:
    """The verbs of a sentence that have an opposite, each with its end, turned round where it is negated.

    A particle that makes one of its verb (voted against) stands for it.
    """
    return [
        (at, End(end.axis, end.sign * (-1) ** side.negated(at)))
        for at, token in enumerate(side.tokens)
        if token.stem and (_is_verb(side, at) or with_verb(side.tokens, at) != at)
        for end in ends_at(side.tokens, at)
        if not loose(end.axis)
    ]


def _is_verb(side: Side, at: int) -> bool:
    """Whether a word may be a verb, or "and" written with one."""
    word = side.tokens[at].folded
    return is_verb(side.tokens, at) or (word[0] in "وف" and len(word) > 3 and may_be_verb(word[1:]))


def _counted_verbs(side: Side) -> list[tuple[int, End, str]]:
    """The verbs that have an opposite, and the first number after each: who does it."""
    found = []
    for at, end in _polar_verbs(side):
        if not is_verb(side.tokens, at):
            continue
        after = range(at + 1, min(len(side.tokens), at + 1 + _BESIDE))
        others = [one for one, _ in _polar_verbs(side) if one > at]
        number = next((one for one in after if side.tokens[one].folded[0].isdigit()), None)
        if number is not None and not any(one < number for one in others):
            found.append((at, end, side.tokens[number].folded))
    return found


_COUNTED = 3
"""Tokens between a bound and its number."""
_AFTER = 60
"""Code points after a bound that are read."""


def _same_number(statement: Side, source: Side, at: int, place: int) -> bool:
    """Whether two bounds are of one number: those of a share and of what it leaves are not."""

    def counted(side: Side, here: int) -> float | None:
        end = side.tokens[here].end
        return next((one.value for one in numerals(side.text[end : end + _AFTER]) if one.first <= _COUNTED), None)

    return (mine := counted(statement, at)) is not None and mine == counted(source, place)


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
        and _same_number(statement, source, bounds[0][0], others[0][0])
        and frozenset((bounds[0][1], others[0][1])) in EXCLUDING
    ):
        return bounds[0][0], others[0][0]
    for at, name, head in mine:
        partners = set(statement.partners.get(head, ()))
        over = [(place, other) for place, other, noun in theirs if noun in partners]
        if as_often and over and all(frozenset((name, other)) in EXCLUDING for _, other in over):
            return at, over[0][0]
    return None
