"""How often `check` is right: over written claims about the sample corpus, and over true sentences of real text.

    python -m evals.benchmarks.claims CLAIMS.jsonl [CLAIMS.jsonl …]
    python -m evals.benchmarks.claims --mixed-dev MIXED_DEV --home DIR

Written claims are `{claim, language, source, kind, verdict}` a line (`tests/data/claims`); what was expected and what
came is counted per kind; of claims with the same `pair`, which say one thing in two languages, it is counted too how
many got one verdict. Of MIXED_DEV, sentences are taken that stand in one language of its documents alone: as they
stand, and in the words of the other language's XQuAD, which is a translation by people. All are true: what is called
contradicted is wrong, what is not supported is missed. Nothing was fitted on them.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from corpus.sources import sample_documents
from evals.metrics.estimates import latency
from rag import Engine
from rag.sentences import split_sentences
from rag.settings import load_settings

VERDICTS = ("supported", "contradicted", "unclear", "not_found")
WORDS = range(6, 41)
"""Words of a sentence that is taken for a claim."""


class Asked(NamedTuple):
    """A claim: what it is counted under, its text, the verdict that is right, and its pair, if any."""

    group: str
    claim: str
    verdict: str
    pair: str = ""


def written(paths: Iterable[Path]) -> Iterator[Asked]:
    """The claims in `paths`, by file, kind and right verdict."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            claim = json.loads(line)
            group = f"{path.stem}: {claim['kind']} ({claim['verdict']})"
            pair = f"{path.stem}: {claim['pair']}" if "pair" in claim else ""
            yield Asked(group, claim["claim"], claim["verdict"], pair)


def true_sentences(folder: Path, each: int) -> Iterator[Asked]:
    """Up to `each` sentences of every direction, claim's language → source's, drawn with a fixed seed."""
    stored = "\n".join(path.read_text(encoding="utf-8") for path in sorted((folder / "docs").glob("*.txt")))
    texts = {code: _paragraphs(folder / f"xquad-dev.{code}.json") for code in ("ar", "en")}
    found: dict[str, list[str]] = defaultdict(list)
    for arabic, english in zip(texts["ar"], texts["en"], strict=True):
        there = [code for code, text in (("ar", arabic), ("en", english)) if text[:80] in stored]
        pairs = list(zip(_sentences(arabic, "ar"), _sentences(english, "en"), strict=False))
        if len(there) != 1 or len(_sentences(arabic, "ar")) != len(_sentences(english, "en")):
            continue
        for said in pairs:
            by_code = dict(zip(("ar", "en"), said, strict=True))
            if all(len(sentence.split()) in WORDS for sentence in said):
                for code, sentence in by_code.items():
                    found[f"{code}→{there[0]}"].append(sentence)
    for direction, sentences in sorted(found.items()):
        random.Random(1).shuffle(sentences)  # noqa: S311 - a draw that is the same every time
        yield from (Asked(f"true, {direction}", sentence, "supported") for sentence in sentences[:each])


def _paragraphs(path: Path) -> list[str]:
    data: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [paragraph["context"] for article in data for paragraph in article["paragraphs"]]


def _sentences(text: str, language: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, language)]


def show(engine: Engine, asked: Iterable[Asked]) -> None:
    """Checks the claims, and prints for each group what came, and how long a claim took."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    right: Counter[str] = Counter()
    times = []
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for group, claim, verdict, pair in asked:
        checked = engine.check(claim)
        came = checked.verdict
        times.append(float(checked.elapsed_ms))
        counts[group][came] += 1
        right[group] += came == verdict
        if pair:
            pairs[pair].append((came, verdict))
    table = Table("claims", "right", "of", *VERDICTS, box=None)
    for group, verdicts in counts.items():
        table.add_row(group, str(right[group]), str(verdicts.total()), *(str(verdicts[one]) for one in VERDICTS))
    total = sum(verdicts.total() for verdicts in counts.values())
    table.add_row("all", str(right.total()), str(total))
    Console(width=130).print(table)
    if pairs:
        alike, correct = agreement(pairs)
        print(f"pairs in two languages: one verdict {alike} of {len(pairs)}, the right one {correct} of {len(pairs)}")
    took = latency(times)
    print(f"milliseconds a claim: p50 {took.p50}, p95 {took.p95}, n {took.n}")


def agreement(pairs: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[int, int]:
    """How many pairs got one verdict in both languages, and how many the right one: of (what came, what is right)."""
    alike = sum(len({came for came, _ in pair}) == 1 for pair in pairs.values())
    return alike, sum(all(came == right for came, right in pair) for pair in pairs.values())


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.claims", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("claims", type=Path, nargs="*")
    parser.add_argument("--mixed-dev", type=Path)
    parser.add_argument("--home", type=Path, help="where MIXED_DEV is indexed, and stays")
    parser.add_argument("--each", type=int, default=60, help="sentences of MIXED_DEV in each direction")
    options = parser.parse_args()
    if bool(options.claims) == bool(options.mixed_dev) or bool(options.mixed_dev) != bool(options.home):
        parser.error("name files of claims, or give --mixed-dev and --home")
    with tempfile.TemporaryDirectory(prefix="tawthiq-claims-") as folder:
        home = options.home or Path(folder)
        with Engine.open(home, settings=load_settings(), command="benchmark") as engine:
            engine.ingest([options.mixed_dev / "docs" if options.mixed_dev else sample_documents()])
            show(
                engine,
                true_sentences(options.mixed_dev, options.each) if options.mixed_dev else written(options.claims),
            )


if __name__ == "__main__":
    main()
