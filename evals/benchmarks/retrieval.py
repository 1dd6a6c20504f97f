"""How well retrieval finds the right document, in each direction, beside three usual recipes on the same embeddings.

    python -m evals.benchmarks.retrieval MIXED_DEV [--work DIR] [--out DIR] [--compare OLD.json] [--only SYSTEM]…

MIXED_DEV is a folder of `docs/` and `questions.jsonl`. Everything is at its default. Documents are ranked by their best
passage, among the first 40; k counts distinct documents, a reprint right behind what it repeats. `--out` gets
`retrieval.json`, which holds the rank of the right document for every question, and `retrieval.md`. `--compare` prints
what changed since an earlier `retrieval.json`, question by question: the interval is of the difference.

Tawthiq's own weights were fitted on this set: `python -m evals.benchmarks.fit_retrieval` has its figures out of fold.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from corpus.errors import TawthiqError
from evals.benchmarks import mixed_dev
from evals.benchmarks.baselines import DEPTH, System, dense_only, langchain_systems, tawthiq
from evals.errors import EvaluationError
from evals.metrics.estimates import Estimate, estimate
from evals.metrics.retrieval import MEASURES, check_available, measured_at
from evals.question_set import Question, load_question_set
from rag import Engine

SCHEMA = 1
"""Version of `retrieval.json`; raised only when a key changes its meaning or goes."""

SYSTEMS = ("tawthiq", "dense", "langchain", "ensemble")
NO_EXTRA = "LangChain's recipes are left out: they need the extra `bench` (pip install 'tawthiq[bench]')."
_PACKAGES = (
    *("tawthiq", "chromadb", "tantivy", "onnxruntime", "ir-measures"),
    *("langchain-core", "langchain-classic", "langchain-community", "langchain-chroma", "langchain-text-splitters"),
    "rank-bm25",
)

Table = Mapping[str, Mapping[str, Estimate]]
"""Figures by direction, then by measure."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One system: `ranks` (questions,) of the right document, 0 where it was not found, and ms a question (mean)."""

    name: str
    label: str
    ranks: NDArray[np.int64]
    milliseconds: float


def values(ranks: NDArray[np.int64], measure: str) -> NDArray[np.float64]:
    """The measure of each question (questions,), of which one document is right: at its rank, or nowhere (rank 0)."""
    return np.array([measured_at((int(rank),) if rank > 0 else (), 1)[measure] for rank in ranks], dtype=np.float64)


def figures(ranks: NDArray[np.int64], groups: Sequence[str] | NDArray[np.str_]) -> Table:
    """R@1, R@5, R@10, nDCG@10 and RR of each group, each with its 95% interval.

    `ranks` (questions,) are those of the one right document among distinct documents, 0 where it was not found;
    `groups` (questions,) are the directions, shown in the order of `mixed_dev.GROUPS`, any other after them.
    """
    names = np.asarray(groups)
    if len(names) != len(ranks):
        raise ValueError(f"{len(ranks)} ranks, but {len(names)} groups")
    order = [g for g in mixed_dev.GROUPS if g in names] + sorted(set(names.tolist()) - set(mixed_dev.GROUPS))
    return {g: {m: estimate(values(ranks[names == g], m).tolist()) for m in MEASURES} for g in order}


def differences(before: NDArray[np.int64], after: NDArray[np.int64], groups: Sequence[str]) -> Table:
    """What `after` gains over `before`, ranks (questions,) of the same questions, by direction and measure.

    The intervals are of a paired bootstrap: questions are resampled, each with the difference of its two ranks.
    """
    names = np.asarray(groups)
    order = [group for group in mixed_dev.GROUPS if group in names]
    gained = {measure: values(after, measure) - values(before, measure) for measure in MEASURES}
    return {g: {m: estimate(gained[m][names == g].tolist()) for m in MEASURES} for g in order}


