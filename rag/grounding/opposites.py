"""Words of which one says the opposite of the other, and quantities that exclude each other, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from rag.grounding.polarity import folded
from rag.grounding.speech import arabic_forms
from rag.grounding.wording import Token, same_language_stem

# One axis an entry: name | English of one end | of the other | Arabic of one end | of the other. English words stand
# for all forms with their stem, Arabic verbs are given as past/imperfect. Opposites only in some contexts are left out.
_AXES = """
more | rise increase grow climb surge soar jump gain up expand growth higher widen swell rebound spike accelerate double
     | fall decrease decline drop shrink plunge slump tumble reduce down contract dip lower dwindle narrow slip slow
     halve slide plummet cut
     | ارتفع/يرتفع زاد/يزيد ازداد/يزداد نما/ينمو صعد/يصعد قفز/يقفز تضاعف/يتضاعف ارتفاع زيادة نمو صعود ارتفاعا نموا
     صعودا قفزة رفع/يرفع وسع/يوسع توسيع تسارع/يتسارع
     | انخفض/ينخفض تراجع/يتراجع هبط/يهبط تقلص/يتقلص انكمش/ينكمش نقص/ينقص انخفاض تراجع هبوط انخفاضا تراجعا هبوطا
     تدنى/يتدنى قلص/يقلص خفض/يخفض خفضت تخفيض تقليص انكماش تباطأ/يتباطأ تهاوى/يتهاوى
yes | accept approve allow permit agree endorse ratify authorise authorize back support welcome favour favor uphold
     adopt
    | refuse reject deny oppose forbid prohibit ban veto decline bar prevent block condemn overturn disapprove rebuff
    | وافق/يوافق قبل/يقبل سمح/يسمح أجاز/يجيز أيد/يؤيد دعم/يدعم رحب/يرحب صادق/يصادق موافقة قبول السماح سماح تأييد دعم
    ترحيب أيدت إجازة مصادقة أقر/يقر اعتمد/يعتمد
    | رفض/يرفض منع/يمنع حظر/يحظر عارض/يعارض حرم/يحرم أدان/يدين ندد/يندد رفض الرفض منع حظر معارضة إدانة تنديد نقض/ينقض
    اعترض/يعترض
win | win beat defeat victory triumph defeated beaten winner
    | lose defeat loser
    | فاز/يفوز انتصر/ينتصر ربح/يربح تغلب/يتغلب هزم/يهزم فوز انتصار فوزا
    | خسر/يخسر انهزم/ينهزم خسارة هزيمة
open | open reopen inaugurate | close shut shutter closure reclose
     | فتح/يفتح افتتح/يفتتح فتح افتتاح مفتوح مفتوحة إعادة_فتح | أغلق/يغلق إغلاق مغلق مغلقة اغلاق أقفل/يقفل
begin | begin start launch resume commence restart kick-off | end stop halt cease finish conclude terminate suspend
     cancel
      | بدأ/يبدأ انطلق/ينطلق استأنف/يستأنف أطلق/يطلق بدء انطلاق استئناف شرع/يشرع
      | انتهى/ينتهي توقف/يتوقف أوقف/يوقف أنهى/ينهي علق/يعلق ألغى/يلغي انتهاء وقف إنهاء تعليق إلغاء توقف اختتم/يختتم
succeed | succeed success successful manage achieve | fail failure unsuccessful flop
        | نجح/ينجح أفلح/يفلح نجاح ناجح ناجحة تمكن/يتمكن | فشل/يفشل أخفق/يخفق فشل إخفاق فاشل فاشلة
profit | profit surplus profitable | loss deficit unprofitable | ربح أرباح فائض فائضا أرباحا | خسارة خسائر عجز عجزا
join | join enter accede | leave quit withdraw exit abandon
     | انضم/ينضم دخل/يدخل التحق/يلتحق انضمام دخول | غادر/يغادر انسحب/ينسحب ترك/يترك خرج/يخرج مغادرة انسحاب خروج
free | free release freed acquit exonerate clear | arrest detain imprison jail convict capture
     | أفرج/يفرج حرر/يحرر برأ/يبرئ إفراج الإفراج تبرئة براءة إطلاق_سراح | اعتقل/يعتقل احتجز/يحتجز سجن/يسجن أوقف/يوقف
     أدان/يدين اعتقال احتجاز إدانة
