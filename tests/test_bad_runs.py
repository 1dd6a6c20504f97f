"""Bad input for runs, as the commands meet it: one line that names the case or the row, and what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from respondents import WHEN, WHO, Troubled, made_of

from corpus.document import Document
from corpus.sources import sample_documents
from evals.question_set import Question, Span
from evals.run import run_question_set
from evals.run_folder import RunFolder, read_run_folder
from rag import Engine
from rag.errors import DocumentNotFound

Command = Callable[..., tuple[int, str, str]]
HEADER = "id;question;language;answers;documents\r\n"
ROW = "من;من قدّم قانون الكبتاغون؟;ar;French Hill;en-captagon-act\r\n"


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    shutil.copy(sample_documents() / "en-captagon-act.md", folder)
    return folder


def only_line(said: tuple[int, str, str]) -> str:
    """The one line of a command that failed."""
    code, out, err = said
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    [line] = [one for one in err.splitlines() if not one.endswith("…")]
    assert line.startswith("tawthiq: ")
    return line


def lines_of(*rows: dict[str, Any] | Question) -> bytes:
    data = [row.to_json() if isinstance(row, Question) else row for row in rows]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in data).encode()


WITHOUT_LANGUAGE = {key: value for key, value in WHEN.to_json().items() if key != "language"}


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("twice.jsonl", lines_of(WHO, WHEN, WHO), "line 3: the id 'who' stands on line 1 already"),
        ("field.jsonl", lines_of(WHO, WITHOUT_LANGUAGE), "line 2 (when): the field 'language' is missing"),
        (
            "mixed.jsonl",
            lines_of(WHO) + json.dumps(WHEN.to_json(), ensure_ascii=False).encode("windows-1256", "replace"),
            "line 2: not UTF-8",
        ),
        (
            "mixed.csv",
            (HEADER + ROW).encode() + "متى;متى أقرّ القانون؟;ar;2022;\r\n".encode("windows-1256"),
            "row 3: its bytes are not UTF-8, as other rows are",
        ),
        ("twice.csv", ("\ufeff" + HEADER + ROW + ROW).encode(), "row 3: the id 'من' stands on row 2 already"),
        ("field.csv", ("\ufeff" + HEADER + "من;;ar;x;\r\n").encode(), "row 2 (من): the field 'question' is missing"),
        ("half.jsonl", lines_of(WHO) + lines_of(WHEN)[:30], "line 2: not JSON"),
    ],
)
def test_a_set_that_cannot_be_used_is_one_line_with_its_case(
    run: Command, tmp_path: Path, name: str, data: bytes, problem: str
) -> None:
    (tmp_path / name).write_bytes(data)
    out = tmp_path / "run"
    line = only_line(run("eval", "run", tmp_path / name, "--documents", sample_documents(), "--out", out))
    assert f"{name} cannot be used: {problem}" in line
    assert not out.exists()
    code, said, err = run("eval", "run", tmp_path / name, "--documents", sample_documents(), "--out", out, "--json")
    assert (code, err.count("tawthiq:")) == (1, 0)
    assert problem in json.loads(said)["error"]["message"]


def test_a_table_as_excel_saves_it_is_asked(run: Command, documents: Path, tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_bytes(("\ufeff" + HEADER + ROW).encode())
    code, _, err = run("eval", "run", tmp_path / "set.csv", "--documents", documents, "--out", tmp_path / "run")
    assert code == 0, err
    [one] = read_run_folder(tmp_path / "run").cases
    assert (one.case.question.id, one.case.question.answers, one.case.direction) == ("من", ("French Hill",), "ar→en")


def test_a_document_that_is_gone_is_a_line_with_the_case(run: Command, documents: Path, tmp_path: Path) -> None:
    lost = replace(WHO, id="lost", documents=("en-caesar-act",))
    (tmp_path / "set.jsonl").write_bytes(lines_of(WHO, lost))
    call = ("eval", "run", tmp_path / "set.jsonl", "--documents", documents, "--out", tmp_path / "run")
    code, out, err = run(*call)
    assert code == 1
    assert [line.rstrip() for line in out.splitlines() if "lost" in line] == [
        "not asked: lost: the document 'en-caesar-act' is not in the corpus"
    ]
    assert "Traceback" not in err
    (tmp_path / "set.jsonl").write_bytes(lines_of(lost))
    line = only_line(run(*call))
    assert "No question of set fits these documents; the first, lost: the document 'en-caesar-act' is not" in line


def test_a_document_removed_while_the_run_begins_costs_its_case_alone(samples_engine: Engine, tmp_path: Path) -> None:
    class Removing(Troubled):
        def document(self, document_id: str) -> Document:
            raise DocumentNotFound(f"There is no document {document_id!r}.", "List them.")

    silent = Question("not", "How many goals did Brazil score in the 1970 final?", "en", answerable=False)
    spans = replace(WHO, spans=(Span("en-captagon-act", 0, 4),))
    result = run_question_set(Removing(samples_engine, {}), made_of(spans, silent), tmp_path)
    [(identifier, problem)] = result.summary.problems
    assert identifier == "who"
    assert problem.startswith("There is no document ")
    assert result.cases[1].status == "asked"


def test_a_half_written_run_is_refused_by_every_command_that_reads_one(
    run: Command, samples_run: RunFolder, tmp_path: Path
) -> None:
    whole = Path(shutil.copytree(samples_run.path, tmp_path / "whole"))
    half = Path(shutil.copytree(samples_run.path, tmp_path / "half"))

    def refused(problem: str) -> None:
        for command in (
            ("compare", whole, half),
            ("compare", half, whole),
            ("gate", half),
            ("gate", whole, "--baseline", half),
            ("report", half, "--out", tmp_path / "page.html"),
        ):
            line = only_line(run("eval", *command))
            assert problem in line
            assert "half" in line
        assert not (tmp_path / "page.html").exists()

    lines = (whole / "cases.jsonl").read_bytes().splitlines(keepends=True)
    (half / "cases.jsonl").write_bytes(b"".join(lines[:-1]) + lines[-1][:300])
    refused(f"line {len(lines)}: not a recorded case, or only half of one")
    (half / "cases.jsonl").write_bytes(b"".join(lines[:-1]))
    refused(f"half a run: its summary counts {len(lines)} cases, cases.jsonl holds {len(lines) - 1}")
    (half / "summary.json").write_bytes((whole / "summary.json").read_bytes()[:500])
    refused("summary.json is not the summary of a run")
    (half / "summary.json").unlink()
    refused("was not finished")


@pytest.mark.parametrize("identity", [b"", b"{", b"[]", b"\xff\xfe", b'{"parallel": "many"}'])
def test_a_folder_whose_run_cannot_be_told_is_begun_anew(
    samples_engine: Engine, tmp_path: Path, identity: bytes
) -> None:
    (tmp_path / "cases.jsonl").write_bytes(lines_of(WHO)[:50])
    (tmp_path / "run.json").write_bytes(identity)
    known = {"configuration": {"answer_threshold": 0.5}}
    result = run_question_set(samples_engine, made_of(WHO), tmp_path, about=known)
    assert result.summary.about["kept_from_a_run_cut_off"] == 0
    assert len(read_run_folder(tmp_path).cases) == 1


def test_runs_of_different_sets_are_one_line_and_told_how_to_be_compared(
    run: Command, samples_engine: Engine, samples_run: RunFolder, tmp_path: Path
) -> None:
    other = replace(made_of(WHO, samples_run.cases[0].case.question), digest="1" * 64)
    run_question_set(samples_engine, other, tmp_path / "other")
    line = only_line(run("eval", "compare", samples_run.path, tmp_path / "other"))
    assert "are runs of different question sets" in line
    assert "--common" in line
    code, out, _ = run("eval", "compare", samples_run.path, tmp_path / "other", "--common")
    assert code == 0
    assert f"1 cases in both runs, {len(samples_run.cases)} left out" in out
    run_question_set(samples_engine, replace(made_of(WHO), digest="2" * 64), tmp_path / "third")
    line = only_line(run("eval", "compare", samples_run.path, tmp_path / "third", "--common"))
    assert "have no question in common" in line
