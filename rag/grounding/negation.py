"""Whether a statement turns its source round: negates what is so, or says as done what is possible or planned.

The negations, modals, opposites and quantities of a statement and of the sentences it rests on are compared where they
are over the same words.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.findings import Finding, Source
from rag.grounding.opposing import miscounted, opposed, opposed_by_number, opposed_by_subject
from rag.grounding.opposites import ends_at, with_verb
from rag.grounding.polarity import MAYBE, NEGATIVE_TONE, Level, Operator, folded, negations, tone_at
from rag.grounding.sides import Side, sides_of, toned
from rag.grounding.speech import is_saying
from rag.grounding.wording import (
    Bearing,
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
        if 2 * len(known) >= len(focus) and (modal or focus[-1] in known):
            return known
        # A subject with its titles may be all of the first words: نفى وزير المالية محمد الجدعان وجود خطة.
        known = [at for at in governed if at in side.partners]
        enough = len(known) >= _FOCUS - 1 and 2 * len(known) >= len(governed) and governed[-1] in known
        return known if enough and not modal else []
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


def _turned_round(side: Side, other: Side, besides: Sequence[Side], *, added: bool) -> Operator | None:
    """A negation of one side that the other does not have over the same words; `added` if the statement's.

    `besides` are the source's other sentences, each as the side opposite to the statement.
    """
    for operator in side.negations:
        focus = _focus(operator, side)
        own = [one for one in side.partners.get(operator.at, ()) if operator.verb or _is_negation(other, one)]
        if not focus or any(other.negated(partner) % 2 == side.negated(operator.at) % 2 for partner in own):
            continue
        if any(one.at in operator.governed[:1] for one in side.negations) and _twice(operator, side, other):
            return operator
        same = any(
            other.negated(partner) % 2 == side.negated(at) % 2 or _is_negation(other, partner)
            for at in focus
            for partner in side.partners[at]
        )
        if same:
            continue
        if any(side.negated(at) and other.negated(partner) for at in focus for partner in side.partners[at]):
            return operator  # both negate, one of them twice
        if (
            _nearby(other, focus, side, operator)
            or _by_opposite(operator, side, other)
            or _compares(operator, side)
            or _both_possible(operator, focus, side, other)
        ):
            continue
        if added:
            clause = side.tokens[operator.at].clause
            named = {at for at, token in enumerate(side.tokens) if token.clause == clause} | set(operator.governed)
            about = [one for one in besides if _is_about(one, operator, named)]
            if any(_free(one, side, operator) for one in (other, *about)):
                continue
        elif _free(other, side, operator) or _plain_elsewhere(focus, side, besides):
            continue
        if not _strong(operator, side):
            free = [one for one in other.negations if one.head not in other.partners or one.verb]
            if free or toned(other, operator) or (added and other.modals):
                continue
        return operator
    return None


_SHORT = 4
"""Words that a negation is over, at most, for its object alone to tell what is negated."""


def _only_negated(statement: Side, source: Side, besides: Sequence[Side]) -> Operator | None:
    """A negation of the source whose object the statement has, of the same subject, with no word that says not.

    The verb is another, or the other language's: the mission was not funded by industry, industry paid for it.
    """
    if statement.negations or any(tone_at(statement.tokens, at, NEGATIVE_TONE) for at in range(len(statement.tokens))):
        return None
    for operator in source.negations:
        governed = operator.governed
        if operator.verb or not 1 <= len(governed) <= _SHORT or governed[-1] not in source.partners:
            continue
        token = source.tokens[operator.at]
        told = [
            at
            for at in source.partners
            if at not in governed
            and source.tokens[at].clause == token.clause
            and not is_saying(source.tokens[at].folded)
        ]
        known = [at for at in governed if at in source.partners]
        compared = any(
            token.folded in _COMPARING and token.folded != "before" for token in source.tokens[operator.at :]
        )
        apart = compared or any(source.negated(at) > 1 for at in known)
        if len(told) < 1 or apart or _plain_elsewhere(known, source, besides):
            continue
        if any(one.at in told or set(one.governed) & set(known) for one in source.modals):
            continue
        return operator
    return None


def _twice(operator: Operator, side: Side, other: Side) -> bool:
    """Whether a doubled negation (did not rule out) is over words of which most are negated once in the other."""
    known = [at for at in operator.governed if at in side.partners]
    once = [at for at in known if any((other.negated(one) + side.negated(at)) % 2 for one in side.partners[at])]
    return 2 * len(once) > len(known) and any(other.negated(one) for at in once for one in side.partners[at])


def _noncommittal(side: Side) -> bool:
    """Whether a sentence says that something is neither confirmed nor denied."""
    signs = {
        end.sign
        for at, token in enumerate(side.tokens)
        if token.content and any(at in one.governed for one in side.negations)
        for end in ends_at(side.tokens, at)
        if end.axis == "confirm"
    }
    return len(signs) > 1


_CLAUSES_APART = 2
_COMPARING = folded(
    """more higher greater larger lower exceed exceeded exceeding surpass surpassed match matched before such ever again
    يفوق تفوق أعلى أكثر أكبر أشد أقل تجاوز يتجاوز تتجاوز مثل مثيل مثيلا مسبوق سبق أفضل أقوى يضاهي"""
)


def _is_about(side: Side, operator: Operator, named: set[int]) -> bool:
    """Whether a sentence has something that the statement's negation is over, or two words of its clause."""
    over = set(operator.governed)
    return any(over & set(places) for places in side.partners.values()) or (
        sum(bool(named & set(places)) for places in side.partners.values()) >= 2
    )


