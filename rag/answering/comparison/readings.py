"""Whether a sentence is about what a question names, and the one value that it gives for what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from rag.analysis import Words, fold, folded_words, is_stop_word, stem, words
from rag.answering.comparison.compared_sentences import Said
from rag.answering.comparison.different_things import before_parts, compound_numbers
from rag.answering.comparison.event_words import HAPPENED, Sense, senses_in, senses_of_word
from rag.answering.comparison.given_values import given_in, persons_asked
from rag.answering.constraints.office_ranks import ranked
from rag.answering.question.answer_type import Asked, Value, counted_keys
from rag.answering.question.value_agreement import agree, comparable
from rag.answering.question.value_patterns import MONEY_TERM
from rag.bilingual import search_glossary
from rag.grounding.findings import Finding, Source
from rag.grounding.names.arabic import not_a_name
from rag.grounding.names.check import check_names, names
from rag.grounding.names.source import bears_word, read
from rag.grounding.names.tokens import Token, is_ordinary
from rag.grounding.numbers.check import check_numbers
from rag.grounding.numbers.units import family, unit_of
from rag.grounding.times.moment import precision
from rag.grounding.times.moments import moments
from rag.grounding.tokens import peeled, tokens
from rag.query_terms import QueryTerms

NEAR = 0.25
"""Share of the question's words, by rarity, that a sentence has with its title and the one before it: at least."""
BEARS, BEARS_ACROSS = 0.6, 0.45
"""The share from which on it is about what was asked; in another language not every word is recognised."""
FULLY, FULLY_ACROSS = 0.85, 0.65
"""The share of what a question names from which on a sentence has nearly all of it; the second in another language."""
LEAST_LETTERS = 4
"""Letters that are left of a word without what is written on to it, at least: بنك is no نك."""
LEAST_TERMS = 2
"""Terms of a question, below which nearly anything bears on it ("when did he die?")."""
YEARS_APART, YEARS_APART_UNASKED = 1, 2
"""A sentence that names no year speaks of about the year in which it was published; looser where none is asked for."""
_ASKS_FOR_SUM = re.compile(rf"{MONEY_TERM.pattern}|[تي]بلغ")
_ASKS_FOR_NUMBER = folded_words(
    """many much number amount total percentage percent share proportion people person persons individuals come came
    عدد كمية نسبة شخص شخصا أشخاص الأشخاص بلغ بلغت يبلغ تبلغ تم"""
)
_ASKS_FOR_DATE = folded_words("year date day month عام سنة يوم شهر تاريخ تم") | HAPPENED
_NAMES_NOTHING = folded_words("st nd rd th up out off حين عندما أثناء")
"""What the words of a question ask with: no sentence that answers need have them."""
_YEAR = folded_words("year عام سنة العام السنة")


