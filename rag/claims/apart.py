"""Why a sentence that is near a claim does not bear it out: it is of somebody else, or denied, or of something else.

Each finding says what is told to the reader: the claim's words, and the source's in their place.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from rag.analysis import folded_words
from rag.bilingual import same_name
from rag.claims.antecedents import Antecedent, named_in, persons_in
from rag.claims.phrases import about
from rag.claims.rivals import Claimed, names_in
from rag.grounding.findings import Finding, Source
from rag.grounding.names.check import Name, check_names, names
from rag.grounding.names.gazetteer import load_lists
from rag.grounding.nearby import surroundings
from rag.grounding.negation.negations import negations
from rag.grounding.negation.operators import Operator
from rag.grounding.negation.verbs import is_verb, other_agent, subject
from rag.grounding.reasons import listed
from rag.grounding.wording import Token, answers, read, sentences_of

_DENIES = folded_words("deny denies denied denying نفى نفت نفوا ينفي تنفي أنكر أنكرت ينكر تنكر")


def persons_apart(claim: Claimed, sentence: Source) -> Finding | None:
    """Of a claim about persons, a sentence that names another person, and none of them."""
    mine = persons_in(claim.text, claim.language)
    others = [one.text for one in persons_in(sentence.text, sentence.language)] if mine else []
    if others and not any(named_in(one, claim, sentence) for one in mine):
        said = listed([one.text for one in mine], claim.language)
        return Finding("about", said, listed(others, claim.language))
    return None


def unsure_of(claim: Claimed, found: Antecedent | None) -> Finding | None:
    """A sentence that does not name who did it, and by what stands before is not, or not surely, of the claim's."""
    if found is None or found.same:
        return None
    return Finding("unsure", listed(found.said, claim.language), listed(found.others, claim.language))


def named_otherwise(claim: Claimed, sentence: Source) -> Finding | None:
    """A sentence that has, by the same words, another name of the same kind for one of the claim's, and not that.

    That its neighbours have the claim's name does not help: the foreign minister who stayed away was another country's.
    """
    stated = names(claim.text, claim.language)
    there = [
        other for other in names_in(sentence, stated) if not any(same_name(one.text, other.text) for one in stated)
    ]
    missing = {finding.said for finding in check_names(claim.text, claim.language, sentence)} if there else set()
    mine = [one for one in stated if one.text in missing and one.kind in ("person", "place")]
    if not mine:
        return None
    slots = surroundings(claim.text, [(one.start, one.end) for one in mine])
    places = surroundings(sentence.text, [(one.start, one.end) for one in there])
    for one, slot in zip(mine, slots, strict=True):
        for other, around in zip(there, places, strict=True):
            if one.kind != other.kind or not slot.shared(around):
                continue
            if _belongs(one, other):  # Italian police, in Salerno
                continue
            return about(one.text, other.text, claim, sentence)
    return None


def _belongs(one: Name, other: Name) -> bool:
    """Whether one place is part of the other, by what the lists know."""
    parents = load_lists().parents
    above = [frozenset().union(*(parents.get(part, frozenset()) for part in name.means)) for name in (one, other)]
    return not above[0].isdisjoint(other.means) or not above[1].isdisjoint(one.means)


def turned(claim: Claimed, sentence: Source) -> Finding | None:
    """A sentence that denies something, or negates words that it shares with a claim that negates nothing."""
    stated, there = read(claim.text), read(sentence.text)
    if negations(stated):
        return None
    for token in there:
        if token.stem and token.folded.removeprefix("و").removeprefix("ف") in _DENIES:
            return Finding("negated", "", sentence.text[token.start : token.end])
    across = claim.language != sentence.language
    for operator in negations(there):
        if any(answers(one, there[operator.at], across) for one in stated):
            continue  # الامتناع, for abstain: the claim says so too
        if any(answers(one, there[at], across) for at in operator.governed for one in stated):
            return Finding("negated", "", _written(sentence.text, there, operator))
    return None


def _written(text: str, tokens: tuple[Token, ...], operator: Operator) -> str:
    """A negation with the first words that it is over."""
    places = (operator.at, *operator.governed[:2])
    return text[tokens[min(places)].start : tokens[max(places)].end]


def denied(claim: Claimed, passage: Source) -> Finding | None:
    """A sentence of the passage that says of the claim's own subject that it did not do what the claim says.

    "The Senate has not voted", beside "The bill passed by 389 votes": it passed elsewhere.
    """
    stated, across = read(claim.text), claim.language != passage.language
    if negations(stated):
        return None
    deeds = [
        (at, who)
        for at, one in enumerate(stated)
        if one.content and is_verb(stated, at) and (who := subject(stated, at))
    ]
    for part in sentences_of(passage.text) if deeds else ():
        governed = {at for operator in negations(part.tokens) for at in operator.governed}
        for at, who in deeds:
            if any(answers(stated[at], part.tokens[one], across) for one in governed) and all(
                any(answers(stated[one], other, across) for other in part.tokens) for one in who
            ):
                return Finding("undone", "", part.text.strip())
    return None


def by_another(claim: Claimed, sentence: Source, named: AbstractSet[int]) -> Finding | None:
    """A sentence that has a verb of the claim of somebody else alone; `named` are the places of the claim's names."""
    stated, there = read(claim.text), read(sentence.text)
    found = other_agent(stated, there, named, claim.language != sentence.language)
    if found is None:
        return None
    (mine, theirs) = found
    said = claim.text[stated[mine[0]].start : stated[mine[-1]].end]
    return Finding("agent", said, sentence.text[there[theirs[0]].start : there[theirs[-1]].end])
