"""How well cleaning tells an article from the page around it, on pages with a label for every line.

    python -m evals.benchmarks.cleaning tests/data/scraped --glob 'test-*.txt'

Beside `X.txt` stands `X.labels`, with one letter a line: H headline, B body, F furniture, `.` blank. A headline may be
kept or taken out. Characters are counted without white space.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.cleaning import clean
from corpus.document import Removal
from corpus.readers.decoding import decode
from corpus.repair import repair


@dataclass(frozen=True, slots=True)
class PageResult:
    """Characters of one page, white space aside: what the gold labels call body or furniture, what became of it."""

    page: str
    body: int
    body_lost: int
    furniture: int
    furniture_left: int
    title_found: bool
    lost_lines: tuple[str, ...]
    left_lines: tuple[str, ...]


def score_page(path: Path) -> PageResult:
    """Clean the page at `path` and compare with its labels. Raises ValueError where labels and lines do not match."""
    lines = decode(path.read_bytes(), source=str(path)).replace("\r\n", "\n").split("\n")
    labels = path.with_suffix(".labels").read_text(encoding="utf-8").split("\n")
    labels = [label or "." for label in labels[: len(lines)]] + ["."] * (len(lines) - len(labels))
    text = repair("\n".join(lines))
    cleaned = clean(text)
    kept = _kept_characters(text, cleaned.removed)
    counts = dict.fromkeys(("B", "F", "body_lost", "furniture_left"), 0)
    lost: list[str] = []
    left: list[str] = []
    headlines: list[str] = []
    position = 0
    for line, label in zip(lines, labels, strict=True):
        mended = repair(line).strip()
        if not mended:
            continue
        start = text.find(mended, position)
        if start < 0:
            raise ValueError(f"{path}: the line {line!r} is not in the repaired text in its place.")
        position = start + len(mended)
        if label not in "HBF":
            raise ValueError(f"{path}: the line {line!r} has the label {label!r}, not H, B or F.")
        if label == "H":
            headlines.append(mended)
            continue
        places = [i for i in range(start, position) if not text[i].isspace()]
        stayed = sum(kept[i] for i in places)
        counts[label] += len(places)
        if label == "B" and stayed < len(places):
            counts["body_lost"] += len(places) - stayed
            lost.append(mended)
        elif label == "F" and stayed:
            counts["furniture_left"] += stayed
            left.append(mended)
    return PageResult(
        page=path.name,
        body=counts["B"],
        body_lost=counts["body_lost"],
        furniture=counts["F"],
        furniture_left=counts["furniture_left"],
        title_found=cleaned.title in headlines if headlines else cleaned.title is None,
        lost_lines=tuple(lost),
        left_lines=tuple(left),
    )


def _kept_characters(text: str, removed: Sequence[Removal]) -> list[bool]:
    kept = [True] * len(text)
    for removal in removed:
        for i in range(removal.start, removal.start + len(removal.text)):
            kept[i] = False
    return kept


def summarise(results: Sequence[PageResult]) -> dict[str, float]:
    """Body lost and furniture left, in per cent of their characters; titles found, in per cent of pages."""
    return {
        "pages": len(results),
        "body_lost_percent": _percent(sum(r.body_lost for r in results), sum(r.body for r in results)),
        "furniture_left_percent": _percent(sum(r.furniture_left for r in results), sum(r.furniture for r in results)),
        "titles_found_percent": _percent(sum(r.title_found for r in results), len(results)),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table or JSON; exit code 0, or 2 where the folder has no labelled pages."""
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks.cleaning", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--glob", default="test-*.txt", help="which pages (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--lines", action="store_true", help="also list the lines that went wrong")
    options = parser.parse_args(arguments)
    pages = [path for path in sorted(options.folder.glob(options.glob)) if path.with_suffix(".labels").exists()]
    if not pages:
        print(f"No labelled pages {options.glob} in {options.folder}.", file=sys.stderr)
        return 2
    results = [score_page(path) for path in pages]
    totals = summarise(results)
    if options.json:
        print(json.dumps({"total": totals, "pages": [asdict(r) for r in results]}, ensure_ascii=False))
        return 0
    table = Table("page", "body", "lost %", "furniture", "left %", "title")
    for result in results:
        table.add_row(
            result.page,
            str(result.body),
            f"{_percent(result.body_lost, result.body):.2f}",
            str(result.furniture),
            f"{_percent(result.furniture_left, result.furniture):.2f}",
            "yes" if result.title_found else "no",
        )
    table.add_section()
    table.add_row(
        f"all {len(results)}",
        str(sum(r.body for r in results)),
        f"{totals['body_lost_percent']:.2f}",
        str(sum(r.furniture for r in results)),
        f"{totals['furniture_left_percent']:.2f}",
        f"{totals['titles_found_percent']:.0f} %",
    )
    console = Console()
    console.print(table)
    if options.lines:
        for result in results:
            for word, lines in (("lost", result.lost_lines), ("left", result.left_lines)):
                for line in lines:
                    console.print(f"{result.page} {word}: {line}", markup=False, highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
