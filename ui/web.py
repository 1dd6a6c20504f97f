"""The web chat: its layout, how its parts are wired to `ui.chat`, and the server application that carries it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr

from rag.claims.verdicts import MAX_CLAIM_CHARS
from ui import adding, chat, checking, i18n, panel
from ui.conversations import Conversations, name_of
from ui.page_head import PageHead
from ui.security import SecurityHeaders
from ui.sign_in import SignIn
from ui.templating import render

if TYPE_CHECKING:
    from fastapi import FastAPI

    from rag.engine import Engine

MAX_QUESTION_CHARS = 2_000
MAX_CLAIMS_CHARS = checking.MOST_CLAIMS * (MAX_CLAIM_CHARS + 1)
"""The box holds as many claims, each as long, as are checked at a time; a longer line is refused, never cut."""
QUEUE_SIZE = 64
ANSWERS_AT_ONCE = 4
# Only `${…}` may carry text into a template: what Gradio's `{{…}}` inserts is compiled as JavaScript afterwards.
_TURNS_TEMPLATE = (
    """<div role="log" aria-live="polite" aria-labelledby="tw-talk-label">${(value || []).join('')}</div>"""
)
_PLAIN_TEMPLATE = "${value || ''}"
# Gradio's own session state is gone an hour after a connection broke once, and empty until the page has said its first
# word: each request therefore carries what it is about. A question that comes before the page has a name waits for it.
_WITH_NAME = """async (_, ...given) => {
  while (!window.tawthiqConversation) await new Promise((done) => setTimeout(done, 20));
  return [window.tawthiqConversation, %s];
}"""

# A question carries also which document it is put to, if to one alone; a claim to be checked, in which language its
# verdict is to be told.
_WITH_SCOPE = _WITH_NAME % 'given[0], window.tawthiqWithin ?? "", window.tawthiqTold?.() ?? ""'
MAX_ID_CHARS = 64


def build(engine: Engine, talks: Conversations, *, editing: bool = False) -> gr.Blocks:
    """The chat page over `engine`. Each window of a browser has a conversation in `talks`, under a name of its own.

    With `editing` it lets its visitors add and remove documents.
    """
    words = gr.I18n(**{language: dict(i18n.catalogue(language)) for language in i18n.LANGUAGES})
    page: gr.Blocks = gr.Blocks(title=i18n.text("en", "app.title"), analytics_enabled=False, fill_width=True)
    with page:
        # None is seen: the name of the page's conversation, the tokens of what it sent last, the id of the document
        # that is to be asked alone, and the language of a verdict.
        conversation = gr.Textbox(visible=False)
        asked = gr.Textbox(visible=False)
        scope = gr.Textbox(visible=False)
        told = gr.Textbox(visible=False)
        header = gr.HTML(
            str(render("header.html", signs_in=engine.settings.password is not None)),
            html_template=_PLAIN_TEMPLATE,
            js_on_load=_read("page.js") + (adding.script() if editing else ""),
            elem_id="tw-header",
            apply_default_css=False,
        )
        with gr.Row(elem_id="tw-desk", equal_height=False):
            with gr.Column(elem_id="tw-talk", scale=3, min_width=0):
                turns = gr.HTML(
                    html_template=_TURNS_TEMPLATE,
                    js_on_load=None,
                    elem_id="tw-conversation",
                    apply_default_css=False,
                )
                gr.HTML(
                    str(render("asked_kind.html", most_claims=checking.MOST_CLAIMS)),
                    html_template=_PLAIN_TEMPLATE,
                    js_on_load=None,
                    elem_id="tw-kind",
                    apply_default_css=False,
                )
                with gr.Row(elem_id="tw-ask", equal_height=False):
                    question = gr.Textbox(
                        label=words("ask.label"),
                        placeholder=words("ask.placeholder"),
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        max_length=MAX_QUESTION_CHARS,
                        elem_id="tw-question",
                        autofocus=True,
                        scale=1,
                        min_width=0,
                    )
                    send = gr.Button(words("ask.send"), variant="primary", elem_id="tw-send", scale=0, min_width=0)
                    stop = gr.Button(words("ask.stop"), elem_id="tw-stop", visible=False, scale=0, min_width=0)
                gr.HTML(
                    str(render("hint.html", most_claims=checking.MOST_CLAIMS)),
                    html_template=_PLAIN_TEMPLATE,
                    js_on_load=None,
                    elem_id="tw-hint",
                    apply_default_css=False,
                )
                with gr.Row(elem_id="tw-tools"):
                    mode = gr.Radio(
                        choices=_mode_choices("en"),
                        value="auto",
                        label=words("ask.mode"),
                        show_label=False,
                        container=False,
                        visible=engine.settings.llm_model is not None,
                        elem_id="tw-mode",
                    )
                    clear = gr.Button(words("ask.clear"), elem_id="tw-clear", scale=0, min_width=0, size="sm")
            sources = gr.HTML(
                panel.empty_html(),
                html_template=_PLAIN_TEMPLATE,
                js_on_load=None,
                elem_id="tw-sources",
                apply_default_css=False,
            )

        def take(name: str, text: str, within: str, told: str = "") -> list[Any]:
            language = next((one for one in i18n.LANGUAGES if one == told), None)
            sent = [text.strip()] if language is None else checking.claims_in(text)
            name, within = name_of(name), str(within or "")[:MAX_ID_CHARS]
            # The box holds no more, but anybody may send more: it would be kept for a day.
            tokens = [talks.begin(name, one[:MAX_QUESTION_CHARS], within, language).token for one in sent]
            return [" ".join(tokens), "", gr.update(visible=False), gr.update(visible=True)]

        def take_example(event: gr.EventData) -> list[Any]:
            sent = _sent(event)
            return take(sent.get("conversation", ""), str(event.question), sent.get("within", ""))

        def answer(name: str, token: str, kind: Any) -> Iterator[list[Any]]:
            sent = [one for part in token.split() if (one := talks.waiting(name, part))]
            for at, waiting in enumerate(sent):
                if talks.waiting(name, waiting.token) is None:
                    continue  # stopped meanwhile
                asked, before, within = waiting.question, talks.before(name, waiting), waiting.within
                if waiting.told is None:
                    updates = chat.respond(engine, asked, before, kind, within)
                else:
                    updates = checking.respond(engine, asked, before, waiting.told, within)
                later = [checking.waiting_html(one.question, one.number, one.told or "en") for one in sent[at + 1 :]]
                for update in updates:
                    if update.conversation is not None:
                        talks.finish(name, waiting, update.conversation[-1])
                    # Of several, the panel shows the sources of the first, which is the one that is read first.
                    yield [[*update.turns, *later], gr.skip() if update.panel is None or at else update.panel]

        def ready() -> list[Any]:
            return [gr.update(visible=True), gr.update(visible=False)]

        def stopped(name: str, token: str) -> list[Any]:
            for one in token.split():
                talks.stop(name, one)
            return [[turn.html for turn in talks.turns(name)], *ready()]

        def open_source(event: gr.EventData) -> Any:
            name = name_of(_sent(event).get("conversation"))
            html = chat.open_source(engine, talks.turns(name), _sent(event), editing=editing)
            return gr.skip() if html is None else html

        def language(event: gr.EventData) -> list[Any]:
            chosen = i18n.interface_language(str(event.language))
            kind, most = ("claim", MAX_CLAIMS_CHARS) if _sent(event).get("claim") else ("ask", MAX_QUESTION_CHARS)
            placeholder, label = (i18n.text(chosen, f"{kind}.{name}") for name in ("placeholder", "label"))
            return [
                gr.update(placeholder=placeholder, label=label, max_length=most),
                i18n.text(chosen, f"{kind}.send"),
                i18n.text(chosen, "ask.stop"),
                i18n.text(chosen, "ask.clear"),
                gr.update(choices=_mode_choices(chosen), label=i18n.text(chosen, "ask.mode")),
            ]

        def resume(event: gr.EventData) -> list[Any]:
            name = name_of(_sent(event).get("conversation"))
            kept = chat.resumed(engine, talks.turns(name), known=bool(_sent(event).get("known")), editing=editing)
            return [list(kept.turns), kept.panel]

        def anew(event: gr.EventData) -> list[Any]:
            talks.forget(name_of(_sent(event).get("old")))
            return [*resume(event), "", *ready()]

        at_once: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        running = []
        for begin, handler, inputs in (
            (question.submit, take, [conversation, question, scope, told]),
            (send.click, take, [conversation, question, scope, told]),
            (header.example, take_example, []),
        ):
            taken = begin(handler, inputs, [asked, question, send, stop], js=_WITH_SCOPE if inputs else None, **at_once)
            waiting = [conversation, asked, mode]
            answered = taken.then(
                answer,
                waiting,
                [turns, sources],
                js=_with_name(waiting),
                concurrency_limit=ANSWERS_AT_ONCE,
                concurrency_id="answer",
                show_progress="hidden",
                api_visibility="private",
            )
            answered.then(ready, None, [send, stop], **at_once)
            running.append(answered)
        waiting = [conversation, asked]
        stop.click(stopped, waiting, [turns, send, stop], js=_with_name(waiting), cancels=running, **at_once)
        header.resume(resume, None, [turns, sources], **at_once)
        header.anew(anew, None, [turns, sources, question, send, stop], cancels=running, **at_once)
        header.open(open_source, None, sources, trigger_mode="always_last", **at_once)
        header.language(language, None, [question, send, stop, clear, mode], trigger_mode="always_last", **at_once)
    page.i18n_instance = words
    page.queue(max_size=QUEUE_SIZE, default_concurrency_limit=ANSWERS_AT_ONCE)
    return page


def create_app(engine: Engine, token: str, *, editing: bool = False) -> FastAPI:
    """The server application: the HTTP API under `/api` (its private parts behind `token`) and the chat at `/`.

    With `editing` the visitors of the page may add and remove documents (`ui.editing.may_edit`).
    Nothing in the page calls out, and a content policy makes the browser hold it to that.
    """
    from fastapi import FastAPI

    from ui.api import create_router
    from ui.editing import create_editing_router
    from ui.saving import create_saving_router

    talks = Conversations()
    app = FastAPI(title="Tawthiq", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(create_router(engine, token))
    app.include_router(create_saving_router(talks))
    app.include_router(create_editing_router(engine, allowed=editing))
    app.add_middleware(PageHead)
    if engine.settings.password is not None:
        given = engine.settings.password.get_secret_value()
        app.add_middleware(SignIn, password=given, token=token, salt=str(engine.home))
    app.add_middleware(SecurityHeaders)
    gr.mount_gradio_app(
        app,
        build(engine, talks, editing=editing),
        path="/",
        theme=_theme(),
        head=f"<style>{_read('theme.css')}{_read('adding.css')}</style>",
        footer_links=[],
        run_history=False,
        favicon_path=str(files("ui") / "favicon.png"),
        show_error=False,
        allowed_paths=[],
        max_file_size="1kb",
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
    )
    return app


def _sent(event: gr.EventData) -> dict[str, Any]:
    """What the page sent with an event: anything, for anybody may write it."""
    data = event._data  # noqa: SLF001 - Gradio offers no other way
    return data if isinstance(data, dict) else {}


def _with_name(inputs: list[Any]) -> str | None:
    """What the browser runs before it sends `inputs`, the first of which is the name of its conversation."""
    return _WITH_NAME % f"...given.slice(0, {len(inputs) - 1})" if inputs else None


def _mode_choices(language: i18n.Language) -> list[tuple[str, str]]:
    return [(i18n.text(language, f"ask.mode.{mode}"), mode) for mode in ("auto", "quotes", "llm")]


def _read(name: str) -> str:
    return (files("ui") / name).read_text(encoding="utf-8")


def _theme() -> gr.themes.Base:
    # Font names only: a font object of Gradio's would be fetched.
    return gr.themes.Base(primary_hue="teal", font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
