"""What a sentence must have to give the time, sum or number that a question asks for, as patterns of folded text.

Wider than `rag.answering.question.answer_type`: no value is read, only the signs of one are looked for.
"""

from __future__ import annotations

import re

from rag.analysis import fold
from rag.answering.question.answer_type import WHAT_IT_COST
from rag.grounding.numbers.units import CURRENCY_WORDS

_ASKS_WHEN = re.compile(
    r"^\W*(?:(?!wh|how)\w+ ){0,2}when\b|\bwhen\W*$|\b(?:what|which) (?:years?|dates?|days?|months?|century|decade)\b"
    r"|^\W*(?:\w+ )?و?متي\b|(?:^|\s)(?:اي (?:عام|سنه|يوم|شهر|تاريخ|قرن|عقد)|ما (?:هو )?تاريخ"
    r"|ما ?(?:هو|هي)? (?:العام|السنه|التاريخ|القرن))\b"
)
"""For a time: "When did …", not "Who ruled when …"."""
_TIME = re.compile(
    r"\b(?:1[0-9]|20)[0-9]{2}s?\b|\b(?:in|year|عام|سنه) \d{2,4}\b"
    r"|\b\d{1,4} ?(?:a\.?d|b\.?c|b?ce|للهجره)\b|\b\d{2,4} ?[مه]\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:centur(?:y|ies)|monday|tuesday|wednesday|thursday|friday|saturday|sunday|ago|yesterday|today)\b"
    r"|(?:كانون|شباط|اذار|نيسان|ايار|حزيران|تموز|ايلول|تشرين|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر"
    r"|اكتوبر|نوفمبر|ديسمبر|القرن|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|الاحد"
    r"|(?:عشرين|ثلاثين|اربعين|خمسين|ستين|سبعين|ثمانين|تسعين)ي?ات|محرم|صفر|جمادي|رجب|شعبان|رمضان|شوال|الميلاد)\b"
)
_ASKS_FOR_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|big|large|often|high|tall|deep|wide|fast|heavy)\b"
    r"|\bwhat (?:(?:is|was|are|were) )?(?:the )?(?:\w+ )?(?:percentage|percent|share|number|amount|proportion)\b"
    r"|\bwhat (?:is|was|are|were) (?:the )?(?:\w+ ){0,2}?"
    r"(?:population|rate|height|length|area|distance|size|age|ratio|depth|speed|temperature|density)(?= of\b|\W*$)"
    r"|(?:^|\s)(?:و?ب?كم"
    r"|ما ?(?:هو|هي)? (?:عدد|نسبه|قيمه|حجم|مساحه|طول|ارتفاع|المسافه|عمر|معدل|متوسط|تعداد|سرعه|كثافه))\b"
)
NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?|thousands?|millions?|billions?|trillions?"
    r"|half|thirds?|quarters?|majority|several|once|twice|double|every|daily|weekly|monthly|yearly|annual(?:ly)?)\b"
    r"|(?<!\w)[وفبلك]?(?:ال|ل)?(?:واحده?|اثن\w{1,3}|(?:ثلاث|اربع|خمس|ست|سبع|تسع|عشر)(?:ه|ون|ين|ات)?"
    r"|ثمان(?:ي|يه|ون|ين)?|احدي?(?= عشره?)|م(?:ا?ي)(?:ه|ات|تان|تين|تي)|الاف|الف(?:ا|ان|ين|ي)?"
    r"|(?:مليون|مليار|تريليون)(?:ا|ان|ين|ي|ات)?"
    r"|ملايين|نصف|(?:ثلث|ربع)(?:ا|ي|ان|ين)?|مرتان|مرتين|غالبيه|معظم|عده|بضعه?|سنويا|شهريا|اسبوعيا|يوميا)(?!\w)"
)
"""Digits and words for numbers. In folded Arabic مئة and مائة are ميه and مايه; 1453م is a year."""
_ASKS_FOR_MONEY = re.compile(
    r"\bhow much (?:\w+ ){0,6}?(?:worth|cost|paid|pay|spend|spent|earn|earned|charge|charged|owe)\b"
    r"|\bwhat (?:(?:is|was|are|were) )?(?:\w+ ){1,4}?(?:worth|price|cost|budget|revenues?|fares?"
    r"|fees?|wages?|salar(?:y|ies)|fines?)\b"
    rf"|{WHAT_IT_COST}"
    r"|(?:^|\s)و?(?:كم|ما) (?:(?:هو|هي|كان|كانت|بلغ|بلغت|يبلغ|تبلغ) )?"
    r"(?:قيم|ثمن|سعر|اسعار|كلف|تكلف|ميزاني|ايراد|عائدات|اجره|اجور|راتب|رواتب|رسوم|غرام)\w*"
)
_SIGNS = "".join(sorted(word for word in CURRENCY_WORDS if len(word) == 1 and not word.isalpha()))
_CURRENCIES = "|".join(sorted(word for word in CURRENCY_WORDS if word.isalpha() and word != "سنت"))
"""Without the cent, which in Arabic is also to enact, and with a dual's ending two years."""
MONEY = re.compile(
    rf"[{_SIGNS}]|(?<![^\W\d])[وف]?[بلك]?(?:ال|ل)?(?:(?:{_CURRENCIES}|marks|lire)(?:ان|ين|ا)?|ليرت(?:ان|ين))(?!\w)"
)
MONEY_TERM = re.compile(r"worth|cost|pric|valu|paid|pay|spen[dt]|earn|amount|much|قيم|ثمن|سعر|كلف|تكلف|بلغ|مبلغ")
"""In folded words: that money is asked for, that money is said, and (in stems) the words that only ask for it."""


def wanted_in(question: str) -> re.Pattern[str] | None:
    """What a sentence must have to answer: a date, money, a number, or nothing in particular."""
    folded = fold(question)
    if _ASKS_WHEN.search(folded):
        return _TIME
    if _ASKS_FOR_MONEY.search(folded):
        return MONEY
    return NUMBER if _ASKS_FOR_NUMBER.search(folded) else None
