"""JSON of what crosses the border between a server and its clients, where the types do not carry it themselves.

`rag.types` writes and reads answers, passages and citations; here are stored documents, ingestion reports, progress,
stream events, health checks and errors. Every `…_from_json` raises KeyError, TypeError or ValueError on other data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus.document import Document, Removal
from rag.errors import TawthiqError
from rag.types import (
    Answer,
    DocumentSummary,
    Event,
    Filters,
    IngestFailure,
    IngestReport,
    LeftOut,
    Notice,
    Passages,
    Progress,
    ScoredPassage,
    Token,
)

if TYPE_CHECKING:
    from rag.health import HealthCheck


def document_to_json(document: Document) -> dict[str, Any]:
    """A stored document, its text included (`documents show --json`)."""
    return {
        "document_id": document.document_id,
        "source": document.source,
        "title": document.title,
        "language": document.language,
        "publisher": document.publisher,
        "author": document.author,
        "published": document.published.isoformat() if document.published else None,
        "tags": list(document.tags),
        "notes": list(document.notes),
        "format": document.format,
        "sha256": document.sha256,
        "text": document.text,
        "removed": [asdict(removal) for removal in document.removed],
        **({"pages": list(document.pages)} if document.pages else {}),
        **({"image_pages": list(document.image_pages)} if document.image_pages else {}),
    }


def document_from_json(data: Mapping[str, Any]) -> Document:
    return Document(
        document_id=data["document_id"],
        source=data["source"],
        title=data["title"],
        text=data["text"],
        language=data["language"],
        format=data["format"],
        publisher=data["publisher"],
        author=data["author"],
        published=_date(data["published"]),
        tags=tuple(data["tags"]),
        notes=tuple(data["notes"]),
        removed=tuple(Removal(**removal) for removal in data["removed"]),
        pages=tuple(data.get("pages", ())),
        image_pages=tuple(data.get("image_pages", ())),
    )


def summary_from_json(data: Mapping[str, Any]) -> DocumentSummary:
    """A summary as lists carry it, or the shorter one of an ingestion report."""
    lists = {name: tuple(data.get(name, ())) for name in ("tags", "image_pages")}
    return DocumentSummary(**{**data, **lists, "published": _date(data["published"])})


def report_from_json(data: Mapping[str, Any]) -> IngestReport:
    return IngestReport(
        added=data["added"],
        updated=data["updated"],
        unchanged=data["unchanged"],
        duplicates=data["duplicates"],
        failed=tuple(IngestFailure(failure["source"], failure["reason"]) for failure in data["failed"]),
        left_out=tuple(LeftOut(one["source"], tuple(one["pages"])) for one in data.get("left_out", ())),
        documents=tuple(summary_from_json(document) for document in data["documents"]),
        generation=data["generation"],
    )


def filters_to_json(filters: Filters | None) -> dict[str, Any] | None:
    return filters.to_json() if filters else None


def event_to_json(event: Event | Progress | IngestReport) -> dict[str, Any]:
    """One line of a streamed reply: `event` names its kind, the rest is its content."""
    match event:
        case Passages():
            return {"event": "passages", "passages": [passage.to_json() for passage in event.passages]}
        case Token():
            return {"event": "token", "text": event.text}
        case Notice():
            return {"event": "notice", **event.to_json()}
        case Answer():
            return {"event": "answer", "answer": event.to_json()}
        case Progress():
            return {"event": "progress", **asdict(event)}
        case IngestReport():
            return {"event": "report", "report": event.to_json()}


def event_from_json(data: Mapping[str, Any]) -> Event | Progress | IngestReport:
    """The event that `event_to_json` wrote; an `error` event is raised as the error that it carries."""
    match data["event"]:
        case "passages":
            return Passages(tuple(ScoredPassage.from_json(passage) for passage in data["passages"]))
        case "token":
            return Token(data["text"])
        case "notice":
            return Notice(data["code"], data["text"])
        case "answer":
            return Answer.from_json(data["answer"])
        case "progress":
            return Progress(data["stage"], data["done"], data["total"], data["detail"])
        case "report":
            return report_from_json(data["report"])
        case "error":
            raise error_from_json(data["error"])
        case other:
            raise ValueError(f"unknown event {other!r}")


def health_from_json(data: Mapping[str, Any]) -> HealthCheck:
    from rag.health import HealthCheck

    return HealthCheck(**data)


def error_to_json(error: TawthiqError) -> dict[str, Any]:
    return {"message": error.message, "hint": error.hint, "code": error.code}


def error_from_json(data: Mapping[str, Any]) -> TawthiqError:
    """The error that a server named by its code; an unknown code becomes the root of the tree."""
    kind = _errors_by_code(TawthiqError).get(data.get("code", ""), TawthiqError)
    return kind(data["message"], data.get("hint", ""))


def _errors_by_code(root: type[TawthiqError]) -> dict[str, type[TawthiqError]]:
    found = {root.code: root}
    for kind in root.__subclasses__():
        # A parent comes first: a subclass that only inherits its code does not take its place.
        found = _errors_by_code(kind) | found
    return found


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
