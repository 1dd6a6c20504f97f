"""What is often asked of a thing (its colour, its price, its people), and by what a text shows that it tells of that.

A document that only mentions a town does not say how many live there. What it would have to hold is known beforehand:
a count beside a word for people, a name of a colour, a sum of money. Whether it is that of the thing asked for is not
looked at: all that is claimed is that a text without any tells of none. Numbers are read with their units, and what is
asked by degree ("How heavy was the rain?", "How deep are the cuts?") may be told by any measure.
"""

from __future__ import annotations

import re
from itertools import product
from typing import NamedTuple

from rag.analysis import fold
from rag.answering.question.value_patterns import MONEY, NUMBER
from rag.grounding.names.check import names
from rag.grounding.numbers.quantities import quantities
from rag.grounding.numbers.units import family

_ASKS = r"^\W*و?(?:كم|ما|شو|ايش|قديش)(?: هو| هي)?(?: (?:كان|كانت|بلغ|بلغت|يبلغ|تبلغ))? "
"""How an Arabic question for an attribute begins; its noun comes next."""


_AGES = (
    r"\byears?[ -]old\b|\bage[ds]?\b|\bborn\b|\bbirth|[,(] ?\d{1,3} ?[,)]|\b(?:teen|centur|decade)"
    r"|\bin h(?:is|er) |\b(?:buil[dt]|found|establish|open|date[sd]?|dating|since)"
    r"|عمر|\b[وب]?(?:ال)?سن(?:ه|ها)?\b|مواليد|\bو?ولد|ميلاد|قرن|\bعقد"
    r"|بني|شيد|اسس|انشئ|افتتح|يعود|تعود|منذ"
    r"|\d ?(?:عام|سنه)|البالغ"
)
_LENGTHS = (
    r"\d ?[ck]?m\b|met(?:re|er)|\bfeet\b|\bfoot\b|\bft\b|inch|\bmiles?\b|yard|fathom|stor(?:e?y|ies)|floor"
    r"|\bhigh|height|\bdee?p|\bdepth|\bwid|\btall|متر|\bاقدام|\bقدم|بوصه|\d ?(?:كم|م|سم)\b|\b(?:ميل|اميال)"
    r"|طابق|طوابق|ارتفاع|عمق|عرض"
)
_WEIGHTS = (
    r"\bweigh|\d ?(?:kg|g|mg|lb|lbs|oz|t)\b|gram|\bton|pound|ounce|\bstones?\b"
    r"|غرام|جرام|\bطن|اطنان|رطل|وزن|كيلو|\bكغ"
)


class _Attribute(NamedTuple):
    """How a question (folded) asks for something, and what in a folded text tells of it, for whatever thing.

    A percentage, or a quantity of `family`, tells of it too, whatever the words; of what is asked by `degree` any
    measure, and any number where more than one thing is meant (the losses). `bare`: so does a number that counts
    nothing.
    """

    asked: re.Pattern[str]
    told: re.Pattern[str]
    family: str = ""
    degree: bool = False
    bare: bool = False


def _attribute(asked: str, told: str, family: str = "", *, degree: bool = False, bare: bool = False) -> _Attribute:
    return _Attribute(re.compile(asked), re.compile(told), family, degree, bare)


