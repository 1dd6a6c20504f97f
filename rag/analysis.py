"""From text to search terms, for Arabic and English: what the lexical index and word overlap compare.

Only search terms are normalised; stored text never is. One function a rule, so that each can be tested and swept.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

VERSION = 2
"""Raised when terms change: an index made with other terms is rebuilt."""

_DIACRITICS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]")
_TATWEEL = "\u0640"
_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ؤ": "و", "ئ": "ي"}
)
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬", "01234567890123456789.,")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_ARABIC = re.compile("[\u0621-\u064a]")

STOP_WORDS = frozenset(
    """a an and are as at be been but by did do does for from had has have he her his how i in is it its of on or our she
    so such than that the their them there these they this those to was we were what when where which who whom whose why
    will with would you your about into over after before any all can could should may might also not no
    في من على الى إلى عن مع هذا هذه ذلك تلك التي الذي الذين ما ماذا متى اين أين كيف كم هل من لماذا اي أي أية ان أن إن كان كانت
    يكون هو هي هم وهو وهي قد لقد لا لم لن ثم او أو و ف ب ل ك كل بعض عند عندما حيث بين منذ حتى بعد قبل خلال كما اذا إذا لكن غير
    هناك تم يتم بها به له لها فيها فيه منها منه عليها عليه وفي ومن وما وعلى""".split()
)


def fold(text: str) -> str:
    """NFKC, lower case, no diacritics or tatweel, Western digits, alef, yeh, teh-marbuta and hamza seats folded."""
    text = unicodedata.normalize("NFKC", text).lower()
    return _DIACRITICS.sub("", text).replace(_TATWEEL, "").translate(_LETTERS).translate(_DIGITS)


_FOLDED_STOP_WORDS = frozenset(fold(word) for word in STOP_WORDS)


def words(text: str) -> list[str]:
    """The folded words and numbers of `text`, in order, stop words included; 1,500, ١٬٥٠٠ and 1500 are one number."""
    found = []
    for match in _WORD.finditer(fold(text)):
        word = match.group()
        found.append(_number(word) if word[0].isdigit() else word.removesuffix("'s").removesuffix("’s"))
    return found


def _number(written: str) -> str:
    """A number as it is compared: 1,500 is 1500, and 3,5 is 3.5."""
    return _THOUSANDS.sub("", written).replace(",", ".")


def is_stop_word(word: str) -> bool:
    """Whether a folded word carries no topic."""
    return word in _FOLDED_STOP_WORDS


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a folded word: light10 for Arabic, Porter 2 for Latin script."""
    if word[0].isdigit():
        return word
    if _ARABIC.search(word):
        return _stem_arabic(word)
    return str(_english().stemWord(word)) if word.isascii() else word


_PREFIXES = ("وال", "بال", "كال", "فال", "ولل", "لل", "ال", "و")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def _stem_arabic(word: str) -> str:
    """light10 (Larkey, Ballesteros, Connell 2007): one prefix, then suffixes, always leaving two letters or more."""
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= (3 if prefix == "و" else 2):
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            word = word[: -len(suffix)]
    return word


@lru_cache(maxsize=1)
def _english() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def terms(text: str) -> list[str]:
    """The stems of the words of `text` that carry a topic, in order."""
    return [stem(word) for word in words(text) if not is_stop_word(word)]


def grams(text: str, size: int = 4) -> list[str]:
    """Character `size`-grams inside word borders, of the words that carry a topic (short words whole)."""
    found = []
    for word in words(text):
        if is_stop_word(word):
            continue
        marked = f"_{word}_"
        found.extend([marked] if len(marked) <= size else [marked[i : i + size] for i in range(len(marked) - size + 1)])
    return found
