"""`tawthiq verify`: is a saved answer still what its documents say?"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ui.commands import options
from ui.commands.saved import read_json
from ui.commands.session import FAILURE, session
from ui.i18n import command_language, said
from ui.output import Output, printable
from ui.tables import grid

if TYPE_CHECKING:
    from corpus.document import Document
    from rag.saved_answers import SavedAnswer, SavedCitation, SavedPassage
    from rag.verification.sources import CheckedCitation
    from rag.verification.verify import Verification

ROWS = 100
"""Where there are more citations than this, only those that are not verified are listed."""

_STYLES = {"verified": "green", "moved": "yellow"}


def verify(
    answers: Annotated[
        str,
        typer.Argument(
            metavar="ANSWER.json",
            help="What `ask --json` or `check --json` printed, or a list of such; - reads it from standard input.",
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
    again: Annotated[
        bool, typer.Option("--again", help="Ask or check again too, and say what comes out otherwise now.")
    ] = False,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Check a saved answer: is all in it that documents can confirm as it says? Exit code 1 if anything is not."""
    if home is not None and documents:
        raise typer.BadParameter("Give --home or --documents, not both.", param_hint="--documents")
    if again and documents:
        raise typer.BadParameter("Asking again needs a home: give --home instead.", param_hint="--again")
    with session(home, as_json) as run:
        from corpus.errors import SourceError
        from rag.saved_answers import SAVED, saved_answers
        from rag.verification.verify import verify_answers

        name = "standard input" if answers == "-" else answers
        saved = saved_answers(read_json(answers, "ANSWER.json", SAVED), name)
        if documents:
            try:
                given = GivenDocuments(documents, run.settings.max_document_chars)
            except SourceError as error:
                raise typer.BadParameter(str(error), param_hint="--documents") from None
            checked = verify_answers(saved, given.find, language=command_language())
        else:
            with run.engine("verify") as engine:
                checked = engine.verify(saved, again=again, language=command_language())
        if as_json:
            run.output.data(checked.to_json())
        else:
            _show(run.output, saved, checked, again=again)
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

    def find(self, citation: SavedCitation | SavedPassage) -> Document | None:
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


def _show(output: Output, saved: Sequence[SavedAnswer], checked: Verification, *, again: bool) -> None:
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
            names = ("", *(said(f"verify.column.{name}") for name in ("status", "place", "document", "found")))
            output.show(grid(names, [_row(old, new) for old, new in rows]))
        for problem in after.problems:
            output.show(said("verify.problem", problem=problem))
        output.show("")
    output.show(_summary(saved, checked, counts))
    if checked.valid and total:
        output.show(_scope(saved))
    home = checked.home
    output.show(said("verify.documents") if home is None else said("verify.home", home=home))
    output.show(_digests(checked), _unverified(checked))
    output.show(*filter(None, [_again(checked) if again else said("verify.again.hint")]))


def _row(old: SavedCitation, new: CheckedCitation) -> list[str | Text]:
    return [
        f"[{new.number}]",
        Text(said(f"verify.status.{new.status}"), style=_STYLES.get(new.status, "red")),
        "–" if new.start is None else f"{new.start}–{new.end}",
        " ".join((dict(old.stated).get("title") or old.source or old.document_id).split()),
        new.detail,
    ]


def _summary(saved: Sequence[SavedAnswer], checked: Verification, counts: Counter[Any]) -> str:
    """One line: what was found in all."""
    total = counts.total()
    several = ".answers" if len(saved) > 1 else ""
    if checked.valid:
        if not total:
            return said(f"verify.nothing{several}", answers=len(saved))
        if total == 1 and not several:
            return said("verify.one")
        return said(f"verify.all{several}", total=total, answers=len(saved))
    names = ("moved", "changed", "gone", "invalid")
    others = [f"{counts[name]} {said(f'verify.status.{name}')}" for name in names if counts[name]]
    problems = sum(len(answer.problems) for answer in checked.answers)
    if problems:
        others.append(said("verify.problem.one") if problems == 1 else said("verify.problem.many", count=problems))
    return said(
        f"verify.failed{several}",
        verified=counts["verified"],
        total=total,
        answers=len(saved),
        others=said("list.separator").join(others),
    )


def _scope(saved: Sequence[SavedAnswer]) -> str:
    """What unchanged quotes do not show: in front of a verdict, "verified" would be read as a word on the verdict."""
    claims = sum(answer.is_claim for answer in saved)
    if 0 < claims < len(saved):
        return said("verify.scope.both")
    kind = "verdict" if claims else "answer"
    return said(f"verify.scope.{kind}{'s' if len(saved) > 1 else ''}")


def _digests(checked: Verification) -> str:
    states = Counter(answer.digest for answer in checked.answers)
    if states["differs"]:
        return said("verify.digest.differs")
    if states["missing"] and states["matches"]:
        return said("verify.digest.some", count=states["missing"], answers=len(checked.answers))
    return said("verify.digest.missing" if states["missing"] else "verify.digest.matches")


def _unverified(checked: Verification) -> str:
    parts = dict.fromkeys(part for answer in checked.answers for part in answer.unverified)
    named = said("list.separator").join(said(f"verify.unverified.{part}") for part in parts)
    return said("verify.unverified", parts=named)


def _again(checked: Verification) -> str:
    """What asking again came to; what came out otherwise stands among the problems."""
    asked = sum(answer.again is True for answer in checked.answers)
    if not asked:
        return said("verify.again.none")
    if asked < len(checked.answers):
        return said("verify.again.some", count=asked, answers=len(checked.answers))
    return said("verify.again.same") if checked.valid else ""
