"""Things listed in running prose ("three conditions … First … Then … Finally …"), found to be quoted together.

No line and no bullet says where such a list begins and ends: what announces it, words that go on with it, sentences
built alike and a number that is named do. Every stretch of sentences is weighed as the list that is asked for, against
there being none (`python -m evals.benchmarks.fit_enumerations` fits the weights by softmax).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.analysis import fold, stem
from rag.answering.lists.marked_lists import NUMBERS, asks_for_list
from rag.answering.lists.prose_cues import COORDINATED, FIRST, NEXT, SEVERAL, STRAY, WITHIN
from rag.answering.lists.prose_signals import WEIGHTS, Signals
from rag.answering.lists.requested_items import Many, asks_for_one, heads, many, parties_asked, told_by
from rag.answering.question.answer_type import Asked, asked_of, values_of
from rag.answering.question.reason_cues import asks_why
from rag.answering.selection.signals import Sentence

MAX_ITEMS = 6
LEADS = 2
"""Sentences that are quoted before a list where several things are asked for; all those chosen where not."""
SURE = 4.0
"""By hand: the weight from which on nothing is quoted beside a list."""
FURTHEST = -6.0
"""A sentence whose score is further below the best one's counts as this far."""
_OPENING = 8
"""Words of a sentence among which those stand that go on with an enumeration."""
_GAP = 3
"""Code points between two sentences that follow each other, at most."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Sentences that are the items of a list, in order, and the one before that announces it, if one does."""

    announcement: Sentence | None
    items: tuple[Sentence, ...]
    signals: Signals

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return (self.announcement, *self.items) if self.announcement else self.items

    def after(self, chosen: Sequence[Sentence]) -> list[Sentence]:
        """What to quote: the list, after the first of those `chosen` without it, should it be no list after all.

        The list alone where there is no doubt of it, and it or what announces it is what answers best.
        """
        best = (self.signals.announcer and self.announcement is not None) or not self.signals.best
        if best and self.signals.dot(WEIGHTS) > SURE:
            return list(self.sentences)
        listed = {(one.candidate.indexed.document_id, one.span) for one in self.sentences}
        leads = chosen[:LEADS] if self.signals.asked else chosen
        left = [one for one in leads if (one.candidate.indexed.document_id, one.span) not in listed]
        return [*left, *self.sentences]


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with its score below the best one's, folded, and what its words say of its place in a list.

    `valued` if it has a value as it is asked for, `told` if it tells of the kind of thing that is asked for, `named` if
    it has the word for it; `parties` are the numbers of those in it of whom "each" is asked.
    """

    sentence: Sentence
    score: float
    folded: str
    words: tuple[str, ...]
    opens: bool
    goes_on: bool
    within: bool
    valued: bool
    parties: frozenset[int]
    told: bool
    named: bool


@dataclass(frozen=True, slots=True)
class _Question:
    many: Many
    wanted: int
    asked: Asked | None
    parties: tuple[frozenset[str], ...]
    told: re.Pattern[str] | None
    heads: frozenset[str]
    best: tuple[Sentence, ...]
    begins: int
    alone: float
    context: float


def find_enumeration(question: str, ranked: Sequence[tuple[float, Sentence]]) -> Enumeration | None:
    """The list in prose that answers `question`, or None. `ranked` are the sentences with their scores, best first."""
    best, weight = None, 0.0
    for one in enumerations(question, ranked):
        its = one.signals.dot(WEIGHTS)
        if its > weight:
            best, weight = one, its
    return best


def enumerations(question: str, ranked: Sequence[tuple[float, Sentence]]) -> Iterator[Enumeration]:
    """Every stretch of the best sentence's document that might be a list, with its signals.

    None for a question that asks for one thing: when, who, how many.
    """
    how_many, asked, why = many(question), asked_of(question), asks_why(question)
    if not ranked or (how_many != "several" and (asked is not None or asks_for_one(question))):
        return
    top, first = ranked[0]
    document_id = first.candidate.indexed.document_id
    mine = {
        sentence.span: (score, sentence)
        for score, sentence in ranked
        if sentence.candidate.indexed.document_id == document_id
    }
    about = _Question(
        how_many,
        asks_for_list(question) or 0,
        asked,
        parties_asked(question),
        told_by(question),
        heads(question),
        tuple(sentence for _, sentence in ranked[:2]),
        min(span.start for span in mine),
        max(one.signals.alone for _, one in mine.values()),
        max(one.signals.above_background for _, one in mine.values()),
    )
    read = [
        _read(sentence, max(FURTHEST, score - top), about) for _, (score, sentence) in sorted(mine.items(), key=_start)
    ]
    coordinated = float(any(COORDINATED.search(fold(sentence.text)) for _, sentence in ranked[:2]))
    for run in _runs(read):
        for begin in range(len(run)):
            for end in range(begin + 2, min(len(run), begin + MAX_ITEMS) + 1):
                if any(one.sentence.signals.opposite for one in run[begin:end]):
                    break  # who voted against it is none of those who voted for it
                before = run[begin - 1] if begin else None
                after = run[end] if end < len(run) else None
                signals = _signals(before, run[begin:end], after, about, coordinated)
                announces = before is not None and (signals.announced or signals.several)
                if why and not (announces or signals.opens):
                    # A reason is looked for by itself (`rag.answering.context.reason_sentences`), unless several are.
                    continue
                yield Enumeration(
                    before.sentence if before is not None and announces else None,
                    tuple(one.sentence for one in run[begin:end]),
                    signals,
                )


def _start(one: tuple[object, tuple[float, Sentence]]) -> int:
    return one[1][1].span.start


def _read(sentence: Sentence, score: float, about: _Question) -> _Read:
    folded = fold(sentence.text).strip("\"“«' ")
    tokens = tuple(re.findall(r"\w+", folded))
    asked, indexed = about.asked, sentence.candidate.indexed
    return _Read(
        sentence,
        score,
        folded,
        tokens,
        opens=FIRST.match(folded) is not None,
        goes_on=NEXT.match(folded) is not None,
        within=bool(WITHIN.search(" ".join(tokens[:_OPENING])) or WITHIN.search(" ".join(tokens[-2:]))),
        valued=asked is not None
        and bool(values_of(sentence.text, indexed.language, sentence.candidate.published, asked)),
        parties=frozenset(
            number for number, party in enumerate(about.parties) if not party.isdisjoint(map(stem, tokens))
        ),
        told=about.told is not None and about.told.search(folded) is not None,
        named=not about.heads.isdisjoint(sentence.asked),
    )


def _runs(read: Sequence[_Read]) -> Iterator[list[_Read]]:
    """Stretches of sentences that follow each other, without headings and the items of lists that are set as such."""
    run: list[_Read] = []
    for one in read:
        span = one.sentence.span
        if run and (span.kind != "sentence" or span.start - run[-1].sentence.span.end > _GAP):
            yield run
            run = []
        if span.kind == "sentence":
            run.append(one)
    if run:
        yield run


def _signals(
    before: _Read | None, items: Sequence[_Read], after: _Read | None, about: _Question, coordinated: float
) -> Signals:
    count, later = len(items), items[1:]
    goes_on = [one.goes_on for one in later]
    within = [not one.goes_on and one.within for one in later]
    alike = [one.words[:2] == other.words[:2] for other, one in pairwise(items)]
    kin = [one.told for one in later]
    plain = [not any(four) for four in zip(goes_on, within, alike, kin, strict=True)]
    joined = sum(one.folded.startswith("و") for one, bare in zip(later, plain, strict=True) if bare)
    numbers = _numbers(before) if before is not None else []
    several = before is not None and (SEVERAL.search(before.folded) is not None or before.folded.endswith(":"))
    announces = bool(numbers) or several
    vectors = [one.sentence.own_vector for one in items]
    return Signals(
        asked=float(about.many == "several"),
        perhaps=float(about.many == "perhaps"),
        unasked=float(about.many == "unsaid"),
        opens=float(items[0].opens),
        goes_on=float(items[0].goes_on),
        joined=float(joined),
        bare=float(sum(plain) - joined),
        announced=float(count in numbers),
        other_number=float(bool(numbers) and count not in numbers),
        several=float(several),
        best=max(one.score for one in items),
        mean=sum(one.score for one in items) / count,
        cut=float(after is not None and (after.goes_on or after.within)),
        wanted=float(about.wanted == count),
        unwanted=float(bool(about.wanted) and about.wanted != count),
        values=sum(one.valued for one in items) / count,
        parties=float(len(frozenset().union(*(one.parties for one in items)))),
        strangers=float(sum(not one.parties for one in items)) if about.parties else 0.0,
        coherent=10 * (sum(float(one @ other) for one, other in pairwise(vectors)) / (count - 1) - 0.8),
        leaving=10 * (float(after.sentence.own_vector @ vectors[-1]) - 0.8) if after is not None else 0.0,
        coordinated=coordinated,
        pair=float(count == 2),
        length=float(count),
        size=sum(math.log(len(one.folded) / 100) for one in items) / count,
        lead=float(items[0].sentence.span.start == about.begins),
        announcer=float(announces and before is not None and before.sentence in about.best),
        led=before.score if before is not None else FURTHEST,
        named=float(before is not None and before.named and (announces or not before.told)),
        named_first=float(items[0].named),
        kin=sum(one.told for one in items) / count,
        unkin=float(sum(not one.told for one in items)) if about.told else 0.0,
        broken=sum(_apart(one, other) for one, other in pairwise(items)) / (count - 1),
        closes=float(after is None or _apart(items[-1], after)),
        context=sum(one.sentence.signals.above_background for one in items) / count - about.context,
        strays=float(STRAY.match(items[-1].folded) is not None and not items[-1].within),
    )


def _apart(one: _Read, other: _Read) -> bool:
    """Whether a new paragraph begins between two sentences."""
    return other.sentence.span.start - one.sentence.span.end > 1


def _numbers(before: _Read) -> list[int]:
    """The numbers of things that a sentence names, the Arabic dual included: متقاعدان."""
    found = [NUMBERS[word] for word in before.words if word in NUMBERS]
    if before.sentence.candidate.indexed.language == "ar":
        found += [2 for word in before.words if len(word) > 5 and word.endswith("ان")]
    return found
