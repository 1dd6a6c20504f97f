"""Whether two sentences with different values for one question are of different things.

The second phase is not the first, the road to a stadium is not the stadium, and what was lent for a dam is not what the
dam cost; but that one names the contractor who says so, and the other the fund that paid, tells nothing of what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.analysis import fold, folded_words
from rag.answering.comparison.compared_sentences import Said
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

_PARTS = re.compile(
    r"\b(?:including|among (?:them|whom|which)|of (?:which|whom|them))\b"
    r"|(?<!\w)و?(?:منها|منهم|بينها|بينهم|ضمنها|ضمنهم)(?!\w)",
    re.IGNORECASE,
)
"""Where a sentence comes to parts of what it has told."""


_COMPOUND = re.compile(r"(?<![\w.,/-])\d{1,4}(?:[-–/]\d{1,4})+(?![\w/-])")


def compound_numbers(text: str) -> frozenset[str]:
    """The numbers of two parts in a text, which are names: village 3-4, «القرار 12/7»."""
    return frozenset(match[0].replace("–", "-").replace("/", "-") for match in _COMPOUND.finditer(fold(text)))


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
