"""What a language model's answers are worth, before grounding and after it, over the documents of MIXED_DEV.

    python -m evals.benchmarks.generation MIXED_DEV [--work DIR] [--questions N] [--seed N] [--replies FILE]
        [--nli MODEL] [--show]

asks the configured model N questions, a fifth of them from each direction and from ARCD, and keeps what it wrote,
word for word, in FILE (`replies.jsonl` in the work folder): a line a question, so that a run that was stopped goes on
where it was, and nothing is asked twice. Then the replies are scored, which asks no model: without one configured, what
FILE holds is scored. What the figures mean: `evals.benchmarks.generation_scores`.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import track

from corpus.errors import TawthiqError
from evals.alce import Entails, by_judge, by_nli, by_overlap
from evals.benchmarks import generation_scores as scores
from evals.benchmarks import mixed_dev
from evals.benchmarks.generation_replies import Asked, Shelf, collect, load_replies, sample
from evals.errors import EvaluationError
from evals.metrics.estimates import latency
from rag import Engine, llm
from rag.answering.generation.generative import Draft, resolved
from rag.answering.generation.statement_checks import checks_for
from rag.errors import GenerationError
from rag.grounding.entailment import EntailmentModel


@dataclass(frozen=True, slots=True)
class Scored:
    """One reply, resolved with grounding off and by the default policy; None where it came to nothing.

    `values` are those of either, by measure (`evals.benchmarks.generation_scores`), `grounding_ms` what each took.
    """

    asked: Asked
    drafts: tuple[Draft | None, Draft | None]
    values: tuple[scores.Values, scores.Values]
    grounding_ms: tuple[float, float]


POLICIES = ("grounding off", "default policy")


def score(engine: Engine, asked: Asked, wanted: Sequence[str], nli: EntailmentModel | None) -> Scored:
    """What a reply comes to, with grounding off and on. Asks no model, unless the settings make it the judge."""
    settings = engine.settings.model_copy(update={"grounding": "remove"})
    on = checks_for(asked.language, settings, engine.encoder().encode_query, engine.entailment)
    assert on.judge is not None
    deciders: dict[str, Entails] = {"judge": by_judge(on.judge), "overlap": by_overlap(asked.language)}
    if nli is not None:
        deciders["NLI"] = by_nli(nli, asked.language)
    quotes = engine.ask(asked.question, mode="quotes")
    drafts: list[Draft | None] = []
    values: list[scores.Values] = []
    times: list[float] = []
    for checks in (replace(on, policy="off", judge=None, ask_model=None), on):
        started = time.perf_counter()
        draft = None
        if asked.reply is not None:
            with contextlib.suppress(GenerationError):
                draft = resolved(asked.reply, asked.language, engine.document, checks)
        times.append((time.perf_counter() - started) * 1000)
        drafts.append(draft)
        outcome = scores.outcome_of(draft, asked.language)
        shown = draft if outcome == "answered" else None
        values.append(
            {f"replies: {one}": [float(one == outcome)] for one in scores.OUTCOMES}
            | dict(scores.statement_values(shown, on.judge))
            | dict(scores.answer_values(shown, wanted))
            | dict(scores.citation_values(shown, deciders))
            | dict(scores.product_values(draft, asked.language, quotes, wanted))
        )
    return Scored(asked, (drafts[0], drafts[1]), (values[0], values[1]), (times[0], times[1]))


def report(scored: Sequence[Scored], drawn: int) -> str:
    """Markdown: how many replies there are, both policies side by side, each by direction, times."""
    models = ", ".join(sorted({one.asked.model for one in scored}))
    parts = [f"{len(scored)} replies of {drawn} questions, by {models}. Means with 95 % intervals."]
    rows = {name: [(one.asked.group, one.values[place]) for one in scored] for place, name in enumerate(POLICIES)}
    parts.append(scores.table(rows))
    parts += [f"By direction, {name}:\n\n{scores.by_direction(rows[name])}" for name in POLICIES]
    lines = ["| milliseconds | p50 | p95 | n |", "|---|---|---|---|"]
    waits: dict[str, list[float]] = {
        "question to passages, translation included": [one.asked.retrieval_ms for one in scored],
        "question to first word": [one.asked.first_token_ms for one in scored if one.asked.first_token_ms is not None],
        "question to last word": [one.asked.total_ms for one in scored],
        "linking statements to quotes, grounding off": [one.grounding_ms[0] for one in scored],
        "linking and grounding, default policy": [one.grounding_ms[1] for one in scored],
    }
    for label, times in waits.items():
        figure = latency(times)
        lines.append(f"| {label} | {figure.p50} | {figure.p95} | {figure.n} |")
    return "\n\n".join([*parts, "\n".join(lines)])


def listing(scored: Sequence[Scored]) -> str:
    """Every reply, and what became of its statements by the default policy, with the reasons."""
    lines: list[str] = []
    for one in scored:
        lines.append(f"{one.asked.id} {one.asked.group} {one.asked.question}")
        lines.append(f"  wrote: {one.asked.reply.text if one.asked.reply else one.asked.failure!r}")
        draft = one.drafts[1]
        if draft is None:
            lines.append("  quotes instead")
            continue
        quotes = {citation.number: citation.quote for citation in draft.citations}
        for label, statements in (("shown", draft.statements), ("removed", draft.removed)):
            for statement in statements:
                lines.append(f"  {label}, {statement.support}: {statement.text} {' '.join(statement.reasons)}")
                lines += [f"    [{number}] {quotes[number]}" for number in statement.citations]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line of this module."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.benchmarks.generation", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("folder", type=Path, metavar="MIXED_DEV", help="folder of docs/ and questions.jsonl")
    parser.add_argument("--work", type=Path, help="where the documents are indexed; by default a temporary folder")
    parser.add_argument("--questions", type=int, default=100, help="how many are asked (default 100)")
    parser.add_argument("--seed", type=int, default=0, help="which are drawn (default 0)")
    parser.add_argument(
        "--replies", type=Path, help="what the model wrote; by default replies.jsonl in the work folder"
    )
    parser.add_argument("--nli", help="an NLI CrossEncoder as a further decider of citations: a folder or a hub name")
    parser.add_argument("--show", action="store_true", help="print every reply and what became of its statements")
    given = parser.parse_args(arguments)
    if given.questions < 1:
        parser.error("--questions is at least 1")
    try:
        with tempfile.TemporaryDirectory(prefix="tawthiq-generation-") as temporary:
            print(_run(given, given.work or Path(temporary)))
    except TawthiqError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(given: argparse.Namespace, work: Path) -> str:
    path = given.replies or work / "replies.jsonl"
    with mixed_dev.opened(given.folder, work) as (engine, questions):
        drawn = sample(questions, given.questions, given.seed)
        shelf = Shelf(engine, questions)
        if llm.configured(engine.settings):
            collect(engine, drawn, path, shelf)
        wanted = scores.references(given.folder, drawn)
        replies = [asked for asked in load_replies(path, shelf) if asked.id in wanted]
        if not replies:
            raise EvaluationError(
                f"There is nothing to score: no reply in {path}, and no language model to ask.",
                "Set TAWTHIQ_LLM_MODEL (and OPENAI_BASE_URL), or name a file of replies with --replies.",
            )
        nli = EntailmentModel(given.nli, engine.settings) if given.nli else None
        scored = [score(engine, asked, wanted[asked.id], nli) for asked in track(replies, "scoring")]
        return report(scored, len(drawn)) + (f"\n\n{listing(scored)}" if given.show else "")


if __name__ == "__main__":
    sys.exit(main())
