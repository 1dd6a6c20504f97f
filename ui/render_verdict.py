"""Verdicts as HTML and as plain text, in the words of the command line's reports. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import i18n, panel
from ui.check_report import sentence_lines, verdict_text
from ui.render import RELATED_PASSAGES, bare, in_marks, reference
from ui.templating import render

if TYPE_CHECKING:
    from markupsafe import Markup

    from rag.claims.verdicts import Verdict

_SIGNS = {
    "supported": {"ar": "✓", "en": "✓"},
    "contradicted": {"ar": "✗", "en": "✗"},
    "not_found": {"ar": "–", "en": "–"},
    "unclear": {"ar": "؟", "en": "?"},
}
"""Beside the words, so that a verdict is told at a glance, and without colours."""


def verdict_html(verdict: Verdict, turn: int) -> Markup:
    """The verdict of turn number `turn` (from 1) of a conversation, in the verdict's language."""
    language = i18n.interface_language(verdict.language)
    return render(
        "verdict.html",
        verdict=verdict,
        turn=turn,
        sign=_SIGNS[verdict.verdict][language],
        ruling=verdict_text(verdict.verdict, verdict.unclear, language),
        sentences=sentence_lines(verdict, language),
        related=verdict.passages[:RELATED_PASSAGES],
        sources=panel.sources(verdict.citations),
        copied=verdict_plain(verdict),
    )


def question_html(question: str, language: i18n.Language) -> Markup:
    """What stands under a question that was sent as a claim: that it is one, and a button that asks it."""
    return render("no_claim.html", question=question, language=language)


def verdict_plain(verdict: Verdict) -> str:
    """Claim, verdict, reasons, quotes and their sources as plain text: what is copied."""
    language = i18n.interface_language(verdict.language)
    ruling = verdict_text(verdict.verdict, verdict.unclear, language)
    parts = [
        f"{i18n.text(language, 'claim.claim')}: {verdict.claim}",
        f"{i18n.text(language, 'claim.result')}: {ruling}",
    ]
    parts += sentence_lines(verdict, language)
    for stance in ("for", "against"):
        shown = [one for one in verdict.evidence if one.stance == stance]
        parts += [f"{i18n.text(language, f'claim.{stance}')}:"] if shown else []
        for one in shown:
            quote = in_marks(one.citation.quote, one.citation.language)
            parts.append("\n".join((f"{quote} [{one.citation.number}]", *one.reasons)))
    parts += [f"{i18n.text(language, 'answer.notice')}: {notice.text}" for notice in verdict.notices]
    if verdict.evidence:
        parts.append(f"{i18n.text(language, 'answer.sources')}:")
        parts.append("\n".join(f"- [{one.number}] {reference(one, language)}" for one in verdict.citations))
    return bare("\n\n".join(parts)) + "\n"
