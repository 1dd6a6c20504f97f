"""The prompts of model judges, one file each: `<name>.md`, with `{placeholders}` that a test knows by name.

A judge is pinned by the digests of these files: whoever changes a word of one makes another judge.
"""

from __future__ import annotations

import hashlib
from importlib import resources


def load_prompt(name: str) -> str:
    """The prompt `name`. Raises FileNotFoundError when there is no such prompt."""
    return _read(name).decode("utf-8").strip()


def digest(name: str) -> str:
    """SHA-256 (hex) of the file of the prompt `name`."""
    return hashlib.sha256(_read(name)).hexdigest()


def _read(name: str) -> bytes:
    return (resources.files(__name__) / f"{name}.md").read_bytes()
