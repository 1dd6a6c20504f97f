"""What a judge said of a run, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evals.judging.figures import JUDGED, JudgeFigures
from evals.report import figure_cell, plain
from evals.summary import Figures

_HEADINGS = {"judged_correct": "judged correct", "judged_supported": "statements supported"}


def judge_table(about: Mapping[str, Any], figures: JudgeFigures) -> RenderableType:
    """The figures over all cases, per direction and per tag; then the judge, and a line for each case it left."""
    pin = about["pin"]
    shown = [name for name in JUDGED if figures.overall[name].n]
    table = Table(box=None, padding=(0, 1, 1, 0), header_style="bold")
    table.add_column("direction", no_wrap=True)
    for name in shown:
        table.add_column(_HEADINGS[name], justify="right")

    def row(label: str, values: Figures) -> list[Text]:
        return [Text(plain(label)), *(figure_cell(values[name]) for name in shown)]

    for direction, values in figures.directions.items():
        table.add_row(*row(direction, values))
    table.add_row(*row("all", figures.overall), style="bold")
    for tag, values in figures.tags.items():
        table.add_row(*row(f"#{tag}", values))
    title = f"{figures.judged} of {figures.eligible} answers judged by {plain(pin['model'])}"
    parts: list[RenderableType] = [Text(title), *([table] if shown else [])]
    if sum(figures.verdicts.values()):
        parts.append(Text(", ".join(f"{verdict} {count}" for verdict, count in figures.verdicts.items())))
    parts += [
        Text(f"{_HEADINGS[name]}: {share:.3f} of {pin['repeats']} repeats agree with the verdict")
        for name in shown
        if (share := figures.agreement[name]) is not None
    ]
    if figures.left:
        parts.append(Text(f"{figures.left} answers that could be judged were not asked about"))
    parts.append(Text(_pinned(pin)))
    if figures.plain:
        line = f"{figures.plain} cases: the server refused temperature or seed, and was asked without"
        parts.append(Text(line, style="yellow"))
    for one in figures.failed:
        parts += [
            Text(plain(f"unscored: {one.id}: {failure.part}: {failure.reason}"), style="red")
            for failure in one.failures
        ]
    return Group(*parts)


def _pinned(pin: Mapping[str, Any]) -> str:
    seed = "no seed" if pin["seed"] is None else f"seed {pin['seed']}"
    prompts = ", ".join(f"{name} {sha256[:12]}" for name, sha256 in pin["prompts"].items())
    return f"temperature {pin['temperature']}, {seed}, repeats {pin['repeats']}; prompts: {prompts}"
