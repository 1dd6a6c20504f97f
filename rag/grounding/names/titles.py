"""Titles and portfolios of persons that a statement changes: a minister made president, health made defence."""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import fold, folded_words
from rag.grounding.findings import Finding
from rag.grounding.names.mentions import Mention
from rag.grounding.names.source import Read, bears_word, read
from rag.grounding.names.tokens import Hit, stem_of

_HEADS = frozenset(
    """president director speaker mayor rector dean prime-minister secretary-general commander supreme-leader king
    governor""".split()
)
"""Whom "the head" may mean."""
_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "researcher analyst economist professor writer journalist activist teacher",
        "commander general",
        "commander colonel",
        "commander major",
        "commander captain",
        "commander admiral",
        "deputy senator speaker",
        "emir prince king sultan crown-prince sheikh",
        "minister foreign-minister",
        "envoy ambassador consul",
        "patriarch bishop pope",
        "mufti imam sheikh",
        "doctor professor researcher",
        "governor mayor",
        "director businessman",
        "coach director",
        "adviser envoy",
        "singer actor player",
        "foreign-minister envoy",
    )
)
"""What is often called by each other's title."""
_OFFICES = frozenset(
    """president,prime minister,minister,foreign minister,undersecretary,secretary-general,king,queen,emir,crown prince
sultan,ambassador,consul,spokesperson,governor,mayor,judge,prosecutor,lawyer,doctor,engineer,journalist,director,coach
colonel,general,deputy,senator""".replace("\n", ",").split(",")
)
"""Offices of which one does not stand for another, whoever holds them."""
_MEMBERS = {
    office: frozenset(map(fold, words.split()))
    for office, words in (
        ("judge", "court tribunal judiciary محكمة محاكم قضاء"),
        ("prosecutor", "prosecution attorney نيابة ادعاء وكيل"),
        ("deputy", "parliament assembly congress house senate knesset برلمان مجلس نواب"),
        ("senator", "senate شيوخ"),
        ("journalist", "newspaper newspapers press media paper صحيفة صحف جريدة صحافة وكالة"),
        ("president", "presidency presided chaired رئاسة ترأس تولى"),
        ("lawyer", "bar محاماة"),
    )
}
"""The body that an office is held in: "judges" may be said for the court of the source."""
_MINISTRY = folded_words(
    """minister ministers ministry ministries secretary department وزير وزيرة وزارة وزارتي وزراء وزيري
    وزارات الوزير الوزيرة"""
)
_LINKS = frozenset("of for the and affairs de ل و".split())


def changed_titles(said: Read, have: Read, mentions: Sequence[Mention], theirs: Sequence[Mention]) -> list[Finding]:
    """Titles that the source gives to nobody or, where both name the person, not to this one."""
    findings = []
    known = {meaning for hit in have.titles for meaning in hit.entry.means}
    covered = {at for mention in mentions if mention.means for at in range(mention.first, mention.last)}
    for hit in said.titles:
        if hit.first in covered:
            continue
        person = _person_of(said, hit, mentions)
        if not hit.entry.sure and (person is None or _latin_small(said, hit)):
            continue
        written = said.text[said.tokens[hit.first].start : said.tokens[hit.last - 1].end]
        if person is not None:
            others = _titles_of(person, have, theirs)
            if others:
                if not any(_agree(hit.entry.means, other.entry.means) for other in others):
                    other = others[0]
                    findings.append(Finding("name", written, _written(have, other)))
                elif all(_second(said, hit) != _second(have, other) for other in others):
                    findings.append(Finding("name", written, _written(have, others[0])))
                continue
        if any(_agree(hit.entry.means, frozenset({meaning})) for meaning in known):
            continue
        if any(not _MEMBERS[meaning].isdisjoint(have.words) for meaning in hit.entry.means & _MEMBERS.keys()):
            continue
        if _stands(said, hit, have) or hit.entry.means.isdisjoint(_OFFICES):
            continue
        rivals = [other for other in have.titles if not other.entry.means.isdisjoint(_OFFICES) and other.entry.sure]
        rivals = [other for other in rivals if not _stands(have, other, said)]
        rivals = [other for other in rivals if not any(_agree(other.entry.means, h.entry.means) for h in said.titles)]
        if rivals:
            findings.append(Finding("name", written, _written(have, rivals[0]) if len(rivals) == 1 else ""))
    return findings + _changed_portfolios(said, have)


_SECONDS = folded_words("deputy vice assistant نائب نائبة مساعد مساعدة")


def _second(text: Read, hit: Hit) -> bool:
    """Whether it is the title of a deputy."""
    before = text.tokens[hit.first - 1].word if hit.first else ""
    return before in _SECONDS or before[1:] in _SECONDS


def _latin_small(said: Read, hit: Hit) -> bool:
    token = said.tokens[hit.first]
    return not token.arabic and not token.capital