def _compares(operator: Operator, side: Side) -> bool:
    """Whether a negation is over a comparison (no month was hotter): another way to say what is most."""
    return any(token.folded in _COMPARING for token in side.tokens[operator.at : operator.at + 14])


def _by_opposite(operator: Operator, side: Side, other: Side) -> bool:
    """Whether the other side says the same with the opposite word (not public, سري)."""
    ends = {} if operator.head is None else dict(ends_at(side.tokens, operator.head))
    return any(ends.get(axis) == -sign for at in range(len(other.tokens)) for axis, sign in ends_at(other.tokens, at))


def _both_possible(operator: Operator, focus: Sequence[int], side: Side, other: Side) -> bool:
    """Whether both only say what may be: what may be so may also not be."""
    here = {side.tokens[operator.at].clause}
    there = {other.tokens[partner].clause for at in focus for partner in side.partners[at]}
    return all(
        any(
            each.tokens[one.at].folded in MAYBE and abs(each.tokens[one.at].clause - clause) <= _CLAUSES_APART
            for one in each.modals
            for clause in clauses
        )
        for each, clauses in ((side, here), (other, there))
    )


def _free(side: Side, other: Side, operator: Operator) -> bool:
    """Whether a side negates, or doubts, something that no negation of the other but `operator` answers for."""
    for one in side.negations:
        answers = {partner for at in (one.at, *one.governed) for partner in side.partners.get(at, ())}
        rest = [theirs for theirs in other.negations if theirs.at != operator.at]
        if not any(theirs.at in answers or answers & set(theirs.governed) for theirs in rest):
            return True
    return toned(side, operator)


def _plain_elsewhere(focus: Sequence[int], source: Side, besides: Sequence[Side]) -> bool:
    """Whether another sentence of the source has the statement's words of `focus` without negation and modal."""
    wanted = {partner for at in focus for partner in source.partners[at]}
    for one in besides:
        plain = {
            partner
            for at, places in one.partners.items()
            if not one.negated(at) and one.level(at) == Level.DONE
            for partner in places
        }
        if 5 * len(wanted & plain) >= 3 * len(wanted):
            return True
    return False


def _is_negation(side: Side, at: int) -> bool:
    return any(operator.at == at for operator in side.negations)


def _nearby(other: Side, focus: Sequence[int], side: Side, operator: Operator) -> bool:
    """Whether the other side has a negation of its own for this: with other words, or one of negative tone."""
    partners = {partner for at in focus for partner in side.partners[at]}
    clauses = {other.tokens[partner].clause for partner in partners}
    for one in other.negations:
        answered = [at for at in one.governed if at in other.partners]
        if other.tokens[one.at].clause in clauses and 2 * len(answered) < len(one.governed):
            return True
    return any(
        token.clause in clauses
        and tone_at(other.tokens, at, NEGATIVE_TONE)
        and not set(operator.governed) & set(other.partners.get(at, ()))
        for at, token in enumerate(other.tokens)
    )


