"""Words that turn a clause round: what negates, and the words that it is over.

Each list holds the forms of one kind of word in news Arabic and English, folded; Arabic verbs in the third person.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag.analysis import folded_words
from rag.grounding.inflection import arabic_forms, with_conjunctions
from rag.grounding.negation.operators import REACH, Operator, governed_by
from rag.grounding.wording import Token

# Particles: the next content word is what they negate.
PARTICLES = folded_words(
    """not never no nor neither none nobody nothing nowhere cannot without isnt arent wasnt werent
    dont doesnt didnt wont wouldnt cant couldnt shouldnt hasnt havent hadnt aint mustnt neednt"""
) | with_conjunctions(folded_words("لم لن لا ليس ليست ليسوا لست لسنا دون بدون عدم بعدم لعدم غير بغير انعدام مش ولما"))
# Verbs and nouns that negate what follows them, or the clause when nothing does.
VERBS = folded_words(
    """deny denies denied denying denial refuse refuses refused refusing refusal reject rejects rejected rejecting
    rejection decline declined declining declines fail fails failed failing failure prevent prevents prevented
    preventing
    refrain refrains refrained abstain abstains abstained avoid avoids avoided avoiding unable unlikely impossible
    unwilling lack lacks lacked lacking absence untrue false rebuff rebuffed dismiss dismissed dismisses forbid forbids
    forbidden forbade prohibit prohibits prohibited ban bans banned banning bar barred bars block blocks blocked
    blocking
    stopped ruled rule rules ruling excluded inability"""
) | with_conjunctions(
    arabic_forms(
        "نفى/ينفي نف/ينف رفض/يرفض امتنع/يمتنع فشل/يفشل استبعد/يستبعد أنكر/ينكر منع/يمنع حظر/يحظر تعذر/يتعذر أخفق/يخفق "
        "عجز/يعجز استحال/يستحيل تجنب/يتجنب"
    )
) | folded_words(
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
    ("لا", "نهايي"), ("لا", "نهاييه"), ("لا", "نهايه"), ("لا", "متناهي"), ("لا", "حصر"), ("لا", "يحصي"), ("لا", "تحصي"),
)  # fmt: skip
_RESTRICTING = with_conjunctions(folded_words("إلا سوى"))
"""After a negation: only. لم يحضر إلا ثلاثة: three came."""
_SUBORDINATES = folded_words("before after that once as until قبل بعد بعدما أن بأن")
_SUBJECT = 3
"""Content words of what is negated before its verb."""
_GOING_ON = ("زال", "زلن", "زلت", "برح", "انفك", "فتي", "دام", "دمن")
"""After ما: it goes on (ما زلنا)."""
_OTHERS = folded_words("لغير غير سوى إلا سواه سواها except besides")
"""Soon after a negation: only (nobody but, لا يسمح لغير)."""
_NUMERAL = re.compile("(?:ال)?(?:عشر|ثلاث|ثلث|اربع|خمس|ست|سبع|ثمان|ثماني|تسع|ميه|الف|نصف|ربع|سن$|مستوي|خط$|معدل|متوسط)")
_WHICH = folded_words("ما الذي التي")


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


def _below(tokens: Sequence[Token], at: int) -> bool:
    """Whether دون is below, not without: before a number, an age or a level."""
    following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
    before = tokens[at - 1].folded if at else ""
    return tokens[at].folded == "دون" and before != "من" and bool(following[:1].isdigit() or _NUMERAL.match(following))


def _ma(tokens: Sequence[Token], at: int) -> bool:
    """Whether ما at a clause's beginning negates the past: not what is "that which", and not ما زال."""
    before = tokens[at - 1].folded if at else "."
    if before not in {".", ":", "«", "“", '"'} and before not in with_conjunctions(
        folded_words("إنه أنه إنها أنها لكنه لكنها لكن أنهم")
    ):
        return False
    following = tokens[at + 1].folded if at + 1 < len(tokens) else ""
    if following.startswith(_GOING_ON):
        return False
    return len(following) >= 3 and following[0] not in "يتن" and following not in folded_words("هو هي إذا لم")


def _negates_before(tokens: Sequence[Token], at: int) -> bool:
    return any(token.folded in PARTICLES for token in tokens[max(0, at - 4) : at])


def over(tokens: Sequence[Token], at: int) -> tuple[int, ...]:
    """The words that a particle is over, a light verb left out unless it is all."""
    light = tokens[at].folded not in ("nothing", "nobody", "none")
    return governed_by(tokens, at, PARTICLES, light=light) or governed_by(tokens, at, PARTICLES)


def _called(tokens: Sequence[Token], at: int) -> bool:
    """Whether what was dismissed is only called something: dismissed the rise as a drop in the ocean."""
    after = list(itertools.takewhile(lambda one: one.stem, tokens[at + 1 : at + 9]))
    return any(one.folded == "as" for one in after)


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
            found.append(Operator(at, governed_by(tokens, at, PARTICLES), False))
        elif word in VERBS:
            if word.startswith("dismiss") and _called(tokens, at):
                continue
            if word in ("decline", "declines") and at and tokens[at - 1].folded in ("the", "a", "this", "that"):
                continue  # the decline to 3 percent

            follow = _ONLY_BEFORE.get(word.removeprefix("و"))
            if follow and not (at + 1 < len(tokens) and tokens[at + 1].folded in follow):
                continue
            governed = governed_by(tokens, at)
            if at and tokens[at - 1].folded in _WHICH and word.endswith(("ه", "ها")):
                governed = ()  # وهو ما أنكرته المنظمة: what stood before
            passive = word.isascii() and word.endswith("ed") and any(
                one.folded in {"was", "were", "been", "be", "is", "are"} for one in tokens[max(0, at - 3) : at]
            )  # fmt: skip
            found.append(Operator(at, (*_before(tokens, at), *governed) if passive or not governed else governed, True))
    return found
