"""What a source says in the place of a claim's number, date or name, or how it turns the claim round.

A value that a source merely lacks is no contradiction. One of the same kind, that the claim does not have, in the very
sentence that says the rest of the claim, is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rag.analysis import fold, folded_words
from rag.grounding.findings import Finding, Source
from rag.grounding.names.check import Name, names
from rag.grounding.names.source import is_given_name
from rag.grounding.nearby import Around, keys, surroundings
from rag.grounding.negation.modality import modals
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposites import ends_at
from rag.grounding.negation.verbs import is_verb
from rag.grounding.numbers.amount import borne_out
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.numbers.units import family
from rag.grounding.times.moment import Moment, agree, precision, same_duration
from rag.grounding.times.moments import moments
from rag.grounding.wording import answers, read

_PLACES = frozenset(("place", "other"))
"""Kinds of names that stand for each other: a nationality may be either."""


_ADJECTIVE = re.compile("(?<=..)(?:ans?|ites?|ese|ish|i|ch|ي|يه|يين|يون|يان)$")


_PEOPLE = folded_words("people person persons inhabitants شخص شخصا أشخاص نسمة")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim, or a sentence of one, in `language` (ISO 639-1)."""

    text: str
    language: str


def rival_of(claim: Claimed, finding: Finding, sentence: Source, *, same: bool) -> str | None:
    """What `sentence` has in the place of what was found wrong in the claim, as written; None where it has nothing.

    `same` if it has nearly all other words of the claim: then a number is in the place of another whatever it counts.
    Of a negation it is the words that turn the claim round; "" where the claim alone is negated.
    """
    match finding.kind:
        case "number":
            return _number(claim, finding.said, sentence, same)
        case "date":
            return _date(claim, finding.said, sentence)
        case "name":
            return _name(claim, finding.said, sentence)
        case "negation":
            return _turned(claim, finding, sentence)
    return None


def _number(claim: Claimed, said: str, sentence: Source, same: bool) -> str | None:
    stated, found = quantities(claim.text, claim.language), quantities(sentence.text, sentence.language)
    there = [other for other in found if not any(borne_out(one, other) for one in stated)]
    mine = [one for one in stated if claim.text[one.start : one.end] == said]
    # 289 votes to 32, where the sentence has 389 to 32: the same vote.
    same = same or any(one not in mine and borne_out(one, other) for one in stated for other in found)
    for alike in (_counts_the_same, _may_count_the_same) if same else (_counts_the_same,):
        for one in mine:
            rivals = [other for other in there if alike(one, other)]
            if one.ordinal:  # its noun stands on either side: the Fourth Division, الفرقة الرابعة
                slot = surroundings(claim.text, [(one.start, one.end)])[0].nearest
                around = surroundings(sentence.text, [(other.start, other.end) for other in there])
                rivals = [
                    other
                    for other, place in zip(there, around, strict=True)
                    if other.ordinal and Around(slot).shared(Around(place.nearest))
                ]
            if rivals:
                best = min(rivals, key=lambda other: abs(other.value - one.value))
                return sentence.text[best.start : best.end]
    return None


def misstated(claim: Claimed, sentence: Source, near: Source) -> list[Finding]:
    """The claim's numbers that `near` does not have as they are, where `sentence` counts the same thing otherwise.

    The checks of a model's statement let a number pass that may be computed from others; a claim is held to its words.
    """
    found = quantities(near.text, near.language)
    missing = [
        one for one in quantities(claim.text, claim.language)
        if not one.ordinal and not one.vague and not any(borne_out(one, other) for other in found)
    ]  # fmt: skip
    findings = [Finding("number", claim.text[one.start : one.end]) for one in missing]
    return [one for one in findings if rival_of(claim, one, sentence, same=False) is not None]


def _counts_the_same(one: Quantity, other: Quantity) -> bool:
    if one.ordinal != other.ordinal or (one.unit == "percent") != (other.unit == "percent"):
        return False
    if one.unit and other.unit:
        return family(one.unit) == family(other.unit)
    return not _counted(one).isdisjoint(_counted(other))


def _counted(one: Quantity) -> frozenset[str]:
    if one.noun in _PEOPLE:  # words that tell one number from another nowhere else
        return frozenset(("people",))
    return frozenset(key for word in (one.noun, one.unit) if word for key in keys(word))


