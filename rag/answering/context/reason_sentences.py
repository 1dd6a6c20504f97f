"""A question for a reason: whether a sentence tells one, and which of its neighbours does where it does not.

Reports tell what happened in one sentence and why in the next («ويعود ذلك إلى …», "This came after …"), or the reason
first and then "as a result". The words of the question are those of what happened, so that sentence ranks best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.analysis import fold
from rag.answering.context.neighbours import REACH, SpansOf, TextOf, before, directly
from rag.answering.question.reason_cues import PLAINLY, tells_reason
from rag.sentences import Span

FURTHER = 3
"""Sentences after a quote in which its reason is looked for; all but the next must speak of what is asked."""
SPEAKS_OF_IT = 0.25
"""By hand: the share of the question's words, by rarity, from which on a sentence speaks of what is asked."""

_IT = (
    r"(?:and |but )?(?:this|that|it|these|those|they|he|she|which"
    r"|(?:the|its|their|his|her|such) (?:[\w'-]+ ){0,3}?[\w'-]+) "
)
_VERB = r"[وف]?(?:قد )?"
"""Before an Arabic verb."""


def _opening_with(*kinds: str) -> re.Pattern[str]:
    """An opening of one of the kinds: regular expressions, each of a language and a meaning."""
    return re.compile("|".join(kinds))


_ANNOUNCES = _opening_with(
    # this came after, this was decided following
    rf"{_IT}(?:[\w'-]+ ){{0,3}}?(?:came|comes|come|happened|occurred|arose|began|started|(?:was|were) (?:made|taken"
    r"|decided|announced|ordered|imposed|introduced)) (?:[\w'-]+ ){0,2}?(?:after|amid|following|because|when"
    r"|in the wake|in response|from)\b",
    rf"{_IT}(?:[\w'-]+ ){{0,3}}?follow(?:s|ed)\b",
    # one of the causes was
    r"(?:and |but )?(?:the|its|their|his|her|another|one|a) (?:[\w'-]+ ){0,2}?(?:reasons?|causes?|aims?|purposes?"
    r"|goals?|motives?|explanations?|objectives?|culprits?|intention|idea)"
    r"\b.* (?:is|was|were|are|lay|lies|being|has been)\b",
    # what they want or fear
    r"(?:they|he|she|it|the [\w'-]+) (?:(?:is|are|was|were|has|have|had|been|also|say|said) ){0,3}(?:demand|protest"
    r"|seek|sought|hop|want|fear|worri|afraid|object|complain|wish|tr(?:y|ied)|need)\w* ",
    # the reason
    r"[وف]?(?:السبب|سبب ذلك|سببه|سببها|اسباب ذلك|الهدف|هدفه|هدفها|الغايه|غايته|غايتها|الغرض|الدافع|دافعه)\b",
    # this came after
    rf"{_VERB}(?:جاء|جاءت|[يت]اتي|[يت]جيء|اتي|اتت|حدث|حدثت|حصل|وقع|وقعت|اتخذ|صدر)\b(?: \w+){{0,4}}? (?:بعد|بعدما|عقب"
    r"|اثر|وسط|في اعقاب|بناء علي|في اطار|ل[يت]\w{3,}|لل\w+)",
    r"[وف]?(?:ذلك|هذا) (?:بعد|بعدما|عقب|اثر)\b",
    # what they want or fear
    r"[وف]?(?:[يت]طالب|طالب|طالبت|احتج|[يت]حتج|[يت]خشي|[يت]امل|[يت]ريد|[يت]شكو|[يت]سعي)(?:ون|وا)?\b",
)
"""The opening of a sentence that tells the reason of what was told just before it, in weaker words."""
_LEANS = _opening_with(
    # it, they
    _IT,
    # a verb without its subject
    rf"{_VERB}(?:[يت]\w+|جاء|جاءت|عزا|عزت|ارجع|ارجعت|هدفت?|علل|عللت|برر|بررت)\b",
    # that, and its reason
    r"[وف]?(?:ذلك|هذا|هذه|السبب|الهدف|الغايه|الغرض|الدافع|سبب|سببه|سببها|هدفه|هدفها)\b",
    r"(?:another|one) \w+ ?reason",
)
"""The opening of a sentence that says "it" of what was told just before."""
_OF_THE_ACT = _opening_with(
    # the decision came after, the ban follows
    r"(?:and |but )?(?:the|this|that|its|their) (?:[\w-]+ )?(?:move|decision|ban|step|measure|order|closure|suspension"
    r"|cancellation|ruling) (?:came|comes|followed|follows|was (?:taken|made|announced|ordered|imposed|prompted))\b",
    # وجاء القرار بعدما
    rf"{_VERB}(?:جاء|جاءت|[يت]اتي|اتي|اتت|اتخذ|اتخذت|صدر|صدرت|فرض|فرضت) (?:هذا |هذه )?ال(?:قرار|خطوه|اجراء|منع|حظر"
    r"|اغلاق|تعليق|تدبير|امر|الغاء|اقفال)\b",
)
"""The opening of one that names the act, and so may stand further on, though it has none of the question's words."""
_LEANS_ON_FACT = _opening_with(
    # it
    r"(?:and |but )?(?:this|that|it|these)\b",
    # the closure came, the fall was
    r"(?:the|its|their|his|her) [\w'-]+ (?:is|was|were|are|came|comes|follow\w+)\b",
    # the main reason is
    r"(?:the|its|another|one) (?:\w+ )?(?:reason|cause|aim|purpose|goal)s? (?:is|was|were|are|being|lay|lies)\b",
    # a verb without its subject
    r"[وف](?:قد )?(?:[يت]عود|[يت]رجع|[يت]عزي|[يت]اتي|جاء|جاءت|عزا|عزت|ارجع|ارجعت|[يت]هدف|هدفت?|علل|عللت|برر|بررت)\b",
    # that, and its reason
    r"[وف]?(?:ذلك|السبب|الهدف|الغايه|الغرض|الدافع)\b(?! (?:من|في|وراء)\b)",
    r"[وف](?:سبب|هدف|غاي|دافع)(?:ه|ها|ته|تها|هم)\b",
)
"""The same of which the fact is needed beside it: without it nobody knows what "it" is."""
_FOLLOWS = _opening_with(
    # as a result, therefore
    r"(?:and |but )?as an? (?:\w+ )?(?:result|consequence)(?! of (?!this|that|it|these))\b",
    r"(?:and |but )?(?:therefore|thus|hence|consequently|accordingly)\b",
    r"(?:[\w'-]+ ){1,6}?(?:therefore|consequently|accordingly|thus)\b",
    # because of this, that is why
    r"(?:and |but )?(?:for|because of|due to|owing to|in response to|in protest at) (?:this|that|these|it|them"
    r"|which)\b",
    r"(?:and |but )?in (?:response|reaction|protest|retaliation),\b",
    r"(?:and |but )?(?:(?:this|that|which) is why|that's why|so,? (?:the|it|they|he|she))\b",
    # this has led
    r"(?:and |but )?(?:this|that|it|these) (?:has |have |had )?(?:led|prompted|forced|pushed|drove|caused|made|meant"
    r"|left|obliged)\b",
    # therefore
    r"[وف]?(?:لذلك|لذا|لهذا|لهذه|نتيجه لذلك|بناء عليه|عليه|من ثم|بالتالي|من هنا)\b",
    r"(?:\w+ ){1,4}?(?:لذلك|بالتالي|تبعا لذلك)\b",
    # because of this
    r"[وف]?(?:بناء علي|نتيجه|بسبب|علي اثر|اثر|ردا علي|في ضوء|جراء|احتجاجا علي|من اجل) (?:ل)?(?:ذلك|هذا|هذه)\b",
    # this has led
    r"[وف]?(?:(?:دفع|ادي|حمل|اجبر|اضطر) (?:ذلك|هذا)|(?:دفعت|ادت|اجبرت) هذه)\b",
    r"[وف]?(?:هو ما|هذا ما|ما) (?:دفع|ادي|حمل|اجبر)\b",
)
"""The opening of a sentence that tells what came of what was told just before it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The sentence that tells the reason of another, and whether it stands before it."""

    span: Span
    first: bool


