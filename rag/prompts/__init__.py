"""The prompts, one file each: `<name>.md`, with `{placeholders}` that a test knows by name.

They are in English and name the language to answer in. Tried by hand, seven questions, with a 1.5B model
(Qwen2.5-Coder-1.5B-Instruct, 4-bit) on the samples: told in Arabic, in four wordings, it mostly refused, listed titles
or copied unrelated lines without numbers; told in English to answer in Arabic, it mostly answered in Arabic, with
numbers. The wording that repeated NOT_FOUND beside the question had 5 of 6 questions refused, so that word stands in
the system prompt alone. Too few questions for more than a choice between wordings.
"""

from __future__ import annotations

from importlib import resources
from string import Formatter


def load_prompt(name: str) -> str:
    """The prompt `name`. Raises FileNotFoundError when there is no such prompt."""
    return (resources.files(__name__) / f"{name}.md").read_text(encoding="utf-8").strip()


def placeholders(prompt: str) -> frozenset[str]:
    """The names between braces in `prompt`. Raises ValueError on a stray brace or a nameless placeholder."""
    names = [name for _, name, _, _ in Formatter().parse(prompt) if name is not None]
    if not all(name.isidentifier() for name in names):
        raise ValueError(f"A placeholder needs a name: {sorted(names)}")
    return frozenset(names)
