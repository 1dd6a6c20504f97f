"""A follow-up that asks only when, where, who, how many or why: what was told just before has it, or its neighbours.

"And in which year?" has no word of the event that it is about, so all sentences near it that have a date are alike. The
one that answered before tells of that event, and comes first where it has such a value, else those around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.language import detect_language
from rag.analysis import Words, fold, folded_words, stem, words
from rag.answering.constraints.acting_body import by_whom
from rag.answering.context.speakers import goes_on
from rag.answering.followups.dependence import is_asking, topic_words
from rag.answering.followups.elliptical_reasons import FAR, Place, content, given, wanted
from rag.answering.question.answer_type import PERSONS
from rag.answering.selection.signals import Sentence
from rag.bilingual import Bridge, load_glossary
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.names.check import names
from rag.grounding.numbers.quantities import quantities
from rag.grounding.times.moment import interval
from rag.grounding.times.moments import moments
from rag.grounding.wording import Token, answers, read
from rag.reranking import Candidate
from rag.types import Answer

Kind = Literal["date", "place", "person", "speaker", "number", "reason", "origin", "naming"]

FIRST = 0.5
"""By hand: by so much what was told scores above all else …"""
ALONE = 3.0
"""… and by so much where it has every word of what was asked before: more than `ranking.MARGIN`, so that no other time
is quoted beside it."""
MOST = 0.5
"""Share of a follow-up's words, and of those of its topic, with which a sentence tells of them."""
REACH = 2
"""Sentences before and after the best quote in which the value is looked for."""
BESIDE = 0.6
"""By hand: how probable it is that one of them is of the same event."""


_OF_VERBS = ("تهم", "تها", "ته", "هم", "ها", "وا", "ت", "ه")
"""What an Arabic verb in the past has at its end for who did it and to whom."""
_SHORTEST_VERB = 4
"""Letters of a word from which on it is taken apart."""

_CUES: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("date", folded_words("when متى")),
    ("place", folded_words("where أين وين فين")),
    ("person", folded_words("who whom من مين")),
    ("number", folded_words("many much كم بكم")),
)
_NOUNS: dict[Kind, frozenset[str]] = {
    "date": folded_words("year date day month century decade time عام سنة تاريخ يوم شهر قرن عقد وقت"),
    "place": folded_words(
        "place country city town village port state province region مكان بلد دولة مدينة بلدة قرية ميناء منطقة محافظة"
    ),
    "person": folded_words("person شخص"),
    "speaker": frozenset(),
    "number": folded_words("number amount total عدد كمية"),
    "reason": frozenset(),
    "origin": frozenset(),
    "naming": frozenset(),
}
"""What is asked for, by the words that say only that, after "which" and أي too."""
_WHICH = folded_words("which what أي أية")
_HAPPENED = folded_words(
    "happen happened occur occurred take took place exactly حدث حدثت جرى جرت حصل حصلت تحديدا بالضبط"
)
_YEAR = folded_words("year عام سنة")
_DAY = folded_words("date day تاريخ يوم")


