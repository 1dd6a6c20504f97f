"""Whom a sentence means that does not name who did it: he, his, or an Arabic verb without its subject.

"Samer Khatib is an economist. He criticised the contract." «سامر الخطيب خبير اقتصادي. وانتقد العقد.» It is told of the
one person whom the nearest sentence before names; where that names several, only who was speaking goes on speaking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.bilingual import same_name
from rag.claims.bodies import MINISTRY, bodies
from rag.claims.rivals import Claimed, by_last_word
from rag.grounding.attribution.speakers import is_role
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.findings import Source
from rag.grounding.names.check import Name, check_names, names
from rag.grounding.names.source import read as read_names
from rag.grounding.negation.opposites import ends_at
from rag.grounding.negation.verbs import is_verb, like_a_name, subject
from rag.grounding.wording import Token, answers, read

REACH = 4
"""Sentences before one in which its person may be named."""

_HIS = ("ه", "ها")
_TWO_PERSONS = 4
_PARTICLES = frozenset("بن ابن ابو ام ال عبد bin ibn al abu abdul de van von".split())
_SHORTEST = 3
"""Letters of a name that no list knows."""


@dataclass(frozen=True, slots=True)
class Antecedent:
    """Who did it by what stands before: named `back` sentences before. `same` if that is surely the claim's person.

    `said` are the claim's person or persons, `others` whom the sentence before names beside or instead.
    """

    back: int
    same: bool
    said: tuple[str, ...]
    others: tuple[str, ...]


def antecedent(claim: Claimed, before: Sequence[Source], sentence: Source) -> Antecedent | None:
    """Who did what `claim` tells of a person, where `sentence` tells it of nobody by name; None where it does.

    `before` are the sentences before it, in order. None too where none of them names a person.
    """
    persons = persons_in(claim.text, claim.language)
    if not persons:
        return None
    told = _untold(claim, persons, sentence)
    if told is None:
        return None
    mine, speaks = told
    for back, source in enumerate(reversed(before[-REACH:]), 1):
        there = persons_in(source.text, source.language)
        known = any(named_in(one, claim, source) for one in mine)
        if not there and not known:
            continue
        others = [one for one in there if not any(_one_person(name, claim, one, source) for name in mine)]
        if speaks and known and others:
            known, others = _speaking(claim, mine, others, source)
        said = tuple(one.text for one in mine)
        same = known and not others and not _behind_another(claim, mine, source)
        return Antecedent(back, same, said, tuple(dict.fromkeys(one.text for one in others)))
    return None


def persons_in(text: str, language: str) -> list[Name]:
    """The persons named in a text; in Arabic unlisted ones too, by what stands before: المهندس سليم الأسود."""
    found = [part for one in names(text, language) if one.kind == "person" for part in _apart(one)]
    tokens = read(text) if language == "ar" else ()
    # The deputies of a chamber are no title: أقر مجلس النواب قانون مكافحة التطبيع.
    within = [(one.start, one.end) for one in bodies(text) if one.group != MINISTRY] if tokens else []
    ends = {
        end for _, end in (_titles(text) if tokens else ()) if not any(first < end <= last for first, last in within)
    }
    for at, token in enumerate(tokens):
        titled, place = token.end in ends, at + 1
        while titled and place < len(tokens) and tokens[place].folded.startswith("ال"):
            place += 1
        pair = tokens[place : place + 2]
        if len(pair) < 2 or not all(_may_be_name(one) for one in pair) or _tells(tokens, place) or is_role(pair[0]):
            continue
        if not titled and not (_tells(tokens, at) and all(like_a_name(one) for one in pair)):
            continue
        start, end = pair[0].start, pair[1].end
        if not any(one.start < end and start < one.end for one in found):
            found.append(Name(start, end, text[start:end], "person", tuple(one.folded for one in pair)))
    return found


def _apart(name: Name) -> Iterator[Name]:
    """The two persons that one name may be where it has four words or more: التقى كمال عيتاني هاني درويش."""
    words = read(name.text)
    if len(words) < _TWO_PERSONS or any(one.folded in _PARTICLES or one.folded == "-" for one in words):
        yield name
        return
    for some in (words[:2], words[2:]):
        start, end = some[0].start, some[-1].end
        keys = tuple(one.folded for one in some)
        yield Name(name.start + start, name.start + end, name.text[start:end], "person", keys)


def _titles(text: str) -> list[tuple[int, int]]:
    """Where the titles of persons stand in a text: code points."""
    content = read_names(text)
    return [(content.tokens[hit.first].start, content.tokens[hit.last - 1].end) for hit in content.titles]


def _may_be_name(token: Token) -> bool:
    return token.content and len(token.folded) >= _SHORTEST and token.folded.isalpha()


def _behind_another(claim: Claimed, mine: Sequence[Name], source: Source) -> bool:
    """Whether the claim's person stands in an Arabic sentence behind what may be another: التقى كمال عيتاني سامر."""
    tokens = read(source.text) if source.language == "ar" else ()
    titles = _titles(source.text) if tokens else []
    for name in names(source.text, source.language):
        at = next((place for place, token in enumerate(tokens) if token.start == name.start), 0)
        if not any(_one_person(one, claim, name, source) for one in mine):
            continue
        before = at - 1
        while before >= 0 and (
            tokens[before].folded.startswith("ال")
            or is_role(tokens[before])
            or any(start <= tokens[before].start < end for start, end in titles)
        ):
            before -= 1
        if before >= 1 and like_a_name(tokens[before]) and not _tells(tokens, before):
            return True
    return False


