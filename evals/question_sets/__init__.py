"""The bundled question sets, found by name."""

from __future__ import annotations

import difflib
from pathlib import Path

from evals.errors import QuestionSetError

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The names of the bundled sets."""
    return sorted(path.stem for path in _FOLDER.glob("*.jsonl"))


def is_bundled(name: str | Path) -> bool:
    """Whether `name` names a bundled set (a file of that name is meant by `./name`)."""
    return str(name) in names()


def path(name: str | Path) -> Path:
    """The file of the bundled set `name`, or `name` itself as a path.

    Raises QuestionSetError when it is neither, naming the bundled sets.
    """
    if is_bundled(name):
        return _FOLDER / f"{name}.jsonl"
    if Path(name).exists():
        return Path(name)
    near = difflib.get_close_matches(str(name), names(), n=1)
    hint = f"Is the bundled set {near[0]!r} meant?" if near else f"Bundled sets: {', '.join(names())}."
    raise QuestionSetError(name, ["there is no such file and no bundled set of that name"], hint)


def floors(name: str) -> Path:
    """The file of the floors that are committed for the bundled set `name`; it need not be there."""
    return _FOLDER / f"{name}.floors.json"
