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
from rag.analysis import Words, fold, words
from rag.answering.context.neighbours import attributed, before, is_fragment
from rag.answering.context.reason_sentences import Reason, leans_on_fact, reason_of
from rag.answering.context.speakers import goes_on, speaker_of
from rag.answering.context.unnamed_subjects import speaks_of, unclear
from rag.answering.followups.elliptical_questions import Told
from rag.answering.lists.marked_lists import find_list
from rag.answering.lists.prose_lists import find_enumeration
from rag.answering.lists.requested_items import told_by
from rag.answering.lists.tables import names_a_row, table_of, told_rows
from rag.answering.question.answer_type import Asked, Value, asked_of, values_of
from rag.answering.question.effects import is_reason_of
from rag.answering.question.other_sums import of_another_sum
from rag.answering.question.reason_cues import PLAINLY, asks_why, tells_reason
from rag.answering.question.subquestions import parts_of
from rag.answering.question.value_agreement import agree, comparable
from rag.answering.question.value_patterns import MONEY_TERM
from rag.answering.selection.answerability import Answered, evidence_of, of_holder, of_named
from rag.answering.selection.body_preference import of_body
from rag.answering.selection.deed_preference import of_deed, of_text_named
from rag.answering.selection.headings import under_headings
from rag.answering.selection.ranking import CONSIDERED, MAX_QUOTES, add, rank, sufficient
from rag.answering.selection.signals import FloatArray, Sentence, TextOf, sentences_of
from rag.background import Background
from rag.grounding.times.moment import precision
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

AS_MUCH = 0.8
"""Share of what the best sentence has of the question from which on one in the question's own language goes first."""

NEARLY = 0.7
"""By hand: how far the score of a sentence with the value may be below that of the best, which has none, to go first.
A sentence is quoted beside another at all within `ranking.MARGIN`."""

SUFFICES = 0.5
"""By hand: the share of the question's words, by rarity, from which on a sentence with the value that is asked for is
that value's. Of 350 questions of mixed-dev for a value, 9 lose a quote and none its reference; from .3 on 22 and 3."""

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
    chosen = _with_own_language(retrieved, ranked, _value_first(retrieved.query, ranked, chosen))
    chosen = _without_padding(retrieved.query, chosen)
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


def _value_first(question: str, ranked: Sequence[tuple[float, Sentence]], chosen: list[Sentence]) -> list[Sentence]:
    """The sentences to quote; where the first has no number or date and that is asked for, with one that has it.

    Of those chosen it goes first if it is nearly as good; where none has it, the one that the best goes on with in its
    passage comes after it ("It is worth 48 million euros").
    """
    asked, best = asked_of(question), chosen[0]
    if asked is None or asked.kind == "name" or not (best.signals.number or asked.family) or _gives(best, asked):
        return chosen
    scores = {id(sentence): score for score, sentence in ranked}
    rest = chosen[1:]
    for sentence in rest:
        if _gives(sentence, asked) and not _of_other_sum(question, sentence, asked):
            near = (
                _says_cost(sentence, asked)
                or scores.get(id(sentence), -math.inf) >= scores.get(id(best), math.inf) - NEARLY
            )
            return [sentence, *(one for one in chosen if one is not sentence)] if near else chosen
    spans = best.candidate.indexed.sentences
    following = spans[spans.index(best.span) + 1 :][:1]
    for _, sentence in ranked[:CONSIDERED]:
        if sentence.candidate is best.candidate and sentence.span in following and _gives(sentence, asked):
            return [best, sentence, *rest][:MAX_QUOTES]
    return chosen


def _without_padding(question: str, chosen: list[Sentence]) -> list[Sentence]:
    """The sentences to quote; where the first has the value that is asked for, without those that have none.

    Of a question with parts none is left out: it asks for no one value.
    """
    asked, best = asked_of(question), chosen[0]
    if asked is None or max(best.signals.overlap, best.signals.across) < SUFFICES or not _gives(best, asked):
        return chosen
    return [best, *(one for one in chosen[1:] if _gives(one, asked) and not _of_other_sum(question, one, asked))]


def _of_other_sum(question: str, sentence: Sentence, asked: Asked) -> bool:
    """Whether it is asked what something cost, and a sentence tells what was lent, fined or earned."""
    return asked.family == "currency" and of_another_sum(question, sentence.text)


def _says_cost(sentence: Sentence, asked: Asked) -> bool:
    """Whether a sentence tells of a cost where one is asked for: of "it", which it need not name once more."""
    return asked.family == "currency" and MONEY_TERM.search(fold(sentence.text)) is not None


def _gives(sentence: Sentence, asked: Asked) -> bool:
    """Whether a sentence has a value of the kind that is asked for, and not for another time."""
    language, published = sentence.candidate.indexed.language, sentence.candidate.published
    return not sentence.signals.mistimed and bool(values_of(sentence.text, language, published, asked))


