"""The parts of a question that asks two or three things at once ("who commented, and what did he say of …?")."""

from __future__ import annotations

import re

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
