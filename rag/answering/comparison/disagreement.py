"""Whether the sources give different values for what was asked: a number, a date, a name.

To say so wrongly is worse than to stay silent, so two sentences count as contradicting each other only where both bear
on the question, are about the same thing as far as words, vectors, names and years tell, give one value each, and
neither's passage holds the other's value.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.analysis import Words, is_stop_word
from rag.answering.comparison.compared_sentences import Said, shared
from rag.answering.comparison.different_things import beside_it, numbered_apart, own_names
from rag.answering.comparison.readings import Reading
from rag.answering.constraints.temporal import extents
from rag.answering.question.answer_type import Kind, Value, asked_of
from rag.answering.question.other_sums import of_another_sum
from rag.answering.question.value_agreement import agree, comparable
from rag.grounding.names.source import bears_word, read
from rag.grounding.numbers.quantities import quantities
from rag.grounding.numbers.units import in_family
from rag.grounding.times.moment import precision
from rag.grounding.times.moments import moments
from rag.grounding.tokens import tokens
from rag.query_terms import QueryTerms

MAX_VALUES = 4
READ = 24
"""Sentences in which another value is looked for: those that have most of the question's words."""
NO_LESS, NO_LESS_ACROSS = 0.83, 0.78
"""Cosine of two sentences that have all that the question names, from which on they are comparable: a short sentence
and a long one about the same contract are no more alike."""
SAME_THING, SAME_THING_ACROSS = 0.86, 0.82
"""Cosine of two sentences that bear on the question, of one language and of two, from which on they are comparable."""
SAME, SAME_ACROSS, SHARED = 0.9, 0.84, 0.35
"""Cosine of two sentences, and the share of words of each in the other, from which on they say the same, whatever words
the question uses."""
MORE_SHARED = 0.5
"""The share of words, by hand, where the question's names are not recognised in either."""
DAYS_APART = timedelta(3)
"""By hand: sources may differ by so much on the day of one thing; what was counted further apart was another one."""
RISES = timedelta(60)
"""By hand: the toll of one event may rise for so long."""


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
class Differing:
    """The different values for what was asked, newest first.

    `rising`: they are counts, and each newer source, some days later, has more, as of the toll of one event.
    """

    kind: Kind
    told: tuple[Told, ...]
    rising: bool = False


def disagreement(
    question: str,
    language: str,
    terms: QueryTerms,
    sentences: Sequence[Said],
    cited: Sequence[tuple[str, int, int]],
    dates: Mapping[str, date | None],
) -> Differing | None:
    """The different values that documents give for what `question` asks; None where they give no two.

    `terms` are those of the question, `cited` the places of the answer's quotes, best first, `dates` the days of
    publication by document.
    """
    asked = asked_of(question)
    if asked is None:
        return None
    reading = Reading(asked, question, language, terms, dates)
    by_place = {said.place: said for said in sentences}
    quoted = [said for place in cited if (said := by_place.get(place)) is not None]
    of_quoted = {said: reading.value(said) for said in quoted}
    valued = [(said, value) for said, value in of_quoted.items() if value is not None]
    if not valued:
        return None
    # What is quoted may be of another place beside: its value is compared with none.
    first = next((one for one in valued if reading.about_named(one[0])), valued[0])
    told = [(_told(*first, dates), first[1])]
    for said in dict.fromkeys([*quoted, *_near(reading, sentences)]):
        if said.document_id in {one.said.document_id for one, _ in told}:
            continue
        value = of_quoted[said] if said in of_quoted else reading.value(said)
        if value is None or not comparable(first[1], value):
            continue
        same = next((place for place, (_, known) in enumerate(told) if agree(known, value)), None)
        if same is not None:
            one, known = told[same]
            told[same] = (replace(one, agreeing=(*one.agreeing, said)), known) if said in quoted else told[same]
        elif len(told) < MAX_VALUES and all(contradict(reading, one.said, known, said, value) for one, known in told):
            told.append((_told(said, value, dates), value))
    if len(told) < 2:
        return None
    newest = sorted(told, key=lambda one: one[0].published or date.min, reverse=True)
    return Differing(asked.kind, tuple(one for one, _ in newest), _rising(reading, newest))


