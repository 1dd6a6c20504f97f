"""The command line: what goes where, exit codes, and errors of one line. Most runs are in this process."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpus.sources import sample_documents
from rag.home import HomeLock
from ui.output import printable

ARABIC_QUESTION = "ما هي المحاور الأربعة للاستراتيجية الأمريكية؟"
ENGLISH_QUESTION = "When was the Captagon Act passed?"
NOT_THERE = "How many goals did Brazil score in the 1970 World Cup final?"


@pytest.fixture(scope="module")
def home(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of this module's own with the samples in it."""
    target = tmp_path_factory.mktemp("cli") / "home"
    shutil.copytree(samples_home, target, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    return target


def tawthiq(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """A real run in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        **options,
    )


def one_line(err: str) -> str:
    assert err.count("\n") == 1, err
    assert err.startswith("tawthiq: ")
    assert "Traceback" not in err
    return err


# How it ends


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["serch"], 2)])
def test_a_command_that_is_done_leaves_the_collector_nothing_to_search(arguments: list[str], code: int) -> None:
    program = f"""
import atexit, gc
from ui import cli
atexit.register(lambda: print("left:", len(gc.get_objects()), "set aside:", gc.get_freeze_count() > 0))
cli.main({arguments})
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == code
    left = re.search(r"left: (\d+) set aside: True", run.stdout)
    assert left is not None
    assert int(left[1]) < 5000


# Wrong usage


def test_an_unknown_command_is_answered_with_the_nearest_one(run) -> None:
    code, out, err = run("serch", "x")
    assert (code, out) == (2, "")
    assert "'search'" in one_line(err)


def test_an_unknown_option_names_itself(run) -> None:
    code, out, err = run("ask", "x", "--langauge", "ar")
    assert (code, out) == (2, "")
    assert "--langauge" in one_line(err)
    assert "--language" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "x", "--mode", "guess"],
        ["ask", "x", "--since", "yesterday"],
        ["search", "x", "--limit", "0"],
        ["ingest"],
        ["documents", "shwo", "x"],
        ["serve", "--port", "70000"],
        ["eval", "run", "samples"],
        ["eval", "run", "samples", "--out", "x", "--home", "y", "--documents", "z"],
    ],
)
def test_wrong_usage_exits_2_with_one_line_or_one_json_document(run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "--help" in one_line(err)
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (2, "")
    assert set(json.loads(out)["error"]) == {"message", "hint"}


def test_a_period_that_ends_before_it_begins_is_wrong_usage(run, home: Path) -> None:
    code, _, err = run("ask", "x", "--home", home, "--since", "2024-01-02", "--until", "2024-01-01")
    assert code == 2
    assert "ends before it begins" in one_line(err)


def test_an_unknown_setting_is_answered_with_the_nearest_one(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAWTHIQ_LLM_MODLE", "x")
    code, out, err = run("ask", "x")
    assert (code, out) == (2, "")
    assert "TAWTHIQ_LLM_MODEL" in one_line(err)
    code, out, _ = run("ask", "x", "--json")
    assert code == 2
    assert "TAWTHIQ_LLM_MODLE" in json.loads(out)["error"]["message"]


def test_an_empty_question_is_wrong_usage(run, home: Path) -> None:
    code, _, err = run("ask", "  ", "--home", home)
    assert code == 2
    one_line(err)


def test_a_page_pasted_as_a_question_is_wrong_usage(run, home: Path) -> None:
    for command in ("ask", "search"):
        code, _, err = run(command, "كبتاغون " * 2500, "--home", home)
        assert code == 2
        assert "19,999 characters; at most 4,000" in one_line(err)


def test_a_question_that_is_not_text_is_wrong_usage(run, home: Path) -> None:
    code, _, err = run("ask", "caf\udce9", "--home", home)
    assert code == 2
    assert "UTF-8" in one_line(err)


@pytest.mark.parametrize("arguments", [[], ["documents"], ["eval"]])
def test_a_group_alone_shows_its_commands(run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert "Commands" in out + err
    assert "tawthiq: " not in err


@pytest.mark.parametrize("day", ["31/3/2024", "2024", "2024-02-30", "أمس", ""])
def test_a_wrong_date_is_told_the_form_that_is_wanted(run, day: str) -> None:
    for option in ("--since", "--until"):
        code, _, err = run("ask", "x", option, day)
        assert code == 2
        wanted = f"Invalid value for '{option}': {day!r} is not a date of the form 2024-03-31 (year-month-day)."
        assert wanted in one_line(err)


@pytest.mark.parametrize(
    "command",
    ["ingest", "documents list", "documents show", "documents remove", "search", "ask", "serve", "eval run", "doctor"],
)
def test_every_command_explains_itself_and_takes_home_and_json(run, command: str) -> None:
    code, out, _ = run(*command.split(), "--help")
    assert code == 0
    assert "--home" in out
    assert "--json" in out


# Failures


def test_an_empty_home_asked_a_question_is_a_failure(run, tmp_path: Path) -> None:
    code, out, err = run("ask", "who?", "--home", tmp_path / "new")
    assert (code, out) == (1, "")
    assert "ingest" in one_line(err)
    code, out, err = run("ask", "who?", "--home", tmp_path / "new", "--json")
    assert (code, err) == (1, "")
    assert set(json.loads(out)["error"]) == {"message", "hint"}


def test_a_home_that_another_process_owns_is_named_with_it(tmp_path: Path) -> None:
    with HomeLock(tmp_path, "tawthiq ingest"):
        done = tawthiq("documents", "list", "--home", tmp_path)
    assert done.returncode == 1
    assert f"process {os.getpid()} (tawthiq ingest)" in one_line(done.stderr)


def test_a_server_that_does_not_answer_is_one_line(run, tmp_path: Path) -> None:
    with HomeLock(tmp_path, "tawthiq serve") as lock:
        lock.announce("http://127.0.0.1:9", "token")
        code, out, err = run("documents", "list", "--home", tmp_path)
    assert (code, out) == (1, "")
    assert "does not answer" in one_line(err)
    assert f"process {os.getpid()}" in err


def test_a_home_that_is_a_file_is_one_line(run, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x", encoding="utf-8")
    code, _, err = run("documents", "list", "--home", tmp_path / "home")
    assert code == 1
    assert "cannot be used" in one_line(err)


def test_a_defect_is_one_line_and_its_traceback_is_in_the_log(run, tmp_path: Path, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a\ndefect")

    monkeypatch.setattr("ui.remote.open_engine", broken)
    code, out, err = run("documents", "list", "--home", tmp_path)
    assert (code, out) == (1, "")
    log = tmp_path / "logs" / "error.log"
    assert str(log) in one_line(err)
    assert "ZeroDivisionError: a defect" in err
    assert "Traceback" in log.read_text("utf-8")
    code, out, err = run("documents", "list", "--home", tmp_path, "--json")
    assert (code, err) == (1, "")
    assert "ZeroDivisionError" in json.loads(out)["error"]["message"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143)])
def test_an_interruption_says_nothing(run, home: Path, monkeypatch, error: BaseException, capsys) -> None:
    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr("ui.remote.open_engine", interrupted)
    if isinstance(error, SystemExit):
        with pytest.raises(SystemExit) as caught:
            run("documents", "list", "--home", home)
        assert caught.value.code == 143
        assert capsys.readouterr() == ("", "")
    else:
        assert run("documents", "list", "--home", home) == (130, "", "")


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_a_reader_that_leaves_is_no_error(home: Path, option: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "documents", "list", "--home", str(home), *option],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(60) == 0


# Ingesting


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_output_that_cannot_be_written_is_one_line(home: Path, option: list[str]) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", "ask", "--home", str(home), *option, "What is captagon?"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert one_line(done.stderr).startswith("tawthiq: The output cannot be written: No space left on device.")


def test_a_file_that_cannot_be_written_is_one_line_in_either_language(
    run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text("claim\nThe Caesar Act was signed in 2019.\n", encoding="utf-8")
    (tmp_path / "out.csv.progress.jsonl").mkdir()
    arguments = ("check", claims, "--out", tmp_path / "out.csv", "--home", home)
    code, _, err = run(*arguments)
    assert code == 1
    assert f"The file {tmp_path}/out.csv.progress.jsonl cannot be used: Is a directory. Check that its folder" in err
    assert "Traceback" not in err
    assert "unexpected" not in err
    monkeypatch.setenv("LC_ALL", "ar_SY.UTF-8")
    code, _, err = run(*arguments)
    assert code == 1
    assert "تعذّر استعمال الملف" in err
    assert "هو مجلد" in err


def test_an_interrupted_ingestion_says_what_is_kept(run, tmp_path: Path, monkeypatch) -> None:
    from rag import ingestion

    (tmp_path / "one.txt").write_text("The first article says that the law was passed in June.", encoding="utf-8")
    (tmp_path / "two.txt").write_text("The second article says that the bridge was opened.", encoding="utf-8")
    read = ingestion.read_document

    def stopped(source, **options):
        if "two" in str(source):
            raise KeyboardInterrupt
        return read(source, **options)

    command = ("ingest", tmp_path / "one.txt", tmp_path / "two.txt", "--home", tmp_path / "home")
    with monkeypatch.context() as patched:
        patched.setattr(ingestion, "read_document", stopped)
        code, out, err = run(*command)
        assert (code, out) == (130, "")
        assert err.splitlines()[-1] == (
            "tawthiq: Stopped before everything was read. What is stored is kept; the same command goes on from there."
        )
    assert run(*command)[0] == 0
    code, out, _ = run("documents", "list", "--home", tmp_path / "home", "--json")
    assert len(json.loads(out)["documents"]) == 2


def test_good_files_are_ingested_and_the_bad_one_is_named(run, tmp_path: Path) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    (folder / "good.txt").write_text("The bridge at Deir was opened on 4 May 2021 by the minister.\n" * 5, "utf-8")
    (folder / "bad.txt").write_bytes(bytes(range(256)) * 40)
    code, out, err = run("ingest", folder, "--home", home, "--json", "--tag", "bridges")
    report = json.loads(out)
    assert code == 1
    assert set(report) == {
        "added",
        "updated",
        "unchanged",
        "duplicates",
        "failed",
        "left_out",
        "documents",
        "generation",
    }
    assert (report["added"], len(report["failed"])) == (1, 1)
    assert report["failed"][0]["source"].endswith("bad.txt")
    assert report["failed"][0]["reason"]
    assert "tawthiq:" not in err

    code, out, err = run("ingest", folder, "--home", home)
    assert code == 1
    assert re.search(r"^failed: .*bad\.txt is not text", out, re.MULTILINE)
    assert "tawthiq: 1 source could not be ingested. The others are in." in err

    code, out, _ = run("documents", "list", "--home", home, "--json")
    assert code == 0
    assert [document["tags"] for document in json.loads(out)["documents"]] == [["bridges"]]


def test_a_source_that_is_not_there_is_a_failure(run, tmp_path: Path) -> None:
    code, out, _ = run("ingest", tmp_path / "absent.txt", "--home", tmp_path / "home", "--json")
    assert code == 1
    assert json.loads(out)["failed"][0]["source"].endswith("absent.txt")


def test_the_bundled_samples_are_there(run, home: Path) -> None:
    assert len(list(sample_documents().glob("*.md"))) >= 16
    code, out, _ = run("ingest", "--samples", "--home", home, "--json")
    assert code == 0
    report = json.loads(out)
    # The home of the tests was made from the checkout, which may be the same folder.
    assert report["failed"] == []
    assert report["added"] + report["unchanged"] + report["duplicates"] >= 16


# Documents


def test_documents_are_listed_shown_and_removed(run, samples_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(samples_home, home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    code, out, err = run("documents", "list", "--home", home, "--json")
    assert (code, err) == (0, "")
    documents = json.loads(out)["documents"]
    assert len(documents) >= 16
    first = documents[0]

    code, out, _ = run("documents", "list", "--home", home)
    assert code == 0
    assert first["document_id"] in out
    assert f"{len(documents)} documents" in out

    code, out, _ = run("documents", "show", first["document_id"][:12], "--home", home, "--json")
    assert code == 0
    shown = json.loads(out)
    assert set(shown) == {
        "document_id", "source", "title", "language", "publisher", "author", "published", "tags", "notes", "format",
        "sha256", "text", "removed",
    }  # fmt: skip
    assert shown["document_id"] == first["document_id"]
    assert len(shown["text"]) == first["characters"]

    code, out, _ = run("documents", "show", first["document_id"], "--home", home)
    assert code == 0
    assert shown["sha256"] in out
    assert printable(shown["text"].splitlines()[0]) in out

    code, out, _ = run("documents", "remove", first["document_id"], "--home", home, "--json")
    assert code == 0
    assert json.loads(out)["removed"]["document_id"] == first["document_id"]
    code, _, err = run("documents", "show", first["document_id"], "--home", home)
    assert code == 1
    assert first["document_id"] in one_line(err)


# Asking and searching


@pytest.mark.parametrize("question", [ARABIC_QUESTION, ENGLISH_QUESTION])
def test_an_answer_is_the_json_of_the_design_and_its_quotes_are_verbatim(run, home: Path, question: str) -> None:
    code, out, err = run("ask", question, "--home", home, "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert {
        "schema", "question", "language", "status", "mode", "text", "statements", "citations", "passages",
        "index_generation", "models", "elapsed_ms",
    } <= set(answer)  # fmt: skip
    assert answer["question"] == question
    assert answer["status"] == "answered"
    assert answer["citations"]
    for citation in answer["citations"]:
        _, out, _ = run("documents", "show", citation["document_id"], "--home", home, "--json")
        document = json.loads(out)
        assert document["sha256"] == citation["document_sha256"]
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_person_sees_quotes_with_numbers_and_then_their_sources(run, home: Path) -> None:
    _, out, _ = run("ask", ENGLISH_QUESTION, "--home", home, "--json")
    answer = json.loads(out)
    code, out, _ = run("ask", ENGLISH_QUESTION, "--home", home)
    assert code == 0
    said, sources = out.split("\nSources\n")
    assert printable(answer["text"]).strip() == said.strip()
    for citation in answer["citations"]:
        assert f"[{citation['number']}] {citation['title']}" in sources
        assert citation["source"] in sources
        if citation["published"]:
            assert citation["published"] in sources


def test_what_the_documents_do_not_answer_is_said_with_exit_0(run, home: Path) -> None:
    code, out, _ = run("ask", NOT_THERE, "--home", home, "--json")
    assert code == 0
    answer = json.loads(out)
    assert (answer["status"], answer["statements"], answer["citations"]) == ("not_found", [], [])
    code, out, _ = run("ask", NOT_THERE, "--home", home)
    assert code == 0
    assert "Related passages" in out
    assert "Sources" not in out


def test_filters_hold_for_ask_and_search(run, home: Path) -> None:
    code, out, _ = run("search", "captagon", "--home", home, "--json", "--language", "AR", "--limit", "3")
    assert code == 0
    passages = json.loads(out)["passages"]
    assert 0 < len(passages) <= 3
    assert {passage["language"] for passage in passages} == {"ar"}
    assert [passage["rank"] for passage in passages] == list(range(1, len(passages) + 1))
    only = passages[-1]["document_id"]
    code, out, _ = run("ask", "captagon", "--home", home, "--json", "--document", only[:12])
    assert code == 0
    assert {passage["document_id"] for passage in json.loads(out)["passages"]} == {only}
    code, _, err = run("search", "captagon", "--home", home, "--document", "zzzz")
    assert code == 1
    assert "zzzz" in one_line(err)


def test_search_shows_titles_and_places(run, home: Path) -> None:
    code, out, _ = run("search", "captagon", "--home", home, "--limit", "2")
    assert code == 0
    assert out.startswith("1. ")
    assert ".md (" in out


# Real processes


def test_arabic_goes_in_and_out_whatever_the_locale(home: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    done = tawthiq(
        "ask",
        "-",
        "--home",
        home,
        input=ARABIC_QUESTION,
        env={**environment, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
    )
    assert done.returncode == 0, done.stderr
    assert "المصادر" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_json_is_alone_on_standard_output(tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_text("The bridge at Deir was opened by the minister on 4 May 2021.\n" * 5, "utf-8")
    done = tawthiq("ingest", tmp_path / "bridge.txt", "--home", tmp_path / "home", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == 1
    assert "Indexing" in done.stderr or "Reading" in done.stderr
    assert "\x1b" not in done.stderr


def test_help_and_asking_import_nothing_heavy(home: Path) -> None:
    code = (
        "import sys; from ui import cli; status = cli.run(sys.argv[1:]);"
        "heavy = {'gradio', 'torch', 'langchain', 'transformers', 'trafilatura', 'fastapi'} & set(sys.modules);"
        "print(status, sorted(heavy), file=sys.stderr)"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code, "ask", ENGLISH_QUESTION, "--home", str(home)],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert asked.stderr.splitlines()[-1] == "0 []"
    helped = subprocess.run(
        [sys.executable, "-c", code.replace("'fastapi'", "'rag.engine', 'rag.settings', 'httpx'"), "--help"],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert helped.stderr.splitlines()[-1] == "0 []"


# doctor and eval


def test_doctor_checks_a_good_home(run, home: Path) -> None:
    code, out, err = run("doctor", "--home", home, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["versions"]["chromadb"]
    assert {check["status"] for check in found["checks"]} <= {"ok", "warning"}
    assert all(set(check) == {"name", "status", "detail", "hint"} for check in found["checks"])
    code, out, _ = run("doctor", "--home", home)
    assert code == 0
    assert all(check["name"] in out for check in found["checks"])


def test_doctor_repairs(run, home: Path) -> None:
    code, out, _ = run("doctor", "--repair", "--home", home, "--json")
    assert code == 0
    assert json.loads(out)["repaired"] >= 16


def test_doctor_diagnoses_what_keeps_a_home_from_being_opened(run, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    code, out, _ = run("doctor", "--home", tmp_path / "home", "--json")
    assert code == 1
    failed = [check for check in json.loads(out)["checks"] if check["status"] == "failed"]
    assert [check["name"] for check in failed] == ["catalogue"]
    assert failed[0]["hint"]
    monkeypatch.setenv("TAWTHIQ_PROT", "1")
    code, out, err = run("doctor")
    assert (code, err) == (1, "")
    assert "TAWTHIQ_PORT" in out


def test_a_question_set_is_run_over_a_home(run, home: Path, tmp_path: Path) -> None:
    questions = tmp_path / "set.jsonl"
    lines = [
        {"id": "one", "question": ENGLISH_QUESTION, "language": "en", "answers": ["2022"], "answerable": True},
        {"id": "two", "question": NOT_THERE, "language": "en", "answers": [], "answerable": False},
        {"id": "three", "question": ENGLISH_QUESTION, "language": "en", "answers": ["1907"], "answerable": True},
    ]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    code, out, err = run("eval", "run", questions, "--out", tmp_path / "run", "--home", home, "--json")
    assert code == 0, err
    assert json.loads(out) == json.loads((tmp_path / "run" / "summary.json").read_text("utf-8"))
    assert len((tmp_path / "run" / "cases.jsonl").read_text("utf-8").splitlines()) == 3
    code, out, _ = run("eval", "run", questions, "--out", tmp_path / "run", "--home", home)
    assert code == 0
    assert str(tmp_path / "run") in out
    assert re.search(r"went wrong \(1\).*\(three\).*expected: 1907\n +answered: ", out, re.DOTALL)


def test_a_question_set_that_is_not_there_is_one_line(run, home: Path, tmp_path: Path) -> None:
    code, out, err = run("eval", "run", tmp_path / "absent.jsonl", "--out", tmp_path / "run", "--home", home)
    assert (code, out) == (1, "")
    assert "absent.jsonl" in one_line(err)


def test_a_reprint_is_told_once_with_where_it_also_stands(run, tmp_path: Path) -> None:
    text = (
        "The harbour police of Salerno seized fourteen tonnes of amphetamine in three containers on the first of July"
    )
    for name, end in (("agency", "."), ("newspaper", ", police said.")):
        (tmp_path / f"{name}.md").write_text(f"# As the {name} has it\n\n{text}{end}\n", encoding="utf-8")
    home = tmp_path / "home"
    assert run("ingest", tmp_path / "agency.md", tmp_path / "newspaper.md", "--home", home)[0] == 0
    found = json.loads(run("search", "Who seized amphetamine?", "--home", home, "--json")[1])["passages"]
    assert len(found) == 1
    (other,) = found[0]["also_in"]
    assert other != found[0]["document_id"]
    assert f"nearly the same text: document {other[:8]}" in run("search", "Who seized amphetamine?", "--home", home)[1]
