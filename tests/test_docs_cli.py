"""The pages and the command line agree: every command is there, and nothing there is unknown."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer.main

from corpus.sources import sample_documents
from ui.cli import app

ROOT = Path(__file__).parents[1]
ENGLISH = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
PAGES = (*ENGLISH, ROOT / "README.ar.md", ROOT / "CONTRIBUTING.md")
ENGLISH_TEXT = "\n".join(path.read_text("utf-8") for path in ENGLISH)


def _commands(group: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for name, command in group.commands.items():
        below = _commands(command, (*path, name)) if hasattr(command, "commands") else {(*path, name): command}
        found |= below
    return found


COMMANDS = _commands(typer.main.get_command(app))


def _lines(page: Path) -> list[str]:
    """Every command line of a page's code, in blocks and in tables and prose (there with an option)."""
    text = page.read_text("utf-8")
    blocks = r"^```[a-z]*\n(.*?)^```"
    code = [line for block in re.findall(blocks, text, flags=re.DOTALL | re.MULTILINE) for line in block.splitlines()]
    prose = re.sub(blocks, "", text, flags=re.DOTALL | re.MULTILINE)
    code += [" ".join(span.split()) for span in re.findall(r"`(tawthiq[^`]* --[^`]+)`", prose)]
    lines = [line.strip().removeprefix("$ ") for line in code]
    return [line for line in lines if re.match(r"(\S*/)?tawthiq\s", line)]


def _shown(text: str) -> list[tuple[str, str]]:
    """The commands of a page's console blocks, each with what is shown below it."""
    blocks = re.findall(r"^```console\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    parts = [part.partition("\n") for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    return [(command, below.strip()) for command, _, below in parts]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if _shown(page.read_text("utf-8"))], ids=lambda page: page.name
)
def test_what_a_page_shows_is_what_comes(
    page: Path, samples_home: Path, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    home = tmp_path / "data"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    for command, below in _shown(page.read_text("utf-8")):
        words = [str(home) if word == "data" else word for word in shlex.split(command)[1:]]
        code, out, _ = run(*words)
        # Isolates, which a page does not need, and where the checkout lies.
        said = re.sub("[\u200e\u200f\u2066-\u2069]", "", out).replace(f"{sample_documents()}", "corpus/samples")
        assert (code, said.strip()) == (0, below)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_is_in_the_pages(path: tuple[str, ...]) -> None:
    assert f"tawthiq {' '.join(path)}" in ENGLISH_TEXT


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_a_help_text(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert command.help
    for parameter in command.params:
        assert parameter.help, parameter.name


def test_what_the_pages_show_exists() -> None:
    lines = {page.name: _lines(page) for page in PAGES}
    assert all(lines[name] for name in ("README.md", "README.ar.md", "evaluation.md"))
    for line in (line for shown in lines.values() for line in shown):
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
