"""A run as tables on a terminal."""

from __future__ import annotations

import unicodedata

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evals.metrics import METRICS
from evals.metrics.estimates import Estimate
from evals.summary import Figures, Summary

_HEADINGS = {
    "Success@1": "doc hit at 1",
    "Success@5": "doc hit at 5",
    "contained": "in the quotes",
    "contained@2": "in first two",
    "list_completeness": "list items",
    "verbatim_rate": "exact quotes",
    "false_answers": "false answers",
    "false_silences": "falsely silent",
}
"""Column headings that wrap well in a narrow terminal; a metric without one shows its label."""


def render_table(summary: Summary, *, tags: bool = False) -> RenderableType:
    """The figures of `summary`: a row over all cases, one for each direction and, with `tags`, one for each tag.

    Retrieval and answers are tables of their own, so that each fits a narrow terminal. A cell shows the mean, its 95%
    interval and n; "–" is unscored. What failed follows the tables, a line for each case. Ids and errors are printed as
    they are: their brackets are no markup.
    """
    about = summary.about
    question_set = about.get("question_set", {})
    title = f"{question_set.get('name')}: {summary.asked} of {summary.cases} questions asked"
    parts: list[RenderableType] = [
        _table(summary, "answers", title, tags),
        _table(summary, "retrieval", "documents found", tags),
        Text(_latency_line(summary)),
        Text(f"question set {str(question_set.get('digest'))[:12]}"),
    ]
    parts += [Text(plain(f"not asked: {case}: {error}"), style="yellow") for case, error in summary.problems]
    parts += [Text(plain(f"failed: {case}: {error}"), style="red") for case, error in summary.failures]
    return Group(*parts)


def plain(text: str) -> str:
    """`text` without control characters, which a terminal would obey."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)


def _table(summary: Summary, family: str, title: str, tags: bool) -> Table:
    """The metrics of one family."""
    metrics = [metric for metric in METRICS.values() if metric.family == family]
    table = Table(title=Text(title), box=None, padding=(0, 1, 1, 0), title_justify="left", header_style="bold")
    table.add_column("direction", no_wrap=True)
    for metric in metrics:
        table.add_column(_HEADINGS.get(metric.name, metric.label), justify="right")

    def row(name: str, figures: Figures) -> list[Text]:
        return [Text(name), *(figure_cell(figures[metric.name]) for metric in metrics)]

    for direction, figures in summary.directions.items():
        table.add_row(*row(direction, figures))
    table.add_row(*row("all", summary.overall), style="bold")
    for tag, figures in summary.tags.items() if tags else ():
        table.add_row(*row(f"#{tag}", figures))
    return table


def figure_cell(figure: Estimate) -> Text:
    """Mean, interval and n, a line each; "–" where nothing was scored."""
    if figure.mean is None:
        return Text("–", style="dim")
    cell = Text(f"{figure.mean:.3f}")
    if figure.low is not None and figure.high is not None:
        cell.append(f"\n{_short(figure.low)}–{_short(figure.high)}", style="dim not bold")
    cell.append(f"\nn {figure.n}", style="dim not bold")
    return cell


def _short(value: float) -> str:
    """Two decimals without what says nothing: `.67`, `0`, `1`."""
    return f"{value:.2f}".removesuffix(".00") if value in (0, 1) else f"{value:.2f}".removeprefix("0")


def _latency_line(summary: Summary) -> str:
    latency = summary.latency_ms
    if latency.p50 is None or latency.p95 is None:
        return "latency: not measured"
    mode = summary.about.get("mode")
    return f"latency of a question: p50 {latency.p50:.0f} ms, p95 {latency.p95:.0f} ms (n {latency.n}); mode {mode}"
