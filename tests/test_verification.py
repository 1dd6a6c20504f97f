"""Verifying saved answers: what was altered is seen, and what changed is said. Real homes, command line and server."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import SAMPLES, document
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document
from rag.engine import Engine
from rag.errors import InvalidQuery
from rag.saved_answers import saved_answers
from rag.sealing import seal, sealed
from rag.types import Answer, Filters
from rag.verification.verify import MAX_PROBLEMS, Verification, verify_answers
from ui import remote
from ui.api_guard import MAX_BODY_BYTES
from ui.remote import RemoteEngine, open_engine
from ui.serving import start_in_thread

QUESTIONS = (
    "ما هي المحاور الأربعة للاستراتيجية الأمريكية؟",
    "When was the Captagon Act passed?",
    "متى أقر الكونغرس قانون الكبتاغون؟",
    "How many tonnes were seized at the port of Salerno?",
)
NOT_THERE = "How many goals did Brazil score in the 1970 World Cup final?"

ENGLISH = "The bridge was opened on 4 May 2021. The minister spoke for an hour. Nobody asked him anything."
ARABIC = "افتُتح الجسر في 4 أيار 2021. تحدّث الوزير ساعة كاملة. ولم يسأله أحد عن شيء."


def citation_of(found: Document, quote: str, number: int = 1, /, **changes: Any) -> dict[str, Any]:
    start = found.text.index(quote)
    return {
        "number": number,
        "document_id": found.document_id,
        "document_sha256": found.sha256,
        "title": found.title,
        "source": found.source,
        "publisher": found.publisher,
        "published": found.published.isoformat() if found.published else None,
        "language": found.language,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
        **changes,
    }


def answer_of(*citations: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An answer in quotes mode that says these quotes."""
    return {
        "schema": 1,
        "question": "متى افتُتح الجسر؟",
        "status": "answered",
        "mode": "quotes",
        "text": "\n".join(["The documents say:", *(f"{c['quote']} [{c['number']}]" for c in citations)]),
        "frame": {"before": "The documents say:", "after": ""},
        "statements": [{"text": c["quote"], "citations": [c["number"]]} for c in citations],
        "citations": list(citations),
        **changes,
    }


def check(answer: Any, *documents: Document) -> Verification:
    by_id = {one.document_id: one for one in documents}
    by_hash = {one.sha256: one.source for one in documents}
    return verify_answers(saved_answers(answer), lambda citation: by_id.get(citation.document_id), by_hash.get)


def statuses(verification: Verification) -> list[str]:
    return [citation.status for answer in verification.answers for citation in answer.citations]


def sentences(text: str) -> list[str]:
    return [f"{part}." for part in text.rstrip(".").split(". ")]


# One citation against its document


@pytest.mark.parametrize("text", [ENGLISH, ARABIC])
def test_what_is_as_it_was_is_verified(text: str) -> None:
    found = document(text)
    verification = check(answer_of(*(citation_of(found, q, n) for n, q in enumerate(sentences(text), 1))), found)
    assert verification.valid
    assert statuses(verification) == ["verified"] * 3
    assert verification.answers[0].problems == ()
    for citation in verification.answers[0].citations:
        assert text[citation.start : citation.end] in sentences(text)


@pytest.mark.parametrize(("text", "more"), [(ENGLISH, "Corrected. "), (ARABIC, "تصحيح. ")])
def test_a_quote_that_moved_is_found_where_it_is_now(text: str, more: str) -> None:
    found, quote = document(text), sentences(text)[1]
    now = replace(found, text=more + text)
    verification = check(answer_of(citation_of(found, quote)), now)
    assert not verification.valid
    [citation] = verification.answers[0].citations
    assert citation.status == "moved"
    assert now.text[citation.start : citation.end] == quote
    assert citation.start == found.text.index(quote) + len(more)


def test_a_document_that_changed_after_the_quote_is_said_to_have_changed() -> None:
    found, quote = document(ARABIC), sentences(ARABIC)[0]
    verification = check(answer_of(citation_of(found, quote)), replace(found, text=ARABIC + " وأُغلق بعد سنة."))
    [citation] = verification.answers[0].citations
    assert (citation.status, citation.start, verification.valid) == ("moved", 0, False)
    assert "where it stood" in citation.detail


@pytest.mark.parametrize("text", [ENGLISH, ARABIC])
def test_a_quote_that_is_no_longer_there_and_a_document_that_is_gone(text: str) -> None:
    found = document(text)
    answer = answer_of(citation_of(found, sentences(text)[0]))
    [changed] = check(answer, replace(found, text=text.replace("2021", "2022"))).answers[0].citations
    assert (changed.status, changed.start, changed.end) == ("changed", None, None)
    [gone] = check(answer).answers[0].citations
    assert gone.status == "gone"
    [elsewhere] = check(answer, document(text, source="/tests/reprint.txt")).answers[0].citations
    assert elsewhere.status == "gone"
    assert "/tests/reprint.txt" in elsewhere.detail


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "The bridge was opened on 4 May 2022."},
        {"start": 1, "end": 37},
        {"start": -36, "end": 0},
        {"end": 30},
        {"quote": "", "end": 0},
        {"document_sha256": "0"},
    ],
)
def test_a_citation_that_was_altered_is_invalid(change: dict[str, Any]) -> None:
    found = document(ENGLISH)
    verification = check(answer_of(citation_of(found, sentences(ENGLISH)[0], **change)), found)
    assert statuses(verification) == ["invalid"]
    assert not verification.valid
    assert statuses(check(answer_of(citation_of(found, sentences(ENGLISH)[0], end=30)))) == ["invalid"]


