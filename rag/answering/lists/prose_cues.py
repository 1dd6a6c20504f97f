"""The words by which a sentence in prose opens a list, goes on with it, or announces it. Of folded text."""

from __future__ import annotations

import re

FIRST = re.compile(
    r"(?:and )?(?:first(?:ly)?|to (?:begin|start) with|for one thing|on (?:the )?one hand|the (?:first|former)"
    r"|one(?: of (?:them|these|those|the \w+))?(?:,| is| was| has| had| concerns| \w+ed))\b"
    r"|[وف]?(?:اما )?(?:اول(?:ها|هما|هم|ا|ي)?|الاول|الاولي|احد(?:هما|هم|اها)|احداهما|من (?:جهه|ناحيه)|بدايه)\b(?! اخري)"
)
NEXT = re.compile(
    r"(?:and |but )?(?:another|a (?:second|third|fourth|fifth|further|final)|the (?:second|third|fourth|fifth|other"
    r"|last|latter|next|final|remaining)|second(?:ly)?|third(?:ly)?|fourth|then|next|finally|last(?:ly)?"
    r"|in addition|additionally|moreover|furthermore|further|besides|more|others?|on the other(?: hand)?|for another"
    r"|on top of that|as for|for its part|not least|beyond that)\b"
    r"|[وف]?(?:اما )?(?:ثاني|ثالث|رابع|خامس|اخر)(?:ها|هما|هم|ا)?\b"
    r"|[وف]?(?:اما )?ال(?:ثاني|ثالث|رابع|خامس|سادس|اخر|اخير)(?:ه|ي|ون)?\b|و?الاخري\b"
    r"|[وف]?(?:كما|كذلك|ايضا|ثم|علاوه|فضلا|الي جانب|اضافه|بالاضافه|اخيرا|بدوره|بدورها|مما|اما)\b"
    r"|و(?:يضيف|تضيف|اضاف|اضافت)\w*\b|و?من (?:جهه|ناحيه) اخري\b|و?\w* ?قسم \w+\b"
)
"""How a folded sentence begins that opens an enumeration, and that goes on with one."""
WITHIN = re.compile(
    r"\b(?:also|too|besides|as well|another|likewise|in turn|others?)\b"
    r"|(?:^|\s)(?:كذلك|ايضا|اخر|اخري|اخرون|بدوره|بدورها)\b"
)
"""Words among the first or the last of a sentence that goes on with one."""
STRAY = re.compile(
    r"(?:both|he|she|they|this|that|these|none|all|neither|until|by then)\b"
    r"|[وف]?(?:هذه|هذا|ذلك|لم|قد|لا|كلاهما|كان|كانت|ليس|قال|قالت)\b"
)
"""How a folded sentence begins that is no item, as a rule, but tells more of the one before: "Both deny it"."""
SEVERAL = re.compile(
    r"\b(?:several|some|many|a number of|various|different|the following|series|list|plan|package|certain)\b"
    r"|(?:^|\s)[بلو]?(?:عده|بعض|عدد من|مجموعه|سلسله|جمله|الاتي|التالي|التاليه|خطه|مختلفه|متعدده|جديده|بعينها)\b"
)
"""Words by which a sentence announces several things without a number."""
COORDINATED = re.compile(r",[^,.]{2,60}(?:,? and| or) \w|\s\S+\sو\S+\sو\S+|\S+،? \S+ و\S+ و\S+")
"""A list within a sentence."""
