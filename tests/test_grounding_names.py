"""Names of statements against sources: within Arabic, within English and across."""

from __future__ import annotations

import pytest

from rag.grounding.findings import Source
from rag.grounding.names.check import check_names, names
from rag.grounding.names.gazetteer import load_lists, means_of
from rag.grounding.names.spelling import same_across
from rag.grounding.names.tokens import tokens


def _check(statement: str, language: str, source: str, source_language: str) -> list[str]:
    findings = check_names(statement, language, Source(source, source_language))
    assert all(finding.kind == "name" for finding in findings)
    return [finding.said for finding in findings]


RIGHT = [
    # Arabic and Arabic
    ("ar", "قال وزير الصحة السوري أحمد الخطيب إن المستشفيات ممتلئة.", "ar", "أكد وزير الصحة أحمد الخطيب في دمشق أن المستشفيات السورية امتلأت."),
    ("ar", "سوريا تتهم إسرائيل بقصف المطار.", "ar", "اتهمت سورية إسرائيل بقصف المطار."),
    ("ar", "فرضت الولايات المتحدة عقوبات على مصارف إيرانية.", "ar", "فرضت أميركا عقوبات على بنوك في إيران."),
    ("ar", "قال الخطيب إن الدواء متوفر.", "ar", "وقال وزير الصحة أحمد الخطيب إن الدواء متوفر."),
    ("ar", "التقى انطونيو غوتيريس الوفد.", "ar", "التقى الأمين العام أنطونيو غوتيريش الوفد."),
    ("ar", "وأفاد البيان بأن الكمية كبيرة وبأنه لا خطر على السكان.", "ar", "جاء في البيان أن الكمية كبيرة ولا خطر على السكان."),
    ("ar", "حذرت دمشق من تصعيد جديد.", "ar", "حذرت الحكومة السورية من تصعيد جديد."),
    # English and English
    ("en", "Washington imposed sanctions on Iran.", "en", "The United States imposed sanctions on Iranian banks."),
    ("en", "The WFP suspended aid.", "en", "The World Food Programme suspended aid on Monday."),
    ("en", "Rescuers pulled three people from the rubble, Haddad said.", "en", "Three people were pulled out, said Samir Haddad, the mayor."),
    ("en", "Israel accused Syria of bombing the airport.", "en", "Syria was accused by Israel of bombing the airport."),
    ("en", "However, Residents of the town fled.", "en", "People living in the town fled."),
    ("en", "The US's biggest bank closed.", "en", "The biggest American bank closed."),
    # across
    ("en", "Foreign Minister Samir Haddad met the UN envoy in Damascus.", "ar", "التقى وزير الخارجية سمير حداد المبعوث الأممي في دمشق."),
    ("en", "Prime Minister Mohammed Shia al-Sudani visited Erbil.", "ar", "زار رئيس الوزراء محمد شياع السوداني أربيل."),
    ("ar", "زار رئيس الوزراء محمد شياع السوداني أربيل.", "en", "Prime Minister Mohammed Shia al-Sudani visited Erbil."),
    ("ar", "أعلنت منظمة الصحة العالمية تفشي الكوليرا في اليمن.", "en", "The WHO declared a cholera outbreak in Yemen."),
    ("en", "Ja'far and Salman arrived in Lebanon.", "ar", "وصل جعفر وسلمان إلى لبنان."),
    ("en", "Turkey's foreign ministry summoned the German ambassador.", "ar", "استدعت وزارة الخارجية التركية السفير الألماني."),
    ("en", "President Joe Biden signed the bill.", "ar", "وقع الرئيس الأمريكي جو بايدن القانون."),
    ("en", "The government turned down a Japanese offer.", "ar", "رفضت الحكومة عرضا يابانيا."),
    ("ar", "لوثت السفينة مياه الخليج.", "en", "The ship polluted the bay."),
    ("en", "Abdel Fattah el-Sisi arrived.", "ar", "وصل عبد الفتاح السيسي."),
    ("en", "After the vote Majid ruled in Muscat.", "ar", "انقسمت الدولة بعد التصويت، فحكم ماجد في مسقط وثويني في صحار."),
    ("en", "Nadia Salem, born in Homs, died in Paris in 2018.", "en", "Nadia Salem was born in Homs in 1924. She died in Paris in 2018."),
    ("en", "Who built the bridge is unknown.", "ar", "لا يُعرف من بنى الجسر."),
    ("ar", "حارس المرمى هو اللاعب الوحيد الذي يلمس الكرة بيده.", "ar", "لا يحق لغير حارس المرمى لمس الكرة بيده."),
    ("ar", "وقّع ما يزيد على مئة نائب العريضة.", "ar", "وقّع العريضة أكثر من مئة نائب."),
    ("ar", "دُعي إلى إطلاق سراح فاطمة بنت محمد الموقوفة منذ الأحد.", "ar", "طالبوا بالإفراج عن فاطمة بنت محمد التي أُوقفت يوم الأحد."),
    ("en", "The Nabataean inscription was found in an oasis.", "ar", "عُثر على النقش النبطي في واحة."),
    ("en", "Rana Haddad beat Lina Saab in the final.", "en", "Lina Saab lost the final to Rana Haddad. She had beaten Nour Azar in the semi-final."),
]  # fmt: skip

