"""SQuAD 1.1 and 2.0 JSON, as XQuAD, ARCD, MLQA and TyDi QA's gold-passage task have it too.

{"data": [{"title", "paragraphs": [{"context", "qas": [{"id", "question", "answers": [{"text", "answer_start"}],
"is_impossible"}]}]}]} (https://rajpurkar.github.io/SQuAD-explorer/), or the flat records {id, title, context, question,
answers: {text: […], answer_start: […]}} that Hugging Face's `datasets` makes of it.

An article's paragraphs become one document. `answer_start` counts code points; where an answer does not stand there (in
ARCD some do not), the nearest place in its paragraph is meant. "Impossible" is said of a paragraph alone: that no other
document answers is for whoever uses the set to know. A question in files of two languages is a pair.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.language import detect_language
from evals.errors import QuestionSetError
from evals.importers.draft import Draft, Names, StorableText, common_language, question_language
from evals.importers.records import AGAIN, Problems, read_json, read_json_lines
from evals.question_set import Question, Span

NO_ANSWER = "questions with no answer, not said to have none"
NO_PLACE = "spans of questions whose answers do not stand in their document"

_TYDI = re.compile(r"(arabic|bengali|english|finnish|indonesian|korean|russian|swahili|telugu)-")
_TYDI_CODES = {
    "arabic": "ar", "bengali": "bn", "english": "en", "finnish": "fi", "indonesian": "id", "korean": "ko",
    "russian": "ru", "swahili": "sw", "telugu": "te",
}  # fmt: skip


@dataclass(slots=True)
class _Article:
    """A document in the making; paragraphs that two files share stand in it once."""

    title: str
    language: str
    paragraphs: list[str] = field(default_factory=list)

    def paragraph(self, context: str) -> int:
        if context not in self.paragraphs:
            self.paragraphs.append(context)
        return self.paragraphs.index(context)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as its file has it; `answers` are (text, offset in the paragraph)."""

    source: Path
    place: str
    id: str
    question: str
    language: str
    article: _Article
    paragraph: int
    answers: tuple[tuple[str, int], ...]
    answerable: bool


def read(sources: Sequence[Path], language: str | None, contexts: bool) -> Draft:
    """The questions of SQuAD files, in their order. Raises QuestionSetError, naming article, paragraph and question."""
    left_out: Counter[str] = Counter()
    articles: dict[tuple[str, str, str], _Article] = {}
    asked = [one for source in sources for one in _read_file(source, language, articles, left_out)]
    ids = _ids(asked)
    names = Names()
    several = Counter(title for title, _, _ in articles)
    texts: dict[int, StorableText] = {}
    stems: dict[int, str] = {}
    for article in articles.values():
        wanted = f"{article.language}-{article.title}" if several[article.title] > 1 else article.title
        texts[id(article)] = StorableText(article.paragraphs)
        stems[id(article)] = names.stem(wanted)
    questions = []
    for one, (identifier, pair) in zip(asked, ids, strict=True):
        text, stem = texts[id(one.article)], stems[id(one.article)]
        spans = []
        for answer, start in one.answers:
            if (place := text.place(one.paragraph, start, answer)) is not None:
                spans.append(Span(stem, *place, quote=text.text[slice(*place)]))
        left_out[NO_PLACE] += one.answerable and not spans
        questions.append(
            Question(
                id=identifier,
                question=one.question,
                language=one.language,
                answers=tuple(dict.fromkeys(answer.strip() for answer, _ in one.answers)),
                documents=(stem,) if one.answerable else (),
                spans=tuple(dict.fromkeys(spans)),
                answerable=one.answerable,
                pair=pair,
            )
        )
    documents = {stems[key]: text.text for key, text in texts.items()}
    return Draft(tuple(questions), documents, {why: count for why, count in left_out.items() if count})


def _read_file(
    source: Path, language: str | None, articles: dict[tuple[str, str, str], _Article], left_out: Counter[str]
) -> list[_Asked]:
    problems = Problems(source)
    found: list[_Asked] = []
    entries = _entries(source)
    common = language or common_language(
        str(qa.get("question", ""))
        for entry in entries
        for paragraph in _objects(entry.get("paragraphs"))
        for qa in _objects(paragraph.get("qas"))
    )
    for number, entry in enumerate(entries, start=1):
        title = problems.text(f"article {number}", entry, "title") or ""
        paragraphs = entry.get("paragraphs")
        if not isinstance(paragraphs, list):
            problems.add(f"article {number}", "the list 'paragraphs' is missing")
            continue
        article: _Article | None = None
        for at, paragraph in enumerate(paragraphs, start=1):
            place = f"article {number}, paragraph {at}"
            context = paragraph.get("context") if isinstance(paragraph, dict) else None
            if not isinstance(context, str) or not context.strip():
                problems.add(place, "the text 'context' is missing")
                continue
            if article is None:
                name, spoken = title or f"{source.stem}-{number:03}", detect_language(context)
                # Only what has a title of its own can be the same article in another file.
                article = articles.setdefault((name, spoken, "" if title else str(source)), _Article(name, spoken))
            within = article.paragraph(context)
            asked = paragraph.get("qas")
            if asked is not None and not isinstance(asked, list):
                problems.add(place, "'qas' should be a list of questions")
                continue
            for asked_at, qa in enumerate(asked or (), start=1):
                where = f"{place}, question {asked_at}"
                if not isinstance(qa, dict):
                    problems.add(where, "a JSON object is expected")
                    continue
                one = _read_question(problems, where, qa, language, common, article, within)
                if one is not None and one.answerable and not one.answers:
                    left_out[NO_ANSWER] += 1
                elif one is not None:
                    found.append(one)
    problems.finish()
    return found