_HEDGES = folded(
    """suspect suspects suspected hint hints hinted willing willingness ready readiness chance chances conditional
    depend
    depends depended hinge hinges allowed permitted entitled able doubt doubts doubted questioned
    يشتبه تشتبه اشتباه استعداد استعداده استعدادها مستعد مستعدة يحق مسموح مسموحا يسمح شأن شأنه شأنها بشرط رهن مرهون شريطة
    يعتقد تعتقد شكك يشكك شككت تلويح حال"""
)
"""Words with which a statement says what may be so, without any of the modals."""


def _hedged(side: Side) -> bool:
    """Whether a statement says in some other way that something may be, or is allowed."""
    return any(token.folded.removeprefix("و") in _HEDGES for token in side.tokens)


def _made_sure(statement: Side, source: Side, besides: Sequence[Side]) -> Operator | None:
    """A modal of the source over words that the statement has as done, or as surer."""
    hedged = _hedged(statement)
    for operator in source.modals:
        if hedged and operator.level == Level.POSSIBLE:
            continue
        focus = _focus(operator, source, modal=True)
        partners = [partner for at in focus for partner in source.partners[at]]
        if not focus or any(statement.negated(partner) for partner in partners) or any(map(source.negated, focus)):
            continue
        if _plain_elsewhere(focus, source, besides):
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
        if statement.negated(head) or any(one.at == operator.at + 1 for one in statement.negations):
            continue  # would not: refused
        if all(_past(source.tokens[partner]) for partner in statement.partners[head]):
            return operator
    return None


def _past(token: Token) -> bool:
    word = token.folded
    if word.isascii():
        return word.endswith("ed") or (same_language_stem(word) != token.stem and token.stem != word)
    return word[0] not in "يتنس" and not word.startswith("ال")


def _phrase(side: Side, at: int) -> str:
    """Three words or so from a word on, from its verb on where it is a particle: voted against the plan."""
    last = at
    while last < min(len(side.tokens) - 1, at + 2) and side.tokens[last + 1].stem:  # no comma or stop
        last += 1
    return side.text[side.tokens[with_verb(side.tokens, at)].start : side.tokens[last].end]


def check_negation(statement: str, language: str, source: Source) -> list[Finding]:
    """What `statement` negates, or has as done, surer, opposite or other in quantity, and its source has not."""
    tokens = read(statement)
    found = bearings(tokens, language, source.text, source.language)
    least = LEAST_SHARE if language == source.language else LEAST_SHARE / 2
    if not found or found[0].share < least or word_for_word(statement, source.text):
        return []
    rested = resting(found)
    for bearing in (*rested, *_of_operators(tokens, found, rested)):
        here, there = sides_of(statement, tokens, bearing)
        besides = [sides_of(statement, tokens, one)[1] for one in found if one is not bearing]
        if finding := _compared(statement, here, there, besides):
            return [finding]
    return []


def _of_operators(tokens: Sequence[Token], found: Sequence[Bearing], rested: Sequence[Bearing]) -> list[Bearing]:
    """The sentences that alone have what the statement negates."""
    had = {one for bearing in rested for one, _ in bearing.pairs}
    heads = {operator.head for operator in negations(tokens)} - had
    return [bearing for bearing in found if bearing not in rested and any(one in heads for one, _ in bearing.pairs)][:1]


def _compared(statement: str, here: Side, there: Side, besides: Sequence[Side]) -> Finding | None:
    """What a statement turns round of one sentence of its source, `besides` being the others."""
    if _noncommittal(here) and _noncommittal(there):
        return None
    if added := _turned_round(here, there, besides, added=True):
        return Finding("negation", here.written(added))
    if left_out := _turned_round(there, here, besides, added=False):
        return Finding("negation", statement.strip(), there.written(left_out))
    if unsaid := _only_negated(here, there, besides):
        return Finding("negation", statement.strip(), there.written(unsaid))
    if places := (opposed(here, there, besides) or opposed_by_subject(here, there) or opposed_by_number(here, there)):
        return Finding("negation", _phrase(here, places[0]), _phrase(there, places[1]))
    if unsure := _made_sure(here, there, besides):
        return Finding("negation", statement.strip(), there.written(unsure))
    if sure := _made_unsure(here, there):
        return Finding("negation", here.written(sure))
    if counted := miscounted(here, there):
        return Finding("negation", _phrase(here, counted[0]), _phrase(there, counted[1]))
    return None
