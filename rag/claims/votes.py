"""How somebody voted: for, against, or neither, by names and in both languages.

"Qatar abstained" is said otherwise by «أما قطر والكويت فأيدتا القرار», though the words of one are in no way the
opposite of the other's: who abstains is neither for nor against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.analysis import folded_words
from rag.bilingual import same_name
from rag.claims.rivals import Claimed
from rag.grounding.findings import Finding, Source
from rag.grounding.names.check import Name, names
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposites import ends_at, with_verb
from rag.grounding.negation.verbs import is_verb, may_be_verb
from rag.grounding.wording import Token, read

Way = Literal["for", "against", "neither"]

_ABSTAINS = folded_words(
    """abstain abstains abstained abstaining abstention abstentions
    امتنع امتنعت امتنعوا امتنعتا امتنعا يمتنع تمتنع ممتنع ممتنعة ممتنعون ممتنعين الممتنعون الممتنعين امتناع بامتناع
    الامتناع"""
)
_FROM = folded_words("from عن")
_VOTING = folded_words("vote voting votes ballot التصويت تصويت الاقتراع")
_VOTED = (
    _ABSTAINS
    | _VOTING
    | folded_words(
        """voted resolution resolutions motion bill law act treaty amendment
    صوت صوتت صوتوا صوتا صوتتا قرار القرار مشروع قانون القانون المشروع الاقتراح اقتراح المعاهدة التعديل"""
    )
)
"""Words of what is voted on."""
_CAST = folded_words("voted صوتت صوتوا صوتا صوتتا")
_TEXTS = folded_words("resolution resolutions draft motion bill treaty amendment قرار مسودة معاهدة قانون تعديل")
_OF = folded_words("on in about of concerning regarding بشأن في حول بخصوص عن على")
"""A name after one of them has not voted: it is what the vote is about, or where it was."""
_RELATIVE = folded_words("which who that whose having الذي التي الذين اللذان اللتان اللذين اللتين")
_APART = _RELATIVE | folded_words(
    "it they he she its their but with like unlike , ; مع مثل لكن لكنها لكنه إنها أنها ، ؛ خلافا بخلاف"
)
"""Between a name and a verb they make it doubtful whose verb it is."""
_NEAR = 2
"""Words between a name and its verb: Kenya has also abstained."""
_FAR = 6
"""Words after "abstained from" among which the vote stands: from the UN's vote."""
_OBJECT = 3
"""Words after a vote among which what was voted on stands."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A way of voting at text[start:end], and the names of those who are said to have voted so."""

    way: Way
    start: int
    end: int
    voters: tuple[Name, ...]
    plain: bool = False
    """Whether the voters stand at the verb itself, with no clause or pronoun between."""


def votes(text: str, language: str) -> list[Vote]:
    """Who voted how in a sentence; what is negated tells nothing."""
    tokens = read(text)
    turned = {at for operator in negations(tokens) for at in operator.governed}
    found: list[tuple[Way, int, int]] = []
    for at in range(len(tokens)):
        way = _way(tokens, at)
        verb = with_verb(tokens, at)
        if way is not None:
            found.append((way, verb, at))
    named = [name for name in names(text, language) if not _about(tokens, name)]
    bounds = [-1, *(last for _, _, last in found)], [*(verb for _, verb, _ in found), len(tokens)]
    told = []
    for number, (way, verb, last) in enumerate(found):
        before = _between(tokens, named, bounds[0][number], verb)
        after = _between(tokens, named, verb, bounds[1][number + 1])
        arabic = not tokens[verb].folded.isascii()
        by = last + 1 < len(tokens) and tokens[last + 1].folded == "by"
        voters = (after or before) if arabic or by else (before or after)
        if verb not in turned and last not in turned:
            plain = bool(voters) and _at_verb(tokens, voters, verb)
            told.append(Vote(way, tokens[verb].start, tokens[last].end, tuple(voters), plain))
    return told


