"""`tawthiq serve`: the web chat and the HTTP API on one home."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.sources import sample_documents
from ui.commands import options
from ui.commands.ingest import show_report
from ui.commands.session import Session, session
from ui.i18n import said

if TYPE_CHECKING:
    from rag.engine import Engine
    from ui.serving import Listening


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port to listen on; 0: any free one.", show_default="7860 or the next free"
        ),
    ] = None,
    samples: Annotated[
        bool, typer.Option("--samples", help="Begin with the bundled sample documents if there are none yet.")
    ] = False,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Serve the web chat and the HTTP API until Ctrl-C. Other commands on this home then go through this server."""
    with session(home, as_json) as run:
        settings = run.settings
        from rag.home import refuse_if_owned
        from ui.editing import may_edit
        from ui.serving import listen

        # In this order: a home that is served already is named as such, and a port that is taken leaves no home behind.
        refuse_if_owned(settings.home)
        wanted = settings.port if port is None else port
        listening = listen(host or settings.host, wanted, or_next=port is None)
        try:
            may_edit(settings, alone=bool(listening.names))
            run.output.note(said("serve.opening", home=settings.home))
            from rag.engine import Engine

            with Engine.open(settings.home, settings=settings, command="tawthiq serve") as engine:
                _prepare(run, engine, samples)
                if wanted not in (0, listening.port):
                    run.output.note(said("serve.port", wanted=wanted, port=listening.port))
                if not listening.names:
                    run.output.warning(said("serve.open" if settings.password is None else "serve.signs_in"))
                _run(run, engine, listening)
        finally:
            listening.close()


def _run(run: Session, engine: Engine, listening: Listening) -> None:
    from ui.serving import serve as run_server

    count = len(engine.documents())

    def ready() -> None:
        if run.output.as_json:
            run.output.data({"url": listening.url, "home": str(engine.home), "pid": os.getpid(), "documents": count})
        else:
            run.output.show(said("serve.ready", url=listening.url, count=count))

    run_server(engine, listening, ready=ready)


def _prepare(run: Session, engine: Engine, samples: bool) -> None:
    with run.output.progress() as progress:
        report = None
        if samples and not engine.documents():
            report = engine.ingest([sample_documents()], progress=progress)
        engine.warm(progress)
    if report is not None and report.failed and not run.output.as_json:
        show_report(run.output, report)