def markdown(tables: Mapping[str, Table], *, signed: bool = False) -> str:
    """The tables, by their labels, as one Markdown table: a row for each direction, system after system."""
    lines = [
        "| direction | | " + " | ".join(MEASURES) + " | n |",
        "|---|---|" + "---|" * (len(MEASURES) + 1),
    ]
    groups = dict.fromkeys(group for table in tables.values() for group in table)
    for group in groups:
        for label, table in tables.items():
            if group in table:
                row = table[group]
                cells = " | ".join(_cell(row[measure], signed) for measure in MEASURES)
                lines.append(f"| {group} | {label} | {cells} | {row[MEASURES[0]].n} |")
    return "\n".join(lines)


def _cell(figure: Estimate, signed: bool) -> str:
    form = "+.3f" if signed else ".3f"
    if figure.mean is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.mean:{form}}"
    return f"{figure.mean:{form}} [{figure.low:{form}}, {figure.high:{form}}]"


def measure(systems: Sequence[System], questions: Sequence[Question], stems: Mapping[str, str]) -> list[Measured]:
    """Asks every system every question once, after one unmeasured. `stems` are documents' file stems by their ids.

    Question by question, so that whatever else the machine does meanwhile slows all systems alike.
    """
    for system in systems:
        system.search(questions[0].question)
    ranks = np.zeros((len(systems), len(questions)), dtype=np.int64)
    elapsed = [0.0] * len(systems)
    for column, question in enumerate(track(questions, "asking", console=Console(stderr=True), transient=True)):
        right = mixed_dev.stem_of(question)
        for row, system in enumerate(systems):
            began = time.perf_counter()
            found = system.search(question.question)
            elapsed[row] += time.perf_counter() - began
            ranking = list(dict.fromkeys(stems[document_id] for document_id in found))
            ranks[row, column] = ranking.index(right) + 1 if right in ranking else 0
    return [
        Measured(system.name, system.label, ranks[row], 1000 * elapsed[row] / len(questions))
        for row, system in enumerate(systems)
    ]


def run(folder: Path, home: Path, only: Sequence[str] = ()) -> dict[str, Any]:
    """Measures the systems named in `only` (default: all that can be) over `folder`: what `retrieval.json` holds.

    Raises EvaluationError when a question's document is not in the home, QuestionSetError, and what the engine raises.
    """
    wanted = only or SYSTEMS
    with mixed_dev.opened(folder, home) as (engine, questions):
        engine.warm()
        stems = {summary.document_id: Path(summary.source).stem for summary in engine.documents()}
        lost = sorted({mixed_dev.stem_of(question) for question in questions} - set(stems.values()))
        if lost:
            raise EvaluationError(
                f"{len(lost)} documents that questions are about are not in {home}; the first, {lost[0]!r}.",
                "Give another --work, or a folder whose docs/ fit its questions.",
            )
        measured = measure(_systems(engine, wanted), questions, stems)
        groups = [mixed_dev.group_of(question) for question in questions]
        return {
            "schema": SCHEMA,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "corpus": {"documents": len(stems), "passages": engine.passage_count(), "digest": _corpus_digest(engine)},
            "question_set": {
                "questions": len(questions),
                "digest": load_question_set(folder / "questions.jsonl").digest,
            },
            "depth": DEPTH,
            "model": {"identity": engine.encoder().identity, "backend": engine.encoder().backend},
            "versions": {"python": platform.python_version(), **_versions()},
            "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
            "systems": {
                one.name: {
                    "label": one.label,
                    "ms_a_question": round(one.milliseconds, 2),
                    "figures": {
                        group: {name: figure.to_json() for name, figure in row.items()}
                        for group, row in figures(one.ranks, groups).items()
                    },
                }
                for one in measured
            },
            "questions": [
                {
                    "id": question.id,
                    "group": group,
                    "ranks": {one.name: int(one.ranks[place]) for one in measured},
                }
                for place, (question, group) in enumerate(zip(questions, groups, strict=True))
            ],
        }


def _systems(engine: Engine, wanted: Sequence[str]) -> list[System]:
    systems = [build(engine) for name, build in (("tawthiq", tawthiq), ("dense", dense_only)) if name in wanted]
    if {"langchain", "ensemble"} & set(wanted):
        try:
            systems += [system for system in langchain_systems(engine) if system.name in wanted]
        except ImportError:
            print(NO_EXTRA, file=sys.stderr)
    return systems


