"""Whether the sources give different values for what was asked: a number, a date, a name.

To say so wrongly is worse than to stay silent, so two sentences count as contradicting each other only where both bear
on the question, are about the same thing as far as words, vectors, names and years tell, give one value each, and
neither's passage holds the other's value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rag.analysis import Words
from rag.answering.agreement import agree, comparable
from rag.answering.apart import beside_it, numbered_apart, of_another_sum, own_names
from rag.answering.asked import Asked, Kind, Value, asked_of, values_of
from rag.answering.said import Said, shared
from rag.answering.signals import MONEY_TERM
from rag.grounding.findings import Finding, Source
from rag.grounding.names.check import check_names
from rag.grounding.names.source import bears_word, read
from rag.grounding.numbers.check import check_numbers
from rag.grounding.numbers.quantities import quantities
from rag.grounding.times.moment import precision
from rag.grounding.times.moments import moments
from rag.grounding.tokens import tokens
from rag.query_terms import QueryTerms

MAX_VALUES = 4
READ = 12
"""Sentences in which another value is looked for: those that share most of the question's words."""
NEAR = 0.25
"""Share of the question's words, by rarity, that a sentence has with its title and the one before it: at least."""
BEARS, BEARS_ACROSS = 0.6, 0.45
"""The share from which on it is about what was asked; in another language not every word is recognised."""
FULLY, NO_LESS, NO_LESS_ACROSS = 0.9, 0.83, 0.78
"""The share of what the question names in both sentences from which on they need be no more alike than this: a short
sentence and a long one about the same contract are not."""
LEAST_TERMS = 2
"""Terms of a question, below which nearly anything bears on it ("when did he die?")."""
SAME_THING, SAME_THING_ACROSS = 0.86, 0.82
"""Cosine of two sentences that bear on the question, of one language and of two, from which on they are comparable."""
SAME, SAME_ACROSS, SHARED = 0.9, 0.84, 0.35
"""Cosine of two sentences, and the share of words of each in the other, from which on they say the same, whatever words
the question uses."""
YEARS_APART = 1
"""A sentence that names no year speaks of about the year in which it was published."""
_ASKS_FOR_SUM = re.compile(rf"{MONEY_TERM.pattern}|[تي]بلغ")


