"""Publication dates."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-06-30T10:00:00Z", date(2023, 6, 30)),
        ("20230630", date(2023, 6, 30)),
        ("June 30, 2023", date(2023, 6, 30)),
        ("Fri, 30 Jun 2023 10:00 GMT", date(2023, 6, 30)),
        ("PUBLISHED: April 19, 2023 at 6:42 p.m. | UPDATED: April 20, 2023", date(2023, 4, 19)),
        ("Sunday, 24th of December 2023", date(2023, 12, 24)),
        ("٣٠ حزيران ٢٠٢٣", date(2023, 6, 30)),
        ("۳۰ یونیو", None),
        ("30 حزيران/يونيو 2023", date(2023, 6, 30)),
        ("9 آب (أغسطس) 2023", date(2023, 8, 9)),
        ("الجمعة 30 جوان 2023", date(2023, 6, 30)),
        ("12 كانون الثاني 2022", date(2022, 1, 12)),
        ("3 تشرين الأول، 2022", date(2022, 10, 3)),
        ("5 غشت 2021", date(2021, 8, 5)),
        ("أغسطس 9، 2023", date(2023, 8, 9)),
        ("6/11/2022", date(2022, 11, 6)),
        ("12/25/2020", date(2020, 12, 25)),
        ("13/25/2020", None),
        ("2023", None),
        ("June 2023", None),
        ("31 شباط 2023", None),
        ("", None),
        (None, None),
        (20230630, None),
        (datetime(2023, 6, 30, 12), date(2023, 6, 30)),
        (date(2023, 6, 30), date(2023, 6, 30)),
    ],
)
def test_parse_date(text: object, expected: date | None) -> None:
    assert parse_date(text) == expected


@given(st.text(max_size=60))
def test_no_text_is_an_error(text: str) -> None:
    assert parse_date(text) is None or isinstance(parse_date(text), date)


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)))
def test_iso_and_english_dates_come_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(day.strftime("%d %B ") + str(day.year)) == day
