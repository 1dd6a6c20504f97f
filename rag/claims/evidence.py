"""What single sentences of the documents say about a claim: for it, against it, near it, or nothing.

A sentence is read with its neighbours and its document's title, which name what it speaks of. How much of the claim
stands there, leaving out what a check found wrong, says whether both are about the same thing: a claim with one wrong
figure has all its other words in the sentence that says otherwise, and few of them anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from rag.bilingual import same_name
from rag.claims.across import negated_alone, opposite, said_in
from rag.claims.antecedents import REACH, antecedent, persons_in
from rag.claims.apart import by_another, denied, named_otherwise, persons_apart, turned, unsure_of
from rag.claims.attributed import reporting, whose
from rag.claims.bodies import body_before, body_unknown
from rag.claims.coverage import saying, uncovered
from rag.claims.deeds import told_in_phrase
from rag.claims.otherwise import said_otherwise
from rag.claims.phrases import in_words, lacked, worded
from rag.claims.reading import LIKENESS, NEARLY_ALL, Reading, Stretch
from rag.claims.rivals import Claimed, misstated, rival_of
from rag.claims.universal import overstated
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.findings import Finding, Source
from rag.grounding.meaning import WEIGHTS, Vectors, meaning_of
from rag.grounding.names.check import names
from rag.grounding.nearby import keys
from rag.grounding.negation.verbs import is_verb
from rag.grounding.numbers.quantities import quantities
from rag.grounding.reasons import listed
from rag.grounding.times.moments import moments
from rag.grounding.verdict import copied, findings_of
from rag.grounding.wording import bearings, read

READ = 10
"""Sentences that are read closely: those that share most with the claim."""


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
    return [worded(claim, _read(claim, stretches[at], number, weights, vectors)) for _, at, number in best]


def _read(claim: Claimed, stretch: Stretch, number: int, weights: Mapping[int, float], vectors: Vectors) -> Reading:
    alone = _source(stretch, number, 0)
    meant = antecedent(claim, _before(stretch, number), alone)
    # Who did it may be named further back than in the sentence before.
    near = _source(stretch, number, 1, meant.back if meant is not None and meant.same else 1)
    titled = Source(f"{stretch.title}.\n{near.text}", stretch.language, stretch.published)
    whole = Source(f"{stretch.title}.\n{stretch.text}", stretch.language, stretch.published)
    across = claim.language != stretch.language
    findings = [*findings_of(claim.text, claim.language, [near])]
    if across:  # what is translated is quoted by nobody word for word: its words count as the claim's
        findings = [one for one in findings if one.kind != "quote"]
    said = {finding.said for finding in findings}
    findings += [one for one in misstated(claim, alone, near) if one.said not in said]
    otherwise, findings = said_otherwise(claim, alone, findings)
    beyond = {(one.kind, one.said) for one in findings_of(claim.text, claim.language, [whole])} if findings else set()
    covered = _covered(claim, alone)
    named = _named(claim)
    named -= _words_of(claim, [one for one in findings if (one.kind, one.said) in beyond])
    faults: list[tuple[Finding, str | None]] = [*otherwise]
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
    sure = meant is not None and meant.same
    apart = [] if sure else [one for one in (persons_apart(claim, alone), unsure_of(claim, meant)) if one]
    apart += [one for one in (turned(claim, alone),) if one]
    if across:
        apart += [one for one in (negated_alone(claim, alone), opposite(claim, alone)) if one]
    elsewhere: list[Finding] = []
    if len(faults) - len(otherwise) < sum(finding.kind != "attribution" for finding in findings):
        kept = {finding.said for finding, _ in faults}
        elsewhere = [
            one
            for one in findings_of(claim.text, claim.language, [titled])
            if one.kind in ("name", "date", "number")
            and one.said not in kept
            and (one.kind, one.said) not in beyond
            and not (one.kind == "name" and _ends_in(claim, one.said, covered))
        ]
        if elsewhere:
            told = [in_words(one.said, Source(claim.text, claim.language)) for one in elsewhere]
            apart.append(Finding("elsewhere", listed(told, claim.language)))
    out = _words_of(claim, [finding for finding, _ in faults])
    named -= out
    left = {at: weight for at, weight in weights.items() if at not in out}
    around = _covered(claim, titled) | named
    said_of = left.keys() - _named(claim)
    # The Arab League readmitted Syria: that does not say who left it. Across languages too few words are known.
    astray = bool(elsewhere) or (claim.language == stretch.language and bool(said_of) and said_of.isdisjoint(covered))
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
        across=across,
        values=bool(_values(claim)),
        apart=tuple(apart),
        astray=astray,
        unanswered=_written(claim, sorted(left.keys() - around)),
        said=said_in(claim, alone, left, covered | named) if across else 0.0,
    )
    if not reading.fits:  # what it means is the dearest question, and here it would change nothing
        return reading
    read_closely = replace(reading, meaning=meaning_of(claim.text, claim.language, near, vectors).probability(WEIGHTS))
    if read_closely.doubts and not read_closely.faults and read_closely.side == "near":
        plain = _doubted(replace(read_closely, doubts=()), claim, number, sure=sure, near=titled, whole=whole)
        if plain.apart:
            return read_closely
        whose_word = _by_whom(read_closely, number)
        return replace(
            read_closely,
            doubts=whose_word,
            lacking=plain.lacking,
            overstated=plain.overstated,
            attributed=not plain.lacking and not plain.overstated,
        )
    # What the document says word for word it says, whatever it goes on to deny.
    if read_closely.side != "for" or copied(claim.text, [alone]):
        return read_closely
    return _doubted(read_closely, claim, number, sure=sure, near=titled, whole=whole)


def _by_whom(reading: Reading, number: int) -> tuple[Finding, ...]:
    """The findings that somebody is reported to say so, with who it is."""
    stretch = reading.stretch
    beside = [one for one in (number, number - 1, number + 1) if 0 <= one < len(stretch.sentences)]
    found = reporting(reading.doubts, [(one, _source(stretch, one, 0)) for one in beside])
    before = _before(stretch, number if found is None else found)
    return tuple(whose(one, _source(stretch, number, 1), before) for one in reading.doubts)


def _doubted(reading: Reading, claim: Claimed, number: int, *, sure: bool, near: Source, whole: Source) -> Reading:
    """A reading that would bear the claim out, with what keeps it from it.

    `sure` if its sentence does not name who did it, and those before tell that it is the claim's person.
    """
    alone = _source(reading.stretch, number, 0)
    why = (
        denied(claim, whole)
        or named_otherwise(claim, alone)
        or body_unknown(claim, alone)
        or body_before(claim, alone, _before(reading.stretch, number))
    )
    if why is None and not sure:
        why = by_another(claim, alone, _named(claim)) or _borrowed(claim, reading, number)
    if why is not None:
        return replace(reading, apart=(why,))
    besides = _named(claim) | saying(claim.text, alone)
    over = overstated(claim, alone)
    besides |= set(_at(claim, over[0].said)) if over is not None else set()
    missing = uncovered(claim.text, claim.language, near, whole, besides, strict=not reading.close)
    return replace(
        reading,
        lacking=lacked(claim.text, missing),
        overstated=(over[0],) if over is not None else (),
    )


def _borrowed(claim: Claimed, reading: Reading, number: int) -> Finding | None:
    """Whether the claim's deed stands beside the sentence alone, where somebody else does it, or perhaps does.

    "Ali said that the contract was good. Khatib criticised the contract." does not say that Ali criticised it.
    """
    stated, stretch = read(claim.text), reading.stretch
    mine = persons_in(claim.text, claim.language)
    lacking = [at for at, one in enumerate(stated) if one.content and is_verb(stated, at)] if mine else []
    alone = _source(stretch, number, 0)
    lacking = [at for at in lacking if at not in _covered(claim, alone)]
    if reading.alone >= NEARLY_ALL and any(is_saying(token.folded) for token in read(alone.text)):
        lacking = [at for at in lacking if not is_saying(stated[at].folded)]  # said, where the sentence has reported
    for other in (number - 1, number + 1) if lacking else ():
        if 0 <= other < len(stretch.sentences):
            beside = _source(stretch, other, 0)
            if _covered(claim, beside).isdisjoint(lacking):
                continue
            found = persons_apart(claim, beside) or unsure_of(claim, antecedent(claim, _before(stretch, other), beside))
            if found is not None:
                return Finding("agent", found.said)
    return None


def _before(stretch: Stretch, number: int) -> list[Source]:
    """The sentences before one, in order."""
    return [_source(stretch, one, 0) for one in range(max(0, number - REACH), number)]


def _named(claim: Claimed) -> set[int]:
    """The places of the words of the claim's names."""
    return {at for one in names(claim.text, claim.language) for at in _at(claim, one.text)}


