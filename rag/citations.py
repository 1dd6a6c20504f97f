"""From a model's text with passage numbers to statements with citations. Pure functions.

A model only names numbers. Each is looked up among the passages that it was really given: a number that was not given
is dropped and counted, and what a citation shows is never the model's words but the closest sentence of the passage,
cut from the stored text at offsets that anybody can check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Protocol

from rag.analysis import terms, words
from rag.markers import parse_reply
from rag.sentences import ITEM, Span, split_sentences
from rag.types import MAX_QUOTE_CHARS, Citation, Passage, ScoredPassage, Statement

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""`similarity(statement, candidates)`: one number a candidate, higher is closer."""

_REASONS = {
    "unchecked": ("Not checked against the source yet.", "لم يُتحقَّق منها على المصدر بعد."),
    "uncited": ("No source is cited.", "لا يُذكر لها مصدر."),
    "number": ("Not in the cited source: {0}.", "ليس في المصدر المذكور: {0}."),
    "unknown": ("The source that it names is not among those found.", "المصدر المذكور ليس بين ما عُثر عليه."),
}

_LEAST_WORDS_COPIED = 4


class DocumentFacts(Protocol):
    """What a citation needs to know of its document; `corpus.document.Document` has it."""

    @property
    def sha256(self) -> str: ...
    @property
    def publisher(self) -> str | None: ...
    @property
    def published(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Resolution:
    """A model's text resolved: `text` carries the new numbers, `dropped` counts the numbers that were never given."""

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    dropped: int


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
) -> Resolution:
    """The statements and citations of `reply`, whose number n means `passages[n - 1]`.

    Each cited statement is linked to the closest sentence or list item of each passage that it cites, after
    `similarity`. Support is `quoted` where the statement is that sentence word for word, `weak` for other cited
    statements (little has been checked yet) and `unsupported` without a valid citation. A statement with a number that
    the passages it cites do not have loses its citations: the one check that is cheap and hardly ever wrong. One that
    names no passage but is a passage's sentence word for word is cited to it: small models copy and forget the number.
    Citations are numbered from 1 in order of appearance; one quote has one number. `documents` is called with the ids
    of cited documents.
    """
    clean, sentences = parse_reply(reply)
    citations: dict[tuple[str, int, int], Citation] = {}
    statements: list[Statement] = []
    pieces: list[str] = []
    at = 0
    dropped = 0
    for sentence in sentences:
        valid = [n for n in sentence.numbers if 1 <= n <= len(passages)]
        dropped += len(sentence.numbers) - len(valid)
        bullet = ITEM.match(sentence.text)
        text = sentence.text[bullet.end() :] if bullet else sentence.text
        cited: list[int] = []
        verbatim = False
        sources = _sources(text, valid, passages, similarity)
        foreign = _foreign_numbers(text, [passage.text for passage, _ in sources])
        for passage, where in [] if foreign else sources:
            citation = _citation(where, passage, documents, citations)
            verbatim = verbatim or _copied(text, citation.quote)
            if citation.number not in cited:
                cited.append(citation.number)
        statements.append(_statement(text, cited, verbatim, bool(sentence.numbers), foreign, language))
        pieces += [clean[at : sentence.end], " " if cited else "", "".join(f"[{number}]" for number in cited)]
        at = sentence.end
    pieces.append(clean[at:])
    return Resolution("".join(pieces).strip(), tuple(statements), tuple(citations.values()), dropped)


def _sources(
    text: str, numbers: Sequence[int], passages: Sequence[ScoredPassage], similarity: Similarity
) -> list[tuple[Passage, tuple[int, int]]]:
    """The stretches that a statement rests on, with their passages."""
    found: list[tuple[Passage, tuple[int, int]]] = []
    for passage in [passages[number - 1].passage for number in numbers]:
        where = closest_quote(text, passage, similarity)
        if where is not None:
            found.append((passage, where))
    if found or len(text.split()) < _LEAST_WORDS_COPIED:
        return found
    for passage in [scored.passage for scored in passages]:
        for span in _quotable(passage):
            if _copied(text, passage.text[span.start : span.end]):
                return [(passage, (passage.start + span.start, passage.start + span.end))]
    return []


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
        )
    return citations[key]


def _statement(
    text: str, cited: Sequence[int], verbatim: bool, named: bool, foreign: Sequence[str], language: str
) -> Statement:
    in_arabic = language == "ar"
    if foreign:
        return Statement(text, (), "unsupported", (_REASONS["number"][in_arabic].format(", ".join(foreign)),))
    if not cited:
        return Statement(text, (), "unsupported", (_REASONS["unknown" if named else "uncited"][in_arabic],))
    if verbatim:
        return Statement(text, tuple(cited), "quoted")
    return Statement(text, tuple(cited), "weak", (_REASONS["unchecked"][in_arabic],))


def _foreign_numbers(statement: str, sources: Sequence[str]) -> list[str]:
    """The numbers of a statement, of two digits or more, that no source of it has; in any digits. [] without sources.

    One digit is left alone: "4 lines" may stand for "four lines".
    """
    if not sources:
        return []
    given = {number for source in sources for number in _numbers(source)}
    return [n for n in dict.fromkeys(_numbers(statement)) if sum(c.isdigit() for c in n) > 1 and n not in given]


def _numbers(text: str) -> list[str]:
    plain = text.replace("٫", ".").replace("٬", ",")
    return [word for word in words(plain) if word[0].isdigit()]


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
