"""Shared by all tests: real homes with the sample corpus, and a real server on one."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asked_of_reports import SETS, written
from openai_server import OpenAIServer, openai_server

from corpus.document import Document, document_id_for
from rag import Engine
from rag.settings import Settings, load_settings

if TYPE_CHECKING:
    from evals.run_folder import RunFolder

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """Tests see no settings and no language of the person who runs them, save where the unpacked model is kept.

    Everywhere they embed in 4-bit blocks: on a processor that multiplies bytes, sentences of like score change places.
    """
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if (name.startswith("TAWTHIQ_") and name != "TAWTHIQ_CACHE") or name.startswith(
            ("OPENAI_", "LANGSMITH_", "LANGCHAIN_", "OTEL_")
        ):
            patch.delenv(name)
    patch.setenv("LC_ALL", "C.UTF-8")
    patch.setenv("TAWTHIQ_EMBEDDING_BACKEND", "onnx-q4")
    yield
    patch.undo()


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load_settings()


@pytest.fixture(scope="session")
def samples_home(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A closed home that holds the sample corpus: copy it to change it."""
    home = tmp_path_factory.mktemp("samples-home")
    with Engine.open(home, settings=settings, command="tests") as engine:
        report = engine.ingest([SAMPLES])
    assert not report.failed
    return home


@pytest.fixture(scope="session")
def report_engines(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[dict[str, Engine]]:
    """An open engine over each set of `asked_of_reports`: only to be read from."""
    with contextlib.ExitStack() as stack:
        engines = {}
        for name in SETS:
            folder = tmp_path_factory.mktemp(name)
            engines[name] = stack.enter_context(Engine.open(folder / "home", settings=settings, command="tests"))
            assert not engines[name].ingest([written(name, folder / "documents")]).failed
        yield engines


@pytest.fixture(scope="session")
def samples_engine(samples_home: Path, settings: Settings) -> Iterator[Engine]:
    """An open engine over the sample corpus: only to be read from."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
        with Engine.open(home, settings=settings, command="tests") as engine:
            yield engine


@pytest.fixture(scope="session")
def samples_run(samples_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The bundled question set, asked through the real engine, and read from its folder: only to be read from."""
    from evals import question_sets
    from evals.observation import observer
    from evals.question_set import load_question_set
    from evals.run import run_question_set
    from evals.run_folder import read_run_folder

    out = tmp_path_factory.mktemp("runs") / "samples"
    run_question_set(
        samples_engine, load_question_set(question_sets.path("samples")), out, observe=observer(samples_engine)
    )
    return read_run_folder(out)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium; without it or playwright the tests of pages are skipped."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on this machine: no browser tests")
    quiet = ("background-networking", "component-update", "sync", "default-apps", "domain-reliability", "gpu")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)],
        )
        yield running
        running.close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    """A language model's server, which says what its script says; the environment names it, with no key."""
    with openai_server() as running:
        monkeypatch.setenv("OPENAI_BASE_URL", running.url)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        yield running


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command line in this process; gives its exit code, standard output and standard error."""
    from ui import cli

    def call(*arguments: object) -> tuple[int, str, str]:
        code = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture(scope="session")
def served(samples_engine: Engine) -> Iterator[str]:
    """The address of a real server over the sample corpus."""
    from ui.serving import start_in_thread

    with start_in_thread(samples_engine) as url:
        yield url


def document(
    text: str, *, language: str = "en", source: str = "/tests/document.txt", title: str = "A title"
) -> Document:
    """A document as if it had been read."""
    return Document(document_id_for(source), source, title, text, language)
