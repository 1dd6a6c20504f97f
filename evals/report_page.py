"""A run as one page of HTML that stands by itself, in English and Arabic.

Tables and plots are drawn by templates and need no script; the script of the page turns it from one language to the
other and builds the cases, as text nodes only, from JSON inside the page. The page's own policy lets it fetch nothing.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from evals.calibration import expected_calibration_error
from evals.judging.figures import JUDGED, Judged, judged_run
from evals.metrics import METRICS
from evals.report_cases import case_rows, choices, document_names, script_json
from evals.report_figures import distribution_of, families, history_of, latency_plot, reliability_of
from evals.report_words import LANGUAGES, amount, direction_label, is_share, metric_label, words
from evals.run_folder import RunFolder
from evals.summary import Summary

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# Keys of `Summary.about` that the page names in words; whatever else was recorded is shown as JSON.
_NAMED = frozenset(
    "question_set mode documents corpus_digest index_generation models documents_from home versions machine started "
    "elapsed_s parallel".split()
)
# What HTML has no way to write, and the overrides that would show a text in another order than it is stored in.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


def html_report(run: RunFolder, history: Sequence[tuple[str, Summary]] = ()) -> str:
    """The whole page of `run`; `history` are (name, summary) of other runs, drawn by date with it."""
    about = run.summary.about
    style, script = _inlined("report.css"), _inlined("report.js")
    reliability = reliability_of(run)
    judge = judged_run(run)
    return (
        _environment()
        .get_template("report.html")
        .render(
            run=run,
            summary=run.summary,
            about=about,
            other=[(key, json.dumps(value, ensure_ascii=False)) for key, value in about.items() if key not in _NAMED],
            families=families(run.summary),
            reliability=reliability,
            calibration_error=expected_calibration_error(reliability),
            distribution=distribution_of(run),
            latency=latency_plot(run),
            history=history_of(run, history),
            judge=judge,
            judged_names=judge.names if judge else (),
            judged_below=judge.below(run) if judge else (),
            style=style,
            script=script,
            style_hash=_hash(style),
            script_hash=_hash(script),
            data=_own_markup(script_json(_data(run, judge))),
        )
    )


def _data(run: RunFolder, judge: Judged | None) -> dict[str, Any]:
    """What the page's script reads."""
    found = choices([scored.case for scored in run.cases])
    names = [name for members in families(run.summary).values() for name in members]
    rows = case_rows(run)
    if judge:
        names += judge.names
        for row in rows:
            row["scores"] |= judge.scores(row["id"])
    return {
        "texts": {language: dict(words(language)) for language in LANGUAGES},
        "metrics": {name: {language: metric_label(name, language) for language in LANGUAGES} for name in names},
        "directions": {
            name: {language: direction_label(name, language) for language in LANGUAGES} for name in found["directions"]
        },
        "tags": found["tags"],
        "statuses": found["statuses"],
        "documents": document_names(run),
        "cases": rows,
    }


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("evals"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        english=words("en"), arabic=words("ar"), metric_label=metric_label, direction_label=direction_label,
        better={name: metric.better for name, metric in METRICS.items()} | dict.fromkeys(JUDGED, "higher"),
    )  # fmt: skip
    environment.filters.update(plain=_plain, moment=_moment, amount=amount)
    environment.tests.update(share=is_share)
    return environment


def _plain(value: object) -> str:
    """Text that others wrote, which the template then escapes; what cannot be shown is the replacement character."""
    return _UNWRITABLE.sub("\ufffd", str(value))


def _moment(started: object) -> str:
    """An ISO time as `2026-11-26 21:27 UTC`; what is none stays as it is."""
    try:
        moment = datetime.fromisoformat(str(started))
    except ValueError:
        return _plain(started)
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment.tzinfo else f"{moment:%Y-%m-%d %H:%M}"


@cache
def _inlined(name: str) -> Markup:
    """Our own style or script, put into the page as it is."""
    return _own_markup((files("evals") / "templates" / name).read_text(encoding="utf-8"))


def _own_markup(text: str) -> Markup:
    """For our own files, and for JSON in which `script_json` left nothing that HTML knows."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
