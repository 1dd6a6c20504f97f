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
from typing import NamedTuple

from rag.analysis import fold, is_stop_word, stem, words
from rag.answering.asked import Asked, asked_of, values_of
from rag.answering.lists import NUMBERS, asks_for_list
from rag.answering.signals import Sentence
from rag.logistic import weighed

MAX_ITEMS = 6
LEADS = 2
"""Sentences that are quoted before a list where several things are asked for; all those chosen where not."""
FURTHEST = -6.0
"""A sentence whose score is further below the best one's counts as this far."""
_OPENING = 8
"""Words of a sentence among which those stand that go on with an enumeration."""
_GAP = 3
"""Code points between two sentences that follow each other, at most."""

_EACH = re.compile(
    r"\beach\b|\bboth\b|\bwho (?:are|were) the\b|\b(?:what|which) (?:\w+ )?(?:goals|steps|ways|kinds)\b"
    r"|(?:^|\s)(?:ل|ب)?كل من\b|(?:^|\s)من (?:هما|هم)\b|(?:^|\s)من ال\w+(?:ان|ون)\b"
)
"""In a folded question: that several things are asked for, though no plural stands after "what"."""
_ONE = re.compile(
    r"(?:and )?(?:when|where|who|whose|whom|in which|at which|on which|how (?:many|much|long|old|far|often))\b"
    r"|و?(?:متي|اين|كم|بكم|من(?= (?!ال\w+ون\b))|هل|اي|ايه|في اي)\b"
)
"""How a folded question begins that asks for one thing, as a rule."""
_FIRST = re.compile(
    r"(?:and )?(?:first(?:ly)?|to (?:begin|start) with|for one thing|on (?:the )?one hand|the (?:first|former)"
    r"|one(?: of (?:them|these|those|the \w+))?(?:,| is| was| has| had| concerns| \w+ed))\b"
    r"|[وف]?(?:اما )?(?:اول(?:ها|هما|هم|ا|ي)?|الاول|الاولي|احد(?:هما|هم|اها)|احداهما|من (?:جهه|ناحيه)|بدايه)\b(?! اخري)"
)
_NEXT = re.compile(
    r"(?:and |but )?(?:another|a (?:second|third|fourth|fifth|further|final)|the (?:second|third|fourth|fifth|other"
    r"|last|latter|next|final|remaining)|second(?:ly)?|third(?:ly)?|fourth|then|next|finally|last(?:ly)?"
    r"|in addition|additionally|moreover|furthermore|further|besides|more|others?|on the other(?: hand)?|for another"
    r"|on top of that|as for|for its part|not least|beyond that)\b"
    r"|[وف]?(?:اما )?(?:ثاني|ثالث|رابع|خامس|اخر)(?:ها|هما|هم|ا)?\b"
    r"|[وف]?(?:اما )?ال(?:ثاني|ثالث|رابع|خامس|سادس|اخر|اخير)(?:ه|ي|ون)?\b|و?الاخري\b"
    r"|[وف]?(?:كما|كذلك|ايضا|ثم|علاوه|فضلا|الي جانب|اضافه|بالاضافه|اخيرا|بدوره|بدورها|مما|اما)\b"
    r"|و(?:يضيف|تضيف|اضاف|اضافت)\w*\b|و?من (?:جهه|ناحيه) اخري\b|و?\w* ?قسم \w+\b"
)
"""How a folded sentence begins that opens an enumeration, and that goes on with one."""
_WITHIN = re.compile(
    r"\b(?:also|too|besides|as well|another|likewise|in turn|others?)\b"
    r"|(?:^|\s)(?:كذلك|ايضا|اخر|اخري|اخرون|بدوره|بدورها)\b"
)
_SEVERAL = re.compile(
    r"\b(?:several|some|many|a number of|various|different|the following|series|list|plan|package|certain)\b"
    r"|(?:^|\s)[بلو]?(?:عده|بعض|عدد من|مجموعه|سلسله|جمله|الاتي|التالي|التاليه|خطه|مختلفه|متعدده|جديده|بعينها)\b"
)
_COORDINATED = re.compile(r",[^,.]{2,60}(?:,? and| or) \w|\s\S+\sو\S+\sو\S+|\S+،? \S+ و\S+ و\S+")


class Signals(NamedTuple):
    """What speaks for a stretch of sentences as the list that is asked for; also the type of the weights.

    asked, unasked: 1 where several things are asked for, and where that is not said. Of its first sentence: opens,
    goes_on: 1 if it begins as the first or a later item does. Of the later ones, how many have no word that goes on
    with a list and begin otherwise than the one before: joined: in Arabic, with "and"; bare: others. Of the sentence
    before: announced: 1 if it names this number of things; other_number: another number; several: it says that there
    are several; announcer: it does one of these and is one of the two best. Then best, mean: the best and the mean
    score of the items, below that of the best sentence; cut: 1 if the sentence after goes on with a list; wanted,
    unwanted: 1 if the question names this number, or another; values: the share of items with a value as it is asked
    for; parties: how many of those are named of whom "each" is asked; strangers: items that name none of them;
    coherent: mean cosine of each item and the one before; leaving: that of the sentence after and the last item (both
    times 10, above .8); coordinated: 1 if one of the two best sentences has a list in itself; pair: 1 for two items;
    length: how many; size: mean log of their characters over 100; lead: 1 if it begins with the first sentence that was
    found of the document.
    """

    asked: float
    unasked: float
    opens: float = 0.0
    goes_on: float = 0.0
    joined: float = 0.0
    bare: float = 0.0
    announced: float = 0.0
    other_number: float = 0.0
    several: float = 0.0
    best: float = 0.0
    mean: float = 0.0
    cut: float = 0.0
    wanted: float = 0.0
    unwanted: float = 0.0
    values: float = 0.0
    parties: float = 0.0
    strangers: float = 0.0
    coherent: float = 0.0
    leaving: float = 0.0
    coordinated: float = 0.0
    pair: float = 0.0
    length: float = 0.0
    size: float = 0.0
    lead: float = 0.0
    announcer: float = 0.0

    def dot(self, weights: Signals) -> float:
        return weighed(self, weights)


