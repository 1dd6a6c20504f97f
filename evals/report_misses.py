"""The worst misses of a run, told at its end: what was asked, expected and answered, without opening the JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

from rich.text import Text

from evals.cases import CASES_FILE, Case
from evals.metrics import score_case
from evals.misses import Miss, misses, outcome
from evals.report import plain
from evals.report_words import Language, words
from evals.run_folder import ScoredCase
from rag.bidi import isolated_within

SHOWN = 10
MOST_CHARS = 240
"""Characters of a question, of what was expected and of what was answered."""

_WORST: tuple[Miss, ...] = ("not_verbatim", "unsupported", "false_answer", "reference_missed", "false_silence")
"""What misleads a reader comes before what leaves them without an answer; the rest follows."""
_ORDER = tuple(dict.fromkeys((*_WORST, *get_args(Miss))))


def worst(cases: Iterable[Case]) -> list[ScoredCase]:
    """The cases that went wrong, worst first; equally bad ones in the order of the set."""
    scored = [ScoredCase(case, score_case(case)) for case in cases]
    wrong = [one for one in scored if outcome(one) == "wrong"]
    return sorted(wrong, key=lambda one: _badness(misses(one.scores)))


def _badness(found: Sequence[Miss]) -> tuple[int, int]:
    return min(_ORDER.index(miss) for miss in found), -len(found)


def render_misses(cases: Sequence[Case], folder: Path, language: Language, shown: int = SHOWN) -> list[Text]:
    """The `shown` worst of the cases that went wrong, as lines in `language`, and where all are; none if none did."""
    found = worst(cases)
    if not found:
        return []
    text = words(language)
    count = text["misses.all" if len(found) <= shown else "misses.some"]
    parts = [Text(""), Text(count.format(count=len(found), shown=shown), style="bold")]
    for number, one in enumerate(found[:shown], start=1):
        question = one.case.question
        said = "; ".join(text[f"miss.{miss}"] for miss in misses(one.scores))
        parts += [
            Text(f"{number}. {_line(question.question, language)} ({_line(question.id, language)})"),
            Text(f"   {said}", style="yellow"),
            Text(f"   {text['misses.expected']}: {_line(_expected(one.case, language), language)}", style="dim"),
            Text(f"   {text['misses.answered']}: {_line(_answered(one.case, language), language)}", style="dim"),
        ]
    command = f"tawthiq eval report {shlex.quote(str(folder))} --out {shlex.quote(str(folder / 'report.html'))}"
    parts.append(Text(text["misses.file"].format(folder / CASES_FILE)))
    parts.append(Text(text["misses.page"].format(command)))
    return parts


def _expected(case: Case, language: Language) -> str:
    """The answers that a question's author gave, or else the documents; that there is none where there is none."""
    text, question = words(language), case.question
    if not question.answerable:
        return text["misses.none"]
    quoted = [span.quote for span in question.spans if span.quote]
    return " | ".join(question.answers or quoted or question.documents or case.expected) or "–"


def _answered(case: Case, language: Language) -> str:
    answer = case.answer
    if answer is None or answer.status == "not_found":
        return words(language)["misses.none"]
    return " ".join(one.text for one in answer.statements) or answer.text


def _line(said: str, language: Language) -> str:
    line = plain(" ".join(said.split()))
    return isolated_within(line if len(line) <= MOST_CHARS else f"{line[: MOST_CHARS - 1].rstrip()}…", language)
