"""Citation recall and precision, as ALCE defines them, and what decides whether a source entails a statement.

Gao et al., "Enabling Large Language Models to Generate Text with Citations", 2023, section 4. A statement is recalled
if what it cites, taken together, entails it; without citations it is not. A citation is precise if its statement is
recalled, and it entails it alone or the others do not without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rag.analysis import terms
from rag.citations import Judge
from rag.grounding.findings import Source
from rag.grounding.verdict import ENOUGH, Reader

OVERLAP = 0.8
"""Least share of a statement's stems in what it cites, for the decider that only counts words."""

Entails = Callable[[str, Sequence[Source]], bool | None]
"""`entails(statement, sources)`: whether the sources, taken together, entail the statement; None: it cannot tell."""


class Entailment(NamedTuple):
    """Of one statement: whether what it cites entails it, and for each of its citations whether it is precise."""

    recalled: bool
    precise: tuple[bool, ...]


def entailment(text: str, sources: Sequence[Source], entails: Entails) -> Entailment | None:
    """What ALCE counts of a statement and the sources that it cites; None where `entails` cannot tell."""
    if not sources:
        return Entailment(False, ())
    together = entails(text, sources)
    if together is None:
        return None
    if not together:
        return Entailment(False, (False,) * len(sources))
    precise = []
    for place, source in enumerate(sources):
        others = [other for at, other in enumerate(sources) if at != place]
        precise.append(not others or bool(entails(text, [source])) or not entails(text, others))
    return Entailment(True, tuple(precise))


def recall_and_precision(statements: Sequence[Entailment]) -> tuple[float, float] | None:
    """ALCE's citation recall and precision of one answer; None where nothing is stated.

    An answer without any citation has precision 0, as in ALCE's own program.
    """
    if not statements:
        return None
    precise = [one for statement in statements for one in statement.precise]
    recall = sum(statement.recalled for statement in statements) / len(statements)
    return recall, sum(precise) / len(precise) if precise else 0.0


def citation_scores(statements: Sequence[tuple[str, Sequence[Source]]], entails: Entails) -> tuple[float, float] | None:
    """ALCE's citation recall and precision of one answer; None where `entails` cannot tell, or nothing is stated."""
    found: list[Entailment] = []
    for text, sources in statements:
        one = entailment(text, sources, entails)
        if one is None:
            return None
        found.append(one)
    return recall_and_precision(found)


def by_judge(judge: Judge) -> Entails:
    """Grounding's judge as the one who decides: what it calls supported is entailed, and so is a copied sentence."""
    return lambda text, sources: verbatim(text, sources) or judge(text, sources).support == "supported"


def by_nli(reader: Reader, language: str) -> Entails:
    """An NLI model as the one who decides; `language` is that of the statements."""
    return lambda text, sources: reader(text, language, sources).probability >= ENOUGH


def by_overlap(language: str) -> Entails:
    """Whether `OVERLAP` of the stems of a statement stand in its sources; None where one is not in `language`."""

    def entails(text: str, sources: Sequence[Source]) -> bool | None:
        if any(source.language != language for source in sources):
            return None
        wanted = set(terms(text))
        there = {term for source in sources for term in terms(source.text)}
        return len(wanted & there) >= OVERLAP * len(wanted)

    return entails


def verbatim(text: str, sources: Sequence[Source]) -> bool:
    """Whether a statement stands in one of the sources as it is, white space and end punctuation aside."""
    wanted = " ".join(text.split()).rstrip(" .؟!?؛;:")
    return bool(wanted) and any(wanted in " ".join(source.text.split()) for source in sources)
