"""Quotation marks: what stands between them must stand in the source, word for word.

What may differ is what printing changes and no reader minds: white space, Arabic vowel signs and tatweel, the style of
quotation marks, apostrophes and dashes, punctuation at the ends, the case of the first letter, a tail of letters
written
on to an Arabic word (بالسلام for «السلام»), and an honest ellipsis. A translation is not verbatim, so nothing quoted
stands in a source of another language, but for names and titles, which are no quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.analysis import (
    folded_words,
    is_stop_word,
    stem,
    without_diacritics,
    without_invisible,
    without_tatweel,
    words,
)
from rag.bilingual import MIN_CONSONANTS, consonants, load_glossary
from rag.grounding.findings import Finding, Source

_OPENERS = {"«": "»", "“": "”", "„": "“”", "‹": "›", "‘": "’", "「": "」", "『": "』", "‟": "”"}
_STRAIGHT = '"'
_INNER = '«»“”„‟‹›‘「」『』"'
_LONGEST_NAME = 8
"""Words in a title; a quotation of one or two that looks like a name is one."""
_FARTHEST = 1500
"""Characters between quotation marks of a pair, at most."""
_SHORT_NAME = 4
"""Words in a name that an Arabic statement sets in quotation marks and its English source with capitals."""
_CAPITALISED = re.compile(r"\b[A-Z][\w'’]*")
_GAP = 400
"""Characters that an ellipsis may leave out."""
_INSERTED = 80
"""Characters that words in square brackets may stand for."""

_SPACES = re.compile(r"\s+")
_ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*(?:\.{2,}|…|\. \. \.)\s*[\])]|\.{3,}|…|\. \. \.)\s*")
_BRACKETS = re.compile(r"\s*\[[^\[\]]{1,60}\]\s*")
_DASHES = re.compile(r"[‐‑‒–—―−]")
_ENDS = " .,;:!?،؛؟…-'"
_ALIKE = str.maketrans("’‘ʼ`´\u00a0", "'''''\u0020", _INNER)
# Words whose loss inside an ellipsis turns the meaning round.
_TURNS = folded_words("""not no never nor without neither hardly unless if لا لم لن ليس ليست ما غير دون بدون عدم لو إذا
    don't doesn't didn't isn't aren't wasn't won't wouldn't can't cannot couldn't shouldn't hasn't haven't""")
# Nouns and participles before the name of a thing in quotation marks.
_NAMED = folded_words(
    """agency newspaper paper daily magazine weekly channel network website site film movie novel book play
    series song album programme program show podcast app platform company firm group party movement organisation
    organization coalition campaign operation project initiative plan ship vessel tanker boat club team band brand
    product
    model system missile drone virus variant storm hurricane typhoon cyclone satellite spacecraft rocket festival prize
    award conference summit forum poem painting essay article report study game tool chatbot restaurant hotel hashtag
    slogan called named titled entitled dubbed nicknamed known codenamed name title nickname alias
    وكالة صحيفة جريدة مجلة قناة شبكة موقع فيلم رواية كتاب مسرحية مسلسل أغنية ألبوم برنامج تطبيق منصة شركة مجموعة جماعة
    حزب
    حركة منظمة تحالف حملة عملية مشروع مبادرة خطة سفينة ناقلة قارب نادي فريق علامة نظام صاروخ مسيرة فيروس متحور عاصفة
    إعصار
    قمر مركبة مهرجان جائزة مؤتمر قمة منتدى قصيدة لوحة مقال تقرير دراسة لعبة أداة مطعم فندق وسم هاشتاغ شعار تنظيم كتائب
    ميليشيا فصيل مؤسسة جمعية لواء ألوية سرايا بعنوان عنوان باسم اسم اسمها اسمه لقب بلقب يسمى تسمى المسمى المسماة المعروف
    المعروفة الملقب الملقبة يعرف تعرف سميت سمي أسماها أسماه كتابه كتابها روايته روايتها فيلمه فيلمها"""
)


