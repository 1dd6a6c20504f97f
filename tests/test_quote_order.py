"""Which quote is first where a value is asked for: the one that gives it, if it is nearly as good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from rag import Engine
from rag.analysis import Words
from rag.answering.selection.signals import Sentence, Signals
from rag.answering.selection.value_preference import NEARLY, value_first
from rag.manifest import IndexedPassage
from rag.reranking import Candidate, PassageSignals
from rag.sentences import Span
from rag.settings import Settings


def sentences(*texts: str, published: date | None = None) -> list[Sentence]:
    """The sentences of one passage; what has no digit gets the signal that it has no number."""
    ends = np.cumsum([len(text) + 1 for text in texts])
    spans = tuple(Span(int(end) - len(text) - 1, int(end) - 1) for text, end in zip(texts, ends, strict=True))
    own = np.eye(len(texts), dtype=np.float32)
    words = tuple(map(Words.of, texts))
    piece = IndexedPassage("k", "d", "en", "en", 0, int(ends[-1]), spans, words, own, own)
    candidate = Candidate(piece, PassageSignals(), 0.0, published=published)
    nothing = Signals(*([0.0] * len(Signals._fields)))
    return [
        Sentence(
            candidate, span, text, own[at], own[at], frozenset(),
            nothing._replace(number=float(not any(map(str.isdigit, text)))),
        )
        for at, (span, text) in enumerate(zip(spans, texts, strict=True))
    ]  # fmt: skip


WHEN = "When did Salma Haddad become head of the library?"
HEAD, NAMED = "Salma Haddad now heads the library.", "She was named to it on 4 May 2018."
WHEN_AR = "متى تولّت سلمى حداد إدارة المكتبة؟"
HEAD_AR, NAMED_AR = "تدير سلمى حداد المكتبة اليوم.", "وعُيّنت فيها في 4 أيار 2018."


@pytest.mark.parametrize(("question", "head", "named"), [(WHEN, HEAD, NAMED), (WHEN_AR, HEAD_AR, NAMED_AR)])
def test_the_date_goes_first_if_it_is_nearly_as_good(question: str, head: str, named: str) -> None:
    one, other = sentences(head, named)
    near = [(3.0, one), (3.0 - NEARLY / 2, other)]
    far = [(3.0, one), (3.0 - 2 * NEARLY, other)]
    assert value_first(question, near, [one, other]) == [other, one]
    assert value_first(question, far, [one, other]) == [one, other]
    assert value_first("Who heads the library?", near, [one, other]) == [one, other]


def test_a_date_is_not_put_before_a_date() -> None:
    one, other = sentences("She was named in the 1990s.", "She was named to it on 4 May 2018.")
    assert value_first(WHEN, [(3.0, one), (2.9, other)], [one, other]) == [one, other]


def test_what_the_best_goes_on_with_comes_after_it() -> None:
    best, worth, other = sentences("The port signed a contract.", "It is worth 5 million euros.", "It rained.")
    ranked = [(3.0, best), (1.0, other), (0.5, worth)]
    question = "How much is the contract of the port worth?"
    assert value_first(question, ranked, [best, other]) == [best, worth, other]
    assert value_first("Who signed the contract of the port?", ranked, [best, other]) == [best, other]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("order")
    (folder / "ferry.txt").write_text(
        "A ferry for Ras Amira\n\nThe harbour office has signed a contract with a Norwegian yard for two ferries for Ras"
        " Amira. It is worth 33 million euros, the office said.\n",
        encoding="utf-8",
    )
    (folder / "theatre.txt").write_text(
        "ترميم مسرح تل الورد\n\nوقّعت وزارة الثقافة عقد ترميم مسرح تل الورد مع ورشة إيطالية. وتبلغ قيمته 6 ملايين يورو،"
        " بحسب الوزارة.\n",
        encoding="utf-8",
    )
    with Engine.open(folder / "home", settings=settings, command="tests") as engine:
        assert not engine.ingest([folder / "ferry.txt", folder / "theatre.txt"]).failed
        yield engine


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How much is the contract for the ferries for Ras Amira worth?", "33 million euros"),
        ("كم تبلغ قيمة عقد ترميم مسرح تل الورد؟", "6 ملايين يورو"),
    ],
)
def test_the_sum_is_quoted_where_a_pronoun_stands_for_the_contract(question: str, value: str, engine: Engine) -> None:
    answer = engine.ask(question, mode="quotes")
    assert answer.status == "answered"
    assert any(value in citation.quote for citation in answer.citations)