def test_offsets_that_were_never_right_come_with_the_right_ones() -> None:
    found, quote = document(ARABIC), sentences(ARABIC)[1]
    start = ARABIC.index(quote)
    moved = citation_of(found, quote, start=start + 3, end=start + 3 + len(quote))
    [citation] = check(answer_of(moved), found).answers[0].citations
    assert (citation.status, citation.start) == ("invalid", start)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": "Another title"}, "title"),
        ({"publisher": "وكالة أخرى"}, "publisher"),
        ({"published": "2022-05-04"}, "date"),
        ({"published": None}, "date"),
    ],
)
def test_an_attribution_that_is_not_the_documents_is_a_problem(change: dict[str, Any], said: str) -> None:
    found = replace(document(ARABIC), publisher="وكالة الأنباء", published=date(2021, 5, 5))
    quote = sentences(ARABIC)[0]
    assert check(answer_of(citation_of(found, quote)), found).valid
    verification = check(answer_of(citation_of(found, quote, **change)), found)
    assert not verification.valid
    assert statuses(verification) == ["verified"]
    [problem] = verification.answers[0].problems
    assert said in problem


@given(
    before=st.text(alphabet="ab سلام.\n", max_size=40),
    quote=st.text(alphabet="ab سلام.", min_size=1, max_size=12).filter(str.strip),
    after=st.text(alphabet="ab سلام.\n", max_size=40),
    now=st.text(alphabet="ab سلام.\n", max_size=60),
)
def test_what_is_said_to_stand_somewhere_stands_there(before: str, quote: str, after: str, now: str) -> None:
    found = document(before + quote + after)
    cited = citation_of(found, quote, start=len(before), end=len(before) + len(quote))
    assert check(answer_of(cited), found).valid
    for text in (now, now + quote, quote + now):
        [checked] = check(answer_of(cited), replace(found, text=text)).answers[0].citations
        if checked.start is None:
            assert quote not in text
            assert checked.status == "changed"
        else:
            assert text[checked.start : checked.end] == quote
            every = [at for at in range(len(text)) if text.startswith(quote, at)]
            assert abs(checked.start - len(before)) == min(abs(at - len(before)) for at in every)
            assert checked.status == ("verified" if text == found.text else "moved")


# An answer against itself


def problems_of(**changes: Any) -> tuple[str, ...]:
    found = document(ARABIC)
    answer = answer_of(*(citation_of(found, q, n) for n, q in enumerate(sentences(ARABIC)[:2], 1)))
    verification = check({**answer, **changes}, found)
    assert statuses(verification) == ["verified"] * len(answer["citations"])
    assert not verification.valid
    return verification.answers[0].problems


def test_a_statement_rests_on_citations_that_are_there_and_is_their_quote() -> None:
    first, second = sentences(ARABIC)[:2]
    [problem] = problems_of(statements=[{"text": first, "citations": [1, 7]}, {"text": second, "citations": [2]}])
    assert "cites 7" in problem
    assert any("Statement 2 is not the quote" in p for p in problems_of(statements=[
        {"text": first, "citations": [1]}, {"text": second.replace("ساعة", "ساعتين"), "citations": [2]},
    ]))  # fmt: skip
    assert any("Statement 1 is not the quote" in p for p in problems_of(statements=[{"text": first, "citations": []}]))


def test_the_text_says_what_the_statements_say_and_no_more() -> None:
    first, second = sentences(ARABIC)[:2]
    [problem] = problems_of(text=f"The documents say:\n{first} [1]\nوانهار الجسر بعد يوم. [1]\n{second} [2]")
    assert "وانهار الجسر" in problem
    [problem] = problems_of(text=f"The documents say:\n{first} [2]\n{second} [2]")
    assert "marker [2]" in problem
    [problem] = problems_of(text=f"The documents say:\n{first} [1]")
    assert "Statement 2 is not in the text" in problem
    assert problems_of(text=f"Believe me: {first} [1]\n{second} [2]")


def test_brackets_inside_a_quote_are_the_quotes() -> None:
    found = document("The law passed in 2022.[3] It was repealed [see 4] in 2024.")
    cited = [citation_of(found, found.text[:26]), citation_of(found, found.text[27:], 2)]
    assert check(answer_of(*cited), found).valid


def test_two_citations_do_not_share_a_number() -> None:
    found = document(ENGLISH)
    answer = answer_of(*(citation_of(found, quote) for quote in sentences(ENGLISH)[:2]))
    assert "2 citations have the number 1." in check(answer, found).answers[0].problems


def test_an_answer_without_citations_is_one_only_where_it_says_that_there_is_none() -> None:
    assert check(answer_of(status="not_found", text="ليس في الوثائق جواب.")).valid
    assert not check(answer_of()).valid
    assert check({"claim": "x", "verdict": "not_found", "citations": []}).valid
    assert not check({"claim": "x", "verdict": "contradicted", "citations": []}).valid


def test_what_a_model_wrote_is_not_compared_with_its_quotes() -> None:
    found = document(ENGLISH)
    written = [{"text": "It opened in 2021.", "citations": [1]}]
    answer = answer_of(
        citation_of(found, sentences(ENGLISH)[0]), mode="llm", text="It opened in 2021. [1]", statements=written
    )
    assert check(answer, found).valid
    written[0]["citations"] = [2]
    assert check(answer, found).answers[0].problems


