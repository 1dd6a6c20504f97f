"""`tawthiq verify`: are the quotes of a saved answer still where it says?"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from ui.commands import options
from ui.commands.saved import read_json
from ui.commands.session import FAILURE, session
from ui.output import Output, printable

if TYPE_CHECKING:
    from corpus.document import Document
    from rag.saved_answers import SavedAnswer, SavedCitation
    from rag.verification import Verification

ROWS = 100
"""Where there are more citations than this, only those that are not verified are listed."""

_STYLES = {"verified": "green", "moved": "yellow"}


def verify(
    answers: Annotated[
        str,
        typer.Argument(
            metavar="ANSWER.json",
            help="What `ask --json` printed, or a list of such answers; - reads it from standard input.",
        ),
    ],
    documents: Annotated[
        list[str] | None,
        typer.Option(
            "--documents",
            metavar="PATH",
            help="Read these documents (a file, a folder, an address) anew, instead of asking a home; repeatable.",
        ),
    ] = None,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Check a saved answer: is every quote still in its document, word for word? Exit code 1 if anything is not."""
    if home is not None and documents:
        raise typer.BadParameter("Give --home or --documents, not both.", param_hint="--documents")
    with session(home, as_json) as run:
        from corpus.errors import SourceError
        from rag.saved_answers import saved_answers
        from rag.verification import verify_answers

        name = "standard input" if answers == "-" else answers
        saved = saved_answers(read_json(answers, "ANSWER.json"), name)
        if documents:
            try:
                given = GivenDocuments(documents, run.settings.max_document_chars)
            except SourceError as error:
                raise typer.BadParameter(str(error), param_hint="--documents") from None
            checked = verify_answers(saved, given.find)
        else:
            with run.engine("verify") as engine:
                checked = engine.verify(saved)
        if as_json:
            run.output.data(checked.to_json())
        else:
            _show(run.output, saved, checked)
        if not checked.valid:
            raise typer.Exit(FAILURE)


class GivenDocuments:
    """Documents that somebody names, read and cleaned anew when a citation of theirs is checked."""

    def __init__(self, paths: Iterable[str], max_chars: int) -> None:
        """Finds what there is at `paths` (files, folders, addresses); raises SourceError where there is nothing."""
        from corpus.document import document_id_for
        from corpus.sources import discover, printable

        self._max_chars = max_chars
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for source in dict.fromkeys(found for path in paths for found in discover(path).sources):
            for name in dict.fromkeys((document_id_for(printable(source)), printable(source), _stem(source))):
                self._by_name[name].append(source)

    def find(self, citation: SavedCitation) -> Document | None:
        """The document of a citation: by its id, else its source, else its file stem.

        Of several files with that stem it is the one with the text that was cited, else the one whose path is most
        alike. Raises SourceError where that one cannot be read.
        """
        from corpus.errors import SourceError
        from corpus.sources import read_document

        names = (citation.document_id, citation.source, _stem(citation.source))
        sources = next((self._by_name[name] for name in names if name and name in self._by_name), [])
        best: Document | None = None
        failure: SourceError | None = None
        for source in sorted(sources, key=lambda source: -_alike(source, citation.source)):
            try:
                document = read_document(source, max_chars=self._max_chars)
            except SourceError as error:
                failure = failure or error
                continue
            if document.sha256 == citation.document_sha256:
                return document
            best = best or document
        if best is None and failure is not None:
            raise failure
        return best


def _stem(source: str) -> str:
    from evals.references import file_stem

    return unicodedata.normalize("NFC", file_stem(source))  # file names from macOS come decomposed


def _alike(one: str, other: str) -> int:
    """How many names at the end of two paths are the same."""
    pairs = zip(reversed(PurePath(one).parts), reversed(PurePath(other).parts), strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), 99)


def _show(output: Output, saved: Sequence[SavedAnswer], checked: Verification) -> None:
    counts = Counter(citation.status for answer in checked.answers for citation in answer.citations)
    total = counts.total()
    for before, after in zip(saved, checked.answers, strict=True):
        rows = [
            (old, new)
            for old, new in zip(before.citations, after.citations, strict=True)
            if total <= ROWS or new.status != "verified"
        ]
        if not rows and not after.problems and len(saved) > 1:
            continue
        output.show(Text(printable(" ".join(after.question.split())), style="bold"))
        if rows:
            table = Table(box=None, pad_edge=False)
            for name in ("", "status", "place", "document", "what was found"):
                table.add_column(name, overflow="fold")
            for old, new in rows:
                table.add_row(
                    f"[{new.number}]",
                    Text(new.status, style=_STYLES.get(new.status, "red")),
                    "–" if new.start is None else f"{new.start}–{new.end}",
                    printable(" ".join((dict(old.stated).get("title") or old.source or old.document_id).split())),
                    printable(new.detail),
                )
            output.show(table)
        for problem in after.problems:
            output.show(f"problem: {problem}")
        output.show("")
    output.show(_summary(saved, checked, counts))


def _summary(saved: Sequence[SavedAnswer], checked: Verification, counts: Counter[Any]) -> str:
    """One line: what was found in all."""
    total = counts.total()
    of_answers = f" in {len(saved)} answers" if len(saved) > 1 else ""
    written = " Sentences that a language model wrote were not checked." if any(a.mode == "llm" for a in saved) else ""
    if checked.valid:
        if not total:
            return f"Nothing to verify: there are no quotes{of_answers}."
        quotes = "The quote stands" if total == 1 else f"All {total} quotes{of_answers} stand"
        return f"Verified. {quotes} in the {'document' if total == 1 else 'documents'}, word for word.{written}"
    others = [f"{counts[status]} {status}" for status in ("moved", "changed", "gone", "invalid") if counts[status]]
    problems = sum(len(answer.problems) for answer in checked.answers)
    if problems:
        others.append(f"{problems} {'problem' if problems == 1 else 'problems'}")
    return f"Not verified. {counts['verified']} of {total} quotes{of_answers} stand: {', '.join(others)}.{written}"
