"""Whether the documents hold the answer at all: a logistic model of what the best sentence and its passage offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from rag.analysis import Words
from rag.answering.constraints.attributes import unsaid, untold
from rag.answering.constraints.coverage import absent, elsewhere, missed, office_of, uncounted, undone, unheld
from rag.answering.constraints.office_holders import Held, held
from rag.answering.constraints.office_ranks import ranked as in_rank
from rag.answering.constraints.polarity import act_of
from rag.answering.constraints.qualifiers import of_the_other
from rag.answering.constraints.temporal import never, of_time, times_of
from rag.answering.question.answer_type import asked_of
from rag.answering.selection.body_preference import of_another
from rag.answering.selection.ranking import CONSIDERED, SENTENCE_WEIGHTS
from rag.answering.selection.signals import Sentence
from rag.grounding.findings import Source
from rag.logistic import odds, probability
from rag.retrieval import Retrieved


class Evidence(NamedTuple):
    """What the documents offer for a question, as signals of whether they answer it; also the type of their weights.

    grams and words: share of the question's 4-grams, and of its words, in the best sentence's passage (own language
    only). Of the sentence: the signals of those names. same_language: 1 if it is in the question's language;
    length_across: where it is not, log of the passage's length over 700 characters, from `SHORTEST` up; words_across:
    where it is not, the share of the question's words in its passage. elsewhere: 1 if a place that the question names
    is neither in the passage nor in its title; unheld: 1 if the question asks who holds an office and none of the best
    sentences has that title, for a thing like the population of a country or a term in prison of which the passage does
    not speak, for what happened in a place and a year that the sentence does not have, for the number of what nothing
    counts, or for the reason of a deed of which no sentence tells, or if it names what is nowhere in what was found of
    the document (`rag.answering.constraints.coverage`), a time of which it tells nothing (`temporal`, beside it), or an
    attribute (a colour, a price) of which it tells nothing (`attributes`), or if what the sentence tells is the deed of
    another body (`acting_body`), or is of the other of two things (`qualifiers`); 2 more if it asks who took a
    side and none of the best sentences tells of anybody who did (`polarity`), though all that the side was taken on is
    there, or if the office that it asks for is another place's or body's in them (`office_holders`);
    answered: log odds, by the bundled network, that the passage answers
    the question, and again where it is in another language (0, as probable as not, without it). How far the sentence
    stands above others is left out on purpose: that depends on the size of the corpus.
    """

    grams: float
    words: float
    sentence_above_background: float
    sentence_alone: float
    overlap: float
    across: float
    number: float
    same_language: float
    length_across: float
    words_across: float
    elsewhere: float
    unheld: float
    answered: float = 0.0
    answered_across: float = 0.0
    constant: float = 1.0

    def probability(self, weights: Evidence | None = None) -> float:
        """How probable it is that the documents hold the answer, 0 to 1; by `weights`, else by those in force."""
        return probability(self, weights or EVIDENCE_WEIGHTS)


SHORTEST = -0.2
"""`length_across` of a passage of some 570 characters. A shorter one is mostly a whole note: by the weight fitted on
encyclopedia articles it would need up to four times the odds for its shortness alone. Chosen by hand."""
SENTENCES_READ = 3
"""Sentences among which the holder of an office is looked for."""
UNHELD = -6.0
"""By hand: too few questions of mixed-dev ask for such things."""

EVIDENCE_WEIGHTS = Evidence(
    grams=2.85,
    words=2.07,
    sentence_above_background=0.83,
    sentence_alone=0.7,
    overlap=1.3,
    across=1.34,
    number=-0.99,
    same_language=-1.42,
    length_across=1.63,
    words_across=3.13,
    elsewhere=-2.54,
    unheld=UNHELD,
    answered=0.33,
    answered_across=0.33,
    constant=-6.74,
)
"""Fitted by `python -m evals.benchmarks.fit_abstention MIXED_DEV`, before the network was trained further. Fitted anew
they have the same area under the curve of the bundled questions, .916, and three more silences at the threshold."""


Answered = Callable[[str, str, Source], float]
"""`answered(question, language, source)`: how probable it is that the source answers the question, 0 to 1."""

SUREST = 0.99
"""A probability nearer to 0 or 1 counts for no more."""


def of_named(ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved) -> list[tuple[float, Sentence]]:
    """The ranked sentences, without those of documents that lack what the question names, where others have it.

    The best one decides: only where its own document lacks a name are others looked for.
    """
    query, language = retrieved.query, retrieved.language
    documents: dict[str, list[tuple[float, Sentence]]] = {}
    for one in ranked:
        documents.setdefault(one[1].candidate.indexed.document_id, []).append(one)
    lacking = set()
    for number, (document_id, mine) in enumerate(documents.items()):
        text = _in_order(sentence for _, sentence in mine)
        if absent(query, language, text, mine[0][1].candidate.indexed.language):
            lacking.add(document_id)
        elif not number:
            return list(ranked)
    left = [one for one in ranked if one[1].candidate.indexed.document_id not in lacking]
    return left or list(ranked)


def of_holder(ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved) -> list[tuple[float, Sentence]]:
    """The ranked sentences; where one has the holder of the office that is asked for, without those of others' offices.

    Of two mayors, only that of the city that the question names is quoted; of a minister and a deputy, one of the two.
    """
    ranked = _of_rank(ranked, retrieved.query)
    places = _places(ranked, retrieved, CONSIDERED)
    if "here" not in places or "elsewhere" not in places:
        return list(ranked)
    kept = [one for one, place in zip(ranked, places, strict=False) if place != "elsewhere"]
    return [*kept, *ranked[CONSIDERED:]]


def _of_rank(ranked: Sequence[tuple[float, Sentence]], question: str) -> list[tuple[float, Sentence]]:
    """The ranked sentences; where one has the rank of an office that is asked for, without those of another rank."""
    ranks = [in_rank(question, one.text) for _, one in ranked[:CONSIDERED]] if office_of(question) else []
    if not {"same", "near"} & set(ranks):
        return list(ranked)
    kept = [one for one, rank in zip(ranked, ranks, strict=False) if rank != "other"]
    return [*kept, *ranked[CONSIDERED:]]


def _places(ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved, most: int) -> list[Held]:
    """Where each of the best sentences has the office that is asked for; none where no office is."""
    first = ranked[:most] if office_of(retrieved.query) else ()
    found: list[Held] = []
    for _, one in first:
        piece = one.candidate.indexed
        passage = _in_order(other for _, other in ranked if other.candidate is one.candidate)
        document = _in_order(other for _, other in ranked if other.candidate.indexed.document_id == piece.document_id)
        found.append(held(retrieved.query, retrieved.language, one.text, piece.language, passage, document))
    return found


def _of_others(places: Sequence[Held]) -> bool:
    """Whether the best sentences have the office that is asked for, each of something else than what is named."""
    return "elsewhere" in places and "here" not in places


def evidence_of(
    ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved, answered: Answered | None = None
) -> Evidence:
    """The evidence in ranked sentences, of which there must be one; `answered` reads the best one's passage."""
    best = ranked[0][1]
    piece, signals = best.candidate.indexed, best.candidate.signals
    query, language = retrieved.query, retrieved.language
    own = piece.partition == retrieved.terms.partition
    words = max(retrieved.terms.overlap(piece.partition, piece.words)[1], best.signals.overlap, best.signals.across)
    title = best.candidate.title
    passage = _in_order(one for _, one in ranked if one.candidate is best.candidate)
    titled = f"{title} {best.text}"
    document = _in_order(one for _, one in ranked if one.candidate.indexed.document_id == piece.document_id)
    first = [(one.text, one.candidate.indexed.language) for _, one in ranked[:SENTENCES_READ]]
    read = [text for text, _ in first]
    places = _places(ranked, retrieved, SENTENCES_READ)
    of_sentence = [best.signals.overlap, best.signals.across]
    if "here" in places[:1]:
        # The governor, under a title that names the governorate, is its governor.
        share = retrieved.terms.overlap(piece.partition, [Words.of(f"{passage} {best.text}")])[1]
        of_sentence = [max(share, of_sentence[0]), 0.0] if own else [0.0, max(share, of_sentence[1])]
        words = max(words, share)
    answers = 0.0
    if answered is not None:
        mine = sorted((one.span.start, one.text) for _, one in ranked if one.candidate is best.candidate)
        chance = answered(query, language, Source(" ".join(text for _, text in mine), piece.language))
        answers = odds(chance, 1 - SUREST)
    return Evidence(
        grams=signals.grams,
        words=words if own else 0.0,
        sentence_above_background=best.signals.above_background,
        sentence_alone=best.signals.alone,
        overlap=of_sentence[0],
        across=of_sentence[1],
        number=best.signals.number,
        same_language=signals.same_language,
        length_across=max(SHORTEST, signals.length_across),
        words_across=0.0 if own else words,
        elsewhere=float(elsewhere(query, language, passage)),
        unheld=float(
            unheld(query, read)
            or unsaid(query, language, passage)
            or untold(query, " ".join([document, *read]), piece.language)
            or missed(query, language, titled)
            or undone(query, read)
            or uncounted(query, language, first, passage)
            or absent(query, language, document, piece.language)
            or _untimed(ranked, retrieved, passage, document)
            or of_another(ranked, query)
            or of_the_other(query, best.text)
        )
        + 2.0 * (_on_no_side(query, ranked) or _of_others(places) or _of_other_rank(query, read)),
        answered=answers,
        answered_across=0.0 if own else answers,
    )


