"""What a sentence in another language says of a claim: how much of it stands there, and what is opposite in it.

Translations are free, and the small glossary that other checks keep to has gaps. How much of a claim a sentence says is
counted by all words that are known for searching, and words that no glossary knows are left out: they cannot be looked
for. That a sentence has nearly all of a claim tells that it is about the very same thing, not that it says the same; so
it is held to what turns a claim round, too: a negation on one side alone, and a word whose opposite stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from rag.analysis import Words, folded_words
from rag.bilingual import Bridge, search_glossary
from rag.claims.rivals import Claimed
from rag.grounding.findings import Finding, Source
from rag.grounding.names.check import names
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposites import ends_at
from rag.grounding.wording import Token, answers, read

_PREFIXES = ("un", "in", "im", "non", "il", "ir", "dis")
_LESS = folded_words(
    """without lack lacks lacked lacking absence absent hardly rarely barely seldom few little only except despite
    although instead neither nor بدون دون بلا عدم غير قلما نادرا إلا سوى فقط رغم انعدام غياب افتقار ليس ليست لم لن لا"""
)
"""Words by which a sentence may negate without a particle that is over anything."""


def said_in(claim: Claimed, sentence: Source, weights: Mapping[int, float], covered: AbstractSet[int]) -> float:
    """The share of the claim's words, by `weights`, that `sentence` has in any way that is known for searching.

    `weights` are by the words' places, `covered` those found by the smaller glossary. 0 to 1.
    """
    tokens = read(claim.text)
    found, unknown = _found(claim.text, sentence.text)
    named = [(one.start, one.end) for one in names(claim.text, claim.language)]
    here = {at for at in weights if at in covered or tokens[at].folded in found}
    out = {
        at
        for at in weights.keys() - here
        if tokens[at].folded in unknown and not any(start <= tokens[at].start < end for start, end in named)
    }
    whole = sum(weight for at, weight in weights.items() if at not in out)
    return sum(weights[at] for at in here) / whole if whole else 0.0


@lru_cache(1 << 8)
def _found(claim: str, sentence: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of `claim`, folded, that stand in a `sentence` of the other language, and those nobody knows."""
    ways = search_glossary().ways(claim, inflected=True)
    bridge = Bridge(claim, {word: 1.0 for word, _ in ways}, search_glossary(), inflected=True)
    found = {word for phrase in bridge.found(Words.of(sentence)) for word in phrase.split()}
    unknown = {word for phrase, known in ways if not known for word in phrase.split()}
    return frozenset(found), frozenset(unknown - found)


def negated_alone(claim: Claimed, sentence: Source) -> Finding | None:
    """That the claim negates something, and the sentence negates nothing in any way that is known."""
    stated, there = read(claim.text), read(sentence.text)
    denied = [one for one in negations(stated) if not one.verb and one.governed]
    if not denied or negations(there) or any(_less(token) for token in there):
        return None
    first = denied[0]
    places = (first.at, *first.governed[:2])
    said = claim.text[stated[min(places)].start : stated[max(places)].end]
    return Finding("negation", said)


def _less(token: Token) -> bool:
    word = token.folded
    bare = word[1:] if word[:1] in "وفبل" and len(word) > 3 else word
    if word in _LESS or bare in _LESS:
        return True
    return word.isascii() and len(word) > 6 and word.startswith(_PREFIXES)


def opposite(claim: Claimed, sentence: Source) -> Finding | None:
    """That the sentence has the opposite of a word of the claim, and that word in none of its forms."""
    stated, there = read(claim.text), read(sentence.text)
    ends = [(at, end) for at, token in enumerate(there) if token.stem for end in ends_at(there, at)]
    for at, token in enumerate(stated):
        mine = ends_at(stated, at) if token.stem else ()
        if not mine or any(answers(token, other, True) for other in there):
            continue
        axes = {end.axis: end.sign for end in mine}
        if any(axes.get(end.axis) == end.sign for _, end in ends):
            continue
        other = next((place for place, end in ends if axes.get(end.axis) == -end.sign), None)
        if other is not None and not any(answers(one, there[other], True) for one in stated):
            said, instead = claim.text[token.start : token.end], sentence.text[there[other].start : there[other].end]
            return Finding("opposite", said, instead)
    return None
