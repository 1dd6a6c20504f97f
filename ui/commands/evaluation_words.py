"""Figures of `tawthiq eval` in the language of the locale: what `evals` lays out in English is put into Arabic here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ui.i18n import command_language
from ui.i18n.messages import translated
from ui.tables import mirrored, reworded

_DIRECTION = re.compile(r"[a-z]{2,5}→[a-z+]{2,}")


def in_locale(*shown: RenderableType) -> Iterator[RenderableType]:
    """`shown`, or in an Arabic locale its lines in Arabic, and its tables from right to left."""
    for one in shown:
        if command_language() != "ar":
            yield one
        elif isinstance(one, Group):
            yield from in_locale(*one.renderables)
        elif isinstance(one, Table):
            yield mirrored(one, _word)
        elif isinstance(one, str | Text):
            yield reworded(one, _word)
        else:
            yield one


def _word(text: str) -> str:
    from evals.report_words import direction_label

    if _DIRECTION.fullmatch(text):
        return direction_label(text, "ar")
    return _metrics().get(text) or translated(text, "ar")


@cache
def _metrics() -> Mapping[str, str]:
    """The names of metrics that tables show, and those that Arabic reports have for them."""
    from evals.metrics import METRICS
    from evals.report import heading
    from evals.report_words import metric_label

    return {name: metric_label(one, "ar") for one in METRICS for name in (heading(one), METRICS[one].label)}
