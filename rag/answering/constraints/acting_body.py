"""Which body did it: when the Senate voted is no answer to when the House did.

A question names a body as the one that acts (the House, a president, a court, a ministry), and a sentence that names
another one as the one that did the same tells of another deed. Silence is not another body, and neither is one that the
question names too, one of which the other is a part, or one that is named beside the deed and did not do it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from rag.analysis import fold, has_arabic
from rag.answering.constraints.agents import Named, agents, deed_of
from rag.grounding.names.check import names
from rag.grounding.names.source import read

By = Literal["here", "elsewhere", "unknown"]

_NO_BODY = re.compile(
    r"\b(?:White|Opera|Open|Auction) House\b|\bHouse of (?=Lords|Commons)|\b(?:House|Senate|Parliament) (?:[Ss]peaker"
    r"|(?:[Mm]ajority|[Mm]inority) \w+|(?:[Ss]ub)?[Cc]ommittee|[Pp]anel|[Vv]ersion)"
    r"|\b(?:[Ss]peaker|[Pp]resident|[Cc]lerk|[Mm]embers?) of (?:the )?(?:House|Senate"
    r"|[Pp]arliament|[Cc]ourt|[Cc]ouncil|[a-z]+)"
    r"|\b[Vv]ice[ -][Pp]resident|\b(?:[Ss]quare|[Tt]ennis|[Bb]asketball) [Cc]ourts?|\bSecurity Council\b"
    r"|\b[Cc]ourt(?:room|yard|house| cases?| documents?| records?)\b"
)
"""What has the word and is no such body: the White House, the Speaker of the House."""
_NO_BODY_AR = re.compile(
    r"(?<!\w)[وفبلك]*(?:ال)?(?:رييس|رييسه|نايب|نايبه|عضو|اعضاء|لجنه|لجان)"
    r" (?:مجلس|المجلس|البرلمان|المحكمه|محكمه)(?: \w+)?"
    r"|(?<!\w)[وفبلك]*(?:ال)?نايب (?:ال)?رييس|(?<!\w)الرييس التنفيذي|(?<!\w)مجلس الامن"
)
_ENGLISH: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("house", re.compile(r"\bHouse\b(?! of Commons| of Lords)|\bHouse of Representatives\b")),
    ("senate", re.compile(r"\b[Ss]enat(?:e|ors?)\b")),
    ("lords", re.compile(r"\bLords\b")),
    ("commons", re.compile(r"\bCommons\b")),
    ("parliament", re.compile(r"\b[Pp]arliament\b|\bCongress\b|\bKnesset\b|\bNational Assembly\b")),
    ("president", re.compile(r"\b[Pp]resident\b")),
    ("premier", re.compile(r"\b[Pp]rime [Mm]inister\b|\b[Pp]remier\b")),
    ("court", re.compile(r"\b[Cc]ourts?\b|\b[Jj]udges?\b|\b[Tt]ribunal\b|\b[Jj]ustices\b")),
    ("government", re.compile(r"\b[Gg]overnment\b|\b[Cc]abinet\b|\b[Aa]dministration\b")),
    ("ministry", re.compile(r"\b(?<![Pp]rime )[Mm]inist(?:ry|ries|ers?)\b")),
    ("council", re.compile(r"\b(?:[Cc]ity|[Tt]own|[Ll]ocal|[Mm]unicipal|[Vv]illage) [Cc]ouncil\b|\b[Mm]unicipality\b")),
)
_P = r"(?<!\w)[وف]?[بلك]?"
_ARABIC: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("house", re.compile(rf"{_P}مجلس النواب(?!\w)")),
    ("senate", re.compile(rf"{_P}مجلس (?:الشيوخ|الاعيان)(?!\w)|{_P}(?:ال)?سيناتور(?!\w)")),
    ("lords", re.compile(rf"{_P}مجلس اللوردات(?!\w)")),
    ("commons", re.compile(rf"{_P}مجلس العموم(?!\w)")),
    ("parliament", re.compile(rf"{_P}(?:ال|لل)?(?:برلمان|كون[غج]رس|كنيست)(?!\w)|{_P}مجلس الشعب(?!\w)")),
    ("president", re.compile(rf"{_P}(?:الرييس(?:ه)?|للرييس|رييس (?:الجمهوريه|الدوله))(?!\w)")),
    ("premier", re.compile(rf"{_P}رييس(?:ه)? (?:ال)?(?:وزراء|حكومه)(?!\w)")),
    ("court", re.compile(rf"{_P}(?:ال|لل)?(?:محكمه|محاكم|قاضي?|قضاه|قضاء)(?!\w)")),
    ("government", re.compile(rf"{_P}(?:ال|لل)?(?:حكومه|اداره)(?!\w)|{_P}مجلس الوزراء(?!\w)")),
    ("ministry", re.compile(rf"{_P}(?:ال|لل)?(?:وزاره|وزير|وزيره)(?!\w)")),
    ("council", re.compile(rf"{_P}(?:ال|لل)?(?:بلديه|مجلس (?:البلديه|البلدي|المدينه|القريه|البلده|المحلي))(?!\w)")),
)
_ALIKE = tuple(
    map(
        frozenset,
        (
            ("parliament", "house"),
            ("parliament", "senate"),
            ("parliament", "lords"),
            ("parliament", "commons"),
            ("house", "commons"),
            ("senate", "lords"),
            ("government", "president"),
            ("government", "premier"),
            ("government", "ministry"),
            ("government", "parliament"),
            ("premier", "ministry"),
        ),
    )
)
"""Pairs of which one may be meant by the other, or does what the other is said to do."""
_PERSONS = frozenset(("president", "premier", "ministry"))
"""Who may be called by name alone: Biden signed it."""
_CHAMBERS = frozenset(("house", "senate", "lords", "commons"))

_DOES = re.compile(
    r"\b(?:did|does|do|will|would|has|have|had)\b\W+(?:\w+['’]?s?\W+){0,3}?(?:and\W+the\W+)?$", re.IGNORECASE
)
_WHERE = re.compile(r"\b(?:in|by)\b\W+(?:the\W+)?(?:\w+\W+)?$", re.IGNORECASE)
_BY = re.compile(r"\bby\b\W+(?:the\W+)?(?:\w+\W+)?$", re.IGNORECASE)
_COUNTS = re.compile(r"\bhow many\W+$", re.IGNORECASE)
"""Before a body that acts in an English question: did the US Senate, by the court, in the House, how many senators."""
_ASKED_AR = re.compile(
    r"^[وف]?(?:متي|لماذا|ليش|كيف|اين|ماذا|بماذا|بكم|كم|هل|في اي \w+)\W+(?:قد )?(?:\w+ ){1,2}$|(?<!\w)(?:في|قبل) $"
)
"""Before one in an Arabic question: متى أقر مجلس النواب, كم صوتا نال في مجلس الشيوخ."""


def acting(question: str) -> frozenset[str]:
    """The body that `question` names as the one that acts; empty where it names none so, or more than one."""
    return frozenset(() if (one := _asked(question)) is None else (one.body,))


@lru_cache(256)
def _asked(question: str) -> Named | None:
    """Where `question` names it; asked for once a sentence."""
    found: dict[str, Named] = {}
    for one in _bodies(question, asked=True):
        body, before, chamber = one.body, one.before, one.body in _CHAMBERS
        if has_arabic(before):
            acts = bool(_ASKED_AR.search(before)) and (chamber or not before.endswith("في "))
        else:
            acts = bool(_DOES.search(before) or (_WHERE if chamber else _BY).search(before))
        if acts or (body == "senate" and _COUNTS.search(before)):
            found.setdefault(body, one)
    return next(iter(found.values())) if len(found) == 1 else None


def by_whom(question: str, text: str, language: str, before: str = "") -> By:
    """Whether a sentence `text`, in `language`, gives to the body that acts in `question` what it tells, or to another.

    To another only where that one is plainly who did the deed that is asked for (`rag.answering.constraints.agents`),
    every time that the sentence tells of it. `before` is the sentence before it, which has the chamber of «and it
    passed».
    """
    asking = _asked(question)
    if asking is None:
        return "unknown"
    asked, deed = asking.body, deed_of(asking)
    have = list(_bodies(text))
    bodies = {one.body for one in have}
    if asked in bodies:
        by = _of_ministry(question, text) if asked == "ministry" else "here"
        if by != "elsewhere":
            return by
    did = agents(deed, have[0].text if have else _read(text), have)
    if not have and deed.vote and did:
        # «And it passed» is of the chamber that the sentence before it tells of.
        led = [one for one in _bodies(before) if one.body in _CHAMBERS]
        did = agents(deed, led[0].text, led) if led else {}
        if asked in {one.body for one in led}:
            return "unknown"
    named = {one.body for one in _bodies(question, asked=True)} - {asked}
    rivals = {one.body if one else "" for one in did.values()}
    if not rivals or "" in rivals or rivals & named:
        return "unknown"
    if any(frozenset((asked, one)) in _ALIKE for one in bodies | rivals):
        return "unknown"
    if asked in _PERSONS and asked not in bodies and any(one.kind == "person" for one in names(text, language)):
        return "unknown"
    return "elsewhere"


def _of_ministry(question: str, text: str) -> By:
    """Where both name a ministry: whether it is the same one."""
    asked, have = (frozenset().union(*(hit.entry.means for hit in read(one).portfolios)) for one in (question, text))
    if not asked or not have:
        return "unknown"
    return "here" if asked & have else "elsewhere"


def _read(text: str, *, asked: bool = False) -> str:
    """A text as it is searched for bodies, without what is none; `asked`: a question, which may lack capitals."""
    if has_arabic(text):
        folded = _NO_BODY_AR.sub(" ", " ".join(fold(text).split()))
        return folded.lstrip(" «\"'") if asked else folded
    if asked:
        text = re.sub(r"\bthe house\b", "the House", text)
    return _NO_BODY.sub("_", " ".join(text.split()))


def _bodies(text: str, *, asked: bool = False) -> Iterator[Named]:
    """The bodies that a text names."""
    shown = _read(text, asked=asked)
    arabic = has_arabic(text)
    for body, pattern in _ARABIC if arabic else _ENGLISH:
        for match in pattern.finditer(shown):
            yield Named(body, shown, match.start(), match.end())
