"""What recorded replies of a language model come to: support of statements, correctness, citations.

Every reply is resolved twice: as the model wrote it (grounding off) and by the default policy, which removes what its
sources do not bear out. What is counted, for each:

- *replies*: answered; NOT_FOUND, the model's refusal; in another language than the question's; failed, which is an
  error of the server or a reply of which no statement is left that cites anything. The last two end in quotes. All that
  follows is of those answered.
- *supported, weak, unsupported, without citation*: the shares of the statements shown, judged each by the passages that
  it cites; *quoted* are those that copy a sentence of them. The judge is grounding's own, the same that removes: after
  removal it finds what it left. It is no witness of its own success.
- *reference in the answer*: a reference answer stands in its text, in the words of the question's language or of the
  document's (XQuAD has both); *or its quotes*: or in a quote that it cites. *token F1* is `evals.metrics.answers.f1`,
  the best of the references: a whole sentence around a short reference scores low.
- *citation recall and precision* (`evals.alce`), averaged over answers. What entails is decided thrice: by
  grounding's judge, not independent of what removes; by overlap, a sanity check that knows nothing of meaning (80 % of
  the statement's stems stand in what it cites; only for answers whose sources are in their language); and by an NLI
  model where one is named. ALCE reads the whole passages that are cited; *of quotes* reads only the sentences that are
  shown as quotes.
- *the whole product*: a model's failure and an answer in another language end in quotes, and only what a person is
  shown counts, silence as 0; beside it quotes mode by itself. (The product asks once more where the language is wrong;
  that is not recorded here, so such answers count as quotes.)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evals.alce import Entails, citation_scores, verbatim
from evals.benchmarks import mixed_dev
from evals.metrics.answers import f1
from evals.metrics.estimates import Estimate, estimate
from evals.normalisation import contains
from evals.question_set import Question
from rag.answering.generation.answer_language import language_besides
from rag.answering.generation.generative import Draft
from rag.citations import Judge
from rag.grounding.findings import Source
from rag.types import Answer, Passage, Statement

Outcome = Literal["answered", "NOT_FOUND", "other language", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("answered", "NOT_FOUND", "other language", "failed")
Values = Mapping[str, Sequence[float]]
"""The values that one question contributes to each measure; none where it does not apply."""


@dataclass(frozen=True, slots=True)
class Told:
    """A statement that is shown, with what it cites: `passages` as the model read them, `quotes` as a person does."""

    text: str
    passages: tuple[Source, ...]
    quotes: tuple[Source, ...]


def told(draft: Draft) -> list[Told]:
    """The statements of a draft with what they cite."""
    cited = {citation.number: citation for citation in draft.citations}
    found = []
    for statement in draft.statements:
        citations = [cited[number] for number in statement.citations]
        passages = [
            _holding([one.passage for one in draft.passages], citation.document_id, citation.start, citation.end)
            for citation in citations
        ]
        found.append(
            Told(
                statement.text,
                tuple(
                    Source(passage.text, passage.language, citation.published)
                    for passage, citation in zip(passages, citations, strict=True)
                ),
                tuple(Source(citation.quote, citation.language, citation.published) for citation in citations),
            )
        )
    return found


def support_of(statement: Told, judge: Judge) -> str:
    """How a statement is borne out by the passages that it cites."""
    if not statement.passages:
        return "without citation"
    if verbatim(statement.text, statement.passages):
        return "quoted"
    return judge(statement.text, statement.passages).support


def outcome_of(draft: Draft | None, language: str) -> Outcome:
    """What became of a reply; a draft of None is one that failed."""
    if draft is None:
        return "failed"
    if draft.status == "not_found":
        return "NOT_FOUND"
    other = language_besides((statement.text for statement in draft.statements), language)
    return "answered" if other is None else "other language"


def references(folder: Path, questions: Sequence[Question]) -> dict[str, tuple[str, ...]]:
    """The reference answers by question id: the set's own, and those of the same XQuAD question in both languages."""
    parallel: dict[str, list[str]] = {}
    for path in sorted(folder.glob("xquad-dev.*.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"]:
                    parallel.setdefault(asked["id"], []).extend(answer["text"] for answer in asked["answers"])
    return {
        question.id: tuple(dict.fromkeys((*question.answers, *parallel.get(question.id.rsplit("-", 1)[0], ()))))
        for question in questions
    }


def statement_values(draft: Draft | None, judge: Judge) -> Values:
    """The shares of support, by the statements of a draft that are shown, and how many there are and were removed."""
    if draft is None:
        return {}
    supports = [support_of(one, judge) for one in told(draft)]
    kinds = ("quoted", "supported", "weak", "unsupported", "without citation")
    values: dict[str, Sequence[float]] = {kind: [float(kind == one) for one in supports] for kind in kinds}
    values["without support (unsupported, uncited)"] = [float(one in kinds[3:]) for one in supports]
    values["statements shown, an answer"] = [float(len(supports))]
    values["statements removed, an answer"] = [float(len(draft.removed))]
    return values


def answer_values(draft: Draft | None, wanted: Sequence[str]) -> Values:
    """Correctness of a draft that answers; nothing of any other."""
    if draft is None:
        return {}
    text = said(draft.statements)
    there = float(held([text], wanted))
    return {
        "reference in the answer": [there],
        "reference in the answer or its quotes": [
            float(bool(there) or held([citation.quote for citation in draft.citations], wanted))
        ],
        "token F1": [max((f1(text, one) for one in wanted), default=0.0)],
    }


def citation_values(draft: Draft | None, deciders: Mapping[str, Entails]) -> Values:
    """Citation recall and precision of a draft that answers, by each decider, of passages and of quotes."""
    if draft is None:
        return {}
    values: dict[str, Sequence[float]] = {}
    for name, entails in deciders.items():
        for label, sources in (("passages", "passages"), ("quotes", "quotes")):
            scores = citation_scores([(one.text, getattr(one, sources)) for one in told(draft)], entails)
            for measure, place in (("recall", 0), ("precision", 1)):
                values[f"citation {measure} of {label}, by {name}"] = [] if scores is None else [scores[place]]
    return values


def product_values(draft: Draft | None, language: str, quotes: Answer, wanted: Sequence[str]) -> Values:
    """What a person is shown in the end: the draft where it answers, else the quotes that it falls back to."""
    outcome = outcome_of(draft, language)
    by_quotes = float(held([citation.quote for citation in quotes.citations], wanted))
    answered_by_quotes = float(quotes.status == "answered")
    shown = {"answered": None, "NOT_FOUND": (0.0, 0.0)}.get(outcome, (answered_by_quotes, by_quotes))
    if shown is None:
        assert draft is not None
        texts = [said(draft.statements), *(citation.quote for citation in draft.citations)]
        shown = (1.0, float(held(texts, wanted)))
        in_text = float(held(texts[:1], wanted))
    else:
        in_text = shown[1]
    return {
        "product: ends as an answer": [shown[0]],
        "product: reference in what it says": [in_text],
        "product: the same, or in the quotes cited": [shown[1]],
        "quotes mode alone: ends as an answer": [answered_by_quotes],
        "quotes mode alone: reference in the quotes": [by_quotes],
    }


def held(texts: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether one of the texts holds one of the references."""
    return any(contains(text, reference) for text in texts for reference in wanted)


def said(statements: Sequence[Statement]) -> str:
    """The statements as one text."""
    return " ".join(statement.text for statement in statements)


def table(rows: Mapping[str, Sequence[tuple[str, Values]]]) -> str:
    """Markdown: a row for each measure, a column for each of `rows` (a label, then its questions with their groups).

    Values of all questions are pooled; the interval resamples them.
    """
    labels = list(rows)
    measures = list(dict.fromkeys(name for row in rows.values() for _, values in row for name in values))
    lines = ["| | " + " | ".join(labels) + " |", "|---|" + "---|" * len(labels)]
    for measure in measures:
        cells = [_cell(pooled(rows[label], measure)) for label in labels]
        lines.append(f"| {measure} | {' | '.join(cells)} |")
    return "\n".join(lines)


def by_direction(rows: Sequence[tuple[str, Values]]) -> str:
    """Markdown: the same measures, a column for each direction."""
    groups = [group for group in mixed_dev.GROUPS if any(group == one for one, _ in rows)]
    return table({group: [row for row in rows if row[0] == group] for group in groups})


def pooled(rows: Sequence[tuple[str, Values]], measure: str) -> Estimate:
    """The mean of a measure over all values of all questions."""
    return estimate([value for _, values in rows for value in values.get(measure, ())])


def _cell(figure: Estimate) -> str:
    if figure.mean is None:
        return "–"
    bounds = f" [{figure.low:.2f}, {figure.high:.2f}]" if figure.low is not None and figure.high is not None else ""
    return f"{figure.mean:.2f}{bounds} n {figure.n}"


def _holding(passages: Sequence[Passage], document_id: str, start: int, end: int) -> Passage:
    return next(
        passage
        for passage in passages
        if passage.document_id == document_id and passage.start <= start and end <= passage.end
    )
