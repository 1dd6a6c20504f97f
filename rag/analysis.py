"""From text to search terms, for Arabic and English: what the lexical index and word overlap compare.

Only search terms are normalised; stored text never is. One function a rule, so that each can be tested and swept:
characters (`fold` applies them all), words, stop words, stems, character n-grams.

Why these: `python -m evals.benchmarks.analysis MIXED_DEV` (BM25 inside one language, nDCG@10) gives

    =========================================  =====  =====  =====
    terms                                      ar→ar  en→en   ARCD
    =========================================  =====  =====  =====
    untreated words                            .900   .956   .705
    folded words                               .914   .958   .796
    stems by snowball                          .946   .962   .840
    stems: light10, Porter 2 (`terms`)         .953   .962   .843
    stems without weak letters (كتاب as كتب)   .947   .962   .835
    5-grams                                    .954   .944   .850
    4-grams (`grams`)                          .965   .953   .859
    3-grams                                    .965   .942   .865
    3-grams + 4-grams                          .969   .950   .864
    3-grams of stems + 4-grams                 .971   .954   .866
    stems + 0.3 4-grams                        .966   .962   .864
    stems + 0.3 3-grams                        .968   .964   .865
    stems + 0.15 3-grams + 0.15 4-grams        .972   .966   .867
    =========================================  =====  =====  =====

so light10 is as good as snowball, and simpler; n-grams reach what light stemming leaves (prefixes of one letter,
misspelt names, some broken plurals), which leaving out weak letters does not; stems and n-grams together are better
than either. Of the sizes, 3 and 4 are alike once stems stand beside them, and both together are a little better.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat

import Stemmer

VERSION = 3
"""Raised when terms change: an index made with other terms is rebuilt."""

LONGEST = 64
"""Longer pieces without a space are no words (encoded data, dotted lines): cut up all the same, but not remembered."""

_REMEMBERED = 1 << 15

# -- characters ------------------------------------------------------------------------------------------------------

_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"


def _points(ranges: str) -> dict[int, str]:
    """Nothing for each character of "a-cx" (a, b, c and x)."""
    return {
        point: ""
        for first, last in re.findall("(.)(?:-(.))?", ranges)
        for point in range(ord(first), ord(last or first) + 1)
    }


def _latin_letters() -> dict[int, str]:
    """Accented Latin letters as the plain ones that people type."""
    plain = dict(zip("øłđıßæœ", ("o", "l", "d", "i", "ss", "ae", "oe"), strict=True))
    for point in chain(range(0xC0, 0x250), range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(point))[0]
        if base.isascii() and base.isalpha():
            plain[chr(point)] = base
    return str.maketrans(plain)


_DIACRITICS = _points(_MARKS)
_TATWEEL = {0x0640: ""}
_UNSEEN = _points(_INVISIBLE)
_ALEFS = str.maketrans("أإآٱ", "اااا")
_YEHS = str.maketrans("ىیېے", "يييي")
_TEH_MARBUTA = str.maketrans("ةۃ", "هه")
_SEATS = str.maketrans("ؤئ", "وي")
_LETTERS_OF_OTHERS = str.maketrans("کگڪپڤچھہەۀۂ", "كككبفجههههه")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_APOSTROPHES = str.maketrans("’‘ʼʻʿʾ`´", "''''''''")
_ACCENTS = _latin_letters()


def without_diacritics(text: str) -> str:
    """No vowel signs, shadda, dagger alef or Quranic marks, nor combining marks of Latin."""
    return text.translate(_DIACRITICS)


def without_tatweel(text: str) -> str:
    """كتـــاب as كتاب."""
    return text.translate(_TATWEEL)


def without_invisible(text: str) -> str:
    """No soft hyphens, joiners, or marks of writing direction, which cut a word where nobody sees it."""
    return text.translate(_UNSEEN)


def one_alef(text: str) -> str:
    """أ إ آ ٱ as ا: the hamza of an alef is often left out."""
    return text.translate(_ALEFS)


def one_yeh(text: str) -> str:
    """ى and the yehs of Persian and Urdu as ي."""
    return text.translate(_YEHS)


def one_teh_marbuta(text: str) -> str:
    """ة as ه, as it is often typed."""
    return text.translate(_TEH_MARBUTA)


def one_hamza_seat(text: str) -> str:
    """ؤ as و, ئ as ي; مسئول, as Egypt writes it, as مسؤول."""
    return text.replace("ئو", "وو").translate(_SEATS)


def arabic_letters(text: str) -> str:
    """Letters of Persian, Urdu and Kurdish as Arabic ones: ک گ پ ڤ چ ھ, in foreign names and from foreign keyboards."""
    return text.translate(_LETTERS_OF_OTHERS)


def western_digits(text: str) -> str:
    """٢٠٢٣ and ۲۰۲۳ as 2023; the Arabic decimal and thousands separators as . and ,."""
    return text.translate(_DIGITS)


def one_apostrophe(text: str) -> str:
    """Curly apostrophes, and the ʿayn and hamza of transliterations, as '."""
    return text.translate(_APOSTROPHES)


