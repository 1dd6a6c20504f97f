"""Words of a text where they stand, and the forms under which a word is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.analysis import LONGEST, fold, folded_words, is_stop_word, stem
from rag.bilingual import load_glossary
from rag.grounding.names.gazetteer import Entry

_MARK = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f"
_WORD = re.compile(
    rf"(?<!\w)(?:[A-Za-z]\.){{2,5}}(?![A-Za-z])|[A-Z]{{1,5}}\d{{1,2}}(?!\w)|[^\W\d_](?:[^\W_]|[{_MARK}]|['’ʼ](?=[^\W\d_]))*\+?"
)
_ARABIC = re.compile("[\u0621-\u064a]")
_POSSESSIVE = re.compile("['’]s?$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word at text[start:end]: `word` is folded, `gap` what stands between it and the word before."""

    start: int
    end: int
    raw: str
    word: str
    gap: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.raw[0].isupper()

    @property
    def sound(self) -> str:
        """The word with a last ى as it stands: عيسى ends otherwise than علي."""
        return self.word[:-1] + "ى" if self.raw[-1] == "ى" and self.word[-1] == "ي" else self.word

    @property
    def arabic(self) -> bool:
        """Whether it is in Arabic letters."""
        return _ARABIC.search(self.word) is not None


def tokens(text: str) -> list[Token]:
    """The words of `text` in order; numbers are none."""
    found = []
    before = 0
    for match in _WORD.finditer(text):
        raw = match.group()
        if len(raw) > LONGEST:
            before = match.end()
            continue
        raw = _POSSESSIVE.sub("", raw) or raw
        word = fold(raw).replace(".", "").replace("'", "")
        if word:
            found.append(Token(match.start(), match.start() + len(raw), raw, word, text[before : match.start()]))
        before = match.end()
    return found


_TOGETHER = ("و", "ف")
_PREPOSITIONS = ("ب", "ل", "ك")
_NISBA = ("يتين", "يتان", "يون", "يين", "يات", "يان", "يه", "ين", "ون")


@lru_cache(1 << 15)
def variants(word: str) -> tuple[str, ...]:
    """The forms under which a folded word may be listed: itself, then without what is written on to it."""
    if not _ARABIC.search(word):
        return (word, word[:-1]) if word.endswith("s") and len(word) > 4 else (word,)
    found = [word]
    if word[0] in _TOGETHER and len(word) >= 4:
        found.append(word[1:])
    for form in tuple(found):
        if form.startswith("لل") and len(form) >= 4:
            found.append(form[2:])
        elif form[0] in _PREPOSITIONS and len(form) >= 4:
            found.append(form[1:])
    found += [form[2:] for form in tuple(found) if form.startswith("ال") and len(form) >= 4]
    for form in tuple(found):
        for ending in _NISBA:
            if form.endswith(ending) and len(form) - len(ending) >= 2:
                root = form[: -len(ending)]
                found.append(root + "ي" if ending[0] == "ي" and ending != "ين" else root)
                break
        if form.endswith("يا") and len(form) >= 5:
            found.append(form[:-1])
        if form.endswith("ه") and len(form) >= 4:
            found.append(form[:-1])
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed form at tokens[first:last]."""

    first: int
    last: int
    entry: Entry


def scan(words: list[Token], forms: dict[str, list[Entry]], *, capital: bool) -> list[Hit]:
    """The listed forms among `words`, the longest at each place; `capital`: Latin ones need a capital letter."""
    hits: list[Hit] = []
    at = 0
    while at < len(words):
        hit = _at(words, at, forms, capital=capital)
        if hit is None:
            at += 1
        else:
            hits.append(hit)
            at = hit.last
    return hits


def _at(words: list[Token], at: int, forms: dict[str, list[Entry]], *, capital: bool) -> Hit | None:
    token = words[at]
    if capital and not token.arabic and not token.capital:
        return None
    best: Hit | None = None
    for number, form in enumerate(variants(token.word)):
        for entry in forms.get(form, ()):
            size = len(entry.keys)
            if best is not None and size <= best.last - best.first:
                break
            if size == 1 and number and len(form) < 3:
                continue
            if entry.article and "ال" not in token.word[:4] and "لل" not in token.word[:3]:
                continue
            if size == 1 and not token.arabic and is_stop_word(form) and not token.raw.replace(".", "").isupper():
                continue  # US and WHO are no us and who
            if all(
                at + i < len(words)
                and words[at + i].gap.strip(" -\u00a0\u200f\n") == ""
                and entry.keys[i] in variants(words[at + i].word)
                for i in range(1, size)
            ):
                best = Hit(at, at + size, entry)
                break
    return best


@lru_cache(1 << 15)
def is_ordinary(word: str) -> bool:
    """Whether a folded word is in the vocabulary: a stop word, or one that the glossary translates."""
    if is_stop_word(word) or word in _CALENDAR:
        return True
    return any(bool(ways) for _, ways in load_glossary().ways(word))


@lru_cache(1 << 15)
def ways_of(word: str) -> tuple[frozenset[str], ...]:
    """The stems of each translation of a folded word."""
    return tuple(way for _, ways in load_glossary().ways(word) for way in ways)


@lru_cache(1 << 15)
def stem_of(word: str) -> str:
    """The stem of a folded word."""
    return stem(word)


_CALENDAR = folded_words("""january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday christmas easter ramadan eid
    يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر شباط آذار نيسان أيار حزيران تموز آب
    أيلول تشرين كانون محرم صفر رجب شعبان رمضان شوال
    الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد""")
"""Months and days: other checks see to dates."""