@dataclass(frozen=True, slots=True)
class Told:
    """A value at text[start:end] of a sentence, the day it was published, and who among the cited says the same."""

    said: Said
    start: int
    end: int
    published: date | None
    agreeing: tuple[Said, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(self.said.text[self.start : self.end].split())


@dataclass(frozen=True, slots=True)
class _Reading:
    """A question over what was found."""

    asked: Asked
    question: str
    language: str
    terms: QueryTerms
    dates: Mapping[str, date | None]

    def published(self, said: Said) -> date | None:
        return self.dates.get(said.document_id)

    def value(self, said: Said) -> Value | None:
        """The value that a sentence gives for what was asked; None where it gives none, or several."""
        if said.span.kind == "heading" or (self._share(said) < NEAR and not self._fully(said)):
            return None
        values = values_of(said.text, said.language, self.published(said), self.asked)
        if not values or any(not comparable(values[0], one) or not agree(values[0], one) for one in values[1:]):
            return None
        return max(values, key=lambda one: (precision(one.moment) if one.moment else 0, -one.start))

    def _share(self, said: Said) -> float:
        """The share of the question's words, by rarity, in a sentence, the one before it and its title."""
        return self.terms.overlap(said.indexed.partition, _around(said))[1]

    def _fully(self, said: Said) -> bool:
        """Whether these have nearly all that a question names, but for the words that ask for a sum.

        What costs 27 million has that value.
        """
        return len(self._topic()) >= LEAST_TERMS and self._of_topic(said) >= FULLY

    def _of_topic(self, said: Said) -> float:
        """The share, by rarity, of what the question names in a sentence, the one before it and its title."""
        topic = self._topic()
        found = set().union(*(self.terms.found(said.indexed.partition, part) for part in _around(said)))
        whole = sum(topic.values())
        return sum(rarity for term, rarity in topic.items() if term in found) / whole if whole else 0.0

    def _topic(self) -> dict[str, float]:
        """The rarity of the question's words, but for those that ask for a sum."""
        money = self.asked.family == "currency"
        return {term: rarity for term, rarity in self.terms.rarity.items() if not (money and _ASKS_FOR_SUM.match(term))}

    def _one_thing(self, one: Said, other: Said) -> bool:
        """Whether nothing beside what the question names says that two sentences are of different things."""
        if any(finding.instead for said in (one, other) for finding in self._numbers(said)):
            return False  # the first phase and the second
        if numbered_apart(one.text, other.text):
            return False
        if self.asked.family != "currency":
            return True
        return self._beside(one) == self._beside(other) and not any(
            of_another_sum(self.question, said.text) for said in (one, other)
        )

    def _beside(self, said: Said) -> bool:
        """Whether a sentence speaks of what stands beside the thing that is asked for."""
        topic = self._topic().keys()
        partition = said.indexed.partition
        return beside_it(said.text, lambda word: not topic.isdisjoint(self.terms.found(partition, Words.of(word))))

    def _numbers(self, said: Said) -> list[Finding]:
        return check_numbers(self.question, self.language, self._context(said))

    def _context(self, said: Said) -> Source:
        return Source(f"{said.title}\n{said.before} {said.text}", said.language, self.published(said))

    def _bears(self, said: Said) -> bool:
        """Whether a sentence is about what the question names: most of its words, its names, numbers and years."""
        same = said.indexed.partition == self.terms.partition
        near = self._share(said) >= (BEARS if same else BEARS_ACROSS)
        if len(self.terms.rarity) < LEAST_TERMS or not (near or self._fully(said)):
            return False
        if check_names(self.question, self.language, self._context(said)) or self._numbers(said):
            return False
        return not self.asked.years or not self.asked.years.isdisjoint(self.years(said) or {0})

    def _about_named(self, said: Said) -> bool:
        """Whether a sentence has some of what the question names, and its passage every name."""
        passage = Source(f"{said.title}\n{said.passage}", said.language, self.published(said))
        return self._of_topic(said) >= NEAR and not check_names(self.question, self.language, passage)

    def years(self, said: Said) -> frozenset[int]:
        """The years that a sentence speaks of, or else those about which it was published, or those of its passage."""
        own = self.own_years(said)
        published = self.published(said)
        if own:
            return own
        if published is None:
            return _years(f"{said.title}\n{said.passage}", None)
        return frozenset(range(published.year - YEARS_APART, published.year + 1))

    def own_years(self, said: Said) -> frozenset[int]:
        """The years that a sentence names, or that its relative times come to."""
        return _years(said.text, self.published(said))

    def contradict(self, one: Said, value: Value, other: Said, another: Value) -> bool:
        """Whether two sentences with different values are about the same thing."""
        across = one.indexed.partition != other.indexed.partition
        similar = float(one.vector @ other.vector)
        least = SAME_THING_ACROSS if across else SAME_THING
        if self._fully(one) and self._fully(other):
            least = min(least, NO_LESS_ACROSS if across else NO_LESS)
        about = similar >= least and self._bears(one) and self._bears(other)
        if not about and not (similar >= (SAME_ACROSS if across else SAME) and shared(one, other) >= SHARED):
            return False
        if not about and not (self._about_named(one) and self._about_named(other)):
            return False
        if not self._one_thing(one, other):
            return False
        if self.asked.kind != "date" and (self.own_years(one) or self.own_years(other)):
            years = self.years(one), self.years(other)
            if years[0].isdisjoint(years[1]):
                return False
        if _elsewhere(value, another, other, self.published(other)):
            return False
        if _elsewhere(another, value, one, self.published(one)):
            return False
        return self.asked.kind == "name" or not (own_names(one, other) and own_names(other, one))


def disagreement(
    question: str,
    language: str,
    terms: QueryTerms,
    sentences: Sequence[Said],
    cited: Sequence[tuple[str, int, int]],
    dates: Mapping[str, date | None],
) -> tuple[Kind, list[Told]] | None:
    """The different values that documents give for what `question` asks, newest first; None where they give no two.

    `terms` are those of the question, `cited` the places of the answer's quotes, best first, `dates` the days of
    publication by document.
    """
    asked = asked_of(question)
    if asked is None:
        return None
    reading = _Reading(asked, question, language, terms, dates)
    by_place = {said.place: said for said in sentences}
    quoted = [said for place in cited if (said := by_place.get(place)) is not None]
    first = next(((said, value) for said in quoted if (value := reading.value(said)) is not None), None)
    if first is None:
        return None
    told = [(_told(*first, dates), first[1])]
    near = sorted(sentences, key=lambda said: -said.share)[:READ]
    for said in dict.fromkeys([*quoted, *near]):
        if said.document_id in {one.said.document_id for one, _ in told}:
            continue
        value = reading.value(said)
        if value is None or not comparable(first[1], value):
            continue
        same = next((place for place, (_, known) in enumerate(told) if agree(known, value)), None)
        if same is not None:
            one, known = told[same]
            told[same] = (replace(one, agreeing=(*one.agreeing, said)), known) if said in quoted else told[same]
        elif len(told) < MAX_VALUES and all(reading.contradict(one.said, known, said, value) for one, known in told):
            told.append((_told(said, value, dates), value))
    if len(told) < 2:
        return None
    newest = sorted((one for one, _ in told), key=lambda one: one.published or date.min, reverse=True)
    return asked.kind, newest


def _years(text: str, published: date | None) -> frozenset[int]:
    found = set()
    for one in moments(text, "", published):
        if one.year is not None:
            found.add(one.year)
        elif one.within is not None and one.kind == "date":
            found.update((one.within[0].year, one.within[1].year))
    return frozenset(found)


def _around(said: Said) -> tuple[Words, ...]:
    """The words of a sentence, the one before it and its title."""
    return (*said.indexed.words[max(0, said.number - 1) : said.number + 1], _title_words(said.title))


@lru_cache(1 << 12)
def _title_words(title: str) -> Words:
    return Words.of(title)


def _told(said: Said, value: Value, dates: Mapping[str, date | None]) -> Told:
    return Told(said, _start(said.text, value), value.end, dates.get(said.document_id))


def _start(text: str, value: Value) -> int:
    """Where a value begins with the words that make it a bound: "at least 12", نحو 100 ألف."""
    if value.quantity is None or value.quantity.bound == "exact":
        return value.start
    before = [token.start for token in tokens(text) if token.kind == "word" and token.end <= value.start]
    for start in reversed(before[-4:]):
        found = quantities(text[start : value.end], "")
        if found and found[0].bound == value.quantity.bound:
            return start
    return value.start


def _elsewhere(value: Value, instead: Value, said: Said, published: date | None) -> bool:
    """Whether the passage of a sentence that says `instead` holds `value` too."""
    if value.quantity is not None:
        found = [Value(one.start, one.end, quantity=one) for one in quantities(said.passage, "")]
        return any(comparable(value, one) and agree(value, one) for one in found)
    if value.moment is not None and instead.moment is not None:
        fine = min(precision(value.moment), precision(instead.moment))
        times = [one for one in moments(said.passage, "", published) if one.kind == "date" and precision(one) >= fine]
        return any(agree(value, one) for one in (Value(time.start, time.end, moment=time) for time in times))
    there, said_name = read(said.passage), value.name.text if value.name is not None else ""
    return any(bears_word(there, token, loose=True) for token in read(said_name).tokens)
