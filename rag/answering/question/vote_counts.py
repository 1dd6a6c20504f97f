"""How many voted for something or against it: asked for by deeds ("How many countries backed it?"), told as a tally.

A tally, "83 votes to 11" or «بأغلبية 83 صوتا مقابل 11», has neither the deed nor the word for those who voted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.analysis import fold, stem, words

_VOTERS = (
    r"countries|states|nations|members?|senators|representatives|congress(?:men|women|people)|lawmakers|legislators"
    r"|mps|deputies|delegat\w+|council(?:l?ors|men)|governments|votes?"
    r"|دوله|دول|بلد|بلدا|بلدان|عضو|عضوا|اعضاء|نايب|نايبا|نواب|سيناتور|سيناتورا|شيخا|شيوخ|مندوب|مندوبا|وفد|وفدا|مشرعا|صوت|صوتا"
)
_SIDE = (
    r"support(?:ed|s)?|back(?:ed|s)?|approv(?:ed?|es)|endorsed?|favou?red|oppos(?:ed?|es)|reject(?:ed|s)?|voted?"
    r"|[وف]?(?:[يت]?(?:ايد|ويد|عارض|صوت|وافق|رفض|دعم|اعترض)(?:ت|وا|ون|ه|ها|ته|تها|وه|وها)?)"
)
_MANY = r"(?:\bhow many\b|(?<!\w)[وف]?كم(?: عدد)?(?= ))"
_ASKS = re.compile(rf"{_MANY} (?:of (?:the )?)?(?:\w+ )??(?:ال)?(?:{_VOTERS})\b.{{0,40}}?\b(?:{_SIDE})\b")
"""In a folded question: those who vote, and the side that they took."""
_ASKS_SHORT = re.compile(rf"\W*(?:and )?{_MANY} (?:{_SIDE})\b(?: (?:it|against|for|them))?\W*")
"""The same of a part of a question that has no more words: "and how many opposed it?"."""
_TOLD = re.compile(rf"(?:ال)?(?:{_VOTERS})|{_SIDE}|against|for|لصالح|ضد|resolution|قرار|القرار")
"""Folded words that a tally need not have; what is carried is the resolution."""

_NUMBER = r"\d{1,4}"
_TALLY = re.compile(
    rf"\b{_NUMBER} votes? (?:to|against|in favou?r|for)\b|\b{_NUMBER}(?: ?[-–—] ?| to ){_NUMBER}(?=,? (?:vote|with\b))"
    rf"|\b(?:vote|margin|majority|tally) of {_NUMBER}(?: ?[-–—] ?| to | votes)"
    rf"|\b(?:voted?|votes|pass\w*|carried|adopt\w*|approv\w*|clear\w*|reject\w*|defeat\w*)\b[^.;]{{0,60}}?"
    rf"\b{_NUMBER}(?:[-–—]| to | votes to ){_NUMBER}\b"
    rf"|{_NUMBER} (?:صوتا?|اصوات|نايبا|عضوا|دوله|دول)? ?(?:مقابل|ضد) {_NUMBER}"
    rf"|{_NUMBER} (?:صوتا?|اصوات) (?:مويدا?|لصالح|مع|ضد|مقابل|معارضا?)"
)
_NOT_VOTED = re.compile(r"\b(?:not|never|yet to) (?:\w+ )?vot|(?<!\w)[وف]?لم [يت](?:صوت|جر التصويت)")


def unvoted(text: str) -> bool:
    """Whether a sentence says that there was no vote, which is an answer to how many voted for it."""
    return _NOT_VOTED.search(fold(text)) is not None


@lru_cache(1 << 8)
def asks_votes(question: str) -> bool:
    """Whether a question asks how many voted for something or against it."""
    folded = fold(question).strip()
    return _ASKS.search(folded) is not None or _ASKS_SHORT.fullmatch(folded) is not None


def voting_terms(question: str, terms: Iterable[str]) -> frozenset[str]:
    """Those of `terms`, stems of the words of `question`, that a tally has no word for: the voters and their side."""
    told = {stem(word) for word in words(question) if _TOLD.fullmatch(word)}
    return frozenset(terms) & told


@lru_cache(1 << 12)
def tallies(text: str) -> tuple[tuple[int, int], ...]:
    """Where `text` gives both sides of a vote, in its code points; folding that moves them gives none."""
    folded = fold(text)
    if len(folded) == len(text):
        return tuple(match.span() for match in _TALLY.finditer(folded))
    return ((0, len(text)),) if _TALLY.search(folded) else ()
