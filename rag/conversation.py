"""A question in its conversation: what a follow-up is about is carried over from the turns before it, if that helps.

Without a language model the question is put in full where its words and the last one's make that plain; else the topic
of the last turn is put beside it, and kept only where retrieval finds better passages for the two together. A question
that names a topic of its own is found by itself, and stays as it is.
The topic says where to look. Which sentence answers is then asked of those passages by the follow-up alone: asked
together, the sentence that answered before would be quoted again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from corpus.language import detect_language
from rag.analysis import stem
from rag.answering.constraints.coverage import absent, elsewhere
from rag.answering.followups.carried_topics import topics
from rag.answering.followups.dependence import FEW, Dependence, asks_nothing, definite, dependence, topic_words
from rag.answering.followups.elliptical_questions import Told, told_of
from rag.answering.followups.restatement import restated
from rag.answering.followups.topic_phrases import SEPARATOR
from rag.answering.quotes import Selection
from rag.history import TURNS
from rag.logistic import odds, of_odds
from rag.reranking import Candidate
from rag.retrieval import Retrieved
from rag.types import Answer, History, Notice

MAX_QUESTION_CHARS = 500
"""A longer question is a pasted text, which has words enough of its own."""
LEAST = 1e-9
"""Probabilities nearer to 0 or 1 are no surer."""

GAIN = 1.0
"""By so much must the best passage's score rise for a question that may well stand alone …"""
SLACK = 6.0
"""… and so much may it fall for one that hardly does: a single chance sentence has all of its few words."""
LOST = 0.5
"""A question without a pronoun has a topic of its own where the best passage for it alone has by so much more of its
words than the best one for both together …"""
MUCH = 5.0
"""… unless it begins as one goes on, and that one's score is higher by so much."""
NAME_GAIN = 1.5
"""By so much must it rise for names out of the last answer, or an older topic, to be taken as well."""
NEAR = 2.5
"""A follow-up is asked of passages that score at most so much less than the best: others are about something else."""

_SURER: dict[Dependence, Dependence] = {"none": "none", "perhaps": "likely", "likely": "surely", "surely": "surely"}
"""What a follow-up is that takes up a thing of the question before it."""