def leans_on_fact(text: str) -> bool:
    """Whether a sentence that tells a reason says only "it", «ذلك», of what it is the reason of."""
    folded = _opening(text)
    return _LEANS_ON_FACT.match(folded) is not None and (
        tells_reason(text) == PLAINLY or _ANNOUNCES.match(folded) is not None
    )


def reason_of(
    text: str,
    document_id: str,
    span: Span,
    spans_of: SpansOf,
    text_of: TextOf,
    share: Callable[[str], float],
) -> Reason | None:
    """The neighbour of the sentence `text` that tells its reason, if it tells none itself and one is there.

    `share` gives the share of the question's words in a text.
    """
    folded = _opening(text)
    told_here = tells_reason(text)
    if told_here == PLAINLY:
        return None
    if _FOLLOWS.match(folded):
        led = before(document_id, span.start, spans_of, text_of)
        if led is not None:
            return Reason(led, first=True)
    following = _following(document_id, span, spans_of, text_of)
    texts = text_of([(document_id, one.start, one.end) for one in following])
    for number, (one, whole) in enumerate(zip(following, texts, strict=True)):
        said = _opening(whole)
        told = tells_reason(whole) == PLAINLY
        if not told and (told_here or not _ANNOUNCES.match(said)):
            continue
        of_it = _OF_THE_ACT.match(said) is not None or (not number and _LEANS.match(said) is not None)
        if of_it or share(said) >= SPEAKS_OF_IT:
            return Reason(one, first=False)
    return None


def _following(document_id: str, span: Span, spans_of: SpansOf, text_of: TextOf) -> Sequence[Span]:
    """The sentences that come straight after `span`, with no heading or list between."""
    found: list[Span] = []
    end = span.end
    for one, _ in spans_of(document_id, span.end, span.end + REACH):
        if one.start < end:
            continue
        if len(found) == FURTHER or one.kind != "sentence" or not directly(end, one.start):
            break
        found.append(one)
        end = one.end
    return found


def _opening(text: str) -> str:
    return fold(text).lstrip("\"“”«»'‘’()[]–—- ")
