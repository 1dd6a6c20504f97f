"""Answers made of nothing but quotes: the sentences that answer best, verbatim, with no model involved.

Sentences of the best passages are ranked (`rag.answering.selection.ranking`) and as many quoted as are needed. When the
question asks for a list and the best evidence is one, its items are quoted, each whole; each part of a question with
several is looked for by itself. How probable it is that the documents hold the answer
(`rag.answering.selection.answerability`) comes with them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from corpus.furniture import is_table_row
from corpus.language import partition_of
from rag.analysis import Words, words
from rag.answering.context.neighbours import attributed, before, is_fragment
from rag.answering.context.reason_sentences import Reason, leans_on_fact, reason_of
from rag.answering.context.speakers import goes_on, speaker_of
from rag.answering.context.unnamed_subjects import speaks_of, unclear
from rag.answering.followups.elliptical_questions import Told
from rag.answering.lists.marked_lists import find_list
from rag.answering.lists.prose_lists import find_enumeration
from rag.answering.lists.requested_items import told_by
from rag.answering.lists.tables import names_a_row, table_of, told_rows
from rag.answering.question.effects import is_reason_of
from rag.answering.question.reason_cues import PLAINLY, asks_why, tells_reason
from rag.answering.question.subquestions import parts_of
from rag.answering.selection.answerability import Answered, evidence_of, of_holder, of_named
from rag.answering.selection.body_preference import of_body
from rag.answering.selection.deed_preference import of_deed, of_text_named
from rag.answering.selection.headings import under_headings
from rag.answering.selection.ranking import add, rank, sufficient
from rag.answering.selection.signals import FloatArray, Sentence, TextOf, sentences_of
from rag.answering.selection.value_preference import value_first, with_own_language, without_padding
from rag.background import Background
from rag.index import Index
from rag.query_terms import QueryTerms, query_terms
from rag.retrieval import Retrieved
from rag.sentences import Span

PASSAGES_READ = 8
LISTS_READ = 16
"""Sentences among which a list is looked for: its line, or an item of it, seldom ranks first."""
OPEN_PART = 0.3
"""Below this probability a part of a question counts as not answered. Of two questions in one, of which the documents
answer only one, that finds 85 (Arabic) and 93 (English) in 100, and takes 5 in 100 answered parts for open
(`python -m evals.benchmarks.parts MIXED_DEV`)."""
OPEN_PART_TERMS = 2
"""A part with fewer words of its own ("and by whom?") leans on the rest, and is never called open."""

NO_REASON = 0.5
"""By hand: how much less probable an answer to "Why?" is where nothing near what was told gives a reason."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a document to be quoted, and the language of the passage it was found in."""

    document_id: str
    start: int
    end: int
    language: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The quotes chosen, best first (a list's items in their order), and the probability that they answer.

    `open_parts` are the parts of a question with several on which the documents are silent.
    """

    quotes: tuple[Quote, ...]
    probability: float
    open_parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a question, and the sentences read for the whole, ranked by how they answer it."""

    text: str
    terms: QueryTerms
    ranked: list[tuple[float, Sentence]]
    probability: float

    @property
    def open(self) -> bool:
        return self.probability < OPEN_PART and len(self.terms.rarity) >= OPEN_PART_TERMS


def select_quotes(
    retrieved: Retrieved,
    index: Index,
    background: Background,
    text_of: TextOf,
    encode: Callable[[str], FloatArray],
    answered: Answered | None = None,
    told: Told | None = None,
) -> Selection | None:
    """The quotes that answer `retrieved.query` best, or None if nothing was retrieved at all.

    `encode` gives a query's vector; `answered` reads whether a passage answers a question; `told` is what was told
    before a question that asks for nothing but a value of it.
    """
    read = retrieved.candidates[:PASSAGES_READ]
    ranked = of_named(rank(sentences_of(retrieved, read, background, text_of)), retrieved)
    if not ranked:
        return None
    ranked = of_text_named(ranked, retrieved)
    ranked = of_deed(of_body(of_holder(ranked, retrieved), retrieved.query), retrieved.query)
    ranked, told_so = told.first(ranked) if told is not None else (ranked, 0.0)
    evidence = evidence_of(ranked, retrieved, answered)
    if told is not None and told.deed and evidence.unheld:
        told_so = 0.0  # it may be told of another body, or for another time
    quotes = () if told_so else _listed(retrieved, ranked, index, text_of)
    if quotes:
        return Selection(quotes, evidence.probability())
    ranked = under_headings(ranked)
    parts = []
    for text in parts_of(retrieved.query):
        terms = query_terms(text, retrieved.terms.partition, index.lexical)
        asked = replace(retrieved, query=text, vector=encode(text), terms=terms)
        for_part = under_headings(rank(sentences_of(asked, read, background, text_of)))
        parts.append(_Part(text, terms, for_part, evidence_of(for_part, asked, answered).probability()))
    chosen, open_parts = _chosen(ranked, retrieved.terms, parts)
    if parts:
        # The words of a question with parts are spread over the quotes that answer them.
        overlap, across = _together(chosen, retrieved.terms)
        evidence = evidence._replace(overlap=max(overlap, evidence.overlap), across=max(across, evidence.across))
    # One part answered is an answer in part.
    silent = math.prod(1 - part.probability for part in parts)
    probability = max(evidence.probability(), 1 - silent, told_so)
    if told is not None and told.kind in ("reason", "naming") and not told_so:
        probability *= NO_REASON
    chosen = with_own_language(retrieved, ranked, value_first(retrieved.query, ranked, chosen))
    chosen = without_padding(retrieved.query, chosen)
    listed = find_enumeration(retrieved.query, ranked) if not parts and not told_so else None
    if listed is not None:
        chosen = listed.after(chosen)
    told_of = _in_context(retrieved, chosen, index, text_of, [one for _, one in ranked])
    return Selection(_once(told_of, text_of), probability, open_parts)


def _once(quotes: Sequence[Quote], text_of: TextOf) -> tuple[Quote, ...]:
    """The quotes, without those that say what an earlier one says in the same words: a reprint's."""
    texts = text_of([(quote.document_id, quote.start, quote.end) for quote in quotes])
    kept: dict[str, Quote] = {}
    for quote, text in zip(quotes, texts, strict=True):
        kept.setdefault(" ".join(words(text)) or text, quote)
    return tuple(kept.values())


def _chosen(
    ranked: list[tuple[float, Sentence]], terms: QueryTerms, parts: Sequence[_Part]
) -> tuple[list[Sentence], tuple[str, ...]]:
    """The sentences to quote, and the parts of the question to which they are no answer."""
    open_parts = tuple(part.text for part in parts if part.open)
    chosen: list[Sentence] = []
    if open_parts and len(open_parts) < len(parts):
        for part in parts:
            for sentence in () if part.open else sufficient(part.ranked, part.terms):
                add(chosen, sentence)
        return chosen, open_parts
    chosen = sufficient(ranked, terms)
    # A part alone may be about anything, so it is looked for where the whole question was nearly answered.
    near = {(s.candidate.indexed.key, s.span) for _, s in ranked[: max(5, len(ranked) // 2)]}
    for part in parts:
        best = next((s for _, s in part.ranked if (s.candidate.indexed.key, s.span) in near), None)
        if best is not None:
            add(chosen, best)
    return chosen, ()


def _together(chosen: Sequence[Sentence], terms: QueryTerms) -> tuple[float, float]:
    """The share of the question's words in these sentences taken together: of those in its language, of the others."""
    by_partition: dict[str, list[Words]] = {}
    for sentence in chosen:
        by_partition.setdefault(sentence.candidate.indexed.partition, []).append(Words.of(sentence.text))
    shares = {partition: terms.overlap(partition, parts)[1] for partition, parts in by_partition.items()}
    across = [share for partition, share in shares.items() if partition != terms.partition]
    return shares.get(terms.partition, 0.0), max(across, default=0.0)


def _listed(
    retrieved: Retrieved,
    ranked: Sequence[tuple[float, Sentence]],
    index: Index,
    text_of: TextOf,
) -> tuple[Quote, ...]:
    top = [(s.candidate.indexed.document_id, s.span, score) for score, s in ranked[:LISTS_READ]]
    query = retrieved.query
    found = find_list(query, top, index.spans, text_of, retrieved.language, told_by(query))
    if found is None:
        return ()
    document_id, spans, language = found
    rows = _rows(document_id, spans[0], language, retrieved, index, text_of)
    spans = rows.told if rows is not None else spans
    return tuple(Quote(document_id, span.start, span.end, language) for span in spans)


def _in_context(
    retrieved: Retrieved, chosen: Sequence[Sentence], index: Index, text_of: TextOf, read: Sequence[Sentence]
) -> list[Quote]:
    """The quotes, with what they need beside them, each a quote of its own.

    Before one that goes on with somebody's words, the sentence that names them; before a fragment, or one that speaks
    of whom it does not name, the one that it leans on; after one that does not say by whom, where that is asked, the
    attribution; beside one that does not say why, where that is asked, the reason, also from further on in its document
    (`read` are the sentences found). Of a table, its head and the rows that the question names; where the best sentence
    is of such a row, nothing else.
    """
    question = retrieved.query
    quotes: list[Quote] = []
    unexplained = asks_why(question)
    for sentence in chosen:
        piece = sentence.candidate.indexed
        rows = None
        if is_table_row(sentence.text):
            rows = _rows(piece.document_id, sentence.span, piece.language, retrieved, index, text_of)
        if rows is not None:
            of_table = [_quote(sentence, span) for span in rows.told]
            if rows.named and sentence is chosen[0]:
                return of_table
            quotes += of_table
            continue
        quote = _quote(sentence, sentence.span)
        if goes_on(sentence.text):
            speaker = speaker_of(piece.document_id, sentence.span.start, index.spans, text_of)
            if speaker is not None:
                quotes.append(_quote(sentence, speaker))
        elif is_fragment(sentence.text) or (unexplained and leans_on_fact(sentence.text)):
            led = before(piece.document_id, sentence.span.start, index.spans, text_of)
            if led is not None:
                quotes.append(_quote(sentence, led))
        elif speaks_of(sentence.text):
            led = before(piece.document_id, sentence.span.start, index.spans, text_of)
            if led is not None:
                [told] = text_of([(piece.document_id, led.start, led.end)])
                if unclear(question, sentence.candidate.title, sentence.text, told, piece.language):
                    quotes.append(_quote(sentence, led))
        reason = None
        if unexplained:
            reason = _reason_of(sentence, retrieved.terms, index, text_of)
            unexplained = reason is None and tells_reason(sentence.text) != PLAINLY
        if reason is not None and reason.first:
            quotes.append(_quote(sentence, reason.span))
        quotes.append(quote)
        if reason is not None and not reason.first:
            quotes.append(_quote(sentence, reason.span))
        blamed = attributed(question, sentence.text, piece.document_id, quote.end, index.spans, text_of)
        quotes += [_quote(sentence, span) for span in blamed]
    if unexplained:
        documents = {sentence.candidate.indexed.document_id for sentence in chosen}
        quotes[1:1] = _reason_further_on(question, [one for one in read if _document(one) in documents])
    return list(dict.fromkeys(quotes))


def _quote(sentence: Sentence, span: Span) -> Quote:
    """A stretch of the document that a sentence is of."""
    piece = sentence.candidate.indexed
    return Quote(piece.document_id, span.start, span.end, piece.language)


def _document(sentence: Sentence) -> str:
    return sentence.candidate.indexed.document_id


def _reason_further_on(question: str, read: Sequence[Sentence]) -> list[Quote]:
    """The first of the sentences that names what is asked, and tells its reason: "blamed the delay on …"."""
    told = (one for one in read if not one.signals.heading and is_reason_of(one.text, question))
    return [_quote(one, one.span) for one in itertools.islice(told, 1)]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a table, its head first; `named`: the question names them, and not others of it."""

    told: list[Span]
    named: bool


def _rows(
    document_id: str, span: Span, language: str, retrieved: Retrieved, index: Index, text_of: TextOf
) -> _Rows | None:
    """What to quote of the table in which a sentence is a row; None where it is none."""
    rows = table_of(document_id, span, index.spans, text_of)
    if len(rows) < 2:
        return None
    told = told_rows(rows, span, partition_of(language), retrieved.terms)
    return _Rows(told, names_a_row(rows, told))


def _reason_of(sentence: Sentence, terms: QueryTerms, index: Index, text_of: TextOf) -> Reason | None:
    """The neighbour that tells why what the sentence tells happened."""
    piece = sentence.candidate.indexed

    def share(text: str) -> float:
        return terms.overlap(piece.partition, [Words.of(text)])[1]

    return reason_of(sentence.text, piece.document_id, sentence.span, index.spans, text_of, share)