def _stands(one: Read, hit: Hit, other: Read) -> bool:
    """Whether the very words of a title stand in the other text."""
    return all(stem_of(token.word) in other.stems for token in one.tokens[hit.first : hit.last])


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    if not one.isdisjoint(other):
        return True
    ours, theirs = (frozenset(meaning.replace(" ", "-") for meaning in means) for means in (one, other))
    if ("head" in ours and theirs & _HEADS) or ("head" in theirs and ours & _HEADS):
        return True
    return any(ours & group and theirs & group for group in _ALIKE)


def _written(text: Read, hit: Hit) -> str:
    return text.text[text.tokens[hit.first].start : text.tokens[hit.last - 1].end]


def _persons(mentions: Sequence[Mention]) -> list[Mention]:
    return [mention for mention in mentions if mention.kind == "person"]


def _person_of(text: Read, hit: Hit, mentions: Sequence[Mention]) -> Mention | None:
    """The person whose title stands at `hit`: the first named after it within the phrase, or before a comma."""
    words = text.tokens
    for mention in _persons(mentions):
        if hit.last <= mention.first <= hit.last + 5:
            between = range(hit.last, mention.first + 1)
            if all(_in_phrase(words[at].gap) for at in between) and all(
                words[at].word not in _BREAKS for at in range(hit.last, mention.first)
            ):
                inside = [
                    other for other in text.titles
                    if hit.last <= other.first < mention.first and other.entry.sure
                ]  # fmt: skip
                return mention if not inside else None
        apposed = mention.last < hit.first <= mention.last + 3 and words[mention.last].gap.strip() in (",", "،")
        if (
            apposed
            and all(_in_phrase(words[at].gap) for at in range(mention.last + 1, hit.first + 1))
            and all(not words[at].capital or words[at].arabic for at in range(mention.last, hit.first))
        ):
            return mention
    return None


def _in_phrase(gap: str) -> bool:
    return gap.strip(" \u00a0\u200f-'’s") in ("", ".")


_BREAKS = frozenset(
    """and or but with to from by in on at that who which said says told met after before when while was is were are has
    had و او ثم مع من الى في عن ان الذي التي قال قالت اكد الى بعد قبل لدى على""".split()
)


def _titles_of(person: Mention, have: Read, theirs: Sequence[Mention]) -> list[Hit]:
    """The titles that the source gives to this person."""
    same = [
        mention
        for mention in _persons(theirs)
        if any(bears_word(_alone(have, mention), token) for token in person.words[-1:])
    ]
    found = []
    for hit in have.titles:
        owner = _person_of(have, hit, theirs)
        if owner is not None and owner in same:
            found.append(hit)
    return found


def _alone(have: Read, mention: Mention) -> Read:
    return read(" ".join(token.raw for token in mention.words))


# -- portfolios ------------------------------------------------------------------------------------------------------


def offices(text: Read) -> list[tuple[Hit, int]]:
    """Portfolios beside a word for minister or ministry, or, in Arabic, joined to one that is: each with its place."""
    words = text.tokens
    found: list[tuple[Hit, int]] = []
    for hit in text.portfolios:
        before = hit.first - 1
        while before >= 0 and words[before].word in _LINKS and hit.first - before <= 3:
            before -= 1
        beside = before >= 0 and _plain_gap(words[before + 1].gap) and _is_ministry(words[before].word)
        after = (
            hit.last < len(words)
            and not words[hit.first].arabic
            and _plain_gap(words[hit.last].gap)
            and _is_ministry(words[hit.last].word)
        )
        joined = bool(found) and found[-1][0].last == hit.first and words[hit.first].word.startswith("و")
        if beside or after or joined:
            found.append((hit, before if beside else hit.last if after else found[-1][1]))
    return found


def _plain_gap(gap: str) -> bool:
    return gap.strip(" -\u00a0") == ""


def _is_ministry(word: str) -> bool:
    return word in _MINISTRY or (word[0] in "وفبل" and word[1:] in _MINISTRY) or word.startswith("لوزير")


def _changed_portfolios(said: Read, have: Read) -> list[Finding]:
    theirs = [hit for hit, _ in offices(have)]
    known = {meaning for hit in have.portfolios for meaning in hit.entry.means}
    named = {name for hit in have.hits for name in hit.entry.means}
    if "state department" in _lower(have) or "white house" in named:
        known.add("foreign")
    if "pentagon" in named:
        known.add("defence")
    findings = []
    for hit, _ in offices(said):
        if hit.entry.means.isdisjoint(known) and not _stands(said, hit, have):
            other = _written(have, theirs[0]) if len(theirs) == 1 else ""
            findings.append(Finding("name", _written(said, hit), other))
    return findings


def _lower(text: Read) -> str:
    return text.text.lower()