better | improve better strengthen ease improvement recover | worsen worse deteriorate weaken deterioration aggravate
       | تحسن/يتحسن تعافى/يتعافى تحسن تحسنا قوى/يقوي عزز/يعزز | تدهور/يتدهور ساء/يسوء تفاقم/يتفاقم ضعف/يضعف تدهور
       تفاقم أضعف/يضعف
confirm | confirm admit acknowledge affirm | deny refute
        | أكد/يؤكد اعترف/يعترف تأكيد اعتراف | نفى/ينفي أنكر/ينكر نفي إنكار
build | build construct establish create found | destroy demolish dismantle dissolve raze
      | بنى/يبني شيد/يشيد أنشأ/ينشئ أسس/يؤسس بناء إنشاء تأسيس | دمر/يدمر هدم/يهدم فكك/يفكك حل/يحل تدمير هدم تفكيك
advance | advance | retreat | تقدم/يتقدم | تراجع/يتراجع انسحب/ينسحب تقهقر/يتقهقر
live | survive alive survivor | die dead death kill died | نجا/ينجو نجاة ناج ناجون ناجين | مات/يموت توفي/يتوفى
     قتل/يقتل وفاة مقتل لقي
impose | impose introduce tighten | lift remove ease relax scrap abolish repeal
       | فرض/يفرض فرض شدد/يشدد تشديد | رفع/يرفع رفع ألغى/يلغي إلغاء خفف/يخفف تخفيف
import | import | export | استورد/يستورد واردات استيراد الواردات | صدر/يصدر صادرات تصدير الصادرات
buy | buy purchase acquire | sell sale | اشترى/يشتري شراء | باع/يبيع بيع
for | for | against | لصالح مع | ضد
hire | hire recruit appoint | fire dismiss sack lay-off | عين/يعين وظف/يوظف تعيين توظيف | أقال/يقيل سرح/يسرح إقالة تسريح
legal | legal lawful | illegal unlawful | قانوني قانونية مشروع مشروعة | مخالف
guilty | guilty | innocent | مذنب مذنبا مذنبة | بريء بريئا بريئة
public | public | private secret | عام علني علنا | خاص سري سرا
first | first | last | الأول أول الأولى أولى | الأخير آخر الأخيرة
largest | largest biggest highest most maximum | smallest lowest least minimum | أكبر أعلى أكثر الأكبر الأعلى الأكثر |
     أصغر أدنى أقل الأصغر الأدنى الأقل
strong | strong | weak | قوي قوية | ضعيف ضعيفة
north | north northern | south southern | شمال الشمال شمالي الشمالي شمالية الشمالية | جنوب الجنوب جنوبي الجنوبي جنوبية
     الجنوبية