def _written(claim: Claimed, places: Iterable[int]) -> tuple[str, ...]:
    """Words of the claim as they are written."""
    tokens = read(claim.text)
    return tuple(claim.text[tokens[at].start : tokens[at].end] for at in places)


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
    """The places of the words that are at fault; those of a negation are the whole claim's, and none of them.

    Nor are those that all is said of.
    """
    whole = ("negation", "universal")
    return {at for finding in findings if finding.kind not in whole for at in _at(claim, finding.said)}


def _at(claim: Claimed, said: str) -> Iterator[int]:
    """The places of the words of `said`, which stands in the claim."""
    start = claim.text.find(said)
    for at, token in enumerate(read(claim.text)):
        if 0 <= start <= token.start < start + len(said):
            yield at


def _covered(claim: Claimed, source: Source) -> frozenset[int]:
    """The places of the claim's words that stand in `source`, in whatever form or language."""
    stated = read(claim.text)
    found = bearings(stated, claim.language, source.text, source.language)
    return frozenset(at for bearing in found for at, _ in bearing.pairs) | told_in_phrase(stated, read(source.text))


def _ends_in(claim: Claimed, said: str, covered: AbstractSet[int]) -> bool:
    """Whether the last word of the name that has `said` is among the places `covered`: Trump, for Donald Trump."""
    whole = next((one.text for one in names(claim.text, claim.language) if said in one.text), said)
    last = list(_at(claim, whole))[-1:]
    return bool(last) and last[0] in covered


def _share(weights: Mapping[int, float], covered: AbstractSet[int]) -> float:
    whole = sum(weights.values())
    return sum(weight for at, weight in weights.items() if at in covered) / whole if whole else 0.0


def _source(stretch: Stretch, number: int, around: int, back: int | None = None) -> Source:
    """A sentence with `around` more on both sides, or `back` before it."""
    spans = stretch.sentences[max(0, number - (around if back is None else back)) : number + around + 1]
    text = stretch.text[spans[0].start - stretch.start : spans[-1].end - stretch.start]
    return Source(text, stretch.language, stretch.published)
