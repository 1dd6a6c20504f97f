"""Words that turn a clause round, or keep it from being done: what negates, what makes possible, planned, proposed.

Each list holds the forms of one kind of word in news Arabic and English, folded; Arabic verbs in the third person.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from rag.analysis import fold
from rag.grounding.speech import bare, is_saying
from rag.grounding.speech_words import arabic_forms
from rag.grounding.wording import Token, is_past

REACH = 6
"""Content words that a negation or a modal governs, at most."""


def folded(listed: str) -> frozenset[str]:
    """The folded words of a list."""
    return frozenset(fold(word).replace("'", "") for word in listed.split())


def _clitics(words: frozenset[str]) -> frozenset[str]:
    return frozenset(clitic + word for word in words for clitic in ("", "و", "ف"))


# Particles: the next content word is what they negate.
PARTICLES = folded(
    """not never no nor neither none nobody nothing nowhere cannot without isnt arent wasnt werent
    dont doesnt didnt wont wouldnt cant couldnt shouldnt hasnt havent hadnt aint mustnt neednt"""
) | _clitics(folded("لم لن لا ليس ليست ليسوا لست لسنا دون بدون عدم بعدم لعدم غير بغير انعدام مش ولما"))
# Verbs and nouns that negate what follows them, or the clause when nothing does.
VERBS = folded(
    """deny denies denied denying denial refuse refuses refused refusing refusal reject rejects rejected rejecting
    rejection decline declined declining declines fail fails failed failing failure prevent prevents prevented
    preventing
    refrain refrains refrained abstain abstains abstained avoid avoids avoided avoiding unable unlikely impossible
    unwilling lack lacks lacked lacking absence untrue false rebuff rebuffed dismiss dismissed dismisses forbid forbids
    forbidden forbade prohibit prohibits prohibited ban bans banned banning bar barred bars block blocks blocked
    blocking
    stopped ruled rule rules ruling excluded inability"""
) | _clitics(
    arabic_forms(
        "نفى/ينفي نف/ينف رفض/يرفض امتنع/يمتنع فشل/يفشل استبعد/يستبعد أنكر/ينكر منع/يمنع حظر/يحظر تعذر/يتعذر أخفق/يخفق "
        "عجز/يعجز استحال/يستحيل تجنب/يتجنب"
    )
) | folded(
    "رفض رفضه رفضها رفضهم الرفض نفي نفيه نفيها امتناع امتناعه فشله فشلها إخفاق عجز استحالة مستبعد "
    "المستبعد يستبعد مرفوض "
    "مرفوضة ممنوع ممنوعة محظور محظورة برفض برفضه لرفض لرفضه بنفي بفشل بمنع بحظر تفتقر يفتقر حال "
    "حالت وحال وحالت يحول تحول"
)  # fmt: skip
# These negate only with the word after them.
_ONLY_BEFORE = {
    "ruled": ("out",), "rule": ("out",), "rules": ("out",), "ruling": ("out",), "stopped": ("short",),
    "حال": ("دون",), "حالت": ("دون",), "يحول": ("دون",), "تحول": ("دون",), "declined": ("to",), "decline": ("to",),
    "declines": ("to",), "declining": ("to",), "bar": ("from",), "block": ("the", "a", "any"),
}  # fmt: skip
# Not negations, though they hold one.
_IDIOMS = (
    ("not", "only"), ("not", "just"), ("not", "merely"), ("no", "doubt"), ("no", "later"), ("no", "less"),
    ("no", "fewer"),
    ("no", "more"), ("not", "least"), ("without", "doubt"), ("لا", "سيما"), ("ولا", "سيما"), ("لا", "يزال"),
    ("لا", "تزال"), ("لا", "يزالون"), ("لا", "بد"), ("لا", "شك"), ("ليس", "فقط"), ("ليس", "فحسب"), ("لم", "يزل"),
    ("غير", "ان"), ("لا", "يقل"), ("لا", "تقل"), ("ما", "لا", "يقل"), ("دون", "شك"), ("no", "sooner"), ("لا", "تقتصر"),
    ("لا", "يقتصر"), ("لم", "تقتصر"), ("لم", "يقتصر"), ("no", "wonder"), ("لا", "يتجاوز"), ("no", "matter"),
    ("neither", "side"), ("لا", "يزالان"), ("ولا", "يزال"), ("ولا", "تزال"), ("not", "yet", "only"), ("غير", "انه"),
    ("غير", "انها"), ("لا", "محاله"), ("without", "exception"), ("دون", "استثناء"),
    ("لا", "يكاد"), ("لا", "تكاد"), ("not", "one"), ("not", "a", "single"),
)  # fmt: skip
_RESTRICTING = _clitics(folded("إلا سوى"))
"""After a negation: only. لم يحضر إلا ثلاثة: three came."""

# Enough for a statement or source not to be without any negation: the other side's "not" may be said with one of them.
NEGATIVE_TONE = folded(
    """unclear unknown unable unfinished incomplete unavailable absent illegal unlawful invalid inconclusive
    unsuccessful
    unsuccessfully unresolved unpaid unsigned undecided uncertain unharmed unhurt uninjured unchanged unprecedented
    unaffected unconfirmed independent inactive insufficient inadequate ineligible nonexistent free lost
    loses lose missing miss missed withheld withhold withholds except exclude excludes excluded excluding cancel
    canceled
    cancelled scrapped suspend suspended halt halted halts stop stops stopped ceased ended oppose opposed opposes
    opposing
    against still yet until unless rather instead too only stalled delayed postponed collapse collapsed empty zero
    escaped
    closed shut rejected dismissed dismisses dismissing
    remain remains remained pending short safe unsafe forced contrary ignore ignored ignores defied
    withdrew scepticism skeptical doubt doubts doubted disputed disputes dispute negative deadlock boycott boycotted
    survived spared unhappy impasse vetoed veto overturned struck revoked lifted withdrawn few hardly barely scarcely
    rarely seldom less fewer first absentia
    توقف أوقف أوقفت توقفت ألغى ألغت إلغاء علق علقت تعليق خلا خلت خال خالية خلو سوى إلا استثناء باستثناء عارض عارضت يعارض
    معارضة ضد لكن بل مجهول مجهولة غياب غاب غابت انسحب تجاهل تجاهلت كف نقض فيتو باطل سلبي سلبية نقص ينقص تنقص أجل أجلت
    تأجيل
    تعثر تعثرت متعثر مغلق مغلقة أغلق نجا نجت سالم بسلام قاطع قاطعت يشكك شكك تشكيك ما زال مازال يبقى بقي بقيت فقط يرفض
    لما
    مستقل بعد حتى بلا ولا أبطل خسر فقد فقدت صفر حرم حرمت حرمان ينعدم قلة قليل قليلة نادرا أقل أول أولى غيابيا غيابي
    أرجأ أرجأت إرجاء ممتنع ممتنعين ممتنعون قلما استثنى استثنت انتفاء تخلى تخلت أسقط أسقطت قلما استثنى استثنت"""
)

_WEAK_TONE = folded(
    """free lost loses lose missing miss missed against still yet until unless rather instead too stalled pending short
    safe remain remains remained forced empty zero closed shut first few less fewer survived spared independent
    only توقف أوقف أوقفت توقفت علق علقت بعد حتى ولا أقل أول أولى لكن بل يبقى بقي بقيت فقط ضد لما مستقل صفر
    أجل أجلت فقد فقدت
    خسر سالم قلة قليل قليلة نقص ينقص مغلق مغلقة أغلق حرم نجا نجت"""
)


_AGAINST = folded(
    """vote votes voted voting ballot be is are was were been came come decided decide advised advises advise argue
    argued argues spoke ruled campaigned warned recommended lobbied protested"""
)


def tone_at(tokens: Sequence[Token], at: int, tones: frozenset[str]) -> bool:
    """Whether a word of a sentence is one of `tones` where it stands; its other senses say nothing of not."""
    word = tokens[at].folded
    following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
    if word == "too":
        return following.isalpha() and not tokens[at + 1].capital  # not "this time too"
    if word == "against":
        return any(one.folded in _AGAINST for one in tokens[max(0, at - 8) : at])
    if word == "بعد" and following:
        return any(one.folded in ("لم", "ولم", "لن", "ولن", "لما") for one in tokens[max(0, at - 8) : at])
    return has_tone(word, tones)


def has_tone(word: str, tones: frozenset[str]) -> bool:
    """Whether a folded word is one of `tones`, و and ال left off; النقض is a court."""
    return word != "النقض" and (word in tones or bare(word) in tones)


STRONG_TONE = NEGATIVE_TONE - _WEAK_TONE
"""Of those, the words that say not, or that it is not so, in whatever part of a sentence they are."""


class Level(IntEnum):
    """How far something is from being done."""

    POSSIBLE = 0
    PLANNED = 1
    COMING = 2
    DONE = 3


_POSSIBLE = (
    folded(
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
    | _clitics(
        folded(
            "مقدور مقدوره مقدورها بوسع بوسعه بإمكان بإمكانه بإمكانها يستطيع تستطيع يدرس تدرس ربما لعل يمكن "
            "تمكن محتمل المحتمل يحتمل لو إذا احتمال إمكانية يمكنها يمكنه كاد كادت يكاد تكاد ليت عسى مشروطا"
        )
    )
    | _clitics(
        arabic_forms(
            "دعا/يدعو اقترح/يقترح طالب/يطالب حث/يحث هدد/يهدد أوصى/يوصي ناشد/يناشد حاول/يحاول سعى/يسعى "
            "رجح/يرجح أوشك/يوشك "
            "أمل/يأمل تمنى/يتمنى لوح/يلوح شجع/يشجع رغب/يرغب طلب/يطلب"
        )
    )
    | folded("دعوة دعوات مقترح اقتراح مطالبة مطالب توصية محاولة محاولات وشك وشكا مساع تهديد تهديدات اقترح بدعوة نداء")
)
MAYBE = folded(
    "may might could perhaps possibly maybe possible potentially ربما لعل يمكن ويمكن قد وقد محتمل المحتمل يحتمل"
)
"""Of those, the words under which something and its contrary are both so."""
_PLANNED = folded(
    """plan plans planned planning intend intends intended intending intention aim aims aimed aiming expect expects
    expected expecting forecast forecasts predicted predicts projected anticipated prepare prepares preparing pledge
    pledged pledges vow vowed vows promise promised promises tentatively"""
) | _clitics(
    folded("يعتزم تعتزم يعتزمون اعتزم اعتزمت اعتزامه اعتزامها المتوقع متوقع يتوقع تتوقع توقع توقعت توقعات "
        "المنتظر المرتقب "
           "ينتظر مزمع المزمع ينوي تنوي نيته نيتها نوى بصدد يخطط تخطط خطط خططت يستعد تستعد تهدف يهدف تعهد "
           "تعهدت وعد وعدت "
           "خطة عازم عازمة يتعهد تتعهد")
)  # fmt: skip
_COMING = folded(
    "will shall would wont scheduled due set slated poised agreed postpone postpones postponed postponing delayed"
) | _clitics(folded("سوف لن المقرر مقرر") | arabic_forms("أرجأ/يرجئ"))
_BEFORE_TO = folded("call calls called calling due set offer offers offered agreed seek asked ask asks")
_ABLE = _clitics(folded("تمكن يمكن"))
# Nouns that begin like a verb with the future's س.
_NO_FUTURE = (
    "سيطر", "سيار", "سياس", "سيادي", "سيناري", "سينما", "سينا", "سيول", "سيسي", "سيلف", "سيليكون", "سيدات",
    "سيدني", "سيرجي",
    "ستون", "ستين", "ستار", "ستراتيج", "ستوكهولم", "ستيف", "سنوات", "سنوي", "سنغاف", "سندات", "سنجار", "سنتيم", "سنتين",
)  # fmt: skip
_ADVERBS = folded("yet ever also even immediately currently formally officially again still been have has had be "
    "being to "
                  "any so longer out up allegedly directly fully الآن بعد حتى أي أيضا أيا يتم تتم يكن تكن كان "
                  "كانت تكون يكون")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operator:
    """A negation or modal at a token: `governed` are the content words it is over, `head` the first that counts.

    `verb` if it is no particle: then the subject may stand between it and what it is over.
    """

    at: int
    governed: tuple[int, ...]
    verb: bool
    level: Level = Level.DONE

    @property
    def head(self) -> int | None:
        return self.governed[0] if self.governed else None


def future(word: str) -> bool:
    """Whether a folded Arabic word is a verb with the future's س."""
    bare = word[1:] if word[0] in "وف" else word
    return len(bare) >= 5 and bare[:2] in ("سي", "ست", "سن") and not bare.startswith(_NO_FUTURE) and bare[-1] != "ه"


