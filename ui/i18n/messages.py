"""Errors, hints and findings in Arabic, looked up by their English line, as gettext does, with its values in it.

What says them is below the interface, or a server, and says them in English; JSON keeps that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ui.i18n import Language, isolated, with_code

_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"[\d.,]+")
_SENTENCE_END = re.compile(r"(?<=[.?)]) ")


@cache
def messages() -> Mapping[str, str]:
    """Every English message and its Arabic, with the same `{places}`.

    The value of a place named `reason` must be a message too, that of `detail…` may be, and `details` are several;
    `more` is a remark in brackets that may be missing.
    """
    loaded: dict[str, str] = json.loads((files("ui.i18n") / "messages.ar.json").read_text(encoding="utf-8"))
    return {english: with_code(arabic) for english, arabic in loaded.items()}


def translated(message: str, language: Language) -> str:
    """`message`, of one or more sentences, in `language`; unchanged where it is not known."""
    if language != "ar" or not message:
        return message
    return _arabic(message) or message


def _arabic(message: str) -> str | None:
    if message in messages() and not _PLACE.search(message):
        return messages()[message]
    for end in _SENTENCE_END.finditer(message):
        first = _with_values(message[: end.start()])
        rest = None if first is None else _arabic(message[end.end() :])
        if rest is not None:
            return f"{first} {rest}"
    return _with_values(message)


def _with_values(message: str) -> str | None:
    for pattern, arabic in _patterns():
        match = pattern.fullmatch(message)
        if match is None:
            continue
        said = {name: _value(name, value) for name, value in match.groupdict().items()}
        if None not in said.values():
            return arabic.format_map(said)
    return None


def _value(name: str, value: str) -> str | None:
    """What stands in an Arabic message for a value of the English one; None where it makes it another message."""
    if name == "more":
        return f" ({isolated(value[2:-1], 'ar')})" if value else ""
    arabic = None
    if name.startswith(("reason", "detail")):
        bare = value.removesuffix(".")
        # A line that is known as it stands before one that is a pattern: "Input should be {choices}" takes any.
        arabic = messages()[bare] + value[len(bare) :] if bare in messages() else _arabic(value) or _arabic(bare)
    if arabic is None and name == "details":
        parts = [_arabic(part) or isolated(part, "ar") for part in value.split("; ")]
        return "؛ ".join(parts)
    if arabic is not None or name == "reason":
        return arabic
    return value if _NUMBER.fullmatch(value) else isolated(value, "ar")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Every message, those that begin with a value last, as that may be the rest of another; the longest first."""
    said = sorted(messages().items(), key=lambda pair: (pair[0].startswith("{"), -len(_PLACE.sub("", pair[0]))))
    return [(_pattern(english), arabic) for english, arabic in said]


def _pattern(english: str) -> re.Pattern[str]:
    parts: list[str] = []
    for at, part in enumerate(_PLACE.split(english)):
        if at % 2 == 0:
            parts.append(re.escape(part))
        elif f"(?P<{part}>" in "".join(parts):
            parts.append(f"(?P={part})")
        else:
            parts.append(rf"(?P<{part}>(?: \(.*\))?)" if part == "more" else f"(?P<{part}>.+?)")
    return re.compile("".join(parts), re.DOTALL)
