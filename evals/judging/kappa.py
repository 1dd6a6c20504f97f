"""Agreement of two raters: the share of equal labels, and Cohen's kappa, which takes off what chance would give.

J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960): kappa
is (p_o - p_e) / (1 - p_e), p_o the share of equal labels, p_e what it would be of raters who label independently, each
with the shares of labels that it gave. Where both gave one and the same label throughout, p_e is 1 and kappa undefined.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.metrics.estimates import RESAMPLES, SEED


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two raters agree over `n` things that both labelled.

    `kappa` is None where it is undefined, the bounds of its 95% interval where n is below 2 or kappa is undefined.
    `undefined` is the share of resamples that had no kappa: the interval is of the others. `confusion` has a row for
    each of `labels` as the first rater gave it, a column for each as the second did. `constant` names the raters,
    "first" and "second", that gave one label throughout: with one of them, kappa is 0 whatever the other says.
    """

    n: int
    agreement: float | None
    kappa: float | None
    low: float | None
    high: float | None
    undefined: float
    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    constant: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        def short(value: float | None) -> float | None:
            return None if value is None else round(value, 6)

        return {
            "n": self.n,
            "agreement": short(self.agreement),
            "kappa": short(self.kappa),
            "low": short(self.low),
            "high": short(self.high),
            "undefined_resamples": short(self.undefined),
            "one_label_only": list(self.constant),
            "labels": list(self.labels),
            "confusion": [list(row) for row in self.confusion],
        }


def agreement(
    first: Sequence[str], second: Sequence[str], labels: Sequence[str], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Agreement:
    """The agreement of two raters of the same things, in the same order, over the scale `labels`.

    The interval is a percentile bootstrap over things, seeded anew each time. Raises ValueError for lengths that differ
    and for labels that are not on the scale.
    """
    place = {label: number for number, label in enumerate(labels)}
    if len(first) != len(second) or not {*first, *second} <= place.keys():
        raise ValueError("Two raters label the same things, on one scale.")
    counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for one, other in zip(first, second, strict=True):
        counts[place[one], place[other]] += 1
    n = len(first)
    kappa = _kappa(first, second, labels)
    low = high = None
    undefined = 0.0
    if kappa is not None and n > 1:
        # Drawing n things with replacement is drawing the counts of the cells from a multinomial.
        drawn = np.random.default_rng(seed).multinomial(n, counts.ravel() / n, size=resamples)
        found = kappas(drawn.reshape(resamples, len(labels), len(labels)))
        defined = found[~np.isnan(found)]
        undefined = 1 - len(defined) / resamples
        low, high = (float(bound) for bound in np.percentile(defined, [2.5, 97.5]))
    raters = (("first", first), ("second", second))
    return Agreement(
        n=n,
        agreement=float(np.trace(counts)) / n if n else None,
        kappa=kappa,
        low=low,
        high=high,
        undefined=undefined,
        labels=tuple(labels),
        confusion=tuple(tuple(int(cell) for cell in row) for row in counts),
        constant=tuple(name for name, given in raters if len(set(given)) == 1),
    )


def _kappa(first: Sequence[str], second: Sequence[str], labels: Sequence[str]) -> float | None:
    if len({*first, *second}) < 2:
        return None  # scikit-learn warns, and gives NaN
    from sklearn.metrics import cohen_kappa_score  # here, because it takes a second to import

    value = float(cohen_kappa_score(list(first), list(second), labels=list(labels)))
    return None if math.isnan(value) else value


def kappas(confusions: NDArray[np.int64]) -> NDArray[np.float64]:
    """Kappa of each of many confusion matrices, shape (matrices, labels, labels); NaN where it is undefined.

    The same as scikit-learn's, which takes one at a time and is too slow for a bootstrap.
    """
    counts = confusions.astype(np.float64)
    totals = counts.sum(axis=(1, 2))
    observed = np.trace(counts, axis1=1, axis2=2) / totals
    expected = (counts.sum(axis=1) * counts.sum(axis=2)).sum(axis=1) / totals**2
    with np.errstate(invalid="ignore", divide="ignore"):
        found: NDArray[np.float64] = np.where(expected < 1, (observed - expected) / (1 - expected), np.nan)
    return found
