"""The interface's words: both languages say everything, and every error can be told to a person."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from string import Formatter

import pytest

import rag.errors
import ui.remote
import ui.serving  # noqa: F401
from corpus.errors import TawthiqError
from ui import i18n

ARABIC = re.compile(r"[\u0621-\u064a]")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def all_errors(root: type[TawthiqError] = TawthiqError) -> set[type[TawthiqError]]:
    return {root}.union(*(all_errors(kind) for kind in root.__subclasses__()))


def test_both_languages_have_the_same_keys_and_placeholders() -> None:
    arabic, english = i18n.catalogue("ar"), i18n.catalogue("en")
    assert list(arabic) == list(english)
    for key in arabic:
        assert placeholders(arabic[key]) == placeholders(english[key]), key


def test_both_languages_of_the_command_line_have_the_same_keys_and_placeholders() -> None:
    arabic, english = i18n.command_catalogue("ar"), i18n.command_catalogue("en")
    assert list(arabic) == list(english)
    for key in arabic:
        assert placeholders(arabic[key]) == placeholders(english[key]), key
        assert ARABIC.search(arabic[key]) or key == "list.separator", key
        assert not ARABIC.search(english[key]), key


@pytest.mark.parametrize(
    ("locale", "language"),
    [({"LC_ALL": "ar"}, "ar"), ({"LC_ALL": "ar_SY.UTF-8"}, "ar"), ({"LANG": "ar_EG"}, "ar"), ({"LANG": "C"}, "en"),
     ({"LC_ALL": "en_GB", "LANG": "ar"}, "en"), ({"LANG": "arn_CL"}, "en"), ({}, "en")],
)  # fmt: skip
def test_the_command_line_speaks_the_language_of_the_locale(
    locale: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    assert i18n.command_language() == language


def test_every_text_is_written_in_its_language() -> None:
    for key, text in i18n.catalogue("ar").items():
        assert ARABIC.search(text) or key == "panel.cut", key
    for key, text in i18n.catalogue("en").items():
        assert not ARABIC.search(text), key
        assert text == text.strip(), key


def test_every_key_that_code_or_templates_name_exists() -> None:
    folder = files("ui")
    named: set[str] = set()
    for place in (folder, folder / "templates"):
        for file in place.iterdir():
            if file.name.endswith((".py", ".html")):
                pattern = r"""["']((?:app|ask|welcome|conversation|answer|panel|error)\.[a-z_.]*[a-z])["']"""
                named |= set(re.findall(pattern, file.read_text(encoding="utf-8")))
    keys = {name for name in named if not name.endswith(".html")}
    assert len(keys) > 20
    assert keys <= set(i18n.catalogue("en"))


@pytest.mark.parametrize("kind", sorted(all_errors(), key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_every_error_has_a_line_in_both_languages(kind: type[TawthiqError]) -> None:
    error = kind("It went wrong at <b>.", "Do this.")
    arabic, english = i18n.error_text(error, "ar"), i18n.error_text(error, "en")
    assert ARABIC.search(arabic)
    assert not ARABIC.search(english)
    assert "\n" not in arabic + english


def test_an_error_without_a_text_falls_back_to_its_message() -> None:
    error = TawthiqError("What is wrong.", "What to do.")
    error.code = "unheard_of"
    assert i18n.error_text(error, "ar") == "What is wrong. What to do."


def test_parameters_are_isolated_from_the_direction_around_them() -> None:
    text = i18n.text("ar", "answer.open", number=2, title="Captagon (2023)")
    assert "\u2068Captagon (2023)\u2069" in text
    assert "2" in text
    with pytest.raises(KeyError):
        i18n.text("ar", "answer.open", number=2)
    with pytest.raises(KeyError):
        i18n.text("en", "no.such.key")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("ما هي محاور الاستراتيجية؟", "ar"),
        ("What is captagon?", "en"),
        ("ما هو قانون Caesar Act؟", "ar"),
        ("What does كبتاغون mean in English?", "en"),
        ("2023?", "en"),
        ("", "en"),
        ("ﻣﺎ ﻫﻲ؟", "ar"),
        ("١٢٣ who", "en"),
    ],
)
def test_the_language_of_a_question_is_its_script(question: str, language: str) -> None:
    assert i18n.language_of(question) == language


def test_dates_and_languages_have_names() -> None:
    assert i18n.date_text(date(2023, 6, 30), "ar") == "30 حزيران/يونيو 2023"
    assert i18n.date_text(date(2023, 6, 30), "en") == "30 June 2023"
    assert i18n.language_name("ar", "en") == "Arabic"
    assert i18n.language_name("fr", "ar") == "fr"
    assert [i18n.interface_language(code) for code in ("ar", "ar-EG", "AR", "fr", "und")] == ["ar"] * 3 + ["en"] * 2


def test_errors_of_the_engine_are_part_of_the_tree() -> None:
    assert rag.errors.EmptyHome in all_errors()
