"""Errors and findings in Arabic: every one that the code raises is known, its values stay, and so does what is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import evals.errors  # noqa: F401
import ui.remote
import ui.serving  # noqa: F401
from corpus.errors import TawthiqError
from rag.llm_errors import KINDS, generation_error
from ui.i18n.messages import messages, translated

ROOT = Path(__file__).parents[1]
ARABIC = re.compile(r"[\u0621-\u064a]")
ISOLATES = str.maketrans("‹›", "\u2068\u2069")
PLACE = re.compile(r"\{(\w+)\}")


def kinds(root: type[TawthiqError] = TawthiqError) -> set[str]:
    return {root.__name__}.union(*(kinds(kind) for kind in root.__subclasses__()))


def line(part: ast.expr) -> str | None:
    """A message as somebody might see it, with something in the place of each value; None where it is made elsewhere."""
    if isinstance(part, ast.Constant):
        return str(part.value)
    if not isinstance(part, ast.JoinedStr):
        return None
    return "".join(
        str(one.value) if isinstance(one, ast.Constant) else _example(ast.unparse(one)) for one in part.values
    )


def _example(value: str) -> str:
    for name, example in {
        "owner": "another process",
        "reason": "Permission denied",
        "place": "a.json: ",
        "kind": "setting",
    }.items():
        if name in value:
            return example
    return "" if re.search("whose|through|where", value) else "Permission denied" if "strerror" in value else "x1"


def raised() -> Iterator[tuple[str, str]]:
    """Every message and hint that stands in the code of an error, with its place."""
    told = kinds() - {"QuestionSetError", "LabelsError"} | {"BadParameter"}
    for layer in ("corpus", "rag", "ui", "evals"):
        for path in sorted((ROOT / layer).rglob("*.py")):
            if "benchmarks" in path.parts:
                continue
            for call in ast.walk(ast.parse(path.read_text("utf-8"))):
                name = getattr(call.func, "id", getattr(call.func, "attr", "")) if isinstance(call, ast.Call) else ""
                if not isinstance(call, ast.Call) or not (name in told or name == "_wrong"):
                    continue
                for part in call.args[: 1 if name == "BadParameter" else 2]:
                    said = line(part)
                    if said and said != "x1.":
                        end = "." if name == "_wrong" else ""
                        yield f"{path.relative_to(ROOT)}:{call.lineno}", said + end


def test_every_error_of_the_code_is_known_in_arabic() -> None:
    all_of_them = list(raised())
    assert len(all_of_them) > 200
    english = [(place, said) for place, said in all_of_them if not ARABIC.search(translated(said, "ar"))]
    assert english == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_keeps_a_model_from_answering_is_told_with_its_detail(kind: str) -> None:
    told = translated(str(generation_error(kind, "127.0.0.1:9")), "ar")
    assert ARABIC.search(told)
    assert "127.0.0.1:9" in told
    assert ARABIC.search(translated(str(generation_error(kind)), "ar"))


def test_both_languages_hold_the_same_values() -> None:
    for english, arabic in messages().items():
        assert set(PLACE.findall(english)) == set(PLACE.findall(arabic)), english
        assert ARABIC.search(arabic) or "{reason}" in arabic, english


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("/a. b/x.txt does not exist. Check the path.", "‹/a. b/x.txt› غير موجود. راجع المسار."),
        ("No such command 'serch'. Did you mean 'search'?", "لا يوجد أمر باسم ‹'serch'›. هل تقصد ‹'search'›؟"),
        ("{x} is empty. There is nothing to store.", "‹{x}› فارغ. لا شيء يُحفظ."),
        (
            "m cannot be reached: The language model's server failed (h). Try again, or look at the server's log.",
            "تعذّر الوصول إلى ‹m›: تعطّل خادم النموذج اللغوي (‹h›). أعد المحاولة، أو انظر في سجل الخادم.",
        ),
        ("The question has 19,999 characters; at most 4,000 are allowed.", "عدد محارف السؤال 19,999، والحد 4,000."),
        ("passages were made by another version; odd", "passages were made by another version; odd"),
        ("What nobody has said yet.", "What nobody has said yet."),
        ("", ""),
    ],
)
def test_values_are_kept_and_isolated(english: str, arabic: str) -> None:
    assert translated(english, "ar") == arabic.translate(ISOLATES)
    assert translated(english, "en") == english


def test_findings_are_told_one_after_the_other() -> None:
    found = "The question set a.jsonl cannot be used: it holds no question; line 7: odd."
    arabic = "لا يمكن استعمال مجموعة الأسئلة ‹a.jsonl›: ليس فيها سؤال؛ ‹line 7: odd›."
    assert translated(found, "ar") == arabic.translate(ISOLATES)
