"""The words of reports, in both languages: one JSON file a language, with the same keys in each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from evals.metrics import METRICS

Language = Literal["en", "ar"]
LANGUAGES: tuple[Language, ...] = ("en", "ar")


@cache
def words(language: Language) -> Mapping[str, str]:
    """Every key and its text in `language`."""
    loaded: dict[str, str] = json.loads((files("evals") / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    return loaded


def metric_label(name: str, language: Language) -> str:
    """The name of a metric for people; a metric that the words do not know keeps its own label."""
    known = METRICS.get(name)
    return words(language).get(f"metric.{name}") or (known.label if known else name)


def direction_label(direction: str, language: Language) -> str:
    """The direction `ar→en` in words, the arrow in the direction of reading; a code without a name stays a code."""
    asked, arrow, answered = direction.partition("→")
    if not arrow:
        return direction
    names = words(language)
    targets = names["language.joined"].join(names.get(f"language.{code}", code) for code in answered.split("+"))
    return f"{names.get(f'language.{asked}', asked)} {names['direction.arrow']} {targets}"


def amount(value: float, name: str, digits: int = 3) -> str:
    """A value of the metric `name` as text: a share with `digits` decimals, whole milliseconds and tokens."""
    unit = METRICS[name].unit if name in METRICS else "share"
    decimals = {"share": digits, "money": 6}.get(unit, 0)
    return f"{value:.{decimals}f}"


def is_share(name: str) -> bool:
    """Whether a metric is a share, from 0 to 1: what a plot of bars has room for."""
    return name not in METRICS or METRICS[name].unit == "share"
