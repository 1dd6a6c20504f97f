"""The help of commands in Arabic, laid out from right to left; English help is typer's own.

Help texts stand in English beside what they explain, and are looked up by it, as `ui.i18n.messages` does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from rich.align import Align
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text
from typer.core import TyperArgument, TyperGroup, TyperOption

from ui.i18n import isolated, with_code
from ui.tables import grid

if TYPE_CHECKING:
    # typer's own click: what it hands to commands has no public name.
    from typer._click import Command, Context, HelpFormatter

_NAME, _REQUIRED = "bold cyan", "red"


@cache
def help_texts() -> Mapping[str, str]:
    """Every help text and every word around them, by its English."""
    loaded: dict[str, str] = json.loads((files("ui.i18n") / "help.ar.json").read_text(encoding="utf-8"))
    return {english: with_code(arabic) for english, arabic in loaded.items()}


def arabic_help(command: Command) -> None:
    """Have `command`, and every command below it, show its help in Arabic."""
    # On the tree as it was built: else every command would have to be declared with a class of ours.
    command.format_help = _show  # type: ignore[method-assign]
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            arabic_help(below)


def _show(ctx: Context, formatter: HelpFormatter) -> None:
    """Print the help of the command of `ctx` as typer would: as wide as the terminal, else 80 columns."""
    command = ctx.command
    parameters = [one for one in command.get_params(ctx) if isinstance(one, TyperArgument | TyperOption)]
    below = command.commands.values() if isinstance(command, TyperGroup) else ()
    panels = {
        _arabic("Arguments"): [_parameter(one, ctx) for one in parameters if isinstance(one, TyperArgument)],
        _arabic("Options"): [_parameter(one, ctx) for one in parameters if isinstance(one, TyperOption)],
        _arabic("Commands"): [[Text(), Text(one.name or "", _NAME), _text(one.help)] for one in below],
    }
    console = Console(markup=False, highlight=False, emoji=False)
    console.print(Padding(_usage(ctx), 1), Padding(_at_right([[_text(command.help)]]), (0, 1, 1, 1)))
    console.print(*(_panel(title, rows) for title, rows in panels.items() if rows))


def _usage(ctx: Context) -> RenderableType:
    pieces = [ctx.command_path, *ctx.command.collect_usage_pieces(ctx)]
    return _at_right([[Text(_arabic("Usage:"), "yellow"), Text(" ".join(pieces), "bold")]])


def _parameter(parameter: TyperArgument | TyperOption, ctx: Context) -> list[Text]:
    """The row of an argument or an option: whether it is required, its names, its kind, its help."""
    argument = isinstance(parameter, TyperArgument)
    names = [parameter.display_name_raw] if argument else [*parameter.opts, *parameter.secondary_opts]
    remarks = []
    if default := _default(parameter, ctx):
        remarks.append(Text(_arabic("[default: {value}]").format(value=isolated(default, "ar")), "dim"))
    if parameter.required:
        remarks.append(Text(_arabic("[required]"), _REQUIRED))
    return [
        Text("*" if parameter.required else "", _REQUIRED),
        Text(",".join(names), _NAME),
        Text(f"{parameter.display_type_rich(ctx) or ''}{_range(parameter)}", "bold yellow"),
        Text(" ").join([_text(parameter.help), *remarks]),
    ]


def _default(parameter: TyperArgument | TyperOption, ctx: Context) -> str:
    """What holds where a parameter is not given; "" where that goes without saying."""
    if isinstance(parameter.show_default, str):
        return _arabic(parameter.show_default)
    value = parameter.get_default(ctx, call=False) if parameter.show_default else None
    return "" if value is None or value is False else str(value)


def _range(parameter: TyperArgument | TyperOption) -> str:
    least = "" if parameter.min is None else f"{parameter.min}<="
    most = "" if parameter.max is None else f"<={parameter.max}"
    return f" [{least}x{most}]" if least or most else ""


def _panel(title: str, rows: Sequence[Sequence[Text]]) -> Panel:
    """A frame around `rows`, without their first column where nothing in it is required."""
    marked = any(row[0].plain for row in rows)
    table = _at_right([row if marked else row[1:] for row in rows])
    # A frame has no direction of its own, and would take that of a title which is not isolated.
    return Panel(table, title=Text(isolated(title, "ar")), title_align="right", border_style="dim")


def _at_right(rows: Sequence[Sequence[Text]]) -> Align:
    """A table whose first column stands at the right edge; of names and marks every one stays on its line."""
    width = len(rows[0])
    return Align.right(grid([""] * width, rows, header=False, whole=range(width - 2), language="ar"))


def _text(english: str | None) -> Text:
    text = Text(_arabic(english or ""))
    text.highlight_regex(r"--[a-z][a-z-]*", _NAME)
    return text


def _arabic(english: str) -> str:
    return help_texts().get(english, english)