def without_accents(text: str) -> str:
    """Latin letters without accents (Erdoğan as Erdogan), in lower case text."""
    return text.translate(_ACCENTS)


_IN_ONE_PASS: dict[int, str | int] = {
    **{point: point for point in range(0x700)},  # found is faster than missing
    **_DIACRITICS, **_TATWEEL, **_UNSEEN, **_ALEFS, **_YEHS, **_TEH_MARBUTA, **_SEATS, **_LETTERS_OF_OTHERS, **_DIGITS,
    **_APOSTROPHES, **_ACCENTS,
}  # fmt: skip
_RULES: tuple[Callable[[str], str], ...] = (
    without_diacritics, without_tatweel, without_invisible, one_alef, one_yeh, one_teh_marbuta, one_hamza_seat,
    arabic_letters, western_digits, one_apostrophe, without_accents,
)  # fmt: skip
"""The rules that `fold` applies after NFKC and lower case, there in one pass over the text."""


def fold(text: str) -> str:
    """NFKC, lower case, and every rule on characters above; punctuation and spaces stay."""
    folded = unicodedata.normalize("NFKC", text).lower()
    if folded.isascii():
        return folded if "`" not in folded else one_apostrophe(folded)
    return folded.replace("ئو", "وو").translate(_IN_ONE_PASS)


def folded_words(listed: str) -> frozenset[str]:
    """The folded words of a list that is written as one text, as lists of words are in the code."""
    return frozenset(map(fold, listed.split()))


# -- words -----------------------------------------------------------------------------------------------------------

_WORD = re.compile(
    r"\d{1,3}(?:[,،]\d{3})+(?!\d)(?:\.\d+)?"  # 46,916,480
    r"|\d+(?:\.\d+)+"  # 3.5 and 1.2.3
    r"|(?<!\d[,،])\d+[,،]\d{1,2}(?![,،]?\d)"  # 3,5
    r"|\d+"
    r"|(?<!\w)[a-z](?:\.[a-z])+(?!\w)"  # u.s.
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
)
_BORDER_OF_SCRIPTS = re.compile("(?<=[ء-ي])(?=[a-z])|(?<=[a-z])(?=[ء-ي])")
_AROUND_WORDS = ".,:;!?()[]\"'«»،؛؟…-–—"
_MONTH_IN_TWO_WORDS = re.compile(r"\b([وفبل]?)(كانون|تشرين)\s+ال(اول|ثاني)\b")
_MONTH_OF_TWO_WORDS = {
    ("كانون", "ثاني"): "يناير",
    ("تشرين", "اول"): "اكتوبر",
    ("تشرين", "ثاني"): "نوفمبر",
    ("كانون", "اول"): "ديسمبر",
}


def one_number(written: str) -> str:
    """A number as it is compared: 1,500 is 1500, and 3,5 is 3.5."""
    if "," not in written:
        return written
    whole, _, last = written.rpartition(",")
    return f"{whole}.{last}" if len(last) < 3 else written.replace(",", "")


def without_possessive(word: str) -> str:
    """No possessive: assad's as assad."""
    return word.removesuffix("'s")


