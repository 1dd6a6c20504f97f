"""`tawthiq eval gate`: whether a run may be released, and the floors that decide it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.commands import options
from ui.commands.evaluation_words import in_locale
from ui.commands.session import session

SHOWN = 10
"""Changed floors that are printed; the file's history has all of them."""


def gate_run(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run.")],
    floors_file: Annotated[
        Path | None, typer.Option("--floors", metavar="FILE", help="Floors; by default those of the bundled set.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="RUN", help="Folder of a run to be no worse than.")
    ] = None,
    raise_floors: Annotated[bool, typer.Option("--raise", help="Raise the floors to what this run allows.")] = False,
    repin: Annotated[bool, typer.Option("--repin", help="Pin floors anew for a changed set; needs --reason.")] = False,
    lower: Annotated[
        str | None, typer.Option("--lower", metavar="METRIC[@GROUP]=VALUE", help="Lower one floor; needs --reason.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the floors.")] = "",
    as_json: options.AsJson = False,
) -> None:
    """Exit with 1 when a run falls below the committed floors, or is significantly worse than a baseline."""
    if sum((raise_floors, repin, lower is not None)) > 1:
        raise typer.BadParameter("Give one of --raise, --repin and --lower.", param_hint="--raise")
    with session(None, as_json) as run:
        from rich.text import Text

        from evals import gate, question_sets
        from evals.errors import EvaluationError
        from evals.report import not_whole
        from evals.run_folder import read_run_folder
        from ui.output import printable

        tried = read_run_folder(folder)
        name = str(tried.summary.about.get("question_set", {}).get("name"))
        bundled = question_sets.is_bundled(name)
        if floors_file is None and not bundled and (baseline is None or raise_floors or repin or lower is not None):
            raise EvaluationError(
                f"{name} is not a bundled set.", "Name a file of floors with --floors, or a --baseline."
            )
        path = floors_file or question_sets.floors(name)
        if raise_floors or repin or lower is not None:
            # Floors are raised from nothing too; pinned anew or lowered are only those that there are.
            before = None if raise_floors and not path.exists() else gate.read_floors(path)
            if before is None or raise_floors:
                floors = gate.raised(before, tried)
            elif repin:
                floors = gate.repinned(before, tried, reason)
            else:
                floors = gate.lowered(before, *_floor(str(lower)), reason)
            gate.write_floors(floors, path)
            if as_json:
                run.output.data(floors.to_json())
            else:
                moved = gate.moved(before, floors)
                run.output.show(*in_locale(*(Text(printable(line)) for line in moved[:SHOWN])))
                more = f"; {len(moved) - SHOWN} of them not shown" if len(moved) > SHOWN else ""
                run.output.show(*in_locale(Text(f"{len(moved)} floors changed{more}. Floors are in {path}.")))
            return
        part = tried.summary.part
        # The floors of a bundled set go without saying, save for a part of it that is held against another run.
        held = bundled and (baseline is None or (path.exists() and not part))
        wanted = gate.read_floors(path) if floors_file or held else None
        found = gate.breaches(tried, wanted, None if baseline is None else read_run_folder(baseline))
        if as_json:
            limited = {"questions": {"asked": part[0], "of": part[1]}} if part else {}
            run.output.data({"passed": not found, **limited, "breaches": [one.to_json() for one in found]})
        else:
            run.output.show(*in_locale(*(Text(printable(line), style="red") for line in gate.failing(found))))
            floors_held = "." if wanted is None else f": {sum(map(len, wanted.values.values()))} floors hold."
            verdict = f"Passed{floors_held}" if not found else f"Not passed: {len(found)} figures."
            run.output.show(*in_locale(Text(verdict, style="bold")))
            if part:
                run.output.show(*in_locale(Text(not_whole(part), style="yellow")))
        if found:
            raise typer.Exit(1)


def _floor(given: str) -> tuple[str, str, float]:
    """The metric, group and value of `METRIC[@GROUP]=VALUE`."""
    from evals.compare import ALL
    from evals.metrics import METRICS

    named, _, value = given.replace("->", "→").rpartition("=")
    metric, at, group = named.rpartition("@")
    if named in METRICS or not at:  # "Success@1" is the name of a metric
        metric, group = named, ALL
    try:
        return metric, group or ALL, float(value)
    except ValueError:
        raise typer.BadParameter(f"{given!r} is not METRIC[@GROUP]=VALUE.", param_hint="--lower") from None
