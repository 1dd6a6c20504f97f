"""`tawthiq check`: one claim or a table of them, written in every format, cut off and resumed, alone or by a server."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rag import Engine
from rag.claims.verdicts import CheckedSentence, Evidence, Verdict
from rag.types import Citation, Models
from ui.check_files import Table
from ui.check_report import link, list_json, page
from ui.check_run import Outcome, check_all, memory_beside

Run = Callable[..., tuple[int, str, str]]

WRONG = "أحبط الجيش الأردني 216 محاولة تهريب خلال عام 2021."
RIGHT = "Fenethylline was first produced by Degussa AG of Germany in 1961."
ABSENT = "Kuwait and Oman signed a maritime border treaty."
HOSTILE = '<script>alert("x")</script> was signed by Joe Biden.'


@pytest.fixture
def home(samples_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(samples_home, tmp_path / "home", ignore=shutil.ignore_patterns(".lock", "owner.json")))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "الادعاء", "note"])
        writer.writerows(
            [["1", WRONG, "=1+1"], ["2", RIGHT, ""], ["3", "", "empty"], ["4", ABSENT, ""], ["5", HOSTILE, ""]]
        )
    return path


STATES = ["contradicted", "supported", None, "not_found"]


def test_a_claim_in_its_own_language(run: Run, home: Path) -> None:
    code, out, err = run("check", WRONG, "--home", home)
    assert (code, err) == (0, "")
    assert out.startswith("تناقضه الوثائق")
    assert "361" in out
    assert "المصادر" in out
    code, out, _ = run("check", RIGHT, "--home", home)
    assert code == 0
    assert out.startswith("Supported by the documents")
    code, out, _ = run("check", ABSENT, "--home", home)
    assert code == 0
    assert out.startswith("Not in the documents")
    assert "Related passages, not an answer" in out


def test_json_of_a_claim_and_of_a_table(run: Run, home: Path, sheet: Path, tmp_path: Path) -> None:
    code, out, _ = run("check", WRONG, "--home", home, "--json")
    one = json.loads(out)
    assert code == 0
    assert (one["claim"], one["verdict"]) == (WRONG, "contradicted")
    assert one["citations"][0]["stance"] == "against"
    assert one["citations"][0]["reasons"] == ["هنا 216 محاولة، وفي المصدر 361 محاولة."]
    code, out, _ = run("check", sheet, "--home", home, "--json")
    many = json.loads(out)
    assert code == 0
    assert [entry["verdict"] for entry in many][:4] == STATES
    assert many[0]["citations"] == one["citations"]
    assert (many[0]["row"], many[0]["columns"]) == (1, {"id": "1", "note": "=1+1"})
    (tmp_path / "saved.json").write_text(out, encoding="utf-8")
    assert run("verify", tmp_path / "saved.json", "--home", home)[0] == 0


def test_a_table_on_the_terminal(run: Run, home: Path, sheet: Path) -> None:
    code, out, err = run("check", sheet, "--home", home)
    assert code == 0
    assert "Contradicted by the documents" in out  # a table is in one language, which most of its claims are in
    assert re.search(r"5 claims: .*1 empty", out)
    assert "Checking…" in err


def test_every_format(run: Run, home: Path, sheet: Path, tmp_path: Path) -> None:
    for suffix in ("csv", "xlsx", "json", "html"):
        code, out, _ = run("check", sheet, "--home", home, "--out", tmp_path / f"results.{suffix}")
        assert code == 0
        assert f"results.{suffix}" in out
    assert (tmp_path / "results.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Verdict code"] for row in rows][:4] == ["contradicted", "supported", "empty", "not_found"]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[0]["note"] == "'=1+1"
    assert "361" in rows[0]["Quotes against"]
    book = load_workbook(tmp_path / "results.xlsx").active
    assert [cell.value for cell in book["A"]] == ["id", "1", "2", "3", "4", "5"]
    assert not book.sheet_view.rightToLeft  # most claims are English
    written = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [entry["verdict"] for entry in written][:4] == STATES
    html = (tmp_path / "results.html").read_text(encoding="utf-8")
    assert WRONG in html
    assert "<script" not in html
    assert "&lt;script&gt;" in html


ATTRIBUTED = "استولى عامر خيتي على المصنع في عام 2018 وحوّله إلى تصنيع المخدرات."
PARTLY = "أحبط الجيش الأردني 361 محاولة تهريب خلال عام 2021. وأقالت الحكومة قائد سلاح الجو."


def test_why_it_is_unclear_stands_in_every_form(run: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(f"الادعاء\n{ATTRIBUTED}\n{PARTLY}\n{WRONG}\n", encoding="cp1256")
    code, out, _ = run("check", ATTRIBUTED, "--home", home)
    assert (code, out.splitlines()[0]) == (0, "غير محسوم: منسوب إلى قائله فقط")
    assert "«وأضاف»" in out
    plain = out.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
    assert "منسوب إلى قائله فقط: «وأضاف»" in plain

    code, out, _ = run("check", PARTLY, "--home", home)  # a claim of several sentences: each with its own verdict
    plain = out.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
    assert plain.startswith("غير محسوم: ورد بعضه فقط")
    assert "تؤيّده الوثائق (عن: «أحبط الجيش الأردني 361 محاولة تهريب خلال عام 2021.»)" in plain

    code, out, _ = run("check", path, "--home", home)
    words = set(out.translate(dict.fromkeys(map(ord, "\u2068\u2069\u200f"))).split())
    assert {"السبب", "منسوب", "قائله", "«وأضاف».", "216"} <= words

    for suffix in ("csv", "xlsx", "html", "json"):
        assert run("check", path, "--home", home, "--out", tmp_path / f"results.{suffix}")[0] == 0
    with (tmp_path / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["رمز الحكم"] for row in rows] == ["unclear", "unclear", "contradicted"]
    assert [row["الحكم"] for row in rows] == [
        "غير محسوم: منسوب إلى قائله فقط",
        "غير محسوم: ورد بعضه فقط",
        "تناقضه الوثائق",
    ]
    assert rows[0]["الأسباب"].startswith("منسوب إلى قائله فقط: «وأضاف»")
    assert "ليس في الوثائق" in rows[1]["الأسباب"]
    book = load_workbook(tmp_path / "results.xlsx").active
    assert [cell.value for cell in book["B"]][1:] == [row["الحكم"] for row in rows]
    html = (tmp_path / "results.html").read_text(encoding="utf-8")
    assert '<p class="badge unclear">غير محسوم: منسوب إلى قائله فقط</p>' in html
    assert "ورد بعضه فقط" in html
    written = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [entry.get("unclear") for entry in written] == ["attributed", "part", None]
    assert run("verify", tmp_path / "results.json", "--home", home)[0] == 0


def test_an_interrupted_table_tells_what_is_done_and_how_to_go_on(
    run: Run, home: Path, sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = Engine.check

    def stop(engine: Engine, claim: str, filters: object = None) -> Verdict:
        if claim == ABSENT:
            raise KeyboardInterrupt
        return check(engine, claim)

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "check", stop)
        code, out, err = run("check", sheet, "--home", home, "--out", tmp_path / "results.csv")
        assert (code, out) == (130, "")
        assert "Stopped: 3 of 5 claims are checked. The same command goes on from there." in err
        again = ("check", sheet, "--home", home, "--out", tmp_path / "results.csv", "--restart")
        assert "The same command without --restart goes on from there." in run(*again)[2]
        patched.setenv("LC_ALL", "ar_EG.UTF-8")
        assert "الأمر نفسه يكمل من هناك من غير \u2068--restart\u2069." in run(*again)[2]
        patched.setenv("LC_ALL", "C.UTF-8")
        assert "--out FILE" in run("check", sheet, "--home", home)[2]
        assert "Stopped" not in run("check", ABSENT, "--home", home)[2]
    assert not (tmp_path / "results.csv").exists()
    assert len(memory_beside(tmp_path / "results.csv").read_text(encoding="utf-8").splitlines()) == 2
    assert run("check", sheet, "--home", home, "--out", tmp_path / "results.csv")[0] == 0


def test_a_run_that_was_cut_off_goes_on(samples_engine: Engine, tmp_path: Path) -> None:
    memory = memory_beside(tmp_path / "results.csv")
    asked: list[str] = []

    class Counting:
        """The engine, with what it is asked written down."""

        generation = samples_engine.generation
        home = samples_engine.home

        def check(self, claim: str, filters: object = None) -> Verdict:
            asked.append(claim)
            return samples_engine.check(claim)

    def results(engine: Counting, claims: list[str]) -> Iterator[Outcome]:
        return check_all(engine, claims, None, lambda step: None, memory)  # type: ignore[arg-type]

    claims = [WRONG, RIGHT, "", ABSENT, RIGHT]
    begun = results(Counting(), claims)
    first = [next(begun), next(begun)]
    begun.close()  # killed here
    with memory.open("a", encoding="utf-8") as file:
        file.write('{"key": "cut of')
    assert asked == [WRONG, RIGHT]
    outcomes = list(results(Counting(), claims))
    assert asked == [WRONG, RIGHT, ABSENT]
    assert [outcome.to_json() for outcome in outcomes[:2]] == [outcome.to_json() for outcome in first]
    assert [outcome.state for outcome in outcomes] == ["contradicted", "supported", "empty", "not_found", "supported"]
    assert [outcome.state for outcome in results(Counting(), claims)] == [outcome.state for outcome in outcomes]
    assert asked == [WRONG, RIGHT, ABSENT]
    # Another generation of the index makes what is remembered stale.
    changed = Counting()
    changed.generation += 1
    list(results(changed, [WRONG]))
    assert asked == [WRONG, RIGHT, ABSENT, WRONG]


def test_restart_forgets(run: Run, home: Path, sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "results.json"
    assert run("check", sheet, "--home", home, "--out", out)[0] == 0
    memory = memory_beside(out)
    altered = memory.read_text(encoding="utf-8").replace('"verdict": "contradicted"', '"verdict": "supported"')
    memory.write_text(altered, encoding="utf-8")
    assert run("check", sheet, "--home", home, "--out", out)[0] == 0
    assert json.loads(out.read_text(encoding="utf-8"))[0]["verdict"] == "supported"
    assert run("check", sheet, "--home", home, "--out", out, "--restart")[0] == 0
    assert json.loads(out.read_text(encoding="utf-8"))[0]["verdict"] == "contradicted"


def test_a_claim_that_is_too_long_costs_the_others_nothing(run: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(f"claim\n{'كلمة ' * 600}\n{WRONG}\n", encoding="utf-8")
    code, out, err = run("check", path, "--home", home, "--out", tmp_path / "results.json")
    assert code == 1
    assert "1 claim could not be checked" in err
    assert "مناقَض 1" in out.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
    first, second = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert (first["verdict"], second["verdict"]) == (None, "contradicted")
    assert "1,000" in first["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-file.csv",),
        ("x.xls",),
        (" ",),
        (RIGHT, "--column", "claim"),
        (RIGHT, "--restart"),
        (RIGHT, "--out", "results.pdf"),
        (RIGHT, "--out", "no-such-folder/results.csv"),
        ("كلمة " * 600,),
    ],
)
def test_wrong_usage_is_one_line(run: Run, home: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = run("check", *arguments, "--home", home)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_the_claims_themselves_are_not_written_over(run: Run, home: Path, sheet: Path) -> None:
    before = sheet.read_bytes()
    assert run("check", sheet, "--home", home, "--out", sheet)[0] == 2
    assert sheet.read_bytes() == before


def test_a_running_server_checks(run: Run, served: str, samples_engine: Engine, sheet: Path) -> None:
    code, out, _ = run("check", WRONG, "--home", samples_engine.home, "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "contradicted")
    code, out, _ = run("check", sheet, "--home", samples_engine.home, "--json")
    assert [entry["verdict"] for entry in json.loads(out)][:4] == STATES
    assert run("check", RIGHT, "--publisher", "Nobody", "--home", samples_engine.home)[1].startswith("Not in the doc")
    import httpx

    reply = httpx.post(f"{served}/api/check", json={"claim": "  "})
    assert reply.status_code == 422 or reply.status_code == 400
    assert "empty" in reply.json()["error"]["message"]


def outcome(source: str, quote: str = "A quote.", claim: str = "A claim.") -> Outcome:
    citation = Citation(1, "d", "0" * 64, "A <b>title</b>", source, None, None, "en", 0, len(quote), quote)
    evidence = (Evidence(citation, "for", ("<i>reason</i>",)),)
    sentences = (CheckedSentence(claim, "supported", (1,)),)
    return Outcome(claim, Verdict(claim, "en", "supported", sentences, evidence, (), 1, Models("m"), 1))


def test_nothing_of_a_document_is_markup_and_only_the_web_is_linked() -> None:
    html = page(
        [
            outcome(
                "https://example.org/a?b=1&c=2", '<img src=x onerror="alert(1)"> \u202egnp.exe', "<script>x</script>"
            ),
            outcome("javascript:alert(1)"),
            outcome("data:text/html,<script>alert(1)</script>"),
            outcome("/home/me/file.md"),
        ],
        "en",
    )
    assert re.findall(r"<(?:script|img|i|b)\b", html) == []
    assert re.findall(r'href="([^"]*)"', html) == ["https://example.org/a?b=1&amp;c=2"]
    assert "\u202e" not in html
    assert "file.md" in html
    assert "/home/me" not in html


def test_the_page_may_load_nothing_and_run_nothing() -> None:
    html = page([outcome("https://example.org/"), Outcome("ادعاء", problem="طويل"), Outcome("")], "ar")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert policy is not None
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1] == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert '<html lang="ar" dir="rtl">' in html
    assert "style=" not in html
    assert 'dir="auto"' in html


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("https://example.org/مقال", "https://example.org/مقال"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("https://", ""),
        ("https://x y", ""),
        ("http://[bad", ""),
        ("ftp://example.org", ""),
        ("javascript:alert(1)//https://x", ""),
        (r"C:\file.txt", ""),
    ],
)
def test_what_may_be_opened_by_a_click(source: str, shown: str) -> None:
    assert link(source) == shown


def test_rows_keep_their_other_columns() -> None:
    table = Table(("id", "claim", ""), ((7, "A claim.", "x"), ("", "", "")), 1)
    entries = list_json(table, [outcome("a.md"), Outcome("")])
    assert entries[0]["columns"] == {"id": 7}
    assert entries[1]["verdict"] is None
    assert entries[1]["citations"] == []


def test_arabic_claims_make_an_arabic_sheet(run: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(f"العبارة\n{WRONG}\n", encoding="utf-8")
    assert run("check", path, "--home", home, "--out", tmp_path / "results.xlsx")[0] == 0
    sheet = load_workbook(tmp_path / "results.xlsx").active
    assert sheet.sheet_view.rightToLeft
    assert [cell.value for cell in sheet[1]][:2] == ["العبارة", "الحكم"]
    assert sheet["B2"].value == "تناقضه الوثائق"


def test_headings_are_in_the_language_of_the_claims_or_of_the_locale(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those that a table without a header, or a single claim, has from us; JSON stays as it is."""

    def written(*arguments: object) -> tuple[list[str], list[str]]:
        out = tmp_path / "results.csv"
        assert run("check", *arguments, "--home", home, "--out", out)[0] == 0
        with out.open(encoding="utf-8-sig", newline="") as file:
            header, row, *_ = csv.reader(file)
        return header, row

    assert written(WRONG)[0][:2] == ["الادعاء", "الحكم"]
    assert written(RIGHT)[0][:2] == ["Claim", "Verdict"]
    bare = tmp_path / "claims.csv"
    bare.write_text(f"{WRONG};ملاحظة\n{WRONG};أخرى\n", encoding="utf-8")
    header, row = written(bare)
    assert header[:3] == ["الادعاء", "العمود 2", "الحكم"]
    assert (row[2], row[-1]) == ("تناقضه الوثائق", "contradicted")
    code, out, _ = run("check", bare, "--home", home, "--json")
    assert (code, json.loads(out)[0]["columns"]) == (0, {"column 2": "ملاحظة"})
    english = tmp_path / "english.csv"
    english.write_text(f"id,statement\n1,{RIGHT}\n", encoding="utf-8")
    assert written(english)[0][:3] == ["id", "statement", "Verdict"]
    monkeypatch.setenv("LC_ALL", "ar_EG.UTF-8")
    header, row = written(english)  # what was checked is remembered, whatever the headings are
    assert header[:3] == ["id", "statement", "الحكم"]
    assert (row[2], row[-1]) == ("تؤيّده الوثائق", "supported")
    (tmp_path / "results.csv").rename(tmp_path / "again.csv")
    header, _ = written(tmp_path / "again.csv")  # a table of results is a table of claims
    assert header[:2] == ["id", "statement"]
    assert "الحكم (Tawthiq)" in header
