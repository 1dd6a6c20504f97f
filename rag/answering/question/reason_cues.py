"""The words by which a question asks for a reason, and a sentence tells one: by language and meaning, folded."""

from __future__ import annotations

import re

from rag.analysis import fold, folded_words
from rag.answering.question.answer_type import asked_of
from rag.grounding.negation.negations import negations
from rag.grounding.wording import read

PLAINLY, BEFOREHAND, PERHAPS, NOT_AT_ALL = 3, 2, 1, 0
"""How a sentence tells a reason: in so many words; as what came before, which is often one; as a time, perhaps."""

_BACK = r"(?! (?:this|that|these|it|them|which)\b)"
_NOT_BACK = r"(?! ?(?:ذلك|هذا|هذه|لذلك|لهذا|لذا)\b)"
"""Not "because of this": that is the reason of something else."""
_NOT_DUE = r"(?! (?:be|begin|start|end|expire|take|open|meet|visit|arrive|leave|return|vote|report)\b)"
"""Not "due to expire"."""
_IS = r"(?:(?:is|was|are|were|could be|might be) )?"
_THING = r"(?:the |its |their |his |her )?(?:[\w-]+ ){0,2}?"

_ASKS_ENGLISH = (
    # why
    r"why|how come|for what (?:reason|purpose|cause)",
    # for a noun: what is the main reason, what reasons
    rf"what {_IS}{_THING}(?:reasons?|causes?|purposes?|aims?|motives?|motivation|objectives?)",
    # a goal that is no goal of football
    r"what (?:is|was|are|were) (?:the |its |their |his |her )(?:[\w-]+ ){0,2}?goals?(?! (?:scored|conceded|tally))",
    # for what did it
    r"what (?:has |have |had )?(?:caused?|causes|led to|leads to|prompt(?:s|ed)|trigger(?:s|ed)|drove|motivated)",
    r"what (?:has |have |had )?(?:(?:is|was|lies|lay) behind|explains)|what made .+ \w+",
    # and nothing but it: "the reason?"
    r"reasons?(?= ?[?؟.!]*$)",
)
_ASKS_ARABIC = (
    # why
    r"لماذا|ليش|ليه|لاي (?:سبب|غرض|هدف|غايه)",
    # for a noun
    r"ما ?(?:هو|هي|هما|كان|كانت)? (?:ال)?(?:سبب|اسباب|دافع|دوافع|هدف|اهداف|غايه|غرض|مغزي)",
    # for what did it
    r"ما الذي (?:دفع|ادي|جعل|حمل|سبب|تسبب|يقف وراء)\w*",
    # and nothing but it
    r"(?:ال)?سبب(?= ?[?؟.!]*$)",
)
_LIMA = re.compile(r"[وف]?لم (?![يتن])\w{3,}.*[?؟]")
"""لِمَ before a past verb: after the لم that negates stands a present one."""
_LIMA_WRITTEN = re.compile("\\s*[وف]?ل\u0650?م\u064e\\s")

