"""What a sentence says that something was the reason of: "blamed the delay on …", «عزا التأخير إلى …».

The question has another word for it than the sentence, or the one that tells what happened: it opened late, was
delayed, «تأخر». So what happened is known by kinds, in both languages.
"""

from __future__ import annotations

import re

from rag.analysis import Words, fold, is_stop_word, stem, words

_THING = r"(?P<effect>(?:[\w'’-]+ ){0,4}?[\w'’-]+)"
_REST = r"(?P<effect>(?:[\w'’-]+ ){0,3}[\w'’-]+)"
_EFFECTS = tuple(
    re.compile(one)
    for one in (
        # blamed the delay on, attributed the fall to; blamed the ministry for the delay
        rf"\b(?:blam(?:e|es|ed|ing)|put|puts) {_THING} (?:up)?on\b",
        rf"\b(?:attribut(?:e|es|ed|ing)|ascrib(?:e|es|ed|ing)|put|puts) {_THING} (?:down )?to\b",
        rf"\bblam(?:e|es|ed|ing) [^.;]{{1,60}}? for {_REST}\b",
        # the delay was caused by, is due to; the reason for the delay
        (
            rf"\b(?:the|its|their|this) {_THING} (?:(?:is|was|were|are|has been|had been) (?:\w+ ){{0,2}}?"
            r"(?:due to|caused by|because|blamed on|attributed to|down to|(?:the|a) result of)|stem(?:s|med) from)\b"
        ),
        rf"\b(?:reasons?|causes?|explanations?) (?:for|of|behind) {_REST}\b",
        # عزا التأخير إلى، حمّل الشركة مسؤولية التأخير
        rf"(?<!\w)[وف]?(?:[يت]?عزو|عزا|عزت|عزوا|ارجع|ارجعت|[يت]رجع|رد|ردت|نسب|نسبت) {_THING} الي(?!\w)",
        rf"(?<!\w)[وف]?(?:سبب|اسباب|مسووليه) {_THING}(?!\w)",
        # التأخير سببه، يعود التأخير إلى
        r"(?<!\w)(?P<effect>ال\w+(?: \w+){0,2}?) (?:سببه|سببها|ناجم عن|ناتج عن|[يت]عود الي|[يت]رجع الي)(?!\w)",
        rf"(?<!\w)[وف]?(?:[يت]عود|[يت]رجع|[يت]عزي) {_THING} الي(?!\w)",
    )
)
_KINDS = tuple(
    re.compile(rf"\b(?:{english})\b|(?<!\w)[وفبلك]*(?:ال|ل)?(?:{arabic})(?:ها|ه|هم)?(?!\w)")
    for english, arabic in (
        (
            (
                r"delay(?:s|ed|ing)?|late(?! (?:president|king|father|mother|mr|dr|night|in the)\b)|later than|overdue"
                r"|postpon\w+|behind schedule|hold-?up"
            ),
            r"[يت]?تاخر(?:ت|وا)?|تاخير|تاخيرات|متاخر|متاخره|[يت]?تاجل(?:ت)?|تاجيل|ارجاء|ارجي",
        ),
        (r"ban(?:s|ned|ning)?|prohibit\w*|forb[iao]d\w*|outlaw\w*", r"حظر|حظرت|[يت]حظر|محظور|منع|منعت|[يت]منع"),
        (
            r"clos(?:e|es|ed|ing|ure)|shut(?:s|ting)?|shutdown",
            r"اغلق|اغلقت|[يت]غلق|اغلاق|مغلق|مغلقه|اقفل|اقفلت|اقفال",
        ),
        (
            r"r(?:i|o)s(?:e|es|ing|en)|increas\w+|surg\w+|soar\w*|climb\w*|jump(?:ed|s)?|go(?:ne)? up|went up",
            r"ارتفع|ارتفعت|[يت]رتفع|ارتفاع|زياده|زاد|زادت|[يت]زداد|ازدياد|ازدادت?|غلاء",
        ),
        (
            r"f(?:a|e)ll(?:s|ing|en)?|drop(?:s|ped)?|declin\w+|decreas\w+|shr[aiu]nk\w*|go(?:ne)? down|went down",
            r"انخفض|انخفضت|[يت]نخفض|انخفاض|تراجع|تراجعت|[يت]تراجع|هبوط|هبط|هبطت|[يت]هبط|تدني",
        ),
        (r"cancel\w*|scrap(?:s|ped)|call(?:ed)? off|abandon\w*", r"الغي|الغيت|الغت|الغاء|[يت]لغي"),
        (r"collaps\w+|cav(?:e|ed) in", r"انهار|انهارت|انهيار|[يت]نهار"),
        (
            r"fail(?:s|ed|ure|ures|ing)?|br(?:ea|o)k(?:s|e|en)? down|breakdown",
            r"فشل|فشلت|اخفاق|اخفق|اخفقت|تعطل|تعطلت|عطل",
        ),
        (r"resign\w*|step(?:s|ped)? down|quit", r"استقال|استقالت|استقاله|[يت]ستقيل"),
        (r"strik(?:e|es|ing)|struck|walk-?out|stoppage", r"اضراب|اضربوا?|[يت]ضرب"),
    )
)
"""What may happen and be given a reason for, a kind a line: English, then Arabic, folded."""


def kinds_in(text: str) -> frozenset[int]:
    """The kinds of what happened that stand in a text, by their numbers."""
    folded = fold(text)
    return frozenset(number for number, kind in enumerate(_KINDS) if kind.search(folded))


def is_reason_of(text: str, question: str) -> bool:
    """Whether a sentence names something that `question` asks the reason of as what its reason is of."""
    folded = fold(text)
    asked_kinds, asked_stems = kinds_in(question), Words.of(question).stems
    for one in _EFFECTS:
        for match in one.finditer(folded):
            effect = match["effect"]
            stems = {stem(word) for word in words(effect) if not is_stop_word(word)}
            if not asked_kinds.isdisjoint(kinds_in(effect)) or (stems and stems <= asked_stems):
                return True
    return False
