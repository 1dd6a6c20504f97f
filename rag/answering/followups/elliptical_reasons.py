"""Why something was or is called so, or where it came from: which sentence that was told, or stands near, says so.

"Why?" has no word of what it asks about, and the sentence that gives the reason seldom has the word: it is known by
"because" and its like, and by standing where that was told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rag.analysis import fold, folded_words, is_stop_word
from rag.answering.followups.dependence import MOVES, asks_whence, topic_words
from rag.answering.question.reason_cues import PERHAPS, asks_why, tells_reason
from rag.answering.selection.signals import Sentence
from rag.grounding.wording import read

Wanted = Literal["reason", "origin", "naming"]
Place = tuple[str, int, int]
"""Document, start and end."""

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_FROM = re.compile(
    r"\b(?:com(?:e|es|ing)|came|br(?:ing|ought)|ship(?:ped|ment)?|sent|arriv\w+|import\w*|smuggl\w+|originat\w+|flown"
    rf"|taken|stolen|set off|sailed|left)\b[^.;]{{0,60}}?\bfrom (?!\d|{_MONTHS}|then\b|that\b)"
    r"|\b[وف]?(?:جاء(?:ت|وا)?|ات(?:ي|ت)|قادم(?:ه|ا|ين)?|قدم(?:ت|وا)?|وصل(?:ت|وا)?|شحنت?|استورد(?:ت|ها|ه)?"
    r"|مستورد(?:ه|ا)?|هربت?|مهرب(?:ه|ا)?|جلبت?|احضرت?|نقلت|خرجت?|ارسلت?|انطلقت?|وارد(?:ه|ا)?|اتيه?)"
    r" (?:\w+ ){0,4}?من (?!(?:قبل|اجل|خلال|ان)\b)"
    r"|\b[وف]?(?:مصدر(?:ه|ها|هم)|منشو?(?:ه|ها))\b"
)
_MADE_AT = re.compile(
    r"\b(?:made|produced|manufactured|grown|dug up|loaded|built) (?:\w+ ){0,3}?(?:in|at|near|by)\b"
    r"|\b[وف]?(?:صنعت?|انتجت?|زرعت?|استخرجت?|حملت?) (?:\w+ ){0,4}?(?:في|قرب)\b"
)

_ASKS_NAMING = re.compile(
    r"\bwhy (?:is|was|are|were) (?:\w+ ){1,4}?(?:called|named|nicknamed|known as)"
    r"(?: (?:that|this|so|like that|by that name))?\W*$"
    r"|\bwhy (?:do|did) (?:\w+ ){1,3}?(?:call|name) (?:\w+ ){1,3}?(?:that|this|so)\W*$"
    r"|\b(?:get|gets|got|have|take|takes) (?:its|his|her|their|that|this|such a) name\b"
    r"|\bname come from\b|\bnamed (?:after|for)\b|\bwhy (?:the|that|this) name\b"
    r"|(?<!\w)(?:سمي|سميت|يسمي|تسمي|سموه|سموها|اطلق\w*|لقب\w*) (?:\w+ ){0,3}?(?:بهذا|هذا|هذه|بذلك|هكذا|كذلك|بهذه)(?!\w)"
    r"|(?<!\w)[وفب]?(?:ال|لل)?(?:تسميته|تسميتها|تسميه)(?!\w)"
    r"|(?<!\w)(?:اين|اصل|معني) (?:جاء |جاءت |اتي |اتت )?(?:الاسم|اسمه|اسمها|هذا الاسم)(?!\w)"
)
"""That it is asked why something is called what it is, in folded words."""
_NAMED = re.compile(
    r"\bnamed (?:after|for|because|in hono)|\bnicknamed\b|\bnames? (?:comes?|came|derives?|(?:is|was) taken|means?"
    r"|refers?|honou?rs?|recalls?)\b|\b(?:takes?|took|gets?|got|derives?|owes?) (?:its|his|her|their) (?:\w+ )?name\b"
    r"|\bfrom which the (?:name|acronym)\b|\b(?:called|known as|so called) .{1,60}\b(?:because|since|after)\b"
    r"|\bacronym (?:of|for)\b|\bshort for\b|\bstands for\b|\bpseudonym\b"
    r"|(?<!\w)[وف]?(?:سمي|سميت|يسمي|تسمي|اطلق عليه|اطلق عليها) .{0,60}?(?:نسبه|تيمنا|علي اسم|باسم|لان|تكريما|تخليدا)"
    r"|(?<!\w)(?:نسبه (?:الي|ل\w+)|تيمنا ب|اسم مستعار|اختصار ل|الاحرف الاولي)"
    r"|(?<!\w)[وف]?(?:استمد|اخذ|اكتسب|اشتق|[يت]ستمد|[يت]اخذ|[يت]شتق|جاء|[يت]عود|[يت]رجع|[يت]عني)\w{0,2} (?:\w+ )?"
    r"(?:ال)?(?:اسم|تسمي)\w{0,3}(?!\w)"
)
"""That a sentence tells it."""


def asks_naming(question: str) -> bool:
    """Whether it is asked why something is called what it is."""
    return _ASKS_NAMING.search(" ".join(fold(question).split())) is not None


def naming_in(text: str) -> int:
    """2: a sentence tells why something is called so; 0: it does not."""
    return 2 * int(_NAMED.search(fold(text)) is not None)


def reason_in(text: str) -> int:
    """2: a sentence gives a reason in so many words; 1: it tells what came before, which is often one; 0: neither."""
    return max(0, tells_reason(text) - PERHAPS)


def origin_in(text: str) -> int:
    """2: a sentence says from where something came; 1: where it was made or loaded; 0: neither."""
    folded = fold(text)
    return 2 if _FROM.search(folded) else int(bool(_MADE_AT.search(folded)))


_WHY = folded_words("why لماذا ليش ليه السبب سبب reason reasons")
_LIGHT: Mapping[Wanted, frozenset[str]] = {
    "reason": folded_words("why reason reasons السبب سبب happen happened حدث حصل جرى ذلك"),
    "origin": MOVES,
    "naming": folded_words(
        """called named nicknamed known name names get got take come after سمي سميت يسمى تسمى اسم الاسم باسم اسمه اسمها
        بهذا هكذا كذلك تسمية التسمية تسميته تسميتها أطلق عليه عليها لقب أصل معنى جاء جاءت"""
    ),
}
_GRADES: Mapping[Wanted, Callable[[str], int]] = {"reason": reason_in, "origin": origin_in, "naming": naming_in}
"""Words of such questions that say no more than that."""


def wanted(question: str, said: frozenset[str], tokens: list[str]) -> Wanted | None:
    """What a question asks for where it asks for nothing but the reason or the origin of what was told.

    `said`: the stems of what was asked and told before, which it may repeat. `tokens`: its folded words, without "and".
    """
    kind: Wanted | None = "origin" if asks_whence(tokens) else "reason" if asks_why(question) else None
    if asks_naming(question):
        kind = "naming"
    if kind is None:
        return None
    light = _LIGHT[kind] | _WHY
    left = " ".join(word for word in topic_words(question) if word.lstrip("وف") not in light)
    return kind if content(left) <= said else None


def content(text: str) -> frozenset[str]:
    """The stems of the words of a text that carry a topic, those of English irregular verbs too (paid: pay)."""
    return frozenset(one.stem for one in read(text) if one.stem and not is_stop_word(one.folded))


NEAR = 2
"""Sentences before and after a quote that speak of the same."""
FAR = NEAR + 1
"""Anywhere else in its document."""
_SHARES = (1.0, 0.8, 0.8, 0.6, 0.6, 0.6)
"""By hand: how probable it is that a sentence of each rank (`_rank`) tells it, of what was told before."""


@dataclass(frozen=True, slots=True)
class Given:
    """A sentence that gives what is asked for; `share` as in `_SHARES`; `plainly`: so that no other is needed."""

    sentence: Sentence
    share: float
    plainly: bool


def given(
    kind: Wanted,
    ranked: Iterable[Sentence],
    far: Callable[[Sentence], int | None],
    said: frozenset[str],
    asked: frozenset[str],
) -> Given | None:
    """The sentence that gives the reason or the origin of what was told; None where none seems to.

    `far` has how far a sentence stands from what was told (0: it was told itself), None where that is in another
    document; `said` are the stems of what was asked and told, `asked` those of what was asked.
    """
    best: tuple[int, int, int] | None = None
    found: Sentence | None = None
    for one in ranked:
        distance = far(one)
        grade = _GRADES[kind](one.text)
        if distance is None or not grade:
            continue
        near = distance <= NEAR
        shared = len(content(one.text) & (said if near else asked))
        rank = _rank(grade, distance, shared)
        if kind == "naming" and rank is None and shared:
            rank = 4  # few sentences of a document tell of a name
        # Whatever comes from somewhere near a thing is mostly that thing; most has a reason of its own.
        if kind == "reason" and rank in (3, 5):
            rank = None
        if rank is not None and (best is None or (rank, -shared, distance) < best):
            best, found = (rank, -shared, distance), one
    return None if best is None or found is None else Given(found, _SHARES[best[0]], kind != "origin" and best[0] <= 1)


def _rank(grade: int, distance: int, shared: int) -> int | None:
    if grade == 2:
        if distance == 0:
            return 0
        if distance <= NEAR:
            return 1 if shared else 3
        return 4 if shared > 1 else None
    return 2 if distance == 0 else 5 if distance <= NEAR else None
