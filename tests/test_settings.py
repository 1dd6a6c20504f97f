"""Where settings come from, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings, load_settings


def toml(folder: Path, text: str) -> Path:
    path = folder / "tawthiq.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_set_the_defaults_hold() -> None:
    settings = load_settings()
    assert (settings.embedding_model, settings.port, settings.max_document_chars) == ("bundled", 7860, 5_000_000)
    assert settings.home.name == "tawthiq"
    assert settings.llm_model is None


def test_arguments_come_before_the_environment_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = toml(tmp_path, "port = 1\nthreads = 1\nllm_timeout = 1.0\n")
    monkeypatch.setenv("TAWTHIQ_PORT", "2")
    monkeypatch.setenv("TAWTHIQ_THREADS", "2")
    settings = load_settings(file, port=3, threads=None)
    assert (settings.port, settings.threads, settings.llm_timeout) == (3, 2, 1.0)


def test_an_environment_variable_counts_in_either_case_and_not_when_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("tawthiq_port", "2")
    monkeypatch.setenv("TAWTHIQ_THREADS", "")
    settings = load_settings(toml(tmp_path, "port = 1\nthreads = 1\n"))
    assert (settings.port, settings.threads) == (2, 1)


def test_the_environment_may_name_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAWTHIQ_CONFIG", str(toml(tmp_path, 'home = "هنا"\n')))
    assert load_settings().home == Path("هنا")


def test_an_unknown_environment_variable_names_the_nearest_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAWTHIQ_THREDS", "2")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value) == (
        "Unknown environment variable TAWTHIQ_THREDS. The nearest known one is TAWTHIQ_THREADS."
    )


@pytest.mark.parametrize(
    ("line", "named", "nearest"), [("prot = 1", "prot", "port"), ("[llm]\nmodel = 'x'", "llm", "llm_model")]
)
def test_an_unknown_setting_in_the_file_names_the_nearest_known(
    tmp_path: Path, line: str, named: str, nearest: str
) -> None:
    file = toml(tmp_path, line)
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert str(caught.value) == f"Unknown setting {named} in {file}. The nearest known one is {nearest}."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("EMBEDDING_BACKEND", "gpu"),
        ("ANSWER_THRESHOLD", "1.5"),
        ("MAX_DOCUMENT_CHARS", "0"),
        ("LLM_TIMEOUT", "-1"),
    ],
)
def test_an_invalid_value_is_named_in_one_line(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"TAWTHIQ_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(f"The setting {name.lower()} (TAWTHIQ_{name}) cannot be '{value}': ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"port =", b"\xff\xfe\x00", b"port = 1\nport = 2"])
def test_a_file_that_cannot_be_read_is_named_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "tawthiq.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert str(caught.value).startswith(f"The settings file {file} cannot be read: ")
    assert "\n" not in str(caught.value)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description for field in Settings.model_fields.values())