def _with_own_language(
    retrieved: Retrieved, ranked: Sequence[tuple[float, Sentence]], chosen: list[Sentence]
) -> list[Sentence]:
    """The sentences to quote; where the best is in another language, with one in the question's that gives its value.

    That is, the value that is asked for, at least as precisely, in a sentence with a word of the question. It comes
    first if it says about as much of what is asked, its neighbours included, else right after the best: few readers of
    one language read the other.
    """
    asked, own, best = asked_of(retrieved.query), retrieved.language, chosen[0]
    if asked is None or asked.kind == "name" or best.candidate.indexed.language == own:
        return chosen
    theirs = values_of(best.text, best.candidate.indexed.language, None, asked)
    for sentence in (*chosen, *(one for _, one in ranked[:CONSIDERED])):
        if sentence.candidate.indexed.language != own or not sentence.asked:
            continue
        mine = values_of(sentence.text, own, None, asked)
        if any(_same(one, other) for one in mine for other in theirs):
            rest = [one for one in chosen[1:] if one is not sentence]
            whole = sentence.signals.overlap + sentence.signals.nearby
            pair = [sentence, best] if whole >= AS_MUCH * best.signals.across else [best, sentence]
            return [*pair, *rest][:MAX_QUOTES]
    return chosen


def _same(one: Value, other: Value) -> bool:
    """Whether a value is another, and no vaguer: a year alone is that of many things."""
    if not comparable(one, other) or not agree(one, other):
        return False
    return one.moment is None or other.moment is None or precision(one.moment) >= precision(other.moment)


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
            of_table = [Quote(piece.document_id, span.start, span.end, piece.language) for span in rows.told]
            if rows.named and sentence is chosen[0]:
                return of_table
            quotes += of_table
            continue
        quote = Quote(piece.document_id, sentence.span.start, sentence.span.end, piece.language)
        if goes_on(sentence.text):
            speaker = speaker_of(piece.document_id, sentence.span.start, index.spans, text_of)
            if speaker is not None:
                quotes.append(Quote(piece.document_id, speaker.start, speaker.end, piece.language))
        elif is_fragment(sentence.text) or (unexplained and leans_on_fact(sentence.text)):
            led = before(piece.document_id, sentence.span.start, index.spans, text_of)
            if led is not None:
                quotes.append(Quote(piece.document_id, led.start, led.end, piece.language))
        elif speaks_of(sentence.text):
            led = before(piece.document_id, sentence.span.start, index.spans, text_of)
            if led is not None:
                [told] = text_of([(piece.document_id, led.start, led.end)])
                if unclear(question, sentence.candidate.title, sentence.text, told, piece.language):
                    quotes.append(Quote(piece.document_id, led.start, led.end, piece.language))
        reason = None
        if unexplained:
            reason = _reason_of(sentence, retrieved.terms, index, text_of)
            unexplained = reason is None and tells_reason(sentence.text) != PLAINLY
        if reason is not None and reason.first:
            quotes.append(Quote(piece.document_id, reason.span.start, reason.span.end, piece.language))
        quotes.append(quote)
        if reason is not None and not reason.first:
            quotes.append(Quote(piece.document_id, reason.span.start, reason.span.end, piece.language))
        blamed = attributed(question, sentence.text, piece.document_id, quote.end, index.spans, text_of)
        quotes += [Quote(piece.document_id, span.start, span.end, piece.language) for span in blamed]
    if unexplained:
        documents = {sentence.candidate.indexed.document_id for sentence in chosen}
        quotes[1:1] = _reason_further_on(question, [one for one in read if _document(one) in documents])
    return list(dict.fromkeys(quotes))


def _document(sentence: Sentence) -> str:
    return sentence.candidate.indexed.document_id


def _reason_further_on(question: str, read: Sequence[Sentence]) -> list[Quote]:
    """The first of the sentences that names what is asked, and tells its reason: "blamed the delay on …"."""
    told = (one for one in read if not one.signals.heading and is_reason_of(one.text, question))
    return [
        Quote(_document(one), one.span.start, one.span.end, one.candidate.indexed.language)
        for one in itertools.islice(told, 1)
    ]


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
    told = told_rows(rows, partition_of(language), retrieved.terms)
    return _Rows(told, names_a_row(rows, told))


def _reason_of(sentence: Sentence, terms: QueryTerms, index: Index, text_of: TextOf) -> Reason | None:
    """The neighbour that tells why what the sentence tells happened."""
    piece = sentence.candidate.indexed

    def share(text: str) -> float:
        return terms.overlap(piece.partition, [Words.of(text)])[1]

    return reason_of(sentence.text, piece.document_id, sentence.span, index.spans, text_of, share)
