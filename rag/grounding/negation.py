"""Whether a statement turns its source round: negates what is so, or says as done what is possible or planned.

The negations, modals, opposites and quantities of a statement and of the sentences it rests on are compared where they
are over the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.findings import Finding, Source
from rag.grounding.opposing import ends_elsewhere, miscounted, opposed
from rag.grounding.polarity import NEGATIVE_TONE, Level, Operator, folded
from rag.grounding.sides import Side, sides_of, toned
from rag.grounding.wording import (
    Token,
    bearings,
    read,
    resting,
    same_language_stem,
    word_for_word,
)

LEAST_SHARE = 0.28
"""Of the statement's words in a sentence, for it to be what the statement rests on; half of it across languages."""
_FOCUS = 4
"""Words that a verb is over, its subject among them, of which one must be what it turns round."""


def _focus(operator: Operator, side: Side, *, modal: bool = False) -> list[int]:
    """The words by which two sides' operators are compared; none where the other side has too few of them."""
    governed = operator.governed
    if not governed:
        return []
    if not operator.verb and governed[0] in side.partners:
        return [governed[0]]
    focus = list(governed[: _FOCUS + (governed[0] < operator.at) * 4] if operator.verb else governed)
    known = [at for at in focus if at in side.partners]
    if operator.verb:
        return known if 2 * len(known) >= len(focus) and (modal or focus[-1] in known) else []
    return known if len(known) >= 2 and 2 * len(known) >= len(focus) - modal else []


_COPULAS = folded("يكن تكن يكونوا كان كانت be been being is was are were the a an any")
_TIMING = folded("until till before قبل حتى قبيل")


def _strong(operator: Operator, side: Side) -> bool:
    """Whether the word that a particle negates is known in the other text, and is no mere subject or time."""
    if operator.verb or operator.head not in side.partners:
        return False
    after = side.tokens[operator.at + 1].folded if operator.at + 1 < len(side.tokens) else ""
    if after in _COPULAS and side.tokens[operator.at].folded not in ("no", "not", "never"):
        return False
    return not any(token.folded in _TIMING for token in side.tokens[operator.at :])


def _turned_round(side: Side, other: Side, *, added: bool) -> Operator | None:
    """A negation of one side that the other does not have over the same words; `added` if the statement's."""
    for operator in side.negations:
        focus = _focus(operator, side)
        own = side.partners.get(operator.at, ())
        if not focus or any(other.negated(partner) % 2 == side.negated(operator.at) % 2 for partner in own):
            continue
        same = any(
            other.negated(partner) % 2 == side.negated(at) % 2 or _is_negation(other, partner)
            for at in focus
            for partner in side.partners[at]
        )
        if same:
            continue
        if any(side.negated(at) and other.negated(partner) for at in focus for partner in side.partners[at]):
            return operator  # both negate, one of them twice
        if _nearby(other, focus, side):
            continue
        if not _strong(operator, side):
            free = [one for one in other.negations if one.head not in other.partners or one.verb]
            if free or toned(other) or (added and other.modals):
                continue
        return operator
    return None


def _is_negation(side: Side, at: int) -> bool:
    return any(operator.at == at for operator in side.negations)


def _nearby(other: Side, focus: Sequence[int], side: Side) -> bool:
    """Whether the other side has a negation of its own for this: with other words, or one of negative tone."""
    partners = {partner for at in focus for partner in side.partners[at]}
    clauses = {other.tokens[partner].clause for partner in partners}
    for operator in other.negations:
        answered = [at for at in operator.governed if at in other.partners]
        if other.tokens[operator.at].clause in clauses and 2 * len(answered) < len(operator.governed):
            return True
    return any(
        token.clause in clauses
        and (token.folded in NEGATIVE_TONE or token.folded.removeprefix("و").removeprefix("ال") in NEGATIVE_TONE)
        for token in other.tokens
    )


