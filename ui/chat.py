"""What happens when someone asks, or opens a source: the engine's events become the page's content.

Nothing here knows Gradio. A conversation is a value that the caller keeps for each session; the engine is all that
sessions share.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.document import Document
from rag.errors import DocumentNotFound, TawthiqError
from rag.types import Answer, Filters, Mode, Notice, Passages, Token
from ui import i18n, library, panel, render

if TYPE_CHECKING:
    from rag.claims.verdicts import Verdict
    from rag.engine import Engine

MAX_TURNS = 50
"""A longer conversation forgets its oldest turns; the page keeps showing the ones that are kept."""

REDRAW_SECONDS = 0.08
"""Tokens closer together than this are drawn together."""

STARTS_ANEW = frozenset({"llm_fallback", "language_retried"})
"""Notices after which what was written so far is not part of the answer."""

SAMPLES_PUBLISHER = "Tawthiq samples"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it: the answer, or None after an error or a stop. `html` shows the whole turn.

    Of a claim, which then stands as `question`, it is the verdict.
    """

    number: int
    question: str
    html: str
    answer: Answer | None = None
    verdict: Verdict | None = None

    @property
    def result(self) -> Answer | Verdict | None:
        """What can be saved, and has sources to open."""
        return self.verdict or self.answer


Conversation = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """What the page shows now. `conversation` and `panel` are None while they stay as they are."""

    turns: tuple[str, ...]
    conversation: Conversation | None = None
    panel: str | None = None


def respond(
    engine: Engine, question: str, conversation: Conversation, mode: Mode = "auto", within: str = ""
) -> Iterator[Update]:
    """Ask `question` after `conversation`. The last update carries the conversation with the new turn in it.

    `within` is the id of the only document to be asked; "" for all.

    Never raises: an error becomes a turn that says in one line, in the question's language, what is wrong.
    """
    before = conversation[-MAX_TURNS + 1 :]
    number = before[-1].number + 1 if before else 1
    shown = tuple(turn.html for turn in before)
    language = i18n.language_of(question)
    chosen: Document | None = None
    try:
        chosen = engine.document(within) if within else None
        yield from _stream(engine, question, before, number, mode, chosen)
        return
    except TawthiqError as error:
        message = i18n.error_text(error, language)
    except Exception:
        _log.exception("A question failed")
        message = i18n.text(language, "error.unexpected")
    title = chosen.title if chosen is not None else None
    html = render.turn_html(question, render.problem_html(message, language), number, within=title)
    yield Update((*shown, html), (*before, Turn(number, question, html)), panel.empty_html())


def _stream(
    engine: Engine, question: str, before: Conversation, number: int, mode: Mode, within: Document | None
) -> Iterator[Update]:
    shown = tuple(turn.html for turn in before)
    language = i18n.language_of(question)
    history = [(turn.question, turn.answer) for turn in before if turn.answer is not None]
    title = within.title if within is not None else None
    text, drawn = "", 0.0
    notices: list[Notice] = []

    def progress() -> Update:
        body = render.progress_html(text, notices, language)
        return Update((*shown, render.turn_html(question, body, number, busy=True, within=title)))

    yield progress()
    for event in engine.stream(question, history, mode, only(engine, within) if within is not None else None):
        match event:
            case Answer():
                html = render.turn_html(question, render.answer_html(event, number), number, within=title)
                conversation = (*before, Turn(number, question, html, event))
                yield Update((*shown, html), conversation, first_source(engine, event, number))
                return
            case Token():
                text += event.text
                if time.monotonic() - drawn < REDRAW_SECONDS:
                    continue
            case Notice():
                notices.append(event)
                if event.code in STARTS_ANEW:
                    text = ""
            case Passages():
                continue
        drawn = time.monotonic()
        yield progress()


def stopped(question: str, conversation: Conversation) -> Update:
    """The conversation after its last question was stopped before it was answered."""
    before = conversation[-MAX_TURNS + 1 :]
    number = before[-1].number + 1 if before else 1
    html = render.turn_html(question, render.stopped_html(i18n.language_of(question)), number)
    return Update((*(turn.html for turn in before), html), (*before, Turn(number, question, html)))


def open_source(
    engine: Engine, conversation: Conversation, wanted: Mapping[str, Any], *, editing: bool = False
) -> str | None:
    """The panel's HTML for what the page asked to open: {open: "citation" | "passage", turn, number}.

    Or {open: "documents"}, all of them, and {open: "document", document}. None where the conversation has no such
    source, or the documents no such document: the page may be older than either. With `editing` they can be added to.
    """
    if wanted.get("open") == "documents":
        return library.documents_html(engine.documents(), editing=editing)
    if wanted.get("open") == "document":
        document = _document(engine, str(wanted.get("document")))
        if document is None:
            return library.documents_html(engine.documents(), editing=editing)
        return library.document_html(document, editing=editing)
    result = next((t.result for t in conversation if t.number == wanted.get("turn")), None)
    if result is None:
        return None
    turn, number = wanted["turn"], wanted.get("number")
    if wanted.get("open") == "passage":
        for found in result.passages:
            if found.rank == number:
                return panel.passage_html(found, turn, _document(engine, found.passage.document_id))
    else:
        for citation in result.citations:
            if citation.number == number:
                return panel.citation_html(result, turn, number, _document(engine, citation.document_id))
    return None


def resumed(engine: Engine, conversation: Conversation, *, known: bool = False, editing: bool = False) -> Update:
    """What a page shows that comes back to `conversation`; a quote in the panel is checked against its document anew.

    With `known`, the browser had a conversation: where it is empty now, that is said.
    """
    if not conversation:
        return Update((welcome(engine, forgotten=known, editing=editing),), panel=panel.empty_html())
    last = conversation[-1]
    shown = panel.empty_html() if last.result is None else first_source(engine, last.result, last.number)
    return Update(tuple(turn.html for turn in conversation), panel=shown)


def welcome(engine: Engine, *, forgotten: bool = False, editing: bool = False) -> str:
    """What an empty conversation shows; the example questions are about the bundled samples: only with them.

    With `forgotten`, it says first that the earlier conversation is kept no longer; with `editing`, it offers to add
    documents.
    """
    documents = engine.documents()
    samples = any(document.publisher == SAMPLES_PUBLISHER for document in documents)
    examples = [
        (language, i18n.text(language, f"example.{number}")) for language in i18n.LANGUAGES for number in (1, 2)
    ]
    return render.welcome_html(len(documents), examples if samples else (), forgotten=forgotten, editing=editing)


def first_source(engine: Engine, answer: Answer | Verdict, turn: int) -> str:
    """The panel beside a new answer or verdict: its first citation, opened."""
    if not answer.citations:
        return panel.nothing_cited_html(turn)
    first = answer.citations[0]
    return panel.citation_html(answer, turn, first.number, _document(engine, first.document_id))


def only(engine: Engine, document: Document) -> Filters:
    """Filters for that document and those with the same text, of which an index holds but one."""
    same = (one.document_id for one in engine.documents() if one.sha256 == document.sha256)
    return Filters(documents=tuple(same))


def _document(engine: Engine, document_id: str) -> Document | None:
    try:
        return engine.document(document_id)
    except DocumentNotFound:
        return None
