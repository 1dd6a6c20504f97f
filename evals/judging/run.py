"""Judging a run: which cases, by which judge, and going on where it was cut off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from evals.cases import Case
from evals.drawing import drawn
from evals.errors import EvaluationError
from evals.judging.figures import JudgeFigures, figures_of
from evals.judging.judge import PROMPTS, Judge, parts, same_model
from evals.judging.records import (
    AGAIN,
    JUDGE_FILE,
    JUDGMENTS_FILE,
    Judgment,
    cases_digest,
    line_of,
    read_judge,
    read_judgments,
)
from evals.pool import Pool
from evals.prompts import digest
from evals.run import RunProgress
from evals.run_folder import RunFolder
from evals.whole_files import write_whole

SCHEMA = 1
"""Version of `judge.json`; raised only when a key changes its meaning or goes."""
LOCK_FILE = ".judge.lock"

_SAID = {
    "model": "the model",
    "temperature": "the temperature",
    "seed": "the seed",
    "max_tokens": "TAWTHIQ_LLM_MAX_TOKENS",
    "repeats": "the repeats",
    "prompts": "the prompts",
    "cases": "the answers, since the run was asked anew",
}
"""What a pin holds, in the words of the message that says how two differ."""


@dataclass(frozen=True, slots=True)
class Judging:
    """A finished judging: `about` is the content of `judge.json`, figures included."""

    figures: JudgeFigures
    about: Mapping[str, Any]


def judge_run(
    run: RunFolder,
    judge: Judge,
    *,
    limit: int | None = None,
    parallel: int = 1,
    restart: bool = False,
    progress: Callable[[RunProgress], None] | None = None,
) -> Judging:
    """Judges the answers of `run` and writes `judge.json` and `judgments.jsonl` beside it.

    What was judged already by the same pin is kept, except what failed: that is asked again. With `limit`, that many
    cases are drawn, always the same ones, and those of a smaller limit among them (`evals.drawing`). Raises
    EvaluationError where nothing can be judged, where the run was judged by another pin (unless `restart`), where
    another process judges it, and where its folder cannot be written.
    """
    eligible = [scored.case for scored in run.cases if parts(scored.case)]
    if not eligible:
        raise EvaluationError(
            f"No answer of {run.path} can be judged: none is to an answerable question with reference answers, or is "
            "written by a language model.",
            "Name a run of a set that has answers.",
        )
    with _alone(run):
        pin = _pin(run, judge)
        kept = [] if restart else _kept(run, pin)
        wanted = drawn(eligible, limit)
        known = {one.id for one in kept}
        waiting = [case for case in wanted if case.question.id not in known]
        used = _models_of(run)
        about: dict[str, Any] = {
            "schema": SCHEMA,
            "pin": pin,
            "server": judge.chat.where or judge.chat.provider,
            "judges_itself": any(same_model(pin["model"], model) for model in used),
            "models_judged": used,
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "finished": False,
        }
        try:
            judgments = _judged(run, judge, about, kept, waiting, parallel, progress)
            order = {scored.case.question.id: place for place, scored in enumerate(run.cases)}
            judgments.sort(key=lambda one: order[one.id])
            figures = figures_of(run, judgments, judge.repeats)
            about |= {"finished": True, "kept": len(kept), "usage": _usage(judgments), **figures.to_json()}
            write_whole(run.path / JUDGMENTS_FILE, "".join(map(line_of, judgments)))
            write_whole(run.path / JUDGE_FILE, _json(about))
        except OSError as error:
            raise EvaluationError(
                f"The judgments cannot be written to {run.path}: {error.strerror}.", "Make room, or judge a copy."
            ) from None
    return Judging(figures, about)


def _judged(
    run: RunFolder,
    judge: Judge,
    about: Mapping[str, Any],
    kept: Sequence[Judgment],
    waiting: Sequence[Case],
    parallel: int,
    progress: Callable[[RunProgress], None] | None,
) -> list[Judgment]:
    """Judges what waits, a line as soon as it is known; the pin is written first."""
    judgments = list(kept)
    total = len(kept) + len(waiting)

    def tell(done: int, detail: str = "") -> None:
        if progress:
            progress(RunProgress("judging", done, total, detail))

    # The lines before the pin: were it cut off in between, an old pin with fewer lines is right, the new one too.
    write_whole(run.path / JUDGMENTS_FILE, "".join(map(line_of, kept)))
    write_whole(run.path / JUDGE_FILE, _json(about))
    tell(len(judgments))
    with (run.path / JUDGMENTS_FILE).open("a", encoding="utf-8", newline="\n") as lines:
        pool = Pool(judge.judge, waiting, parallel)
        try:
            for judgment in pool:
                lines.write(line_of(judgment))
                lines.flush()
                judgments.append(judgment)
                tell(len(judgments), judgment.id)
        finally:
            pool.stop(grace=0)
    return judgments


def _pin(run: RunFolder, judge: Judge) -> dict[str, Any]:
    return {
        "model": judge.chat.name,
        "temperature": 0,
        "seed": judge.seed,
        "max_tokens": judge.settings.llm_max_tokens,
        "repeats": judge.repeats,
        "prompts": {name: digest(name) for name in PROMPTS},
        "cases": cases_digest(run.path),
    }


def _kept(run: RunFolder, pin: Mapping[str, Any]) -> list[Judgment]:
    """The judgments of the same pin that did not fail. Raises EvaluationError where there are some of another."""
    before = read_judge(run.path)
    if before is None:
        return []
    found = read_judgments(run.path, cut_off=True)
    other = [words for key, words in _SAID.items() if before["pin"].get(key) != pin[key]]
    if found and other:
        named = f" ({before['pin'].get('model')}, now {pin['model']})" if "the model" in other else ""
        raise EvaluationError(f"{run.path} was judged otherwise; what differs: {', '.join(other)}{named}.", AGAIN)
    by_id = {one.id: one for one in found if not one.failures}
    return list(by_id.values())


def _models_of(run: RunFolder) -> list[str]:
    """Every language model that wrote an answer of the run, or that it names."""
    named = run.summary.about.get("models")
    found = [named.get("llm")] if isinstance(named, Mapping) else []
    found += [scored.case.answer.models.llm for scored in run.cases if scored.case.answer]
    return sorted({str(model) for model in found if model})


def _usage(judgments: Sequence[Judgment]) -> dict[str, int | float | str] | None:
    """The tokens of all calls whose server told them, and their cost where prices are set."""
    total: dict[str, int | float | str] = {}
    for one in judgments:
        for key, value in (one.usage or {}).items():
            before = total.get(key, 0)
            total[key] = value if isinstance(value, str) or isinstance(before, str) else round(before + value, 9)
    return total or None


@contextmanager
def _alone(run: RunFolder) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(run.path / LOCK_FILE, timeout=0):
            yield
    except Timeout:
        raise EvaluationError(f"Another process judges {run.path}.", "Wait for it, or end it.") from None
    except OSError as error:
        raise EvaluationError(
            f"The judgments cannot be written to {run.path}: {error.strerror}.", "Make room, or judge a copy."
        ) from None


def _json(about: Mapping[str, Any]) -> str:
    return json.dumps(about, ensure_ascii=False, indent=2) + "\n"
