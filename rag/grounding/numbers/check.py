"""Whether a source bears out the quantities of a statement: value, unit, bound, and what it counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.grounding.findings import Finding, Source
from rag.grounding.misplaced import misplaced
from rag.grounding.nearby import keys
from rag.grounding.numbers.amount import borne_out
from rag.grounding.numbers.arithmetic import derivable
from rag.grounding.numbers.multiples import check_multiples
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.numbers.rates import differ, rate_of
from rag.grounding.times.moment import Moment
from rag.grounding.times.moments import moments
from rag.grounding.tokens import peeled, tokens

_ROMAN = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI XXII XXIII".split()
_PART_OF = re.compile(r"\s*(?:of|out|من|بين)\b")
_SURE_DUALS = ("تين", "تان")
_DUALS = ("تين", "تان", "ين", "ان", "تي", "تا")


def check_numbers(statement: str, language: str, source: Source) -> list[Finding]:
    """The quantities of `statement` that the source does not have, has in another unit, or has for another thing."""
    said = quantities(statement, language)
    findings = check_multiples(statement, source)
    if not said:
        return findings
    there = quantities(source.text, source.language)
    elsewhere = misplaced(statement, source)
    for quantity in said:
        fault = elsewhere.get((quantity.start, quantity.end)) or _fault(quantity, there, source, statement)
        if fault is not None:
            instead = source.text[fault.start : fault.end] if fault is not True else ""
            findings.append(Finding("number", statement[quantity.start : quantity.end], instead))
    return findings


def _fault(
    said: Quantity, there: Sequence[Quantity], source: Source, statement: str
) -> Quantity | Literal[True] | None:
    """What the source has instead of a quantity (True: nothing plain); None where it bears it out."""
    matching = [number for number, other in enumerate(there) if borne_out(said, other)]
    rivals = [
        number for number, other in enumerate(there)
        if number not in matching and (other.unit == said.unit or not (other.unit and said.unit))
        and other.ordinal == said.ordinal
    ]  # fmt: skip
    common = [number for number in rivals if _same_noun(said, there[number])]
    if said.value == 0 and not said.unit:  # two goals to nothing, هدفين دون رد
        return None
    if matching:
        rate = rate_of(statement, said.end)
        if all(differ(rate, rate_of(source.text, there[number].end)) for number in matching):
            return there[matching[0]]
        return _counts_another(said, [there[one] for one in matching], [there[one] for one in common], source)
    if said.ordinal and _regnal(said, source):
        return None
    if said.ordinal and said.value == 1:
        return there[common[0]] if common else None
    in_words = not any(character.isdigit() for character in statement[said.start : said.end])
    small = said.value in (1, 2) and not said.unit and (in_words or said.value == 2)
    if small and not common and _said_without_number(said, source):
        return None
    if not said.unit and _plain_number_there(said, source, durations=not common):
        return None
    # Where the source counts the same thing, only numbers of that thing make another number of it.
    like = [one for one in there if not common or not _plainly_counts(one, source) or _same_noun(said, one)]
    if derivable(said, like, tokens(source.text), counted=in_words and not _two_there(said, source)):
        return None
    if len(common) == 1:
        return there[common[0]]
    same_unit = [number for number in rivals if said.unit and there[number].unit == said.unit]
    return there[same_unit[0]] if len(same_unit) == 1 else True


def _counts_another(
    said: Quantity, matching: Sequence[Quantity], common: Sequence[Quantity], source: Source
) -> Quantity | None:
    """The only number that the source has of what is counted, where all that bear the number out count other things."""
    if len(common) != 1 or said.unit or said.bound != "exact" or common[0].unit or common[0].vague:
        return None
    others = all(_plainly_counts(one, source) and not _same_noun(said, one) for one in matching)
    return common[0] if others else None


def _plainly_counts(one: Quantity, source: Source) -> bool:
    """Whether the word after a number is what it counts: not in "21 of the 34 provinces", nor in "two, they say"."""
    return len(one.noun) > 3 and bool(keys(one.noun)) and not _PART_OF.match(source.text, one.end)


def _two_there(said: Quantity, source: Source) -> bool:
    """Whether an Arabic dual of the source says two of what is counted: then no list of other things makes another."""
    mine = keys(said.noun) if said.noun else frozenset()
    duals = (token.text for token in tokens(source.text) if token.text.endswith(_DUALS[:4]))
    return bool(mine) and any(
        not mine.isdisjoint(keys(rest)) for word in duals for _, rest in peeled(word[:-2]) if len(rest) > 2
    )


def _regnal(said: Quantity, source: Source) -> bool:
    """Whether the source writes an ordinal in Roman figures: Charles II, تولده الثالث."""
    return said.value <= len(_ROMAN) and re.search(rf"\b{_ROMAN[int(said.value) - 1]}\b", source.text) is not None


def _same_noun(said: Quantity, other: Quantity) -> bool:
    return bool(said.noun and other.noun) and not keys(said.noun).isdisjoint(keys(other.noun))


def _plain_number_there(said: Quantity, source: Source, *, durations: bool) -> bool:
    """Whether the number stands in the source as an age, a year or the like: read as a time there, and not here."""
    if durations and any(one.count == said.value and one.kind == "duration" for one in _times(source)):
        return True
    return said.value >= 1000 and any(one.year == said.value for one in _times(source))


def _times(source: Source) -> list[Moment]:
    return moments(source.text, source.language, source.published)


def _said_without_number(said: Quantity, source: Source) -> bool:
    """Whether one or two of something may be meant by a bare noun: جنديين are two soldiers, "a soldier" is one."""
    if said.value == 1:
        return True
    duals = [token.text for token in tokens(source.text) if token.kind == "word" and token.text.endswith(_DUALS)]
    noun = keys(said.noun) if said.noun else frozenset()
    across = said.noun.isascii() and not source.text.isascii()  # the dictionary has not every pair of nouns
    for word in duals:
        for ending in _DUALS:
            base = word[: -len(ending)]
            if (
                word.endswith(ending)
                and len(base) >= 2
                and (
                    not noun or (across and ending in _SURE_DUALS) or not noun.isdisjoint(keys(base) | keys(base + "ه"))
                )
            ):
                return True
    return False