WRONG = [
    ("ar", "قال وزير الصحة أحمد الحلبي إن المستشفيات ممتلئة.", "ar", "أكد وزير الصحة أحمد الخطيب أن المستشفيات امتلأت.", "أحمد الحلبي"),
    ("ar", "قال وزير الدفاع أحمد الخطيب.", "ar", "أكد وزير الصحة أحمد الخطيب.", "الدفاع"),
    ("ar", "قال الرئيس أحمد الخطيب.", "ar", "أكد وزير الصحة أحمد الخطيب.", "الرئيس"),
    ("ar", "قال مدير البلدية فادي حداد إن الجسر سيفتح.", "ar", "قال مدير البلدية سامر حداد إن الجسر سيفتح.", "فادي حداد"),
    ("ar", "وصل الوفد إلى حمص.", "ar", "وصل الوفد إلى حلب.", "حمص"),
    ("ar", "أعلن حزب العدالة انسحابه.", "ar", "أعلن حزب النهضة انسحابه من الانتخابات.", "العدالة"),
    ("ar", "وصل الوفد الأردني.", "ar", "وصل الوفد المصري.", "الأردني"),
    ("en", "Nadia Salem, the mayor, opened the bridge.", "en", "Samira Salem, the mayor, opened the bridge.", "Nadia Salem"),
    ("en", "Mayor Farida Noorzai opened the bridge.", "en", "Deputy mayor Farida Noorzai opened the bridge.", "Mayor"),
    ("en", "The WFP suspended aid.", "en", "UNICEF suspended aid.", "WFP"),
    ("en", "The minister spoke in Beirut.", "en", "The minister spoke in Damascus.", "Beirut"),
    ("en", "Foreign Minister Samir Khoury met the envoy.", "ar", "التقى وزير الخارجية سمير حداد المبعوث.", "Samir Khoury"),
    ("en", "Defence Minister Samir Haddad met the envoy.", "ar", "التقى وزير الخارجية سمير حداد المبعوث.", "Defence"),
    ("en", "The spokesman, Colonel Mohammed al-Nujaidi, spoke.", "ar", "تحدث الرائد محمد النجيدي، المتحدث باسم المديرية.", "Colonel"),
    ("ar", "أعلنت اليونيسف تفشي الكوليرا في اليمن.", "en", "The WHO declared a cholera outbreak in Yemen.", "اليونيسف"),
    ("ar", "زار رئيس الوزراء مصطفى الكاظمي أربيل.", "en", "Prime Minister Mohammed Shia al-Sudani visited Erbil.", "مصطفى الكاظمي"),
    ("ar", "استدعت الخارجية السفير الفرنسي.", "en", "The foreign ministry summoned the German ambassador.", "الفرنسي"),
]  # fmt: skip

