"""Number words of Arabic and English, folded: cardinals in all cases and genders, ordinals, magnitudes, fractions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.analysis import fold
from rag.grounding.tokens import peeled

Role = Literal["unit", "teen", "ten", "hundred", "scale", "dual", "fraction", "dozen", "many"]


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A number word: what it is worth and how it may stand with others; a dual is worth two of its `value`."""

    role: Role
    value: float
    ordinal: bool = False


# Cardinals of English, to nineteen and the tens.
_ENGLISH_UNITS = "one two three four five six seven eight nine"
_ENGLISH_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
# Ordinals of English.
_ENGLISH_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth"
_ENGLISH_TEEN_ORDINALS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ENGLISH_TEN_ORDINALS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
# Arabic 1 to 9: every gender and case, construct forms included.
_ARABIC_UNITS = (
    "واحد واحدة واحدا أحد إحدى", "اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي إثنان إثنين",
    "ثلاث ثلاثة ثلاثا", "أربع أربعة أربعا",
    "خمس خمسة خمسا", "ست ستة ستا", "سبع سبعة سبعا", "ثمان ثماني ثمانية ثمانيا", "تسع تسعة تسعا",
)  # fmt: skip
_ARABIC_TENS = "عشر ثلاث أربع خمس ست سبع ثمان تسع"
# Arabic ordinals 1 to 10: masculine, feminine, accusative; حادي stands only in compounds.
_ARABIC_ORDINALS = (
    "أول أولى أولا حادي حادية", "ثاني ثانية ثانيا", "ثالث ثالثة ثالثا", "رابع رابعة رابعا",
    "خامس خامسة خامسا", "سادس سادسة سادسا",
    "سابع سابعة سابعا", "ثامن ثامنة ثامنا", "تاسع تاسعة تاسعا", "عاشر عاشرة عاشرا",
)  # fmt: skip
_SCALES: dict[float, str] = {
    1e3: "thousand thousands k ألف ألفا آلاف",
    1e6: "million millions mn mln مليون مليونا ملايين",
    1e9: "billion billions bn bln مليار مليارا مليارات بليون بليونا بلايين ملايير",
    1e12: "trillion trillions tn trn تريليون تريليونا تريليونات ترليون ترليونات",
}
_DUALS: dict[float, str] = {
    100: "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي",
    1e3: "ألفان ألفين ألفي",
    1e6: "مليونان مليونين مليوني",
    1e9: "ملياران مليارين ملياري بليونان بليونين بليوني",
    1e12: "تريليونان تريليونين تريليوني ترليونين ترليوني",
}
_FRACTIONS: dict[float, str] = {
    1 / 2: "half halves نصف",
    1 / 3: "thirds ثلث ثُلث",
    2 / 3: "ثلثا ثلثي ثلثان ثلثين",
    1 / 4: "quarter quarters ربع أرباع رُبع",
    1 / 5: "خُمس",
    1 / 6: "سدس سُدس",
    1 / 7: "سُبع",
    1 / 8: "ثُمن",
    1 / 9: "تُسع",
    1 / 10: "عُشر",
}
MARKED_PARTS = ("ثُلث", "رُبع", "خُمس", "سُدس", "سُبع", "ثُمن", "تُسع", "عُشر")
"""Parts that only their vowel tells from numbers or other words: with it they stand among the number words."""
PLAIN_PARTS = {"خمس": "خُمس", "سبع": "سُبع", "تسع": "تُسع", "عشر": "عُشر"}
"""Numbers that before a definite noun, or with a pronoun, are parts: خمس السكان, خمسهم."""
_MANY: dict[float, str] = {10: "dozens scores tens عشرات", 100: "hundreds مئات مئآت مائات", 4: "بضعة بضع"}
"""Vague numbers of an order of magnitude; thousands and millions are so where no number stands before them."""
_NOT_NUMBERS = frozenset("لست كست فست وسبع بسبع تسعي كاول فاول لاحد باحد فاحد كاحد لاول كميه وكميه بكميه".split())
"""Words that only look like a number word with something written on to it (لست, "I am not")."""