def _read_question(
    problems: Problems,
    place: str,
    qa: Mapping[str, Any],
    language: str | None,
    common: str,
    article: _Article,
    paragraph: int,
) -> _Asked | None:
    identifier = problems.text(place, qa, "id", required=True)
    question = problems.text(place, qa, "question", required=True)
    if identifier is not None:
        place = f"{place} ({identifier})"
    impossible = qa.get("is_impossible", False)
    if not isinstance(impossible, bool):
        problems.add(place, "'is_impossible' should be true or false")
    answers = []
    for answer in () if impossible is True else _answers(problems, place, qa.get("answers")):
        text, start = answer.get("text"), answer.get("answer_start")
        if not isinstance(text, str) or not isinstance(start, int) or isinstance(start, bool) or start < 0:
            problems.add(place, "an answer needs 'text' and 'answer_start', a whole number from 0")
        elif text.strip():
            answers.append((text, start))
    if identifier is None or question is None:
        return None
    tydi = _TYDI.match(identifier)
    code = language or (_TYDI_CODES[tydi[1]] if tydi else question_language(question, common))
    return _Asked(
        problems.source, place, identifier, question, code, article, paragraph, tuple(answers), impossible is not True
    )


def _answers(problems: Problems, place: str, given: object) -> list[Mapping[str, Any]]:
    if given is None:
        return []
    if isinstance(given, dict) and isinstance(given.get("text"), list):  # as Hugging Face has it
        starts = given.get("answer_start")
        if isinstance(starts, list) and len(starts) == len(given["text"]):
            return [{"text": text, "answer_start": start} for text, start in zip(given["text"], starts, strict=True)]
    elif isinstance(given, list) and all(isinstance(one, dict) for one in given):
        return list(given)
    problems.add(place, "'answers' should be a list of {text, answer_start}")
    return []


def _entries(source: Path) -> list[Mapping[str, Any]]:
    """The articles of a file. Raises QuestionSetError where it is none of SQuAD's."""
    lines = {".jsonl", ".ndjson"} & {suffix.lower() for suffix in source.suffixes}
    data = [dict(record.data) for record in read_json_lines(source)] if lines else read_json(source)
    listed = data.get("data") if isinstance(data, dict) else data
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise QuestionSetError(source, ["line 1: an object with the list 'data' is expected"], AGAIN)
    if not any("context" in one for one in listed):
        return listed
    flat: dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for one in listed:
        title, context = str(one.get("title") or ""), str(one.get("context") or "")
        flat[title, "" if title else context][context].append(one)
    return [
        {"title": title, "paragraphs": [{"context": context, "qas": asked} for context, asked in contexts.items()]}
        for (title, _), contexts in flat.items()
    ]


def _objects(given: object) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _ids(asked: Sequence[_Asked]) -> list[tuple[str, str | None]]:
    """Each question's id in the set, and its pair.

    An id that several files share gets its language before it, and that of its document where the same question has
    two (MLQA). Raises QuestionSetError for an id that stands twice even so.
    """
    sharing: dict[str, list[_Asked]] = defaultdict(list)
    for one in asked:
        sharing[one.id].append(one)
    ids: list[tuple[str, str | None]] = []
    first: dict[str, _Asked] = {}
    for one in asked:
        others = sharing[one.id]
        identifier = one.id
        if len({other.source for other in others}) > 1:
            identifier = f"{one.language}-{one.id}"
            if sum(other.language == one.language for other in others) > 1:
                identifier = f"{one.language}-{one.article.language}-{one.id}"
        before = first.setdefault(identifier, one)
        if before is not one:
            where = before.place if before.source == one.source else f"{before.source}, {before.place}"
            raise QuestionSetError(one.source, [f"{one.place}: its id stands in {where} already"], AGAIN)
        ids.append((identifier, one.id if len({other.language for other in others}) > 1 else None))
    return ids
