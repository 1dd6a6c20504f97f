"""What commands print: JSON or text for people on standard output; progress, notes and errors on standard error."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from ui import i18n
from ui.i18n import said
from ui.i18n.messages import translated

if TYPE_CHECKING:
    from evals.run import RunProgress
    from rag.types import Progress

DRAWN_A_SECOND = 4
"""How often bars are drawn."""
PLAIN_SECONDS = 10.0
"""How often a line says how far a run of questions is, where there is no terminal."""
PIPE_WIDTH = 160
"""Columns of a table where there is no terminal to ask."""

# A document's text is data: an escape sequence in it must not reach the terminal, nor an override turn a line around.
# Control characters are shown by their pictures, what has no picture by the replacement character.
_UNPRINTABLE = (
    {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
    | {0x7F: 0x2421}
    | dict.fromkeys((*range(0x80, 0xA0), 0x202D, 0x202E), 0xFFFD)
)
# JSON escapes what is below a space by itself.
_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}


def printable(text: str) -> str:
    """`text` as a terminal may show it: the same number of characters, none of which acts on the terminal."""
    return text.translate(_UNPRINTABLE)


def use_utf8() -> None:
    """Read and write UTF-8 whatever the locale says: half of what is printed here is Arabic.

    A file name that is not UTF-8 is written with backslash escapes, which JSON reads too.
    """
    for stream, errors in ((sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace"), (sys.stdin, "strict")):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(encoding="utf-8", errors=errors)


def discard_output() -> None:
    """Whoever read standard output has had enough: what is still buffered has nowhere to go, and that is no error."""
    with Path(os.devnull).open("wb") as nowhere, contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere.fileno(), sys.__stdout__.fileno() if sys.__stdout__ else 1)


class Output:
    """Where one command writes. With `as_json`, standard output gets one JSON document, by `data` or `error`."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._stdout: TextIO = sys.stdout
        self._console = _console(sys.stdout)
        self._stderr = _console(sys.stderr)

    @contextlib.contextmanager
    def guarded(self) -> Iterator[None]:
        """While this lasts, what a library prints goes to standard error, so that JSON stays JSON."""
        with contextlib.redirect_stdout(sys.stderr) if self.as_json else contextlib.nullcontext():
            yield

    def data(self, value: Any) -> None:
        """`value` as the JSON document on standard output."""
        text = json.dumps(value, ensure_ascii=False, indent=2).translate(_JSON_ESCAPES)
        print(text, file=self._stdout, flush=True)

    def show(self, *renderables: RenderableType) -> None:
        """Text for a person on standard output. Strings are plain text, never markup; lines wrap on a terminal only."""
        for renderable in renderables:
            self._console.print(
                printable(renderable) if isinstance(renderable, str) else renderable,
                soft_wrap=isinstance(renderable, str | Text) and not self._console.is_terminal,
            )

    def note(self, text: str) -> None:
        """One line beside the result, on standard error."""
        self._stderr.print(printable(text), style="dim", soft_wrap=True)

    def warning(self, text: str) -> None:
        """One line that should not be overlooked, on standard error."""
        self._stderr.print(printable(text), style="yellow", soft_wrap=True)

    def error(self, message: str, hint: str = "") -> None:
        """Why the command failed: one line on standard error, or the JSON document `{"error": …}`.

        Both are English; the line is told in the language of the locale.
        """
        if self.as_json:
            try:
                self.data({"error": {"message": message, "hint": hint}})
                return
            except BrokenPipeError:
                raise
            except OSError:  # standard output is what cannot be written
                discard_output()
        language = i18n.command_language()
        line = " ".join(f"tawthiq: {translated(message, language)} {translated(hint, language)}".split())
        self._stderr.print(printable(line), style="red", soft_wrap=True)

    @contextlib.contextmanager
    def progress(self) -> Iterator[Callable[[Progress | RunProgress], None]]:
        """A callback that draws bars on a terminal, and under them how the answers of a run are so far.

        Elsewhere it writes one line when a stage begins, and of a run a line every `PLAIN_SECONDS`.
        """
        if not self._stderr.is_terminal:
            yield self._plain_progress()
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bars

        class BarsAndLine(Bars):
            line = ""

            def get_renderables(self) -> Iterator[RenderableType]:
                yield from super().get_renderables()
                if self.line:
                    yield Text(self.line, style="dim")

        bars = BarsAndLine(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[detail]}", markup=False),
            console=self._stderr,
            transient=True,
            refresh_per_second=DRAWN_A_SECOND,
        )
        tasks: dict[str, TaskID] = {}

        def draw(step: Progress | RunProgress) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bars.add_task(said(f"progress.{step.stage}"), total=None, detail="")
            bars.update(
                tasks[step.stage],
                completed=step.done,
                total=step.total or None,
                detail=printable(step.detail[-60:]).replace("\n", " "),
            )
            bars.line = _so_far(step)

        with bars:
            yield draw

    def _plain_progress(self) -> Callable[[Progress | RunProgress], None]:
        begun: set[str] = set()
        told = time.monotonic()

        def write(step: Progress | RunProgress) -> None:
            nonlocal told
            if step.stage not in begun:
                begun.add(step.stage)
                told = time.monotonic()
                self.note(said(f"progress.{step.stage}") + "…")
            elif (line := _so_far(step)) and time.monotonic() - told >= PLAIN_SECONDS:
                told = time.monotonic()
                done, total = f"{step.done:,}", f"{step.total:,}"
                self.note(
                    said("progress.far", stage=said(f"progress.{step.stage}"), done=done, total=total, so_far=line)
                )

        return write


def _so_far(step: Progress | RunProgress) -> str:
    """What the answers of a run are like up to here, and how long the rest will take; "" for any other step."""
    so_far = getattr(step, "so_far", None)
    if so_far is None or not step.done:
        return ""
    from evals.report import heading

    left = so_far.seconds_left
    parts = [f"{step.done / step.total:.0%}"]
    parts += [] if left is None else [said("progress.left", time=timedelta(seconds=round(left)))]
    parts += [f"{heading(one.metric, i18n.command_language())} {one.mean:.2f} (n {one.n})" for one in so_far.means]
    return said("list.separator").join([*parts, said("progress.failed", count=so_far.failed)])


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end the process with a failure


def _console(file: TextIO) -> Console:
    width = None if file.isatty() else PIPE_WIDTH
    return _Console(file=file, width=width, markup=False, highlight=False, emoji=False)