SWAPPED = [
    ("ar", "اتهمت سوريا إسرائيل بقصف المطار.", "ar", "اتهمت إسرائيل سوريا بقصف المطار."),
    ("ar", "فاز الأهلي على الزمالك بهدفين.", "ar", "فاز الزمالك على الأهلي بهدفين."),
    ("ar", "باعت المجموعة القطرية حصتها إلى الصندوق المغربي.", "ar", "اشترت المجموعة القطرية حصة الصندوق المغربي."),
    ("en", "Syria accused Israel of bombing the airport.", "en", "Syria was accused by Israel of bombing the airport."),
    ("ar", "اتهمت سوريا إسرائيل بقصف المطار.", "en", "Israel accused Syria of bombing the airport."),
    ("en", "Syria accused Israel of bombing the airport.", "ar", "اتهمت إسرائيل سوريا بقصف المطار."),
    (
        "ar", "ضمت القائمة سامر حداد المطلوب بعشرات المذكرات، وأحمد الخطيب الذي أوقف عام 2021.",
        "ar", "أحمد الخطيب مطلوب بعشرات المذكرات. وأوقف سامر حداد عام 2021 في المطار.",
    ),
]  # fmt: skip


REPLACED = [
    # whose it is
    ("en", "France's foreign ministry summoned the Algerian ambassador.", "ar", "استدعت وزارة الخارجية الجزائرية السفير الفرنسي.", "France"),
    ("ar", "نفذت المشروع شركة «أطلس» الإسبانية.", "ar", "أنجز المشروع تحالف يضم شركة «أطلس» المغربية ومجموعة «هيدرا» الإسبانية.", "الإسبانية"),
    ("en", "A French-led group built the satellite.", "en", "Built by a German-led group, the satellite will lift off from French Guiana.", "French"),
    # where, and to whom
    ("en", "Salgado lived in exile in Lisbon for eleven years.", "en", "Her book came out in Lisbon in 1961. She spent eleven years in exile in Paris.", "Lisbon"),
    ("ar", "وُلد الروائي حنا مينة في دمشق عام 1924.", "en", "Hanna Mina was born in Latakia in 1924. He died in Damascus in 2018.", "دمشق"),
    ("en", "Osaka lies in the Kanto region.", "ar", "تقع طوكيو في منطقة كانتو، أما أوساكا ففي منطقة كانساي.", "Kanto"),
    ("en", "Netanyahu gave the foreign ministry to Israel Katz.", "ar", "عُيّن يسرائيل كاتس وزيراً للدفاع. وأسند نتنياهو حقيبة الخارجية إلى جدعون ساعر.", "Israel Katz"),
    ("en", "Troops will leave northern Lebanon.", "en", "Troops are to leave southern Lebanon within 60 days.", "northern Lebanon"),
    # who did it
    ("en", "It was Thoreau who quoted the poem to crowds.", "en", "Thoreau took up the idea, and Gandhi is known to have quoted the poem before crowds.", "Thoreau"),
    ("ar", "صاغت العمدة دانا ويتكوم مشروع الحظر.", "en", "Councillor Amy Kessler, who drafted the ban, was pleased. The mayor, Dana Whitcomb, was not.", "دانا"),
    ("en", "A court acquitted the customs chief Amer al-Saadi.", "ar", "قضت محكمة بسجن مدير الجمارك عامر السعدي، وبرّأت نائبه حيدر الجبوري.", "Amer al-Saadi"),
    ("en", "Argentina defeated the hosts in the final.", "ar", "فاز أصحاب الأرض في النهائي على الأرجنتين.", "Argentina"),
    ("ar", "أقر نادر الكيلاني بخسارته.", "ar", "فاز نادر الكيلاني برئاسة البلدية. وأقر المنافس رضا بن عمار بخسارته.", "نادر الكيلاني"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "statement", "source_language", "source", "said"), REPLACED)
def test_names_in_the_place_of_others_are_found(
    language: str, statement: str, source_language: str, source: str, said: str
) -> None:
    found = _check(statement, language, source, source_language)
    assert any(one in said or said in one for one in found)


@pytest.mark.parametrize(
    ("language", "statement", "source"), [(row[2], row[3], row[3]) for row in (*REPLACED, *SWAPPED, *WRONG)]
)
def test_a_source_bears_itself_out(language: str, statement: str, source: str) -> None:
    assert _check(statement, language, source, language) == []


@pytest.mark.parametrize(("language", "statement", "source_language", "source"), RIGHT)
def test_right_statements_stay(language: str, statement: str, source_language: str, source: str) -> None:
    assert _check(statement, language, source, source_language) == []


@pytest.mark.parametrize(("language", "statement", "source_language", "source", "said"), WRONG)
def test_other_names_are_found(language: str, statement: str, source_language: str, source: str, said: str) -> None:
    found = _check(statement, language, source, source_language)
    assert any(one in said or said in one for one in found)


