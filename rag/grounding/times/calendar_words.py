"""Words of dates and durations in Arabic and English, folded: months, weekdays, units of time, relative times."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from rag.analysis import fold
from rag.grounding.tokens import peeled

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year", "decade", "century"]

DAYS_IN: dict[str, float] = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4375, "year": 365.25,
    "decade": 3652.5, "century": 36525,
}  # fmt: skip


def _table(rows: dict[str, int]) -> dict[str, int]:
    return {fold(word): value for words, value in rows.items() for word in words.split()}


MONTHS = _table({
    "january jan يناير جانفي": 1, "february feb فبراير شباط فيفري": 2, "march mar مارس آذار": 3,
    "april apr أبريل نيسان أفريل": 4, "may مايو أيار ماي": 5, "june jun يونيو يونيه حزيران جوان": 6,
    "july jul يوليو يوليه تموز يوليوز جويلية": 7, "august aug أغسطس آب غشت أوت": 8,
    "september sep sept سبتمبر أيلول شتنبر": 9, "october oct أكتوبر": 10, "november nov نوفمبر نونبر": 11,
    "december dec ديسمبر دجنبر دجمبر": 12,
})  # fmt: skip
"""Months by English names and abbreviations, and by the names of Egypt and the Gulf, the Levant and the Maghreb."""
MONTHS_IN_TWO_WORDS = {("كانون", "ثاني"): 1, ("تشرين", "اول"): 10, ("تشرين", "ثاني"): 11, ("كانون", "اول"): 12}
DOUBTFUL_MONTHS = frozenset("may march mar august jan jun dec sep اب ماي مارس اوت جوان".split())
"""Months whose names are also other words (father, practised, to march): they need a date around them."""
HIJRI_MONTHS = _table({
    "محرم muharram": 1, "صفر safar": 2, "رجب rajab": 7, "شعبان shaaban": 8, "رمضان ramadan": 9, "شوال shawwal": 10,
})  # fmt: skip
"""Hijri months of one word that are dates where a number stands beside them."""
WEEKDAYS = _table({
    "monday الاثنين الإثنين": 0, "tuesday الثلاثاء": 1, "wednesday الأربعاء": 2, "thursday الخميس": 3,
    "friday الجمعة": 4, "saturday السبت": 5, "sunday الأحد": 6,
})  # fmt: skip
"""0 is Monday. Arabic ones have their article: without it they are other words."""
SEASONS = _table({"winter شتاء": 12, "spring ربيع": 3, "summer صيف": 6, "autumn fall خريف": 9})
"""Seasons by their first month, in the northern hemisphere."""

_UNITS = {
    "second": ("second seconds ثانية ثوان ثواني", "ثانيتان ثانيتين"),
    "minute": ("minute minutes دقيقة دقائق", "دقيقتان دقيقتين"),
    "hour": ("hour hours ساعة ساعات", "ساعتان ساعتين ساعتي"),
    "day": ("day days يوم أيام يوما ليلة ليال ليالي night nights", "يومان يومين يومي ليلتان ليلتين"),
    "week": ("week weeks أسبوع أسابيع أسبوعا", "أسبوعان أسبوعين أسبوعي"),
    "month": ("month months شهر أشهر شهور شهرا", "شهران شهرين"),
    "year": ("year years عام أعوام عاما سنة سنوات سنين", "عامان عامين عامي سنتان سنتين سنتي"),
    "decade": ("decade decades عقود عقدا", "عقدان عقدين"),
    "century": ("century centuries قرن قرون قرنا", "قرنان قرنين"),
}  # fmt: skip
"""Units of time: the forms that follow a number, and the Arabic duals."""
UNITS = {fold(word): unit for unit, (forms, _) in _UNITS.items() for word in forms.split()}
DUALS = {fold(word): unit for unit, (_, forms) in _UNITS.items() for word in forms.split()}
NO_DUALS = frozenset("عامي يومي اسبوعي سنتي".split())
"""Duals in the construct that are also other words (daily, weekly, colloquial): only between two years "
"(عامي 2011 و2012)."""
SINGULARS = _table({"year السنة العام سنة عام": 0, "month الشهر شهر": 1, "week الأسبوع أسبوع": 2, "decade العقد عقد": 3,
                    "century القرن قرن": 4})  # fmt: skip
