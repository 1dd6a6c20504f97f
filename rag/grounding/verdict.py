"""The verdict on one statement: what hard checks found, then whether the sources say so in meaning at all.

A statement is `supported` when no check finds anything and the meaning is close enough; `unsupported` when a check
finds something that no cited source bears out, or when nothing that was cited is about it; `weak` between the two, and
where all that was found is of a kind that is too often found in right statements to take them out for it.

The bundled network (`InferenceModel`) reads the statement itself, and is weighed with what the checks found: neither
takes a statement out that the other is sure of, and nothing is `supported` against a check. Across languages it
sometimes believes what has nothing to do with the source: there, nothing is `supported` that is far from it in meaning
either. A statement that is a sentence of its source, word for word, needs no reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rag.analysis import words
from rag.grounding.attribution.check import check_attribution
from rag.grounding.findings import Finding, Source
from rag.grounding.inference import Inference, InferenceModel
from rag.grounding.meaning import WEIGHTS, Vectors, meaning_of
from rag.grounding.names.check import check_names
from rag.grounding.negation.check import check_negation
from rag.grounding.numbers.check import check_numbers
from rag.grounding.quotation import check_quotation
from rag.grounding.times.check import check_times
from rag.grounding.weighing import WEIGHTS as WEIGHED
from rag.grounding.weighing import signals_of
from rag.sentences import split_sentences

Check = Callable[[str, str, Source], list[Finding]]

CHECKS: tuple[Check, ...] = (
    check_numbers,
    check_times,
    check_quotation,
    check_names,
    check_negation,
    check_attribution,
)

DOUBTS: frozenset[str] = frozenset({"negation", "attribution"})
"""Kinds of findings that make a statement weak: each refuses 1 of 10 right statements that it was not written on
(`python -m evals.benchmarks.fit_grounding`, test pairs)."""

ENOUGH = 0.5
"""Probability of the meaning from which on a statement counts as supported: 95 in 100 right development pairs."""
TOO_LITTLE = 0.25
"""Probability of the meaning below which it counts as unsupported: 1 in 100 right development pairs, 97 in 100 of those
whose source belongs to another statement."""

ENOUGH_WEIGHED = 0.45
"""Probability by network and checks together from which on a statement counts as supported; `fit_support` prints how
many right and wrong ones fall below each threshold."""
TOO_LITTLE_WEIGHED = 0.25
"""Below it a statement counts as unsupported: 1 in 20 right ones held out when it was chosen (`fit_support`)."""

COPY = Inference(supported=1.0, absent=0.0, contradicted=0.0)
"""What is read in a statement that is the source's own words."""

Support = Literal["supported", "weak", "unsupported"]


class Reading(NamedTuple):
    """How probable it is that sources say what a statement says (0 to 1), and whether they plainly say otherwise."""

    probability: float
    contradicted: bool = False


Reader = Callable[[str, str, Sequence[Source]], Reading]
"""`reader(statement, language, sources)`: what is put in the place of vectors and words as the judge of meaning."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a statement: its support, what was found against it, and how probable its meaning is (0 to 1)."""

    support: Support
    findings: tuple[Finding, ...]
    meaning: float


def findings_of(statement: str, language: str, sources: Sequence[Source]) -> tuple[Finding, ...]:
    """What the hard checks find that none of the sources bears out."""
    kept: list[Finding] = []
    for check in CHECKS:
        found = [check(statement, language, source) for source in sources]
        # One source is enough: several are cited because each bears out a part.
        everywhere = [one for one in found[0] if all(any(_same(one, other) for other in rest) for rest in found[1:])]
        kept += everywhere
    return tuple(kept)


def judge(
    statement: str,
    language: str,
    sources: Sequence[Source],
    vectors: Vectors,
    reader: Reader | InferenceModel | None = None,
) -> Verdict:
    """The verdict on `statement`, in `language` (ISO 639-1), against the sources that it cites, at least one.

    Meaning is judged by `reader`, where there is one and the hard checks leave something to judge, else by `vectors`.
    """
    findings = findings_of(statement, language, sources)
    if isinstance(reader, InferenceModel):
        said = COPY if copied(statement, sources) else reader.infer(statement, language, sources)
        across = _all_across(language, sources)
        verdict = weighed(statement, findings, said, across)
        if across and verdict.support == "supported":
            meaning = meaning_by(statement, language, sources, vectors)
            if meaning < TOO_LITTLE:
                return Verdict("weak", (Finding("meaning", statement),), meaning)
        return verdict
    if reader is not None and support_of(findings, 1.0) != "unsupported":
        meaning, contradicted = reader(statement, language, sources)
        findings += (Finding("contradiction", statement),) if contradicted else ()
    else:
        meaning = meaning_by(statement, language, sources, vectors)
    support = support_of(findings, meaning)
    if support != "supported" and not findings:
        findings = (Finding("meaning", statement),)
    return Verdict(support, findings, meaning)


def weighed(statement: str, findings: tuple[Finding, ...], read: Inference, across: bool) -> Verdict:
    """The verdict by what the checks found and what the network read; `across` languages or not."""
    chance = signals_of(read, findings, across).probability(WEIGHED)
    if chance < TOO_LITTLE_WEIGHED:
        support: Support = "unsupported"
    else:
        support = "supported" if chance >= ENOUGH_WEIGHED and not findings else "weak"
    if support != "supported" and not findings:
        otherwise = read.contradicted > max(read.absent, read.supported)
        findings = (Finding("contradiction" if otherwise else "meaning", statement),)
    return Verdict(support, findings, chance)


def copied(statement: str, sources: Sequence[Source]) -> bool:
    """Whether a statement is whole sentences of one source, in a row, word for word: that needs no reading."""
    wanted = words(statement)
    for source in sources:
        sentences = [
            words(source.text[span.start : span.end]) for span in split_sentences(source.text, source.language)
        ]
        for first in range(len(sentences)):
            joined: list[str] = []
            for sentence in sentences[first:]:
                joined += sentence
                if len(joined) >= len(wanted):
                    break
            if joined == list(wanted):
                return bool(wanted)
    return False


def _all_across(language: str, sources: Sequence[Source]) -> bool:
    return all(source.language != language for source in sources)


def meaning_by(statement: str, language: str, sources: Sequence[Source], vectors: Vectors) -> float:
    """How probable it is, by vectors and words, that one of the sources says what `statement` says (0 to 1)."""
    return max(meaning_of(statement, language, source, vectors).probability(WEIGHTS) for source in sources)


def support_of(findings: Sequence[Finding], meaning: float) -> Support:
    """The support of a statement by what was found against it and how probable its meaning is (0 to 1)."""
    if meaning < TOO_LITTLE or any(finding.kind not in DOUBTS for finding in findings):
        return "unsupported"
    return "supported" if meaning >= ENOUGH and not findings else "weak"


def _same(one: Finding, other: Finding) -> bool:
    return (one.kind, one.said) == (other.kind, other.said)
