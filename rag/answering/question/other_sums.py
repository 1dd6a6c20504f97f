"""Sums beside what something cost or is worth: what was lent for it, pledged, fined or earned."""

from __future__ import annotations

import re

from rag.analysis import fold
from rag.answering.question.value_patterns import MONEY_TERM

_OTHER_SUMS = (
    r"lend|lends|lent|loan(?:s|ed)?|borrow(?:s|ed|ing)?",
    r"grant(?:s|ed|ing)?",
    r"donat(?:e|es|ed|ing|ions?)",
    r"pledg(?:e|es|ed|ing)",
    r"contribut(?:e|es|ed|ing|ions?)",
    r"fin(?:e|es|ed)",
    r"earn(?:s|ed|ing|ings)?|profits?|revenues?",
    r"sav(?:e|es|ed|ing|ings)",
    r"rais(?:e|es|ed|ing)",
    r"steal(?:s|ing)?|stole|stolen|theft",
    r"los(?:e|es|ing|ses|s|t)",
    r"debts?|compensation",
    r"(?:ي|ت)?(?:قرض|اقرض)|قروض",
    r"(?:ي|ت)?منح",
    r"(?:ي|ت)?تبرع",
    r"(?:ي|ت)?تعهد",
    r"(?:ي|ت)?ساهم|(?:ي|ت)سهم|اسهم|مساهم",
    r"(?:ي|ت)?غرم|غرام",
    r"ايراد|ارباح",
    r"(?:ي|ت)?وفر",
    r"(?:ي|ت)?جمع",
    r"(?:ي|ت)?سرق|مسروق",
    r"(?:ي|ت)?خسر|خسائر|خسار",
    r"ديون|تعويض",
)
"""Sums that are neither a cost nor a value: lent, pledged, fined, earned; one kind a line, folded."""
_OTHER_SUM = tuple(
    re.compile(rf"\b(?:{one})\b" if one.isascii() else rf"(?<!\w)[وفبل]*(?:ال)?(?:{one})(?:ا|ت|وا|ه|ات|ها|ته)?(?!\w)")
    for one in _OTHER_SUMS
)
_NOT_A_SUM = re.compile(
    r"\bfine (?:details?|print|dust|sand|arts?|line|points?|grain\w*|weather)\b|(?<!\w)[وفبل]*الجمعه(?!\w)"
)
"""Words that only look like one: fine details, and Friday."""
_DIGITS = re.compile(r"\d+|\b(?:million|billion|thousand|hundred)s?\b|(?<!\w)(?:مليون|مليار|الف|الاف|ملايين)(?!\w)")
_SUM_REACH = 60
"""Characters between the word for it and its value."""


def of_another_sum(question: str, text: str) -> bool:
    """Whether a sentence gives a sum that is no cost and no value, of which `question` does not ask."""
    folded = _NOT_A_SUM.sub(" ", fold(text))
    asked = _NOT_A_SUM.sub(" ", fold(question))
    values = [match.span() for match in _DIGITS.finditer(folded)]
    others = [
        kind
        for kind in _OTHER_SUM
        for match in kind.finditer(folded)
        if any(start - match.end() <= _SUM_REACH and match.start() - end <= _SUM_REACH for start, end in values)
    ]
    if not others or any(kind.search(asked) for kind in others):
        return False
    for kind in others:
        folded = kind.sub(" ", folded)
    return not MONEY_TERM.search(folded)
