"""What speaks for a sentence as an answer, each signal a number; how they are weighed is fitted, not guessed.

`python -m evals.benchmarks.fit_quotes MIXED_DEV` prints the weights, which `rag.answering.selection.ranking` has, with
their out-of-fold figures.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.analysis import Words, fold, words
from rag.answering.constraints.polarity import act_of, asks_who_did, deed_stems, opposite, tells
from rag.answering.constraints.qualifiers import of_the_other
from rag.answering.constraints.temporal import of_another_time, times_of
from rag.answering.question.answer_type import asked_of
from rag.answering.question.value_patterns import MONEY, MONEY_TERM, wanted_in
from rag.answering.question.vote_counts import tallies, unvoted, voting_terms
from rag.background import Background
from rag.logistic import weighed
from rag.manifest import IndexedPassage
from rag.reranking import SCALE, Candidate
from rag.retrieval import Retrieved
from rag.sentences import Span

FloatArray = NDArray[np.float32]
TextOf = Callable[[Sequence[tuple[str, int, int]]], Sequence[str]]
"""The stored text of (document_id, start, end) spans, in code points."""

_ASKS_WHAT_IT_IS = re.compile(
    r"(?:what|who) (?:is|are|was|were)(?: (?!(?:of|in|for|on|at|to|from|by)\b)\w+){1,3}"
    r"|(?:define|what does) \w+(?: \w+)?(?: mean)?"
    r"|(?:ما|من|ماذا) (?:هو|هي|هم|يعني|تعني|معني|تعريف)(?: \w+){1,3}|(?:ما )?(?:معني|تعريف|عرف) \w+(?: \w+)?"
)
"""A question, in folded words, for what something is or who somebody is, and for nothing else."""
_OPENING = 4
"""Words of a sentence in which it says what it is about: «الكبتاغون مادة …», "The twin primes are …"."""


class Signals(NamedTuple):
    """Of one sentence for one question. Also the type of the weights, one a signal.

    above_background: how far its vector stands above the background (times 50); above_passage: above the mean of its
    passage's sentences; alone: as above_background, with the vector of the sentence by itself; alone_across: the same
    where it is in another language than the question, else 0 (there it is what tells sentences apart); overlap: share
    of the question's words, by rarity, in it; across: the same in the other language, by glossary and names; nearby:
    either of the sentences around it; grams: share of the question's 4-grams, by rarity; passage: its passage's score
    below the best one's; number: 1 if the question asks for a number, money or a date and it has none; heading: 1 for a
    heading; length: log of its characters over 100; defines: where the question asks what something is, the share of
    its words, by rarity, in the opening of the sentence, which is then about it; else 0. mistimed: 1 if it gives what
    is asked for another time than the question names (`rag.answering.constraints.temporal`); opposite: 1 if it tells of
    the opposite of what is asked, or of the other of two things (`rag.answering.constraints.qualifiers`);
    deed: 1 if it tells of the deed, who did which is asked, or the tally of the vote
    (`rag.answering.constraints.polarity`).
    """

    above_background: float
    above_passage: float
    alone: float
    alone_across: float
    overlap: float
    across: float
    nearby: float
    grams: float
    passage: float
    number: float
    heading: float
    length: float
    defines: float
    mistimed: float
    opposite: float
    deed: float

    def dot(self, weights: Signals) -> float:
        return weighed(self, weights)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a retrieved passage with its signals.

    `vector` (dimension,) is its late-chunked vector, `own_vector` that of it by itself; `asked` are those of the
    question's terms that stand in it, in either language.
    """

    candidate: Candidate
    span: Span
    text: str
    vector: FloatArray
    own_vector: FloatArray
    asked: frozenset[str]
    signals: Signals


