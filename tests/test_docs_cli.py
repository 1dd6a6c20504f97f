"""The README and the command line agree: every command is there, and nothing there is unknown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from ui.cli import app

README = Path(__file__).parent.parent / "README.md"


def _commands(group: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for name, command in group.commands.items():
        below = _commands(command, (*path, name)) if hasattr(command, "commands") else {(*path, name): command}
        found |= below
    return found


COMMANDS = _commands(typer.main.get_command(app))


def _lines() -> list[str]:
    """Every command line of the README's code, without its comment and what follows a pipe."""
    code = re.findall(r"```[a-z]*\n(.*?)```", README.read_text("utf-8"), flags=re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in code for line in block.splitlines()]
    return [line for line in lines if re.match(r"(\S*/)?tawthiq\s", line)]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_is_in_the_readme(path: tuple[str, ...]) -> None:
    assert f"tawthiq {' '.join(path)}" in README.read_text("utf-8")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_a_help_text(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help
    for parameter in command.params:
        assert parameter.help, parameter.name


def test_what_the_readme_shows_exists() -> None:
    lines = _lines()
    assert lines
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        words = words[: words.index("|")] if "|" in words else words
        if words and words[0].startswith("--"):
            continue
        path = next((words[:n] for n in (2, 1) if tuple(words[:n]) in COMMANDS), None)
        assert path, f"no such command: {line}"
        known = {option for parameter in COMMANDS[tuple(path)].params for option in parameter.opts} | {"--help"}
        for word in words:
            if word.startswith("--"):
                assert word.split("=")[0] in known, f"no such option: {line}"
