"""Names of the world's places, capitals for governments, bodies for their members, and names in no list."""

from __future__ import annotations

import pytest

from rag.grounding.findings import Source
from rag.grounding.names.check import check_names
from rag.grounding.names.gazetteer import means_of

WRONG = [
    # cities that the source does not have
    ("ar", "يُعقد الاجتماع في كيوتو.", "en", "The meeting will be held in Prague.", "كيوتو"),
    ("ar", "طالبت النقابة السلطات في القضارف بالإفراج عنه.", "ar", "طلبت النقابة من السلطات في كسلا الإفراج عنه.", "القضارف"),
    ("en", "Police in Busan detained the treasurer.", "en", "Police in Seoul detained the treasurer.", "Busan"),
    ("ar", "شبهته باحثة في جامعة نزوى بالدستور.", "en", "A geographer of Sultan Qaboos University likened it to a constitution.", "نزوى"),
    # a name in no list after a title with its article
    ("ar", "قال الأسقف بولا إن المكتبة باقية.", "en", "Bishop Marcos said the library would remain.", "بولا"),
    # a first name that is also a word, and a family name in no list
    ("ar", "وقّع عادل الجبير الاتفاق.", "en", "The deal was signed by Musaad al-Aiban.", "عادل الجبير"),
    # the first name of one, the last name of another
    ("ar", "كلفت القضية كونور تيرني وظيفته.", "en", "The case cost Conor Breslin his job, said Judge Maeve Tierney.", "كونور تيرني"),
    ("ar", "قال سمير العتيبي إن الدواء متوفر.", "ar", "قال الوزير سمير الخطيب للنائب نبيل العتيبي إن الدواء متوفر.", "سمير العتيبي"),
    ("en", "Conor Tierney lost his job.", "en", "Conor Breslin lost his job, said Judge Maeve Tierney.", "Conor Tierney"),
    # what sits in a city is no part of its country
    ("en", "It is produced mainly in Belgium.", "en", "There is some production inside the EU, mainly in the Netherlands.", "Belgium"),
    ("ar", "رحّبت هولندا بالقرار.", "ar", "رحّبت فرنسا بقرار المحكمة الجنائية الدولية.", "هولندا"),
    # no government is meant by what is in a city
    ("en", "The meeting took place in Budapest.", "en", "The meeting took place in Hungary, at Debrecen.", "Budapest"),
]  # fmt: skip

RIGHT = [
    # parts of one name in the other language's order
    ("en", "Saudi customs found more than 5.3 million captagon pills hidden in a pomegranate shipment at Jeddah Islamic Port.",
     "ar", "عثرت الجمارك في ميناء جدة الإسلامي على أكثر من 5.3 ملايين حبة كبتاغون مخبأة في شحنة رمان قادمة من لبنان."),
    # a country belongs to its continent, a city to its country
    ("ar", "ترى ثلاث عواصم أوروبية أن العقوبات لن تعود.", "en", "Britain, France and Germany argue that sanctions will not return."),
    ("en", "The Gulf state will tax groups.", "ar", "تفرض الكويت ضريبة على المجموعات."),
    ("ar", "لم تُرفع العقوبات عن كل ناقلات الشركة اليونانية.", "en", "Two tankers of a Piraeus firm were taken off the list."),
    # a capital for those who govern in it, a seat for what sits there
    ("en", "Lawmakers in Budapest agreed to the treaty.", "en", "Hungary's parliament ratified the treaty."),
    ("ar", "لم يكتمل نصاب البرلمان في بغداد.", "ar", "لم يحضر عدد كاف من النواب العراقيين."),
    ("en", "Brussels made imported batteries dearer.", "en", "The European Union made imported batteries dearer."),
    ("ar", "تبلغ قيمة الاتفاق مع بروكسل مليارا.", "ar", "تبلغ قيمة الاتفاق مع الاتحاد الأوروبي مليارا."),
    ("en", "The army welcomed the step taken in The Hague.", "ar", "رحّب الجيش بمذكرة المحكمة الجنائية الدولية."),
    # members for their body
    ("en", "Prosecutors say that he confessed.", "ar", "قالت النيابة إنه اعترف أمام محاميه."),
    ("ar", "لم يكن القضاة في صف الشركة.", "ar", "رفضت المحكمة طلب محامي الشركة."),
    # what stands after a name is no part of it
    ("ar", "لم يكن فادي خليفة حاضراً.", "ar", "غاب فادي خليفة عن الجلسة."),
    ("ar", "شكرت الوزيرة إيليني فاسيلاكو الدائنين.", "en", "Minister Eleni Vasilakou thanked the creditors."),
    ("ar", "أُطلق سراح المراسلين جميعا.", "ar", "أُفرج عن المراسلين الثلاثة كلهم."),
    ("ar", "تطالب النيابة بعقوبة سجن طويلة.", "ar", "تطلب النيابة الحكم بالسجن مدة طويلة."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "statement", "source_language", "source", "expected"), WRONG)
def test_finds(language: str, statement: str, source_language: str, source: str, expected: str) -> None:
    found = [one.said for one in check_names(statement, language, Source(source, source_language))]
    assert expected in found


@pytest.mark.parametrize(("language", "statement", "source_language", "source"), RIGHT)
def test_leaves(language: str, statement: str, source_language: str, source: str) -> None:
    assert check_names(statement, language, Source(source, source_language)) == []


@pytest.mark.parametrize(
    ("arabic", "english"), [("كيوتو", "Kyoto"), ("لاباز", "La Paz"), ("تلمسان", "Tlemcen"), ("بوسان", "Busan")]
)
def test_means_the_same_in_both_languages(arabic: str, english: str) -> None:
    assert means_of(arabic) == means_of(english) != frozenset()
