"""Help and wrong usage in an Arabic locale: every text is there in Arabic, the page runs from right to left."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from rich.cells import cell_len
from rich.console import Console

from ui.cli import app
from ui.help import help_texts
from ui.tables import grid

ROOT = Path(__file__).parents[1]
ARABIC = re.compile(r"[\u0621-\u064a]")
ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069\u200f"))
NAMED = re.compile(r"--[a-z-]+|\b(?:jsonl?|csv|xlsx|html|ar|en|tawthiq_\w+)\b")


def commands(command: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found = {path: command}
    for name, below in getattr(command, "commands", {}).items():
        found |= commands(below, (*path, name))
    return found


COMMANDS = commands(typer.main.get_command(app))


def texts(path: tuple[str, ...]) -> list[str]:
    """What is said of a command and its parameters, in the code's English."""
    command = COMMANDS[path]
    parameters = command.get_params(command.make_context("tawthiq", ["x"], resilient_parsing=True))
    defaults = [one.show_default for one in parameters if isinstance(one.show_default, str)]
    return [command.help, *(one.help for one in parameters), *(one for one in defaults if re.search("[a-z]", one))]


def words_around() -> Iterator[str]:
    """What `ui.help` itself says: headings, and words in brackets."""
    for call in ast.walk(ast.parse((ROOT / "ui/help.py").read_text("utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_arabic":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


@pytest.fixture
def arab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ar_SY.UTF-8")


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")


def test_every_help_text_has_its_arabic_and_no_arabic_is_left_over() -> None:
    said = {text for path in COMMANDS for text in texts(path)} | set(words_around())
    assert len(said) > 80
    assert said - set(help_texts()) == set()
    assert set(help_texts()) - said == set()


def test_the_arabic_of_a_help_text_names_what_the_english_names() -> None:
    for english, arabic in help_texts().items():
        assert ARABIC.search(arabic), english
        assert set(NAMED.findall(english.lower())) <= set(NAMED.findall(arabic.lower())), english
        assert arabic.count("\u2068") == arabic.count("\u2069")
        assert english[-1:] != "." or arabic[-1] in ".؟", english


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "tawthiq")
def test_the_help_of_a_command_is_arabic(
    run, path: tuple[str, ...], wide: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, english, _ = run(*path, "--help")
    monkeypatch.setenv("LC_ALL", "ar_SY.UTF-8")
    code, out, err = run(*path, "--help")
    assert (code, err) == (0, "")
    seen = out.translate(ISOLATES)
    for text in texts(path):
        assert help_texts()[text].translate(ISOLATES) in seen
        assert text not in seen
        assert text in english
    assert f"{' '.join(('tawthiq', *path))} [OPTIONS]" in seen
    headings = {"Arguments": "المعطيات", "Options": "الخيارات", "Commands": "الأوامر"}
    assert re.findall("─ (.+) ─╮", seen) == [headings[one] for one in re.findall("╭─ (.+?) ─", english)]
    assert not re.search(r"Usage|Arguments|Options|Commands|default:|required", seen)
    assert all(one.metavar in seen for one in COMMANDS[path].params if one.metavar)
    for pattern in (r"--[a-z-]+", r"<[^<>=]+>", r"\[\d+<=x<=\d+\]"):
        assert set(re.findall(pattern, english)) <= set(re.findall(pattern, seen)), pattern
    assert seen.count("[مطلوب]") == english.count("[required]") == seen.count("* │")
    defaults = re.findall(r"\[default: \(?([^])]+)\)?\]", english)
    assert re.findall(r"\[الافتراضي: ([^]]+)\]", seen) == [
        help_texts().get(one, one).translate(ISOLATES) for one in defaults
    ]


@pytest.mark.parametrize("arguments", [[], ["documents"], ["eval"]])
def test_a_group_alone_shows_its_commands_in_arabic(run, arguments: list[str], arab: None) -> None:
    code, out, err = run(*arguments)
    assert (code, err) == (2, "")
    assert out.strip() == run(*arguments, "--help")[1].strip()


@pytest.mark.parametrize("path", [(), ("ask",), ("check",), ("eval", "gate")], ids=" ".join)
@pytest.mark.parametrize("width", [50, 80, 100])
def test_a_page_of_help_is_laid_out_from_right_to_left(
    run, path: tuple[str, ...], width: int, arab: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run(*path, "--help")[1].splitlines()
    for line in filter(None, lines):
        assert cell_len(line) == width, line
        assert line.count("\u2068") == line.count("\u2069"), line
        # What is not isolated has no direction: the frame and the columns stay where they are on any terminal.
        while (outside := re.sub("\u2068[^\u2068\u2069]*\u2069", "", line)) != line:
            line = outside
        assert not re.search(r"[^\W\d_]", line), line
    heads = [line.translate(ISOLATES) for line in lines if line.startswith("╭")]
    assert [re.sub("[╭─╮ ]", "", head) for head in heads][-1] in ("الخيارات", "الأوامر")
    assert all(head.endswith(" ─╮") for head in heads)
    last = "eval" if not path else "--help"
    assert any(line.translate(ISOLATES).rstrip("│ ").endswith(f" {last}") for line in lines)


def test_english_help_is_typers_own(run, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ((), ("ask",), ("serve",), ("eval",), ("eval", "run")):
        with_ours = run(*path, "--help")[1]
        app(args=[*path, "--help"], prog_name="tawthiq", standalone_mode=False)
        assert with_ours == capsys.readouterr().out
        assert not ARABIC.search(with_ours)


def test_a_command_that_shows_no_help_reads_no_help_texts(run, tmp_path: Path, arab: None) -> None:
    help_texts.cache_clear()
    assert run("documents", "list", "--home", tmp_path / "none")[0] == 1
    assert run("ask")[0] == 2
    assert help_texts.cache_info().currsize == 0
    code = "import sys; from ui import cli; cli.run(['ask']); sys.exit('ui.help' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env={"LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message", "command"),
    [
        (["--langauge", "ar"], "لا يوجد خيار باسم --langauge.", ""),
        (["ask", "x", "--langauge", "ar"], "لا يوجد خيار باسم --langauge (لعلك تقصد: --", " ask"),
        (["doktor"], "لا يوجد أمر باسم 'doktor'. هل تقصد 'doctor'؟", ""),
        (["eval", "runn"], "لا يوجد أمر باسم 'runn'. هل تقصد 'run'؟", " eval"),
        (["ask"], "ينقص 'QUESTION'.", " ask"),
        (["eval", "run", "samples"], "ينقص الخيار '--out'.", " eval run"),
        (["ask", "x", "--mode", "guess"], "قيمة غير صالحة في '--mode': 'guess' ليس واحدا من 'auto', ", " ask"),
        (["search", "x", "--limit", "a"], "قيمة غير صالحة في '--limit': المطلوب عدد صحيح.", " search"),
        (["search", "x", "--limit", "0"], "قيمة غير صالحة في '--limit': أقل ما يُقبل 1.", " search"),
        (
            ["ask", "x", "--since", "31/3/2024"],
            "قيمة غير صالحة في '--since': '31/3/2024' ليس تاريخا على الصيغة 2024-03-31 (السنة فالشهر فاليوم).",
            " ask",
        ),
        (["check", "x", "--column", "y"], "قيمة غير صالحة في --column: لا أعمدة للادعاء الواحد.", " check"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_wrong_usage_is_told_in_arabic(run, arguments: list[str], message: str, command: str, arab: None) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    seen = err.translate(ISOLATES)
    assert seen.startswith(f"tawthiq: {message}")
    assert seen.endswith(f"الأمر tawthiq{command} --help يشرح الاستعمال.\n")
    assert "\u2068" in err


def test_a_line_of_a_cell_keeps_its_direction_and_its_code(arab: None) -> None:
    text = io.StringIO()
    cell = "شغّل \u2068tawthiq doctor --repair\u2069 أو اقرأ ما كُتب في HTML"
    Console(file=text, width=19).print(grid(("",), [(cell,)], header=False))
    lines = [line.strip() for line in text.getvalue().splitlines()]
    assert [line.translate(ISOLATES) for line in lines] == ["شغّل tawthiq doctor", "--repair أو اقرأ ما", "كُتب في HTML"]
    assert lines[0].endswith("doctor\u2069\u2069")
    assert lines[1].startswith("\u2068\u200f\u2068--repair\u2069")
    assert lines[2].startswith("\u2068ك")
