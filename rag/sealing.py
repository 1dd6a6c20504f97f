"""The digest that saved answers carry, by which it is seen that one was changed after it was written.

It is no signature: whoever changes an answer can give it a new digest. What it notices is what nobody meant to hide, an
edit, a damaged copy, a value that a program rewrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

Seal = Literal["matches", "differs", "missing"]
"""What the digest of a saved answer says: as it was written, changed since, or there is none."""


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data`, a JSON object, with the digest of all of it under `digest`, in the place of one that was there."""
    rest = {key: value for key, value in data.items() if key != "digest"}
    return {**rest, "digest": digest(rest)}


def seal(data: Mapping[str, Any]) -> Seal:
    """Whether the digest in `data` is that of the rest."""
    if data.get("digest") is None:
        return "missing"
    try:
        return "matches" if data["digest"] == digest(data) else "differs"
    except (RecursionError, TypeError, ValueError):
        return "differs"


def digest(data: Mapping[str, Any]) -> str:
    """`sha256:` and the SHA-256, hexadecimal, of `data` without its `digest`, as canonical JSON.

    That is: keys in order, no white space, UTF-8 without escapes, and a number that is whole written as an integer, so
    that a program that reads and writes the file again does not seem to have changed it.
    """
    plain = _canonical({key: value for key, value in data.items() if key != "digest"})
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _canonical(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {key: _canonical(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    return value
