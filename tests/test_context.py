"""What a quote needs beside it: the sentence that a fragment leans on, and who is said to have done it."""

from __future__ import annotations

import pytest

from rag import Engine
from rag.answering.context import is_fragment


@pytest.mark.parametrize("question", ["Who killed Marai al-Ramthan?", "من قتل مرعي الرمثان؟"])
def test_who_did_it_comes_with_who_says_so_and_the_reply(question: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    quotes = [citation.quote for citation in answer.citations]
    at = next(number for number, quote in enumerate(quotes) if "قُتل مرعي الرمثان" in quote)
    assert quotes[at + 1] == "ونسب المرصد السوري لحقوق الإنسان الغارة إلى سلاح الجو الأردني."
    assert "فلم يؤكد ذلك ولم ينفه" in quotes[at + 2]
    for citation in answer.citations:
        document = samples_engine.document(citation.document_id)
        assert document.text[citation.start : citation.end] == citation.quote


def test_when_somebody_was_killed_needs_no_attribution(samples_engine: Engine) -> None:
    answer = samples_engine.ask("متى قُتل مرعي الرمثان؟", mode="quotes")
    assert answer.status == "answered"
    assert not any(citation.quote.startswith("ونسب المرصد") for citation in answer.citations)


@pytest.mark.parametrize(
    "question", ["What was tucked inside H.R. 815?", "What did its supporters call the second captagon law?"]
)
def test_a_fragment_comes_after_the_sentence_that_it_leans_on(question: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question, mode="quotes")
    quotes = [citation.quote for citation in answer.citations]
    at = next(number for number, quote in enumerate(quotes) if quote.startswith("Tucked inside it"))
    assert quotes[at - 1].startswith("A second American law on captagon took effect")
    assert len(set(quotes)) == len(quotes)


def test_what_is_a_fragment() -> None:
    assert is_fragment("Tucked inside it, the bill passed.")
    assert is_fragment("Hidden among them were pills.")
    assert not is_fragment("Hidden among the tomatoes were pills.")
    assert not is_fragment("It passed in 2022.")
    assert not is_fragment("وفيه حبوب.")