def test_the_problems_of_one_answer_are_no_flood() -> None:
    found = document(ENGLISH)
    statements = [{"text": "x", "citations": list(range(2, 2000))}]
    verification = check(answer_of(citation_of(found, sentences(ENGLISH)[0]), statements=statements), found)
    assert len(verification.answers[0].problems) == MAX_PROBLEMS


# What is no answer


NO_ANSWERS: list[tuple[Any, str]] = [
    (None, "null"),
    (7, "whole number"),
    ("x", "text"),
    ([], "empty"),
    ([[]], "answer 1: this is a list"),
    ({}, '"citations"'),
    ({"error": {"message": "x", "hint": ""}}, '"citations"'),
    ({"citations": {}}, '"citations" is an object, not a list'),
    ({"citations": None}, '"citations" is null, not a list'),
    ({"citations": ["x"]}, "citation 1 is text"),
    ({"citations": [{"number": 1}]}, 'citation 1: "document_id" is missing'),
    ({"citations": [], "schema": 2}, "newer version"),
    ({"citations": [], "schema": "1"}, '"schema" is text'),
    ({"citations": [], "question": ["x"]}, '"question" is a list, not text'),
    ({"citations": [], "question": "\ud800"}, "half a character"),
    ({"citations": [], "text": {}}, '"text" is an object'),
    ({"citations": [], "frame": []}, '"frame" is a list'),
    ({"citations": [], "frame": {"before": 1}}, 'frame: "before" is a whole number'),
    ({"citations": [], "statements": {}}, '"statements" is an object'),
    ({"citations": [], "statements": [1]}, "statement 1 is a whole number"),
    ({"citations": [], "statements": [{"text": "x", "citations": [True]}]}, "statement 1: "),
    ({"citations": [], "statements": [{"text": "x", "citations": [10**30]}]}, "too large"),
    ([{"citations": []}, {"citations": [], "text": 1.5}], 'answer 2: "text" is a fraction'),
]


@pytest.mark.parametrize(("data", "said"), NO_ANSWERS)
def test_what_is_no_answer_is_refused_with_its_place(data: Any, said: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        saved_answers(data, "answer.json")
    assert caught.value.message.startswith("answer.json: ")
    assert said in caught.value.message


@pytest.mark.parametrize("key", ["number", "document_id", "document_sha256", "start", "end", "quote"])
@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, 10**400, "\udc00"])
def test_no_field_of_a_citation_may_be_something_else(key: str, value: Any) -> None:
    cited = citation_of(document(ENGLISH), sentences(ENGLISH)[0])
    with pytest.raises(InvalidQuery, match=f'citation 2: "{key}"'):
        saved_answers(answer_of(cited, {**cited, key: value}, statements=[], text=None))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["citations", "statements", "question", "text", "number", "start", "quote", "frame"]), inner
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_anything_at_all_is_verified_or_refused(data: Any) -> None:
    try:
        answers = saved_answers(data)
    except InvalidQuery:
        return
    assert Verification.from_json(verify_answers(answers, lambda _: None).to_json())


# A real home


