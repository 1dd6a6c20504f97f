"""Whether a sentence is of the other one of two: the western villages, where the eastern ones are asked about.

A question names one of a pair (east, upper, first, women, imports), and a sentence that has only the opposite is of the
other. An adjective must stand beside the same thing in both; nouns like imports are the thing themselves.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from rag.analysis import folded_words, is_stop_word
from rag.grounding.nearby import keys
from rag.grounding.tokens import tokens

_OF_A_THING: tuple[tuple[str, str, str], ...] = (
    ("east", "east eastern", "شرق شرقي شرقية شرقيه"),
    ("east", "west western", "غرب غربي غربية"),
    ("north", "north northern", "شمال شمالي شمالية"),
    ("north", "south southern", "جنوب جنوبي جنوبية"),
    ("upper", "upper", "أعلى عليا علوي علوية"),
    ("upper", "lower", "أسفل سفلى سفلي سفلية دنيا"),
    ("order", "first 1st", "أول أولى"),
    ("order", "second 2nd", "ثان ثاني ثانية"),
    ("order", "third 3rd", "ثالث ثالثة"),
    ("order", "fourth 4th", "رابع رابعة"),
    ("age", "old former", "قديم قديمة سابق سابقة"),
    ("age", "new", "جديد جديدة"),
    ("land", "rural", "ريفي ريفية"),
    ("land", "urban", "حضري حضرية"),
    ("inside", "domestic internal local", "داخلي داخلية محلي محلية"),
    ("inside", "foreign external", "خارجي خارجية أجنبي أجنبية"),
    ("owner", "public", "عام عامة حكومي حكومية"),
    ("owner", "private", "خاص خاصة أهلي أهلية"),
    ("sex", "male", "ذكر ذكور"),
    ("sex", "female", "أنثى إناث"),
)
_THINGS: tuple[tuple[str, str, str], ...] = (
    ("sex", "men man males male boys", "رجل رجال رجلا ذكور ذكر فتيان"),
    ("sex", "women woman females female girls", "امرأة نساء إناث أنثى سيدات فتيات"),
    ("trade", "imports import imported importing", "واردات استيراد مستوردات تستورد استوردت استورد"),
    ("trade", "exports export exported exporting", "صادرات تصدير صدرت تصدر"),
    ("income", "revenue revenues income", "إيرادات عائدات"),
    ("income", "expenditure expenditures spending", "نفقات إنفاق مصروفات"),
)
"""Axis, then one of those on it: English words, Arabic ones without their article."""
_PREFIXES = ("وبال", "وال", "بال", "فال", "كال", "ولل", "ال", "لل", "و", "ف", "ب", "ل")


class _Side(NamedTuple):
    axis: str
    number: int


@cache
def _listed(things: bool) -> dict[str, _Side]:
    rows = _THINGS if things else _OF_A_THING
    return {
        word: _Side(axis, number)
        for number, (axis, english, arabic) in enumerate(rows)
        for word in folded_words(f"{english} {arabic}")
    }


def _side(word: str, things: bool) -> _Side | None:
    listed = _listed(things)
    if word in listed:
        return listed[word]
    rest = (word[len(prefix) :] for prefix in _PREFIXES if not word.isascii() and word.startswith(prefix))
    return next((listed[one] for one in rest if one in listed), None)


@lru_cache(1 << 12)
def _sides(text: str) -> tuple[dict[_Side, frozenset[str]], frozenset[_Side]]:
    """The adjectives of a text, each with the keys of what stands beside it, and its nouns that have a rival."""
    said = [token for token in tokens(text) if token.kind == "word"]
    folded = [token.text for token in said]
    beside: dict[_Side, frozenset[str]] = {}
    nouns = set()
    for at, word in enumerate(folded):
        if (noun := _side(word, True)) is not None:
            nouns.add(noun)
        if (side := _side(word, False)) is None:
            continue
        near = folded[at + 1 : at + 3] if word.isascii() else [*folded[max(0, at - 2) : at], *folded[at + 1 : at + 2]]
        things = [keys(one) for one in near if not is_stop_word(one) and _side(one, False) is None]
        beside[side] = beside.get(side, frozenset()).union(*things)
    return beside, frozenset(nouns)


def of_the_other(question: str, text: str) -> bool:
    """Whether `text`, in either language, is of the opposite of what `question` names, and not of that itself."""
    asked, wanted = _sides(question)
    if not asked and not wanted:
        return False
    there, told = _sides(text)
    for side, things in asked.items():
        if side in there or any(one.axis == side.axis for one in asked if one != side):
            continue
        if any(one.axis == side.axis and things & near for one, near in there.items()):
            return True
    for side in wanted:
        rivals = {one for one in told if one.axis == side.axis}
        if rivals and side not in rivals and not any(one.axis == side.axis for one in wanted - {side}):
            return True
    return False
