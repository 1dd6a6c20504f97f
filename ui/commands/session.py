"""What every command runs in: its output, its settings, its engine, and the one place where errors become lines."""

from __future__ import annotations

import contextlib
import errno
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from corpus.errors import TawthiqError
from ui.output import Output, discard_output

if TYPE_CHECKING:
    from rag.engine import Engine
    from rag.settings import Settings
    from ui.remote import RemoteEngine

FAILURE = 1
WRONG_USAGE = 2

_USAGE_CODES = frozenset({"settings", "query_invalid"})
"""Errors of how a command was called rather than of what it did."""


class Session:
    """One run of a command. Settings and engine are made when they are asked for: `--help` needs neither."""

    def __init__(self, home: Path | None, as_json: bool) -> None:
        self.output = Output(as_json)
        self._home = home
        self._settings: Settings | None = None

    @property
    def settings(self) -> Settings:
        """The settings in force, `--home` included. Raises SettingsError."""
        if self._settings is None:
            from rag.settings import load_settings

            self._settings = load_settings(home=self._home)
        return self._settings

    @contextlib.contextmanager
    def engine(self, command: str) -> Iterator[Engine | RemoteEngine]:
        """The engine on this home, or the running server that owns it; `command` is how others see this process."""
        from ui.remote import open_engine

        with open_engine(self.settings.home, self.settings, f"tawthiq {command}") as engine:
            yield engine

    def log(self, error: Exception) -> Path | None:
        """Append the traceback of `error` to the home's log; the path of the log, None where nothing can be written."""
        with contextlib.suppress(Exception):
            path = self.settings.home / "logs" / "error.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"--- {datetime.now(UTC).isoformat(timespec='seconds')}\n")
                file.writelines(traceback.format_exception(error))
            return path
        return None


@contextlib.contextmanager
def session(home: Path | None, as_json: bool) -> Iterator[Session]:
    """A session whose errors are printed as one line (or as JSON) and become the exit codes of the design."""
    current = Session(home, as_json)
    try:
        with current.output.guarded():
            yield current
    except TawthiqError as error:
        current.output.error(error.message, error.hint)
        raise typer.Exit(WRONG_USAGE if error.code in _USAGE_CODES else FAILURE) from None
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except BrokenPipeError:
        discard_output()
        raise typer.Exit from None
    except Exception as error:
        refused = _unwritable(error) if isinstance(error, OSError) else None
        if refused is not None:
            current.output.error(*refused)
            raise typer.Exit(FAILURE) from None
        path = current.log(error)
        said = " ".join(str(error).split())[:200]
        current.output.error(
            f"Something unexpected went wrong: {type(error).__name__}{': ' + said if said else ''}.",
            f"The details are in {path}." if path else "The details could not be written down.",
        )
        raise typer.Exit(FAILURE) from None


def _unwritable(error: OSError) -> tuple[str, str] | None:
    """Message and hint where the system refuses a file: a traceback would tell less. None of other errors."""
    if error.errno == errno.ENOSPC and error.filename is None:
        return f"The output cannot be written: {error.strerror}.", "Make room, or write it somewhere else."
    if error.filename is None or not error.strerror:
        return None
    return (
        f"The file {error.filename} cannot be used: {error.strerror}.",
        "Check that its folder is there, that you may write to it, and that the disk has room.",
    )