def in_one_piece(word: str) -> str:
    """u.s. as us, don't as dont, and qur'an as quran: as often written without."""
    return word.replace("'", "").replace(".", "")


def scripts_apart(word: str) -> str:
    """A folded word of two scripts in two: الـCOAR as ال coar."""
    return _BORDER_OF_SCRIPTS.sub(" ", word)


def month_in_one_word(text: str) -> str:
    """كانون الثاني as يناير, in folded text: the four months of the Levant that have two words."""
    return _MONTH_IN_TWO_WORDS.sub(lambda found: found[1] + _MONTH_OF_TWO_WORDS[found[2], found[3]], text)


def _cut(token: str) -> tuple[str, ...]:
    """The words of a piece of text without spaces."""
    folded = fold(token).strip(_AROUND_WORDS)
    if not folded.isascii():
        folded = scripts_apart(folded)
    if folded.isalpha():
        return (folded,)
    found = []
    for word in _WORD.findall(folded):
        if word[0].isdigit():
            found.append(one_number(word.replace("،", ",")))
        elif word.isalpha():
            found.append(word)
        else:
            found.append(in_one_piece(without_possessive(word)))
    return tuple(found)


_words_of = lru_cache(_REMEMBERED)(_cut)


def _with_months(text: str) -> str:
    return month_in_one_word(fold(text)) if "كانون" in text or "تشرين" in text else text


def _gather(of: Callable[..., tuple[str, ...]], text: str, *options: object) -> list[str]:
    """What `of`, which remembers, gives for each piece of `text` without spaces.

    Text repeats its words: looking each up takes a fifth of the time that working on the whole text takes.
    """
    tokens = text.split()
    if max(map(len, tokens), default=0) <= LONGEST:
        return list(chain.from_iterable(map(of, tokens, *map(repeat, options))))
    afresh = of.__wrapped__  # type: ignore[attr-defined]
    return [one for token in tokens for one in (of if len(token) <= LONGEST else afresh)(token, *options)]


def words(text: str) -> list[str]:
    """The folded words and numbers of `text`, in order, stop words included; 1,500, ١٬٥٠٠ and 1500 are one number.

    Hyphens and underscores part words, apostrophes and the dots of initials do not; months have one word.
    """
    return _gather(_words_of, _with_months(text))


# -- stop words ------------------------------------------------------------------------------------------------------

STOP_WORDS = frozenset(
    """a an and are as at be been but by did do does for from had has have he her his how i in is it its of on or our she
    so such than that the their them there these they this those to was we were what when where which who whom whose why
    will with would you your about into over after before any all can could should may might also not no
    am me my him being if please whats hows whos wheres im ive dont doesnt didnt isnt arent wasnt werent
    في من على الى إلى عن مع هذا هذه ذلك تلك التي الذي الذين ما ماذا متى اين أين كيف كم هل من لماذا اي أي أية ان أن إن كان كانت
    يكون هو هي هم وهو وهي قد لقد لا لم لن ثم او أو و ف ب ل ك كل بعض عند عندما حيث بين منذ حتى بعد قبل خلال كما اذا إذا لكن غير
    ال وال بال لل هناك تم يتم بها به له لها فيها فيه منها منه عليها عليه وفي ومن وما وعلى
    ماهو ماهي وماهو وماهي ماهم ماهذا ماهذه ماذ منهو منهي لمن بماذا ولماذا وماذا وكيف وكم وهل ومتى واين فما فمن فكيف
    اللتي اللذي اللي يلي والتي والذي والذين شو ايش ليش ليه وين فين مين قديش اديش امتى ايمتى ازاي علاش شنو""".split()
)
"""Common words, question words run together or misspelt (ماهو، اللتي), and those of the dialects (شو، ليش، وين)."""

_CARRY_NO_TOPIC = frozenset(word for written in STOP_WORDS for word in _cut(written))


def is_stop_word(word: str) -> bool:
    """Whether a folded word carries no topic."""
    return word in _CARRY_NO_TOPIC


# -- stems -----------------------------------------------------------------------------------------------------------

_ARABIC = re.compile("[\u0621-\u064a]")


def has_arabic(text: str) -> bool:
    """Whether a text has a letter of the Arabic language."""
    return _ARABIC.search(text) is not None