def quoted(text: str) -> Iterator[tuple[int, int]]:
    """Where quotation marks stand around something in `text`: spans of what is between them, outermost only.

    An apostrophe is no quotation mark; one left open by « or “ goes on to the end of the text.
    """
    at = 0
    size = len(text)
    while at < size:
        mark = text[at]
        if mark in _OPENERS:
            end = _closing(text, at, mark)
        elif mark == _STRAIGHT and not (at and text[at - 1].isdigit()):
            end = text.find(_STRAIGHT, at + 1)
        elif mark == "'" and _opens(text, at):
            end = _apostrophe_closing(text, at)
        else:
            end = -1
        if end < 0 and mark in "«“" and at + 1 < size:
            end = size
        if end > at:
            if text[at + 1 : end].strip():
                yield at + 1, end
            at = end
        at += 1


def _closing(text: str, at: int, mark: str) -> int:
    if mark == "‘":
        return _apostrophe_closing(text, at)
    depth = 1
    closers = _OPENERS[mark]
    for place in range(at + 1, min(len(text), at + _FARTHEST)):
        if text[place] in closers:
            depth -= 1
            if not depth:
                return place
        elif text[place] == mark:
            depth += 1
    return -1


def _opens(text: str, at: int) -> bool:
    """Whether a straight ' begins a quotation: nothing written before it, something after."""
    return (not at or not text[at - 1].isalnum()) and text[at + 1 : at + 2].isalpha()


def _apostrophe_closing(text: str, at: int) -> int:
    """Where ' or ’ closes: no letter after it. -1 when only apostrophes follow (the '90s, ’em)."""
    for place in range(at + 2, min(len(text), at + _FARTHEST)):
        if text[place] in "'’" and not text[place + 1 : place + 2].isalnum() and not text[place - 1].isspace():
            return place
    return -1


def _plain(text: str) -> str:
    """Text without what printing changes."""
    text = without_invisible(without_tatweel(without_diacritics(text)))
    text = _DASHES.sub("-", text).translate(_ALIKE)
    return _SPACES.sub(" ", text).strip()


@lru_cache(64)
def _plain_source(text: str) -> str:
    # An apostrophe that closes a quotation goes with the quotation marks; inside words it stays.
    return _without_single_marks(_plain(text))


def _without_single_marks(text: str) -> str:
    return re.sub(r"(?<!\w)'|'(?!\w)", "", text)


def _stands(piece: str, source: str, begin: int, end: int) -> tuple[int, int] | None:
    """The first place of `piece` in source[begin:end] that begins and ends with a word; a first capital may differ."""
    if not piece:
        return begin, begin
    first = piece[0]
    forms = [piece] if first.lower() == first.upper() else [piece, first.swapcase() + piece[1:]]
    if piece.startswith("ال"):
        forms.append("ل" + piece[1:])  # للسلام, of السلام
    best: tuple[int, int] | None = None
    for form in forms:
        at = source.find(form, begin, end)
        while at >= 0:
            last = at + len(form)
            if _word_begins(source, at) and (
                last == len(source) or not (source[last].isalnum() and piece[-1].isalnum())
            ):
                if best is None or at < best[0]:
                    best = at, last
                break
            at = source.find(form, at + 1, end)
    return best


def _word_begins(source: str, at: int) -> bool:
    if not at or not source[at].isalnum() or not source[at - 1].isalnum():
        return True
    before = source[max(0, at - 3) : at]  # one or two letters written on to an Arabic word: و ف ب ك ل
    letters = len(before) - len(before.rstrip("وفبكل"))
    return 0 < letters <= 2 and (at - letters == 0 or not source[at - letters - 1].isalnum())