@pytest.mark.parametrize(("language", "statement", "source_language", "source"), SWAPPED)
def test_parties_in_each_others_place_are_found(
    language: str, statement: str, source_language: str, source: str
) -> None:
    assert _check(statement, language, source, source_language)


@pytest.mark.parametrize(
    ("language", "statement", "source_language", "source"), [row for row in RIGHT if row[0] == row[2]]
)
def test_a_text_bears_itself_out(language: str, statement: str, source_language: str, source: str) -> None:
    assert _check(statement, language, statement, language) == []
    assert _check(source, source_language, source, source_language) == []


def test_instead_says_what_the_source_has() -> None:
    [finding] = check_names("وصل الوفد إلى حمص.", "ar", Source("وصل الوفد إلى حلب.", "ar"))
    assert finding.instead == "حلب"


def test_names_are_spans_of_the_text() -> None:
    for text, language in (
        ("قال الرئيس الأمريكي جو بايدن في واشنطن", "ar"),
        ("President Joe Biden met UN envoys in Damascus", "en"),
    ):
        found = names(text, language)
        assert all(text[name.start : name.end] == name.text for name in found)
        assert [name.start for name in found] == sorted(name.start for name in found)
        assert {"US", "washington"} <= {one for name in found for one in name.means} or language == "en"


def test_names_mean_the_same_in_both_languages() -> None:
    [arabic] = names("وصلوا إلى دمشق", "ar")
    [english] = names("They came to Damascus", "en")
    assert arabic.means == english.means == {"damascus"}


@pytest.mark.parametrize(
    ("arabic", "english"),
    [("سوريا", "Syrian"), ("ألماني", "Germany"), ("الأمم المتحدة", "UN"), ("حزب الله", "Hezbollah"), ("عمان", "Amman")],
)
def test_lists_hold_both_languages(arabic: str, english: str) -> None:
    assert means_of(arabic) & means_of(english)


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("سلمان", "salman"), ("علي", "ali"), ("عيسى", "issa"), ("محمد", "muhammad"), ("جو", "joe"), ("شي", "xi"),
        ("ستارمر", "starmer"), ("غوتيريش", "guterres"), ("بايدن", "biden"), ("حداد", "haddad"), ("يوفيتش", "jovic"),
    ],
)  # fmt: skip
def test_one_name_in_two_scripts(arabic: str, latin: str) -> None:
    assert same_across(tokens(arabic)[0].sound, latin)


@pytest.mark.parametrize(
    ("arabic", "latin"), [("علي", "ola"), ("خداد", "haddad"), ("حسن", "hussein"), ("رامي", "rima"), ("سامي", "samia")]
)
def test_two_names_in_two_scripts(arabic: str, latin: str) -> None:
    assert not same_across(tokens(arabic)[0].sound, latin)


def test_every_list_is_read() -> None:
    lists = load_lists()
    assert len(lists.forms) > 1500
    assert lists.governments["damascus"] == "SY"
    assert not any(key != key.strip() or not key for key in lists.forms)


@pytest.mark.parametrize(
    "piece", ["Aaaa ", "عبد ", "A. ", "الرئيس ", "بن", "Syria accused Israel ", "حزب الله و", "'", "a's "]
)
def test_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = (piece * 5000)[:5000]
    for language, other in (("en", "ar"), ("ar", "en")):
        findings = check_names(text[:1000], language, Source(text, other))
        assert all(finding.kind == "name" and len(finding.said) <= 1000 for finding in findings)


def test_a_bare_word_before_a_definite_nation_is_a_name() -> None:
    assert [one.text for one in names("كانت شركة باير الألمانية أول من صنعه.", "ar")] == ["باير", "الألمانية"]
    assert [one.text for one in names("كانت شركة نفط ألمانية أول من صنعه.", "ar")] == ["ألمانية"]
    source = Source("The German firm Degussa AG first made it in 1961.", "en", None)
    assert [one.said for one in check_names("كانت شركة باير الألمانية أول من صنعه.", "ar", source)] == ["باير"]
    years = Source("Degussa AG made it; for 25 years doctors prescribed it.", "en", None)
    assert [one.said for one in check_names("كانت شركة باير الألمانية أول من صنعه.", "ar", years) if one.said == "باير"]
