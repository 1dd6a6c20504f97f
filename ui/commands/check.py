"""`tawthiq check`: do the documents bear a claim out, or a table of them?"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from ui import i18n
from ui.commands import options
from ui.commands.ask import RELATED, finish_indexing, passage_lines, source_lines
from ui.commands.session import FAILURE, Session, session
from ui.i18n.messages import translated
from ui.output import Output, printable
from ui.tables import grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.claims.verdicts import Evidence, Verdict
    from ui.check_files import Table
    from ui.check_run import Outcome

SHOWN_CHARS = 400
"""Characters of a claim or a quote on the terminal: no quote is longer."""

_STYLES = {"supported": "bold green", "contradicted": "bold red", "unclear": "bold yellow", "unchecked": "red"}


def check(
    claim: Annotated[
        str,
        typer.Argument(
            metavar="CLAIM|FILE",
            help="A claim, in Arabic or English, or a table of them (.csv, .xlsx); - reads one from standard input.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write the results to this .csv, .xlsx, .json or .html, resuming a cut-off run.",
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="NAME", help="The table's column of claims; else it is looked for."),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Check everything anew, forgetting earlier results.")
    ] = False,
    language: options.Languages = None,
    publisher: options.Publishers = None,
    since: options.Since = None,
    until: options.Until = None,
    document: options.Documents = None,
    tag: options.Tags = None,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Check a claim, or a table of them: do the documents say so, otherwise, or nothing? Each with its quotes."""
    with session(home, as_json) as run:
        from ui.check_files import is_table
        from ui.check_run import Outcome, check_all, memory_beside

        listed = is_table(claim)
        if column is not None and not listed:
            raise typer.BadParameter("A single claim has no columns.", param_hint="--column")
        if restart and out is None:
            raise typer.BadParameter("There is nothing to restart without --out.", param_hint="--restart")
        _check_out(out, Path(claim) if listed else None)
        table = _table(claim, column, listed)
        memory = memory_beside(out) if out is not None else None
        if memory is not None and restart:
            memory.unlink(missing_ok=True)
        claims = [table.claim(row) for row in table.rows]
        outcomes: list[Outcome] = []
        told = _interruptible(run, claims, outcomes, memory, restart) if listed else contextlib.nullcontext()
        with told, run.engine("check") as engine, run.output.progress() as progress:
            finish_indexing(engine, progress)
            filters = options.filters_from(engine, language, publisher, since, until, document, tag)
            if listed or out is not None:
                outcomes.extend(check_all(engine, claims, filters, progress, memory))
            else:
                outcomes.append(Outcome(claims[0], engine.check(claims[0], filters)))
        _give(run, table, outcomes, out, listed)


