"""What the hard checks found and what the network read, weighed together: how probable it is that a source says so.

Each alone errs: a check knows a number and not what it counts, the network reads a sentence and may overlook one digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.grounding.findings import Finding
from rag.grounding.inference import Inference
from rag.logistic import odds, probability

MOST = 2.0
"""More findings of one kind say no more than so many."""
LEAST = 1e-4
"""Probabilities nearer to 0 or 1 are no surer."""


class Signals(NamedTuple):
    """Signals that a source bears a statement out; also the type of their weights.

    supported, contradicted: log odds by the network; both again where the source is in another language (`across`),
    else 0; then how many findings there are of a kind, at most 2.
    """

    supported: float = 0.0
    contradicted: float = 0.0
    supported_across: float = 0.0
    contradicted_across: float = 0.0
    across: float = 0.0
    number: float = 0.0
    date: float = 0.0
    quote: float = 0.0
    name: float = 0.0
    negation: float = 0.0
    attribution: float = 0.0
    constant: float = 1.0

    def probability(self, weights: Signals) -> float:
        """How probable it is that the source says so, 0 to 1."""
        return probability(self, weights)


WEIGHTS = Signals(
    supported=1.35,
    contradicted=0.63,
    supported_across=-0.12,
    contradicted_across=-0.48,
    across=-0.07,
    number=-1.37,
    date=-2.49,
    quote=-0.17,
    name=-1.65,
    negation=-1.21,
    attribution=-0.35,  # as before, by hand: at -0.75 an announcement told as done is removed, not marked
    constant=0.83,
)
"""Fitted by `python -m evals.benchmarks.fit_support`."""


def signals_of(read: Inference, findings: Sequence[Finding], across: bool) -> Signals:
    """The signals of a statement; `across` where no source that it cites is in its language."""
    supported, contradicted = odds(read.supported, LEAST), odds(read.contradicted, LEAST)
    counts = {
        kind: min(MOST, float(sum(finding.kind == kind for finding in findings)))
        for kind in ("number", "date", "quote", "name", "negation", "attribution")
    }
    return Signals(
        supported=supported,
        contradicted=contradicted,
        supported_across=supported * across,
        contradicted_across=contradicted * across,
        across=float(across),
        **counts,
    )
