"""Findings in words that a reader understands, in Arabic and English."""

from __future__ import annotations

from collections.abc import Sequence

from rag.bidi import isolated_within
from rag.grounding.findings import Finding

MOST_CHARS = 90
"""Code points of a statement's or source's words in a reason."""

INSTEAD = ("It says {said}; the source has {instead}.", "هنا {said}، وفي المصدر {instead}.")
"""English, then Arabic, where a sentence (جملة) and a claim (ادعاء) differ in gender."""

# With the source's words instead, and without them: English, then Arabic.
_REASONS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "number": (
        INSTEAD,
        ("Not in the source: {said}.", "ليس في المصدر: {said}."),
    ),
    "word": (
        INSTEAD,
        ("The source does not have: {said}.", "ليس في المصدر: {said}."),
    ),
    "date": (
        INSTEAD,
        ("The source does not have this time: {said}.", "ليس في المصدر هذا التاريخ: {said}."),
    ),
    # No source's name instead: which of its names was meant is a guess.
    "name": (
        ("The source does not name: {said}.", "لا يذكر المصدر: {said}."),
        ("The source does not name: {said}.", "لا يذكر المصدر: {said}."),
    ),
    "quote": (
        (
            "These are not the source's words: “{said}”. It has: “{instead}”.",
            "ليس هذا لفظ المصدر: «{said}»، بل: «{instead}».",
        ),
        (
            "In quotation marks, but not the source's words: “{said}”.",
            "بين علامتي اقتباس، وليس من لفظ المصدر: «{said}».",
        ),
    ),
    "negation": (
        (
            "The source says otherwise, or with another certainty: “{instead}”.",
            "يقول المصدر خلافه، أو بدرجة أخرى من الجزم: «{instead}».",
        ),
        ("The source says otherwise, or with another certainty.", "يقول المصدر خلافه، أو بدرجة أخرى من الجزم."),
    ),
    "attribution": (
        (
            "The source does not say this itself; it reports it: “{instead}”.",
            "لا يقول المصدر هذا بلسانه، بل ينقله: «{instead}».",
        ),
        ("The source reports this as somebody's words or view.", "ينقله المصدر على أنه قول لأحد أو رأي له."),
    ),
    "meaning": (
        ("The source says something near this, but not clearly this.", "يقول المصدر قريبا من هذا، لا هذا بوضوح."),
        ("The source does not clearly say this.", "لا يقول المصدر هذا بوضوح."),
    ),
    "contradiction": (
        ("The source contradicts this.", "يناقض المصدر هذا."),
        ("The source contradicts this.", "يناقض المصدر هذا."),
    ),
}


def reasons(findings: Sequence[Finding], language: str) -> tuple[str, ...]:
    """One sentence a finding, in Arabic for `language` "ar", else in English; equal ones once."""
    arabic = language == "ar"
    said = []
    for finding in findings:
        with_instead, without = _REASONS[finding.kind]
        form = (with_instead if finding.instead else without)[arabic]
        said.append(form.format(said=_short(finding.said, language), instead=_short(finding.instead, language)))
    return tuple(dict.fromkeys(said))


def instead(said: str, other: str, language: str) -> str:
    """That a source has `other` in the place of `said`."""
    return INSTEAD[language == "ar"].format(said=_short(said, language), instead=_short(other, language))


def _short(text: str, language: str) -> str:
    line = " ".join(text.split())
    line = line if len(line) <= MOST_CHARS else f"{line[: MOST_CHARS - 1].rstrip()}…"
    return isolated_within(line, language)
