"""The parts of a question that asks two or three things at once ("who commented, and what did he say of …?")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.analysis import Words, is_stop_word, stem, words

MAX_PARTS = 3
MIN_WORDS = 2

_BORDER = re.compile(
    r"[,،;؛]?\s+and\s+"
    r"(?=(?:who|whom|whose|what|when|where|why|how|which|in which|by whom|did|does|do|is|are|was|were)\b)"
    r"|[،,؛]?\s+و(?=(?:ماذا|ما|من|متى|أين|كيف|كم|لماذا|هل|بماذا|لمن|بكم|أي|في أي)\s)"
    r"|(?<=[?؟])\s+(?=\S)",
    re.IGNORECASE,
)


def parts_of(question: str) -> list[str]:
    """The parts in order, or nothing if the question asks one thing."""
    pieces = [piece.strip() for piece in _BORDER.split(question)]
    pieces = [piece for piece in pieces if len(piece.split()) >= MIN_WORDS]
    return pieces[:MAX_PARTS] if len(pieces) > 1 else []


def still_open(parts: Iterable[str], said: Iterable[str]) -> list[str]:
    """Those of the parts, on which the documents seem silent, that an answer of these sentences does not speak to.

    A model may find in the passages what a search by sentence does not: it does where it says half of a part's words.
    """
    stems = frozenset().union(*(Words.of(sentence).stems for sentence in said))
    found = []
    for part in parts:
        asked = {stem(word) for word in words(part) if not is_stop_word(word)}
        if 2 * len(asked & stems) < len(asked):
            found.append(part)
    return found
