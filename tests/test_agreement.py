"""Agreement of judges with people: kappa by hand, files of labels and what is wrong with them, and the command."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai_server import OpenAIServer, Text
from openpyxl import Workbook
from sklearn.metrics import cohen_kappa_score

from evals.errors import EvaluationError, LabelsError
from evals.judging.agreement import agreements
from evals.judging.judge import parts
from evals.judging.kappa import agreement, kappas
from evals.judging.labels import COLUMNS, LABELS, SCALES, read_labels
from evals.run_folder import RunFolder, ScoredCase, read_run_folder
from rag.types import Statement

Command = Callable[..., tuple[int, str, str]]
SCALE = ("correct", "partly", "incorrect")
YES, PARTLY, NO = SCALE


def rated(*cells: tuple[str, str, int]) -> tuple[list[str], list[str]]:
    pairs = [(one, other) for one, other, count in cells for _ in range(count)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def test_kappa_by_hand() -> None:
    # p_o = (20 + 15) / 50 = .7; p_e = (25 × 30 + 25 × 20) / 50² = .5; kappa = (.7 - .5) / (1 - .5) = .4
    found = agreement(*rated((YES, YES, 20), (YES, NO, 5), (NO, YES, 10), (NO, NO, 15)), SCALE)
    assert (found.n, found.agreement) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.4 < found.high
    assert found.confusion == ((20, 0, 5), (0, 0, 0), (10, 0, 15))
    # Three labels: p_o = 5/6; p_e = (2 × 2 + 2 × 3 + 2 × 1) / 6² = 1/3; kappa = (5/6 - 1/3) / (2/3) = .75
    three = agreement(*rated((YES, YES, 2), (PARTLY, PARTLY, 2), (NO, PARTLY, 1), (NO, NO, 1)), SCALE)
    assert three.kappa == pytest.approx(0.75)
    assert agreement(*rated((YES, NO, 3), (NO, YES, 3)), SCALE).kappa == pytest.approx(-1)
    assert agreement(*rated((YES, YES, 3), (NO, NO, 3)), SCALE).kappa == pytest.approx(1)


def test_kappa_of_one_label_is_undefined_and_not_0() -> None:
    found = agreement(*rated((YES, YES, 9)), SCALE)
    assert (found.agreement, found.kappa, found.low, found.high) == (1.0, None, None, None)
    assert found.constant == ("first", "second")
    lone = agreement(*rated((YES, YES, 5), (YES, NO, 4)), SCALE)
    assert (lone.kappa, lone.constant) == (0.0, ("first",))
    none = agreement([], [], SCALE)
    assert (none.n, none.agreement, none.kappa) == (0, None, None)
    some = agreement(*rated((YES, YES, 9), (NO, NO, 1)), SCALE)
    assert 0.2 < some.undefined < 0.5  # (9/10)^10 = .35 of the resamples have one label only
    with pytest.raises(ValueError, match="one scale"):
        agreement(["good"], ["bad"], SCALE)


@given(st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), min_size=2, max_size=30))
def test_the_bootstraps_kappa_is_scikit_learns(pairs: list[tuple[str, str]]) -> None:
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    counts = np.zeros((1, 3, 3), dtype=np.int64)
    for one, other in pairs:
        counts[0, SCALE.index(one), SCALE.index(other)] += 1
    if len({*first, *second}) < 2:
        assert np.isnan(kappas(counts)[0])
    else:
        assert kappas(counts)[0] == pytest.approx(cohen_kappa_score(first, second, labels=SCALE))


def table(path: Path, rows: list[list[Any]], *, delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
    text = "\r\n".join(delimiter.join(map(str, row)) for row in rows)
    path.write_bytes((text + "\r\n").encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_tables_as_spreadsheets_save_them(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows: list[list[Any]] = [["رقم السؤال", "الحكم", "اللغة"], ["q1", "صحيح", "العربية"], ["q2", "غير صحيح", "ar"]]
    labels = read_labels(table(tmp_path / "l.csv", rows, delimiter=delimiter, encoding=encoding))
    assert [(row.id, row.human, row.language) for row in labels.rows] == [("q1", YES, "ar"), ("q2", NO, "ar")]


def test_workbooks_and_json_lines_say_the_same(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["ID", "Human label", "label2", "language", "mine"], [1, 1, 0.5, "en", "x"], [2, 0, None, "en", "y"]):
        sheet.append(line)
    book.save(tmp_path / "l.xlsx")
    lines = [{"id": 1, "human": 1, "label2": 0.5, "language": "en"}, {"id": "2", "label": "wrong", "language": "en"}]
    (tmp_path / "l.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = [read_labels(tmp_path / name).rows for name in ("l.xlsx", "l.jsonl")]
    assert [[(row.id, row.human, row.human2) for row in rows] for rows in found] == [
        [("1", YES, PARTLY), ("2", NO, None)]
    ] * 2


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["id", "note"], ["q1", "x"]], "no column 'label'"),
        ([["label"], ["correct"]], "no column 'id'"),
        ([["id", "labell"], ["q1", "correct"]], "row 1: unknown column 'labell'; is 'label' meant?"),
        ([["id", "label", "human"], ["q1", "correct", "correct"]], "row 1: two columns are 'label'"),
        ([["id", "label"], ["q1", "correct"], ["q2", "good"]], "row 3: 'good' is no label; known are correct, partly"),
        ([["id", "label"], ["q1", "correct"], ["q1", "partly"]], "row 3: 'q1' again, after row 2"),
        ([["id", "label"], ["q1", "correct"], ["", "correct"]], "row 3: no id"),
        ([["id", "label", "statement"], ["q1", "supported", "first"]], "row 2: the statement should be a number"),
        ([["id", "label", "statement"], ["q1", "correct", "1"]], "row 2: 'correct' is no label; known are supported"),
        ([["id", "label"]], "it holds no row"),
    ],
)
def test_what_is_wrong_with_a_table_is_one_line_with_its_row(
    tmp_path: Path, run: Command, rows: list[list[str]], problem: str
) -> None:
    path = table(tmp_path / "l.csv", rows, delimiter=";")
    code, out, err = run("eval", "agreement", path)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert problem in err
    code, out, _ = run("eval", "agreement", path, "--json")
    assert (code, problem in json.loads(out)["error"]["message"]) == (1, True)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "q1", "label": "maybe"}', "line 1: 'maybe' is no label"),
        ('{"id": "q1"', "line 1: not JSON"),
        ("[1]", "line 1: a JSON object is expected"),
        ('{"id": ["q1"], "label": "correct"}', "line 1: 'id' should be text or a number"),
    ],
)
def test_what_is_wrong_with_json_lines(tmp_path: Path, line: str, problem: str) -> None:
    (tmp_path / "l.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(LabelsError, match=problem):
        read_labels(tmp_path / "l.jsonl")


def test_every_word_is_of_one_label() -> None:
    for scale, labels in LABELS.items():
        assert tuple(labels) == SCALES[scale]
        words = [word for named in labels.values() for word in named]
        assert len(words) == len(set(words))
    names = [name for named in COLUMNS.values() for name in named]
    assert len(names) == len(set(names))


def test_a_file_that_holds_everything_needs_no_run(run: Command, tmp_path: Path) -> None:
    rows = [
        ["id", "label", "label2", "judge", "language"],
        *([f"a{n}", "صحيح", "correct", "correct", "ar"] for n in range(4)),
        *([f"b{n}", "خاطئ", "partly", "incorrect", "ar"] for n in range(3)),
        *([f"c{n}", "correct", "", "correct", "en"] for n in range(3)),
        ["d", "", "", "correct", "en"],
    ]
    path = table(tmp_path / "labels.csv", rows, delimiter=";")
    code, out, err = run("eval", "agreement", path, "--json")
    assert code == 0, err
    data = json.loads(out)
    pairs = {(pair["first"], pair["second"]): pair for pair in data["pairs"]}
    assert list(pairs) == [("human", "human2"), ("human", "judge"), ("human2", "judge")]
    judged = pairs["human", "judge"]
    assert (judged["groups"]["all"]["n"], judged["groups"]["all"]["kappa"]) == (10, 1.0)
    assert judged["unpaired"] == data["unlabelled"] == 1
    assert (judged["groups"]["en"]["kappa"], judged["groups"]["en"]["agreement"]) == (None, 1.0)
    # p_o = 4/7, p_e = (4·4) / 49: kappa = (28 - 16) / (49 - 16)
    assert pairs["human", "human2"]["groups"]["ar"]["kappa"] == pytest.approx(12 / 33, abs=1e-6)
    code, out, _ = run("eval", "agreement", path)
    assert code == 0
    assert "human, judge, en: kappa is undefined, since both gave one and the same label only" in out
    assert "human ↓  judge →" in out


def test_labels_are_compared_with_the_runs_judge(
    run: Command, samples_run: RunFolder, tmp_path: Path, server: OpenAIServer
) -> None:
    folder = Path(shutil.copytree(samples_run.path, tmp_path / "run"))
    eligible = [one.case for one in samples_run.cases if parts(one.case)]
    rows = [["id", "label"], *([case.question.id, "correct"] for case in eligible)]
    path = table(tmp_path / "labels.csv", rows)
    code, _, err = run("eval", "agreement", path, "--run", folder)
    assert (code, err.count("\n")) == (1, 1)
    assert "nothing to compare" in err
    said = {case.question.question: "incorrect" if n % 2 else "correct" for n, case in enumerate(eligible)}

    def respond(body: dict[str, Any]) -> Text:
        asked = body["messages"][1]["content"]
        return Text(next(verdict for question, verdict in said.items() if question[:25] in asked))

    server.respond = respond
    assert run("eval", "judge", folder, "--model", "strict")[0] == 0
    rows[1:] = [[case.question.id, "correct" if n % 4 else "incorrect"] for n, case in enumerate(eligible)]
    code, out, _ = run("eval", "agreement", table(path, rows), "--run", folder, "--json")
    data = json.loads(out)
    assert (code, data["judge"]) == (0, "strict")
    groups = data["pairs"][0]["groups"]
    assert set(groups) == {"all", "ar", "en"}
    assert groups["ar"]["n"] + groups["en"]["n"] == groups["all"]["n"] == len(eligible)
    # Of every four: the judge says +-+-, the person -+++; they agree on the third alone.
    assert groups["all"]["agreement"] == pytest.approx(sum(n % 4 == 2 for n in range(len(eligible))) / len(eligible))
    code, out, _ = run("eval", "agreement", path, "--run", folder)
    assert "the judge is strict" in out
    rows.append(["gone", "correct"])
    code, _, err = run("eval", "agreement", table(path, rows), "--run", folder)
    assert (code, err.count("\n")) == (1, 1)
    assert f"row {len(rows)}: 'gone' is no case of" in err
    path = table(tmp_path / "both.csv", [["id", "label", "judge"], [eligible[0].question.id, "correct", "correct"]])
    assert "it has the judge's labels" in run("eval", "agreement", path, "--run", folder)[2]
    assert "row 2: no language" in run("eval", "agreement", path)[2]


def test_statements_are_compared_with_the_products_own_check(samples_run: RunFolder, tmp_path: Path) -> None:
    scored = next(one for one in samples_run.cases if one.case.answer and one.case.answer.citations)
    assert scored.case.answer is not None
    shown = (Statement("a", (1,), "supported"), Statement("b", (1,), "weak"))
    written = replace(scored.case.answer, statements=shown, removed=(Statement("c", (1,), "unsupported"),))
    recorded = replace(samples_run, cases=(ScoredCase(replace(scored.case, answer=written), {}),))
    name = scored.case.question.id
    rows = [["id", "statement", "label"], [name, 1, "yes"], [name, 2, "no"], [name, 3, "نعم"]]
    found = agreements(read_labels(table(tmp_path / "l.csv", rows)), recorded)
    (pair,) = found.pairs
    assert (pair.first, pair.second) == ("human", "product")
    assert pair.groups["all"].confusion == ((1, 1), (0, 1))
    rows.append([name, 4, "no"])
    with pytest.raises(LabelsError, match=f"row 5: the answer of '{name}' has 3 statements"):
        agreements(read_labels(table(tmp_path / "l.csv", rows)), recorded)


def test_labels_of_answers_asked_anew_are_not_compared(
    run: Command, samples_run: RunFolder, tmp_path: Path, server: OpenAIServer
) -> None:
    folder = Path(shutil.copytree(samples_run.path, tmp_path / "run"))
    server.respond = lambda _: Text("correct")
    run("eval", "judge", folder, "--model", "strict", "--question-limit", 1)
    with (folder / "cases.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    labels = read_labels(
        table(tmp_path / "l.csv", [["id", "label"], [samples_run.cases[0].case.question.id, "correct"]])
    )
    with pytest.raises(EvaluationError, match="asked anew"):
        agreements(labels, read_run_folder(folder))