_PLAINLY_ENGLISH = (
    # because
    r"because(?! of (?:this|that|these|it|them)\b)",
    # a preposition with the cause
    rf"due to{_BACK}{_NOT_DUE}|owing to{_BACK}|thanks to{_BACK}|on account of{_BACK}|down to the",
    rf"as an? (?:\w+ )?(?:result|consequence) of{_BACK}|on (?:the )?grounds",
    # fear and want
    r"for fear|out of fear|for lack of",
    # purpose
    r"in order (?:to|that|not)|so that|so as (?:to|not)|with the (?:aim|goal|intention|purpose|hope)|in the hope",
    r"aim(?:s|ed|ing)? (?:at|to)|(?:meant|intended|designed) to|(?:it|this|which) (?:is|was) supposed to",
    # an answer to something
    rf"in (?:response|reaction|protest|retaliation|reply)(?: (?:to|at|against|over|for){_BACK})",
    # a verb that has the cause
    r"(?:caused|prompted|triggered|driven|explained|brought about) by|attribut(?:e[sd]?|ing)|led to",
    r"blam(?:e[sd]?|ing) [^.;]{1,80}?\b(?:on|for)|(?:is|are|was|were) (?:\w+ )?(?:to blame|blamed)|citing",
    r"stem(?:s|med|ming) from|result(?:s|ed|ing)? from",
    # the noun
    r"the (?:\w+ )?(?:reasons?|causes?|purposes?)(?! behind)",
    r"the (?:\w+ )?(?:aims?|goals?)(?:,[^.;]{1,60},)? (?:is|was|are|were) to",
    r"the (?:\w+ )?(?:aims?|goals?) of [^.;]{1,60}? (?:is|was|are|were) (?:to|\w+ing)",
    # the move came after
    r"(?:the|this|that) (?:\w+ )?(?:move|decision|ban|step|measure|order) (?:came|comes|followed|follows)",
)
_PLAINLY_ARABIC = (
    # because
    r"ل?لان(?:ه|ها|هم|هن|هما|ي|نا)?|لكون(?:ه|ها|هم)?|(?:اذ|حيث|ذلك) (?:ان|انه|انها|انهم)",
    # a preposition or an adverb with the cause
    rf"(?:ب|ل)سبب{_NOT_BACK}|نتيجه{_NOT_BACK}(?= )|نظرا(?= {_NOT_BACK}ل)|(?:من )?جراء{_NOT_BACK}(?= )|علي خلفيه",
    rf"(?:علي |في )?اثر{_NOT_BACK}(?! (?:علي|في)\b)(?= )|(?:بفعل|بفضل)\w*",
    # purpose
    rf"من اجل{_NOT_BACK}(?= )|ل?كي(?:لا)?|(?:بهدف|بغيه|بغرض|بقصد|بدافع|سعيا|حرصا|رغبه في|ضمانا(?!ت)|حفاظا|تخفيفا)\w*",
    # fear and caution
    r"(?:تفاديا|تجنبا|تحسبا|خوفا|خشيه|منعا ل)\w*",
    # an answer to something
    rf"(?:احتجاجا|ردا علي{_NOT_BACK}|استجابه ل|تلبيه ل|عقابا|انتقاما|تضامنا)\w*",
    # a pretext
    r"(?:متذرعا|بحجه|بدعوي|بذريعه)\w*",
    # the noun; a goal in its frame, or it is one of football
    r"(?<!لهذا )(?<!هذا )(?:السبب|الغايه|الغرض|الدافع)|سبب(?:ه|ها)",
    r"(?<!سجل )(?<!احرز )(?<!هذا )الهدف (?:\w+ )?(?:من|منه|منها|هو|كان)",
    r"(?:(?<=^و)|(?<=^ف)|(?<!.))الهدف",
    # a verb that has the cause
    r"(?:[يت]عود|[يت]رجع|[يت]عزي|عزا|عزت|عزوا|عزاه|ارجع|ارجعت|ارجعوا)\b.{0,60}\bالي",
    r"(?:[يت]هدف|هدفت?|[يت]رمي)(?:ون)? .{0,25}\bالي|(?:ناجم|ناتج|ناشي|نجم|نتج|[يت]نجم|[يت]نتج)(?:ه|ت|ا)? عن",
    r"(?:[يت]?تسبب|[يت]سبب)\w*|علل|عللت|برر|بررت|مبررا|معللا",
    # the decision came after
    r"(?:جاء|جاءت|ياتي|تاتي) (?:هذا |هذه )?ال\w+ (?:بعد|بعدما|اثر|عقب|ردا|علي خلفيه)",
)
_BEFOREHAND_ENGLISH = (r"after|following|amid|in the wake of", r"to prevent|to stop")
_BEFOREHAND_ARABIC = (r"بعدما|بعد ان|بعده|بعدها|اثر|عقب|اذ|حيث|منعا",)
_PERHAPS_ENGLISH = (r"in the wake|when|since|for want of",)
_PERHAPS_ARABIC = (r"بعد|وسط|عندما|حين|لما|كون|كونه|كونها|في اعقاب", r"(?<![وف])ل[يت]\w{3,}")


def _compiled(english: tuple[str, ...], arabic: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(english)})\b|(?<!\w)[وف]?(?:{'|'.join(arabic)})(?!\w)")


_ASKS = _compiled(_ASKS_ENGLISH, _ASKS_ARABIC)
_GRADES = (
    (PLAINLY, _compiled(_PLAINLY_ENGLISH, _PLAINLY_ARABIC)),
    (BEFOREHAND, _compiled(_BEFOREHAND_ENGLISH, _BEFOREHAND_ARABIC)),
    (PERHAPS, _compiled(_PERHAPS_ENGLISH, _PERHAPS_ARABIC)),
)

_NOUNS = folded_words(
    "reason reasons cause causes purpose motive motives سبب السبب أسباب الأسباب سببه سببها أسبابه أسبابها"
)
_UNKNOWN = folded_words(
    """unknown unclear undisclosed unspecified unexplained mystery مجهول مجهولا مجهولة غامض غامضا غامضة مبهما مبهمة"""
)
_NOT_TOLD = folded_words(
    """known clear given stated disclosed explained revealed announced specified established determined
    معروف معروفا معروفة واضح واضحا واضحة معلوم معلوما معلومة محدد محددة"""
)
_BESIDE = 5
"""Words after a reason within which it is said to be unknown."""


def asks_why(question: str) -> bool:
    """Whether `question` asks for a reason or a purpose."""
    if asked_of(question) is not None:
        return False
    folded = fold(question).strip()
    return bool(_ASKS.search(folded) or _LIMA.match(folded) or _LIMA_WRITTEN.match(question))


def tells_reason(text: str) -> int:
    """How plainly a sentence tells the reason of something: `PLAINLY`, `BEFOREHAND`, `PERHAPS` or `NOT_AT_ALL`."""
    folded = fold(_without_untold(text))
    return next((grade for grade, words in _GRADES if words.search(folded)), NOT_AT_ALL)


def _without_untold(text: str) -> str:
    """A text without the word for a reason that is said to be unknown: "the reason is not clear", «لم يذكر السبب»."""
    words = read(text)
    places = [at for at, one in enumerate(words) if one.folded in _NOUNS]
    if not places:
        return text
    turned = negations(words)
    governed = {at for one in turned for at in one.governed}
    not_told = {one.at + 1 for one in turned if words[one.at + 1 : one.at + 2]}
    for at in reversed(places):
        after = range(at + 1, min(at + 1 + _BESIDE, len(words)))
        beside = [place for place in after if words[place].clause == words[at].clause]
        unknown = any(
            words[place].folded in _UNKNOWN
            or (words[place].folded in _NOT_TOLD and (place in governed or place in not_told))
            for place in beside
        )
        if at in governed or unknown:
            text = f"{text[: words[at].start]} {text[words[at].end :]}"
    return text
