"""A question for a reason: whether a sentence tells one, and which of its neighbours does where it does not.

Reports tell what happened in one sentence and why in the next («ويعود ذلك إلى …», "This came after …"), or the reason
first and then "as a result". The words of the question are those of what happened, so that sentence ranks best.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.analysis import fold
from rag.answering.asked import asked_of
from rag.answering.context import REACH, SpansOf, TextOf, before, directly
from rag.sentences import Span

FURTHER = 3
"""Sentences after a quote in which its reason is looked for; all but the next must speak of what is asked."""
SPEAKS_OF_IT = 0.25
"""By hand: the share of the question's words, by rarity, from which on a sentence speaks of what is asked."""

_BACK = r"(?! (?:this|that|these|it|them|which)\b)"
_NOT_BACK = r"(?! ?(?:ذلك|هذا|هذه|لذلك|لهذا|لذا)\b)"

_ASKS = re.compile(
    r"\bwhy\b|\bhow come\b|\bfor what (?:reason|purpose|cause)\b"
    r"|\bwhat (?:(?:is|was|are|were|could be|might be) )?(?:the |its |their |his |her )?(?:[\w-]+ ){0,2}?"
    r"(?:reasons?|causes?|purposes?|aims?|goals?|motives?|motivation|objectives?)\b"
    r"|\bwhat (?:has |have |had )?(?:caused?|causes|led to|leads to|prompt(?:s|ed)|trigger(?:s|ed)|drove|motivated"
    r"|(?:is|was|lies|lay) behind|explains)\b|\bwhat made .+ \w+"
    r"|(?:^|\s)[وف]?(?:لماذا|ليش|ليه)\b|\bلاي (?:سبب|غرض|هدف|غايه)\b"
    r"|(?:^|\s)[وف]?ما ?(?:هو|هي|هما|كان|كانت)? (?:ال)?(?:سبب|اسباب|دافع|دوافع|هدف|اهداف|غايه|غرض|مغزي)\b"
    r"|(?:^|\s)[وف]?ما الذي (?:دفع|ادي|جعل|حمل|سبب|تسبب|يقف وراء)\w*"
)

_TELLS = re.compile(
    rf"\b(?:because(?! of (?:this|that|these|it|them)\b)|due to{_BACK}|owing to{_BACK}|thanks to{_BACK}"
    rf"|on account of{_BACK}|as an? (?:\w+ )?(?:result|consequence) of{_BACK}|on (?:the )?grounds|for fear"
    rf"|for lack of"
    r"|in order (?:to|that|not)|so that|so as (?:to|not)|in (?:response|reaction|protest|retaliation|reply)"
    rf"(?: (?:to|at|against|over|for){_BACK})|with the (?:aim|goal|intention|purpose|hope)|in the hope|aim(?:s|ed"
    rf"|ing)? (?:at|to)"
    r"|(?:meant|intended|designed|supposed) to|caused by|prompted by|triggered by|driven by|attribut(?:e[sd]?|ing)"
    r"|blam(?:e[sd]?|ing)|stem(?:s|med|ming) from|result(?:s|ed|ing)? from|brought about by|cit(?:es|ed|ing)"
    r"|the (?:\w+ )?(?:reasons?|causes?|aims?|purposes?|goals?)(?! behind)|down to the|explained by)\b"
    rf"|\b[وف]?لان(?:ه|ها|هم|هن|هما|ي|نا)?\b|\b(?:و|ف)?(?:ب|ل)سبب{_NOT_BACK}\b|\b[وف]?نتيجه{_NOT_BACK} "
    rf"|\b[وف]?نظرا {_NOT_BACK}ل"
    rf"|(?<!\w)[وف]?(?:علي |في )?اثر{_NOT_BACK}(?! (?:علي|في)\b) |\b[وف]?علي خلفيه\b|\b[وف]?(?:من )?جراء{_NOT_BACK} "
    rf"|\b[وف]?من اجل{_NOT_BACK} "
    r"|(?<!\w)[وف]?ل?كي(?:لا)?\b|\b[وف]?(?:بهدف|بغيه|بغرض|بقصد|بدافع|سعيا|حرصا|تفاديا|تجنبا|تحسبا|خوفا|خشيه"
    r"|رغبه في|ضمانا|حفاظا"
    rf"|احتجاجا|ردا علي{_NOT_BACK}|استجابه ل|تلبيه ل|بفعل|بفضل|عقابا|انتقاما|تضامنا|تخفيفا|منعا ل|متذرعا|بحجه"
    rf"|بدعوي|بذريعه)"
    r"|\b[وف]?(?:اذ|حيث|ذلك) (?:ان|انه|انها|انهم)\b|(?<!لهذا )(?<!هذا )\b[وف]?(?:السبب|الغايه|الغرض|الهدف|الدافع)\b"
    r"|\b[وف]?(?:[يت]عود|[يت]رجع|[يت]عزي|عزا|عزت|عزوا|عزاه|ارجع|ارجعت|ارجعوا)\b.{0,60}\bالي\b"
    r"|\b[وف]?(?:[يت]هدف|هدفت?|[يت]رمي)(?:ون)? .{0,25}\bالي\b|\b(?:ناجم|ناتج|ناشي|نجم|نتج|[يت]نجم|[يت]نتج)(?:ه|ت"
    r"|ا)? عن\b"
    r"|\b[وف]?(?:[يت]?تسبب|[يت]سبب)\w*|\b[وف]?(?:علل|عللت|برر|بررت|مبررا|معللا)\b"
)
"""Words that tell a reason or a purpose, folded; not those of "because of this"."""
_HINTS = re.compile(
    r"\b(?:after|following|amid|in the wake|when|since|for want of)\b"
    r"|(?<!\w)[وف]?(?:بعد|بعدما|عقب|وسط|عندما|حين|لما|كون|كونه|كونها|في اعقاب)\b|(?<!\w)ل[يت]\w{3,}"
)
"""Words that may tell a reason, or only a time."""