_ATTRIBUTES = (
    _attribute(
        rf"\b(?:what|which) colou?rs?\b|\bcolou?rs? (?:is|are|was|were|of)\b|{_ASKS}(?:لون|الوان)|\bب?اي لون\b",
        r"\bcolou?r|\b(?:red|blue|green|yellow|white|black|brown|gr[ae]y|pink|orange|purple|violet|gold|golden)\b"
        r"|\b(?:silver|beige|turquoise|scarlet|crimson|navy|cream|(?:redd|blu|green|yellow|whit)ish)\b"
        r"|\b[وفب]?(?:ال|لل?)?(?:لون(?:ه|ها|هما|هم|ا|ين|ان)?|الوان|ملون(?:ه|ا)?|بني(?:ه|ا)?|رمادي|زهري|وردي)"
        r"|برتقالي|احمر|حمراء|ازرق|زرقاء|اخضر|خضراء|اصفر|صفراء|ابيض|بيضاء|اسود|سوداء|بنفسجي|ذهبي|فضي",
    ),
    _attribute(
        rf"\bhow old\b|{_ASKS}عمر(?:ه|ها)?\b",
        _AGES,
        bare=True,
    ),
    _attribute(
        rf"\b(?:at )?what age\b|\bwhat (?:is|was) the (?:\w+ )?age\b|{_ASKS}سن(?:ه|ها)?\b",
        rf"{_AGES}|\byears\b|\bعاما?\b|\bسنه\b|سنوات|اعوام",
        bare=True,
    ),
    _attribute(
        r"\bhow tall\b|\bwhat (?:is|was) the (?:height|depth|width)\b"
        rf"|{_ASKS}(?:ارتفاع(?! عدد)|عمق|عرض)(?:ه|ها)?\b",
        _LENGTHS,
        "length",
    ),
    _attribute(
        r"\bhow high\b(?!.* (?:toll|number|count|figure|score)s?\b)|\bhow (?:deep|wide)\b",
        _LENGTHS,
        degree=True,
    ),
    _attribute(
        r"\bhow much (?:did|does|do) .{1,40}\bweigh\b|\bwhat (?:is|was) the weight\b"
        rf"|{_ASKS}وزن(?:ه|ها)?\b|\bكم [يت]زن\b",
        _WEIGHTS,
        "mass",
    ),
    _attribute(r"\bhow heavy\b", _WEIGHTS, degree=True),
    _attribute(
        rf"\bhow (?:hot|cold|warm)\b|\bwhat (?:is|was) the (?:\w+ )?temperature\b|{_ASKS}درجه (?:ال)?حراره",
        r"°|degree|celsius|fahrenheit|temperature|درجه|درجات|مئويه|حراره",
        "temperature",
    ),
    _attribute(
        rf"\bhow fast\b|\bwhat (?:is|was) the (?:\w+ )?speed\b|{_ASKS}سرعه",
        r"km/h|kph|mph|knot|\bper (?:hour|second)|\ban hour|speed|\btimes\b"
        r"|سرعه|في (?:ال)?(?:ساعه|ثانيه)|عقده|مرات|ضعف",
        degree=True,
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
        r"|(?:cost|pric|worth|fee|fare|salar|سعر|ثمن|كلف|راتب|اجر|رسم)\w*(?:\W+\w+){0,4}?\W+\d"
        r"|\d\S* (?:\w+ )?(?:lives|dead|deaths)\b|\btoll\b|قتيل|قتلي|ارواح|ضحايا|\bبحياه\b",
        "currency",
    ),
    _attribute(r"\b(?:tele)?phone number\b|رقم (?:ال)?(?:هاتف|تلفون)", r"phone|هاتف|تلفون|\d[\d \-]{5,}\d"),
)

_OF_PLACES = tuple(
    (re.compile(asked), re.compile(said))
    for asked, said in (
        (r"\bcapital (?:city )?of\b|\bعاصمه\b", r"\bcapital\b|عاصم"),
        (r"\b(?:surface|land|total) area\b|\barea of\b|\bمساحه\b", r"\barea\b|\bsquare\b|\bkm|مساح|مربع"),
        (r"\bcurrency (?:of|in|used)\b|\b(?:عمله|العمله)\b", r"\bcurrenc|عمله|عملت"),
        (r"\b(?:official|national) languages?\b|اللغ(?:ه|ات) الرسميه", r"\blanguage|لغه|لغات"),
    )
)
"""Often asked of a country or a city, as is its population, and what of a passage tells that it speaks of that."""

_SENTENCED = (
    re.compile(
        r"\b(?:prison|jail) (?:sentence|term)s?\b|\bwhat (?:\w+ )?sentences?\b|\bsentenced to\b"
        r"|\b(?:مده|سنه|سنوات|عقوبه|عاما) (?:ال)?(?:سجن|حبس)\b"
    ),
    re.compile(r"\bsentenc|\bjail|prison|\bconvict|سجن|حبس|محكوم|\bحكم(?:ت|وا)? علي|\b[او]?دين\b|ادان"),
)
"""Asked of anybody: how long somebody was sent to prison, of which a report of an arrest says nothing."""

