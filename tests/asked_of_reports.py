"""Short reports and questions about them: why, who holds an office of a place, how much where sources may differ.

`dev.json` and `differing-dev.json` were looked at while the rules were written, those called held-out were not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data" / "answering"
SETS = ("dev", "held-out")


def questions(*kinds: str) -> list[tuple[str, str, list[str]]]:
    """The questions of some kinds: set, question, what its quotes must have (nothing where none may be given)."""
    return [
        (name, one["question"], one["expected"] or [])
        for name in SETS
        for one in _read(name)["questions"]
        if one["kind"] in kinds
    ]


def questions_of(name: str) -> list[tuple[str, str, list[str]]]:
    """All questions of one set: kind, question, what its values must have."""
    return [(one["kind"], one["question"], one["expected"]) for one in _read(name)["questions"]]


def written(name: str, folder: Path) -> Path:
    """The reports of a set as files with front matter."""
    folder.mkdir(parents=True)
    for one in _read(name)["documents"]:
        facts = [f"{key}: {json.dumps(one[key], ensure_ascii=False)}" for key in ("title", "publisher", "language")]
        page = ["---", *facts, f"published: {one['published']}", "---", "", one["text"], ""]
        (folder / f"{one['name']}.md").write_text("\n".join(page), encoding="utf-8")
    return folder


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read
