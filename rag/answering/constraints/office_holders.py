"""Whose office a sentence speaks of: the mayor of Aleppo does not answer who the mayor of Hama is.

A sentence bears the holder out where what the question names stands beside the title ("Hama's mayor", «محافظ حماة»), or
where the title stands alone ("the mayor said") in a passage or under a title that names it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.analysis import fold, folded_words, is_stop_word
from rag.answering.constraints.coverage import office_of
from rag.grounding.names.check import names
from rag.grounding.names.english_words import SAYING
from rag.grounding.names.source import Read, bears_meaning, bears_word, read
from rag.grounding.names.tokens import Hit, Token

Held = Literal["here", "elsewhere", "unknown"]

_OPENING = re.compile(r"(?:and )?who\b|[وف]?من\b|[وف]?ما\b")
_ASKS_WHO = re.compile(r"(?:and )?who\b|(?:and )?what (?:is|was) the name\b|[وف]?من\b|[وف]?ما (?:هو )?اسم\b")
"""Not what he was the secretary-general of."""
_LINKS = frozenset("of in for at to the and al el de du des la le".split())
_FIRST = frozenset("of in for at to".split())
_AFTER_A_VERB = frozenset("heads leads runs chairs governs rules".split())
_BEFORE_A_VERB = frozenset("who which that now also currently still".split())
_PAST = frozenset("met made took gave held sent found went came left wrote has had was is will would".split())
_KINDS = folded_words(
    """المدينة البلدة القرية المحافظة البلد الدولة البلاد الحكومة الشركة المنظمة الجمعية الجامعة المجلس الهيئة المؤسسة
    الوزارة المصرف البنك الاتحاد البلدية المنطقة الإقليم المركز المستشفى المدرسة الحزب النادي"""
)
"""By what kind of thing it is, an office of something named before: «عمدة المدينة»."""
_STATE = folded_words("republic الجمهورية جمهورية")
"""No name by itself: the Lebanese Republic is Lebanon, and everybody calls his own "the republic"."""
_NOW = folded_words("السابق السابقة الأسبق الحالي الحالية الجديد الجديدة الراحل الراحلة المؤقت المؤقتة المكلف المكلفة")
"""Of the holder, not of what is held: «حاكم مصرف لبنان السابق»."""
_HONORIFICS = folded_words(
    """المهندس المهندسة الدكتور الدكتورة الطبيب الطبيبة السيد السيدة الأستاذ الأستاذة الشيخ الحاج المحامي المحامية
    القاضي العميد العقيد اللواء الرائد المقدم النقيب الملازم الفريق الضابط البروفيسور الآنسة"""
)
"""Before the holder's name: «مدير السد المهندس رامز»."""
_OF_PLACES = frozenset(("governor", "mayor"))
_REACH = 4
"""Words after an Arabic title, and before an English one, in which that of which it is the title is named."""
_SMALL = 3
"""Words in small letters before a name: "of the central bank of Iraq"."""


@dataclass(frozen=True, slots=True)
class _Named:
    """What a question names: a word, and what the lists know it as.

    `sure`: it is a name in any language; `place`: the lists know it as a place or a people.
    """

    token: Token
    means: frozenset[str]
    sure: bool
    place: bool


def held(question: str, language: str, text: str, written: str, context: str, document: str = "") -> Held:
    """Where a sentence `text`, in `written`, has the office whose holder is asked for.

    "here": of what the question names; "elsewhere": of something else; "unknown": it has no such office, or the
    question asks for none of anything named, or only the rest of its document names that. `context` is the sentence's
    passage with its title, `document` what was found of its document.
    """
    asked = office_of(question) if _ASKS_WHO.match(fold(question).strip()) else frozenset()
    wanted = _named(question, language) if asked else []
    hits = [hit for hit in read(text).titles if asked & hit.entry.means] if wanted else []
    if not hits:
        return "unknown"
    if language != written:
        wanted = [one for one in wanted if one.sure]
    if not wanted:
        return "unknown"
    found = [_held(hit, wanted, read(question), read(text), written, (context, document)) for hit in hits]
    return next((place for place in ("here", "unknown") if place in found), "elsewhere")


def _named(question: str, language: str) -> list[_Named]:
    """The words of a question that say of what somebody holds an office, where that has a name."""
    asked = read(question)
    meant = {at: hit.entry for hit in asked.hits for at in range(hit.first, hit.last)}
    spans = [(one.start, one.end) for one in names(question, language)]
    of_title = {at for hit in (*asked.titles, *asked.portfolios) for at in range(hit.first, hit.last)}
    opening = _OPENING.match(fold(question).strip())
    words = [
        (at, one)
        for at, one in enumerate(asked.tokens)
        if at not in of_title
        and not is_stop_word(one.word)
        and (at in meant or one.word not in _STATE)
        and (opening is None or one.start >= opening.end())
    ]
    of_place = any(_OF_PLACES & hit.entry.means for hit in asked.titles)
    found = []
    for number, (at, one) in enumerate(words):
        listed = any(start <= one.start < end for start, end in spans)
        if one.arabic:
            # مصرف الرشيد: what it is, then which one; a governor or a mayor is of a place
            first = not number and one.word.startswith("ال") and not (of_place and one.word not in _KINDS)
            which = listed or at in meant or not first
        else:
            which = one.capital or at in meant
        if which:
            entry = meant.get(at)
            place = entry is not None and entry.kind == "place"
            found.append(
                _Named(one, entry.means if entry else frozenset(), bool(entry or listed or one.capital), place)
            )
    return found


