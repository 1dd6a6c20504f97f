"""Whether two sentences with different values for one question are of different things.

The second phase is not the first, the road to a stadium is not the stadium, and what was lent for a dam is not what the
dam cost; but that one names the contractor who says so, and the other the fund that paid, tells nothing of what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.analysis import fold, folded_words
from rag.answering.comparison.compared_sentences import Said
from rag.answering.question.value_patterns import MONEY_TERM
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.names.check import Name, names
from rag.grounding.names.source import Read, bears_meaning, bears_word, read
from rag.grounding.numbers.quantities import quantities
from rag.grounding.tokens import tokens

_COUNTING = frozenset("cite cites cited count counts counted put puts refer refers احصي احصت وثق وثقت".split())
_ACCORDING = frozenset("according per وفق بحسب حسب وفقا لدي".split())
_ACCORDING_REACH = 6
"""Words from "according" to the name: "according to the contractor, Furat Construction"."""
_PAYS = re.compile(
    r"fund(?:ed|s|ing)?|financ(?:ed|es|ing|ial)?|paid|pays?|donat(?:ed|es)|sponsor(?:ed|s)?|by"
    r"|[وفب]?(?:مول|تمول|يمول|ممول|تمويل)(?:ت|ه|ها|ته|تها)?|[وف]?ي?ت?دفع(?:ت|ه|ها|ته|تها)?|[وف]?ي?ت?نفذ(?:ت|ه|ها"
    r"|ته|تها)?|تنفيذ|بتنفيذ"
)
"""Before or after the name of who paid for it, or made it; folded."""
_PAYS_REACH = 4

_AT = frozenset("to near beside at outside around behind opposite".split()) | folded_words(
    "إلى قرب عند حول بجانب قبالة خلف أمام جوار بجوار"
)
_ARTICLES = frozenset("the a an this that new old هذا هذه".split())
_ITS_OWN = re.compile(
    r"repair|damag|improv|change|work|extension|addition|renovation|restor|upgrad|cost|price|close|compar|due"
    r"|accord|up"
    r"|[وفبل]*(?:ال)?(?:اضرار|ضرر|اصلاح|ترميم|تحسين|اضاف|اعمال|وصل|بالنسبه)"
)
"""What is done to a thing counts as the thing: "repairs to the bridge"."""

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


_PARTS = re.compile(
    r"\b(?:including|among (?:them|whom|which)|of (?:which|whom|them))\b"
    r"|(?<!\w)و?(?:منها|منهم|بينها|بينهم|ضمنها|ضمنهم)(?!\w)",
    re.IGNORECASE,
)
"""Where a sentence comes to parts of what it has told."""


def numbered_apart(one: str, other: str) -> bool:
    """Whether two sentences count what they speak of: the second school and the third."""
    first, second = ({quantity.value for quantity in quantities(text, "") if quantity.ordinal} for text in (one, other))
    return bool(first and second) and first.isdisjoint(second)


def beside_it(text: str, asked: Callable[[str], bool]) -> bool:
    """Whether a sentence speaks of what is beside the thing that is asked for: the road that leads to the stadium.

    `asked` tells whether a word is one of the question's.
    """
    words = [token for token in tokens(text) if token.kind == "word"]
    at = next((at for at, token in enumerate(words) if asked(text[token.start : token.end])), 0)
    before = [token.text for token in words[:at] if token.text not in _ARTICLES]
    return len(before) > 1 and before[-1] in _AT and not any(_ITS_OWN.match(word) for word in before[-3:-1])


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


def before_parts(text: str) -> str:
    """What a sentence says before it comes to parts of it: "45,000 tonnes", of which "including those of Morek" are."""
    mark = _PARTS.search(text)
    return text[: mark.start()] if mark else text


def own_names(one: Said, other: Said) -> bool:
    """Whether a sentence names somebody or some place that the other's passage does not.

    Other than who says it, who paid for it and who made it.
    """
    there = read(f"{other.title}\n{other.passage}")
    return any(
        not _borne(name, there) and not _aside(one.text, name)
        for name in names(one.text, one.language)
        if name.kind != "title"
    )


def _borne(name: Name, there: Read) -> bool:
    if name.means and bears_meaning(there, name.means, byword=False):
        return True
    return all(bears_word(there, token) for token in read(name.text).tokens)


def _aside(text: str, name: Name) -> bool:
    """Whether what a sentence says is said, counted, paid or made by this name."""
    words = [token for token in tokens(text) if token.kind == "word"]
    before = [token.text for token in words if token.end <= name.start]
    after = [token.text for token in words if token.start >= name.end][:3]
    return (
        not _ACCORDING.isdisjoint(before[-_ACCORDING_REACH:])
        or any(word in _COUNTING or is_saying(word) for word in (*before[-3:], *after))
        or any(_PAYS.fullmatch(word) for word in (*before[-_PAYS_REACH:], *after[:2]))
    )