east | east eastern | west western | شرق الشرق شرقي شرقية الشرقية | غرب الغرب غربي غربية الغربية
"""
_LOOSE = frozenset("for public largest north east first legal strong".split())
"""Axes of words that are in most texts: only where what they stand next to is the same."""
_CONVERSE = frozenset("win buy import free hire join".split())
"""Axes whose two ends say one thing with the parties exchanged (France beat Brazil, Brazil lost to France)."""

_QUANTITIES = {
    "all": "all every each entire whole everyone everybody unanimously unanimous both always كل جميع كافة "
    "جميعهم جميعها كلهم "
    "كلها بالإجماع كامل كاملة دائما الجميع جميعا",
    "most": "most majority mostly mainly predominantly largely معظم أغلب أغلبية غالبية الغالبية الأغلبية "
    "معظمهم معظمها أغلبهم",
    "half": "half نصف",
    "some": "some several partly partially sometimes بعض عدد بعضهم بعضها عدة أحيانا جزئيا",
    "few": "few handful minority rarely قلة قليل قليلة أقلية الأقلية نادرا حفنة",
    "none": "none nobody لا_أحد",
    "least": "least over exceeding minimum exceeded يقل تقل فوق أكثر يزيد تزيد يفوق تفوق تجاوز تجاوزت الأقل",
    "most of": "under below fewer less maximum دون أقل الأكثر",
    "exact": "exactly precisely بالضبط تماما تحديدا بالتحديد",
}
EXCLUDING = {
    frozenset(pair.split("/"))
    for pair in """all/most all/some all/few all/half all/none most/few most/none most/half some/none few/half half/none
    most/some least/most-of least/exact most-of/exact""".split()
}
"""Quantities of the same thing that are not both so: as the one says, the other does not follow."""


_TURNED = {
    **dict.fromkeys(("less", "fewer", "يقل", "تقل"), "least"),
    **dict.fromkeys(("more", "يزيد", "تزيد", "يتجاوز", "تتجاوز", "يتعدي", "تتعدي", "يفوق", "تفوق"), "most-of"),
}
"""What bounds say after a negation (no less than, لا يقل عن)."""


class End(NamedTuple):
    """One end of an axis."""

    axis: str
    sign: int


@cache
def _ends() -> tuple[dict[str, tuple[End, ...]], dict[str, tuple[End, ...]]]:
    """The ends by English stem, and by folded Arabic form."""
    english: dict[str, list[End]] = {}
    arabic: dict[str, list[End]] = {}
    for entry in _AXES.replace("\n ", " ").strip().splitlines():
        name, *lists = (part.strip() for part in entry.split("|"))
        for number, listed in enumerate(lists):
            end = End(name, 1 if number % 2 == 0 else -1)
            for word in listed.split():
                if number < 2:
                    english.setdefault(same_language_stem(word), []).append(end)
                else:
                    forms = arabic_forms(word) if "/" in word else folded(word)
                    for form in forms | {"ال" + one for one in forms if "/" not in word}:
                        arabic.setdefault(form, []).append(end)
    return {k: tuple(v) for k, v in english.items()}, {k: tuple(v) for k, v in arabic.items()}


@cache
def _quantities() -> dict[str, str]:
    return {word: name.replace(" ", "-") for name, listed in _QUANTITIES.items() for word in folded(listed)}


def ends_of(word: str) -> tuple[End, ...]:
    """Where a folded word stands on the axes of opposites."""
    english, arabic = _ends()
    if word.isascii():
        return english.get(same_language_stem(word), ())
    for form in (word, word[1:] if word[0] in "وفبل" else word, word.removeprefix("س")):
        if form in arabic:
            return arabic[form]
    return ()


# Verbs that a particle turns into another, by the particle.
_WITH_PARTICLES = {
    "against": (folded("vote votes voted voting ballot"), End("yes", -1)),
    "ضد": (folded("صوت صوتت صوتوا يصوت تصويت التصويت"), End("yes", -1)),
    "down": (folded("turn turned turns turning vote voted votes strike struck shot"), End("yes", -1)),
    "out": (folded("throw threw thrown throws"), End("yes", -1)),
}
_PARTICLE_REACH = 8
"""Tokens between a verb and its particle."""


def ends_at(tokens: Sequence[Token], at: int) -> tuple[End, ...]:
    """Where a word of a sentence stands on the axes of opposites; a particle with its verb (voted against) too."""
    word = tokens[at].folded
    if word in _WITH_PARTICLES:
        verbs, end = _WITH_PARTICLES[word]
        reach = _PARTICLE_REACH if end.axis == "yes" and word in ("against", "ضد") else 1
        if any(token.folded in verbs for token in tokens[max(0, at - reach) : at]):
            return (end,)
    return () if word == "قبل" else ends_of(word)  # far more often "before" than "accepted"


def quantity(word: str, before: str = "", after: str = "") -> str:
    """What a folded word says of how much, between its neighbours: a name of `_QUANTITIES`, or ""."""
    if before in ("no", "not", "لا", "ولا") and word in _TURNED:
        return _TURNED[word]
    if word in ("more", "greater", "اكثر", "ازيد") and after in ("than", "من"):
        return "least"
    if word in ("less", "fewer", "اقل") and after in ("than", "من"):
        return "most-of"
    if word in ("least", "most", "الاقل", "الاكثر") and before in ("at", "علي"):
        return "least" if word in ("least", "الاقل") else "most-of"
    if word in ("over", "above", "under", "below", "فوق", "دون", "exceeding") and not after[:1].isdigit():
        return ""
    if word in ("least", "less", "fewer", "اقل", "اكثر", "الاقل", "الاكثر", "maximum", "minimum", "عدد", "يقل", "تقل"):
        return "some" if word == "عدد" and after == "من" else ""
    if word == "most" and (before in ("the", "one") or not after):
        return ""
    if word == "few" and before == "a":
        return "some"
    return _quantities().get(word.removeprefix("و") if len(word) > 3 else word, "")


def loose(axis: str) -> bool:
    """Whether an axis is only for words that stand next to the same thing."""
    return axis in _LOOSE


def converse(axis: str) -> bool:
    """Whether the ends of an axis say one thing with the parties exchanged."""
    return axis in _CONVERSE
