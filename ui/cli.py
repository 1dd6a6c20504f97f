"""The command line: `tawthiq`. Commands are in `ui.commands`; here they are put together, and everything ends here."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

import typer
from typer.main import get_command

from ui.commands import ask, check, doctor, documents, evaluation, ingest, serve, verify
from ui.commands.session import FAILURE
from ui.i18n import command_language
from ui.output import Output, discard_output, use_utf8

INTERRUPTED = 130
TERMINATED = 143

app = typer.Typer(
    name="tawthiq",
    help="Ask your documents in Arabic or English, and get the exact words of their sources.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("ingest")(ingest.ingest)
app.add_typer(documents.app, name="documents")
app.command("search")(ask.search)
app.command("ask")(ask.ask)
app.command("check")(check.check)
app.command("verify")(verify.verify)
app.command("serve")(serve.serve)
app.add_typer(evaluation.app, name="eval")
app.command("doctor")(doctor.doctor)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"tawthiq {version('tawthiq')}")
        except PackageNotFoundError:
            typer.echo("tawthiq (run from a checkout that was never installed)")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    pass


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code: 0 done, 1 failed, 2 wrong usage."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    use_utf8()
    signal.signal(signal.SIGTERM, _terminated)
    code = run(arguments)
    # All is closed and written. Without this the interpreter looks through every object of the loaded libraries for
    # cycles, three times, before it ends: seconds between Ctrl-C and the prompt.
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """The exit code of the command line `arguments`; nothing is raised, whatever goes wrong."""
    output = Output("--json" in _before_double_dash(arguments))
    try:
        command = get_command(app)
        if command_language() == "ar":
            from ui.help import arabic_help

            arabic_help(command)
        code = command.main(args=list(arguments), prog_name="tawthiq", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.TyperException as error:
        if error.format_message():  # empty: a group of commands called by itself has shown its help
            output.error(*_usage(error))
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        discard_output()
        return 0
    except Exception as error:  # only what fails before or after a session, which has its own last resort
        said = " ".join(str(error).split())[:200]
        output.error(f"Something unexpected went wrong: {type(error).__name__}: {said}", "Please report it.")
        return FAILURE


def _usage(error: typer.TyperException) -> tuple[str, str]:
    """Message and hint of a wrong usage."""
    message = " ".join(error.format_message().replace("Value error, ", "").split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "tawthiq"
    return message if message.endswith((".", "?", ")")) else f"{message}.", f"`{path} --help` shows how."


def _before_double_dash(arguments: Sequence[str]) -> Sequence[str]:
    return arguments[: arguments.index("--")] if "--" in arguments else arguments


def _terminated(_number: int, _frame: FrameType | None) -> None:
    # An exception, so that what is open is closed on the way out.
    raise SystemExit(TERMINATED)


if __name__ == "__main__":
    main()