@dataclass(frozen=True, slots=True)
class Told:
    """The quotes of the answer before a follow-up, best first, and the `kind` of value that is asked of them alone.

    `probability` is that of the answer before. `asked` is what was asked before: its names are no news.
    `precise` is the part of a date that is asked for. `said` are the stems of what was asked and told.
    `deed` is the question where it names a deed, whose time, doer or number is asked («ومتى أُقر؟»): the quotes need not
    tell of that.
    """

    kind: Kind
    quotes: tuple[Place, ...]
    probability: float
    asked: str
    precise: Literal["", "year", "day"] = ""
    said: frozenset[str] = frozenset()
    deed: str = ""

    def stands_in(self, candidate: Candidate) -> bool:
        """Whether the best quote is part of a passage."""
        document_id, start, end = self.quotes[0]
        piece = candidate.indexed
        return piece.document_id == document_id and piece.start <= start and end <= piece.end

    def first(self, ranked: Sequence[tuple[float, Sentence]]) -> tuple[list[tuple[float, Sentence]], float]:
        """The ranked sentences, those that were told, or else stand around them, first where they have the value.

        And how probable it is that this answers: as the answer before was, less beside it, 0 where none has the value.
        """
        if self.kind in ("reason", "origin", "naming"):
            return self._given(self.kind, ranked)
        around = self._around(ranked)
        known = {*self.quotes, *(place for near in around for place in near)}
        for places, share in ((self.quotes, 1.0), *((near, BESIDE) for near in around)):
            found = [(score, one) for score, one in ranked if _place(one) in places and self._holds(one)]
            if self.deed:
                found = [(score, one) for score, one in found if self._does(one)]
            if found and self.deed and _place(ranked[0][1]) in known and self._does(ranked[0][1]):
                return list(ranked), share * self.probability
            if found:
                ahead = ALONE if any(self._has_all(one) for _, one in found) else FIRST
                return _raised(ranked, [one for _, one in found], ahead), share * self.probability
        return self._of_topic(ranked) if self.deed and self.kind == "date" else list(ranked), 0.0

    def _does(self, sentence: Sentence) -> bool:
        """Whether a sentence has every word that the question has of a deed, in whatever form, in either language."""
        across = detect_language(self.deed) != sentence.candidate.indexed.language
        there, light = read(sentence.text), _NOUNS[self.kind] | _HAPPENED
        if self.kind == "number":
            light |= PERSONS  # of people it is said who they are: eight residents
        wanted = [one for one in read(self.deed) if one.content and one.stem and one.folded not in light]
        wanted = [one for one in wanted if not is_asking(one.folded)]
        return bool(wanted) and all(
            any(answers(one, other, True) if across else _same(one, other) for other in there) for one in wanted
        )

    def _of_topic(self, ranked: Sequence[tuple[float, Sentence]]) -> list[tuple[float, Sentence]]:
        """The ranked sentences; where none with a date has the deed, those that name most of the topic first.

        A law that was passed may be told to have been signed: better when that was than when another was passed.
        """
        dated = [one for _, one in ranked if self._holds(one)]
        topic = content(self.asked)
        if not topic or any(max(one.signals.overlap, one.signals.across) >= MOST for one in dated):
            return list(ranked)
        if any(by_whom(self.deed, one.text, one.candidate.indexed.language) == "here" for one in dated):
            return list(ranked)
        shares = [len(topic & content(one.text)) / len(topic) for one in dated]
        most = max(shares, default=0.0)
        if most < MOST:
            return list(ranked)
        return _raised(ranked, [one for share, one in zip(shares, dated, strict=True) if share == most], ALONE)

    def _given(
        self, kind: Literal["reason", "origin", "naming"], ranked: Sequence[tuple[float, Sentence]]
    ) -> tuple[list[tuple[float, Sentence]], float]:
        """The ranked sentences, the one that gives the reason or the origin of what was told first."""
        cited = {document_id for document_id, _, _ in self.quotes}

        def far(sentence: Sentence) -> int | None:
            document_id, start, end = _place(sentence)
            if document_id not in cited:
                return None
            spans = sentence.candidate.indexed.sentences
            told = [at for at, span in enumerate(spans) if (document_id, span.start, span.end) in self.quotes]
            at = next(at for at, span in enumerate(spans) if (span.start, span.end) == (start, end))
            return min((abs(at - one) for one in told), default=FAR)

        found = given(kind, [one for _, one in ranked], far, self.said, content(self.asked))
        if found is None:
            return list(ranked), 0.0
        ahead = ALONE if found.plainly else FIRST
        return _raised(ranked, [found.sentence], ahead), found.share * self.probability

    def _around(self, ranked: Sequence[tuple[float, Sentence]]) -> list[list[Place]]:
        """What stands beside the best quote in its passage, the nearest first."""
        document_id = self.quotes[0][0]
        for _, one in ranked:
            if _place(one) == self.quotes[0]:
                spans = one.candidate.indexed.sentences
                at = spans.index(one.span)
                return [
                    [
                        (document_id, spans[place].start, spans[place].end)
                        for place in (at - far, at + far)
                        if 0 <= place < len(spans)
                    ]
                    for far in range(1, REACH + 1)
                ]
        return []

    def _has_all(self, sentence: Sentence) -> bool:
        """Whether a sentence has every word of what was asked before: then it surely tells of that."""
        have = Words.of(sentence.text)
        if detect_language(self.asked) == sentence.candidate.indexed.language:
            return all(stem(word) in have.stems for word in topic_words(self.asked))
        glossary = load_glossary()
        weights = {word: 1.0 for word, _ in glossary.ways(self.asked, inflected=True)}
        return len(Bridge(self.asked, weights, glossary, inflected=True).found(have)) == len(weights)

    def _holds(self, sentence: Sentence) -> bool:
        text, language = sentence.text, sentence.candidate.indexed.language
        if self.kind == "date":
            return self._dated(text, sentence.candidate.published)
        if self.kind == "number":
            return any(not one.ordinal and not one.vague for one in quantities(text, ""))
        if self.kind in ("person", "speaker") and goes_on(text):
            return True  # who it was is quoted before it
        if self.kind == "speaker" and any(one.speaker for one in speeches(read(text))):
            return True  # whoever it is: the police have no name
        kinds = ("place",) if self.kind == "place" else ("person", "organisation")
        return any(
            one.kind in kinds and not all(key in fold(self.asked) for key in one.keys) for one in names(text, language)
        )

    def _dated(self, text: str, published: date | None) -> bool:
        found = [one for one in moments(text, "", published) if one.kind == "date" and interval(one) is not None]
        return any(not self.precise or getattr(one, self.precise) is not None for one in found)


