"""Records of a question, a reference answer and the texts that it rests on, as frameworks for testing RAG keep them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import QuestionSetError
from evals.importers.draft import Draft, Names, StorableText, common_language, digest_id, question_language
from evals.importers.records import AGAIN
from evals.question_set import Question

NO_REFERENCE = "records without a reference answer, contexts or a source"
WITHOUT_DOCUMENTS = "lists of contexts, for which no folder of documents is named"


@dataclass(frozen=True, slots=True)
class Referred:
    """A record. `sources` name documents by their files; `contexts` are texts of documents that have no other name."""

    source: Path
    place: str
    id: str | None
    question: str
    answers: tuple[str, ...]
    contexts: tuple[str, ...]
    sources: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str | None = None


def draft(records: Sequence[Referred], language: str | None, contexts: bool) -> Draft:
    """The set that `records` make: each distinct context a document of its own, where `contexts` asks for them.

    Without them `sources` are the references. Raises QuestionSetError for an id that stands twice.
    """
    left_out: Counter[str] = Counter()
    common = language or common_language(record.question for record in records)
    names = Names()
    stems: dict[str, str] = {}
    documents: dict[str, str] = {}
    questions = []
    first: dict[str, Referred] = {}
    for record in records:
        if record.id is not None:
            before = first.setdefault(record.id, record)
            if before is not record:
                where = before.place if before.source == record.source else f"{before.source}, {before.place}"
                problem = f"{record.place}: the id {record.id!r} stands in {where} already"
                raise QuestionSetError(record.source, [problem], AGAIN)
        found: list[str] = []
        for context in record.contexts if contexts else ():
            text = StorableText([context]).text
            if text not in stems and text:
                stems[text] = names.stem(digest_id("context", text))
                documents[stems[text]] = text
            found += [stems[text]] if text else []
        references = tuple(dict.fromkeys(found)) or record.sources
        left_out[WITHOUT_DOCUMENTS] += bool(record.contexts and not contexts and record.answers and not record.sources)
        if not record.answers and not references:
            left_out[NO_REFERENCE] += 1
            continue
        questions.append(
            Question(
                id=names.unique(record.id if record.id is not None else digest_id("q", record.question)),
                question=record.question,
                language=language or question_language(record.question, common),
                answers=record.answers,
                documents=references,
                turns=record.turns,
                tags=record.tags,
                notes=record.notes,
            )
        )
    return Draft(tuple(questions), documents, {why: count for why, count in left_out.items() if count})
