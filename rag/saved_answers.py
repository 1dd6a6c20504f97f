"""Saved answers as they are read back to be verified: from a file that anybody may have altered. Pure functions.

Only what can be verified is kept. What is no answer at all is refused, with the place and what is wrong there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rag.errors import InvalidQuery
from rag.types import SCHEMA, Answer

_CLAIM_STATUS = {"supported": "answered", "contradicted": "answered"}
_STATED = ("title", "publisher", "published")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_MAX_NUMBER = 2**53


@dataclass(frozen=True, slots=True)
class SavedCitation:
    """A citation as it was saved. `stated` is what it says of its document: pairs of a name and a value."""

    number: int
    document_id: str
    document_sha256: str
    start: int
    end: int
    quote: str
    source: str = ""
    stated: tuple[tuple[str, str | None], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "document_id": self.document_id,
            "document_sha256": self.document_sha256,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "source": self.source,
            **dict(self.stated),
        }


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What of a saved answer, or of a checked claim, can be verified. `statements` are texts with citation numbers.

    `status` of a claim is "answered" where its verdict rests on sources. `frame` is what stands before and after the
    quotes. `disputed` are the values in which sources are said to differ, with citation numbers.
    """

    question: str
    status: str
    mode: str | None
    text: str | None
    frame: tuple[str, str]
    statements: tuple[tuple[str, tuple[int, ...]], ...]
    citations: tuple[SavedCitation, ...]
    disputed: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The answer without its passages and figures; `saved_answers` reads it back."""
        return {
            "question": self.question,
            "status": self.status,
            "mode": self.mode,
            "text": self.text,
            "frame": dict(zip(("before", "after"), self.frame, strict=True)),
            "statements": [{"text": text, "citations": list(numbers)} for text, numbers in self.statements],
            "citations": [citation.to_json() for citation in self.citations],
            "disagreements": [
                {"values": [{"text": text, "citations": list(numbers)}]} for text, numbers in self.disputed
            ],
        }


def saved_answers(data: object, name: str = "") -> tuple[SavedAnswer, ...]:
    """The answers in `data`: an `Answer`, the JSON of one or of a checked claim, or a list of such things.

    `name` (of a file) begins the message of the InvalidQuery that is raised where `data` is anything else.
    """
    place = f"{name}: " if name else ""
    if isinstance(data, list | tuple):
        if not data:
            raise _wrong(f"{place}the list is empty")
        return tuple(_answer(one, f"{place}answer {number}: ") for number, one in enumerate(data, start=1))
    return (_answer(data, place),)


def _answer(data: object, place: str) -> SavedAnswer:
    if isinstance(data, SavedAnswer):
        return data
    if isinstance(data, Answer):
        data = data.to_json()
    if not isinstance(data, Mapping):
        raise _wrong(f"{place}this is {_kind(data)}, not an answer")
    if "citations" not in data:
        raise _wrong(f'{place}this is not an answer: it has no "citations"')
    if _field(data, "schema", int, place, SCHEMA) > SCHEMA:
        raise InvalidQuery(f"{place}the answer was written by a newer version of Tawthiq.", "Update Tawthiq.")
    frame = _field(data, "frame", Mapping, place, {})
    verdict = _CLAIM_STATUS.get(_field(data, "verdict", str, place, ""), "not_found")
    return SavedAnswer(
        question=_field(data, "question", str, place, "") or _field(data, "claim", str, place, ""),
        status=_field(data, "status", str, place, verdict),
        mode=_field(data, "mode", str, place, None),
        text=_field(data, "text", str, place, None),
        frame=(_field(frame, "before", str, f"{place}frame: ", ""), _field(frame, "after", str, f"{place}frame: ", "")),
        statements=tuple(
            (_field(one, "text", str, where), tuple(_numbers(one, where)))
            for one, where in _objects(data, "statements", place, "statement", [])
        ),
        citations=tuple(_citation(one, where) for one, where in _objects(data, "citations", place, "citation")),
        disputed=tuple(
            (_field(value, "text", str, at), tuple(_numbers(value, at)))
            for one, where in _objects(data, "disagreements", place, "disagreement", [])
            for value, at in _objects(one, "values", where, "value")
        ),
    )


def _citation(data: Mapping[str, Any], place: str) -> SavedCitation:
    return SavedCitation(
        number=_field(data, "number", int, place),
        document_id=_field(data, "document_id", str, place),
        document_sha256=_field(data, "document_sha256", str, place),
        start=_field(data, "start", int, place),
        end=_field(data, "end", int, place),
        quote=_field(data, "quote", str, place),
        source=_field(data, "source", str, place, ""),
        stated=tuple((name, _field(data, name, str, place, None)) for name in _STATED if name in data),
    )


def _objects(
    data: Mapping[str, Any], key: str, place: str, one: str, default: list[Any] | None = None
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The objects in the list `key`, each with its place."""
    for number, item in enumerate(_field(data, key, list, place, *([] if default is None else [default])), start=1):
        if not isinstance(item, Mapping):
            raise _wrong(f"{place}{one} {number} is {_kind(item)}, not an object")
        yield item, f"{place}{one} {number}: "


def _numbers(data: Mapping[str, Any], place: str) -> list[int]:
    numbers: list[int] = _field(data, "citations", list, place)
    for number in numbers:
        if type(number) is not int:
            raise _wrong(f'{place}"citations" holds {_kind(number)}, not only numbers of citations')
        if abs(number) > _MAX_NUMBER:
            raise _wrong(f'{place}"citations" holds a number that is too large')
    return numbers


_REQUIRED: Any = object()


def _field(data: Mapping[str, Any], key: str, kind: type, place: str, default: Any = _REQUIRED) -> Any:
    """The value of `key`, which must be a `kind`; `default` where it is missing or null, if there is a default."""
    value = data.get(key)
    if value is None and default is not _REQUIRED:
        return default
    if key not in data:
        raise _wrong(f'{place}"{key}" is missing')
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _wrong(f'{place}"{key}" is {_kind(value)}, not {_KINDS[kind]}')
    if isinstance(value, str) and _HALF_CHARACTER.search(value):
        raise _wrong(f'{place}"{key}" is not valid text: it holds half a character')
    if isinstance(value, int) and abs(value) > _MAX_NUMBER:
        raise _wrong(f'{place}"{key}" is too large')
    return value


_KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a fraction",
    str: "text",
    list: "a list",
    Mapping: "an object",
    dict: "an object",
    type(None): "null",
}


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "something else")


def _wrong(message: str) -> InvalidQuery:
    return InvalidQuery(f"{message}.", "Give what `tawthiq ask --json` printed, or a list of such answers.")
