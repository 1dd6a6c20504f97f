"""From a model's text with passage numbers to statements with citations. Pure functions.

A model only names numbers. Each is looked up among the passages that it was really given: a number that was not given
is dropped and counted, and what a citation shows is never the model's words but the closest sentence of the passage,
cut from the stored text at offsets that anybody can check.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Literal, NamedTuple, Protocol

from rag.analysis import terms
from rag.grounding.findings import Source
from rag.markers import parse_reply
from rag.sentences import ITEM, Span, split_sentences
from rag.settings import Grounding
from rag.types import MAX_QUOTE_CHARS, Citation, Passage, ScoredPassage, Statement, Support

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""`similarity(statement, candidates)`: one number a candidate, higher is closer."""

_REASONS = {
    "unchecked": ("Not checked against the source yet.", "لم يُتحقَّق منها على المصدر بعد."),
    "uncited": ("No source is cited.", "لا يُذكر لها مصدر."),
    "unknown": ("The source that it names is not among those found.", "المصدر المذكور ليس بين ما عُثر عليه."),
}

_LEAST_WORDS_COPIED = 4
_LEAST_TOPIC_WORDS = 3
_OTHERS_TRIED = 2
"""Passages that a statement did not name, closest first, in which support for it is looked for."""
_GAPS = re.compile(r"[ \t]{2,}|[ \t]*\n\s*\n\s*")

Place = tuple[Passage, tuple[int, int]]
"""A passage, and a stretch of its document: offsets of the stored text."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether sources bear a statement out, and what speaks against it, in words that a reader understands."""

    support: Literal["supported", "weak", "unsupported"]
    reasons: tuple[str, ...]


Judge = Callable[[str, Sequence[Source]], Judgement]
"""`judge(statement, sources)`: the judgement on a statement by what it cites, at least one source."""


class DocumentFacts(Protocol):
    """What a citation needs to know of its document; `corpus.document.Document` has it."""

    @property
    def sha256(self) -> str: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def published(self) -> date | None: ...
    def page_at(self, offset: int) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Resolution:
    """A model's text resolved: `text` carries the new numbers, `dropped` counts the numbers that were never given.

    `removed` are the statements that were taken out of it. `idle` counts numbers of passages that do not bear out the
    statement that names them, while another that it names does: they are not among its citations.
    """

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    dropped: int
    removed: tuple[Statement, ...] = ()
    idle: int = 0


def word_overlap(statement: str, candidates: Sequence[str]) -> list[float]:
    """Cosine of the stemmed words that carry a topic, 0 to 1, one a candidate; the same in any spelling of Arabic."""
    wanted = Counter(terms(statement))
    return [_cosine(wanted, Counter(terms(candidate))) for candidate in candidates]


