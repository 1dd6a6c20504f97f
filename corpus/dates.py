"""Publication dates as pages and front matter write them, in English and in Arabic with any of its month names."""

from __future__ import annotations

import re
from datetime import date, datetime

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MARKS = re.compile("[\u0640\u064b-\u065f\u200e\u200f\u061c]")
_FOLD = str.maketrans("أإآة", "اااه")
# Levantine, Gregorian-name (Egypt, Gulf, Sudan) and Maghrebi months, folded; two-word names come first.
_MONTHS = {
    "كانون الثاني": 1, "تشرين الاول": 10, "تشرين الثاني": 11, "كانون الاول": 12, "شباط": 2, "اذار": 3, "نيسان": 4,
    "ايار": 5, "حزيران": 6, "تموز": 7, "ايلول": 9, "يناير": 1, "فبراير": 2, "مارس": 3, "ابريل": 4, "مايو": 5,
    "يونيو": 6, "يونيه": 6, "يوليو": 7, "يوليه": 7, "اغسطس": 8, "سبتمبر": 9, "اكتوبر": 10, "نوفمبر": 11, "ديسمبر": 12,
    "جانفي": 1, "فيفري": 2, "افريل": 4, "جوان": 6, "جويليه": 7, "يوليوز": 7, "اوت": 8, "غشت": 8, "شتنبر": 9,
    "نونبر": 11, "دجنبر": 12, "دجمبر": 12, "ماي": 5, "اب": 8,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_MONTH_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s*(?:من\s+)?(?:شهر\s+)?[-–/،,]?\s*\b({_MONTH})\b(?:\s*[/(\\]\s*(?:{_MONTH})\)?)?"
    r"\s*[-–/،,]?\s*(?:من\s+)?(?:عام\s+|سنه\s+)?(\d{4})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(rf"\b({_MONTH})\b(?:\s*[/(]\s*(?:{_MONTH})\)?)?\s+(\d{{1,2}})\s*[،,]\s*(\d{{4}})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:T\d+Z?)?\s*$")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?!\d)")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = rf"\b({'|'.join(_ENGLISH)})[a-z]*\b\.?"
_ENGLISH_DAY_FIRST = re.compile(
    rf"(?i)(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s\-–/,]*(?:of\s+)?{_ENGLISH_MONTH}[\s\-–/,]*(\d{{4}})(?!\d)"
)
_ENGLISH_MONTH_FIRST = re.compile(rf"(?i){_ENGLISH_MONTH}[\s\-–/]*(\d{{1,2}})(?:st|nd|rd|th)?[\s\-–/,]+(\d{{4}})(?!\d)")
_EARLIEST, _LATEST = 1800, 2200


def parse_date(value: object) -> date | None:
    """The date that `value` (a date, or a string with one) names to the day, or None.

    Dates of figures alone are read day first, as Arabic and most English sources write them, unless that is impossible.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not value.strip() or len(value) > 300:
        return None
    text = _MARKS.sub("", value).translate(_DIGITS)
    folded = " ".join(text.translate(_FOLD).split())
    if match := _ISO.search(folded):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _COMPACT.match(folded):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_MONTH_YEAR.search(folded):
        return _date(int(match[3]), _MONTHS[match[2]], int(match[1]))
    if match := _MONTH_DAY_YEAR.search(folded):
        return _date(int(match[3]), _MONTHS[match[1]], int(match[2]))
    if match := _NUMERIC.search(folded):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        return _date(year, month, day) or _date(year, day, month)
    return _english(text)


def _english(text: str) -> date | None:
    if match := _ENGLISH_DAY_FIRST.search(text):
        return _date(int(match[3]), _ENGLISH.index(match[2].lower()) + 1, int(match[1]))
    if match := _ENGLISH_MONTH_FIRST.search(text):
        return _date(int(match[3]), _ENGLISH.index(match[1].lower()) + 1, int(match[2]))
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _EARLIEST <= year <= _LATEST else None
    except ValueError:
        return None