@pytest.fixture(scope="module")
def home(samples_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("verify") / "home"
    shutil.copytree(samples_home, target, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    return target


@pytest.fixture(scope="module")
def asked(home: Path) -> list[dict[str, Any]]:
    """Answers as `ask --json` prints them, the last one "not in the documents"."""
    with Engine.open(home) as engine:
        return [engine.ask(question, mode="quotes").to_json() for question in (*QUESTIONS, NOT_THERE)]


@pytest.fixture
def saved(asked: list[dict[str, Any]], tmp_path: Path) -> Path:
    path = tmp_path / "جواب.json"
    path.write_text(json.dumps(asked, ensure_ascii=False), "utf-8")
    return path


def test_the_engine_verifies_its_own_answers(home: Path, asked: list[dict[str, Any]]) -> None:
    assert all(answer["citations"] for answer in asked[:-1])
    with Engine.open(home) as engine:
        answer = engine.ask(QUESTIONS[0], mode="quotes")
        assert engine.verify(answer).valid
        assert engine.verify(asked).valid
        assert engine.verify([answer, asked[1]]).valid
        with pytest.raises(InvalidQuery):
            engine.verify("x")


def test_a_saved_answer_is_verified_and_an_altered_one_is_not(run, home: Path, asked, tmp_path: Path) -> None:
    for answer in asked:
        path = tmp_path / "answer.json"
        path.write_text(json.dumps(answer), "utf-8")
        code, out, err = run("verify", path, "--home", home, "--json")
        assert (code, err) == (0, "")
        verification = json.loads(out)
        assert set(verification) == {"schema", "valid", "home", "answers"}
        assert verification["home"] == str(home)
        assert (verification["schema"], verification["valid"]) == (1, True)
        [checked] = verification["answers"]
        assert set(checked) == {"question", "valid", "digest", "citations", "problems", "unverified", "again"}
        assert (checked["digest"], checked["again"]) == ("matches", None)
        assert checked["question"] == answer["question"]
        assert [c["number"] for c in checked["citations"]] == [c["number"] for c in answer["citations"]]
        for new, old in zip(checked["citations"], answer["citations"], strict=True):
            assert set(new) == {"number", "document_id", "status", "detail", "start", "end"}
            assert (new["status"], new["start"], new["end"]) == ("verified", old["start"], old["end"])

        if answer["citations"]:
            altered = copy.deepcopy(answer)
            altered["citations"][0]["quote"] = altered["citations"][0]["quote"][::-1]
            path.write_text(json.dumps(altered), "utf-8")
            code, out, err = run("verify", path, "--home", home, "--json")
            assert (code, err) == (1, "")
            assert json.loads(out)["answers"][0]["citations"][0]["status"] == "invalid"


def test_people_get_a_table_and_one_line(run, home: Path, asked, saved: Path) -> None:
    code, out, err = run("verify", saved, "--home", home)
    assert (code, err) == (0, "")
    total = sum(len(answer["citations"]) for answer in asked)
    assert len(re.findall(r"\] +matches ", out)) == total
    same = f"The quotes are unchanged: all {total} in 5 answers stand in the documents, word for word."
    assert f"\n{same}\nThis does not say that the answers are right: " in out
    assert "erified" not in out
    assert f"Checked against the home {home}." in out
    assert "The digest matches" in out
    assert "no signature" in out
    assert "no document confirms it: the question, the words around the quotes, scores, times and models." in out
    assert QUESTIONS[0] in out
    assert asked[0]["citations"][0]["title"] in out

    saved.write_text(json.dumps(asked[-1]), "utf-8")
    code, out, _ = run("verify", saved, "--home", home)
    assert code == 0
    assert "\nNothing to verify: there are no quotes.\n" in out

    asked = copy.deepcopy(asked)
    asked[1]["citations"][0]["document_id"] = "f" * 16
    asked[0]["statements"][0]["citations"] = [99]
    saved.write_text(json.dumps(asked), "utf-8")
    code, out, err = run("verify", saved, "--home", home)
    assert (code, err) == (1, "")
    assert "problem: Statement 1 cites 99" in out
    assert (
        f"\nNot everything matches. {total - 1} of {total} quotes in 5 answers stand in an unchanged document: 1 gone, "
        in out
    )
    assert "The digest does not match" in out


def test_of_many_answers_people_see_what_is_wrong(run, home: Path, asked, saved: Path) -> None:
    many = [copy.deepcopy(asked[0]) for _ in range(60)]
    many[7]["citations"][0]["document_id"] = "f" * 16
    saved.write_text(json.dumps(many), "utf-8")
    code, out, _ = run("verify", saved, "--home", home)
    assert code == 1
    assert out.count("gone") == 2
    assert len(out.splitlines()) < 15


def test_what_happened_to_the_documents_is_said(run, tmp_path: Path) -> None:
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    report = f"# جسر الدير\n\n{ARABIC}\n\nوبقي الجسر مفتوحا أمام السيارات طوال الصيف من ذلك العام.\n"
    (folder / "جسر.md").write_text(report, "utf-8")
    (folder / "harbour.md").write_text(
        "# The harbour\n\nFourteen tonnes were seized in Salerno in July 2020.\n", "utf-8"
    )
    assert run("ingest", folder, "--home", home)[0] == 0
    with Engine.open(home) as engine:
        documents = [engine.document(summary.document_id) for summary in engine.documents()]
    bridge = next(one for one in documents if "الجسر" in one.text)
    harbour = next(one for one in documents if one is not bridge)
    answer = answer_of(
        citation_of(bridge, "تحدّث الوزير ساعة كاملة."),
        citation_of(bridge, "ولم يسأله أحد عن شيء.", 2),
        citation_of(harbour, "Fourteen tonnes were seized in Salerno in July 2020.", 3),
    )
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer), "utf-8")
    assert run("verify", path, "--home", home)[0] == 0
    assert run("verify", path, "--documents", folder)[0] == 0

    (folder / "جسر.md").write_text(
        report.replace(" ولم يسأله أحد عن شيء.", "").replace("افتُتح", "قيل إنه افتُتح"), "utf-8"
    )
    (folder / "harbour.md").unlink()
    assert run("ingest", folder, "--home", home)[0] == 0
    assert run("documents", "remove", harbour.document_id, "--home", home)[0] == 0
    for where in (["--home", home], ["--documents", folder]):
        code, out, err = run("verify", path, *where, "--json")
        assert (code, err) == (1, "")
        moved, changed, gone = json.loads(out)["answers"][0]["citations"]
        assert [moved["status"], changed["status"], gone["status"]] == ["moved", "changed", "gone"]
        assert moved["start"] > answer["citations"][0]["start"]
        assert (changed["start"], gone["end"]) == (None, None)


# What was altered by somebody who knew how