def resolve(
    reply: str,
    passages: Sequence[ScoredPassage],
    documents: Callable[[str], DocumentFacts],
    *,
    language: str = "en",
    similarity: Similarity = word_overlap,
    judge: Judge | None = None,
    policy: Grounding = "remove",
) -> Resolution:
    """The statements and citations of `reply`, whose number n means `passages[n - 1]`.

    Each cited statement is linked to the closest sentence or list item of each passage that it cites, after
    `similarity`. Support is `quoted` where the statement is that sentence word for word; else what `judge` says. One
    that names no passage, or passages that do not bear it out, is judged by the passages closest to it: small models
    copy and forget the number, or name another. Of several that it names, those that alone come to nothing are not
    cited where another alone is enough: small models name all that they were given. Without `judge`, or with `policy`
    "off", nothing is judged: cited statements are `weak`, others `unsupported`.

    `policy` is for unsupported statements: "remove" takes them out, "mark" keeps them without citations, "show" with
    those that they name. Citations are numbered from 1 in order of appearance; one quote has one number. `documents` is
    called with the ids of cited documents.
    """
    if policy == "off":
        judge = None
    clean, sentences = parse_reply(reply)
    citations: dict[tuple[str, int, int], Citation] = {}
    statements: list[Statement] = []
    removed: list[Statement] = []
    pieces: list[str] = []
    at = 0
    dropped = idle = 0
    for sentence in sentences:
        valid = [n for n in sentence.numbers if 1 <= n <= len(passages)]
        dropped += len(sentence.numbers) - len(valid)
        bullet = ITEM.match(sentence.text)
        text = sentence.text[bullet.end() :] if bullet else sentence.text
        named = [passages[number - 1].passage for number in valid]
        rest = _resting(text, named, passages, documents, similarity, judge)
        support, reasons = rest.support, rest.reasons
        idle += rest.idle
        if not rest.places and not reasons:
            reasons = (_REASONS["unknown" if sentence.numbers else "uncited"][language == "ar"],)
        elif support == "weak" and not reasons:
            reasons = (_REASONS["unchecked"][language == "ar"],)
        if support == "unsupported" and policy == "remove" and judge is not None:
            removed.append(Statement(text, (), support, reasons))
            pieces.append(clean[at : sentence.start])
        else:
            kept = rest.places if support != "unsupported" or policy == "show" else []
            found = [_citation(where, passage, documents, citations) for passage, where in kept]
            cited = list(dict.fromkeys(citation.number for citation in found))
            statements.append(Statement(text, tuple(cited), support, reasons))
            pieces += [clean[at : sentence.end], " " if cited else "", "".join(f"[{number}]" for number in cited)]
        at = sentence.end
    pieces.append(clean[at:])
    whole = "".join(pieces)
    if removed:
        whole = _GAPS.sub(lambda gap: "\n\n" if gap.group().count("\n") > 1 else gap.group()[-1], whole)
    return Resolution(whole.strip(), tuple(statements), tuple(citations.values()), dropped, tuple(removed), idle)


class _Rest(NamedTuple):
    """What a statement rests on: the stretches, its support, and the reasons against it.

    `idle` of the passages that it names are not among them.
    """

    places: list[Place]
    support: Support
    reasons: tuple[str, ...]
    idle: int = 0


def _resting(
    text: str,
    named: Sequence[Passage],
    passages: Sequence[ScoredPassage],
    documents: Callable[[str], DocumentFacts],
    similarity: Similarity,
    judge: Judge | None,
) -> _Rest:
    """What `text` rests on: the passages that it names, or else those closest to it that bear it out."""
    places = _places(text, named, similarity)
    copies = [place for place in places if _copied(text, _words_at(*place))]
    if copies:
        kept = _bearing(text, places, copies, documents, judge)
        return _Rest(kept, "quoted", (), len(places) - len(kept))
    if (copied := _copied_from(text, passages)) is not None:
        return _Rest([copied], "quoted", ())
    if judge is None:
        return _Rest(places, "weak" if places else "unsupported", ())
    judgement = judge(text, _sources(places, documents)) if places else Judgement("unsupported", ())
    if judgement.support != "unsupported":
        kept = _bearing(text, places, (), documents, judge)
        return _Rest(kept, judgement.support, judgement.reasons, len(places) - len(kept))
    told = len(terms(text)) >= _LEAST_TOPIC_WORDS  # "And so it was." is true of anything
    others = [scored.passage for scored in passages if told and scored.passage not in named]
    scores = similarity(text, [passage.text for passage in others]) if others else ()
    nearest = sorted(range(len(others)), key=lambda place: -scores[place])[:_OTHERS_TRIED]
    for place in nearest:
        elsewhere = _places(text, [others[place]], similarity)
        if elsewhere and judge(text, _sources(elsewhere, documents)).support == "supported":
            return _Rest(elsewhere, "supported", ())
    return _Rest(places, judgement.support, judgement.reasons)


def _bearing(
    text: str,
    places: list[Place],
    copies: Sequence[Place],
    documents: Callable[[str], DocumentFacts],
    judge: Judge | None,
) -> list[Place]:
    """`places` without those that alone come to nothing, where another alone is enough: a copy, or a supported one."""
    if judge is None or len(places) < 2:
        return places
    alone = ["supported" if one in copies else judge(text, _sources([one], documents)).support for one in places]
    if "supported" not in alone:
        return places
    return [one for one, support in zip(places, alone, strict=True) if support != "unsupported"]


