"""The benchmark of claims: pairs that say one thing in two languages, and how often they get one verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.benchmarks.claims import VERDICTS, agreement, written
from rag.analysis import fold

DATA = Path(__file__).parent / "data" / "claims"
PAIRS = ("samples-pairs-dev.jsonl", "samples-pairs-held-out.jsonl")


def test_agreement_counts_pairs_with_one_verdict_and_with_the_right_one() -> None:
    pairs = {
        "both right": [("supported", "supported"), ("supported", "supported")],
        "both wrong alike": [("unclear", "contradicted"), ("unclear", "contradicted")],
        "apart": [("supported", "supported"), ("unclear", "supported")],
    }
    assert agreement(pairs) == (2, 1)


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_says_one_thing_in_both_languages(name: str) -> None:
    rows = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    pairs: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        pairs.setdefault(row["pair"], []).append(row)
    assert len(pairs) == 20
    for pair in pairs.values():
        assert [row["language"] for row in pair] == ["en", "ar"]
        assert len({(row["kind"], row["verdict"]) for row in pair}) == 1
        assert {row["verdict"] for row in pair} <= set(VERDICTS)
    assert sum(row["verdict"] == "supported" for row in rows) == 20


def test_claims_of_pairs_are_asked_as_pairs_and_others_alone() -> None:
    asked = list(written([DATA / PAIRS[0], DATA / "samples.jsonl"]))
    assert asked[0].pair == asked[1].pair == "samples-pairs-dev: p01"
    assert not asked[-1].pair


def test_no_claim_is_in_two_files() -> None:
    seen: dict[str, str] = {}
    for path in sorted(DATA.glob("*.jsonl")):
        for claim in written([path]):
            text = fold(claim.claim)
            assert seen.setdefault(text, path.name) == path.name, claim.claim