Retrieve = Callable[[str], Retrieved]
Rewrite = Callable[[str, str, History], str | None]
Select = Callable[[Retrieved, Told | None], Selection | None]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question with what was found for it: `retrieved.query` is the question as it was understood.

    `reading` is what sentences are chosen by where that is not it; its candidates are among those of `retrieved`.
    `told` is what was told just before, where nothing but a value of it is asked for.
    `lacks` is "surely" for a follow-up with nothing before it, "perhaps" for one that what was before it did not help.
    """

    retrieved: Retrieved
    reading: Retrieved | None = None
    told: Told | None = None
    lacks: Dependence = "none"

    def selection(self, select: Select) -> Selection | None:
        """The quotes, by `select`; None where there is nothing to go by but words like "it" and "when"."""
        if self.lacks == "surely" and len(topic_words(self.retrieved.query)) <= 1:
            return None
        if self.reading is None:
            return select(self.retrieved, None)
        read = select(self.reading, self.told)
        # The follow-up's few words alone make any answer improbable, the topic's among them any probable.
        together = select(replace(self.reading, vector=self.retrieved.vector), self.told)
        if read is None or together is None:
            return read
        return replace(read, probability=_between(read.probability, together.probability))


def understand(
    question: str, history: History, compare: Retrieve, rewrite: Rewrite, retrieve: Retrieve | None = None
) -> Understood:
    """What was found for `question` after `history`, which only a question that leans on it changes.

    `compare` retrieves for several ways to understand the question, `retrieve` for the one that is taken, where that
    takes longer. `rewrite` is asked for the stand-alone question first; it has None where there is no language model.
    Raises as they do.
    """

    def settled(found: Retrieved) -> Retrieved:
        return found if retrieve is None else retrieve(found.query)

    needs = dependence(question) if len(question) <= MAX_QUESTION_CHARS else "none"
    if needs == "none" or not history:
        return Understood((retrieve or compare)(question), lacks="surely" if needs == "surely" else "none")
    if _repeats(question, history[-1]):
        needs = _SURER[needs]
    alone = compare(question)
    language = alone.language if alone.language != "und" else detect_language(history[-1][0])
    turns = history[-TURNS:]
    rewritten = rewrite(question, language, turns)
    if rewritten is not None:
        found = compare(rewritten)
        if _helps(found, alone, needs):
            return Understood(replace(settled(found), language=language))
    whole = restated(alone.query, _asked_before(turns[-1]))
    if whole is not None:
        found = compare(whole)
        if _helps(found, alone, needs):
            return Understood(replace(settled(found), language=language))
    best: Retrieved | None = None
    shown = {}
    for topic in topics(turns):
        searched, written = topic.beside(alone.query, language)
        found = compare(searched)
        shown[found.query] = written
        if best is None or _score(found) >= _score(best) + NAME_GAIN:
            best = found
    if best is None or not (_helps(best, alone, needs) or _is_there(best, alone, turns[-1][1])):
        lacks: Dependence = "none" if needs != "surely" else "surely" if best is None else "perhaps"
        return Understood(settled(alone), lacks=lacks)
    written = shown[best.query]
    best = settled(best)
    told = told_of(alone.query, turns[-1])
    reading = _reading(alone, best, language, told)
    return Understood(replace(best, query=written, language=language), reading, told)


def needs_context(language: str) -> Notice:
    """Said where nothing was found for a question that seems to go on from one that is not there."""
    if language == "ar":
        return Notice("needs_context", "يبدو أن السؤال يكمل سؤالا سابقا: اكتبه كاملا، باسم ما تسأل عنه.")
    return Notice(
        "needs_context", "This seems to go on from an earlier question: ask it in full, naming what it is about."
    )


def _reading(alone: Retrieved, found: Retrieved, language: str, told: Told | None) -> Retrieved:
    top = _score(found)
    near = tuple(one for one in found.candidates if one.score >= top - NEAR)
    # "What was it worth?" after Salerno: the value of another seizure, or of the whole trade, is no answer.
    there = tuple(one for one in near if not elsewhere(found.query, language, _text(one)))
    before = tuple(one for one in found.candidates if told is not None and told.stands_in(one))
    return replace(
        alone,
        language=language,
        terms=alone.terms if alone.terms.rarity else found.terms,
        candidates=(*before, *(one for one in there or near if one not in before)),
    )


def _repeats(question: str, turn: tuple[str, Answer]) -> bool:
    """Whether a question of few words takes up one of those before it, as a thing that is known: "the ban", «الحظر»."""
    taken_up = definite(question)
    before = {stem(word) for word in topic_words(turn[1].standalone_question or turn[0])}
    return len(topic_words(question)) <= FEW and any(stem(word) in before for word in taken_up)


def _asked_before(turn: tuple[str, Answer]) -> str:
    """The question of a turn as it was asked in full; "" of a pasted text, and of one with a topic beside it."""
    question, answer = turn
    whole = answer.standalone_question or question
    return "" if SEPARATOR in whole or len(whole) > MAX_QUESTION_CHARS else whole


def _text(candidate: Candidate) -> str:
    """The words of a passage and its title; with capitals, without which English names are not known for names."""
    return " ".join((candidate.title, *(sentence.folded.title() for sentence in candidate.indexed.words)))


def _helps(found: Retrieved, alone: Retrieved, needs: Dependence) -> bool:
    if not found.candidates:
        return False
    gain = _score(found) - _score(alone)
    lost = _share(alone, alone) - _share(alone, found)
    if lost > LOST and (needs == "perhaps" or (needs == "likely" and gain < MUCH)):
        return False
    if needs == "perhaps" and _strange(found, alone):
        return False
    return gain >= (GAIN if needs == "perhaps" else -SLACK)


def _strange(found: Retrieved, alone: Retrieved) -> bool:
    """Whether a question names something that no passage near the best of `found` knows: it has a topic of its own."""
    top = _score(found) - NEAR
    near = [one for one in found.candidates if one.score >= top]
    return all(absent(alone.query, alone.language, _text(one), one.indexed.partition) for one in near)


def _is_there(found: Retrieved, alone: Retrieved, last: Answer) -> bool:
    """Whether what a question only names ("What about Lebanon?") is where the last answer was found.

    What was asked before is then asked of that. By itself such a question finds whatever has the name.
    """
    if not found.candidates or not asks_nothing(alone.query):
        return False
    cited = {citation.document_id for citation in last.citations}
    return found.candidates[0].indexed.document_id in cited and not _strange(found, alone)


def _share(asked: Retrieved, found: Retrieved) -> float:
    """The share of the words that `asked` asks for, by rarity, in the best passage of `found`: 0 without one."""
    if not found.candidates:
        return 0.0
    best = found.candidates[0].indexed
    return asked.terms.overlap(best.partition, best.words)[1]


def _score(found: Retrieved) -> float:
    return found.candidates[0].score if found.candidates else -math.inf


def _between(one: float, other: float) -> float:
    """The probability whose log-odds are the mean of those of two."""
    return of_odds((odds(one, LEAST) + odds(other, LEAST)) / 2)