_LIGHT = folded(
    """find finds found make makes made seek seeks sought take takes took taken give gives gave given bring brings
    brought receive received carry carried
    يجد تجد يجدوا يعثر تعثر يعثروا يلق تلق يلقى تلقى يجر تجر يتلق تتلق يقدم تقدم يتخذ تتخذ يوجه توجه يسجل تسجل"""
)
"""Verbs that say little by themselves: after a particle, what is negated is their object (found no, لم تجد)."""
_PREDICATES = folded("will would has have had is are was were does did can could may might should must be been do")


def _coordinated(tokens: Sequence[Token], at: int) -> bool:
    """Whether another predicate begins at a word: denied it and said, will not pay it and would sell."""
    word = tokens[at].folded
    if word in ("and", "but"):
        following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
        return following in _PREDICATES or is_saying(following)
    return word[:1] == "و" and len(word) > 3 and is_saying(word[1:])


def _governed(tokens: Sequence[Token], at: int, stops: frozenset[str], *, light: bool = False) -> tuple[int, ...]:
    following = tokens[at + 1] if at + 1 < len(tokens) else tokens[at]
    # "Yet" opens a clause in English, but not within one (not yet, has yet to).
    clause = following.clause if following.folded == "yet" or tokens[at].folded == "yet" else tokens[at].clause
    found: list[int] = []
    for place in range(at + 1, min(len(tokens), at + 4 * REACH)):
        token = tokens[place]
        if token.clause != clause or len(found) >= REACH or token.folded in stops:
            break
        if found and _coordinated(tokens, place):
            break
        if light and not found and token.folded in _LIGHT:
            continue
        if (
            token.content
            and token.folded not in _ADVERBS
            and token.folded not in _DAYS
            and not token.folded.endswith("ly")
        ):
            found.append(place)
    return tuple(found)


