"""Words of a claim or a source as a reader is told them: a bare figure, a lone adjective, with what it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.claims.reading import Reading
from rag.claims.rivals import Claimed, of_people, with_head
from rag.grounding.findings import Finding, Source
from rag.grounding.names.check import names
from rag.grounding.negation.verbs import is_verb
from rag.grounding.numbers.quantities import quantities
from rag.grounding.wording import Token, is_past, read

_REGIONS = frozenset(("arab", "europe", "gulf", "africa", "asia"))
"""Regions that are mostly named by their adjective."""
_AFTER = 3
"""Words after a figure among which the one that it counts stands."""


def worded(claim: Claimed, reading: Reading) -> Reading:
    """A reading whose findings name what their figures count, and what their adjectives describe."""
    stretch, span = reading.stretch, reading.span
    text = stretch.text[span.start - stretch.start : span.end - stretch.start]
    sentence = Source(text, stretch.language, stretch.published)
    stated = Source(claim.text, claim.language)
    faults = tuple(
        (replace(finding, said=in_words(finding.said, stated)), in_words(rival, sentence) if rival else rival)
        if finding.kind in ("number", "name")
        else (finding, rival)
        for finding, rival in reading.faults
    )
    return replace(reading, faults=faults)


def about(said: str, other: str, claim: Claimed, sentence: Source) -> Finding:
    """That a sentence is of another than the claim, each with the words that it belongs to."""
    return Finding("about", in_words(said, Source(claim.text, claim.language)), in_words(other, sentence))


def in_words(said: str, source: Source) -> str:
    """Words of `source` with those that they belong to: 31 million people, Italian police; else as they are."""
    start = source.text.find(said)
    if start < 0 or not said:
        return said
    end = start + len(said)
    for name in names(source.text, source.language):
        if (name.start, name.end) == (start, end) and (of_people(name) or not name.means.isdisjoint(_REGIONS)):
            return source.text[slice(*with_head(source, start, end))]
    tokens = read(source.text)
    for one in quantities(source.text, source.language):
        if (one.start, one.end) == (start, end) and one.unit != "percent":
            return source.text[slice(*_counted(tokens, start, end, one.noun))]
    return said


def _counted(tokens: Sequence[Token], start: int, end: int, noun: str) -> tuple[int, int]:
    """A figure up to what it counts, `noun` (folded) or the next word; without one, from the word before: H.R. 1."""
    after = [token for token in tokens if token.start >= end][:_AFTER]
    for number, token in enumerate(after):
        if not token.stem:
            break
        if token.content and (token.folded == noun or number == 0 or not noun):
            return start, token.end
    before = [token for token in tokens if token.end <= start][-1:]
    return (before[0].start if before and before[0].content else start), end


def lacked(text: str, missing: Sequence[Token]) -> tuple[str, ...]:
    """Words of a claim that a source lacks: one alone with the word that it goes with, a useless response."""
    if len(missing) != 1:
        return tuple(text[token.start : token.end] for token in missing)
    tokens = read(text)
    at = next(at for at, token in enumerate(tokens) if token.start == missing[0].start)
    arabic = not tokens[at].folded.isascii()
    beside = at - 1 if arabic and not is_verb(tokens, at) else at + 1
    first = last = at
    verb = 0 <= beside < len(tokens) and (is_verb(tokens, beside) if arabic else is_past(tokens[beside].folded))
    if 0 <= beside < len(tokens) and tokens[beside].content and not verb:
        first, last = min(at, beside), max(at, beside)
    return (text[tokens[first].start : tokens[last].end],)