WEIGHTS = Signals(
    asked=2.63,
    unasked=1.24,
    opens=0.11,
    goes_on=-1.99,
    joined=-0.79,
    bare=-1.07,
    announced=0.6,
    other_number=-1.06,
    several=1.69,
    best=-0.3,
    mean=0.87,
    cut=-0.59,
    wanted=1.38,
    unwanted=-1.74,
    values=3.74,
    parties=1.49,
    strangers=-0.83,
    coherent=2.03,
    leaving=-1.69,
    coordinated=-1.77,
    pair=-3.43,
    length=-0.29,
    size=-1.84,
    lead=-3.27,
    announcer=1.92,
)
"""Fitted by `python -m evals.benchmarks.fit_enumerations`."""


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
        """What to quote: the list, after the first of those `chosen` without it, should it be no list after all."""
        listed = {(one.candidate.indexed.document_id, one.span) for one in self.sentences}
        leads = chosen[:LEADS] if self.signals.asked else chosen
        left = [one for one in leads if (one.candidate.indexed.document_id, one.span) not in listed]
        return [*left, *self.sentences]


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence with its score below the best one's, folded, and what its words say of its place in a list.

    `valued` if it has a value as it is asked for; `parties` are the numbers of those in it of whom "each" is asked.
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


@dataclass(frozen=True, slots=True)
class _Question:
    several: bool
    wanted: int
    asked: Asked | None
    parties: tuple[frozenset[str], ...]
    best: tuple[Sentence, ...]
    begins: int


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
    several, asked = asks_for_several(question), asked_of(question)
    if not ranked or (not several and (asked is not None or _ONE.match(fold(question)))):
        return
    top, first = ranked[0]
    document_id = first.candidate.indexed.document_id
    mine = {
        sentence.span: (score, sentence)
        for score, sentence in ranked
        if sentence.candidate.indexed.document_id == document_id
    }
    about = _Question(
        several,
        asks_for_list(question) or 0,
        asked,
        _parties(question),
        tuple(sentence for _, sentence in ranked[:2]),
        min(span.start for span in mine),
    )
    read = [
        _read(sentence, max(FURTHEST, score - top), about) for _, (score, sentence) in sorted(mine.items(), key=_start)
    ]
    coordinated = float(any(_COORDINATED.search(fold(sentence.text)) for _, sentence in ranked[:2]))
    for run in _runs(read):
        for begin in range(len(run)):
            for end in range(begin + 2, min(len(run), begin + MAX_ITEMS) + 1):
                before = run[begin - 1] if begin else None
                after = run[end] if end < len(run) else None
                signals = _signals(before, run[begin:end], after, about, coordinated)
                announces = before is not None and (signals.announced or signals.several)
                yield Enumeration(
                    before.sentence if before is not None and announces else None,
                    tuple(one.sentence for one in run[begin:end]),
                    signals,
                )


def asks_for_several(question: str) -> bool:
    """Whether `question` asks for more than one thing."""
    return asks_for_list(question) is not None or bool(_EACH.search(fold(question)))


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
        opens=_FIRST.match(folded) is not None,
        goes_on=_NEXT.match(folded) is not None,
        within=bool(_WITHIN.search(" ".join(tokens[:_OPENING])) or _WITHIN.search(" ".join(tokens[-2:]))),
        valued=asked is not None
        and bool(values_of(sentence.text, indexed.language, sentence.candidate.published, asked)),
        parties=frozenset(
            number for number, party in enumerate(about.parties) if not party.isdisjoint(map(stem, tokens))
        ),
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
    plain = [not any(three) for three in zip(goes_on, within, alike, strict=True)]
    joined = sum(one.folded.startswith("و") for one, bare in zip(later, plain, strict=True) if bare)
    numbers = _numbers(before) if before is not None else []
    several = before is not None and (_SEVERAL.search(before.folded) is not None or before.folded.endswith(":"))
    announces = bool(numbers) or several
    vectors = [one.sentence.own_vector for one in items]
    return Signals(
        asked=float(about.several),
        unasked=float(not about.several),
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
    )


def _numbers(before: _Read) -> list[int]:
    """The numbers of things that a sentence names, the Arabic dual included: متقاعدان."""
    found = [NUMBERS[word] for word in before.words if word in NUMBERS]
    if before.sentence.candidate.indexed.language == "ar":
        found += [2 for word in before.words if len(word) > 5 and word.endswith("ان")]
    return found


def _parties(question: str) -> tuple[frozenset[str], ...]:
    """The stems of each of those of whom "each" is asked: of Norway, Iceland and the Faroe Islands, three sets."""
    if not re.search(r"\beach\b|(?:^|\s)[لب]?كل من\b", fold(question)):
        return ()
    named = re.search(r"\beach of ([^?؟]+)|كل من ([^?؟]+)", question)
    run = (named[1] or named[2]) if named else ""
    if not run or not re.search(r",| and |،| و", run):
        listed = re.search(
            r"(?:(?:the )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*(?:,? and |, )){1,}(?:the )?[A-Z][\w'’-]+", question
        )
        run = listed[0] if listed else run
    pieces = re.split(r",|،| and |\sو(?=\w{3})", run)
    sets = [frozenset(stem(word) for word in words(piece) if not is_stop_word(word)) for piece in pieces]
    sets = [one for one in sets if one]
    return tuple(sets) if len(sets) > 1 else ()
