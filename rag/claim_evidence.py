"""What single sentences of the documents say about a claim: for it, against it, near it, or nothing.

A sentence is read with its neighbours and its document's title, which name what it speaks of. How much of the claim
stands there, leaving out what a check found wrong, says whether both are about the same thing: a claim with one wrong
figure has all its other words in the sentence that says otherwise, and few of them anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rag.bilingual import same_name
from rag.claim_coverage import uncovered
from rag.claim_rivals import Claimed, denied, misstated, named_otherwise, persons_apart, rival_of, turned
from rag.grounding.findings import Finding, Source
from rag.grounding.meaning import WEIGHTS, Vectors, meaning_of
from rag.grounding.moments import moments
from rag.grounding.names import names
from rag.grounding.nearby import keys
from rag.grounding.quantities import quantities
from rag.grounding.verbs import is_verb, other_agent
from rag.grounding.verdict import findings_of
from rag.grounding.wording import bearings, read
from rag.sentences import Span

READ = 10
"""Sentences that are read closely: those that share most with the claim."""
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
    dates, which are checked; `apart` if it names somebody else, or names and dates of the claim stand only elsewhere in
    the passage, or it negates what they share. `astray` if what it names instead is of something else: other names and
    dates of the claim stand elsewhere alone, or it has no word of the claim beside names. `lacking` are words of the
    claim that neither it nor its passage has.
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
    apart: bool
    astray: bool
    lacking: tuple[str, ...] = ()

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
        if not kinds and not self.doubts and not self.apart:
            # A claim without numbers and dates has nothing but its words to go by.
            needed = least.borne if self.values else SURE
            if self.around + self.meaning >= needed and (self.values or self.meaning >= NEAR_MEANING):
                return "near" if self.lacking else "for"
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
ALIKE = 0.1
"""Likeness that makes up for words that are not seen to be the same."""


def readings(
    claim: Claimed, stretches: Sequence[Stretch], rarity: Callable[[str], float], vectors: Vectors
) -> list[Reading]:
    """The sentences that share most with `claim`, read closely; none for a mere name or a single word.

    `rarity` weighs a folded word of the claim.
    """
    weights = _weights(claim, rarity)
    if not _claims_something(claim):
        return []
    scored: list[tuple[float, int, int]] = []
    for at, stretch in enumerate(stretches):
        title = _covered(claim, Source(stretch.title, stretch.language))
        for number, span in enumerate(stretch.sentences):
            if span.kind != "heading":
                alone = _covered(claim, _source(stretch, number, 0))
                words = (_share(weights, alone) + _share(weights, alone | title)) / 2
                scored.append((words + LIKENESS * stretch.similar[number], at, number))
    best = sorted(scored, key=lambda one: (-one[0], *one[1:]))[:READ]
    return [_read(claim, stretches[at], number, weights, vectors) for _, at, number in best]


def _read(claim: Claimed, stretch: Stretch, number: int, weights: Mapping[int, float], vectors: Vectors) -> Reading:
    near, alone = _source(stretch, number, 1), _source(stretch, number, 0)
    titled = Source(f"{stretch.title}.\n{near.text}", stretch.language, stretch.published)
    whole = Source(f"{stretch.title}.\n{stretch.text}", stretch.language, stretch.published)
    findings = [*findings_of(claim.text, claim.language, [near])]
    said = {finding.said for finding in findings}
    findings += [one for one in misstated(claim, alone, near) if one.said not in said]
    beyond = {(one.kind, one.said) for one in findings_of(claim.text, claim.language, [whole])} if findings else set()
    covered = _covered(claim, alone)
    named = {at for one in names(claim.text, claim.language) for at in _at(claim, one.text)}
    named -= _words_of(claim, [one for one in findings if (one.kind, one.said) in beyond])
    faults: list[tuple[Finding, str | None]] = []
    for finding in findings:
        if finding.kind == "attribution":
            continue
        rest = {at: weight for at, weight in weights.items() if at not in _words_of(claim, [finding])}
        same = _share(rest, covered | named) >= NEARLY_ALL
        rival = rival_of(claim, finding, alone, same=same)
        if finding.kind == "name" and rival and same_name(finding.said, rival):
            continue
        # What the sentence calls "it" is named in the passage or the title.
        if (finding.kind, finding.said) in beyond or not _elsewhere(claim, finding, rival):
            faults.append((finding, rival))
    apart = persons_apart(claim, alone) or turned(claim, alone)
    astray = False
    if len(faults) < sum(finding.kind != "attribution" for finding in findings):
        kept = {finding.said for finding, _ in faults}
        close = findings_of(claim.text, claim.language, [titled])
        astray = any(
            one.kind in ("name", "date", "number")
            and one.said not in kept
            and (one.kind, one.said) not in beyond
            and not (one.kind == "name" and _ends_in(claim, one.said, covered))
            for one in close
        )
        apart = apart or astray
    out = _words_of(claim, [finding for finding, _ in faults])
    named -= out
    left = {at: weight for at, weight in weights.items() if at not in out}
    around = _covered(claim, titled) | named
    said_of = left.keys() - {at for one in names(claim.text, claim.language) for at in _at(claim, one.text)}
    # The Arab League readmitted Syria: that does not say who left it. Across languages too few words are known.
    astray = astray or (claim.language == stretch.language and bool(said_of) and said_of.isdisjoint(covered))
    reading = Reading(
        stretch,
        stretch.sentences[number],
        around=_share(left, around),
        alone=_share(left, covered | named),
        shared=len(around & left.keys()),
        similar=stretch.similar[number],
        meaning=0.0,
        faults=tuple(faults),
        doubts=tuple(finding for finding in findings if finding.kind == "attribution"),
        across=claim.language != stretch.language,
        values=bool(_values(claim)),
        apart=apart,
        astray=astray,
    )
    if not reading.fits:  # what it means is the dearest question, and here it would change nothing
        return reading
    read_closely = replace(reading, meaning=meaning_of(claim.text, claim.language, near, vectors).probability(WEIGHTS))
    return _doubted(read_closely, claim, alone, titled, whole) if read_closely.side == "for" else read_closely


def _doubted(reading: Reading, claim: Claimed, alone: Source, near: Source, whole: Source) -> Reading:
    """A reading that would bear the claim out, with what keeps it from it."""
    named = {at for one in names(claim.text, claim.language) for at in _at(claim, one.text)}
    if (
        denied(claim, whole)
        or named_otherwise(claim, alone)
        or other_agent(read(claim.text), read(alone.text), named, reading.across)
        or _borrowed(claim, reading, alone)
    ):
        return replace(reading, apart=True)
    lacking = uncovered(claim.text, claim.language, near, whole, named)
    return replace(reading, lacking=tuple(claim.text[token.start : token.end] for token in lacking))


def _borrowed(claim: Claimed, reading: Reading, alone: Source) -> bool:
    """Whether the claim's deed stands beside the sentence alone, where somebody else does it.

    "Ali said that the contract was good. Khatib criticised the contract." does not say that Ali criticised it.
    """
    stated, spans = read(claim.text), reading.stretch.sentences
    mine = [one for one in names(claim.text, claim.language) if one.kind == "person"]
    lacking = [at for at, one in enumerate(stated) if one.content and is_verb(stated, at)] if mine else []
    lacking = [at for at in lacking if at not in _covered(claim, alone)]
    number = spans.index(reading.span)
    for other in (number - 1, number + 1) if lacking else ():
        if 0 <= other < len(spans):
            beside = _source(reading.stretch, other, 0)
            if not _covered(claim, beside).isdisjoint(lacking) and persons_apart(claim, beside):
                return True
    return False


def _claims_something(claim: Claimed) -> bool:
    """Whether it says anything of what it names: two different words, and one beside a name, or a number or a date."""
    named = [(one.start, one.end) for one in names(claim.text, claim.language)]
    content = [token for token in read(claim.text) if token.content]
    beside = any(not any(start <= token.start < end for start, end in named) for token in content)
    return len({token.folded for token in content}) > 1 and (beside or bool(_values(claim)))


def _elsewhere(claim: Claimed, finding: Finding, rival: str | None) -> bool:
    """Whether it is enough that a faulty word stands somewhere else in the passage: names and dates, no counts."""
    if finding.kind == "number":
        said = [
            one for one in quantities(claim.text, claim.language) if claim.text[one.start : one.end] == finding.said
        ]
        return rival is None and any(one.ordinal for one in said)
    return finding.kind == "name" or (finding.kind == "date" and rival is None)


def _weights(claim: Claimed, rarity: Callable[[str], float]) -> dict[int, float]:
    """The weight of each content word of the claim by its place; values and dates have checks of their own."""
    spans = _values(claim)
    return {
        at: rarity(token.folded)
        for at, token in enumerate(read(claim.text))
        if token.content and keys(token.folded) and not any(start <= token.start < end for start, end in spans)
    }


def _values(claim: Claimed) -> list[tuple[int, int]]:
    """Where the numbers and dates of the claim stand."""
    spans = [(one.start, one.end) for one in quantities(claim.text, claim.language)]
    return spans + [(one.start, one.end) for one in moments(claim.text, claim.language)]


def _words_of(claim: Claimed, findings: Iterable[Finding]) -> set[int]:
    """The places of the words that are at fault; those of a negation are the whole claim's, and none of them."""
    return {at for finding in findings if finding.kind != "negation" for at in _at(claim, finding.said)}