def _corpus_digest(engine: Engine) -> str:
    """Of the file stem and the text of every document, wherever the folder lies."""
    digest = hashlib.sha256()
    for stem, document_id in sorted((Path(d.source).stem, d.document_id) for d in engine.documents()):
        digest.update(f"{stem} {engine.document(document_id).sha256}\n".encode())
    return digest.hexdigest()


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:  # not installed, or (ours) run from a checkout
            continue
    return found


def report(result: Mapping[str, Any]) -> str:
    """The Markdown of a `retrieval.json`: figures by direction, and what a question costs."""
    corpus, questions = result["corpus"], result["question_set"]
    tables = {
        system["label"]: {
            group: {name: Estimate.from_json(figure) for name, figure in row.items()}
            for group, row in system["figures"].items()
        }
        for system in result["systems"].values()
    }
    about = (
        f"{questions['questions']} questions ({questions['digest'][:12]}) over {corpus['documents']} documents "
        f"({corpus['digest'][:12]}), {result['model']['identity'].split(' ')[0]}, {result['date'][:10]}. "
        "In brackets: 95% intervals (bootstrap over questions)."
    )
    return "\n".join(
        [
            about,
            "",
            markdown(tables),
            "",
            "| | ms a question (mean) |",
            "|---|---|",
            *(f"| {system['label']} | {system['ms_a_question']:.1f} |" for system in result["systems"].values()),
        ]
    )


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What `new` gained over `old` (two `retrieval.json`), for each system that is in both, as Markdown.

    Raises EvaluationError when they are not of the same questions.
    """
    if old.get("schema") != SCHEMA or old["question_set"]["digest"] != new["question_set"]["digest"]:
        raise EvaluationError("The two results are not of the same questions.", "Compare runs over the same folder.")
    before = {question["id"]: question["ranks"] for question in old["questions"]}
    groups = [question["group"] for question in new["questions"]]
    tables = {}
    for name in [name for name in new["systems"] if name in old["systems"]]:
        ranks = [(before[q["id"]][name], q["ranks"][name]) for q in new["questions"]]
        pairs = np.array(ranks, dtype=np.int64)
        tables[new["systems"][name]["label"]] = differences(pairs[:, 0], pairs[:, 1], groups)
    said = [
        f"Change since {old['date']}, with the 95% interval of the paired difference.",
        "",
        markdown(tables, signed=True),
    ]
    if old["corpus"]["digest"] != new["corpus"]["digest"]:
        said.insert(1, "The documents are not the same as then.")
    if old["model"]["identity"] != new["model"]["identity"]:
        said.insert(1, f"The embedding model was {old['model']['identity'].split(' ')[0]} then.")
    return "\n".join(said)


def read_result(path: Path) -> dict[str, Any]:
    """A `retrieval.json`. Raises EvaluationError."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}.", "Name a retrieval.json.") from None
    if not isinstance(result, dict) or not {"schema", "systems", "questions"} <= result.keys():
        raise EvaluationError(f"{path} is no result of this benchmark.", "Name a retrieval.json.")
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.retrieval", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("folder", type=Path, help="mixed-dev: docs/, questions.jsonl")
    parser.add_argument("--work", type=Path, help="keep the indexed home here (default: a temporary folder)")
    parser.add_argument("--out", type=Path, help="write retrieval.json and retrieval.md here")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="print what changed since this result")
    parser.add_argument(
        "--only", action="append", default=[], choices=SYSTEMS, help="this system alone; may be repeated"
    )
    options = parser.parse_args(arguments)
    try:
        check_available()
        old = read_result(options.compare) if options.compare else None
        with tempfile.TemporaryDirectory(prefix="tawthiq-retrieval-") as temporary:
            result = run(options.folder, (options.work or Path(temporary)) / "full", options.only)
        print(report(result))
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
            (options.out / "retrieval.json").write_text(text, encoding="utf-8")
            (options.out / "retrieval.md").write_text(report(result) + "\n", encoding="utf-8")
        if old is not None:
            print("\n" + compare(old, result))
    except TawthiqError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The result cannot be written: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