def _verbatim(quotation: str, source: str) -> bool:
    """Whether the parts of a quotation stand in order in plain source text, with no more left out than is honest."""
    parts: list[tuple[str, int]] = []  # with the reach from the part before
    for number, part in enumerate(_ELLIPSIS.split(quotation)):
        for inner, piece in enumerate(_BRACKETS.split(part)):
            reach = _INSERTED if inner else _GAP
            cleaned = _without_single_marks(_plain(piece)).strip(_ENDS)
            if cleaned:
                parts.append((cleaned, reach if number or inner else 0))
    if not parts:
        return True
    return any(_follow(parts, source, start) for start in _starts(parts[0][0], source))


def _starts(piece: str, source: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for _ in range(8):
        found = _stands(piece, source, begin, len(source))
        if found is None:
            return
        yield found
        begin = found[0] + 1


def _follow(parts: list[tuple[str, int]], source: str, start: tuple[int, int]) -> bool:
    at = start[1]
    for piece, reach in parts[1:]:
        found = _stands(piece, source, at, min(len(source), at + reach + len(piece)))
        if found is None:
            return False
        left_out = words(source[at : found[0]])
        if len(left_out) <= 4 and not _TURNS.isdisjoint(left_out):
            return False
        at = found[1]
    return True


def _is_name(statement: str, start: int, written: list[str], quotation: str) -> bool:
    """Whether what is quoted looks like the name or title of something."""
    if len(written) > _LONGEST_NAME or quotation.rstrip().endswith((",", "،", ".", "!")):
        return False
    before = words(statement[max(0, start - 60) : start])[-2:]
    if any(word in _NAMED or word.removeprefix("ال") in _NAMED for word in before):
        return True
    pieces = re.findall(r"[^\W\d_]+", quotation)
    latin = [piece for piece in pieces if piece[0].lower() != piece[0].upper()]
    if not latin:
        return False
    return pieces == latin and all(piece[0].isupper() or is_stop_word(piece.lower()) for piece in latin)


def _named_in(written: list[str], source: Source, across: bool) -> bool:
    """Whether most words of a name stand in the source, in whatever form or spelling."""
    content = [word for word in written if not is_stop_word(word)] or written
    there = words(source.text)
    stems = set(map(stem, there))
    skeletons = {key for word in there if len(key := consonants(word)) >= MIN_CONSONANTS}
    found = 0
    for word in content:
        if stem(word) in stems or consonants(word) in skeletons:
            found += 1
        elif across:
            ways = (way for _, known in load_glossary().ways(word) for way in known)
            found += any(way <= stems for way in ways) or len(consonants(word)) < MIN_CONSONANTS
    return found == len(content) if not across else 2 * found >= len(content)


def _name_of_source(written: list[str], source: Source) -> bool:
    """Whether every word of a short quotation answers a capitalised word of an English source: «ماريستات», Maristat."""
    if len(written) > _SHORT_NAME:
        return False
    names = [word.lower() for word in _CAPITALISED.findall(source.text)]
    stems, sounds = set(map(stem, names)), {consonants(word) for word in names}
    heard = [sound for word in written if (sound := consonants(_bare(word))) in sounds and len(sound) > 1]
    if heard and max(map(len, heard)) < MIN_CONSONANTS:
        return False
    return all(
        consonants(_bare(word)) in heard
        or any(way <= stems for _, known in load_glossary().ways(word) for way in known)
        for word in written
    )


def _bare(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def check_quotation(statement: str, language: str, source: Source) -> list[Finding]:
    """What stands between quotation marks in `statement` and is not in its source word for word."""
    findings: list[Finding] = []
    for start, end in quoted(statement):
        quotation = statement[start:end]
        written = words(quotation)
        if not written or _verbatim(quotation, _plain_source(source.text)):
            continue
        across = language != source.language
        if _is_name(statement, start - 1, written, quotation) and _named_in(written, source, across):
            continue
        if across and not quotation.isascii() and _name_of_source(written, source):
            continue
        findings.append(Finding("quote", quotation.strip()))
    return findings
