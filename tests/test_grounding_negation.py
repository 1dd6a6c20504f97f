"""What a source denies, or only thinks possible, must not be said to be so, nor the other way round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.findings import Source
from rag.grounding.negation.check import check_negation


def language_of(text: str) -> str:
    return "ar" if any("ء" <= letter <= "ي" for letter in text) else "en"


def found(source: str, statement: str) -> list[str]:
    findings = check_negation(statement, language_of(statement), Source(source, language_of(source)))
    return [finding.kind for finding in findings]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("Parliament did not approve the budget on Tuesday.", "Parliament approved the budget on Tuesday."),
        ("Parliament approved the budget on Tuesday.", "Parliament did not approve the budget on Tuesday."),
        ("Parliament approved the budget on Tuesday.", "Parliament rejected the budget."),
        ("The company denied that it had paid the bribes.", "The company paid the bribes."),
        ("The president refused to sign the treaty.", "The president signed the treaty."),
        ("The president refused to sign the treaty.", "The president agreed to sign the treaty."),
        ("Exports rose by 5% while imports fell by 3%.", "Exports fell by 5%."),
        ("Exports rose by 5% while imports fell by 3%.", "Imports rose by 3%."),
        ("The bank may raise rates in June.", "The bank raised rates in June."),
        ("The bank may raise rates in June.", "The bank will raise rates in June."),
        ("The government plans to build a dam in the north.", "The government built a dam in the north."),
        ("The board adopted the plan. Salim Aswad, who voted against it, resigned.", "Salim Aswad voted for the plan."),
        ("أقرت اللجنة الخطة. واستقال سليم الأسود، الذي صوت ضدها.", "صوت سليم الأسود لصالح الخطة."),
        ("Salim Aswad voted for the plan.", "Salim Aswad voted against the plan."),
        ("Most residents left the city.", "All residents left the city."),
        ("Most residents left the city.", "Few residents left the city."),
        ("At least 30 people died.", "Exactly 30 people died."),
        ("لم يوقع الوزير الاتفاق يوم الثلاثاء.", "وقع الوزير الاتفاق يوم الثلاثاء."),
        ("لم يوقع الوزير الاتفاق يوم الثلاثاء.", "The minister signed the agreement on Tuesday."),
        ("رفض المجلس اقتراح الحكومة.", "وافق المجلس على اقتراح الحكومة."),
        ("رفض المجلس اقتراح الحكومة.", "The council accepted the government's proposal."),
        ("ارتفعت أسعار القمح بنسبة 4 في المئة.", "انخفضت أسعار القمح بنسبة 4 في المئة."),
        ("ارتفعت أسعار القمح بنسبة 4 في المئة.", "Wheat prices fell by 4 percent."),
        ("تعتزم الحكومة بناء ثلاث مدارس في المدينة.", "بنت الحكومة ثلاث مدارس في المدينة."),
        ("تعتزم الحكومة بناء ثلاث مدارس في المدينة.", "The government built three schools in the city."),
        ("قد يزور الرئيس القاهرة الأسبوع المقبل.", "زار الرئيس القاهرة."),
        ("من المتوقع أن يصل الوفد غدا.", "وصل الوفد."),
        ("سيفتتح الوزير المصنع في مايو.", "افتتح الوزير المصنع في مايو."),
        ("افتتح الوزير المصنع في مايو.", "سيفتتح الوزير المصنع في مايو."),
        ("غادر معظم السكان المدينة.", "غادر جميع السكان المدينة."),
        ("غادر معظم السكان المدينة.", "All residents left the city."),
        ("The team won the cup in 2010.", "خسر الفريق الكأس عام 2010."),
        ("The court did not acquit Samir.", "برأت المحكمة سمير."),
        ("The ministry allowed aid trucks to enter the camp.", "منعت الوزارة شاحنات المساعدات من دخول المخيم."),
        ("The opposition called for the minister's resignation.", "استقال الوزير."),
        ("حضر وزراء 13 دولة الاجتماع، وغاب عنه وزير الخارجية القطري.", "حضر وزير الخارجية القطري الاجتماع."),
        (
            "Ten envoys attended the talks, but the French envoy boycotted the talks.",
            "The French envoy attended the talks.",
        ),
        ("أيّد الموازنة 77 عضوا وعارضها 20.", "عارض الموازنة 77 عضوا وأيدها 20."),
        ("The ministers suspended Syria from the league.", "The ministers readmitted Syria to the league."),
        ("علّق الوزراء العضوية.", "استعاد الوزراء العضوية."),
        # Not yet, has yet to: not done.
        ("The owner of the cargo had not yet been identified.", "The owner of the cargo had been identified."),
        ("The ministry has yet to publish the report.", "The ministry published the report."),
        # A light verb says little: the object is what is denied.
        ("Officers searched the port but found no weapons.", "Officers found weapons in the port."),
        ("فتشت الشرطة المرفأ لكنها لم تجد أسلحة.", "عثرت الشرطة في المرفأ على أسلحة."),
        ("ضبطت الشرطة 240 جوازا وطابعتين، لكنها لم تجد أسلحة.", "Police seized 240 passports and also found weapons."),
        ("The study of Oslo was not funded by industry.", "The study of Oslo was paid for by industry."),
        (
            "The union Amalgam said it had not been consulted before the announcement.",
            "استُشيرت نقابة أمالغام قبل الإعلان.",
        ),
        # A doubled negation, and what it leaves of a single one.
        ("The minister did not rule out a ban on exports.", "The minister ruled out a ban on exports."),
        ("لم تستبعد المندوبية السامية للتخطيط نموا أعلى.", "استبعدت المندوبية السامية للتخطيط نموا أعلى."),
        # The subject with its titles stands between the verb and what it denies.
        ("نفى وزير المالية محمد الجدعان وجود خطة لخفض الإنفاق.", "أعلن الجدعان وجود خطة لخفض الإنفاق."),
        # An opposite beside words that only look like one, or another clause's negation.
        (
            "The firm has asked the port authority of Mombasa for a lease. Workers opposed the last extension.",
            "Workers in Mombasa supported the last extension of the lease.",
        ),
        ("أقر البرلمان العراقي قانونا يخفض سن التقاعد إلى 60 عاما.", "The Iraqi law raises the retirement age."),
        ("The figures exclude seasonal workers on farms.", "The figures include seasonal workers on farms."),
        ("The National Party voted in favour of the bill.", "The National Party voted against the bill."),
    ],
)
def test_what_is_turned_round_is_found(source: str, statement: str) -> None:
    assert found(source, statement) == ["negation"]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("Parliament did not approve the budget on Tuesday.", "The budget was not approved by parliament."),
        ("Parliament did not approve the budget on Tuesday.", "Parliament failed to approve the budget."),
        ("Parliament did not approve the budget on Tuesday.", "Parliament rejected the budget on Tuesday."),
        ("The company denied that it had paid the bribes.", "The company said it had not paid bribes."),
        ("Exports rose by 5% while imports fell by 3%.", "Imports fell by 3%."),
        ("The bank may raise rates in June.", "The bank might increase rates in June."),
        ("The government plans to build a dam in the north.", "The government intends to build a dam."),
        ("The union called for a general strike.", "The union called for a general strike on Monday."),
        ("At least 30 people died.", "Thirty people died at least."),
        ("The deal, which was not signed in Cairo, covers three provinces.", "The deal covers three provinces."),
        ("لم يوقع الوزير الاتفاق يوم الثلاثاء.", "امتنع الوزير عن توقيع الاتفاق."),
        ("لم يوقع الوزير الاتفاق يوم الثلاثاء.", "The minister did not sign the agreement."),
        ("رفض المجلس اقتراح الحكومة.", "The council rejected the government's proposal."),
        ("رفض المجلس اقتراح الحكومة.", "لم يقبل المجلس اقتراح الحكومة."),
        ("ارتفعت أسعار القمح بنسبة 4 في المئة.", "Wheat prices rose by 4 percent."),
        ("تعتزم الحكومة بناء ثلاث مدارس في المدينة.", "The government plans to build three schools in the city."),
        ("قد يزور الرئيس القاهرة الأسبوع المقبل.", "The president may visit Cairo next week."),
        ("غادر معظم السكان المدينة.", "Most of the residents left the city."),
        ("لم يحضر الاجتماع إلا ثلاثة وزراء.", "حضر ثلاثة وزراء الاجتماع."),
        ("لا يزال السد مغلقا.", "السد مغلق."),
        ("The team won the cup in 2010.", "فاز الفريق بالكأس عام 2010."),
        ("France beat Brazil in the final.", "Brazil lost to France in the final."),
        (
            "The board adopted the plan. Salim Aswad, who voted against it, resigned.",
            "Salim Aswad voted against the plan.",
        ),
        ("أقرت اللجنة الخطة. واستقال سليم الأسود، الذي صوت ضدها.", "صوت سليم الأسود ضد الخطة."),
        ("The House voted for the first time and rejected the bill.", "The House rejected the bill."),
        ("The ministry allowed aid trucks to enter the camp.", "سمحت الوزارة لشاحنات المساعدات بدخول المخيم."),
        ("The owner denied any wrongdoing and said the fuel was legal.", "The owner said the fuel was legal."),
        (
            "The board would not pay a dividend and would sell its headquarters.",
            "The board would sell its headquarters.",
        ),
        ("The authority has yet to answer the proposal.", "The authority has not answered the proposal."),
        ("لم ترد الهيئة بعد على مقترح المحمية.", "The authority has yet to answer the proposal for a reserve."),
        (
            "The mine produced nearly five percent of the world's copper.",
            "أنتج المنجم نحو خمسة في المئة من نحاس العالم.",
        ),
        ("The charity considers the estimate exaggerated.", "The charity regards the estimate as exaggerated."),
        ("نفت الوزارة أن يكون السجين قد توفي نتيجة الإهمال.", "نفت الوزارة أن يكون السجين توفي نتيجة الإهمال."),
        ("The two sides agreed to run joint patrols.", "The joint patrols will be run by the two sides."),
        ("Drones may still be used for surveillance.", "Drones are allowed to be used for surveillance."),
        ("لم تؤكد الوزارة الصفقة ولم تنفها.", "لم تنفِ الوزارة الصفقة ولم تؤكدها."),
        (
            "أدخل الجنود الكوليرا، وهو ما أنكرته المنظمة سنوات قبل أن تعتذر عنه في ديسمبر 2016.",
            "اعتذرت المنظمة في ديسمبر 2016 عن الكوليرا.",
        ),
        ("A union dismissed the rise as a drop in the ocean.", "وصفت النقابة الزيادة بأنها قطرة في المحيط."),
        (
            "The library resigned without giving a public reason.",
            "The library resigned without giving a reason in public.",
        ),
        ("The ministry did not rule out a ban on exports.", "The ministry did not rule out banning exports."),
    ],
)
def test_what_says_the_same_is_right(source: str, statement: str) -> None:
    assert found(source, statement) == []


def test_a_finding_says_what_stands_in_the_source() -> None:
    (finding,) = check_negation("وقع الوزير الاتفاق.", "ar", Source("لم يوقع الوزير الاتفاق.", "ar"))
    assert finding.instead.startswith("لم يوقع")
    (finding,) = check_negation("Aswad voted for the plan.", "en", Source("Aswad voted against the plan.", "en"))
    assert finding.instead == "voted against the plan"


@given(
    st.lists(st.sampled_from("لم لا قد رفض وقع الاتفاق ارتفع not may refused sign rose all . ، ,".split()), max_size=40)
)
def test_any_text_is_borne_out_by_itself(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert check_negation(text, "ar", Source(text, "ar")) == []
