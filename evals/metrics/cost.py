"""What an answer takes: milliseconds to the first token and to the whole, tokens, money.

A language model's calls alone have tokens and cost; money is in the currency of the settings (`llm_currency`), and
there is none without prices.
"""

from __future__ import annotations

from evals.cases import Case


def total_ms(case: Case) -> float | None:
    """Wall time of the question, in milliseconds; earlier turns are not in it."""
    return case.elapsed_ms


def first_token_ms(case: Case) -> float | None:
    """Milliseconds from the question to the first token of a language model; unscored where none was streamed."""
    return case.first_token_ms


def usage(case: Case, key: str) -> float | None:
    """`input_tokens`, `output_tokens` or `cost` of the answer; unscored where no model was asked, or it did not say."""
    if case.answer is None or case.answer.usage is None:
        return None
    value = case.answer.usage.get(key)
    return float(value) if isinstance(value, int | float) else None
