"""The language that a model wrote in: its own words count, not those that it quotes, and no names."""

from __future__ import annotations

import pytest

from rag.answering.generation.answer_language import language_besides


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The House passed the bill in 2022.", "ar", "en"),
        ("أقرّ مجلس النواب مشروع القانون.", "en", "ar"),
        ("La Chambre a adopté le projet de loi en septembre.", "en", "fr"),
        ("14 tonnes", "ar", "en"),
        ("١٤ طنا", "en", "ar"),
        ("Rejected by the committee", "ar", "en"),
        ("The bill «مشروع القانون» was passed.", "ar", "en"),
        ("قال الوزير “the trade is going on” في كلمته.", "en", "ar"),
    ],
)
def test_another_language_is_named(text: str, language: str, found: str) -> None:
    assert language_besides([text], language) == found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("أقرّ مجلس النواب مشروع القانون.", "ar"),
        ("The House passed the bill in 2022.", "en"),
        ("قال Jim Hook في CBS إن التجارة «the trade is going on and on» مستمرة.", "ar"),
        ("بلغت قيمة التجارة 5.7 مليار دولار بحسب معهد New Lines.", "ar"),
        ('The law is called "قانون مكافحة تجارة الكبتاغون لعام 2022".', "en"),
        ("The law is called قانون مكافحة تجارة الكبتاغون لعام 2022.", "en"),
        ("Caroline Rose", "ar"),
        ("Bashar al-Assad and Maher al-Assad.", "ar"),
        ("بشار الأسد", "en"),
        ("Beirut (Lebanon).", "en"),
        ("2022", "ar"),
        ("«كل حبة كبتاغون تُضبط هي انتصار»", "en"),
        ("https://example.org/an-article", "ar"),
    ],
)
def test_quotes_names_and_what_is_too_short_do_not_count(text: str, language: str) -> None:
    assert language_besides([text], language) is None


def test_one_sentence_is_enough() -> None:
    assert language_besides(["أقرّ المجلس القانون في كانون الأول.", "The Senate cleared it later."], "ar") == "en"
    assert language_besides([], "ar") is None
