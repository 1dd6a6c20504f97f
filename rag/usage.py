"""Tokens that a language model read and wrote for one answer, and what they cost."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from rag.settings import Settings

Usage = Mapping[str, int | float | str]
"""`calls`, `input_tokens`, `output_tokens`, `total_tokens`; `cost` and `currency` where prices are set."""

_TOKENS = ("input_tokens", "output_tokens", "total_tokens")


class Meter:
    """Sums the tokens of every call that one answer takes. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = 0
        self._tokens = dict.fromkeys(_TOKENS, 0)

    def add(self, usage: Mapping[str, int] | None) -> None:
        """Counts a call; `usage` has `input_tokens`, `output_tokens` and `total_tokens`, None if they are unknown."""
        if usage is None:
            return
        with self._lock:
            self._calls += 1
            for key in _TOKENS:
                self._tokens[key] += usage[key]

    def total(self, settings: Settings) -> Usage | None:
        """All calls so far, those left out whose tokens are unknown; None where that is all of them.

        The cost is computed from the prices in `settings`; without both there is none.
        """
        with self._lock:
            calls, tokens = self._calls, dict(self._tokens)
        if not calls:
            return None
        total: dict[str, int | float | str] = {"calls": calls, **tokens}
        if settings.llm_input_price is not None and settings.llm_output_price is not None:
            spent = tokens["input_tokens"] * settings.llm_input_price
            spent += tokens["output_tokens"] * settings.llm_output_price
            total |= {"cost": round(spent / 1_000_000, 9), "currency": settings.llm_currency}
        return total