_ARTICLES = ("وبال", "فبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال")
_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_MONTHS = {
    name: names.split()[0]
    for names in (
        "يناير جانفي", "فبراير شباط فيفري", "مارس اذار", "ابريل نيسان افريل", "مايو ايار", "يونيو يونيه حزيران",
        "يوليو يوليه تموز يوليوز جويليه", "اغسطس غشت", "سبتمبر ايلول شتنبر", "اكتوبر", "نوفمبر نونبر", "ديسمبر دجنبر",
    )
    for name in names.split()
}  # fmt: skip


def one_month_name(word: str) -> str | None:
    """The Gregorian name of a month named as in the Levant, Egypt or the Maghreb, folded; None for other words.

    August has no name of the Levant here: آب without its madda is a father.
    """
    return _MONTHS.get(word) or (_MONTHS.get(word[1:]) if word[0] in "وفبل" else None)


def without_article(word: str) -> str:
    """A folded Arabic word without ال and what is written on to it (و ف ب ك, لل), or without و: two letters stay.

    A lone ف ب ك ل س is as often the word's own (وبال before three letters is not: وبالغ is an adult): it stays.
    """
    for prefix in _ARTICLES:
        if word.startswith(prefix) and len(word) - len(prefix) >= (3 if len(prefix) > 3 else 2):
            return word[len(prefix) :]
    return word[1:] if word[0] == "و" and len(word) >= 4 else word


def without_endings(word: str) -> str:
    """A folded Arabic word without the endings of number, gender, nisba and possession: two letters stay."""
    for suffix in _ENDINGS:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word


def without_last_hamza(word: str) -> str:
    """سماء as سما, as it is often typed; three letters stay."""
    return word[:-1] if word.endswith("ء") and len(word) >= 4 else word


def light10(word: str) -> str:
    """The stem of a folded Arabic word: light10 (Larkey, Ballesteros, Connell 2007), and no hamza at the end."""
    return without_last_hamza(without_endings(without_article(word)))


def porter2(word: str) -> str:
    """The Porter 2 stem of a folded English word."""
    # One a call (.4 µs): a stemmer keeps the word that it works on, and threads would stem each other's.
    return str(Stemmer.Stemmer("english", 0).stemWord(word))


@lru_cache(_REMEMBERED)
def _stem(word: str) -> str:
    if word[:1].isdigit():
        return word
    if _ARABIC.search(word):
        return one_month_name(word) or light10(word)
    return porter2(word) if word.isascii() else word


def stem(word: str) -> str:
    """The stem of a folded word: light10 for Arabic, Porter 2 for Latin script; others, and numbers, as they are."""
    return _stem(word) if len(word) <= LONGEST else word


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: `folded`, in order with a space between them, and their stems, each once."""

    folded: str
    stems: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of `text`, stop words included."""
        folded = words(text)
        return cls(" ".join(folded), frozenset(map(stem, folded)))


# -- terms -----------------------------------------------------------------------------------------------------------


@lru_cache(_REMEMBERED)
def _stems_of(token: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _cut(token))


@lru_cache(_REMEMBERED)
def _terms_of(token: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _cut(token) if not is_stop_word(word))


@lru_cache(_REMEMBERED)
def _grams_of(token: str, size: int) -> tuple[str, ...]:
    found: list[str] = []
    for word in _cut(token):
        if is_stop_word(word):
            continue
        marked = f"_{word}_"
        pieces = [marked] if len(marked) <= size else [marked[i : i + size] for i in range(len(marked) - size + 1)]
        found.extend(map(sys.intern, pieces))
    return tuple(found)


def stems(text: str) -> list[str]:
    """The stems of all words of `text`, in order, stop words included: `[stem(word) for word in words(text)]`."""
    return _gather(_stems_of, _with_months(text))


def terms(text: str) -> list[str]:
    """The stems of the words of `text` that carry a topic, in order."""
    return _gather(_terms_of, _with_months(text))


def grams(text: str, size: int = 4) -> list[str]:
    """Character `size`-grams inside word borders, of the words that carry a topic (short words whole)."""
    return _gather(_grams_of, text, size)