def resealed(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as somebody leaves it who altered it and made a new digest: only the documents can tell."""
    return sealed(answer)


ALTERATIONS: dict[str, tuple[Any, ...]] = {
    "the source": ("citations", 0, "source", "/archive/another.md"),
    "the title": ("citations", 0, "title", "A title that nobody gave"),
    "the publisher": ("citations", 0, "publisher", "وكالة أخرى"),
    "the date": ("citations", 0, "published", "2001-01-01"),
    "the citation's language": ("citations", 0, "language", "fr"),
    "a passage's text": ("passages", 0, "text", "Nobody ever said this."),
    "a passage's title": ("passages", 0, "title", "Another"),
    "a passage's source": ("passages", 0, "source", "/archive/another.md"),
    "a passage's place": ("passages", 0, "start", 3),
    "a statement": ("statements", 0, "text", "It was never passed."),
    "the hash": ("citations", 0, "document_sha256", "0" * 64),
}


def altered(answer: dict[str, Any], *path: Any) -> dict[str, Any]:
    """A copy of `answer` with the last of `path` where the rest of it leads."""
    changed = copy.deepcopy(answer)
    place: Any = changed
    for step in path[:-2]:
        place = place[step]
    assert place[path[-2]] != path[-1]
    place[path[-2]] = path[-1]
    return changed


@pytest.mark.parametrize("what", ALTERATIONS)
@pytest.mark.parametrize("row", [0, 1])
def test_each_field_that_a_document_confirms_is_compared(home: Path, asked, what: str, row: int) -> None:
    changed = altered(asked[row], *ALTERATIONS[what])
    with Engine.open(home) as engine:
        assert engine.verify(resealed(asked[row])).valid
        [checked] = engine.verify(resealed(changed)).answers
        assert not checked.valid
        assert checked.digest == "matches"
        [noticed] = engine.verify(changed).answers
        assert (noticed.valid, noticed.digest) == (False, "differs")


def test_documents_at_hand_confirm_the_same_but_for_passages_that_are_elsewhere(run, asked, tmp_path: Path) -> None:
    answer, path = asked[1], tmp_path / "answer.json"
    cited = {Path(citation["source"]).name for citation in answer["citations"]}
    copies = tmp_path / "copies"
    copies.mkdir()
    for name in cited:
        shutil.copy(SAMPLES / name, copies / name)

    def verified(data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        path.write_text(json.dumps(data), "utf-8")
        code, out, _ = run("verify", path, "--documents", copies, "--json")
        return code, json.loads(out)

    code, whole = verified(answer)
    assert (code, whole["home"]) == (0, None)
    assert "passages" in whole["answers"][0]["unverified"]
    assert verified(resealed(altered(answer, "citations", 0, "source", "/archive/another.md")))[0] == 1


@pytest.mark.parametrize(
    "path",
    [
        ("question", "What did Congress refuse?"),
        ("elapsed_ms", 1_000_000),
        ("passages", 0, "score", 99.5),
        ("text", "Ask somebody else."),
    ],
)
def test_what_no_document_confirms_is_named_and_an_edit_of_it_breaks_the_digest(asked, home: Path, path: Any) -> None:
    with Engine.open(home) as engine:
        for answer in (asked[1], asked[-1]):
            [checked] = engine.verify(altered(answer, *path)).answers
            assert (checked.valid, checked.digest) == (False, "differs")
            assert "digest" in checked.problems[0]
            assert {"question", "figures"} <= set(checked.unverified)
        without = {key: value for key, value in asked[1].items() if key != "digest"}
        [checked] = engine.verify({**without, "question": "What did Congress refuse?"}).answers
        assert (checked.valid, checked.digest) == (True, "missing")
        assert "question" in checked.unverified


def test_a_file_without_a_digest_says_what_would_not_be_seen(run, home: Path, asked, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({key: value for key, value in asked[1].items() if key != "digest"}), "utf-8")
    code, out, _ = run("verify", path, "--home", home)
    assert code == 0
    assert "There is no digest: a change to what is named below would not be seen." in out
    assert "the question" in out


def test_a_digest_is_of_the_content_and_not_of_its_writing() -> None:
    data = {"b": [1.0, 2.5, {"ج": "نص"}], "a": None}
    whole = sealed(data)
    assert seal(whole) == "matches"
    assert seal(json.loads(json.dumps(whole, indent=7, sort_keys=True))) == "matches"
    assert seal({**whole, "b": [1, 2.5, {"ج": "نص"}]}) == "matches"
    assert sealed(whole) == whole
    for other in ({**whole, "a": False}, {**whole, "c": 1}, {"digest": whole["digest"]}, {**whole, "digest": 7}):
        assert seal(other) == "differs"
    assert seal(data) == "missing"


def test_asking_again_tells_an_altered_question_and_an_altered_silence(run, home: Path, asked, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"

    def again(data: dict[str, Any]) -> tuple[int, str]:
        path.write_text(json.dumps(resealed(data)), "utf-8")
        code, out, _ = run("verify", path, "--home", home, "--again")
        return code, out

    for answer in asked:
        code, out = again(answer)
        assert code == 0
        assert "Asked again: the same comes out." in out
    code, out = again({**asked[1], "question": QUESTIONS[3]})
    assert code == 1
    assert "Asked again, this question gets other quotes." in out
    code, out = again({**asked[-1], "question": QUESTIONS[3]})
    assert code == 1
    assert "an answer instead of" in out
    code, out = again({**asked[1], "text": asked[1]["text"].replace("The documents say", "It is true")})
    assert code == 1


def test_filters_are_kept_with_an_answer_and_asked_with_again(home: Path) -> None:
    with Engine.open(home) as engine:
        everywhere = engine.ask(QUESTIONS[1], mode="quotes")
        english = engine.ask(QUESTIONS[1], mode="quotes", filters=Filters(languages=("en",), since=date(2020, 1, 1)))
        assert english.citations != everywhere.citations
        saved = json.loads(json.dumps(english.to_json()))
        assert saved["filters"]["since"] == "2020-01-01"
        assert Answer.from_json(saved).to_json() == saved
        assert engine.verify(saved, again=True).valid
        del saved["filters"]
        [checked] = engine.verify(resealed(saved), again=True).answers
        assert not checked.valid
    with pytest.raises(InvalidQuery, match="filters"):
        saved_answers({"citations": [], "filters": {"languages": 1}})


CLAIMS = (
    "UNODC has confirmed seizures of at least 177 million tablets since December 2024.",
    "UNODC has confirmed seizures of at least 999 million tablets since December 2024.",
    "Brazil scored four goals in the 1970 World Cup final.",
)


def test_a_verdict_is_named_as_not_verified_and_checking_again_tells_an_altered_one(run, home: Path, tmp_path) -> None:
    with Engine.open(home) as engine:
        verdicts = [engine.check(claim).to_json() for claim in CLAIMS]
    assert {one["verdict"] for one in verdicts} >= {"supported", "contradicted"}
    path = tmp_path / "verdict.json"

    def verified(data: dict[str, Any], *options: str) -> tuple[int, dict[str, Any]]:
        path.write_text(json.dumps(data), "utf-8")
        code, out, _ = run("verify", path, "--home", home, "--json", *options)
        return code, json.loads(out)["answers"][0]

    for verdict in verdicts:
        code, checked = verified(verdict)
        assert (code, checked["digest"]) == (0, "matches")
        assert {"claim", "verdict"} <= set(checked["unverified"])
        code, checked = verified(verdict, "--again")
        assert (code, checked["again"]) == (0, True)
        assert "verdict" not in checked["unverified"]
    unclear = copy.deepcopy(verdicts[0])
    unclear["verdict"] = unclear["statements"][0]["verdict"] = "unclear"
    code, checked = verified(unclear)
    assert (code, checked["digest"]) == (1, "differs")
    assert verified(resealed(unclear))[0] == 0
    code, checked = verified(resealed(unclear), "--again")
    assert code == 1
    assert any("the verdict is “supported”, not “unclear”" in problem for problem in checked["problems"])
    # A verdict that does not go with the rest of its file needs no checking again.
    assert verified(resealed({**verdicts[0], "verdict": "contradicted"}))[0] == 1
    swapped = copy.deepcopy(verdicts[1])
    swapped["verdict"] = swapped["statements"][0]["verdict"] = "supported"
    code, checked = verified(resealed(swapped))
    assert code == 1
    assert any("no citation speaks for" in problem for problem in checked["problems"])
    assert verified(resealed({**verdicts[0], "claim": CLAIMS[2]}))[0] == 1


@pytest.mark.parametrize("locale", ["en_GB.UTF-8", "ar_SY.UTF-8"])
def test_unchanged_quotes_are_not_taken_for_a_right_verdict(
    run, home: Path, asked, tmp_path, monkeypatch, locale
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    path = tmp_path / "saved.json"
    with Engine.open(home) as engine:
        verdicts = [
            engine.check(claim).to_json() for claim in (*CLAIMS[:2], "صادرت الشرطة الإيطالية 14 طنا من الأمفيتامين.")
        ]
    about = {
        "verdict": ("the verdict on the claim is right", "الحكم على الادعاء صحيح"),
        "verdicts": ("the verdicts on the claims are right", "الأحكام على الادعاءات صحيحة"),
        "answer": ("the answer is right", "الجواب صحيح"),
        "both": ("the answers and verdicts are right", "الأجوبة والأحكام صحيحة"),
    }
    first = ("unchanged", "لم [تي]تغير")[locale.startswith("ar")]
    for name, saved in (
        ("verdict", verdicts[2]),
        ("verdicts", verdicts),
        ("answer", asked[0]),
        ("both", [asked[0], verdicts[0]]),
    ):
        path.write_text(json.dumps(saved), "utf-8")
        code, out, _ = run("verify", path, "--home", home)
        assert code == 0
        assert "erified" not in out
        assert "تحققنا" not in out
        what = about[name][locale.startswith("ar")]
        doubt = f"This does not say that {what}: " if locale.startswith("en") else f"ولا يعني هذا أن {what}: "
        before, scope, _ = out.partition(doubt)
        assert scope
        assert re.search(first, before.rstrip().splitlines()[-1])


def test_a_table_of_verdicts_is_sealed_row_by_row(run, home: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "claims.csv", tmp_path / "results.json"
    table.write_text("claim,desk\n" + "\n".join(f'"{claim}",border' for claim in (*CLAIMS, "")), "utf-8")
    assert run("check", table, "--home", home, "--out", out)[0] == 0
    code, said, _ = run("verify", out, "--home", home, "--json")
    assert code == 0
    assert {answer["digest"] for answer in json.loads(said)["answers"]} == {"matches"}
    rows = json.loads(out.read_text("utf-8"))
    rows[1]["columns"]["desk"] = "economy"
    out.write_text(json.dumps(rows), "utf-8")
    code, said, _ = run("verify", out, "--home", home, "--json")
    assert code == 1
    assert [answer["digest"] for answer in json.loads(said)["answers"]].count("differs") == 1


def test_what_cannot_be_asked_again_is_not(run, home: Path, asked, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    followed = resealed({**asked[1], "standalone_question": "When was the Captagon Act of 2022 passed?"})
    path.write_text(json.dumps(followed), "utf-8")
    code, out, _ = run("verify", path, "--home", home, "--again")
    assert code == 0
    assert "Not asked again" in out
    code, _, err = run("verify", path, "--documents", SAMPLES, "--again")
    assert code == 2
    assert "needs a home" in one_line(err)


def test_an_arab_locale_is_told_in_arabic(run, home: Path, asked, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "ar_SY.UTF-8")
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(altered(asked[0], "citations", 0, "title", "عنوان آخر")), "utf-8")
    code, out, err = run("verify", path, "--home", home, "--again")
    assert (code, err) == (1, "")
    assert "البصمة غير مطابقة" in out
    assert "مشكلة:" in out
    rest = out.replace(str(home), "").replace("--again", "").replace("SHA-256", "")
    for title in {citation["title"] for citation in asked[0]["citations"]}:
        rest = rest.replace(title, "")
    assert not re.search("[A-Za-z]", rest), rest


# The documents themselves


def test_somebody_without_the_home_verifies_with_the_documents(run, saved: Path, tmp_path: Path) -> None:
    copies = tmp_path / "elsewhere" / "أرشيف"
    shutil.copytree(SAMPLES, copies)
    for given_documents in ([SAMPLES], [copies], sorted(copies.glob("*.md"))):
        options = [part for path in given_documents for part in ("--documents", path)]
        code, out, err = run("verify", saved, *options, "--json")
        assert (code, err) == (0, ""), out
        assert json.loads(out)["valid"]


def test_a_cited_document_that_is_not_given_is_gone(run, asked, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(ENGLISH, "utf-8")
    code, out, _ = run("verify", saved, "--documents", tmp_path / "other.txt", "--json")
    assert code == 1
    assert {c["status"] for answer in json.loads(out)["answers"] for c in answer["citations"]} == {"gone"}

    stem = Path(asked[0]["citations"][0]["source"]).stem
    (tmp_path / f"{stem}.txt").write_bytes(bytes(range(256)) * 40)
    code, out, _ = run("verify", saved, "--documents", tmp_path / f"{stem}.txt", "--json")
    assert code == 1
    cited = json.loads(out)["answers"][0]["citations"][0]
    assert cited["status"] == "gone"
    assert "not text" in cited["detail"]


def test_of_files_with_one_name_the_cited_text_is_taken_else_the_nearest_path(run, tmp_path: Path) -> None:
    for place, text in (("a/2020", ARABIC), ("b/2021", ENGLISH), ("c/2022", ENGLISH.replace("hour", "day"))):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "index.md").write_text(f"# A title\n\n{text}\n", "utf-8")
    path = tmp_path / "answer.json"

    def verified(text: str, source: str) -> dict[str, Any]:
        cited = citation_of(document(text, source=source), sentences(text)[1])
        path.write_text(json.dumps(answer_of(cited)), "utf-8")
        out = run("verify", path, "--documents", tmp_path, "--json")[1]
        citation: dict[str, Any] = json.loads(out)["answers"][0]["citations"][0]
        return citation

    assert verified(ENGLISH, "https://example.org/2020/index.html")["status"] == "verified"
    nearest = verified(ENGLISH.replace("hour", "week"), "/home/lina/2022/index.md")
    assert nearest["status"] == "changed"
    assert "c/2022/index.md" in nearest["detail"]


# Wrong usage


def one_line(err: str) -> str:
    assert err.count("\n") == 1, err
    assert err.startswith("tawthiq: ")
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"{", "line 1, column 2"),
        ('{\n"question": نعم}'.encode(), "line 2, column 13"),
        (b'{"citations": []}\n{"citations": []}\n', "line 2, column 1"),
        (b"\xff\xfa\x00", "is not Unicode"),
        (bytes(range(128, 256)), "is not Unicode"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"citations": [' + b"[" * 900 + b"]" * 900 + b"]}", "citation 1 is a list"),
        (b'{"citations": NaN}', "NaN"),
        (b"1" * 10_000, "is not JSON"),
        (b'{"citations": 1e999}', '"citations" is a fraction'),
        (b'"x"', "this is text, not an answer"),
        (b'{"citations": [], "question": "\\ud800"}', "half a character"),
    ],
)  # fmt: skip
def test_a_file_that_holds_no_answer_is_wrong_usage(run, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "غير صالح.json"
    path.write_bytes(content)
    code, out, err = run("verify", path, "--home", tmp_path / "home")
    assert (code, out) == (2, "")
    assert said in one_line(err)
    assert "tawthiq check --json" in one_line(err)
    assert "غير صالح.json" in err
    code, out, err = run("verify", path, "--home", tmp_path / "home", "--json")
    assert (code, err) == (2, "")
    assert set(json.loads(out)["error"]) == {"message", "hint"}
    assert not (tmp_path / "home").exists()


def test_the_hint_names_both_commands_in_arabic(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ar_EG.UTF-8")
    for content in ("{", "{}", "[]"):
        (tmp_path / "wrong.json").write_text(content, encoding="utf-8")
        _, _, err = run("verify", tmp_path / "wrong.json", "--home", tmp_path / "home")
        seen = err.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
        assert "أعط ما طبعه الأمر `tawthiq ask --json` أو الأمر `tawthiq check --json`" in seen


def test_a_file_that_is_not_there_or_without_end_is_wrong_usage(run, tmp_path: Path) -> None:
    for name, said in (
        (tmp_path / "absent.json", "No such file"),
        (tmp_path, "directory"),
        ("/dev/zero", "32,000,000 bytes"),
        ("a\0b", "cannot be opened"),
    ):
        code, out, err = run("verify", name, "--home", tmp_path / "home")
        assert (code, out) == (2, "")
        assert said in one_line(err)


def test_documents_or_a_home_but_not_both(run, saved: Path, tmp_path: Path) -> None:
    code, _, err = run("verify", saved, "--home", tmp_path, "--documents", tmp_path)
    assert code == 2
    assert "not both" in one_line(err)
    code, _, err = run("verify", saved, "--documents", tmp_path / "absent")
    assert code == 2
    assert "does not exist" in one_line(err)
    code, _, err = run("verify", saved, "--home", tmp_path / "absent")
    assert code == 1
    assert "no home" in one_line(err)
    assert not (tmp_path / "absent").exists()


def test_hostile_text_does_not_reach_the_terminal(run, tmp_path: Path) -> None:
    found = document(ENGLISH)
    cited = citation_of(found, sentences(ENGLISH)[0], title="\x1b[2Jtitle\n\u202e[bold]x[/bold]")
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer_of(cited, question="\x1b]0;x\x07\nquestion", text="\x1b[31mلا")), "utf-8")
    (tmp_path / "document.txt").write_text(ENGLISH, "utf-8")
    code, out, err = run("verify", path, "--documents", tmp_path / "document.txt")
    assert code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err)
    assert "[bold]x[/bold]" in out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_standard_input_and_encodings_in_a_real_process(home: Path, asked, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "verify", "-", "--home", str(home), "--json"],
        input=json.dumps(asked, ensure_ascii=False).encode(encoding), capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["valid"]


def test_verifying_loads_no_model(home: Path, saved: Path) -> None:
    code = (
        "import sys; from ui import cli; status = cli.run(sys.argv[1:]);"
        "heavy = {'gradio', 'torch', 'langchain', 'transformers', 'fastapi', 'onnxruntime'} & set(sys.modules);"
        "print(status, sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "verify", str(saved), "--home", str(home)],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stderr.splitlines()[-1] == "0 []"


# Through a server


@pytest.fixture(scope="module")
def engine(home: Path, asked: list[dict[str, Any]]) -> Iterator[Engine]:
    # `asked` is made first: it needs the home for itself.
    served_home = home.parent / "served"
    shutil.copytree(home, served_home, ignore=shutil.ignore_patterns(".lock", "owner.json"))
    with Engine.open(served_home) as opened, start_in_thread(opened):
        yield opened


def altered_answers(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    asked = copy.deepcopy(asked)
    asked[0]["citations"][0]["quote"] += "…"
    asked[1]["citations"][0]["document_id"] = "f" * 16
    asked[2]["citations"][0]["published"] = "1999-01-01"
    asked[3]["text"] += "\nوهذا لم يقله أحد."
    return asked


def test_a_server_verifies_as_the_engine_does(engine: Engine, asked, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = altered_answers(asked)
    with open_engine(engine.home, engine.settings, "tawthiq verify") as through:
        assert isinstance(through, RemoteEngine)
        assert through.verify(asked).valid
        assert through.verify(engine.ask(QUESTIONS[1], mode="quotes")).valid
        assert through.verify(engine.check("Italian police seized 14 tonnes of amphetamine.")).valid
        reworded = [{**asked[1], "question": "What was the Captagon Act called?"}]
        assert through.verify(reworded, again=True, language="ar") == engine.verify(reworded, again=True, language="ar")
        expected = engine.verify(wrong)
        assert through.verify(wrong) == expected
        assert [answer.valid for answer in expected.answers] == [False, False, False, False, True]
        with pytest.raises(InvalidQuery, match="answer 2"):
            through.verify([asked[0], {}])
        assert 2 * remote.REQUEST_BYTES <= MAX_BODY_BYTES
        monkeypatch.setattr(remote, "REQUEST_BYTES", 3000)
        assert through.verify(wrong * 3).answers == expected.answers * 3


def test_the_command_goes_through_the_server(run, engine: Engine, asked, saved: Path) -> None:
    code, out, err = run("verify", saved, "--home", engine.home)
    assert (code, err) == (0, "")
    assert "The quotes are unchanged: all" in out
    saved.write_text(json.dumps(altered_answers(asked)), "utf-8")
    code, out, err = run("verify", saved, "--home", engine.home, "--json")
    assert (code, err) == (1, "")
    assert json.loads(out) == engine.verify(altered_answers(asked)).to_json()


def test_the_api_verifies_and_refuses_in_json(engine: Engine, asked) -> None:
    with start_in_thread(engine) as url, httpx.Client(base_url=f"{url}/api", trust_env=False, timeout=60) as client:
        reply = client.post("/verify", json={"answers": asked})
        assert reply.status_code == 200
        assert Verification.from_json(reply.json()).valid
        for body in ({"answers": []}, {"answers": [7]}, {"answers": [{}]}, asked[0], {"answers": [{"citations": 1}]}):
            reply = client.post("/verify", json=body)
            assert reply.status_code == 422
            assert set(reply.json()["error"]) == {"message", "hint", "code"}
        # What cannot be parsed at all is refused before it comes here; the server lives on.
        nested = b'{"answers": [' + b'{"a":' * 100_000
        reply = client.post("/verify", content=nested, headers={"Content-Type": "application/json"})
        assert reply.is_error
        assert set(reply.json()["error"]) == {"message", "hint", "code"}
        assert client.post("/verify", json={"answers": asked}).json()["valid"]