def _untold(claim: Claimed, persons: Sequence[Name], sentence: Source) -> tuple[list[Name], bool] | None:
    """The claim's persons whose deed the sentence has without who did it, and whether it is to say something."""
    stated, there = read(claim.text), read(sentence.text)
    across = claim.language != sentence.language
    for at, token in enumerate(stated):
        if not _tells(stated, at):
            continue
        who = subject(stated, at, 4)
        if not token.folded.isascii():
            who = [*who, *range(at + 1, min(len(stated), at + 3))]  # علي is a name, and a preposition
        mine = [one for one in persons if any(one.start <= stated[place].start < one.end for place in who)]
        if not mine or any(named_in(one, claim, sentence) for one in mine):
            continue
        says, ends = is_saying(token.folded), frozenset(ends_at(stated, at))
        whole = [(one.start, one.end) for one in mine]
        rest = [
            one
            for one in stated
            if one.content and one is not token and not any(start <= one.start < end for start, end in whole)
        ]
        for place, other in enumerate(there):
            same = answers(token, other, across) or (says and is_saying(other.folded))
            same = same or not ends.isdisjoint(ends_at(there, place))
            if same and _without_subject(there, place, rest, across):
                return mine, says
    return None


def _tells(tokens: Sequence[Token], at: int) -> bool:
    return is_verb(tokens, at) or is_saying(tokens[at].folded)


def _without_subject(there: Sequence[Token], place: int, rest: Sequence[Token], across: bool) -> bool:
    """Whether a word tells a deed without saying whose: after he, in Arabic without a subject, or his (انتقاده).

    `rest` are the claim's words beside the deed and who did it.
    """
    word = there[place].folded
    if word.isascii():
        before = [one.folded for one in there[max(0, place - 4) : place]]
        if before[-1:] and before[-1] in ("his", "her"):
            return True
        return not {"he", "she"}.isdisjoint(before) and not subject(there, place)
    if not _tells(there, place):
        return word.endswith(_HIS)
    who = subject(there, place)
    # What comes next may be what it is done to, which the claim has too: وانتقد العقد.
    return not who or any(answers(one, there[who[0]], across) for one in rest)


def _one_person(name: Name, claim: Claimed, other: Name, source: Source) -> bool:
    return same_name(name.text, other.text) or by_last_word(name, claim, Source(other.text, source.language))


def named_in(name: Name, claim: Claimed, source: Source) -> bool:
    """Whether a person of the claim is named in a text, in whatever spelling."""
    unnamed = {one.said for one in check_names(claim.text, claim.language, source) if one.kind == "name"}
    listed = any(one.text == name.text for one in names(claim.text, claim.language))
    return (listed and name.text not in unnamed) or by_last_word(name, claim, source)


def _speaking(claim: Claimed, mine: Sequence[Name], others: Sequence[Name], source: Source) -> tuple[bool, list[Name]]:
    """Of several persons named, those who speak: whoever spoke goes on speaking (he added)."""
    tokens = read(source.text)
    spans = [(tokens[at].start, tokens[at].end) for one in speeches(tokens) for at in one.speaker]
    words = " ".join(source.text[start:end] for start, end in spans)
    speaker = Source(words, source.language)
    speak = [one for one in others if any(one.start <= start < one.end for start, _ in spans)]
    known = bool(words) and any(named_in(one, claim, speaker) for one in mine)
    return (known, speak) if known or speak else (True, list(others))
