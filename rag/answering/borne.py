"""Whether what is quoted bears out what a question names: its places, and the holder of the office that it asks for.

Words alone do not tell: "the Saudi interior ministry" has all of "Who is the Saudi interior minister?", and no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.analysis import fold
from rag.grounding.name_source import bears_meaning, read
from rag.grounding.names import names

_WHO = re.compile(
    r"(?:and )?(?:who|what) (?:is|was|are|were) (?:the )?(?:name of )?(?:the )?"
    r"|و?(?:من|ما) (?:هو|هي|كان|كانت|اسم) (?:اسم )?"
)
_HAPPENED = re.compile(r"(?:and )?what (?:happened|took place|occurred)\b|و?ماذا (?:حدث|جري|حصل|وقع)\b")
_YEAR = re.compile(r"\b(?:1[0-9]|20)[0-9]{2}\b")
_CLAUSE = re.compile(r"\b(?:who|that|when|which|الذي|التي|عندما|حين)\b")
_OFFICES = frozenset(
    (
        "ambassador,commander,consul,crown prince,dean,director,emir,envoy,foreign minister,governor,head,king,mayor,"
        "minister,mufti,patriarch,pope,president,prime minister,prosecutor,queen,rector,secretary-general,speaker,"
        "spokesperson,sultan,supreme leader,undersecretary"
    ).split(",")
)
"""Of the listed titles, those of one who holds an office: there are many players, and one president."""
_LONGEST = 8
"""Words of a question that asks for nothing but who holds an office."""


_ATTRIBUTES = tuple(
    (re.compile(asked), re.compile(said))
    for asked, said in (
        (
            r"\bpopulation (?:of|in)\b|\bhow many (?:people|residents) (?:live|are there)\b|(?:عدد|تعداد|كم) سكان\b",
            r"populat|inhabitant|residents|\blives? in\b|سكان|نسمه|تعداد|يقطن|يسكن",
        ),
        (r"\bcapital (?:city )?of\b|\bعاصمه\b", r"\bcapital\b|عاصم"),
        (r"\b(?:surface|land|total) area\b|\barea of\b|\bمساحه\b", r"\barea\b|\bsquare\b|\bkm|مساح|مربع"),
        (r"\bcurrency (?:of|in|used)\b|\b(?:عمله|العمله)\b", r"\bcurrenc|عمله|عملت"),
        (r"\b(?:official|national) languages?\b|اللغ(?:ه|ات) الرسميه", r"\blanguage|لغه|لغات"),
    )
)
"""What is often asked of a country or a city, and what of a passage tells that it speaks of it, in folded words."""


def elsewhere(question: str, language: str, text: str) -> bool:
    """Whether a place that `question` names is not in `text`, in either language, nor a part of it (Damascus)."""
    listed = [name for name in names(question, language) if name.means and name.kind == "place"]
    if not listed:
        return False
    have = read(text)
    return any(not bears_meaning(have, name.means, byword=True) for name in listed)


def unsaid(question: str, language: str, text: str) -> bool:
    """Whether `question` asks for what every country has (its population), and `text` speaks of no such thing."""
    folded = fold(question)
    wanted = [said for asked, said in _ATTRIBUTES if asked.search(folded)]
    if not wanted or not any(name.means or name.kind == "place" for name in names(question, language)):
        return False
    return not all(said.search(fold(text)) for said in wanted)


def missed(question: str, language: str, text: str) -> bool:
    """Whether `question` asks for nothing but what happened in a place and a year, and one of them is not in `text`."""
    folded = fold(question).strip()
    years = set(_YEAR.findall(folded))
    if not years or not _HAPPENED.match(folded) or len(folded.split()) > _LONGEST:
        return False
    return not years <= set(_YEAR.findall(fold(text))) or elsewhere(question, language, text)


def unheld(question: str, sentences: Iterable[str]) -> bool:
    """Whether `question` asks for nothing but who holds an office, and none of the sentences has one with that title.

    Of a minister it must be the same ministry. The holder's name is not looked for: not every one is known for a name.
    """
    asked, portfolio = _office(question), _portfolio(question)
    if not asked:
        return False
    return not any(asked & _titles(text) and (not portfolio or portfolio & _portfolio(text)) for text in sentences)


def _titles(text: str) -> frozenset[str]:
    return frozenset().union(*(hit.entry.means for hit in read(text).titles))


def _portfolio(text: str) -> frozenset[str]:
    """What the ministries named in `text` are for."""
    return frozenset().union(*(hit.entry.means for hit in read(text).portfolios))


def _office(question: str) -> frozenset[str]:
    """What the office is known as whose holder is asked for; empty where a question asks for something else."""
    folded = " ".join(fold(question).split()).rstrip(" ?؟.!")
    opening = _WHO.match(folded)
    if opening is None or len(folded.split()) > _LONGEST or _CLAUSE.search(folded, opening.end()):
        return frozenset()
    return _titles(question) & _OFFICES
