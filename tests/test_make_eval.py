"""`make eval`: runs and report pages with one command, over the bundled set and a set of one's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from respondents import WHO

from corpus.sources import sample_documents
from evals.errors import QuestionSetError
from evals.question_set import load_question_set
from evals.question_sets.conversations import build
from evals.run_folder import read_run_folder

ROOT = Path(__file__).parents[1]
CONVERSATIONS = ROOT / "tests" / "data" / "conversations"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """What make takes for its environment: it is there already, and is the one of this test."""
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    for name, module in (("tawthiq", "-m ui.cli"), ("python", "")):
        script = venv / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    (venv / ".installed").touch()
    return venv


def make(environment: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("make") is None:
        pytest.skip("there is no make on this machine")
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # of `make test`
    return subprocess.run(
        ["make", "-C", str(ROOT), "PYTHON=false", f"VENV={environment}", *arguments],
        capture_output=True, encoding="utf-8", timeout=300, check=False,
        env={**outer, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_a_set_of_ones_own_has_its_page_even_if_its_run_is_not_sound(environment: Path, tmp_path: Path) -> None:
    questions = tmp_path / "my questions.jsonl"
    lines = [WHO.to_json(), {**WHO.to_json(), "id": "lost", "documents": ["gone"]}]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    documents = tmp_path / "my documents"
    documents.mkdir()
    shutil.copy(sample_documents() / "en-captagon-act.md", documents)
    runs = tmp_path / "runs"
    done = make(environment, "eval", f"SET={questions}", f"DOCS={documents}", f"RUNS={runs}")
    assert done.returncode == 2, done.stderr
    assert "not asked: lost: the document 'gone' is not in the corpus" in done.stdout
    assert {path.name for path in runs.glob("*.html")} == {"samples.html", "set-my-questions.html"}
    assert read_run_folder(runs / "samples").summary.sound
    assert read_run_folder(runs / "set-my-questions").summary.cases == 2
    assert "lost" in (runs / "set-my-questions.html").read_text(encoding="utf-8")


def test_without_a_set_the_conversations_are_asked(environment: Path, tmp_path: Path) -> None:
    done = make(environment, "-n", "eval", f"RUNS={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert "evals.question_sets.conversations tests/data/conversations/*.jsonl" in done.stdout
    assert f'eval run "{tmp_path}/conversations.jsonl"' in done.stdout
    assert f'eval report "{tmp_path}/conversations"' in done.stdout


def test_conversations_become_questions_with_the_turns_before_them(tmp_path: Path) -> None:
    out = tmp_path / "new" / "set.jsonl"
    files = sorted(CONVERSATIONS.glob("*.jsonl"))
    turns = [
        (path.stem, turn)
        for path in files
        for line in path.read_text("utf-8").splitlines()
        for turn in json.loads(line)["turns"]
    ]
    assert build(files, out) == len(turns) > 200
    made = load_question_set(out).questions
    assert [(q.question, q.tags, q.answerable) for q in made] == [
        (turn["question"], (turn["kind"], name), turn["kind"] != "unanswerable") for name, turn in turns
    ]
    follow_up = next(question for question in made if "follow_up" in question.tags)
    before = made[made.index(follow_up) - 1]
    assert follow_up.turns == (*before.turns, before.question)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"id": "c", "turns": [{"question": "Who?"}]}', "line 2: not a conversation (KeyError: 'language')"),
        ('{"id": "c"', "line 2: not a conversation (JSONDecodeError"),
        ("[]", "line 2: not a conversation (TypeError"),
    ],
)
def test_what_is_no_conversation_is_one_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "conversations.jsonl"
    path.write_text(f"\n{text}\n", encoding="utf-8")
    with pytest.raises(QuestionSetError) as raised:
        build([path], tmp_path / "set.jsonl")
    assert problem in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "set.jsonl").exists()
    with pytest.raises(QuestionSetError, match="No such file"):
        build([tmp_path / "absent.jsonl"], tmp_path / "set.jsonl")