def _may_count_the_same(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers are of one kind, though what they count is said in other words, or not at all."""
    return not one.ordinal and not other.ordinal and one.unit == other.unit


def _date(claim: Claimed, said: str, sentence: Source) -> str | None:
    stated = moments(claim.text, claim.language, sentence.published)
    mine = [one for one in stated if claim.text[one.start : one.end] == said]
    there = moments(sentence.text, sentence.language, sentence.published)
    years = frozenset(other.year for other in there if other.year is not None)
    for one in mine:
        for other in there:
            if _conflict(one, other, sentence, years) and not any(
                same is not one and same.kind == other.kind == "date" and agree(same, other, sentence.published, years)
                for same in stated
            ):
                return sentence.text[other.start : other.end]
    return None


def _conflict(one: Moment, other: Moment, sentence: Source, years: frozenset[int]) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind == "duration":
        return not same_duration(one, other)
    if one.kind == "clock":
        return one.count != other.count
    # A year beside an event is often of something else (the budget for 2026): no rival of a day or a month.
    least = 5 if precision(one) >= 5 else 3
    return precision(other) >= least and agree(one, other, sentence.published, years) is False


def _name(claim: Claimed, said: str, sentence: Source) -> str | None:
    stated = names(claim.text, claim.language)
    mine = next((one for one in stated if one.text == said), None)
    kind = mine.kind if mine is not None else "other"
    there = [(other, *_rest(other, claim, sentence)) for other in names_in(sentence, stated)]
    there = [(other, start, end) for other, start, end in there if start < end]
    begin = claim.text.find(said)
    slot = surroundings(claim.text, [(begin, begin + len(said))])[0]
    places = surroundings(sentence.text, [(start, end) for _, start, end in there])
    rivals = []
    for (other, start, end), around in zip(there, places, strict=True):
        shared, alike = slot.shared(around), _alike(other.kind, kind)
        adjective = of_people(other)
        if mine is not None and adjective != of_people(mine):
            if not shared:
                continue
            start, end = with_head(sentence, start, end) if adjective else (start, end)
        # What a name is of is a guess where no list knows it: then it must stand by the same words.
        if alike or (shared and not other.means):
            rivals.append((shared, alike, -start, sentence.text[start:end]))
    if rivals:
        return max(rivals)[-1]
    given = _given_names(claim, sentence) if kind == "person" else []
    return sentence.text[slice(*given[0])] if given else None


def of_people(name: Name) -> bool:
    """Whether a name is an adjective of a country (Italian, الإيطالية): it stands beside what it describes."""
    if not name.means or name.kind not in _PLACES or name.means.isdisjoint(_countries()[0]):
        return False
    word = fold(name.text).split()[-1]
    bare = word.removeprefix("و").removeprefix("ال")
    if bare in _countries()[1] or word in _countries()[1]:
        return False
    return bool(_ADJECTIVE.search(bare))


def with_head(sentence: Source, start: int, end: int) -> tuple[int, int]:
    """An adjective of a country with what it describes: Qatari foreign minister, وزير الخارجية القطري."""
    there = read(sentence.text)
    at = next((at for at, token in enumerate(there) if token.start >= start), 0)
    step = 1 if there[at].folded.isascii() else -1
    noun = at + step
    if not 0 <= noun < len(there) or not there[noun].content or is_verb(there, noun):
        return start, end
    further = noun + step
    # The Arabic one agrees with the first noun, of which the second is: a man's before a woman's.
    apart = step > 0 or (there[noun].folded.endswith("ه") and not there[at].folded.endswith("ه"))
    if apart and 0 <= further < len(there) and there[further].content and not is_verb(there, further):
        noun = further
    return min(start, there[noun].start), max(end, there[noun].end)


@cache
def _countries() -> tuple[frozenset[str], frozenset[str]]:
    """The codes of countries, and their names in both languages, folded and without article."""
    from babel import Locale

    listed = [Locale(language).territories for language in ("en", "ar")]
    named = [(str(code), str(name)) for one in listed for code, name in one.items() if len(str(code)) == 2]
    return frozenset(code for code, _ in named), frozenset(fold(name).removeprefix("ال") for _, name in named)


def names_in(sentence: Source, besides: Sequence[Name]) -> list[Name]:
    """The names in `sentence` that mean none of those `besides`."""
    known = frozenset(meaning for one in besides for meaning in one.means)
    return [other for other in names(sentence.text, sentence.language) if known.isdisjoint(other.means)]


def by_last_word(name: Name, claim: Claimed, sentence: Source) -> bool:
    """Whether the sentence has a name of the claim by its last word alone: Trump, for Donald Trump."""
    last, there = read(name.text)[-1], read(sentence.text)
    if claim.language != sentence.language:
        return any(answers(last, token, True) for token in there)
    # By how it is written: the roots of verbs say nothing of names (نصيف is not وصف).
    return any(last.folded in (token.folded, token.folded[1:] if token.folded[0] in "وفبل" else "") for token in there)


def _alike(one: str, other: str) -> bool:
    return one == other or (one in _PLACES and other in _PLACES)


def _rest(name: Name, claim: Claimed, sentence: Source) -> tuple[int, int]:
    """Where in the sentence the words of `name` stand that the claim does not have: first to last; empty if none."""
    across = claim.language != sentence.language
    stated = read(claim.text)
    left = [
        token for token in read(name.text)
        if token.content and not any(answers(one, token, across) for one in stated)
    ]  # fmt: skip
    return (name.start + left[0].start, name.start + left[-1].end) if left else (name.start, name.start)


def _given_names(claim: Claimed, sentence: Source) -> list[tuple[int, int]]:
    """Where the sentence has a given name that the claim does not have, with the word after it."""
    across = claim.language != sentence.language
    stated, there = read(claim.text), read(sentence.text)
    found = []
    for at, token in enumerate(there):
        known = any(answers(one, token, True) if across else one.folded == token.folded for one in stated)
        if token.content and is_given_name(token.folded) and not known:
            following = there[at + 1] if at + 1 < len(there) and there[at + 1].content else token
            found.append((token.start, following.end))
    return found


def _turned(claim: Claimed, finding: Finding, sentence: Source) -> str | None:
    """The words of the sentence that say the opposite; None where it only says it with another certainty."""
    if not finding.instead:
        stated = read(finding.said)
        return "" if negations(stated) and not modals(stated) else None
    if finding.instead not in sentence.text:
        return None
    there = read(finding.instead)
    if negations(read(sentence.text)) and negations(there):
        return finding.instead
    if any(token.stem and ends_at(there, at) for at, token in enumerate(there)):
        return finding.instead
    return None
