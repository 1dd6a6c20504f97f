"""Two names that a statement puts in each other's place: what it says of one, the source says of the other.

Told from the words around each name: if those around the first are found around the second in the source, and the
other way round, clearly more than each around itself, then the names were swapped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from rag.analysis import is_stop_word, western_digits
from rag.grounding.findings import Finding
from rag.grounding.names.mentions import Mention
from rag.grounding.names.source import Read, bears_word, read
from rag.grounding.names.tokens import stem_of, ways_of

_REACH = 9
"""How many words on each side of a name tell of it."""
_MARGIN = 2
_END = re.compile(r"[.!?؟؛,،;:\n](?!\d)")
_RELATIVE = frozenset("who which whose whom الذي التي الذين".split())
_ALSO = frozenset("and but while".split())
_NUMBER = re.compile(r"\d+")


def swapped_contexts(said: Read, have: Read, mentions: Sequence[Mention], theirs: Sequence[Mention]) -> list[Finding]:
    """The first two names of the statement that have changed places, if any."""
    ours = [one for one in mentions if one.kind != "title"][:6]
    found: list[tuple[Mention, Mention]] = []
    for mention in ours:
        same = [other for other in theirs if _same(said, mention, have, other)]
        if len(same) == 1:
            found.append((mention, same[0]))
    for (one, its), (other, others) in combinations(found, 2):
        if bool(one.means) != bool(other.means) or its == others:
            continue
        if _is_one(one, other) and _is_one(its, others):
            continue
        here, there = _around(said, one, other), _around(said, other, one)
        theirs_one, theirs_other = _around(have, its, others), _around(have, others, its)
        straight = _shared(here, theirs_one), _shared(there, theirs_other)
        crossed = _shared(here, theirs_other), _shared(there, theirs_one)
        if (
            crossed[0] >= straight[0]
            and crossed[1] >= straight[1]
            and sum(crossed) >= sum(straight) + _MARGIN
            and min(crossed) > 0
        ):
            instead = have.text[have.tokens[others.first].start : have.tokens[others.last - 1].end]
            return [Finding("name", said.text[said.tokens[one.first].start : said.tokens[one.last - 1].end], instead)]
    return []


def _is_one(one: Mention, other: Mention) -> bool:
    """Whether two names stand side by side, as parts of one: Jeddah Islamic Port is ميناء جدة الإسلامي."""
    return one.last == other.first or other.last == one.first


def _same(said: Read, mention: Mention, have: Read, other: Mention) -> bool:
    if mention.means or other.means:
        return not mention.means.isdisjoint(other.means)
    alone = read(" ".join(token.raw for token in other.words))
    return any(bears_word(alone, token) for token in mention.words)


def _around(text: Read, mention: Mention, rival: Mention) -> list[str]:
    """The words and numbers around a name, up to the end of its sentence and the rival name."""
    words = text.tokens
    found: list[str] = []
    for step in (1, -1):
        at = mention.last if step == 1 else mention.first - 1
        for _ in range(_REACH):
            if at == len(words):
                found += _NUMBER.findall(western_digits(text.text[words[-1].end :]))
            if not 0 <= at < len(words) or rival.first <= at < rival.last:
                break
            gap = words[at].gap if step == 1 else words[at + 1].gap
            found += _NUMBER.findall(western_digits(gap))
            first = words[at] if step == 1 else words[at + 1]
            if words[at].word in _ALSO and at + 1 in (mention.first, rival.first) and not first.arabic:
                break  # "and Finland followed"
            if _END.search(gap) and not (gap.strip() in (",", "،") and first.word in _RELATIVE):
                break
            if not is_stop_word(words[at].word):
                found.append(words[at].word)
            at += step
    return found


def _shared(ours: list[str], theirs: list[str]) -> int:
    """How many of our words are among theirs, in either language."""
    stems = frozenset(map(stem_of, theirs))
    return sum(
        stem_of(word) in stems or (not word[0].isdigit() and any(way <= stems for way in ways_of(word)))
        for word in dict.fromkeys(ours)
    )
