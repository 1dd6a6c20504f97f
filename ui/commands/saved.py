"""Answers that `ask --json` printed, read back from a file or standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rag.types import History

MAX_BYTES = 32_000_000
"""Longest file of saved answers that is read: some thousand of them."""


def read_json(name: str, parameter: str, hint: str) -> Any:
    """The JSON in the file `name`, or on standard input where that is `-`, in any encoding of Unicode.

    Raises BadParameter, naming `parameter`, where it cannot be read, and InvalidQuery, with `hint`, where it is not
    JSON.
    """
    return _parsed(_read(name, parameter), "standard input" if name == "-" else name, hint)


def history_from(names: Sequence[str]) -> History:
    """The conversation in these files, each of an answer or a list of answers, oldest first. Raises as `read_json`."""
    if not names:
        return ()
    from rag.history import read_history

    turns = []
    for name in names:
        data = read_json(name, "--follow", "Give what `tawthiq ask --json` printed.")
        turns += data if isinstance(data, list) else [data]
    return read_history([(turn.get("question") if isinstance(turn, dict) else None, turn) for turn in turns])


def _read(name: str, parameter: str) -> bytes:
    try:
        if name == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "it cannot be opened"
        raise typer.BadParameter(f"{name}: {reason}.", param_hint=parameter) from None
    if len(data) > MAX_BYTES:
        raise typer.BadParameter(f"{name} is longer than {MAX_BYTES:,} bytes.", param_hint=parameter)
    return data


def _parsed(data: bytes, name: str, hint: str) -> Any:
    """The JSON in `data`, in any encoding of Unicode. Raises InvalidQuery, with `hint`."""
    from rag.errors import InvalidQuery

    if not data.strip():
        raise InvalidQuery(f"{name} is empty.", hint)
    try:
        return json.loads(data, parse_constant=_no_json)
    except json.JSONDecodeError as error:
        what = f"line {error.lineno}, column {error.colno}: {error.msg}"
    except UnicodeDecodeError:
        what = "it is not Unicode text"
    except RecursionError:
        what = "it is nested too deeply"
    except ValueError as error:
        what = str(error)[:100]
    raise InvalidQuery(f"{name} is not JSON: {what}.", hint)


def _no_json(word: str) -> Any:
    raise ValueError(f"{word} is no value of JSON")