def _made_sure(statement: Side, source: Side) -> Operator | None:
    """A modal of the source over words that the statement has as done, or as surer."""
    for operator in source.modals:
        focus = _focus(operator, source, modal=True)
        partners = [partner for at in focus for partner in source.partners[at]]
        if not focus or any(statement.negated(partner) for partner in partners) or any(map(source.negated, focus)):
            continue
        clauses = {statement.tokens[partner].clause for partner in partners}
        itself = operator.head == operator.at  # سيفتتح: the future's س is in the verb
        if itself and operator.at not in source.partners:
            continue
        if not itself and any(statement.tokens[one].clause in clauses for one in source.partners.get(operator.at, ())):
            continue
        bound = [max(statement.level(partner) for partner in source.partners[at]) > source.level(at) for at in focus]
        if all(bound) and not any(_surer_elsewhere(source, at) for at in focus):
            verb_first = operator.verb and not source.tokens[operator.at].folded.isascii()  # its subject comes next
            known = operator.head in source.partners or (verb_first and len(focus) >= 2)
            near = [one.level for one in statement.modals if not known or statement.tokens[one.at].clause in clauses]
            said = min(near, default=Level.DONE)
            if said > operator.level and not (operator.level == Level.POSSIBLE and said == Level.PLANNED):
                return operator
    return None


def _surer_elsewhere(source: Side, at: int) -> bool:
    """Whether the same word stands in the sentence without a modal too."""
    stem = source.tokens[at].stem
    return any(
        token.stem == stem and source.level(place) > source.level(at) for place, token in enumerate(source.tokens)
    )


def _made_unsure(statement: Side, source: Side) -> Operator | None:
    """A modal of the statement over a verb that the source has as done, and no modal in the source's sentence."""
    if source.modals:
        return None
    for operator in statement.modals:
        head = operator.head
        if operator.verb and not (operator.level == Level.COMING or operator.level == Level.PLANNED):
            continue
        if (
            head is None
            or head not in statement.partners
            or (head != operator.at and operator.at in statement.partners)
        ):
            continue
        if all(_past(source.tokens[partner]) for partner in statement.partners[head]):
            return operator
    return None


def _past(token: Token) -> bool:
    word = token.folded
    if word.isascii():
        return word.endswith("ed") or (same_language_stem(word) != token.stem and token.stem != word)
    return word[0] not in "يتنس" and not word.startswith("ال")


def _phrase(side: Side, at: int) -> str:
    last = min(len(side.tokens) - 1, at + 2)
    return side.text[side.tokens[at].start : side.tokens[last].end]


def check_negation(statement: str, language: str, source: Source) -> list[Finding]:
    """What `statement` negates, or has as done, surer, opposite or other in quantity, and its source has not."""
    tokens = read(statement)
    found = bearings(tokens, language, source.text, source.language)
    least = LEAST_SHARE if language == source.language else LEAST_SHARE / 2
    if not found or found[0].share < least or word_for_word(statement, source.text):
        return []
    findings: list[Finding] = []
    for bearing in resting(found):
        here, there = sides_of(statement, tokens, bearing)
        if added := _turned_round(here, there, added=True):
            findings.append(Finding("negation", here.written(added)))
        elif left_out := _turned_round(there, here, added=False):
            findings.append(Finding("negation", statement.strip(), there.written(left_out)))
        elif places := opposed(here, there, ends_elsewhere(source.text, bearing)):
            findings.append(Finding("negation", _phrase(here, places[0]), _phrase(there, places[1])))
        elif unsure := _made_sure(here, there):
            findings.append(Finding("negation", statement.strip(), there.written(unsure)))
        elif sure := _made_unsure(here, there):
            findings.append(Finding("negation", here.written(sure)))
        elif counted := miscounted(here, there):
            findings.append(Finding("negation", _phrase(here, counted[0]), _phrase(there, counted[1])))
        if findings:
            break
    return findings
