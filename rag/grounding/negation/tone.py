"""Words that say not in another way than by a negation: unclear, without exception, توقف, مجهول."""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import folded_words
from rag.grounding.inflection import bare
from rag.grounding.wording import Token

# Enough for a statement or source not to be without any negation: the other side's "not" may be said with one of them.
NEGATIVE_TONE = folded_words(
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

_WEAK_TONE = folded_words(
    """free lost loses lose missing miss missed against still yet until unless rather instead too stalled pending short
    safe remain remains remained forced empty zero closed shut first few less fewer survived spared independent
    only توقف أوقف أوقفت توقفت علق علقت بعد حتى ولا أقل أول أولى لكن بل يبقى بقي بقيت فقط ضد لما مستقل صفر
    أجل أجلت فقد فقدت
    خسر سالم قلة قليل قليلة نقص ينقص مغلق مغلقة أغلق حرم نجا نجت"""
)
STRONG_TONE = NEGATIVE_TONE - _WEAK_TONE
"""Of `NEGATIVE_TONE`, the words that say not, or that it is not so, in whatever part of a sentence they are."""
_AGAINST = folded_words(
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
