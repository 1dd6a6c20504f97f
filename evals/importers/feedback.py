"""What readers said of answers, as regression cases: JSONL, one line a rating.

{question, language, answer (as `ask --json` prints it), rating: "up" | "down", correction, comment, time}: the last
three are optional. An answer that was praised names what it cites as references; a correction is a reference in
words; one that was found wanting without a correction says nothing of what is right, and is left out. Praise of "not in
the documents" makes an unanswerable question. Citations are kept with their quotes: a document that has changed since
is told from one that was not found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.language import UNKNOWN, detect_language
from evals.importers.draft import Draft, digest_id
from evals.importers.records import Problems, Record, read_json_lines
from evals.question_set import Question, Span
from rag.types import Answer

WITHOUT_CORRECTION = "answers found wanting, without a correction"
AGAIN_RATED = "earlier ratings of the same question"
NOT_RATED = "lines without a rating or a correction"


def read(sources: Sequence[Path], language: str | None, contexts: bool) -> Draft:
    """The last rating of each question. Raises QuestionSetError, naming the line, for what is no feedback."""
    left_out: Counter[str] = Counter()
    questions: dict[str, Question] = {}
    for source in sources:
        problems = Problems(source)
        for record in read_json_lines(source):
            question = _question(problems, record, language, left_out)
            if question is None:
                continue
            left_out[AGAIN_RATED] += questions.pop(question.id, None) is not None
            questions[question.id] = question
        problems.finish()
    return Draft(tuple(questions.values()), left_out={why: count for why, count in left_out.items() if count})


def _question(problems: Problems, record: Record, given: str | None, left_out: Counter[str]) -> Question | None:
    place, data = record.place, record.data
    known = len(problems.found)
    text = problems.text(place, data, "question", required=True)
    stated = problems.text(place, data, "language")
    correction = problems.text(place, data, "correction")
    comment = problems.text(place, data, "comment")
    rating = data.get("rating")
    if rating not in ("up", "down", None):
        problems.add(place, '\'rating\' should be "up" or "down"')
    answer = _answer(problems, place, data)
    if len(problems.found) > known or text is None:
        return None
    if correction is None and rating != "up":
        left_out[WITHOUT_CORRECTION if rating == "down" else NOT_RATED] += 1
        return None
    if rating == "up" and answer is None and correction is None:
        problems.add(place, "the field 'answer' is missing")
        return None
    if answer is not None and answer.standalone_question:
        text = answer.standalone_question  # one that followed others is asked as it was understood
    language = given or stated or (answer.language if answer else None) or detect_language(text)
    cited = answer.citations if answer is not None and rating == "up" else ()
    return Question(
        id=digest_id("feedback", f"{language}\n{text}"),
        question=text,
        language=language or UNKNOWN,
        answers=(correction,) if correction else (),
        documents=tuple(dict.fromkeys(citation.document_id for citation in cited)),
        spans=tuple(dict.fromkeys(Span(c.document_id, c.start, c.end, c.quote) for c in cited)),
        answerable=bool(correction or cited),
        tags=("feedback",),
        notes=comment,
    )


def _answer(problems: Problems, place: str, data: Mapping[str, Any]) -> Answer | None:
    if data.get("answer") is None:
        return None
    try:
        return Answer.from_json(data["answer"])
    except (KeyError, TypeError, ValueError, AttributeError):
        problems.add(place, "'answer' is not an answer as `tawthiq ask --json` prints it")
        return None
