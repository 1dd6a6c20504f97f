"""What the checks of a statement against its source take, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal[
    "number", "date", "quote", "name", "negation", "attribution", "word", "meaning", "contradiction",
    "about", "agent", "unsure", "negated", "undone", "elsewhere", "only_names", "opposite", "unanswered",
    "attributed", "body", "vote", "universal",
]  # fmt: skip
"""What a finding is of; those from the second line on are of claims alone, and tell why a sentence says neither."""

Form = Literal["", "speaker", "denial"]


@dataclass(frozen=True, slots=True)
class Source:
    """What a statement is checked against: the cited text with what stands around it, in code points of its own.

    `language` is an ISO 639-1 code; `published` the day of its document, which relative times count from.
    """

    text: str
    language: str
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a statement that its source does not bear out. What speaks for a statement is no finding.

    `said` is the statement's own words at fault; `instead` what the source has in their place, where one thing is
    plainly meant, else "". `form` tells apart what an attribution may be: somebody else's word ("speaker", `said` and
    `instead` are who speaks), or a denial.
    """

    kind: Kind
    said: str
    instead: str = ""
    form: Form = ""