def voted_otherwise(claim: Claimed, sentence: Source) -> tuple[Finding, str, Name] | None:
    """A vote of the claim that the sentence tells otherwise of the same: what it has instead, and who it is.

    Where a vote has nobody at it, it may be of whoever voted otherwise before it: Kuwait, which had supported an
    earlier draft, opposed the resolution.
    """
    if not any(_bare(token.folded) in _VOTED for token in read(claim.text)):
        return None
    theirs = votes(sentence.text, sentence.language)
    if not all(vote.voters for vote in theirs) or _unread(sentence.text, theirs):
        return None
    for mine in votes(claim.text, claim.language):
        if any(vote.way == mine.way and not vote.plain for vote in theirs):
            continue
        for who in mine.voters:
            ways = [vote for vote in theirs if any(_same(who, other) for other in vote.voters)]
            if ways and all(vote.way != mine.way and not _relative(sentence.text, vote) for vote in ways):
                first = min(ways[0].start, *(name.start for name in ways[0].voters))
                last = max(ways[0].end, *(name.end for name in ways[0].voters))
                return Finding("vote", claim.text[mine.start : mine.end]), _told(sentence.text, first, last), who
    return None


def _told(text: str, first: int, last: int) -> str:
    """A vote as written, up to what was voted on where that follows: voted for the resolution."""
    following = [token for token in read(text) if token.start >= last][:_OBJECT]
    for token in following:
        if not token.stem:
            break
        if token.content:
            return text[first : token.end]
    return text[first:last]


def _way(tokens: Sequence[Token], at: int) -> Way | None:
    word = tokens[at].folded
    if _bare(word) in _ABSTAINS:
        after = [token.folded for token in tokens[at + 1 : at + 1 + _FAR]]
        return None if after[:1] and after[0] in _FROM and _VOTING.isdisjoint(after) else "neither"
    verb = with_verb(tokens, at)
    bare = word[0] in "وف" and len(word) > 3 and may_be_verb(word[1:])
    if verb == at and not (is_verb(tokens, at) or bare):
        return None
    signs = {end.sign for end in ends_at(tokens, at) if end.axis == "yes"}
    if len(signs) != 1:
        return None
    return "for" if signs == {1} else "against"


def _bare(word: str) -> str:
    return word[1:] if word[0] in "وف" and len(word) > 4 else word


def _about(tokens: Sequence[Token], name: Name) -> bool:
    """Whether a name is of what is voted on, or where: on Syria, the Lebanon resolution, قرار لبنان."""
    before = [token.folded for token in tokens if token.start < name.start][-2:]
    if before and (before[-1] in _OF or (before[-1] == "the" and before[0] in _OF)):
        return True
    after = next((token.folded for token in tokens if token.start >= name.end), "")
    return after in _TEXTS or (bool(before) and before[-1] in _TEXTS and not before[-1].isascii())


def _at_verb(tokens: Sequence[Token], voters: Sequence[Name], verb: int) -> bool:
    """Whether the voters stand at their verb: and Kenya also abstained, وامتنعت كينيا."""
    start, end = voters[0].start, voters[-1].end
    before = [token.folded for token in tokens if end <= token.start < tokens[verb].start]
    after = [token.folded for token in tokens[verb + 1 :] if token.start < start]
    between = before if end <= tokens[verb].start else after
    return len(between) <= _NEAR and _APART.isdisjoint(between)


def _unread(text: str, told: Sequence[Vote]) -> bool:
    """Whether somebody votes in a sentence who is not told of: صوتت مع الكويت لصالح القرار."""
    cast = [token for token in read(text) if _bare(token.folded) in _CAST]
    return any(not any(vote.start <= token.start < vote.end for vote in told) for token in cast)


def _relative(text: str, vote: Vote) -> bool:
    """Whether a vote is told in a clause about its voter, whose own may follow: Qatar, which had abstained."""
    between = [token.folded for token in read(text) if vote.voters[0].end <= token.start < vote.start]
    return not _RELATIVE.isdisjoint(between)


def _between(tokens: Sequence[Token], named: Sequence[Name], first: int, last: int) -> list[Name]:
    """The names that stand between two words."""
    start = tokens[first].end if first >= 0 else 0
    end = tokens[last].start if last < len(tokens) else tokens[-1].end
    return [name for name in named if start <= name.start and name.end <= end]


def _same(one: Name, other: Name) -> bool:
    return not one.means.isdisjoint(other.means) or same_name(one.text, other.text)
