"""What somebody says in a source must be somebody's, and the same one's, in a statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.attribution.check import check_attribution
from rag.grounding.findings import Source

DEBT = "قال وزير المالية سامي حداد إن الدين العام تجاوز 100 مليار دولار."
INFLATION = "The finance ministry said inflation fell to 3% in May."
ARMY = "اتهمت منظمة العفو الدولية الجيش بقتل مدنيين في القرية."


def language_of(text: str) -> str:
    return "ar" if any("ء" <= letter <= "ي" for letter in text) else "en"


def found(source: str, statement: str) -> list[str]:
    findings = check_attribution(statement, language_of(statement), Source(source, language_of(source)))
    return [finding.kind for finding in findings]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        (INFLATION, "Inflation fell to 3% in May."),
        ("Inflation fell to 3% in May, the finance ministry said on Monday.", "Inflation fell to 3% in May."),
        ("According to Human Rights Watch, 40 people were held at the site.", "Forty people were held at the site."),
        ("The opposition claimed that the vote was rigged.", "The vote was rigged."),
        ("The army announced that it had killed 20 fighters near the border.", "The army killed 20 fighters there."),
        (DEBT, "تجاوز الدين العام 100 مليار دولار."),
        (ARMY, "قتل الجيش مدنيين في القرية."),
        ("أعلن الجيش مقتل 20 مسلحا قرب الحدود.", "قتل الجيش 20 مسلحا قرب الحدود."),
        ("تم توقيع الاتفاق في القاهرة، بحسب وكالة رويترز.", "تم توقيع الاتفاق في القاهرة."),
        (DEBT, "Public debt exceeded $100 billion."),
        (ARMY, "The army killed civilians in the village."),
        ("Residents believe the dam caused the flood.", "تسبب السد في الفيضان."),
    ],
)
def test_somebodys_word_said_as_fact_is_found(source: str, statement: str) -> None:
    assert found(source, statement) == ["attribution"]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        (INFLATION, "Inflation fell to 3% in May, according to the central bank."),
        (DEBT, "قال محافظ المصرف المركزي إن الدين العام تجاوز 100 مليار دولار."),
        (DEBT, "President Aoun said public debt exceeded $100 billion."),
    ],
)
def test_somebody_elses_word_is_found(source: str, statement: str) -> None:
    assert found(source, statement) == ["attribution"]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        (INFLATION, "Inflation fell to 3% in May, the finance ministry said."),
        (
            "“We were attacked at dawn,” said Ali Hassan, a farmer.",
            "Farmer Ali Hassan said they were attacked at dawn.",
        ),
        (DEBT, "بحسب حداد، تجاوز الدين العام 100 مليار دولار."),
        (DEBT, "Finance minister Sami Haddad said public debt exceeded $100 billion."),
        (ARMY, "Amnesty International accused the army of killing civilians in the village."),
        ("ويرى الباحث كريم سعيد أن الاتفاق هش.", "Researcher Karim Said believes the agreement is fragile."),
    ],
)
def test_a_word_kept_its_speakers_is_right(source: str, statement: str) -> None:
    assert found(source, statement) == []


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("التقى الوزير سامي حداد وفدا. وأضاف أن الحكومة ستخفض الإنفاق.", "قال حداد إن الحكومة ستخفض الإنفاق."),
        ("Minister Sami Haddad met a delegation. He added that spending would be cut.", "قال حداد إن الإنفاق سيخفض."),
    ],
)
def test_a_speaker_named_in_the_sentence_before_counts(source: str, statement: str) -> None:
    assert found(source, statement) == []


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("The court sentenced Karim to five years in prison.", "Karim was sentenced to five years in prison."),
        (
            "The European Union announced sanctions on six companies on Monday.",
            "The European Union imposed sanctions on six companies.",
        ),
        ("أعلنت الوزارة فرض عقوبات على ست شركات.", "فرضت الوزارة عقوبات على ست شركات."),
    ],
)
def test_an_announcement_that_makes_the_fact_needs_no_speaker(source: str, statement: str) -> None:
    assert found(source, statement) == []


def test_a_fact_beside_somebodys_word_is_a_fact() -> None:
    source = "The city has 2 million people. The mayor said the metro will open in June."
    assert found(source, "The city has 2 million people.") == []


@pytest.mark.parametrize(
    ("source", "statement", "expected"),
    [
        ("Engineer Sami Aswad, who voted against it, called the timetable unrealistic.", "Sami Aswad voted against it.", []),
        ("Omar Saleh of the union, which led the strike, said the size of the crowd surprised him.", "Omar Saleh said the size of the crowd surprised him.", []),
        ("Omar Saleh of the union, which led the strike, said the size of the crowd surprised him.", "The size of the crowd surprised him.", ["attribution"]),
        ("It was a bad year for the company, which lost millions, said the minister.", "It was a bad year for the company.", ["attribution"]),
    ],
)  # fmt: skip
def test_what_is_set_off_by_commas_is_not_said(source: str, statement: str, expected: list[str]) -> None:
    assert found(source, statement) == expected


@pytest.mark.parametrize(
    ("source", "statement", "form", "instead"),
    [
        (DEBT, "قال محافظ المصرف المركزي إن الدين العام تجاوز 100 مليار دولار.", "speaker", "وزير المالية سامي حداد"),
        ("نفت الوزارة أن يكون الإنتاج قد تراجع إلى النصف.", "تراجع الإنتاج إلى النصف.", "denial", "نفت الوزارة"),
        (
            "The ministry denied that output had fallen by half.",
            "Output had fallen by half.",
            "denial",
            "ministry denied",
        ),
        (INFLATION, "Inflation fell to 3% in May.", "", "finance ministry said"),
    ],
)
def test_a_finding_tells_whose_word_it_is(source: str, statement: str, form: str, instead: str) -> None:
    (finding,) = check_attribution(statement, language_of(statement), Source(source, language_of(source)))
    assert (finding.form, finding.instead) == (form, instead)


@given(st.text(alphabet="قال إن بحسب said, that “”«».\n", max_size=400))
def test_any_text_is_borne_out_by_itself(text: str) -> None:
    assert check_attribution(text, "ar", Source(text, "ar")) == []


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        # What an authority does and says that it does, counts, or orders.
        ("The foreign ministry said it would add 50 million euros to its aid.", "The ministry will add 50 million euros to its aid."),
        ("قالت دائرة الجمارك إنها حجزت 97 دراجة في مستودع بالميناء.", "حجزت الجمارك 97 دراجة في مستودع بالميناء."),
        ("أعلنت مديرية مكافحة المخدرات القبض على 17 رجلا في البصرة.", "ألقي القبض على 17 رجلا في البصرة."),
        ("The health ministry said that it had closed twelve clinics.", "The health ministry closed twelve clinics."),
        ("The health ministry said that twelve clinics were closed on its orders.", "Twelve clinics were closed."),
        ("قال المتحدث باسم الجمارك إن ضباطها فتشوا 97 شاحنة.", "فتش ضباط الجمارك 97 شاحنة."),
        ("أفادت الهيئة العامة للإحصاء بأن عدد العاملين تجاوز مليوني شخص.", "تجاوز عدد العاملين مليوني شخص."),
        ("Turnout reached 41 percent, the electoral commission said on Monday.", "Turnout reached 41 percent."),
        # Where somebody's word ends.
        ("وصفت جمعية القضاة القرار بأنه «تدخل سياسي»، ودعت أعضاءها إلى إضراب ليوم واحد.", "دعت الجمعية أعضاءها إلى إضراب ليوم واحد."),
        ("Police arrested an alleged smuggler in Marbella on 2 December.", "Police arrested a man in Marbella on 2 December."),
        # Who speaks: an office with and without its article, a document, whom a pronoun stands for.
        ("قال وزير الدفاع تانيل راود إن بلاده لن ترسل قوات. وأوضح أن القرار يعود إلى البرلمان.", "القرار يعود إلى البرلمان، كما أوضح الوزير."),
        ("وأشار التقرير إلى أن الوزارة لم تطرح أي مناقصة علنية.", "ذكر التقرير أن الوزارة لم تطرح أي مناقصة علنية."),
        ("The spokesman said the ship had ignored warnings; the owner, Delta Marine, insisted that it had received none.", "The owner, Delta Marine, insisted that it had received no warnings."),
        ("The inquiry concluded yesterday that poor maintenance caused the explosion.", "The inquiry concluded on 23 May 2023 that poor maintenance had caused the explosion."),
    ],
)  # fmt: skip
def test_what_needs_no_speaker_or_has_its_own_is_right(source: str, statement: str) -> None:
    assert found(source, statement) == []


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("The ministry said its officers were suspected of selling coins to a dealer.", "Officers sold coins to a dealer."),
        ("A fire at a warehouse destroyed stock. Investigators suspect a faulty heater.", "The fire at the warehouse was caused by a faulty heater."),
        ("وكانت صحيفة محلية قد زعمت أن وفدا طرد من الفندق.", "طرد وفد من الفندق."),
        ("قال الدفاع المدني إن سيولا ضربت غات. وتحدث شهود عن انهيار جسر في المدينة القديمة.", "انهار جسر في المدينة القديمة."),
        ("اتهمت النيابة مستشارا سابقا بتلقي رشوة قدرها 75 ألف يورو.", "تلقى مستشار سابق رشوة قدرها 75 ألف يورو."),
        # What others did, or what is no body's own, though a ministry or an engineer tells it.
        ("The health ministry said that twelve clinics had closed for lack of fuel.", "Twelve clinics closed for lack of fuel."),
        ("وقال المهندس زياد حمدان إن إصلاحها يكلّف ثلاثة ملايين دولار.", "إصلاح التوربينات يكلّف ثلاثة ملايين دولار."),
        ("The author thinks the charcoal works mainly by holding water.", "The charcoal works mainly by holding water."),
        # Somebody else's word.
        ("Carl Dunning said it would protect sailors, while the White House warned that it might harm relations with Oman.", "Carl Dunning warned that it might harm relations with Oman."),
        ("عزا اتحاد التجار غلاء الأرز إلى قيود التصدير. وتعتزم الوزارة استيراد القمح.", "عزت الوزارة غلاء الأرز إلى قيود التصدير."),
        ("ونقلت صحيفة حريت عن دبلوماسي أوروبي أن أنقرة طلبت قيادة القوة. ووعد الوزير بعرض القرار على البرلمان.", "قال الوزير إن أنقرة طلبت قيادة القوة."),
    ],
)  # fmt: skip
def test_charges_suspicions_and_swapped_speakers_are_found(source: str, statement: str) -> None:
    assert found(source, statement) == ["attribution"]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("قالت الحكومة إن التجار فتحوا السوق.", "فتح التجار السوق."),
        ("قالت الوزارة إن المدارس أغلقت أبوابها.", "أغلقت المدارس أبوابها."),
        ("قالت الوزارة إن المديرية أغلقت العيادات.", "أغلقت المديرية العيادات."),
        ("قالت وزارة الصحة إن وزارة الداخلية أغلقت العيادات.", "أغلقت وزارة الداخلية العيادات."),
        ("أعلنت الحكومة أن التجار فتحوا السوق.", "فتح التجار السوق."),
        ("The ministry said clinics closed.", "Clinics closed."),
        ("The ministry announced that twelve clinics had closed.", "Twelve clinics closed."),
        ("The government said the health ministry had closed 12 clinics.", "The health ministry closed 12 clinics."),
    ],
)
def test_what_a_ministry_tells_of_others_deeds_is_its_word(source: str, statement: str) -> None:
    assert found(source, statement) == ["attribution"]


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("قالت الوزارة إنها أغلقت العيادات.", "أغلقت الوزارة العيادات."),
        ("قالت وزارة الصحة إن الوزارة أغلقت العيادات.", "أغلقت الوزارة العيادات."),
        ("قال وزير الصحة إن الحكومة أغلقت العيادات.", "أغلقت الحكومة العيادات."),
        ("قالت الوزارة إن 12 عيادة أغلقت بأمر منها.", "أغلقت 12 عيادة."),
        ("قالت الوزارة إن قرار فتح السوق صدر أمس.", "صدر أمس قرار فتح السوق."),
        ("أعلنت الوزارة أن المدارس ستفتح أبوابها الأحد.", "ستفتح المدارس أبوابها الأحد."),
        ("The health minister said the government had closed 12 clinics.", "The government closed 12 clinics."),
        ("The health ministry said on Sunday the ministry had closed 12 clinics.", "The ministry closed 12 clinics."),
        ("Police said they had seized the drugs.", "Police seized the drugs."),
    ],
)
def test_what_a_body_tells_of_its_own_deeds_is_a_fact(source: str, statement: str) -> None:
    assert found(source, statement) == []
