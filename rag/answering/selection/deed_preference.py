"""Ranked sentences by the law and the deed that a question names: those of another law, or another deed, come after.

Of "When was the Harbour Act repealed?" a sentence on its signing has every word but one, and so has one on the repeal
of another act. Nothing is left out where no sentence has what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.analysis import Words, fold, is_stop_word, stem, words
from rag.answering.constraints.told_deeds import deeds_in, rivals_of
from rag.answering.question.answer_type import asked_of
from rag.answering.selection.ranking import CONSIDERED, MARGIN
from rag.answering.selection.signals import Sentence
from rag.retrieval import Retrieved

_ARABIC = re.compile(
    r"(?<!\w)[وفبلك]?(?:مشروع )?(?:قانون|قرار|اتفاق|اتفاقيه|معاهده|مرسوم|ميثاق|مبادره) «?((?:\w+ ?){1,3})"
)
_ENGLISH = re.compile(r"\b((?:[\w'’-]+ ){1,4})(?:act|bill|law|resolution|treaty|agreement|accord|convention|decree)\b")
"""A text that is voted on or signed, and the words of its name, in folded text."""
_UNNAMED = frozenset(
    """new old original follow up whole first second last draft proposed final same american us un syrian general
    security جديد مجلس الامم""".split()
)
_NISBA = re.compile(r"(?!ال)\w{3,}ي")
"""Words that describe a law and are no name of it: a new one, a Syrian one."""
HALF = 0.5
"""By hand: a word like "combating" is in the names of many laws."""
NEAR = 5.0
"""By hand: a sentence with the deed counts where its score is at most so much below the best one's."""


def named_text(question: str) -> frozenset[str]:
    """The stems of the name of the law, resolution or treaty that `question` names; empty where it names none."""
    folded = fold(question)
    match = _ARABIC.search(folded) or _ENGLISH.search(folded)
    if match is None:
        return frozenset()
    found: list[str] = []
    for word in words(match[1]):
        if is_stop_word(word):
            if match.re is _ARABIC:
                break
            found.clear()  # an English name stands between its article and the noun
            continue
        if word in _UNNAMED or (match.re is _ARABIC and _NISBA.fullmatch(word)):
            continue
        found.append(stem(word))
    return frozenset(found)


def of_text_named(ranked: Sequence[tuple[float, Sentence]], retrieved: Retrieved) -> list[tuple[float, Sentence]]:
    """The ranked sentences, without those of documents on other laws, where one is on the law that the question names.

    Of another law is a document that, as far as it was found, has less than `HALF` as much of the name, by rarity, as
    the one in its language with most of it. Across languages a name's words may be missed.
    """
    rarity = retrieved.terms.rarity
    name = named_text(retrieved.query) & rarity.keys()
    if not name or not ranked:
        return list(ranked)
    documents: dict[str, list[Sentence]] = {}
    for _, one in ranked:
        documents.setdefault(one.candidate.indexed.document_id, []).append(one)
    shares = {
        document_id: sum(rarity[term] for term in _terms(mine, retrieved) & name)
        for document_id, mine in documents.items()
    }
    most: dict[str, float] = {}
    for document_id, mine in documents.items():
        partition = mine[0].candidate.indexed.partition
        most[partition] = max(shares[document_id], most.get(partition, 0.0))
    others = {
        document_id
        for document_id, mine in documents.items()
        if shares[document_id] < HALF * most[mine[0].candidate.indexed.partition]
    }
    return [one for one in ranked if one[1].candidate.indexed.document_id not in others]


def of_deed(ranked: Sequence[tuple[float, Sentence]], question: str) -> list[tuple[float, Sentence]]:
    """The ranked sentences; where one tells the deed whose time is asked for, before those of other deeds of a thing.

    So far before that these are not quoted beside it.
    """
    asked = asked_of(question)
    deeds = deeds_in(question) if asked is not None and asked.kind == "date" else frozenset()
    if len(deeds) != 1 or not ranked:
        return list(ranked)
    [deed] = deeds
    first, top = ranked[:CONSIDERED], ranked[0][0]
    told = [deeds_in(one.text) for _, one in first]
    here = [score for (score, _), have in zip(first, told, strict=True) if deed in have and score >= top - NEAR]
    if not here:
        return list(ranked)
    rivals, most = rivals_of(deed), max(here) - MARGIN - 0.01
    moved = [
        (min(score, most) if deed not in have and have & rivals else score, one)
        for (score, one), have in zip(first, told, strict=True)
    ]
    return sorted([*moved, *ranked[CONSIDERED:]], key=lambda pair: -pair[0])


def _terms(sentences: Sequence[Sentence], retrieved: Retrieved) -> set[str]:
    """The question's terms that stand in these sentences of one document, or in its title."""
    title = Words.of(sentences[0].candidate.title)
    partition = sentences[0].candidate.indexed.partition
    return retrieved.terms.found(partition, title).union(*(one.asked for one in sentences))
