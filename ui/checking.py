"""What happens when a claim is sent to be checked: its verdict becomes a turn of the conversation, as an answer does.

Nothing here knows Gradio. A claim never raises: an error becomes a turn that says in one line what is wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.errors import InvalidQuery, TawthiqError
from ui import chat, i18n, panel, render, render_verdict
from ui.i18n.messages import translated

if TYPE_CHECKING:
    from corpus.document import Document
    from rag.engine import Engine

MOST_CLAIMS = 10
"""Claims that the page sends at a time, one a line. Each takes about as long as a question; longer lists, and tables,
are for `tawthiq check`, which goes on where it was cut off."""

_CLOSING = "\"'”’»)]} \u200f\u200e"
"""What may stand after a question mark that ends a line."""

_log = logging.getLogger(__name__)


def claims_in(text: str) -> tuple[str, ...]:
    """The lines of `text` that are not empty: a claim each. Beyond `MOST_CLAIMS`, which the page sends not, none."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())[:MOST_CLAIMS]


def is_question(claim: str) -> bool:
    """Whether it ends as a question does."""
    return claim.rstrip(_CLOSING).endswith(("?", "؟"))


def respond(
    engine: Engine, claim: str, conversation: chat.Conversation, language: i18n.Language, within: str = ""
) -> Iterator[chat.Update]:
    """Check `claim`. The last update carries the conversation with the verdict's turn in it, told in `language`.

    `within` is the id of the only document to be searched; "" for all.
    """
    before = conversation[-chat.MAX_TURNS + 1 :]
    number = before[-1].number + 1 if before else 1
    shown = tuple(turn.html for turn in before)
    chosen: Document | None = None
    try:
        chosen = engine.document(within) if within else None
        if is_question(claim):
            html = render.turn_html(claim, render_verdict.question_html(claim, language), number, told=language)
            yield chat.Update((*shown, html), (*before, chat.Turn(number, claim, html)), panel.empty_html())
            return
        title = chosen.title if chosen is not None else None
        yield chat.Update((*shown, waiting_html(claim, number, language, title)))
        verdict = engine.check(claim, chat.only(engine, chosen) if chosen is not None else None, language)
        body = render_verdict.verdict_html(verdict, number)
        html = render.turn_html(claim, body, number, within=title, told=language)
        turn = chat.Turn(number, claim, html, verdict=verdict)
        yield chat.Update((*shown, html), (*before, turn), chat.first_source(engine, verdict, number))
        return
    except InvalidQuery as error:
        message = translated(str(error), language)  # what the page says of a question would be of none
    except TawthiqError as error:
        message = i18n.error_text(error, language)
    except Exception:
        _log.exception("A claim failed")
        message = i18n.text(language, "error.unexpected")
    problem = render.problem_html(message, language, "claim.verdict.unchecked")
    html = render.turn_html(claim, problem, number, within=chosen.title if chosen is not None else None, told=language)
    yield chat.Update((*shown, html), (*before, chat.Turn(number, claim, html)), panel.empty_html())


def waiting_html(claim: str, number: int, language: i18n.Language, within: str | None = None) -> str:
    """A claim whose verdict is on its way; `within` is the title of the only document that is searched."""
    body = render.progress_html("", (), language, "claim.checking")
    return render.turn_html(claim, body, number, busy=True, within=within, told=language)


def stopped(claim: str, conversation: chat.Conversation, language: i18n.Language) -> chat.Update:
    """The conversation after its last claim was stopped before it was checked."""
    before = conversation[-chat.MAX_TURNS + 1 :]
    number = before[-1].number + 1 if before else 1
    html = render.turn_html(claim, render.stopped_html(language, "claim.stopped"), number, told=language)
    return chat.Update((*(turn.html for turn in before), html), (*before, chat.Turn(number, claim, html)))