def sentences_of(
    retrieved: Retrieved,
    read: Sequence[Candidate],
    background: Background,
    text_of: TextOf,
) -> list[Sentence]:
    """Every sentence of the passages `read`, in their order, with its signals."""
    if not read:
        return []
    terms = retrieved.terms
    wanted = wanted_in(retrieved.query)
    asked_for = asked_of(retrieved.query)
    who = asks_who_did(retrieved.query, asked_for)
    act = act_of(retrieved.query, asked_for or who)
    who_did = bool(act) and who is not None
    deeds = deed_stems(retrieved.query, act) & terms.rarity.keys() if who_did else frozenset()
    # A tally tells how many were on either side.
    voted_on = voting_terms(retrieved.query, terms.rarity) if asked_for and asked_for.votes and act else frozenset()
    times = times_of(retrieved.query, asked_for)
    definition = _ASKS_WHAT_IT_IS.fullmatch(" ".join(words(retrieved.query))) is not None
    top = read[0].score
    level = {p: float(background.similarities(p, retrieved.vector).mean()) for p in {c.indexed.partition for c in read}}
    places = [_place(c.indexed, span) for c in read for span in c.indexed.sentences]
    texts = iter(text_of(places))
    found: list[Sentence] = []
    for candidate in read:
        piece = candidate.indexed
        mine = [next(texts) for _ in piece.sentences]
        if not mine:
            continue
        similar = SCALE * (piece.vectors @ retrieved.vector - level[piece.partition])
        alone = SCALE * (piece.own_vectors @ retrieved.vector - level[piece.partition])
        same = piece.partition == terms.partition
        overlaps, _ = terms.overlap(piece.partition, piece.words)
        found_terms = [frozenset(terms.found(piece.partition, part)) for part in piece.words]
        if wanted is MONEY:
            # "Valued at a billion euros" answers "What was it worth?": a sum has the words that only ask for one.
            for number, text in enumerate(mine):
                if MONEY.search(fold(text)):
                    more = frozenset(filter(MONEY_TERM.match, terms.rarity)) - found_terms[number]
                    overlaps[number] = min(1.0, overlaps[number] + sum(terms.rarity[term] for term in more))
                    found_terms[number] |= more
        tallied = [bool(voted_on) and (bool(tallies(text)) or unvoted(text)) for text in mine]
        did = [
            both or (who_did and tells(text, retrieved.query, act)) for both, text in zip(tallied, mine, strict=True)
        ]
        for number in (at for at, one in enumerate(did) if one):
            # What tells of the deed has its word, in whatever form: عارضت of عارضه, "voted no" of "opposed".
            # A tally has neither it nor the word for those who voted.
            more = (voted_on if tallied[number] else deeds) - found_terms[number]
            overlaps[number] = min(1.0, overlaps[number] + sum(terms.rarity[term] for term in more))
            found_terms[number] |= more
        opened = (
            terms.overlap(piece.partition, list(map(_opening, piece.words)))[0] if definition else [0.0] * len(mine)
        )
        for number, (span, text) in enumerate(zip(piece.sentences, mine, strict=True)):
            against = bool(act) and not tallied[number] and opposite(text, act, retrieved.query)
            mistimed = (
                asked_for is not None
                and bool(times)
                and of_another_time(text, candidate.published, times, asked_for, *_around(candidate, mine, number))
            )
            around = overlaps[max(0, number - 1) : number] + overlaps[number + 1 : number + 2]
            signals = Signals(
                above_background=float(similar[number]),
                above_passage=float(similar[number] - similar.mean()),
                alone=float(alone[number]),
                alone_across=0.0 if same else float(alone[number]),
                overlap=overlaps[number] if same else 0.0,
                across=0.0 if same else overlaps[number],
                nearby=max(around, default=0.0),
                grams=terms.gram_overlap(piece.partition, (piece.words[number],)),
                passage=candidate.score - top,
                number=float(wanted is not None and not wanted.search(fold(text))),
                heading=float(span.kind == "heading"),
                length=math.log(max(1, len(text)) / 100),
                defines=opened[number],
                mistimed=float(mistimed),
                opposite=float(against or of_the_other(retrieved.query, text)),
                deed=float(did[number]),
            )
            asked = found_terms[number]
            vectors = piece.vectors[number], piece.own_vectors[number]
            found.append(Sentence(candidate, span, text, *vectors, asked, signals))
    return found


def _around(candidate: Candidate, texts: Sequence[str], number: int) -> tuple[str, list[str]]:
    """What stands above sentence `number` of a passage, the title and the nearest heading, and its two neighbours."""
    spans = candidate.indexed.sentences
    heading = next((texts[at] for at in range(number - 1, -1, -1) if spans[at].kind == "heading"), "")
    return f"{candidate.title}\n{heading}", [*texts[max(0, number - 1) : number], *texts[number + 1 : number + 2]]


def _opening(sentence: Words) -> Words:
    return Words.of(" ".join(sentence.folded.split(" ", _OPENING)[:_OPENING]))


def _place(piece: IndexedPassage, span: Span) -> tuple[str, int, int]:
    return piece.document_id, span.start, span.end