def _at(claim: Claimed, said: str) -> Iterator[int]:
    """The places of the words of `said`, which stands in the claim."""
    start = claim.text.find(said)
    for at, token in enumerate(read(claim.text)):
        if 0 <= start <= token.start < start + len(said):
            yield at


def _covered(claim: Claimed, source: Source) -> frozenset[int]:
    """The places of the claim's words that stand in `source`, in whatever form or language."""
    found = bearings(read(claim.text), claim.language, source.text, source.language)
    return frozenset(at for bearing in found for at, _ in bearing.pairs)


def _ends_in(claim: Claimed, said: str, covered: AbstractSet[int]) -> bool:
    """Whether the last word of the name that has `said` is among the places `covered`: Trump, for Donald Trump."""
    whole = next((one.text for one in names(claim.text, claim.language) if said in one.text), said)
    last = list(_at(claim, whole))[-1:]
    return bool(last) and last[0] in covered


def _share(weights: Mapping[int, float], covered: AbstractSet[int]) -> float:
    whole = sum(weights.values())
    return sum(weight for at, weight in weights.items() if at in covered) / whole if whole else 0.0


def _source(stretch: Stretch, number: int, around: int) -> Source:
    spans = stretch.sentences[max(0, number - around) : number + around + 1]
    text = stretch.text[spans[0].start - stretch.start : spans[-1].end - stretch.start]
    return Source(text, stretch.language, stretch.published)
