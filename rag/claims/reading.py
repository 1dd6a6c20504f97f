"""What a sentence of the documents says of a claim, as far as it was read: figures, and the side they put it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.grounding.findings import Finding
from rag.sentences import Span

LIKENESS = 5.0
"""What a cosine above the background weighs beside the share of words: both are about .5 for a sentence that fits."""
LEAST_LIKENESS = 0.035
"""A sentence less like the claim shares words with it by chance: a short claim's words stand in many places."""
MUCH_ALIKE = 0.08
NEARLY_ALL = 0.75
"""Share of the claim's words in a sentence from which on it speaks of the same thing, whatever its number counts."""

Side = Literal["for", "against", "near"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A retrieved passage as it is stored: `text` from `start` of the document on, and its sentences as offsets.

    `similar` says of each sentence how far it stands above its language's background in likeness to the claim (cosine).
    """

    document_id: str
    language: str
    start: int
    text: str
    sentences: tuple[Span, ...]
    similar: tuple[float, ...]
    title: str
    published: date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence at `span` of a document, read for a claim.

    `around` and `alone` are the shares of the claim's words, by rarity, that stand in it with its neighbours and title,
    and in it alone (0 to 1), values, dates and faulty words left out, and `shared` how many the former are; `similar`
    is its likeness, `meaning` the probability that it and its neighbours say so, asked only of those that fit.

    `faults` are pairs of a finding and what the sentence has in its place, None where nothing; `doubts` are findings
    that somebody is reported to say so. `across` if it is in another language; `values` if the claim has numbers or
    dates, which are checked; `apart` says why it bears nothing out, whatever its words: it names somebody else, or
    names and dates of the claim stand only elsewhere in the passage, or it negates what they share. `astray` if what it
    names instead is of something else: other names and dates stand elsewhere alone, or it has no word of the
    claim beside names. `lacking` are words of the claim that neither it nor its passage has, `unanswered` those that
    it, its neighbours and its title were not found to have, in whatever form. `overstated` is what the claim
    says without exception, and it does not. `said` is, across languages, the share of the claim's words that it has by
    all that is known for searching (`rag.claims.across`). `attributed` if nothing but that it is somebody's word was
    found against it.
    """

    stretch: Stretch
    span: Span
    around: float
    alone: float
    shared: int
    similar: float
    meaning: float
    faults: tuple[tuple[Finding, str | None], ...]
    doubts: tuple[Finding, ...]
    across: bool
    values: bool
    apart: tuple[Finding, ...]
    astray: bool
    lacking: tuple[str, ...] = ()
    attributed: bool = False
    unanswered: tuple[str, ...] = ()
    overstated: tuple[Finding, ...] = ()
    said: float = 0.0

    @property
    def fit(self) -> float:
        """How much it is about the claim: about 2 for its very words."""
        return (self.around + self.alone) / 2 + LIKENESS * self.similar

    @property
    def fits(self) -> bool:
        """Whether it is about the claim at all."""
        # One word in common tells nothing of a short claim, unless the sentence is much like it.
        like = self.similar >= (LEAST_LIKENESS if self.shared > 1 else MUCH_ALIKE)
        return like and self.fit >= self._least.fit

    @property
    def _least(self) -> Least:
        return ACROSS if self.across else OWN

    @property
    def side(self) -> Side | None:
        """What it says of the claim; None where it is about something else."""
        least = self._least
        if not self.fits or self.meaning < MEANING:
            return None
        kinds = [finding.kind for finding, _ in self.faults]
        if not kinds and not self.doubts and not self.apart and self._says_so():
            return "near" if self.lacking or self.overstated else "for"
        if "name" in kinds and self.meaning < NAMED:
            return None
        # Two figures of one vote may both be wrong; a name and a date that are both wrong tell of something else.
        if "name" in kinds and self.astray:
            return None
        one_thing = len(kinds) == 1 or (len(kinds) > 1 and set(kinds) == {"number"})
        if one_thing and all(rival is not None for _, rival in self.faults) and self._same(kinds):
            return "against"
        likely = self.meaning >= NEAR_MEANING or self.fit >= NEARLY_ALL + least.fit / 2
        close = (self.around >= NEARLY_ALL and likely) or (self.similar >= ALIKE and "name" not in kinds)
        return "near" if len(kinds) <= 1 and close else None

    def _says_so(self) -> bool:
        """Whether its words and its meaning are near enough to the claim's to bear it out."""
        if self.across and (self.said < SAID_LEAST or (self.similar < LIKE_LEAST and self.said < NEARLY_ALL)):
            return False  # its neighbours have the claim's words
        if self.across and self.said >= SAID and self.similar >= LIKE and self.meaning >= NAMED:
            return True
        return self.close

    @property
    def close(self) -> bool:
        """Whether words seen to be the same and meaning alone are near enough to the claim's."""
        # A claim without numbers and dates has nothing but its words to go by.
        needed = self._least.borne if self.values else SURE
        return self.around + self.meaning >= needed and (self.values or self.meaning >= NEAR_MEANING)

    def _same(self, kinds: Sequence[str]) -> bool:
        """Whether it is about the very thing that the claim is about."""
        if self.around >= self._least.same:
            return True
        return self.similar >= ALIKE and self.around >= self._least.same - 0.15 and "name" not in kinds


@dataclass(frozen=True, slots=True)
class Least:
    """The least that a sentence has in common with a claim.

    `fit` in all; `same` in words, to be about the very same thing; `borne` in words and meaning together, to bear out
    what has its numbers or dates.
    """

    fit: float
    same: float
    borne: float


OWN = Least(fit=0.8, same=0.4, borne=1.3)
ACROSS = Least(fit=0.6, same=0.35, borne=1.2)
"""Across languages only words of the glossary and names are seen to be the same."""
MEANING = 0.5
NEAR_MEANING = 0.75
NAMED = 0.6
"""Probability of the meaning that a sentence with another name must have: names are what sentences have most of."""
SURE = 1.55
"""Words and meaning together that bear out a claim without any number or date."""
SAID = 0.65
LIKE = 0.085
"""Share of a claim's words in a sentence of the other language, and likeness to it, that tell that it says the same.

Chosen, as the two below, on true and false claims about one half of MIXED_DEV's articles, counted on the other half.
"""
SAID_LEAST = 0.4
LIKE_LEAST = 0.055
"""Less of either bears nothing out, unless nearly all stands in it: what its neighbours have is not its own."""
ALIKE = 0.1
"""Likeness that makes up for words that are not seen to be the same."""
