"""Words of a source within a sentence of ours, each in its own direction."""

from __future__ import annotations

import re

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Code points that turn the text around them: embeddings, overrides and isolates."""

_DROPPED: dict[int, None] = dict.fromkeys(TURNING)
_ARABIC, _LATIN = re.compile(r"[؀-ۿ]"), re.compile(r"[A-Za-z]")


def isolated(text: str) -> str:
    """`text` kept to its own direction, by its first letter, without marks of its own that would turn ours."""
    return f"{FIRST_STRONG_ISOLATE}{text.translate(_DROPPED)}{POP_ISOLATE}"


def isolated_within(text: str, language: str) -> str:
    """`text`, isolated where it is several words with some in another direction than a sentence in `language`."""
    other = _LATIN if language == "ar" else _ARABIC
    text = text.translate(_DROPPED)
    return isolated(text) if other.search(text) and len(text.split()) > 1 else text
