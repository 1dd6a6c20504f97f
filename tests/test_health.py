"""What `doctor` says of a home."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag import Engine, embedded_model, health
from rag.health import HealthCheck
from rag.settings import Settings


def checks(engine: Engine) -> dict[str, HealthCheck]:
    return {check.name: check for check in engine.health()}


def test_a_good_home_is_well_in_every_part(samples_engine: Engine) -> None:
    found = checks(samples_engine)
    assert list(found) == ["disk", "model", "catalogue", "index", "language model"]
    assert {check.status for check in found.values()} <= {"ok", "warning"}
    assert found["model"].detail == f"multilingual-e5-small, 384 dimensions, on {samples_engine.encoder().backend}"
    assert found["catalogue"].detail == "20 documents"
    assert found["index"].status == "ok"
    assert found["index"].detail.startswith(f"{samples_engine.passage_count()} passages")
    assert (found["language model"].status, found["language model"].detail) == ("ok", "none set: answers are quotes")
    assert all(not check.hint for check in found.values() if check.status == "ok")


def test_an_empty_home_is_told_how_to_fill_it(tmp_path: Path, settings: Settings) -> None:
    with Engine.open(tmp_path, settings=settings) as engine:
        assert checks(engine)["catalogue"].status == "warning"
        assert "tawthiq ingest" in checks(engine)["catalogue"].hint


def test_a_model_that_cannot_be_loaded_fails_with_what_to_do(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_model, "PACKAGE", "a_package_that_nobody_has")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # tests reach no hub
    without = settings.model_copy(update={"cache": tmp_path / "cache"})
    with Engine.open(tmp_path / "home", settings=without) as engine:
        check = checks(engine)["model"]
    assert check.status == "failed"
    assert "intfloat/multilingual-e5-small cannot be loaded" in check.detail
    assert "TAWTHIQ_EMBEDDING_MODEL" in check.hint


def test_a_full_disk_is_a_warning(samples_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "MIN_FREE_BYTES", shutil.disk_usage("/").total * 1000)
    assert checks(samples_engine)["disk"].status == "warning"


def test_a_language_model_that_does_not_answer_is_a_warning(
    samples_home: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "a key")
    home = shutil.copytree(samples_home, tmp_path / "home", ignore=shutil.ignore_patterns(".lock", "owner.json"))
    with Engine.open(home, settings=settings.model_copy(update={"llm_model": "no-model"})) as engine:
        check = checks(engine)["language model"]
    assert check.status == "warning"
    assert "no-model cannot be reached" in check.detail
    assert "OPENAI_BASE_URL" in check.hint
    assert "a key" not in check.detail + check.hint


def test_documents_that_were_never_indexed_are_noticed(samples_home: Path, tmp_path: Path, settings: Settings) -> None:
    home = shutil.copytree(samples_home, tmp_path / "home", ignore=shutil.ignore_patterns(".lock", "owner.json"))
    shutil.rmtree(home / "index")
    with Engine.open(home, settings=settings) as engine:
        check = checks(engine)["index"]
    assert (check.status, check.detail) == ("failed", "the catalogue has other documents than the index")
    assert "doctor --repair" in check.hint


def test_a_reranker_that_cannot_be_loaded_fails_with_what_to_do(
    samples_home: Path, settings: Settings, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    missing = str(tmp_path / "no such model")
    with Engine.open(home, settings=settings.model_copy(update={"reranker": missing})) as engine:
        found = checks(engine)["reranker"]
    assert (found.status, found.detail) == (
        "failed",
        f"The reranker {missing} cannot be loaded: there is no such folder.",
    )
    assert "TAWTHIQ_RERANKER" in found.hint
