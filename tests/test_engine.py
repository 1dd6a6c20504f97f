"""The engine: what goes in, what comes out, and who may use a home."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import Engine
from rag.errors import DocumentNotFound, EmptyHome, HomeBusy, IndexUnusable
from rag.settings import Settings
from rag.types import Answer, Filters, Passages, Progress, Token

ANSWER_KEYS = [
    "schema", "question", "language", "status", "mode", "text", "statements", "citations", "passages", "index_generation",
    "models", "elapsed_ms",
]  # fmt: skip
OPTIONAL_KEYS = {"notices", "frame", "answerable_probability", "removed", "usage", "disagreements", "filters", "digest"}
CITATION_KEYS = [
    "number", "document_id", "document_sha256", "title", "source", "publisher", "published", "language", "start", "end",
    "quote",
]  # fmt: skip
PASSAGE_KEYS = {"document_id", "source", "language", "start", "end", "score", "rank", "text"}


@pytest.fixture
def engine(samples_home: Path, tmp_path: Path, settings: Settings) -> Iterator[Engine]:
    """An engine over a copy of the samples, to be changed."""
    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    with Engine.open(home, settings=settings, command="tests") as engine:
        yield engine


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "ما هي المحاور الأربعة للاستراتيجية الأمريكية؟",
        "When did Congress pass the Captagon Act?",
        "Who won the World Cup?",
    ],
)
def test_the_json_of_an_answer_is_the_contract_and_comes_back(question: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question)
    data = json.loads(json.dumps(answer.to_json(), ensure_ascii=False))
    assert [key for key in data if key not in OPTIONAL_KEYS] == ANSWER_KEYS
    assert set(data) <= {*ANSWER_KEYS, *OPTIONAL_KEYS}
    assert data["schema"] == 1
    assert data["models"] == {"embedding": samples_engine.encoder().identity, "llm": None}
    assert data["index_generation"] == samples_engine.generation > 0
    for citation in data["citations"]:
        assert list(citation) == CITATION_KEYS
    for passage in data["passages"]:
        assert set(passage) >= PASSAGE_KEYS
    for statement in data["statements"]:
        assert list(statement) == ["text", "citations", "support", "reasons"]
    again = Answer.from_json(data)
    assert again.to_json() == data
    assert again.citations == answer.citations
    assert again.statements == answer.statements


def test_a_stream_tells_passages_first_and_the_answer_last(samples_engine: Engine) -> None:
    events = list(samples_engine.stream("When did Congress pass the Captagon Act?"))
    assert isinstance(events[0], Passages)
    assert isinstance(events[-1], Answer)
    assert events[0].passages == events[-1].passages
    assert all(isinstance(event, Token) for event in events[1:-1])
    assert "".join(event.text for event in events[1:-1] if isinstance(event, Token)) == events[-1].text


@pytest.mark.parametrize("question", ["Who is the mayor of Hama?", "من هو رئيس بلدية حماة؟"])
def test_silence_says_what_of_its_passages_is_nearest(question: str, samples_engine: Engine) -> None:
    answer = samples_engine.ask(question)
    assert answer.status == "not_found"
    assert any(one.nearest and one.nearest[0] > one.passage.start for one in answer.passages)
    for one in answer.passages:
        assert one.nearest is not None
        text = samples_engine.document(one.passage.document_id).text
        start, end = one.nearest
        assert text[start:end] == text[start:end].strip() != ""
        assert text[start : one.passage.end] == one.from_nearest
    assert [one.nearest for one in Answer.from_json(answer.to_json()).passages] == [
        one.nearest for one in answer.passages
    ]
    assert samples_engine.verify(answer).valid


def test_without_a_language_model_asking_for_one_falls_back_and_says_so(samples_engine: Engine) -> None:
    answer = samples_engine.ask("متى أقرّ الكونغرس قانون الكبتاغون؟", mode="llm")
    assert (answer.mode, answer.status) == ("quotes", "answered")
    assert len(answer.notices) == 1
    assert "TAWTHIQ_LLM_MODEL" in answer.notices[0].text or answer.notices[0].code


def test_the_threshold_decides_between_quotes_and_silence(engine: Engine) -> None:
    engine.settings = engine.settings.model_copy(update={"answer_threshold": 0.0})
    assert engine.ask("What is the capital of Mongolia?").status == "answered"


# -- documents -------------------------------------------------------------------------------------------------------


def test_documents_are_listed_shown_by_prefix_and_removed(engine: Engine) -> None:
    listed = engine.documents()
    assert len(listed) == 20
    one = next(d for d in listed if d.source.endswith("en-salerno-seizure.md"))
    whole = engine.document(one.document_id[:8])
    assert (whole.document_id, whole.title, len(whole.text)) == (one.document_id, one.title, one.characters)
    question = "How many tonnes of amphetamine did Italian police seize at Salerno?"
    assert engine.search(question)[0].passage.document_id == one.document_id
    generation = engine.generation
    assert engine.remove(one.document_id[:8]) == one
    assert engine.generation == generation + 1
    assert len(engine.documents()) == 19
    assert all(p.passage.document_id != one.document_id for p in engine.search(question, limit=100))
    assert engine.index_problems() == []
    for method in (engine.document, engine.remove):
        with pytest.raises(DocumentNotFound, match=one.document_id):
            method(one.document_id)


def test_a_prefix_must_be_of_one_document(samples_engine: Engine) -> None:
    for prefix in ("", "zz", "%"):
        with pytest.raises(DocumentNotFound, match="There is no document"):
            samples_engine.document(prefix)
    ids = [d.document_id for d in samples_engine.documents()]
    shared = next(c for c in "0123456789abcdef" if sum(i.startswith(c) for i in ids) > 1)
    with pytest.raises(DocumentNotFound, match="More than one"):
        samples_engine.document(shared)


def test_a_changed_document_keeps_its_id_and_its_old_text_is_found_no_more(tmp_path: Path, settings: Settings) -> None:
    article = tmp_path / "article.txt"
    article.write_text(
        "The warehouse in Rotterdam held two tonnes of cocaine, the harbour police said.", encoding="utf-8"
    )
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        first = engine.ingest([article])
        again = engine.ingest([article])
        assert (again.unchanged, again.generation) == (1, first.generation)
        article.write_text("The orchard in Damascus gave a good harvest of apricots, farmers said.", encoding="utf-8")
        changed = engine.ingest([article])
        assert (changed.updated, changed.generation) == (1, first.generation + 1)
        assert changed.documents[0].document_id == first.documents[0].document_id
        texts = [passage.passage.text for passage in engine.search("cocaine in a warehouse in Rotterdam")]
        assert texts == ["The orchard in Damascus gave a good harvest of apricots, farmers said."]
        # a document that was cited before it changed is told apart by its digest
        assert (
            engine.document(first.documents[0].document_id).sha256
            == engine.ask("What did the orchard give?").citations[0].document_sha256
        )


def test_good_files_are_answered_from_though_others_are_bad(tmp_path: Path, settings: Settings) -> None:
    text = "افتتح الوزير سمير الحلبي مستشفى الأطفال في مدينة طرطوس يوم 3 أيار 2021، وحضر الحفل سكان المدينة."
    (tmp_path / "old.txt").write_bytes(text.encode("cp1256"))
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        report = engine.ingest([tmp_path / "binary.txt", tmp_path / "nowhere", tmp_path / "old.txt"])
        assert (report.added, len(report.failed), report.generation) == (1, 2, 1)
        assert report.to_json()["failed"][0].keys() == {"source", "reason"}
        answer = engine.ask("من افتتح مستشفى الأطفال في طرطوس؟")
        assert [citation.quote for citation in answer.citations] == [text]


def test_tags_given_when_ingesting_can_be_asked_for(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "a.txt").write_text("The minister opened the hospital in May.", encoding="utf-8")
    (tmp_path / "b.txt").write_text("The minister closed the hospital in June.", encoding="utf-8")
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        engine.ingest([tmp_path / "a.txt"], tags=["first"])
        engine.ingest([tmp_path / "b.txt"], tags=["second"])
        found = engine.search("hospital", filters=Filters(tags=("second",)))
        assert [passage.passage.title for passage in found] == ["b"]


# -- homes -----------------------------------------------------------------------------------------------------------


def test_an_empty_home_says_so_and_answers_nothing(tmp_path: Path, settings: Settings) -> None:
    with Engine.open(tmp_path, settings=settings) as engine:
        for ask in (engine.ask, engine.search, engine.stream):
            with pytest.raises(EmptyHome, match="There are no documents in"):
                ask("What is captagon?")
        assert (engine.documents(), engine.generation, engine.repair()) == ([], 0, 0)
        report = engine.ingest([])
        assert (report.added, report.failed, report.generation) == (0, (), 0)


def test_opening_reading_and_closing_loads_nothing_heavy(samples_home: Path, tmp_path: Path) -> None:
    home = shutil.copytree(samples_home, tmp_path / "home")
    script = (
        "import sys; from rag import Engine\n"
        "with Engine.open(sys.argv[1]) as engine: assert len(engine.documents()) == 20\n"
        "print([name for name in ('torch', 'chromadb', 'tantivy', 'langchain', 'gradio', 'onnxruntime') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", script, str(home)], env=environment, capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_an_engine_that_is_closed_while_it_indexes_ends_and_loses_nothing(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.BATCH_PASSAGES", 1)
    folder = tmp_path / "documents"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(
            f"Report {number}\n\nSilo {number} of Port Alder is red.\n" + "Ships came. " * 80
        )
        (folder / f"{number}-ar.txt").write_text(
            f"تقرير {number}\n\nالصومعة رقم {number} حمراء.\n" + "وصلت السفن. " * 80
        )
    begun, outcome = threading.Event(), []

    def slowly(progress: Progress) -> None:
        if progress.stage == "indexing" and progress.done:
            begun.set()
            time.sleep(0.5)

    def work() -> None:
        try:
            outcome.append(engine.ingest([folder], progress=slowly))
        except IndexUnusable as error:
            outcome.append(error)

    engine = Engine.open(tmp_path / "home", settings=settings)
    threads = [threading.Thread(target=target, daemon=True) for target in (work, engine.close)]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert isinstance(outcome[0], IndexUnusable)
    with Engine.open(tmp_path / "home", settings=settings) as engine:
        assert len(engine.documents()) == 12
        assert engine.ask("What colour is silo 5 of Port Alder?").status == "answered"
        assert all(check.status == "ok" for check in engine.health() if "index" in check.name)
        assert engine.index().documents().keys() == {one.document_id for one in engine.documents()}


def test_a_second_process_is_told_who_has_the_home(tmp_path: Path, settings: Settings) -> None:
    script = "import sys; from rag import Engine\ntry: Engine.open(sys.argv[1])\nexcept Exception as e: print(type(e).__name__, e)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with Engine.open(tmp_path, settings=settings, command="tawthiq serve"):
        other = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], env=environment, capture_output=True, text=True
        )
        assert other.stdout.startswith("HomeBusy ")
        assert f"process {os.getpid()} (tawthiq serve)" in other.stdout
        with pytest.raises(HomeBusy) as caught:
            Engine.open(tmp_path, settings=settings)
        assert caught.value.parameters["pid"] == os.getpid()
    with Engine.open(tmp_path, settings=settings) as engine:  # closing gave it back
        assert engine.documents() == []


def test_questions_are_answered_while_documents_come_and_go(engine: Engine, tmp_path: Path) -> None:
    questions = [
        "متى أقرّ الكونغرس قانون الكبتاغون؟",
        "How many tonnes of amphetamine did Italian police seize at Salerno?",
        "ما هي المحاور الأربعة للاستراتيجية الأمريكية؟",
        "Why did Saudi Arabia ban Lebanese fruit and vegetables?",
    ]
    expected = {question: engine.ask(question).citations for question in questions}
    problems: list[object] = []
    stop = threading.Event()

    def ask(question: str) -> None:
        try:
            while True:
                if engine.ask(question).citations != expected[question]:
                    problems.append(question)
                if stop.is_set():
                    return
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=ask, args=(question,)) for question in questions]
    for thread in threads:
        thread.start()
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(
            f"Recipe {number}: bread with thyme, salt and olive oil.", encoding="utf-8"
        )
        report = engine.ingest([tmp_path / f"{number}.txt"])
        assert report.added == 1
        engine.remove(report.documents[0].document_id)
    stop.set()
    for thread in threads:
        thread.join()
    assert problems == []
    assert engine.index_problems() == []


def test_a_retriever_for_langchain_finds_the_same(samples_engine: Engine) -> None:
    found = samples_engine.as_retriever(limit=3).invoke("Captagon Act")
    assert [document.page_content for document in found] == [
        p.passage.text for p in samples_engine.search("Captagon Act", limit=3)
    ]


def test_the_index_digest_is_of_the_texts_and_not_of_where_they_lie(
    samples_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    texts = ("The first text says one thing.", "النص الثاني يقول شيئا آخر.", "A third.")
    digests = []
    for name, order in (("a", (0, 1)), ("b", (1, 0)), ("c", (0, 2))):
        for number in order:
            file = tmp_path / name / f"{number}.txt"
            file.parent.mkdir(exist_ok=True)
            file.write_text(texts[number], encoding="utf-8")
        with Engine.open(tmp_path / f"home-{name}", settings=settings) as engine:
            for number in order:
                engine.ingest([tmp_path / name / f"{number}.txt"])
            digests.append(engine.index_digest())
    assert digests[0] == digests[1]
    assert len({*digests, samples_engine.index_digest()}) == 3


def test_a_closed_engine_gives_its_memory_back_at_once(samples_home: Path, tmp_path: Path, settings: Settings) -> None:
    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    gc.disable()  # parts that hold each other would wait for it
    try:
        with Engine.open(home, settings=settings, command="tests") as engine:
            assert engine.ask("من علّق على التطبيع مع النظام السوري؟", mode="quotes").citations
            model = weakref.ref(engine.encoder())
        assert model() is None
    finally:
        gc.enable()
