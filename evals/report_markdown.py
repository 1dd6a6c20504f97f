"""A run as Markdown that GitHub shows: in a pull request, an issue or the summary of a workflow."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from evals.judging.figures import judged_run
from evals.metrics.estimates import Estimate
from evals.misses import DESCRIPTIONS, misses, outcome
from evals.report import not_whole
from evals.report_figures import families
from evals.report_words import amount, direction_label, metric_label, words
from evals.run_folder import RunFolder
from evals.summary import Figures

LISTED = 100
"""Cases that are listed as wrong, and as not asked or failed; the page of HTML has all of them."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#!|~$])")
_MENTION = re.compile(r"[@]|(?<=:)//|www\.")


def markdown_report(run: RunFolder) -> str:
    """Tables of all figures, then what went wrong. Text of questions and errors is shown as text, never as markup."""
    summary, about = run.summary, run.summary.about
    question_set = about.get("question_set", {})
    parts = [f"# {_text(question_set.get('name'))}: {summary.asked} of {summary.cases} questions asked"]
    if not summary.sound:
        parts.append("**Not sound: a case was not asked or failed, or a quote is not verbatim.**")
    if summary.part:
        parts.append(f"**{not_whole(summary.part).capitalize()}.**")
    parts.append(_table(("", ""), _about(run)))
    for family, names in families(summary).items():
        rows = [("**all**", summary.overall)]
        rows += [(_text(direction_label(name, "en")), figures) for name, figures in summary.directions.items()]
        rows += [(f"tag {_text(name)}", figures) for name, figures in summary.tags.items()]
        parts += [f"## {words('en')[f'family.{family}']}", _figures(rows, names)]
    parts.append(
        "Each cell: the mean, its 95% interval (bootstrap), the number of cases scored; after + those unscored. – is "
        "unscored."
    )
    parts += _judged(run)
    wrong = [
        (
            _text(scored.case.question.id),
            _text(scored.case.question.question),
            "; ".join(DESCRIPTIONS[miss] for miss in misses(scored.scores)),
        )
        for scored in run.cases
        if outcome(scored) == "wrong"
    ]
    parts += _listed("Wrong", ("case", "question", "what is wrong"), wrong)
    parts += _listed("Failed", ("case", "error"), [(_text(case), _text(error)) for case, error in summary.failures])
    parts += _listed("Not asked", ("case", "why"), [(_text(case), _text(error)) for case, error in summary.problems])
    return "\n\n".join(parts) + "\n"


def _judged(run: RunFolder) -> list[str]:
    """What a model judged, where one did."""
    judge = judged_run(run)
    if judge is None:
        return []
    english, figures, pin = words("en"), judge.figures, judge.about["pin"]
    parts = [f"## {english['judge.heading']}"]
    if judge.stale:
        return [*parts, english["judge.stale"]]
    if judge.about["judges_itself"]:
        parts.append(f"**{english['judge.itself']}**")
    rows = [
        (english["judge.model"], _text(pin.get("model"))),
        (english["judge.judged"], f"{figures.judged} / {figures.eligible}"),
        *((english[f"judge.{key}"], _text(pin.get(key))) for key in ("repeats", "temperature", "seed")),
        *(
            (f"{english['judge.agree']}: {metric_label(name, 'en')}", f"{share:.3f}")
            for name, share in figures.agreement.items()
            if share is not None
        ),
    ]
    groups = [("**all**", figures.overall)]
    groups += [(_text(direction_label(name, "en")), values) for name, values in figures.directions.items()]
    groups += [(f"tag {_text(name)}", values) for name, values in figures.tags.items()]
    parts += [_table(("", ""), rows), english["judge.note"], _figures(groups, judge.names)]
    below = [
        (_text(case), _text(question), english[f"judge.{verdict}"], _text(reason))
        for case, question, verdict, reason in judge.below(run)
    ]
    failed = [
        (_text(one.id), english[f"part.{failure.part}"], _text(failure.reason))
        for one in figures.failed
        for failure in one.failures
    ]
    parts += _listed(english["judge.below"], ("case", "question", "verdict", "reason"), below)
    return parts + _listed(english["judge.unscored"], ("case", "part", "why"), failed)


def _about(run: RunFolder) -> list[Sequence[str]]:
    about, latency = run.summary.about, run.summary.latency_ms
    rows: list[Sequence[str]] = [
        ("question set digest", f"`{str(about.get('question_set', {}).get('digest'))[:12]}`"),
        ("mode", _text(about.get("mode"))),
        ("documents", _text(about.get("documents"))),
        ("embedding model", _text(about.get("models", {}).get("embedding"))),
        ("language model", _text(about.get("models", {}).get("llm"))),
        ("versions", _text(", ".join(f"{name} {value}" for name, value in about.get("versions", {}).items()))),
        ("started", _text(about.get("started"))),
    ]
    if latency.p50 is not None and latency.p95 is not None:
        rows.append(("latency", f"p50 {latency.p50:.0f} ms, p95 {latency.p95:.0f} ms (n {latency.n})"))
    first = run.summary.first_token_ms
    if first.p50 is not None and first.p95 is not None:
        rows.append(("to the first token", f"p50 {first.p50:.0f} ms, p95 {first.p95:.0f} ms (n {first.n})"))
    if run.summary.parallel > 1:
        rows.append(("asked at a time", f"{run.summary.parallel}: the times are not comparable"))
    return rows


def _figures(rows: Iterable[tuple[str, Figures]], names: Sequence[str]) -> str:
    header = ("", *(_text(metric_label(name, "en")) for name in names))
    return _table(header, [(label, *(_cell(figures.get(name), name) for name in names)) for label, figures in rows])


def _cell(figure: Estimate | None, name: str) -> str:
    if figure is None or figure.mean is None:
        return "–"
    bounds = [amount(bound, name, digits=2) for bound in (figure.low, figure.high) if bound is not None]
    interval = f"<br>{'–'.join(bounds)}" if len(bounds) == 2 else ""
    unscored = f" + {figure.unscored}" if figure.unscored else ""
    return f"{amount(figure.mean, name)}{interval}<br>n {figure.n}{unscored}"


def _listed(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    more = [f"… and {len(rows) - LISTED} more."] if len(rows) > LISTED else []
    return [f"## {title} ({len(rows)})", _table(header, rows[:LISTED]), *more]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(value: object) -> str:
    """`value` as text in a cell: one line, no markup, no link, and nobody is mentioned."""
    if value is None:
        return "–"
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in str(value))
    line = _SPECIAL.sub(r"\\\1", " ".join(visible.split()))
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub(lambda match: f"{match[0]}\u2060" if match[0] != "//" else "/\u2060/", line)
