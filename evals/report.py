"""A run as tables on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evals.metrics import FAMILIES, METRICS, Metric
from evals.metrics.estimates import Estimate
from evals.report_words import Language, metric_label
from evals.summary import Figures, Summary


def heading(metric: str, language: Language = "en") -> str:
    """A short name of a metric in `language`, for columns and lines."""
    return metric_label(metric, language) if language != "en" else METRICS[metric].heading or METRICS[metric].label


def render_table(summary: Summary, *, tags: bool = False) -> RenderableType:
    """The figures of `summary`: a row over all cases, one for each direction and, with `tags`, one for each tag.

    The headline metrics of answers and of retrieval are tables of their own, so that each fits a narrow terminal; the
    others follow over all cases, and by direction in the files and pages of reports. A cell shows the mean, its 95%
    interval and n; "–" is unscored. What failed follows the tables, a line for each case. Ids and errors are printed as
    they are: their brackets are no markup.
    """
    about = summary.about
    question_set = about.get("question_set", {})
    title = f"{question_set.get('name')}: {summary.asked} of {summary.cases} questions asked"
    parts: list[RenderableType] = [
        _table(summary, [one for one in _headlines() if one.family != "retrieval"], title, tags),
        _table(summary, [one for one in _headlines() if one.family == "retrieval"], "documents found", tags),
        _others(summary),
        *(Text(line) for line in _latency_lines(summary)),
        Text(f"question set {str(question_set.get('digest'))[:12]}"),
    ]
    if summary.part:
        parts.append(Text(not_whole(summary.part), style="yellow"))
    parts += [Text(plain(f"not asked: {case}: {error}"), style="yellow") for case, error in summary.problems]
    parts += [Text(plain(f"failed: {case}: {error}"), style="red") for case, error in summary.failures]
    return Group(*parts)


def not_whole(part: tuple[int, int]) -> str:
    """The line that says that a run is of a part of its set: `part` is (questions drawn, questions of the set)."""
    drawn, whole = part
    return f"not the whole set: {drawn} of its {whole} questions were drawn"


def plain(text: str) -> str:
    """`text` without control characters, which a terminal would obey."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)


def _headlines() -> list[Metric]:
    return [metric for metric in METRICS.values() if metric.headline]


def _others(summary: Summary) -> Table:
    """Every measured metric that is no headline, over all cases: a line each; of failures those that there were."""
    table = Table(title="everything else, over all cases", box=None, padding=(0, 1, 0, 0), title_justify="left")
    table.add_column("", no_wrap=True)
    for heading in ("mean", "95%", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for family in FAMILIES:
        for metric in METRICS.values():
            figure = summary.overall.get(metric.name)
            if metric.family != family or metric.headline or figure is None or figure.mean is None:
                continue
            if figure.mean or not metric.name.startswith("failed_"):
                table.add_row(metric.label, *_line(figure, metric))
    return table


def _line(figure: Estimate, metric: Metric) -> tuple[str, str, str]:
    assert figure.mean is not None
    digits = 3 if metric.unit == "share" else 6 if metric.unit == "money" else 0
    bounds = "" if figure.low is None or figure.high is None else f"{figure.low:.{digits}f}–{figure.high:.{digits}f}"
    return f"{figure.mean:.{digits}f}", bounds, str(figure.n)


def _table(summary: Summary, metrics: Sequence[Metric], title: str, tags: bool) -> Table:
    table = Table(title=Text(title), box=None, padding=(0, 1, 1, 0), title_justify="left", header_style="bold")
    table.add_column("direction", no_wrap=True)
    for metric in metrics:
        table.add_column(heading(metric.name), justify="right")

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


def _latency_lines(summary: Summary) -> list[str]:
    latency, first = summary.latency_ms, summary.first_token_ms
    if latency.p50 is None or latency.p95 is None:
        return ["latency: not measured"]
    mode = summary.about.get("mode")
    lines = [f"latency of a question: p50 {latency.p50:.0f} ms, p95 {latency.p95:.0f} ms (n {latency.n}); mode {mode}"]
    if first.p50 is not None and first.p95 is not None:
        lines.append(f"to the first token: p50 {first.p50:.0f} ms, p95 {first.p95:.0f} ms (n {first.n})")
    if summary.parallel > 1:
        lines.append(f"{summary.parallel} questions were asked at a time: these times are not comparable")
    return lines