_IT = (
    r"(?:and |but )?(?:this|that|it|these|those|they|he|she|which"
    r"|(?:the|its|their|his|her|such) (?:[\w'-]+ ){0,3}?[\w'-]+) "
)
_ANNOUNCES = re.compile(
    rf"{_IT}(?:[\w'-]+ ){{0,3}}?(?:(?:came|comes|come|happened|occurred|arose|began|started|(?:was|were) (?:made"
    rf"|taken|decided|"
    r"announced|ordered|imposed|introduced)) (?:[\w'-]+ ){0,2}?(?:after|amid|following|because|when|in the wake|in "
    r"response|from)|follow(?:s|ed))\b"
    r"|(?:and |but )?(?:the|its|their|his|her|another|one|a) (?:[\w'-]+ ){0,2}?(?:reasons?|causes?|aims?"
    r"|purposes?|goals?|"
    r"motives?|explanations?|objectives?|culprits?|intention|idea)\b.* (?:is|was|were|are|lay|lies|being|has been)\b"
    r"|(?:they|he|she|it|the [\w'-]+) (?:(?:is|are|was|were|has|have|had|been|also|say|said) ){0,3}(?:demand"
    r"|protest|seek|sought|hop"
    r"|want|fear|worri|afraid|object|complain|wish|tr(?:y|ied)|need)\w* "
    r"|[وف]?(?:السبب|سبب ذلك|سببه|سببها|اسباب ذلك|الهدف|هدفه|هدفها|الغايه|غايته|غايتها|الغرض|الدافع|دافعه)\b"
    r"|[وف]?(?:قد )?(?:جاء|جاءت|[يت]اتي|[يت]جيء|اتي|اتت|حدث|حدثت|حصل|وقع|وقعت|اتخذ|صدر)\b(?: \w+){0,4}? (?:بعد"
    r"|بعدما|عقب|اثر|وسط"
    r"|في اعقاب|بناء علي|في اطار|ل[يت]\w{3,}|لل\w+)"
    r"|[وف]?(?:ذلك|هذا) (?:بعد|بعدما|عقب|اثر)\b"
    r"|[وف]?(?:[يت]طالب|طالب|طالبت|احتج|[يت]حتج|[يت]خشي|[يت]امل|[يت]ريد|[يت]شكو|[يت]سعي)(?:ون|وا)?\b"
)
"""The opening of a sentence that tells the reason of what was told just before it, in weaker words."""
_LEANS = re.compile(
    rf"{_IT}|[وف]?(?:قد )?(?:[يت]\w+|جاء|جاءت|عزا|عزت|ارجع|ارجعت|هدفت?|علل|عللت|برر|بررت)\b"
    r"|[وف]?(?:ذلك|هذا|هذه|السبب|الهدف|الغايه|الغرض|الدافع|سبب|سببه|سببها|هدفه|هدفها)\b|(?:another|one) \w+ ?reason"
)
"""The opening of a sentence that says "it" of what was told just before."""
_LEANS_ON_FACT = re.compile(
    r"(?:and |but )?(?:this|that|it|these)\b|(?:the|its|their|his|her) [\w'-]+ (?:is|was|were|are|came|comes"
    r"|follow\w+)\b"
    r"|(?:the|its|another|one) (?:\w+ )?(?:reason|cause|aim|purpose|goal)s? (?:is|was|were|are|being|lay|lies)\b"
    r"|[وف](?:قد )?(?:[يت]عود|[يت]رجع|[يت]عزي|[يت]اتي|جاء|جاءت|عزا|عزت|ارجع|ارجعت|[يت]هدف|هدفت?|علل|عللت|برر|بررت)\b"
    r"|[وف]?(?:ذلك|السبب|الهدف|الغايه|الغرض|الدافع)\b(?! (?:من|في|وراء)\b)|[وف](?:سبب|هدف|غاي|دافع)(?:ه|ها|ته|تها"
    r"|هم)\b"
)
"""The same of which the fact is needed beside it: without it nobody knows what "it" is."""
_FOLLOWS = re.compile(
    r"(?:and |but )?(?:as an? (?:\w+ )?(?:result|consequence)(?! of (?!this|that|it|these))|therefore|thus|hence"
    r"|consequently|accordingly|(?:for|because of|due to|owing to|in response to|in protest at) (?:this|that"
    r"|these|it|them|which)\b"
    r"|in (?:response|reaction|protest|retaliation),|(?:this|that|which) is why|that's why|so,? (?:the|it|they|he"
    r"|she)\b"
    r"|(?:this|that|it|these) (?:has |have |had )?(?:led|prompted|forced|pushed|drove|caused|made|meant|left"
    r"|obliged))\b"
    r"|(?:[\w'-]+ ){1,6}?(?:therefore|consequently|accordingly|thus)\b"
    r"|[وف]?(?:لذلك|لذا|لهذا|لهذه|(?:بناء علي|نتيجه|بسبب|علي اثر|اثر|ردا علي|في ضوء|جراء|احتجاجا علي"
    r"|من اجل) (?:ل)?(?:ذلك|هذا|هذه)"
    r"|نتيجه لذلك|بناء عليه|عليه|من ثم|بالتالي|من هنا|(?:دفع|ادي|حمل|اجبر|اضطر) (?:ذلك|هذا)|(?:دفعت|ادت|اجبرت) هذه"
    r"|هو ما (?:دفع|ادي|حمل|اجبر)|(?:هذا )?ما (?:دفع|ادي|حمل|اجبر))\b"
    r"|(?:\w+ ){1,4}?(?:لذلك|بالتالي|تبعا لذلك)\b"
)
"""The opening of a sentence that tells what came of what was told just before it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """The sentence that tells the reason of another, and whether it stands before it."""

    span: Span
    first: bool


def asks_why(question: str) -> bool:
    """Whether `question` asks for a reason or a purpose."""
    return asked_of(question) is None and _ASKS.search(fold(question)) is not None


def tells_reason(text: str) -> bool:
    """Whether a sentence tells the reason of something in plain words."""
    return _TELLS.search(fold(text)) is not None


def leans_on_fact(text: str) -> bool:
    """Whether a sentence that tells a reason says only "it", «ذلك», of what it is the reason of."""
    folded = _opening(text)
    return _LEANS_ON_FACT.match(folded) is not None and (_TELLS.search(folded) or _ANNOUNCES.match(folded)) is not None


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
    if _TELLS.search(folded):
        return None
    if _FOLLOWS.match(folded):
        led = before(document_id, span.start, spans_of, text_of)
        if led is not None:
            return Reason(led, first=True)
    following = _following(document_id, span, spans_of, text_of)
    texts = text_of([(document_id, one.start, one.end) for one in following])
    hinted = _HINTS.search(folded) is not None
    for number, (one, said) in enumerate(zip(following, map(_opening, texts), strict=True)):
        told = _TELLS.search(said) is not None
        if not told and (hinted or not _ANNOUNCES.match(said)):
            continue
        if (not number and _LEANS.match(said)) or share(said) >= SPEAKS_OF_IT:
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
