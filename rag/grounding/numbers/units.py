"""Units and currencies of Arabic and English: which belong to one family, and what they are worth in each other."""

from __future__ import annotations

from functools import lru_cache

from rag.analysis import fold, folded_words
from rag.grounding.tokens import peeled

_FAMILIES: dict[str, dict[str, tuple[float, str]]] = {
    "mass": {
        "gram": (1, "g gram grams gramme grammes غرام غرامات غراما جرام جرامات"),
        "kilogram": (1e3, """kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes كيلوغرام
            كيلوغرامات كيلوغراما كيلوجرام كغ كغم كجم كلغ كيلو"""),
        "tonne": (1e6, "t ton tons tonne tonnes طن طنا أطنان"),
        "pound of mass": (453.6, "lb lbs رطل أرطال"),
        "ounce": (28.35, "oz ounce ounces أونصة أونصات أوقية"),
        "milligram": (1e-3, "mg milligram milligrams ملغ مليغرام ملليغرام"),
    },
    "length": {
        "metre": (1, "m metre metres meter meters متر أمتار مترا"),
        "kilometre": (1e3, "km kms kilometre kilometres kilometer kilometers كيلومتر كيلومترات كيلومترا كلم كم"),
        "centimetre": (1e-2, "cm centimetre centimetres centimeter centimeters سنتيمتر سنتيمترات سم سنتم"),
        "millimetre": (1e-3, "mm millimetre millimetres millimeter millimeters مليمتر مليمترات ملم"),
        "mile": (1609.34, "mi mile miles ميل أميال ميلا"),
        "foot": (0.3048, "ft foot feet قدم أقدام قدما"),
        "inch": (0.0254, "inch inches بوصة بوصات إنش"),
        "yard": (0.9144, "yard yards ياردة ياردات"),
    },
    "area": {
        "hectare": (1e4, "ha hectare hectares هكتار هكتارات هكتارا"),
        "acre": (4046.86, "acre acres فدان أفدنة فدانا أكر"),
        "dunam": (1e3, "dunam dunams دونم دونمات دونما"),
    },
    "volume": {
        "litre": (1, "l litre litres liter liters لتر لترات لترا ليتر ليترات"),
        "barrel": (158.987, "barrel barrels bbl برميل براميل برميلا"),
        "gallon": (3.785, "gallon gallons غالون غالونات جالون"),
    },
    "power": {
        "watt": (1, "w watt watts واط وات"), "kilowatt": (1e3, "kw kilowatt kilowatts كيلوواط كيلووات"),
        "megawatt": (1e6, "mw megawatt megawatts ميغاواط ميجاوات ميغاوات"),
        "gigawatt": (1e9, "gw gigawatt gigawatts غيغاواط جيجاوات"),
    },
    "temperature": {"celsius": (1, "celsius مئوية"), "fahrenheit": (1, "fahrenheit فهرنهايت")},
    "currency": {
        name: (1, words) for name, words in {
            "dollar": "$ usd us$ dollar dollars دولار دولارات دولارا", "euro": "€ eur euro euros يورو يوروهات أورو",
            "pound": "£ gbp sterling pound pounds quid جنيه جنيهات جنيها إسترليني استرليني", "lira": "₤ "
            "lira liras ليرة ليرات",
            "dinar": "dinar dinars دينار دنانير دينارا", "dirham": "aed dirham dirhams درهم دراهم درهما",
            "riyal": "sar riyal riyals rial rials ريال ريالات ريالا", "yen": "¥ yen ين", "yuan": "yuan renminbi يوان",
            "rouble": "rouble roubles ruble rubles روبل روبلات", "rupee": "rupee rupees روبية روبيات",
            "franc": "franc francs فرنك فرنكات", "shekel": "₪ shekel shekels شيكل شيقل شواكل",
            "cent": "cent cents سنت سنتات",
        }.items()
    },
}  # fmt: skip

_BY_WORD: dict[str, tuple[str, str, float]] = {}
for _family, _units in _FAMILIES.items():
    for _name, (_factor, _words) in _units.items():
        for _word in _words.split():
            _BY_WORD.setdefault(fold(_word), (_family, _name, _factor))
_BY_NAME = {name: (family, name, factor) for family, name, factor in _BY_WORD.values()}
_ONLY_AFTER_DIGITS = frozenset("m g t l w mi ha mw kw gw lb oz in كم سم ين قدم كيلو".split())
"""Words, or too short to be sure: units only where they stand at digits or a magnitude in digits."""

CURRENCY_WORDS = frozenset(
    word for word, (kind, *_) in _BY_WORD.items() if kind == "currency" and word not in _ONLY_AFTER_DIGITS
)
"""The folded words, abbreviations and signs that tell of money wherever they stand."""

PERCENT_MARKS = frozenset("% ٪ ﹪ ％ percent pct percentage".split())
PERCENT_WORDS = folded_words("المئة المائة المية بالمئة بالمائة بالمية مئوية")


def percent_hundred(before: str, word: str) -> bool:
    """Whether a folded word is the hundred of "per cent": 50 في المئة, بالمئة."""
    return word in PERCENT_WORDS and (before == "في" or word.startswith("ب"))


@lru_cache(1 << 14)
def unit_of(word: str, *, after_digits: bool) -> tuple[str, str] | None:
    """The family and the name of the unit that a folded word is, whatever is written on to it."""
    for prefix, rest in peeled(word):
        if rest in _ONLY_AFTER_DIGITS and not after_digits:
            continue
        if (found := _BY_WORD.get(rest)) is not None and "و" not in prefix:
            return found[0], found[1]
    return None


_DUALS = {
    fold(word + ending): name
    for word, name in (
        ("طن", "tonne"), ("كيلومتر", "kilometre"), ("كيلوغرام", "kilogram"), ("متر", "metre"),
        ("ميل", "mile"), ("لتر", "litre"),
        ("برميل", "barrel"), ("دولار", "dollar"), ("دينار", "dinar"), ("درهم", "dirham"),
        ("هكتار", "hectare"), ("دونم", "dunam"),
        ("جنيه", "pound"), ("ريال", "riyal"), ("غرام", "gram"), ("فدان", "acre"), ("ليرت", "lira"),
    )
    for ending in ("ان", "ين")
}  # fmt: skip


@lru_cache(1 << 14)
def dual_unit(word: str) -> str | None:
    """The unit that a folded Arabic word says two of: طنين."""
    return next((_DUALS[rest] for prefix, rest in peeled(word) if rest in _DUALS), None)


def in_family(value: float, unit: str) -> float:
    """A value in the smallest common measure of its family (grams, metres…)."""
    found = _BY_NAME.get(unit)
    return value * found[2] if found else value


def family(unit: str) -> str:
    """The family of a unit's name, "percent" for per cent, "" without one."""
    if unit == "percent":
        return "percent"
    found = _BY_NAME.get(unit)
    return found[0] if found else ""


def conflict(one: str, other: str) -> bool:
    """Whether two units are of one family and no conversion makes them the same; "" conflicts with none."""
    if not one or not other or one == other or family(one) != family(other):
        return False
    return family(one) == "currency" and {one, other} not in ({"pound", "lira"}, {"dollar", "cent"})
