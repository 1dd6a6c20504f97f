"""Two parties that a statement puts in each other's place: "A accused B" for "B accused A".

Only plain cases: one verb of the list, a name on each side of it (or both after it, as Arabic has it), in one clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.analysis import fold
from rag.grounding.findings import Finding
from rag.grounding.names.clauses import deeds_of
from rag.grounding.names.mentions import Mention
from rag.grounding.names.source import Read, bears_meaning, bears_word, read

_END_OF_CLAUSE = re.compile(r"[.!?؟؛;:\n]")
_BREAKS = frozenset(
    """that which who whom while when after before because if but although and
    الذي التي الذين ان انه انها بان بانه بانها وان وانه بينما حين عندما بعد قبل لان لكن فيما""".split()
)
_BY = frozenset(["by"])
_BE = frozenset("was were is are been being be got gets".split())
_ARABIC_BY = ("من قبل", "من جانب", "على يد", "علي يد", "من طرف")
_CONVERSE = (("sell", "buy"), ("buy", "sell"))
"""What one party does when the other does the first."""
_REACH = 9
"""How many words may stand between the verb and a party."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what to whom, by mentions; `verb` is the line of the list."""

    verb: int
    agent: Mention
    patient: Mention
    start: int
    end: int


def swapped_roles(
    said: Read, have: Read, mentions: Sequence[Mention], theirs: Sequence[Mention]
) -> list[Finding] | None:
    """A deed of the statement whose parties the source has the other way round; None if there is no deed to compare.

    The source must never have it the statement's way; if it has, nothing is found.
    """
    ours = _deeds(said, mentions)
    if not ours:
        return None
    compared = False
    others = _deeds(have, theirs)
    findings = []
    for deed in ours:
        same = [
            other
            for other in others
            if other.verb == deed.verb
            and _same(said, deed.agent, have, other.agent)
            and _same(said, deed.patient, have, other.patient)
        ]
        turned = [
            other
            for other in others
            if other.verb == deed.verb
            and _same(said, deed.agent, have, other.patient)
            and _same(said, deed.patient, have, other.agent)
            and not _same(said, deed.agent, have, other.agent)
        ]
        compared = compared or bool(same)
        if turned and not same:
            other = turned[0]
            written = have.text[have.tokens[other.start].start : have.tokens[other.end - 1].end]
            findings.append(
                Finding("name", said.text[said.tokens[deed.start].start : said.tokens[deed.end - 1].end], written)
            )
            break
    return findings if findings or compared else None


def _same(one: Read, mention: Mention, other: Read, candidate: Mention) -> bool:
    if mention.means and candidate.means:
        return not mention.means.isdisjoint(candidate.means)
    alone = read(" ".join(token.raw for token in other.tokens[candidate.first : candidate.last]))
    if mention.means and bears_meaning(alone, mention.means, byword=False):
        return True
    return any(bears_word(alone, token) for token in mention.words)


def _deeds(text: Read, mentions: Sequence[Mention]) -> list[Deed]:
    verbs, nouns = deeds_of()
    turned = {min(verbs[one]): min(verbs[other]) for one, other in _CONVERSE}
    words = text.tokens
    parties = [one for one in mentions if one.kind != "title"]
    found = []
    for at, token in enumerate(words):
        lines = verbs.get(token.word)
        if not lines:
            continue
        before = _party_before(text, at, parties)
        after = _parties_after(text, at + 1, parties) or _rivals(text, at + 1)
        if token.arabic:
            if before is not None and after and token.word not in nouns and not _in_oblique(text, before):
                agent, patient = before, after[0]
            elif len(after) >= 2:
                agent, patient = after[0], after[1]
            else:
                continue
            passage = fold(text.text[words[at].start : words[patient.first].start])
            passive = token.word not in nouns and any(by in passage for by in _ARABIC_BY)
        else:
            if before is None or not after:
                continue
            agent, patient = before, after[0]
            passive = any(words[i].word in _BE for i in range(max(before.last, at - 3), at))
            by = any(words[i].word in _BY for i in range(at + 1, patient.first))
            if passive != by:
                continue
        if passive:
            agent, patient = patient, agent
        start, end = min(agent.first, patient.first, at), max(agent.last, patient.last, at + 1)
        found += [Deed(line, agent, patient, start, end) for line in lines]
        found += [Deed(turned[line], patient, agent, start, end) for line in lines if line in turned]
    return found


def _rivals(text: Read, at: int) -> list[Mention]:
    """The two of "فاز أ على ب", names or not."""
    words = text.tokens
    if at + 2 >= len(words) or words[at + 1].word != "علي" or not words[at].word.startswith("ال"):
        return []
    if any(words[i].gap != " " for i in range(at, at + 3)):
        return []
    return [Mention(i, i + 1, "other", (words[i],)) for i in (at, at + 2)]


def _in_oblique(text: Read, party: Mention) -> bool:
    """Whether an Arabic party stands after a preposition: then it is not who did it."""
    if not party.first:
        return False
    before = text.tokens[party.first - 1].word
    return before in ("في", "من", "الى", "علي", "عن", "مع", "ضد", "بين") or text.tokens[party.first].word[0] == "ل"


def _party_before(text: Read, at: int, parties: Sequence[Mention]) -> Mention | None:
    """The last party before the verb, in its clause, with no other verb of telling or clause between."""
    words = text.tokens
    best = None
    for party in parties:
        if party.last <= at and at - party.last <= (_REACH if not words[at].arabic else 1):
            between = words[party.last : at + 1]
            if not any(_END_OF_CLAUSE.search(one.gap) for one in between) and not any(
                one.word in _BREAKS for one in words[party.last : at]
            ):
                best = party
    return best


def _parties_after(text: Read, at: int, parties: Sequence[Mention]) -> list[Mention]:
    words = text.tokens
    found: list[Mention] = []
    for party in parties:
        if party.first < at or party.first - (found[-1].last if found else at) > _REACH:
            continue
        span = range(found[-1].last if found else at, party.first)
        gaps = [words[i].gap for i in (*span, party.first) if i > 0]
        if any(_END_OF_CLAUSE.search(gap) for gap in gaps) or any(words[i].word in _BREAKS for i in span):
            break
        joined = bool(found) and party.first == found[-1].last and words[party.first].gap == " "
        if joined and words[party.first].arabic and found[-1].means and not party.means:
            # the Syrian minister X: one party, told of twice; a name of a person tells more than a nationality
            found[-1] = party
            continue
        found.append(party)
    return found
