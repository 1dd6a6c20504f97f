"""Words that name one deed or state in reports, in either language: killed, dead and the toll; led, headed, بقيادة.

A question and two sources rarely choose the same of them, and neither stems nor the glossary make them one.
"""

from __future__ import annotations

from functools import lru_cache

from rag.analysis import fold
from rag.grounding.tokens import peeled, tokens

Sense = str

_SENSES: dict[Sense, str] = {
    "dead": """kill kills killed killing dead die dies died dying death deaths deadly fatalities perish perished slain
        toll victims lives bodies قتل قتلت قتلوا يقتل مقتل قتيل قتيلا قتلى قتلاها مصرع مصرعهم مصرعه توفي توفوا وفاة
        وفيات مات ماتوا موت ضحية ضحايا أودى أودت بحياة شهيد شهداء استشهد استشهدوا حصيلة جثة جثث""",
    "wounded": """wound wounds wounded wounding injure injures injured injuring injuries hurt أصيب أصيبوا أصابت إصابة
        إصابات مصاب مصابا مصابين مصابون جرح جرحى جريح جريحا""",
    "displaced": """displace displaces displaced displacing displacement fled flee flees uprooted homeless نزح نزحوا
        نزوح نازح نازحا نازحين نازحون هجر هجروا تهجير مهجر مهجرا مهجرين مشرد مشردا تشرد تشردوا شرد""",
    "affected": """affect affects affected affecting hit stricken تضرر تضررت تضرروا متضرر متضررا متضررين متضررون تأثر
        تأثرت تأثروا متأثرا""",
    "missing": """missing disappear disappeared vanished مفقود مفقودا مفقودين مفقودون فقدوا اختفى اختفوا مختف
        المختفين المختفون""",
    "held": """detain detained detaining detainee detainees arrest arrested arresting arrests jailed imprisoned held
        prisoners اعتقل اعتقلت اعتقلوا اعتقال معتقل معتقلا معتقلين معتقلون أوقف أوقفت توقيف موقوف موقوفا موقوفين احتجز
        احتجزت محتجز محتجزا محتجزين سجن سجين سجينا سجناء""",
    "executed": "execute executed executing execution executions hanged أعدم أعدمت أعدموا إعدام شنق شنقوا",
    "led": """lead leads led leading leader head heads headed headed heading command commands commanded commanding
        commander chief ran قاد قادت قاده قادها قائد قائده قائدها يقود يقوده يقودها قيادة ترأس ترأسه ترأسها يرأس يرأسه
        يرأسها رئيس رئيسه رئيسها رئاسة تزعم يتزعم زعيم""",
    "seized": """seize seizes seized seizing seizure confiscate confiscated intercept intercepted ضبط ضبطت ضبطوا مضبوطات
        صودر صودرت صادر صادرت مصادرة احتجزت""",
    "destroyed": """destroy destroyed destroying destruction demolish demolished ruined razed levelled دمر دمرت تدمير
        مدمر مدمرة هدم هدمت""",
    "exploded": """explode exploded explosion blow blew blown blast blasts bombed detonated detonation انفجر انفجرت
        انفجار فجر فجرت فجروا تفجير نسف نسفت""",
    "murdered": """murder murdered assassinate assassinated assassination shot اغتيل اغتيلت اغتال اغتالت اغتيال قتل
        قتلت""",
    "began": """begin begins began begun start starts started launch launched erupted بدأ بدأت انطلق انطلقت اندلع
        اندلعت بداية بدء""",
    "ended": "end ends ended finish finished concluded انتهى انتهت نهاية انتهاء",
    "founded": """found founded founding establish established create created formed تأسس تأسست أسس أسست أسسه أسسها
        تأسيس أنشئ أنشئت أنشأ أنشأت إنشاء تشكل تشكلت تشكيل""",
    "opened": "open opens opened inaugurate inaugurated inauguration افتتح افتتحت افتتاح دشن دشنت تدشين",
    "fell": """fall falls fell fallen capture captured control took سقط سقطت سقوط سيطر سيطرت سيطرة استولى
        استولت دخلت""",
    "revenue": "revenue revenues income proceeds earn earns earned earnings إيرادات عائدات عوائد دخل مداخيل أرباح",
    "sheltered": "host hosts hosted hosting shelter shelters sheltered استضاف استضافت يستضيف تستضيف يؤوي تؤوي",
}

_BY_WORD: dict[str, frozenset[Sense]] = {}
for _sense, _words in _SENSES.items():
    for _word in map(fold, _words.split()):
        _BY_WORD[_word] = _BY_WORD.get(_word, frozenset()) | {_sense}

HAPPENED = frozenset("happen happened occur occurred place took take وقع وقعت حدث حدثت جري جرت حصل حصلت".split())
"""Folded words by which a question for a date asks for nothing but the thing that happened."""


@lru_cache(1 << 14)
def senses_of_word(word: str) -> frozenset[Sense]:
    """The senses of a folded word, whatever is written on to it."""
    return frozenset().union(*(_BY_WORD.get(rest, frozenset()) for _, rest in peeled(word)))


@lru_cache(1 << 12)
def senses_in(text: str) -> frozenset[Sense]:
    """The senses that stand in a text."""
    return frozenset().union(*(senses_of_word(token.text) for token in tokens(text) if token.kind == "word"))
