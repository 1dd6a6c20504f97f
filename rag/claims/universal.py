"""Claims that say something of all, of one alone, of always or never, where the source does not go so far.

"All of them were Syrians" is not borne out by "two of them Syrians", nor by "Syrians were among them". Where the
sentence tells of a part of them, or of others too, it says otherwise; where it is merely silent, it is unclear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from rag.analysis import folded_words
from rag.claims.as_much import AS_MUCH, in_full, never_done, with_them
from rag.claims.others import others_too
from rag.claims.rivals import Claimed
from rag.grounding.findings import Finding, Source
from rag.grounding.negation.negations import negations
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.numbers.words import number_word
from rag.grounding.wording import Token, answers, read

Extent = Literal["all", "only", "always", "never", "start"]

_WORDS: dict[Extent, frozenset[str]] = {
    "all": folded_words(
        """all every each everyone everybody everything
        كل جميع كافة جميعهم جميعها جميعهن كلهم كلها كلهن الجميع جميعا قاطبة"""
    ),
    "only": folded_words("only solely exclusively فقط وحده وحدها وحدهم حصرا حصريا فحسب"),
    "always": folded_words("always constantly invariably دائما دوما باستمرار"),
    "never": folded_words("never قط أبدا مطلقا البتة بتاتا"),
}
_START: tuple[tuple[str, ...], ...] = tuple(
    tuple(folded.split())
    for folded in (
        "from the start|from the beginning|from the outset|from day one|since the start|since the beginning|"
        "from the very beginning|from the very start|at the outset|"
        "منذ البدايه|من البدايه|منذ البدء|منذ اليوم الاول|من اليوم الاول|منذ اللحظه الاولي|من اللحظه الاولي|من الاساس"
    ).split("|")
)
"""Phrases for "from the start", folded."""
_NO_UNIVERSAL = folded_words("at in after above not nearly almost over total ليس ليست لا ما على ولا وليس")
"""Before "all" and "every" they make it something else: at all, not all, almost all."""
_NOT_AFTER = folded_words("but about over told in من ما منهما")
"""After it likewise: all but one; كل من قطر والكويت."""
_TIMES = folded_words("weeks days months hours minutes years when if because")
"""After "only" it tells how soon, or on what terms."""
_PARTS = folded_words(
    """most some half part several few many majority minority partly mostly
    معظم معظمها معظمهم بعض بعضهم بعضها نصف نصفهم جزء أغلب أغلبهم غالبية أغلبية عدد قسم"""
)
_OF_THEM = folded_words("them whom which منهم منها منهن بينهم بينها بينهن")
_BE = folded_words("is are was were be been كان كانت كانوا")
_OF = folded_words("of من بين أصل")
_AMONG = folded_words("among including amongst include included بينهم بينها ضمنهم ضمنها يشمل تشمل شملت شمل")
_SAVE = folded_words("except excluding save بخلاف باستثناء عدا استثناء سوى")
_BOTH = folded_words("both كلا كلتا كلي كلتي")
_NUMBERED = 2
"""Words before a number among which "all" stands."""
_REACH = 4
"""Content words after a word for a part that it may be said of."""
_SHARE = 0.6
"""Of the claim's words in a sentence that tells of a part, for it to be of the same thing."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Universal:
    """What a claim says without exception: the place of its word, and the last place of its phrase."""

    extent: Extent
    at: int
    last: int


def universals(tokens: Sequence[Token]) -> Iterator[Universal]:
    """The words of a claim that leave no exception; those that are negated, or counted (only two), are none."""
    negated = {at for one in negations(tokens) for at in one.governed[:1]}
    for at, token in enumerate(tokens):
        before = tokens[at - 1].folded if at else ""
        after = tokens[at + 1].folded if at + 1 < len(tokens) else ""
        for phrase in _START:
            after_it = tokens[at + len(phrase)].folded if at + len(phrase) < len(tokens) else ""
            if _at_phrase(tokens, at, phrase) and after_it != "of":  # since the start of 2022 is a date
                yield Universal("start", at, at + len(phrase) - 1)
        extent = next((extent for extent, listed in _WORDS.items() if not listed.isdisjoint(_bare(token))), None)
        if extent is None or (at in negated and extent != "never"):
            continue
        if extent == "all" and (before in _NO_UNIVERSAL or after in _NOT_AFTER):
            continue
        if extent == "all" and _rated(tokens, at):
            continue
        if extent == "never" and any(not _PARTS.isdisjoint(_bare(one)) for one in tokens):
            continue  # most of them never did: some did
        if extent == "only" and (
            after in _TIMES or before in folded_words("not the an ليس لا ليست") or _counted(tokens, at)
        ):
            continue
        yield Universal(extent, at, at)


