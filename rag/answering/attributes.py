"""What is often asked of a thing (its colour, its price, its people), and by what a text shows that it tells of that.

A document that only mentions a town does not say how many live there. What it would have to hold is known beforehand:
a count beside a word for people, a name of a colour, a sum of money. Whether it is that of the thing asked for is not
looked at: all that is claimed is that a text without any tells of none.
"""

from __future__ import annotations

import re
from itertools import product

from rag.analysis import fold
from rag.answering.signals import MONEY, NUMBER

_ASKS = r"^\W*و?(?:كم|ما|شو|ايش|قديش)(?: هو| هي)?(?: (?:كان|كانت|بلغ|بلغت|يبلغ|تبلغ))? "
"""How an Arabic question for an attribute begins; its noun comes next."""


def _attribute(asked: str, told: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(asked), re.compile(told)


_ATTRIBUTES = (
    _attribute(
        rf"\b(?:what|which) colou?rs?\b|\bcolou?rs? (?:is|are|was|were|of)\b|{_ASKS}(?:لون|الوان)|\bب?اي لون\b",
        r"\bcolou?r|\b(?:red|blue|green|yellow|white|black|brown|gr[ae]y|pink|orange|purple|violet|gold|golden)\b"
        r"|\b(?:silver|beige|turquoise|scarlet|crimson|navy|cream|(?:redd|blu|green|yellow|whit)ish)\b"
        r"|\b[وفب]?(?:ال|لل?)?(?:لون(?:ه|ها|هما|هم|ا|ين|ان)?|الوان|ملون(?:ه|ا)?|بني(?:ه|ا)?|رمادي|زهري|وردي)"
        r"|برتقالي|احمر|حمراء|ازرق|زرقاء|اخضر|خضراء|اصفر|صفراء|ابيض|بيضاء|اسود|سوداء|بنفسجي|ذهبي|فضي",
    ),
    _attribute(
        rf"\bhow old\b|\b(?:at )?what age\b|{_ASKS}(?:عمر|سن)(?:ه|ها)?\b",
        r"\byears?[ -]old\b|\bage[ds]?\b|\bborn\b|\bbirth|[,(] ?\d{1,3} ?[,)]|\b(?:teen|centur|decade)"
        r"|\bin h(?:is|er) |\b(?:buil[dt]|found|establish|open|date[sd]?|dating|since)"
        r"|عمر|\b[وب]?(?:ال)?سن(?:ه|ها)?\b|مواليد|\bو?ولد|ميلاد|قرن|\bعقد"
        r"|بني|شيد|اسس|انشئ|افتتح|يعود|تعود|منذ",
    ),
    _attribute(
        r"\bhow (?:tall|high|deep|wide)\b|\bwhat (?:is|was) the (?:height|depth|width)\b"
        rf"|{_ASKS}(?:ارتفاع|عمق|عرض)(?:ه|ها)?\b",
        r"\d ?[ck]?m\b|met(?:re|er)|\bfeet\b|\bfoot\b|\bft\b|inch|\bmiles?\b|yard|fathom|stor(?:e?y|ies)|floor"
        r"|\bhigh|height|\bdee?p|\bdepth|\bwid|\btall|متر|\bاقدام|\bقدم|بوصه|\d ?(?:كم|م|سم)\b|\b(?:ميل|اميال)"
        r"|طابق|طوابق|ارتفاع|عمق|عرض",
    ),
    _attribute(
        r"\bhow heavy\b|\bhow much (?:did|does|do) .{1,40}\bweigh\b|\bwhat (?:is|was) the weight\b"
        rf"|{_ASKS}وزن(?:ه|ها)?\b|\bكم [يت]زن\b",
        r"\bweigh|\d ?(?:kg|g|mg|lb|lbs|oz|t)\b|gram|\bton|pound|ounce|\bstones?\b"
        r"|غرام|جرام|\bطن|اطنان|رطل|وزن|كيلو|\bكغ",
    ),
    _attribute(
        rf"\bhow (?:hot|cold|warm)\b|\bwhat (?:is|was) the (?:\w+ )?temperature\b|{_ASKS}درجه (?:ال)?حراره",
        r"°|degree|celsius|fahrenheit|temperature|درجه|درجات|مئويه|حراره",
    ),
    _attribute(
        rf"\bhow fast\b|\bwhat (?:is|was) the (?:\w+ )?speed\b|{_ASKS}سرعه",
        r"km/h|kph|mph|knot|\bper (?:hour|second)|\ban hour|speed|\btimes\b"
        r"|سرعه|في (?:ال)?(?:ساعه|ثانيه)|عقده|مرات|ضعف",
    ),
    _attribute(
        rf"\bwhat time\b(?! (?:fram|peri|span))|\bwhat hour\b|^\W*(?:في )?ب?اي ساعه|{_ASKS}الساعه",
        r"\d[:.]\d\d|\d ?[ap]\.?m\b|\bnoon|midday|midnight|o.clock|morning|evening|afternoon|dawn|night"
        r"|sunrise|sunset|ساعه|ساعات|ظهر|صباح|مساء|فجر|ليل|عصر|غروب|شروق",
    ),
    _attribute(
        r"\bhow much (?:does|do|did|will|would|was|were|is|are) (?:\w+ ){1,5}(?:cost|worth|sell for|paid|earn)\b"
        r"|\bwhat (?:is|was|are|were) the (?:\w+ )?(?:price|cost|salary|budget|fee|fare|fine)\b"
        rf"|{_ASKS}(?:سعر|ثمن|تكلفه|كلفه|راتب|ميزانيه|موازنه|اجره|رسوم)|^\W*و?بكم (?:[يت]باع|سعر)",
        rf"{MONEY.pattern}|\bfree\b|مجان|\bل ?\. ?س|قرش|قروش"
        r"|(?:cost|pric|worth|fee|fare|salar|سعر|ثمن|كلف|راتب|اجر|رسم)\w*(?:\W+\w+){0,4}?\W+\d",
    ),
    _attribute(r"\b(?:tele)?phone number\b|رقم (?:ال)?(?:هاتف|تلفون)", r"phone|هاتف|تلفون|\d[\d \-]{5,}\d"),
)
"""How a question (folded) asks for each, and what in a text tells of one, for whatever thing."""

_POPULATION = re.compile(
    r"\bpopulation (?:of|in)\b|\bhow many (?:people|residents|inhabitants) (?:live|are there)\b"
    r"|\b(?:عدد|تعداد|كم) (?:ال)?سكان|\bكم نسمه"
)
_PEOPLED = re.compile(r"populat|inhabit|resident|^live[sd]?\b|\bsouls\b|سكان|سكن|نسمه|تعداد|قطن|^و?عدده(?:م|ا)\b")
_OF_PEOPLE = re.compile(
    r"\bof (?:\w+ ){0,2}?[\d,.]*\d(?: \w+)? (?:people|souls)\b|\bhome to (?:\w+ ){0,3}?\d"
    r"|\b[يت]ضم (?:\S+ ){1,4}?(?:شخص|انسان|عائل|اسره)"
)
_YEAR = re.compile(r"\W*(?:1[0-9]|20)\d\d\W*")
_REACH = 6
"""Words between a count and the word that says that it is of inhabitants."""


def untold(question: str, text: str) -> bool:
    """Whether `question` asks for an attribute of which `text`, all that was found of a document, tells nothing."""
    asked = fold(question).strip()
    wanted = [told for cue, told in _ATTRIBUTES if cue.search(asked)]
    if not wanted and not _POPULATION.search(asked):
        return False
    said = fold(text)
    if _POPULATION.search(asked) and not _counts_inhabitants(said):
        return True
    return not all(told.search(said) for told in wanted)


def _counts_inhabitants(said: str) -> bool:
    if _OF_PEOPLE.search(said):
        return True
    words = said.split()
    numbers = [at for at, word in enumerate(words) if NUMBER.search(word) and not _YEAR.fullmatch(word)]
    people = [at for at, word in enumerate(words) if _PEOPLED.search(word)]
    return any(abs(one - other) <= _REACH for one, other in product(numbers, people))