def _before(tokens: Sequence[Token], at: int) -> tuple[int, ...]:
    clause = tokens[at].clause
    begin = max(0, at - 3 * REACH)
    begin = next((place for place in range(at - 1, begin - 1, -1) if tokens[place].folded in _SUBORDINATES), begin)
    found = [place for place in range(begin, at) if tokens[place].content]
    return tuple([place for place in found if tokens[place].clause == clause][-_SUBJECT:])


def _idiom(tokens: Sequence[Token], at: int) -> bool:
    if tokens[at].folded == "غير" and at and tokens[at - 1].folded == "من":
        return False  # من غير أن: without
    return any(
        all(at + n < len(tokens) and tokens[at + n].folded == word for n, word in enumerate(idiom)) for idiom in _IDIOMS
    )


_DAYS = folded(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow evening morning
    الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد اليوم أمس غدا مساء صباح يوم"""
)
_SUBORDINATES = folded("before after that once as until قبل بعد بعدما أن بأن")
_SUBJECT = 3
"""Content words of what is negated before its verb."""
_BEHIND = folded("following after upon despite بعد عقب إثر رغم")
_NO_STOPS: frozenset[str] = frozenset()
_GOING_ON = ("زال", "زلن", "زلت", "برح", "انفك", "فتي", "دام", "دمن")
"""After ما: it goes on (ما زلنا)."""
_OTHERS = folded("لغير غير سوى إلا سواه سواها except besides")
"""Soon after a negation: only (nobody but, لا يسمح لغير)."""
_NUMERAL = re.compile("(?:ال)?(?:عشر|ثلاث|ثلث|اربع|خمس|ست|سبع|ثمان|ثماني|تسع|ميه|الف|نصف|ربع|سن$|مستوي|خط$|معدل|متوسط)")


def _below(tokens: Sequence[Token], at: int) -> bool:
    """Whether دون is below, not without: before a number, an age or a level."""
    following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
    before = tokens[at - 1].folded if at else ""
    return tokens[at].folded == "دون" and before != "من" and bool(following[:1].isdigit() or _NUMERAL.match(following))


def _ma(tokens: Sequence[Token], at: int) -> bool:
    """Whether ما at a clause's beginning negates the past: not what is "that which", and not ما زال."""
    before = tokens[at - 1].folded if at else "."
    if before not in {".", ":", "«", "“", '"'} and before not in _clitics(
        folded("إنه أنه إنها أنها لكنه لكنها لكن أنهم")
    ):
        return False
    following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
    if following.startswith(_GOING_ON):
        return False
    return len(following) >= 3 and following[0] not in "يتن" and following not in folded("هو هي إذا لم")


def _negates_before(tokens: Sequence[Token], at: int) -> bool:
    return any(token.folded in PARTICLES for token in tokens[max(0, at - 4) : at])


def over(tokens: Sequence[Token], at: int) -> tuple[int, ...]:
    """The words that a particle is over, a light verb left out unless it is all."""
    light = tokens[at].folded not in ("nothing", "nobody", "none")
    return _governed(tokens, at, PARTICLES, light=light) or _governed(tokens, at, PARTICLES)


def _called(tokens: Sequence[Token], at: int) -> bool:
    """Whether what was dismissed is only called something: dismissed the rise as a drop in the ocean."""
    after = list(itertools.takewhile(lambda one: one.stem, tokens[at + 1 : at + 9]))
    return any(one.folded == "as" for one in after)


_WHICH = folded("ما الذي التي")


def _yet_to(tokens: Sequence[Token], at: int) -> bool:
    """Whether something has yet to be done: it is not done."""
    return (
        0 < at < len(tokens) - 1
        and tokens[at].folded == "yet"
        and tokens[at + 1].folded == "to"
        and tokens[at - 1].folded in ("has", "have", "had", "is", "are", "was", "were")
    )


def negations(tokens: Sequence[Token]) -> list[Operator]:
    """What is negated in a sentence."""
    found: list[Operator] = []
    for at, token in enumerate(tokens):
        word = token.folded
        if word in PARTICLES or (word in ("ما", "وما", "فما") and _ma(tokens, at)):
            if _idiom(tokens, at) or (at and _idiom(tokens, at - 1)) or _below(tokens, at):
                continue
            soon = [one.folded for one in tokens[at + 1 : at + 5] if one.clause <= token.clause + 1]
            if not _OTHERS.isdisjoint(soon) or (at > 1 and word in _OTHERS and _negates_before(tokens, at)):
                continue
            clause = [one.folded for one in tokens[at + 1 : at + 14] if one.clause <= token.clause + 1]
            if not _RESTRICTING.isdisjoint(clause) or (word in ("no", "nothing") and clause[:1] == ["but"]):
                continue
            found.append(Operator(at, over(tokens, at), False))
        elif _yet_to(tokens, at):
            found.append(Operator(at, _governed(tokens, at, PARTICLES), False))
        elif word in VERBS:
            if word.startswith("dismiss") and _called(tokens, at):
                continue
            if word in ("decline", "declines") and at and tokens[at - 1].folded in ("the", "a", "this", "that"):
                continue  # the decline to 3 percent

            follow = _ONLY_BEFORE.get(word.removeprefix("و"))
            if follow and not (at + 1 < len(tokens) and tokens[at + 1].folded in follow):
                continue
            governed = _governed(tokens, at, _NO_STOPS)
            if at and tokens[at - 1].folded in _WHICH and word.endswith(("ه", "ها")):
                governed = ()  # وهو ما أنكرته المنظمة: what stood before
            passive = word.isascii() and word.endswith("ed") and any(
                one.folded in {"was", "were", "been", "be", "is", "are"} for one in tokens[max(0, at - 3) : at]
            )  # fmt: skip
            found.append(Operator(at, (*_before(tokens, at), *governed) if passive or not governed else governed, True))
    return found


def modals(tokens: Sequence[Token]) -> list[Operator]:
    """What in a sentence is not done but possible, proposed, planned or to come."""
    found: list[Operator] = []
    for at, token in enumerate(tokens):
        level = _level(tokens, at)
        if level is not None:
            verb = token.content
            governed = _governed(tokens, at, _NO_STOPS)
            if future(token.folded) and not token.folded.isascii():
                governed = (at, *governed)
            found.append(Operator(at, governed, verb, level))
    return found


_HAD = folded("كان كانت كانوا يكون تكون يكونوا")
_PASTS = folded("توفي توفيت تلقى تعرض تسبب تأخر توصل تضرر تعهد")
"""Pasts that begin like an imperfect."""
_CONSIDERS = folded("consider considers considered")


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
