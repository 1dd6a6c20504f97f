"""What a sentence that tells of a vote says of the thing voted on: that it was to be, or that it was not to be.

Who voted to do something with a thing need not be for it: to kill a plan is to be against it, and of most deeds (to
rename it, to discuss it) it cannot be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.analysis import folded_words, stem
from rag.grounding.negation.opposites import End, ends_at, ends_of, without_object
from rag.grounding.wording import Token, read, same_language_stem

VOTES = frozenset(
    prefix + word
    for word in folded_words("vote votes voted voting صوت صوتت صوتوا صوتا يصوت تصوت يصوتون")
    for prefix in ("", *("وف" if not word.isascii() else ""))
)
FOR = folded_words("for favour favor لصالح مع")
"""Of a vote: for something, in favour of it."""
_ABSTAINED = frozenset(
    prefix + word
    for word in folded_words(
        "abstain abstains abstained abstaining abstention abstentions امتنع امتنعت امتنعوا امتنعتا يمتنع تمتنع ممتنعة"
    )
    for prefix in ("", *("وف" if not word.isascii() else ""))
)
_AGAINST = folded_words("against ضد ضده ضدها")
_YES_OR_NO = {"yes": 1, "aye": 1, "no": -1, "nay": -1, "بنعم": 1, "بلا": -1}
_FATES = frozenset("yes enact welcome confirm keep build begin open restore impose".split())
"""The axes of opposites that tell what becomes of a thing: it is approved, or it is ended."""
_BESIDES = "more"
"""To raise a budget is for it, to raise a ban (both رفع) against it: a word that is on this axis too must agree."""
_FURTHER = {same_language_stem(word): 1 for word in ("further", "fund")}
_HINDER = {
    same_language_stem(word): -1
    for word in "kill shelve postpone bury delay ditch axe quash derail stall defer defund sink".split()
}
_IN_ENGLISH = _FURTHER | _HINDER
_IN_ARABIC = {
    **dict.fromkeys(folded_words("اعتماد تبني تمرير تمويل"), 1),
    **dict.fromkeys(folded_words("تأجيل إرجاء إسقاط تجميد دفن إفشال تعطيل شطب عرقلة طي"), -1),
}
"""Words that tell the same of a thing that is voted on, and have no opposite in general."""
_REACH = 5
"""Words after a vote in which its "for" stands."""
_REACH_AGAINST = 8
_LITTLE = frozenset(("the", "a", "an", "of", "its", "their"))


def vote_of(tokens: Sequence[Token], at: int, own: frozenset[str] = frozenset()) -> set[End] | None:
    """Whether a word of a sentence that tells of a vote says that it was for the thing or against it.

    That is its "for" or "against", with the deed after it ("for scrapping it"), a yes or no, and the deed of "voted to"
    or «صوت على»: none for one of which it cannot be told, but that of the question (its stems are `own`) is for it.
    None for a word that says nothing of a vote.
    """
    word = tokens[at].folded
    before = [one.folded for one in tokens[max(0, at - _REACH) : at]]
    if word in _YES_OR_NO and not VOTES.isdisjoint(before[-1:]):
        return {End("yes", _YES_OR_NO[word])}
    if sign := _particle(tokens, at):
        return {End("yes", sign * (_fate(tokens, deed) if (deed := _deed_after(tokens, at)) else 1))}
    if any(_particle(tokens, one) and _deed_after(tokens, one) == at for one in range(max(0, at - 4), at)):
        return set()  # as its particle says
    if not deed_of_vote(tokens, at):
        return None
    fate = 1 if tokens[at].stem in own else _fate(tokens, at)
    return {End("yes", fate)} if fate else set()


def abstained(tokens: Sequence[Token]) -> bool:
    """Whether somebody took no side in a vote."""
    return any(one.folded in _ABSTAINED for one in tokens)


def deed_of_vote(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is what was voted to be done: "voted to approve", «صوت على إقرار»."""
    first = at
    while first and (tokens[first - 1].folded == "not" or tokens[first - 1].folded.endswith("ly")):
        first -= 1
    before = [one.folded for one in tokens[max(0, first - _REACH) : first]]
    if VOTES.isdisjoint(before):
        return False
    if before[-1] == "to":
        return before[-2:-1] not in (["right"], ["whether"])
    word = tokens[at].folded
    return bool(_fate(tokens, at)) and (before[-1] == "علي" or (word.startswith("ل") and before[-1] in VOTES))


@lru_cache(1 << 8)
def own_deeds(question: str) -> frozenset[str]:
    """The stems of what a question is about; who voted for a ban is for what is done by "voted to ban"."""
    asked = read(question)
    return frozenset(
        one.stem
        for at, one in enumerate(asked)
        if one.stem and one.content and not (deed_of_vote(asked, at) and _fate(asked, at) < 0)
    )


def of_deed(tokens: Sequence[Token], at: int) -> bool:
    """Whether a "for" or "against" of a vote, or its "to", is of a deed that ends something: no thing to be for."""
    if _particle(tokens, at):
        return _deed_after(tokens, at) is not None
    sided = any(end.axis == "yes" for end in ends_at(tokens, at))
    return deed_of_vote(tokens, at) and _fate(tokens, at) < 0 and not sided


def _particle(tokens: Sequence[Token], at: int) -> int:
    """Of a vote: 1 for its "for", -1 for its "against", 0 for any other word."""
    word = tokens[at].folded
    if word not in FOR and word not in _AGAINST:
        return 0
    before = [one.folded for one in tokens[max(0, at - (_REACH if word in FOR else _REACH_AGAINST)) : at]]
    if VOTES.isdisjoint(before) or (word in FOR and not _AGAINST.isdisjoint(before)):
        return 0
    return 1 if word in FOR else -1


def _deed_after(tokens: Sequence[Token], at: int) -> int | None:
    """Where the deed of a "for" stands, if there is one that ends something: for scrapping, for the repeal of."""
    place = at + 1
    while place < len(tokens) and tokens[place].folded in _LITTLE:
        place += 1
    if place >= len(tokens) or _fate(tokens, place) >= 0:
        return None
    word, after = tokens[place].folded, tokens[place + 1].folded if place + 1 < len(tokens) else ""
    if word.isascii():
        return place if word.endswith("ing") or after == "of" else None
    bare = word.removeprefix("ال")  # of إلغاء these are letters of its own
    return None if bare != word and (ends_of(bare) or _listed(bare)) else place


def _fate(tokens: Sequence[Token], at: int) -> int:
    """What a deed is to the thing to which it is done: 1 where it furthers it, -1 where it ends it, 0 otherwise."""
    word = tokens[at].folded
    if at + 1 < len(tokens) and tokens[at + 1].folded in ("down", "out") and (ends := ends_at(tokens, at + 1)):
        return ends[0].sign
    listed = _IN_ENGLISH.get(stem(word), 0) if word.isascii() else _listed(word)
    ends = ends_at(tokens, at)
    signs = {end.sign for end in ends if end.axis in _FATES}
    if len(signs) != 1 or not signs.issuperset(end.sign for end in ends if end.axis == _BESIDES):
        return listed
    return listed or signs.pop()


def _listed(word: str) -> int:
    forms = (word, word.removeprefix("ل"), without_object(word))
    return next((_IN_ARABIC[one] for one in forms if one in _IN_ARABIC), 0)
