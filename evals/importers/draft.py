"""What the importers share: the draft of a set, names and ids that are unique, texts that are stored as written."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.cleaning import clean
from corpus.document import Removal
from corpus.language import UNKNOWN, detect_language
from corpus.repair import repair
from evals.question_set import Question

_UNSAFE = re.compile(r"[^\w.-]+")
_STEM_CHARS = 80
_SAMPLE_QUESTIONS = 50
_PASSES = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A set before it is written: `documents` are texts by the stem of their file, `left_out` counts by reason."""

    questions: tuple[Question, ...]
    documents: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)


class Names:
    """File stems and ids that are unique, whatever a file system makes of upper case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def stem(self, wanted: str) -> str:
        """A file stem for `wanted`: letters, digits, `.`, `-` and `_`, at most 80 characters and a number."""
        safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", wanted)).strip("._")[:_STEM_CHARS]
        return self.unique(safe or "document")

    def unique(self, wanted: str) -> str:
        found, number = wanted, 1
        while found.casefold() in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._taken.add(found.casefold())
        return found


def digest_id(prefix: str, text: str) -> str:
    """An id that follows from the text alone: the same question has the same id in the next import."""
    return f"{prefix}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:10]}"


def common_language(questions: Iterable[str]) -> str:
    """The language that most of the questions of a file are in, or "und"."""
    return detect_language("\n".join([text for text, _ in zip(questions, range(_SAMPLE_QUESTIONS), strict=False)]))


def question_language(question: str, common: str) -> str:
    """The language of one question of a file in `common`, which decides where the question says too little."""
    found = detect_language(question, prior=None if common == UNKNOWN else common)
    return common if found == UNKNOWN else found


class StorableText:
    """Paragraphs as one text that ingestion stores unchanged, and the places in it of what stood in them.

    `text` is repaired and free of what cleaning would take for furniture, so that the offsets that are true in the
    file are true in the catalogue too. It is empty where nothing of the paragraphs would be stored.
    """

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self._given = paragraphs
        self._paragraphs = [repair(paragraph).strip() for paragraph in paragraphs]
        self._starts: list[int] = []
        position = 0
        for paragraph in self._paragraphs:
            self._starts.append(position)
            position += len(paragraph) + 2
        self._removed: list[Sequence[Removal]] = []
        self.text = "\n\n".join(self._paragraphs)
        for _ in range(_PASSES):
            cleaned = clean(repair(self.text))
            if cleaned.text == self.text:
                break
            self._removed.append(cleaned.removed)
            self.text = cleaned.text

    def place(self, paragraph: int, start: int, words: str) -> tuple[int, int] | None:
        """Where `words`, which the source has at `start` of `paragraph`, stand in `text`; None where they do not.

        A stated offset that is a little off is put right: the occurrence nearest to it is meant.
        """
        wanted, given = repair(words).strip(), self._given[paragraph]
        near = start - (len(given) - len(given.lstrip()))
        inside = _nearest(self._paragraphs[paragraph], wanted, near)
        if inside is None:
            return None
        position = self._starts[paragraph] + inside
        for removed in self._removed:
            if any(r.start < position + len(wanted) and position < r.start + len(r.text) for r in removed):
                return None
            position -= sum(len(r.text) for r in removed if r.start < position)
        end = position + len(wanted)
        return (position, end) if self.text[position:end] == wanted else None


def _nearest(text: str, words: str, near: int) -> int | None:
    if not words:
        return None
    places = [match.start() for match in re.finditer(f"(?={re.escape(words)})", text)]
    return min(places, key=lambda place: abs(place - near), default=None)
