"""The agreement of raters, on a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evals.judging.agreement import ALL, Agreements, Pair
from evals.judging.kappa import Agreement
from evals.report import plain

_NAMES = {
    "human": "human",
    "human2": "second human",
    "judge": "judge",
    "product": "the product's own check",
}


def agreement_table(found: Agreements) -> RenderableType:
    """Kappa of every two raters over all and per language; then their confusion matrices."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("raters", "language", "n", "agreement", "kappa", "95% interval"):
        table.add_column(heading, justify="left" if heading in ("raters", "language") else "right")
    notes: list[str] = []
    for pair in found.pairs:
        name = f"{_NAMES[pair.first]}, {_NAMES[pair.second]}"
        for language, figure in pair.groups.items():
            kappa = "undefined" if figure.kappa is None else f"{figure.kappa:.3f}"
            share = "–" if figure.agreement is None else f"{figure.agreement:.3f}"
            interval = "–" if figure.low is None else f"{figure.low:.2f} – {figure.high:.2f}"
            table.add_row(
                Text(name), Text(plain(language)), Text(str(figure.n)), Text(share), Text(kappa), Text(interval)
            )
            note = _note(pair, figure)
            if note:
                notes.append(f"{name}, {plain(language)}: {note}")
        if pair.unpaired:
            notes.append(f"{name}: {pair.unpaired} rows were labelled by one of them only")
    judge = "" if found.judge is None else f"; the judge is {plain(found.judge)}"
    parts: list[RenderableType] = [Text(f"Labels of {found.scale}: {found.rows} rows{judge}"), table]
    parts += [Text(note, style="yellow") for note in notes]
    if found.unlabelled:
        parts.append(Text(f"{found.unlabelled} rows have no label yet"))
    parts += [_confusion(pair) for pair in found.pairs]
    return Group(*parts)


def _note(pair: Pair, figure: Agreement) -> str:
    if figure.n and figure.kappa is None:
        return "kappa is undefined, since both gave one and the same label only"
    if figure.constant:
        who = " and ".join(_NAMES[pair.first if name == "first" else pair.second] for name in figure.constant)
        return f"one label only from {who}: kappa says nothing here"
    if figure.undefined > 0:
        return f"{figure.undefined:.0%} of the resamples had no kappa; the interval is of the others"
    return ""


def _confusion(pair: Pair) -> Table:
    figure = pair.groups[ALL]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(f"{_NAMES[pair.first]} ↓  {_NAMES[pair.second]} →")
    for label in figure.labels:
        table.add_column(label, justify="right")
    for label, row in zip(figure.labels, figure.confusion, strict=True):
        table.add_row(label, *map(str, row))
    return table