def _entries() -> dict[str, NumberWord]:
    found: dict[str, NumberWord] = {}

    def add(words: str, entry: NumberWord) -> None:
        for word in words.split():
            found.setdefault(word if word in MARKED_PARTS else fold(word), entry)

    for number, word in enumerate(_ENGLISH_UNITS.split(), 1):
        add(word, NumberWord("unit", number))
    for number, word in enumerate(_ENGLISH_TEENS.split(), 10):
        add(word, NumberWord("teen", number))
    for number, word in enumerate(_ENGLISH_TENS.split(), 2):
        add(word, NumberWord("ten", 10 * number))
    for number, word in enumerate(_ENGLISH_ORDINALS.split(), 1):
        add(word, NumberWord("unit", number, ordinal=True))
    for number, word in enumerate(_ENGLISH_TEEN_ORDINALS.split(), 10):
        add(word, NumberWord("teen", number, ordinal=True))
    for number, word in enumerate(_ENGLISH_TEN_ORDINALS.split(), 2):
        add(word, NumberWord("ten", 10 * number, ordinal=True))
    for number, words in enumerate(_ARABIC_UNITS, 1):
        add(words, NumberWord("unit", number))
    add("عشر عشرة عشرا", NumberWord("teen", 10))
    for number, root in enumerate(_ARABIC_TENS.split(), 2):
        add(f"{root}ون {root}ين", NumberWord("ten", 10 * number))
        if number >= 3:
            hundreds = [root, f"{root}ي"] if root == "ثمان" else [root]
            add(" ".join(f"{one}{end}" for one in hundreds for end in ("مئة", "مائة", "مية", "ميه")),
                NumberWord("hundred", 100 * number))  # fmt: skip
    for number, words in enumerate(_ARABIC_ORDINALS, 1):
        add(words, NumberWord("teen" if number == 10 else "unit", number, ordinal=True))
    add("hundred مئة مائة مية", NumberWord("hundred", 100))
    add("hundredth", NumberWord("hundred", 100, ordinal=True))
    add("dozen دزينة", NumberWord("dozen", 12))
    for value, words in _SCALES.items():
        add(words, NumberWord("scale", value))
    add("thousandth", NumberWord("scale", 1e3, ordinal=True))
    add("millionth", NumberWord("scale", 1e6, ordinal=True))
    for value, words in _DUALS.items():
        add(words, NumberWord("dual", value))
    for value, words in _FRACTIONS.items():
        add(words, NumberWord("fraction", value))
    for value, words in _MANY.items():
        add(words, NumberWord("many", value))
    return found


_WORDS = _entries()

SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
"""Magnitudes that may be written on to digits: $3bn; `m` and `b` need a currency before, or a noun after them."""

PARTS = {"third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5, "fifths": 5,
         "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9,
         "tenth": 10, "tenths": 10, "half": 2, "halves": 2, "ارباع": 4, "اخماس": 5, "اسداس": 6, "اسباع": 7,
         "اثمان": 8, "اتساع": 9, "اعشار": 10}  # fmt: skip
"""What two-thirds, three quarters, أربعة أخماس divide by."""


_THEIRS = ("هما", "هم", "هن", "ها", "ه", "نا")


def without_theirs(word: str) -> str:
    """A folded Arabic word without the pronoun at its end."""
    return next((word.removesuffix(ending) for ending in _THEIRS if word.endswith(ending)), word)


@lru_cache(1 << 14)
def number_word(word: str) -> tuple[str, NumberWord] | None:
    """What is written on to a folded number word ("", و, ال, وبال…) and its entry; None for other words."""
    if word in _NOT_NUMBERS:
        return None
    if word.isascii():
        entry = _WORDS.get(word)
        return None if entry is None or word == "k" else ("", entry)
    for prefix, rest in peeled(word):
        if (entry := _WORDS.get(rest)) is not None:
            return prefix, entry
        for ending in _THEIRS:  # نصفهم، ثلاثة أرباعها
            bare = rest.removesuffix(ending) if rest.endswith(ending) else ""
            whole = _WORDS.get(PLAIN_PARTS.get(bare, bare) if ending != "ه" else bare)
            if whole is not None and whole.role == "fraction":
                return prefix, whole
    return None