def _same(one: Token, other: Token) -> bool:
    """Whether two words of one language are the same: not by their sound alone (قتل and كتل)."""
    alike = {key for key in one.keys & other.keys if not key.startswith("s:")}
    return bool(alike) or _verb(one.folded) == _verb(other.folded)


def _verb(word: str) -> str:
    """A folded Arabic word as the verb that it may be a form of: اوقف of واوقفت and اوقفتهم; another as it is."""
    if word.isascii() or len(word) < _SHORTEST_VERB:
        return word
    bare = word[1:] if word[0] in "وف" and len(word) > _SHORTEST_VERB else word
    for ending in _OF_VERBS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST_VERB - 1:
            return bare[: -len(ending)]
    return bare


def told_of(question: str, before: tuple[str, Answer]) -> Told | None:
    """What was told before a follow-up that asks for nothing but a value of it; None of any other question.

    `before` is the turn before: what was asked, and its answer.
    """
    asked, answer = before
    if answer.status != "answered" or not answer.citations:
        return None
    whole = " ".join((answer.standalone_question or asked, *(one.quote for one in answer.citations)))
    said = content(whole)
    kind, more = _asked_for(question, said)
    if kind is None or (more and kind not in ("date", "person", "number")):
        return None
    folded = set(words(question))
    precise: Literal["", "year", "day"] = ""
    if kind == "date" and not folded.isdisjoint(_YEAR):
        precise = "year"
    elif kind == "date" and not folded.isdisjoint(_DAY):
        precise = "day"
    quotes = tuple((one.document_id, one.start, one.end) for one in answer.citations)
    before_it = answer.standalone_question or asked
    return Told(kind, quotes, answer.answerable_probability or 0.0, before_it, precise, said, question if more else "")


def _asked_for(question: str, before_it: frozenset[str]) -> tuple[Kind | None, bool]:
    """The kind of value for which a question asks, and whether it names more than that."""
    said = words(question)
    bare = [word[1:] if word[:1] in "وف" and len(word) > 2 else word for word in said]
    why = wanted(question, before_it, bare)
    if why is not None:
        return why, False
    kind = next((kind for word in (*said, *bare) for kind, cue in _CUES if word in cue), None)
    if not _WHICH.isdisjoint((*said, *bare)):
        kind = next((kind for word in said for kind, nouns in _NOUNS.items() if word in nouns), kind)
    if kind is None:
        return None, False
    asked = [word for word in topic_words(question) if word not in _NOUNS[kind] | _HAPPENED]
    if kind == "person" and asked and all(map(is_saying, asked)):
        return "speaker", False
    return kind, bool(asked)


def _raised(
    ranked: Sequence[tuple[float, Sentence]], found: Sequence[Sentence], ahead: float
) -> list[tuple[float, Sentence]]:
    """The ranked sentences, those `found` (best first) raised until the first of them is so far `ahead` of the rest."""
    ids = {id(one) for one in found}
    first = next(score for score, one in ranked if one is found[0])
    gain = max(0.0, ranked[0][0] - first) + ahead
    return sorted(((score + gain * (id(one) in ids), one) for score, one in ranked), key=lambda pair: -pair[0])


def _place(sentence: Sentence) -> Place:
    return sentence.candidate.indexed.document_id, sentence.span.start, sentence.span.end
