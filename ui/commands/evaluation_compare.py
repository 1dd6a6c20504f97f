"""`tawthiq eval compare`: two runs, case by case."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands import options
from ui.commands.evaluation_words import in_locale
from ui.commands.session import session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from evals.compare import Change, Comparison, Difference

SHOWN = 10
"""Changes shown of each kind; all of them are in --json."""


def compare_runs(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="Folder of the earlier run, the baseline.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="Folder of the later run.")],
    common: Annotated[bool, typer.Option("--common", help="Of different sets, compare the questions in both.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Compare two runs: what got better or worse beyond chance, which cases were fixed and which broke."""
    with session(None, as_json) as run:
        from evals.compare import compare
        from evals.run_folder import read_run_folder

        found = compare(read_run_folder(before), read_run_folder(after), common=common)
        if as_json:
            run.output.data(found.to_json())
        else:
            run.output.show(*in_locale(*_shown(found)))


def _shown(found: Comparison) -> list[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    from ui.output import printable

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for heading in ("group", "metric", "n", "before", "after", "95% of the difference", "corrected p", ""):
        table.add_column(heading, justify="left" if heading in ("group", "metric", "") else "right")
    colours = {"better": "green", "worse": "red"}
    for one in found.differences:
        if one.before is None or one.after is None or (one.group != "all" and one.before == one.after):
            continue
        spread = "–" if one.low is None or one.high is None else f"{one.low:+.3f} to {one.high:+.3f}"
        p = "–" if one.corrected is None else f"{one.corrected:.3f}"
        cells = (one.group, one.metric, str(one.n), f"{one.before:.3f}", f"{one.after:.3f}", spread, p, _verdict(one))
        table.add_row(*(Text(printable(cell)) for cell in cells), style=colours.get(one.verdict, ""))
    unscored = sorted({one.metric for one in found.differences if one.group == "all" and one.before is None})
    lines = [f"{found.cases} cases in both runs" + (f", {found.left_out} left out" if found.left_out else "")]
    lines += [f"not measured in both: {', '.join(unscored)}"] if unscored else []
    for which, ids in (("second", found.failed), ("first", found.recovered)):
        if ids:
            more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
            lines.append(
                f"{len(ids)} without an answer in the {which} run alone, in no figure: {', '.join(ids[:SHOWN])}{more}"
            )
    if max(found.parallel) > 1:
        first, second = found.parallel
        lines.append(f"questions asked at a time: {first} before, {second} after; the runs' times are not comparable")
    lines += [f"differs between the runs: {one}" for one in found.changed]
    lines += ["corrected p: permutation test, corrected for all metrics and groups (Holm)"]
    lines += [f"figures of whole sets and of time are not compared: {', '.join(found.not_compared)}"]
    return [
        table,
        *(Text(printable(line)) for line in lines),
        *_cases("Broken", found.broken),
        *_cases("Fixed", found.fixed),
    ]


def _verdict(one: Difference) -> str:
    """What a difference is called: one that chance explains is "not shown", which is not the same as none."""
    return "not shown" if one.verdict == "same" and one.differing else one.verdict


def _cases(title: str, changes: tuple[Change, ...]) -> list[RenderableType]:
    from rich.text import Text

    from ui.output import printable

    if not changes:
        return [Text(f"{title}: none")]
    lines: list[RenderableType] = [Text(f"{title}: {len({one.id for one in changes})} cases", style="bold")]
    for one in changes[:SHOWN]:
        lines.append(Text(printable(f"  {one.id}  {one.metric} {one.before:.2f} → {one.after:.2f}  {one.question}")))
        if one.answer_before != one.answer_after:
            lines.append(Text(printable(f"      before: {_brief(one.answer_before)}"), style="dim"))
            lines.append(Text(printable(f"      after:  {_brief(one.answer_after)}"), style="dim"))
    if len(changes) > SHOWN:
        lines.append(Text(f"  and {len(changes) - SHOWN} more changes: --json has all of them", style="dim"))
    return lines


def _brief(text: str) -> str:
    return text if len(text) <= 100 else text[:99] + "…"
