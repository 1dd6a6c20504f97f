"""What commands say to somebody whose question, or whose locale, is Arabic: nothing of it is English but the data."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from corpus.language import detect_language
from evals.metrics import METRICS
from evals.report import render_table
from evals.run_folder import RunFolder
from ui.commands.evaluation_words import in_locale
from ui.tables import grid

ARABIC_QUESTION = "ما هي المحاور الأربعة للاستراتيجية الأمريكية؟"
NOT_THERE = "كم هدفا سجلت البرازيل في نهائي كأس العالم 1970؟"
CLAIMS = (
    "أحبط الجيش الأردني 216 محاولة تهريب خلال عام 2021.",
    "وفي العام الذي سبق، أي 2021، أحبط الجيش 361 محاولة تهريب.",
    "فازت البرازيل بكأس العالم.",
)
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200f"))


@pytest.fixture(scope="module")
def home(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("arabic") / "home"
    shutil.copytree(samples_home, target, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    return target


@pytest.fixture
def arab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ar_SY.UTF-8")


def own_words(out: str, *data: str) -> str:
    """What is printed without isolates and without `data`, longest first."""
    text = out.translate(ISOLATES)
    for one in sorted({one for one in data if one}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "", text) if " " not in one else text.replace(one, "")
    return text


def strings(value: Any) -> Iterable[str]:
    """Every string in a JSON document, and its Latin words; of what passages say, as much as is shown of it."""
    if isinstance(value, str):
        yield from (value, " ".join(value.split())[:300], *re.findall("[A-Za-z]+", value))
    elif isinstance(value, dict | list):
        if isinstance(value, dict) and "nearest" in value:
            yield " ".join(value["text"][value["nearest"]["start"] - value["start"] :].split())[:300]
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def shown(run: Any, *arguments: object) -> tuple[str, str]:
    """What a person sees of a command, and of that what does not come from its JSON."""
    _, out, _ = run(*arguments, "--json")
    code, seen, err = run(*arguments)
    assert code == 0, err
    return seen, own_words(seen, *strings(json.loads(out)))


@pytest.mark.parametrize("question", [ARABIC_QUESTION, NOT_THERE])
def test_an_arabic_question_has_an_arabic_frame_in_any_locale(run, home: Path, question: str) -> None:
    seen, rest = shown(run, "ask", question, "--home", home)
    assert not re.search("[A-Za-z]", rest), rest
    assert ("المصادر" in rest) == (question == ARABIC_QUESTION)
    if question == NOT_THERE:
        assert "الإنجليزية] الدرجة" in rest
    titles = [line for line in seen.splitlines() if line.startswith("\u200f[")]
    assert all(detect_language(line) in ("ar", "en") and line.count("\u2068") == 3 for line in titles)


@pytest.mark.parametrize("claim", CLAIMS)
def test_an_arabic_claim_is_told_in_arabic_in_any_locale(run, home: Path, claim: str) -> None:
    _, rest = shown(run, "check", claim, "--home", home)
    assert not re.search("[A-Za-z]", rest), rest


def test_a_table_of_arabic_claims_is_laid_out_from_the_right(run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text("\n".join(("claim", *CLAIMS, "", "a " * 3000)), "utf-8")
    code, out, err = run("check", tmp_path / "claims.csv", "--home", home)
    assert code == 1
    header, *rows = out.translate(ISOLATES).splitlines()
    assert header.split() == ["السبب", "الدليل", "الادعاء", "الحكم"]
    assert [row.split()[-1] for row in rows if row.endswith(("1", "2", "3", "4", "5"))] == list("12345")
    assert "الادعاءات 5: مناقَض 1" in out.translate(ISOLATES)
    assert "محارف الادعاء 5,999، والحد" in out.translate(ISOLATES)
    assert err.endswith("Check its sentences one by one.\n")


def test_search_answers_in_the_language_of_the_query(run, home: Path, arab: None) -> None:
    _, rest = shown(run, "search", "ساليرنو", "--home", home, "--limit", "2")
    assert not re.search("[A-Za-z]", rest), rest
    assert "score" in shown(run, "search", "Salerno", "--home", home, "--limit", "2")[1]
    nothing = ("--home", home, "--language", "fr")
    arabic, english = "لم نجد شيئا في الوثائق التي تبقيها عوامل التصفية.", "Nothing was found in the documents that"
    assert run("search", "كبتاغون", *nothing)[1].startswith(arabic)
    assert run("search", "2023", *nothing)[1].startswith(arabic)
    assert run("search", "captagon", *nothing)[1].startswith(english)


def test_documents_are_listed_and_shown_in_arabic(run, home: Path, arab: None) -> None:
    _, out, _ = run("documents", "list", "--home", home, "--json")
    documents = json.loads(out)["documents"]
    seen, rest = shown(run, "documents", "list", "--home", home)
    assert not re.search("[A-Za-z]", rest), rest
    assert seen.splitlines()[0].translate(ISOLATES).split()[::-1][:3] == ["الرقم", "اللغة", "التاريخ"]
    assert f"عدد الوثائق {len(documents)}" in rest
    for document in documents[::9]:
        _, rest = shown(run, "documents", "show", document["document_id"], "--home", home)
        assert not re.search("[A-Za-z]", rest), rest


def test_ingesting_and_removing_are_told_in_arabic(run, tmp_path: Path, arab: None) -> None:
    assert run("documents", "list", "--home", tmp_path / "none")[2].startswith("tawthiq: لا مجلد وثائق في")
    for name, data in (
        ("جسر.txt", "افتُتح الجسر في الرابع من أيار 2021.\n".encode()),
        ("x.txt", bytes(range(256)) * 40),
    ):
        (tmp_path / name).write_bytes(data)
    code, out, err = run("ingest", tmp_path / "جسر.txt", tmp_path / "x.txt", "--home", tmp_path / "home")
    assert code == 1
    assert "أُضيف" in out
    assert not re.search(
        "[A-Za-z]", own_words(out, str(tmp_path / "x.txt"), "Markdown", "HTML", "Word (.docx)", "PDF")
    ), out
    assert "tawthiq: تعذّرت إضافة مصدر واحد. أما البقية فأُضيفت.\n" in err
    identifier = json.loads(run("documents", "list", "--home", tmp_path / "home", "--json")[1])["documents"][0]
    code, out, _ = run("documents", "remove", identifier["document_id"], "--home", tmp_path / "home")
    assert out.startswith("أُزيلت الوثيقة")
    assert run("documents", "list", "--home", tmp_path / "home")[1].startswith("لا وثائق هنا بعد.")


def test_doctor_speaks_arabic(run, home: Path, tmp_path: Path, arab: None, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = run("doctor", "--home", home)
    assert (code, err) == (0, "")
    checks = out.split("\n\n")[1]
    rest = own_words(checks, str(home), "multilingual-e5-small", "onnx-int8", "onnx-q4")
    assert not re.search("[A-Za-z]", rest), rest
    assert all(line.rstrip().translate(ISOLATES).endswith(("سليم", "تنبيه")) for line in checks.splitlines() if line)
    monkeypatch.setenv("TAWTHIQ_PROT", "1")
    code, out, _ = run("doctor")
    assert code == 1
    assert "متغيّر البيئة" in out
    assert "TAWTHIQ_PORT" in out


def test_errors_are_arabic_for_people_and_english_in_json(run, home: Path, tmp_path: Path, arab: None) -> None:
    for arguments in (["serch"], ["ask"], ["ask", "x", "--mode", "guess"], ["search", "x", "--limit", "0"], ["ingest"],
                      ["ask", "", "--home", home], ["documents", "show", "zzzz", "--home", home],
                      ["verify", tmp_path / "none.json"], ["eval", "run", "sampels", "--out", tmp_path / "run"],
                      ["eval", "compare", tmp_path / "a", tmp_path / "b"]):  # fmt: skip
        _, out, err = run(*arguments)
        assert out == ""
        assert err.count("\n") == 1
        rest = own_words(err, str(tmp_path))
        assert not re.search(r"\b(the|is|of|Give|Missing|Invalid|shows)\b", rest), err
        assert re.search("[\u0621-\u064a]", err), err
        error = json.loads(run(*arguments, "--json")[1])["error"]
        assert not re.search("[\u0621-\u064a]", error["message"] + error["hint"]), error


def test_every_line_of_a_cell_that_wraps_is_isolated(arab: None) -> None:
    text = io.StringIO()
    console = Console(file=text, width=40)
    console.print(grid(("رقم", "عنوان"), [("1", "رمان محشو بالكبتاغون يغلق السوق السعودية أمام الخضار")], numbers=(0,)))
    lines = text.getvalue().splitlines()
    assert len(lines) > 2
    for line in lines:
        assert len(line.translate(ISOLATES)) <= 40
        assert line.count("\u2068") == line.count("\u2069") == (2 if line in lines[:2] else 1)
        assert line.strip().startswith("\u2068")


def test_figures_are_told_in_arabic(run, samples_run: RunFolder, tmp_path: Path, arab: None) -> None:
    text = io.StringIO()
    Console(file=text, width=200).print(*in_locale(render_table(samples_run.summary)), sep="\n")
    seen = text.getvalue().translate(ISOLATES)
    assert "العربية ← الإنجليزية" in seen
    assert re.search(r"الوثيقة الأولى صحيحة +الاتجاه", seen)
    known = {"n", "nDCG", "p", "ALCE", "AUC", "Brier", "F", "quotes", "samples"}
    digest = str(samples_run.summary.about["question_set"]["digest"])[:12]
    assert set(re.findall("[A-Za-z]+", seen.replace(digest, ""))) <= known

    code, out, _ = run("eval", "gate", samples_run.path)
    assert (code, out.startswith("اجتاز القياس: عدد الحدود المحفوظة")) == (0, True)
    code, out, _ = run("eval", "compare", samples_run.path, samples_run.path)
    names = {name for metric in METRICS for name in re.findall("[A-Za-z]+", metric)}
    assert set(re.findall("[A-Za-z]+", re.sub(r"\b(ar|en)→\S+|#\S+", "", out))) <= names | {"n", "p"}
    code, out, _ = run("eval", "export", samples_run.path, "--out", tmp_path / "x.jsonl")
    assert out.startswith("كُتبت في")
    code, out, _ = run("eval", "report", samples_run.path, "--out", tmp_path / "x.html")
    assert out.startswith("التقرير في")


def test_agreement_is_told_in_arabic(run, tmp_path: Path, arab: None) -> None:
    rows = ["id,label,label2,language", "a,correct,correct,ar", "b,incorrect,correct,ar", "c,correct,correct,en"]
    (tmp_path / "labels.csv").write_text("\n".join(rows), "utf-8")
    code, out, err = run("eval", "agreement", tmp_path / "labels.csv")
    assert code == 0, err
    assert "الإنسان، الإنسان الثاني" in out.translate(ISOLATES)
    assert set(re.findall("[A-Za-z]+", out)) <= {"ar", "en", "n", "correctness", "correct", "partly", "incorrect"}, out