_POPULATION = re.compile(
    r"\bpopulation (?:of|in)\b|\bhow many (?:people|residents|inhabitants) (?:live|are there)\b"
    r"|\b(?:عدد|تعداد|كم) (?:ال)?سكان|\bكم نسمه"
)
_PEOPLED = re.compile(
    r"populat|inhabit|resident|^live[sd]?\b|\bsouls\b|سكان|سكن|نسمه|تعداد|قطن|^و?[يت]?عيش|^و?عدده(?:م|ا)\b"
)
_PEOPLE_OF_PLACE = re.compile(r"populat|inhabitant|residents|\blives? in\b|سكان|نسمه|تعداد|[يت]قطن|[يت]سكن|[يت]عيش")
"""By what a passage speaks of people of a place at all, more narrowly: who lived a life is none."""
_OF_PEOPLE = re.compile(
    r"\bof (?:\w+ ){0,2}?[\d,.]*\d(?: \w+)? (?:people|souls)\b|\bhome to (?:\w+ ){0,3}?\d"
    r"|\b[يت]ضم (?:\S+ ){1,4}?(?:شخص|انسان|عائل|اسره)"
)
_YEAR = re.compile(r"\W*(?:1[0-9]|20)\d\d\W*")
_REACH = 6
"""Words between a count and the word that says that it is of inhabitants."""


_MANY_THINGS = re.compile(r"\bhow \w+ (?:are|were|have)\b")
_POINTS = frozenset("point points نقطه نقاط times".split())
_AGE = range(5, 121)
_READ = frozenset(("ar", "en"))


def untold(question: str, text: str, language: str) -> bool:
    """Whether `question` asks for an attribute of which `text`, all that was found of a document, tells nothing.

    Of a document in another `language` than Arabic and English that is not claimed.
    """
    asked = fold(question).strip()
    wanted = [one for one in _ATTRIBUTES if one.asked.search(asked)]
    people = _POPULATION.search(asked) is not None
    if not (wanted or people) or language not in _READ:
        return False
    said = fold(text)
    if people and not _counts_inhabitants(said):
        return True
    return not all(one.told.search(said) or _by_number(one, asked, text) for one in wanted)


def _by_number(attribute: _Attribute, asked: str, text: str) -> bool:
    """Whether a text has a number that could be that of an attribute."""
    for one in quantities(text, ""):
        kind = family(one.unit)
        if one.ordinal or one.vague or one.share:
            continue
        if attribute.family and kind in ("percent", attribute.family):
            return True
        if attribute.degree and (kind or one.noun in _POINTS or _MANY_THINGS.search(asked)):
            return True
        if attribute.bare and not (kind or one.noun) and one.value in _AGE:
            return True
    return False


def unsaid(question: str, language: str, passage: str) -> bool:
    """Whether `question` asks for what any country has (its population), or a term in prison, that `passage` lacks."""
    asked, said = fold(question), fold(passage)
    if _SENTENCED[0].search(asked) and not _SENTENCED[1].search(said):
        return True
    people = _POPULATION.search(asked) is not None
    wanted = [told for cue, told in _OF_PLACES if cue.search(asked)]
    if not (wanted or people) or not any(name.means or name.kind == "place" for name in names(question, language)):
        return False
    return not all(told.search(said) for told in wanted) or (people and not _speaks_of_people(said))


def _speaks_of_people(said: str) -> bool:
    return _PEOPLE_OF_PLACE.search(said) is not None


def _counts_inhabitants(said: str) -> bool:
    if _OF_PEOPLE.search(said):
        return True
    words = said.split()
    numbers = [at for at, word in enumerate(words) if NUMBER.search(word) and not _YEAR.fullmatch(word)]
    people = [at for at, word in enumerate(words) if _PEOPLED.search(word)]
    return any(abs(one - other) <= _REACH for one, other in product(numbers, people))
