"""The bundled question sets, found by name.

`samples.jsonl` asks over the sample documents. Its ids name the language of the question and where the answer stands
(`ar-en-07`; `both` languages, `none`). Its tags, by which a run is reported too:

- what is asked for: `number`, `when`, `who`, `where`, `what`, `why`, `definition`, or `list`, where all of the answers
  are wanted together;
- what makes it hard: `attribution` (whose words a figure or a claim is), `disagreement` (the sources differ: either
  value is a reference, and `notes` says how they differ), `negation`, `follow-up` (it has `turns`), `false-premise` (it
  takes for granted what the sources deny or do not know);
- `unanswerable`, always with its reason: `near-topic`, `off-topic` or `false-premise`.

A false premise that a source denies in so many words is answerable: the denial is its reference. Where the sources only
hold something else, or nothing, it is not.

`tests/test_bundled_question_set.py` holds the set to its balance of languages, directions and tags.
"""

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
