"""Which case a sentence is of: the arrests over the watermelons do not tell how many there were over the flour.

A question tells one case from others of its kind by what goes before or after its noun: the flour shipment, «حريق سوق
الخشب». A sentence is of that case where it, or the nearest one before it that tells of any, has that word, and of
another one where that has another word in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from rag.analysis import folded_words, is_stop_word
from rag.answering.ranking import CONSIDERED
from rag.answering.signals import Sentence
from rag.grounding.numbers.words import number_word
from rag.grounding.wording import Token, answers, read

Case = Literal["here", "elsewhere", "unknown"]

_KINDS: dict[str, frozenset[str]] = {
    "case": folded_words("case affair trial scandal قضية محاكمة فضيحة"),
    "load": folded_words("shipment cargo consignment load haul seizure container شحنة حمولة إرسالية ضبطية حاوية شحنات"),
    "fire": folded_words("fire blaze حريق حرائق"),
    "crash": folded_words("crash accident collision derailment حادث حادثة تصادم تحطم"),
    "blast": folded_words("explosion blast bombing انفجار تفجير"),
    "attack": folded_words("attack raid shooting ambush هجوم غارة مداهمة كمين"),
    "strike": folded_words("strike protest إضراب احتجاج مظاهرة"),
    "fall": folded_words("collapse landslide flood انهيار فيضان سيل"),
}
"""Nouns for what there is more than one of in the news, by kind."""
_ANY = "case"
"""A kind that may be said of any other: the watermelon case."""
_LIKE_ADJECTIVES = re.compile(
    r".+(?:ly|al|ous|ful|ic|ive|less|able|ible|est|ed|ing|ian|ese|ish|ary)|big|large|huge|small|new|old|first|second|third"
    r"|last|latest|recent|major|minor|whole|entire|same|other|another|next|previous|early|earlier|late|later|single|similar"
    r"|different|main|total|more|such|own|court|police|test|news"
)
"""English words before a noun that mostly do not tell one case from another."""
_ADJECTIVES_AR = folded_words(
    """كبير كبيرة صغير صغيرة ضخم ضخمة جديد جديدة أخير أخيرة آخر أخرى أول أولى ثان ثانية سابق سابقة مماثل مماثلة
    واحد واحدة مروع مروعة أليم خطير خطيرة واسع واسعة محدود مشترك غامض عنيف مسلح مسلحة جماعي سرية سري كاملة كامل
    قادمة قادم كانت كان وصلت بعد قبل منذ"""
)
_FURTHEST = 3
"""Sentences before one in which its case is looked for."""


def of_case(ranked: Sequence[tuple[float, Sentence]], question: str) -> list[tuple[float, Sentence]]:
    """The ranked sentences; where one is of the case that `question` names, without those of others."""
    cases = _cases(ranked, question, CONSIDERED)
    if "here" not in cases or "elsewhere" not in cases:
        return list(ranked)
    kept = [one for one, case in zip(ranked, cases, strict=False) if case != "elsewhere"]
    return [*kept, *ranked[CONSIDERED:]]


def of_another_case(ranked: Sequence[tuple[float, Sentence]], question: str) -> bool:
    """Whether the best sentence is of another case than the one that `question` names."""
    return _cases(ranked, question, 1) == ["elsewhere"]


def case_of(question: str, sentence: str, before: Sequence[str] = ()) -> Case:
    """Which case a sentence is of; `before` are those before it, the nearest first."""
    asked = list(_named(read(question)))
    if not asked:
        return "unknown"
    kinds, wanted = {kind for kind, _ in asked}, [word for _, word in asked]
    own = _arabic(question)
    for text in (sentence, *before[:_FURTHEST]):
        there = read(text)
        if any(answers(one, other, own != _arabic(text)) for one in wanted for other in there):
            return "here"
        if any(kind in kinds or _ANY in kinds for kind, _ in _named(there)):
            return "elsewhere"
    return "unknown"


def _cases(ranked: Sequence[tuple[float, Sentence]], question: str, most: int) -> list[Case]:
    if not any(True for _ in _named(read(question))):
        return []
    texts = {(one.candidate.indexed.document_id, one.span.start): one.text for _, one in ranked}
    found: list[Case] = []
    for _, one in ranked[:most]:
        spans = one.candidate.indexed.sentences
        at = spans.index(one.span)
        places = [(one.candidate.indexed.document_id, span.start) for span in reversed(spans[:at])]
        found.append(case_of(question, one.text, [texts[place] for place in places if place in texts]))
    return found


def _named(tokens: Sequence[Token]) -> Iterator[tuple[str, Token]]:
    """The kinds of the cases that are named in a text, each with the word that tells it from others of its kind."""
    for at, one in enumerate(tokens):
        word = one.folded.lstrip("وفبلك") if len(one.folded) > 5 and not one.folded.isascii() else one.folded
        kind = next((kind for kind, words in _KINDS.items() if one.folded in words or word in words), None)
        if kind is None:
            continue
        if one.folded.isascii():
            before = tokens[at - 1] if at else None
            of = tokens[at + 1 : at + 3]
            if len(of) > 1 and of[0].folded == "of" and of[1].folded not in ("a", "an", "the"):
                before = of[1]
            if before is not None and _tells(before) and not _LIKE_ADJECTIVES.fullmatch(before.folded):
                yield kind, before
            continue
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if after is None or not _tells(after) or after.folded in _ADJECTIVES_AR:
            continue
        bare = after.folded.removeprefix("ال")
        if any(bare in words for words in _KINDS.values()):
            continue  # قضية شحنة الطحين: that one has a word of its own
        # An adjective agrees with its noun, and a place or a people is told apart by the lists of names.
        if one.folded.endswith("ه") and after.folded.endswith("ه") and not after.folded.startswith("ال"):
            continue
        yield kind, after


def _tells(token: Token) -> bool:
    return token.content and bool(token.stem) and not is_stop_word(token.folded) and not number_word(token.folded)


def _arabic(text: str) -> bool:
    return any("\u0621" <= letter <= "\u064a" for letter in text)