def _held(hit: Hit, wanted: Sequence[_Named], asked: Read, have: Read, written: str, around: Sequence[str]) -> Held:
    """Where the office of one title is."""
    beside = _beside_arabic(have, hit, written) if have.tokens[hit.first].arabic else _beside_english(have, hit)
    phrase = read(have.text[beside[0].start : beside[-1].end] if beside else "")
    missing = [one for one in wanted if not _bears(phrase, one)]
    if not missing:
        return "here"
    if _is_of_other(beside, have, asked):
        # what letters stand for is said elsewhere: "the Taskforce of United Methodists", TUMAS
        short = all(not one.token.arabic and one.token.raw.isupper() for one in missing)
        return "unknown" if short and all(_bears(read(around[-1]), one) for one in missing) else "elsewhere"
    context, document = ([_bears(read(text), one) for one in missing] for text in around)
    if all(context):
        return "here"
    # part of its name, and nothing that contradicts it: EU Commission President, «حاكم مصرف لبنان» of his central bank
    known = not any(one.place for one in missing) and any(_tells_which(one, asked) for one in beside)
    return "unknown" if all(document) or known else "elsewhere"


def _tells_which(one: Token, asked: Read) -> bool:
    """Whether a word beside a title is one of the question's, and more than the kind of thing («الجامعة», «السد»)."""
    kind = one.word in _KINDS or any(one.word == "ال" + other.word for other in asked.tokens)
    return (not kind if one.arabic else one.capital) and bears_word(asked, one)


def _bears(text: Read, one: _Named) -> bool:
    if one.means and bears_meaning(text, one.means, byword=True):
        return True
    return not one.means and bears_word(text, one.token)


def _is_of_other(beside: Sequence[Token], have: Read, asked: Read) -> bool:
    """Whether what stands beside a title names something that the question does not."""
    places = {one.start for one in beside}
    listed: dict[int, bool] = {}
    for hit in have.hits:
        starts = {have.tokens[at].start for at in range(hit.first, hit.last)}
        if places & starts:
            listed.update(dict.fromkeys(starts, bears_meaning(asked, hit.entry.means, byword=True)))
    if not all(listed.values()):
        return True
    beside = [one for one in beside if one.word not in _STATE]
    if not beside:
        return False
    if beside[0].arabic:
        head = beside[0]
        if head.word in _KINDS:
            return False
        if not bears_word(asked, head):
            return not head.word.startswith("ال")
        # the same kind of thing, and another one: مصرف الرافدين for مصرف الرشيد
        after = [one for one in beside[1:] if one.word not in _NOW and not bears_word(asked, one)]
        return bool(after) and (after[0] is beside[1] or after[0].word.startswith("ال"))
    return any(one.capital and not listed.get(one.start) and not bears_word(asked, one) for one in beside)


def _beside_english(text: Read, hit: Hit) -> list[Token]:
    """The words that say of what somebody is mayor: "Hama's mayor", "the mayor of the city of Hama"."""
    words = text.tokens
    before: list[Token] = []
    for at in range(hit.first - 1, max(-1, hit.first - 1 - _REACH), -1):
        if words[at + 1].gap.strip(" '’s-\u00a0") or is_stop_word(words[at].word):
            break
        before.insert(0, words[at])
    kept: list[Token] = []
    small = 0
    # who heads the Red Crescent, and the previous chairs
    led_by = hit.first and (words[hit.first - 1].capital or words[hit.first - 1].word in _BEFORE_A_VERB)
    verb = bool(led_by) and words[hit.first].word in _AFTER_A_VERB
    for at in range(hit.last, len(words)):
        one = words[at]
        if one.gap.strip(" '’s-\u00a0") or one.arabic:
            break
        if at == hit.last and one.word not in _FIRST and not verb:
            break
        if one.word in _LINKS:
            small = 0
        elif not one.capital:
            small += 1
            possessed = "'" in one.gap or "’" in one.gap or (kept and kept[-1] is words[at - 1] and small > 1)
            done = small > _SMALL or one.word in SAYING or one.word in _PAST or one.word.endswith("ed")
            if done or (words[at - 1].capital and not possessed):
                break
        kept.append(one)
    return [one for one in (*before, *kept) if not is_stop_word(one.word)]


def _beside_arabic(text: Read, hit: Hit, language: str) -> list[Token]:
    """The words after a title and its portfolio that say of what it is: «مدير مصرف الرافدين», «وزير الصحة اللبناني»."""
    words = text.tokens
    first = next((one.last for one in text.portfolios if one.first == hit.last), hit.last)
    persons = {one.start for one in names(text.text, language) if one.kind == "person" and len(one.keys) > 1}
    kept: list[Token] = []
    # the governor, and then his name: المحافظ سامي الدندل
    definite = first == hit.last and any(word.word.startswith("ال") for word in words[hit.first : hit.last])
    listed = {at for one in text.hits for at in range(one.first, one.last)}
    for at in range(first, min(first + _REACH, len(words))):
        one = words[at]
        if one.gap.strip(" \u00a0\u200f") or one.start in persons or (definite and at not in listed):
            break
        if at > first and one.word in _HONORIFICS:
            break
        if is_stop_word(one.word):
            if one.word != "في" or at + 1 not in listed:
                break
            continue
        kept.append(one)
    return kept