@dataclass(frozen=True)
class Reading:
    """A question over what was found; `dates` are the days of publication by document."""

    asked: Asked
    question: str
    language: str
    terms: QueryTerms
    dates: Mapping[str, date | None]

    def published(self, said: Said) -> date | None:
        return self.dates.get(said.document_id)

    def value(self, said: Said) -> Value | None:
        """The value that a sentence gives for what was asked; None where it gives none, or several."""
        if said.span.kind == "heading" or not self.near(said) or not self._of_deed(said):
            return None
        if self.asked.kind == "name" and ranked(self.question, said.text) in ("other", "near"):
            return None  # a deputy's name contradicts no minister's
        if not compound_numbers(self.question) <= compound_numbers(f"{said.title}\n{said.before} {said.text}"):
            return None  # village 4-4 is not village 3-4
        values = given_in(said.text, said.language, self.published(said), self.asked)
        if not values or any(not comparable(values[0], one) or not agree(values[0], one) for one in values[1:]):
            return None
        return max(values, key=lambda one: (precision(one.moment) if one.moment else 0, -one.start))

    def near(self, said: Said) -> bool:
        """Whether a sentence has a word or two of the question, with its title and the one before it."""
        return self.share(said) >= NEAR or self._of_topic(said) >= NEAR

    def share(self, said: Said) -> float:
        """The share of the question's words, by rarity, in a sentence, the one before it and its title."""
        return self.terms.overlap(said.indexed.partition, _around(said))[1]

    def fully(self, said: Said) -> bool:
        """Whether these have nearly all that a question names, but for the words that it asks with.

        What costs 27 million has that value.
        """
        same = said.indexed.partition == self.terms.partition
        return len(self.topic) >= LEAST_TERMS and self._of_topic(said) >= (FULLY if same else FULLY_ACROSS)

    def _of_topic(self, said: Said, *, alone: bool = False) -> float:
        """The share, by rarity, of what the question names in a sentence, the one before it and its title.

        With `alone`, in the sentence itself.
        """
        around = (said.words,) if alone else _around(said)
        found = set().union(*(self.terms.found(said.indexed.partition, part) for part in around))
        found |= self._otherwise(said, around)
        senses = senses_in(said.text if alone else f"{said.title}\n{said.before} {said.text}")
        found |= {term for term, meant in self._senses.items() if not meant.isdisjoint(senses)}
        if self._counted and any(not counted_keys(word).isdisjoint(self.asked.counted) for word in _folded(said.text)):
            found |= self._counted
        whole = sum(self.topic.values())
        return sum(rarity for term, rarity in self.topic.items() if term in found) / whole if whole else 0.0

    def _otherwise(self, said: Said, around: Sequence[Words]) -> set[str]:
        """The terms of the question that stand there without what is written on to them, or as names are spelt there.

        «لتحلية» is there in «تحلية», and مرسى نور in Marsa Nour, though the glossary has a moorage and a light for it.
        """
        stems = frozenset().union(*(part.stems for part in around))
        if said.indexed.partition == self.terms.partition:
            return {term for term, bare in self._bare.items() if not stems.isdisjoint(map(stem, bare))}
        have = read(f"{said.title}\n{said.before} {said.text}")
        capitals = " ".join(token.raw for token in have.tokens if token.capital)  # an Arabic name may look like a word
        have = read(capitals) if self.terms.partition == "ar" else have
        found = {stem(token.word) for token in self._names if bears_word(have, token, translated=False)}
        return found | {term for term in self._bare if any(way <= stems for way in self._ways_of_rest(term))}

    def _ways_of_rest(self, term: str) -> set[frozenset[str]]:
        """How a word may be said in the other language without what is written on to it: لتحلية, desalination."""
        return {way for word in self._bare.get(term, ()) for _, ways in search_glossary().ways(word) for way in ways}

    @cached_property
    def _bare(self) -> dict[str, frozenset[str]]:
        """The terms of the question to which something may be written on, and what is left without it."""
        return {
            stem(word): frozenset(rest for cut, rest in peeled(word) if cut and len(rest) >= LEAST_LETTERS)
            for word in self._words
        }

    @cached_property
    def _names(self) -> tuple[Token, ...]:
        """The words of the question that are of a name, or may be: in Arabic they have no capitals."""
        spans = [(one.start, one.end) for one in names(self.question, self.language)]
        return tuple(
            token
            for token in read(self.question).tokens
            if stem(token.word) in self.topic
            and (token.arabic or any(start <= token.start < end for start, end in spans))
        )

    @cached_property
    def topic(self) -> dict[str, float]:
        """The rarity of the question's words, but for those that it asks with: how many, in which year, tonnes."""
        kind, money = self.asked.kind, self.asked.family == "currency"
        asking = {"number": _ASKS_FOR_NUMBER, "date": _ASKS_FOR_DATE}.get(kind, frozenset()) | _NAMES_NOTHING
        dropped = {stem(word) for word in self._words if word in asking or self._is_unit(word)}
        # Of the year that is asked for `bears` asks by itself.
        dropped |= {str(year) for year in self.asked.years}
        dropped |= {stem(word) for word in self._words if self.asked.years and _is_year(word)}
        return {
            term: rarity
            for term, rarity in self.terms.rarity.items()
            if term not in dropped and not (money and _ASKS_FOR_SUM.match(term))
        }

    @cached_property
    def _words(self) -> list[str]:
        return [fold(word) for word in words(self.question) if not is_stop_word(word)]

    def _is_unit(self, word: str) -> bool:
        unit = unit_of(word, after_digits=False) if self.asked.family else None
        return unit is not None and family(unit[1]) == self.asked.family

    @cached_property
    def _senses(self) -> dict[str, frozenset[Sense]]:
        """What the question's words mean, by their stems; only of those that are listed."""
        found = {stem(word): senses_of_word(word) for word in self._words}
        return {term: meant for term, meant in found.items() if meant}

    @cached_property
    def _counted(self) -> frozenset[str]:
        """The stems of the question's words for what it counts, whose accusative (مدنيا) has a stem of its own."""
        if not self.asked.counted:
            return frozenset()
        return frozenset(stem(word) for word in self._words if not counted_keys(word).isdisjoint(self.asked.counted))

    @cached_property
    def _deed(self) -> frozenset[Sense]:
        """What a sentence has to tell of itself: who led something, how many were killed."""
        if self.asked.kind == "name":
            return frozenset().union(*self._senses.values())
        return persons_asked(self.asked) if self.asked.kind == "number" else frozenset()

    def _of_deed(self, said: Said) -> bool:
        return not self._deed or not self._deed.isdisjoint(senses_in(said.text))

    def _tells_deed(self, said: Said) -> bool:
        return not frozenset().union(*self._senses.values()).isdisjoint(senses_in(said.text))

    @cached_property
    def _unknown(self) -> tuple[Token, ...]:
        """The words of the question that no glossary knows and that look like names: عرسال, Arsal.

        The lists of names do not know them either, so that nothing else tells that a sentence is of another place.
        """
        unknown = {word for word, ways in search_glossary().ways(self.question, inflected=True) if not ways}
        times = [(one.start, one.end) for one in moments(self.question, "")]
        return tuple(
            token
            for at, token in enumerate(read(self.question).tokens)
            if token.word in unknown
            and stem(token.word) in self.topic
            and not self._ways_of_rest(stem(token.word))
            and (not not_a_name(token) if token.arabic else token.capital and at > 0)
            and not is_ordinary(token.word)
            and not senses_of_word(token.word)
            and not any(token.start < end and start < token.end for start, end in times)
        )

    def _names_found(self, said: Said) -> bool:
        """Whether such words of the question stand in the passage of a sentence, or in its title."""
        if not self._unknown:
            return True
        parts = (*said.indexed.words, _title_words(said.title))
        found = set().union(*(self.terms.found(said.indexed.partition, part) for part in parts))
        have = read(f"{said.title}\n{said.passage}")
        return all(stem(token.word) in found or bears_word(have, token) for token in self._unknown)

    def of_whole(self, said: Said, value: Value) -> bool:
        """Whether a sentence names something that is asked for only among the parts of what its value counts."""
        first = before_parts(said.text)
        if len(first) < value.end or first == said.text:
            return False
        whole, here = (self.terms.found(said.indexed.partition, Words.of(text)) for text in (said.text, first))
        return bool((whole - here) & self.topic.keys())

    def numbers(self, said: Said) -> list[Finding]:
        """The numbers of the question that a sentence, the one before it and its title do not have."""
        return check_numbers(self.question, self.language, self._context(said))

    def _context(self, said: Said) -> Source:
        return Source(f"{said.title}\n{said.before} {said.text}", said.language, self.published(said))

    def bears(self, said: Said) -> bool:
        """Whether a sentence is about what the question names: most of its words, its names, numbers and years."""
        same = said.indexed.partition == self.terms.partition
        share = max(self.share(said), self._of_topic(said))
        if len(self.topic) < LEAST_TERMS or share < (BEARS if same else BEARS_ACROSS):
            return False
        if check_names(self.question, self.language, self._context(said)) or self.numbers(said):
            return False
        if not self._names_found(said):
            return False
        if self.asked.kind == "date" and self._of_topic(said, alone=True) < NEAR and not self._tells_deed(said):
            return False  # dates stand beside anything
        return not self.asked.years or not self.asked.years.isdisjoint(self.years(said) or {0})

    def about_named(self, said: Said) -> bool:
        """Whether a sentence has some of what the question names, and its passage every name."""
        passage = Source(f"{said.title}\n{said.passage}", said.language, self.published(said))
        if self._of_topic(said) < NEAR or not self._names_found(said):
            return False
        return not check_names(self.question, self.language, passage)

    def no_other_name(self, said: Said) -> bool:
        """Whether a sentence in another language names nothing in the place of what the question names.

        A name that is spelled another way there (Apamea, أفاميا) is not recognised, and not exchanged either.
        """
        if said.indexed.partition == self.terms.partition or self._of_topic(said) < BEARS_ACROSS:
            return False
        return not any(one.instead for one in check_names(self.question, self.language, self._context(said)))

    def years(self, said: Said) -> frozenset[int]:
        """The years that a sentence speaks of, or else those about which it was published, or those of its passage."""
        own = self.own_years(said)
        published = self.published(said)
        if own:
            return own
        if published is None:
            return _years(f"{said.title}\n{said.passage}", None)
        apart = YEARS_APART if self.asked.years else YEARS_APART_UNASKED
        return frozenset(range(published.year - apart, published.year + 1))

    def own_years(self, said: Said) -> frozenset[int]:
        """The years that a sentence names, or that its relative times come to."""
        return _years(said.text, self.published(said))


def _is_year(word: str) -> bool:
    return any(rest in _YEAR for _, rest in peeled(word))


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
def _folded(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(text) if token.kind == "word")


@lru_cache(1 << 12)
def _title_words(title: str) -> Words:
    return Words.of(title)