def _near(reading: Reading, sentences: Sequence[Said]) -> Iterator[Said]:
    """The sentences in which another value is looked for, nearest first, as many of each language."""
    shares = {said: reading.share(said) for said in sentences}
    for own in (True, False):
        mine = [said for said in sentences if (said.indexed.partition == reading.terms.partition) is own]
        yield from sorted(mine, key=lambda said: (-shares[said], -said.share))[: READ // 2]


def contradict(reading: Reading, one: Said, value: Value, other: Said, another: Value) -> bool:
    """Whether two sentences with different values are about the same thing."""
    across = one.indexed.partition != other.indexed.partition
    similar = float(one.vector @ other.vector)
    least = SAME_THING_ACROSS if across else SAME_THING
    if reading.fully(one) and reading.fully(other):
        least = min(least, NO_LESS_ACROSS if across else NO_LESS)
    about = similar >= least and reading.bears(one) and reading.bears(other)
    if not about and not (similar >= (SAME_ACROSS if across else SAME) and shared(one, other) >= SHARED):
        return False
    if not about and not (reading.about_named(one) and reading.about_named(other)):
        alike = not across and similar >= SAME and shared(one, other) >= MORE_SHARED
        if not alike or not (reading.no_other_name(one) and reading.no_other_name(other)):
            return False
    if reading.of_whole(one, value) or reading.of_whole(other, another):
        return False
    if not _one_thing(reading, one, other) or not _one_time(reading, one, value, other, another):
        return False
    if _elsewhere(value, another, other, reading.published(other)):
        return False
    if _elsewhere(another, value, one, reading.published(one)):
        return False
    return reading.asked.kind == "name" or not _named_apart(reading, one, other)


def _named_apart(reading: Reading, one: Said, other: Said) -> bool:
    """Whether both have names that the other has not, or one that lacks something of the question has one."""
    own = own_names(one, other), own_names(other, one)
    return all(own) or any(
        mine and not reading.fully(said) for mine, said in zip(own, (one, other), strict=True)
    )  # the stadium of Batumi is none of Tyre


def _one_thing(reading: Reading, one: Said, other: Said) -> bool:
    """Whether nothing beside what the question names says that two sentences are of different things."""
    if any(finding.instead for said in (one, other) for finding in reading.numbers(said)):
        return False  # the first phase and the second
    if numbered_apart(one.text, other.text):
        return False
    if reading.asked.family != "currency":
        return True
    return _beside(reading, one) == _beside(reading, other) and not any(
        of_another_sum(reading.question, said.text) for said in (one, other)
    )


def _beside(reading: Reading, said: Said) -> bool:
    """Whether a sentence speaks of what stands beside the thing that is asked for."""
    partition, topic = said.indexed.partition, reading.topic.keys()
    return beside_it(said.text, lambda word: not topic.isdisjoint(reading.terms.found(partition, Words.of(word))))


def _one_time(reading: Reading, one: Said, value: Value, other: Said, another: Value) -> bool:
    """Whether nothing says that two sentences are of other times: the harvest of 2018 and that of 2021."""
    asked = reading.asked
    if asked.kind == "date":
        moments_given = [given.moment for given in (value, another) if given.moment is not None]
        inside = [not asked.years or moment.year is None or moment.year in asked.years for moment in moments_given]
        return all(inside) or not any(inside)  # the day on which it opened in 2010 is none of 2009
    if (reading.own_years(one) or reading.own_years(other)) and reading.years(one).isdisjoint(reading.years(other)):
        return False
    days = [extents(said.text, None, finer=True) for said in (one, other)]
    return not all(days) or any(
        first[0] - DAYS_APART <= second[1] and second[0] <= first[1] + DAYS_APART
        if _bounded(first, second)
        else first[0] <= second[1] and second[0] <= first[1]
        for first in days[0]
        for second in days[1]
    )


def _bounded(*times: tuple[date, date]) -> bool:
    return all(first != date.min and last != date.max for first, last in times)


def _rising(reading: Reading, newest: Sequence[tuple[Told, Value]]) -> bool:
    """Whether values, newest first, are those of a count that went up from day to day."""
    if reading.asked.kind != "number" or reading.asked.family:
        return False
    days = [one.published for one, _ in newest]
    known = [day for day in days if day is not None]
    sizes = [in_family(value.quantity.value, value.quantity.unit) for _, value in newest if value.quantity is not None]
    return (
        len(known) == len(days)
        and known[0] - known[-1] <= RISES
        and all(day > before for day, before in itertools.pairwise(known))
        and all(size > before for size, before in itertools.pairwise(sizes))
    )


def _told(said: Said, value: Value, dates: Mapping[str, date | None]) -> Told:
    return Told(said, _start(said.text, value), _end(said.text, value), dates.get(said.document_id))


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


def _end(text: str, value: Value) -> int:
    """Where a value ends with the noun that it counts: 13,000 people, ثلاثة آلاف نازح."""
    quantity = value.quantity
    if quantity is None or quantity.unit or not quantity.noun:
        return value.end
    after = next((token for token in tokens(text) if token.start >= value.end), None)
    return (
        after.end if after is not None and after.text == quantity.noun and not is_stop_word(after.text) else value.end
    )


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
