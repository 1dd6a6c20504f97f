"""In what rank a sentence speaks of an office: its holder's, a deputy's, or that of one who held it or stands in.

"Deputy water minister" has all the words of "water minister", and is somebody else; so is a former one, unless it is
asked who he was. Who acts for a holder is told apart, but is the best that there may be.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.analysis import fold, folded_words
from rag.answering.constraints.coverage import office_of
from rag.grounding.names.source import Read, read
from rag.grounding.names.tokens import Hit

Rank = Literal["holder", "deputy", "former", "acting"]
Ranked = Literal["same", "other", "near", "none"]

_BEFORE: dict[str, Rank] = {
    **dict.fromkeys(
        folded_words("deputy vice assistant نائب نائبة نائبا مساعد مساعدة معاون معاونة وكيل وكيلة"), "deputy"
    ),
    **dict.fromkeys(("former", "ex", "erstwhile", "outgoing", "onetime"), "former"),
    **dict.fromkeys((*folded_words("acting interim caretaker أعمال مهام"), "باعمال", "بمهام"), "acting"),
}
"""Words before an office, with no more than what it is for and of between; «القائم بأعمال حاكم المصرف»."""
_AFTER: dict[str, Rank] = {
    **dict.fromkeys(folded_words("السابق السابقة الأسبق سابقا"), "former"),
    **dict.fromkeys(folded_words("بالوكالة بالإنابة بالنيابة المؤقت المؤقتة"), "acting"),
}
"""Words after an office and what it is of: «وزير الصحة اللبناني السابق»."""
_REACH = 3
"""Words between an office and one of them."""
_DEPUTY_OF = re.compile(r"[’'] ?s deputy\b")
"""The minister's deputy."""
_WAS = re.compile(r"(?:and )?(?:who|what) (?:was|were)\b|[وف]?(?:من|ما) (?:كان|كانت)\b")


def ranked(question: str, text: str) -> Ranked:
    """Whether a sentence speaks of the office whose holder is asked for in the rank that is asked for.

    "other": in another rank alone; "near": of one who acts for the holder, or without the "former" that is asked for;
    "none": not of this office, or the question asks for none.
    """
    office = office_of(question)
    if not office:
        return "none"
    asked, have = read(question), read(text)
    hits = [hit for hit in have.titles if office & hit.entry.means]
    wanted = [rank_of(asked, hit) for hit in asked.titles if office & hit.entry.means]
    if not hits or not wanted:
        return "none"
    found = {rank_of(have, hit) for hit in hits}
    if wanted[0] in found or (_WAS.match(fold(question).strip()) and {wanted[0], *found} <= {"holder", "former"}):
        return "same"
    near = {"holder": "acting", "former": "holder", "acting": "holder", "deputy": ""}[wanted[0]]
    return "near" if near in found else "other"


def rank_of(text: Read, hit: Hit) -> Rank:
    """The rank in which a text speaks of the office that stands at `hit`."""
    words = text.tokens
    of = {at for one in (*text.portfolios, *text.titles) for at in range(one.first, one.last)}
    for at in range(hit.first - 1, max(-1, hit.first - 1 - _REACH), -1):
        if words[at + 1].gap.strip(" -\u00a0\u200f"):
            break
        one = words[at].word
        found = _BEFORE.get(one) or (_BEFORE.get(one[1:]) if one[:1] in "وفبلك" else None)
        if found is not None:
            return found
        if words[at].arabic or at not in of:
            break
    if not words[hit.first].arabic:
        end = words[hit.last - 1].end
        return "deputy" if _DEPUTY_OF.match(text.text[end : end + 12]) else "holder"
    for at in range(hit.last, min(hit.last + _REACH + 1, len(words))):
        if words[at].gap.strip(" \u00a0\u200f"):
            break
        if words[at].word in _AFTER:
            return _AFTER[words[at].word]
    return "holder"
