"""The retrieval benchmark, run for real over a folder in the format of mixed-dev that is small enough to check by hand."""

from __future__ import annotations

import json
import math
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.benchmarks import retrieval
from evals.benchmarks.retrieval import MEASURES, NO_EXTRA, compare, differences, figures, main, markdown
from evals.errors import EvaluationError

BENCH = ("langchain_chroma", "langchain_classic", "langchain_community", "langchain_text_splitters", "rank_bm25")
MISSING = [name for name in BENCH if find_spec(name) is None]
needs_bench = pytest.mark.skipif(
    bool(MISSING), reason=f"the extra `bench` is not installed ({', '.join(MISSING)}): LangChain's recipes are not run"
)

DOCUMENTS = {
    "xq-00-00-ar": "نهر النيل أطول أنهار أفريقيا. ينبع من بحيرة فيكتوريا ويصب في البحر المتوسط قرب الإسكندرية. "
    "يمر بإحدى عشرة دولة، وبُني عليه السد العالي في أسوان عام 1970.",
    "xq-01-00-ar": "يبنى خبز الطابون من طحين القمح والخميرة والملح. يُخبز على حجارة ساخنة في فرن من الطين، "
    "ويؤكل مع زيت الزيتون والزعتر.",
    "xq-02-00-en": "Bees tell each other where flowers are by dancing. Karl von Frisch described the waggle dance in "
    "1927. Its angle shows the direction of the food, its length the distance.",
    "xq-03-00-en": "The first photograph was taken in 1826 by Nicéphore Niépce in Burgundy. The exposure lasted several "
    "hours on a plate of pewter that was coated with bitumen.",
    "arcd-000": "وُلد الشاعر محمود درويش في قرية البروة عام 1941. نشر ديوانه الأول وهو في التاسعة عشرة، "
    "وتُرجمت أعماله إلى لغات كثيرة.",
}
QUESTIONS = [
    ("nile-ar", "من أين ينبع نهر النيل؟", "ar", "xq-00-00-ar", "بحيرة فيكتوريا"),
    ("nile-en", "Where does the river Nile begin?", "en", "xq-00-00-ar", "بحيرة فيكتوريا"),
    ("bees-en", "Who described the waggle dance of bees?", "en", "xq-02-00-en", "Karl von Frisch"),
    ("bees-ar", "من وصف رقصة النحل؟", "ar", "xq-02-00-en", "Karl von Frisch"),
    ("photo-en", "When was the first photograph taken?", "en", "xq-03-00-en", "1826"),
    ("poet-ar", "أين وُلد محمود درويش؟", "ar", "arcd-000", "قرية البروة"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five documents and six questions, as mixed-dev has them."""
    place = tmp_path_factory.mktemp("mixed")
    (place / "docs").mkdir()
    for stem, text in DOCUMENTS.items():
        (place / "docs" / f"{stem}.txt").write_text(text, encoding="utf-8")
    rows = [
        {"id": name, "question": asked, "language": language, "document": stem, "answers": [answer]}
        for name, asked, language, stem, answer in QUESTIONS
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (place / "questions.jsonl").write_text(lines, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def own(folder: Path, work: Path) -> dict[str, Any]:
    """What needs no extra, measured."""
    return retrieval.run(folder, work / "full", ("tawthiq", "dense"))


# --- arithmetic ---


def test_figures_by_hand() -> None:
    ranks = np.array([1, 3, 0, 7, 1, 12])
    groups = ["ar→en", "ar→en", "ar→en", "ar→en", "ar→ar", "ar→ar"]
    table = figures(ranks, groups)
    assert list(table) == ["ar→ar", "ar→en"]  # in the order of the directions, not of the questions
    gained = (1 + 1 / math.log2(4) + 0 + 1 / math.log2(8)) / 4
    means = {name: estimate.mean for name, estimate in table["ar→en"].items()}
    assert means == pytest.approx(
        {"R@1": 1 / 4, "R@5": 2 / 4, "R@10": 3 / 4, "nDCG@10": gained, "RR": (1 + 1 / 3 + 1 / 7) / 4}
    )
    assert table["ar→ar"]["R@10"].mean == 0.5
    assert table["ar→ar"]["RR"].mean == pytest.approx((1 + 1 / 12) / 2)
    assert table["ar→en"]["R@1"].n == 4
    assert (table["ar→en"]["R@5"].low or 0) < 0.5 < (table["ar→en"]["R@5"].high or 0)


def test_figures_want_a_group_for_each_rank() -> None:
    with pytest.raises(ValueError, match="3 ranks, but 2 groups"):
        figures(np.array([1, 2, 3]), ["a", "b"])


def test_a_difference_is_paired() -> None:
    # Every question gains exactly a half of RR: the interval has no width, though the ranks differ.
    before, after = np.array([2, 0, 2, 0]), np.array([1, 2, 1, 2])
    change = differences(before, after, ["ARCD"] * 4)["ARCD"]
    assert (change["RR"].mean, change["RR"].low, change["RR"].high) == (0.5, 0.5, 0.5)
    assert change["R@1"].mean == 0.5
    assert change["R@1"].low is not None
    assert change["R@1"].low < 0.5
    assert "+0.500 [+0.500, +0.500]" in markdown({"x": {"ARCD": change}}, signed=True)


def test_the_table_has_a_row_for_each_direction_of_each_system() -> None:
    table = figures(np.array([1, 0]), ["ar→ar", "en→en"])
    lines = markdown({"one": table, "two": table}).splitlines()
    assert lines[0] == "| direction | | R@1 | R@5 | R@10 | nDCG@10 | RR | n |"
    assert [line.split(" | ")[:3] for line in lines[2:]] == [
        ["| ar→ar", "one", "1.000"],
        ["| ar→ar", "two", "1.000"],
        ["| en→en", "one", "0.000"],
        ["| en→en", "two", "0.000"],
    ]


# --- a real run ---


def test_every_question_has_a_rank_in_every_system(own: dict[str, Any]) -> None:
    assert [(q["id"], q["group"]) for q in own["questions"]] == [
        ("nile-ar", "ar→ar"),
        ("nile-en", "en→ar"),
        ("bees-en", "en→en"),
        ("bees-ar", "ar→en"),
        ("photo-en", "en→en"),
        ("poet-ar", "ARCD"),
    ]
    assert set(own["systems"]) == {"tawthiq", "dense"}
    for question in own["questions"]:
        assert set(question["ranks"]) == {"tawthiq", "dense"}
        assert all(1 <= rank <= len(DOCUMENTS) for rank in question["ranks"].values())  # all are among 40 passages


def test_the_figures_are_those_of_the_ranks(own: dict[str, Any]) -> None:
    for name, system in own["systems"].items():
        assert system["ms_a_question"] > 0
        assert set(system["figures"]) == {"ar→ar", "en→en", "ar→en", "en→ar", "ARCD"}
        for group, row in system["figures"].items():
            ranks = [q["ranks"][name] for q in own["questions"] if q["group"] == group]
            assert set(row) == set(MEASURES)
            assert row["R@1"]["mean"] == sum(rank == 1 for rank in ranks) / len(ranks)
            assert row["RR"]["mean"] == pytest.approx(sum(1 / rank for rank in ranks) / len(ranks), abs=1e-6)
            assert row["RR"]["n"] == len(ranks)


def test_tawthiq_finds_these_documents_in_every_direction(own: dict[str, Any]) -> None:
    assert [q["ranks"]["tawthiq"] for q in own["questions"]] == [1] * len(QUESTIONS)


def test_the_result_says_what_was_measured(own: dict[str, Any]) -> None:
    assert own["corpus"]["documents"] == len(DOCUMENTS)
    assert own["corpus"]["passages"] >= len(DOCUMENTS)
    assert len(own["corpus"]["digest"]) == len(own["question_set"]["digest"]) == 64
    assert own["question_set"]["questions"] == len(QUESTIONS)
    assert own["model"]["identity"]
    assert {"python", "chromadb", "ir-measures"} <= own["versions"].keys()


@needs_bench
def test_langchains_recipes_run_on_the_same_documents(folder: Path, work: Path) -> None:
    result = retrieval.run(folder, work / "full", ("langchain", "ensemble"))
    assert set(result["systems"]) == {"langchain", "ensemble"}
    by_id = {q["id"]: q["ranks"] for q in result["questions"]}
    assert by_id["bees-en"] == {"langchain": 1, "ensemble": 1}
    assert all(1 <= rank <= len(DOCUMENTS) for ranks in by_id.values() for rank in ranks.values())


def test_without_the_extra_the_rest_runs(
    folder: Path,
    work: Path,
    own: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_community", None)
    monkeypatch.setitem(sys.modules, "langchain_community.retrievers", None)
    result = retrieval.run(folder, work / "full", ("tawthiq", "langchain"))
    assert set(result["systems"]) == {"tawthiq"}
    assert capsys.readouterr().err.strip() == NO_EXTRA
    assert result["questions"] == [
        {**question, "ranks": {"tawthiq": question["ranks"]["tawthiq"]}} for question in own["questions"]
    ]


def test_the_command_writes_and_compares(
    folder: Path, work: Path, own: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worse = json.loads(json.dumps(own))
    worse["questions"][0]["ranks"]["tawthiq"] = 2
    (tmp_path / "old.json").write_text(json.dumps(worse), encoding="utf-8")
    given = [str(folder), "--work", str(work), "--out", str(tmp_path / "out"), "--only", "tawthiq"]
    assert main([*given, "--compare", str(tmp_path / "old.json")]) == 0
    printed = capsys.readouterr().out
    assert "| ar→ar | Tawthiq | +1.000 | +0.000 | +0.000 | +0.369 | +0.500 | 1 |" in printed
    assert "dense only" not in printed
    written = json.loads((tmp_path / "out" / "retrieval.json").read_text(encoding="utf-8"))
    assert written["corpus"] == own["corpus"]
    assert [q["ranks"]["tawthiq"] for q in written["questions"]] == [q["ranks"]["tawthiq"] for q in own["questions"]]
    assert (tmp_path / "out" / "retrieval.md").read_text(encoding="utf-8").strip() in printed


def test_results_of_other_questions_are_not_compared(own: dict[str, Any]) -> None:
    other = {**own, "question_set": {"questions": 6, "digest": "0" * 64}}
    with pytest.raises(EvaluationError, match="not of the same questions"):
        compare(other, own)


def test_a_comparison_says_when_the_documents_or_the_model_changed(own: dict[str, Any]) -> None:
    assert "documents are not the same" not in compare(own, own)
    changed = {**own, "corpus": {**own["corpus"], "digest": "0" * 64}, "model": {"identity": "other@1 x"}}
    said = compare(changed, own)
    assert "The documents are not the same as then." in said
    assert "The embedding model was other@1 then." in said


@pytest.mark.parametrize("content", [None, "{", "[]", '{"schema": 1}'])
def test_an_unusable_result_is_one_line(
    folder: Path, tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "old.json").write_text(content, encoding="utf-8")
    assert main([str(folder), "--compare", str(tmp_path / "old.json")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "old.json" in said.err


def test_questions_about_documents_that_are_not_there_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "xq-00-00-ar.txt").write_text(DOCUMENTS["xq-00-00-ar"], encoding="utf-8")
    (tmp_path / "questions.jsonl").write_bytes((folder / "questions.jsonl").read_bytes())
    with pytest.raises(EvaluationError, match="3 documents that questions are about are not in"):
        retrieval.run(tmp_path, tmp_path / "home", ("tawthiq",))