def _places(text: str, passages: Sequence[Passage], similarity: Similarity) -> list[Place]:
    """The sentence of each passage that is closest to `text`."""
    found = [(passage, closest_quote(text, passage, similarity)) for passage in passages]
    return [(passage, where) for passage, where in found if where is not None]


def _sources(places: Sequence[Place], documents: Callable[[str], DocumentFacts]) -> list[Source]:
    return [Source(passage.text, passage.language, documents(passage.document_id).published) for passage, _ in places]


def _words_at(passage: Passage, where: tuple[int, int]) -> str:
    return passage.text[where[0] - passage.start : where[1] - passage.start]


def _copied_from(text: str, passages: Sequence[ScoredPassage]) -> Place | None:
    """The sentence of some passage that `text` is, word for word."""
    if len(text.split()) < _LEAST_WORDS_COPIED:
        return None
    for passage in [scored.passage for scored in passages]:
        for span in _quotable(passage):
            if _copied(text, passage.text[span.start : span.end]):
                return passage, (passage.start + span.start, passage.start + span.end)
    return None


def closest_quote(statement: str, passage: Passage, similarity: Similarity = word_overlap) -> tuple[int, int] | None:
    """Where in the document the sentence of `passage` closest to `statement` stands: offsets of its stored text.

    None when the passage has no words. Never longer than `MAX_QUOTE_CHARS`; of equals the first is taken.
    """
    spans = _quotable(passage)
    if not spans:
        return None
    candidates = [passage.text[span.start : span.end] for span in spans]
    exact = [index for index, candidate in enumerate(candidates) if _copied(statement, candidate)]
    scores = similarity(statement, candidates)
    best = spans[exact[0] if exact else max(range(len(spans)), key=lambda index: scores[index])]
    return passage.start + best.start, passage.start + best.end


def _quotable(passage: Passage) -> list[Span]:
    """The sentences and list items of a passage that hold a word; its headings only when there is nothing else."""
    spans = split_sentences(passage.text, passage.language)
    spans = [span for span in spans if any(c.isalnum() for c in passage.text[span.start : span.end])]
    assert all(span.end - span.start <= MAX_QUOTE_CHARS for span in spans)
    return [span for span in spans if span.kind != "heading"] or spans


def _citation(
    where: tuple[int, int],
    passage: Passage,
    documents: Callable[[str], DocumentFacts],
    citations: dict[tuple[str, int, int], Citation],
) -> Citation:
    """The citation of that stretch: the one that there is already, or a new one, which is added."""
    key = (passage.document_id, *where)
    if key not in citations:
        facts = documents(passage.document_id)
        citations[key] = Citation(
            number=len(citations) + 1,
            document_id=passage.document_id,
            document_sha256=facts.sha256,
            title=passage.title,
            source=passage.source,
            publisher=facts.publisher,
            published=facts.published,
            language=passage.language,
            start=where[0],
            end=where[1],
            quote=passage.text[where[0] - passage.start : where[1] - passage.start],
            page=facts.page_at(where[0]),
        )
    return citations[key]


def _copied(statement: str, quote: str) -> bool:
    """Whether a statement is a whole quote, or a whole sentence of a list item, word for word.

    Punctuation at the ends, a list's number and white space may differ.
    """
    wanted = _bare(statement)
    if wanted == _bare(quote):
        return True
    bullet = ITEM.match(quote)
    if bullet is None or wanted not in " ".join(quote.split()):
        return False
    item = quote[bullet.end() :]
    return any(wanted == _bare(item[span.start : span.end]) for span in split_sentences(item))


def _bare(text: str) -> str:
    bullet = ITEM.match(text)
    return " ".join((text[bullet.end() :] if bullet else text).split()).strip(" .!؟?؛;…:\"'«»“”")


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[term] for term, count in one.items())
    if not shared:
        return 0.0
    return shared / sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))
