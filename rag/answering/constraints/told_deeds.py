"""Which deed a question asks the time of, and which a sentence tells: a law signed is not yet one repealed.

Only deeds of which one thing has several, one after another: those of a law, of a building, of somebody in office.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rag.analysis import fold, folded_words
from rag.grounding.inflection import arabic_forms, with_conjunctions
from rag.grounding.negation.opposites import without_object
from rag.grounding.tokens import tokens
from rag.grounding.wording import same_language_stem

_DEEDS: tuple[dict[str, tuple[str, str, str]], ...] = (
    {
        "introduce": (
            "introduce propose table draft",
            "اقترح/يقترح قدم/يقدم طرح/يطرح صاغ/يصوغ",
            "تقديم طرح اقتراح صياغة",
        ),
        "pass": (
            "pass passage approve adopt enact ratify clear carry vote",
            "أقر/يقر اعتمد/يعتمد صادق/يصادق أجاز/يجيز سن/يسن مرر/يمرر صوت/يصوت",
            "إقرار اعتماد مصادقة المصادقة تمرير تصويت التصويت",
        ),
        "sign": ("sign signature", "وقع/يوقع", "توقيع توقيعه توقيعها"),
        "effect": ("effective effect", "سرى/يسري", "سريان نافذا نافذة نفاذ"),
        "suspend": ("suspend freeze waive", "علق/يعلق جمد/يجمد", "تعليق تجميد"),
        "repeal": (
            "repeal abolish annul rescind revoke scrap overturn",
            "ألغى/يلغي ألغي/يلغى أبطل/يبطل أنهى/ينهي",
            "إلغاء إلغاؤه إلغائه إلغاؤها إلغائها الإلغاء إبطال إنهاء ملغى",
        ),
        "expire": ("expire lapse", "انقضى/ينقضي انتهى/ينتهي", "انتهاء انقضاء"),
    },
    {
        "build": ("build construct erect", "بنى/يبني شيد/يشيد أنشأ/ينشئ بني/يبنى", "بناء إنشاء تشييد"),
        "open": ("open inaugurate inauguration", "افتتح/يفتتح فتح/يفتح دشن/يدشن", "افتتاح افتتاحه افتتاحها فتح تدشين"),
        "close": ("close shut closure", "أغلق/يغلق أقفل/يقفل", "إغلاق إغلاقه إغلاقها إقفال"),
        "reopen": ("reopen", "", ""),
        "demolish": ("demolish raze", "هدم/يهدم", "هدم"),
    },
    {
        "appoint": ("appoint nominate elect", "عين/يعين انتخب/ينتخب كلف/يكلف", "تعيين تعيينه تعيينها انتخاب انتخابه"),
        "dismiss": (
            "dismiss sack fire resign oust",
            "أقال/يقيل عزل/يعزل استقال/يستقيل",
            "إقالة إقالته استقالة استقالته عزل",
        ),
        "arrest": ("arrest detain", "اعتقل/يعتقل أوقف/يوقف احتجز/يحتجز", "اعتقال اعتقاله توقيف احتجاز"),
        "release": ("release free", "أفرج/يفرج", "إفراج الإفراج"),
        "sentence": ("sentence convict", "أدان/يدين", "إدانة"),
    },
)
"""Deeds of one thing, by what it is: English words (all their forms), Arabic verbs (past/imperfect), Arabic nouns."""
_IDIOMS = (
    ("effect", re.compile(r"\b(?:enter\w*|c[ao]me) into force|(?:دخل|يدخل|تدخل|دخول)\w* حيز")),
    ("repeal", re.compile(r"(?:طوي|طوت|يطوي)\w*.{0,40}صفح")),
    ("reopen", re.compile(r"(?:اعاد|اعيد|يعيد|اعاده)\w* (?:فتح|افتتاح)")),
)
"""Deeds told in several words, in folded text."""


@cache
def _by_word() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in _DEEDS:
        for deed, (english, verbs, nouns) in group.items():
            forms = {same_language_stem(word + ending) for word in english.split() for ending in ("", "ed")}
            forms |= arabic_forms(verbs) | with_conjunctions(folded_words(nouns))
            for form in forms:
                found.setdefault(form, set()).add(deed)
    return {form: frozenset(deeds) for form, deeds in found.items()}


@lru_cache(1 << 12)
def deeds_in(text: str) -> frozenset[str]:
    """The deeds that a text tells, in either language."""
    folded, by_word = fold(text), _by_word()
    found = {deed for deed, idiom in _IDIOMS if idiom.search(folded)}
    for token in tokens(text):
        if token.kind == "word":
            word = token.text
            forms = (same_language_stem(word),) if word.isascii() else (word, without_object(word))
            found |= next((by_word[form] for form in forms if form in by_word), frozenset())
    if "reopen" in found:
        found.discard("open")
    return frozenset(found)


def rivals_of(deed: str) -> frozenset[str]:
    """The other deeds of such a thing."""
    return next(frozenset(group) - {deed} for group in _DEEDS if deed in group)