def _rated(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is a share or a rate: one in every five, واحد من كل عشرة, every two years."""
    if tokens[at].folded == "all" or at + 1 == len(tokens):
        return False
    after = tokens[at + 1].folded
    return after[0].isdigit() or bool(number_word(after))


def _bare(token: Token) -> tuple[str, ...]:
    """A word, and without the "and" that may be written on to it."""
    word = token.folded
    return (word, word[1:]) if word[0] == "و" and len(word) > 3 else (word,)


def _counted(tokens: Sequence[Token], at: int) -> bool:
    """Whether "only" is said of a number: only two of them, ثلاثة منهم فقط."""
    near = tokens[max(0, at - 2) : at + 3]
    text = " ".join(token.folded for token in near)
    return any(True for _ in quantities(text, "ar"))


def overstated(claim: Claimed, sentence: Source) -> tuple[Finding, str | None] | None:
    """What the claim says without exception and the sentence does not; with what it says instead, None if nothing."""
    stated, there = read(claim.text), read(sentence.text)
    across = claim.language != sentence.language
    words = {form for token in there for form in _bare(token)}
    for one in universals(stated):
        said = Finding("universal", _phrase(claim.text, stated, one))
        part = _part(claim, stated, one, sentence, there, across) if one.extent == "all" else None
        if part is not None:
            return said, part or None
        if one.extent == "only" and (others := others_too(claim, stated, one.at, sentence, there)):
            return said, others
        if one.extent == "never" and (done := _done(stated, one, sentence.text, there, across)):
            return said, done
        if one.extent == "start":
            if any(any(_at_phrase(there, at, phrase) for phrase in _START) for at in range(len(there))):
                continue
        elif not words.isdisjoint(_WORDS[one.extent]):
            continue
        if not words.isdisjoint(AS_MUCH[one.extent]):
            continue
        if one.extent == "all" and (_as_many(claim, one, stated, sentence) or _in_full(stated, one, there, across)):
            continue
        if one.extent == "never" and never_done([stated[at] for at in _never(stated, one)[:1]], there, across):
            continue
        return said, None
    return None


def _at_phrase(tokens: Sequence[Token], at: int, phrase: tuple[str, ...]) -> bool:
    return tuple(one.folded for one in tokens[at : at + len(phrase)]) == phrase


def _phrase(text: str, tokens: Sequence[Token], one: Universal) -> str:
    """A universal word with the words it belongs to: those after it, or before it where none follow.

    Arabic has "never", "only" and "alone" after what they are said of.
    """
    after = first = one.at
    if one.extent in ("never", "only") and not tokens[one.at].folded.isascii():
        operators = [operator.at for operator in negations(tokens) if operator.at < one.at]
        first = operators[-1] if operators and one.extent == "never" else max(0, one.at - _SHOWN)
    else:
        after = one.last
        while after + 1 < len(tokens) and tokens[after + 1].stem and after - one.last < _SHOWN:
            after += 1
        while after == one.last and first and tokens[first - 1].stem and one.at - first < _SHOWN:
            first -= 1
    while after > one.last and not tokens[after].content:  # no "whom" at its end
        after -= 1
    return text[tokens[first].start : tokens[after].end]


def _part(
    claim: Claimed, stated: Sequence[Token], one: Universal, sentence: Source, there: Sequence[Token], across: bool
) -> str | None:
    """What the sentence says of a part of them: its words; "" where it only tells that some are; None where nothing.

    The part must be of what the claim says of them, not of them alone.
    """
    parts = _PARTS | _AMONG | _SAVE
    if any(not parts.isdisjoint(_bare(token)) for token in stated):
        return None  # the claim tells of a part itself
    head = _head(stated, one)
    said_of = [at for at, token in enumerate(stated) if token.content and at not in (head, one.at)]
    found = {at for at in said_of if any(answers(stated[at], other, across) for other in there)}
    much = len(found) >= _SHARE * len([at for at in said_of if not stated[at].folded[0].isdigit()])
    many = {number.value for number in _numbers(claim, one, stated)}
    counted = [
        (number.start, number.end)
        for number in quantities(sentence.text, sentence.language)
        if number.value not in many and not _whole(there, number.start)
    ]
    including = _including(stated, one, there, across)
    for at, token in enumerate(there):
        number = next((start for start, end in counted if start <= token.start < end), None)
        after = there[at + 1].folded if at + 1 < len(there) else ""
        of_them = number is not None and (after in _OF_THEM | _OF)
        if at == including or (not of_them and parts.isdisjoint(_bare(token))):
            continue
        about = _about(there, at)
        if much and not _SAVE.isdisjoint(_bare(token)):
            return _written(sentence.text, there, at, about[:1])
        if any(answers(stated[mine], there[place], across) for mine in found for place in about):
            weak = not much or (not of_them and not _AMONG.isdisjoint(_bare(token)))
            return "" if weak else _written(sentence.text, there, at, about, number)
    return None


def _head(tokens: Sequence[Token], one: Universal) -> int | None:
    """The place of what all is said of; None where that stands before it: all of them, were all, كلهم."""
    before = tokens[one.at - 1].folded if one.at else ""
    after = {token.folded for token in tokens[one.at + 1 : one.at + 3]}
    if before in _BE or not after.isdisjoint(_OF_THEM) or tokens[one.at].folded.endswith(("هم", "ها", "هن")):
        return None
    return next((at for at in range(one.last + 1, len(tokens)) if tokens[at].content), None)


def _about(tokens: Sequence[Token], at: int) -> list[int]:
    """The content words that a word for a part is said of: those after it, in its clause, and just before it."""
    found: list[int] = []
    for place in range(at + 1, len(tokens)):
        if not tokens[place].stem or len(found) == _REACH:
            break
        if tokens[place].content:
            found.append(place)
    if not found and not _AMONG.isdisjoint(_bare(tokens[at])):
        found = [place for place in range(max(0, at - 2), at) if tokens[place].content]
    return found


def _written(text: str, tokens: Sequence[Token], at: int, about: Sequence[int], start: int | None = None) -> str:
    places = (at, *about[: _SHOWN - 1])
    return text[tokens[min(places)].start if start is None else start : tokens[max(places)].end]


def _as_many(claim: Claimed, one: Universal, stated: Sequence[Token], sentence: Source) -> bool:
    """Whether all is said of a number that the sentence has too: all nine of them, where it has nine."""
    mine = [number.value for number in _numbers(claim, one, stated)]
    theirs = {number.value for number in quantities(sentence.text, sentence.language)}
    return bool(mine) and mine[0] in theirs


def _numbers(claim: Claimed, one: Universal, stated: Sequence[Token]) -> list[Quantity]:
    """The numbers of the claim that all is said of."""
    starts = {stated[at].start for at in range(one.at + 1, min(len(stated), one.at + 4))}
    return [number for number in quantities(claim.text, claim.language) if number.start in starts]


def _whole(there: Sequence[Token], start: int) -> bool:
    """Whether a number is of the whole: all 12 of the miners, جميع الأعضاء الخمسة من اللجنة."""
    before = reversed([token for token in there if token.start < start][-_NUMBERED:])
    clause = takewhile(lambda token: bool(token.stem), before)
    return any(not (_WORDS["all"] | _BOTH).isdisjoint(_bare(token)) for token in clause)


def _including(stated: Sequence[Token], one: Universal, there: Sequence[Token], across: bool) -> int | None:
    """Where the sentence goes on to more of those whom the claim says all of, having said the same of them."""
    head = _head(stated, one)
    rest = [token for at, token in enumerate(stated) if token.content and at not in (head, one.at)]
    return with_them(stated[head], rest, there, across) if head is not None else None


def _in_full(stated: Sequence[Token], one: Universal, there: Sequence[Token], across: bool) -> bool:
    return in_full(there) or _including(stated, one, there, across) is not None


def _never(stated: Sequence[Token], one: Universal) -> list[int]:
    """The places of what the claim says was never done."""
    operators = negations(stated)
    own = [operator for operator in operators if operator.at == one.at] or operators[:1]
    return [at for operator in own for at in operator.governed]


def _done(stated: Sequence[Token], one: Universal, text: str, there: Sequence[Token], across: bool) -> str | None:
    """What the sentence tells as done that the claim says was never done; None where it negates anything."""
    if negations(there):
        return None
    over = _never(stated, one)
    known = [[place for place, other in enumerate(there) if answers(stated[at], other, across)] for at in over]
    if not over or not known[0] or sum(map(bool, known)) < _SHARE * len(over):
        return None
    first = known[0][0]
    return text[there[first].start : there[min(len(there) - 1, first + _SHOWN)].end].rstrip(" .،,")