@contextlib.contextmanager
def _interruptible(
    run: Session, claims: Sequence[str], outcomes: Sequence[Outcome], memory: Path | None, restart: bool
) -> Iterator[None]:
    """Says how many claims are checked when Ctrl-C ends it, and how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        how = "The same command goes on from there."
        if memory is None:
            how = "With --out FILE it can go on from there."
        elif restart:  # again with it, what is kept by now would be forgotten
            how = "The same command without --restart goes on from there."
        run.output.error(f"Stopped: {len(outcomes)} of {len(claims)} claims are checked.", how)
        raise


def _table(claim: str, column: str | None, listed: bool) -> Table:
    from ui.check_files import Table, made_header, read_table

    if listed:
        return read_table(Path(claim), column)
    from rag.claims.verdicts import check_text

    return Table(made_header(1, 0), ((check_text(options.query_text(claim)),),), 0, named=False)


def _check_out(out: Path | None, source: Path | None) -> None:
    """Says before the work begins that its results could not be written. Raises BadParameter."""
    from ui.check_report import FORMATS

    if out is None:
        return
    if out.suffix.lower() not in FORMATS:
        raise typer.BadParameter(f"{out.name} is not one of {', '.join(FORMATS)}.", param_hint="--out")
    if not out.parent.is_dir():
        raise typer.BadParameter(f"There is no folder {out.parent}.", param_hint="--out")
    if out.is_dir() or (source is not None and source.exists() and out.exists() and out.samefile(source)):
        raise typer.BadParameter("Results are not written over that; name another file.", param_hint="--out")


def _give(run: Session, table: Table, outcomes: Sequence[Outcome], out: Path | None, listed: bool) -> None:
    from ui.check_report import list_json, report_language, write_report

    if out is not None:
        write_report(out, table, outcomes)
    failed = [outcome for outcome in outcomes if outcome.problem]
    if run.output.as_json:
        run.output.data(list_json(table, outcomes) if listed else outcomes[0].to_json())
    elif out is not None:
        language = report_language(outcomes)
        run.output.show(f"{_counts(outcomes, language)} {i18n.said_in(language, 'check.written', path=out)}")
    elif listed:
        _show_table(run.output, outcomes)
    else:
        for outcome in outcomes:
            if outcome.verdict is not None:
                _show(run.output, outcome.verdict)
    if failed:
        if not run.output.as_json:
            count = len(failed)
            claims = "claim" if count == 1 else "claims"
            run.output.error(f"{count} {claims} could not be checked: {failed[0].problem}")
        raise typer.Exit(FAILURE)


def _counts(outcomes: Sequence[Outcome], language: i18n.Language) -> str:
    """One line: how many claims there are of each verdict."""
    states = Counter(outcome.state for outcome in outcomes)
    named = [i18n.said_in(language, f"check.state.{state}", count=count) for state, count in states.most_common()]
    key = "check.claim" if len(outcomes) == 1 else "check.claims"
    said = i18n.said_in(language, key, count=len(outcomes))
    return f"{said}: {i18n.said_in(language, 'list.separator').join(named)}."


def _show(output: Output, verdict: Verdict) -> None:
    """One verdict in the claim's language."""
    from ui.check_report import sentence_lines

    language = i18n.interface_language(verdict.language)
    output.show(_label(verdict.verdict, verdict.unclear, language))
    output.show(*(Text(f"    {printable(_line(line))}") for line in sentence_lines(verdict, language)))
    for stance in ("for", "against"):
        shown = [one for one in verdict.evidence if one.stance == stance]
        if shown:
            output.show("", Text(i18n.text(language, f"claim.{stance}"), style="bold"))
        for one in shown:
            output.show(Text.assemble((f"[{one.citation.number}] ", "bold cyan"), printable(_line(one.citation.quote))))
            output.show(*(Text(f"    {printable(reason)}", style="dim") for reason in one.reasons))
    if verdict.evidence:
        output.show("", Text(i18n.text(language, "answer.sources"), style="bold"))
        for one in verdict.evidence:
            output.show(*source_lines(one.citation, language))
    elif verdict.passages:
        output.show("", Text(i18n.text(language, "answer.related"), style="bold"))
        output.show(*passage_lines(verdict.passages[:RELATED], language))
    for notice in verdict.notices:
        output.warning(notice.text)


def _show_table(output: Output, outcomes: Sequence[Outcome]) -> None:
    from ui.check_report import report_language

    language = report_language(outcomes)
    rows: list[list[str | Text]] = []
    for number, outcome in enumerate(outcomes, start=1):
        evidence = outcome.verdict.evidence if outcome.verdict else ()
        first = next((one for one in evidence if (one.stance == "against") == (outcome.state == "contradicted")), None)
        label = _label(outcome.state, outcome.unclear, language)
        quote = _line(first.citation.quote) if first is not None else ""
        rows.append([str(number), label, _line(outcome.claim), quote, _line(_reason(outcome, first, language))])
    names = [i18n.said_in(language, f"check.column.{name}") for name in ("verdict", "claim", "evidence", "reason")]
    output.show(grid(["", *names], rows, language=language), "", _counts(outcomes, language))


def _reason(outcome: Outcome, first: Evidence | None, language: i18n.Language) -> str:
    """What a row says of why: of the evidence that it shows, or of all where that has none to give."""
    from ui.check_report import sentence_lines

    if outcome.verdict is None:
        return translated(outcome.problem, language)
    said = list(first.reasons) if first is not None else []
    if not said and outcome.state == "unclear":
        said = [reason for one in outcome.verdict.evidence for reason in one.reasons]
    lines = sentence_lines(outcome.verdict, language)
    return " ".join(dict.fromkeys((*lines, *said, *(notice.text for notice in outcome.verdict.notices))))


def _label(state: str, unclear: str | None, language: i18n.Language) -> Text:
    from ui.check_report import verdict_text

    return Text(verdict_text(state, unclear, language), style=_STYLES.get(state, "bold"))


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARS else f"{line[: SHOWN_CHARS - 1]}…"