SINGULAR_UNITS = ("year", "month", "week", "decade", "century")

DECADES = _table({
    "twenties عشرينيات عشرينات": 20, "thirties ثلاثينيات ثلاثينات": 30, "forties أربعينيات أربعينات": 40,
    "fifties خمسينيات خمسينات": 50, "sixties ستينيات ستينات": 60, "seventies سبعينيات سبعينات": 70,
    "eighties ثمانينيات ثمانينات": 80, "nineties تسعينيات تسعينات": 90,
})  # fmt: skip

LAST = frozenset("last past previous ماضي ماضيه منصرم منصرمه فاءت فائت فايت فايته منقضي منقضيه سابق سابقه".split())
THIS = frozenset("this current حالي حاليه جاري جاريه راهن راهنه".split())
NEXT = frozenset("next coming upcoming مقبل مقبله قادم قادمه اتي اتيه".split())
"""Before (English) or after (Arabic, with the article) a unit of time, a month, a weekday or a season."""

EARLY = frozenset("early beginning start مطلع اوايل بدايه مستهل بدايات".split())
MIDDLE = frozenset("mid middle منتصف اواسط وسط".split())
LATE = frozenset("late end نهايه اواخر ختام".split())

YEAR_BEFORE = frozenset(
    """in since year years during until till by before after from between early late mid throughout circa summer
    winter spring autumn fall beginning end start through
    عام سنه العام السنه لعام لسنه عامي عامين اعوام سنوات سنتي منذ في حتي قبل بعد بين خلال من الي مطلع نهايه
    اواخر اوايل بدايه
    منتصف صيف شتاء ربيع خريف موسم لموسم""".split()
)
"""Words before a bare year."""
SURE_YEAR_BEFORE = frozenset("عام سنه عامي اعوام سنوات سنتي year years since circa منذ".split())
NUMBER_BEFORE = frozenset(
    """resolution no number decision decree law flight route article highway model
    قرار رقم مرسوم قانون ماده رحله طريق""".split()
)
"""Words before a number that names something: resolution 2254 is no year."""


@lru_cache(1 << 14)
def prefix_and(word: str, table: str) -> tuple[str, str] | None:
    """What is written on to a folded word and the rest, where the rest stands in the table of that name."""
    words = _TABLES[table]
    for prefix, rest in peeled(word):
        if rest in words:
            return prefix, rest
    return None


_TABLES: dict[str, frozenset[str]] = {
    "month": frozenset(MONTHS), "weekday": frozenset(WEEKDAYS), "unit": frozenset(UNITS), "dual": frozenset(DUALS),
    "season": frozenset(SEASONS), "decade": frozenset(DECADES), "last": LAST, "this": THIS, "next": NEXT,
    "early": EARLY, "middle": MIDDLE, "late": LATE, "hijri": frozenset(HIJRI_MONTHS),
    "year_before": YEAR_BEFORE, "sure_year": SURE_YEAR_BEFORE, "number_before": NUMBER_BEFORE,
    "yesterday": frozenset("yesterday امس البارحه".split()), "tomorrow": frozenset("tomorrow غدا غد".split()),
    "today": frozenset("today tonight اليوم الليله".split()), "two_words": frozenset(("كانون", "تشرين")),
    "year_noun": frozenset("عام سنه year".split()), "month_noun": frozenset(("شهر",)),
}  # fmt: skip


@lru_cache(1 << 14)
def is_in(word: str, table: str) -> str | None:
    """The bare word where it stands in the table of that name, whatever is written on to it."""
    found = prefix_and(word, table)
    return found[1] if found else None
