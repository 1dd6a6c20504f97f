"""Checked claims as people keep them: a table (CSV, XLSX), JSON, or a page of HTML that stands by itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from corpus.language import detect_language
from rag.claims.verdicts import Verdict
from rag.sealing import sealed
from rag.types import Citation
from ui import i18n
from ui.check_files import Cell, ResultCell, Table, write_book, write_csv
from ui.check_run import Outcome
from ui.i18n.messages import translated
from ui.templating import source_name

FORMATS = (".csv", ".xlsx", ".json", ".html")

SOURCES = 3
"""Columns of sources, one link each."""
_BESIDE = " · "


def write_report(out: Path, table: Table, outcomes: Sequence[Outcome]) -> None:
    """Writes `outcomes`, one a row of `table`, to `out`, in the format of its suffix: all of it, or nothing."""
    language = report_language(outcomes)
    part = out.with_name(f".{out.name}.part")
    try:
        match out.suffix.lower():
            case ".csv":
                write_csv(part, *_as_table(table, outcomes, language))
            case ".xlsx":
                write_book(part, *_as_table(table, outcomes, language), right_to_left=language == "ar")
            case ".json":
                text = json.dumps(list_json(table, outcomes), ensure_ascii=False, indent=2)
                part.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")
            case _:
                part.write_text(page(outcomes, language), encoding="utf-8", errors="xmlcharrefreplace")
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def report_language(outcomes: Sequence[Outcome]) -> i18n.Language:
    """What a list of claims is told in: Arabic where most of them are, or the locale is, else English."""
    counts = Counter(i18n.interface_language(detect_language(one.claim)) for one in outcomes if one.claim)
    return "ar" if counts["ar"] > counts["en"] else i18n.command_language()


def verdict_text(state: str, unclear: str | None, language: i18n.Language) -> str:
    """A verdict, or why there is none, in words; of "unclear" its kind too, where it is known."""
    return i18n.text(language, f"claim.unclear.{unclear}" if unclear else f"claim.verdict.{state}")


def sentence_lines(verdict: Verdict, language: i18n.Language) -> list[str]:
    """Of a claim of several sentences, each with its own verdict; nothing of a single one."""
    return [
        i18n.text(
            language,
            "claim.sentence",
            verdict=verdict_text(one.verdict, one.unclear, language),
            sentence=" ".join(one.text.split()),
        )
        for one in (verdict.sentences if len(verdict.sentences) > 1 else ())
    ]


def list_json(table: Table, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Each claim's verdict with its `row`, counted from 1 below the header, and the row's other `columns`."""
    return [
        sealed({**outcome.to_json(), "row": number, "columns": _others(table, row)})
        for number, (row, outcome) in enumerate(zip(table.rows, outcomes, strict=True), start=1)
    ]


def _others(table: Table, row: Sequence[Cell]) -> Mapping[str, Cell]:
    return {
        name: cell for at, (name, cell) in enumerate(zip(table.header, row, strict=True)) if at != table.column and name
    }


def _as_table(
    table: Table, outcomes: Sequence[Outcome], language: i18n.Language
) -> tuple[list[str], list[list[Cell | ResultCell]]]:
    """Header and rows: those of the file, with the results beside them; what names are ours is in `language`."""
    added = [i18n.text(language, f"claim.{name}") for name in ("result", "reasons", "quotes_for", "quotes_against")]
    added += [f"{i18n.text(language, 'claim.source')} {number}" for number in range(1, SOURCES + 1)]
    added.append(i18n.text(language, "claim.code"))
    named = table.header if table.named else _made_header(table, language)
    header = [*named, *(_unused(name, named) for name in added)]
    rows = [[*row, *_results(outcome, language)] for row, outcome in zip(table.rows, outcomes, strict=True)]
    return header, rows


def _made_header(table: Table, language: i18n.Language) -> tuple[str, ...]:
    return tuple(
        i18n.text(language, "claim.claim") if at == table.column else i18n.text(language, "claim.column", number=at + 1)
        for at in range(len(table.header))
    )


def _unused(name: str, header: Sequence[str]) -> str:
    return f"{name} (Tawthiq)" if name in header else name


def _results(outcome: Outcome, language: i18n.Language) -> list[ResultCell]:
    verdict = outcome.verdict
    evidence = verdict.evidence if verdict is not None else ()
    problem = translated(outcome.problem, language)
    reasons = [problem] if problem else []
    reasons += sentence_lines(verdict, language) if verdict is not None else []
    reasons += [reason for one in evidence for reason in one.reasons]
    reasons += [notice.text for notice in verdict.notices] if verdict is not None else []
    quotes = {
        side: "\n".join(f"[{one.citation.number}] {one.citation.quote}" for one in evidence if one.stance == side)
        for side in ("for", "against")
    }
    cited: dict[str, list[Citation]] = {}
    for one in evidence:
        cited.setdefault(one.citation.document_id, []).append(one.citation)
    sources = [ResultCell(_source(some, language), link(some[0].source)) for some in list(cited.values())[:SOURCES]]
    return [
        ResultCell(verdict_text(outcome.state, outcome.unclear, language), verdict=outcome.state),
        ResultCell("\n".join(dict.fromkeys(reasons))),
        ResultCell(quotes["for"]),
        ResultCell(quotes["against"]),
        *sources,
        *[ResultCell("")] * (SOURCES - len(sources)),
        ResultCell(outcome.state),
    ]


def _source(citations: Sequence[Citation], language: i18n.Language) -> str:
    """A document, and the pages of it that are quoted."""
    first = citations[0]
    published = first.published.isoformat() if first.published else None
    pages = [i18n.page_text(one.page, language) for one in citations]
    named = source_name(first.source)
    return _BESIDE.join(filter(None, (first.title, first.publisher, published, named, *dict.fromkeys(pages))))


def link(source: str) -> str:
    """The source where it is a web page that a click may open, else ""."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return ""
    safe = parts.scheme.lower() in ("http", "https") and parts.netloc and not any(map(str.isspace, source))
    return source if safe and len(source) <= 2000 else ""


def page(outcomes: Sequence[Outcome], language: i18n.Language) -> str:
    """One page of HTML that needs nothing else, and that its own policy keeps from fetching or running anything."""
    from ui.templating import render

    style = render("claims.css")  # as a template, so that it counts as our own markup
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    states = Counter(outcome.state for outcome in outcomes)
    return str(
        render(
            "claims.html",
            language=language,
            outcomes=outcomes,
            states=[(state, states[state]) for state in _STATES if states[state]],
            style=style,
            style_hash=f"sha256-{digest}",
            link=link,
            verdict_text=verdict_text,
            sentence_lines=sentence_lines,
            problem_of=lambda outcome: translated(outcome.problem, language),
            language_of=lambda outcome: i18n.interface_language(outcome.verdict.language if outcome.verdict else ""),
        )
    )


_STATES = ("supported", "contradicted", "unclear", "not_found", "unchecked", "empty")
