"""Tokens and cost of an answer."""

from __future__ import annotations

from threading import Thread

from rag.settings import Settings
from rag.usage import Meter

CALL = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}


def test_calls_are_summed_and_those_unknown_left_out() -> None:
    meter = Meter()
    assert meter.total(Settings()) is None
    meter.add(None)
    assert meter.total(Settings()) is None
    threads = [Thread(target=meter.add, args=(CALL,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meter.total(Settings()) == {
        "calls": 8, "input_tokens": 8000, "output_tokens": 800, "total_tokens": 8800
    }  # fmt: skip


def test_the_cost_is_there_where_both_prices_are() -> None:
    meter = Meter()
    meter.add(CALL)
    total = meter.total(Settings(llm_input_price=0.15, llm_output_price=0.6, llm_currency="EUR"))
    assert total is not None
    assert (total["cost"], total["currency"]) == (0.00021, "EUR")
    free = meter.total(Settings(llm_input_price=0, llm_output_price=0))
    assert free is not None
    assert free["cost"] == 0
    assert "cost" not in (meter.total(Settings(llm_input_price=0.15)) or {})
