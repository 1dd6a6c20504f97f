"""Dates, times and durations of a statement against its source, in Arabic, in English and across the two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.grounding.findings import Source
from rag.grounding.numbers.check import check_numbers
from rag.grounding.numbers.quantities import quantities
from rag.grounding.times.check import check_times
from rag.grounding.times.moments import moments

_PUBLISHED = date(2023, 6, 30)  # a Friday
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_EGYPT = "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر".split()
_LEVANT = "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول".split()
_MAGHREB = "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر".split()


def forms(day: date) -> list[str]:
    egypt, levant, maghreb = (names[day.month - 1].replace("_", " ") for names in (_EGYPT, _LEVANT, _MAGHREB))
    year = day.year
    return [
        day.isoformat(), f"{day.day:02}/{day.month:02}/{year}" if day.day > 12 else day.isoformat(),
        f"{day.day} {day:%B} {year}", f"{day:%B} {day.day}, {year}", f"{day:%b}. {day.day}, {year}",
        f"{day.day} {egypt} {year}", f"{day.day} {levant}/{egypt} {year}", f"{day.day} {maghreb} {year}",
        f"{day.day} من {egypt} عام {year}", f"{day.day} {levant} {year}".translate(_ARABIC),
    ]  # fmt: skip


def months(day: date) -> list[str]:
    egypt, levant = (names[day.month - 1].replace("_", " ") for names in (_EGYPT, _LEVANT))
    return [
        f"{day:%B} {day.year}",
        f"{egypt} {day.year}",
        f"{levant} من عام {day.year}",
        f"شهر {levant} {day.year}".translate(_ARABIC),
    ]


days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def said(form: str) -> str:
    return f"It began on {form}" if form.isascii() else f"بدأ في {form}"


@settings(deadline=None)  # the first reads the glossary
@given(days, st.data())
def test_a_date_is_borne_out_by_any_of_its_forms(day: date, data: st.DataObject) -> None:
    form, other = data.draw(st.sampled_from(forms(day) + months(day))), data.draw(st.sampled_from(forms(day)))
    assert check_times(said(form), "en", Source(said(other), "ar", _PUBLISHED)) == []
    assert check_times(said(other), "en", Source(said(form), "ar")) == []
    assert check_numbers(said(form), "en", Source("", "ar")) == []


@settings(deadline=None)  # the first reads the glossary
@given(days, days, st.data())
def test_another_date_is_not(day: date, other: date, data: st.DataObject) -> None:
    assume(day != other)
    form, there = data.draw(st.sampled_from(forms(day))), data.draw(st.sampled_from(forms(other)))
    assert [one.kind for one in check_times(said(form), "en", Source(said(there), "ar", _PUBLISHED))] == ["date"]


@settings(deadline=None)  # the first reads the glossary
@given(st.text(max_size=200), st.text(max_size=200), st.none() | st.dates())
def test_no_text_is_an_error_and_spans_lie_in_the_text(text: str, other: str, published: date | None) -> None:
    check_times(text, "ar", Source(other, "en", published))
    found = moments(text, "ar", published)
    assert all(0 <= one.start < one.end <= len(text) for one in found)


_PIECES = st.lists(
    st.sampled_from(
        "12 1999 2023 مارس March 45 عاما years ago قبل عامين مليون million الأول الاثنين last year العام الماضي - / : , من of % 30".split()
    ),
    max_size=14,
)


@settings(deadline=None)  # the first reads the glossary
@given(_PIECES, st.dates())
def test_no_token_is_both_a_number_and_a_time(pieces: list[str], published: date) -> None:
    text = " ".join(pieces)
    times = [(one.start, one.end) for one in moments(text, "en", published)]
    for quantity in quantities(text, "en"):
        inside = text[quantity.start : quantity.end]
        if not any(character.isdigit() for character in inside):
            continue
        assert not any(start <= quantity.start and quantity.end <= end for start, end in times)


def test_hostile_text_is_read_in_time() -> None:
    for piece in ("2023-", "1/", "March ", "the last ", "قبل ", "عامين و", "1 - ", "من ", "last year "):
        assert moments(piece * 1000, "en", _PUBLISHED) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yesterday", date(2023, 6, 29)),
        ("أمس", date(2023, 6, 29)),
        ("أول من أمس", date(2023, 6, 28)),
        ("الليلة الماضية", date(2023, 6, 29)),
        ("غدا", date(2023, 7, 1)),
    ],
)
def test_relative_days(text: str, expected: date) -> None:
    (found,) = moments(text, "en", _PUBLISHED)
    assert (found.year, found.month, found.day) == (expected.year, expected.month, expected.day)


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("last December", 2022, 12), ("في ديسمبر الماضي", 2022, 12), ("last March", 2023, 3), ("this year", 2023, None),
        ("العام الجاري", 2023, None), ("الشهر الماضي", 2023, 5), ("next month", 2023, 7), ("السنة المقبلة", 2024, None),
        ("نيسان من العام الماضي", 2022, 4), ("للعام الحالي", 2023, None), ("next February", 2024, 2),
    ],
)  # fmt: skip
def test_relative_months_and_years(text: str, year: int, month: int | None) -> None:
    (found,) = moments(text, "en", _PUBLISHED)
    assert (found.year, found.month) == (year, month)


_RIGHT = [
    ("It closed in May 2023.", "أُغلق الشهر الماضي."),
    ("أُغلق في 2022.", "It closed last year."),
    ("It closed on 29 June.", "أُغلق أمس الخميس."),
    ("It closed in 2021.", "أُغلق قبل عامين."),
    ("It closed two years ago.", "أُغلق قبل سنتين."),
    ("They stayed 24 months.", "بقوا عامين."),
    ("He is 45.", "عمره 45 عاما."),
    ("He is 45 years old.", "رجل في الخامسة والأربعين، أي 45 عاما."),
    ("It was built in the 1980s.", "بُني عام 1984."),
    ("It was built in the 1980s.", "بُني في ثمانينيات القرن الماضي."),
    ("Prices rose in the first quarter of 2023.", "ارتفعت الأسعار في الربع الأول من عام 2023."),
    ("It opened on Monday.", "افتُتح يوم الاثنين."),
    ("عام 1444 هـ", "In 1444 AH it began."),
    ("بدأ عام ألفين وثلاثة وعشرين.", "It began in 2023."),
    ("From 15 to 17 April 2020", "من ١٥ إلى ١٧ نيسان ٢٠٢٠"),
    ("It lasted nine years.", "استمر من آذار 2011 حتى شباط 2020."),
    ("It ends today.", "ينتهي في المساء."),
    ("It lasted just over an hour and a half.", "استمر 94 دقيقة."),
    ("استمر عاما ونصف العام.", "It lasted 18 months."),
    ("He was killed less than three weeks later.", "قُتل بعد 17 يوما."),
    ("It opened in November 1989.", "وُقّع في 22 تشرين الأول 1989، وافتُتح في الشهر التالي."),
    ("It was to open on Tuesday.", "أُغلق الطريق حتى الخميس، أي يومين أكثر من المتوقع."),
    ("It will stand before July 2023.", "سيقوم بحلول نهاية الشهر."),
    ("It reached Oxford two years before London.", "It reached Oxford by 1650 and London in 1652."),
    ("في القرن الـ19", "In the nineteenth century"),
    ("خلال الربع الأول", "first-quarter sales"),
    ("It began on 30 June 2023.", "بدأ اليوم الجمعة."),
]
_WRONG = [
    ("It closed in May 2022.", "أُغلق الشهر الماضي."),
    ("أُغلق في 2020.", "It closed last year."),
    ("It closed on 17 July 2020.", "أُغلق في 17 حزيران 2020."),
    ("It closed yesterday.", "أُغلق في 12 حزيران 2023."),
    ("They stayed three years.", "بقوا عامين."),
    ("They stayed two months.", "بقوا عامين."),
    ("It was built in the 1980s.", "بُني عام 1994."),
    ("It opened on Tuesday.", "افتُتح يوم الاثنين."),
    ("In 1445 AH it began.", "عام 1444 هـ"),
    ("It began in March 2021.", "بدأ في أيار 2021."),
    ("It began at 10:30.", "بدأ في الساعة 9:30."),
    ("It closed last month.", "أُغلق العام الماضي."),
    ("It lasted more than three weeks.", "استمر 17 يوما."),
    ("They return in the first half of March.", "يعودون في النصف الثاني من آذار."),
    ("It starts on 9 July 2023.", "يبدأ يوم الأحد المقبل."),
    ("It opened on 21 June 2023.", "افتُتح يوم الأربعاء الماضي، أي في 28 حزيران."),
    ("It opened on 16 June 2023.", "افتُتح يوم الجمعة."),
    ("It ended on 31 June 2023.", "انتهى في حزيران 2023."),
    ("The board will decide before July.", "لن يقرر المجلس قبل تموز."),
    ("The launch was put back to 28 July.", "The launch was moved from 28 July to 11 August."),
    ("The minaret of the mosque was rebuilt before the Second World War.", "لم يُعَد بناء مئذنة المسجد إلا بعد الحرب العالمية الثانية."),
    ("The capital moved to the island in 1856.", "The capital moved to the island in 1840. He died in 1856."),
    ("The ministry opened the hospital in 2015 and the school in 2019.",
     "The ministry opened the school in 2015. The hospital was opened in 2019."),
    ("The minaret of the mosque was restored in 1990.", "رُممت مئذنة المسجد في عام 1985، وبُني السوق في عام 1990."),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "source"), _RIGHT)
def test_right_statements_pass(statement: str, source: str) -> None:
    assert check_times(statement, "en", Source(source, "ar", _PUBLISHED)) == []


@pytest.mark.parametrize(("statement", "source"), _WRONG)
def test_wrong_statements_do_not(statement: str, source: str) -> None:
    assert {found.kind for found in check_times(statement, "en", Source(source, "ar", _PUBLISHED))} == {"date"}


def test_without_publication_relative_times_are_compared_by_their_words() -> None:
    assert check_times("It closed last year.", "en", Source("أُغلق العام الماضي.", "ar")) == []
    assert check_times("It closed in 2020.", "en", Source("أُغلق العام الماضي.", "ar")) == []


@settings(deadline=None)  # the first reads the glossary
@given(days)
def test_a_weekday_is_that_of_a_date(day: date) -> None:
    source = Source(f"It opened on {day.day} {day:%B} {day.year}.", "en")
    assert check_times(f"It opened on {day:%A}.", "en", source) == []
    assert check_times(f"It opened on {day + timedelta(1):%A}.", "en", source) != []


def test_a_finding_has_the_words_and_what_the_source_has_in_their_place() -> None:
    found = check_times("بدأ في 16 آذار 2021.", "ar", Source("It began on 15 March 2021.", "en"))
    assert [(one.said, one.instead) for one in found] == [("16 آذار 2021", "15 March 2021")]


def test_less_than_a_month_after_gives_no_date() -> None:
    source = Source("وبعد أقل من شهر، وتحديدا في 28 سبتمبر، أعلنت الوزارة ضبط الشحنة.", "ar", date(2022, 10, 4))
    assert not check_times("The ministry announced it on 28 September 2022.", "en", source)
    [finding] = check_times("The ministry announced it on 28 October 2022.", "en", source)
    assert (finding.said, finding.instead) == ("28 October 2022", "28 سبتمبر")


_FAIR = [
    ("It will be paid for one year.", "ستُدفع لمدة عام."),
    ("It will be paid for one year.", "ستُدفع لمدة عام واحد."),
    ("They may run out within a month.", "قد تنفد خلال شهر."),
    ("يُعلن خلال أسبوعين.", "It will be announced within a fortnight."),
    ("The inscription dates from the third century.", "نُقش عام 244 للميلاد."),
    ("استغرق البناء نحو ثلاث سنوات.", "It was built between 1331 and 1334."),
    ("He was bishop for twenty years.", "He was bishop from 1410 to 1430."),
    ("It fell over six months.", "تراجع خلال النصف الأول من العام."),
    ("It applies from 1 July 2023.", "يسري اعتبارا من صباح غد."),
    ("يضم الفريق الأحد عشر عضوا.", "All eleven are on the team."),
    ("The law dates from 1998.", "A 1998 law let them stay. The court met on Tuesday."),
    ("They cannot work after August without help.", "لن يتمكن المركز من مواصلة عمله بعد أغسطس بلا دعم."),
    ("Those who bought tickets before May 2020 pay nothing.",
     "It will not charge those who hold tickets bought before May 2020."),
    ("The meeting is in April 2024.", "يعقد الاجتماع في أبريل 2024، والسابق كان في 2019."),
]  # fmt: skip
_UNFAIR = [
    ("يسري القانون بعد شهر من نشره.", "The law takes effect a year after its publication."),
    ("It lasted 14 months.", "دامت 17 شهرا وشاركت فيها 14 دولة."),
    ("It was built in the fourth century.", "بُني في القرن الخامس."),
    ("It will open next autumn.", "قال اليوم إنه سيُفتتح الربيع المقبل."),
    ("They met the previous Monday.", "التقوا الخميس الماضي، قبل الانتخابات في مايو."),
    ("He apologised in March 2011.", "أنكر ذلك عام 2011 ثم اعتذر في مارس 2015."),
    ("The law dates from 1998.", "The court struck down a 1989 law on Tuesday."),
    ("Some crossed in March.", "عبر بعضهم في أبريل وقد ينفد المخزون خلال ثلاثة أسابيع."),
    ("It closes after the end of May.", "يغلق قبل نهاية مايو."),
    ("يُفتح الخط بعد كأس العالم 2030.", "يُفتح الخط قبل كأس العالم 2030."),
    ("The poll in April had other results.", "The results differ from the May poll."),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "source"), _FAIR)
def test_one_of_a_unit_early_years_and_halves_are_read(statement: str, source: str) -> None:
    assert check_times(statement, "en", Source(source, "ar" if not source.isascii() else "en", _PUBLISHED)) == []


@pytest.mark.parametrize(("statement", "source"), _UNFAIR)
def test_another_span_season_weekday_or_year_is_found(statement: str, source: str) -> None:
    assert check_times(statement, "en", Source(source, "ar" if not source.isascii() else "en", _PUBLISHED))