def _of_other_rank(query: str, read: Sequence[str]) -> bool:
    """Whether the best sentences have the office that is asked for in another rank alone: a deputy's."""
    ranks = {in_rank(query, text) for text in read}
    return "other" in ranks and ranks.isdisjoint(("same", "near"))


def _on_no_side(query: str, ranked: Sequence[tuple[float, Sentence]]) -> bool:
    """Whether it is asked who took a side, and the best sentences tell of nobody who did."""
    asked = asked_of(query)
    if asked is None or asked.kind != "name" or not act_of(query, asked):
        return False
    return not any(one.signals.deed for _, one in ranked[:SENTENCES_READ])


def _in_order(sentences: Iterable[Sentence]) -> str:
    """Sentences of one document, with its title in front, as they stand there.

    Not in the order of the ranking, in which each question would have a text of its own to be read for names.
    """
    mine = sorted(sentences, key=lambda one: one.span.start)
    return " ".join([mine[0].candidate.title, *(one.text for one in mine)])


def _untimed(ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved, passage: str, document: str) -> bool:
    """Whether what is asked for at a time is given for other times alone, or in a document of other times.

    `passage` and `document` are what was found of the best sentence's, with their title.
    """
    times = times_of(retrieved.query, asked_of(retrieved.query))
    if not times:
        return False
    best, published = ranked[0][1], ranked[0][1].candidate.published
    as_if = max(ranked, key=lambda one: one[0] - SENTENCE_WEIGHTS.mistimed * one[1].signals.mistimed)[1]
    if as_if.signals.mistimed and (best.signals.number or not of_time(passage, published, times, timedelta(0))):
        return True
    return never(document, published, times)
