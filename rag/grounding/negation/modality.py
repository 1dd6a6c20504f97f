"""Words that keep a clause from being done: what makes possible, planned, proposed or to come.

Each list holds the forms of one kind of word in news Arabic and English, folded; Arabic verbs in the third person.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import folded_words
from rag.grounding.inflection import arabic_forms, with_conjunctions
from rag.grounding.negation.operators import Level, Operator, governed_by
from rag.grounding.wording import Token, is_past

_POSSIBLE = (
    folded_words(
        """may might could perhaps possibly maybe potentially likely unlikely probably possibility possible
        potential whether
    propose proposes proposed proposing proposal urge urges urged urging recommend recommends recommended recommendation
    demand demands demanded demanding suggest suggests suggested threaten threatens threatened threatening consider
    considers considering considered mull mulls mulling weigh weighs weighing seek seeks
    seeking sought try tries tried trying attempt attempts attempted attempting hope hopes hoped hoping want wants
    wanted
    if unless nearly almost offer offers offered offering ask asks asked asking call calls called calling verge should
    ought encourage encouraged fear fears feared studying appeal appealed appeals plea"""
    )
    | with_conjunctions(
        folded_words(
            "مقدور مقدوره مقدورها بوسع بوسعه بإمكان بإمكانه بإمكانها يستطيع تستطيع يدرس تدرس ربما لعل يمكن "
            "تمكن محتمل المحتمل يحتمل لو إذا احتمال إمكانية يمكنها يمكنه كاد كادت يكاد تكاد ليت عسى مشروطا"
        )
    )
    | with_conjunctions(
        arabic_forms(
            "دعا/يدعو اقترح/يقترح طالب/يطالب حث/يحث هدد/يهدد أوصى/يوصي ناشد/يناشد حاول/يحاول سعى/يسعى "
            "رجح/يرجح أوشك/يوشك "
            "أمل/يأمل تمنى/يتمنى لوح/يلوح شجع/يشجع رغب/يرغب طلب/يطلب"
        )
    )
    | folded_words(
        "دعوة دعوات مقترح اقتراح مطالبة مطالب توصية محاولة محاولات وشك وشكا مساع تهديد تهديدات اقترح بدعوة نداء"
    )
)
MAYBE = folded_words(
    "may might could perhaps possibly maybe possible potentially ربما لعل يمكن ويمكن قد وقد محتمل المحتمل يحتمل"
)
"""Of those, the words under which something and its contrary are both so."""
_PLANNED = folded_words(
    """plan plans planned planning intend intends intended intending intention aim aims aimed aiming expect expects
    expected expecting forecast forecasts predicted predicts projected anticipated prepare prepares preparing pledge
    pledged pledges vow vowed vows promise promised promises tentatively"""
) | with_conjunctions(
    folded_words("يعتزم تعتزم يعتزمون اعتزم اعتزمت اعتزامه اعتزامها المتوقع متوقع يتوقع تتوقع توقع توقعت توقعات "
        "المنتظر المرتقب "
           "ينتظر مزمع المزمع ينوي تنوي نيته نيتها نوى بصدد يخطط تخطط خطط خططت يستعد تستعد تهدف يهدف تعهد "
           "تعهدت وعد وعدت "
           "خطة عازم عازمة يتعهد تتعهد")
)  # fmt: skip
_COMING = folded_words(
    "will shall would wont scheduled due set slated poised agreed postpone postpones postponed postponing delayed"
) | with_conjunctions(folded_words("سوف لن المقرر مقرر") | arabic_forms("أرجأ/يرجئ"))
_BEFORE_TO = folded_words("call calls called calling due set offer offers offered agreed seek asked ask asks")
_ABLE = with_conjunctions(folded_words("تمكن يمكن"))
# Nouns that begin like a verb with the future's س.
_NO_FUTURE = (
    "سيطر", "سيار", "سياس", "سيادي", "سيناري", "سينما", "سينا", "سيول", "سيسي", "سيلف", "سيليكون", "سيدات",
    "سيدني", "سيرجي",
    "ستون", "ستين", "ستار", "ستراتيج", "ستوكهولم", "ستيف", "سنوات", "سنوي", "سنغاف", "سندات", "سنجار", "سنتيم", "سنتين",
)  # fmt: skip


def future(word: str) -> bool:
    """Whether a folded Arabic word is a verb with the future's س."""
    bare = word[1:] if word[0] in "وف" else word
    return len(bare) >= 5 and bare[:2] in ("سي", "ست", "سن") and not bare.startswith(_NO_FUTURE) and bare[-1] != "ه"


def modals(tokens: Sequence[Token]) -> list[Operator]:
    """What in a sentence is not done but possible, proposed, planned or to come."""
    found: list[Operator] = []
    for at, token in enumerate(tokens):
        level = _level(tokens, at)
        if level is not None:
            verb = token.content
            governed = governed_by(tokens, at)
            if future(token.folded) and not token.folded.isascii():
                governed = (at, *governed)
            found.append(Operator(at, governed, verb, level))
    return found


_BEHIND = folded_words("following after upon despite بعد عقب إثر رغم")
_HAD = folded_words("كان كانت كانوا يكون تكون يكونوا")
_PASTS = folded_words("توفي توفيت تلقى تعرض تسبب تأخر توصل تضرر تعهد")
"""Pasts that begin like an imperfect."""
_CONSIDERS = folded_words("consider considers considered")


def _level(tokens: Sequence[Token], at: int) -> Level | None:
    word = tokens[at].folded
    following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
    if word in ("قد", "وقد"):
        imperfect = following[:1] == "ي" or (following[:1] == "ت" and following[-1:] != "ت" and following[:2] != "تم")
        perfect = any(token.folded in _HAD for token in tokens[max(0, at - 4) : at]) or following in _PASTS
        return Level.POSSIBLE if imperfect and not perfect else None
    before = tokens[at - 1].folded if at else ""
    if word in ("nearly", "almost") and not is_past(following):
        return None  # nearly five percent
    if word in _CONSIDERS and not (following.endswith("ing") or before in ("to", "will", "would", "may")):
        return None  # considers it exaggerated
    if word in ("is", "are") and following == "to" and any(one.folded == "believed" for one in tokens[at : at + 4]):
        return None
    if word in ("feared", "hoped", "expected") and before == "than":
        return None
    if word in ("اذا", "لو") and before in ("ما", "عما", "فيما", "كما"):
        return None  # whether
    if word in ("يكاد", "تكاد") and before in ("لا", "ولا", "لم"):
        return None
    if word in ("appeal", "appeals") and following in ("court", "courts"):
        return None
    if word in ("demand", "demands") and following not in ("that", "the", "an", "to"):
        return None  # what buyers want
    if any(token.folded in _BEHIND for token in tokens[max(0, at - 2) : at]):
        return None  # following a recommendation: that has been done
    if word == "may" and tokens[at].capital and at:
        return None  # the month
    if word in _ABLE and following == "من":
        return None  # managed to
    if word in _BEFORE_TO and following not in ("to", "for", "on", "ان"):
        return None
    if word in ("is", "are") and following == "to":
        return Level.COMING
    if word in _POSSIBLE:
        return Level.POSSIBLE
    if word in _PLANNED:
        return Level.PLANNED
    if word in _COMING or (not word.isascii() and future(word)):
        return Level.COMING
    return None
