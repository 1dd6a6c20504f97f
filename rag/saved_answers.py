"""Saved answers as they are read back to be verified: from a file that anybody may have altered. Pure functions.

Only what can be verified is kept. What is no answer at all is refused, with the place and what is wrong there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.claims.verdicts import Verdict
from rag.errors import InvalidQuery
from rag.sealing import Seal, seal
from rag.types import SCHEMA, Answer, Filters

SAVED = "Give what `tawthiq ask --json` or `tawthiq check --json` printed, or a list of such answers."
"""What to do where something else is given."""

_CLAIM_STATUS = {"supported": "answered", "contradicted": "answered"}
_STATED = ("title", "publisher", "published", "source", "language")
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
    stance: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SavedPassage:
    """A passage as it was saved beside an answer; `number` is its place in the list."""

    number: int
    document_id: str
    start: int
    end: int
    text: str
    source: str = ""
    stated: tuple[tuple[str, str | None], ...] = ()
    document_sha256: str = ""


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What of a saved answer, or of a checked claim, can be verified. `statements` are texts with citation numbers.

    `status` of a claim is "answered" where its verdict rests on sources; `verdicts` are that on the claim and those on
    its sentences, empty for an answer. `frame` is what stands before and after the quotes. `disputed` are the values in
    which sources are said to differ, with citation numbers and dates. `translated`: whether translations by a model
    stand in it. `followed`: whether the question follows on others, which the file does not hold. `data`: all of it.
    """

    question: str
    status: str
    mode: str | None
    text: str | None
    frame: tuple[str, str]
    statements: tuple[tuple[str, tuple[int, ...]], ...]
    citations: tuple[SavedCitation, ...]
    passages: tuple[SavedPassage, ...]
    disputed: tuple[tuple[str, tuple[int, ...], str | None], ...]
    verdicts: tuple[str, ...]
    language: str
    filters: Filters | None
    translated: bool
    followed: bool
    seal: Seal
    data: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def is_claim(self) -> bool:
        return "claim" in self.data


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
    if isinstance(data, Answer | Verdict):
        data = data.to_json()
    if not isinstance(data, Mapping):
        raise _wrong(f"{place}this is {_kind(data)}, not an answer")
    if "citations" not in data:
        raise _wrong(f'{place}this is not an answer: it has no "citations"')
    if _field(data, "schema", int, place, SCHEMA) > SCHEMA:
        raise InvalidQuery(f"{place}the answer was written by a newer version of Tawthiq.", "Update Tawthiq.")
    frame = _field(data, "frame", Mapping, place, {})
    claimed = _field(data, "verdict", str, place, "")
    statements = tuple(_objects(data, "statements", place, "statement", []))
    cited = tuple(_objects(data, "citations", place, "citation"))
    read = SavedAnswer(
        question=_field(data, "question", str, place, "") or _field(data, "claim", str, place, ""),
        status=_field(data, "status", str, place, _CLAIM_STATUS.get(claimed, "not_found")),
        mode=_field(data, "mode", str, place, None),
        text=_field(data, "text", str, place, None),
        frame=(_field(frame, "before", str, f"{place}frame: ", ""), _field(frame, "after", str, f"{place}frame: ", "")),
        statements=tuple((_field(one, "text", str, where), tuple(_numbers(one, where))) for one, where in statements),
        citations=tuple(_citation(one, where) for one, where in cited),
        passages=tuple(
            _passage(number, one, where)
            for number, (one, where) in enumerate(_objects(data, "passages", place, "passage", []), start=1)
        ),
        disputed=tuple(
            (_field(value, "text", str, at), tuple(_numbers(value, at)), _field(value, "published", str, at, None))
            for one, where in _objects(data, "disagreements", place, "disagreement", [])
            for value, at in _objects(one, "values", where, "value")
        ),
        verdicts=(claimed, *(_field(one, "verdict", str, where, "") for one, where in statements)) if claimed else (),
        language=_field(data, "language", str, place, ""),
        filters=_filters(data, place),
        translated=any(one.get("translation") is not None for one, _ in cited),
        followed=data.get("standalone_question") is not None,
        seal=seal(data),
        data=data,
    )
    _refuse_what_is_no_json(data, place)
    return read


def _filters(data: Mapping[str, Any], place: str) -> Filters | None:
    given = _field(data, "filters", Mapping, place, None)
    try:
        return Filters.from_json(given) if given else None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _wrong(f'{place}"filters" are none that a question can be asked with') from None


def _refuse_what_is_no_json(data: Mapping[str, Any], place: str) -> None:
    """Raises InvalidQuery where something in `data` could not be sent to a server."""
    try:
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except (RecursionError, TypeError, ValueError):
        raise _wrong(
            f"{place}it holds what JSON cannot: half a character, an endless number, or too many levels"
        ) from None


def _citation(data: Mapping[str, Any], place: str) -> SavedCitation:
    return SavedCitation(
        number=_field(data, "number", int, place),
        document_id=_field(data, "document_id", str, place),
        document_sha256=_field(data, "document_sha256", str, place),
        start=_field(data, "start", int, place),
        end=_field(data, "end", int, place),
        quote=_field(data, "quote", str, place),
        source=_field(data, "source", str, place, ""),
        stated=_stated(data, place),
        stance=_field(data, "stance", str, place, None),
        page=_field(data, "page", int, place, None),
    )


def _passage(number: int, data: Mapping[str, Any], place: str) -> SavedPassage:
    return SavedPassage(
        number=number,
        document_id=_field(data, "document_id", str, place),
        start=_field(data, "start", int, place),
        end=_field(data, "end", int, place),
        text=_field(data, "text", str, place),
        source=_field(data, "source", str, place, ""),
        stated=_stated(data, place),
    )


def _stated(data: Mapping[str, Any], place: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((name, _field(data, name, str, place, None)) for name in _STATED if name in data)


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
    return InvalidQuery(f"{message}.", SAVED)
