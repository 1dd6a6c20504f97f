"""Grounding: how many of the statements shown do their sources bear out, and what is wrong with the rest?

Support is what `evals.observation` found, the same judge in every run whatever the run's own policy. Unscored where
nothing is stated, and in runs that observed nothing (through a server).
"""

from __future__ import annotations

from collections.abc import Callable

from evals.cases import Case

FAILURES = ("number", "date", "quote", "name", "negation", "attribution", "meaning")
"""Kinds of failure: what the rules find (`rag.grounding.findings.Kind`), and meaning, to which a contradiction that an
NLI model finds belongs."""


def supported(case: Case) -> float | None:
    """The share of the statements shown that are quoted or supported by what they cite."""
    return _share(case, lambda support, _: support in ("quoted", "supported"))


def unsupported(case: Case) -> float | None:
    """The share of the statements shown that are unsupported or cite nothing: what must never be shown as fact."""
    return _share(case, lambda support, _: support in ("unsupported", "uncited"))


def failed(case: Case, kind: str) -> float | None:
    """The share of the statements shown against which something of `kind` was found; `kind` is one of FAILURES."""
    kinds = {"meaning", "contradiction"} if kind == "meaning" else {kind}
    return _share(case, lambda _, found: not kinds.isdisjoint(found))


def removed(case: Case) -> float | None:
    """The share of a language model's statements that were taken out of its answer; unscored in quotes mode."""
    if case.answer is None or case.answer.mode != "llm":
        return None
    written = len(case.answer.statements) + len(case.answer.removed)
    return len(case.answer.removed) / written if written else None


def _share(case: Case, counts: Callable[[str, tuple[str, ...]], bool]) -> float | None:
    if case.observation is None or not case.observation.statements:
        return None
    statements = case.observation.statements
    return sum(counts(one.support, one.kinds) for one in statements) / len(statements)
