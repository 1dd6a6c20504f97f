"""The types that cross the engine's border, and their JSON (the contract of `--json`, the HTTP API and question sets).

All offsets count Unicode code points of a document's stored text. All dataclasses are frozen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from rag.sealing import sealed

Mode = Literal["auto", "quotes", "llm"]
AnswerMode = Literal["quotes", "llm"]
AnswerLanguage = Literal["ar", "en"]
Status = Literal["answered", "not_found"]
Support = Literal["quoted", "supported", "weak", "unsupported"]

SCHEMA = 1
"""Version of the answer JSON; raised only when a key changes its meaning or goes."""

MAX_QUOTE_CHARS = 400
"""No quote is longer than this (the design's contract)."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may answer. Empty fields do not filter; several values of one field are alternatives.

    `since` and `until` are inclusive and leave out documents without a date. `documents` are document ids.
    """

    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    documents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.languages, self.publishers, self.since, self.until, self.documents, self.tags))

    def to_json(self) -> dict[str, Any]:
        return {
            "languages": list(self.languages),
            "publishers": list(self.publishers),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "documents": list(self.documents),
            "tags": list(self.tags),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Filters:
        """The filters that `to_json` wrote. Raises KeyError, TypeError or ValueError on anything else."""
        lists = {name: tuple(map(str, data[name])) for name in ("languages", "publishers", "documents", "tags")}
        since, until = (date.fromisoformat(data[name]) if data[name] else None for name in ("since", "until"))
        return cls(**lists, since=since, until=until)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document: `text` is the document's stored text from `start` to `end`."""

    document_id: str
    start: int
    end: int
    language: str
    text: str
    source: str
    title: str


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that a search returned. `score` is comparable within one search only; `rank` starts at 1.

    `also_in` are the ids of other documents that say the same in the same words. `nearest` are the offsets, in the
    document, of the sentence that is nearest to the question; only beside an answer that found nothing.
    """

    passage: Passage
    score: float
    rank: int
    also_in: tuple[str, ...] = ()
    nearest: tuple[int, int] | None = None

    def to_json(self) -> dict[str, Any]:
        p = self.passage
        return {
            "document_id": p.document_id,
            "title": p.title,
            "source": p.source,
            "language": p.language,
            "start": p.start,
            "end": p.end,
            "score": round(self.score, 4),
            "rank": self.rank,
            "text": p.text,
            **({"also_in": list(self.also_in)} if self.also_in else {}),
            **({"nearest": dict(zip(("start", "end"), self.nearest, strict=True))} if self.nearest else {}),
        }

    @property
    def from_nearest(self) -> str:
        """The passage's text from the nearest sentence on; all of it where none is named, or none that is in it."""
        return self.passage.text[self.nearest[0] - self.passage.start :] if self.nearest else self.passage.text

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ScoredPassage:
        passage = Passage(
            document_id=data["document_id"],
            start=data["start"],
            end=data["end"],
            language=data["language"],
            text=data["text"],
            source=data["source"],
            title=data.get("title", ""),
        )
        near = data.get("nearest")
        nearest = (near["start"], near["end"]) if near else None
        if nearest and not passage.start <= nearest[0] < nearest[1] <= passage.end:
            nearest = None
        return cls(passage, data["score"], data["rank"], tuple(data.get("also_in", ())), nearest)


@dataclass(frozen=True, slots=True)
class Translation:
    """A quote in another language, by a language model: never official, and never to stand in quotation marks."""

    text: str
    language: str
    model: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `quote` equals the stored text of `document_id` (at `document_sha256`), `start` to `end`.

    `page` is the page of the source's file on which it begins, None where the source has no pages.
    """

    number: int
    document_id: str
    document_sha256: str
    title: str
    source: str
    publisher: str | None
    published: date | None
    language: str
    start: int
    end: int
    quote: str
    translation: Translation | None = None
    page: int | None = None

    def to_json(self) -> dict[str, Any]:
        data = {**asdict(self), "published": self.published.isoformat() if self.published else None}
        if self.page is None:
            del data["page"]
        if self.translation is None:
            del data["translation"]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Citation:
        published = date.fromisoformat(data["published"]) if data["published"] else None
        translation = Translation(**data["translation"]) if data.get("translation") else None
        return cls(**{**data, "published": published, "translation": translation})


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer, with the numbers of the citations that it rests on.

    `corroborates` is the number of the citation whose fact it states in another language.
    """

    text: str
    citations: tuple[int, ...]
    support: Support
    reasons: tuple[str, ...] = ()
    corroborates: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "citations": list(self.citations),
            "support": self.support,
            "reasons": list(self.reasons),
            **({"corroborates": self.corroborates} if self.corroborates is not None else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Statement:
        return cls(
            data["text"],
            tuple(data["citations"]),
            data["support"],
            tuple(data["reasons"]),
            data.get("corroborates"),
        )


@dataclass(frozen=True, slots=True)
class DisputedValue:
    """One of the values that sources give: in a source's words, who is cited for it, and that source's date."""

    text: str
    citations: tuple[int, ...]
    published: date | None

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "citations": list(self.citations),
            "published": self.published.isoformat() if self.published else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DisputedValue:
        published = date.fromisoformat(data["published"]) if data["published"] else None
        return cls(data["text"], tuple(data["citations"]), published)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Different values that sources give for what was asked, newest first, undated last.

    `rising`: they are counts published within weeks, and each newer one is higher, as the toll of one event.
    """

    kind: Literal["number", "date", "name"]
    values: tuple[DisputedValue, ...]
    rising: bool = False

    def to_json(self) -> dict[str, Any]:
        data = {"kind": self.kind, "values": [value.to_json() for value in self.values]}
        return data | {"rising": True} if self.rising else data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Disagreement:
        values = tuple(DisputedValue.from_json(value) for value in data["values"])
        return cls(data["kind"], values, rising=bool(data.get("rising", False)))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened on the way and that the reader should know (a fallback, a dropped marker)."""

    code: str
    text: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Frame:
    """The product's own words around quotes, in the question's language; part of the text, never a statement."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Models:
    """Which models made an answer."""

    embedding: str
    llm: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an honest "not in the documents" (`status` "not_found": no statements, no citations).

    `language` is the answer's own: that of the question, or the one asked for. `usage` is of all that the language
    model was asked for it (see `rag.usage`). `session` is what the answers of one conversation share in traces.
    `standalone_question` is the question as it was understood after earlier ones, None where that is as it stands.
    `filters` are those that it was asked with.
    """

    question: str
    language: str
    status: Status
    mode: AnswerMode
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[ScoredPassage, ...]
    index_generation: int
    models: Models
    elapsed_ms: int
    notices: tuple[Notice, ...] = ()
    frame: Frame | None = None
    answerable_probability: float | None = None
    removed: tuple[Statement, ...] = ()
    usage: Mapping[str, int | float | str] | None = None
    session: str | None = None
    standalone_question: str | None = None
    disagreements: tuple[Disagreement, ...] = ()
    filters: Filters | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as `--json` prints it, sealed with a digest."""
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "question": self.question,
            "language": self.language,
            "status": self.status,
            "mode": self.mode,
            "text": self.text,
            "statements": [s.to_json() for s in self.statements],
            "citations": [c.to_json() for c in self.citations],
            "passages": [p.to_json() for p in self.passages],
            "index_generation": self.index_generation,
            "models": asdict(self.models),
            "elapsed_ms": self.elapsed_ms,
        }
        if self.notices:
            data["notices"] = [n.to_json() for n in self.notices]
        if self.frame is not None:
            data["frame"] = asdict(self.frame)
        if self.answerable_probability is not None:
            data["answerable_probability"] = round(self.answerable_probability, 4)
        if self.removed:
            data["removed"] = [s.to_json() for s in self.removed]
        if self.usage is not None:
            data["usage"] = dict(self.usage)
        if self.session is not None:
            data["session"] = self.session
        if self.standalone_question is not None:
            data["standalone_question"] = self.standalone_question
        if self.disagreements:
            data["disagreements"] = [d.to_json() for d in self.disagreements]
        if self.filters:
            data["filters"] = self.filters.to_json()
        return sealed(data)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_json` wrote. Raises KeyError or TypeError on anything else."""
        return cls(
            question=data["question"],
            language=data["language"],
            status=data["status"],
            mode=data["mode"],
            text=data["text"],
            statements=tuple(Statement.from_json(s) for s in data["statements"]),
            citations=tuple(Citation.from_json(c) for c in data["citations"]),
            passages=tuple(ScoredPassage.from_json(p) for p in data["passages"]),
            index_generation=data["index_generation"],
            models=Models(**data["models"]),
            elapsed_ms=data["elapsed_ms"],
            notices=tuple(Notice(**n) for n in data.get("notices", ())),
            frame=Frame(**data["frame"]) if "frame" in data else None,
            answerable_probability=data.get("answerable_probability"),
            removed=tuple(Statement.from_json(s) for s in data.get("removed", ())),
            usage=data.get("usage"),
            session=data.get("session"),
            standalone_question=data.get("standalone_question"),
            disagreements=tuple(Disagreement.from_json(d) for d in data.get("disagreements", ())),
            filters=Filters.from_json(data["filters"]) if data.get("filters") else None,
        )


@dataclass(frozen=True, slots=True)
class Passages:
    """Stream event: the passages that were found, before anything is written."""

    passages: tuple[ScoredPassage, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """Stream event: a piece of the answer's text as it is written. The final text is the Answer's, not their sum."""

    text: str


Event = Passages | Token | Notice | Answer
"""What `Engine.stream` yields; the last one is always the Answer."""

History = Sequence[tuple[str, Answer]]


@dataclass(frozen=True, slots=True)
class IngestFailure:
    """A source that could not be ingested, and why in one line."""

    source: str
    reason: str
    code: str = "source"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Pages of a source that are images without text: the document has nothing of them."""

    source: str
    pages: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return {"source": self.source, "pages": list(self.pages), "reason": "images without text"}


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document without its text, as lists show it."""

    document_id: str
    source: str
    title: str
    language: str
    published: date | None
    publisher: str | None = None
    author: str | None = None
    tags: tuple[str, ...] = ()
    characters: int = 0
    sha256: str = ""
    image_pages: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        data = {
            **asdict(self),
            "tags": list(self.tags),
            "published": self.published.isoformat() if self.published else None,
            "image_pages": list(self.image_pages),
        }
        if not self.image_pages:
            del data["image_pages"]
        return data


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did. `documents` are the ones added or updated; `left_out` are pages of what was stored."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: int = 0
    failed: tuple[IngestFailure, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    documents: tuple[DocumentSummary, ...] = ()
    generation: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "duplicates": self.duplicates,
            "failed": [{"source": f.source, "reason": f.reason} for f in self.failed],
            "left_out": [one.to_json() for one in self.left_out],
            "documents": [
                {
                    "document_id": d.document_id,
                    "source": d.source,
                    "title": d.title,
                    "language": d.language,
                    "published": d.published.isoformat() if d.published else None,
                }
                for d in self.documents
            ],
            "generation": self.generation,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long task is: `done` of `total` units of `stage` (total 0 while unknown)."""

    stage: Literal["model", "reading", "indexing", "checking"]
    done: int
    total: int
    detail: str = ""
